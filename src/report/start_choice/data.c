/* C3 in practice: the data files. */
#include <math.h>
#include <stdlib.h>

#include "lyapgrad/status.h"
#include "report/common/columns.h"
#include "report/start_choice/start_choice.h"

/* ---- selection.csv ---- */

struct row {
    const struct lyap_start_choice_result *of;
    const struct lyap_subject *subject;
    size_t budget, look, size;
    enum lyap_rule rule;
};
static const struct lyap_start_choice_cell *cell(const struct row *r) {
    return &r->of->cell[r->budget][r->look][r->size][r->rule];
}
LYAP_COLUMN(subject, struct row, lyap_quoted_value(r->subject->name))
LYAP_COLUMN(pool, struct row, lyap_count_value(r->of->pool))
LYAP_COLUMN(budget, struct row, lyap_count_value(lyap_start_choice_budget[r->budget]))
LYAP_COLUMN(look, struct row, lyap_count_value(lyap_start_choice_look[r->look]))
LYAP_COLUMN(candidates, struct row, lyap_count_value(lyap_start_choice_size[r->size]))
LYAP_COLUMN(rule, struct row, lyap_word_value(lyap_rule_name(r->rule)))
LYAP_COLUMN(steps, struct row, lyap_count_value(cell(r)->steps))
LYAP_COLUMN(stop, struct row, lyap_count_value(cell(r)->stop))
LYAP_COLUMN(loss, struct row, lyap_real_value(cell(r)->loss))
LYAP_COLUMN(accuracy, struct row, lyap_real_value(cell(r)->accuracy))
LYAP_ESTIMATE_COLUMNS(gain, struct row, cell(r)->gain)
LYAP_ESTIMATE_COLUMNS(free_of, struct row, cell(r)->free)
LYAP_ESTIMATE_COLUMNS(rival, struct row, cell(r)->rival)

static const struct lyap_column rule_columns[] = {
    {"subject", NULL, "network, data and optimiser", WORD, subject, NULL},
    {"pool", NULL, "number of starting points", COUNT, pool, NULL},
    {"budget", "gradient steps", "that a random start is trained for", COUNT, budget, NULL},
    {"k", "steps", "of the short run that a score is made from", COUNT, look, NULL},
    {"candidates", NULL, "starts that the rule chooses among", COUNT, candidates, NULL},
    {"rule", NULL, "by which score the start is chosen", WORD, rule, NULL},
    {"steps", "steps", "of the chosen start's training; 0: the scores take more than the budget", COUNT, steps, NULL},
    {"stop", "steps", "at which training is stopped: where the mean held-out loss of all starts is lowest up to there",
     COUNT, stop, NULL},
    {"loss", NULL, "mean held-out loss at the stop", REAL, loss, NULL},
    {"accuracy", NULL, "mean held-out accuracy at the stop", REAL, accuracy, NULL},
    {"gain", NULL, "at equal compute, as a share of what the oracle gains on a random start", REAL, gain, NULL},
    {"gain_low", NULL, LYAP_LOW_END, REAL, gain_low, NULL},
    {"gain_high", NULL, LYAP_HIGH_END, REAL, gain_high, NULL},
    {"free", NULL, "the same with the score for nothing", REAL, free_of, NULL},
    {"free_low", NULL, LYAP_LOW_END, REAL, free_of_low, NULL},
    {"free_high", NULL, LYAP_HIGH_END, REAL, free_of_high, NULL},
    {"rival", NULL, "gain less that of the lowest loss after k", REAL, rival, NULL},
    {"rival_low", NULL, LYAP_LOW_END, REAL, rival_low, NULL},
    {"rival_high", NULL, LYAP_HIGH_END, REAL, rival_high, NULL},
};
static const struct lyap_schema rule_schema = {
    "selection.csv", "a rule for choosing a start, at a budget", {LYAP_GROUP(rule_columns)}};

/* ---- selection_points.csv ---- */

struct point {
    const struct lyap_start_pool *pool;
    const struct lyap_subject *subject;
    size_t start;
};
static struct lyap_value score(const struct point *p, size_t look, enum lyap_rule rule) {
    return lyap_real_value(p->pool->score[look][rule][p->start]);
}
LYAP_COLUMN(point_subject, struct point, lyap_quoted_value(r->subject->name))
LYAP_COLUMN(point_start, struct point, lyap_count_value(r->start))
LYAP_COLUMN(point_initial, struct point, score(r, 0, LYAP_RULE_LOSS_INITIAL))
LYAP_COLUMN(point_gradient, struct point, lyap_real_value(-r->pool->score[0][LYAP_RULE_GRADIENT][r->start]))
LYAP_COLUMN(point_sharpness, struct point, score(r, 0, LYAP_RULE_SHARPNESS))
LYAP_COLUMN(point_hybrid, struct point, score(r, k, LYAP_RULE_HYBRID))
LYAP_COLUMN(point_tangent, struct point, score(r, k, LYAP_RULE_TANGENT))
LYAP_COLUMN(point_after, struct point, score(r, k, LYAP_RULE_LOSS_AFTER))
LYAP_COLUMN(point_loss, struct point, lyap_real_value(r->pool->loss[k * r->pool->starts + r->start]))

static const struct lyap_column start_columns[] = {
    {"subject", NULL, "network, data and optimiser", WORD, point_subject, NULL},
    {"start", NULL, "number of the starting point", COUNT, point_start, NULL},
    {"initial_loss", NULL, "training loss before the first update", REAL, point_initial, NULL},
    {"squared_gradient", NULL, "squared norm of the gradient at the start", REAL, point_gradient, NULL},
    {"sharpness", NULL, "largest eigenvalue of the Hessian at the start", REAL, point_sharpness, NULL},
};
static const struct lyap_column look_columns[] = {
    {"lambda_kw_%zu", "nats", "the paper's exponent after k steps", REAL, point_hybrid, NULL},
    {"tangent_%zu", "nats per step", "tangent exponent after k steps", REAL, point_tangent, NULL},
    {"train_loss_%zu", NULL, "training loss after k steps", REAL, point_after, NULL},
};
static const struct lyap_column mark_columns[] = {
    {"loss_%zu", NULL, "held-out loss after so many steps", REAL, point_loss, NULL},
};
static const struct lyap_schema point_schema = {
    "selection_points.csv",
    "a starting point",
    {LYAP_GROUP(start_columns), LYAP_GROUP(look_columns), LYAP_GROUP(mark_columns)}};

const struct lyap_schema *const lyap_start_choice_tables[] = {&rule_schema, &point_schema, NULL};

static enum lyap_status write_points(struct lyap_report *report, const struct lyap_start_choice *s,
                                     struct lyap_error *error) {
    size_t looks[LYAP_START_CHOICE_LOOKS], count = s->pool[0].marks;
    size_t *marks = calloc(count + 1, sizeof *marks);
    if (!marks) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++) looks[l] = lyap_start_choice_look[l];
    for (size_t m = 0; m < count; m++) marks[m] = s->pool[0].mark[m];
    const struct lyap_repeat repeat[LYAP_MOST_GROUPS] = {
        {.times = 1}, {.times = LYAP_START_CHOICE_LOOKS, .number = looks}, {.times = count, .number = marks}};
    FILE *file = lyap_report_table(report, &point_schema, repeat, error);
    for (size_t c = 0; file && c < LYAP_START_CHOICE_CASES; c++)
        for (size_t i = 0; i < s->pool[c].starts; i++)
            lyap_schema_row(file, &point_schema, repeat,
                            &(const struct point){&s->pool[c], &lyap_start_choice_cases[c].subject, i});
    free(marks);
    return file ? LYAP_OK : error->status;
}

enum lyap_status lyap_start_choice_data(struct lyap_report *report, const struct lyap_start_choice *s,
                                        struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &rule_schema, NULL, error);
    if (!file) return error->status;
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++)
        for (size_t b = 0; b < LYAP_START_CHOICE_BUDGETS; b++)
            for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
                for (size_t m = 0; m < LYAP_START_CHOICE_SIZES; m++)
                    for (int k = 0; k < LYAP_RULES; k++)
                        lyap_schema_row(file, &rule_schema, NULL,
                                        &(const struct row){&s->result[c], &lyap_start_choice_cases[c].subject, b, l, m,
                                                            (enum lyap_rule)k});
    return write_points(report, s, error);
}
