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
     0.01,
     100},
    {{"XOR, wider: 2-16-1 tanh", "2-16-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, "xor", LYAP_INIT_NORMAL, 0, 1, false,
      LYAP_GD, 0, 0.1},
     0.01,
     100},
    {{"noisy 3-bit XOR, 3-4-4-1 sigmoid", "3-4-4-1", LYAP_SIGMOID, EARLIER}, 0.01, 100},
    {{"noisy 3-bit XOR, 3-4-4-1 ReLU", "3-4-4-1", LYAP_RELU, EARLIER}, 0.01, 100},
    {{"two spirals, 2-12-1 tanh", "2-12-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "spirals:48,0.02", LYAP_INIT_NORMAL, 0,
      1, false, LYAP_GD, 0, 0.1},
     0.01,
     100},
    {{"three blobs, 2-6-3 tanh, softmax", "2-6-3", LYAP_TANH, LYAP_LINEAR, LYAP_SOFTMAX, "blobs:48,3,2,0.4",
      LYAP_INIT_NORMAL, 0, 1, false, LYAP_GD, 0, 0.1},
     0.01,
     100},
    {{"noisy XOR, 2-8-1 tanh", NOISY_XOR, LYAP_GD, 0, 0.1}, 0.01, 100},
    {{"the same, momentum 0.9", NOISY_XOR, LYAP_MOMENTUM, 0.9, 0.01}, 0.01, 100},
    {{"the same, Adam", NOISY_XOR, LYAP_ADAM, 0, 0.01}, 0.0001, 10},
    {{"the same, ReLU, momentum 0.5", "2-8-1", LYAP_RELU, LYAP_SIGMOID, LYAP_BCE, "xor-noisy:2,64,0.2",
      LYAP_INIT_NORMAL, 0, 0.5, false, LYAP_MOMENTUM, 0.5, 0.01},
     0.01,
     100},
};

double lyap_first_crossing(const double *lr, const double *median, size_t n) {
    size_t before = n;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(median[i])) continue;
        if (median[i] > 0) {
            if (before == n) return lr[i];
            return lyap_log_between_rounded(lr[before], lr[i], median[before] / (median[before] - median[i]));
        }
        before = i;
    }
    return NAN;
}

/* For the bootstrap over starts: all learning rates have the same starts. */
struct sweep {
    const double *lr, *step; /* [rates], [rates][starts] */
    size_t starts;
    double *scratch; /* [starts] */
};

static double crossing_of(const void *context, const uint32_t *index, size_t n) {
    const struct sweep *s = context;
    double median[LYAP_FURTHER_RATES];
    for (size_t r = 0; r < LYAP_FURTHER_RATES; r++) {
        size_t m = 0;
        for (size_t i = 0; i < n; i++) {
            double value = s->step[r * s->starts + index[i]];
            if (isfinite(value)) s->scratch[m++] = value;
        }
        median[r] = lyap_middle(s->scratch, m);
    }
    return lyap_first_crossing(s->lr, median, LYAP_FURTHER_RATES);
}

static enum lyap_status run_sweep(struct lyap_further_result *result, const struct lyap_prepared *prepared,
                                  const struct lyap_further_sizes *sizes, uint64_t seed, struct lyap_error *error) {
    const uint32_t mark[] = {sizes->epochs};
    const size_t starts = sizes->sweep;
    struct lyap_setting setting[LYAP_FURTHER_RATES];
    struct lyap_sample sample = {0};
    struct lyap_plan plan = prepared->plan;
    plan.neighbours = LYAP_FURTHER_NEIGHBOURS;
    plan.setting.epochs = sizes->epochs;
    plan.starts = starts;
    plan.values = LYAP_FURTHER_RATES;
    plan.settings = setting;
    for (size_t r = 0; r < LYAP_FURTHER_RATES; r++) {
        setting[r] = plan.setting;
        setting[r].lr = result->lr[r];
    }
    double *scratch = malloc(starts * sizeof *scratch);
    enum lyap_status status = scratch ? lyap_sample_run(&sample, &plan, mark, 1, 0, error)
                                      : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    for (size_t r = 0; r < LYAP_FURTHER_RATES && !status; r++) {
        double quartile[3] = {(double)NAN, (double)NAN, (double)NAN};
        size_t m = 0, lost = 0;
        for (size_t i = r * starts; i < (r + 1) * starts; i++) {
            lost += sample.outcome[i] == LYAP_ESCAPED || sample.outcome[i] == LYAP_OVERFLOW;
            if (isfinite(sample.step[i])) scratch[m++] = sample.step[i];
        }
        if (m) lyap_select_quartiles(scratch, m, quartile);
        result->q25[r] = quartile[0];
        result->median[r] = quartile[1];
        result->q75[r] = quartile[2];
        result->lost[r] = (double)lost / (double)starts;
    }
    if (!status) {
        struct sweep s = {result->lr, sample.step, starts, scratch};
        result->from_start = result->median[0] > 0;
        status = lyap_bootstrap(crossing_of, &s, starts, 300, seed, &result->crossing, error);
        if (status) result->crossing = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
        status = lyap_undefined(status, error);
    }
    free(scratch);
    lyap_sample_free(&sample);
    return status;
}

static enum lyap_status count_regimes(const struct lyap_spectrum_chunk *chunk, void *context,
                                      struct lyap_error *error) {
    struct lyap_further_result *result = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) result->regime[chunk->records[i].value][chunk->records[i].regime]++;
    return LYAP_OK;
}

static enum lyap_status run_chaos(struct lyap_further_result *result, const struct lyap_prepared *prepared,
                                  const struct lyap_further_sizes *sizes, struct lyap_error *error) {
    struct lyap_setting setting[LYAP_FURTHER_CHAOS_RATES];
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, prepared->plan.network, prepared->plan.data);
    plan.base = prepared->plan;
    plan.base.starts = sizes->chaos;
    plan.base.setting.epochs = sizes->steps;
    plan.transient = sizes->steps / 4;
    plan.base.values = LYAP_FURTHER_CHAOS_RATES;
    plan.base.settings = setting;
    for (size_t r = 0; r < LYAP_FURTHER_CHAOS_RATES; r++) {
        setting[r] = plan.base.setting;
        setting[r].lr = result->lr[2 * r + 1];
    }
    enum lyap_status status = lyap_spectrum_run(&plan, count_regimes, result, error);
    for (size_t r = 0; r < LYAP_FURTHER_CHAOS_RATES && !status; r++) {
        struct lyap_estimate share = lyap_share(result->regime[r][LYAP_CHAOTIC], sizes->chaos);
        if (share.low > 0.05 && !isfinite(result->first_chaotic)) result->first_chaotic = setting[r].lr;
        if (share.value > result->chaotic.value) {
            result->chaotic = share;
            result->chaotic_lr = setting[r].lr;
        }
    }
    return status;
}

/* Starts drawn into the 45 % .. 55 % band of their own law, so that all of them count. */
static enum lyap_status run_scatter(struct lyap_further_result *result, const struct lyap_prepared *prepared,
                                    size_t starts, uint64_t seed, struct lyap_report *report,
                                    struct lyap_error *error) {
    static const uint32_t first[] = {1}, mark[] = {LYAP_FURTHER_EPOCHS};
    size_t wide = 4 * starts;
    struct lyap_sample sample = {0};
    struct lyap_plan plan = prepared->plan;
    double *scratch = malloc(3 * wide * sizeof *scratch);
    if (!scratch) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", wide);
    plan.starts = wide;
    plan.neighbours = 1;
    plan.setting.epochs = 1;
    enum lyap_status status = lyap_sample_run(&sample, &plan, first, 1, 0, error);
    if (!status) lyap_sample_band(sample.initial, wide, scratch, &result->low, &result->high);
    lyap_sample_free(&sample);
    plan = prepared->plan;
    plan.starts = starts;
    plan.seed++;
    plan.setting.epochs = LYAP_FURTHER_EPOCHS;
    plan.window = true;
    plan.window_low = result->low;
    plan.window_high = result->high;
    lyap_plan_follow(&plan, report, 0.3 / LYAP_FURTHER_CASES);
    if (!status) status = lyap_sample_run(&sample, &plan, mark, 1, 0, error);
    if (!status) {
        double *x = scratch, *y = x + wide, *z = y + wide;
        size_t n =
            lyap_sample_rows(&sample, 0, &(const struct lyap_sample_part){0, starts, LYAP_ANYWHERE, 0, 0}, x, y, z);
        status = lyap_correlations_make(&result->correlation, &(const struct lyap_observations){x, y, z, n}, 500, seed,
                                        error);
    }
    free(scratch);
    lyap_sample_free(&sample);
    return status;
}

enum lyap_status lyap_further_run(struct lyap_further_result *result, const struct lyap_further_case *c,
                                  const struct lyap_further_sizes *sizes, const struct lyap_report_options *options,
                                  struct lyap_report *report, struct lyap_error *error) {
    struct lyap_prepared prepared;
    memset(result, 0, sizeof *result);
    result->chaotic_lr = result->first_chaotic = (double)NAN;
    for (size_t r = 0; r < LYAP_FURTHER_RATES; r++) {
        double share = (double)r / (LYAP_FURTHER_RATES - 1);
        result->lr[r] = lyap_log_between_rounded(c->low, c->high, share);
    }
    enum lyap_status status = lyap_prepare(&prepared, &c->subject, options, error);
    lyap_plan_follow(&prepared.plan, report, 0.4 / LYAP_FURTHER_CASES);
    if (!status) status = run_sweep(result, &prepared, sizes, options->seed, error);
    lyap_plan_follow(&prepared.plan, report, 0.3 / LYAP_FURTHER_CASES);
    if (!status) status = run_chaos(result, &prepared, sizes, error);
    if (!status) status = run_scatter(result, &prepared, sizes->scatter, options->seed, report, error);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_further_compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_further *f = calloc(1, sizeof *f);
    if (!f) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = f;
    uint64_t more = options->full ? 8 : 1;
    f->sizes = (struct lyap_further_sizes){.sweep = (size_t)lyap_report_starts(report, 32 * more, 4),
                                           .chaos = (size_t)lyap_report_starts(report, 24 * more, 4),
                                           .scatter = (size_t)lyap_report_starts(report, 400 * more, 16),
                                           .epochs = lyap_report_steps(report, LYAP_FURTHER_SWEEP_EPOCHS),
                                           .steps = lyap_report_steps(report, options->full        ? 20000
                                                                              : options->scale < 1 ? 400
                                                                                                   : 4000)};
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < LYAP_FURTHER_CASES && !status; c++) {
        const char *name = lyap_further_cases[c].subject.name;
        status = lyap_further_run(&f->result[c], &lyap_further_cases[c], &f->sizes, options, report, error);
        if (status) break;
        const struct lyap_correlations *r = &f->result[c].correlation;
        f->test[c] = lyap_report_test(report, "L1b", r->defined ? r->p : (double)NAN, 0,
                                      "%s, exponent and final loss in the band (Student)", name);
    }
    return status;
}

void lyap_further_release(void *state) {
    free(state);
}
