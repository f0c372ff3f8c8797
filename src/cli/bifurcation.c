/* lyapgrad bifurcation: where training goes after a transient against a swept quantity, and the exponent there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/bifurcation.h"
#include "cli/axis.h"
#include "cli/draw.h"
#include "cli/estimate.h"
#include "cli/plans.h"
#include "cli/words.h"
#include "figure/template.h"
#include "base/number.h"
#include "engine/spectrum_worker.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/digest.h"

static const char over_form[] = "QUANTITY:LOW:HIGH:COUNT or QUANTITY:LOW:HIGH:COUNT:log, as in lr:1:6:400";
static const char show_form[] = "weights, outputs, loss, or some weights (w0,w3) or outputs (y0,y3)";

enum { MOST_COLOURS = 8 };

enum table { POINTS, EXPONENTS, SCRIPT, MANIFEST, TABLES };
static const char *const names[TABLES] = {"bifurcation.csv", "exponents.csv", "bifurcation.gp", "manifest.txt"};
static const char *const kinds[] = {"w", "y", "loss"};

struct session {
    struct lyap_bifurcation_plan plan;
    struct cli_experiment experiment;
    size_t which[CLI_MOST_SHOWN];
    size_t columns; /* all those of a kind, or those in `which` */
    struct cli_results results;
    FILE *tables[TABLES];
    bool sharded; /* the cells of a shard are kept, and that was all */
    uint64_t digest, cells, regimes[LYAP_REGIME_COUNT], periods[LYAP_MOST_PERIOD + 1], bare;
    struct lyap_quantiles lambda; /* of the cells with points */
    double highest;               /* of these exponents */
};

/* "w3,w5" or "y0": numbers of one kind. */
static bool read_numbers(struct lyap_bifurcation_plan *plan, const struct cli_experiment *experiment, const char *text,
                         size_t which[CLI_MOST_SHOWN]) {
    plan->kind = *text == 'y' ? LYAP_ORBIT_OUTPUTS : LYAP_ORBIT_WEIGHTS;
    const size_t numbers = lyap_orbit_numbers(plan->kind, &experiment->net, &experiment->data);
    plan->which = which;
    for (const char *at = text;; at++) {
        char word[32] = "";
        size_t length = strcspn(at, ",");
        uint64_t number = 0;
        if (length < sizeof word) memcpy(word, at, length);
        if (*word != *kinds[plan->kind] || !lyap_number_count(word + 1, UINT64_MAX, &number)) {
            cli_complain("--show: '%.60s' is malformed; expected %s", text, show_form);
            return false;
        }
        if (number >= numbers) {
            cli_complain("--show: there is no %s; the %s are %s0 .. %s%zu", word,
                         plan->kind == LYAP_ORBIT_OUTPUTS ? "outputs of all training samples" : "weights and biases",
                         kinds[plan->kind], kinds[plan->kind], numbers - 1);
            return false;
        }
        for (size_t c = 0; c < plan->columns; c++)
            if (which[c] == number) {
                cli_complain("--show: '%s' is given twice", word);
                return false;
            }
        if (plan->columns == CLI_MOST_SHOWN) {
            cli_complain("--show: more than %d numbers; expected fewer, or all with weights or outputs",
                         CLI_MOST_SHOWN);
            return false;
        }
        which[plan->columns++] = (size_t)number;
        at += length;
        if (!*at) return true;
    }
}

const char *const cli_bifurcation_shows[] = {"weights", "outputs", "loss", NULL};

/* By default the first weight into the output. */
static bool read_show(struct lyap_bifurcation_plan *plan, const struct cli_experiment *experiment,
                      const struct cli_values *values, size_t which[CLI_MOST_SHOWN]) {
    const char *text = cli_text(values, "show");
    const struct lyap_network *net = &experiment->net;
    if (!text) {
        which[0] = lyap_network_offset(net, net->layers - 1);
        plan->which = which;
        plan->columns = 1;
    }
    bool named = false;
    for (int i = 0; text && cli_bifurcation_shows[i]; i++)
        if (strcmp(text, cli_bifurcation_shows[i]) == 0) {
            plan->kind = (enum lyap_orbit_kind)i;
            named = true;
        }
    return !text || named || read_numbers(plan, experiment, text, which);
}

/* The last --points steps are drawn and measured, and all before them are the transient, of at least --transient steps. */
static bool read_steps(struct lyap_spectrum_plan *plan, const struct cli_values *values) {
    enum { ALL_STEPS = 5000, DRAWN = 512 };
    const bool epochs_given = cli_text(values, "epochs"), transient_given = cli_text(values, "transient");
    uint64_t transient = transient_given ? plan->transient : 0, points = DRAWN;
    if (!cli_count(values, "points", 1, INT32_MAX, &points)) return false;
    uint64_t epochs = epochs_given ? plan->base.setting.epochs : ALL_STEPS;
    if (!epochs_given && transient + points > epochs) epochs = transient + points;
    uint64_t left = epochs > transient ? epochs - transient : 0;
    if (!cli_text(values, "points") && points > (transient_given ? left : (epochs + 1) / 2))
        points = transient_given ? left : (epochs + 1) / 2;
    if (left < 1 || points > left || epochs > INT32_MAX) {
        cli_complain("--points: %llu do not fit into %llu steps after a transient of %llu; expected 1 .. %llu",
                     (unsigned long long)points, (unsigned long long)epochs, (unsigned long long)transient,
                     (unsigned long long)left);
        return false;
    }
    plan->base.setting.epochs = (uint32_t)epochs;
    plan->transient = (uint32_t)(epochs - points);
    return true;
}

bool cli_bifurcation_read(struct lyap_bifurcation_plan *plan, struct cli_experiment *experiment,
                          size_t which[CLI_MOST_SHOWN], const struct cli_values *values, int *status) {
    struct lyap_bifurcation_plan defaults;
    if (!cli_experiment_read(experiment, values, "out/bifurcation", status)) return false;
    *status = EXIT_BAD_USAGE;
    lyap_bifurcation_defaults(&defaults, &experiment->net, &experiment->data);
    *plan = defaults;
    if (!cli_estimate_read(&plan->spectrum, experiment, values) ||
        !cli_axis_read(values, "over", over_form, &plan->over, &plan->values) ||
        !cli_real(values, "tolerance", &plan->spectrum.tolerance) || !read_steps(&plan->spectrum, values) ||
        !read_show(plan, experiment, values, which) || !cli_axis_fits(values, &plan->over) ||
        !cli_axis_no_test(values, "a bifurcation diagram"))
        return false;
    plan->spectrum.base.evaluate = false;
    plan->spectrum.base.test = NULL;
    *status = 0;
    return true;
}

static bool read_options(struct session *s, const struct cli_values *values, int *status) {
    if (!cli_bifurcation_read(&s->plan, &s->experiment, s->which, values, status)) return false;
    s->columns = lyap_bifurcation_columns(&s->plan);
    return true;
}

static const char *column_name(const struct session *s, size_t column, char text[32]) {
    if (s->plan.kind == LYAP_ORBIT_LOSS) return kinds[LYAP_ORBIT_LOSS];
    snprintf(text, 32, "%s%zu", kinds[s->plan.kind], s->plan.which ? s->plan.which[column] : column);
    return text;
}

static void write_points(const struct session *s, FILE *file, const struct lyap_bifurcation_cell *cell) {
    char at[32], text[32];
    lyap_format_real(cell->at, at);
    for (size_t k = 0; k < cell->points; k++) {
        fprintf(file, "%s,%llu,%zu", at, (unsigned long long)cell->start, (size_t)s->plan.spectrum.transient + k);
        for (size_t c = 0; c < s->columns; c++)
            fprintf(file, ",%s", lyap_format_real(cell->orbit[k * s->columns + c], text));
        putc('\n', file);
    }
}

static void write_exponent(FILE *file, const struct lyap_bifurcation_cell *cell, bool interval) {
    char at[32], lambda[32] = "", low[32] = "", high[32] = "", period[32] = "";
    if (cell->defined) lyap_format_real(cell->exponent.lambda, lambda);
    if (cell->defined && interval) {
        lyap_format_real(cell->exponent.low, low);
        lyap_format_real(cell->exponent.high, high);
    }
    if (cell->period) snprintf(period, sizeof period, "%lu", (unsigned long)cell->period);
    fprintf(file, "%s,%llu,%s,%s,%s,%s,%s\n", lyap_format_real(cell->at, at), (unsigned long long)cell->start, lambda,
            low, high, lyap_regime_name(cell->regime), period);
}

static enum lyap_status take(const struct lyap_bifurcation_chunk *chunk, void *context, struct lyap_error *error) {
    struct session *s = context;
    enum lyap_status status = LYAP_OK;
    s->digest = lyap_bifurcation_digest(s->digest, chunk);
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_bifurcation_cell *cell = &chunk->cells[i];
        s->cells++;
        s->regimes[cell->regime]++;
        if (cell->points)
            s->periods[cell->period]++;
        else
            s->bare++;
        write_points(s, s->tables[POINTS], cell);
        write_exponent(s->tables[EXPONENTS], cell, chunk->spectrum->records[i].batches > 0);
        if (!cell->points || !cell->defined) continue;
        s->highest = fmax(s->highest, cell->exponent.lambda);
        status = lyap_quantiles_add(&s->lambda, cell->exponent.lambda, error);
    }
    cli_progress_cells(s->cells, s->regimes[LYAP_DIVERGED]);
    if (!status && cli_checkpoint_used(&s->experiment.checkpoint) && cli_interrupted())
        status =
            lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted; all cells are kept, and --resume makes the tables");
    return status ? status : lyap_output_set_check(&s->results.set, error);
}

static enum lyap_status open_tables(struct session *s, struct lyap_error *error) {
    char text[32];
    enum lyap_status status = cli_results_open(&s->results, error);
    for (int t = 0; t < TABLES && !status; t++) status = cli_results_add(&s->results, names[t], &s->tables[t], error);
    if (status) return status;
    fputs("value,start,step", s->tables[POINTS]);
    for (size_t c = 0; c < s->columns; c++) fprintf(s->tables[POINTS], ",%s", column_name(s, c, text));
    fputs("\n", s->tables[POINTS]);
    fputs("value,start,lambda,low,high,regime,period\n", s->tables[EXPONENTS]);
    return LYAP_OK;
}

static void write_manifest(const struct session *s, FILE *file) {
    const struct lyap_bifurcation_plan *plan = &s->plan;
    const struct lyap_spectrum_plan *p = &plan->spectrum;
    char text[32];
    cli_axis_manifest_plan(file, &s->experiment, &p->base, plan->over.quantity == LYAP_MAP_LR);
    cli_axis_manifest(file, "over", &plan->over, plan->values);
    fprintf(file, "transient = %lu\npoints = %zu\nshow = ", (unsigned long)p->transient, lyap_orbit_points(plan));
    if (plan->which)
        for (size_t c = 0; c < s->columns; c++) fprintf(file, "%s%s", c ? "," : "", column_name(s, c, text));
    else
        fputs(plan->kind == LYAP_ORBIT_LOSS ? "loss" : plan->kind == LYAP_ORBIT_OUTPUTS ? "outputs" : "weights", file);
    fprintf(file, "\ntolerance = %s\n", lyap_format_real(p->tolerance, text));
    fprintf(file, "growth = %s\nqr-every = %lu\n", lyap_format_real(p->growth, text),
            (unsigned long)lyap_spectrum_qr_every(p));
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        fprintf(file, "cells.%s = %llu\n", lyap_regime_name((enum lyap_regime)r), (unsigned long long)s->regimes[r]);
    fprintf(file, "cells.without-points = %llu\n", (unsigned long long)s->bare);
    cli_results_manifest(&s->results, file);
    fprintf(file, "digest = %016llx\n", (unsigned long long)s->digest);
}

/* An orbit that lands on a minimum has a very negative exponent; the axis begins where the lowest hundredth ends. */
static void write_script(struct session *s, FILE *file) {
    const struct lyap_network *net = &s->experiment.net;
    char shape[12 * (LYAP_MAX_LAYERS + 1)], text[32];
    bool any = s->lambda.n > 0 || s->lambda.sketch;
    size_t drawn = s->columns < MOST_COLOURS ? s->columns : MOST_COLOURS;
    fprintf(file,
            "# To draw bifurcation.png and bifurcation.svg from bifurcation.csv and exponents.csv beside it: gnuplot "
            "bifurcation.gp\nfigure = \"bifurcation\"\npoints = %llu\ntransient = %lu\nexponent_low = %s\n",
            (unsigned long long)(s->cells - s->bare), (unsigned long)s->plan.spectrum.transient,
            lyap_format_real(any ? lyap_quantiles_at(&s->lambda, 0.01) : -1, text));
    fprintf(file, "exponent_high = %s\ncolumns = %zu\ncolumn_names = \"", lyap_format_real(any ? s->highest : 1, text),
            drawn);
    for (size_t c = 0; c < drawn; c++) fprintf(file, "%s%s", c ? " " : "", column_name(s, c, text));
    fputs("\"\nregimes = \"", file);
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        if (s->regimes[r]) fprintf(file, "%s ", lyap_regime_name((enum lyap_regime)r));
    fprintf(file, "\"\ny_name = \"%s\"\n",
            s->plan.kind == LYAP_ORBIT_LOSS      ? "loss"
            : s->plan.kind == LYAP_ORBIT_OUTPUTS ? "output"
                                                 : "weight");
    cli_axis_numbers(file, "x", &s->plan.over);
    fprintf(file, "heading = \"%.60s %s: %zu steps after a transient of %lu",
            lyap_network_shape(net, shape, sizeof shape), lyap_activation_name(net->activation[0]),
            lyap_orbit_points(&s->plan), (unsigned long)s->plan.spectrum.transient);
    if (drawn < s->columns) fprintf(file, ", the first %zu of %zu numbers", drawn, s->columns);
    fputs("\"\n\n", file);
    lyap_figure_text(file, "bifurcation");
}

static void print_summary(const struct session *s, double took) {
    const struct lyap_spectrum_plan *p = &s->plan.spectrum;
    char name[16];
    printf("%zu values of %s, starts %llu: %zu points after %lu of %lu steps, %s\n\n  regimes", s->plan.values,
           lyap_map_axis_name(&s->plan.over, name, sizeof name), (unsigned long long)p->base.starts,
           lyap_orbit_points(&s->plan), (unsigned long)p->transient, (unsigned long)p->base.setting.epochs,
           lyap_precision_name(p->base.precision));
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        if (s->regimes[r])
            printf("  %s %llu", lyap_regime_name((enum lyap_regime)r), (unsigned long long)s->regimes[r]);
    printf("\n  periods");
    for (int k = 1; k <= LYAP_MOST_PERIOD; k++)
        if (s->periods[k]) printf("  %d: %llu", k, (unsigned long long)s->periods[k]);
    printf("  none up to %d: %llu\n", LYAP_MOST_PERIOD, (unsigned long long)s->periods[0]);
    if (s->bare) printf("  without points %llu: diverged, dead, or no finite numbers\n", (unsigned long long)s->bare);
    printf("  digest  %016llx  (%s, %.3g s)\n  tables  %s\n", (unsigned long long)s->digest, lyap_isa_name(p->base.isa),
           took, s->experiment.out);
}

/* Computes the cells that the checkpoint lacks; the tables are made from it afterwards. */
static enum lyap_status work(struct session *s, struct lyap_error *error) {
    struct cli_experiment *e = &s->experiment;
    const struct lyap_plan base = lyap_bifurcation_cells(&s->plan).base;
    char *settings;
    enum lyap_status status = lyap_bifurcation_check(&s->plan, error);
    if (!status) status = cli_results_probe(&s->results, error);
    if (!status) status = lyap_checkpoint_settings_bifurcation(&s->plan, &settings, error);
    if (status) return status;
    status = cli_checkpoint_open(&e->checkpoint, settings, &base, 1, e->argc - 1, e->argv + 1, error);
    free(settings);
    return status ? status : cli_checkpoint_work_bifurcation(&e->checkpoint, 0, &s->plan, error);
}

static void name_files(struct session *s) {
    cli_experiment_results(&s->experiment, &s->results);
    for (int t = 0; t < TABLES; t++) cli_results_table(&s->results, names[t]);
    cli_results_picture(&s->results, "bifurcation");
}

static enum lyap_status write_files(struct session *s, double *took, struct lyap_error *error) {
    double start = cli_seconds();
    enum lyap_status status = cli_results_check(&s->results, error);
    if (!status && cli_checkpoint_used(&s->experiment.checkpoint)) {
        status = work(s, error);
        s->sharded = !status && cli_checkpoint_sharded(&s->experiment.checkpoint);
        if (s->sharded) return LYAP_OK;
    }
    if (status) return status;
    s->digest = LYAP_DIGEST_START;
    s->highest = -INFINITY;
    status = open_tables(s, error);
    if (!status) status = cli_checkpoint_bifurcation(&s->experiment.checkpoint, 0, &s->plan, take, s, error);
    *took = cli_seconds() - start;
    if (status) return status;
    write_script(s, s->tables[SCRIPT]);
    write_manifest(s, s->tables[MANIFEST]);
    return lyap_output_set_commit(&s->results.set, error);
}

static int run_bifurcation(struct session *s) {
    struct lyap_error error = {0};
    double took = 0;
    name_files(s);
    enum lyap_status status = write_files(s, &took, &error);
    cli_results_free(&s->results);
    if (!status && !s->sharded) {
        if (!s->experiment.quiet) print_summary(s, took);
        fflush(stdout);
        status = cli_draw(s->experiment.out, "bifurcation", s->experiment.quiet, &error);
    }
    lyap_quantiles_free(&s->lambda);
    return status ? cli_fail(&error) : 0;
}

static int bifurcation(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    struct session *s = calloc(1, sizeof *s);
    if (!s) return cli_complain("out of memory"), EXIT_BAD_RUN;
    if (read_options(s, &values, &status))
        status = cli_experiment_words(&s->experiment, command, argc, argv) ? run_bifurcation(s) : EXIT_BAD_RUN;
    cli_experiment_free(&s->experiment);
    free(s);
    return status;
}

static const struct cli_option own[] = {
    {"over", "QUANTITY:LOW:HIGH:COUNT[:log]",
     "what is swept, at the centres of COUNT equal parts: lr, lr1, lr2, .. (of one layer of weights), init-scale, "
     "momentum, weight-decay, d1, d2 (along two random directions in weight space)"},
    {"points", "N", "steps at the end that are drawn, and over which exponent and regime are measured (512)"},
    {"show", "WHAT",
     "weights, outputs (of all training samples), loss, or some of them: w0,w3 (order as in --weights), y0,y3 (sample "
     "* units + unit) (the first weight into the output)"},
    {"tolerance", "X",
     "states this near are equal when a period is sought (1e-5, times the largest weight where above 1)"},
    {"transient", "N", "steps before the points, at least (all but --points: 4488)"},
    {"growth", "NATS",
     "growth that makes a regime 'chaotic' (in the last third) or 'transient'; rules: lyapgrad/regime.h (10)"},
    {"qr-every", "N", "steps from one re-orthonormalisation to the next (10)"},
    {NULL, NULL, NULL},
};
static const struct cli_option experiment[] = {
    {"net", "SIZES", "units from input to output (2-2-1); '2-1' has no hidden layer"},
    {"activation", "NAME[,NAME...]", "of the hidden layers, one for all or one each (sigmoid)"},
    {"output-activation", "NAME", "of the output layer (the last of --activation; linear with softmax)"},
    {"loss", "NAME", "mse, bce, softmax (mse)"},
    {"lr", "RATE", "learning rate where the sweep does not give it (0.001)"},
    {"epochs", "N", "gradient-descent steps, the transient with them (5000)"},
    {"starts", "N", "starting points of every value (1, or all rows of --weights)"},
    {"init", "LAW", "of the starts: uniform:A,B, normal:M,S or scaled by layer (uniform:0,1)"},
    {"init-bias", "LAW", "of the biases: zero, uniform:A,B, normal:M,S (as the weights; zero with the scaled laws)"},
    {"loss-window", "LOW,HIGH|none", "redraw until the initial loss lies there (0.2,0.4; none with the scaled laws)"},
    {"max-draws", "N", "draws before giving up on the window (1000000)"},
    {"weights", "FILE", "the starts from a file (CSV, .npy), one a row, instead of drawing them"},
    {"precision", "float32|float64", "(float64)"},
    {"escape", "LOSS", "a cell diverges where its loss exceeds this (1e9)"},
    {"seed", "N", "of the starts and the directions (1)"},
    {"threads", "N", "(all); the results do not depend on it"},
    {"out", "DIR", "where tables and picture go, in place of an earlier diagram's (out/bifurcation)"},
    {"quiet", NULL, "print nothing but errors"},
    {NULL, NULL, NULL},
};
static const struct cli_option *const tables[] = {own,        cli_data_options,       cli_optimiser_options,
                                                  experiment, cli_checkpoint_options, NULL};
const struct cli_command cli_bifurcation = {
    "bifurcation", "weights, outputs or loss after a transient against a swept quantity, with the exponent",
    "lyapgrad bifurcation --activation tanh --init normal:0,2 --loss-window none --over lr:1:6:400", tables,
    bifurcation};
