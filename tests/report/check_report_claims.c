/* What the report on C1, C2 and the published numbers computes, against what is known exactly: crossings by hand, the edge of
 * stability of linear regression, trajectories continued and not, ReLUs that are never off. */
#include <math.h>

#include "stats/log_grid.h"
#include "report/activation/activation.h"
#include "report/bifurcation/bifurcation.h"
#include "report/published/published.h"
#include "report/published/uniform.h"
#include "report/rate/censored.h"
#include "report/rate/parts.h"
#include "tests/check.h"
#include "tests/collect.h"
#include "tests/support.h"

static struct lyap_paper_case paper;

static struct lyap_paper_options published(enum lyap_precision precision) {
    struct lyap_paper_options options = {.starts = 1, .seed = 1, .precision = precision};
    ck_assert_int_eq(lyap_isa_select(NULL, &options.isa, NULL), LYAP_OK);
    return options;
}

static void use_paper(enum lyap_activation activation, enum lyap_precision precision) {
    struct lyap_paper_options options = published(precision);
    ck_assert_int_eq(lyap_paper_case_init(&paper, activation, &options, NULL), LYAP_OK);
}

START_TEST(a_median_crosses_zero_where_half_of_the_exponents_are_positive) {
    /* shares 1/4, 1/4, 3/4 at 1, 2, 4: half between 2 and 4, at 3 */
    const double grid[] = {1, 2, 4};
    const unsigned char sign[] = {1, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0};
    struct lyap_signs signs = {3, 4, grid, sign};
    ck_assert_double_eq(lyap_crossing(&signs, NULL, 4), 3);
    const uint32_t first[] = {0, 0, 0}, last[] = {3, 3, 3}, two[] = {0, 3};
    ck_assert_double_eq(lyap_crossing(&signs, first, 3), 1); /* above half from the first value */
    ck_assert_double_nan(lyap_crossing(&signs, last, 3));    /* nowhere */
    ck_assert_double_nan(lyap_crossing(&signs, two, 2));     /* half is not more than half */
}
END_TEST

START_TEST(exponents_that_do_not_count_move_no_crossing) {
    const double grid[] = {1, 2, 3, 4};
    /* at 2 no start counts, at 3 one does not: shares 0, -, 1/2, 1 */
    const unsigned char sign[] = {0, 2, 1, 1, 0, 2, 0, 1, 0, 2, 2, 1};
    struct lyap_signs signs = {4, 3, grid, sign};
    /* of three starts all must count: 3 is passed over, half lies between 1 (0) and 4 (1) */
    ck_assert_double_eq(lyap_crossing(&signs, NULL, 3), 2.5);
}
END_TEST

START_TEST(a_logarithmic_grid_has_its_ends_and_equal_ratios) {
    double grid[7];
    lyap_log_grid(0.1, 20, 7, grid);
    ck_assert_double_eq(grid[0], 0.1);
    ck_assert_double_eq(grid[6], 20);
    for (int i = 0; i < 6; i++) ck_assert_double_eq_tol(grid[i + 1] / grid[i], pow(200, 1.0 / 6), 1e-12);
    double rates[LYAP_RATE_GRID];
    lyap_rate_grid(rates);
    for (int i = 1; i < LYAP_RATE_GRID; i++) ck_assert_double_gt(rates[i], rates[i - 1]);
    for (int i = 0; i < LYAP_PAPER_RATES; i++) {
        int found = 0;
        for (int v = 0; v < LYAP_RATE_GRID; v++) found += rates[v] == lyap_paper_rate(i);
        ck_assert_int_eq(found, 1); /* every published value is one of them, to the bit */
    }
}
END_TEST

START_TEST(the_binomial_test_sums_what_is_not_likelier) {
    ck_assert_double_eq_tol(lyap_binomial_test(0, 4, 0.5), 2.0 / 16, 1e-14);
    ck_assert_double_eq_tol(lyap_binomial_test(1, 4, 0.5), 10.0 / 16, 1e-14);
    ck_assert_double_eq_tol(lyap_binomial_test(2, 4, 0.5), 1, 1e-14);
    ck_assert_double_eq_tol(lyap_binomial_test(3, 3, 0.95), 1, 1e-14); /* the likeliest */
    ck_assert_double_eq_tol(lyap_binomial_test(0, 3, 0.95), 0.05 * 0.05 * 0.05, 1e-14);
    ck_assert_double_eq_tol(lyap_binomial_test(1, 3, 0.95), 3 * 0.95 * 0.05 * 0.05 + 0.05 * 0.05 * 0.05, 1e-14);
}
END_TEST

START_TEST(linear_regression_turns_positive_at_two_over_its_sharpness) {
    /* One linear unit on XOR's inputs: the largest eigenvalue of the constant Hessian is (7 + sqrt(33))/4. */
    use_paper(LYAP_LINEAR, LYAP_FLOAT64);
    ck_assert_int_eq(lyap_network_init(&paper.network, "2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    paper.plan.window = false;
    paper.plan.starts = 12;
    paper.plan.neighbours = 3;
    paper.plan.setting.epochs = 1000;
    struct lyap_edge edge;
    ck_assert_int_eq(lyap_edge_run(&edge, &paper.plan, 0.5, 0.8, NULL), LYAP_OK);
    double exact = 8 / (7 + sqrt(33)), step = edge.grid[1] / edge.grid[0];
    for (int s = 0; s < 12; s++) {
        ck_assert_double_eq_tol(edge.limit[0][s], exact, 1e-12);
        ck_assert_double_eq_tol(edge.limit[1][s], exact, 1e-12);
        ck_assert_int_eq(edge.kind[s], LYAP_SEEN);
        ck_assert_double_gt(edge.onset[s], exact / step);
        ck_assert_double_lt(edge.onset[s], exact * step * step);
    }
    ck_assert_uint_eq(edge.seen, 12);
    ck_assert_uint_eq(edge.flat, 0);   /* the onset is an instability of the step in all of them */
    ck_assert(!edge.against[0].known); /* equal edges have no ranks */
    lyap_edge_free(&edge);
    /* A grid that begins above the edge, and one that ends below it: every start is counted, none is dropped. */
    ck_assert_int_eq(lyap_edge_run(&edge, &paper.plan, 0.7, 0.8, NULL), LYAP_OK);
    ck_assert_uint_eq(edge.below, 12);
    ck_assert_double_eq(edge.onset[3], 0.7);
    ck_assert_int_eq(edge.kind[3], LYAP_AT_MOST);
    lyap_edge_free(&edge);
    ck_assert_int_eq(lyap_edge_run(&edge, &paper.plan, 0.3, 0.5, NULL), LYAP_OK);
    ck_assert_uint_eq(edge.above, 12);
    ck_assert_double_eq(edge.onset[3], 0.5);
    lyap_edge_free(&edge);
    lyap_paper_case_free(&paper);
}
END_TEST

static double censored_median(const struct lyap_bounded *values, const uint32_t *weight, size_t n) {
    struct lyap_bounded sorted[8];
    double scratch[3 * 8];
    for (size_t i = 0; i < n; i++) sorted[i] = values[i];
    lyap_bounded_sort(sorted, n);
    return lyap_censored_median_of(sorted, weight, n, scratch);
}

START_TEST(a_censored_median_is_that_of_kaplan_and_meier) {
    static const uint32_t one[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    /* seen alone: the middle one */
    const struct lyap_bounded seen[] = {{3, LYAP_SEEN}, {1, LYAP_SEEN}, {2, LYAP_SEEN}};
    ck_assert_double_eq(censored_median(seen, one, 3), 2);
    /* 1, more than 2, 3, 4: what is left is 3/4 behind 1 and 3/4 * 1/2 behind 3 */
    const struct lyap_bounded right[] = {{1, LYAP_SEEN}, {2, LYAP_MORE_THAN}, {3, LYAP_SEEN}, {4, LYAP_SEEN}};
    ck_assert_double_eq(censored_median(right, one, 4), 3);
    /* 1, 1.5, more than 2, more than 2, 3: 4/5, 3/5, 0 behind 3; without the censored ones it would be 1.5 */
    const struct lyap_bounded more[] = {
        {1, LYAP_SEEN}, {1.5, LYAP_SEEN}, {2, LYAP_MORE_THAN}, {2, LYAP_MORE_THAN}, {3, LYAP_SEEN}};
    ck_assert_double_eq(censored_median(more, one, 5), 3);
    /* its mirror image: at most 2 twice */
    const struct lyap_bounded left[] = {
        {3, LYAP_SEEN}, {2.5, LYAP_SEEN}, {2, LYAP_AT_MOST}, {2, LYAP_AT_MOST}, {1, LYAP_SEEN}};
    ck_assert_double_eq(censored_median(left, one, 5), 1);
    /* both sides: 1/6 each at 2 and 3 from themselves; at most 1 lies below all, more than 4 above all: 2/6, 1/6, 1/6, 2/6 */
    const struct lyap_bounded both[] = {{1, LYAP_AT_MOST}, {1, LYAP_AT_MOST},   {2, LYAP_SEEN},
                                        {3, LYAP_SEEN},    {4, LYAP_MORE_THAN}, {4, LYAP_MORE_THAN}};
    ck_assert_double_eq(censored_median(both, one, 6), 2);
}
END_TEST

START_TEST(a_median_below_everything_seen_is_undefined) {
    static const uint32_t one[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    const struct lyap_bounded below[] = {{1, LYAP_AT_MOST}, {1, LYAP_AT_MOST}, {1, LYAP_AT_MOST}, {2, LYAP_SEEN}};
    ck_assert_double_nan(censored_median(below, one, 4));
    const struct lyap_bounded above[] = {{5, LYAP_SEEN}, {6, LYAP_MORE_THAN}, {6, LYAP_MORE_THAN}, {6, LYAP_MORE_THAN}};
    ck_assert_double_nan(censored_median(above, one, 4));
    struct lyap_estimate median;
    ck_assert_int_eq(lyap_censored_median(below, 4, 200, 1, &median, NULL), LYAP_ERROR_ARGUMENT);
}
END_TEST

START_TEST(a_median_that_turns_twice_is_counted_twice) {
    /* shares 0, 1, 0.25, 1 at 1, 2, 3, 4: half at 1.5, 2 2/3, 3 1/3 */
    const double grid[] = {1, 2, 3, 4};
    const unsigned char sign[] = {0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    struct lyap_signs signs = {4, 4, grid, sign};
    struct lyap_rate_sweep sweep = {0};
    ck_assert_int_eq(lyap_rate_turns_find(&sweep, &signs, 1, NULL), LYAP_OK);
    ck_assert_uint_eq(sweep.turns, 3);
    ck_assert_double_eq_tol(sweep.turn[0], 1.5, 1e-12);
    ck_assert_double_eq_tol(sweep.turn[1], 2 + 2.0 / 3, 1e-12);
    ck_assert_double_eq_tol(sweep.turn[2], 3 + 1.0 / 3, 1e-12);
    ck_assert(sweep.turns_known);
}
END_TEST

START_TEST(the_share_at_the_best_rate_is_not_that_of_the_starts_that_chose_it) {
    /* Even starts are chaotic at the first rate alone, odd ones at the second alone: half of them at either, none where others chose. */
    struct lyap_long cells[2 * 8] = {{0}};
    static struct lyap_bifurcation_diagram g;
    double scratch[8];
    g = (struct lyap_bifurcation_diagram){.n = 2, .starts = 8, .rates = {1, 2}, .cells = cells};
    for (int s = 0; s < 8; s++) cells[8 * (s % 2) + s] = (struct lyap_long){.confirmed = true, .lambda = 1};
    lyap_bifurcation_choose(&g, scratch);
    ck_assert_uint_eq(g.chaotic_starts, 0);
    ck_assert_double_eq(g.best[1], 1);
    ck_assert_double_eq(g.best[0], 2);
    for (int s = 0; s < 8; s++) cells[8 + s] = (struct lyap_long){.confirmed = true, .lambda = s};
    lyap_bifurcation_choose(&g, scratch); /* now all at the second; the even ones tie and take the first */
    ck_assert_uint_eq(g.chaotic_starts, 8 - 4);
}
END_TEST

START_TEST(only_bounded_cases_are_headlines) {
    static struct lyap_bifurcation_state state;
    state = (struct lyap_bifurcation_state){0};
    for (int i = 0; i < LYAP_BIFURCATION_CASES; i++) {
        state.diagram[i].starts = 32;
        state.diagram[i].growing = i == 2 ? 16 : 1;
        state.diagram[i].share = lyap_share(i == 2 ? 32 : i == 4 ? 20 : 0, 32);
    }
    ck_assert(!lyap_bifurcation_is_bounded(&state.diagram[2]));
    ck_assert(!lyap_bifurcation_is_brought(&state.diagram[2]));
    ck_assert(lyap_bifurcation_is_brought(&state.diagram[4]));
    ck_assert_uint_eq(lyap_bifurcation_best(&state), 4);
    state.diagram[4].first_chaotic = 1; /* chaotic whatever the rate */
    ck_assert(!lyap_bifurcation_is_brought(&state.diagram[4]));
}
END_TEST

START_TEST(weights_that_rounding_holds_at_an_unstable_minimum_are_no_chaos) {
    /* Start 84 of seed 1 comes to a minimum beyond the edge of stability, where no step moves the weights by a last place. */
    use_paper(LYAP_RELU, LYAP_FLOAT64);
    struct lyap_spectrum_plan plan;
    struct lyap_long *cells;
    double weights[2 * 9];
    paper.plan.neighbours = 1;
    paper.plan.starts = 85;
    ck_assert_int_eq(lyap_ensemble_initial(&paper.plan, 84, 1, weights, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &paper.network, &paper.data);
    plan.base.isa = paper.plan.isa;
    plan.base.weights = weights;
    plan.base.setting = (struct lyap_setting){0.18160842194712223, 1e-4, 20000};
    plan.transient = 5000;
    plan.curvature = true;
    ck_assert_int_eq(lyap_long_run(&plan, 5, &cells, NULL), LYAP_OK);
    const double expected = log(fabs(1 - 0.18160842194712223 * cells->sharpness_last));
    ck_assert_double_gt(cells->lambda, 0.1);
    ck_assert_double_eq_tol(cells->lambda, expected, 1e-9);
    ck_assert_int_eq(cells->regime, LYAP_STILL);
    ck_assert(!cells->confirmed);
    free(cells);
    lyap_paper_case_free(&paper);
}
END_TEST

START_TEST(regimes_add_up_and_only_what_recurs_is_confirmed) {
    use_paper(LYAP_TANH, LYAP_FLOAT64);
    struct lyap_spectrum_plan plan;
    struct lyap_setting settings[] = {paper.plan.setting, paper.plan.setting};
    lyap_spectrum_defaults(&plan, &paper.network, &paper.data);
    plan.base.isa = paper.plan.isa;
    plan.base.init = LYAP_INIT_NORMAL;
    plan.base.init_a = 0;
    plan.base.init_b = 2;
    plan.base.window = false;
    plan.base.starts = 32;
    plan.base.values = 2;
    settings[0].lr = 0.1;
    settings[1].lr = 2.5;
    settings[0].epochs = settings[1].epochs = 3000;
    plan.base.settings = settings;
    plan.transient = 1000;
    struct lyap_long *cells;
    ck_assert_int_eq(lyap_long_run(&plan, 3, &cells, NULL), LYAP_OK);
    int confirmed[2] = {0}, called[2] = {0};
    for (int i = 0; i < 64; i++) {
        ck_assert(cells[i].regime < LYAP_REGIME_COUNT);
        called[i / 32] += cells[i].regime == LYAP_CHAOTIC;
        confirmed[i / 32] += cells[i].confirmed;
        if (cells[i].confirmed) {
            ck_assert_int_eq(cells[i].regime, LYAP_CHAOTIC);
            ck_assert_double_gt(cells[i].lambda, 0);
        }
    }
    ck_assert_int_eq(confirmed[0], 0); /* below 2/sharpness all along nothing recurs */
    ck_assert_int_gt(confirmed[1], 5);
    ck_assert_int_le(confirmed[1], called[1]);
    free(cells);
    lyap_paper_case_free(&paper);
}
END_TEST

START_TEST(a_diagram_goes_on_where_one_long_run_would) {
    enum { N = 3, KEPT = 4, TRANSIENT = 50 };
    const double rates[N] = {0.3, 2, 6};
    for (int precision = 0; precision < 2; precision++) {
        use_paper(LYAP_TANH, precision ? LYAP_FLOAT64 : LYAP_FLOAT32);
        paper.plan.starts = 5;
        double points[N * KEPT];
        ck_assert_int_eq(lyap_bifurcation_points(&paper.plan, 3, rates, N,
                                                 &(const struct lyap_kept_states){TRANSIENT, KEPT, 6}, points, NULL),
                         LYAP_OK);
        for (int k = 0; k < KEPT; k++) {
            struct lyap_plan plan = paper.plan;
            struct lyap_setting settings[N];
            for (int i = 0; i < N; i++) {
                settings[i] = plan.setting;
                settings[i].lr = rates[i];
                settings[i].epochs = (uint32_t)(TRANSIENT + k + 1);
            }
            plan.settings = settings;
            plan.values = N;
            plan.last_weights = true;
            struct collected all = run_plan(&plan);
            for (int i = 0; i < N; i++)
                ck_assert_double_eq(points[i * KEPT + k], all.weights[(size_t)(5 * i + 3) * 9 + 6]);
            collected_free(&all);
        }
        lyap_paper_case_free(&paper);
    }
}
END_TEST

START_TEST(linear_and_relu_give_the_same_bits_where_no_relu_is_off_and_only_there) {
    struct lyap_paper_options options = published(LYAP_FLOAT32);
    const double rates[] = {0.001, 0.4};
    for (int i = 0; i < 2; i++) {
        struct lyap_act_identical identical;
        ck_assert_int_eq(lyap_act_identical_run(&identical, &options, rates[i], 60, NULL), LYAP_OK);
        ck_assert_uint_eq(identical.starts, 60);
        ck_assert_uint_eq(identical.differ_open, 0);
        ck_assert_uint_eq(identical.same_shut, 0);
        ck_assert_uint_eq(identical.same, identical.open);
        if (i == 0) ck_assert_uint_gt(identical.same, 50);
        if (i == 1) ck_assert(identical.same > 5 && identical.same < 50);
    }
}
END_TEST

START_TEST(tau_counts_pairs_that_differ_in_both) {
    const double lambda[] = {-3, -2, -2, 1}, loss[] = {0.1, 0.2, 0.3, 0.05};
    /* pairs: 01 +, 02 +, 03 -, 12 equal exponents, 13 -, 23 - */
    uint64_t pairs;
    ck_assert_double_eq_tol(lyap_act_tau(lambda, loss, 4, &pairs), -1.0 / 5, 1e-15);
    ck_assert_uint_eq(pairs, 5);
    const double undefined[] = {NAN, -2, -1, NAN};
    ck_assert_double_eq(lyap_act_tau(undefined, loss, 4, &pairs), 1);
    ck_assert_uint_eq(pairs, 1);
    /* a run that diverged is worse than any other; two of them are equal */
    const double diverged[] = {0.1, INFINITY, INFINITY, 0.2};
    ck_assert_double_eq_tol(lyap_act_tau(lambda, diverged, 4, &pairs), 1.0 / 5, 1e-15);
    ck_assert_uint_eq(pairs, 5); /* 01 +, 02 +, 03 +, 13 -, 23 - */
    ck_assert_double_nan(lyap_act_tau(lambda, loss, 1, &pairs));
    ck_assert_uint_eq(pairs, 0);
}
END_TEST

START_TEST(a_constant_tau_is_bounded_by_its_count_and_not_resampled) {
    double tau[60];
    struct lyap_act_order order = {0};
    for (int i = 0; i < 60; i++) tau[i] = -1;
    ck_assert_int_eq(lyap_act_mean_tau(&order, tau, 60, 1, NULL), LYAP_OK);
    ck_assert(order.known && order.constant);
    ck_assert_uint_eq(order.none, 60);
    ck_assert_double_eq(order.agree.value, -1);
    ck_assert_double_eq(order.agree.low, -1);
    ck_assert_double_eq_tol(order.agree.high, -1 + 2 * 3.0 / 60, 1e-15); /* 3 of 60 may have a tau of 1 */
    tau[7] = 1;
    order = (struct lyap_act_order){0};
    ck_assert_int_eq(lyap_act_mean_tau(&order, tau, 60, 1, NULL), LYAP_OK);
    ck_assert(order.known && !order.constant);
    ck_assert_uint_eq(order.full, 1);
    ck_assert_double_lt(order.agree.low, order.agree.high);
    order = (struct lyap_act_order){0};
    ck_assert_int_eq(lyap_act_mean_tau(&order, tau, 3, 1, NULL), LYAP_OK);
    ck_assert(!order.known); /* three starts are none */
}
END_TEST

START_TEST(activations_that_are_the_same_network_count_once) {
    static struct lyap_act_population p;
    double initial[LYAP_ACTIVATION_COUNT], lambda[LYAP_ACT_SETTINGS * LYAP_ACTIVATION_COUNT],
        loss[LYAP_ACT_SETTINGS * LYAP_ACTIVATION_COUNT];
    for (int i = 0; i < LYAP_ACT_SETTINGS * LYAP_ACTIVATION_COUNT; i++) lambda[i] = loss[i] = i % LYAP_ACTIVATION_COUNT;
    for (int i = 0; i < LYAP_ACTIVATION_COUNT; i++) initial[i] = i;
    p = (struct lyap_act_population){.starts = 1, .initial = initial, .lambda = lambda};
    p.measure[LYAP_ACT_LOSS] = loss;
    int which[LYAP_ACTIVATION_COUNT];
    ck_assert_uint_eq(lyap_act_distinct(&p, 0, 0, LYAP_ACT_ALL, which), LYAP_ACTIVATION_COUNT);
    initial[LYAP_RELU] = initial[LYAP_LINEAR];
    lambda[LYAP_RELU] = lambda[LYAP_LINEAR];
    ck_assert_uint_eq(lyap_act_distinct(&p, 0, 0, LYAP_ACT_ALL, which), LYAP_ACTIVATION_COUNT); /* the losses differ */
    loss[LYAP_RELU] = loss[LYAP_LINEAR];
    ck_assert_uint_eq(lyap_act_distinct(&p, 0, 0, LYAP_ACT_ALL, which), LYAP_ACTIVATION_COUNT - 1);
    ck_assert_uint_eq(lyap_act_distinct(&p, 0, 0, LYAP_ACT_THREE, which), 2);
    ck_assert_int_eq(which[0], LYAP_LINEAR);
    ck_assert_int_eq(which[1], LYAP_SIGMOID);
}
END_TEST

START_TEST(a_published_value_has_the_rank_of_a_random_one_among_its_equals) {
    double values[] = {3, 0, 0, 1, 2, 0, 0, 5, 4, 10};
    struct lyap_rank_of r = lyap_rank_published(0, values, 10, 0.25);
    ck_assert_uint_eq(r.below, 0);
    ck_assert_uint_eq(r.equal, 4);
    ck_assert_double_eq_tol(r.rank, 0.2, 1e-15);
    ck_assert_double_eq_tol(r.spread_rank, 0.1, 1e-15);
    ck_assert(r.within);
    ck_assert_double_eq_tol(r.chance, 4.5 / 11, 1e-15);
    r = lyap_rank_published(4.3, values, 10, 0.25);
    ck_assert_double_eq_tol(r.rank, 0.8, 1e-15);
    ck_assert_double_eq_tol(r.chance, 1.5 / 11, 1e-15); /* 4 is within 0.43 */
    r = lyap_rank_published(11, values, 10, 0.25);
    ck_assert(!r.within);
    r = lyap_rank_published(1, values, 0, 0.25);
    ck_assert_double_nan(r.rank);
    ck_assert(!r.within);
}
END_TEST

START_TEST(unequal_trials_have_the_chances_of_their_sum) {
    const double equal[] = {0.3, 0.3, 0.3}, mixed[] = {1, 0.5, 0};
    double chance[4];
    lyap_hit_chances(equal, 3, chance);
    ck_assert_double_eq_tol(chance[0], 0.343, 1e-15);
    ck_assert_double_eq_tol(chance[2], 3 * 0.09 * 0.7, 1e-15);
    lyap_hit_chances(mixed, 3, chance);
    ck_assert_double_eq(chance[0], 0);
    ck_assert_double_eq(chance[1], 0.5);
    ck_assert_double_eq(chance[2], 0.5);
    ck_assert_double_eq(chance[3], 0);
}
END_TEST

START_TEST(a_series_is_cut_where_the_published_distance_exceeds_the_threshold) {
    /* Published distances 10^-3 .. 10^6: below 1500 there are those up to 10^3, and m = 6. */
    double d[10];
    for (int i = 0; i < 10; i++) d[i] = 25.0 / 24 * pow(10, i - 3);
    struct lyap_rate_cut cut = lyap_rate_cut_at(d, 10, false, 1500);
    ck_assert(cut.defined);
    ck_assert_uint_eq(cut.length, 7);
    ck_assert_double_eq_tol(cut.lambda, 3.5 * log(10), 1e-12); /* g (m + 1)/2 */
    ck_assert_double_eq_tol(cut.room, log(1.5e6), 1e-12);
    ck_assert(!lyap_rate_cut_at(d, 10, false, 1e9).defined); /* it does not get there */
    cut = lyap_rate_cut_at(d, 10, true, 1e9);                /* it ended beyond */
    ck_assert(cut.defined);
    ck_assert_uint_eq(cut.length, 10);
    ck_assert(!lyap_rate_cut_at(d, 10, false, 2e-3).defined); /* one distance has no growth */
}
END_TEST

START_TEST(the_statistic_of_anderson_and_darling_has_its_known_values) {
    double one[] = {0.5}, two[] = {0.75, 0.25};
    ck_assert_double_eq_tol(lyap_anderson_darling(one, 1), -1 - 2 * log(0.5), 1e-14);
    /* -2 - (1 (ln 1/4 + ln 1/4) + 3 (ln 3/4 + ln 3/4))/2 */
    ck_assert_double_eq_tol(lyap_anderson_darling(two, 2), -2 - log(0.25) - 3 * log(0.75), 1e-14);
    static double reference[LYAP_UNIFORM_SETS];
    ck_assert_int_eq(lyap_uniform_reference(39, 1, reference, NULL), LYAP_OK);
    /* the upper 5 % and 1 % points, 2.492 and 3.878 (M. Stephens, J. Am. Stat. Assoc. 69, 730 (1974)) */
    ck_assert_double_eq_tol(lyap_uniform_p(reference, 2.492), 0.05, 0.008);
    ck_assert_double_eq_tol(lyap_uniform_p(reference, 3.878), 0.01, 0.004);
    ck_assert_double_eq(lyap_uniform_p(reference, 0), 1);
    ck_assert_double_eq(lyap_uniform_p(reference, INFINITY), 1.0 / (1 + LYAP_UNIFORM_SETS));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("report_claims");
    TCase *hand = tcase_create("by hand");
    tcase_add_test(hand, a_median_crosses_zero_where_half_of_the_exponents_are_positive);
    tcase_add_test(hand, exponents_that_do_not_count_move_no_crossing);
    tcase_add_test(hand, a_logarithmic_grid_has_its_ends_and_equal_ratios);
    tcase_add_test(hand, the_binomial_test_sums_what_is_not_likelier);
    tcase_add_test(hand, tau_counts_pairs_that_differ_in_both);
    tcase_add_test(hand, a_published_value_has_the_rank_of_a_random_one_among_its_equals);
    tcase_add_test(hand, unequal_trials_have_the_chances_of_their_sum);
    tcase_add_test(hand, a_series_is_cut_where_the_published_distance_exceeds_the_threshold);
    tcase_add_test(hand, the_statistic_of_anderson_and_darling_has_its_known_values);
    tcase_add_test(hand, a_constant_tau_is_bounded_by_its_count_and_not_resampled);
    tcase_add_test(hand, activations_that_are_the_same_network_count_once);
    tcase_add_test(hand, a_censored_median_is_that_of_kaplan_and_meier);
    tcase_add_test(hand, a_median_below_everything_seen_is_undefined);
    tcase_add_test(hand, a_median_that_turns_twice_is_counted_twice);
    tcase_add_test(hand, the_share_at_the_best_rate_is_not_that_of_the_starts_that_chose_it);
    tcase_add_test(hand, only_bounded_cases_are_headlines);
    suite_add_tcase(suite, hand);
    TCase *runs = tcase_create("runs");
    tcase_set_timeout(runs, 600);
    tcase_add_test(runs, linear_regression_turns_positive_at_two_over_its_sharpness);
    tcase_add_test(runs, regimes_add_up_and_only_what_recurs_is_confirmed);
    tcase_add_test(runs, a_diagram_goes_on_where_one_long_run_would);
    tcase_add_test(runs, linear_and_relu_give_the_same_bits_where_no_relu_is_off_and_only_there);
    tcase_add_test(runs, weights_that_rounding_holds_at_an_unstable_minimum_are_no_chaos);
    suite_add_tcase(suite, runs);
    return run_suite(suite);
}
