/* The tables of `lyapgrad select`: ranking, runs of the search, settings, learning rates, and the comparison of ways to search. */
#include <string.h>

#include "cli/select/select.h"
#include "results/regime_column.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/selection.h"

/* ---- the columns of a setting and of a training run, which several tables have ---- */

struct run_row {
    const struct cli_selection *s;
    const struct lyap_trial *trial;
    const struct lyap_trial_result *result;
    const struct lyap_trial_record *record; /* of the search; NULL for a comparison */
    size_t place;                           /* in the table, from 0 */
};
static const struct cli_setting *setting_of(const struct run_row *r) {
    return &r->s->settings[r->trial->setting];
}
static struct lyap_value real_if(bool known, double value) {
    return known ? lyap_real_value(value) : lyap_no_value();
}
static bool held_out(const struct run_row *r) {
    return r->s->test.samples > 0;
}
static double edge_of(const struct run_row *r) {
    return lyap_trial_edge(&r->s->plans[r->trial->setting], r->result);
}

LYAP_COLUMN(place, struct run_row, lyap_count_value(r->place + 1))
LYAP_COLUMN(number, struct run_row, lyap_count_value(r->trial->number))
LYAP_COLUMN(setting, struct run_row, lyap_count_value(r->trial->setting))
LYAP_COLUMN(net, struct run_row, lyap_word_value(setting_of(r)->shape))
LYAP_COLUMN(activation, struct run_row, lyap_word_value(setting_of(r)->activation))
LYAP_COLUMN(optimiser, struct run_row, lyap_word_value(setting_of(r)->optimiser))
LYAP_COLUMN(init, struct run_row, lyap_word_value(setting_of(r)->init))
LYAP_COLUMN(start, struct run_row, lyap_count_value(r->trial->start))
LYAP_COLUMN(lr, struct run_row, lyap_real_value(r->trial->lr))
LYAP_COLUMN(steps, struct run_row, lyap_count_value(r->result->steps))
LYAP_COLUMN(initial_loss, struct run_row, lyap_real_value(r->result->initial_loss))
LYAP_COLUMN(loss, struct run_row, lyap_real_value(r->result->loss))
LYAP_COLUMN(test_loss, struct run_row, real_if(held_out(r), r->result->test_loss))
LYAP_COLUMN(lambda, struct run_row, real_if(r->result->defined, r->result->exponent.lambda))
LYAP_COLUMN(lambda_low, struct run_row, real_if(r->result->interval, r->result->exponent.low))
LYAP_COLUMN(lambda_high, struct run_row, real_if(r->result->interval, r->result->exponent.high))
LYAP_COLUMN(regime, struct run_row, lyap_word_value(lyap_regime_name(r->result->regime)))
LYAP_COLUMN(sharpness_first, struct run_row, real_if(r->result->sharpness_first != 0, r->result->sharpness_first))
LYAP_COLUMN(sharpness_last, struct run_row, real_if(r->result->sharpness_last != 0, r->result->sharpness_last))
LYAP_COLUMN(edge_lr, struct run_row, real_if(r->result->sharpness_last != 0 && edge_of(r) > 0, edge_of(r)))
LYAP_COLUMN(period, struct run_row, r->result->period ? lyap_count_value(r->result->period) : lyap_no_value())
LYAP_COLUMN(accuracy, struct run_row, lyap_real_value(r->result->accuracy))
LYAP_COLUMN(test_accuracy, struct run_row, real_if(held_out(r), r->result->test_accuracy))
LYAP_COLUMN(rung, struct run_row, lyap_count_value(r->record->rung + 1))
LYAP_COLUMN(score, struct run_row, lyap_real_value(r->record->score))
LYAP_COLUMN(kept, struct run_row, lyap_count_value(r->record->kept))
LYAP_COLUMN(search, struct run_row, lyap_count_value(r->place / LYAP_WAY_COUNT + 1))
LYAP_COLUMN(way, struct run_row, lyap_word_value(lyap_way_name((enum lyap_way)(r->place % LYAP_WAY_COUNT))))
LYAP_COLUMN(target_step, struct run_row, lyap_index_value(r->result->target_step))

#define COUNT LYAP_COLUMN_COUNT
#define REAL LYAP_COLUMN_REAL
#define WORD LYAP_COLUMN_WORD
#define CURVATURE "loss per squared weight"
#define TRIAL_COLUMN                                                                                                   \
    { "trial", NULL, "number of the training run in its search", COUNT, number, NULL }
#define START_COLUMN                                                                                                   \
    { "start", NULL, "number of the starting point of its setting", COUNT, start, NULL }
#define LR_COLUMN                                                                                                      \
    { "lr", NULL, "learning rate", REAL, lr, NULL }

static const struct lyap_column setting_columns[] = {
    {"setting", NULL, "number of the setting, from 0", COUNT, setting, NULL},
    {"net", NULL, "units from input to output", WORD, net, NULL},
    {"activation", NULL, "of the hidden layers", WORD, activation, NULL},
    {"optimiser", NULL, "the optimiser", WORD, optimiser, NULL},
    {"init", NULL, "law of the initial weights", WORD, init, NULL},
};
static const struct lyap_column result_columns[] = {
    {"initial_loss", NULL, "loss before the first step", REAL, initial_loss, NULL},
    {"loss", NULL, "loss over all training data after the last step", REAL, loss, NULL},
    {"test_loss", NULL, "loss over the held-out data after the last step", REAL, test_loss, NULL},
    {"lambda", "nats per step", "largest exponent in tangent space", REAL, lambda, NULL},
    {"lambda_low", "nats per step", "lower end of its 95 % interval over time", REAL, lambda_low, NULL},
    {"lambda_high", "nats per step", "upper end of its 95 % interval over time", REAL, lambda_high, NULL},
    {"regime", NULL, LYAP_REGIME_MEANING, WORD, regime, NULL},
    {"sharpness_first", CURVATURE, "largest Hessian eigenvalue at the start", REAL, sharpness_first, NULL},
    {"sharpness_last", CURVATURE, "largest Hessian eigenvalue at the end", REAL, sharpness_last, NULL},
    {"edge_lr", NULL, "learning rate at which the last weights lose their stability", REAL, edge_lr, NULL},
    {"period", "steps", "of the cycle that the state is in at the end; 1: it stays", COUNT, period, NULL},
};
static const struct lyap_column accuracy_columns[] = {
    {"accuracy", NULL, "share of the training samples that are classified as they should", REAL, accuracy, NULL},
    {"test_accuracy", NULL, "share of the held-out samples that are classified as they should", REAL, test_accuracy,
     NULL},
};

/* ---- select.csv ---- */

static const struct lyap_column rank_columns[] = {
    {"rank", NULL, "1 for the best", COUNT, place, NULL},
    TRIAL_COLUMN,
};
static const struct lyap_column run_columns[] = {
    START_COLUMN,
    LR_COLUMN,
    {"steps", "steps", "length of the last training", COUNT, steps, NULL},
};
const struct lyap_schema cli_ranking_schema = {
    "select.csv",
    "a training run of the last rung that is full trainings, best first",
    {LYAP_GROUP(rank_columns), LYAP_GROUP(setting_columns), LYAP_GROUP(run_columns), LYAP_GROUP(result_columns),
     LYAP_GROUP(accuracy_columns)},
};

static void write_ranking(const struct cli_selection *s, FILE *file) {
    const struct lyap_halving *halving = &s->selection.halving;
    lyap_schema_head(file, &cli_ranking_schema, NULL);
    for (uint64_t i = 0; i < halving->trials[halving->rungs - 1]; i++) {
        const struct lyap_trial_record *record = &s->selection.records[s->selection.ranking[i]];
        const struct run_row row = {s, &record->trial, &record->result, record, i};
        lyap_schema_row(file, &cli_ranking_schema, NULL, &row);
    }
}

/* ---- trials.csv ---- */

static const struct lyap_column rung_columns[] = {
    {"rung", NULL, "of the halving, from 1", COUNT, rung, NULL},
    {"steps", "steps", "length of the training", COUNT, steps, NULL},
    TRIAL_COLUMN,
    {"setting", NULL, "number of the setting, from 0", COUNT, setting, NULL},
    START_COLUMN,
    LR_COLUMN,
};
static const struct lyap_column score_columns[] = {
    {"score", NULL, "by which the best go on; lowest is best", REAL, score, NULL},
    {"kept", NULL, "1: it goes on to the next rung", COUNT, kept, NULL},
};
const struct lyap_schema cli_trials_schema = {
    "trials.csv",
    "a training run of a rung",
    {LYAP_GROUP(rung_columns), LYAP_GROUP(result_columns), LYAP_GROUP(score_columns)},
};

static void write_trials(const struct cli_selection *s, FILE *file) {
    lyap_schema_head(file, &cli_trials_schema, NULL);
    for (size_t i = 0; i < s->selection.count; i++) {
        const struct lyap_trial_record *record = &s->selection.records[i];
        const struct run_row row = {s, &record->trial, &record->result, record, i};
        lyap_schema_row(file, &cli_trials_schema, NULL, &row);
    }
}

/* ---- settings.csv: the best of each setting in the last rung that it reached ---- */

/* Runs of the row's setting in rung k. */
static uint64_t runs_in_rung(const struct run_row *r, size_t k) {
    uint64_t count = 0;
    for (size_t i = 0; i < r->s->selection.count; i++) {
        const struct lyap_trial_record *record = &r->s->selection.records[i];
        count += record->rung == k && record->trial.setting == r->trial->setting;
    }
    return count;
}
LYAP_COLUMN(runs, struct run_row, lyap_count_value(runs_in_rung(r, k)))

static const struct lyap_column settings_place[] = {{"place", NULL, "1 for the best setting", COUNT, place, NULL}};
static const struct lyap_column rung_counts[] = {
    {"trials_%zu", NULL, "training runs of this setting of that many steps", COUNT, runs, NULL}};
static const struct lyap_column best_columns[] = {
    {"best_trial", NULL, "number of its best run", COUNT, number, NULL},
    {"best_lr", NULL, "learning rate of that", REAL, lr, NULL},
    {"best_steps", "steps", "length of that", COUNT, steps, NULL},
    {"best_loss", NULL, "loss of that over all training data after the last step", REAL, loss, NULL},
    {"best_test_loss", NULL, "loss of that over the held-out data", REAL, test_loss, NULL},
};
const struct lyap_schema cli_settings_schema = {
    "settings.csv",
    "a setting, best first",
    {LYAP_GROUP(settings_place), LYAP_GROUP(setting_columns), LYAP_GROUP(rung_counts), LYAP_GROUP(best_columns)},
};

static void write_settings(const struct cli_selection *s, FILE *file) {
    const struct lyap_halving *halving = &s->selection.halving;
    size_t lengths[LYAP_MOST_RUNGS], place_now = 0;
    for (uint32_t r = 0; r < halving->rungs; r++) lengths[r] = halving->steps[r];
    const struct lyap_repeat repeat[] = {
        {.times = 1}, {.times = 1}, {.times = halving->rungs, .number = lengths}, {.times = 1}};
    lyap_schema_head(file, &cli_settings_schema, repeat);
    for (uint64_t i = 0; i < halving->trials[0]; i++) {
        const struct lyap_trial_record *best = &s->selection.records[s->selection.ranking[i]];
        if (!cli_select_leads(s, i)) continue;
        const struct run_row row = {s, &best->trial, &best->result, best, place_now++};
        lyap_schema_row(file, &cli_settings_schema, repeat, &row);
    }
}

/* ---- rates.csv ---- */

struct rate_row {
    const struct cli_selection *s;
    const struct lyap_rate_row *rate;
};
LYAP_COLUMN(rate_lr, struct rate_row, lyap_any_value(r->rate->lr))
LYAP_COLUMN(rate_starts, struct rate_row, lyap_count_value(r->s->selection.rates.starts))
LYAP_COLUMN(safe, struct rate_row, lyap_count_value(r->rate->safe))
LYAP_COLUMN(unstable, struct rate_row, lyap_count_value(r->rate->unstable))
LYAP_COLUMN(loss_q1, struct rate_row, lyap_real_value(r->rate->loss[0]))
LYAP_COLUMN(loss_median, struct rate_row, lyap_real_value(r->rate->loss[1]))
LYAP_COLUMN(loss_q3, struct rate_row, lyap_real_value(r->rate->loss[2]))
LYAP_COLUMN(test_loss_median, struct rate_row, real_if(r->s->test.samples > 0, r->rate->test_loss))
LYAP_COLUMN(lambda_q1, struct rate_row, real_if(r->rate->measured > 0, r->rate->exponent[0]))
LYAP_COLUMN(lambda_median, struct rate_row, real_if(r->rate->measured > 0, r->rate->exponent[1]))
LYAP_COLUMN(lambda_q3, struct rate_row, real_if(r->rate->measured > 0, r->rate->exponent[2]))
LYAP_COLUMN(rate_edge, struct rate_row, real_if(r->rate->edge_lr > 0, r->rate->edge_lr))
LYAP_COLUMN(in_regime, struct rate_row, lyap_count_value(r->rate->regimes[k]))

static const char *regime_name(size_t number) {
    return lyap_regime_name((enum lyap_regime)number);
}
static const struct lyap_column rate_columns[] = {
    {"lr", NULL, "learning rate", REAL, rate_lr, NULL},
    {"starts", NULL, "number of starting points", COUNT, rate_starts, NULL},
    {"safe", NULL, "of them those that train safely", COUNT, safe, NULL},
    {"unstable", NULL, "of them those that are unstable", COUNT, unstable, NULL},
    {"loss_q1", NULL, "lower quartile of the final loss", REAL, loss_q1, NULL},
    {"loss_median", NULL, "median of the final loss", REAL, loss_median, NULL},
    {"loss_q3", NULL, "upper quartile of the final loss", REAL, loss_q3, NULL},
    {"test_loss_median", NULL, "median of the final loss over the held-out data", REAL, test_loss_median, NULL},
    {"lambda_q1", "nats per step", "lower quartile of the exponent over the second half", REAL, lambda_q1, NULL},
    {"lambda_median", "nats per step", "median of the exponent over the second half", REAL, lambda_median, NULL},
    {"lambda_q3", "nats per step", "upper quartile of the exponent over the second half", REAL, lambda_q3, NULL},
    {"edge_lr", NULL, "median learning rate at which the last weights lose their stability", REAL, rate_edge, NULL},
};
static const struct lyap_column regime_counts[] = {
    {NULL, NULL, "number of starting points in the regime of that name", COUNT, in_regime, regime_name}};
const struct lyap_schema cli_rates_schema = {
    "rates.csv", "a learning rate, of the best setting", {LYAP_GROUP(rate_columns), LYAP_GROUP(regime_counts)}};

static void write_rates(const struct cli_selection *s, FILE *file) {
    const struct lyap_repeat repeat[] = {{.times = 1}, {.times = LYAP_REGIME_COUNT}};
    lyap_schema_head(file, &cli_rates_schema, repeat);
    for (size_t v = 0; v < s->selection.rates.values; v++) {
        const struct rate_row row = {s, &s->selection.rates.rows[v]};
        lyap_schema_row(file, &cli_rates_schema, repeat, &row);
    }
}

/* ---- thresholds.csv ---- */

struct threshold_row {
    const struct lyap_rate_scan *rates;
    uint64_t start;
};
LYAP_COLUMN(threshold_start, struct threshold_row, lyap_count_value(r->start))
LYAP_COLUMN(last_safe, struct threshold_row, real_if(r->rates->safe[r->start] > 0, r->rates->safe[r->start]))
LYAP_COLUMN(first_unstable, struct threshold_row, lyap_real_value(r->rates->onset[r->start]))

static const struct lyap_column threshold_columns[] = {
    {"start", NULL, "number of the starting point", COUNT, threshold_start, NULL},
    {"last_safe_lr", NULL, "largest learning rate at which it trains safely", REAL, last_safe, NULL},
    {"first_unstable_lr", NULL, "smallest learning rate at which it is unstable", REAL, first_unstable, NULL},
};
const struct lyap_schema cli_thresholds_schema = {
    "thresholds.csv", "a starting point of the best setting", {LYAP_GROUP(threshold_columns)}};

static void write_thresholds(const struct cli_selection *s, FILE *file) {
    lyap_schema_head(file, &cli_thresholds_schema, NULL);
    for (uint64_t i = 0; i < s->selection.rates.starts; i++) {
        const struct threshold_row row = {&s->selection.rates, i};
        lyap_schema_row(file, &cli_thresholds_schema, NULL, &row);
    }
}

/* ---- searches.csv ---- */

static const struct lyap_column search_columns[] = {
    {"search", NULL, "number of the search, from 1", COUNT, search, NULL},
    {"way", NULL, "how the budget is spent: random search, or halving by a score", WORD, way, NULL},
    TRIAL_COLUMN,
    {"setting", NULL, "number of the setting, from 0", COUNT, setting, NULL},
    START_COLUMN,
    LR_COLUMN,
};
static const struct lyap_column target_columns[] = {
    {"target_step", "steps", "before the loss was at or below the target", COUNT, target_step, NULL},
};
const struct lyap_schema cli_searches_schema = {
    "searches.csv",
    "the training run that a search in one way chose",
    {LYAP_GROUP(search_columns), LYAP_GROUP(result_columns), LYAP_GROUP(accuracy_columns), LYAP_GROUP(target_columns)},
};

static void write_searches(const struct cli_selection *s, FILE *file) {
    lyap_schema_head(file, &cli_searches_schema, NULL);
    for (size_t i = 0; i < (size_t)s->comparison.searches * LYAP_WAY_COUNT; i++) {
        const struct lyap_pick *pick = &s->comparison.picks[i];
        const struct run_row row = {s, &pick->trial, &pick->result, NULL, i};
        lyap_schema_row(file, &cli_searches_schema, NULL, &row);
    }
}

/* ---- worth.csv ---- */

struct pair_row {
    const struct lyap_search_comparison *all;
    const struct lyap_search_pair *pair;
};
LYAP_COLUMN(pair_way, struct pair_row, lyap_word_value(lyap_way_name(r->pair->way)))
LYAP_COLUMN(pair_against, struct pair_row, lyap_word_value(lyap_way_name(r->pair->against)))
LYAP_COLUMN(searches, struct pair_row, lyap_count_value(r->all->searches))
LYAP_COLUMN(better, struct pair_row, lyap_count_value(r->pair->better))
LYAP_COLUMN(worse, struct pair_row, lyap_count_value(r->pair->worse))
LYAP_COLUMN(loss_difference, struct pair_row, lyap_real_value(r->pair->median.value))
LYAP_COLUMN(low, struct pair_row, lyap_real_value(r->pair->median.low))
LYAP_COLUMN(high, struct pair_row, lyap_real_value(r->pair->median.high))
LYAP_COLUMN(p_adjusted, struct pair_row, lyap_real_value(r->pair->p))
LYAP_COLUMN(steps_difference, struct pair_row, lyap_real_value(r->pair->steps.value))
LYAP_COLUMN(steps_low, struct pair_row, lyap_real_value(r->pair->steps.low))
LYAP_COLUMN(steps_high, struct pair_row, lyap_real_value(r->pair->steps.high))

static const struct lyap_column pair_columns[] = {
    {"way", NULL, "a way to spend the budget", WORD, pair_way, NULL},
    {"against", NULL, "the way that it is compared with", WORD, pair_against, NULL},
    {"searches", NULL, "number of pairs", COUNT, searches, NULL},
    {"better", NULL, "pairs in which `way` ends at a lower loss", COUNT, better, NULL},
    {"worse", NULL, "pairs in which `way` ends at a higher loss", COUNT, worse, NULL},
    {"loss_difference", NULL, "median difference of the loss, `way` less `against`", REAL, loss_difference, NULL},
    {"low", NULL, "lower end of its 95 % bootstrap interval", REAL, low, NULL},
    {"high", NULL, "upper end of its 95 % bootstrap interval", REAL, high, NULL},
    {"p_adjusted", NULL, "p of the sign-flip test, adjusted by Holm's method", REAL, p_adjusted, NULL},
    {"steps_difference", "steps", "median difference of the steps to the target", REAL, steps_difference, NULL},
    {"steps_low", "steps", "lower end of its 95 % bootstrap interval", REAL, steps_low, NULL},
    {"steps_high", "steps", "upper end of its 95 % bootstrap interval", REAL, steps_high, NULL},
};
const struct lyap_schema cli_comparison_schema = {
    "worth.csv", "two ways to search, compared", {LYAP_GROUP(pair_columns)}};

static void write_comparison(const struct cli_selection *s, FILE *file) {
    lyap_schema_head(file, &cli_comparison_schema, NULL);
    for (int i = 0; s->compares && i < LYAP_SEARCH_PAIRS; i++) {
        const struct pair_row row = {&s->comparison, &s->comparison.pair[i]};
        lyap_schema_row(file, &cli_comparison_schema, NULL, &row);
    }
}

bool cli_select_write_table(const struct cli_selection *s, enum cli_select_table table, FILE *file) {
    switch (table) {
    case CLI_SELECT_RANKING:
        write_ranking(s, file);
        return true;
    case CLI_SELECT_TRIALS:
        write_trials(s, file);
        return true;
    case CLI_SELECT_SETTINGS:
        write_settings(s, file);
        return true;
    case CLI_SELECT_RATES:
        write_rates(s, file);
        return true;
    case CLI_SELECT_THRESHOLDS:
        write_thresholds(s, file);
        return true;
    case CLI_SELECT_SEARCHES:
        write_searches(s, file);
        return true;
    case CLI_SELECT_COMPARISON:
        write_comparison(s, file);
        return true;
    default:
        return false;
    }
}
