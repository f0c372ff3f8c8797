/* The report's sections on choosing starts: samples, correlations, and selection at equal compute, against facts known exactly. */
#include <math.h>

#include "bench/reference/reference.h"
#include "report/common/rounded.h"
#include "report/start_choice/start_choice.h"
#include "report/start_choice/verdict.h"
#include "tests/collect.h"
#include "tests/support.h"

static struct lyap_report_options options_of(void) {
    struct lyap_report_options o = {.seed = 1, .scale = 0.01};
    ck_assert_int_eq(lyap_isa_select(getenv("LYAPGRAD_ISA"), &o.isa, NULL), LYAP_OK);
    return o;
}

/* ---- numbers and verdicts ---- */

START_TEST(numbers_read_without_an_exponent_below_a_million_and_undefined_ones_are_a_dash) {
    char text[64];
    ck_assert_str_eq(lyap_value_text(0.012345, text), "0.0123");
    ck_assert_str_eq(lyap_value_text(1090.4, text), "1090");
    ck_assert_str_eq(lyap_value_text(-999.7, text), "-1000");
    ck_assert_str_eq(lyap_value_text(2.5e6, text), "2.5e+06");
    ck_assert_str_eq(lyap_value_text((double)NAN, text), "-");
    ck_assert_str_eq(lyap_p_text(0.0123, text), "0.012");
    ck_assert_str_eq(lyap_p_text((double)NAN, text), "-");
    struct lyap_estimate e = {1090, 530, 1610};
    ck_assert_str_eq(lyap_estimate_text(&e, text), "1090 [530, 1610]");
    e.low = (double)NAN;
    ck_assert_str_eq(lyap_estimate_text(&e, text), "1090");
    e.value = (double)INFINITY;
    ck_assert_str_eq(lyap_estimate_text(&e, text), "-");
}
END_TEST

START_TEST(a_claim_holds_for_all_cases_in_part_for_some_and_not_for_none) {
    ck_assert_int_eq(lyap_verdict_of(3, 3), LYAP_HOLDS);
    ck_assert_int_eq(lyap_verdict_of(1, 3), LYAP_HOLDS_IN_PART);
    ck_assert_int_eq(lyap_verdict_of(0, 3), LYAP_DOES_NOT_HOLD);
}
END_TEST

/* ---- samples ---- */

START_TEST(a_mark_is_the_run_of_as_many_epochs) {
    static const uint32_t marks[] = {2, 5, 20};
    struct lyap_report_options o = options_of();
    struct lyap_subject subject = lyap_subject_paper(LYAP_SIGMOID);
    struct lyap_prepared prepared;
    struct lyap_sample sample;
    subject.lr = 0.5;
    ck_assert_int_eq(lyap_prepare(&prepared, &subject, &o, NULL), LYAP_OK);
    prepared.plan.starts = 20;
    prepared.plan.setting.epochs = 20;
    ck_assert_int_eq(lyap_sample_run(&sample, &prepared.plan, marks, 3, 0.22, NULL), LYAP_OK);
    for (size_t m = 0; m < 3; m++) {
        prepared.plan.setting.epochs = marks[m];
        struct collected all = run_plan(&prepared.plan);
        for (size_t i = 0; i < 20; i++) {
            ck_assert_double_eq(sample.kw[m * 20 + i], all.records[i].lambda_kw);
            ck_assert_double_eq(sample.step[m * 20 + i], all.records[i].lambda_step);
            ck_assert_double_eq(sample.loss[m * 20 + i], all.records[i].final_loss);
            ck_assert_double_eq(sample.initial[i], all.records[i].initial_loss);
        }
        collected_free(&all);
    }
    prepared.plan.setting.epochs = 20;
    prepared.plan.series = true;
    struct collected all = run_plan(&prepared.plan);
    for (size_t i = 0; i < 20; i++) {
        uint32_t hit = UINT32_MAX;
        for (uint32_t e = 20; e-- > 0;)
            if (all.loss[i * all.stride + e] <= 0.22) hit = e;
        ck_assert_uint_eq(sample.hit[i], hit);
    }
    collected_free(&all);
    lyap_sample_free(&sample);
    lyap_prepared_free(&prepared);
}
END_TEST

START_TEST(a_network_dead_from_the_first_has_no_exponent_in_a_sample) {
    static const uint32_t marks[] = {5};
    struct lyap_report_options o = options_of();
    struct lyap_subject subject = lyap_subject_paper(LYAP_RELU);
    struct lyap_prepared prepared;
    struct lyap_sample sample;
    subject.lr = 20; /* most ReLUs die in the first step */
    ck_assert_int_eq(lyap_prepare(&prepared, &subject, &o, NULL), LYAP_OK);
    prepared.plan.starts = 64;
    prepared.plan.setting.epochs = 5;
    ck_assert_int_eq(lyap_sample_run(&sample, &prepared.plan, marks, 1, 0, NULL), LYAP_OK);
    size_t dead = 0;
    for (size_t i = 0; i < 64; i++) {
        if (sample.outcome[i] != LYAP_DEAD) continue;
        dead++;
        ck_assert(sample.kw[i] != 0);
    }
    ck_assert_uint_gt(dead, 0);
    double x[64], y[64], z[64];
    size_t n = lyap_sample_rows(&sample, 0, &(const struct lyap_sample_part){0, 64, LYAP_ANYWHERE, 0, 0}, x, y, z);
    ck_assert_uint_lt(n, 64);
    for (size_t i = 0; i < n; i++) ck_assert(isfinite(x[i]) && isfinite(y[i]) && isfinite(z[i]));
    lyap_sample_free(&sample);
    lyap_prepared_free(&prepared);
}
END_TEST

START_TEST(the_band_holds_a_tenth_and_inside_and_outside_are_all) {
    enum { N = 200 };
    double initial[N], value[N], scratch[N], low, high, x[N], y[N], z[N];
    for (size_t i = 0; i < N; i++) {
        initial[i] = (double)((i * 37) % N);
        value[i] = (double)i;
    }
    lyap_sample_band(initial, N, scratch, &low, &high);
    ck_assert_double_eq_tol(low, 0.45 * (N - 1), 1e-12);
    ck_assert_double_eq_tol(high, 0.55 * (N - 1), 1e-12);
    struct lyap_sample s = {.cells = N, .marks = 1, .initial = initial, .loss = value, .kw = value};
    size_t inside = lyap_sample_rows(&s, 0, &(const struct lyap_sample_part){0, N, LYAP_INSIDE, low, high}, x, y, z);
    for (size_t i = 0; i < inside; i++) ck_assert(z[i] >= low && z[i] <= high);
    ck_assert_uint_eq(inside, N / 10);
    ck_assert_uint_eq(
        lyap_sample_rows(&s, 0, &(const struct lyap_sample_part){0, N, LYAP_OUTSIDE_BAND, low, high}, x, y, z),
        N - N / 10);
}
END_TEST

START_TEST(correlations_of_a_line_are_one_and_of_too_little_undefined) {
    double x[40], y[40], z[40], down[40];
    uint64_t state = 7;
    struct lyap_correlations c;
    for (int i = 0; i < 40; i++) {
        x[i] = test_random(&state);
        y[i] = 2 * x[i] + 1;
        down[i] = -x[i] * x[i] * x[i];
        z[i] = test_random(&state);
    }
    ck_assert_int_eq(lyap_correlations_make(&c, &(const struct lyap_observations){x, y, z, 40}, 200, 1, NULL), LYAP_OK);
    ck_assert(c.defined);
    ck_assert_double_eq_tol(c.pearson.value, 1, 1e-12);
    ck_assert_double_eq_tol(c.pearson.low, 1, 1e-12);
    ck_assert_double_eq_tol(c.partial.value, 1, 1e-12);
    ck_assert_int_eq(lyap_estimate_sign(&c.pearson), 1);
    ck_assert_int_eq(lyap_correlations_make(&c, &(const struct lyap_observations){x, down, z, 40}, 200, 1, NULL),
                     LYAP_OK);
    ck_assert_double_eq_tol(c.spearman.value, -1, 1e-12);
    ck_assert_double_lt(c.pearson.value, -0.8);
    ck_assert_double_gt(c.pearson.value, -0.9999);
    ck_assert_int_eq(lyap_correlations_make(&c, &(const struct lyap_observations){x, y, z, 7}, 200, 1, NULL), LYAP_OK);
    ck_assert(!c.defined && !c.has_partial && isnan(c.pearson.value) && isnan(c.p));
    for (int i = 0; i < 40; i++) y[i] = 3;
    ck_assert_int_eq(lyap_correlations_make(&c, &(const struct lyap_observations){x, y, z, 40}, 200, 1, NULL), LYAP_OK);
    ck_assert(!c.defined);
    /* what z determines has no partial correlation */
    for (int i = 0; i < 40; i++) y[i] = down[i];
    ck_assert_int_eq(lyap_correlations_make(&c, &(const struct lyap_observations){x, y, x, 40}, 0, 1, NULL), LYAP_OK);
    ck_assert(c.defined && !c.has_partial);
}
END_TEST

START_TEST(p_of_a_correlation_is_that_of_student) {
    /* r = 0.5, n = 27: t = 0.5 * 5 / sqrt(0.75) = 2.8868 with 25 degrees of freedom, p = 0.00790 (tables: 0.008) */
    ck_assert_double_eq_tol(lyap_correlation_p(0.5, 27, 0), 0.0079, 1e-4);
    ck_assert_double_eq(lyap_correlation_p(0.5, 28, 1), lyap_correlation_p(0.5, 27, 0));
    ck_assert_double_eq(lyap_correlation_p(1, 10, 0), 0);
    ck_assert(isnan(lyap_correlation_p(0.5, 2, 0)));
}
END_TEST

START_TEST(values_that_differ_in_last_places_are_all_alike) {
    double v[20], scratch[20];
    for (int i = 0; i < 20; i++) v[i] = 0.25 + 1e-15 * i;
    ck_assert(lyap_all_alike(v, 20, scratch));
    for (int i = 0; i < 20; i++) v[i] = 0.25 + 1e-6 * i;
    ck_assert(!lyap_all_alike(v, 20, scratch));
    ck_assert(lyap_all_alike(v, 0, scratch));
}
END_TEST

/* ---- selection ---- */

START_TEST(what_a_score_costs_is_taken_from_the_training) {
    /* by hand: B = 6000, M = 8, k = 5 */
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_RANDOM, 5, 8, 6000), 6000);
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_ORACLE, 5, 8, 6000), 6000);
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_HYBRID, 5, 8, 6000), 6000 - 8 * 125 + 5);
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_TANGENT, 5, 8, 6000), 6000 - 80 + 5);
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_LOSS_AFTER, 5, 8, 6000), 6000 - 40 + 5);
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_LOSS_INITIAL, 5, 8, 6000), 6000 - 3); /* 8/3, rounded up */
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_LOSS_INITIAL, 5, 9, 6000), 6000 - 3);
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_GRADIENT, 5, 8, 6000), 6000 - 8 + 1);
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_SHARPNESS, 5, 8, 6000), 6000 - 160);
    /* 32 candidates for 500 steps each are beyond it */
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_HYBRID, 20, 32, 6000), 0);
    ck_assert_uint_eq(lyap_start_choice_steps(LYAP_RULE_HYBRID, 20, 12, 6000), 20); /* all of it, and k to keep */
}
END_TEST

/* Against all choices of m of the pool with repetitions, one by one. */
START_TEST(the_best_of_m_is_the_mean_over_all_choices) {
    const double score[] = {5, 3, 9, 1, 1, 2}, value[] = {0.1, 7, -2, 3, 11, 0.5};
    const uint32_t count[] = {1, 2, 0, 1, 1, 3}, drawn[] = {0, 1, 1, 3, 4, 5, 5, 5};
    uint32_t order[6];
    enum { ALL = 8 };
    ck_assert_int_eq(lyap_order_by(score, 6, order, NULL), LYAP_OK);
    ck_assert(order[0] == 3 && order[1] == 4 && order[2] == 5 && order[5] == 2); /* the first of equal ones first */
    double sum = 0, mean = 0;
    for (size_t a = 0; a < ALL; a++) {
        mean += value[drawn[a]] / ALL;
        for (size_t b = 0; b < ALL; b++)
            for (size_t c = 0; c < ALL; c++) {
                uint32_t best = drawn[a];
                const uint32_t others[] = {drawn[b], drawn[c]};
                for (int i = 0; i < 2; i++)
                    if (score[others[i]] < score[best] || (score[others[i]] <= score[best] && others[i] < best))
                        best = others[i];
                sum += value[best] / (ALL * ALL * ALL);
            }
    }
    ck_assert_double_eq_tol(lyap_best_of(order, count, 6, ALL, 3, value), sum, 1e-14);
    ck_assert_double_eq_tol(lyap_best_of(order, count, 6, ALL, 1, value), mean, 1e-14);
}
END_TEST

/* A pool whose losses are known: loss after t steps = quality / t up to `overfits`, and grows beyond; scores that know everything, the
 * opposite, or nothing. */
static void fill_pool(struct lyap_start_pool *pool, size_t starts, double overfits) {
    uint64_t state = 11;
    ck_assert_int_eq(lyap_start_pool_new(pool, starts, NULL), LYAP_OK);
    for (size_t i = 0; i < starts; i++) {
        double quality = 2 + test_random(&state), noise = test_random(&state);
        for (size_t m = 0; m < pool->marks; m++) {
            double t = pool->mark[m];
            pool->loss[m * starts + i] = t <= overfits ? quality / t : quality * t / (overfits * overfits);
            pool->accuracy[m * starts + i] = 1 / quality;
        }
        for (size_t look = 0; look < LYAP_START_CHOICE_LOOKS; look++)
            for (int rule = 0; rule < LYAP_RULES; rule++) {
                bool knows = rule == LYAP_RULE_HYBRID || rule == LYAP_RULE_LOSS_AFTER;
                pool->score[look][rule][i] = knows ? quality : rule == LYAP_RULE_GRADIENT ? -quality : noise;
            }
    }
}

START_TEST(a_perfect_score_gains_what_the_oracle_does_and_chance_nothing) {
    enum { STARTS = 2000 };
    struct lyap_start_pool pool;
    struct lyap_start_choice_result *r = calloc(1, sizeof *r);
    fill_pool(&pool, STARTS, 1e9);
    ck_assert_int_eq(lyap_start_choice_compare(r, &pool, 1, NULL), LYAP_OK);
    ck_assert_uint_eq(r->pool, STARTS);
    for (size_t b = 0; b < LYAP_START_CHOICE_BUDGETS; b++)
        for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
            for (size_t m = 0; m < LYAP_START_CHOICE_SIZES; m++) {
                const struct lyap_start_choice_cell *cell = r->cell[b][l][m];
                ck_assert_double_eq_tol(cell[LYAP_RULE_ORACLE].gain.value, 1, 1e-12);
                ck_assert_double_eq_tol(cell[LYAP_RULE_HYBRID].free.value, 1, 1e-12);
                ck_assert_double_eq(cell[LYAP_RULE_RANDOM].gain.value, 0);
                ck_assert_double_eq_tol(cell[LYAP_RULE_TANGENT].free.value, 0, 0.15);
                ck_assert(cell[LYAP_RULE_TANGENT].free.low < 0.02 && cell[LYAP_RULE_TANGENT].free.high > -0.02);
                ck_assert_double_lt(cell[LYAP_RULE_GRADIENT].free.high, -0.5);
                /* the mean of the lowest of M numbers uniform in [1, 3) is 1 + 2/(M + 1) */
                double size = (double)lyap_start_choice_size[m];
                ck_assert_double_eq_tol(cell[LYAP_RULE_ORACLE].loss * lyap_start_choice_budget[b], 1 + 2 / (size + 1),
                                        0.03);
                ck_assert_uint_eq(cell[LYAP_RULE_RANDOM].stop, lyap_start_choice_budget[b]);
                /* the same choice at a lower price is the better one */
                if (cell[LYAP_RULE_HYBRID].steps) {
                    ck_assert_double_lt(cell[LYAP_RULE_LOSS_AFTER].loss, cell[LYAP_RULE_HYBRID].loss);
                    ck_assert_double_lt(cell[LYAP_RULE_HYBRID].rival.high, 0);
                    ck_assert_double_eq_tol(cell[LYAP_RULE_HYBRID].rival.value,
                                            cell[LYAP_RULE_HYBRID].gain.value - cell[LYAP_RULE_LOSS_AFTER].gain.value,
                                            1e-9);
                } else {
                    ck_assert(isnan(cell[LYAP_RULE_HYBRID].loss) && isnan(cell[LYAP_RULE_HYBRID].gain.value));
                }
            }
    free(r);
    lyap_start_pool_free(&pool);
}
END_TEST

/* Where long training overfits, a rule must not gain from the steps that its scores took. */
START_TEST(training_less_is_no_gain) {
    struct lyap_start_pool pool;
    struct lyap_start_choice_result *r = calloc(1, sizeof *r);
    fill_pool(&pool, 400, 200);
    ck_assert_int_eq(lyap_start_choice_compare(r, &pool, 1, NULL), LYAP_OK);
    for (size_t b = 0; b < LYAP_START_CHOICE_BUDGETS; b++)
        for (size_t m = 0; m < LYAP_START_CHOICE_SIZES; m++) {
            const struct lyap_start_choice_cell *cell = r->cell[b][0][m];
            ck_assert_uint_le(cell[LYAP_RULE_RANDOM].stop, 2 * 200);
            ck_assert_double_lt(cell[LYAP_RULE_TANGENT].gain.value, 0.2);
            if (cell[LYAP_RULE_HYBRID].steps) ck_assert_double_le(cell[LYAP_RULE_HYBRID].gain.value, 1 + 1e-12);
        }
    free(r);
    lyap_start_pool_free(&pool);
}
END_TEST

START_TEST(every_price_is_a_mark_of_the_pool) {
    struct lyap_start_pool pool;
    ck_assert_int_eq(lyap_start_pool_new(&pool, 4, NULL), LYAP_OK);
    ck_assert_uint_eq(pool.mark[pool.marks - 1], lyap_start_choice_budget[LYAP_START_CHOICE_BUDGETS - 1]);
    for (size_t i = 1; i < pool.marks; i++) ck_assert_uint_gt(pool.mark[i], pool.mark[i - 1]);
    for (size_t b = 0; b < LYAP_START_CHOICE_BUDGETS; b++)
        for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
            for (size_t m = 0; m < LYAP_START_CHOICE_SIZES; m++)
                for (int rule = 0; rule < LYAP_RULES; rule++) {
                    uint32_t t = lyap_start_choice_steps((enum lyap_rule)rule, lyap_start_choice_look[l],
                                                         lyap_start_choice_size[m], lyap_start_choice_budget[b]);
                    if (t) ck_assert_uint_eq(pool.mark[lyap_start_pool_row(&pool, t)], t);
                }
    lyap_start_pool_free(&pool);
}
END_TEST

/* Training from mark to mark is one training, judged on the samples that are held out. */
START_TEST(scores_and_losses_are_those_of_whole_runs_of_the_same_starts) {
    enum { STARTS = 12 };
    struct lyap_report_options o = options_of();
    const struct lyap_start_choice_case *c = &lyap_start_choice_cases[1];
    struct lyap_start_pool pool;
    ck_assert_int_eq(lyap_start_pool_new(&pool, STARTS, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_start_pool_run(&pool, c, &o, NULL, NULL), LYAP_OK);
    ck_assert_uint_eq(pool.starts, STARTS);
    struct lyap_prepared prepared;
    struct lyap_dataset test;
    ck_assert_int_eq(lyap_prepare(&prepared, &c->subject, &o, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_split(&prepared.data, &test, c->split, o.seed, NULL), LYAP_OK);
    double *w = NULL, gradient[64];
    prepared.plan.starts = STARTS;
    ck_assert_int_eq(lyap_plan_starts(&w, &prepared.plan, NULL), LYAP_OK);
    prepared.plan.setting.epochs = 6;
    struct collected all = run_plan(&prepared.plan);
    const size_t parameters = lyap_network_parameters(&prepared.network);
    for (size_t i = 0; i < STARTS; i++) {
        double square = 0;
        ck_assert_double_eq(pool.score[0][LYAP_RULE_HYBRID][i], lyap_rounded(all.records[i].lambda_kw, 8));
        ck_assert_double_eq_tol(pool.score[0][LYAP_RULE_LOSS_AFTER][i], all.records[i].final_loss, 5e-8);
        ck_assert_double_eq(pool.score[0][LYAP_RULE_LOSS_INITIAL][i], lyap_rounded(all.records[i].initial_loss, 8));
        lyap_reference_gradient(&prepared.network, &prepared.data, w + i * parameters, gradient);
        for (size_t p = 0; p < parameters; p++) square += gradient[p] * gradient[p];
        ck_assert_double_eq_tol(pool.score[1][LYAP_RULE_GRADIENT][i], -square, 6e-8 * square); /* eight digits */
        ck_assert(pool.score[0][LYAP_RULE_SHARPNESS][i] > 0 && isfinite(pool.score[1][LYAP_RULE_TANGENT][i]));
    }
    collected_free(&all);
    /* The held-out loss after 225 steps, by the reference. */
    const size_t row = lyap_start_pool_row(&pool, 225);
    ck_assert_uint_eq(pool.mark[row], 225);
    for (size_t i = 0; i < 3; i++) {
        double *v = w + i * parameters;
        for (int t = 0; t < 225; t++) {
            lyap_reference_gradient(&prepared.network, &prepared.data, v, gradient);
            for (size_t p = 0; p < parameters; p++) v[p] -= c->subject.lr * gradient[p];
        }
        double loss = lyap_reference_loss(&prepared.network, &test, v);
        ck_assert_double_eq_tol(pool.loss[row * STARTS + i], loss, 1e-6 * loss);
    }
    free(w);
    lyap_dataset_free(&test);
    lyap_prepared_free(&prepared);
    lyap_start_pool_free(&pool);
}
END_TEST

START_TEST(choosing_is_judged_by_the_number_of_data_sets) {
    const struct lyap_estimate yes = {0.5, 0.4, 0.6}, no = {0, -0.1, 0.1}, open = {0.3, 0.1, 0.5},
                               none = {(double)NAN, (double)NAN, (double)NAN};
    const struct {
        const struct lyap_estimate *gain[3];
        enum lyap_verdict verdict;
    } rows[] = {{{&yes, &yes, &yes}, LYAP_HOLDS},           {{&yes, &yes, &no}, LYAP_HOLDS_IN_PART},
                {{&no, &no, &yes}, LYAP_DOES_NOT_HOLD},     {{&no, &no, &open}, LYAP_DOES_NOT_HOLD},
                {{&no, &open, &open}, LYAP_CANNOT_BE_TOLD}, {{&none, &none, &none}, LYAP_CANNOT_BE_TOLD}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lyap_start_choice_count count = {0};
        for (int k = 0; k < 3; k++) lyap_start_choice_add(&count, rows[i].gain[k]);
        ck_assert_int_eq(lyap_start_choice_verdict(&count), rows[i].verdict);
    }
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("report_choice");
    TCase *c = tcase_create("sample");
    tcase_add_test(c, a_mark_is_the_run_of_as_many_epochs);
    tcase_add_test(c, numbers_read_without_an_exponent_below_a_million_and_undefined_ones_are_a_dash);
    tcase_add_test(c, a_claim_holds_for_all_cases_in_part_for_some_and_not_for_none);
    tcase_add_test(c, a_network_dead_from_the_first_has_no_exponent_in_a_sample);
    tcase_add_test(c, the_band_holds_a_tenth_and_inside_and_outside_are_all);
    tcase_add_test(c, correlations_of_a_line_are_one_and_of_too_little_undefined);
    tcase_add_test(c, p_of_a_correlation_is_that_of_student);
    tcase_add_test(c, values_that_differ_in_last_places_are_all_alike);
    suite_add_tcase(s, c);
    c = tcase_create("selection");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, what_a_score_costs_is_taken_from_the_training);
    tcase_add_test(c, the_best_of_m_is_the_mean_over_all_choices);
    tcase_add_test(c, a_perfect_score_gains_what_the_oracle_does_and_chance_nothing);
    tcase_add_test(c, training_less_is_no_gain);
    tcase_add_test(c, every_price_is_a_mark_of_the_pool);
    tcase_add_test(c, scores_and_losses_are_those_of_whole_runs_of_the_same_starts);
    tcase_add_test(c, choosing_is_judged_by_the_number_of_data_sets);
    suite_add_tcase(s, c);
    return s;
}

int main(void) {
    return run_suite(suite());
}
