#include "cli/carry_out.h"

#include "cli/data_shown.h"
#include "cli/draw.h"
#include "cli/preprocessing.h"
#include "io/keys.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/isa.h"

static void name_files(struct cli_carrying *c) {
    cli_experiment_results(c->experiment, &c->results);
    for (size_t i = 0; i < c->count; i++)
        if (c->files[i].name && c->files[i].wanted) cli_results_table(&c->results, c->files[i].name);
    if (c->picture) cli_results_picture(&c->results, c->picture);
}

static enum lyap_status open_files(struct cli_carrying *c, struct lyap_error *error) {
    enum lyap_status status = cli_results_open(&c->results, error);
    if (!status)
        status = cli_results_add_path(&c->results, c->experiment->source.save_preprocessing, &c->preprocessing, error);
    for (size_t i = 0; i < c->count && !status; i++) {
        struct cli_file *f = &c->files[i];
        if (!f->name)
            status = cli_results_add_path(&c->results, f->path, &f->file, error);
        else if (f->wanted)
            status = cli_results_add(&c->results, f->name, &f->file, error);
    }
    c->digest = LYAP_DIGEST_START;
    return status ? status : c->begin(c->session, error);
}

static void write_manifest(struct cli_carrying *c) {
    FILE *file = c->files[c->count - 1].file;
    c->manifest(c->session, file);
    if (*c->experiment->defaults.said) lyap_key_word(file, "from-the-data", c->experiment->defaults.said);
    cli_results_manifest(&c->results, file);
    lyap_key_digest(file, "digest", c->digest);
}

/* What followed from the data, and the steps in passes over them. */
static void print_data(const struct cli_experiment *e) {
    const struct lyap_plan *plan = &e->plan;
    const uint64_t batch = plan->optimiser.batch, samples = e->data.samples;
    if (*e->defaults.said) printf("from the data: %s\n", e->defaults.said);
    bool one_length = true;
    for (size_t v = 1; plan->settings && v < plan->values; v++)
        one_length = one_length && plan->settings[v].epochs == plan->settings[0].epochs;
    if (batch && batch < samples && one_length)
        printf("batches of %llu: %lu steps are %.4g passes over the %llu samples\n", (unsigned long long)batch,
               (unsigned long)plan->setting.epochs, (double)plan->setting.epochs * (double)batch / (double)samples,
               (unsigned long long)samples);
}

static void print_summary(const struct cli_carrying *c, double seconds) {
    print_data(c->experiment);
    c->print(c->session);
    printf("  digest  %016llx  (%s, %.3g s)\n  tables  %s\n", (unsigned long long)c->digest,
           lyap_isa_name(c->experiment->plan.isa), seconds, c->experiment->out);
}

/* Computes the cells that the checkpoint lacks; the tables are made from it afterwards. */
static enum lyap_status work(struct cli_carrying *c, struct lyap_error *error) {
    struct cli_experiment *e = c->experiment;
    const struct cli_checkpoint_run run = {.whole = &c->cells, .more = c->more, .parts = 1};
    enum lyap_status status = cli_results_probe(&c->results, error);
    if (!status) status = cli_checkpoint_open(&e->checkpoint, &run, e->argc - 1, e->argv + 1, error);
    if (!status) status = cli_checkpoint_work(&e->checkpoint, 0, &c->cells, error);
    c->sharded = !status && cli_checkpoint_sharded(&e->checkpoint);
    return status;
}

/* What was read from files. */
static void print_read(const struct cli_experiment *e) {
    cli_data_print(&e->source);
    if (!e->weights_path) return;
    cli_progress_end();
    printf("%s: %llu starting point%s of %zu weights\n", e->weights_path, (unsigned long long)e->weights_rows,
           e->weights_rows == 1 ? "" : "s", lyap_network_parameters(&e->net));
    fflush(stdout);
}

static enum lyap_status write_files(struct cli_carrying *c, double *took, struct lyap_error *error) {
    struct cli_experiment *e = c->experiment;
    const double start = cli_seconds();
    cli_progress_phase(e->quiet, "finding starts, first steps");
    enum lyap_status status = lyap_experiment_check(&c->cells, error); /* before a directory is made for it */
    if (!status) status = cli_results_check(&c->results, error);
    if (!status && !e->quiet) {
        print_read(e);
        cli_progress_phase(e->quiet, "finding starts, first steps");
    }
    if (!status && cli_checkpoint_used(&e->checkpoint)) status = work(c, error);
    if (status || c->sharded) return status;
    status = open_files(c, error);
    if (!status) status = cli_checkpoint_cells(&e->checkpoint, 0, &c->cells, error);
    *took = cli_seconds() - start;
    if (!status && c->end) status = c->end(c->session, error);
    if (status) return status;
    if (c->write) c->write(c->session);
    if (c->preprocessing) cli_preprocessing_write(c->preprocessing, &e->source);
    write_manifest(c);
    return lyap_output_set_commit(&c->results.set, error);
}

int cli_carry_out(struct cli_carrying *c) {
    struct lyap_error error = {0};
    const bool quiet = c->experiment->quiet;
    double took = 0;
    name_files(c);
    enum lyap_status status = write_files(c, &took, &error);
    cli_progress_end();
    cli_results_free(&c->results);
    if (!status && !c->sharded) {
        if (!quiet) print_summary(c, took);
        fflush(stdout);
        if (c->picture) status = cli_draw(c->experiment->out, c->picture, quiet, &error);
    }
    return status ? cli_fail(&error) : 0;
}

enum lyap_status cli_carrying_goes_on(const struct cli_carrying *c, uint64_t cells, uint64_t diverged,
                                      struct lyap_error *error) {
    cli_progress_cells(cells, diverged);
    if (cli_checkpoint_used(&c->experiment->checkpoint) && cli_interrupted())
        return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted; all %s are kept, and --resume makes the tables",
                         c->unit);
    return lyap_output_set_check(&c->results.set, error);
}

enum lyap_status cli_carrying_counted(const struct cli_carrying *c, struct lyap_error *error) {
    return cli_carrying_goes_on(c, c->done, c->regimes[LYAP_DIVERGED], error);
}

void cli_name_all_files(struct cli_file *files, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) files[i] = (struct cli_file){.name = names[i], .wanted = true};
}

void cli_print_regimes(const uint64_t regimes[LYAP_REGIME_COUNT]) {
    fputs("\n  regimes", stdout);
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        if (regimes[r]) printf("  %s %llu", lyap_regime_name((enum lyap_regime)r), (unsigned long long)regimes[r]);
}

void cli_write_regimes(FILE *file, const char *unit, const uint64_t regimes[LYAP_REGIME_COUNT]) {
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        fprintf(file, "%s.%s = %llu\n", unit, lyap_regime_name((enum lyap_regime)r), (unsigned long long)regimes[r]);
}
