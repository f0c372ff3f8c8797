/* How much work the benchmark says that a kernel does, counted by hand for 2-2-1, four samples, mean squared error; what bounds that. */
#include "bench/count.h"
#include "bench/kernel.h"
#include "bench/limits.h"
#include "bench/machine.h"
#include "bench/options.h"
#include "tests/support.h"

static struct lyap_network paper(enum lyap_activation activation) {
    struct lyap_network net;
    ck_assert(!lyap_network_init(&net, "2-2-1", activation, activation, LYAP_MSE, NULL));
    return net;
}

START_TEST(operations_of_the_linear_step) {
    struct lyap_network net = paper(LYAP_LINEAR);
    /* Forward: 4 samples x (2 units x 2 + 1 unit x 2) multiply-adds. */
    struct bench_count forward = bench_count_forward(&net, 4, 4);
    ck_assert_double_eq(forward.fma, 24);
    ck_assert_double_eq(forward.mul + forward.add, 0);
    ck_assert_double_eq(forward.bytes, 9 * 4);
    /* Back: 4 differences, 8 products; gradient of 6 weights: a product and 3 multiply-adds each, of 3 biases: 3 sums. */
    struct bench_count gradient = bench_count_gradient(&net, 4, 4);
    ck_assert_double_eq(gradient.mul, 8 + 6);
    ck_assert_double_eq(gradient.fma, 24 + 18);
    ck_assert_double_eq(gradient.add, 4 + 9);
    /* A neighbour adds 9 updates and 9 squared differences, a root and a sum: 97 operations with 74 in the multiplier. */
    struct bench_count step = bench_count_step(&net, 4, 1000000, 4);
    ck_assert_double_eq_tol(step.fma + step.mul, 74, 1e-4);
    ck_assert_double_eq_tol(step.add, 23, 1e-4);
    ck_assert_double_eq_tol(step.sqrt, 1, 1e-4);
    ck_assert_double_eq_tol(step.bytes, 3 * 9 * 4, 1e-3);
    ck_assert_double_eq_tol(bench_count_flops(&step), 2 * 60 + 14 + 23 + 1, 1e-3);
}
END_TEST

START_TEST(operations_of_the_activations) {
    struct lyap_network sigmoid = paper(LYAP_SIGMOID), tanh_net = paper(LYAP_TANH), relu = paper(LYAP_RELU);
    struct bench_count s = bench_count_gradient(&sigmoid, 4, 4), t = bench_count_gradient(&tanh_net, 4, 4);
    struct bench_count r = bench_count_gradient(&relu, 4, 4);
    ck_assert_double_eq(s.exp, 12);
    ck_assert_double_eq(s.div, 12);
    ck_assert_double_eq(s.add, 13 + 24);
    ck_assert_double_eq(s.mul, 14 + 12);
    ck_assert_double_eq(t.tanh, 12);
    ck_assert_double_eq(t.fma, 42 + 12);
    ck_assert_double_eq(r.relu, 12);
    ck_assert_double_eq(r.gate, 12);
    struct bench_count draw = bench_count_draw(1, 4);
    ck_assert_double_eq(draw.log, 0.5);
    ck_assert_double_eq(draw.words, 5);
}
END_TEST

START_TEST(operations_of_the_parts_are_those_of_the_step) {
    struct lyap_network net = paper(LYAP_LINEAR), relu = paper(LYAP_RELU);
    struct bench_count back = bench_count_backward(&net, 4, 4), gates = bench_count_backward(&relu, 4, 4);
    ck_assert_double_eq(back.add, 4);
    ck_assert_double_eq(back.mul, 8);
    ck_assert_double_eq(back.fma + back.gate, 0);
    ck_assert_double_eq(back.bytes, (2 + 4 + 12) * 4); /* weights, outputs; 12 deltas */
    ck_assert_double_eq(gates.gate, 12);
    ck_assert_double_eq(gates.bytes, (2 + 12 + 12) * 4);
    struct bench_count distance = bench_count_distance(9, 24, 4);
    ck_assert_double_eq_tol(distance.fma, 9 * 0.96, 1e-12);
    ck_assert_double_eq_tol(distance.add, 10 * 0.96, 1e-12);
    ck_assert_double_eq_tol(distance.sqrt, 0.96, 1e-12);
    struct bench_count gradient = bench_count_gradient(&net, 4, 4), step = bench_count_step(&net, 4, 24, 4);
    ck_assert_double_eq_tol(step.fma, gradient.fma + 9 + 0.04 * 4 + distance.fma, 1e-12);
    ck_assert_double_eq_tol(step.add, gradient.add + distance.add, 1e-12);
}
END_TEST

START_TEST(operations_of_the_tangent_step) {
    struct lyap_network net = paper(LYAP_LINEAR), relu = paper(LYAP_RELU), tanh_net = paper(LYAP_TANH);
    /* The parent: 56 of the gradient, 9 updates, 4 squared errors. A direction: forward 16 + 2 x 8, back 2 x 8, sums of
     * the first layer 4 x 4 and of the second 2 x 8, 9 updates. */
    struct bench_count c = bench_count_tangent(&net, 4, 1, 1000000000, 4);
    ck_assert_double_eq_tol(c.fma + c.mul, (56 + 9 + 4) + (32 + 16 + 16 + 16 + 9), 1e-6);
    ck_assert_double_eq_tol(c.add, 13 + 9, 1e-6);
    ck_assert_double_eq(c.bytes, 4 * 9 * 4);
    struct bench_count nine = bench_count_tangent(&net, 4, 9, 1000000000, 4);
    ck_assert_double_eq_tol(nine.fma + nine.mul, 69 + 9 * 89, 1e-6);
    struct bench_count gates = bench_count_tangent(&relu, 4, 1, 1000000000, 4);
    ck_assert_double_eq_tol(gates.gate, 12 + 12 + 8, 1e-6);
    ck_assert_double_eq_tol(gates.fma + gates.mul, c.fma + c.mul, 1e-6);
    /* Tanh: f' and its product 12 each; 2 x 12 of the bend and 4 of the output's; slopes 12 + 8; the bend's 8. */
    struct bench_count t = bench_count_tangent(&tanh_net, 4, 1, 1000000000, 4);
    ck_assert_double_eq_tol(t.fma + t.mul, c.fma + c.mul + 24 + 24 + 4 + 20 + 8, 1e-6);
    ck_assert_double_eq(t.tanh, 12);
}
END_TEST

START_TEST(operations_of_gram_schmidt) {
    struct bench_count one = bench_count_orthonormal(9, 1), two = bench_count_orthonormal(9, 2);
    ck_assert_double_eq(one.fma, 8);
    ck_assert_double_eq(one.mul, 1 + 9 + 1);
    ck_assert_double_eq(one.div, 1);
    ck_assert_double_eq(one.sqrt, 1);
    /* The pair: a dot product (a product and 8), its share, 9 of the update, one of the share's square. */
    ck_assert_double_eq(two.fma + two.mul, 2 * 19 + 9 + 1 + 9 + 1);
    ck_assert_double_eq(two.div, 3);
    struct lyap_network net = paper(LYAP_LINEAR);
    struct bench_count often = bench_count_tangent(&net, 4, 2, 1, 4), rarely = bench_count_tangent(&net, 4, 2, 2, 4);
    ck_assert_double_eq_tol(often.fma - rarely.fma, two.fma / 2, 1e-12);
    ck_assert_double_eq_tol(often.div - rarely.div, 1.5, 1e-12);
}
END_TEST

START_TEST(every_kernel_has_a_bound) {
    struct lyap_dataset data = {0};
    ck_assert(!lyap_dataset_xor(&data, NULL));
    for (int i = 0; bench_kernels[i]; i++) {
        struct bench_case c = {.kernel = bench_kernels[i],
                               .net = paper(LYAP_RELU),
                               .data = &data,
                               .neighbours = 24,
                               .epochs = 5,
                               .starts = 1};
        ck_assert_msg(c.kernel->count && c.kernel->working_set, "%s", c.kernel->name);
        struct bench_count count = c.kernel->count(&c);
        ck_assert_msg(count.bytes > 0 && bench_count_flops(&count) > 0, "%s", c.kernel->name);
        ck_assert_double_gt(c.kernel->working_set(&c), 0);
    }
    /* Three panels of 10,000 starts, 5 epochs and 25 networks, one of 100 epochs, and at most 50 of 100: their steps alone
     * have about 25 x 3 x (50,000 + 100 + 5,000) x 74 operations, fewer by what diverges. */
    struct bench_case c = {
        .kernel = &bench_paper, .net = paper(LYAP_LINEAR), .data = &data, .starts = BENCH_PAPER_STARTS};
    struct bench_count figures = bench_paper.count(&c);
    double steps = 25 * 3 * 50100.0 * 74, most = 25 * 3 * 55100.0 * (74 + 24) + 3 * 10051 * 2000.0;
    ck_assert_double_gt(figures.fma + figures.mul, steps);
    ck_assert_double_lt(figures.fma + figures.mul, most);
    ck_assert_double_ge(figures.exp, 25 * 12 * 50000.0); /* the sigmoid's panel */
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(the_bound_is_the_largest_limit) {
    struct bench_limits limits = {
        .fma = 1, .add = 0, .any = 0.5, .div = 10, .exp = 20, .update_l1 = 1, .update_l2 = 0.5};
    struct bench_machine machine = {.l1 = 1000, .l2 = 2000};
    const char *which = "";
    struct bench_count c = {.fma = 8, .mul = 2, .add = 4};
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 100, &machine, &which), 10);
    ck_assert_str_eq(which, "issue");
    c.add = 20; /* 30 operations at the rate of any */
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 100, &machine, &which), 15);
    c.exp = 1;
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 100, &machine, &which), 35);
    ck_assert_str_eq(which, "sleef");
    c.div = 4;
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 100, &machine, &which), 40);
    ck_assert_str_eq(which, "divider");
    c.bytes = 50;
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 1500, &machine, &which), 100);
    ck_assert_str_eq(which, "L2");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("bench_count");
    TCase *tc = tcase_create("bench_count");
    tcase_add_test(tc, operations_of_the_linear_step);
    tcase_add_test(tc, operations_of_the_activations);
    tcase_add_test(tc, operations_of_the_parts_are_those_of_the_step);
    tcase_add_test(tc, operations_of_the_tangent_step);
    tcase_add_test(tc, operations_of_gram_schmidt);
    tcase_add_test(tc, every_kernel_has_a_bound);
    tcase_add_test(tc, the_bound_is_the_largest_limit);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
