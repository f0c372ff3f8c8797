#include "report/correlation/correlation.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/precision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the correlation in the largest sample, 10,000 starts: five times as many cost more than the runs. */
enum { PERMUTATIONS = 2000 };

const enum lyap_activation lyap_loss_correlation_activation[LYAP_LOSS_CORRELATION_PANELS] = {LYAP_LINEAR, LYAP_SIGMOID,
                                                                                             LYAP_TANH, LYAP_RELU};
const double lyap_loss_correlation_rate[LYAP_LOSS_CORRELATION_RATES] = {0.001, 0.01, 0.1, 1};
const uint32_t lyap_loss_correlation_horizon[LYAP_LOSS_CORRELATION_HORIZONS] = {5, 20, 100, 500, 2000};

/* More rows need fewer resamples for an interval that is as good to the eye, and cost more. */
static uint32_t resamples_of(size_t n) {
    return n <= 2000 ? 1000 : n <= 12000 ? 200 : 100;
}

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

/* Cuts the largest sample into runs of the published size, each with its own band. */
static enum lyap_status small_runs(struct lyap_loss_correlation_sample *out, const struct lyap_sample *sample,
                                   size_t size, const struct columns *c, struct lyap_error *error) {
    size_t runs = sample->cells / size;
    double whole = out->inside[LYAP_LOSS_CORRELATION_SIZES - 1].pearson.value;
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
        out->opposite += r.pearson.value * whole < 0;
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

static enum lyap_status sample_sizes(struct lyap_loss_correlation_sample *out, const struct lyap_sample *sample,
                                     const struct lyap_loss_correlation_sizes *sizes, uint64_t seed,
                                     const struct columns *c, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < LYAP_LOSS_CORRELATION_SIZES && !status; i++) {
        size_t size = sizes->size[i];
        double *low = &out->low[i], *high = &out->high[i];
        lyap_sample_band(sample->initial, size, c->x, low, high);
        size_t n = lyap_sample_rows(
            sample, 0, &(const struct lyap_sample_part){0, size, LYAP_OUTSIDE_BAND, *low, *high}, c->x, c->y, c->z);
        status = lyap_correlations_make(&out->outside[i], &(const struct lyap_observations){c->x, c->y, c->z, n},
                                        resamples_of(n), seed, error);
        n = lyap_sample_rows(sample, 0, &(const struct lyap_sample_part){0, size, LYAP_INSIDE, *low, *high}, c->x, c->y,
                             c->z);
        if (!status)
            status = lyap_correlations_make(&out->inside[i], &(const struct lyap_observations){c->x, c->y, c->z, n},
                                            resamples_of(n), seed, error);
        if (!status && i == 0) {
            out->permutation_p = NAN;
            if (out->inside[i].defined)
                status = lyap_permutation_correlation(c->x, c->y, n, PERMUTATIONS, seed, &out->permutation_p, error);
        }
        if (!status && i == 1) status = keep_points(out, c, n, error);
        if (!status && i + 1 == LYAP_LOSS_CORRELATION_SIZES && lyap_pearson(c->x, c->z, n, &out->inherited, NULL))
            out->inherited = (double)NAN;
    }
    return status ? status : small_runs(out, sample, sizes->size[0], c, error);
}

/* Five epochs of the largest size, in one precision. */
static enum lyap_status run_sample(struct lyap_loss_correlation_sample *out, enum lyap_activation activation,
                                   enum lyap_precision precision, const struct lyap_loss_correlation_sizes *sizes,
                                   const struct lyap_report_options *options, struct lyap_report *report,
                                   struct lyap_error *error) {
    static const uint32_t mark[] = {LYAP_LOSS_CORRELATION_EPOCHS};
    struct lyap_subject subject = lyap_subject_paper(activation);
    struct lyap_prepared prepared;
    struct lyap_sample sample = {0};
    struct columns c = {0};
    size_t most = sizes->size[LYAP_LOSS_CORRELATION_SIZES - 1];
    enum lyap_status status = lyap_prepare(&prepared, &subject, options, error);
    prepared.plan.precision = precision;
    prepared.plan.starts = most;
    prepared.plan.setting.epochs = LYAP_LOSS_CORRELATION_EPOCHS;
    lyap_plan_follow(&prepared.plan, report, 0.5 / (2 * LYAP_LOSS_CORRELATION_PANELS));
    if (!status) status = columns_new(&c, most, error);
    if (!status) status = lyap_sample_run(&sample, &prepared.plan, mark, 1, 0, error);
    if (!status) status = sample_sizes(out, &sample, sizes, options->seed, &c, error);
    free(c.x);
    lyap_sample_free(&sample);
    lyap_prepared_free(&prepared);
    return status;
}

/* The longest horizon at one learning rate, from starts in the band; all shorter ones are its beginnings. */
static enum lyap_status run_horizons(struct lyap_loss_correlation_panel *panel, enum lyap_activation activation,
                                     size_t rate, const struct lyap_loss_correlation_sizes *sizes,
                                     const struct lyap_report_options *options, struct lyap_report *report,
                                     struct lyap_error *error) {
    const size_t last = LYAP_LOSS_CORRELATION_HORIZONS - 1, n = sizes->horizon_starts;
    const struct lyap_loss_correlation_sample *exact = &panel->sample[1];
    struct lyap_subject subject = lyap_subject_paper(activation);
    struct lyap_prepared prepared;
    struct lyap_sample sample = {0};
    struct columns c = {0};
    enum lyap_status status = lyap_prepare(&prepared, &subject, options, error);
    prepared.plan.starts = n;
    prepared.plan.seed = options->seed + 1; /* other starts than those that set the band */
    prepared.plan.window_low = exact->low[LYAP_LOSS_CORRELATION_SIZES - 1];
    prepared.plan.window_high = exact->high[LYAP_LOSS_CORRELATION_SIZES - 1];
    prepared.plan.setting.lr = lyap_loss_correlation_rate[rate];
    prepared.plan.setting.epochs = lyap_loss_correlation_horizon[last];
    lyap_plan_follow(&prepared.plan, report, 0.5 / (LYAP_LOSS_CORRELATION_PANELS * LYAP_LOSS_CORRELATION_RATES));
    if (!status) status = columns_new(&c, 2 * n, error);
    if (!status)
        status = lyap_sample_run(&sample, &prepared.plan, lyap_loss_correlation_horizon, LYAP_LOSS_CORRELATION_HORIZONS,
                                 0, error);
    for (size_t h = 0; h <= last && !status; h++) {
        size_t rows =
            lyap_sample_rows(&sample, h, &(const struct lyap_sample_part){0, n, LYAP_ANYWHERE, 0, 0}, c.x, c.y, c.z);
        if (lyap_all_alike(c.x, rows, c.x + n)) rows = 0;
        status = lyap_correlations_make(&panel->same[rate][h], &(const struct lyap_observations){c.x, c.y, c.z, rows},
                                        200, options->seed, error);
        if (status) break;
        memcpy(sample.loss + h * n, sample.loss + last * n, n * sizeof *sample.loss);
        rows = lyap_sample_rows(&sample, h, &(const struct lyap_sample_part){0, n, LYAP_ANYWHERE, 0, 0}, c.x, c.y, c.z);
        if (lyap_all_alike(c.x, rows, c.x + n)) rows = 0;
        status = lyap_correlations_make(&panel->later[rate][h], &(const struct lyap_observations){c.x, c.y, c.z, rows},
                                        0, options->seed, error);
    }
    free(c.x);
    lyap_sample_free(&sample);
    lyap_prepared_free(&prepared);
    return status;
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
        for (int precision = 0; precision < 2 && !status; precision++)
            status = run_sample(&panel->sample[precision], lyap_loss_correlation_activation[p],
                                precision ? LYAP_FLOAT64 : LYAP_FLOAT32, sizes, options, report, error);
        for (size_t rate = 0; rate < LYAP_LOSS_CORRELATION_RATES && !status; rate++)
            status = run_horizons(panel, lyap_loss_correlation_activation[p], rate, sizes, options, report, error);
    }
    return status;
}

void lyap_loss_correlation_free(struct lyap_loss_correlation *choice) {
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (int precision = 0; precision < 2; precision++) {
            struct lyap_loss_correlation_sample *s = &choice->panel[p].sample[precision];
            free(s->x);
            free(s->y);
            free(s->z);
        }
}

static void hand_in_tests(struct lyap_loss_correlation *choice, struct lyap_report *report) {
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_loss_correlation_panel *panel = &choice->panel[p];
        const char *name = lyap_activation_name(lyap_loss_correlation_activation[p]);
        choice->test[p] =
            lyap_report_test(report, "C3a", panel->sample[0].permutation_p, PERMUTATIONS,
                             "%s, exponent and final loss in the band of %zu starts", name, choice->sizes.size[0]);
        for (size_t r = 0; r < LYAP_LOSS_CORRELATION_RATES; r++)
            for (size_t h = 0; h < LYAP_LOSS_CORRELATION_HORIZONS; h++) {
                const struct lyap_correlations *c = &panel->same[r][h];
                choice->flip_test[p][r][h] =
                    lyap_report_test(report, "C3c", c->defined ? c->p : (double)NAN, 0,
                                     "%s, exponent and final loss, lr %g, %u epochs (Student)", name,
                                     lyap_loss_correlation_rate[r], (unsigned)lyap_loss_correlation_horizon[h]);
            }
    }
}

enum lyap_status lyap_loss_correlation_compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_loss_correlation *choice = calloc(1, sizeof *choice);
    if (!choice) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = choice;
    size_t small = (size_t)lyap_report_starts(report, 1000, 40);
    struct lyap_loss_correlation_sizes sizes = {
        .size = {small, 10 * small, LYAP_LOSS_CORRELATION_RUNS * small},
        .horizon_starts = (size_t)lyap_report_starts(report, options->full ? 10000 : 1000, 16)};
    enum lyap_status status = lyap_loss_correlation_run(choice, &sizes, options, report, error);
    if (!status) hand_in_tests(choice, report);
    return status;
}

void lyap_loss_correlation_release(void *state) {
    if (state) lyap_loss_correlation_free(state);
    free(state);
}
