/* Running an experiment into a directory: the tables while it runs, then the manifest and the terminal's summary. */
#include <stdlib.h>
#include <string.h>

#include "cli/experiment.h"
#include "results/manifest.h"
#include "io/npy.h"
#include "io/output_file.h"
#include "engine/plan.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/digest.h"

enum table { CELLS, SERIES, SWEEP, INITIAL, WEIGHTS, MANIFEST, TABLES };

/* What the sink carries from chunk to chunk. */
struct session {
    struct cli_experiment *experiment;
    const struct lyap_swept *swept;
    struct cli_results results;
    FILE *tables[TABLES];    /* NULL for those not asked for */
    struct lyap_tally all;   /* over the whole run */
    struct lyap_tally value; /* over the current value of a sweep */
    struct cli_scores scores;
    double *step; /* [stride], scratch, made with the first chunk */
    uint64_t digest;
    bool sharded; /* the cells of a shard are kept, and that was all */
};

/* In the order in which they get their names. */
static const char *const names[TABLES] = {"cells.csv", "series.csv", "sweep.csv", NULL, NULL, "manifest.txt"};

static bool wants(const struct session *s, enum table table) {
    const struct cli_experiment *e = s->experiment;
    return table == CELLS ? !e->summary : table == SERIES ? e->plan.series : table != SWEEP || s->swept;
}

static void name_files(struct session *s) {
    cli_experiment_results(s->experiment, &s->results);
    for (int t = 0; t < TABLES; t++)
        if (names[t] && wants(s, (enum table)t)) cli_results_table(&s->results, names[t]);
}

static enum lyap_status write_headers(struct session *s, struct lyap_error *error) {
    const struct cli_experiment *e = s->experiment;
    FILE **to = s->tables;
    if (to[CELLS]) lyap_write_cells_header(to[CELLS], s->swept, e->plan.evaluate);
    if (to[SERIES]) lyap_write_series_header(to[SERIES]);
    if (to[SWEEP]) lyap_write_sweep_header(to[SWEEP], s->swept);
    if (to[WEIGHTS]) lyap_write_weights_header(to[WEIGHTS], &e->plan, lyap_npy_named(e->save_weights));
    if (!to[INITIAL]) return LYAP_OK;
    return (lyap_npy_named(e->save_initial) ? lyap_write_initial_npy : lyap_write_initial)(to[INITIAL], &e->plan,
                                                                                           error);
}

static enum lyap_status open_tables(struct session *s, struct lyap_error *error) {
    const char *const paths[TABLES] = {
        [INITIAL] = s->experiment->save_initial, [WEIGHTS] = s->experiment->save_weights};
    enum lyap_status status = cli_results_open(&s->results, error);
    for (int t = 0; t < TABLES && !status; t++) {
        if (!names[t])
            status = cli_results_add_path(&s->results, paths[t], &s->tables[t], error);
        else if (wants(s, (enum table)t))
            status = cli_results_add(&s->results, names[t], &s->tables[t], error);
    }
    return status ? status : write_headers(s, error);
}

/* A sweep's value is complete: its row, and a new tally. */
static void finish_value(struct session *s, uint64_t value) {
    lyap_write_sweep(s->tables[SWEEP], s->swept->values[value], &s->value);
    lyap_tally_free(&s->value);
}

static enum lyap_status add_record(struct session *s, const struct lyap_chunk *chunk, size_t i,
                                   struct lyap_error *error) {
    const struct lyap_record *record = &chunk->records[i];
    const struct lyap_evaluation *evaluation = chunk->evaluation ? &chunk->evaluation[i] : NULL;
    s->digest = lyap_digest_record(s->digest, record);
    if (s->tables[CELLS])
        lyap_write_cell(s->tables[CELLS], record, s->swept, evaluation, s->experiment->plan.test != NULL);
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
    if (!status && s->tables[WEIGHTS])
        lyap_write_weights(s->tables[WEIGHTS], chunk, s->experiment->plan.precision,
                           lyap_npy_named(s->experiment->save_weights));
    if (!status && s->tables[SERIES]) {
        if (!s->step) s->step = malloc(chunk->stride * sizeof *s->step);
        if (!s->step) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu epochs", chunk->stride);
        lyap_write_series(s->tables[SERIES], chunk, s->step);
    }
    cli_progress_cells(s->all.cells, lyap_tally_diverged(&s->all));
    if (!status && cli_checkpoint_used(&s->experiment->checkpoint) && cli_interrupted())
        return lyap_fail(error, LYAP_ERROR_INTERRUPTED,
                         "interrupted; all cells are kept, and --resume makes the tables");
    return status ? status : lyap_output_set_check(&s->results.set, error);
}

static void write_manifest(struct session *s, FILE *file) {
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
        if (strcmp(s->swept->name, "lr") != 0) fprintf(file, "lr = %s\n", lyap_format_real(e->plan.setting.lr, text));
        if (strcmp(s->swept->name, "perturbation") != 0)
            fprintf(file, "perturbation = %s\n", lyap_format_real(e->plan.setting.perturbation, text));
        if (strcmp(s->swept->name, "epochs") != 0)
            fprintf(file, "epochs = %lu\n", (unsigned long)e->plan.setting.epochs);
    }
    for (int o = 0; o < LYAP_OUTCOME_COUNT; o++)
        fprintf(file, "cells.%s = %llu\n", lyap_outcome_name((enum lyap_outcome)o),
                (unsigned long long)s->all.outcomes[o]);
    if (e->save_initial) lyap_manifest_words(file, "save-initial", e->save_initial);
    if (e->save_weights) lyap_manifest_words(file, "save-weights", e->save_weights);
    cli_results_manifest(&s->results, file);
    fprintf(file, "digest = %016llx\n", (unsigned long long)s->digest);
}

static void print_row(const char *name, const char *unit, struct lyap_quantiles *q) {
    printf("  %-12s", name);
    for (int i = 1; i <= 3; i++) printf(" %13.6g", lyap_quantiles_at(q, 0.25 * i));
    printf("  %s\n", unit);
}

static void print_summary(struct session *s, double took) {
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
        printf(", lr %g, %lu epochs\n", plan->setting.lr, (unsigned long)plan->setting.epochs);
    printf("\n  %-12s %13s %13s %13s\n", "", "25 %", "median", "75 %");
    if (s->all.measured > 0) {
        print_row("lambda_kw", "nats (mean of cumulative log ratios; grows with the epochs)", &s->all.lambda_kw);
        print_row("lambda_step", "nats/step", &s->all.lambda_step);
    } else {
        puts("  no cell has an exponent that is defined and not that of a dead network");
    }
    if (s->all.cells > 0) print_row("final_loss", "", &s->all.final_loss);
    cli_scores_print(&s->scores);
    printf("\n  cells");
    for (int o = 0; o < LYAP_OUTCOME_COUNT; o++)
        if (s->all.outcomes[o])
            printf("  %s %llu", lyap_outcome_name((enum lyap_outcome)o), (unsigned long long)s->all.outcomes[o]);
    if (s->all.outcomes[LYAP_DEAD]) printf("  (dead ones are left out above)");
    printf("\n  digest  %016llx  (%s, %.3g s)\n  tables  %s\n", (unsigned long long)s->digest, lyap_isa_name(plan->isa),
           took, e->out);
}

/* Computes the cells that the checkpoint lacks; the tables are made from it afterwards. */
static enum lyap_status work(struct cli_experiment *e, const struct lyap_swept *over, const struct cli_results *results,
                             struct lyap_error *error) {
    char *settings;
    size_t size;
    enum lyap_status status = cli_results_probe(results, error);
    if (!status) status = lyap_checkpoint_settings(&e->plan, &settings, error);
    if (status) return status;
    size = strlen(settings);
    char *swept = realloc(settings, size + 32); /* what the values are of is the tables' affair, not the plan's */
    if (!swept) {
        free(settings);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the settings");
    }
    snprintf(swept + size, 32, "over = %.20s\n", over ? over->name : "nothing");
    status = cli_checkpoint_open(&e->checkpoint, swept, &e->plan, 1, e->argc - 1, e->argv + 1, error);
    free(swept);
    return status ? status : cli_checkpoint_work(&e->checkpoint, 0, &e->plan, error);
}

static enum lyap_status run(struct session *s, double *took, struct lyap_error *error) {
    struct cli_experiment *e = s->experiment;
    double start = cli_seconds();
    enum lyap_status status = lyap_plan_check(&e->plan, error); /* before a directory is made for it */
    if (!status) status = cli_results_check(&s->results, error);
    if (!status && cli_checkpoint_used(&e->checkpoint)) {
        status = work(e, s->swept, &s->results, error);
        s->sharded = !status && cli_checkpoint_sharded(&e->checkpoint);
        if (s->sharded) return LYAP_OK;
    }
    if (!status) status = open_tables(s, error);
    if (!status) status = cli_checkpoint_cells(&e->checkpoint, 0, &e->plan, take_chunk, s, error);
    *took = cli_seconds() - start;
    if (status) return status;
    write_manifest(s, s->tables[MANIFEST]);
    return lyap_output_set_commit(&s->results.set, error);
}

int cli_experiment_run(struct cli_experiment *e, const struct lyap_swept *swept) {
    struct session s = {.experiment = e, .swept = swept, .digest = LYAP_DIGEST_START};
    struct lyap_error error = {0};
    double took = 0;
    name_files(&s);
    enum lyap_status status = run(&s, &took, &error);
    cli_results_free(&s.results);
    if (!status && !e->quiet && !s.sharded) print_summary(&s, took);
    lyap_tally_free(&s.all);
    lyap_tally_free(&s.value);
    cli_scores_free(&s.scores);
    free(s.step);
    return status ? cli_fail(&error) : 0;
}
