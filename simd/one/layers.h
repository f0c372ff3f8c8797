/* Forward pass and gradient of one network (simd/kernels/layers.h): the lanes of a vector are units of a layer, in the gradient and the
 * backward pass too, and the products and long passes are those of simd/passes.h. Threads take samples, and in the gradient inputs. */
#ifndef LYAP_SIMD_ONE_LAYERS_H
#define LYAP_SIMD_ONE_LAYERS_H

#include "simd/kernels/loss.h"
#include "simd/kernels/tile.h"
#include "simd/one/split.h"
#include "simd/passes.h"

/* The samples that a piece has of a tile, and the layers' arrays at them. */
struct samples {
    size_t from, count;
};

/* Reals to which arrays of a workspace are aligned, and of a thread's scratch for products. */
enum { LINE = LYAP_ALIGNMENT / sizeof(real) };
static size_t lines(size_t n) {
    return (n + LINE - 1) / LINE * LINE;
}
static size_t scratch_room(void) {
    return lines(LYAP_PASSES.product_scratch / sizeof(real));
}

/* Weights above the first layer. */
static size_t turned_room(const struct lyap_shape *shape) {
    size_t weights = 0;
    for (int l = 1; l < shape->layers; l++) weights += (size_t)shape->sizes[l] * (size_t)shape->sizes[l + 1];
    return lines(weights);
}

/* Where the turned weights of layer l > 0 lie. */
static size_t turned_at(const struct lyap_shape *shape, int layer) {
    size_t weights = 0;
    for (int l = 1; l < layer; l++) weights += (size_t)shape->sizes[l] * (size_t)shape->sizes[l + 1];
    return weights;
}

/* An array for all units of a chunk of one trajectory. */
static size_t units_room(const struct lyap_shape *shape) {
    return lines(shape->unit[shape->layers] * shape->chunk);
}

static size_t layers_room(const struct lyap_shape *shape, size_t most, int threads) {
    size_t arrays = stores_slopes(shape) ? 2 * most + 1 : most + 1;
    return LINE + (size_t)threads * scratch_room() + turned_room(shape) + arrays * units_room(shape);
}

/* The workspace from an aligned address on: layers_room has a line to spare. */
static vec *aligned_room(vec *workspace) {
    const size_t beyond = (uintptr_t)workspace % LYAP_ALIGNMENT;
    return beyond ? workspace + (LYAP_ALIGNMENT - beyond) / sizeof(real) : workspace;
}

static struct tile layers_tile(const struct lyap_shape *shape, const struct lyap_block *block, real *w, vec *workspace,
                               size_t most) {
    struct tile tile = {.w = w, .count = most, .block = block, .scratch = aligned_room(workspace)};
    tile.turned = tile.scratch + (size_t)block_threads(block) * scratch_room();
    tile.a = tile.turned + turned_room(shape);
    tile.d = tile.a + most * units_room(shape);
    if (stores_slopes(shape)) tile.slope = tile.d + units_room(shape);
    return tile;
}

/* The data is read across its rows as fast as by columns. */
static void layers_columns(struct tile *tile, const struct lyap_block *block, size_t from) {
    (void)tile;
    (void)block;
    (void)from;
}

/* One trajectory of a tile in a pass that is split. */
struct layers_job {
    const struct lyap_shape *shape;
    const struct tile *tile;
    size_t t;
    real *entropy; /* cross-entropies of samples or units, before they are added up; NULL where no loss is asked for */
    vec *sums;
    bool first_chunk;
};

static struct samples samples_of(const struct tile *tile, int piece, int pieces) {
    const size_t from = piece_begin(tile->samples, piece, pieces, 1);
    return (struct samples){from, piece_begin(tile->samples, piece + 1, pieces, 1) - from};
}

/* The arrays of layer l of trajectory t at the samples. */
static struct lyap_units layer_units(const struct lyap_shape *shape, const struct tile *tile, int l, size_t t,
                                     struct samples s) {
    const size_t outputs = (size_t)shape->sizes[l + 1], at = units_at(shape, tile, l, t) + s.from * outputs;
    return (struct lyap_units){.activation = shape->activation[l],
                               .n = s.count * outputs,
                               .a = tile->a + at,
                               .slope = tile->slope ? tile->slope + at : NULL,
                               .curve = tile->curve ? tile->curve + at : NULL};
}

/* What layer l of trajectory t reads, from sample `from` on. */
static const real *input_of(const struct lyap_shape *shape, const struct tile *tile, int l, size_t t, size_t from) {
    const size_t inputs = (size_t)shape->sizes[l];
    return (l == 0 ? tile->x : tile->a + units_at(shape, tile, l - 1, t)) + from * inputs;
}

/* z = in w + bias, or with bias == NULL the sums go on. */
static void product_forward(const real *in, const real *w, const real *bias, real *z,
                            const struct lyap_array_product *size, real *scratch) {
    struct lyap_array_product p = *size;
    p.a = in;
    p.a_step = 1;
    p.a_row = p.length;
    p.b = w;
    p.b_row = p.out_row = p.columns;
    p.bias = bias;
    p.out = z;
    p.start = bias ? LYAP_START_BIAS : LYAP_START_OUT;
    p.scratch = scratch;
    LYAP_PASSES.product(&p);
}

/* back = d w, from w turned [outputs][inputs]. */
static void product_backward(const real *d, const real *turned, real *back, const struct lyap_array_product *size,
                             bool accumulate, real *scratch) {
    struct lyap_array_product p = *size;
    p.a = d;
    p.a_step = 1;
    p.a_row = p.length;
    p.b = turned;
    p.b_row = p.out_row = p.columns;
    p.out = back;
    p.start = accumulate ? LYAP_START_OUT : LYAP_START_PRODUCT;
    p.scratch = scratch;
    LYAP_PASSES.product(&p);
}

/* The largest of each sample's logits is taken off, exponentials, their sum, and cross-entropies: the operations of softmax() in
 * simd/kernels/loss.h. `room` is scratch like z. */
static void softmax_samples(real *z, const real *y, real *room, size_t samples, size_t outputs, real *entropy) {
    for (size_t s = 0; s < samples; s++) {
        real *row = z + s * outputs, most = row[0];
        for (size_t o = 1; o < outputs; o++) most = row[o] <= most ? most : row[o];
        for (size_t o = 0; o < outputs; o++) row[o] = row[o] - most;
    }
    LYAP_PASSES.elementwise(LYAP_OP_EXP, z, NULL, NULL, room, samples * outputs);
    for (size_t s = 0; s < samples; s++) {
        real *row = z + s * outputs, *e = room + s * outputs, total = e[0];
        for (size_t o = 1; o < outputs; o++) total = total + e[o];
        if (entropy) entropy[s] = v_log(total);
        for (size_t o = 0; entropy && o < outputs; o++) entropy[s] = v_fnma(y[s * outputs + o], row[o], entropy[s]);
        const real inverse = 1 / total;
        for (size_t o = 0; o < outputs; o++) row[o] = e[o] * inverse;
    }
}

/* The terms of cross_entropy() in simd/kernels/loss.h. */
static void entropy_terms(const real *z, const real *y, size_t n, real *terms) {
    for (size_t i = 0; i < n; i++) terms[i] = 0 - v_abs(z[i]);
    LYAP_PASSES.elementwise(LYAP_OP_EXP, terms, NULL, NULL, terms, n);
    LYAP_PASSES.elementwise(LYAP_OP_LOG1P, terms, NULL, NULL, terms, n);
    for (size_t i = 0; i < n; i++) terms[i] = v_add(v_fnma(z[i], y[i], v_relu(z[i])), terms[i]);
}

static void forward_piece(const void *context, int piece, int pieces) {
    const struct layers_job *job = context;
    const struct lyap_shape *shape = job->shape;
    const struct tile *tile = job->tile;
    const struct samples s = samples_of(tile, piece, pieces);
    real *scratch = tile->scratch + (size_t)piece * scratch_room();
    for (int l = 0; l < shape->layers && s.count; l++) {
        const size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
        const real *w = tile->w + job->t * shape->dimension + shape->offset[l], *y = tile->y + s.from * outputs;
        const struct lyap_array_product size = {.rows = s.count, .columns = outputs, .length = inputs};
        const struct lyap_units units = layer_units(shape, tile, l, job->t, s);
        const bool last = l == shape->layers - 1;
        product_forward(input_of(shape, tile, l, job->t, s.from), w, w + inputs * outputs, units.a, &size, scratch);
        if (last && shape->loss == LYAP_SOFTMAX) {
            softmax_samples(units.a, y, units.slope, s.count, outputs, job->entropy ? job->entropy + s.from : NULL);
            continue;
        }
        if (last && job->entropy && shape->loss == LYAP_BCE)
            entropy_terms(units.a, y, units.n, job->entropy + s.from * outputs);
        LYAP_PASSES.activate(&units);
    }
}

/* Multiply-adds of one pass over the weights. */
static double pass_work(const struct lyap_shape *shape, const struct tile *tile) {
    return (double)shape->parameters * (double)tile->samples;
}

static vec layers_forward(const struct lyap_shape *shape, const struct tile *tile, bool with_loss, vec sum) {
    const int last = shape->layers - 1;
    const size_t n = tile->samples * (size_t)shape->sizes[shape->layers];
    for (size_t t = 0; t < tile->count; t++) {
        /* The backward pass comes later: its place for the outputs is free. */
        real *entropy = with_loss && shape->loss != LYAP_MSE ? tile->d : NULL;
        const struct layers_job job = {.shape = shape, .tile = tile, .t = t, .entropy = entropy};
        split_over(tile->block, forward_piece, &job, pass_work(shape, tile));
    }
    if (!with_loss) return sum;
    if (shape->loss == LYAP_MSE) return squared_error(tile->a + units_at(shape, tile, last, 0), tile->y, n, sum);
    for (size_t i = 0; i < (shape->loss == LYAP_SOFTMAX ? tile->samples : n); i++) sum = v_add(sum, tile->d[i]);
    return sum;
}

/* The weights of the layers above the first, turned: `from` a trajectory's parameters or a direction. */
struct turn_job {
    const struct lyap_shape *shape;
    const real *from;
    real *to;
};
static void turn_piece(const void *context, int piece, int pieces) {
    const struct turn_job *job = context;
    for (int l = 1 + piece; l < job->shape->layers; l += pieces)
        LYAP_PASSES.transpose(job->from + job->shape->offset[l], (size_t)job->shape->sizes[l],
                              (size_t)job->shape->sizes[l + 1], job->to + turned_at(job->shape, l));
}
static void turn_weights(const struct lyap_shape *shape, const struct lyap_block *block, const real *from, real *to) {
    const struct turn_job job = {shape, from, to};
    split_over(block, turn_piece, &job, shape->layers > 2 ? 8 * (double)turned_room(shape) : 0);
}

static void backward_piece(const void *context, int piece, int pieces) {
    const struct layers_job *job = context;
    const struct lyap_shape *shape = job->shape;
    const struct tile *tile = job->tile;
    const struct samples s = samples_of(tile, piece, pieces);
    real *scratch = tile->scratch + (size_t)piece * scratch_room();
    for (int l = shape->layers - 1; l >= 0 && s.count; l--) {
        const size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
        const struct lyap_units units = layer_units(shape, tile, l, job->t, s);
        const size_t at = deltas_at(shape, tile, l) + s.from * outputs;
        real *d = tile->d + at, *bend = tile->bend ? tile->bend + at : NULL;
        if (l == shape->layers - 1) {
            const real *a = units.a, *y = tile->y + s.from * outputs;
            for (size_t i = 0; i < units.n; i++) d[i] = a[i] - y[i];
        }
        /* Under the cross-entropies of sigmoid and softmax the derivatives cancel to a - y. */
        if (l < shape->layers - 1 || shape->loss == LYAP_MSE) LYAP_PASSES.through(&units, d, bend);
        if (l == 0) break;
        const struct lyap_array_product size = {.rows = s.count, .columns = inputs, .length = outputs};
        real *below = tile->d + deltas_at(shape, tile, l - 1) + s.from * inputs;
        product_backward(d, tile->turned + turned_at(shape, l), below, &size, false, scratch);
    }
}

static void layers_backward(const struct lyap_shape *shape, const struct tile *tile, size_t t) {
    const struct layers_job job = {.shape = shape, .tile = tile, .t = t};
    turn_weights(shape, tile->block, tile->w + t * shape->dimension, tile->turned);
    split_over(tile->block, backward_piece, &job, pass_work(shape, tile));
}

/* g[k][o] for the inputs from..to-1 of layer l, from in[samples][inputs] and d[samples][outputs]. */
struct gradient_rows {
    int l;
    size_t from, to;
    const real *in, *d;
    bool first_chunk;
};
static void product_gradient(const struct lyap_shape *shape, const struct tile *tile, const struct gradient_rows *rows,
                             real *g, real *scratch) {
    const size_t inputs = (size_t)shape->sizes[rows->l], outputs = (size_t)shape->sizes[rows->l + 1];
    struct lyap_array_product p = {.a = rows->in + rows->from,
                                   .a_row = 1,
                                   .a_step = inputs,
                                   .b = rows->d,
                                   .b_row = outputs,
                                   .out = g + rows->from * outputs,
                                   .out_row = outputs,
                                   .rows = rows->to - rows->from,
                                   .columns = outputs,
                                   .length = tile->samples,
                                   .start = rows->first_chunk ? LYAP_START_PRODUCT : LYAP_START_OUT,
                                   .scratch = scratch};
    LYAP_PASSES.product(&p);
}

/* The inputs of layer l that piece `piece` has when the weights of all layers are dealt out in order. */
static struct gradient_rows rows_of_piece(const struct lyap_shape *shape, int l, int piece, int pieces) {
    size_t weights = 0, before = 0;
    for (int i = 0; i < shape->layers; i++) {
        if (i == l) before = weights;
        weights += (size_t)shape->sizes[i] * (size_t)shape->sizes[i + 1];
    }
    const size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
    const size_t grain = LYAP_PASSES.row_grain;
    size_t end[2];
    for (int i = 0; i < 2; i++) {
        const size_t weight = weights * (size_t)(piece + i) / (size_t)pieces;
        const size_t row = weight <= before ? 0 : ((weight - before) / outputs + grain / 2) / grain * grain;
        end[i] = piece + i == pieces || row > inputs ? inputs : row;
    }
    return (struct gradient_rows){.l = l, .from = end[0], .to = end[1]};
}

static void gradient_piece(const void *context, int piece, int pieces) {
    const struct layers_job *job = context;
    const struct lyap_shape *shape = job->shape;
    const struct tile *tile = job->tile;
    for (int l = 0; l < shape->layers; l++) {
        const size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
        real *g = job->sums + shape->offset[l];
        struct gradient_rows rows = rows_of_piece(shape, l, piece, pieces);
        rows.in = input_of(shape, tile, l, job->t, 0);
        rows.d = tile->d + deltas_at(shape, tile, l);
        rows.first_chunk = job->first_chunk;
        if (rows.from < rows.to)
            product_gradient(shape, tile, &rows, g, tile->scratch + (size_t)piece * scratch_room());
        if (piece == pieces - 1)
            LYAP_PASSES.column_sums(rows.d, tile->samples, outputs, !job->first_chunk, g + inputs * outputs);
    }
}

static void layers_gradient(const struct lyap_shape *shape, const struct tile *tile, size_t t, vec *sums,
                            bool first_chunk) {
    const struct layers_job job = {.shape = shape, .tile = tile, .t = t, .sums = sums, .first_chunk = first_chunk};
    split_over(tile->block, gradient_piece, &job, pass_work(shape, tile));
}

#endif
