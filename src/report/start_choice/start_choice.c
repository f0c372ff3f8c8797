/* The scores and the losses of a pool of starts. What they come to is src/report/start_choice/compare_rules.c. */
#include "report/start_choice/start_choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/spectrum.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"

const struct lyap_start_choice_case lyap_start_choice_cases[LYAP_START_CHOICE_CASES] = {
    {{"XOR, 2-2-1 sigmoid, lr 0.1", "2-2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, "xor", LYAP_INIT_UNIFORM, 0, 1, true,
      LYAP_GD, 0, 0.1},
     8192,
     6000},
    {{"XOR, 2-2-1 tanh, lr 0.1", "2-2-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, "xor", LYAP_INIT_UNIFORM, 0, 1, true, LYAP_GD,
      0, 0.1},
     8192,
     6000},
    {{"XOR, 2-2-1 ReLU, lr 0.1", "2-2-1", LYAP_RELU, LYAP_RELU, LYAP_MSE, "xor", LYAP_INIT_UNIFORM, 0, 1, true, LYAP_GD,
      0, 0.1},
     8192,
     6000},
    {{"noisy XOR, 2-8-1 tanh, lr 0.3", "2-8-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "xor-noisy:2,64,0.2",
      LYAP_INIT_NORMAL, 0, 0.5, false, LYAP_GD, 0, 0.3},
     1536,
     1500},
    {{"spirals, 2-8-1 tanh, lr 0.5", "2-8-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "spirals:48,0.02", LYAP_INIT_NORMAL, 0,
      0.5, false, LYAP_GD, 0, 0.5},
     1536,
     1500},
    {{"three blobs, 2-6-3 tanh, softmax, lr 0.5", "2-6-3", LYAP_TANH, LYAP_LINEAR, LYAP_SOFTMAX, "blobs:48,3,2,0.4",
      LYAP_INIT_NORMAL, 0, 0.5, false, LYAP_GD, 0, 0.5},
     1536,
     1500},
};

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

enum lyap_status lyap_start_pool_new(struct lyap_start_pool *pool, size_t starts, uint32_t budget,
                                     struct lyap_error *error) {
    memset(pool, 0, sizeof *pool);
    pool->starts = starts;
    pool->mark = calloc(LYAP_START_CHOICE_LOOKS * LYAP_START_CHOICE_SIZES * LYAP_RULES + 1, sizeof *pool->mark);
    pool->hit = calloc(starts, sizeof *pool->hit);
    bool ok = pool->mark && pool->hit;
    for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
        for (int rule = 0; rule < LYAP_RULES; rule++) {
            pool->score[l][rule] = calloc(starts, sizeof(double));
            ok = ok && pool->score[l][rule];
        }
    size_t n = 0;
    if (ok) {
        pool->mark[n++] = budget;
        for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
            for (size_t s = 0; s < LYAP_START_CHOICE_SIZES; s++)
                for (int rule = 0; rule < LYAP_RULES; rule++) {
                    uint32_t t = lyap_start_choice_steps((enum lyap_rule)rule, lyap_start_choice_look[l],
                                                         lyap_start_choice_size[s], budget);
                    if (t) pool->mark[n++] = t;
                }
        qsort(pool->mark, n, sizeof *pool->mark, ascending);
        for (size_t i = 0; i < n; i++)
            if (i == 0 || pool->mark[i] != pool->mark[pool->marks - 1]) pool->mark[pool->marks++] = pool->mark[i];
        pool->loss = calloc(pool->marks * starts, sizeof(double));
    }
    if (!ok || !pool->loss)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a pool of %zu starts", starts);
    return LYAP_OK;
}

void lyap_start_pool_free(struct lyap_start_pool *pool) {
    free(pool->mark);
    free(pool->loss);
    free(pool->hit);
    for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
        for (int rule = 0; rule < LYAP_RULES; rule++) free(pool->score[l][rule]);
    memset(pool, 0, sizeof *pool);
}

struct taking {
    struct lyap_start_pool *pool;
    double target;
    double *score; /* of the run that scores */
    const double *w0;
};

/* A run that ended early keeps the last loss that was finite. */
static enum lyap_status take_losses(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct taking *t = context;
    struct lyap_start_pool *pool = t->pool;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        const double *loss = chunk->loss + i * chunk->stride;
        for (size_t m = 0; m < pool->marks; m++)
            pool->loss[m * pool->starts + r->cell] =
                pool->mark[m] <= r->losses ? loss[pool->mark[m] - 1] : r->final_loss;
        pool->hit[r->cell] = UINT32_MAX;
        for (uint32_t e = 0; e < r->losses; e++)
            if (loss[e] <= t->target) {
                pool->hit[r->cell] = e;
                break;
            }
    }
    return LYAP_OK;
}

static enum lyap_status take_hybrid(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        t->score[r->cell] = r->terms ? r->lambda_kw : (double)INFINITY;
    }
    return LYAP_OK;
}

/* The loss after k steps is the one before step k + 1. */
static enum lyap_status take_loss_after(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        t->score[r->cell] = r->losses == chunk->stride ? r->final_loss : (double)INFINITY;
    }
    return LYAP_OK;
}

static enum lyap_status take_initial_loss(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) t->score[chunk->records[i].cell] = chunk->records[i].initial_loss;
    return LYAP_OK;
}

/* The first step is the learning rate times the gradient; the order of the lengths is that of the squares. */
static enum lyap_status take_gradient(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        size_t cell = (size_t)chunk->records[i].cell, n = chunk->parameters;
        const double *w0 = t->w0 + 2 * cell * n, *w1 = chunk->weights + i * n;
        double sum = 0;
        for (size_t p = 0; p < n; p++) sum += (w1[p] - w0[p]) * (w1[p] - w0[p]);
        t->score[cell] = sum;
    }
    return LYAP_OK;
}

static enum lyap_status take_tangent(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        t->score[r->cell] = r->resolved && r->steps ? chunk->lambda[i * chunk->exponents].lambda : (double)INFINITY;
    }
    return LYAP_OK;
}

/* All scores of one look, from the same starts as the long run: a start depends on seed and cell alone. */
static enum lyap_status run_scores(struct lyap_start_pool *pool, size_t look, const struct lyap_prepared *prepared,
                                   struct lyap_report *report, struct lyap_error *error) {
    const double share = 0.1 / (LYAP_START_CHOICE_CASES * LYAP_START_CHOICE_LOOKS * 5);
    struct taking t = {.pool = pool};
    struct lyap_plan plan = prepared->plan;
    double **score = pool->score[look];
    plan.neighbours = LYAP_START_CHOICE_NEIGHBOURS;
    plan.setting.epochs = lyap_start_choice_look[look] + 1; /* an exponent after k steps has k log ratios */
    t.score = score[LYAP_RULE_HYBRID_LOW];
    lyap_plan_follow(&plan, report, share);
    enum lyap_status status = lyap_ensemble_run(&plan, take_hybrid, &t, error);
    for (size_t i = 0; i < pool->starts && !status; i++)
        score[LYAP_RULE_HYBRID_HIGH][i] = isfinite(t.score[i]) ? -t.score[i] : (double)INFINITY;

    plan = prepared->plan;
    plan.neighbours = 1;
    plan.setting.epochs = lyap_start_choice_look[look] + 1;
    plan.series = true;
    t.score = score[LYAP_RULE_LOSS_AFTER];
    lyap_plan_follow(&plan, report, share);
    if (!status) status = lyap_ensemble_run(&plan, take_loss_after, &t, error);
    lyap_plan_follow(&plan, report, share);
    t.score = score[LYAP_RULE_LOSS_INITIAL];
    if (!status) status = lyap_ensemble_run(&plan, take_initial_loss, &t, error);

    size_t parameters = lyap_network_parameters(plan.network);
    double *w0 = malloc(2 * pool->starts * parameters * sizeof *w0);
    if (!w0 && !status)
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starting points", pool->starts);
    if (!status) status = lyap_ensemble_initial(&plan, 0, pool->starts, w0, error);
    plan.setting.epochs = 1;
    plan.series = false;
    plan.last_weights = true;
    t.score = score[LYAP_RULE_GRADIENT_LOW];
    t.w0 = w0;
    lyap_plan_follow(&plan, report, share);
    if (!status) status = lyap_ensemble_run(&plan, take_gradient, &t, error);
    free(w0);

    struct lyap_spectrum_plan tangent;
    lyap_spectrum_defaults(&tangent, prepared->plan.network, prepared->plan.data);
    tangent.base = prepared->plan;
    tangent.base.setting.epochs = lyap_start_choice_look[look];
    t.score = score[LYAP_RULE_TANGENT_LOW];
    lyap_plan_follow(&tangent.base, report, share);
    return status ? status : lyap_spectrum_run(&tangent, take_tangent, &t, error);
}

static enum lyap_status take_median(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    (void)error;
    for (size_t i = 0; i < chunk->count; i++)
        ((double *)context)[chunk->records[i].cell] = chunk->records[i].final_loss;
    return LYAP_OK;
}

enum lyap_status lyap_start_pool_run(struct lyap_start_pool *pool, struct lyap_start_choice_result *result,
                                     const struct lyap_start_choice_case *c, const struct lyap_report_options *options,
                                     struct lyap_report *report, struct lyap_error *error) {
    struct lyap_prepared prepared;
    size_t some = pool->starts < 256 ? pool->starts : 256;
    double *half = malloc(some * sizeof *half);
    enum lyap_status status = lyap_prepare(&prepared, &c->subject, options, error);
    if (!status && !half) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    prepared.plan.starts = some;
    prepared.plan.neighbours = 1;
    prepared.plan.setting.epochs = c->budget / 2;
    if (!status) status = lyap_ensemble_run(&prepared.plan, take_median, half, error);
    if (!status) result->target = lyap_middle(half, some);
    struct taking t = {.pool = pool, .target = result->target};
    prepared.plan.starts = pool->starts;
    prepared.plan.setting.epochs = c->budget;
    prepared.plan.series = true;
    lyap_plan_follow(&prepared.plan, report, 0.9 / LYAP_START_CHOICE_CASES);
    if (!status) status = lyap_ensemble_run(&prepared.plan, take_losses, &t, error);
    prepared.plan.series = false;

    for (size_t look = 0; look < LYAP_START_CHOICE_LOOKS && !status; look++)
        status = run_scores(pool, look, &prepared, report, error);
    free(half);
    lyap_prepared_free(&prepared);
    return status;
}

static enum lyap_status run_case(struct lyap_start_choice_result *result, const struct lyap_start_choice_case *c,
                                 size_t starts, const struct lyap_report_options *options, struct lyap_report *report,
                                 struct lyap_error *error) {
    struct lyap_start_pool pool;
    result->pool = starts;
    result->budget = c->budget;
    enum lyap_status status = lyap_start_pool_new(&pool, starts, c->budget, error);
    if (!status) status = lyap_start_pool_run(&pool, result, c, options, report, error);
    if (!status) status = lyap_start_choice_compare(result, &pool, c->budget, options->seed, error);
    lyap_start_pool_free(&pool);
    return status;
}

static void hand_in_tests(struct lyap_start_choice *s, struct lyap_report *report) {
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++)
        for (int rule = 1; rule < LYAP_RULE_ORACLE; rule++) {
            const struct lyap_start_choice_result *r = &s->result[c];
            const struct lyap_start_choice_cell *cell =
                &r->cell[LYAP_START_CHOICE_MAIN_LOOK][LYAP_START_CHOICE_MAIN_SIZE][rule];
            const char *name = lyap_rule_name((enum lyap_rule)rule), *subject = lyap_start_choice_cases[c].subject.name;
            if (!lyap_rule_tested((enum lyap_rule)rule)) continue;
            s->chance_test[c][rule] = lyap_report_test(report, "C3d", cell->free_p, LYAP_SHUFFLES,
                                                       "%s, %s, percentile of the chosen against 1/2", subject, name);
            s->paid_test[c][rule] = lyap_report_test(report, "C3e", cell->charged_p, LYAP_SHUFFLES,
                                                     "%s, %s against random, equal compute", subject, name);
            if (rule != LYAP_RULE_HYBRID_LOW && rule != LYAP_RULE_TANGENT_LOW) continue;
            s->rival_test[c][rule] =
                lyap_report_test(report, "C3f", r->rival_p[rule], LYAP_SHUFFLES,
                                 "%s, %s against lowest loss after k, equal compute", subject, name);
        }
}

enum lyap_status lyap_start_choice_compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_start_choice *s = calloc(1, sizeof *s);
    if (!s) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = s;
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES && !status; c++) {
        const struct lyap_start_choice_case *it = &lyap_start_choice_cases[c];
        size_t starts = (size_t)lyap_report_starts(report, (options->full ? 8 : 1) * it->pool, 32);
        status = run_case(&s->result[c], it, starts, options, report, error);
    }
    if (!status) hand_in_tests(s, report);
    return status;
}

void lyap_start_choice_release(void *state) {
    free(state);
}
