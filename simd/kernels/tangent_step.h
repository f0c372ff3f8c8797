/* One gradient-descent step of the parent and its tangents, which share one forward and backward pass. */
#ifndef LYAP_SIMD_KERNELS_TANGENT_STEP_H
#define LYAP_SIMD_KERNELS_TANGENT_STEP_H

#include "simd/kernels/tangent.h"
#include "simd/kernels/tangent_group.h"
#include "simd/kernels/update.h"

/* The tangents' and then the parent's share of a step, from the parent's forward and backward pass. */
ALWAYS_INLINE void finish_step(const struct lyap_shape *shape, struct tangent_group *g, const struct tile *tile,
                               const struct tangent_tile *tangent, bool careful) {
    const vmask active = m_from_bits(g->moving);
    vmask alive = m_none();
    for (size_t k = 0; k < g->vectors; k++) {
        real *v = g->v + k * g->tangents->dimension * BLOCK;
        struct tangent_update t = {.v = v, .steps = g->steps, .careful = careful, .active = active, .alive = alive};
        tangent_pass(shape, tile, tangent, &t);
        alive = t.alive;
    }
    struct update u = {.step = g->steps[0],
                       .first_chunk = true,
                       .last_chunk = true,
                       .careful = careful,
                       .active = active,
                       .alive = alive,
                       .squares = v_set1(0)};
    update_at(shape, tile, 0, 0, &u);
    u.step = g->steps[1];
    update_at(shape, tile, 0, 1, &u);
    if (careful) g->alive = u.alive;
}

/* The layers' steps under this step's learning rate, in the order of operations of optimise_numbers. */
ALWAYS_INLINE void set_steps(struct tangent_group *g) {
    const struct lyap_shape *shape = g->block->shape;
    g->steps[0] = g->steps[1] = g->group.step;
    if (!shape->rule.layered) return;
    struct optimise own = {.rule = &shape->rule,
                           .lanes = g->block->lanes,
                           .lane = g->lane,
                           .lr = g->group.lr,
                           .scale = batch_scale(shape)};
    for (int l = 0; l < 2; l++) g->steps[l] = optimise_numbers(&own, l).step;
}

/* In registers: the paper's network. */
ALWAYS_INLINE void network_step(const struct lyap_shape *shape, struct tangent_group *g, uint32_t epoch, bool last,
                                enum instance instance) {
    vec local[5][REGISTER_UNITS], local_a[REGISTER_UNITS];
    struct tile tile = {.w = g->w, .count = 1, .a = instance == FUSED ? local_a : g->room, .d = local[0]};
    struct tangent_tile tangent = {.slope = local[1], .bend = local[2], .ra = local[3], .rd = local[4]};
    tile_chunk(shape, &tile, g->group.x, g->group.y, 0);
    vec sum = forward(shape, &tile, true, v_set1(0));
    backward(shape, &tile, 0);
    factors(shape, &tile, &tangent);
    /* Four terms: the product with 1/4 is the quotient, sooner. */
    g->measure = v_mul(sum, v_set1(1 / loss_terms(shape)));
    if (check_measure(g, epoch, last))
        finish_step(shape, g, &tile, &tangent, true);
    else
        finish_step(shape, g, &tile, &tangent, false);
}

/* By matrix products: every shape and optimiser. */
static void layers_step(const struct lyap_shape *shape, struct tangent_group *g, uint32_t epoch, bool last) {
    struct layers_tangent tangent;
    struct tile tile = layers_tangent_tile(shape, g->block, g->w, g->room, &tangent);
    const struct lyap_tangents *t = g->tangents;
    vec sum = v_set1(0);
    for (size_t from = 0; from < shape->samples; from += shape->chunk) {
        tile_chunk(shape, &tile, g->group.x, g->group.y, from);
        layers_columns(&tile, g->block, from);
        sum = layers_forward(shape, &tile, true, sum);
        layers_backward(shape, &tile, 0);
        layers_factors(shape, &tile);
        for (size_t k = 0; k < t->vectors; k++) {
            tangent.sums = g->carry + 2 * k * shape->parameters;
            tangent.crossed = tangent.sums + shape->parameters;
            layers_tangent_pass(shape, &tile, &tangent, g->v + k * t->dimension * BLOCK, from == 0);
        }
        layers_gradient(shape, &tile, 0, g->gradient, from == 0);
    }
    g->measure = v_div(sum, g->terms);
    const bool careful = check_measure(g, epoch, last); /* may stop lanes, before `active` is taken */
    struct optimise u = {.rule = &shape->rule,
                         .lanes = g->block->lanes,
                         .lane = g->lane,
                         .lr = g->group.lr,
                         .scale = batch_scale(shape),
                         .correction = {g->group.correction[0], g->group.correction[1]},
                         .sums = g->gradient,
                         .careful = careful,
                         .active = m_from_bits(g->moving),
                         .alive = m_none(),
                         .block = g->block};
    for (size_t k = 0; k < t->vectors; k++) {
        tangent.sums = g->carry + 2 * k * shape->parameters;
        tangent.crossed = tangent.sums + shape->parameters;
        layers_tangent_sums(shape, &tangent);
        optimise_tangent(shape, &u, g->w, tangent.sums, g->v + k * t->dimension * BLOCK);
    }
    optimise(shape, &u, g->w);
    g->alive = u.alive;
}

#endif
