/* The table of kernels of one network, for simd/isa/one.c. */
#include "simd/kernels/draw.h"
#include "simd/kernels/logarithms.h"
#include "simd/kernels/table.h"
#include "simd/kernels/train.h"

static size_t workspace(const struct lyap_shape *shape, int threads) {
    return (layers_room(shape, shape->tile, threads) + shape->parameters) * sizeof(vec);
}

static void draw_parents(struct lyap_block *block, uint32_t first, uint32_t count) {
    draw_parents_group(block->whole, block, TILES, 0, first, count);
}

static void train(struct lyap_block *block, uint32_t first, uint32_t count, void *distance, void *loss) {
    const struct epochs call = {first, count, distance, loss};
    if (first == 0) reset_state(block);
    train_group(block->shape, block, 0, TILES, &call);
}

static void tangent(struct lyap_block *block, struct lyap_tangents *t, uint32_t first, uint32_t count) {
    /* The paper's network adds the terms of a tangent in an order of its own (kernels/tangent.h), whatever the layout. */
    const bool paper = instance_of(block->shape, true) != LYAP_ACTIVATION_COUNT;
    const struct followed what = {block->shape, paper ? FUSED : TILES, t->dimension, 0};
    follow_group(&what, block, t, 0, first, count);
}

static void pass(struct lyap_block *block, bool gradient, void *out) {
    const struct lyap_shape *shape = block->shape;
    const size_t outputs = (size_t)shape->sizes[shape->layers];
    const size_t row = gradient ? shape->parameters : shape->samples * outputs;
    for (size_t t = 0; t < block->trajectories; t++) {
        real *w = (real *)block->weights + t * shape->dimension, *to = (real *)out + t * row;
        struct tile tile = layers_tile(shape, block, w, block->workspace, 1);
        for (size_t from = 0; from < shape->samples; from += shape->chunk) {
            tile_chunk(shape, &tile, block->x, block->y, from);
            layers_forward(shape, &tile, false, 0);
            if (gradient) {
                layers_backward(shape, &tile, 0);
                layers_gradient(shape, &tile, 0, to, from == 0);
            } else {
                memcpy(to + from * outputs, tile.a + units_at(shape, &tile, shape->layers - 1, 0),
                       tile.samples * outputs * sizeof *to);
            }
        }
    }
}

const struct lyap_kernels LYAP_TABLE = {
    .isa = LYAP_TABLE_ISA,
    .precision = LYAP_REAL_BITS == 32 ? LYAP_FLOAT32 : LYAP_FLOAT64,
    .width = 1,
    .lanes = 1,
    .workspace = workspace,
    .draw_parents = draw_parents,
    .perturb = perturb,
    .train = train,
#if LYAP_REAL_BITS == 64
    .log_sums = log_sums,
    .log_norms = log_norms,
#endif
    .tangent_workspace = tangent_workspace,
    .tangent_start = tangent_start,
    .tangent = tangent,
    .pair_start = pair_start_all,
    .pair = pair_all,
    .hessian = hessian,
    .evaluate = evaluate,
    .draw = draw,
    .pass = pass,
};
