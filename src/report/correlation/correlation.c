#include "report/correlation/correlation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/inference.h"
#include "lyapgrad/precision.h"

/* Of the correlations in the bands of the published sample. */
enum { RESAMPLES = 1000 };

const enum lyap_activation lyap_loss_correlation_activation[LYAP_LOSS_CORRELATION_PANELS] = {LYAP_LINEAR, LYAP_SIGMOID,
                                                                                             LYAP_TANH, LYAP_RELU};

struct columns {
    double *x, *y, *z;
};

static enum lyap_status columns_new(struct columns *c, size_t n, struct lyap_error *error) {
    c->x = malloc(3 * n * sizeof *c->x);
    if (!c->x) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", n);
    c->y = c->x + n;
    c->z = c->y + n;
    return LYAP_OK;
}

/* Cuts the sample into runs of the published size, each with its own band. */
static enum lyap_status small_runs(struct lyap_loss_correlation_sample *out, const struct lyap_sample *sample,
                                   size_t size, const struct columns *c, struct lyap_error *error) {
    size_t runs = sample->cells / size;
    for (size_t run = 0; run < runs && run < LYAP_LOSS_CORRELATION_RUNS; run++) {
        double low, high;
        struct lyap_correlations r;
        lyap_sample_band(sample->initial + run * size, size, c->x, &low, &high);
        size_t n = lyap_sample_rows(
            sample, 0, &(const struct lyap_sample_part){run * size, size, LYAP_INSIDE, low, high}, c->x, c->y, c->z);
        enum lyap_status status =
            lyap_correlations_make(&r, &(const struct lyap_observations){c->x, c->y, c->z, n}, 0, 0, error);
        if (status) return status;
        if (!r.defined) continue;
        out->r[out->runs] = r.pearson.value;
        out->run_p[out->runs] = r.p;
        out->run_n[out->runs] = (double)n;
        out->runs++;
        out->below += r.pearson.value < 0;
        out->positive += r.p < 0.05 && r.pearson.value > 0;
        out->negative += r.p < 0.05 && r.pearson.value < 0;
    }
    return LYAP_OK;
}

static enum lyap_status keep_points(struct lyap_loss_correlation_sample *out, const struct columns *c, size_t n,
                                    struct lyap_error *error) {
    size_t bytes = n * sizeof *out->x;
    out->x = malloc(bytes + 1);
    out->y = malloc(bytes + 1);
    out->z = malloc(bytes + 1);
    if (!out->x || !out->y || !out->z) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu points", n);
    memcpy(out->x, c->x, bytes);
    memcpy(out->y, c->y, bytes);
    memcpy(out->z, c->z, bytes);
    out->points = n;
    return LYAP_OK;
}

/* What only the last size has: a p by permutation, its points, and how much of the final loss is the initial one. */
static enum lyap_status last_size(struct lyap_loss_correlation_sample *out, const struct columns *c, size_t n,
                                  uint64_t seed, struct lyap_error *error) {
    out->permutation_p = out->inherited = (double)NAN;
    if (lyap_pearson(c->x, c->z, n, &out->inherited, NULL)) out->inherited = (double)NAN;
    enum lyap_status status = LYAP_OK;
    if (out->inside[LYAP_LOSS_CORRELATION_SIZES - 1].defined)
        status = lyap_permutation_correlation(c->x, c->y, n, LYAP_LOSS_CORRELATION_SHUFFLES, seed, &out->permutation_p,
                                              error);
    return status ? status : keep_points(out, c, n, error);
}

static enum lyap_status sample_sizes(struct lyap_loss_correlation_sample *out, const struct lyap_sample *sample,
                                     const struct lyap_loss_correlation_sizes *sizes, uint64_t seed,
                                     const struct columns *c, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < LYAP_LOSS_CORRELATION_SIZES && !status; i++) {
        size_t size = sizes->size[i];
        double *low = &out->low[i], *high = &out->high[i];
        lyap_sample_band(sample->initial, size, c->x, low, high);
        size_t n = lyap_sample_rows(sample, 0, &(const struct lyap_sample_part){0, size, LYAP_INSIDE, *low, *high},
                                    c->x, c->y, c->z);
        status = lyap_correlations_make(&out->inside[i], &(const struct lyap_observations){c->x, c->y, c->z, n},
                                        RESAMPLES, seed, error);
        if (!status && i + 1 == LYAP_LOSS_CORRELATION_SIZES) status = last_size(out, c, n, seed, error);
    }
    return status ? status : small_runs(out, sample, sizes->size[0], c, error);
}

/* Five epochs, in one precision. */
static enum lyap_status run_sample(struct lyap_loss_correlation_sample *out, enum lyap_activation activation,
                                   enum lyap_precision precision, const struct lyap_loss_correlation_sizes *sizes,
                                   const struct lyap_report_options *options, struct lyap_report *report,
                                   struct lyap_error *error) {
    static const uint32_t mark[] = {LYAP_LOSS_CORRELATION_EPOCHS};
    struct lyap_subject subject = lyap_subject_paper(activation);
    struct lyap_prepared prepared;
    struct lyap_sample sample = {0};
    struct columns c = {0};
    enum lyap_status status = lyap_prepare(&prepared, &subject, options, error);
    prepared.plan.precision = precision;
    prepared.plan.starts = sizes->all;
    prepared.plan.setting.epochs = LYAP_LOSS_CORRELATION_EPOCHS;
    lyap_plan_follow(&prepared.plan, report, 0.2 / (2 * LYAP_LOSS_CORRELATION_PANELS));
    if (!status) status = columns_new(&c, sizes->all, error);
    if (!status) status = lyap_sample_run(&sample, &prepared.plan, mark, 1, 0, error);
    if (!status) status = sample_sizes(out, &sample, sizes, options->seed, &c, error);
    free(c.x);
    lyap_sample_free(&sample);
    lyap_prepared_free(&prepared);
    return status;
}

static enum lyap_status run_rivals(struct lyap_loss_correlation_panel *panel, enum lyap_activation activation,
                                   size_t starts, const struct lyap_report_options *options, struct lyap_report *report,
                                   struct lyap_error *error) {
    const size_t last = LYAP_LOSS_CORRELATION_SIZES - 1;
    const double share = 0.8 / (LYAP_LOSS_CORRELATION_PANELS * (LYAP_RIVAL_RATES + 1));
    struct lyap_rival_setting setting = {.activation = activation,
                                         .low = panel->sample[1].low[last],
                                         .high = panel->sample[1].high[last],
                                         .starts = starts};
    enum lyap_status status = LYAP_OK;
    for (size_t rate = 0; rate < LYAP_RIVAL_RATES && !status; rate++) {
        setting.lr = lyap_rival_rate[rate];
        status = lyap_rivals_run(&panel->inside[rate], &setting, options, report, share, error);
    }
    setting.lr = lyap_rival_rate[0];
    setting.outside = true;
    setting.starts = starts / 2;
    return status ? status : lyap_rivals_run(&panel->outside, &setting, options, report, share, error);
}

enum lyap_status lyap_loss_correlation_run(struct lyap_loss_correlation *choice,
                                           const struct lyap_loss_correlation_sizes *sizes,
                                           const struct lyap_report_options *options, struct lyap_report *report,
                                           struct lyap_error *error) {
    memset(choice, 0, sizeof *choice);
    choice->sizes = *sizes;
    enum lyap_status status = LYAP_OK;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS && !status; p++) {
        struct lyap_loss_correlation_panel *panel = &choice->panel[p];
        const enum lyap_activation activation = lyap_loss_correlation_activation[p];
        for (int precision = 0; precision < 2 && !status; precision++)
            status = run_sample(&panel->sample[precision], activation, precision ? LYAP_FLOAT64 : LYAP_FLOAT32, sizes,
                                options, report, error);
        if (!status) status = run_rivals(panel, activation, sizes->rivals, options, report, error);
    }
    return status;
}

void lyap_loss_correlation_free(struct lyap_loss_correlation *choice) {
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        struct lyap_loss_correlation_panel *panel = &choice->panel[p];
        for (int precision = 0; precision < 2; precision++) {
            struct lyap_loss_correlation_sample *s = &panel->sample[precision];
            free(s->x);
            free(s->y);
            free(s->z);
        }
        for (size_t rate = 0; rate < LYAP_RIVAL_RATES; rate++) lyap_rivals_free(&panel->inside[rate]);
        lyap_rivals_free(&panel->outside);
    }
}

/* The tests of C3, fixed in advance: the published relation in the published sample. */
static void hand_in_tests(struct lyap_loss_correlation *choice, struct lyap_report *report) {
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        if (!lyap_loss_correlation_distinct(p)) continue;
        choice->test[p] =
            lyap_report_test(report, "C3", choice->panel[p].sample[0].permutation_p, LYAP_LOSS_CORRELATION_SHUFFLES,
                             "%s, Pearson's r of exponent and final loss in the band of %zu starts",
                             lyap_activation_name(lyap_loss_correlation_activation[p]), choice->sizes.size[1]);
    }
}

enum lyap_status lyap_loss_correlation_compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_loss_correlation *choice = calloc(1, sizeof *choice);
    if (!choice) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = choice;
    size_t small = (size_t)lyap_report_starts(report, 1000, 40);
    const struct lyap_loss_correlation_sizes sizes = {
        .size = {small, 10 * small},
        .all = LYAP_LOSS_CORRELATION_RUNS * small,
        .rivals = (size_t)lyap_report_starts(report, options->full ? 5000 : 1000, 40)};
    enum lyap_status status = lyap_loss_correlation_run(choice, &sizes, options, report, error);
    if (!status) hand_in_tests(choice, report);
    return status;
}

void lyap_loss_correlation_release(void *state) {
    if (state) lyap_loss_correlation_free(state);
    free(state);
}
