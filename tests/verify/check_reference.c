#include "bench/reference/reference.h"

#include <math.h>
#include <stdbool.h>

#include "tests/support.h"

enum { MAX_PARAMETERS = 128 };

static struct lyap_network make(const char *shape, int hidden, int output, int loss) {
    struct lyap_network net;
    struct lyap_error error = {0};
    enum lyap_status status = lyap_network_init(&net, shape, (enum lyap_activation)hidden, (enum lyap_activation)output,
                                                (enum lyap_loss)loss, &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    ck_assert_uint_le(lyap_network_parameters(&net), MAX_PARAMETERS);
    return net;
}

/* Parameters and data uniform in [-1, 1), targets in [0, 1). */
static void fill(double *values, size_t n, double low, uint64_t *state) {
    for (size_t i = 0; i < n; i++) values[i] = low + (1 - low) * (test_random(state) + 1) / 2;
}

static const char *const shapes[] = {"3-2", "3-4-2", "3-5-3-2", "3-1-4-2-2", "3-2-3-2-3-2"};
enum { SHAPES = sizeof shapes / sizeof *shapes, LAWS = LYAP_ACTIVATION_COUNT * LYAP_ACTIVATION_COUNT };

/* Loop index: shape, then hidden and output activation. The central difference of step h errs by h^2 f'''/6 and by
 * 2^-53 f/h: 1e-10 for h = 1e-5 and a loss of about 1. A ReLU's kink lies within h of no z here: the test would fail. */
START_TEST(the_gradient_is_the_central_difference_of_the_loss) {
    int hidden = _i / SHAPES / LYAP_ACTIVATION_COUNT;
    int output = _i / SHAPES % LYAP_ACTIVATION_COUNT;
    enum { SAMPLES = 7 };
    double x[SAMPLES * 3], y[SAMPLES * 2];
    for (int loss = 0; loss < LYAP_LOSS_COUNT; loss++) {
        if (loss == LYAP_BCE && output != LYAP_SIGMOID) continue;
        if (loss == LYAP_SOFTMAX && output != LYAP_LINEAR) continue;
        struct lyap_network net = make(shapes[_i % SHAPES], hidden, output, loss);
        size_t parameters = lyap_network_parameters(&net);
        uint64_t state = (uint64_t)_i + 1;
        fill(x, SAMPLES * 3, -1, &state);
        fill(y, SAMPLES * 2, 0, &state);
        for (int s = 0; loss == LYAP_SOFTMAX && s < SAMPLES; s++) y[2 * s + 1] = 1 - y[2 * s];
        const struct lyap_dataset data = {SAMPLES, 3, 2, x, y};
        double w[MAX_PARAMETERS], gradient[MAX_PARAMETERS];
        fill(w, parameters, -1, &state);
        double value = lyap_reference_gradient(&net, &data, w, gradient);
        ck_assert_double_eq(lyap_reference_loss(&net, &data, w), value);
        for (size_t i = 0; i < parameters; i++) {
            const double h = 1e-5;
            double kept = w[i];
            w[i] = kept + h;
            double up = lyap_reference_loss(&net, &data, w);
            w[i] = kept - h;
            double down = lyap_reference_loss(&net, &data, w);
            w[i] = kept;
            double difference = (up - down) / (2 * h);
            ck_assert_msg(fabs(gradient[i] - difference) < 1e-9 * (1 + value), "%s %s %s %s: parameter %zu: %g, %g",
                          shapes[_i % SHAPES], lyap_activation_name((enum lyap_activation)hidden),
                          lyap_activation_name((enum lyap_activation)output), lyap_loss_name((enum lyap_loss)loss), i,
                          gradient[i], difference);
        }
    }
}
END_TEST

/* Linear 2-2-1 on XOR with h0 = a + 3b + 1/2, h1 = 2a + 4b - 1/2, y = h0 - h1 + 1/4 = 5/4 - a - b. Errors y - target:
 * 5/4, -3/4, -3/4, -3/4; loss (25 + 27)/16/4 = 13/16; dL/dy = error/2 = 5/8, -3/8, -3/8, -3/8, of sum -1/2. Then
 * dv0 = sum dL/dy h0 = -13/4, dv1 = -17/4, dc = -1/2; dw00 = dw10 = -3/4, dw01 = dw11 = 3/4, db0 = -1/2, db1 = 1/2.
 * All numbers are binary fractions, so the step is exact. */
START_TEST(one_step_of_a_two_two_one_network_is_as_by_hand) {
    struct lyap_network net = make("2-2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE);
    struct lyap_dataset data;
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    double w[] = {1, 2, 3, 4, 0.5, -0.5, 1, -1, 0.25};
    const double gradient[] = {-0.75, 0.75, -0.75, 0.75, -0.5, 0.5, -3.25, -4.25, -0.5};
    const double after[] = {1.375, 1.625, 3.375, 3.625, 0.75, -0.75, 2.625, 1.125, 0.5};
    double computed[9], distance, loss;
    ck_assert_double_eq(lyap_reference_gradient(&net, &data, w, computed), 0.8125);
    for (int i = 0; i < 9; i++) ck_assert_double_eq(computed[i], gradient[i]);
    ck_assert_int_eq(lyap_reference_run(&(const struct lyap_reference_training){&net, &data, NULL, 0.5, 1}, w, 1,
                                        &distance, &loss, NULL),
                     LYAP_OK);
    ck_assert_double_eq(loss, 0.8125);
    ck_assert_double_eq(distance, 0); /* no neighbours */
    for (int i = 0; i < 9; i++) ck_assert_double_eq(w[i], after[i]);
    lyap_dataset_free(&data);
}
END_TEST

/* One sample x = 1, target 1, all weights 0: sigmoid layers give h = 1/2, y = 1/2; loss 1/4; dL/dz2 = 2 (-1/2) 1/4 =
 * -1/4; dv = -1/8, dc = -1/4. With bce: loss ln 2, dL/dz2 = -1/2, dv = -1/4, dc = -1/2. v = 0 stops the rest. */
START_TEST(sigmoid_layers_at_zero_are_as_by_hand) {
    double x = 1, y = 1;
    const struct lyap_dataset data = {1, 1, 1, &x, &y};
    const double w[4] = {0};
    double gradient[4];
    struct lyap_network net = make("1-1-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE);
    ck_assert_double_eq(lyap_reference_gradient(&net, &data, w, gradient), 0.25);
    const double mse[] = {0, 0, -0.125, -0.25};
    for (int i = 0; i < 4; i++) ck_assert_double_eq(gradient[i], mse[i]);
    net = make("1-1-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_BCE);
    ck_assert_double_eq_tol(lyap_reference_gradient(&net, &data, w, gradient), log(2), 1e-15);
    const double bce[] = {0, 0, -0.25, -0.5};
    for (int i = 0; i < 4; i++) ck_assert_double_eq(gradient[i], bce[i]);
}
END_TEST

START_TEST(the_loss_is_the_mean_over_samples_and_outputs) {
    struct lyap_network net = make("1-2", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE);
    double x[] = {1, 2}, y[] = {0, 0, 0, 0};
    const struct lyap_dataset data = {2, 1, 2, x, y};
    const double w[] = {1, 3, 0, 1}; /* outputs (1, 4) and (2, 7) */
    ck_assert_double_eq(lyap_reference_loss(&net, &data, w), (1 + 16 + 4 + 49) / 4.0);
}
END_TEST

START_TEST(weights_are_stored_by_input_then_output) {
    struct lyap_network net = make("2-2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE);
    double x[] = {1, 0}, y = 0;
    const struct lyap_dataset data = {1, 2, 1, x, &y};
    const double w[] = {0, 5, 0, 0, 0, 0, 0, 1, 0}; /* w01: input 0 to hidden unit 1, which alone is read */
    ck_assert_double_eq(lyap_reference_loss(&net, &data, w), 25);
}
END_TEST

/* The loss of a linear layer is quadratic; for inputs (+-1, +-3) its Hessian is diagonal: 2 mean(1) = 2, 2 mean(9) = 18
 * and 2 for the bias. Gradient descent maps a difference along parameter i to (1 - lr h_i) times itself. */
START_TEST(distances_on_a_quadratic_shrink_by_its_curvature) {
    struct lyap_network net = make("2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE);
    double x[] = {1, 3, 1, -3, -1, 3, -1, -3}, y[] = {0.3, -0.2, 0.7, 0.1};
    const struct lyap_dataset data = {4, 2, 1, x, y};
    const double curvature[] = {2, 18, 2};
    const double rates[] = {0.01, 0.05, 0.1, 0.12}; /* the last one over 2/18: grows along parameter 1 */
    enum { EPOCHS = 20 };
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 4; k++) {
            double w[6] = {0.4, -0.6, 0.2, 0.4, -0.6, 0.2};
            double distance[EPOCHS], loss[EPOCHS];
            w[3 + i] += 1.0 / 1024;
            ck_assert_int_eq(
                lyap_reference_run(&(const struct lyap_reference_training){&net, &data, NULL, rates[k], EPOCHS}, w, 2,
                                   distance, loss, NULL),
                LYAP_OK);
            double expected = 1.0 / 1024;
            for (int t = 0; t < EPOCHS; t++) {
                expected *= fabs(1 - rates[k] * curvature[i]);
                /* weights of about 1 round by 1e-16 a step; the growing direction amplifies it as it does the rest */
                double tolerance = 1e-14 * fmax(1, expected * 1024);
                ck_assert_msg(fabs(distance[t] - expected) < tolerance, "h %g lr %g t %d: %.17g, not %.17g",
                              curvature[i], rates[k], t, distance[t], expected);
            }
        }
    }
}
END_TEST

START_TEST(the_distance_is_the_mean_of_euclidean_norms_over_the_neighbours) {
    struct lyap_network net = make("2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE);
    double x[] = {0, 0}, y = 1;
    const struct lyap_dataset data = {1, 2, 1, x, &y};
    /* inputs of 0: only the bias moves, alike in all trajectories that share it */
    double w[] = {0, 0, 0, 3, 4, 0, 0, -7, 0};
    double distance[2], loss[2];
    ck_assert_int_eq(lyap_reference_run(&(const struct lyap_reference_training){&net, &data, NULL, 0.25, 2}, w, 3,
                                        distance, loss, NULL),
                     LYAP_OK);
    ck_assert_double_eq(distance[0], 6); /* (5 + 7) / 2 */
    ck_assert_double_eq(distance[1], 6);
    ck_assert_double_eq(loss[0], 1); /* before update 0: bias 0 */
    ck_assert_double_eq(loss[1], 0.25);
    ck_assert_double_eq(w[2], 0.75); /* 0 -> 1/2 -> 3/4 */
    ck_assert_double_eq(w[8], 0.75);
}
END_TEST

START_TEST(a_run_is_the_repeated_gradient_step) {
    struct lyap_network net = make("2-3-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE);
    size_t parameters = lyap_network_parameters(&net);
    struct lyap_dataset data;
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    enum { EPOCHS = 5 };
    double w[2 * MAX_PARAMETERS], start[2 * MAX_PARAMETERS], gradient[MAX_PARAMETERS];
    double distance[EPOCHS], loss[EPOCHS];
    uint64_t state = 9;
    fill(w, 2 * parameters, -1, &state);
    memcpy(start, w, sizeof w);
    ck_assert_int_eq(lyap_reference_run(&(const struct lyap_reference_training){&net, &data, NULL, 0.3, EPOCHS}, w, 2,
                                        distance, loss, NULL),
                     LYAP_OK);
    for (int t = 0; t < EPOCHS; t++) {
        for (size_t k = 0; k < 2; k++) {
            double value = lyap_reference_gradient(&net, &data, start + k * parameters, gradient);
            if (k == 0) ck_assert_double_eq(loss[t], value);
            for (size_t i = 0; i < parameters; i++) start[k * parameters + i] -= 0.3 * gradient[i];
        }
    }
    for (size_t i = 0; i < 2 * parameters; i++) ck_assert_double_eq(w[i], start[i]);
    ck_assert_double_lt(loss[EPOCHS - 1], loss[0]);
    lyap_dataset_free(&data);
}
END_TEST

/* Hidden pre-activations are exactly 0, so a derivative of 1 at 0 would give the weight gradient -2, 1/2 would give -1. */
START_TEST(the_derivative_of_relu_at_zero_is_zero) {
    struct lyap_network net = make("1-1-1", LYAP_RELU, LYAP_LINEAR, LYAP_MSE);
    double x = 1, y = 1;
    const struct lyap_dataset data = {1, 1, 1, &x, &y};
    const double w[] = {1, -1, 1, 0}; /* z = 1*1 - 1 = 0 */
    double gradient[4];
    ck_assert_double_eq(lyap_reference_gradient(&net, &data, w, gradient), 1);
    ck_assert_double_eq(gradient[0], 0);
    ck_assert_double_eq(gradient[1], 0);
    ck_assert_double_eq(gradient[2], 0); /* its input is relu(0) = 0 */
    ck_assert_double_eq(gradient[3], -2);
    const double dead[] = {1, 0, 1, -1}; /* output layer: z = 0 */
    net = make("1-1-1", LYAP_LINEAR, LYAP_RELU, LYAP_MSE);
    ck_assert_double_eq(lyap_reference_gradient(&net, &data, dead, gradient), 1);
    for (int i = 0; i < 4; i++) ck_assert_double_eq(gradient[i], 0);
}
END_TEST

START_TEST(cross_entropy_of_extreme_logits_is_finite_and_exact) {
    struct lyap_network net = make("1-1", LYAP_LINEAR, LYAP_SIGMOID, LYAP_BCE);
    double gradient[2];
    const double w[] = {1000, 0};
    for (int sign = -1; sign <= 1; sign += 2) {
        for (int target = 0; target <= 1; target++) {
            double x = sign, y = target;
            const struct lyap_dataset data = {1, 1, 1, &x, &y};
            bool wrong = (sign > 0) != (target > 0);
            ck_assert_double_eq(lyap_reference_gradient(&net, &data, w, gradient), wrong ? 1000 : 0);
            ck_assert_double_eq(gradient[1], wrong ? sign : 0);
            ck_assert_double_eq(gradient[0], wrong ? 1 : 0); /* sign * x */
        }
    }
}
END_TEST

START_TEST(overflow_comes_out_as_it_is) {
    struct lyap_network net = make("1-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE);
    double x = 1, y = 0;
    const struct lyap_dataset data = {1, 1, 1, &x, &y};
    double w[] = {1, 0, 2, 0};
    double distance[400], loss[400];
    ck_assert_int_eq(lyap_reference_run(&(const struct lyap_reference_training){&net, &data, NULL, 20, 400}, w, 2,
                                        distance, loss, NULL),
                     LYAP_OK);
    ck_assert_double_finite(distance[0]);
    ck_assert(!isfinite(distance[399]));
    ck_assert(!isfinite(loss[399]));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("reference");
    TCase *tests = tcase_create("reference");
    tcase_add_loop_test(tests, the_gradient_is_the_central_difference_of_the_loss, 0, SHAPES * LAWS);
    tcase_add_test(tests, one_step_of_a_two_two_one_network_is_as_by_hand);
    tcase_add_test(tests, sigmoid_layers_at_zero_are_as_by_hand);
    tcase_add_test(tests, the_loss_is_the_mean_over_samples_and_outputs);
    tcase_add_test(tests, weights_are_stored_by_input_then_output);
    tcase_add_test(tests, distances_on_a_quadratic_shrink_by_its_curvature);
    tcase_add_test(tests, the_distance_is_the_mean_of_euclidean_norms_over_the_neighbours);
    tcase_add_test(tests, a_run_is_the_repeated_gradient_step);
    tcase_add_test(tests, the_derivative_of_relu_at_zero_is_zero);
    tcase_add_test(tests, cross_entropy_of_extreme_logits_is_finite_and_exact);
    tcase_add_test(tests, overflow_comes_out_as_it_is);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
