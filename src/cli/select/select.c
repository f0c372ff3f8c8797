/* lyapgrad select: from data and candidates to a setting, a learning rate with its interval, and starting weights. */
#include "cli/select/select.h"

#include <stdlib.h>
#include <string.h>

#include "cli/checkpoint.h"
#include "cli/draw.h"
#include "cli/optimiser.h"
#include "lyapgrad/digest.h"

static bool wants(const struct cli_selection *s, int table) {
    return s->compares || (table != CLI_SELECT_SEARCHES && table != CLI_SELECT_COMPARISON);
}

static void name_files(struct cli_selection *s) {
    cli_results_start(&s->results, "select", s->out);
    cli_results_reads_data(&s->results, &s->source);
    for (int t = 0; t < CLI_SELECT_TABLES; t++)
        if (wants(s, t)) cli_results_table(&s->results, cli_select_names[t]);
    cli_results_picture(&s->results, "select");
}

/* The files are opened before one is written: the manifest lists them. */
static enum lyap_status write_all(struct cli_selection *s, struct lyap_error *error) {
    FILE *tables[CLI_SELECT_TABLES] = {NULL};
    const struct lyap_trial *best = &cli_select_best(s)->trial;
    double *start = malloc(lyap_network_parameters(s->plans[best->setting].network) * sizeof *start);
    enum lyap_status status = LYAP_OK;
    if (!start) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the starting weights");
    if (!status) status = lyap_selection_start(&s->plan, best, start, error);
    if (!status) status = cli_results_open(&s->results, error);
    for (int t = 0; t < CLI_SELECT_TABLES && !status; t++)
        if (wants(s, t)) status = cli_results_add(&s->results, cli_select_names[t], &tables[t], error);
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

static int run(struct cli_selection *s) {
    struct lyap_error error = {0};
    double begin = cli_seconds();
    name_files(s);
    enum lyap_status status = cli_results_probe(&s->results, &error);
    if (!status) status = lyap_selection_run(&s->plan, &s->selection, &error);
    if (!status && s->compares) status = lyap_selection_compare(&s->plan, &s->comparison, &error);
    double took = cli_seconds() - begin;
    if (!status) status = write_all(s, &error);
    cli_results_free(&s->results);
    if (!status && !s->quiet) status = cli_select_print(s, s->explain, stdout, &error);
    if (!status && !s->quiet) print_end(s, took);
    if (!status) status = cli_draw(s->out, "select", s->quiet, &error);
    return status ? cli_fail(&error) : 0;
}

static void release(struct cli_selection *s) {
    lyap_selection_free(&s->selection);
    lyap_search_comparison_free(&s->comparison);
    cli_data_free(&s->source);
    free(s->words);
    free(s->settings);
    free(s->plans);
    free(s->argv);
    free(s);
}

static int choose(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    struct cli_selection *s = calloc(1, sizeof *s);
    if (!s) return cli_complain("out of memory"), EXIT_BAD_RUN;
    s->argv = malloc(((size_t)argc + 2) * sizeof *s->argv);
    if (!s->argv) {
        cli_complain("out of memory for the command line");
        status = EXIT_BAD_RUN;
    } else {
        cli_checkpoint_words(command, argc, argv, s->argv, &s->argc);
        if (cli_select_read(s, &values, &status)) status = run(s);
    }
    release(s);
    return status;
}

static const struct cli_option own[] = {
    {"net", "SIZES[/SIZES...]",
     "candidate networks; candidates are separated by '/', here and in --activation, --optimiser and --init (the "
     "data's "
     "inputs and outputs with 8 and with 32 hidden units)"},
    {"activation", "NAMES[/NAMES...]", "of the hidden layers, one for all or one each joined by commas (tanh/relu)"},
    {"init", "LAW[/LAW...]",
     "of the initial weights: uniform:A,B, normal:M,S, {glorot,he,lecun}-{uniform,normal} (glorot-uniform)"},
    {"lr", "LOW:HIGH", "learning rates to choose from, or a single one (1e-3:10)"},
    {"epochs", "N", "gradient-descent steps of a full training (500)"},
    {"budget", "STEPS",
     "gradient steps for search and rates together; the sharpness of the search's trials comes on top (1000000)"},
    {"score", "NAME", "by which the best trials go on: loss, exponent, combined (loss)"},
    {"by", "training|held-out", "the loss that scores and choices go by (training)"},
    {"searches", "N", "repeated searches in all ways that tell what the choice was worth; 0: none (10)"},
    {"explain", NULL, "also print why; report.txt always has it"},
    {"divisor", "N", "one in N trials goes on, to N times as many steps (4)"},
    {"rungs", "N", "lengths of trials (4; fewer where the first would have under 8 steps)"},
    {"rates", "N", "learning rates at which the best setting is measured (25)"},
    {"rate-starts", "N", "starts of these measurements (as many as half of the budget pays, 8 .. 64)"},
    {"safe", "SHARE", "of the starts that train safely at the largest safe rate (0.95)"},
    {"target", "LOSS", "whose first step the comparison counts (the median of random search)"},
    {"growth", "NATS",
     "growth that makes a regime 'chaotic' (in the last third) or 'transient'; rules: lyapgrad/regime.h (10)"},
    {NULL, NULL, NULL},
};
static const struct cli_option experiment[] = {
    {"output-activation", "NAME", "of the output layer (sigmoid for bce, else linear)"},
    {"loss", "NAME", "mse, bce, softmax (by the targets: one 1 in several: softmax; 0 and 1: bce; else mse)"},
    {"init-bias", "LAW", "of the biases: zero, uniform:A,B, normal:M,S (as the weights; zero with the scaled laws)"},
    {"loss-window", "LOW,HIGH|none", "redraw starts until the initial loss lies there (none)"},
    {"max-draws", "N", "draws before giving up on the window (1000000)"},
    {"precision", "float32|float64", "(float64)"},
    {"escape", "LOSS", "a trial diverges where its loss exceeds this (1e9)"},
    {"seed", "N", "of starts and learning rates (1)"},
    {"threads", "N", "(all); the results do not depend on it"},
    {"out", "DIR", "where tables, weights and picture go, in place of an earlier selection's (out/select)"},
    {"quiet", NULL, "print nothing but errors"},
    {NULL, NULL, NULL},
};
static const struct cli_option *const tables[] = {own, cli_data_options, cli_optimiser_options, experiment, NULL};
const struct cli_command cli_select = {
    "select", "choose network, optimiser, learning rate and starting weights for your data",
    "lyapgrad select --data my.csv --split 0.8 --net 2-8-1/2-32-1 --activation tanh/relu "
    "--optimiser gd/adam --lr 1e-3:10",
    tables, choose};
