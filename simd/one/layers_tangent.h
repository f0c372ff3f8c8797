/* Hessian-vector products of one network (simd/kernels/layers_tangent.h): kernels/tangent.h has the equations. The directions of a network
 * are further products of the same kind. The sums of H v over a R{d} and over R{a} d are carried apart from chunk to chunk, as in a
 * block of sixteen. */
#ifndef LYAP_SIMD_ONE_LAYERS_TANGENT_H
#define LYAP_SIMD_ONE_LAYERS_TANGENT_H

#include "simd/one/layers.h"

/* Scratch of one tangent, laid out like tile.d, and the sums of H v. */
struct layers_tangent {
    vec *ra;      /* R{a} */
    vec *rd;      /* R{z}, then R{d} */
    vec *back;    /* R{d} of a layer before its activation; threads may be at different layers */
    vec *turned;  /* as tile.turned, of the direction */
    vec *sums;    /* [parameters] over a R{d} */
    vec *crossed; /* [parameters] over R{a} d; not used in the first layer */
};

static size_t layers_tangent_scratch(const struct lyap_shape *shape, int threads) {
    return LINE + (size_t)threads * scratch_room() + 2 * turned_room(shape) + 8 * units_room(shape);
}

/* A tile of the parent with room for slopes and bends. */
static struct tile layers_tangent_tile(const struct lyap_shape *shape, const struct lyap_block *block, real *w,
                                       vec *room, struct layers_tangent *tangent) {
    const size_t units = units_room(shape), turned = turned_room(shape);
    struct tile tile = {.w = w, .count = 1, .block = block, .scratch = aligned_room(room)};
    tile.turned = tile.scratch + (size_t)block_threads(block) * scratch_room();
    tile.a = tile.turned + 2 * turned;
    tile.d = tile.a + units;
    tile.slope = tile.d + units;
    tile.curve = tile.slope + units;
    tile.bend = tile.curve + units;
    *tangent = (struct layers_tangent){.ra = tile.bend + units,
                                       .rd = tile.bend + 2 * units,
                                       .back = tile.bend + 3 * units,
                                       .turned = tile.turned + turned};
    return tile;
}

/* Slopes and bends of the curved functions that the passes did not store, and the factor of R{z} in R{d} of the output units. */
static void factors_piece(const void *context, int piece, int pieces) {
    const struct layers_job *job = context;
    const struct lyap_shape *shape = job->shape;
    const struct tile *tile = job->tile;
    const struct samples s = samples_of(tile, piece, pieces);
    for (int l = 0; l < shape->layers; l++) {
        const bool last = l == shape->layers - 1;
        const size_t at = deltas_at(shape, tile, l) + s.from * (size_t)shape->sizes[l + 1];
        const struct lyap_units units = layer_units(shape, tile, l, 0, s);
        if (last && shape->loss == LYAP_SOFTMAX) continue;
        if (!is_curved(units.activation)) continue;
        if (!slope_is_stored(units.activation)) LYAP_PASSES.slope_and_bend(&units, tile->d + at, tile->bend + at);
        if (!last || shape->loss != LYAP_MSE) continue;
        real *slope = tile->slope + at;
        const real *bend = tile->bend + at;
        for (size_t i = 0; i < units.n; i++) slope[i] = v_fma(slope[i], slope[i], bend[i]);
    }
}

static void layers_factors(const struct lyap_shape *shape, const struct tile *tile) {
    const struct layers_job job = {.shape = shape, .tile = tile};
    split_over(tile->block, factors_piece, &job, pass_work(shape, tile));
}

/* A direction on its way through a chunk. */
struct tangent_job {
    const struct lyap_shape *shape;
    const struct tile *tile;
    const struct layers_tangent *tangent;
    const real *v;
    bool first_chunk;
};

/* R{d} of the output units in place of their R{z}. */
static void output_tangent(const struct lyap_shape *shape, const struct lyap_units *units, real *rz) {
    const size_t outputs = (size_t)shape->sizes[shape->layers];
    if (shape->loss == LYAP_SOFTMAX) {
        for (size_t i = 0; i < units->n; i += outputs) {
            const real *p = (const real *)units->a + i;
            real *r = rz + i, mean = p[0] * r[0];
            for (size_t o = 1; o < outputs; o++) mean = v_fma(p[o], r[o], mean);
            for (size_t o = 0; o < outputs; o++) r[o] = p[o] * (r[o] - mean);
        }
        return;
    }
    LYAP_PASSES.along_slope(units, rz, rz);
    /* The factors of curved functions hold the square already. */
    if (shape->loss == LYAP_MSE && !is_curved(units->activation)) LYAP_PASSES.along_slope(units, rz, rz);
}

static void tangent_forward(const struct tangent_job *job, struct samples s, real *scratch) {
    const struct lyap_shape *shape = job->shape;
    const struct tile *tile = job->tile;
    const struct layers_tangent *tangent = job->tangent;
    for (int l = 0; l < shape->layers; l++) {
        const size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
        const size_t at = deltas_at(shape, tile, l) + s.from * outputs;
        const real *w = tile->w + shape->offset[l], *v = job->v + shape->offset[l];
        const struct lyap_array_product size = {.rows = s.count, .columns = outputs, .length = inputs};
        const struct lyap_units units = layer_units(shape, tile, l, 0, s);
        real *rz = tangent->rd + at;
        product_forward(input_of(shape, tile, l, 0, s.from), v, v + inputs * outputs, rz, &size, scratch);
        if (l > 0) {
            const real *below = tangent->ra + deltas_at(shape, tile, l - 1) + s.from * inputs;
            product_forward(below, w, NULL, rz, &size, scratch);
        }
        if (l == shape->layers - 1)
            output_tangent(shape, &units, rz);
        else
            LYAP_PASSES.along_slope(&units, rz, tangent->ra + at);
    }
}

static void tangent_backward(const struct tangent_job *job, struct samples s, real *scratch) {
    const struct lyap_shape *shape = job->shape;
    const struct tile *tile = job->tile;
    const struct layers_tangent *tangent = job->tangent;
    for (int l = shape->layers - 1; l > 0; l--) {
        const size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
        const size_t at = deltas_at(shape, tile, l) + s.from * outputs;
        const size_t below = deltas_at(shape, tile, l - 1) + s.from * inputs;
        const struct lyap_array_product size = {.rows = s.count, .columns = inputs, .length = outputs};
        const struct lyap_units units = layer_units(shape, tile, l - 1, 0, s);
        real *restrict rd = tangent->rd + below;
        real *back = is_curved(units.activation) ? tangent->back + below : rd;
        const real *bend = tile->bend + below;
        if (back == rd) {
            product_backward(tangent->rd + at, tile->turned + turned_at(shape, l), rd, &size, false, scratch);
            product_backward(tile->d + at, tangent->turned + turned_at(shape, l), rd, &size, true, scratch);
            LYAP_PASSES.along_slope(&units, rd, rd);
            continue;
        }
        product_backward(tangent->rd + at, tile->turned + turned_at(shape, l), back, &size, false, scratch);
        product_backward(tile->d + at, tangent->turned + turned_at(shape, l), back, &size, true, scratch);
        LYAP_PASSES.along_slope(&units, back, back);
        for (size_t i = 0; i < units.n; i++) rd[i] = v_fma(bend[i], rd[i], back[i]);
    }
}

static void tangent_samples_piece(const void *context, int piece, int pieces) {
    const struct tangent_job *job = context;
    const struct samples s = samples_of(job->tile, piece, pieces);
    real *scratch = job->tile->scratch + (size_t)piece * scratch_room();
    if (!s.count) return;
    tangent_forward(job, s, scratch);
    tangent_backward(job, s, scratch);
}

static void tangent_gradient_piece(const void *context, int piece, int pieces) {
    const struct tangent_job *job = context;
    const struct lyap_shape *shape = job->shape;
    const struct tile *tile = job->tile;
    const struct layers_tangent *tangent = job->tangent;
    real *scratch = tile->scratch + (size_t)piece * scratch_room();
    for (int l = 0; l < shape->layers; l++) {
        const size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
        real *sums = tangent->sums + shape->offset[l], *crossed = tangent->crossed + shape->offset[l];
        struct gradient_rows rows = rows_of_piece(shape, l, piece, pieces);
        rows.in = input_of(shape, tile, l, 0, 0);
        rows.d = tangent->rd + deltas_at(shape, tile, l);
        rows.first_chunk = job->first_chunk;
        if (rows.from < rows.to) product_gradient(shape, tile, &rows, sums, scratch);
        if (piece == pieces - 1)
            LYAP_PASSES.column_sums(rows.d, tile->samples, outputs, !job->first_chunk, sums + inputs * outputs);
        if (l == 0 || rows.from == rows.to) continue;
        rows.in = tangent->ra + deltas_at(shape, tile, l - 1);
        rows.d = tile->d + deltas_at(shape, tile, l);
        product_gradient(shape, tile, &rows, crossed, scratch);
    }
}

/* One direction v [dimension] through the chunk, after forward, backward and factors. */
static void layers_tangent_pass(const struct lyap_shape *shape, const struct tile *tile,
                                const struct layers_tangent *tangent, const real *v, bool first_chunk) {
    const struct tangent_job job = {shape, tile, tangent, v, first_chunk};
    const double work = 2 * pass_work(shape, tile);
    turn_weights(shape, tile->block, v, tangent->turned);
    split_over(tile->block, tangent_samples_piece, &job, work);
    split_over(tile->block, tangent_gradient_piece, &job, work);
}

/* The sums of H v after the last chunk. */
static void layers_tangent_sums(const struct lyap_shape *shape, const struct layers_tangent *tangent) {
    for (int l = 1; l < shape->layers; l++) {
        const size_t weights = (size_t)shape->sizes[l] * (size_t)shape->sizes[l + 1];
        real *restrict sums = tangent->sums + shape->offset[l];
        const real *crossed = tangent->crossed + shape->offset[l];
        for (size_t i = 0; i < weights; i++) sums[i] = sums[i] + crossed[i];
    }
}

#endif
