#include "report/questions/chaos.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/spectrum.h"
#include "stats/log_grid.h"

const struct lyap_subject lyap_chaos_subjects[LYAP_CHAOS_CASES] = {
    {"XOR, 2-2-1, weights N(0,2)", "2-2-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, "xor", LYAP_INIT_NORMAL, 0, 2, false,
     LYAP_GD, 0, 0.5},
    {"teacher, 2-4-1, weights N(0,1)", "2-4-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, "teacher:2-2-1,16", LYAP_INIT_NORMAL, 0,
     1, false, LYAP_GD, 0, 0.5},
    {"moons, 2-4-1, weights N(0,1)", "2-4-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, "moons:16,0.1", LYAP_INIT_NORMAL, 0, 1,
     false, LYAP_GD, 0, 0.5},
    {"blobs, 2-6-3, weights N(0,1)", "2-6-3", LYAP_TANH, LYAP_LINEAR, LYAP_SOFTMAX, "blobs:48,3,2,0.4",
     LYAP_INIT_NORMAL, 0, 1, false, LYAP_GD, 0, 4},
};

const char *const lyap_chaos_name[LYAP_CHAOS_CASES] = {"XOR", "teacher", "moons", "blobs"};

/* All starts at all rates, the low one first. */
struct grid {
    size_t starts;
    double lr[LYAP_CHAOS_RATES + 1];
    unsigned char *regime; /* [rates + 1][starts] */
    double *loss;          /* the same, final */
};

static enum lyap_status take(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    const struct grid *g = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        g->regime[r->cell] = (unsigned char)r->regime;
        g->loss[r->cell] = r->final_loss;
    }
    return LYAP_OK;
}

static enum lyap_status run_grid(struct grid *g, const struct lyap_prepared *prepared, uint32_t steps,
                                 struct lyap_report *report, struct lyap_error *error) {
    struct lyap_setting settings[LYAP_CHAOS_RATES + 1];
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, prepared->plan.network, prepared->plan.data);
    plan.base = prepared->plan;
    plan.base.values = LYAP_CHAOS_RATES + 1;
    plan.base.settings = settings;
    plan.transient = steps / 2;
    for (size_t r = 0; r <= LYAP_CHAOS_RATES; r++) settings[r] = (struct lyap_setting){g->lr[r], 1e-4, steps};
    lyap_plan_follow(&plan.base, report, 0.2 / LYAP_CHAOS_CASES);
    return lyap_spectrum_run(&plan, take, g, error);
}

static bool calm(unsigned char regime) {
    return regime != LYAP_CHAOTIC && regime != LYAP_DIVERGED && regime != LYAP_UNBOUNDED && regime != LYAP_UNDECIDED;
}

static void choose(struct lyap_chaos_result *result, const struct grid *g) {
    for (size_t i = 0; i < g->starts && result->run; i++) {
        size_t r = 1;
        while (r <= LYAP_CHAOS_RATES && g->regime[r * g->starts + i] != LYAP_CHAOTIC) r++;
        if (r > LYAP_CHAOS_RATES || !calm(g->regime[i])) continue;
        result->run[result->chaotic++] = (struct lyap_chaos_start){
            .start = i, .lr = g->lr[r], .chaos = g->loss[r * g->starts + i], .calm = g->loss[i]};
    }
}

struct cooling {
    double *weights, *loss;
};

static enum lyap_status take_cooling(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct cooling *c = context;
    (void)error;
    if (c->weights)
        memcpy(c->weights + chunk->first_cell * chunk->parameters, chunk->weights,
               chunk->count * chunk->parameters * sizeof(double));
    if (c->loss)
        for (size_t i = 0; i < chunk->count; i++) c->loss[chunk->first_cell + i] = chunk->records[i].final_loss;
    return LYAP_OK;
}

/* Half of the steps at each rate, for the starts that take it; then the other half at the low rate, all together. */
static enum lyap_status cool(struct lyap_chaos_result *result, const struct lyap_prepared *prepared,
                             const double *initial, const struct grid *g, uint32_t steps, struct lyap_error *error) {
    const size_t n = result->chaotic, p = lyap_network_parameters(&prepared->network);
    double *weights = malloc((2 * n * p + 2 * n + 1) * sizeof *weights);
    size_t *place = malloc((n + 1) * sizeof *place), done = 0;
    struct lyap_plan plan = prepared->plan;
    enum lyap_status status = LYAP_OK;
    if (!weights || !place || !result->run) {
        free(weights);
        free(place);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", n);
    }
    double *some = weights + n * p, *loss = some + n * p;
    plan.neighbours = 1;
    plan.last_weights = true;
    for (size_t r = 1; r <= LYAP_CHAOS_RATES && !status; r++) {
        size_t m = 0;
        for (size_t i = 0; i < n; i++)
            if (result->run[i].lr == g->lr[r]) {
                memcpy(some + m++ * p, initial + result->run[i].start * p, p * sizeof *some);
                place[done + m - 1] = i;
            }
        plan.weights = some;
        plan.starts = m;
        plan.setting = (struct lyap_setting){g->lr[r], 1e-4, steps / 2};
        if (m) status = lyap_ensemble_run(&plan, take_cooling, &(struct cooling){weights + done * p, NULL}, error);
        done += m;
    }
    plan.weights = weights;
    plan.starts = done;
    plan.last_weights = false;
    plan.setting = (struct lyap_setting){g->lr[0], 1e-4, steps - steps / 2};
    if (!status && done) status = lyap_ensemble_run(&plan, take_cooling, &(struct cooling){NULL, loss}, error);
    for (size_t i = 0; i < done && !status; i++) result->run[place[i]].cooled = loss[i];
    free(weights);
    free(place);
    return status;
}

static enum lyap_status judge(struct lyap_chaos_result *result, uint64_t seed, struct lyap_error *error) {
    const struct lyap_estimate none = {(double)NAN, (double)NAN, (double)NAN};
    const size_t n = result->chaotic;
    size_t lower[2] = {0, 0};
    double *difference = malloc((2 * n + 1) * sizeof *difference);
    if (!difference) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", n);
    result->chaos_calm = result->cooled_calm = result->chaos_lower = result->cooled_lower = none;
    for (size_t i = 0; i < n; i++) {
        difference[i] = result->run[i].chaos - result->run[i].calm;
        difference[n + i] = result->run[i].cooled - result->run[i].calm;
        lower[0] += difference[i] < 0;
        lower[1] += difference[n + i] < 0;
    }
    enum lyap_status status = LYAP_OK;
    if (n >= 2) {
        status = lyap_bootstrap_median(difference, n, LYAP_CHAOS_RESAMPLES, seed, &result->chaos_calm, error);
        if (!status)
            status = lyap_bootstrap_median(difference + n, n, LYAP_CHAOS_RESAMPLES, seed, &result->cooled_calm, error);
        status = lyap_undefined(status, error);
        result->chaos_lower = lyap_share(lower[0], n);
        result->cooled_lower = lyap_share(lower[1], n);
    }
    free(difference);
    return status;
}

static enum lyap_status run_case(struct lyap_chaos *q, size_t c, const struct lyap_report_options *options,
                                 struct lyap_report *report, struct lyap_error *error) {
    struct lyap_chaos_result *result = &q->result[c];
    struct lyap_prepared prepared;
    struct grid g = {.starts = q->starts};
    double *initial = NULL;
    const size_t cells = (LYAP_CHAOS_RATES + 1) * q->starts;
    g.lr[0] = lyap_chaos_subjects[c].lr;
    lyap_log_grid(2 * g.lr[0], 16 * g.lr[0], LYAP_CHAOS_RATES, g.lr + 1);
    enum lyap_status status = lyap_prepare(&prepared, &lyap_chaos_subjects[c], options, error);
    prepared.plan.starts = q->starts;
    if (!status) status = lyap_plan_starts(&initial, &prepared.plan, error);
    prepared.plan.weights = initial;
    g.regime = calloc(cells, 1);
    g.loss = malloc(cells * sizeof *g.loss);
    result->run = calloc(q->starts, sizeof *result->run);
    if (!status && (!g.regime || !g.loss || !result->run))
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu cells", cells);
    if (!status) status = run_grid(&g, &prepared, q->steps, report, error);
    if (!status) choose(result, &g);
    if (!status) status = cool(result, &prepared, initial, &g, q->steps, error);
    if (!status) status = judge(result, options->seed, error);
    free(g.regime);
    free(g.loss);
    free(initial);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_chaos_run(struct lyap_chaos *q, size_t starts, uint32_t steps,
                                const struct lyap_report_options *options, struct lyap_report *report,
                                struct lyap_error *error) {
    memset(q, 0, sizeof *q);
    q->starts = starts;
    q->steps = steps;
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < LYAP_CHAOS_CASES && !status; c++) status = run_case(q, c, options, report, error);
    return status;
}

void lyap_chaos_free(struct lyap_chaos *q) {
    for (size_t c = 0; c < LYAP_CHAOS_CASES; c++) free(q->result[c].run);
    memset(q, 0, sizeof *q);
}
