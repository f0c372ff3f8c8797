/* The report's sections on precision, further networks, estimators and neighbouring results, against facts known exactly. */
#include <math.h>

#include "report/report.h"
#include "report/estimators/estimators.h"
#include "report/further/further.h"
#include "report/neighbouring/neighbouring.h"
#include "report/precision/precision.h"
#include "tests/collect.h"
#include "tests/support.h"

static struct lyap_report_options options_of(void) {
    struct lyap_report_options o = {.seed = 1, .scale = 0.01};
    ck_assert_int_eq(lyap_isa_select(getenv("LYAPGRAD_ISA"), &o.isa, NULL), LYAP_OK);
    return o;
}

/* ---- crossings ---- */

START_TEST(an_onset_is_the_last_passage_on_the_line_over_the_logarithm) {
    const double lr[] = {0.01, 0.1, 1, 10}, up[] = {-1, -1, 1, 2}, never[] = {-1, -2, -3, 0}, always[] = {1, 1, 1, 1},
                 twice[] = {-1, 1, -1, 3}, none[] = {(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    ck_assert_double_eq_tol(lyap_onset(lr, twice, 4, 0), pow(10, 0.25), 1e-12);
    ck_assert_double_eq_tol(lyap_onset(lr, up, 4, 0.5), 0.1 * pow(10, 0.75), 1e-12);
    ck_assert_double_eq(lyap_onset(lr, always, 4, 0), 0.01);
    ck_assert(isnan(lyap_onset(lr, never, 4, 0)));
    ck_assert(isnan(lyap_onset(lr, none, 4, 0)));
}
END_TEST

/* ---- estimators ---- */

START_TEST(costs_count_the_networks_of_a_step) {
    ck_assert_double_eq(lyap_contender_cost(LYAP_CONTENDER_HYBRID, 100), 2500);
    ck_assert_double_eq(lyap_contender_cost(LYAP_CONTENDER_HYBRID_SMALL, 1), 25);
    ck_assert_double_eq(lyap_contender_cost(LYAP_CONTENDER_RESCALED, 100), 200);
    ck_assert_double_eq(lyap_contender_cost(LYAP_CONTENDER_TANGENT, 100), 200);
    ck_assert_double_eq(lyap_contender_cost(LYAP_CONTENDER_KANTZ, 100), 100);
    ck_assert_double_eq(lyap_contender_cost(LYAP_CONTENDER_ROSENSTEIN, 100), 100);
}
END_TEST

START_TEST(scores_of_known_errors_are_what_the_hand_computes) {
    struct lyap_estimator_result r;
    ck_assert_int_eq(lyap_estimator_result_new(&r, 4, NULL), LYAP_OK);
    for (int i = 0; i < 4; i++) {
        r.reference[i] = i % 2 ? -2 : 2;
        r.estimate[LYAP_CONTENDER_TANGENT][0][i] = r.reference[i] + (i < 2 ? 0.1 : 0.3);
        r.estimate[LYAP_CONTENDER_HYBRID][0][i] = r.reference[i];
        if (i == 0) r.estimate[LYAP_CONTENDER_KANTZ][0][i] = 1;
    }
    ck_assert_int_eq(lyap_estimators_score(&r, 1, NULL), LYAP_OK);
    const struct lyap_estimator_score *s = &r.score[LYAP_CONTENDER_TANGENT][0];
    ck_assert_double_eq(r.size, 2);
    ck_assert_uint_eq(s->n, 4);
    ck_assert_double_eq_tol(s->bias, 0.2, 1e-15);
    ck_assert_double_eq_tol(s->spread, sqrt(0.04 / 3), 1e-15);
    ck_assert_double_eq_tol(s->relative.value, 0.1, 1e-15); /* of 0.05, 0.05, 0.15, 0.15 */
    ck_assert_double_eq_tol(s->relative.high, 0.15, 1e-15);
    ck_assert_uint_eq(lyap_estimator_first_digit(&r, LYAP_CONTENDER_TANGENT), LYAP_ESTIMATOR_LENGTHS); /* not surely */
    ck_assert_uint_eq(lyap_estimator_first_digit(&r, LYAP_CONTENDER_HYBRID), 0);
    ck_assert_double_eq(lyap_estimator_digit_cost(&r, LYAP_CONTENDER_HYBRID), 250);
    ck_assert(isinf(lyap_estimator_digit_cost(&r, LYAP_CONTENDER_TANGENT)));
    ck_assert_double_eq_tol(lyap_estimator_digits(&r, LYAP_CONTENDER_TANGENT, 0), 1, 1e-13);
    ck_assert_double_eq(lyap_estimator_digits(&r, LYAP_CONTENDER_HYBRID, 0), 15);
    ck_assert(isnan(lyap_estimator_digits(&r, LYAP_CONTENDER_KANTZ, 0))); /* one of four is no error */
    ck_assert(isnan(lyap_estimator_digits(&r, LYAP_CONTENDER_TANGENT, 1)));
    lyap_estimator_result_free(&r);
}
END_TEST

START_TEST(a_relative_error_is_the_median_of_ratios_and_not_a_ratio_of_a_median) {
    /* Errors 0.1, 0.2, 0.3 of exponents 0.1, 1, 30: ratios 1, 0.2, 0.01. The median error over the mean size is 0.0193. */
    static const double reference[3] = {0.1, -1, 30}, error[3] = {0.1, 0.2, 0.3};
    struct lyap_estimator_result r;
    ck_assert_int_eq(lyap_estimator_result_new(&r, 3, NULL), LYAP_OK);
    for (int i = 0; i < 3; i++) {
        r.reference[i] = reference[i];
        r.estimate[LYAP_CONTENDER_RESCALED][1][i] = reference[i] + error[i];
    }
    ck_assert_int_eq(lyap_estimators_score(&r, 1, NULL), LYAP_OK);
    ck_assert_double_eq_tol(r.score[LYAP_CONTENDER_RESCALED][1].relative.value, 0.2, 1e-14);
    ck_assert_double_eq(r.size, 1);
    lyap_estimator_result_free(&r);
}
END_TEST

START_TEST(all_estimators_tend_to_the_exact_exponent_of_linear_regression) {
    enum { STARTS = 4 };
    struct lyap_report_options o = options_of();
    const struct lyap_subject subject = {
        "regression", "3-1",   LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, "linear-teacher:24,3,1,0.1", LYAP_INIT_NORMAL, 0, 1,
        false,        LYAP_GD, 0,           0.1};
    struct lyap_prepared prepared;
    struct lyap_estimator_result r;
    double w[STARTS * 4];
    for (int i = 0; i < STARTS * 4; i++) w[i] = 0.1 * i - 0.7;
    ck_assert_int_eq(lyap_prepare(&prepared, &subject, &o, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_estimator_result_new(&r, STARTS, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_estimators_network(&r, &prepared, w, true, NULL, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_estimators_score(&r, 1, NULL), LYAP_OK);
    for (int i = 0; i < STARTS; i++) {
        double exact = r.reference[i];
        ck_assert_double_lt(exact, 0);
        ck_assert_double_eq(exact, r.reference[0]); /* the Hessian is constant */
        ck_assert_double_eq_tol(r.estimate[LYAP_CONTENDER_TANGENT][6][i], exact,
                                5e-4); /* a few nats of turning, over the steps */
        ck_assert_double_eq_tol(r.estimate[LYAP_CONTENDER_RESCALED][6][i], exact,
                                5e-4); /* a few nats of turning, over the steps */
        ck_assert_double_eq_tol(r.estimate[LYAP_CONTENDER_HYBRID][2][i], exact, 0.1 * fabs(exact));
        /* a linear map has no size: both perturbations give one number, until rounding does */
        ck_assert_double_eq_tol(r.estimate[LYAP_CONTENDER_HYBRID][1][i], r.estimate[LYAP_CONTENDER_HYBRID_SMALL][1][i],
                                1e-4 * fabs(exact));
    }
    for (size_t l = 3; l < LYAP_ESTIMATOR_LENGTHS; l++) /* the longer the nearer */
        ck_assert_double_ge(lyap_estimator_digits(&r, LYAP_CONTENDER_TANGENT, l),
                            lyap_estimator_digits(&r, LYAP_CONTENDER_TANGENT, l - 1));
    lyap_estimator_result_free(&r);
    lyap_prepared_free(&prepared);
}
END_TEST

START_TEST(the_map_has_its_exponent_and_unpulled_neighbours_saturate) {
    struct lyap_report_options o = options_of();
    struct lyap_estimator_result r;
    ck_assert_int_eq(lyap_estimator_result_new(&r, 6, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_estimators_map(&r, 20000, &o, NULL), LYAP_OK);
    for (int i = 0; i < 6; i++) {
        ck_assert_double_eq_tol(r.reference[i], 0.41922, 0.015);
        ck_assert_double_eq_tol(r.estimate[LYAP_CONTENDER_TANGENT][6][i], 0.41922, 0.02);
        ck_assert_double_eq_tol(r.estimate[LYAP_CONTENDER_RESCALED][6][i], 0.41922, 0.02);
        /* from 1e-4 to the size of the attractor are about 9 nats, over 9,999 steps */
        ck_assert_double_lt(r.estimate[LYAP_CONTENDER_HYBRID][6][i], 1.2e-3);
        ck_assert_double_gt(r.estimate[LYAP_CONTENDER_HYBRID][0][i], 0.1);
        ck_assert_double_eq_tol(r.estimate[LYAP_CONTENDER_ROSENSTEIN][6][i], 0.41922, 0.06);
    }
    lyap_estimator_result_free(&r);
}
END_TEST

/* ---- precision ---- */

START_TEST(published_numbers_are_all_there) {
    struct lyap_report_published p;
    size_t n = lyap_report_published_count(), zero = 0, linear = 0;
    ck_assert_uint_eq(n, 39);
    ck_assert_uint_le(n, LYAP_PRECISION_PUBLISHED);
    for (size_t i = 0; i < n; i++) {
        ck_assert(lyap_report_published_at(i, &p));
        zero += p.value == 0;
        linear += p.activation == LYAP_LINEAR;
    }
    ck_assert(!lyap_report_published_at(n, &p));
    ck_assert_uint_eq(linear, 13);
    ck_assert_uint_eq(zero, 6); /* of the ReLU sweep */
    ck_assert(lyap_report_published_at(1, &p));
    ck_assert_int_eq(p.activation, LYAP_SIGMOID);
    ck_assert(p.by_step);
    ck_assert_double_eq(p.value, 1.72e-6);
    ck_assert_double_eq(p.lr, 0.001);
}
END_TEST

START_TEST(rounding_goes_with_one_over_the_perturbation) {
    struct lyap_report_options o = options_of();
    struct lyap_precision_state *s = calloc(1, sizeof *s);
    ck_assert_int_eq(lyap_precision_run(s, 24, &o, NULL, NULL), LYAP_OK);
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        for (size_t r = 0; r < LYAP_PRECISION_RATES; r++) {
            for (size_t i = 0; i < LYAP_PRECISION_SIZES; i++) {
                const struct lyap_precision_cell *c = &s->cell[p][r][i];
                /* nine weights from [0,1) in the window; distances of nine normals, sigma sqrt(2) Gamma(5)/Gamma(4.5) = 2.918 */
                ck_assert_double_gt(c->weights, 1);
                ck_assert_double_lt(c->weights, 2.2);
                ck_assert_double_eq_tol(c->distance / lyap_precision_size[i], 2.918, 0.1);
                ck_assert_double_eq_tol(c->rounding, 0x1p-24 * c->weights / c->distance, 1e-20);
                ck_assert_double_gt(c->noise, 0);
                ck_assert_double_lt(c->noise, c->rounding); /* a mean over epochs and neighbours has less */
                if (i > 1) ck_assert_double_gt(c->noise, s->cell[p][r][i - 2].noise); /* a hundredth of the size */
            }
            ck_assert_double_gt(s->cell[p][r][0].between.value, 0.999);
            ck_assert_double_gt(s->slope[p][r], -1.2);
            ck_assert_double_lt(s->slope[p][r], -0.4);
        }
    ck_assert_uint_eq(s->numbers, lyap_report_published_count());
    for (size_t i = 0; i < s->numbers; i++) {
        const struct lyap_precision_number *n = &s->number[i];
        if (isfinite(n->noise95)) ck_assert(!n->rounding || fabs(n->published.value) <= 2 * n->noise95);
        if (n->published.value == 0) ck_assert(!n->rounding);
    }
    lyap_precision_ranks_free(s);
    free(s);
}
END_TEST

START_TEST(starts_are_ranked_within_the_band_and_short_sigmoid_runs_are_rounding) {
    enum { STARTS = 200 };
    struct lyap_report_options o = options_of();
    struct lyap_precision_state *s = calloc(1, sizeof *s);
    s->starts = STARTS;
    ck_assert_int_eq(lyap_precision_rank(s, &o, NULL, NULL), LYAP_OK);
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++) {
        const struct lyap_precision_ranks *r = &s->ranks[p];
        ck_assert(r->low > 0.2 && r->low < r->high && r->high < 0.4);
        for (size_t i = 0; i < STARTS; i++) /* a float32 loss may round over an end */
            ck_assert(r->initial[i] > r->low * (1 - 1e-6) && r->initial[i] < r->high * (1 + 1e-6));
        ck_assert_uint_eq(r->agree[0].n, STARTS);
        if (lyap_precision_activation[p] == LYAP_SIGMOID) {
            ck_assert_double_lt(r->agree[0].spearman.high, 0.7);
            ck_assert_double_gt(r->agree[1].spearman.low, 0.9);
        } else {
            ck_assert_double_gt(r->agree[0].spearman.low, 0.9);
        }
    }
    lyap_precision_ranks_free(s);
    free(s);
}
END_TEST

/* ---- further networks and neighbouring results ---- */

START_TEST(every_further_case_is_a_network_and_runs) {
    struct lyap_report_options o = options_of();
    const struct lyap_further_sizes sizes = {.chaos = 4, .scatter = 16, .steps = work(60, 40)};
    struct lyap_further_result r;
    /* Brief: one network each on XOR and on spirals, and one with Adam. */
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c += work(1, 4)) {
        const struct lyap_further_case *it = &lyap_further_cases[c];
        ck_assert_int_eq(lyap_further_run_case(&r, it, &sizes, &o, NULL, NULL), LYAP_OK);
        ck_assert_double_eq_tol(r.lr[0], it->low, 1e-12 * it->low);
        ck_assert_double_eq_tol(r.lr[LYAP_FURTHER_RATES - 1], it->high, 1e-12 * it->high);
        ck_assert_double_lt(r.low, r.high);
        for (size_t i = 0; i < LYAP_FURTHER_RATES * sizes.chaos; i++)
            ck_assert_uint_lt(r.run[i].regime, LYAP_REGIME_COUNT);
        for (size_t i = 0; i < sizes.scatter; i++) ck_assert(r.initial[i] >= r.low && r.initial[i] <= r.high);
        for (size_t h = 0; h < LYAP_FURTHER_HORIZONS; h++) ck_assert_uint_le(r.correlation[h].n, sizes.scatter);
        lyap_further_free(&r);
    }
}
END_TEST

START_TEST(the_share_at_the_maximum_is_that_of_starts_that_did_not_choose_it) {
    enum { STARTS = 20, HALF = STARTS / 2 };
    struct lyap_further_run run[LYAP_FURTHER_RATES][STARTS] = {0};
    struct lyap_further_result r = {.run = run[0]};
    for (size_t v = 0; v < LYAP_FURTHER_RATES; v++) r.lr[v] = (double)(v + 1);
    lyap_further_choose(&r, STARTS); /* no chaos: the lowest rate */
    ck_assert_double_eq(r.chosen_lr, 1);
    ck_assert_double_eq(r.chaotic.value, 0);
    for (int i = 0; i < 5; i++) run[3][i].regime = LYAP_CHAOTIC;           /* chosen by the first half */
    for (int i = 0; i < 2; i++) run[3][HALF + i].regime = LYAP_CHAOTIC;    /* two of ten there */
    for (int i = 0; i < HALF; i++) run[5][HALF + i].regime = LYAP_CHAOTIC; /* the second half does not choose */
    lyap_further_choose(&r, STARTS);
    const struct lyap_estimate two_of_ten = lyap_share(2, 10);
    ck_assert_double_eq(r.chosen_lr, 4);
    ck_assert_double_eq(r.chaotic.value, 0.2);
    ck_assert_double_eq(r.chaotic.low, two_of_ten.low);
    ck_assert_double_eq(r.chaotic.high, two_of_ten.high);
}
END_TEST

START_TEST(each_horizon_has_its_exponent) {
    static const size_t place[LYAP_FURTHER_HORIZONS] = {0, 1, 2, 1};
    for (size_t h = 0; h < LYAP_FURTHER_HORIZONS; h++) ck_assert_uint_eq(lyap_further_exponent(h), place[h]);
}
END_TEST

START_TEST(momentum_is_the_one_asked_for) {
    struct lyap_report_options o = options_of();
    struct lyap_prepared prepared;
    ck_assert_int_eq(lyap_prepare(&prepared, &lyap_further_cases[9].subject, &o, NULL), LYAP_OK);
    ck_assert_int_eq(prepared.plan.optimiser.kind, LYAP_MOMENTUM);
    ck_assert_double_eq(prepared.plan.optimiser.momentum, 0.5);
    lyap_prepared_free(&prepared);
    ck_assert_int_eq(lyap_prepare(&prepared, &lyap_further_cases[8].subject, &o, NULL), LYAP_OK);
    ck_assert_int_eq(prepared.plan.optimiser.kind, LYAP_ADAM);
    ck_assert_double_eq(prepared.plan.optimiser.momentum, 0.9);
    lyap_prepared_free(&prepared);
}
END_TEST

START_TEST(training_times_are_the_first_losses_at_the_target) {
    enum { STARTS = 4, EPOCHS = 300 };
    struct lyap_report_options o = options_of();
    struct lyap_neighbouring_result r;
    ck_assert_int_eq(lyap_neighbouring_run(&r, &lyap_neighbouring_subject[0], STARTS, EPOCHS, &o, NULL, NULL), LYAP_OK);
    ck_assert_double_eq_tol(r.target, 0.1 * log(3), 1e-15);
    bool on_grid = isnan(r.fastest.value);
    size_t best = 0;
    for (size_t i = 0; i < LYAP_NEIGHBOURING_RATES; i++) {
        on_grid = on_grid || r.fastest.value == r.lr[i];
        if (isfinite(r.time[i])) ck_assert(r.time[i] >= 0 && r.time[i] < EPOCHS && r.reached[i] >= 0.5);
        if (r.fastest.value == r.lr[i]) best = i;
    }
    ck_assert(on_grid);
    ck_assert(isfinite(r.fastest.value));
    for (size_t i = 0; i < LYAP_NEIGHBOURING_RATES; i++)
        if (isfinite(r.time[i])) ck_assert_double_ge(r.time[i], r.time[best]);
    ck_assert_double_eq_tol(r.lr[0], 0.01, 1e-14);
    ck_assert_double_eq_tol(r.lr[LYAP_NEIGHBOURING_RATES - 1], 30, 1e-11);
    lyap_neighbouring_free(&r);
}
END_TEST

/* ---- whole sections ---- */

/* The fields of a CSV line, in place; quoted ones may hold commas and doubled quotes. */
static size_t split(char *line, char *field[], size_t most) {
    size_t n = 0;
    char *p = line;
    while (n < most) {
        bool quoted = *p == '"';
        char *to = field[n++] = quoted ? ++p : p;
        while (*p && (quoted || (*p != ',' && *p != '\n'))) {
            if (quoted && *p == '"') {
                if (p[1] != '"') break;
                p++;
            }
            *to++ = *p++;
        }
        if (quoted && *p == '"') p++;
        bool more = *p == ',';
        if (*p) p++;
        *to = '\0';
        if (!more) break;
    }
    return n;
}

static void check_verdicts(const char *path, size_t expected) {
    static const char *const word[] = {"holds", "holds in part", "does not hold", "cannot be told"};
    char line[4096], *field[8];
    FILE *file = fopen(path, "r");
    size_t rows = 0;
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    ck_assert_int_eq(strncmp(line, "id,claim,verdict,effect,reason", 30), 0);
    while (fgets(line, sizeof line, file)) {
        bool known = false;
        ck_assert_uint_eq(split(line, field, 8), 5);
        for (int i = 0; i < 4; i++) known = known || strcmp(field[2], word[i]) == 0;
        ck_assert_msg(known, "%s: %s", field[0], field[2]);
        ck_assert_msg(strlen(field[1]) > 20 && strlen(field[4]) > 20, "%s: %s", field[0], field[4]);
        for (int i = 3; i < 5; i++) ck_assert_msg(!find_undefined(field[i]), "%s: %s", field[0], field[i]);
        rows++;
    }
    fclose(file);
    ck_assert_uint_eq(rows, expected);
}

static const struct {
    const char *id;
    size_t verdicts;
} sections[] = {{"N", 3}, {"J", 1}, {"C3", 3}}; /* the others, which take longest: tests/results/check_tables.c */

START_TEST(a_tiny_section_runs_and_every_verdict_has_a_reason) {
    struct lyap_report_options o = options_of();
    struct lyap_error error = {0};
    char directory[512], path[640];
    snprintf(directory, sizeof directory, "%s", scratch(sections[_i].id));
    o.scale = brief_tests() ? 0.0009 : 0.001;
    ck_assert_msg(lyap_report_run(&o, directory, sections[_i].id, &error) == LYAP_OK, "%s", error.message);
    snprintf(path, sizeof path, "%s/verdicts.csv", directory);
    check_verdicts(path, sections[_i].verdicts);
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("report_further");
    TCase *c = tcase_create("estimators");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, an_onset_is_the_last_passage_on_the_line_over_the_logarithm);
    tcase_add_test(c, costs_count_the_networks_of_a_step);
    tcase_add_test(c, scores_of_known_errors_are_what_the_hand_computes);
    tcase_add_test(c, a_relative_error_is_the_median_of_ratios_and_not_a_ratio_of_a_median);
    tcase_add_test(c, all_estimators_tend_to_the_exact_exponent_of_linear_regression);
    tcase_add_test(c, the_map_has_its_exponent_and_unpulled_neighbours_saturate);
    suite_add_tcase(s, c);
    c = tcase_create("precision");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, published_numbers_are_all_there);
    tcase_add_test(c, rounding_goes_with_one_over_the_perturbation);
    tcase_add_test(c, starts_are_ranked_within_the_band_and_short_sigmoid_runs_are_rounding);
    suite_add_tcase(s, c);
    c = tcase_create("further");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, every_further_case_is_a_network_and_runs);
    tcase_add_test(c, the_share_at_the_maximum_is_that_of_starts_that_did_not_choose_it);
    tcase_add_test(c, each_horizon_has_its_exponent);
    tcase_add_test(c, momentum_is_the_one_asked_for);
    tcase_add_test(c, training_times_are_the_first_losses_at_the_target);
    suite_add_tcase(s, c);
    c = tcase_create("sections");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, a_tiny_section_runs_and_every_verdict_has_a_reason, 0, sizeof sections / sizeof *sections);
    suite_add_tcase(s, c);
    return s;
}

int main(void) {
    return run_suite(suite());
}
