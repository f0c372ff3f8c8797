/* N: the order of starts in both precisions, over the population and at the horizon of the paper's claim. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/precision/precision.h"
#include "lyapgrad/precision.h"

/* The band of the published starts' initial losses, from ten times as many as are ranked. */
static enum lyap_status find_band(struct lyap_precision_ranks *ranks, const struct lyap_plan *given, size_t starts,
                                  struct lyap_error *error) {
    static const uint32_t first[] = {1};
    struct lyap_sample sample;
    struct lyap_plan plan = *given;
    plan.starts = 10 * starts;
    plan.neighbours = 1;
    plan.setting.epochs = 1;
    double *scratch = malloc(10 * starts * sizeof *scratch);
    if (!scratch) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", 10 * starts);
    enum lyap_status status = lyap_sample_run(&sample, &plan, first, 1, 0, error);
    if (!status) lyap_sample_band(sample.initial, 10 * starts, scratch, &ranks->low, &ranks->high);
    lyap_sample_free(&sample);
    free(scratch);
    return status;
}

static enum lyap_status agree(struct lyap_precision_ranks *ranks, size_t horizon, size_t starts, uint64_t seed,
                              struct lyap_error *error) {
    const double *f32 = ranks->exponent[0] + horizon * starts, *f64 = ranks->exponent[1] + horizon * starts;
    double *x = malloc(3 * starts * sizeof *x);
    if (!x) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    double *y = x + starts, *z = y + starts;
    size_t n = 0, same = 0;
    for (size_t i = 0; i < starts; i++) {
        if (!isfinite(f32[i]) || !isfinite(f64[i])) continue;
        x[n] = f32[i];
        y[n] = f64[i];
        z[n++] = ranks->initial[i];
        same += (f32[i] > 0) == (f64[i] > 0);
    }
    ranks->same_sign[horizon] = n ? (double)same / (double)n : (double)NAN;
    enum lyap_status status = lyap_correlations_make(
        &ranks->agree[horizon], &(const struct lyap_observations){x, y, z, n}, LYAP_PRECISION_RESAMPLES, seed, error);
    free(x);
    return status;
}

/* Both precisions from the same points: a window that is applied in each could draw one of them anew. */
static enum lyap_status run_both(struct lyap_precision_ranks *ranks, struct lyap_plan *plan, struct lyap_report *report,
                                 struct lyap_error *error) {
    const size_t starts = (size_t)plan->starts, n = LYAP_PRECISION_HORIZONS * starts;
    double *weights;
    enum lyap_status status = lyap_plan_starts(&weights, plan, error);
    plan->weights = weights;
    for (int precision = 0; precision < 2 && !status; precision++) {
        struct lyap_sample sample;
        plan->precision = precision ? LYAP_FLOAT64 : LYAP_FLOAT32;
        lyap_plan_follow(plan, report, 0.05 / LYAP_PRECISION_PANELS);
        status = lyap_sample_run(&sample, plan, lyap_precision_horizon, LYAP_PRECISION_HORIZONS, 0, error);
        if (!status) memcpy(ranks->exponent[precision], sample.kw, n * sizeof *sample.kw);
        if (!status) memcpy(ranks->initial, sample.initial, starts * sizeof *sample.initial);
        lyap_sample_free(&sample);
    }
    free(weights);
    return status;
}

static enum lyap_status run(struct lyap_precision_ranks *ranks, size_t panel, size_t starts,
                            const struct lyap_report_options *options, struct lyap_report *report,
                            struct lyap_error *error) {
    const struct lyap_subject subject = lyap_subject_paper(lyap_precision_activation[panel]);
    struct lyap_prepared prepared;
    ranks->initial = malloc((1 + 2 * LYAP_PRECISION_HORIZONS) * starts * sizeof *ranks->initial);
    if (!ranks->initial) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    ranks->exponent[0] = ranks->initial + starts;
    ranks->exponent[1] = ranks->exponent[0] + LYAP_PRECISION_HORIZONS * starts;
    enum lyap_status status = lyap_prepare(&prepared, &subject, options, error);
    if (!status) status = find_band(ranks, &prepared.plan, starts, error);
    prepared.plan.starts = starts;
    prepared.plan.seed++; /* not the starts that made the band */
    prepared.plan.setting.lr = lyap_precision_rate[0];
    prepared.plan.setting.epochs = LYAP_PRECISION_EPOCHS;
    prepared.plan.window_low = ranks->low;
    prepared.plan.window_high = ranks->high;
    if (!status) status = run_both(ranks, &prepared.plan, report, error);
    for (size_t h = 0; h < LYAP_PRECISION_HORIZONS && !status; h++)
        status = agree(ranks, h, starts, options->seed, error);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_precision_rank(struct lyap_precision_state *state, const struct lyap_report_options *options,
                                     struct lyap_report *report, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t p = 0; p < LYAP_PRECISION_PANELS && !status; p++)
        status = run(&state->ranks[p], p, state->starts, options, report, error);
    return status;
}

void lyap_precision_ranks_free(struct lyap_precision_state *state) {
    for (size_t p = 0; state && p < LYAP_PRECISION_PANELS; p++) free(state->ranks[p].initial);
}
