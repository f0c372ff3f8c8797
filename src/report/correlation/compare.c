/* The correlations between what is known of starts and their final losses. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/statistics.h"
#include "report/correlation/residual.h"
#include "report/correlation/rivals.h"

/* The starts with all numbers at a horizon, column by column. */
struct columns {
    size_t n;
    double *change, *final, *initial, *predictor[LYAP_PREDICTORS];
    double *x, *y, *scratch; /* [n], [n], [LYAP_HELD_MOST][n] */
    double *room;
};

static bool complete(const struct lyap_rival_points *p, size_t h, size_t i) {
    return isfinite(p->initial[i]) && isfinite(p->gradient[i]) && isfinite(p->sharpness[i]) && isfinite(p->drop[i]) &&
           isfinite(p->change[h * p->n + i]) && isfinite(p->hybrid[h * p->n + i]) && isfinite(p->hybrid[i]) &&
           isfinite(p->tangent[h * p->n + i]);
}

/* With the signs that make a large number what ends low: exponents are negative. The final loss has its sign turned, too. */
static enum lyap_status gather(struct columns *c, const struct lyap_rival_points *p, size_t h,
                               struct lyap_error *error) {
    const size_t all = p->n;
    *c = (struct columns){.room = malloc((7 + LYAP_PREDICTORS + LYAP_HELD_MOST) * (all + 1) * sizeof *c->room)};
    if (!c->room) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", all);
    double *next = c->room;
    double **const column[] = {&c->change, &c->final, &c->initial, &c->x, &c->y};
    for (size_t k = 0; k < sizeof column / sizeof *column; k++, next += all) *column[k] = next;
    for (size_t k = 0; k < LYAP_PREDICTORS; k++, next += all) c->predictor[k] = next;
    c->scratch = next;
    for (size_t i = 0; i < all; i++) {
        if (!complete(p, h, i)) continue;
        const double value[LYAP_PREDICTORS] = {
            [LYAP_PREDICTOR_HYBRID] = -p->hybrid[h * all + i], [LYAP_PREDICTOR_TANGENT] = -p->tangent[h * all + i],
            [LYAP_PREDICTOR_HYBRID_FIRST] = -p->hybrid[i],     [LYAP_PREDICTOR_GRADIENT] = p->gradient[i],
            [LYAP_PREDICTOR_SHARPNESS] = p->sharpness[i],      [LYAP_PREDICTOR_DROP] = p->drop[i]};
        c->change[c->n] = -p->change[h * all + i];
        c->final[c->n] = -(p->initial[i] + p->change[h * all + i]);
        c->initial[c->n] = p->initial[i];
        for (size_t k = 0; k < LYAP_PREDICTORS; k++) c->predictor[k][c->n] = value[k];
        c->n++;
    }
    return LYAP_OK;
}

/* Whether a predictor is what is held equal, or the same number by another name. */
static bool is_held(enum lyap_held held, size_t horizon, int predictor) {
    if (held == LYAP_HELD_GRADIENT) return predictor == LYAP_PREDICTOR_GRADIENT;
    if (held == LYAP_HELD_HYBRID)
        return predictor == LYAP_PREDICTOR_HYBRID || (horizon == 0 && predictor == LYAP_PREDICTOR_HYBRID_FIRST);
    return false;
}

static bool has_interval(enum lyap_held held, int predictor) {
    return held == LYAP_HELD_INITIAL || (held == LYAP_HELD_NOTHING && predictor == LYAP_PREDICTOR_HYBRID) ||
           (held == LYAP_HELD_GRADIENT &&
            (predictor == LYAP_PREDICTOR_HYBRID || predictor == LYAP_PREDICTOR_TANGENT)) ||
           (held == LYAP_HELD_HYBRID && predictor == LYAP_PREDICTOR_GRADIENT);
}

static size_t held_columns(const struct columns *c, enum lyap_held held, const double *of[LYAP_HELD_MOST]) {
    if (held == LYAP_HELD_NOTHING) return 0;
    of[0] = c->initial;
    of[1] = c->predictor[held == LYAP_HELD_HYBRID ? LYAP_PREDICTOR_HYBRID : LYAP_PREDICTOR_GRADIENT];
    return held == LYAP_HELD_INITIAL ? 1 : 2;
}

static enum lyap_status correlate(struct lyap_estimate *r, double *pearson, const struct columns *c, bool interval,
                                  uint64_t seed, struct lyap_error *error) {
    const struct lyap_observations of = {.x = c->x, .y = c->y, .n = c->n};
    enum lyap_status status;
    if (interval)
        status = lyap_bootstrap_correlation(LYAP_SPEARMAN, &of, LYAP_RIVAL_RESAMPLES, seed, r, error);
    else
        status = lyap_spearman(c->x, c->y, c->n, &r->value, error);
    if (!status) status = lyap_pearson(c->x, c->y, c->n, pearson, error);
    return lyap_undefined(status, error);
}

/* Interquartile range of the residuals over the median of the loss. */
static void find_stake(struct lyap_rival_result *result, struct columns *c) {
    double quartile[3];
    const double *of[LYAP_HELD_MOST];
    size_t held = held_columns(c, LYAP_HELD_INITIAL, of);
    if (!lyap_residual(c->change, of, held, c->n, c->x, c->scratch)) return;
    memcpy(c->y, c->x, c->n * sizeof *c->y);
    lyap_sort(c->y, c->n);
    quartile[0] = lyap_quantile(c->y, c->n, 0.25);
    quartile[2] = lyap_quantile(c->y, c->n, 0.75);
    memcpy(c->y, c->final, c->n * sizeof *c->y);
    lyap_sort(c->y, c->n);
    quartile[1] = -lyap_quantile(c->y, c->n, 0.5);
    if (quartile[1] > 0) result->at_stake = (quartile[2] - quartile[0]) / quartile[1];
}

enum lyap_status lyap_rivals_compare(struct lyap_rival_result *result, const struct lyap_rival_points *points,
                                     size_t horizon, uint64_t seed, struct lyap_error *error) {
    const struct lyap_estimate none = {(double)NAN, (double)NAN, (double)NAN};
    struct columns c;
    enum lyap_status status = gather(&c, points, horizon, error);
    result->n = c.n;
    result->at_stake = (double)NAN;
    for (int held = 0; held < LYAP_HELDS; held++)
        for (int k = 0; k < LYAP_PREDICTORS; k++) {
            result->r[held][k] = none;
            result->pearson[held][k] = (double)NAN;
        }
    if (!status && c.n >= 8) find_stake(result, &c);
    for (int h = 0; h < LYAP_HELDS && !status && c.n >= 8; h++) {
        const enum lyap_held held = (enum lyap_held)h;
        const double *of[LYAP_HELD_MOST];
        size_t count = held_columns(&c, held, of);
        for (int k = 0; k < LYAP_PREDICTORS && !status; k++) {
            const double *loss = held == LYAP_HELD_NOTHING ? c.final : c.change;
            if (is_held(held, horizon, k) || !lyap_residual(loss, of, count, c.n, c.x, c.scratch) ||
                !lyap_residual(c.predictor[k], of, count, c.n, c.y, c.scratch))
                continue;
            status = correlate(&result->r[held][k], &result->pearson[held][k], &c, has_interval(held, k), seed, error);
        }
    }
    free(c.room);
    return status;
}
