/* Running the tangent and the rescaled estimator into a directory. */
#include "cli/estimate.h"

#include "cli/carry_out.h"
#include "cli/quartiles.h"

#include <stdlib.h>
#include <string.h>

#include "figure/template.h"
#include "results/manifest.h"
#include "io/keys.h"
#include "io/output_file.h"
#include "results/exponents_table.h"
#include "results/tally.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

bool cli_estimate_read(struct lyap_spectrum_plan *plan, const struct cli_experiment *e,
                       const struct cli_values *values) {
    lyap_spectrum_defaults(plan, &e->net, &e->data);
    struct lyap_plan defaults = plan->base;
    plan->base = e->plan;
    if (!cli_text_or_standard(values, "precision")) plan->base.precision = defaults.precision;
    if (!cli_text_or_standard(values, "epochs")) plan->base.setting.epochs = defaults.setting.epochs;
    if (!cli_text_or_standard(values, "perturbation")) plan->base.setting.perturbation = defaults.setting.perturbation;
    return cli_read(values, &cli_estimate_options, plan);
}

void cli_estimate_manifest(FILE *file, const char *names, const struct lyap_spectrum_plan *plan) {
    struct lyap_spectrum_plan shown = *plan;
    shown.qr_every = lyap_spectrum_qr_every(plan);
    cli_put_each(file, &cli_estimate_options, names, &shown);
}

enum table { EXPONENTS, HISTORY, EXPONENTS_SCRIPT, HISTORY_SCRIPT, MANIFEST, TABLES };

struct session {
    const struct lyap_spectrum_plan *plan;
    struct cli_experiment *experiment;
    struct cli_carrying carrying;
    struct cli_file files[TABLES];
    uint64_t stops[3];
    struct lyap_quantiles *lambda; /* [exponents], of cells that did not diverge and are not dead */
    double *first;                 /* their first exponents in cell order, at most LYAP_EXACT_QUANTILES */
    size_t measured;
    struct cli_scores scores;
    bool has_interval; /* over cells, of the mean of the first exponent */
    double mean, low, high;
};

static const char *const names[TABLES] = {"exponents.csv", "history.csv", "exponents.gp", "history.gp", "manifest.txt"};

static bool wants(const struct session *s, enum table table) {
    if (table == EXPONENTS || table == EXPONENTS_SCRIPT) return !s->experiment->summary;
    return table == MANIFEST || s->plan->history;
}

static enum lyap_status begin(void *session, struct lyap_error *error) {
    struct session *s = session;
    s->lambda = calloc(s->plan->exponents, sizeof *s->lambda);
    s->first = calloc(LYAP_EXACT_QUANTILES, sizeof *s->first);
    if (!s->lambda || !s->first) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the summary");
    if (s->files[EXPONENTS].file)
        lyap_write_exponents_header(s->files[EXPONENTS].file, s->plan->exponents, s->plan->base.evaluate);
    if (s->files[HISTORY].file) lyap_write_history_header(s->files[HISTORY].file, s->plan->exponents);
    return LYAP_OK;
}

static enum lyap_status take(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct session *s = context;
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const struct lyap_exponent *lambda = chunk->lambda + i * chunk->exponents;
        s->carrying.digest = lyap_digest_spectrum(s->carrying.digest, r, lambda, chunk->exponents);
        s->carrying.done++;
        s->carrying.regimes[r->regime]++;
        s->stops[r->stop]++;
        if (s->files[EXPONENTS].file)
            lyap_write_exponents(s->files[EXPONENTS].file, s->plan, r, lambda,
                                 chunk->evaluation ? &chunk->evaluation[i] : NULL);
        if (r->regime == LYAP_DIVERGED || r->regime == LYAP_DEAD_REGIME) continue;
        if (chunk->evaluation) status = cli_scores_add(&s->scores, &chunk->evaluation[i], error);
        for (size_t k = 0; k < r->resolved && !status; k++)
            status = lyap_quantiles_add(&s->lambda[k], lambda[k].lambda, error);
        if (r->resolved && s->measured < LYAP_EXACT_QUANTILES) s->first[s->measured++] = lambda[0].lambda;
    }
    if (!status && s->files[HISTORY].file) lyap_write_history(s->files[HISTORY].file, chunk, s->plan->curvature);
    return status ? status : cli_carrying_counted(&s->carrying, error);
}

/* gnuplot scripts that need nothing but the table of the same name beside them. */
static void write_script(FILE *file, const char *name, size_t exponents) {
    fprintf(file,
            "# To draw %s.png and %s.svg from %s.csv beside it: gnuplot %s.gp\nfigure = \"%s\"\nexponents = %zu\n\n",
            name, name, name, name, name, exponents);
    lyap_figure_text(file, name);
}

static void write_manifest(void *session, FILE *file) {
    const struct session *s = session;
    const struct lyap_spectrum_plan *p = s->plan;
    lyap_manifest_head(file, s->experiment->argc, s->experiment->argv);
    lyap_manifest_plan(file, &p->base, s->experiment->data_text, s->experiment->weights_path);
    cli_data_manifest(file, &s->experiment->source);
    cli_optimiser_manifest(file, &p->base);
    lyap_key_word(file, "method", lyap_method_traits(p->method)->name);
    const bool pair = lyap_method_traits(p->method)->pair;
    cli_put_each(file, &cli_training_options, pair ? "lr perturbation" : "lr", &p->base);
    if (pair) cli_estimate_manifest(file, "band", p);
    cli_put(file, &cli_training_options, "epochs", &p->base);
    cli_estimate_manifest(file, "transient", p);
    lyap_key_count(file, "exponents", p->exponents);
    cli_estimate_manifest(file, "qr-every until-ci growth", p);
    if (s->has_interval) {
        lyap_key_real(file, "lambda_1.mean", s->mean);
        lyap_key_real(file, "lambda_1.low", s->low);
        lyap_key_real(file, "lambda_1.high", s->high);
    }
    cli_write_regimes(file, "cells", s->carrying.regimes);
}

static void print_interval(const struct session *s) {
    if (!s->has_interval) return;
    printf("\n  mean of lambda_1 over %zu cells %.6g, 95 %% bootstrap interval over cells [%.6g, %.6g]\n", s->measured,
           s->mean, s->low, s->high);
}

/* With more cells than that the resampling would take longer than the run. */
enum { MOST_BOOTSTRAPPED = 100000 };

static enum lyap_status find_interval(void *session, struct lyap_error *error) {
    struct session *s = session;
    if (s->measured < 2 || s->measured > MOST_BOOTSTRAPPED) return LYAP_OK;
    enum lyap_status status =
        lyap_bootstrap_mean(s->first, s->measured, s->plan->base.seed, &s->mean, &s->low, &s->high, error);
    s->has_interval = !status;
    return status;
}

static void print_summary(void *session) {
    struct session *s = session;
    const struct lyap_spectrum_plan *p = s->plan;
    printf("%s, %s, lr %g, %lu steps, %lu of them transient, %llu %s\n\n", lyap_method_traits(p->method)->title,
           lyap_precision_name(p->base.precision), p->base.setting.lr, (unsigned long)p->base.setting.epochs,
           (unsigned long)p->transient, (unsigned long long)p->base.starts, p->base.starts == 1 ? "start" : "starts");
    cli_quartiles_head();
    for (size_t k = 0; k < p->exponents; k++)
        cli_quartiles_row(lyap_schema_column(&lyap_exponents_schema, "lambda_%zu"), k + 1, &s->lambda[k]);
    cli_scores_print(&s->scores);
    print_interval(s);
    cli_print_regimes(s->carrying.regimes);
    fputs("\n  ended by", stdout);
    for (int t = 0; t < 3; t++)
        if (s->stops[t]) printf("  %s %llu", lyap_stop_name((enum lyap_stop)t), (unsigned long long)s->stops[t]);
    putchar('\n');
}

static void write_scripts(void *session) {
    struct session *s = session;
    if (s->files[EXPONENTS_SCRIPT].file) write_script(s->files[EXPONENTS_SCRIPT].file, "exponents", s->plan->exponents);
    if (s->files[HISTORY_SCRIPT].file) write_script(s->files[HISTORY_SCRIPT].file, "history", s->plan->exponents);
}

int cli_estimate_run(const struct lyap_spectrum_plan *plan, struct cli_experiment *e) {
    struct session s = {.plan = plan, .experiment = e};
    for (int t = 0; t < TABLES; t++)
        s.files[t] = (struct cli_file){.name = names[t], .wanted = wants(&s, (enum table)t)};
    s.carrying = (struct cli_carrying){.experiment = e,
                                       .cells = lyap_spectrum_experiment(plan, take, &s),
                                       .unit = "cells",
                                       .files = s.files,
                                       .count = TABLES,
                                       .session = &s,
                                       .begin = begin,
                                       .end = find_interval,
                                       .write = write_scripts,
                                       .manifest = write_manifest,
                                       .print = print_summary};
    const int status = cli_carry_out(&s.carrying);
    for (size_t k = 0; s.lambda && k < plan->exponents; k++) lyap_quantiles_free(&s.lambda[k]);
    cli_scores_free(&s.scores);
    free(s.lambda);
    free(s.first);
    return status;
}
