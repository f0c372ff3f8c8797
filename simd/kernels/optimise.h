/* The optimisers' rules (lyapgrad/optimiser.h has the formulas) on a trajectory's state [w | m | s], and their
 * linearisations on a tangent vector [dw | dm | ds]. A block below is all that the kernels know of an optimiser: its step and,
 * beside it, the step's tangent. What else tells one from another are the traits in include/lyapgrad/optimiser.h.
 *
 * g is the gradient, with the penalty's share unless the weight decay is decoupled, and dg = H dw (+ wd dw) its change. */
#ifndef LYAP_SIMD_KERNELS_OPTIMISE_H
#define LYAP_SIMD_KERNELS_OPTIMISE_H

#include "lyapgrad/optimiser.h"
#include "simd/kernels/inline.h"
#include "simd/kernels.h"
#include "simd/isa/vec.h"

/* One update of a vector of cells. */
struct optimise {
    const struct lyap_rule *rule;
    const struct lyap_lane_rule *lanes; /* at `lane`, NULL for none */
    size_t lane;
    vec lr;                         /* with the schedule's factor */
    real scale;                     /* of the gradient's sums */
    real correction[2];             /* c1, c2 of this step */
    const vec *sums;                /* gradient sums [parameters] */
    const real *parent;             /* the parent's state after its own update; NULL for the parent itself */
    bool full_state;                /* the distance is over the buffers too */
    bool careful;                   /* keep the lanes outside `active` still and collect `alive` */
    vmask active, alive;            /* alive: lanes with a gradient entry that is not zero */
    vec squares;                    /* out: squared distance to the parent */
    const struct lyap_block *block; /* of one network: whose threads share the update */
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
    n.keep = v_fnma(lr, n.weight_decay, v_set1(1)); /* decoupled decay: the share of a weight that stays */
    return n;
}

/* The change of a gradient g where the state is [w | m | s]. */
struct optimise_change {
    vec dg, g, m, s;
};

/* ---- gd: w -= lr g ---- */
ALWAYS_INLINE vec gd_step(const struct optimise_numbers *n, vec g, vec w, vec *m, vec *s) {
    (void)m, (void)s;
    return v_fnma(n->lr, g, w);
}
/* dw -= lr dg */
ALWAYS_INLINE vec gd_tangent(const struct optimise_numbers *n, struct optimise_change c, vec dw, vec *dm, vec *ds) {
    (void)dm, (void)ds;
    return v_fnma(n->lr, c.dg, dw);
}

/* ---- momentum: m = mu m + g, w -= lr m ---- */
ALWAYS_INLINE vec momentum_step(const struct optimise_numbers *n, vec g, vec w, vec *m, vec *s) {
    (void)s;
    *m = v_fma(n->momentum, *m, g);
    return v_fnma(n->lr, *m, w);
}
/* dm = mu dm + dg, dw -= lr dm */
ALWAYS_INLINE vec momentum_tangent(const struct optimise_numbers *n, struct optimise_change c, vec dw, vec *dm,
                                   vec *ds) {
    (void)ds;
    *dm = v_fma(n->momentum, *dm, c.dg);
    return v_fnma(n->lr, *dm, dw);
}

/* ---- nesterov: m = mu m + g, w -= lr (g + mu m) ---- */
ALWAYS_INLINE vec nesterov_step(const struct optimise_numbers *n, vec g, vec w, vec *m, vec *s) {
    (void)s;
    *m = v_fma(n->momentum, *m, g);
    return v_fnma(n->lr, v_fma(n->momentum, *m, g), w);
}
/* dm = mu dm + dg, dw -= lr (dg + mu dm) */
ALWAYS_INLINE vec nesterov_tangent(const struct optimise_numbers *n, struct optimise_change c, vec dw, vec *dm,
                                   vec *ds) {
    (void)ds;
    *dm = v_fma(n->momentum, *dm, c.dg);
    return v_fnma(n->lr, v_fma(n->momentum, *dm, c.dg), dw);
}

/* ---- rmsprop: s = a s + (1-a) g^2, w -= lr g / D, D = sqrt(s) + eps ---- */
ALWAYS_INLINE vec squares_step(const struct optimise_numbers *n, vec g, vec s) {
    return v_fma(n->decay, s, v_mul(n->fresh, v_mul(g, g)));
}
ALWAYS_INLINE vec squares_tangent(const struct optimise_numbers *n, struct optimise_change c, vec ds) {
    return v_fma(n->decay, ds, v_mul(v_mul(v_set1(2), n->fresh), v_mul(c.g, c.dg)));
}
/* d sqrt(s) from ds; where s = 0, g has been 0 at every step so far, and the change is taken as 0. */
ALWAYS_INLINE vec root_change(vec root, vec ds) {
    const vec zero = v_set1(0), half = v_set1((real)0.5);
    return v_select(v_le(root, zero), zero, v_mul(half, v_div(ds, root)));
}
ALWAYS_INLINE vec rmsprop_step(const struct optimise_numbers *n, vec g, vec w, vec *m, vec *s) {
    (void)m;
    *s = squares_step(n, g, *s);
    return v_fnma(n->lr, v_div(g, v_add(v_sqrt(*s), n->epsilon)), w);
}
/* ds = a ds + 2 (1-a) g dg, dw -= lr (dg - g dD / D) / D */
ALWAYS_INLINE vec rmsprop_tangent(const struct optimise_numbers *n, struct optimise_change c, vec dw, vec *dm,
                                  vec *ds) {
    (void)dm;
    *ds = squares_tangent(n, c, *ds);
    vec root = v_sqrt(squares_step(n, c.g, c.s)), denominator = v_add(root, n->epsilon);
    vec quotient = v_div(c.g, denominator), change = root_change(root, *ds);
    return v_fnma(n->lr, v_div(v_fnma(quotient, change, c.dg), denominator), dw);
}

/* ---- adam: m = b1 m + (1-b1) g, s = b2 s + (1-b2) g^2, w -= lr c1 m / D, D = sqrt(c2 s) + eps, c = 1/(1 - b^t) ---- */
ALWAYS_INLINE vec adam_step(const struct optimise_numbers *n, vec g, vec w, vec *m, vec *s) {
    *m = v_fma(n->momentum, *m, v_mul(n->rest, g));
    *s = squares_step(n, g, *s);
    return v_fnma(n->lr, v_div(v_mul(n->c1, *m), v_add(v_sqrt(v_mul(n->c2, *s)), n->epsilon)), w);
}
/* dm = b1 dm + (1-b1) dg, ds = b2 ds + 2 (1-b2) g dg, dw -= lr (c1 dm - c1 m dD / D) / D, dD = c2 ds / (2 sqrt(c2 s)) */
ALWAYS_INLINE vec adam_tangent(const struct optimise_numbers *n, struct optimise_change c, vec dw, vec *dm, vec *ds) {
    vec m = v_mul(n->c1, v_fma(n->momentum, c.m, v_mul(n->rest, c.g)));
    *dm = v_fma(n->momentum, *dm, v_mul(n->rest, c.dg));
    *ds = squares_tangent(n, c, *ds);
    vec root = v_sqrt(v_mul(n->c2, squares_step(n, c.g, c.s))), denominator = v_add(root, n->epsilon);
    vec quotient = v_div(m, denominator), change = root_change(root, v_mul(n->c2, *ds));
    return v_fnma(n->lr, v_div(v_fnma(quotient, change, v_mul(n->c1, *dm)), denominator), dw);
}

/* ---- adamw: adam; the decoupled weight decay is taken off the weights before (rule_step, rule_tangent) ---- */
ALWAYS_INLINE vec adamw_step(const struct optimise_numbers *n, vec g, vec w, vec *m, vec *s) {
    return adam_step(n, g, w, m, s);
}
ALWAYS_INLINE vec adamw_tangent(const struct optimise_numbers *n, struct optimise_change c, vec dw, vec *dm, vec *ds) {
    return adam_tangent(n, c, dw, dm, ds);
}

/* ---- nadam: adam's m and s, w -= lr c1 k / D, k = b1 m + (1-b1) g ---- */
ALWAYS_INLINE vec nadam_step(const struct optimise_numbers *n, vec g, vec w, vec *m, vec *s) {
    *m = v_fma(n->momentum, *m, v_mul(n->rest, g));
    *s = squares_step(n, g, *s);
    vec ahead = v_fma(n->momentum, *m, v_mul(n->rest, g));
    return v_fnma(n->lr, v_div(v_mul(n->c1, ahead), v_add(v_sqrt(v_mul(n->c2, *s)), n->epsilon)), w);
}
/* dm and ds as adam's, dw -= lr (c1 dk - c1 k dD / D) / D, dk = b1 dm + (1-b1) dg */
ALWAYS_INLINE vec nadam_tangent(const struct optimise_numbers *n, struct optimise_change c, vec dw, vec *dm, vec *ds) {
    vec part = v_mul(n->rest, c.g), m = v_fma(n->momentum, c.m, part);
    vec ahead = v_mul(n->c1, v_fma(n->momentum, m, part));
    *dm = v_fma(n->momentum, *dm, v_mul(n->rest, c.dg));
    *ds = squares_tangent(n, c, *ds);
    vec root = v_sqrt(v_mul(n->c2, squares_step(n, c.g, c.s))), denominator = v_add(root, n->epsilon);
    vec quotient = v_div(ahead, denominator), change = root_change(root, v_mul(n->c2, *ds));
    vec change_ahead = v_mul(n->c1, v_fma(n->momentum, *dm, v_mul(n->rest, c.dg)));
    return v_fnma(n->lr, v_div(v_fnma(quotient, change, change_ahead), denominator), dw);
}

/* ---- any of them ---- */

#define TRAIT_CASE_momentum(constant, name, m, s, corrected, decoupled, ...)                                           \
    case LYAP_##constant:                                                                                              \
        return m;
#define TRAIT_CASE_squares(constant, name, m, s, corrected, decoupled, ...)                                            \
    case LYAP_##constant:                                                                                              \
        return s;
#define TRAIT_CASE_decoupled(constant, name, m, s, corrected, decoupled, ...)                                          \
    case LYAP_##constant:                                                                                              \
        return decoupled;
#define TRAIT(member)                                                                                                  \
    ALWAYS_INLINE bool rule_##member(enum lyap_optimiser_kind kind) {                                                  \
        switch ((int)kind) { LYAP_OPTIMISER_LIST(TRAIT_CASE_##member) }                                                \
        return false;                                                                                                  \
    }
TRAIT(momentum)
TRAIT(squares)
TRAIT(decoupled)

/* The gradient from its sum, with the penalty's share. */
ALWAYS_INLINE vec whole_gradient(enum lyap_optimiser_kind kind, bool decays, const struct optimise_numbers *n, vec sum,
                                 vec w) {
    vec g = v_mul(n->scale, sum);
    return decays && !rule_decoupled(kind) ? v_fma(n->weight_decay, w, g) : g;
}

/* The new weight; m and s are brought up to date. */
ALWAYS_INLINE vec rule_step(enum lyap_optimiser_kind kind, bool decays, const struct optimise_numbers *n, vec sum,
                            vec w, vec *m, vec *s) {
    if (kind == LYAP_GD && !decays) return v_fnma(n->step, sum, w);
    vec g = whole_gradient(kind, decays, n, sum, w);
    if (decays && rule_decoupled(kind)) w = v_mul(n->keep, w);
#define CASE(constant, name, ...)                                                                                      \
    case LYAP_##constant:                                                                                              \
        return name##_step(n, g, w, m, s);
    switch ((int)kind) { LYAP_OPTIMISER_LIST(CASE) }
#undef CASE
    return w;
}

/* d of one parameter: dm and ds are brought up to date. */
ALWAYS_INLINE vec rule_tangent(enum lyap_optimiser_kind kind, const struct optimise_numbers *n,
                               struct optimise_change change, vec dw, vec *dm, vec *ds) {
    if (rule_decoupled(kind)) dw = v_mul(n->keep, dw);
#define CASE(constant, name, ...)                                                                                      \
    case LYAP_##constant:                                                                                              \
        return name##_tangent(n, change, dw, dm, ds);
    switch ((int)kind) { LYAP_OPTIMISER_LIST(CASE) }
#undef CASE
    return dw;
}

#endif
