/* The report's section on exponent and final loss: residuals, rivals, verdicts, against facts known exactly. */
#include <math.h>

#include "bench/reference/reference.h"
#include "report/common/rounded.h"
#include "report/correlation/correlation.h"
#include "report/correlation/residual.h"
#include "report/correlation/verdict.h"
#include "report/correlation/write.h"
#include "tests/collect.h"
#include "tests/support.h"

static struct lyap_report_options options_of(void) {
    struct lyap_report_options o = {.seed = 1, .scale = 0.01};
    ck_assert_int_eq(lyap_isa_select(getenv("LYAPGRAD_ISA"), &o.isa, NULL), LYAP_OK);
    return o;
}

/* ---- numbers ---- */

START_TEST(rounded_numbers_are_what_a_file_holds) {
    char text[32];
    double third = lyap_rounded(1.0 / 3, 9), tiny = lyap_rounded(-1.23456789123e-300, 9);
    snprintf(text, sizeof text, "%.9g", third);
    ck_assert_str_eq(text, "0.333333333");
    ck_assert_double_eq(strtod(text, NULL), third);
    ck_assert_double_eq(tiny, -1.23456789e-300);
    ck_assert_double_eq(lyap_rounded(0, 9), 0);
    ck_assert(isnan(lyap_rounded((double)NAN, 9)) && isinf(lyap_rounded((double)INFINITY, 9)));
}
END_TEST

START_TEST(decimals_have_no_sign_where_they_are_zero) {
    char text[32];
    ck_assert_str_eq(lyap_decimals_text(-0.004, text), "0.00");
    ck_assert_str_eq(lyap_decimals_text(-0.006, text), "-0.01");
    ck_assert_str_eq(lyap_decimals_text(0.995001, text), "1.00");
    ck_assert_str_eq(lyap_decimals_text((double)NAN, text), "-");
    ck_assert_str_eq(lyap_c3_percent(0.9271, text), "92.7 %");
    ck_assert_str_eq(lyap_c3_percent((double)NAN, text), "-");
}
END_TEST

/* ---- residuals ---- */

enum { N = 400 };

START_TEST(residuals_give_the_partial_correlation_and_hold_nothing_of_what_is_held) {
    static double x[N], y[N], z[2][N], rx[N], ry[N], scratch[LYAP_HELD_MOST * N];
    const double *const held[LYAP_HELD_MOST] = {z[0], z[1]};
    uint64_t state = 3;
    for (size_t i = 0; i < N; i++) {
        z[0][i] = 100 + test_random(&state);
        z[1][i] = z[0][i] + 0.1 * test_random(&state);
        x[i] = 3 * z[0][i] - z[1][i] + test_random(&state);
        y[i] = z[1][i] * z[1][i] / 100 + 0.5 * x[i] + test_random(&state);
    }
    double partial, of_residuals;
    ck_assert(lyap_residual(x, held, 1, N, rx, scratch) && lyap_residual(y, held, 1, N, ry, scratch));
    ck_assert_int_eq(lyap_pearson(rx, ry, N, &of_residuals, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_partial(x, y, z[0], N, &partial, NULL), LYAP_OK);
    ck_assert_double_eq_tol(of_residuals, partial, 1e-12);

    /* With two held: the recursion of partial correlations, r_xy.12 from those at equal z1 (Yule 1907). */
    double xy = partial, xz, yz;
    ck_assert_int_eq(lyap_partial(x, z[1], z[0], N, &xz, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_partial(y, z[1], z[0], N, &yz, NULL), LYAP_OK);
    ck_assert(lyap_residual(x, held, 2, N, rx, scratch) && lyap_residual(y, held, 2, N, ry, scratch));
    ck_assert_int_eq(lyap_pearson(rx, ry, N, &of_residuals, NULL), LYAP_OK);
    ck_assert_double_eq_tol(of_residuals, (xy - xz * yz) / sqrt((1 - xz * xz) * (1 - yz * yz)), 1e-10);
    double sum = 0, along = 0;
    for (size_t i = 0; i < N; i++) {
        sum += rx[i];
        along += rx[i] * (z[1][i] - 100);
    }
    ck_assert_double_eq_tol(sum, 0, 1e-10);
    ck_assert_double_eq_tol(along, 0, 1e-10);
}
END_TEST

START_TEST(what_is_held_determines_has_no_residual) {
    static double x[N], z[N], out[N], scratch[LYAP_HELD_MOST * N];
    const double *const held[] = {z};
    for (size_t i = 0; i < N; i++) {
        z[i] = sin((double)i);
        x[i] = 2 - 7 * z[i];
    }
    ck_assert(!lyap_residual(x, held, 1, N, out, scratch));
    for (size_t i = 0; i < N; i++) x[i] += 1e-6 * cos(3.0 * (double)i);
    ck_assert(lyap_residual(x, held, 1, N, out, scratch));
    for (size_t i = 0; i < N; i++) x[i] = 5;
    ck_assert(!lyap_residual(x, held, 0, N, out, scratch));
}
END_TEST

/* ---- rivals ---- */

/* The loss falls by what the gradient says; the exponent is the gradient with noise, so that it knows nothing of its own. */
static void fill(struct lyap_rival_points *p) {
    uint64_t state = 5;
    ck_assert_int_eq(lyap_rival_points_new(p, 2000, NULL), LYAP_OK);
    for (size_t i = 0; i < p->n; i++) {
        p->initial[i] = 0.3 + 0.1 * test_random(&state);
        p->gradient[i] = test_random(&state) + p->initial[i];
        p->sharpness[i] = test_random(&state);
        p->drop[i] = 0.001 * p->gradient[i];
        for (size_t h = 0; h < LYAP_RIVAL_HORIZONS; h++) {
            p->change[h * p->n + i] = -0.004 * p->gradient[i] - 1e-5 * test_random(&state);
            p->hybrid[h * p->n + i] = -p->gradient[i] - test_random(&state);
            p->tangent[h * p->n + i] = test_random(&state);
        }
    }
}

START_TEST(an_exponent_that_follows_the_gradient_has_nothing_of_its_own) {
    struct lyap_rival_points points;
    struct lyap_rival_result r;
    fill(&points);
    points.hybrid[3] = (double)NAN; /* a start without an exponent */
    ck_assert_int_eq(lyap_rivals_compare(&r, &points, 0, 1, NULL), LYAP_OK);
    ck_assert_uint_eq(r.n, 1999);
    const struct lyap_estimate *equal = r.r[LYAP_HELD_INITIAL];
    ck_assert_double_gt(equal[LYAP_PREDICTOR_GRADIENT].value, 0.999);
    ck_assert_double_gt(equal[LYAP_PREDICTOR_DROP].value, 0.999);
    ck_assert(equal[LYAP_PREDICTOR_HYBRID].low > 0.6 &&
              equal[LYAP_PREDICTOR_HYBRID].high < 0.78); /* 1/sqrt(2) = 0.71 */
    ck_assert_double_eq(equal[LYAP_PREDICTOR_HYBRID_FIRST].value, equal[LYAP_PREDICTOR_HYBRID].value);
    ck_assert_double_eq_tol(equal[LYAP_PREDICTOR_SHARPNESS].value, 0, 4 / sqrt(2000));
    ck_assert_double_eq_tol(equal[LYAP_PREDICTOR_TANGENT].value, 0, 4 / sqrt(2000));
    ck_assert_double_eq_tol(r.r[LYAP_HELD_GRADIENT][LYAP_PREDICTOR_HYBRID].value, 0, 4 / sqrt(2000));
    ck_assert_double_gt(r.r[LYAP_HELD_HYBRID][LYAP_PREDICTOR_GRADIENT].value, 0.99);
    ck_assert(isnan(r.r[LYAP_HELD_GRADIENT][LYAP_PREDICTOR_GRADIENT].value));
    ck_assert(isnan(r.r[LYAP_HELD_GRADIENT][LYAP_PREDICTOR_DROP].value)); /* the same number by another name */
    ck_assert(isnan(r.r[LYAP_HELD_HYBRID][LYAP_PREDICTOR_HYBRID].value));
    /* With nothing held the final loss is the initial one over again. */
    ck_assert_double_lt(fabs(r.r[LYAP_HELD_NOTHING][LYAP_PREDICTOR_HYBRID].value), 0.3);
    /* The middle half of numbers uniform in [-1, 1) is 1 wide, times 0.004, over the median loss of about 0.3. */
    ck_assert_double_eq_tol(r.at_stake, 0.004 / 0.2988, 8e-4);
    free(points.room);
}
END_TEST

START_TEST(an_exponent_that_knows_more_keeps_it_at_equal_gradient) {
    struct lyap_rival_points points;
    struct lyap_rival_result r;
    fill(&points);
    for (size_t i = 0; i < points.n; i++) points.change[i] = -0.004 * points.gradient[i] + 0.004 * points.hybrid[i];
    ck_assert_int_eq(lyap_rivals_compare(&r, &points, 0, 1, NULL), LYAP_OK);
    ck_assert_double_gt(r.r[LYAP_HELD_GRADIENT][LYAP_PREDICTOR_HYBRID].low, 0.99);
    free(points.room);
}
END_TEST

/* A start's gradient, drop, change and exponents belong to the same start, on either side of the band. */
START_TEST(what_is_measured_of_a_start_is_its_own) {
    struct lyap_report_options o = options_of();
    struct lyap_rival_setting setting = {
        .activation = LYAP_TANH, .lr = 0.001, .low = 0.25, .high = 0.3, .outside = _i, .starts = 24};
    struct lyap_rivals rivals;
    ck_assert_int_eq(lyap_rivals_run(&rivals, &setting, &o, NULL, 0, NULL), LYAP_OK);
    const struct lyap_rival_points *p = &rivals.points;
    ck_assert(_i ? p->n > 0 && p->n < 24 : p->n == 24);

    struct lyap_subject subject = lyap_subject_paper(LYAP_TANH);
    struct lyap_prepared prepared;
    ck_assert_int_eq(lyap_prepare(&prepared, &subject, &o, NULL), LYAP_OK);
    prepared.plan.seed = o.seed + 1;
    prepared.plan.starts = 24;
    if (!_i) prepared.plan.window_low = 0.25, prepared.plan.window_high = 0.3;
    prepared.plan.setting.epochs = lyap_rival_horizon[2];
    struct collected all = run_plan(&prepared.plan);
    double *w = NULL;
    ck_assert_int_eq(lyap_plan_starts(&w, &prepared.plan, NULL), LYAP_OK);
    size_t at = 0;
    for (size_t i = 0; i < 24; i++) {
        const struct lyap_record *r = &all.records[i];
        bool in_band = r->initial_loss >= 0.25 && r->initial_loss <= 0.3;
        if (_i && in_band) continue;
        double gradient[9], square = 0;
        lyap_reference_gradient(&prepared.network, &prepared.data, w + 9 * i, gradient);
        for (int k = 0; k < 9; k++) square += gradient[k] * gradient[k];
        ck_assert_double_eq(p->initial[at], lyap_rounded(r->initial_loss, 9));
        ck_assert_double_eq_tol(p->gradient[at], square, 6e-9 * square);
        ck_assert_double_eq_tol(p->drop[at], 0.001 * square, 0.01 * 0.001 * square); /* to first order */
        ck_assert_double_eq(p->change[2 * p->n + at], lyap_rounded(r->final_loss - r->initial_loss, 9));
        ck_assert_double_eq(p->hybrid[2 * p->n + at], lyap_rounded(r->lambda_kw, 7));
        ck_assert(p->sharpness[at] > 0 && isfinite(p->tangent[at]));
        at++;
    }
    ck_assert_uint_eq(at, p->n);
    free(w);
    collected_free(&all);
    lyap_prepared_free(&prepared);
    lyap_rivals_free(&rivals);
}
END_TEST

/* ---- the published sample ---- */

START_TEST(runs_of_the_published_size_are_counted_by_sign) {
    struct lyap_report_options o = options_of();
    struct lyap_loss_correlation_sizes sizes = {.size = {100, 300}, .all = work(1200, 600), .rivals = 16};
    struct lyap_loss_correlation *choice = calloc(1, sizeof *choice);
    ck_assert_int_eq(lyap_loss_correlation_run(choice, &sizes, &o, NULL, NULL), LYAP_OK);
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (int precision = 0; precision < 2; precision++) {
            const struct lyap_loss_correlation_sample *s = &choice->panel[p].sample[precision];
            size_t below = 0;
            ck_assert_uint_eq(s->runs, sizes.all / sizes.size[0]);
            for (size_t run = 0; run < s->runs; run++) {
                ck_assert(fabs(s->r[run]) <= 1);
                below += s->r[run] < 0;
            }
            ck_assert_uint_eq(s->below, below);
            ck_assert_uint_le(s->positive + s->negative, s->runs);
            ck_assert_double_eq(s->r[0], s->inside[0].pearson.value); /* the first run is the smallest sample */
            ck_assert_uint_eq(s->points, s->inside[1].n);
            for (size_t i = 0; i < s->points; i++) ck_assert(s->z[i] >= s->low[1] && s->z[i] <= s->high[1]);
        }
    lyap_loss_correlation_free(choice);
    free(choice);
}
END_TEST

/* ---- verdicts ---- */

#define R(low, high)                                                                                                   \
    { ((low) + (high)) / 2, (low), (high) }
static const struct {
    struct lyap_c3_network network[2];
    enum lyap_verdict verdict;
} rules[] = {
    {{{R(0.4, 0.5), R(0.4, 0.5), R(0, 0.1)}, {R(0.4, 0.5), R(0.4, 0.5), R(0, 0.1)}}, LYAP_HOLDS},
    /* one network of two counts in the band */
    {{{R(0.4, 0.5), R(0.4, 0.5), R(0, 0.1)}, {R(0, 0.1), R(0, 0.1), R(0, 0.1)}}, LYAP_HOLDS_IN_PART},
    /* at equal initial loss, whatever explains it */
    {{{R(0, 0.1), R(0.4, 0.5), R(0.35, 0.4)}, {R(0, 0.1), R(0, 0.1), R(0, 0.1)}}, LYAP_HOLDS_IN_PART},
    {{{R(0, 0.1), R(0.4, 0.5), R(-0.5, -0.4)}, {R(0, 0.1), R(0, 0.1), R(0, 0.1)}}, LYAP_HOLDS_IN_PART},
    {{{R(-0.9, -0.8), R(-0.9, -0.8), R(0, 0.1)}, {R(0, 0.1), R(0, 0.1), R(0, 0.1)}}, LYAP_DOES_NOT_HOLD},
    /* an interval that reaches over the limit */
    {{{R(0.2, 0.4), R(0, 0.1), R(0, 0.1)}, {R(0, 0.1), R(0, 0.1), R(0, 0.1)}}, LYAP_CANNOT_BE_TOLD},
    {{{R(0, 0.1), R(0.2, 0.5), R(0.2, 0.4)}, {R(0, 0.1), R(0, 0.1), R(0, 0.1)}}, LYAP_CANNOT_BE_TOLD},
    {{{R(0, 0.1), R(NAN, NAN), R(NAN, NAN)}, {R(0, 0.1), R(0, 0.1), R(0, 0.1)}}, LYAP_CANNOT_BE_TOLD},
};

START_TEST(the_claim_is_judged_by_the_size_that_counts) {
    ck_assert_int_eq(lyap_c3_verdict(rules[_i].network, 2), rules[_i].verdict);
    ck_assert_int_eq(lyap_c3_verdict(rules[_i].network, 0), LYAP_CANNOT_BE_TOLD);
}
END_TEST

START_TEST(a_sign_changes_between_intervals_beyond_a_tenth) {
    const struct lyap_estimate changed[] = {R(0.2, 0.3), R(-0.05, 0.05), R(-0.3, -0.2)},
                               small[] = {R(0.01, 0.09), R(-0.3, -0.2)}, undefined[] = {R(NAN, NAN), R(-0.3, -0.2)};
    ck_assert(lyap_c3_changes_sign(changed, 3));
    ck_assert(!lyap_c3_changes_sign(changed, 2));
    ck_assert(!lyap_c3_changes_sign(small, 2));
    ck_assert(!lyap_c3_changes_sign(undefined, 2));
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("report_correlation");
    TCase *c = tcase_create("numbers");
    tcase_add_test(c, rounded_numbers_are_what_a_file_holds);
    tcase_add_test(c, decimals_have_no_sign_where_they_are_zero);
    tcase_add_test(c, residuals_give_the_partial_correlation_and_hold_nothing_of_what_is_held);
    tcase_add_test(c, what_is_held_determines_has_no_residual);
    suite_add_tcase(s, c);
    c = tcase_create("rivals");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, an_exponent_that_follows_the_gradient_has_nothing_of_its_own);
    tcase_add_test(c, an_exponent_that_knows_more_keeps_it_at_equal_gradient);
    tcase_add_loop_test(c, what_is_measured_of_a_start_is_its_own, 0, 2);
    tcase_add_test(c, runs_of_the_published_size_are_counted_by_sign);
    suite_add_tcase(s, c);
    c = tcase_create("verdicts");
    tcase_add_loop_test(c, the_claim_is_judged_by_the_size_that_counts, 0, sizeof rules / sizeof *rules);
    tcase_add_test(c, a_sign_changes_between_intervals_beyond_a_tenth);
    suite_add_tcase(s, c);
    return s;
}

int main(void) {
    return run_suite(suite());
}
