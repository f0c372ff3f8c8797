/* C3 in practice: the data file. */
#include <math.h>

#include "report/common/columns.h"
#include "report/start_choice/start_choice.h"
#include "lyapgrad/status.h"

/* ---- selection.csv ---- */

struct row {
    const struct lyap_start_choice_result *of;
    const struct lyap_subject *subject;
    size_t look, size;
    enum lyap_rule rule;
};
static const struct lyap_start_choice_cell *cell(const struct row *r) {
    return &r->of->cell[r->look][r->size][r->rule];
}
LYAP_COLUMN(subject, struct row, lyap_quoted_value(r->subject->name))
LYAP_COLUMN(pool, struct row, lyap_count_value(r->of->pool))
LYAP_COLUMN(budget, struct row, lyap_count_value(r->of->budget))
LYAP_COLUMN(target, struct row, lyap_real_value(r->of->target))
LYAP_COLUMN(look, struct row, lyap_count_value(lyap_start_choice_look[r->look]))
LYAP_COLUMN(candidates, struct row, lyap_count_value(lyap_start_choice_size[r->size]))
LYAP_COLUMN(rule, struct row, lyap_word_value(lyap_rule_name(r->rule)))
LYAP_COLUMN(groups, struct row, lyap_count_value(cell(r)->groups))
LYAP_COLUMN(steps, struct row, lyap_count_value(cell(r)->steps))
LYAP_COLUMN(percentile, struct row, lyap_real_value(cell(r)->percentile))
LYAP_COLUMN(loss, struct row, lyap_real_value(cell(r)->loss))
LYAP_COLUMN(reached, struct row, lyap_real_value(cell(r)->reached))
LYAP_ESTIMATE_COLUMNS(free_of, struct row, cell(r)->free)
LYAP_ESTIMATE_COLUMNS(charged, struct row, cell(r)->charged)
LYAP_ESTIMATE_COLUMNS(to_target, struct row, cell(r)->to_target)
LYAP_COLUMN(free_p, struct row, lyap_real_value(cell(r)->free_p))
LYAP_COLUMN(charged_p, struct row, lyap_real_value(cell(r)->charged_p))

static const struct lyap_column rule_columns[] = {
    {"subject", NULL, "network, data and optimiser", WORD, subject, NULL},
    {"pool", NULL, "number of starting points", COUNT, pool, NULL},
    {"budget", "gradient steps", "that a random start is trained for", COUNT, budget, NULL},
    {"target", NULL, "target loss", REAL, target, NULL},
    {"k", "steps", "of the short run that a score is made from", COUNT, look, NULL},
    {"candidates", NULL, "starts that the rule chooses among", COUNT, candidates, NULL},
    {"rule", NULL, "by which score the start is chosen", WORD, rule, NULL},
    {"trials", NULL, "groups of candidates", COUNT, groups, NULL},
    {"steps", "steps", "that are left for the chosen start; 0: the scores take more than the budget", COUNT, steps,
     NULL},
    {"percentile", NULL, "mean rank of the chosen start in the pool, 0 .. 1; 1/2 by chance", REAL, percentile, NULL},
    {"loss", NULL, "mean loss after these steps", REAL, loss, NULL},
    {"reached", NULL, "share of the groups that reach the target", REAL, reached, NULL},
    {"free", NULL, "percentile less 1/2, the scores for free", REAL, free_of, NULL},
    {"free_low", NULL, LYAP_LOW_END, REAL, free_of_low, NULL},
    {"free_high", NULL, LYAP_HIGH_END, REAL, free_of_high, NULL},
    {"charged", NULL, "the same after these steps, against the random start's after the budget", REAL, charged, NULL},
    {"charged_low", NULL, LYAP_LOW_END, REAL, charged_low, NULL},
    {"charged_high", NULL, LYAP_HIGH_END, REAL, charged_high, NULL},
    {"to_target", "steps", "mean difference of the steps to the target, rule less random", REAL, to_target, NULL},
    {"to_target_low", "steps", LYAP_LOW_END, REAL, to_target_low, NULL},
    {"to_target_high", "steps", LYAP_HIGH_END, REAL, to_target_high, NULL},
    {"free_p", NULL, "of free, by sign flips", REAL, free_p, NULL},
    {"charged_p", NULL, "of charged, by sign flips", REAL, charged_p, NULL},
};
static const struct lyap_schema rule_schema = {
    "selection.csv", "a rule for choosing a start, at a number of candidates", {LYAP_GROUP(rule_columns)}};

const struct lyap_schema *const lyap_start_choice_tables[] = {&rule_schema, NULL};

enum lyap_status lyap_start_choice_data(struct lyap_report *report, const struct lyap_start_choice *s,
                                        struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &rule_schema, NULL, error);
    if (!file) return error->status;
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++)
        for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
            for (size_t m = 0; m < LYAP_START_CHOICE_SIZES; m++)
                for (int k = 0; k < LYAP_RULES; k++)
                    lyap_schema_row(file, &rule_schema, NULL,
                                    &(const struct row){&s->result[c], &lyap_start_choice_cases[c].subject, l, m,
                                                        (enum lyap_rule)k});
    return LYAP_OK;
}
