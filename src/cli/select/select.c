/* lyapgrad select: from data and candidates to a setting, a learning rate with its interval, and starting weights. */
#include "cli/select/select.h"

#include <stdlib.h>
#include <string.h>

#include "cli/data_shown.h"
#include "cli/draw.h"
#include "cli/options/estimator.h"
#include "cli/options/network.h"
#include "cli/options/optimiser.h"
#include "cli/options/start.h"
#include "cli/options/training.h"
#include "cli/preprocessing.h"
#include "cli/task.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/isa.h"

static bool wants(const struct cli_selection *s, int table) {
    return s->compares || (table != CLI_SELECT_SEARCHES && table != CLI_SELECT_COMPARISON);
}

static void name_files(struct cli_selection *s) {
    cli_results_start(&s->results, "select", s->out);
    cli_results_reads_data(&s->results, &s->source);
    for (int t = 0; t < CLI_SELECT_TABLES; t++)
        if (wants(s, t)) cli_results_table(&s->results, cli_select_names[t]);
    cli_results_picture(&s->results, "select");
    cli_results_writes(&s->results, "--save-preprocessing", s->source.save_preprocessing);
}

/* The files are opened before one is written: the manifest lists them. */
static enum lyap_status write_all(struct cli_selection *s, struct lyap_error *error) {
    FILE *tables[CLI_SELECT_TABLES] = {NULL}, *preprocessing = NULL;
    const struct lyap_trial *best = &cli_select_best(s)->trial;
    double *start = malloc(lyap_network_parameters(s->plans[best->setting].network) * sizeof *start);
    enum lyap_status status = LYAP_OK;
    if (!start) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the starting weights");
    if (!status) status = lyap_selection_start(&s->plan, best, start, error);
    if (!status) status = cli_results_open(&s->results, error);
    if (!status) status = cli_results_add_path(&s->results, s->source.save_preprocessing, &preprocessing, error);
    for (int t = 0; t < CLI_SELECT_TABLES && !status; t++)
        if (wants(s, t)) status = cli_results_add(&s->results, cli_select_names[t], &tables[t], error);
    if (!status && preprocessing) cli_preprocessing_write(preprocessing, &s->source);
    for (int t = 0; t < CLI_SELECT_TABLES && !status; t++)
        if (tables[t]) status = cli_select_write(s, (enum cli_select_table)t, start, tables[t], error);
    if (!status) status = lyap_output_set_commit(&s->results.set, error);
    free(start);
    return status;
}

static void print_end(const struct cli_selection *s, double took) {
    uint64_t digest = lyap_selection_digest(LYAP_DIGEST_START, &s->selection);
    if (s->compares) digest = lyap_search_comparison_digest(digest, &s->comparison);
    printf("\n  digest  %016llx  (%s, %.3g s)\n  tables  %s (report.txt says why)\n", (unsigned long long)digest,
           lyap_isa_name(s->plans->isa), took, s->out);
    fflush(stdout);
}

/* A search of the comparison, in all its ways, takes about that part of the time of the selection (0.25 to 0.94 measured). */
static const double search_cost = 0.5;

static int run(void *own) {
    struct cli_selection *s = own;
    struct lyap_error error = {0};
    double begin = cli_seconds();
    name_files(s);
    cli_progress_phase(s->quiet, "first trials");
    enum lyap_status status = cli_results_probe(&s->results, &error);
    if (!status && !s->quiet) cli_data_print(&s->source);
    const double share = s->compares ? 1 / (1 + search_cost * (double)s->plan.searches) : 1;
    cli_progress_part(0, share);
    if (!status) status = lyap_selection_run(&s->plan, &s->selection, &error);
    cli_progress_part(share, 1 - share);
    if (!status && s->compares) status = lyap_selection_compare(&s->plan, &s->comparison, &error);
    double took = cli_seconds() - begin;
    if (!status) status = write_all(s, &error);
    cli_results_free(&s->results);
    cli_progress_end();
    if (!status && !s->quiet) status = cli_select_print(s, s->explain, stdout, &error);
    if (!status && !s->quiet) print_end(s, took);
    if (!status) status = cli_draw(s->out, "select", s->quiet, &error);
    return status ? cli_fail(&error) : 0;
}

static void release(void *own) {
    struct cli_selection *s = own;
    lyap_selection_free(&s->selection);
    lyap_search_comparison_free(&s->comparison);
    cli_data_free(&s->source);
    free(s->words);
    free(s->settings);
    free(s->plans);
}

static const struct cli_change network[] = {
    {.name = "net",
     .value = "SIZES[/SIZES...]",
     .help = "candidate networks; candidates are separated by '/', here and in --activation, --optimiser and --init",
     .absent = "the data's inputs and outputs with 8 and with 32 hidden units"},
    {.name = "activation",
     .value = "NAMES[/NAMES...]",
     .help = "candidate activations of the hidden layers, one for all or one each joined by commas",
     .standard = "tanh/relu",
     .list = '/'},
    {.name = "output-activation", .absent = "sigmoid for bce, else linear"},
    {.name = "loss", .absent = "by the targets: one 1 in several: softmax; 0 and 1: bce; else mse"},
    {.name = NULL},
};
static const struct cli_change optimiser[] = {
    {.name = "optimiser",
     .value = "NAME[/NAME...]",
     .help = "candidate optimisers, separated by '/'",
     .standard = "gd",
     .list = '/'},
    {.name = NULL},
};
static const struct cli_change training[] = {
    {.name = "escape", .value = "LOSS", .help = "a trial diverges where its loss exceeds this", .standard = "1e9"},
    {.name = NULL},
};
static const struct cli_change start[] = {
    {.name = "init",
     .value = "LAW[/LAW...]",
     .help = "candidate laws of the initial weights",
     .standard = "glorot-uniform",
     .list = '/'},
    {.name = "loss-window", .standard = "none"},
    {.name = NULL},
};
static const struct cli_change common[] = {
    {.name = "precision", .standard = "float64"},
    {.name = "seed", .help = "seed of starts and learning rates"},
    {.name = "out", .standard = "out/select"},
    {.name = NULL},
};
static const struct cli_use options[] = {{.group = &cli_select_options},
                                         {.group = &cli_estimate_options, .only = "growth"},
                                         {.group = &cli_data_options},
                                         {.group = &cli_network_options, .changes = network},
                                         {.group = &cli_optimiser_options, .changes = optimiser},
                                         {.group = &cli_training_options, .only = "escape", .changes = training},
                                         {.group = &cli_start_options, .without = "weights", .changes = start},
                                         {.group = &cli_common_options, .changes = common},
                                         {.group = NULL}};
static const struct cli_task task = {.size = sizeof(struct cli_selection),
                                     .read = cli_select_read,
                                     .run = run,
                                     .free = release,
                                     .gather = cli_select_gather,
                                     .draws = cli_select_draws};
static const struct lyap_schema *const tables[] = {
    &cli_ranking_schema,    &cli_trials_schema,   &cli_settings_schema,   &cli_rates_schema,
    &cli_thresholds_schema, &cli_searches_schema, &cli_comparison_schema, NULL};
const struct cli_command cli_select = {
    .name = "select",
    .summary = "choose network, optimiser, learning rate and starting weights for your data",
    .example = "lyapgrad select --data my.csv --split 0.8 --net 2-8-1/2-32-1 --activation tanh/relu "
               "--optimiser gd/adam --lr 1e-3:10",
    .options = options,
    .files =
        "report.txt, the recommendation and why; select.csv, the trials ranked; trials.csv, every trial with "
        "exponent, loss and sharpness; settings.csv; rates.csv and thresholds.csv, the learning rates of the best "
        "setting; searches.csv and worth.csv, what the choice was worth; weights.csv and weights.npy, the starting "
        "weights; select.gp and, where gnuplot is installed, select.png and select.svg.",
    .tables = tables,
    .task = &task,
};
