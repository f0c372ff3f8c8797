/* What the rules give, from the scores and losses of a pool. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/common/sample.h"
#include "report/start_choice/compare_rules.h"
#include "stats/resampling.h"
#include "lyapgrad/inference.h"

/* FLIPS: the smallest p that it can give is still small after Holm's adjustment for the tests of a whole report. */
enum { RESAMPLES = 200 };

size_t lyap_start_choice_choose(const double *score, size_t first, size_t m) {
    size_t best = first;
    for (size_t i = first + 1; i < first + m; i++)
        if (score[i] < score[best]) best = i;
    return best;
}

/* With an interval where that is asked for. */
static enum lyap_status estimate_mean(struct lyap_estimate *e, const double *values, size_t n, bool interval,
                                      uint64_t seed, struct lyap_error *error) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    *e = (struct lyap_estimate){n ? sum / (double)n : (double)NAN, (double)NAN, (double)NAN};
    if (n < 2 || !interval) return LYAP_OK;
    return lyap_undefined(lyap_bootstrap(lyap_mean_of, values, n, RESAMPLES, seed, e, error), error);
}

static enum lyap_status paired_p(double *p, const double *difference, size_t n, uint64_t seed,
                                 struct lyap_error *error) {
    *p = (double)NAN;
    if (n < 6) return LYAP_OK;
    return lyap_undefined(lyap_permutation_paired(difference, n, LYAP_SHUFFLES, seed, p, error), error);
}

/* The losses of the pool after `steps`. */
static const double *losses_after(const struct lyap_start_pool *pool, uint32_t steps) {
    for (size_t m = 0; m < pool->marks; m++)
        if (pool->mark[m] == steps) return pool->loss + m * pool->starts;
    return NULL;
}

struct setting {
    const struct lyap_start_pool *pool;
    size_t look, size;
    uint32_t budget;
    const double *last, *rank; /* losses after B, and their ranks */
    double *scratch;           /* [3][groups] */
};

static size_t chosen(const struct setting *s, int rule, size_t group) {
    size_t m = lyap_start_choice_size[s->size], first = group * m;
    if (rule == LYAP_RULE_RANDOM) return first;
    if (rule == LYAP_RULE_ORACLE) return lyap_start_choice_choose(s->last, first, m);
    return lyap_start_choice_choose(s->pool->score[s->look][rule], first, m);
}

/* Steps paid until the target: the scores, then the training that is not behind the chosen one yet; B when it is missed. */
static double steps_to_target(const struct setting *s, size_t start, uint32_t steps) {
    uint32_t hit = s->pool->hit[start];
    return hit <= steps ? (double)(s->budget - steps) + hit : (double)s->budget;
}

static enum lyap_status verdict_rule(struct lyap_start_choice_cell *cell, const struct setting *s, int rule, bool main,
                                     bool test, uint64_t seed, struct lyap_error *error) {
    size_t n = s->pool->starts / lyap_start_choice_size[s->size];
    double *saved = s->scratch, *paid = saved + n, *target = paid + n, percentile = 0, loss = 0;
    size_t reached = 0;
    *cell = (struct lyap_start_choice_cell){.groups = n};
    cell->steps = lyap_start_choice_steps((enum lyap_rule)rule, lyap_start_choice_look[s->look],
                                          lyap_start_choice_size[s->size], s->budget);
    const double *after = cell->steps ? losses_after(s->pool, cell->steps) : NULL;
    for (size_t t = 0; t < n; t++) {
        size_t mine = chosen(s, rule, t), other = chosen(s, LYAP_RULE_RANDOM, t);
        percentile += (s->rank[mine] - 0.5) / (double)s->pool->starts;
        saved[t] = (s->rank[mine] - 0.5) / (double)s->pool->starts - 0.5;
        if (!after) continue;
        loss += after[mine];
        paid[t] = after[mine] - s->last[other];
        target[t] = steps_to_target(s, mine, cell->steps) - steps_to_target(s, other, s->budget);
        reached += s->pool->hit[mine] <= cell->steps;
    }
    cell->free_p = cell->charged_p = (double)NAN;
    cell->charged = cell->to_target = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
    cell->percentile = n ? percentile / (double)n : (double)NAN;
    cell->loss = n && after ? loss / (double)n : (double)NAN;
    if (rule == LYAP_RULE_RANDOM && after) { /* any start is as random as the first of its group */
        cell->loss = 0;
        for (size_t i = 0; i < s->pool->starts; i++) cell->loss += after[i] / (double)s->pool->starts;
    }
    cell->reached = n && after ? (double)reached / (double)n : (double)NAN;
    enum lyap_status status = estimate_mean(&cell->free, saved, n, main, seed, error);
    if (!status && test) status = paired_p(&cell->free_p, saved, n, seed, error);
    if (!after || status) return status;
    status = estimate_mean(&cell->charged, paid, n, main, seed, error);
    if (!status) status = estimate_mean(&cell->to_target, target, n, main, seed, error);
    if (!status && test) status = paired_p(&cell->charged_p, paid, n, seed, error);
    return status;
}

/* An exponent against the loss after as many steps, each charged its own price. */
static enum lyap_status verdict_rival(struct lyap_start_choice_result *result, const struct setting *s, int rule,
                                      uint64_t seed, struct lyap_error *error) {
    size_t m = lyap_start_choice_size[s->size], n = s->pool->starts / m;
    uint32_t k = lyap_start_choice_look[s->look];
    uint32_t mine = lyap_start_choice_steps((enum lyap_rule)rule, k, m, s->budget),
             other = lyap_start_choice_steps(LYAP_RULE_LOSS_AFTER, k, m, s->budget);
    result->rival[rule] = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
    result->rival_p[rule] = (double)NAN;
    if (!mine || !other) return LYAP_OK;
    const double *a = losses_after(s->pool, mine), *b = losses_after(s->pool, other);
    for (size_t t = 0; t < n; t++) s->scratch[t] = a[chosen(s, rule, t)] - b[chosen(s, LYAP_RULE_LOSS_AFTER, t)];
    enum lyap_status status = estimate_mean(&result->rival[rule], s->scratch, n, true, seed, error);
    return status ? status : paired_p(&result->rival_p[rule], s->scratch, n, seed, error);
}

enum lyap_status lyap_start_choice_compare(struct lyap_start_choice_result *result, const struct lyap_start_pool *pool,
                                           uint32_t budget, uint64_t seed, struct lyap_error *error) {
    double *rank = malloc(4 * pool->starts * sizeof *rank);
    const double *last = losses_after(pool, budget);
    if (!rank || !last) {
        free(rank);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a pool of %zu starts", pool->starts);
    }
    struct setting s = {.pool = pool, .budget = budget, .last = last, .rank = rank, .scratch = rank + pool->starts};
    enum lyap_status status = lyap_rank(s.last, pool->starts, rank, error);
    for (s.look = 0; s.look < LYAP_START_CHOICE_LOOKS; s.look++)
        for (s.size = 0; s.size < LYAP_START_CHOICE_SIZES; s.size++) {
            bool main = s.size == LYAP_START_CHOICE_MAIN_SIZE, test = main && s.look == LYAP_START_CHOICE_MAIN_LOOK;
            for (int rule = 0; rule < LYAP_RULES && !status; rule++)
                status = verdict_rule(&result->cell[s.look][s.size][rule], &s, rule, main,
                                      test && lyap_rule_tested((enum lyap_rule)rule), seed, error);
            if (!test) continue;
            if (!status) status = verdict_rival(result, &s, LYAP_RULE_HYBRID_LOW, seed, error);
            if (!status) status = verdict_rival(result, &s, LYAP_RULE_TANGENT_LOW, seed, error);
        }
    free(rank);
    return status;
}
