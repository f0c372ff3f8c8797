/* What `run` and `sweep` share: the options of an experiment, and running it into a directory. */
#ifndef LYAP_CLI_EXPERIMENT_H
#define LYAP_CLI_EXPERIMENT_H

#include "cli/cli.h"
#include "cli/checkpoint.h"
#include "cli/options/defaults.h"
#include "cli/options/data.h"
#include "cli/options/network.h"
#include "cli/options/optimiser.h"
#include "cli/options/start.h"
#include "cli/options/training.h"
#include "cli/results.h"
#include "cli/scores.h"
#include "results/cells_table.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/network.h"

/* --save-initial, --save-weights, --summary; they fill a struct cli_experiment. */
extern const struct cli_group cli_experiment_options;

struct cli_experiment {
    struct lyap_network net;
    struct cli_data source;       /* owns the data */
    struct cli_defaults defaults; /* what followed from them */
    struct lyap_dataset data,
        test; /* views of source.train and source.test; test.samples is 0 when nothing is held out */
    struct lyap_plan plan;
    double *weights;       /* from --weights, owned */
    uint64_t weights_rows; /* its starting points */
    bool quiet, summary;
    const char *out, *data_text, *weights_path, *save_initial, *save_weights; /* as given or by default; not owned */
    struct cli_checkpoint checkpoint;
    int argc; /* the command line for the manifest, without the options of the checkpoint; not owned */
    char **argv;
};

/* Fills the experiment from the options. Prints one line and returns false on bad input, with the exit status in *status.
 * `plan` points into the experiment, which must not move. Free with cli_experiment_free in either case. */
bool cli_experiment_read(struct cli_experiment *experiment, const struct cli_values *values, int *status);
/* Begins the list of its files: the inputs, those of --save-initial and --save-weights, and the checkpoint. The tables are the
 * command's own. */
void cli_experiment_results(const struct cli_experiment *experiment, struct cli_results *results);
void cli_experiment_free(struct cli_experiment *experiment);

/* Runs the plan and leaves cells.csv (unless --summary), series.csv (with --series), sweep.csv (with `swept`) and
 * manifest.txt in the directory, all of them or none; prints the table. Returns the exit status. */
int cli_experiment_run(struct cli_experiment *experiment, const struct lyap_swept *swept);

#endif
