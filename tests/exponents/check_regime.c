/* Regimes: every rule on made-up evidence; then networks that settle, of which none may be chaotic at any length of run, and
 * chaotic ones, whose share is that of a brute-force simulation. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/reference.h"
#include "tests/check.h"
#include "tests/collect_spectrum.h"
#include "tests/support.h"
#include "tests/work.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/interval.h"

/* ---- the rules, one by one ---- */

enum { BATCHES = 48, WINDOWS = 192, TAIL = 130, DOUBLED = 12 };
static double batch[BATCHES], extent[WINDOWS], tail[TAIL], reach[DOUBLED];
static uint32_t rises[WINDOWS];
static struct lyap_regime_evidence evidence;

/* A chaotic orbit: 1 +- 0.3 nats a batch, weights near 5, a loss that goes up and down, a tail of differences near 1. */
static void use_chaos(void) {
    uint64_t state = 3;
    for (int i = 0; i < BATCHES; i++) batch[i] = 1 + 0.3 * test_random(&state);
    for (int i = 0; i < WINDOWS; i++) extent[i] = 5 + 0.1 * test_random(&state);
    for (int i = 0; i < WINDOWS; i++) rises[i] = 40;
    for (int i = 0; i < TAIL; i++) tail[i] = 1 + 0.5 * test_random(&state);
    for (int i = 0; i < DOUBLED; i++) reach[i] = 5;
    evidence = (struct lyap_regime_evidence){.alive = true,
                                             .steps = 19200,
                                             .resolved = 1,
                                             .growth = 10,
                                             .peak = 48,
                                             .batch = batch,
                                             .batches = BATCHES,
                                             .extent = extent,
                                             .rises = rises,
                                             .windows = WINDOWS,
                                             .reach = reach,
                                             .doublings = DOUBLED,
                                             .tail = tail,
                                             .tail_steps = TAIL,
                                             .size = 5,
                                             .still = 1e-10,
                                             .tolerance = 1e-5};
}

static void expect(enum lyap_regime regime) {
    enum lyap_regime found = lyap_regime_of(&evidence);
    ck_assert_msg(found == regime, "%s, expected %s", lyap_regime_name(found), lyap_regime_name(regime));
}

static void set(double *values, int from, int to, double value) {
    for (int i = from; i < to; i++) values[i] = value;
}

START_TEST(a_bounded_moving_orbit_that_grows_to_the_end_is_chaotic_and_each_condition_counts) {
    use_chaos();
    expect(LYAP_CHAOTIC);
    evidence.growth = 17; /* the last 16 batches make 16 nats */
    expect(LYAP_UNDECIDED);
    use_chaos();
    set(extent, 128, WINDOWS, 5.9); /* the last third, 1.18 times the middle */
    expect(LYAP_UNDECIDED);
    use_chaos();
    set(extent, 128, WINDOWS, 6);
    for (int i = 0; i < DOUBLED; i++) reach[i] = pow(2, 0.51 * i);
    expect(LYAP_UNBOUNDED);
    for (int i = 0; i < DOUBLED; i++) reach[i] = pow(2, 0.45 * i); /* too slow for that, and too fast for bounded */
    expect(LYAP_UNDECIDED);
    use_chaos();
    for (int i = 0; i < DOUBLED; i++) reach[i] = pow(2, 0.51 * i); /* a walk that has just turned back */
    expect(LYAP_UNDECIDED);
    use_chaos(); /* an early rise of the weights to an attractor is no growth */
    for (int i = 0; i < DOUBLED; i++) reach[i] = i < 7 ? 1 : 5 - 0.5 * (11 - i);
    expect(LYAP_CHAOTIC);
    for (int i = 176; i < WINDOWS; i++) rises[i] = 0;
    expect(LYAP_TRANSIENT);
    rises[180] = 1;
    expect(LYAP_CHAOTIC);
    rises[180] = 0;
    evidence.rises = NULL; /* a known system has none */
    expect(LYAP_CHAOTIC);
}
END_TEST

START_TEST(growth_in_a_burst_or_that_pauses_is_not_chaotic) {
    use_chaos();
    for (int i = 16; i < BATCHES; i++) batch[i] = i < 38 ? 0.001 : 2.5; /* 25 nats in the last fifth */
    expect(LYAP_UNDECIDED);
    use_chaos();
    for (int i = 44; i < BATCHES; i++) batch[i] = 0.05 + 0.001 * i; /* the last twelfth pauses */
    expect(LYAP_UNDECIDED);
    for (int i = 32; i < BATCHES; i++) batch[i] = 0.01 + 0.001 * (i % 3); /* the last third has ended */
    expect(LYAP_TRANSIENT);
}
END_TEST

START_TEST(an_orbit_that_was_chaotic_before_it_settled_is_not_chaotic) {
    /* 15,000 of 18,000 steps */
    use_chaos();
    set(batch, 40, BATCHES, -0.01);
    expect(LYAP_UNDECIDED);
    set(batch, 40, BATCHES, -3); /* contracts what the last third grew */
    expect(LYAP_TRANSIENT);
    use_chaos();
    set(batch, 40, BATCHES, -0.01);
    set(tail, 0, TAIL, 1e-12);
    expect(LYAP_STILL);
    use_chaos();
    for (int i = 0; i < TAIL; i++) tail[i] = i % 3 == 2 ? 1e-9 : 1;
    expect(LYAP_PERIODIC);
}
END_TEST

START_TEST(an_orbit_at_rest_is_still_whatever_its_exponent) {
    use_chaos();
    set(tail, 0, TAIL, 4.9e-10); /* relative to a weight of 5 */
    expect(LYAP_STILL);
    tail[TAIL - 1] = 5.1e-10;
    expect(LYAP_CHAOTIC);
    evidence.still = lyap_still_tolerance(LYAP_FLOAT32);
    expect(LYAP_STILL);
}
END_TEST

START_TEST(a_period_needs_every_return_and_a_motion_much_larger_than_the_returns) {
    for (uint32_t p = 1; p <= 65; p++) {
        for (uint32_t i = 0; i < TAIL; i++) tail[i] = (i + 1) % p ? 1 : 1e-6;
        ck_assert_uint_eq(lyap_tail_period(tail, TAIL, 1e-5), p <= LYAP_MOST_PERIOD ? p : 0);
        ck_assert_uint_eq(lyap_tail_period(tail, TAIL, 1e-7), 0);
    }
    for (uint32_t i = 0; i < TAIL; i++) tail[i] = (i + 1) % 4 ? 1 : 1e-6;
    ck_assert_uint_eq(lyap_tail_period(tail, 7, 1e-5), 0); /* not seen twice */
    ck_assert_uint_eq(lyap_tail_period(tail, 8, 1e-5), 4);
    tail[3] = 2e-5; /* one return that misses: twice the period is left */
    ck_assert_uint_eq(lyap_tail_period(tail, TAIL, 1e-5), 8);
    for (int i = 0; i < TAIL; i++) tail[i] = i % 2 ? 1e-7 * (i + 1) : 1; /* a drift that adds up */
    ck_assert_uint_eq(lyap_tail_period(tail, TAIL, 1e-5), 0);
    ck_assert_uint_eq(lyap_tail_period(tail, TAIL, 2e-5), 2);
    for (int i = 0; i < TAIL; i++) tail[i] = fabs(1 - pow(-0.99, i + 1)) * 1e-5; /* from side to side into a point */
    ck_assert_uint_eq(lyap_tail_period(tail, TAIL, 1e-5), 0);
    ck_assert_uint_eq(lyap_tail_period(tail, 0, 1), 0);
}
END_TEST

START_TEST(what_is_not_positive_is_transient_converging_or_neutral) {
    use_chaos();
    evidence.peak = 3;
    for (int i = 0; i < BATCHES; i++) batch[i] -= 2;
    expect(LYAP_CONVERGING);
    evidence.peak = 11;
    expect(LYAP_TRANSIENT);
    use_chaos();
    evidence.peak = 3;
    for (int i = 0; i < BATCHES; i++) batch[i] = i % 2 ? 0.1 : -0.1;
    expect(LYAP_NEUTRAL);
    use_chaos(); /* a plateau: 16 batches of 0.01 nats while the loss falls */
    evidence.peak = 3;
    for (int i = 0; i < BATCHES; i++) batch[i] = 0.01 + 1e-4 * (i % 3);
    for (int i = 1; i < WINDOWS; i++) rises[i] = 0;
    expect(LYAP_NEUTRAL);
    for (int i = 0; i < BATCHES; i++) batch[i] *= 10;
    expect(LYAP_UNDECIDED);
}
END_TEST

START_TEST(a_run_too_short_is_undecided_unless_it_ended_rests_repeats_or_contracts) {
    use_chaos();
    evidence.batches = LYAP_VERDICT_BATCHES - 1;
    expect(LYAP_UNDECIDED);
    for (int i = 0; i < BATCHES; i++) batch[i] = -1 - 0.01 * (i % 2);
    expect(LYAP_CONVERGING);
    evidence.batches = LYAP_FEWEST_BATCHES - 1;
    expect(LYAP_UNDECIDED);
    evidence.resolved = 0;
    expect(LYAP_CONVERGING);
    set(tail, 0, TAIL, 0);
    expect(LYAP_STILL);
    evidence.alive = false;
    expect(LYAP_DEAD_REGIME);
    evidence.outcome = LYAP_ESCAPED;
    expect(LYAP_DIVERGED);
    use_chaos();
    evidence.batches = evidence.windows = evidence.tail_steps = evidence.doublings = 0;
    expect(LYAP_UNDECIDED);
}
END_TEST

/* ---- networks ---- */

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_spectrum_plan plan;

static void use_net(const char *shape, enum lyap_activation hidden, enum lyap_activation output, enum lyap_loss with) {
    ck_assert_int_eq(lyap_network_init(&net, shape, hidden, output, with, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.base.isa, NULL), LYAP_OK);
    plan.base.window = false;
}

static void use_xor(enum lyap_activation activation, double lr, uint64_t starts) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    use_net("2-2-1", activation, activation, LYAP_MSE);
    plan.base.setting.lr = lr;
    plan.base.starts = starts;
}

static void use_wide_tanh(double lr, uint64_t starts) {
    use_xor(LYAP_TANH, lr, starts);
    plan.base.init = LYAP_INIT_NORMAL;
    plan.base.init_a = 0;
    plan.base.init_b = 2;
}

static size_t count(enum lyap_regime regime) {
    struct spectra s = run_spectra(&plan);
    size_t found = 0;
    for (size_t c = 0; c < s.cells; c++) found += s.records[c].regime == regime;
    spectra_free(&s);
    return found;
}

static const uint32_t lengths[] = {1000, 2000, 10000, 20000};

START_TEST(sigmoid_networks_that_leave_a_plateau_are_never_chaotic) {
    use_xor(LYAP_SIGMOID, 1, work(200, 16));
    plan.base.init = LYAP_INIT_GLOROT_UNIFORM;
    plan.base.setting.epochs = brief_tests() ? 1000 : lengths[_i];
    ck_assert_uint_eq(count(LYAP_CHAOTIC), 0);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(an_interval_is_never_narrower_than_a_thousandth_of_a_nat_over_the_run) {
    use_xor(LYAP_SIGMOID, 1, 64);
    plan.base.init = LYAP_INIT_GLOROT_UNIFORM;
    plan.base.setting.epochs = 4000;
    struct spectra s = run_spectra(&plan);
    for (size_t c = 0; c < s.cells; c++) {
        const double half = (s.lambda[c].high - s.lambda[c].low) / 2;
        if (s.records[c].batches)
            ck_assert_double_gt(half * 4000, 0.999e-3);
        else
            ck_assert_double_eq(half, 0);
    }
    spectra_free(&s);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(moons_with_cross_entropy_are_never_chaotic) {
    ck_assert_int_eq(lyap_dataset_parse(&data, "moons:40,0.1", 1, 1, NULL), LYAP_OK);
    use_net("2-8-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE);
    plan.base.init = LYAP_INIT_GLOROT_UNIFORM;
    plan.base.setting =
        (struct lyap_setting){.lr = 0.5, .perturbation = 1e-8, .epochs = brief_tests() ? 300 : lengths[_i]};
    plan.base.starts = 16; /* one block */
    ck_assert_uint_eq(count(LYAP_CHAOTIC), 0);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(a_relu_network_held_on_an_unstable_minimum_is_still_without_an_interval) {
    use_xor(LYAP_RELU, 0.2914, 85);
    plan.base.window = true;
    plan.base.setting.epochs = 10000;
    plan.transient = 2000;
    plan.curvature = true;
    struct spectra s = run_spectra(&plan);
    const struct lyap_spectrum_record *r = &s.records[84];
    ck_assert_double_gt(s.lambda[84].lambda, 0.8);
    ck_assert_double_eq_tol(s.lambda[84].lambda, log(fabs(1 - 0.2914 * r->sharpness_last)), 1e-9);
    ck_assert_int_eq(r->regime, LYAP_STILL);
    ck_assert_uint_eq(r->period, 1);
    ck_assert_uint_eq(r->batches, 0);
    for (size_t c = 0; c < s.cells; c++) ck_assert_int_ne(s.records[c].regime, LYAP_CHAOTIC);
    spectra_free(&s);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(sine_networks_whose_weights_grow_without_limit_are_unbounded) {
    use_xor(LYAP_SIN, 1.939, work(64, 32));
    plan.base.window = true;
    plan.base.setting.epochs = 20000;
    struct spectra s = run_spectra(&plan);
    size_t unbounded = 0;
    for (size_t c = 0; c < s.cells; c++) {
        unbounded += s.records[c].regime == LYAP_UNBOUNDED;
        ck_assert_int_ne(s.records[c].regime, LYAP_CHAOTIC);
    }
    ck_assert_uint_gt(unbounded, s.cells / 2);
    spectra_free(&s);
    lyap_dataset_free(&data);
}
END_TEST

/* GD on (w^2 - 1)^2 / 4 is the cubic map: fixed points to lr 1, then period doubling to chaos (lyapgrad/system.h). */
START_TEST(the_double_well_is_still_periodic_and_chaotic_where_theory_says) {
    static const struct {
        double lr;
        enum lyap_regime regime;
        uint32_t period;
    } known[] = {{0.3, LYAP_STILL, 1},    {0.9, LYAP_STILL, 1},     {1.1, LYAP_PERIODIC, 2},
                 {1.2, LYAP_PERIODIC, 2}, {1.26, LYAP_PERIODIC, 4}, {1.9, LYAP_CHAOTIC, 0}};
    lyap_spectrum_defaults(&plan, NULL, NULL);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.base.isa, NULL), LYAP_OK);
    plan.system = LYAP_SYSTEM_DOUBLE_WELL;
    plan.base.setting = (struct lyap_setting){.lr = known[_i].lr, .perturbation = 1e-8, .epochs = 5000};
    plan.transient = 2000;
    plan.base.starts = 20;
    for (int method = 0; method < 2; method++) {
        plan.method = method ? LYAP_RESCALED : LYAP_TANGENT;
        struct spectra s = run_spectra(&plan);
        for (size_t c = 0; c < s.cells; c++) {
            if (method && s.records[c].stop == LYAP_STOP_EVENT) continue; /* the pair merged */
            ck_assert_msg(s.records[c].regime == known[_i].regime && s.records[c].period == known[_i].period,
                          "method %d, cell %zu: %s, period %u", method, c, lyap_regime_name(s.records[c].regime),
                          s.records[c].period);
            ck_assert_int_eq(s.records[c].batches > 0, known[_i].regime == LYAP_CHAOTIC);
        }
        spectra_free(&s);
    }
}
END_TEST

/* ---- brute force: two trajectories of the reference, all states kept ---- */

enum { MOST_STEPS = 2000, MOST_WEIGHTS = 9, TWELFTHS = 12, BRUTE_TAIL = 64 };

struct orbit {
    double w[MOST_STEPS + 1][MOST_WEIGHTS], stretch[MOST_STEPS], loss[MOST_STEPS];
    size_t weights;
    uint32_t steps;
};

static void step_both(double *a, double *b, size_t n, double lr, double *loss_of_a) {
    double gradient[MOST_WEIGHTS];
    *loss_of_a = lyap_reference_gradient(&net, &data, a, gradient);
    for (size_t i = 0; i < n; i++) a[i] -= lr * gradient[i];
    lyap_reference_gradient(&net, &data, b, gradient);
    for (size_t i = 0; i < n; i++) b[i] -= lr * gradient[i];
}

static void follow(struct orbit *o, const double *start, double lr) {
    enum { NEAR = 1000000000 };
    double a[MOST_WEIGHTS], b[MOST_WEIGHTS], distance = 0;
    const size_t n = o->weights;
    for (size_t i = 0; i < n; i++) {
        o->w[0][i] = a[i] = start[i];
        b[i] = a[i] + 1.0 / NEAR / sqrt((double)n);
    }
    for (uint32_t t = 0; t < o->steps; t++) {
        step_both(a, b, n, lr, &o->loss[t]);
        distance = 0;
        for (size_t i = 0; i < n; i++) distance += (b[i] - a[i]) * (b[i] - a[i]);
        distance = sqrt(distance);
        o->stretch[t] = distance > 0 ? log(distance * NEAR) : -40;
        for (size_t i = 0; i < n; i++) {
            o->w[t + 1][i] = a[i];
            b[i] = distance > 0 ? a[i] + (b[i] - a[i]) / (distance * NEAR) : a[i] + 1.0 / NEAR;
        }
    }
}

static double largest_weight(const struct orbit *o, uint32_t from, uint32_t to) {
    double most = 0;
    for (uint32_t t = from; t <= to; t++)
        for (size_t i = 0; i < o->weights; i++) most = fmax(most, fabs(o->w[t][i]));
    return most;
}

/* Whether the last state comes back, within 1e-5, after 1 .. 64 steps. */
static bool returns(const struct orbit *o) {
    for (uint32_t p = 1; p <= BRUTE_TAIL; p++) {
        double off = 0;
        for (size_t i = 0; i < o->weights; i++) off = fmax(off, fabs(o->w[o->steps - p][i] - o->w[o->steps][i]));
        if (off < 1e-5) return true;
    }
    return false;
}

static bool chaotic_by_brute_force(const struct orbit *o) {
    const uint32_t third = o->steps / 3, part = o->steps / TWELFTHS;
    double grown[TWELFTHS] = {0};
    bool up = false, grows = true;
    for (uint32_t t = 0; t < TWELFTHS * part; t++) grown[t / part] += o->stretch[t];
    for (int i = 4; i < TWELFTHS; i++) grows = grows && grown[i] > 0.5;
    for (uint32_t t = o->steps - part; t < o->steps; t++) up = up || o->loss[t] > o->loss[t - 1];
    return grows && grown[8] + grown[9] + grown[10] + grown[11] > 10 && up && !returns(o) &&
           largest_weight(o, o->steps - third, o->steps) <=
               1.1 * largest_weight(o, o->steps - 2 * third, o->steps - third);
}

/* The shares of two samples of the same starts, which chaos makes independent but for the starts' fates, agree within three of
 * the standard errors of independent ones. */
static void compare_shares(uint32_t steps) {
    static struct orbit orbit;
    const size_t n = lyap_network_parameters(&net), starts = (size_t)plan.base.starts;
    double *initial = malloc(starts * 2 * n * sizeof *initial);
    struct lyap_plan base = plan.base;
    base.neighbours = 1;
    ck_assert_int_eq(lyap_ensemble_initial(&base, 0, starts, initial, NULL), LYAP_OK);
    plan.base.setting.epochs = orbit.steps = steps;
    orbit.weights = n;
    size_t brute = 0, ours = count(LYAP_CHAOTIC);
    for (size_t s = 0; s < starts; s++) {
        follow(&orbit, initial + 2 * n * s, plan.base.setting.lr);
        brute += chaotic_by_brute_force(&orbit);
    }
    double share = (double)(brute + ours) / (double)(2 * starts);
    double error = sqrt(2 * share * (1 - share) / (double)starts);
    ck_assert_msg(fabs((double)ours - (double)brute) <= 3 * error * (double)starts,
                  "chaotic %zu, by brute force %zu of %zu", ours, brute, starts);
    ck_assert_uint_gt(brute, 0);
    free(initial);
}

START_TEST(the_share_of_chaotic_tanh_networks_is_that_of_brute_force) {
    use_wide_tanh(_i ? 5 : 3, work(250, 32));
    compare_shares(work(MOST_STEPS, 600));
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(the_share_of_a_chaotic_sine_unit_is_that_of_brute_force) {
    static const double rates[] = {2, 2.7, 3};
    ck_assert_int_eq(lyap_dataset_parse(&data, "linear-teacher:8,1,1,0.5", 1, 1, NULL), LYAP_OK);
    use_net("1-1", LYAP_SIN, LYAP_SIN, LYAP_MSE);
    plan.base.init = LYAP_INIT_NORMAL;
    plan.base.init_a = 0;
    plan.base.init_b = 1;
    plan.base.setting.lr = rates[_i];
    plan.base.starts = work(250, 32);
    if (_i == 0) { /* a window of cycles: none is chaotic by either */
        plan.base.setting.epochs = MOST_STEPS;
        ck_assert_uint_eq(count(LYAP_CHAOTIC), 0);
    } else {
        compare_shares(work(MOST_STEPS, 600));
    }
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(chaotic_tanh_networks_stay_so_over_longer_runs) {
    use_wide_tanh(5, work(200, 16));
    plan.base.setting.epochs = work(20000, 1000);
    ck_assert_uint_gt(count(LYAP_CHAOTIC), plan.base.starts / 40);
    lyap_dataset_free(&data);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("regime");
    TCase *rules = tcase_create("rules"), *networks = tcase_create("networks");
    tcase_add_test(rules, a_bounded_moving_orbit_that_grows_to_the_end_is_chaotic_and_each_condition_counts);
    tcase_add_test(rules, growth_in_a_burst_or_that_pauses_is_not_chaotic);
    tcase_add_test(rules, an_orbit_that_was_chaotic_before_it_settled_is_not_chaotic);
    tcase_add_test(rules, an_orbit_at_rest_is_still_whatever_its_exponent);
    tcase_add_test(rules, a_period_needs_every_return_and_a_motion_much_larger_than_the_returns);
    tcase_add_test(rules, what_is_not_positive_is_transient_converging_or_neutral);
    tcase_add_test(rules, a_run_too_short_is_undecided_unless_it_ended_rests_repeats_or_contracts);
    tcase_add_loop_test(networks, sigmoid_networks_that_leave_a_plateau_are_never_chaotic, 0, brief_tests() ? 1 : 4);
    tcase_add_test(networks, an_interval_is_never_narrower_than_a_thousandth_of_a_nat_over_the_run);
    tcase_add_loop_test(networks, moons_with_cross_entropy_are_never_chaotic, 0, brief_tests() ? 1 : 4);
    tcase_add_test(networks, a_relu_network_held_on_an_unstable_minimum_is_still_without_an_interval);
    tcase_add_test(networks, sine_networks_whose_weights_grow_without_limit_are_unbounded);
    tcase_add_loop_test(networks, the_double_well_is_still_periodic_and_chaotic_where_theory_says, 0, 6);
    tcase_add_loop_test(networks, the_share_of_chaotic_tanh_networks_is_that_of_brute_force, 0, 2);
    tcase_add_loop_test(networks, the_share_of_a_chaotic_sine_unit_is_that_of_brute_force, 0, 3);
    tcase_add_test(networks, chaotic_tanh_networks_stay_so_over_longer_runs);
    suite_add_tcase(suite, rules);
    suite_add_tcase(suite, networks);
    return run_suite(suite);
}
