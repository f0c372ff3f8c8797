/* What one network needs of an instruction set and precision: passes over contiguous arrays whose neighbours fill a vector. The step that
 * calls them is simd/one/; a block of sixteen cells (simd/kernels.h) has no use for them.
 *
 * Arrays are `real` = float or double according to the table's precision, of any alignment and any length; nothing is read or written
 * beyond them. Each number goes through the operations that it goes through in a block of sixteen, in the same order, so the bits are
 * the same. */
#ifndef LYAP_SIMD_PASSES_H
#define LYAP_SIMD_PASSES_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "simd/isa/list.h"
#include "simd/kernels.h"

/* What the sums of a product begin with: out, the first term as a plain product, or bias[c]. */
enum lyap_product_start { LYAP_START_OUT, LYAP_START_PRODUCT, LYAP_START_BIAS };

/* out[r][c] = start + sum over i < length of a(r, i) b[i][c], in ascending i into one accumulator, one fused multiply-add a term; length is
 * at least 1.
 *
 * a(r, i) = a[r * a_row + i * a_step]. */
struct lyap_array_product {
    const void *a;
    size_t a_row, a_step;
    const void *b; /* row i at i * b_row, its columns next to each other */
    size_t b_row;
    const void *bias; /* [columns] */
    void *out;        /* row r at r * out_row */
    size_t out_row;
    size_t rows, columns, length;
    enum lyap_product_start start;
    void *scratch; /* passes.product_scratch bytes, aligned to LYAP_ALIGNMENT */
};

/* A layer's units of some samples, [samples][outputs] each. */
struct lyap_units {
    enum lyap_activation activation;
    size_t n;            /* samples * outputs */
    void *a;             /* pre-activations, then f of them */
    void *slope, *curve; /* f' and f'' of the functions that store them; NULL where they are not asked for */
};

/* The parameters from..to-1 of a state [w | m | s], and of a tangent, through an update of the optimiser; `numbers` are a struct
 * optimise_numbers (simd/kernels/optimise.h) of one lane. */
struct lyap_array_update {
    enum lyap_optimiser_kind kind;
    bool decays;         /* the weight decay is above 0 */
    bool still;          /* nothing is written */
    const void *numbers; /* [12] */
    void *state;         /* of a tangent's update that before the parent's own */
    size_t parameters;   /* of the network: the buffers lie that far apart */
    size_t from, to;
    const void *sums;     /* [parameters] of the gradient */
    const void *products; /* [parameters] of the Hessian with the tangent */
    void *tangent;
};

struct lyap_passes {
    const char *isa;
    enum lyap_precision precision;
    size_t row_grain; /* rows of a tile: pieces of a product that begin at multiples of it cost least */
    size_t product_scratch;

    void (*product)(const struct lyap_array_product *product);

    /* out[columns][rows] = in[rows][columns]. */
    void (*transpose)(const void *in, size_t rows, size_t columns, void *out);

    /* g[o] = sum over s of d[s][o], from g on if `accumulate`. */
    void (*column_sums)(const void *d, size_t samples, size_t outputs, bool accumulate, void *g);

    /* f in place of the pre-activations, and what is stored beside it. */
    void (*activate)(const struct lyap_units *units);

    /* g = g f', and where the function is curved and stored and bend is not NULL, bend = g f'' before that. */
    void (*through)(const struct lyap_units *units, void *g, void *bend);

    /* slope = f' and bend = d f''/f' from a; of curved functions that do not store them. */
    void (*slope_and_bend)(const struct lyap_units *units, const void *d, void *bend);

    /* out = x f': x may be out. */
    void (*along_slope)(const struct lyap_units *units, const void *x, void *out);

    /* The state's update and a tangent's; true if a sum of the gradient, or of the product, is not zero. */
    bool (*update)(const struct lyap_array_update *update);
    bool (*update_tangent)(const struct lyap_array_update *update);

    /* out[i] = operation of a[i], b[i], c[i], as lyap_kernels.elementwise; those that it does not take may be NULL. */
    void (*elementwise)(enum lyap_operation op, const void *a, const void *b, const void *c, void *out, size_t n);
};

/* lyap_passes_<name>_f32 and _f64 of every set in this build. */
#define LYAP_PASSES_DECLARED(constant, name, has, flags)                                                               \
    extern const struct lyap_passes lyap_passes_##name##_f32, lyap_passes_##name##_f64;
LYAP_BUILT_ISAS(LYAP_PASSES_DECLARED)

#endif
