/* What the rules give, from the scores and losses of a pool. */
#include "report/start_choice/compare_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/inference.h"
#include "report/common/sample.h"

double lyap_best_of(const uint32_t *order, const uint32_t *count, size_t starts, size_t n, size_t m,
                    const double *value) {
    double before = 1, sum = 0; /* that none of the m is among those so far */
    size_t below = 0;
    for (size_t i = 0; i < starts; i++) {
        const uint32_t start = order[i];
        if (count[start] == 0) continue;
        below += count[start];
        double rest = (double)(n - below) / (double)n, after = 1;
        for (size_t k = 0; k < m; k++) after *= rest;
        sum += (before - after) * value[start];
        before = after;
    }
    return sum;
}

struct scored {
    double score;
    uint32_t start;
};

static int by_score(const void *a, const void *b) {
    const struct scored *p = a, *q = b;
    if (p->score != q->score) return p->score < q->score ? -1 : 1;
    return (p->start > q->start) - (p->start < q->start);
}

enum lyap_status lyap_order_by(const double *score, size_t n, uint32_t *order, struct lyap_error *error) {
    struct scored *scored = malloc((n + 1) * sizeof *scored);
    if (!scored || !order) {
        free(scored);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", n);
    }
    for (size_t i = 0; i < n; i++) scored[i] = (struct scored){score[i], (uint32_t)i};
    qsort(scored, n, sizeof *scored, by_score);
    for (size_t i = 0; i < n; i++) order[i] = scored[i].start;
    free(scored);
    return LYAP_OK;
}

size_t lyap_start_pool_row(const struct lyap_start_pool *pool, uint32_t steps) {
    size_t m = 0;
    while (m + 1 < pool->marks && pool->mark[m] != steps) m++;
    return m;
}

size_t lyap_start_pool_stop(const struct lyap_start_pool *pool, uint32_t steps) {
    size_t best = 0;
    double least = INFINITY;
    for (size_t m = 0; m < pool->marks && pool->mark[m] <= steps; m++) {
        double sum = 0;
        for (size_t i = 0; i < pool->starts; i++) sum += pool->loss[m * pool->starts + i];
        if (sum < least) {
            least = sum;
            best = m;
        }
    }
    return best;
}

/* One B, k and M; what the bootstrap resamples. */
struct setting {
    size_t starts, m;
    const double *after, *last;            /* held-out loss of the rule's T and of B */
    const double *other;                   /* of the rival's T; NULL: there is none */
    const uint32_t *mine, *rival, *oracle; /* orders */
    uint32_t *count;                       /* [starts] */
};

static double oracle_gain(const struct setting *s, const uint32_t *index, size_t n, double *mean) {
    memset(s->count, 0, s->starts * sizeof *s->count);
    *mean = 0;
    for (size_t i = 0; i < n; i++) {
        s->count[index[i]]++;
        *mean += s->last[index[i]] / (double)n;
    }
    return *mean - lyap_best_of(s->oracle, s->count, s->starts, n, s->m, s->last);
}

static double gain_of(const void *context, const uint32_t *index, size_t n) {
    const struct setting *s = context;
    double mean, most = oracle_gain(s, index, n, &mean);
    double mine = lyap_best_of(s->mine, s->count, s->starts, n, s->m, s->after);
    return most > 0 ? (mean - mine) / most : (double)NAN;
}

static double rival_of(const void *context, const uint32_t *index, size_t n) {
    const struct setting *s = context;
    double mean, most = oracle_gain(s, index, n, &mean);
    double mine = lyap_best_of(s->mine, s->count, s->starts, n, s->m, s->after);
    double other = lyap_best_of(s->rival, s->count, s->starts, n, s->m, s->other);
    return most > 0 ? (other - mine) / most : (double)NAN;
}

/* The random start does not depend on its score: its mean is over all. */
static double random_gain(const void *context, const uint32_t *index, size_t n) {
    (void)context;
    (void)index;
    return n ? 0 : (double)NAN;
}

static enum lyap_status estimate(struct lyap_estimate *e, lyap_statistic statistic, const struct setting *s,
                                 uint64_t seed, struct lyap_error *error) {
    *e = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
    if (s->starts < 8) return LYAP_OK;
    return lyap_undefined(lyap_bootstrap(statistic, s, s->starts, LYAP_START_CHOICE_RESAMPLES, seed, e, error), error);
}

struct orders {
    uint32_t *of[LYAP_START_CHOICE_LOOKS][LYAP_RULES];
    uint32_t *oracle, *room; /* by the loss after the budget at hand */
};

static enum lyap_status judge_rule(struct lyap_start_choice_cell *cell, const struct lyap_start_pool *pool,
                                   const struct orders *orders, const size_t at[3], int rule, uint32_t *count,
                                   uint64_t seed, struct lyap_error *error) {
    const struct lyap_estimate none = {(double)NAN, (double)NAN, (double)NAN};
    const uint32_t k = lyap_start_choice_look[at[1]], budget = lyap_start_choice_budget[at[0]];
    const size_t m = lyap_start_choice_size[at[2]], n = pool->starts;
    const double *last = pool->loss + lyap_start_pool_stop(pool, budget) * n;
    struct setting s = {
        n,    m, last, last, NULL, orders->of[at[1]][rule], orders->of[at[1]][LYAP_RULE_LOSS_AFTER], orders->oracle,
        count};
    if (rule == LYAP_RULE_ORACLE) s.mine = orders->oracle;
    *cell = (struct lyap_start_choice_cell){.gain = none, .free = none, .rival = none};
    cell->loss = cell->accuracy = (double)NAN;
    cell->steps = lyap_start_choice_steps((enum lyap_rule)rule, k, m, budget);
    const lyap_statistic statistic = rule == LYAP_RULE_RANDOM ? random_gain : gain_of;
    enum lyap_status status = estimate(&cell->free, statistic, &s, seed, error);
    if (status || cell->steps == 0) return status;
    const size_t row = lyap_start_pool_stop(pool, cell->steps);
    const size_t drawn = rule == LYAP_RULE_RANDOM ? 1 : m;
    s.after = pool->loss + row * n;
    status = estimate(&cell->gain, statistic, &s, seed, error);
    for (size_t i = 0; count && i < n; i++) count[i] = 1;
    cell->loss = lyap_best_of(s.mine, count, n, n, drawn, s.after);
    cell->stop = pool->mark[row];
    cell->accuracy = lyap_best_of(s.mine, count, n, n, drawn, pool->accuracy + row * n);
    if (status || (rule != LYAP_RULE_HYBRID && rule != LYAP_RULE_TANGENT)) return status;
    s.other = pool->loss + lyap_start_pool_stop(pool, lyap_start_choice_steps(LYAP_RULE_LOSS_AFTER, k, m, budget)) * n;
    return estimate(&cell->rival, rival_of, &s, seed, error);
}

static enum lyap_status make_orders(struct orders *orders, const struct lyap_start_pool *pool,
                                    struct lyap_error *error) {
    const size_t n = pool->starts;
    *orders =
        (struct orders){.room = malloc((LYAP_START_CHOICE_LOOKS * LYAP_RULES + 2) * (n + 1) * sizeof *orders->room)};
    if (!orders->room) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", n);
    uint32_t *next = orders->room;
    enum lyap_status status = LYAP_OK;
    for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
        for (int rule = 0; rule < LYAP_RULES && !status; rule++, next += n) {
            orders->of[l][rule] = next;
            status = lyap_order_by(pool->score[l][rule], n, next, error);
        }
    orders->oracle = next;
    return status;
}

enum lyap_status lyap_start_choice_compare(struct lyap_start_choice_result *result, const struct lyap_start_pool *pool,
                                           uint64_t seed, struct lyap_error *error) {
    struct orders orders;
    result->pool = pool->starts;
    enum lyap_status status = make_orders(&orders, pool, error);
    if (!orders.room) return status;
    for (size_t b = 0; b < LYAP_START_CHOICE_BUDGETS && !status; b++) {
        const size_t last = lyap_start_pool_stop(pool, lyap_start_choice_budget[b]) * pool->starts;
        uint32_t *count = orders.oracle + pool->starts;
        status = lyap_order_by(pool->loss + last, pool->starts, orders.oracle, error);
        for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
            for (size_t m = 0; m < LYAP_START_CHOICE_SIZES; m++)
                for (int rule = 0; rule < LYAP_RULES && !status; rule++) {
                    struct lyap_start_choice_cell *cell = &result->cell[b][l][m][rule];
                    if (l > 0 && !lyap_rule_looks((enum lyap_rule)rule))
                        *cell = result->cell[b][0][m][rule]; /* does not depend on k */
                    else
                        status = judge_rule(cell, pool, &orders, (const size_t[3]){b, l, m}, rule, count, seed, error);
                }
    }
    free(orders.room);
    return status;
}

/* ---- the pool ---- */

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Every number of steps after which a loss is wanted. */
static size_t list_marks(uint32_t *mark) {
    size_t n = 0, distinct = 0;
    for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++) {
        mark[n++] = lyap_start_choice_look[l];
        for (size_t b = 0; b < LYAP_START_CHOICE_BUDGETS; b++)
            for (size_t s = 0; s < LYAP_START_CHOICE_SIZES; s++)
                for (int rule = 0; rule < LYAP_RULES; rule++) {
                    uint32_t t = lyap_start_choice_steps((enum lyap_rule)rule, lyap_start_choice_look[l],
                                                         lyap_start_choice_size[s], lyap_start_choice_budget[b]);
                    if (t) mark[n++] = t;
                }
    }
    qsort(mark, n, sizeof *mark, ascending);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || mark[i] != mark[distinct - 1]) mark[distinct++] = mark[i];
    return distinct;
}

enum lyap_status lyap_start_pool_new(struct lyap_start_pool *pool, size_t starts, struct lyap_error *error) {
    enum { MOST = LYAP_START_CHOICE_LOOKS * (1 + LYAP_START_CHOICE_BUDGETS * LYAP_START_CHOICE_SIZES * LYAP_RULES) };
    *pool = (struct lyap_start_pool){.starts = starts, .mark = calloc(MOST, sizeof *pool->mark)};
    bool ok = pool->mark != NULL;
    if (ok) {
        pool->marks = list_marks(pool->mark);
        pool->loss = calloc(pool->marks * starts + 1, sizeof *pool->loss);
        pool->accuracy = calloc(pool->marks * starts + 1, sizeof *pool->accuracy);
        ok = pool->loss && pool->accuracy;
    }
    for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
        for (int rule = 0; rule < LYAP_RULES; rule++) {
            pool->score[l][rule] = calloc(starts + 1, sizeof(double));
            ok = ok && pool->score[l][rule];
        }
    return ok ? LYAP_OK : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a pool of %zu starts", starts);
}

void lyap_start_pool_free(struct lyap_start_pool *pool) {
    free(pool->mark);
    free(pool->loss);
    free(pool->accuracy);
    for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
        for (int rule = 0; rule < LYAP_RULES; rule++) free(pool->score[l][rule]);
    *pool = (struct lyap_start_pool){0};
}
