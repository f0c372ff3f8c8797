/* The sharpness, which is the loss's own, and the edge of stability, which the weight decay moves: against the reference's Hessian, and
 * against training just below and just above the edge. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/reference.h"
#include "lyapgrad/edge.h"
#include "tests/check.h"
#include "tests/collect_spectrum.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"
#include "tests/support.h"

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_spectrum_plan plan;

static void use(const char *generator, const char *shape, enum lyap_activation hidden, enum lyap_activation output) {
    ck_assert_int_eq(lyap_dataset_parse(&data, generator, 1, 3, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, shape, hidden, output, LYAP_MSE, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    plan.base.window = false;
    plan.base.init = LYAP_INIT_NORMAL;
    plan.base.init_a = 0;
    plan.base.init_b = 0.8;
    plan.base.starts = 5;
    plan.base.setting.epochs = 1;
    plan.base.setting.lr = 0.01;
    plan.curvature = true;
}

/* Largest eigenvalue of the reference's Hessian at w by Jacobi's rotations. */
static double reference_sharpness(const double *w) {
    const size_t n = lyap_network_parameters(&net);
    double *h = malloc(n * n * sizeof *h), *unit = malloc(n * sizeof *unit), most = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) unit[k] = k == i;
        ck_assert_int_eq(lyap_reference_hessian(&net, &data, w, unit, h + i * n, NULL), LYAP_OK);
    }
    for (int sweep = 0; sweep < 60; sweep++)
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++) {
                if (fabs(h[p * n + q]) < 1e-300) continue;
                double theta = (h[q * n + q] - h[p * n + p]) / (2 * h[p * n + q]);
                double t = copysign(1, theta) / (fabs(theta) + sqrt(1 + theta * theta)), c = 1 / sqrt(1 + t * t),
                       s = t * c;
                for (size_t k = 0; k < n; k++) {
                    double a = h[k * n + p], b = h[k * n + q];
                    h[k * n + p] = c * a - s * b;
                    h[k * n + q] = s * a + c * b;
                }
                for (size_t k = 0; k < n; k++) {
                    double a = h[p * n + k], b = h[q * n + k];
                    h[p * n + k] = c * a - s * b;
                    h[q * n + k] = s * a + c * b;
                }
            }
    for (size_t i = 0; i < n; i++) most = fmax(most, h[i * n + i]);
    free(h);
    free(unit);
    return most;
}

/* Every optimiser kind with a weight decay, on full batches and on mini-batches, where the sharpness is that of all samples. */
START_TEST(the_sharpness_is_that_of_the_loss_whatever_the_weight_decay) {
    const size_t n = 17;
    double *starts = malloc(2 * 5 * n * sizeof *starts), *both = malloc(2 * n * sizeof *both);
    use("moons:24,0.2", "2-4-1", LYAP_TANH, LYAP_SIGMOID);
    for (uint64_t s = 0; s < 5; s++) {
        plan.base.neighbours = 1;
        ck_assert_int_eq(lyap_ensemble_initial(&plan.base, s, 1, both, NULL), LYAP_OK);
        memcpy(starts + s * n, both, n * sizeof *both);
    }
    plan.base.weights = starts;
    lyap_optimiser_defaults(&plan.base.optimiser, (enum lyap_optimiser_kind)(_i / 2));
    if (_i % 2) plan.base.optimiser.batch = 5;
    plan.base.optimiser.weight_decay = 0;
    struct spectra without = run_spectra(&plan);
    plan.base.optimiser.weight_decay = 0.75;
    struct spectra with = run_spectra(&plan);
    for (size_t s = 0; s < 5; s++) {
        ck_assert_double_eq(with.records[s].sharpness_first, without.records[s].sharpness_first);
        ck_assert_double_eq(with.records[s].smallest_first, without.records[s].smallest_first);
        ck_assert_double_eq_tol(with.records[s].sharpness_first, reference_sharpness(starts + s * n), 1e-10);
    }
    spectra_free(&without);
    spectra_free(&with);
    lyap_dataset_free(&data);
    free(starts);
    free(both);
}
END_TEST

/* The gradient of loss and penalty after so many steps of the reference. */
static double gradient_after(const struct lyap_optimiser *o, double lr, size_t steps) {
    double state[8] = {0.5, -0.25, 0.75, 0}, gradient[4], sum = 0, *series = malloc(2 * steps * sizeof *series);
    const size_t n = lyap_network_parameters(&net);
    ck_assert_int_eq(lyap_reference_train(&(const struct lyap_reference_training){&net, &data, o, lr, steps}, state, 1,
                                          series, series + steps, NULL),
                     LYAP_OK);
    lyap_reference_gradient(&net, &data, state, gradient);
    for (size_t i = 0; i < n; i++) sum += pow(gradient[i] + o->weight_decay * state[i], 2);
    free(series);
    return sqrt(sum);
}

static const struct {
    enum lyap_optimiser_kind kind;
    double momentum;
} kinds[] = {{LYAP_GD, 0.9}, {LYAP_MOMENTUM, 0.5}, {LYAP_MOMENTUM, 0.9}, {LYAP_NESTEROV, 0.3}, {LYAP_NESTEROV, 0.9}};
enum { KINDS = sizeof kinds / sizeof *kinds };
static const double decays[] = {0, 0.25, 3};

START_TEST(linear_regression_converges_below_the_edge_and_diverges_above) {
    use("linear-teacher:20,2,1,0.3", "2-1", LYAP_LINEAR, LYAP_LINEAR);
    struct lyap_optimiser *o = &plan.base.optimiser;
    lyap_optimiser_defaults(o, kinds[_i % KINDS].kind);
    o->momentum = kinds[_i % KINDS].momentum;
    o->weight_decay = decays[_i / KINDS];
    struct spectra s = run_spectra(&plan);
    double edge = lyap_edge_rate(o, net.layers, s.records[0].sharpness_last);
    ck_assert_double_gt(edge, 0);
    ck_assert_double_lt(gradient_after(o, 0.98 * edge, 4000), 1e-9);
    ck_assert(!(gradient_after(o, 1.02 * edge, 4000) <= 1e9)); /* or no number any more */
    spectra_free(&s);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(there_is_no_edge_where_the_sharpness_tells_none) {
    struct lyap_optimiser o;
    for (int kind = 0; kind < LYAP_OPTIMISER_COUNT; kind++) {
        lyap_optimiser_defaults(&o, (enum lyap_optimiser_kind)kind);
        ck_assert_int_eq(lyap_edge_known(&o, 2), kind <= LYAP_NESTEROV);
        ck_assert_int_eq(lyap_edge_rate(&o, 2, 4) > 0, kind <= LYAP_NESTEROV);
    }
    lyap_optimiser_defaults(&o, LYAP_GD);
    ck_assert_double_eq(lyap_edge_rate(&o, 2, 4), 0.5);
    ck_assert_double_eq(lyap_edge_rate(&o, 2, 0), 0);
    ck_assert_double_eq(lyap_edge_rate(&o, 2, -4), 0);
    ck_assert_double_eq(lyap_edge_rate(&o, 2, (double)NAN), 0);
    ck_assert_double_eq(lyap_edge_rate(&o, 2, (double)INFINITY), 0);
    o.weight_decay = 1;
    ck_assert_double_eq(lyap_edge_rate(&o, 2, 0), 2); /* the decay alone */
    ck_assert_double_eq(lyap_edge_rate(&o, 2, -0.5), 4);
    ck_assert_double_eq(lyap_edge_rate(&o, 2, -1), 0);
    struct lyap_optimiser changed[4] = {o, o, o, o};
    changed[0].batch = 2;
    changed[1].schedule = LYAP_COSINE;
    changed[2].layer_rate[1] = 0.5;
    changed[3].layer_rate[2] = 0.5; /* of no layer of these two */
    for (int i = 0; i < 4; i++) ck_assert_int_eq(lyap_edge_rate(&changed[i], 2, 4) > 0, i == 3);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("edge");
    TCase *tc = tcase_create("edge");
    tcase_add_loop_test(tc, the_sharpness_is_that_of_the_loss_whatever_the_weight_decay, 0, 2 * LYAP_OPTIMISER_COUNT);
    tcase_add_loop_test(tc, linear_regression_converges_below_the_edge_and_diverges_above, 0,
                        KINDS * (int)(sizeof decays / sizeof *decays));
    tcase_add_test(tc, there_is_no_edge_where_the_sharpness_tells_none);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
