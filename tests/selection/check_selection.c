/* Selection: what the learning rates of a linear regression do is known exactly; a trial is the spectrum run at its start and rate; the
 * halving keeps the best of its scores; the budget is kept; the same bits everywhere. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "selection/halving.h"
#include "selection/rate_scan.h"
#include "tests/check.h"
#include "tests/collect_spectrum.h"
#include "tests/support.h"
#include "lyapgrad/dataset.h"

static struct lyap_dataset data;
static struct lyap_network net[2];
static struct lyap_plan settings[2];
static struct lyap_selection_plan plan;

static void use_networks(const char *first, const char *second, enum lyap_activation hidden,
                         enum lyap_activation output) {
    const char *shape[] = {first, second};
    size_t count = second ? 2 : 1;
    enum lyap_isa isa;
    ck_assert_int_eq(lyap_isa_select(NULL, &isa, NULL), LYAP_OK);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(lyap_network_init(&net[i], shape[i], hidden, output, LYAP_MSE, NULL), LYAP_OK);
        lyap_plan_defaults(&settings[i], &net[i], &data);
        settings[i].isa = isa;
        settings[i].precision = LYAP_FLOAT64;
        settings[i].init = LYAP_INIT_NORMAL;
        settings[i].init_a = 0;
        settings[i].init_b = 1;
        settings[i].window = false;
    }
    lyap_selection_defaults(&plan, settings, count);
}

/* y = x at -2 and 2. The Hessian of the mean squared error is diag(8, 2) for every weight: steps are stable below 2/8. */
static void use_regression(void) {
    static double x[] = {-2, 2}, y[] = {-2, 2};
    data = (struct lyap_dataset){.samples = 2, .inputs = 1, .outputs = 1, .x = x, .y = y};
    use_networks("1-1", NULL, LYAP_LINEAR, LYAP_LINEAR);
    plan.lr_low = 0.01;
    plan.lr_high = 1;
    plan.epochs = 40;
    plan.rate_starts = 12;
    plan.rate_values = 21;
    plan.rate_halvings = 20;
    plan.budget = 200000;
}

static void use_xor(void) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    use_networks("2-2-1", "2-3-1", LYAP_TANH, LYAP_LINEAR);
    plan.lr_low = 0.01;
    plan.lr_high = 3;
    plan.epochs = 64;
    plan.rate_starts = 4;
    plan.rate_values = 5;
    plan.rate_halvings = 1;
    plan.budget = 20000;
    plan.searches = 6;
}

static struct lyap_selection select_all(void) {
    struct lyap_selection selection;
    struct lyap_error error = {0};
    enum lyap_status status = lyap_selection_run(&plan, &selection, &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    return selection;
}

/* ---- learning rates ---- */

START_TEST(the_last_safe_and_the_first_unstable_rate_of_a_regression_are_two_over_the_sharpness) {
    use_regression();
    struct lyap_selection s = select_all();
    const struct lyap_rate_scan *rates = &s.rates;
    for (uint64_t i = 0; i < rates->starts; i++) {
        ck_assert_double_eq_tol(rates->onset[i], 0.25, 1e-6);
        ck_assert_double_eq_tol(rates->safe[i], 0.25, 0.015); /* the loss may still fall along the flat direction */
    }
    ck_assert_double_eq_tol(rates->first_unstable.value, 0.25, 1e-6);
    ck_assert_double_eq_tol(rates->first_unstable.low, 0.25, 1e-6);
    ck_assert_double_eq_tol(rates->first_unstable.high, 0.25, 1e-6);
    lyap_selection_free(&s);
}
END_TEST

/* Heavy-ball momentum with a weight decay of 2: unstable from 2 (1 + 0.5) / (8 + 2), while the sharpness stays 8. */
START_TEST(a_weight_decay_lowers_the_first_unstable_rate_and_leaves_the_sharpness) {
    use_regression();
    lyap_optimiser_defaults(&settings[0].optimiser, LYAP_MOMENTUM);
    settings[0].optimiser.momentum = 0.5;
    settings[0].optimiser.weight_decay = 2;
    struct lyap_selection s = select_all();
    for (size_t v = 0; v < s.rates.values; v++)
        if (s.rates.rows[v].edge_lr > 0) ck_assert_double_eq_tol(s.rates.rows[v].edge_lr, 0.3, 1e-9);
    for (uint64_t i = 0; i < s.rates.starts; i++) ck_assert_double_le(s.rates.onset[i], 0.3 * (1 + 1e-6));
    ck_assert_double_gt(s.rates.first_unstable.value, 0.29); /* 0.25 without the momentum, 0.2 without both */
    for (size_t i = 0; i < s.count; i++)
        if (s.records[i].result.sharpness_last != 0)
            ck_assert_double_eq_tol(s.records[i].result.sharpness_last, 8, 1e-9);
    lyap_selection_free(&s);
}
END_TEST

START_TEST(the_recommended_rate_of_a_regression_is_two_over_the_sum_of_its_eigenvalues) {
    use_regression();
    struct lyap_selection s = select_all();
    const struct lyap_rate_scan *rates = &s.rates;
    double spacing = pow(100, 1.0 / 20); /* lr = 2/(8+2) contracts both directions by 0.6 */
    ck_assert(rates->best_safe);
    ck_assert_double_ge(rates->best.value, 0.2 / spacing);
    ck_assert_double_le(rates->best.value, 0.2 * spacing);
    ck_assert_double_le(rates->best.low, rates->best.value);
    ck_assert_double_ge(rates->best.high, rates->best.value);
    for (size_t v = 0; v < rates->values; v++) {
        const struct lyap_rate_row *row = &rates->rows[v];
        double exponent = log(fmax(fabs(1 - 8 * row->lr), fabs(1 - 2 * row->lr)));
        ck_assert_double_eq_tol(row->lr, 0.01 * pow(spacing, (double)v), 1e-12);
        if (row->measured == rates->starts && row->lr < 0.25) ck_assert_double_eq_tol(row->exponent[1], exponent, 0.05);
        if (row->edge_lr > 0) ck_assert_double_eq_tol(row->edge_lr, 0.25, 1e-9);
        ck_assert_uint_eq(row->unstable, row->lr > 0.25 ? rates->starts : 0);
    }
    lyap_selection_free(&s);
}
END_TEST

START_TEST(rates_beyond_the_range_are_said_to_be_beyond_it) {
    use_regression();
    plan.lr_high = 0.1;
    struct lyap_selection s = select_all();
    for (uint64_t i = 0; i < s.rates.starts; i++) {
        ck_assert_double_eq(s.rates.safe[i], 0.1);
        ck_assert(isinf(s.rates.onset[i]));
    }
    ck_assert_double_eq(s.rates.largest_safe.value, 0.1);
    ck_assert(isinf(s.rates.first_unstable.value) && isinf(s.rates.first_unstable.low));
    lyap_selection_free(&s);
    plan.lr_low = 0.5;
    plan.lr_high = 1;
    s = select_all();
    ck_assert(!s.rates.best_safe);
    ck_assert_double_eq(s.rates.largest_safe.value, 0);
    ck_assert_double_eq(s.rates.first_unstable.value, 0.5);
    lyap_selection_free(&s);
}
END_TEST

START_TEST(one_rate_is_measured_as_one) {
    use_regression();
    plan.lr_low = plan.lr_high = 0.125;
    struct lyap_selection s = select_all();
    ck_assert_uint_eq(s.rates.values, 1);
    ck_assert_double_eq(s.rates.best.value, 0.125);
    for (size_t i = 0; i < s.count; i++) ck_assert_double_eq(s.records[i].trial.lr, 0.125);
    lyap_selection_free(&s);
}
END_TEST

/* ---- the search ---- */

START_TEST(a_trial_is_the_spectrum_run_at_its_start_and_rate) {
    use_xor();
    struct lyap_selection s = select_all();
    for (size_t i = 0; i < s.count; i += 23) {
        const struct lyap_trial_record *r = &s.records[i];
        struct lyap_spectrum_plan one;
        lyap_spectrum_defaults(&one, &net[r->trial.setting], &data);
        one.base = settings[r->trial.setting];
        one.base.starts = r->trial.start + 1;
        one.base.evaluate = true;
        one.growth = plan.growth;
        one.base.setting = (struct lyap_setting){r->trial.lr, 1e-4, s.halving.steps[r->rung]};
        struct spectra direct = run_spectra(&one);
        const size_t cell = (size_t)r->trial.start;
        ck_assert_double_eq(r->result.initial_loss, direct.records[cell].initial_loss);
        ck_assert_int_eq(r->result.regime, direct.records[cell].regime);
        if (r->result.defined) ck_assert_double_eq(r->result.exponent.lambda, direct.lambda[cell].lambda);
        spectra_free(&direct);
    }
    lyap_selection_free(&s);
}
END_TEST

START_TEST(the_best_start_is_handed_out_as_it_was_trained) {
    use_xor();
    struct lyap_selection s = select_all();
    const struct lyap_trial_record *best = &s.records[s.ranking[0]];
    double start[32];
    ck_assert_int_eq(lyap_selection_start(&plan, &best->trial, start, NULL), LYAP_OK);
    struct lyap_spectrum_plan one;
    lyap_spectrum_defaults(&one, &net[best->trial.setting], &data);
    one.base = settings[best->trial.setting];
    one.base.weights = start;
    one.base.evaluate = true;
    one.base.setting = (struct lyap_setting){best->trial.lr, 1e-4, plan.epochs};
    struct spectra direct = run_spectra(&one);
    ck_assert_double_eq(best->result.initial_loss, direct.records[0].initial_loss);
    ck_assert_double_le(best->result.loss, direct.records[0].final_loss);
    spectra_free(&direct);
    lyap_selection_free(&s);
}
END_TEST

START_TEST(each_rung_keeps_the_lowest_scores_and_the_last_the_lowest_loss) {
    use_xor();
    plan.score = (enum lyap_score)_i;
    struct lyap_selection s = select_all();
    size_t at = 0;
    for (uint32_t r = 0; r < s.halving.rungs; r++) {
        const size_t count = (size_t)s.halving.trials[r];
        const bool last = r + 1 == s.halving.rungs;
        double worst_kept = -INFINITY, best_left = INFINITY;
        size_t kept = 0;
        for (size_t i = at; i < at + count; i++) {
            const struct lyap_trial_record *record = &s.records[i];
            double key = last ? record->result.loss : record->score;
            ck_assert_uint_eq(record->rung, r);
            kept += record->kept;
            if (record->kept) worst_kept = fmax(worst_kept, key);
            if (!record->kept) best_left = fmin(best_left, key);
        }
        ck_assert_uint_eq(kept, last ? 1 : s.halving.trials[r + 1]);
        ck_assert_double_le(worst_kept, best_left);
        at += count;
    }
    ck_assert_uint_eq(at, s.count);
    const struct lyap_trial_record *first = &s.records[s.ranking[0]];
    ck_assert(first->kept && first->rung + 1 == s.halving.rungs);
    ck_assert_uint_eq(s.rates.setting, first->trial.setting);
    lyap_selection_free(&s);
}
END_TEST

START_TEST(with_held_out_data_as_the_judge_the_lowest_held_out_loss_is_chosen) {
    struct lyap_dataset other;
    double far[] = {0.9, 0.1, 0.1, 0.8}, targets[] = {1, 1};
    use_xor();
    other = (struct lyap_dataset){.samples = 2, .inputs = 2, .outputs = 1, .x = far, .y = targets};
    for (size_t i = 0; i < plan.count; i++) settings[i].test = &other;
    plan.held_out = true;
    struct lyap_selection s = select_all();
    const struct lyap_trial_record *best = &s.records[s.ranking[0]];
    bool differs = false; /* from the choice by the training loss */
    for (size_t i = 0; i < s.count; i++)
        if (s.records[i].rung + 1 == s.halving.rungs) {
            ck_assert_double_ge(s.records[i].result.test_loss, best->result.test_loss);
            differs = differs || s.records[i].result.loss < best->result.loss;
        }
    ck_assert(differs);
    ck_assert_double_eq(s.rates.best.value, s.rates.best_test.value);
    lyap_selection_free(&s);
}
END_TEST

START_TEST(scores_are_loss_exponent_and_the_mean_of_their_ranks) {
    struct lyap_trial_result r[5];
    memset(r, 0, sizeof r);
    static const double loss[] = {0.3, 0.1, 0.2, INFINITY, 0.4}, lambda[] = {-0.1, -0.2, -0.3, 0.5, 0.1};
    double score[5];
    plan.held_out = false;
    for (int i = 0; i < 5; i++) {
        r[i].loss = loss[i];
        r[i].defined = i != 4;
        r[i].exponent.lambda = lambda[i];
        r[i].regime = i == 3 ? LYAP_DIVERGED : LYAP_CONVERGING;
    }
    ck_assert_int_eq(lyap_scores_of(&plan, LYAP_SCORE_LOSS, r, 5, score, NULL), LYAP_OK);
    for (int i = 0; i < 5; i++) ck_assert(score[i] == loss[i]);
    ck_assert_int_eq(lyap_scores_of(&plan, LYAP_SCORE_EXPONENT, r, 5, score, NULL), LYAP_OK);
    for (int i = 0; i < 3; i++) ck_assert_double_eq(score[i], lambda[i]);
    ck_assert(isinf(score[3]));                      /* diverged: last */
    ck_assert(score[4] > 1e300 && !isinf(score[4])); /* unknown: behind all that are known */
    ck_assert_int_eq(lyap_scores_of(&plan, LYAP_SCORE_COMBINED, r, 5, score, NULL), LYAP_OK);
    static const double combined[] = {3, 1.5, 1.5, 0, 4}; /* ranks 3 1 2 5 4 and 3 2 1 5 4 */
    for (int i = 0; i < 5; i++) ck_assert(i == 3 ? isinf(score[i]) : score[i] == combined[i]);
}
END_TEST

START_TEST(the_first_trials_of_a_search_cover_the_range_evenly) {
    use_xor();
    for (uint64_t search = 0; search < 3; search++)
        for (size_t setting = 0; setting < 2; setting++) {
            int seen[32] = {0};
            for (uint64_t k = 0; k < 64; k++) {
                struct lyap_trial t = lyap_search_trial(&plan, search, 2 * k + setting);
                ck_assert_uint_eq(t.setting, setting);
                ck_assert_uint_eq(t.start, (search << 32) + k);
                ck_assert_double_ge(t.lr, plan.lr_low);
                ck_assert_double_le(t.lr, plan.lr_high);
                double part = log(t.lr / plan.lr_low) / log(plan.lr_high / plan.lr_low);
                seen[(int)fmin(31, 32 * part)]++;
            }
            for (int b = 0; b < 32; b++) ck_assert(seen[b] >= 1 && seen[b] <= 4);
        }
}
END_TEST

/* ---- the budget ---- */

static double cost_of(const struct lyap_halving *s, double step) {
    double sum = 0;
    for (uint32_t r = 0; r < s->rungs; r++) sum += (double)s->trials[r] * s->steps[r] * step;
    return sum;
}

START_TEST(a_search_costs_what_it_says_and_no_more_than_it_may) {
    use_xor();
    plan.epochs = 128;
    for (double budget = 5000; budget < 1e6; budget *= 1.7) {
        struct lyap_halving loss, exponent, random;
        ck_assert(lyap_halving_make(&plan, LYAP_SCORE_LOSS, 3, budget, &loss));
        ck_assert(lyap_halving_make(&plan, LYAP_SCORE_EXPONENT, 3, budget, &exponent));
        ck_assert(lyap_halving_make(&plan, LYAP_SCORE_LOSS, 1, budget, &random));
        ck_assert_double_eq(loss.cost, cost_of(&loss, 1));
        ck_assert_double_eq(exponent.cost, cost_of(&exponent, 2.5));
        ck_assert_double_eq(random.cost, 128.0 * (double)random.trials[0]);
        ck_assert(loss.cost <= budget && exponent.cost <= budget && random.cost <= budget);
        ck_assert(random.cost > budget - 128 && loss.cost > 0.9 * budget - 3 * 128);
        for (uint32_t r = 0; r < 3; r++) ck_assert_uint_eq(loss.steps[r], 128u >> (2 * (2 - r)));
        for (uint32_t r = 0; r + 1 < 3; r++) ck_assert_uint_eq(loss.trials[r + 1], loss.trials[r] / 4);
    }
}
END_TEST

START_TEST(every_trial_of_a_regression_ends_at_the_one_sharpness_it_has_unless_it_diverged) {
    use_regression();
    struct lyap_selection s = select_all();
    size_t diverged = 0, shorter = 0;
    ck_assert_uint_gt(s.halving.rungs, 1);
    for (size_t i = 0; i < s.count; i++) {
        const struct lyap_trial_record *r = &s.records[i];
        const bool lost = r->result.regime == LYAP_DIVERGED, last = r->rung + 1 == s.halving.rungs;
        diverged += lost;
        shorter += !last;
        ck_assert_double_eq_tol(r->result.sharpness_last, (lost ? 0 : 8), 1e-9);
        ck_assert_double_eq_tol(r->result.sharpness_first, (last ? 8 : 0), 1e-9);
        ck_assert_double_eq_tol(lyap_trial_edge(&settings[0], &r->result), (lost ? 0 : 0.25), 1e-9);
    }
    ck_assert(diverged > 0 && shorter > 0);
    lyap_selection_free(&s);
}
END_TEST

/* Its trials are those that a search of the same number has in the comparison, where nobody measures the sharpness. */
START_TEST(the_sharpness_is_told_on_top_of_the_budget_and_changes_no_search) {
    use_xor();
    for (int score = 0; score < LYAP_SCORE_COUNT; score++) {
        plan.score = (enum lyap_score)score;
        struct lyap_selection s = select_all();
        const struct lyap_halving *halving = &s.halving;
        struct lyap_search without = {.halving = *halving, .score = plan.score};
        struct lyap_trials_work pace = {0};
        double points = (double)halving->trials[halving->rungs - 1];
        for (uint32_t r = 0; r < halving->rungs; r++) points += (double)halving->trials[r];
        ck_assert_double_eq(halving->cost, cost_of(halving, score == LYAP_SCORE_LOSS ? 1 : 2.5));
        ck_assert_double_eq(s.sharpness_cost, 2.5 * 13 * points); /* 2-3-1 has 13 parameters */
        without.records = malloc(s.count * sizeof *without.records);
        ck_assert_ptr_nonnull(without.records);
        ck_assert_int_eq(lyap_searches_run(&plan, 0, &without, 1, false, &pace, NULL), LYAP_OK);
        ck_assert_uint_eq(without.recorded, s.count);
        for (size_t i = 0; i < s.count; i++) {
            const struct lyap_trial_record *a = &s.records[i], *b = &without.records[i];
            ck_assert(b->result.sharpness_first == 0 && b->result.sharpness_last == 0);
            ck_assert_uint_eq(a->trial.number, b->trial.number);
            ck_assert(a->result.loss == b->result.loss && a->score == b->score && a->kept == b->kept);
        }
        free(without.records);
        lyap_selection_free(&s);
    }
}
END_TEST

START_TEST(the_comparison_searches_with_the_halving_of_the_recommendation) {
    use_xor();
    struct lyap_search_comparison w;
    struct lyap_selection s = select_all();
    ck_assert_int_eq(lyap_selection_compare(&plan, &w, NULL), LYAP_OK);
    const struct lyap_halving *same = &w.halving[LYAP_WAY_LOSS];
    ck_assert_double_eq(same->cost, s.halving.cost);
    ck_assert_uint_eq(same->rungs, s.halving.rungs);
    for (uint32_t r = 0; r < same->rungs; r++) ck_assert_uint_eq(same->trials[r], s.halving.trials[r]);
    lyap_search_comparison_free(&w);
    lyap_selection_free(&s);
}
END_TEST

START_TEST(a_budget_too_small_is_refused_with_the_one_that_is_enough) {
    use_xor();
    struct lyap_selection s;
    struct lyap_error error = {0};
    plan.budget = 1000;
    ck_assert_int_eq(lyap_selection_run(&plan, &s, &error), LYAP_ERROR_ARGUMENT);
    const char *least = strstr(error.message, "give at least ");
    ck_assert_msg(least != NULL, "%s", error.message);
    plan.budget = strtoull(least + strlen("give at least "), NULL, 10);
    s = select_all();
    ck_assert_double_le(s.halving.cost + s.rates.cost, (double)plan.budget);
    lyap_selection_free(&s);
    plan.budget--;
    ck_assert_int_eq(lyap_selection_run(&plan, &s, &error), LYAP_ERROR_ARGUMENT);
}
END_TEST

START_TEST(numbers_out_of_range_are_refused_by_name) {
    static const char *const words[] = {"learning rates", "epochs",       "divisor",  "rungs",
                                        "safe share",     "budget",       "settings", "searches 1",
                                        "given weights",  "another data", "held-out"};
    struct lyap_selection s;
    struct lyap_search_comparison w;
    struct lyap_error error = {0};
    struct lyap_dataset copy;
    double given[9] = {0};
    use_xor();
    copy = data;
    if (_i == 0) plan.lr_high = 1e-3;
    if (_i == 1) plan.epochs = 1;
    if (_i == 2) plan.divisor = 1;
    if (_i == 3) plan.rungs = 9;
    if (_i == 4) plan.safe_share = 0;
    if (_i == 5) plan.budget = 0;
    if (_i == 6) plan.count = 0;
    if (_i == 7) plan.searches = 1;
    if (_i == 8) settings[0].weights = given;
    if (_i == 9) settings[1].data = &copy;
    if (_i == 10) plan.held_out = true;
    enum lyap_status status =
        _i == 7 ? lyap_selection_compare(&plan, &w, &error) : lyap_selection_run(&plan, &s, &error);
    ck_assert_int_eq(status, LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, words[_i]) != NULL, "'%s' not in: %s", words[_i], error.message);
}
END_TEST

/* ---- what it was worth ---- */

START_TEST(the_comparison_counts_its_pairs_on_the_trials_it_lists) {
    use_xor();
    struct lyap_search_comparison w;
    ck_assert_int_eq(lyap_selection_compare(&plan, &w, NULL), LYAP_OK);
    ck_assert_uint_eq(w.searches, 6);
    ck_assert(!w.held_out);
    for (int p = 0; p < LYAP_SEARCH_PAIRS; p++) {
        uint64_t better = 0, worse = 0;
        for (uint32_t i = 0; i < w.searches; i++) {
            const struct lyap_pick *a = &w.picks[i * LYAP_WAY_COUNT + w.pair[p].way],
                                   *b = &w.picks[i * LYAP_WAY_COUNT + w.pair[p].against];
            better += a->result.loss < b->result.loss;
            worse += a->result.loss > b->result.loss;
            ck_assert_uint_eq(a->trial.start >> 32, i + 1); /* of its own search */
            ck_assert_uint_eq(a->result.steps, plan.epochs);
        }
        ck_assert_uint_eq(w.pair[p].better, better);
        ck_assert_uint_eq(w.pair[p].worse, worse);
        ck_assert(w.pair[p].p > 0 && w.pair[p].p <= 1);
    }
    uint32_t reached = 0;
    for (uint32_t i = 0; i < w.searches; i++) {
        const struct lyap_pick *random = &w.picks[i * LYAP_WAY_COUNT + LYAP_WAY_RANDOM];
        for (uint64_t t = 0; t < w.halving[LYAP_WAY_RANDOM].trials[0]; t++) /* the pick is one of the trials */
            if (t == random->trial.number) ck_assert_double_eq(lyap_search_trial(&plan, i + 1, t).lr, random->trial.lr);
        reached += random->result.target_step >= 0;
    }
    ck_assert_uint_ge(reached, w.searches / 2 - 1); /* the target is their median */
    lyap_search_comparison_free(&w);
}
END_TEST

/* ---- the same everywhere ---- */

static uint64_t digest_on(enum lyap_isa isa, int threads) {
    struct lyap_search_comparison w;
    struct lyap_error error = {0};
    for (size_t i = 0; i < plan.count; i++) {
        settings[i].isa = isa;
        settings[i].threads = threads;
    }
    struct lyap_selection s = select_all();
    enum lyap_status status = lyap_selection_compare(&plan, &w, &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    uint64_t digest = lyap_search_comparison_digest(lyap_selection_digest(LYAP_DIGEST_START, &s), &w);
    lyap_selection_free(&s);
    lyap_search_comparison_free(&w);
    return digest;
}

START_TEST(a_selection_has_the_same_bits_on_every_instruction_set_and_for_any_threads) {
    enum lyap_isa best;
    ck_assert_int_eq(lyap_isa_select(NULL, &best, NULL), LYAP_OK);
    use_xor();
    plan.score = LYAP_SCORE_COMBINED;
    plan.searches = 5;
    for (size_t i = 0; i < plan.count; i++) settings[i].precision = _i ? LYAP_FLOAT64 : LYAP_FLOAT32;
    ck_assert_uint_eq(digest_on(best, 2), digest_on(LYAP_ISA_SCALAR, 1));
}
END_TEST

static bool stop_soon(uint64_t done, uint64_t total, void *context) {
    int *calls = context;
    ck_assert_uint_le(done, total);
    return --*calls > 0;
}

START_TEST(an_interrupted_selection_leaves_nothing) {
    int calls = 5;
    struct lyap_selection s;
    struct lyap_search_comparison w;
    use_xor();
    plan.progress = stop_soon;
    plan.progress_context = &calls;
    ck_assert_int_eq(lyap_selection_run(&plan, &s, NULL), LYAP_ERROR_INTERRUPTED);
    ck_assert(s.records == NULL && s.ranking == NULL && s.rates.rows == NULL);
    calls = 5;
    ck_assert_int_eq(lyap_selection_compare(&plan, &w, NULL), LYAP_ERROR_INTERRUPTED);
    ck_assert(w.picks == NULL);
}
END_TEST

START_TEST(a_score_has_a_name_and_the_name_is_that_score) {
    struct lyap_error error;
    enum lyap_score score;
    for (int i = 0; i < LYAP_SCORE_COUNT; i++) {
        score = LYAP_SCORE_COUNT;
        ck_assert_int_eq(lyap_score_parse(lyap_score_name((enum lyap_score)i), &score, &error), LYAP_OK);
        ck_assert_int_eq(score, i);
    }
    ck_assert_int_eq(lyap_score_parse("accuracy", &score, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "'accuracy'; expected loss, exponent or combined"));
    ck_assert_str_eq(lyap_score_name(LYAP_SCORE_COUNT), "unknown");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("selection");
    TCase *tc = tcase_create("selection");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, the_last_safe_and_the_first_unstable_rate_of_a_regression_are_two_over_the_sharpness);
    tcase_add_test(tc, a_weight_decay_lowers_the_first_unstable_rate_and_leaves_the_sharpness);
    tcase_add_test(tc, the_recommended_rate_of_a_regression_is_two_over_the_sum_of_its_eigenvalues);
    tcase_add_test(tc, rates_beyond_the_range_are_said_to_be_beyond_it);
    tcase_add_test(tc, one_rate_is_measured_as_one);
    tcase_add_test(tc, a_trial_is_the_spectrum_run_at_its_start_and_rate);
    tcase_add_test(tc, the_best_start_is_handed_out_as_it_was_trained);
    tcase_add_loop_test(tc, each_rung_keeps_the_lowest_scores_and_the_last_the_lowest_loss, 0, LYAP_SCORE_COUNT);
    tcase_add_test(tc, with_held_out_data_as_the_judge_the_lowest_held_out_loss_is_chosen);
    tcase_add_test(tc, a_score_has_a_name_and_the_name_is_that_score);
    tcase_add_test(tc, scores_are_loss_exponent_and_the_mean_of_their_ranks);
    tcase_add_test(tc, the_first_trials_of_a_search_cover_the_range_evenly);
    tcase_add_test(tc, a_search_costs_what_it_says_and_no_more_than_it_may);
    tcase_add_test(tc, every_trial_of_a_regression_ends_at_the_one_sharpness_it_has_unless_it_diverged);
    tcase_add_test(tc, the_sharpness_is_told_on_top_of_the_budget_and_changes_no_search);
    tcase_add_test(tc, the_comparison_searches_with_the_halving_of_the_recommendation);
    tcase_add_test(tc, a_budget_too_small_is_refused_with_the_one_that_is_enough);
    tcase_add_loop_test(tc, numbers_out_of_range_are_refused_by_name, 0, 11);
    tcase_add_test(tc, the_comparison_counts_its_pairs_on_the_trials_it_lists);
    tcase_add_loop_test(tc, a_selection_has_the_same_bits_on_every_instruction_set_and_for_any_threads, 0, 2);
    tcase_add_test(tc, an_interrupted_selection_leaves_nothing);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
