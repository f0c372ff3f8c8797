/* The options of an experiment, read into a plan. */
#include "cli/experiment.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options/estimator.h"
#include "lyapgrad/status.h"

static const struct cli_option options[] = {
    {.name = "save-initial",
     .value = "FILE",
     .type = CLI_FILE,
     .help = "write the initial weights of parents and neighbours to a file; .npy by that ending, else CSV",
     .absent = "not written",
     .with = &cli_estimators,
     .choices = CLI_FOR_KANTZ_WOLF,
     .into = CLI_INTO(struct cli_experiment, save_initial),
     .aside = true},
    {.name = "save-weights",
     .value = "FILE",
     .type = CLI_FILE,
     .help = "write the parents' last weights to a file, one start per row; .npy by that ending, else CSV",
     .absent = "not written",
     .with = &cli_estimators,
     .choices = CLI_FOR_KANTZ_WOLF,
     .into = CLI_INTO(struct cli_experiment, save_weights),
     .aside = true},
    {.name = "summary",
     .type = CLI_SWITCH,
     .help = "no table of cells: memory and disk stay small for any number of starts",
     .with = &cli_estimators,
     .choices = CLI_FOR_ONE,
     .into = CLI_INTO(struct cli_experiment, summary),
     .aside = true},
    {.name = NULL},
};
const struct cli_group cli_experiment_options = {"Output", options};

static bool read_data(struct cli_experiment *e, const struct cli_values *values, uint64_t seed, int *status) {
    if (!cli_data_read(&e->source, values, seed, status)) return false;
    e->data = e->source.train;
    e->test = e->source.test;
    e->data_text = e->source.text;
    return true;
}

/* Starting points from a file; then the options about drawing them have no meaning. */
static bool read_weights(struct cli_experiment *e, const struct cli_values *values, int *status) {
    uint64_t rows;
    struct lyap_error error;
    e->weights_path = cli_text(values, "weights");
    if (!e->weights_path) return true;
    if (!cli_start_fits(values)) return false;
    if (lyap_read_weights(e->weights_path, &e->net, &e->weights, &rows, &error)) {
        *status = cli_fail(&error);
        return false;
    }
    e->weights_rows = rows;
    if (!cli_text(values, "starts")) e->plan.starts = rows;
    if (e->plan.starts > rows) {
        cli_complain("--starts: %llu, but %.200s has %llu", (unsigned long long)e->plan.starts, e->weights_path,
                     (unsigned long long)rows);
        return false;
    }
    e->plan.weights = e->weights;
    return true;
}

bool cli_experiment_read(struct cli_experiment *e, const struct cli_values *asked, int *status) {
    struct cli_values with_defaults = *asked, *values = &with_defaults;
    struct cli_common common;
    memset(e, 0, sizeof *e);
    *status = EXIT_BAD_USAGE;
    if (!cli_common_read(&common, values) || !cli_checkpoint_read(&e->checkpoint, values, common.quiet)) return false;
    e->quiet = e->checkpoint.quiet;
    e->out = common.out;
    e->argc = values->argc;
    e->argv = values->argv;
    if (!cli_read(values, &cli_experiment_options, e)) return false;
    cli_progress_phase(e->quiet, "reading the data");
    if (!read_data(e, values, common.seed, status)) return false;
    *status = EXIT_BAD_USAGE;
    cli_defaults_set(&e->defaults, values, &e->source);
    if (!cli_network_read(&e->net, values)) return false;
    lyap_plan_defaults(&e->plan, &e->net, &e->data);
    e->plan.progress = cli_progress;
    e->plan.progress_context = &e->quiet;
    if (!cli_plan_read(&e->plan, values, &common) || !read_weights(e, values, status) ||
        !cli_optimiser_read(&e->plan.optimiser, values, common.seed, e->net.layers))
        return false;
    if (e->test.samples) e->plan.test = &e->test;
    e->plan.evaluate = e->plan.evaluate || e->test.samples || e->plan.optimiser.batch;
    e->plan.last_weights = e->save_weights != NULL;
    if (e->summary && e->plan.series) {
        cli_complain("--summary: leaves out every table of cells, and --series asks for one; leave one of them out");
        return false;
    }
    *status = 0;
    return true;
}

void cli_experiment_results(const struct cli_experiment *e, struct cli_results *r) {
    cli_results_start(r, e->argv[1], e->out);
    cli_results_reads_data(r, &e->source);
    cli_results_reads(r, "--weights", e->weights_path);
    cli_results_keeps(r, &e->checkpoint);
    cli_results_writes(r, "--save-preprocessing", e->source.save_preprocessing);
    cli_results_writes(r, "--save-initial", e->save_initial);
    cli_results_writes(r, "--save-weights", e->save_weights);
}

void cli_experiment_free(struct cli_experiment *e) {
    cli_checkpoint_free(&e->checkpoint);
    cli_data_free(&e->source);
    memset(&e->data, 0, sizeof e->data);
    memset(&e->test, 0, sizeof e->test);
    free(e->weights);
    e->weights = NULL;
}
