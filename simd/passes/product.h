/* Products of matrices that lie in contiguous arrays: struct lyap_array_product says what they are. */
#ifndef LYAP_SIMD_PASSES_PRODUCT_H
#define LYAP_SIMD_PASSES_PRODUCT_H

#include "simd/passes.h"
#include "simd/passes/part.h"

enum { PANEL_ROWS = 4, PRODUCT_SCRATCH = 64 };

static void product(const struct lyap_array_product *p) {
    const real *a = p->a, *b = p->b, *bias = p->bias;
    real *out = p->out;
    for (size_t r = 0; r < p->rows; r++) {
        const real *row = a + r / PANEL_ROWS * p->a_panel + r % PANEL_ROWS * p->a_row;
        for (size_t c = 0; c < p->columns; c += VEC_LANES) {
            const size_t left = p->columns - c;
            real *to = out + r * p->out_row + c;
            size_t i = 0;
            vec sum;
            if (p->start == LYAP_START_OUT) {
                sum = load_part(to, left);
            } else if (p->start == LYAP_START_BIAS) {
                sum = load_part(bias + c, left);
            } else {
                sum = v_mul(v_set1(row[0]), load_part(b + c, left));
                i = 1;
            }
            for (; i < p->length; i++)
                sum = v_fma(v_set1(row[i * p->a_step]), load_part(b + i * p->b_row + c, left), sum);
            store_part(to, sum, left);
        }
    }
}

#endif
