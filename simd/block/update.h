/* A trajectory's update, and that of its tangents, in a block of sixteen cells: the rules of kernels/optimise.h over the parameters. */
#ifndef LYAP_SIMD_BLOCK_UPDATE_H
#define LYAP_SIMD_BLOCK_UPDATE_H

#include "simd/kernels/optimise.h"

/* The parameters of a layer, which share a learning rate. */
struct optimise_span {
    real *state;
    size_t parameters; /* of the network: the buffers lie that far apart */
    size_t from, to;
    vec *squares; /* [3], of the differences to the parent in w, m and s */
};

ALWAYS_INLINE void optimise_span(enum lyap_optimiser_kind kind, bool decays, struct optimise *u,
                                 const struct optimise_numbers *n, const struct optimise_span *span) {
    const bool has_m = rule_momentum(kind), has_s = rule_squares(kind);
    const size_t at_m = span->parameters * BLOCK, at_s = has_m ? 2 * at_m : at_m;
    vec *squares = span->squares;
    for (size_t p = span->from; p < span->to; p++) {
        real *at = span->state + p * BLOCK;
        vec old = v_load(at), m = v_set1(0), s = v_set1(0), sum = u->sums[p];
        if (has_m) m = v_load(at + at_m);
        if (has_s) s = v_load(at + at_s);
        vec old_m = m, old_s = s, new = rule_step(kind, decays, n, sum, old, &m, &s);
        if (u->careful) {
            new = v_select(u->active, new, old);
            m = v_select(u->active, m, old_m);
            s = v_select(u->active, s, old_s);
            u->alive = m_or(u->alive, v_ne(sum, v_set1(0)));
        }
        v_store(at, new);
        if (has_m) v_store(at + at_m, m);
        if (has_s) v_store(at + at_s, s);
        if (!u->parent) continue;
        const real *parent = u->parent + p * BLOCK;
        vec difference = v_sub(new, v_load(parent));
        squares[0] = v_fma(difference, difference, squares[0]);
        if (!u->full_state) continue;
        if (has_m) {
            difference = v_sub(m, v_load(parent + at_m));
            squares[1] = v_fma(difference, difference, squares[1]);
        }
        if (has_s) {
            difference = v_sub(s, v_load(parent + at_s));
            squares[2] = v_fma(difference, difference, squares[2]);
        }
    }
}

/* Takes the gradient to the state; u->squares is the sum over the weights, then that over m, then that over s. */
static void optimise(const struct lyap_shape *shape, struct optimise *u, real *state) {
    const enum lyap_optimiser_kind kind = u->rule->kind;
    const bool decays = u->rule->weight_decay > 0;
    vec squares[3] = {v_set1(0), v_set1(0), v_set1(0)};
    for (int l = 0; l < shape->layers; l++) {
        const struct optimise_numbers n = optimise_numbers(u, l);
        const struct optimise_span span = {.state = state,
                                           .parameters = shape->parameters,
                                           .from = shape->offset[l],
                                           .to = l + 1 < shape->layers ? shape->offset[l + 1] : shape->parameters,
                                           .squares = squares};
        if (kind == LYAP_GD && !decays) {
            optimise_span(LYAP_GD, false, u, &n, &span);
            continue;
        }
#define CASE(constant, name, ...)                                                                                      \
    case LYAP_##constant:                                                                                              \
        optimise_span(LYAP_##constant, decays, u, &n, &span);                                                          \
        break;
        switch ((int)kind) { LYAP_OPTIMISER_LIST(CASE) }
#undef CASE
    }
    u->squares = u->full_state ? v_add(v_add(squares[0], squares[1]), squares[2]) : squares[0];
}

/* Takes a tangent [dw | dm | ds] through the update whose gradient sums are u->sums, from the parent's state BEFORE it.
 * products[parameters] are the sums of H dw. */
static void optimise_tangent(const struct lyap_shape *shape, struct optimise *u, const real *state, const vec *products,
                             real *tangent) {
    const enum lyap_optimiser_kind kind = u->rule->kind;
    const bool decays = u->rule->weight_decay > 0, penalty = decays && !rule_decoupled(kind);
    const bool has_m = rule_momentum(kind), has_s = rule_squares(kind);
    const size_t at_m = shape->parameters * BLOCK, at_s = has_m ? 2 * at_m : at_m;
    for (int l = 0; l < shape->layers; l++) {
        struct optimise_numbers n = optimise_numbers(u, l);
        size_t to = l + 1 < shape->layers ? shape->offset[l + 1] : shape->parameters;
        for (size_t p = shape->offset[l]; p < to; p++) {
            const real *at = state + p * BLOCK;
            real *t = tangent + p * BLOCK;
            vec dw = v_load(t), dm = v_set1(0), ds = v_set1(0), m = v_set1(0), s = v_set1(0), new;
            if (has_m) {
                m = v_load(at + at_m);
                dm = v_load(t + at_m);
            }
            if (has_s) {
                s = v_load(at + at_s);
                ds = v_load(t + at_s);
            }
            vec old_m = dm, old_s = ds;
            if (kind == LYAP_GD && !decays) {
                new = v_fnma(n.step, products[p], dw);
            } else {
                vec dg = v_mul(n.scale, products[p]);
                if (penalty) dg = v_fma(n.weight_decay, dw, dg);
                vec g = whole_gradient(kind, decays, &n, u->sums[p], v_load(at));
                new = rule_tangent(kind, &n, (struct optimise_change){dg, g, m, s}, dw, &dm, &ds);
            }
            if (u->careful) {
                new = v_select(u->active, new, dw);
                dm = v_select(u->active, dm, old_m);
                ds = v_select(u->active, ds, old_s);
                u->alive = m_or(u->alive, v_ne(products[p], v_set1(0)));
            }
            v_store(t, new);
            if (has_m) v_store(t + at_m, dm);
            if (has_s) v_store(t + at_s, ds);
        }
    }
}

#endif
