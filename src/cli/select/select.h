/* What the files of `lyapgrad select` share. */
#ifndef LYAP_CLI_SELECT_SELECT_H
#define LYAP_CLI_SELECT_SELECT_H

#include "cli/cli.h"
#include "cli/results.h"
#include "cli/task.h"
#include "io/schema.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/network.h"
#include "lyapgrad/selection.h"
#include "lyapgrad/status.h"

enum { CLI_SETTING_TEXT = 200 };

/* A candidate: one combination of what was given. The texts are the session's. */
struct cli_setting {
    struct lyap_network net;
    const char *shape, *activation, *optimiser, *init;
    char name[CLI_SETTING_TEXT]; /* "2-8-1 tanh, gd, glorot-uniform" */
};

struct cli_selection {
    struct lyap_selection_plan plan;
    struct cli_data source;
    struct lyap_dataset test;     /* a view; test.samples is 0 when nothing is held out */
    char *words;                  /* the candidates' texts, split; owned */
    const char *loss, *output;    /* as given or chosen */
    bool loss_chosen;             /* by the targets */
    struct cli_setting *settings; /* [plan.count], owned */
    struct lyap_plan *plans;      /* [plan.count], owned */
    bool quiet, explain, compares;
    const char *out;
    int argc;
    char **argv; /* not owned */
    struct cli_results results;
    struct lyap_selection selection;
    struct lyap_search_comparison comparison;
};

/* The command's own options; they fill a struct cli_selection. */
extern const struct cli_group cli_select_options;

/* Reads the options into a struct cli_selection; prints one line and returns false on bad input. */
bool cli_select_read(void *own, const struct cli_values *values, int *status);

/* For `verify --random` (cli/task.h). */
enum lyap_status cli_select_gather(void *own, struct cli_gather *to, struct lyap_error *error);
extern const struct cli_draw cli_select_draws[];

enum cli_select_table {
    CLI_SELECT_RANKING,
    CLI_SELECT_TRIALS,
    CLI_SELECT_SETTINGS,
    CLI_SELECT_RATES,
    CLI_SELECT_THRESHOLDS,
    CLI_SELECT_SEARCHES,
    CLI_SELECT_COMPARISON,
    CLI_SELECT_WEIGHTS,
    CLI_SELECT_ARRAY,
    CLI_SELECT_REPORT,
    CLI_SELECT_SCRIPT,
    CLI_SELECT_MANIFEST,
    CLI_SELECT_TABLES
};
extern const char *const cli_select_names[CLI_SELECT_TABLES];

/* The columns of the tables: select.csv, trials.csv, settings.csv, rates.csv, thresholds.csv, searches.csv, worth.csv.
 */
extern const struct lyap_schema cli_ranking_schema, cli_trials_schema, cli_settings_schema, cli_rates_schema,
    cli_thresholds_schema, cli_searches_schema, cli_comparison_schema;

/* Writes one of the tables; false for another file. */
bool cli_select_write_table(const struct cli_selection *s, enum cli_select_table table, FILE *file);

/* Writes any of the files; the weights' numbers are start[parameters]. LYAP_ERROR_MEMORY; a failure to write stays with
 * `file`. */
enum lyap_status cli_select_write(const struct cli_selection *s, enum cli_select_table table, const double *start,
                                  FILE *file, struct lyap_error *error);

/* The recommendation in words; with `explain` also why. LYAP_ERROR_MEMORY, before the first word; a failure to write
 * stays with `file`. */
enum lyap_status cli_select_print(const struct cli_selection *s, bool explain, FILE *file, struct lyap_error *error);

/* True where the trial at that place of the ranking is the best of its setting. */
bool cli_select_leads(const struct cli_selection *s, uint64_t place);

/* The record of the best trial. */
const struct lyap_trial_record *cli_select_best(const struct cli_selection *s);

#endif
