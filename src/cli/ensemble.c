/* Running an experiment into a directory: the tables while it runs, then the manifest and the terminal's summary. */
#include <stdlib.h>
#include <string.h>

#include "cli/carry_out.h"
#include "cli/quartiles.h"
#include "results/manifest.h"
#include "io/npy.h"
#include "io/keys.h"
#include "io/output_file.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

enum table { CELLS, SERIES, SWEEP, INITIAL, WEIGHTS, MANIFEST, TABLES };

/* What the sink carries from chunk to chunk. */
struct session {
    struct cli_experiment *experiment;
    const struct lyap_swept *swept;
    struct cli_carrying carrying;
    struct cli_file files[TABLES];
    struct lyap_tally all;   /* over the whole run */
    struct lyap_tally value; /* over the current value of a sweep */
    struct cli_scores scores;
    double *step; /* [stride], scratch, made with the first chunk */
};

/* In the order in which they get their names. */
static const char *const names[TABLES] = {"cells.csv", "series.csv", "sweep.csv", NULL, NULL, "manifest.txt"};

static bool wants(const struct session *s, enum table table) {
    const struct cli_experiment *e = s->experiment;
    return table == CELLS ? !e->summary : table == SERIES ? e->plan.series : table != SWEEP || s->swept;
}

static enum lyap_status begin(void *session, struct lyap_error *error) {
    struct session *s = session;
    const struct cli_experiment *e = s->experiment;
    FILE *to[TABLES];
    for (int t = 0; t < TABLES; t++) to[t] = s->files[t].file;
    if (to[CELLS]) lyap_write_cells_header(to[CELLS], s->swept, e->plan.evaluate);
    if (to[SERIES]) lyap_write_series_header(to[SERIES]);
    if (to[SWEEP]) lyap_write_sweep_header(to[SWEEP], s->swept);
    if (to[WEIGHTS]) lyap_write_weights_header(to[WEIGHTS], &e->plan, lyap_npy_named(e->save_weights));
    if (!to[INITIAL]) return LYAP_OK;
    return (lyap_npy_named(e->save_initial) ? lyap_write_initial_npy : lyap_write_initial)(to[INITIAL], &e->plan,
                                                                                           error);
}

/* A sweep's value is complete: its row, and a new tally. */
static void finish_value(struct session *s, uint64_t value) {
    lyap_write_sweep(s->files[SWEEP].file, s->swept->values[value], &s->value);
    lyap_tally_free(&s->value);
}

static enum lyap_status add_record(struct session *s, const struct lyap_chunk *chunk, size_t i,
                                   struct lyap_error *error) {
    const struct lyap_record *record = &chunk->records[i];
    const struct lyap_evaluation *evaluation = chunk->evaluation ? &chunk->evaluation[i] : NULL;
    s->carrying.digest = lyap_digest_record(s->carrying.digest, record);
    if (s->files[CELLS].file)
        lyap_write_cell(s->files[CELLS].file, record, s->swept, evaluation, s->experiment->plan.test != NULL);
    enum lyap_status status = lyap_tally_add(&s->all, record, error);
    if (!status && evaluation) status = cli_scores_add(&s->scores, evaluation, error);
    if (status || !s->swept) return status;
    status = lyap_tally_add(&s->value, record, error);
    if (!status && record->start + 1 == s->experiment->plan.starts) finish_value(s, record->value);
    return status;
}

static enum lyap_status take_chunk(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct session *s = context;
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < chunk->count && !status; i++) status = add_record(s, chunk, i, error);
    if (!status && s->files[WEIGHTS].file)
        lyap_write_weights(s->files[WEIGHTS].file, chunk, s->experiment->plan.precision,
                           lyap_npy_named(s->experiment->save_weights));
    if (!status && s->files[SERIES].file) {
        if (!s->step) s->step = malloc(chunk->stride * sizeof *s->step);
        if (!s->step) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu epochs", chunk->stride);
        lyap_write_series(s->files[SERIES].file, chunk, s->step);
    }
    return status ? status : cli_carrying_goes_on(&s->carrying, s->all.cells, lyap_tally_diverged(&s->all), error);
}

static void write_manifest(void *session, FILE *file) {
    struct session *s = session;
    const struct cli_experiment *e = s->experiment;
    char text[32];
    lyap_manifest_head(file, e->argc, e->argv);
    lyap_manifest_plan(file, &e->plan, e->data_text, e->weights_path);
    cli_data_manifest(file, &e->source);
    cli_optimiser_manifest(file, &e->plan);
    if (s->swept) {
        fprintf(file, "over = %s:", s->swept->name);
        for (size_t v = 0; v < e->plan.values; v++) fprintf(file, " %s", lyap_format_real(s->swept->values[v], text));
        putc('\n', file);
        static const char *const settings[] = {"lr", "perturbation", "epochs"};
        for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
            if (strcmp(s->swept->name, settings[i]) != 0) cli_put(file, &cli_training_options, settings[i], &e->plan);
    }
    for (int o = 0; o < LYAP_OUTCOME_COUNT; o++)
        fprintf(file, "cells.%s = %llu\n", lyap_outcome_name((enum lyap_outcome)o),
                (unsigned long long)s->all.outcomes[o]);
    if (e->save_initial) lyap_manifest_words(file, "save-initial", e->save_initial);
    if (e->save_weights) lyap_manifest_words(file, "save-weights", e->save_weights);
}

static void print_row(const char *column, struct lyap_quantiles *values) {
    cli_quartiles_row(lyap_schema_column(&lyap_cells_schema, column), 0, values);
}

static void print_summary(void *session) {
    struct session *s = session;
    const struct cli_experiment *e = s->experiment;
    const struct lyap_plan *plan = &e->plan;
    const struct lyap_network *net = plan->network;
    char shape[64];
    printf("%s ", lyap_network_shape(net, shape, sizeof shape));
    if (net->layers > 1) printf("%s/", lyap_activation_name(net->activation[0]));
    printf("%s, %s, %s, %llu %s x %u neighbours", lyap_activation_name(net->activation[net->layers - 1]),
           lyap_loss_name(net->loss), lyap_precision_name(plan->precision), (unsigned long long)plan->starts,
           plan->starts == 1 ? "start" : "starts", plan->neighbours);
    if (s->swept)
        printf(", %zu values of %s\n", plan->values, s->swept->name);
    else
        printf(", lr %g, %lu steps\n", plan->setting.lr, (unsigned long)plan->setting.epochs);
    putchar('\n');
    cli_quartiles_head();
    print_row("lambda_kw", &s->all.lambda_kw);
    print_row("lambda_step", &s->all.lambda_step);
    if (s->all.measured == 0) puts("  no cell has an exponent that is defined and not that of a dead network");
    print_row("final_loss", &s->all.final_loss);
    cli_scores_print(&s->scores);
    if (s->all.measured > 0) puts("\n  lambda_kw is a mean of cumulative log ratios: it grows with the steps");
    printf("\n  cells");
    for (int o = 0; o < LYAP_OUTCOME_COUNT; o++)
        if (s->all.outcomes[o])
            printf("  %s %llu", lyap_outcome_name((enum lyap_outcome)o), (unsigned long long)s->all.outcomes[o]);
    if (s->all.outcomes[LYAP_DEAD]) printf("  (dead ones are left out above)");
    putchar('\n');
}

int cli_experiment_run(struct cli_experiment *e, const struct lyap_swept *swept) {
    struct session s = {.experiment = e, .swept = swept};
    char over[32]; /* what the values are of is the tables' affair, not the plan's */
    for (int t = 0; t < TABLES; t++)
        s.files[t] = (struct cli_file){.name = names[t], .wanted = wants(&s, (enum table)t)};
    s.files[INITIAL].path = e->save_initial;
    s.files[WEIGHTS].path = e->save_weights;
    snprintf(over, sizeof over, "over = %.20s\n", swept ? swept->name : "nothing");
    s.carrying = (struct cli_carrying){.experiment = e,
                                       .cells = lyap_ensemble_experiment(&e->plan, take_chunk, &s),
                                       .more = over,
                                       .unit = "cells",
                                       .files = s.files,
                                       .count = TABLES,
                                       .session = &s,
                                       .begin = begin,
                                       .manifest = write_manifest,
                                       .print = print_summary};
    const int status = cli_carry_out(&s.carrying);
    lyap_tally_free(&s.all);
    lyap_tally_free(&s.value);
    cli_scores_free(&s.scores);
    free(s.step);
    return status;
}
