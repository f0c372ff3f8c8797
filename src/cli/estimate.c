/* Running the tangent and the rescaled estimator into a directory. */
#include "cli/estimate.h"

#include <stdlib.h>
#include <string.h>

#include "figure/template.h"
#include "results/manifest.h"
#include "io/output_file.h"
#include "results/exponents_table.h"
#include "engine/spectrum_worker.h"
#include "results/tally.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/digest.h"

const struct cli_option cli_estimate_options[] = {
    {"transient", "N", "steps before the measurement begins (0); part of --epochs"},
    {"until-ci", "WIDTH", "end a cell when the 95 % interval of its first exponent is that narrow"},
    {"history", "POINTS", "write history.csv: the running exponents at so many times, 1 .. 256"},
    {"curvature", NULL, "largest and smallest Hessian eigenvalue at both ends and in the history"},
    {"qr-every", "N", "steps from one re-orthonormalisation to the next (10 with one exponent, else 2)"},
    {"band", "FACTOR", "rescaled: pull a neighbour back when its distance changed by this factor (10)"},
    {"growth", "NATS",
     "growth that makes a regime 'chaotic' (in the last third) or 'transient'; rules: lyapgrad/regime.h (10)"},
    {NULL, NULL, NULL},
};

const char *const cli_estimator_names[CLI_ESTIMATORS] = {"kantz-wolf", "tangent", "rescaled", "all"};

/* The options that not every estimator has a use for, and those that have (bit = enum cli_estimator). */
enum {
    FOR_KANTZ_WOLF = 1 << CLI_KANTZ_WOLF,
    FOR_TANGENT = 1 << CLI_TANGENT,
    FOR_RESCALED = 1 << CLI_RESCALED,
    FOR_ALL = 1 << CLI_ALL
};
static const struct {
    const char *option;
    int estimators;
} uses[] = {
    {"transient", FOR_TANGENT | FOR_RESCALED | FOR_ALL},
    {"until-ci", FOR_TANGENT | FOR_RESCALED},
    {"history", FOR_TANGENT | FOR_RESCALED},
    {"curvature", FOR_TANGENT | FOR_RESCALED},
    {"growth", FOR_TANGENT | FOR_RESCALED},
    {"qr-every", FOR_TANGENT | FOR_ALL},
    {"band", FOR_RESCALED | FOR_ALL},
    {"perturbation", FOR_KANTZ_WOLF | FOR_RESCALED | FOR_ALL},
    {"neighbours", FOR_KANTZ_WOLF | FOR_ALL},
    {"precision", FOR_KANTZ_WOLF | FOR_TANGENT | FOR_RESCALED}, /* all: has both */
    {"summary", FOR_KANTZ_WOLF | FOR_TANGENT | FOR_RESCALED},
    {"series", FOR_KANTZ_WOLF},
    {"save-weights", FOR_KANTZ_WOLF},
    {"evaluate", FOR_KANTZ_WOLF | FOR_TANGENT | FOR_RESCALED},
    {"test-data", FOR_KANTZ_WOLF | FOR_TANGENT | FOR_RESCALED},
    {"save-initial", FOR_KANTZ_WOLF},
};

bool cli_estimate_options_fit(const struct cli_values *values, enum cli_estimator estimator) {
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        if (uses[i].estimators >> estimator & 1 || !cli_text(values, uses[i].option)) continue;
        char fitting[64] = "";
        for (int e = 0; e < CLI_ESTIMATORS; e++)
            if (uses[i].estimators >> e & 1)
                snprintf(fitting + strlen(fitting), sizeof fitting - strlen(fitting), "%s%s", *fitting ? ", " : "",
                         cli_estimator_names[e]);
        cli_complain("--%s: has no meaning for the estimator %s; it belongs to: %s", uses[i].option,
                     cli_estimator_names[estimator], fitting);
        return false;
    }
    return true;
}

bool cli_estimate_read(struct lyap_spectrum_plan *plan, const struct cli_experiment *e,
                       const struct cli_values *values) {
    lyap_spectrum_defaults(plan, &e->net, &e->data);
    struct lyap_plan defaults = plan->base;
    plan->base = e->plan;
    if (!cli_text(values, "precision")) plan->base.precision = defaults.precision;
    if (!cli_text(values, "epochs")) plan->base.setting.epochs = defaults.setting.epochs;
    if (!cli_text(values, "perturbation")) plan->base.setting.perturbation = defaults.setting.perturbation;
    uint64_t transient = 0, history = 0, every = plan->qr_every;
    if (!cli_count(values, "transient", 0, INT32_MAX, &transient) || !cli_count(values, "history", 1, 256, &history) ||
        !cli_count(values, "qr-every", 1, 1000, &every) || !cli_real(values, "band", &plan->band) ||
        !cli_real(values, "growth", &plan->growth))
        return false;
    if (cli_text(values, "until-ci")) {
        if (!cli_real(values, "until-ci", &plan->until_ci)) return false;
        if (!(plan->until_ci > 0)) {
            cli_complain("--until-ci: %g is not a width; expected nats per step above 0, such as 0.001",
                         plan->until_ci);
            return false;
        }
    }
    plan->transient = (uint32_t)transient;
    plan->history = (size_t)history;
    plan->qr_every = (uint32_t)every;
    plan->curvature = cli_text(values, "curvature") != NULL;
    return true;
}

enum table { EXPONENTS, HISTORY, EXPONENTS_SCRIPT, HISTORY_SCRIPT, MANIFEST, TABLES };

struct session {
    const struct lyap_spectrum_plan *plan;
    struct cli_experiment *experiment;
    struct cli_results results;
    FILE *tables[TABLES]; /* NULL for those not asked for */
    uint64_t digest, cells, regimes[LYAP_REGIME_COUNT], stops[3];
    struct lyap_quantiles *lambda; /* [exponents], of cells that did not diverge and are not dead */
    double *first;                 /* their first exponents in cell order, at most LYAP_EXACT_QUANTILES */
    size_t measured;
    struct cli_scores scores;
    bool has_interval; /* over cells, of the mean of the first exponent */
    double mean, low, high;
    bool sharded; /* the cells of a shard are kept, and that was all */
};

static const char *const names[TABLES] = {"exponents.csv", "history.csv", "exponents.gp", "history.gp", "manifest.txt"};

static bool wants(const struct session *s, enum table table) {
    if (table == EXPONENTS || table == EXPONENTS_SCRIPT) return !s->experiment->summary;
    return table == MANIFEST || s->plan->history;
}

static void name_files(struct session *s) {
    cli_experiment_results(s->experiment, &s->results);
    for (int t = 0; t < TABLES; t++)
        if (wants(s, (enum table)t)) cli_results_table(&s->results, names[t]);
}

static enum lyap_status open_tables(struct session *s, struct lyap_error *error) {
    enum lyap_status status = cli_results_open(&s->results, error);
    for (int t = 0; t < TABLES && !status; t++)
        if (wants(s, (enum table)t)) status = cli_results_add(&s->results, names[t], &s->tables[t], error);
    if (status) return status;
    if (s->tables[EXPONENTS])
        lyap_write_exponents_header(s->tables[EXPONENTS], s->plan->exponents, s->plan->base.evaluate);
    if (s->tables[HISTORY]) lyap_write_history_header(s->tables[HISTORY], s->plan->exponents);
    return LYAP_OK;
}

static enum lyap_status take(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct session *s = context;
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const struct lyap_exponent *lambda = chunk->lambda + i * chunk->exponents;
        s->digest = lyap_digest_spectrum(s->digest, r, lambda, chunk->exponents);
        s->cells++;
        s->regimes[r->regime]++;
        s->stops[r->stop]++;
        if (s->tables[EXPONENTS])
            lyap_write_exponents(s->tables[EXPONENTS], s->plan, r, lambda,
                                 chunk->evaluation ? &chunk->evaluation[i] : NULL);
        if (r->regime == LYAP_DIVERGED || r->regime == LYAP_DEAD_REGIME) continue;
        if (chunk->evaluation) status = cli_scores_add(&s->scores, &chunk->evaluation[i], error);
        for (size_t k = 0; k < r->resolved && !status; k++)
            status = lyap_quantiles_add(&s->lambda[k], lambda[k].lambda, error);
        if (r->resolved && s->measured < LYAP_EXACT_QUANTILES) s->first[s->measured++] = lambda[0].lambda;
    }
    if (!status && s->tables[HISTORY]) lyap_write_history(s->tables[HISTORY], chunk, s->plan->curvature);
    cli_progress_cells(s->cells, s->regimes[LYAP_DIVERGED]);
    if (!status && cli_checkpoint_used(&s->experiment->checkpoint) && cli_interrupted())
        status =
            lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted; all cells are kept, and --resume makes the tables");
    return status ? status : lyap_output_set_check(&s->results.set, error);
}

/* gnuplot scripts that need nothing but the table of the same name beside them. */
static void write_script(FILE *file, const char *name, size_t exponents) {
    fprintf(file,
            "# To draw %s.png and %s.svg from %s.csv beside it: gnuplot %s.gp\nfigure = \"%s\"\nexponents = %zu\n\n",
            name, name, name, name, name, exponents);
    lyap_figure_text(file, name);
}

static void write_manifest(struct session *s, FILE *file) {
    const struct lyap_spectrum_plan *p = s->plan;
    char text[32];
    lyap_manifest_head(file, s->experiment->argc, s->experiment->argv);
    lyap_manifest_plan(file, &p->base, s->experiment->data_text, s->experiment->weights_path);
    cli_data_manifest(file, &s->experiment->source);
    cli_optimiser_manifest(file, &p->base);
    fprintf(file, "method = %s\nlr = %s\n", p->method == LYAP_RESCALED ? "rescaled" : "tangent",
            lyap_format_real(p->base.setting.lr, text));
    if (p->method == LYAP_RESCALED) {
        fprintf(file, "perturbation = %s\n", lyap_format_real(p->base.setting.perturbation, text));
        fprintf(file, "band = %s\n", lyap_format_real(p->band, text));
    }
    fprintf(file, "epochs = %lu\ntransient = %lu\nexponents = %zu\nqr-every = %lu\n",
            (unsigned long)p->base.setting.epochs, (unsigned long)p->transient, p->exponents,
            (unsigned long)lyap_spectrum_qr_every(p));
    fprintf(file, "until-ci = %s\n", lyap_format_real(p->until_ci, text));
    fprintf(file, "growth = %s\n", lyap_format_real(p->growth, text));
    if (s->has_interval) {
        fprintf(file, "lambda_1.mean = %s\n", lyap_format_real(s->mean, text));
        fprintf(file, "lambda_1.low = %s\n", lyap_format_real(s->low, text));
        fprintf(file, "lambda_1.high = %s\n", lyap_format_real(s->high, text));
    }
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        fprintf(file, "cells.%s = %llu\n", lyap_regime_name((enum lyap_regime)r), (unsigned long long)s->regimes[r]);
    cli_results_manifest(&s->results, file);
    fprintf(file, "digest = %016llx\n", (unsigned long long)s->digest);
}

static void print_interval(const struct session *s) {
    if (!s->has_interval) return;
    printf("\n  mean of lambda_1 over %zu cells %.6g, 95 %% bootstrap interval over cells [%.6g, %.6g]\n", s->measured,
           s->mean, s->low, s->high);
}

/* With more cells than that the resampling would take longer than the run. */
enum { MOST_BOOTSTRAPPED = 100000 };

static enum lyap_status find_interval(struct session *s, struct lyap_error *error) {
    if (s->measured < 2 || s->measured > MOST_BOOTSTRAPPED) return LYAP_OK;
    enum lyap_status status =
        lyap_bootstrap_mean(s->first, s->measured, s->plan->base.seed, &s->mean, &s->low, &s->high, error);
    s->has_interval = !status;
    return status;
}

static void print_summary(struct session *s, double took) {
    const struct lyap_spectrum_plan *p = s->plan;
    printf("%s, %s, lr %g, %lu steps, %lu of them transient, %llu %s\n\n",
           p->method == LYAP_RESCALED ? "rescaled pairs" : "tangent space", lyap_precision_name(p->base.precision),
           p->base.setting.lr, (unsigned long)p->base.setting.epochs, (unsigned long)p->transient,
           (unsigned long long)p->base.starts, p->base.starts == 1 ? "start" : "starts");
    printf("  %-12s %13s %13s %13s\n", "", "25 %", "median", "75 %");
    for (size_t k = 0; k < p->exponents && s->lambda[k].n + (s->lambda[k].sketch != NULL); k++) {
        printf("  lambda_%-5zu", k + 1);
        for (int i = 1; i <= 3; i++) printf(" %13.6g", lyap_quantiles_at(&s->lambda[k], 0.25 * i));
        puts("  nats/step");
    }
    cli_scores_print(&s->scores);
    print_interval(s);
    fputs("\n  regimes", stdout);
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        if (s->regimes[r])
            printf("  %s %llu", lyap_regime_name((enum lyap_regime)r), (unsigned long long)s->regimes[r]);
    fputs("\n  ended by", stdout);
    for (int t = 0; t < 3; t++)
        if (s->stops[t]) printf("  %s %llu", lyap_stop_name((enum lyap_stop)t), (unsigned long long)s->stops[t]);
    printf("\n  digest  %016llx  (%s, %.3g s)\n  tables  %s\n", (unsigned long long)s->digest,
           lyap_isa_name(p->base.isa), took, s->experiment->out);
}

/* Computes the cells that the checkpoint lacks; the tables are made from it afterwards. */
static enum lyap_status work(const struct session *s, struct lyap_error *error) {
    const struct lyap_spectrum_plan *plan = s->plan;
    struct cli_experiment *e = s->experiment;
    char *settings;
    enum lyap_status status = lyap_spectrum_check(plan, error);
    if (!status) status = cli_results_probe(&s->results, error);
    if (!status) status = lyap_checkpoint_settings_spectrum(plan, &settings, error);
    if (status) return status;
    status = cli_checkpoint_open(&e->checkpoint, settings, &plan->base, 1, e->argc - 1, e->argv + 1, error);
    free(settings);
    return status ? status : cli_checkpoint_work_spectrum(&e->checkpoint, 0, plan, error);
}

static void write_scripts(struct session *s) {
    if (s->tables[EXPONENTS_SCRIPT]) write_script(s->tables[EXPONENTS_SCRIPT], "exponents", s->plan->exponents);
    if (s->tables[HISTORY_SCRIPT]) write_script(s->tables[HISTORY_SCRIPT], "history", s->plan->exponents);
}

static enum lyap_status run(struct session *s, double *took, struct lyap_error *error) {
    struct cli_experiment *e = s->experiment;
    size_t exponents = s->plan->exponents ? s->plan->exponents : 1;
    double start = cli_seconds();
    enum lyap_status status = cli_results_check(&s->results, error);
    if (!status && cli_checkpoint_used(&e->checkpoint)) {
        status = work(s, error);
        s->sharded = !status && cli_checkpoint_sharded(&e->checkpoint);
        if (s->sharded) return LYAP_OK;
    }
    if (status) return status;
    s->lambda = calloc(exponents, sizeof *s->lambda);
    s->first = calloc(LYAP_EXACT_QUANTILES, sizeof *s->first);
    if (!s->lambda || !s->first) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the summary");
    status = open_tables(s, error);
    if (!status) status = cli_checkpoint_spectra(&e->checkpoint, 0, s->plan, take, s, error);
    *took = cli_seconds() - start;
    if (!status) status = find_interval(s, error);
    if (status) return status;
    write_manifest(s, s->tables[MANIFEST]);
    write_scripts(s);
    return lyap_output_set_commit(&s->results.set, error);
}

int cli_estimate_run(const struct lyap_spectrum_plan *plan, struct cli_experiment *e) {
    struct session s = {.plan = plan, .experiment = e, .digest = LYAP_DIGEST_START};
    struct lyap_error error = {0};
    double took = 0;
    name_files(&s);
    enum lyap_status status = run(&s, &took, &error);
    cli_results_free(&s.results);
    if (!status && !e->quiet && !s.sharded) print_summary(&s, took);
    for (size_t k = 0; s.lambda && k < plan->exponents; k++) lyap_quantiles_free(&s.lambda[k]);
    cli_scores_free(&s.scores);
    free(s.lambda);
    free(s.first);
    return status ? cli_fail(&error) : 0;
}
