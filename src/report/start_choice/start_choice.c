/* The scores and the held-out losses of a pool of starts. What they come to is src/report/start_choice/compare_rules.c. */
#include "report/start_choice/start_choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/spectrum.h"
#include "report/common/rounded.h"

const struct lyap_start_choice_case lyap_start_choice_cases[LYAP_START_CHOICE_CASES] = {
    {{"glyphs, 64-6-10 tanh, softmax, lr 1", "64-6-10", LYAP_TANH, LYAP_LINEAR, LYAP_SOFTMAX, "glyphs:1000,0.05",
      LYAP_INIT_NORMAL, 0, 0.3, false, LYAP_GD, 0, 1},
     0.4,
     64},
    {{"noisy XOR, 2-3-1 tanh, lr 0.5", "2-3-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "xor-noisy:2,320,0.25",
      LYAP_INIT_NORMAL, 0, 0.5, false, LYAP_GD, 0, 0.5},
     0.25,
     768},
    {{"two circles, 2-3-1 tanh, lr 0.5", "2-3-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "circles:320,0.1",
      LYAP_INIT_NORMAL, 0, 0.5, false, LYAP_GD, 0, 0.5},
     0.25,
     768},
};

/* ---- training, from mark to mark ---- */

struct taking {
    struct lyap_start_pool *pool;
    size_t mark, starts;
    double *next;  /* [starts][parameters], the weights at the mark */
    double *train; /* [marks][starts], loss on the training data */
    double *score;
    const double *before;
};

static enum lyap_status take_mark(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const size_t cell = (size_t)chunk->records[i].cell, at = t->mark * t->starts + cell;
        const enum lyap_outcome outcome = chunk->records[i].outcome;
        const bool whole = outcome == LYAP_COMPLETE || outcome == LYAP_DEAD;
        t->pool->loss[at] = whole ? chunk->evaluation[i].test_loss : (double)NAN;
        t->pool->accuracy[at] = chunk->evaluation[i].test_accuracy;
        t->train[at] = chunk->evaluation[i].train_loss;
        memcpy(t->next + cell * chunk->parameters, chunk->weights + i * chunk->parameters,
               chunk->parameters * sizeof *t->next);
    }
    return LYAP_OK;
}

/* Plain gradient descent has no state but the weights, so that a run from mark to mark is one run. */
static enum lyap_status train(struct lyap_start_pool *pool, double *losses, const struct lyap_plan *prepared,
                              const double *first, struct lyap_report *report, struct lyap_error *error) {
    const size_t starts = pool->starts, parameters = lyap_network_parameters(prepared->network);
    double *weights = malloc(2 * starts * parameters * sizeof *weights);
    if (!weights) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    double *now = weights, *next = weights + starts * parameters;
    const double all = pool->mark[pool->marks - 1];
    enum lyap_status status = LYAP_OK;
    memcpy(now, first, starts * parameters * sizeof *now);
    for (size_t m = 0; m < pool->marks && !status; m++) {
        struct lyap_plan plan = *prepared;
        struct taking t = {.pool = pool, .mark = m, .starts = starts, .next = next, .train = losses};
        plan.weights = now;
        plan.neighbours = 1;
        plan.evaluate = true;
        plan.last_weights = true;
        plan.setting.epochs = pool->mark[m] - (m ? pool->mark[m - 1] : 0);
        lyap_plan_follow(&plan, report, 0.9 / LYAP_START_CHOICE_CASES * plan.setting.epochs / all);
        status = lyap_ensemble_run(&plan, take_mark, &t, error);
        double *was = now;
        now = next;
        next = was;
    }
    free(weights);
    return status;
}

/* ---- scores ---- */

static enum lyap_status take_hybrid(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        t->score[r->cell] = r->terms ? r->lambda_kw : (double)INFINITY;
    }
    return LYAP_OK;
}

static enum lyap_status take_first_step(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const size_t cell = (size_t)chunk->records[i].cell, n = chunk->parameters;
        const double *w0 = t->before + cell * n, *w1 = chunk->weights + i * n;
        double sum = 0;
        for (size_t p = 0; p < n; p++) sum += (w1[p] - w0[p]) * (w1[p] - w0[p]);
        const double lr = chunk->records[i].lr;
        t->pool->score[0][LYAP_RULE_GRADIENT][cell] = -sum / (lr * lr);
        t->pool->score[0][LYAP_RULE_LOSS_INITIAL][cell] = chunk->records[i].initial_loss;
    }
    return LYAP_OK;
}

static enum lyap_status take_tangent(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    const struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        t->score[r->cell] = r->resolved && r->steps ? chunk->lambda[i * chunk->exponents].lambda : (double)INFINITY;
        if (t->mark == 0) t->pool->score[0][LYAP_RULE_SHARPNESS][r->cell] = r->sharpness_first;
    }
    return LYAP_OK;
}

/* From the same starts as the training. An exponent after k steps has k log ratios. */
static enum lyap_status score(struct lyap_start_pool *pool, const struct lyap_plan *prepared, const double *first,
                              struct lyap_report *report, struct lyap_error *error) {
    struct taking t = {.pool = pool, .before = first};
    struct lyap_plan plan = *prepared;
    const double share = 0.1 / LYAP_START_CHOICE_CASES / (1 + 2 * LYAP_START_CHOICE_LOOKS);
    plan.weights = first;
    plan.neighbours = 1;
    plan.setting.epochs = 1;
    plan.last_weights = true;
    lyap_plan_follow(&plan, report, share);
    enum lyap_status status = lyap_ensemble_run(&plan, take_first_step, &t, error);
    plan.last_weights = false;
    plan.neighbours = LYAP_START_CHOICE_NEIGHBOURS;
    for (size_t look = 0; look < LYAP_START_CHOICE_LOOKS && !status; look++) {
        plan.setting.epochs = lyap_start_choice_look[look] + 1;
        t.score = pool->score[look][LYAP_RULE_HYBRID];
        lyap_plan_follow(&plan, report, share);
        status = lyap_ensemble_run(&plan, take_hybrid, &t, error);
        struct lyap_spectrum_plan tangent;
        lyap_spectrum_defaults(&tangent, prepared->network, prepared->data);
        tangent.base = plan;
        tangent.base.test = NULL;
        tangent.base.setting.epochs = lyap_start_choice_look[look];
        tangent.curvature = look == 0;
        t.mark = look;
        t.score = pool->score[look][LYAP_RULE_TANGENT];
        lyap_plan_follow(&tangent.base, report, share);
        if (!status) status = lyap_spectrum_run(&tangent, take_tangent, &t, error);
    }
    return status;
}

/* ---- the pool ---- */

/* Scores that no look makes are the same for all of them; those of the loss are what training gave. */
static void complete_scores(struct lyap_start_pool *pool, const double *losses) {
    for (size_t look = 0; look < LYAP_START_CHOICE_LOOKS; look++) {
        const size_t row = lyap_start_pool_row(pool, lyap_start_choice_look[look]);
        memcpy(pool->score[look][LYAP_RULE_LOSS_AFTER], losses + row * pool->starts, pool->starts * sizeof *losses);
        for (int rule = 0; rule < LYAP_RULES && look > 0; rule++)
            if (!lyap_rule_looks((enum lyap_rule)rule))
                memcpy(pool->score[look][rule], pool->score[0][rule], pool->starts * sizeof *losses);
    }
}

static bool is_whole(const struct lyap_start_pool *pool, size_t start) {
    for (size_t m = 0; m < pool->marks; m++)
        if (!isfinite(pool->loss[m * pool->starts + start])) return false;
    for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
        for (int rule = 0; rule < LYAP_RULES; rule++)
            if (!isfinite(pool->score[l][rule][start])) return false;
    return true;
}

static void keep_whole(struct lyap_start_pool *pool) {
    const size_t all = pool->starts;
    size_t kept = 0;
    for (size_t i = 0; i < all; i++) {
        if (!is_whole(pool, i)) continue;
        for (size_t m = 0; m < pool->marks; m++) {
            pool->loss[m * all + kept] = lyap_rounded(pool->loss[m * all + i], 8);
            pool->accuracy[m * all + kept] = lyap_rounded(pool->accuracy[m * all + i], 8);
        }
        for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
            for (int rule = 0; rule < LYAP_RULES; rule++)
                pool->score[l][rule][kept] = lyap_rounded(pool->score[l][rule][i], 8);
        kept++;
    }
    for (size_t m = 1; m < pool->marks; m++) {
        memmove(pool->loss + m * kept, pool->loss + m * all, kept * sizeof *pool->loss);
        memmove(pool->accuracy + m * kept, pool->accuracy + m * all, kept * sizeof *pool->accuracy);
    }
    pool->starts = kept;
}

enum lyap_status lyap_start_pool_run(struct lyap_start_pool *pool, const struct lyap_start_choice_case *c,
                                     const struct lyap_report_options *options, struct lyap_report *report,
                                     struct lyap_error *error) {
    struct lyap_prepared prepared;
    struct lyap_dataset test = {0};
    double *first = NULL, *losses = calloc(pool->marks * pool->starts + 1, sizeof *losses);
    enum lyap_status status = lyap_prepare(&prepared, &c->subject, options, error);
    if (!status && !losses) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    if (!status) status = lyap_dataset_split(&prepared.data, &test, c->split, options->seed, error);
    prepared.plan.test = &test;
    prepared.plan.starts = pool->starts;
    if (!status) status = lyap_plan_starts(&first, &prepared.plan, error);
    if (!status) status = train(pool, losses, &prepared.plan, first, report, error);
    if (!status) status = score(pool, &prepared.plan, first, report, error);
    if (!status) complete_scores(pool, losses);
    if (!status) keep_whole(pool);
    free(losses);
    free(first);
    lyap_dataset_free(&test);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_start_choice_compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_start_choice *s = calloc(1, sizeof *s);
    if (!s) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = s;
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES && !status; c++) {
        const struct lyap_start_choice_case *it = &lyap_start_choice_cases[c];
        size_t starts = (size_t)lyap_report_starts(report, (options->full ? 8 : 1) * it->starts, 16);
        status = lyap_start_pool_new(&s->pool[c], starts, error);
        if (!status) status = lyap_start_pool_run(&s->pool[c], it, options, report, error);
        if (!status) status = lyap_start_choice_compare(&s->result[c], &s->pool[c], options->seed, error);
    }
    return status;
}

void lyap_start_choice_release(void *state) {
    struct lyap_start_choice *s = state;
    for (size_t c = 0; s && c < LYAP_START_CHOICE_CASES; c++) lyap_start_pool_free(&s->pool[c]);
    free(s);
}
