#include "report/common/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/estimator.h"
#include "lyapgrad/statistics.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "stats/quantile_select.h"

struct lyap_subject lyap_subject_paper(enum lyap_activation activation) {
    return (struct lyap_subject){.name = lyap_activation_name(activation),
                                 .shape = "2-2-1",
                                 .hidden = activation,
                                 .output = activation,
                                 .loss = LYAP_MSE,
                                 .data = "xor",
                                 .init = LYAP_INIT_UNIFORM,
                                 .init_a = 0,
                                 .init_b = 1,
                                 .window = true,
                                 .optimiser = LYAP_GD,
                                 .lr = 0.001};
}

enum lyap_status lyap_prepare(struct lyap_prepared *prepared, const struct lyap_subject *subject,
                              const struct lyap_report_options *options, struct lyap_error *error) {
    memset(prepared, 0, sizeof *prepared);
    enum lyap_status status =
        lyap_network_init(&prepared->network, subject->shape, subject->hidden, subject->output, subject->loss, error);
    if (!status) status = lyap_dataset_parse(&prepared->data, subject->data, 1, options->seed, error);
    if (status) return status;
    struct lyap_plan *plan = &prepared->plan;
    lyap_plan_defaults(plan, &prepared->network, &prepared->data);
    plan->precision = LYAP_FLOAT64;
    plan->isa = options->isa;
    plan->layout = options->layout;
    plan->threads = options->threads;
    plan->seed = options->seed;
    plan->init = subject->init;
    plan->init_a = subject->init_a;
    plan->init_b = subject->init_b;
    plan->window = subject->window;
    plan->setting.lr = subject->lr;
    lyap_optimiser_defaults(&plan->optimiser, subject->optimiser);
    plan->optimiser.seed = options->seed;
    if (subject->momentum > 0) plan->optimiser.momentum = subject->momentum;
    return LYAP_OK;
}

void lyap_prepared_free(struct lyap_prepared *prepared) {
    lyap_dataset_free(&prepared->data);
}

void lyap_plan_follow(struct lyap_plan *plan, struct lyap_report *report, double share) {
    if (report) lyap_report_progress(report, share, &plan->progress, &plan->progress_context);
}

enum lyap_status lyap_plan_starts(double **weights, const struct lyap_plan *plan, struct lyap_error *error) {
    size_t starts = (size_t)plan->starts, parameters = lyap_network_parameters(plan->network);
    struct lyap_plan alone = *plan;
    alone.neighbours = 1;
    double *w = malloc(2 * starts * parameters * sizeof *w);
    *weights = NULL;
    if (!w) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starting points", starts);
    enum lyap_status status = lyap_ensemble_initial(&alone, 0, starts, w, error);
    if (status) {
        free(w);
        return status;
    }
    for (size_t i = 1; i < starts; i++) memmove(w + i * parameters, w + 2 * i * parameters, parameters * sizeof *w);
    *weights = w;
    return LYAP_OK;
}

struct taking {
    struct lyap_sample *sample;
    const uint32_t *marks;
    double target;
};

static void take_cell(struct taking *t, const struct lyap_record *r, const double *distance, const double *loss) {
    struct lyap_sample *s = t->sample;
    size_t cell = (size_t)r->cell;
    bool dead = r->outcome == LYAP_DEAD;
    s->initial[cell] = r->initial_loss;
    s->outcome[cell] = (unsigned char)r->outcome;
    for (size_t m = 0; m < s->marks; m++) {
        size_t at = m * s->cells + cell;
        uint32_t epochs = t->marks[m], length = r->length < epochs ? r->length : epochs;
        struct lyap_exponents e = lyap_kantz_wolf(distance, length);
        bool defined = e.terms > 0 && !(dead && e.lambda_kw == 0);
        s->kw[at] = defined ? e.lambda_kw : (double)NAN;
        s->step[at] = defined ? e.lambda_step : (double)NAN;
        s->loss[at] = r->losses >= epochs ? loss[epochs - 1] : (double)NAN;
    }
    s->hit[cell] = UINT32_MAX;
    for (uint32_t i = 0; i < r->losses; i++)
        if (loss[i] <= t->target) {
            s->hit[cell] = i;
            break;
        }
}

static enum lyap_status take(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    (void)error;
    for (size_t i = 0; i < chunk->count; i++)
        take_cell(context, &chunk->records[i], chunk->distance + i * chunk->stride, chunk->loss + i * chunk->stride);
    return LYAP_OK;
}

enum lyap_status lyap_sample_run(struct lyap_sample *sample, const struct lyap_plan *plan, const uint32_t *marks,
                                 size_t n, double target, struct lyap_error *error) {
    memset(sample, 0, sizeof *sample);
    size_t cells = (size_t)plan->starts * plan->values;
    sample->cells = cells;
    sample->marks = n;
    sample->initial = calloc(cells, sizeof(double));
    sample->loss = calloc(n * cells, sizeof(double));
    sample->kw = calloc(n * cells, sizeof(double));
    sample->step = calloc(n * cells, sizeof(double));
    sample->hit = calloc(cells, sizeof(uint32_t));
    sample->outcome = calloc(cells, 1);
    if (!sample->initial || !sample->loss || !sample->kw || !sample->step || !sample->hit || !sample->outcome)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu cells at %zu horizons", cells, n);
    struct lyap_plan with = *plan;
    with.series = true;
    struct taking taking = {sample, marks, target};
    return lyap_ensemble_run(&with, take, &taking, error);
}

void lyap_sample_free(struct lyap_sample *sample) {
    free(sample->initial);
    free(sample->loss);
    free(sample->kw);
    free(sample->step);
    free(sample->hit);
    free(sample->outcome);
    memset(sample, 0, sizeof *sample);
}

size_t lyap_sample_rows(const struct lyap_sample *sample, size_t mark, const struct lyap_sample_part *part, double *x,
                        double *y, double *z) {
    const double *loss = sample->loss + mark * sample->cells, *kw = sample->kw + mark * sample->cells;
    size_t n = 0;
    for (size_t i = part->first; i < part->first + part->count && i < sample->cells; i++) {
        bool inside = sample->initial[i] >= part->low && sample->initial[i] <= part->high;
        if (part->side != LYAP_ANYWHERE && inside != (part->side == LYAP_INSIDE)) continue;
        if (!isfinite(loss[i]) || !isfinite(kw[i]) || !isfinite(sample->initial[i])) continue;
        x[n] = loss[i];
        y[n] = kw[i];
        z[n++] = sample->initial[i];
    }
    return n;
}

void lyap_sample_band(const double *initial, size_t n, double *scratch, double *low, double *high) {
    memcpy(scratch, initial, n * sizeof *scratch);
    *low = lyap_select_quantile(scratch, n, 0.45);
    *high = lyap_select_quantile(scratch, n, 0.55);
}

enum lyap_status lyap_undefined(enum lyap_status status, struct lyap_error *error) {
    if (status != LYAP_ERROR_ARGUMENT) return status;
    if (error) *error = (struct lyap_error){0};
    return LYAP_OK;
}

double lyap_correlation_p(double r, size_t n, size_t held) {
    if (n < 3 + held) return NAN;
    double df = (double)(n - 2 - held), rest = 1 - r * r;
    return rest > 0 ? lyap_student_p(r * sqrt(df / rest), df) : 0;
}

/* One of the correlations, with or without its interval; *defined tells whether there is one. */
static enum lyap_status correlate(enum lyap_correlation kind, const struct lyap_observations *of, uint32_t resamples,
                                  uint64_t seed, struct lyap_estimate *estimate, bool *defined,
                                  struct lyap_error *error) {
    enum lyap_status status;
    *estimate = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
    if (resamples)
        status = lyap_bootstrap_correlation(kind, of, resamples, seed, estimate, error);
    else if (kind == LYAP_PARTIAL)
        status = lyap_partial(of->x, of->y, of->z, of->n, &estimate->value, error);
    else
        status = lyap_pearson(of->x, of->y, of->n, &estimate->value, error);
    *defined = status == LYAP_OK && isfinite(estimate->value);
    if (!*defined) *estimate = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
    return lyap_undefined(status, error);
}

static enum lyap_status correlate_ranks(const struct lyap_observations *of, uint32_t resamples, uint64_t seed,
                                        struct lyap_estimate *estimate, struct lyap_error *error) {
    bool defined;
    const size_t n = of->n;
    double *rank = malloc(2 * n * sizeof *rank);
    if (!rank) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu ranks", n);
    const struct lyap_observations ranks = {.x = rank, .y = rank + n, .n = n};
    enum lyap_status status = lyap_rank(of->x, n, rank, error);
    if (!status) status = lyap_rank(of->y, n, rank + n, error);
    if (!status) status = correlate(LYAP_PEARSON, &ranks, resamples, seed, estimate, &defined, error);
    free(rank);
    return status;
}

enum lyap_status lyap_correlations_make(struct lyap_correlations *c, const struct lyap_observations *of,
                                        uint32_t resamples, uint64_t seed, struct lyap_error *error) {
    enum { MANY = 20000 };
    const struct lyap_estimate none = {(double)NAN, (double)NAN, (double)NAN};
    const size_t n = of->n;
    *c = (struct lyap_correlations){.n = n, .pearson = none, .spearman = none, .partial = none};
    c->p = c->partial_p = (double)NAN;
    if (n < 8) return LYAP_OK;
    enum lyap_status status = correlate(LYAP_PEARSON, of, resamples, seed, &c->pearson, &c->defined, error);
    if (!status) status = correlate_ranks(of, n <= MANY ? resamples : 0, seed, &c->spearman, error);
    if (!status) status = correlate(LYAP_PARTIAL, of, resamples, seed, &c->partial, &c->has_partial, error);
    if (c->defined) c->p = lyap_correlation_p(c->pearson.value, n, 0);
    if (c->has_partial) c->partial_p = lyap_correlation_p(c->partial.value, n, 1);
    return status;
}

bool lyap_all_alike(const double *values, size_t n, double *scratch) {
    double quartile[3];
    if (n == 0) return true;
    memcpy(scratch, values, n * sizeof *scratch);
    lyap_select_quartiles(scratch, n, quartile);
    return !(quartile[2] - quartile[0] > 1e-9 * fabs(quartile[1]));
}

int lyap_estimate_sign(const struct lyap_estimate *estimate) {
    return estimate->low > 0 ? 1 : estimate->high < 0 ? -1 : 0;
}

double lyap_middle(double *values, size_t n) {
    return n ? lyap_select_quantile(values, n, 0.5) : (double)NAN;
}

/* Three significant digits; four-digit and longer numbers whole, which reads better than 1.09e+03. */
static void write_number(double value, char text[20]) {
    double size = fabs(value);
    snprintf(text, 20, size >= 999.5 && size < 1e6 ? "%.0f" : "%.3g", value);
}

const char *lyap_value_text(double value, char text[32]) {
    snprintf(text, 32, "-");
    if (isfinite(value)) write_number(value, text);
    return text;
}

const char *lyap_p_text(double p, char text[32]) {
    snprintf(text, 32, "-");
    if (isfinite(p)) snprintf(text, 32, "%.2g", p);
    return text;
}

const char *lyap_estimate_text(const struct lyap_estimate *e, char text[64]) {
    char value[20], low[20], high[20];
    lyap_value_text(e->value, text);
    if (!isfinite(e->value) || !isfinite(e->low) || !isfinite(e->high)) return text;
    write_number(e->value, value);
    write_number(e->low, low);
    write_number(e->high, high);
    snprintf(text, 64, "%s [%s, %s]", value, low, high);
    return text;
}

void lyap_estimate_cell(struct lyap_document *document, const struct lyap_estimate *estimate) {
    char text[64];
    lyap_document_cell(document, "%s", lyap_estimate_text(estimate, text));
}

void lyap_value_cell(struct lyap_document *document, double value) {
    char text[32];
    lyap_document_cell(document, "%s", lyap_value_text(value, text));
}

void lyap_p_cell(struct lyap_document *document, double p) {
    char text[32];
    lyap_document_cell(document, "%s", lyap_p_text(p, text));
}
