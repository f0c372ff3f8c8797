/* lyapgrad bifurcation: where training goes after a transient against a swept quantity, and the exponent there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options/numbers.h"
#include "results/diagram_table.h"
#include "base/number.h"
#include "cli/axis.h"
#include "cli/carry_out.h"
#include "cli/task.h"
#include "cli/verify/gather.h"
#include "cli/verify/options.h"
#include "lyapgrad/bifurcation.h"
#include "lyapgrad/axis.h"
#include "lyapgrad/network.h"
#include "lyapgrad/orbit.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "figure/template.h"
#include "io/keys.h"

enum { MOST_COLOURS = 8, MOST_SHOWN = 64 };

enum table { POINTS, EXPONENTS, SCRIPT, MANIFEST, TABLES };
static const char *const letters[] = {"w", "y", "loss"};

/* What the command's own options give. */
struct choice {
    struct cli_axis over;
    uint64_t points; /* 0: not given */
    double tolerance;
};

struct session {
    struct lyap_bifurcation_plan plan;
    struct cli_experiment experiment;
    struct choice choice;
    size_t which[MOST_SHOWN];
    size_t columns; /* all those of a kind, or those in `which` */
    struct cli_carrying carrying;
    struct cli_file files[TABLES];
    uint64_t periods[LYAP_MOST_PERIOD + 1], bare;
    struct lyap_quantiles lambda; /* of the cells with points */
    double highest;               /* of these exponents */
};

static const char *const shows[] = {"weights", "outputs", "loss", NULL};

static const char *show_word(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return shows[i];
}
static const char *show_form(int i, char text[CLI_WORD_LENGTH]) {
    static const char *const some[] = {"some weights (w0,w3)", "some outputs (y0,y3)", NULL};
    return i < 3 ? show_word(i, text) : some[i - 3];
}
static const struct cli_words show_words = {"quantity", show_word, show_form};

static const struct cli_option own[] = {
    {.name = "over",
     .value = "QUANTITY:LOW:HIGH:COUNT[:log]",
     .type = CLI_FORM,
     .help = "what is swept, at the centres of COUNT equal parts: " CLI_AXIS_QUANTITIES,
     .words = &cli_axes,
     .most = LYAP_AXIS_MOST,
     .absent = CLI_REQUIRED,
     .example = "lr:1:6:400",
     .into = CLI_INTO(struct choice, over),
     .read = cli_axis_read},
    {.name = "points",
     .value = "N",
     .type = CLI_COUNT,
     .help = "steps at the end that are drawn, and over which exponent and regime are measured",
     .least = 1,
     .most = INT32_MAX,
     .unit = "steps",
     .absent = "512, or half of --steps if fewer",
     .into = CLI_INTO(struct choice, points)},
    {.name = "show",
     .value = "WHAT",
     .type = CLI_FORM,
     .help = "what is drawn; weights are numbered as in --weights, outputs over all training samples: sample * units + "
             "unit",
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

/* "w3,w5" or "y0": numbers of one kind. */
static bool read_numbers(struct lyap_bifurcation_plan *plan, const struct cli_experiment *experiment,
                         const struct cli_option *option, const char *text, size_t which[MOST_SHOWN]) {
    plan->kind = *text == 'y' ? LYAP_ORBIT_OUTPUTS : LYAP_ORBIT_WEIGHTS;
    const size_t numbers = lyap_orbit_numbers(plan->kind, &experiment->net, &experiment->data);
    plan->which = which;
    for (const char *at = text;; at++) {
        char word[32] = "";
        size_t length = strcspn(at, ",");
        uint64_t number = 0;
        if (length < sizeof word) memcpy(word, at, length);
        if (*word != *letters[plan->kind] || !lyap_number_count(word + 1, UINT64_MAX, &number)) {
            return cli_refuse_form(option, text);
        }
        if (number >= numbers) {
            cli_complain("--show: there is no %s; the %s are %s0 .. %s%zu", word,
                         plan->kind == LYAP_ORBIT_OUTPUTS ? "outputs of all training samples" : "weights and biases",
                         letters[plan->kind], letters[plan->kind], numbers - 1);
            return false;
        }
        for (size_t c = 0; c < plan->columns; c++)
            if (which[c] == number) {
                cli_complain("--show: '%s' is given twice", word);
                return false;
            }
        if (plan->columns == MOST_SHOWN) {
            cli_complain("--show: more than %d numbers; expected fewer, or all with weights or outputs", MOST_SHOWN);
            return false;
        }
        which[plan->columns++] = (size_t)number;
        at += length;
        if (!*at) return true;
    }
}

/* By default the first weight into the output. */
static bool read_show(struct lyap_bifurcation_plan *plan, const struct cli_experiment *experiment,
                      const struct cli_values *values, size_t which[MOST_SHOWN]) {
    static const char name[] = "show";
    const struct lyap_network *net = &experiment->net;
    const char *text = cli_text(values, name);
    struct cli_option option;
    if (!text) {
        which[0] = lyap_network_offset(net, net->layers - 1);
        plan->which = which;
        plan->columns = 1;
        return true;
    }
    const int word = cli_word_number(&show_words, text, strlen(text));
    if (word >= 0) plan->kind = (enum lyap_orbit_kind)word;
    if (word >= 0) return true;
    cli_find_option(values->command->options, name, strlen(name), &option);
    return read_numbers(plan, experiment, &option, text, which);
}

/* The last --points steps are drawn and measured, and all before them are the transient, of at least --transient steps. */
static bool find_steps(struct lyap_spectrum_plan *plan, struct choice *choice, const struct cli_values *values) {
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
    choice->points = points;
    return true;
}

static bool read_options(void *context, const struct cli_values *values, int *status) {
    struct session *s = context;
    struct lyap_bifurcation_plan *plan = &s->plan;
    struct choice *choice = &s->choice;
    if (!cli_experiment_read(&s->experiment, values, status)) return false;
    *status = EXIT_BAD_USAGE;
    lyap_bifurcation_defaults(plan, &s->experiment.net, &s->experiment.data);
    if (!cli_axis_estimate(&plan->spectrum, &s->experiment, values) || !cli_read(values, &own_group, choice) ||
        !find_steps(&plan->spectrum, choice, values) || !read_show(plan, &s->experiment, values, s->which) ||
        !cli_axis_fits(values, &choice->over.axis))
        return false;
    plan->over = choice->over.axis;
    plan->values = choice->over.count;
    plan->spectrum.tolerance = choice->tolerance;
    s->columns = lyap_bifurcation_columns(plan);
    *status = 0;
    return true;
}

static enum lyap_status take(const struct lyap_bifurcation_chunk *chunk, void *context, struct lyap_error *error) {
    struct session *s = context;
    enum lyap_status status = LYAP_OK;
    s->carrying.digest = lyap_bifurcation_digest(s->carrying.digest, chunk);
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_bifurcation_cell *cell = &chunk->cells[i];
        s->carrying.done++;
        s->carrying.regimes[cell->regime]++;
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
    return status ? status : cli_carrying_counted(&s->carrying, error);
}

static enum lyap_status begin(void *session, struct lyap_error *error) {
    struct session *s = session;
    (void)error;
    s->highest = -INFINITY;
    lyap_write_diagram_header(s->files[POINTS].file, &s->plan, s->columns);
    lyap_write_diagram_exponents_header(s->files[EXPONENTS].file);
    return LYAP_OK;
}

static void write_manifest(void *session, FILE *file) {
    const struct session *s = session;
    const struct lyap_bifurcation_plan *plan = &s->plan;
    const struct lyap_spectrum_plan *p = &plan->spectrum;
    cli_axis_manifest_plan(file, &s->experiment, &p->base, plan->over.quantity == LYAP_AXIS_LR);
    lyap_axis_setting(file, "over", &plan->over, plan->values);
    cli_estimate_manifest(file, "transient", p);
    cli_put(file, &own_group, "points", &s->choice);
    lyap_bifurcation_show(file, plan);
    cli_put(file, &own_group, "tolerance", &s->choice);
    cli_estimate_manifest(file, "growth qr-every", p);
    cli_write_regimes(file, "cells", s->carrying.regimes);
    lyap_key_count(file, "cells.without-points", s->bare);
}

/* An orbit that lands on a minimum has a very negative exponent; the axis begins where the lowest hundredth ends. */
static void write_script(void *session) {
    struct session *s = session;
    FILE *file = s->files[SCRIPT].file;
    char text[32];
    bool any = s->lambda.n > 0 || s->lambda.sketch;
    size_t drawn = s->columns < MOST_COLOURS ? s->columns : MOST_COLOURS;
    fprintf(file,
            "# To draw bifurcation.png and bifurcation.svg from bifurcation.csv and exponents.csv beside it: gnuplot "
            "bifurcation.gp\nfigure = \"bifurcation\"\npoints = %llu\ntransient = %lu\nexponent_low = %s\n",
            (unsigned long long)(s->carrying.done - s->bare), (unsigned long)s->plan.spectrum.transient,
            lyap_format_real(any ? lyap_quantiles_at(&s->lambda, 0.01) : -1, text));
    fprintf(file, "exponent_high = %s\ncolumns = %zu\ncolumn_names = \"", lyap_format_real(any ? s->highest : 1, text),
            drawn);
    for (size_t c = 0; c < drawn; c++) fprintf(file, "%s%s", c ? " " : "", lyap_bifurcation_column(&s->plan, c, text));
    fputs("\"\nregimes = \"", file);
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        if (s->carrying.regimes[r]) fprintf(file, "%s ", lyap_regime_name((enum lyap_regime)r));
    fprintf(file, "\"\ny_name = \"%s\"\n",
            s->plan.kind == LYAP_ORBIT_LOSS      ? "loss"
            : s->plan.kind == LYAP_ORBIT_OUTPUTS ? "output"
                                                 : "weight");
    cli_axis_numbers(file, "x", &s->plan.over);
    cli_axis_heading(file, &s->experiment.net);
    fprintf(file, ": %zu steps after a transient of %lu", lyap_orbit_points(&s->plan),
            (unsigned long)s->plan.spectrum.transient);
    if (drawn < s->columns) fprintf(file, ", the first %zu of %zu numbers", drawn, s->columns);
    fputs("\"\n\n", file);
    lyap_figure_text(file, "bifurcation");
}

static void print_summary(void *session) {
    const struct session *s = session;
    const struct lyap_spectrum_plan *p = &s->plan.spectrum;
    char name[16];
    printf("%zu values of %s, starts %llu: %zu points after %lu of %lu steps, %s\n", s->plan.values,
           lyap_axis_name(&s->plan.over, name, sizeof name), (unsigned long long)p->base.starts,
           lyap_orbit_points(&s->plan), (unsigned long)p->transient, (unsigned long)p->base.setting.epochs,
           lyap_precision_name(p->base.precision));
    cli_print_regimes(s->carrying.regimes);
    printf("\n  periods");
    for (int k = 1; k <= LYAP_MOST_PERIOD; k++)
        if (s->periods[k]) printf("  %d: %llu", k, (unsigned long long)s->periods[k]);
    printf("  none up to %d: %llu\n", LYAP_MOST_PERIOD, (unsigned long long)s->periods[0]);
    if (s->bare) printf("  without points %llu: diverged, dead, or no finite numbers\n", (unsigned long long)s->bare);
}

static int run(void *context) {
    static const char *const names[TABLES] = {"bifurcation.csv", "exponents.csv", "bifurcation.gp", "manifest.txt"};
    struct session *s = context;
    cli_name_all_files(s->files, names, TABLES);
    s->carrying = (struct cli_carrying){.experiment = &s->experiment,
                                        .cells = lyap_bifurcation_experiment(&s->plan, take, s),
                                        .unit = "cells",
                                        .picture = "bifurcation",
                                        .files = s->files,
                                        .count = TABLES,
                                        .session = s,
                                        .begin = begin,
                                        .write = write_script,
                                        .manifest = write_manifest,
                                        .print = print_summary};
    return cli_carry_out(&s->carrying);
}

static void release(void *context) {
    struct session *s = context;
    cli_experiment_free(&s->experiment);
    lyap_quantiles_free(&s->lambda);
}

static enum lyap_status gather_cells(const struct lyap_bifurcation_chunk *chunk, void *context,
                                     struct lyap_error *error) {
    struct cli_gather *to = context;
    const uint64_t digest = lyap_bifurcation_digest(to->results->digest, chunk);
    enum lyap_status status = cli_gather_spectra(chunk->spectrum, to, error);
    to->results->digest = digest;
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_bifurcation_cell *cell = &chunk->cells[i];
        to->value = cell->value;
        to->start = cell->start;
        status = cli_put_count(to, "period", 0, cell->period, error);
        if (!status) status = cli_put_reals(to, "orbit", cell->orbit, cell->points * chunk->columns, 1, error);
    }
    return status;
}

static enum lyap_status gather(void *context, struct cli_gather *to, struct lyap_error *error) {
    struct lyap_bifurcation_plan plan = ((const struct session *)context)->plan;
    cli_gather_set(to, &plan.spectrum.base);
    const struct lyap_experiment cells = lyap_bifurcation_experiment(&plan, gather_cells, to);
    return cli_gather_run(to, &cells, error);
}

static void draw_bifurcation(struct dice *d) {
    static const char *const words[] = {"weights", "outputs", "loss", "w0", "y0"};
    char over[64], name[16];
    unsigned values = dice_range(d, 1, 6), show = dice_pick(d, 6);
    dice_axis(d, over, name, NULL);
    dice_add(d, "over", "%s:%u%s", over, values, dice_log_end(d, over));
    dice_common(d);
    dice_precision(d);
    unsigned starts = dice_starts(d, 6), epochs = dice_steps(d, 3, 150, 3.5, values * starts);
    unsigned points = dice_range(d, 1, epochs - 1 < 60 ? epochs - 1 : 60);
    dice_add(d, "steps", "%u", epochs);
    dice_add(d, "points", "%u", points);
    dice_add(d, "transient", "%u", dice_range(d, 0, epochs - points));
    if (show < 5) dice_add(d, "show", "%s", words[show]);
    if (dice_chance(d, 30)) dice_add(d, "tolerance", "%s", dice_real(d, -9, -1).text);
    dice_measure(d);
}

static const struct cli_draw draws[] = {{6, draw_bifurcation}, {0, NULL}};
static const struct cli_task task = {.size = sizeof(struct session),
                                     .cells = true,
                                     .read = read_options,
                                     .run = run,
                                     .free = release,
                                     .gather = gather,
                                     .draws = draws};

static const struct cli_change estimate[] = {
    {.name = "transient", .help = "part of --steps before the points, at least", .absent = "all but --points: 4488"},
    {.name = "qr-every", .standard = "10"},
    {.name = NULL},
};
static const struct cli_change training[] = {
    {.name = "lr", .help = "learning rate where the sweep does not give it", .standard = "0.001"},
    {.name = "steps", .help = "length of the training, the transient with it", .absent = "5000"},
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
    {.group = &cli_data_options, .without = "test-data test-labels"},
    {.group = &cli_network_options},
    {.group = &cli_training_options, .only = "lr steps starts escape", .changes = training},
    {.group = &cli_common_options, .changes = common},
    {.group = &cli_start_options},
    {.group = &cli_optimiser_options},
    {.group = &cli_estimate_options, .only = "transient growth qr-every", .changes = estimate},
    {.group = &cli_checkpoint_options},
    {.group = NULL}};
static const struct lyap_schema *const tables[] = {&lyap_diagram_schema, &lyap_diagram_exponents_schema, NULL};
const struct cli_command cli_bifurcation = {
    .name = "bifurcation",
    .summary = "weights, outputs or loss after a transient against a swept quantity, with the exponent",
    .example = "lyapgrad bifurcation --activation tanh --init normal:0,2 --loss-window none --over lr:1:6:400",
    .options = options,
    .files =
        "bifurcation.csv, the recorded points; exponents.csv, one row per value and start; bifurcation.gp and, where "
        "gnuplot is installed, bifurcation.png and bifurcation.svg.",
    .tables = tables,
    .task = &task,
};
