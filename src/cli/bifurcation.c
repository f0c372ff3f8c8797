/* lyapgrad bifurcation: where training goes after a transient against a swept quantity, and the exponent there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options/numbers.h"
#include "results/diagram_table.h"
#include "base/number.h"
#include "cli/axis.h"
#include "cli/carry_out.h"
#include "cli/plans.h"
#include "lyapgrad/bifurcation.h"
#include "lyapgrad/axis.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/orbit.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"
#include "figure/template.h"
#include "io/keys.h"

static const char over_form[] = "QUANTITY:LOW:HIGH:COUNT or QUANTITY:LOW:HIGH:COUNT:log, as in lr:1:6:400";
static const char show_form[] = "weights, outputs, loss, or some weights (w0,w3) or outputs (y0,y3)";

enum { MOST_COLOURS = 8 };

enum table { POINTS, EXPONENTS, SCRIPT, MANIFEST, TABLES };
static const char *const kinds[] = {"w", "y", "loss"};

struct session {
    struct lyap_bifurcation_plan plan;
    struct cli_experiment experiment;
    size_t which[CLI_MOST_SHOWN];
    size_t columns; /* all those of a kind, or those in `which` */
    struct cli_carrying carrying;
    struct cli_file files[TABLES];
    uint64_t digest, cells, regimes[LYAP_REGIME_COUNT], periods[LYAP_MOST_PERIOD + 1], bare;
    struct lyap_quantiles lambda; /* of the cells with points */
    double highest;               /* of these exponents */
};

/* What the command's own options give. */
struct choice {
    uint64_t points; /* 0: not given */
    double tolerance;
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

static const char *const shows[] = {"weights", "outputs", "loss", NULL};

static const char *show_word(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return shows[i];
}
static const struct cli_words show_words = {"quantity", show_word, NULL};

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
    for (int i = 0; text && shows[i]; i++)
        if (strcmp(text, shows[i]) == 0) {
            plan->kind = (enum lyap_orbit_kind)i;
            named = true;
        }
    return !text || named || read_numbers(plan, experiment, text, which);
}

static const struct cli_option own[] = {
    {.name = "over",
     .value = "QUANTITY:LOW:HIGH:COUNT[:log]",
     .type = CLI_FORM,
     .help = "what is swept, at the centres of COUNT equal parts: " CLI_AXIS_QUANTITIES,
     .words = &cli_axes,
     .absent = "required"},
    {.name = "points",
     .value = "N",
     .type = CLI_COUNT,
     .help = "steps at the end that are drawn, and over which exponent and regime are measured",
     .least = 1,
     .most = INT32_MAX,
     .unit = "steps",
     .absent = "512, or half of --epochs if fewer",
     .into = CLI_INTO(struct choice, points)},
    {.name = "show",
     .value = "WHAT",
     .type = CLI_FORM,
     .help = "what is drawn: weights, outputs (of all training samples), loss, or some of them: w0,w3 (order as in "
             "--weights), y0,y3 (sample * units + unit)",
     .words = &show_words,
     .absent = "the first weight into the output"},
    {.name = "tolerance",
     .value = "X",
     .type = CLI_REAL,
     .help = "states this near are equal when a period is sought, times the largest weight where above 1",
     .range = CLI_AT_LEAST(0),
     .standard = "1e-5",
     .into = CLI_INTO(struct choice, tolerance)},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own};

/* The last --points steps are drawn and measured, and all before them are the transient, of at least --transient steps. */
static bool find_steps(struct lyap_spectrum_plan *plan, const struct choice *choice, const struct cli_values *values) {
    enum { ALL_STEPS = 5000, DRAWN = 512 };
    const bool epochs_given = cli_text(values, "epochs"), transient_given = cli_text(values, "transient");
    uint64_t transient = transient_given ? plan->transient : 0, points = choice->points ? choice->points : DRAWN;
    uint64_t epochs = epochs_given ? plan->base.setting.epochs : ALL_STEPS;
    if (!epochs_given && transient + points > epochs) epochs = transient + points;
    uint64_t left = epochs > transient ? epochs - transient : 0;
    if (!choice->points && points > (transient_given ? left : (epochs + 1) / 2))
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
    struct choice choice = {0};
    if (!cli_experiment_read(experiment, values, status)) return false;
    *status = EXIT_BAD_USAGE;
    lyap_bifurcation_defaults(plan, &experiment->net, &experiment->data);
    if (!cli_estimate_read(&plan->spectrum, experiment, values) ||
        !cli_axis_read(values, "over", over_form, &plan->over, &plan->values) ||
        !cli_read(values, &own_group, &choice) || !find_steps(&plan->spectrum, &choice, values) ||
        !read_show(plan, experiment, values, which) || !cli_axis_fits(values, &plan->over))
        return false;
    plan->spectrum.tolerance = choice.tolerance;
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
        lyap_write_diagram(s->files[POINTS].file, &s->plan, s->columns, cell);
        lyap_write_diagram_exponent(s->files[EXPONENTS].file, cell, chunk->spectrum->records[i].batches > 0);
        if (!cell->points || !cell->defined) continue;
        s->highest = fmax(s->highest, cell->exponent.lambda);
        status = lyap_quantiles_add(&s->lambda, cell->exponent.lambda, error);
    }
    return status ? status : cli_carrying_goes_on(&s->carrying, s->cells, s->regimes[LYAP_DIVERGED], error);
}

static enum lyap_status begin(void *session, struct lyap_error *error) {
    struct session *s = session;
    (void)error;
    s->digest = LYAP_DIGEST_START;
    s->highest = -INFINITY;
    lyap_write_diagram_header(s->files[POINTS].file, &s->plan, s->columns);
    lyap_write_diagram_exponents_header(s->files[EXPONENTS].file);
    return LYAP_OK;
}

static void write_manifest(const struct session *s, const struct cli_results *results, FILE *file) {
    const struct lyap_bifurcation_plan *plan = &s->plan;
    const struct lyap_spectrum_plan *p = &plan->spectrum;
    cli_axis_manifest_plan(file, &s->experiment, &p->base, plan->over.quantity == LYAP_AXIS_LR);
    lyap_axis_setting(file, "over", &plan->over, plan->values);
    lyap_key_count(file, "transient", p->transient);
    lyap_key_count(file, "points", lyap_orbit_points(plan));
    lyap_bifurcation_show(file, plan);
    lyap_key_real(file, "tolerance", p->tolerance);
    lyap_key_real(file, "growth", p->growth);
    lyap_key_count(file, "qr-every", lyap_spectrum_qr_every(p));
    cli_write_regimes(file, "cells", s->regimes);
    lyap_key_count(file, "cells.without-points", s->bare);
    cli_results_manifest(results, file);
    lyap_key_digest(file, "digest", s->digest);
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
    for (size_t c = 0; c < drawn; c++) fprintf(file, "%s%s", c ? " " : "", lyap_bifurcation_column(&s->plan, c, text));
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

static void print_summary(void *session, double took) {
    const struct session *s = session;
    const struct lyap_spectrum_plan *p = &s->plan.spectrum;
    char name[16];
    printf("%zu values of %s, starts %llu: %zu points after %lu of %lu steps, %s\n", s->plan.values,
           lyap_axis_name(&s->plan.over, name, sizeof name), (unsigned long long)p->base.starts,
           lyap_orbit_points(&s->plan), (unsigned long)p->transient, (unsigned long)p->base.setting.epochs,
           lyap_precision_name(p->base.precision));
    cli_print_regimes(s->regimes);
    printf("\n  periods");
    for (int k = 1; k <= LYAP_MOST_PERIOD; k++)
        if (s->periods[k]) printf("  %d: %llu", k, (unsigned long long)s->periods[k]);
    printf("  none up to %d: %llu\n", LYAP_MOST_PERIOD, (unsigned long long)s->periods[0]);
    if (s->bare) printf("  without points %llu: diverged, dead, or no finite numbers\n", (unsigned long long)s->bare);
    printf("  digest  %016llx  (%s, %.3g s)\n  tables  %s\n", (unsigned long long)s->digest, lyap_isa_name(p->base.isa),
           took, s->experiment.out);
}

static void write_all(void *session, const struct cli_results *results) {
    struct session *s = session;
    write_script(s, s->files[SCRIPT].file);
    write_manifest(s, results, s->files[MANIFEST].file);
}

static int run_bifurcation(struct session *s) {
    static const char *const names[TABLES] = {"bifurcation.csv", "exponents.csv", "bifurcation.gp", "manifest.txt"};
    for (int t = 0; t < TABLES; t++) s->files[t] = (struct cli_file){.name = names[t], .wanted = true};
    s->carrying = (struct cli_carrying){.experiment = &s->experiment,
                                        .cells = lyap_bifurcation_experiment(&s->plan, take, s),
                                        .unit = "cells",
                                        .picture = "bifurcation",
                                        .files = s->files,
                                        .count = TABLES,
                                        .session = s,
                                        .begin = begin,
                                        .write = write_all,
                                        .print = print_summary};
    const int status = cli_carry_out(&s->carrying);
    lyap_quantiles_free(&s->lambda);
    return status;
}

static int bifurcation(const struct cli_command *command, int argc, char **argv, const struct cli_kept *kept) {
    struct cli_values values;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    values.kept = kept;
    struct session *s = calloc(1, sizeof *s);
    if (!s) return cli_complain("out of memory"), EXIT_BAD_RUN;
    if (read_options(s, &values, &status))
        status = cli_experiment_words(&s->experiment, command, argc, argv) ? run_bifurcation(s) : EXIT_BAD_RUN;
    cli_experiment_free(&s->experiment);
    free(s);
    return status;
}

static const struct cli_change estimate[] = {
    {.name = "transient", .help = "part of --epochs before the points, at least", .absent = "all but --points: 4488"},
    {.name = "qr-every", .standard = "10"},
    {.name = NULL},
};
static const struct cli_change training[] = {
    {.name = "lr", .help = "learning rate where the sweep does not give it", .standard = "0.001"},
    {.name = "epochs", .help = "length of the training, the transient with it", .absent = "5000"},
    {.name = "starts", .help = "number of starting points of every value", .absent = "1, or all rows of --weights"},
    {.name = "escape", .value = "LOSS", .help = "a cell diverges where its loss exceeds this", .standard = "1e9"},
    {.name = NULL},
};
static const struct cli_change common[] = {
    {.name = "precision", .standard = "float64"},
    {.name = "seed", .help = "seed of the starts and the directions"},
    {.name = "out", .standard = "out/bifurcation"},
    {.name = NULL},
};
static const struct cli_use options[] = {
    {.group = &own_group},
    {.group = &cli_estimate_options, .only = "transient growth qr-every", .changes = estimate},
    {.group = &cli_data_options, .without = "test-data test-labels"},
    {.group = &cli_network_options},
    {.group = &cli_optimiser_options},
    {.group = &cli_training_options, .only = "lr epochs starts escape", .changes = training},
    {.group = &cli_start_options},
    {.group = &cli_common_options, .changes = common},
    {.group = &cli_checkpoint_options},
    {.group = NULL}};
const struct cli_command cli_bifurcation = {
    .name = "bifurcation",
    .summary = "weights, outputs or loss after a transient against a swept quantity, with the exponent",
    .example = "lyapgrad bifurcation --activation tanh --init normal:0,2 --loss-window none --over lr:1:6:400",
    .options = options,
    .files =
        "bifurcation.csv, the recorded points; exponents.csv, one row per value and start; bifurcation.gp and, where "
        "gnuplot is installed, bifurcation.png and bifurcation.svg.",
    .run_cells = bifurcation,
};
