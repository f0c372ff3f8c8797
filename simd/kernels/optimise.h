/* The optimisers' rules (lyapgrad/optimiser.h has the formulas) on a trajectory's state [w | m | s], and their
 * linearisations on a tangent vector [dw | dm | ds]:
 *
 *   dg = H dw (+ wd dw)
 *   gd        dw -= lr dg
 *   momentum  dm = mu dm + dg, dw -= lr dm           nesterov  dw -= lr (dg + mu dm)
 *   rmsprop   ds = a ds + 2 (1-a) g dg               dw -= lr (dg - g dD / D) / D,     D = sqrt(s) + eps
 *   adam      dm = b1 dm + (1-b1) dg, ds = b2 ds + 2 (1-b2) g dg
 *             dw -= lr (c1 dm - c1 m dD / D) / D,    D = sqrt(c2 s) + eps, dD = c2 ds / (2 sqrt(c2 s))
 *
 * with c = 1/(1 - b^t). Where s = 0, g has been 0 at every step so far, and dD is taken as 0. */
#ifndef LYAP_KERNEL_OPTIMISE_H
#define LYAP_KERNEL_OPTIMISE_H

#include "simd/kernels/network.h"

/* One update of a vector of cells. */
struct optimise {
    const struct lyap_rule *rule;
    const struct lyap_lane_rule *lanes; /* at `lane`, NULL for none */
    size_t lane;
    vec lr;              /* with the schedule's factor */
    real scale;          /* of the gradient's sums */
    real correction[2];  /* c1, c2 of this step */
    const vec *sums;     /* gradient sums [parameters] */
    const real *parent;  /* the parent's state after its own update; NULL for the parent itself */
    bool full_state;     /* the distance is over the buffers too */
    bool careful;        /* keep the lanes outside `active` still and collect `alive` */
    vmask active, alive; /* alive: lanes with a gradient entry that is not zero */
    vec squares;         /* out: squared distance to the parent */
};

/* Numbers of a rule, broadcast. */
struct optimise_numbers {
    vec lr, step, scale, momentum, rest, decay, fresh, epsilon, weight_decay, keep, c1, c2;
};

/* The lanes' own number, or the rule's. */
static inline vec lane_number(const void *own, size_t at, double all) {
    return own ? v_load((const real *)own + at) : v_set1((real)all);
}

static inline struct optimise_numbers optimise_numbers(const struct optimise *u, int layer) {
    const struct lyap_rule *rule = u->rule;
    static const struct lyap_lane_rule none;
    const struct lyap_lane_rule *own = u->lanes ? u->lanes : &none;
    vec lr = u->lr;
    if (rule->layered)
        lr = v_mul(lr, lane_number(own->layer_rate, (size_t)layer * BLOCK + u->lane, rule->layer_rate[layer]));
    struct optimise_numbers n = {.lr = lr,
                                 .step = v_mul(lr, v_set1(u->scale)),
                                 .scale = v_set1(u->scale),
                                 .momentum = lane_number(own->momentum, u->lane, rule->momentum),
                                 .rest = v_set1((real)(1 - rule->momentum)),
                                 .decay = v_set1((real)rule->decay),
                                 .fresh = v_set1((real)(1 - rule->decay)),
                                 .epsilon = v_set1((real)rule->epsilon),
                                 .weight_decay = lane_number(own->weight_decay, u->lane, rule->weight_decay),
                                 .c1 = v_set1(u->correction[0]),
                                 .c2 = v_set1(u->correction[1])};
    n.keep = v_fnma(lr, n.weight_decay, v_set1(1)); /* adamw */
    return n;
}

static inline bool has_momentum(enum lyap_optimiser_kind kind) {
    return kind == LYAP_MOMENTUM || kind == LYAP_NESTEROV || kind == LYAP_ADAM || kind == LYAP_ADAMW;
}
static inline bool has_squares(enum lyap_optimiser_kind kind) {
    return kind == LYAP_RMSPROP || kind == LYAP_ADAM || kind == LYAP_ADAMW;
}

/* The gradient from its sum, with the penalty's share. */
ALWAYS_INLINE vec whole_gradient(enum lyap_optimiser_kind kind, bool decays, const struct optimise_numbers *n, vec sum,
                                 vec w) {
    vec g = v_mul(n->scale, sum);
    return decays && kind != LYAP_ADAMW ? v_fma(n->weight_decay, w, g) : g;
}

/* The new weight; m and s are brought up to date. */
ALWAYS_INLINE vec rule_step(enum lyap_optimiser_kind kind, bool decays, const struct optimise_numbers *n, vec sum,
                            vec w, vec *m, vec *s) {
    if (kind == LYAP_GD && !decays) return v_fnma(n->step, sum, w);
    vec g = whole_gradient(kind, decays, n, sum, w);
    switch (kind) {
    case LYAP_MOMENTUM:
        *m = v_fma(n->momentum, *m, g);
        return v_fnma(n->lr, *m, w);
    case LYAP_NESTEROV:
        *m = v_fma(n->momentum, *m, g);
        return v_fnma(n->lr, v_fma(n->momentum, *m, g), w);
    case LYAP_RMSPROP:
        *s = v_fma(n->decay, *s, v_mul(n->fresh, v_mul(g, g)));
        return v_fnma(n->lr, v_div(g, v_add(v_sqrt(*s), n->epsilon)), w);
    case LYAP_ADAM:
    case LYAP_ADAMW:
        *m = v_fma(n->momentum, *m, v_mul(n->rest, g));
        *s = v_fma(n->decay, *s, v_mul(n->fresh, v_mul(g, g)));
        if (kind == LYAP_ADAMW && decays) w = v_mul(n->keep, w);
        return v_fnma(n->lr, v_div(v_mul(n->c1, *m), v_add(v_sqrt(v_mul(n->c2, *s)), n->epsilon)), w);
    default:
        return v_fnma(n->lr, g, w);
    }
}

/* Parameters from..to-1, which share a learning rate. */
ALWAYS_INLINE void optimise_span(enum lyap_optimiser_kind kind, bool decays, struct optimise *u,
                                 const struct optimise_numbers *n, real *state, size_t parameters, size_t from,
                                 size_t to, vec *squares) {
    const size_t at_m = parameters * BLOCK, at_s = has_momentum(kind) ? 2 * at_m : at_m;
    for (size_t p = from; p < to; p++) {
        real *at = state + p * BLOCK;
        vec old = v_load(at), m = v_set1(0), s = v_set1(0), sum = u->sums[p];
        if (has_momentum(kind)) m = v_load(at + at_m);
        if (has_squares(kind)) s = v_load(at + at_s);
        vec old_m = m, old_s = s, new = rule_step(kind, decays, n, sum, old, &m, &s);
        if (u->careful) {
            new = v_select(u->active, new, old);
            m = v_select(u->active, m, old_m);
            s = v_select(u->active, s, old_s);
            u->alive = m_or(u->alive, v_ne(sum, v_set1(0)));
        }
        v_store(at, new);
        if (has_momentum(kind)) v_store(at + at_m, m);
        if (has_squares(kind)) v_store(at + at_s, s);
        if (!u->parent) continue;
        const real *parent = u->parent + p * BLOCK;
        vec difference = v_sub(new, v_load(parent));
        squares[0] = v_fma(difference, difference, squares[0]);
        if (!u->full_state) continue;
        if (has_momentum(kind)) {
            difference = v_sub(m, v_load(parent + at_m));
            squares[1] = v_fma(difference, difference, squares[1]);
        }
        if (has_squares(kind)) {
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
        struct optimise_numbers n = optimise_numbers(u, l);
        size_t parameters = shape->parameters, from = shape->offset[l];
        size_t to = l + 1 < shape->layers ? shape->offset[l + 1] : parameters;
        if (kind == LYAP_GD && !decays)
            optimise_span(LYAP_GD, false, u, &n, state, parameters, from, to, squares);
        else if (kind == LYAP_GD)
            optimise_span(LYAP_GD, true, u, &n, state, parameters, from, to, squares);
        else if (kind == LYAP_MOMENTUM)
            optimise_span(LYAP_MOMENTUM, decays, u, &n, state, parameters, from, to, squares);
        else if (kind == LYAP_NESTEROV)
            optimise_span(LYAP_NESTEROV, decays, u, &n, state, parameters, from, to, squares);
        else if (kind == LYAP_RMSPROP)
            optimise_span(LYAP_RMSPROP, decays, u, &n, state, parameters, from, to, squares);
        else if (kind == LYAP_ADAM)
            optimise_span(LYAP_ADAM, decays, u, &n, state, parameters, from, to, squares);
        else
            optimise_span(LYAP_ADAMW, decays, u, &n, state, parameters, from, to, squares);
    }
    u->squares = u->full_state ? v_add(v_add(squares[0], squares[1]), squares[2]) : squares[0];
}

/* d of one parameter: from dg at the parent's old g, m, s; dm and ds are brought up to date. */
ALWAYS_INLINE vec rule_tangent(enum lyap_optimiser_kind kind, const struct optimise_numbers *n, vec dg, vec g, vec m,
                               vec s, vec dw, vec *dm, vec *ds) {
    const vec zero = v_set1(0), half = v_set1((real)0.5), two = v_set1(2);
    vec root, denominator, change, quotient;
    switch (kind) {
    case LYAP_MOMENTUM:
        *dm = v_fma(n->momentum, *dm, dg);
        return v_fnma(n->lr, *dm, dw);
    case LYAP_NESTEROV:
        *dm = v_fma(n->momentum, *dm, dg);
        return v_fnma(n->lr, v_fma(n->momentum, *dm, dg), dw);
    case LYAP_RMSPROP:
        s = v_fma(n->decay, s, v_mul(n->fresh, v_mul(g, g)));
        *ds = v_fma(n->decay, *ds, v_mul(v_mul(two, n->fresh), v_mul(g, dg)));
        root = v_sqrt(s);
        denominator = v_add(root, n->epsilon);
        change = v_select(v_le(root, zero), zero, v_mul(half, v_div(*ds, root)));
        quotient = v_div(g, denominator);
        return v_fnma(n->lr, v_div(v_fnma(quotient, change, dg), denominator), dw);
    case LYAP_ADAM:
    case LYAP_ADAMW:
        m = v_mul(n->c1, v_fma(n->momentum, m, v_mul(n->rest, g)));
        s = v_fma(n->decay, s, v_mul(n->fresh, v_mul(g, g)));
        *dm = v_fma(n->momentum, *dm, v_mul(n->rest, dg));
        *ds = v_fma(n->decay, *ds, v_mul(v_mul(two, n->fresh), v_mul(g, dg)));
        root = v_sqrt(v_mul(n->c2, s));
        denominator = v_add(root, n->epsilon);
        change = v_select(v_le(root, zero), zero, v_mul(half, v_div(v_mul(n->c2, *ds), root)));
        quotient = v_div(m, denominator);
        if (kind == LYAP_ADAMW) dw = v_mul(n->keep, dw);
        return v_fnma(n->lr, v_div(v_fnma(quotient, change, v_mul(n->c1, *dm)), denominator), dw);
    default:
        return v_fnma(n->lr, dg, dw);
    }
}

/* Takes a tangent [dw | dm | ds] through the update whose gradient sums are u->sums, from the parent's state BEFORE it.
 * products[parameters] are the sums of H dw. */
static void optimise_tangent(const struct lyap_shape *shape, struct optimise *u, const real *state, const vec *products,
                             real *tangent) {
    const enum lyap_optimiser_kind kind = u->rule->kind;
    const bool decays = u->rule->weight_decay > 0, penalty = decays && kind != LYAP_ADAMW;
    const size_t at_m = shape->parameters * BLOCK, at_s = has_momentum(kind) ? 2 * at_m : at_m;
    for (int l = 0; l < shape->layers; l++) {
        struct optimise_numbers n = optimise_numbers(u, l);
        size_t to = l + 1 < shape->layers ? shape->offset[l + 1] : shape->parameters;
        for (size_t p = shape->offset[l]; p < to; p++) {
            const real *at = state + p * BLOCK;
            real *t = tangent + p * BLOCK;
            vec dw = v_load(t), dm = v_set1(0), ds = v_set1(0), m = v_set1(0), s = v_set1(0), new;
            if (has_momentum(kind)) {
                m = v_load(at + at_m);
                dm = v_load(t + at_m);
            }
            if (has_squares(kind)) {
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
                new = rule_tangent(kind, &n, dg, g, m, s, dw, &dm, &ds);
            }
            if (u->careful) {
                new = v_select(u->active, new, dw);
                dm = v_select(u->active, dm, old_m);
                ds = v_select(u->active, ds, old_s);
                u->alive = m_or(u->alive, v_ne(products[p], v_set1(0)));
            }
            v_store(t, new);
            if (has_momentum(kind)) v_store(t + at_m, dm);
            if (has_squares(kind)) v_store(t + at_s, ds);
        }
    }
}

#endif
