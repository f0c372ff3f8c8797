#include "report/further/further.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/quantile_select.h"
#include "stats/log_grid.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/spectrum.h"

#define NOISY_XOR "2-8-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "xor-noisy:2,64,0.2", LYAP_INIT_NORMAL, 0, 0.5, false
#define EARLIER LYAP_SIGMOID, LYAP_MSE, "xor-noisy:3,32,0.3", LYAP_INIT_NORMAL, 0, 1, false, LYAP_GD, 0, 0.1

const struct lyap_further_case lyap_further_cases[LYAP_FURTHER_CASES] = {
    {{"XOR, deeper: 2-4-4-1 tanh", "2-4-4-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, "xor", LYAP_INIT_NORMAL, 0, 1, false,
      LYAP_GD, 0, 0.1},
     0.1,
     100},
    {{"XOR, wider: 2-16-1 tanh", "2-16-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, "xor", LYAP_INIT_NORMAL, 0, 1, false,
      LYAP_GD, 0, 0.1},
     0.1,
     100},
    {{"noisy 3-bit XOR, 3-4-4-1 sigmoid", "3-4-4-1", LYAP_SIGMOID, EARLIER}, 0.1, 100},
    {{"noisy 3-bit XOR, 3-4-4-1 ReLU", "3-4-4-1", LYAP_RELU, EARLIER}, 0.1, 100},
    {{"two spirals, 2-12-1 tanh", "2-12-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "spirals:48,0.02", LYAP_INIT_NORMAL, 0,
      1, false, LYAP_GD, 0, 0.1},
     0.1,
     100},
    {{"three blobs, 2-6-3 tanh, softmax", "2-6-3", LYAP_TANH, LYAP_LINEAR, LYAP_SOFTMAX, "blobs:48,3,2,0.4",
      LYAP_INIT_NORMAL, 0, 1, false, LYAP_GD, 0, 0.1},
     0.1,
     100},
    {{"noisy XOR, 2-8-1 tanh", NOISY_XOR, LYAP_GD, 0, 0.1}, 0.1, 100},
    {{"noisy XOR, 2-8-1 tanh, momentum", NOISY_XOR, LYAP_MOMENTUM, 0.9, 0.01}, 0.1, 100},
    {{"noisy XOR, 2-8-1 tanh, Adam", NOISY_XOR, LYAP_ADAM, 0, 0.01}, 0.001, 10},
    {{"noisy XOR, 2-8-1 ReLU, momentum", "2-8-1", LYAP_RELU, LYAP_SIGMOID, LYAP_BCE, "xor-noisy:2,64,0.2",
      LYAP_INIT_NORMAL, 0, 0.5, false, LYAP_MOMENTUM, 0.5, 0.01},
     0.1,
     100},
};

const struct lyap_further_horizon lyap_further_horizons[LYAP_FURTHER_HORIZONS] = {
    {5, 5, "5 epochs"}, {20, 20, "20 epochs"}, {100, 100, "100 epochs"}, {20, 500, "20, loss at 500"}};
static const uint32_t exponent_marks[LYAP_FURTHER_EXPONENTS] = {5, 20, 100};

size_t lyap_further_exponent(size_t h) {
    size_t i = 0;
    while (i + 1 < LYAP_FURTHER_EXPONENTS && exponent_marks[i] != lyap_further_horizons[h].exponent) i++;
    return i;
}

/* ---- C1 ---- */

static enum lyap_status take_regimes(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct lyap_further_run *run = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const bool defined = r->resolved && r->steps && r->regime != LYAP_DIVERGED;
        run[r->cell].regime = (unsigned char)r->regime;
        run[r->cell].lambda = defined ? chunk->lambda[i * chunk->exponents].lambda : (double)NAN;
    }
    return LYAP_OK;
}

static size_t chaotic_of(const struct lyap_further_run *run, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += run[i].regime == LYAP_CHAOTIC;
    return count;
}

void lyap_further_choose(struct lyap_further_result *result, size_t starts) {
    const size_t half = starts / 2;
    size_t chosen = 0, most = 0;
    for (size_t r = 0; r < LYAP_FURTHER_RATES; r++) {
        const size_t n = chaotic_of(result->run + r * starts, half);
        if (n > most) most = n, chosen = r;
    }
    result->chosen_lr = result->lr[chosen];
    result->chaotic = lyap_share(chaotic_of(result->run + chosen * starts + half, starts - half), starts - half);
}

static enum lyap_status run_chaos(struct lyap_further_result *result, const struct lyap_prepared *prepared,
                                  const struct lyap_further_sizes *sizes, struct lyap_report *report,
                                  struct lyap_error *error) {
    struct lyap_setting setting[LYAP_FURTHER_RATES];
    struct lyap_spectrum_plan plan;
    result->run = calloc(LYAP_FURTHER_RATES * sizes->chaos, sizeof *result->run);
    if (!result->run) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", sizes->chaos);
    lyap_spectrum_defaults(&plan, prepared->plan.network, prepared->plan.data);
    plan.base = prepared->plan;
    plan.base.starts = sizes->chaos;
    plan.base.setting.epochs = sizes->steps;
    plan.transient = sizes->steps / 4;
    plan.base.values = LYAP_FURTHER_RATES;
    plan.base.settings = setting;
    for (size_t r = 0; r < LYAP_FURTHER_RATES; r++) {
        setting[r] = plan.base.setting;
        setting[r].lr = result->lr[r];
    }
    lyap_plan_follow(&plan.base, report, 0.6 / LYAP_FURTHER_CASES);
    enum lyap_status status = lyap_spectrum_run(&plan, take_regimes, result->run, error);
    if (!status) lyap_further_choose(result, sizes->chaos);
    return status;
}

/* ---- C3 ---- */

/* The 45 % .. 55 % band of the initial losses of the case's own starts. */
static enum lyap_status find_band(struct lyap_further_result *result, const struct lyap_plan *given, size_t starts,
                                  struct lyap_error *error) {
    static const uint32_t first[] = {1};
    struct lyap_sample sample;
    struct lyap_plan plan = *given;
    double *scratch = malloc(starts * sizeof *scratch);
    if (!scratch) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    plan.starts = starts;
    plan.neighbours = 1;
    plan.setting.epochs = 1;
    enum lyap_status status = lyap_sample_run(&sample, &plan, first, 1, 0, error);
    if (!status) lyap_sample_band(sample.initial, starts, scratch, &result->low, &result->high);
    lyap_sample_free(&sample);
    free(scratch);
    return status;
}

/* Exponents from the ensembles; then the losses of the parents alone, which the engine gives one neighbour. */
static enum lyap_status run_starts(struct lyap_further_result *result, struct lyap_plan *plan,
                                   struct lyap_report *report, struct lyap_error *error) {
    const size_t starts = (size_t)plan->starts;
    uint32_t marks[LYAP_FURTHER_HORIZONS];
    struct lyap_sample sample;
    plan->setting.epochs = exponent_marks[LYAP_FURTHER_EXPONENTS - 1];
    lyap_plan_follow(plan, report, 0.3 / LYAP_FURTHER_CASES);
    enum lyap_status status = lyap_sample_run(&sample, plan, exponent_marks, LYAP_FURTHER_EXPONENTS, 0, error);
    if (!status) memcpy(result->kw, sample.kw, LYAP_FURTHER_EXPONENTS * starts * sizeof *result->kw);
    lyap_sample_free(&sample);
    for (size_t h = 0; h < LYAP_FURTHER_HORIZONS; h++) marks[h] = lyap_further_horizons[h].loss;
    plan->setting.epochs = marks[LYAP_FURTHER_HORIZONS - 1];
    plan->neighbours = 1;
    lyap_plan_follow(plan, report, 0.1 / LYAP_FURTHER_CASES);
    if (!status) {
        status = lyap_sample_run(&sample, plan, marks, LYAP_FURTHER_HORIZONS, 0, error);
        if (!status) memcpy(result->loss, sample.loss, LYAP_FURTHER_HORIZONS * starts * sizeof *result->loss);
        if (!status) memcpy(result->initial, sample.initial, starts * sizeof *result->initial);
        lyap_sample_free(&sample);
    }
    return status;
}

static enum lyap_status correlate(struct lyap_further_result *result, size_t h, size_t starts, uint64_t seed,
                                  struct lyap_error *error) {
    double *x = malloc(3 * starts * sizeof *x);
    const double *kw = result->kw + lyap_further_exponent(h) * starts, *loss = result->loss + h * starts;
    if (!x) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    double *y = x + starts, *z = y + starts;
    size_t n = 0;
    for (size_t i = 0; i < starts; i++) {
        if (!isfinite(kw[i]) || !isfinite(loss[i])) continue;
        x[n] = loss[i];
        y[n] = kw[i];
        z[n++] = result->initial[i];
    }
    enum lyap_status status = lyap_correlations_make(
        &result->correlation[h], &(const struct lyap_observations){x, y, z, n}, LYAP_FURTHER_RESAMPLES, seed, error);
    free(x);
    return status;
}

static enum lyap_status run_scatter(struct lyap_further_result *result, const struct lyap_prepared *prepared,
                                    size_t starts, uint64_t seed, struct lyap_report *report,
                                    struct lyap_error *error) {
    struct lyap_plan plan = prepared->plan;
    result->initial = malloc((1 + LYAP_FURTHER_EXPONENTS + LYAP_FURTHER_HORIZONS) * starts * sizeof *result->initial);
    if (!result->initial) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    result->kw = result->initial + starts;
    result->loss = result->kw + LYAP_FURTHER_EXPONENTS * starts;
    enum lyap_status status = find_band(result, &plan, 4 * starts, error);
    plan.starts = starts;
    plan.seed++; /* not the starts that made the band */
    plan.window = true;
    plan.window_low = result->low;
    plan.window_high = result->high;
    if (!status) status = run_starts(result, &plan, report, error);
    for (size_t h = 0; h < LYAP_FURTHER_HORIZONS && !status; h++) status = correlate(result, h, starts, seed, error);
    return status;
}

/* ---- the section ---- */

enum lyap_status lyap_further_run_case(struct lyap_further_result *result, const struct lyap_further_case *c,
                                       const struct lyap_further_sizes *sizes,
                                       const struct lyap_report_options *options, struct lyap_report *report,
                                       struct lyap_error *error) {
    struct lyap_prepared prepared;
    memset(result, 0, sizeof *result);
    lyap_log_grid(c->low, c->high, LYAP_FURTHER_RATES, result->lr);
    enum lyap_status status = lyap_prepare(&prepared, &c->subject, options, error);
    if (!status) status = run_chaos(result, &prepared, sizes, report, error);
    if (!status) status = run_scatter(result, &prepared, sizes->scatter, options->seed, report, error);
    lyap_prepared_free(&prepared);
    return status;
}

void lyap_further_free(struct lyap_further_result *result) {
    free(result->run);
    free(result->initial);
    memset(result, 0, sizeof *result);
}

static enum lyap_status find_median(struct lyap_further *f, size_t h, uint64_t seed, struct lyap_error *error) {
    double value[LYAP_FURTHER_CASES];
    size_t n = 0;
    f->median[h] = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++)
        if (f->result[c].correlation[h].defined) value[n++] = f->result[c].correlation[h].spearman.value;
    if (n < LYAP_FURTHER_CASES) return LYAP_OK;
    return lyap_undefined(lyap_bootstrap_median(value, n, LYAP_FURTHER_RESAMPLES, seed, &f->median[h], error), error);
}

enum lyap_status lyap_further_compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_further *f = calloc(1, sizeof *f);
    if (!f) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = f;
    const uint64_t more = options->full ? 8 : 1;
    f->sizes = (struct lyap_further_sizes){.chaos = (size_t)lyap_report_starts(report, 36 * more, 4) / 2 * 2,
                                           .scatter = (size_t)lyap_report_starts(report, 300 * more, 16),
                                           .steps = lyap_report_steps(report, options->full        ? 20000
                                                                              : options->scale < 1 ? 400
                                                                                                   : 2400)};
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < LYAP_FURTHER_CASES && !status; c++)
        status = lyap_further_run_case(&f->result[c], &lyap_further_cases[c], &f->sizes, options, report, error);
    for (size_t h = 0; h < LYAP_FURTHER_HORIZONS && !status; h++) status = find_median(f, h, options->seed, error);
    return status;
}

void lyap_further_release(void *state) {
    struct lyap_further *f = state;
    for (size_t c = 0; f && c < LYAP_FURTHER_CASES; c++) lyap_further_free(&f->result[c]);
    free(f);
}
