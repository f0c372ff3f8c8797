/* What the tables and the words of `lyapgrad select` share: the ranking, and the names of the files. */
#include "cli/select/select.h"
#include "lyapgrad/selection.h"

const char *const cli_select_names[CLI_SELECT_TABLES] = {
    "select.csv", "trials.csv",  "settings.csv", "rates.csv",  "thresholds.csv", "searches.csv",
    "worth.csv",  "weights.csv", "weights.npy",  "report.txt", "select.gp",      "manifest.txt"};

const struct lyap_trial_record *cli_select_best(const struct cli_selection *s) {
    return &s->selection.records[s->selection.ranking[0]];
}

bool cli_select_leads(const struct cli_selection *s, uint64_t place) {
    const struct lyap_selection *selection = &s->selection;
    uint64_t first = 0; /* of the setting; an early one, as a rule */
    const size_t setting = selection->records[selection->ranking[place]].trial.setting;
    while (selection->records[selection->ranking[first]].trial.setting != setting) first++;
    return first == place;
}
