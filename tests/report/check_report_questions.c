/* The report's further questions, against facts known exactly: what the rules cost and choose, rank agreements, onsets, and which starts
 * count as chaotic. */
#include <math.h>

#include "report/questions/counts.h"
#include "report/questions/questions.h"
#include "report/report.h"
#include "tests/check.h"
#include "tests/support.h"
#include "tests/work.h"

static struct lyap_report_options options_of(void) {
    struct lyap_report_options o = {.seed = 1, .scale = 0.01};
    ck_assert_int_eq(lyap_isa_select(getenv("LYAPGRAD_ISA"), &o.isa, NULL), LYAP_OK);
    return o;
}

/* ---- Q1 ---- */

START_TEST(every_rule_spends_what_it_looks_at_and_trains_for_the_rest) {
    static const uint32_t spent[LYAP_RATE_RULES] = {0, 50, 96, 80, 160, 160, 0};
    static const uint32_t trained[LYAP_RATE_RULES] = {400, 350, 304, 330, 250, 250, 400};
    for (int rule = 0; rule < LYAP_RATE_RULES; rule++) {
        ck_assert_uint_eq(lyap_rate_spent((enum lyap_rate_rule)rule, 48), spent[rule]);
        ck_assert_uint_eq(lyap_rate_trained((enum lyap_rate_rule)rule, 400, 48), trained[rule]);
    }
}
END_TEST

START_TEST(rules_choose_by_loss_and_by_exponent) {
    const double loss[LYAP_RATE_GRID] = {5, 4, 3, 2, 1, 3, INFINITY, INFINITY};
    const double exponent[LYAP_RATE_GRID] = {-0.1, -0.3, -0.2, 0.1, -0.05, 0.2, NAN, NAN};
    const double positive[LYAP_RATE_GRID] = {0.3, 0.1, 0.2, 0.4, 0.5, NAN, NAN, NAN};
    ck_assert_uint_eq(lyap_rate_choose(LYAP_RATE_LOSS, loss, exponent), 4);
    ck_assert_uint_eq(lyap_rate_choose(LYAP_RATE_LARGEST, loss, exponent),
                      4); /* a positive one below it does not matter */
    ck_assert_uint_eq(lyap_rate_choose(LYAP_RATE_LOWEST, loss, exponent), 1);
    ck_assert_uint_eq(lyap_rate_choose(LYAP_RATE_LARGEST, loss, positive), 1); /* none: the lowest exponent */
}
END_TEST

START_TEST(a_range_test_takes_a_tenth_of_the_rate_with_the_lowest_loss) {
    const double rate[] = {0.1, 1, 10, 100, 1000}, loss[] = {3, 2, 1, 4, 0.5}, lost[] = {3, 2, NAN, 1, 0},
                 rising[] = {1, 2, 3, 4, 5};
    ck_assert_double_eq(lyap_rate_of_range(rate, loss, 4), 1);
    ck_assert_double_eq(lyap_rate_of_range(rate, loss, 5), 100);
    ck_assert_double_eq(lyap_rate_of_range(rate, lost, 5),
                        0.1); /* what comes after a loss that is no number does not count */
    ck_assert_double_eq(lyap_rate_of_range(rate, rising, 5), 0.1);
    ck_assert_double_eq_tol(lyap_rate_rounded(1.1), 1, 1e-15);
    ck_assert_double_eq_tol(lyap_rate_rounded(1.2), pow(10, 0.125), 1e-14);
    ck_assert_double_eq_tol(lyap_rate_rounded(0.1), 0.1, 1e-15);
}
END_TEST

/* All losses are 0.5, but the rules that are given another one here. */
static void fill(struct lyap_rate_rules *q, enum lyap_rate_rule rule, double loss) {
    for (size_t set = 0; set < LYAP_RATE_SETS; set++)
        for (size_t draw = 0; draw < LYAP_RATE_DRAWS; draw++)
            for (size_t i = 0; i < q->starts; i++)
                q->outcome[lyap_rate_place(q, set, draw, rule) + i] =
                    (struct lyap_rate_outcome){.lr = 1, .loss = loss, .accuracy = 0.75, .steps = 1};
}

START_TEST(the_judge_compares_means_over_data_sets) {
    struct lyap_rate_rules q = {.starts = 3};
    q.outcome = calloc((size_t)LYAP_RATE_SETS * LYAP_RATE_DRAWS * LYAP_RATE_RULES * q.starts, sizeof *q.outcome);
    for (int rule = 0; rule < LYAP_RATE_RULES; rule++) fill(&q, (enum lyap_rate_rule)rule, 0.5);
    fill(&q, LYAP_RATE_BEST, 0.25);
    fill(&q, LYAP_RATE_SHARPNESS, 0.375);
    ck_assert_int_eq(lyap_rate_rules_judge(&q, 1, NULL), LYAP_OK);
    ck_assert_int_eq(q.best, LYAP_RATE_SHARPNESS);
    ck_assert_double_eq(q.first[LYAP_RATE_SHARPNESS], 1);
    ck_assert_double_eq(q.excess[LYAP_RATE_SHARPNESS].value, 0.125);
    ck_assert_double_eq(q.excess[LYAP_RATE_SHARPNESS].high, 0.125);
    ck_assert_double_eq(q.behind[LYAP_RATE_SHARPNESS].low, 0.125); /* the exponent's 0.5 less 0.375 */
    ck_assert_double_eq(q.behind[LYAP_RATE_RANGE].value, 0);
    ck_assert_double_eq(q.mean[2][LYAP_RATE_BEST], 0.25);
    ck_assert_double_eq(q.accuracy[LYAP_RATE_LOSS], 0.75);
    lyap_rate_rules_free(&q);
}
END_TEST

START_TEST(trainings_have_the_length_and_rate_of_their_rule) {
    struct lyap_report_options o = options_of();
    struct lyap_rate_rules q;
    ck_assert_int_eq(lyap_rate_rules_run(&q, 2, LYAP_RATE_LEAST_BUDGET, &o, NULL, NULL), LYAP_OK);
    for (size_t set = 0; set < LYAP_RATE_SETS; set++)
        for (size_t draw = 0; draw < LYAP_RATE_DRAWS; draw++)
            for (size_t i = 0; i < 2; i++) {
                const double best = q.outcome[lyap_rate_place(&q, set, draw, LYAP_RATE_BEST) + i].loss;
                for (int rule = 0; rule < LYAP_RATE_RULES; rule++) {
                    const struct lyap_rate_outcome *r =
                        &q.outcome[lyap_rate_place(&q, set, draw, (enum lyap_rate_rule)rule) + i];
                    ck_assert(r->loss > 0 && r->loss <= 1 && r->accuracy >= 0 && r->accuracy <= 1 && r->lr > 0);
                    ck_assert_uint_eq(r->steps,
                                      lyap_rate_trained((enum lyap_rate_rule)rule, LYAP_RATE_LEAST_BUDGET, 48));
                }
                const struct lyap_rate_outcome *fixed = &q.outcome[lyap_rate_place(&q, set, draw, LYAP_RATE_FIXED) + i];
                ck_assert_double_eq(fixed->lr, 0.1);
                ck_assert_double_le(best, fixed->loss); /* 0.1 is a rate of the grid */
            }
    /* The draws are other data and other starts. */
    ck_assert_double_ne(q.outcome[lyap_rate_place(&q, 1, 0, LYAP_RATE_FIXED)].loss,
                        q.outcome[lyap_rate_place(&q, 1, 1, LYAP_RATE_FIXED)].loss);
    lyap_rate_rules_free(&q);
}
END_TEST

/* ---- Q2 ---- */

START_TEST(rank_agreements_are_means_over_rates_and_over_starts) {
    enum { STARTS = 4 };
    static const uint32_t all[STARTS] = {0, 1, 2, 3};
    double x[LYAP_BATCH_RATES * STARTS], y[LYAP_BATCH_RATES * STARTS], room[4 * LYAP_BATCH_RATES];
    bool failed = false;
    const struct lyap_batch_pair pair = {x, y, STARTS, room, &failed};
    for (size_t r = 0; r < LYAP_BATCH_RATES; r++)
        for (size_t i = 0; i < STARTS; i++) {
            x[r * STARTS + i] = (double)(10 * r + i);
            y[r * STARTS + i] =
                (double)(100 * r * r) - (double)i; /* the order of the rates, the opposite of the starts */
        }
    ck_assert_double_eq_tol(lyap_batch_over_starts(&pair, all, STARTS), -1, 1e-12);
    ck_assert_double_eq_tol(lyap_batch_over_rates(&pair, all, STARTS), 1, 1e-12);
    for (size_t i = 0; i < STARTS; i++) y[i] = x[i]; /* of six rates one agrees */
    ck_assert_double_eq_tol(lyap_batch_over_starts(&pair, all, STARTS), (1.0 - 5) / 6, 1e-12);
    y[STARTS] = y[STARTS + 1] = NAN; /* two of four are left at the second rate: too few */
    ck_assert_double_eq_tol(lyap_batch_over_starts(&pair, all, STARTS), (1.0 - 4) / 5, 1e-12);
    ck_assert(!failed);
}
END_TEST

START_TEST(the_full_batch_agrees_with_itself_and_an_order_of_samples_matters) {
    struct lyap_report_options o = options_of();
    struct lyap_batches q;
    ck_assert_int_eq(lyap_batches_run(&q, 8, 30, &o, NULL, NULL), LYAP_OK);
    for (size_t c = 0; c < LYAP_BATCH_CASES; c++) {
        ck_assert_double_eq_tol(q.agree[c][0].starts.value, 1, 1e-12);
        ck_assert_double_eq_tol(q.agree[c][0].rates.low, 1, 1e-12);
        ck_assert_double_lt(q.agree[c][4].starts.value, 1);
        for (size_t size = 0; size < LYAP_BATCH_SIZES; size++) {
            size_t differ = 0;
            for (size_t i = 0; i < 8; i++) differ += q.exponent[c][size][0][i] != q.exponent[c][size][1][i];
            ck_assert_uint_eq(differ, 8);
        }
    }
    lyap_batches_free(&q);
}
END_TEST

/* ---- Q3 ---- */

START_TEST(an_onset_lies_on_the_line_over_the_logarithm_of_the_rate) {
    /* Of two starts: one crosses 0 between the second and the third multiple, 0.25 and 0.5; the other diverges at the last. */
    double e[LYAP_DEPTH_RATES][2] = {{-1, -1}, {-1, -1}, {1, -1}, {2, -1}, {3, -1}, {4, INFINITY}};
    ck_assert_double_eq_tol(lyap_depth_onset(e[0], 2, 0, 0), sqrt(0.25 * 0.5), 1e-12);
    ck_assert_double_eq_tol(lyap_depth_onset(e[0], 2, 0, 1.5), sqrt(0.5 * 1), 1e-12);
    ck_assert_double_eq(lyap_depth_onset(e[0], 2, 0, -2), lyap_depth_multiple[0]);
    ck_assert_double_eq(lyap_depth_onset(e[0], 2, 1, 0), 4);
    ck_assert(isinf(lyap_depth_onset(e[0], 2, 0, 5)));
}
END_TEST

START_TEST(one_layer_at_half_of_the_edge_falls_and_the_sharpness_is_its_own) {
    struct lyap_report_options o = options_of();
    static struct lyap_depth q;
    const struct lyap_depth_sizes sizes = {3, 12, 20};
    ck_assert_int_eq(lyap_depth_run(&q, &sizes, &o, NULL, NULL), LYAP_OK);
    for (size_t c = 0; c < LYAP_DEPTH_CASES; c++) {
        const struct lyap_depth_result *r = &q.result[c];
        size_t falls = 0;
        for (size_t i = 0; i < 12; i++) falls += r->loss[i] < r->initial[i];
        ck_assert_uint_ge(falls, 9); /* at half of the median start's edge */
        double middle =
            fmax(fmin(r->sharpness[0], r->sharpness[1]), fmin(fmax(r->sharpness[0], r->sharpness[1]), r->sharpness[2]));
        ck_assert_double_eq_tol(r->edge, 2 / middle, 1e-12 * r->edge);
        ck_assert_uint_eq(r->correlation.n, 12);
    }
    ck_assert_uint_eq(q.result[5].parameters, 2 * 64 + 64 + 3 * (64 * 64 + 64) + 64 + 1);
    ck_assert_uint_eq(q.result[5].hidden, 4);
    lyap_depth_free(&q);
}
END_TEST

/* ---- Q4 ---- */

START_TEST(chaotic_starts_are_compared_with_themselves) {
    struct lyap_report_options o = options_of();
    static struct lyap_chaos q;
    ck_assert_int_eq(lyap_chaos_run(&q, 12, work(2000, 800), &o, NULL, NULL), LYAP_OK);
    ck_assert_uint_gt(q.result[1].chaotic, 2);
    for (size_t c = 0; c < LYAP_CHAOS_CASES; c++)
        for (size_t i = 0; i < q.result[c].chaotic; i++) {
            const struct lyap_chaos_start *r = &q.result[c].run[i];
            ck_assert(r->lr >= 2 * lyap_chaos_subjects[c].lr * (1 - 1e-12));
            ck_assert(i == 0 || r->start > q.result[c].run[i - 1].start);
            ck_assert(isfinite(r->chaos) && isfinite(r->calm) && isfinite(r->cooled));
        }
    lyap_chaos_free(&q);
}
END_TEST

START_TEST(differences_count_beyond_a_thousandth) {
    static struct lyap_chaos q;
    const struct lyap_estimate lower = {-0.02, -0.03, -0.01}, same = {0, -0.0001, 0.0001}, open = {0, -0.01, 0.01};
    for (size_t c = 0; c < LYAP_CHAOS_CASES; c++) {
        q.result[c].chaotic = c ? LYAP_CHAOS_LEAST : LYAP_CHAOS_LEAST - 1;
        q.result[c].chaos_calm = lower;
        q.result[c].cooled_calm = c == 1 ? same : open;
    }
    const struct lyap_chaos_counts n = lyap_chaos_count(&q);
    ck_assert_uint_eq(n.told, LYAP_CHAOS_CASES - 1);
    ck_assert_uint_eq(n.chaos_lower, LYAP_CHAOS_CASES - 1);
    ck_assert_uint_eq(n.cooled_same, 1);
    ck_assert_uint_eq(n.cooled_lower + n.cooled_higher + n.chaos_higher, 0);
}
END_TEST

int main(void) {
    Suite *s = suite_create("report_questions");
    TCase *c = tcase_create("rates");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, every_rule_spends_what_it_looks_at_and_trains_for_the_rest);
    tcase_add_test(c, rules_choose_by_loss_and_by_exponent);
    tcase_add_test(c, a_range_test_takes_a_tenth_of_the_rate_with_the_lowest_loss);
    tcase_add_test(c, the_judge_compares_means_over_data_sets);
    tcase_add_test(c, trainings_have_the_length_and_rate_of_their_rule);
    suite_add_tcase(s, c);
    c = tcase_create("batches");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, rank_agreements_are_means_over_rates_and_over_starts);
    tcase_add_test(c, the_full_batch_agrees_with_itself_and_an_order_of_samples_matters);
    suite_add_tcase(s, c);
    c = tcase_create("depth");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, an_onset_lies_on_the_line_over_the_logarithm_of_the_rate);
    tcase_add_test(c, one_layer_at_half_of_the_edge_falls_and_the_sharpness_is_its_own);
    suite_add_tcase(s, c);
    c = tcase_create("chaos");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, chaotic_starts_are_compared_with_themselves);
    tcase_add_test(c, differences_count_beyond_a_thousandth);
    suite_add_tcase(s, c);
    return run_suite(s);
}
