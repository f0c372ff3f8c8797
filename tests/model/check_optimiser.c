/* Optimisers as dynamical systems: exact exponents of quadratics first, then the reference in dual numbers, then the same
 * bits whatever the instruction set and the threads. */
#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/reference.h"
#include "tests/check.h"
#include "tests/collect.h"
#include "tests/collect_spectrum.h"
#include "tests/support.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/random.h"

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_plan plan;

static void new_data(size_t samples, size_t inputs, size_t outputs) {
    data = (struct lyap_dataset){samples, inputs, outputs, NULL, NULL};
    data.x = malloc(samples * inputs * sizeof *data.x);
    data.y = malloc(samples * outputs * sizeof *data.y);
}

static void use_defaults(void) {
    lyap_plan_defaults(&plan, &net, &data);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.isa, NULL), LYAP_OK);
    plan.window = false;
    plan.precision = LYAP_FLOAT64;
    plan.init = LYAP_INIT_NORMAL;
    plan.init_a = 0;
    plan.init_b = 0.5;
}

/* Linear regression of one weight and a bias over x = -1, +1 is a quadratic bowl: the Hessian of the mean squared error is
 * diag(2, 2). */
static void use_line(void) {
    new_data(2, 1, 1);
    data.x[0] = -1;
    data.x[1] = 1;
    data.y[0] = 0.25;
    data.y[1] = 0.5;
    ck_assert_int_eq(lyap_network_init(&net, "1-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    use_defaults();
}

/* Three classes whose centres lie on a triangle. */
static void use_classes(const char *shape, size_t samples, enum lyap_activation hidden) {
    static const double corner[3][2] = {{1, 0}, {-0.5, 0.866}, {-0.5, -0.866}};
    new_data(samples, 2, 3);
    for (size_t s = 0; s < samples; s++) {
        double noise[2];
        lyap_random_normal(3, LYAP_STREAM_DATA, s, 0, 2, noise);
        data.x[2 * s] = corner[s % 3][0] + 0.3 * noise[0];
        data.x[2 * s + 1] = corner[s % 3][1] + 0.3 * noise[1];
        for (size_t o = 0; o < 3; o++) data.y[3 * s + o] = o == s % 3;
    }
    ck_assert_int_eq(lyap_network_init(&net, shape, hidden, LYAP_LINEAR, LYAP_SOFTMAX, NULL), LYAP_OK);
    use_defaults();
}

static void use_noisy(const char *shape, size_t samples, enum lyap_activation hidden) {
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 3, samples, 0.3, 5, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, shape, hidden, LYAP_SIGMOID, LYAP_MSE, NULL), LYAP_OK);
    use_defaults();
}

static void use_optimiser(int kind) {
    lyap_optimiser_defaults(&plan.optimiser, (enum lyap_optimiser_kind)kind);
}

static double tangent_exponent(enum lyap_regime *regime) {
    struct lyap_spectrum_plan spectrum;
    lyap_spectrum_defaults(&spectrum, &net, &data);
    spectrum.base = plan;
    struct spectra s = run_spectra(&spectrum);
    double lambda = s.lambda[0].lambda;
    if (regime) *regime = s.records[0].regime;
    spectra_free(&s);
    return lambda;
}

/* Linear regression contracts every direction by 1 - lr h; with a decay h grows by it. */
START_TEST(linear_regression_has_the_exponent_of_its_quadratic) {
    static const double rates[] = {0.1, 0.3, 0.7, 0.95}, decays[] = {0, 0.25};
    for (int i = 0; i < 8; i++) {
        use_line();
        plan.optimiser.weight_decay = decays[i % 2];
        plan.setting = (struct lyap_setting){.lr = rates[i / 2], .perturbation = 1e-3, .epochs = 400};
        double exact = log(fabs(1 - rates[i / 2] * (2 + decays[i % 2])));
        ck_assert_double_eq_tol(tangent_exponent(NULL), exact, 1e-12);
        lyap_dataset_free(&data);
    }
}
END_TEST

/* The heavy ball's matrix on (w, m) has the eigenvalues of z^2 - (1 + mu - lr h) z + mu, Nesterov's on a bowl those of
 * z^2 - (1 + mu)(1 - lr h) z + mu (1 - lr h): the exponent is ln of the larger modulus. */
START_TEST(momentum_on_a_quadratic_has_the_spectral_radius_of_its_companion_matrix) {
    static const double rates[] = {0.02, 0.3, 1.0, 1.7};
    for (int i = 0; i < 16; i++) {
        int kind = i % 2 ? LYAP_NESTEROV : LYAP_MOMENTUM;
        double lr = rates[i / 4], mu = 0.8, q = 1 - 2 * lr;
        use_line();
        use_optimiser(kind);
        plan.optimiser.momentum = mu;
        plan.optimiser.full_state = i / 2 % 2;
        plan.setting = (struct lyap_setting){.lr = lr, .perturbation = 1e-3, .epochs = 40000};
        plan.escape = DBL_MAX;
        double trace = kind == LYAP_MOMENTUM ? 1 + mu - 2 * lr : (1 + mu) * q,
               det = kind == LYAP_MOMENTUM ? mu : mu * q;
        double complex root = csqrt(trace * trace / 4 - det);
        double radius = fmax(cabs(trace / 2 + root), cabs(trace / 2 - root));
        enum lyap_regime regime;
        double lambda = tangent_exponent(&regime);
        if (radius < 1) ck_assert_double_eq_tol(lambda, log(radius), 3e-4); /* rotating pairs: O(1/steps) */
        ck_assert_int_eq(regime, radius < 1 ? LYAP_STILL : LYAP_DIVERGED);
        lyap_dataset_free(&data);
    }
}
END_TEST

/* Without epsilon, Adam's first step is lr times the sign of the gradient, and NAdam's 1 + beta1 times that. */
START_TEST(adams_first_step_is_the_sign_of_the_gradient) {
    const double length = _i ? 0.125 * 1.9 : 0.125;
    use_noisy("3-4-1", 16, LYAP_TANH);
    use_optimiser(_i ? LYAP_NADAM : LYAP_ADAM);
    plan.optimiser.epsilon = 0;
    plan.setting = (struct lyap_setting){.lr = 0.125, .perturbation = 1e-4, .epochs = 1};
    plan.last_weights = true;
    plan.neighbours = 1;
    size_t n = lyap_network_parameters(&net);
    double *w = malloc(3 * n * sizeof *w), *gradient = w + 2 * n;
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, 1, w, NULL), LYAP_OK);
    struct collected all = run_plan(&plan);
    lyap_reference_gradient(&net, &data, w, gradient);
    for (size_t p = 0; p < n; p++)
        ck_assert_double_eq_tol(all.weights[p], w[p] - (gradient[p] > 0 ? length : -length), 1e-12);
    collected_free(&all);
    free(w);
    lyap_dataset_free(&data);
}
END_TEST

/* What is asked of the optimisers beside their kind. */
static void use_variant(int variant) {
    struct lyap_optimiser *o = &plan.optimiser;
    if (variant == 1) o->weight_decay = 0.05;
    if (variant == 2) {
        o->schedule = LYAP_COSINE;
        o->schedule_factor = 0.1;
        o->warm_up = 20;
        o->full_state = true;
    }
    if (variant == 3) {
        o->schedule = LYAP_STEP_DECAY;
        o->schedule_every = 100;
        o->schedule_factor = 0.7;
        o->batch = 7;
        o->layer_rate[0] = 0.5;
        o->layer_rate[1] = 1.5;
    }
}

/* Compares all steps of a start with the reference from the same weights. */
static void compare_with_reference(double lr, size_t c, double tolerance) {
    size_t n = lyap_network_parameters(&net), trajectories = plan.neighbours + 1;
    size_t dimension = n * (1 + lyap_optimiser_buffers(plan.optimiser.kind)), epochs = plan.setting.epochs;
    double *w = malloc(plan.starts * trajectories * n * sizeof *w), *state = malloc(trajectories * dimension * 8);
    double *distance = malloc(2 * epochs * sizeof *distance), *loss = distance + epochs;
    plan.setting.lr = lr;
    plan.series = plan.last_weights = true;
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, plan.starts, w, NULL), LYAP_OK);
    struct collected all = run_plan(&plan);
    memset(state, 0, trajectories * dimension * sizeof *state);
    for (size_t t = 0; t < trajectories; t++)
        memcpy(state + t * dimension, w + (c * trajectories + t) * n, n * sizeof *w);
    ck_assert_int_eq(
        lyap_reference_train(&(const struct lyap_reference_training){&net, &data, &plan.optimiser, lr, epochs}, state,
                             trajectories, distance, loss, NULL),
        LYAP_OK);
    ck_assert_uint_eq(all.records[c].length, epochs);
    for (size_t t = 0; t < epochs; t++) {
        ck_assert_double_eq_tol(all.loss[c * all.stride + t], loss[t], tolerance * fmax(loss[t], 1e-3));
        ck_assert_double_eq_tol(all.distance[c * all.stride + t], distance[t],
                                tolerance * fmax(distance[t], 1e-6) * 1e3);
    }
    for (size_t p = 0; p < n; p++)
        ck_assert_double_eq_tol(all.weights[c * n + p], state[p], tolerance * fmax(fabs(state[p]), 1));
    collected_free(&all);
    free(w);
    free(state);
    free(distance);
}

enum { VARIANTS = 4 };

START_TEST(every_optimiser_follows_the_reference_over_a_thousand_steps) {
    int kind = _i / VARIANTS;
    double lr = kind == LYAP_GD ? 0.2 : kind <= LYAP_NESTEROV ? 0.05 : 0.002;
    if ((_i + kind) % 2) /* the two data sets take turns */
        use_classes("2-5-3", 30, LYAP_GELU);
    else
        use_noisy("3-5-1", 32, LYAP_TANH);
    use_optimiser(kind);
    /* A square root near zero has no bound on its derivative: rounding then grows without one. */
    if (kind >= LYAP_RMSPROP) plan.optimiser.epsilon = 1e-3;
    use_variant(_i % VARIANTS);
    plan.starts = 3;
    plan.neighbours = 2;
    plan.setting.perturbation = 1e-3;
    plan.setting.epochs = work(1000, 150);
    /* The starts take turns: the reference takes most of the time. */
    compare_with_reference(lr, (size_t)_i % 3, 1e-9);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(every_optimisers_tangent_follows_the_reference) {
    int kind = _i / VARIANTS;
    use_classes("2-5-3", 30, kind % 2 ? LYAP_SILU : LYAP_SIN);
    use_optimiser(kind);
    if (kind >= LYAP_RMSPROP) plan.optimiser.epsilon = 1e-3;
    use_variant(_i % VARIANTS);
    plan.setting = (struct lyap_setting){.lr = kind == LYAP_GD         ? 0.2
                                               : kind <= LYAP_NESTEROV ? 0.05
                                                                       : 0.002,
                                         .perturbation = 1e-3,
                                         .epochs = 300};
    size_t n = lyap_network_parameters(&net), buffers = lyap_optimiser_buffers(plan.optimiser.kind);
    size_t dimension = n * (1 + buffers);
    double *state = calloc(3 * dimension + 2 * n, sizeof *state), *v = state + dimension, *w = v + dimension, lambda;
    struct lyap_plan initial = plan;
    initial.neighbours = 1;
    ck_assert_int_eq(lyap_ensemble_initial(&initial, 0, 1, w, NULL), LYAP_OK);
    memcpy(state, w, n * sizeof *w);
    lyap_random_normal(plan.seed, LYAP_STREAM_PERTURBATION, 0, 0, dimension, v);
    for (size_t i = n; !plan.optimiser.full_state && i < dimension; i++) v[i] = 0;
    ck_assert_int_eq(lyap_reference_tangent(
                         &(const struct lyap_reference_training){&net, &data, &plan.optimiser, plan.setting.lr, 300},
                         state, v, &lambda, NULL),
                     LYAP_OK);
    ck_assert_double_eq_tol(tangent_exponent(NULL), lambda, 1e-9);
    free(state);
    lyap_dataset_free(&data);
}
END_TEST

/* 64 of 65 samples of a wide network go through in one piece, all 65 in two. */
START_TEST(a_batch_may_go_through_in_longer_pieces_than_all_samples) {
    use_classes("2-300-3", 65, LYAP_TANH);
    plan.optimiser.batch = 64;
    plan.setting = (struct lyap_setting){.lr = 0.01, .perturbation = 1e-3, .epochs = 5};
    size_t n = lyap_network_parameters(&net);
    double *state = malloc(4 * n * sizeof *state), *v = state + 2 * n, lambda;
    struct lyap_plan initial = plan;
    initial.neighbours = 1;
    ck_assert_int_eq(lyap_ensemble_initial(&initial, 0, 1, state, NULL), LYAP_OK);
    lyap_random_normal(plan.seed, LYAP_STREAM_PERTURBATION, 0, 0, n, v);
    ck_assert_int_eq(lyap_reference_tangent(
                         &(const struct lyap_reference_training){&net, &data, &plan.optimiser, plan.setting.lr, 5},
                         state, v, &lambda, NULL),
                     LYAP_OK);
    ck_assert_double_eq_tol(tangent_exponent(NULL), lambda, 1e-11);
    free(state);
    lyap_dataset_free(&data);
}
END_TEST

static uint64_t digest_of_run(bool curvature) {
    struct collected all = run_plan(&plan);
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t c = 0; c < all.cells; c++) digest = lyap_digest_record(digest, &all.records[c]);
    for (size_t i = 0; i < all.cells * lyap_network_parameters(&net); i++)
        digest = lyap_digest_double(digest, all.weights[i]);
    for (size_t c = 0; c < all.cells; c++) {
        digest = lyap_digest_double(digest, all.evaluation[c].train_loss);
        digest = lyap_digest_double(digest, all.evaluation[c].train_accuracy);
    }
    collected_free(&all);
    struct lyap_spectrum_plan spectrum;
    lyap_spectrum_defaults(&spectrum, &net, &data);
    spectrum.base = plan;
    spectrum.exponents = 3;
    spectrum.curvature = curvature;
    struct spectra s = run_spectra(&spectrum);
    for (size_t c = 0; c < s.cells; c++) digest = lyap_digest_spectrum(digest, &s.records[c], s.lambda + 3 * c, 3);
    spectra_free(&s);
    return digest;
}

/* The precisions take turns, so that each meets every optimiser and every variant; the recorded bits are of all together. The curvature is that of
 * the loss, whatever the optimiser: its products, most of the work, are made for one variant of each. */
START_TEST(every_optimiser_gives_the_same_bits_on_every_isa_and_number_of_threads) {
    const int kind = _i / VARIANTS, variant = _i % VARIANTS;
    use_classes("2-6-4-3", 31, (enum lyap_activation)(LYAP_LEAKY_RELU + _i % 6));
    use_optimiser(kind);
    use_variant(variant);
    plan.precision = (enum lyap_precision)((kind + variant) % 2);
    plan.setting = (struct lyap_setting){.lr = 0.01, .perturbation = 1e-3, .epochs = work(12, 5)};
    plan.starts = 19;
    plan.neighbours = 3;
    plan.last_weights = plan.evaluate = true;
    plan.isa = LYAP_ISA_SCALAR;
    plan.threads = 1;
    uint64_t expected = digest_of_run(variant == 0);
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
        if (!HAS_ISA(isa) || (isa == LYAP_ISA_SCALAR && !is_best(isa))) continue; /* it ran on one thread */
        plan.isa = (enum lyap_isa)isa;
        plan.threads = 2;
        ck_assert_uint_eq(digest_of_run(variant == 0), expected);
    }
    lyap_dataset_free(&data);
}
END_TEST

/* Recorded on x86-64 with SLEEF 3.5.1 (sleef_is_recorded names those with the same bits): every optimiser with every variant and six
 * activations, so that other machines and compilers are held to the same numbers. */
START_TEST(the_bits_are_those_recorded) {
    static const struct {
        int first, last;
        uint64_t digest[2];
    } recorded[] = {{LYAP_GD, LYAP_ADAMW, {UINT64_C(17415163076174046094), UINT64_C(479930511259890383)}},
                    {LYAP_NADAM, LYAP_NADAM, {UINT64_C(8065821841896506663), UINT64_C(17138698791638707603)}}};
    SKIP_UNLESS_RECORDED();
    const int part = _i / 2, precision = _i % 2;
    uint64_t digest = LYAP_DIGEST_START;
    for (int i = recorded[part].first * VARIANTS; i < (recorded[part].last + 1) * VARIANTS; i++) {
        use_classes("2-6-4-3", 31, (enum lyap_activation)(LYAP_LEAKY_RELU + i % 6));
        use_optimiser(i / VARIANTS);
        use_variant(i % VARIANTS);
        plan.precision = (enum lyap_precision)precision;
        plan.setting = (struct lyap_setting){.lr = 0.01, .perturbation = 1e-3, .epochs = 25};
        plan.starts = 3;
        plan.neighbours = 3;
        plan.last_weights = plan.evaluate = true;
        digest = lyap_digest_double(digest, (double)(digest_of_run(true) >> 12));
        lyap_dataset_free(&data);
    }
    ck_assert_uint_eq(digest, recorded[part].digest[precision]);
}
END_TEST

START_TEST(schedules_are_their_formulas) {
    struct lyap_optimiser o;
    lyap_optimiser_defaults(&o, LYAP_GD);
    ck_assert_double_eq(lyap_optimiser_rate(&o, 7, 10), 1);
    o.warm_up = 4;
    for (int t = 0; t < 6; t++)
        ck_assert_double_eq(lyap_optimiser_rate(&o, (uint64_t)t, 10), t < 3 ? (t + 1) / 4.0 : 1);
    o.warm_up = 0;
    o.schedule = LYAP_STEP_DECAY;
    o.schedule_every = 3;
    o.schedule_factor = 0.5;
    for (int t = 0; t < 9; t++) ck_assert_double_eq(lyap_optimiser_rate(&o, (uint64_t)t, 9), ldexp(1, -(t / 3)));
    o.schedule = LYAP_COSINE;
    o.schedule_factor = 0.1;
    ck_assert_double_eq_tol(lyap_optimiser_rate(&o, 0, 100), 1, 1e-15);
    ck_assert_double_eq_tol(lyap_optimiser_rate(&o, 50, 100), 0.55, 1e-15);
    ck_assert_double_eq_tol(lyap_optimiser_rate(&o, 25, 100), 0.1 + 0.45 * (1 + sqrt(0.5)), 1e-15);
    ck_assert_double_eq_tol(lyap_optimiser_rate(&o, 100, 100), 0.1, 1e-15);
}
END_TEST

START_TEST(an_order_is_a_permutation_that_pass_and_seed_change) {
    enum { SAMPLES = 101 };
    size_t order[3][SAMPLES];
    struct lyap_optimiser o;
    lyap_optimiser_defaults(&o, LYAP_GD);
    for (int i = 0; i < 3; i++) {
        bool seen[SAMPLES] = {false};
        o.seed = i == 2 ? 9 : 1;
        lyap_optimiser_order(&o, i == 1, SAMPLES, order[i]);
        for (size_t s = 0; s < SAMPLES; s++) {
            ck_assert(order[i][s] < SAMPLES && !seen[order[i][s]]);
            seen[order[i][s]] = true;
        }
    }
    for (int i = 1; i < 3; i++) ck_assert(memcmp(order[0], order[i], sizeof order[0]) != 0);
}
END_TEST

/* A linear 2-3 network whose outputs are x0, x1 and 0: the largest of the three is known. */
START_TEST(accuracy_counts_the_samples_whose_largest_output_is_the_largest_target) {
    new_data(4, 2, 3);
    const double x[] = {2, 1, -1, 3, -2, -1, 5, 6}, y[] = {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};
    const double w[] = {1, 0, 0, 0, 1, 0, 0, 0, 0};
    memcpy(data.x, x, sizeof x);
    memcpy(data.y, y, sizeof y);
    ck_assert_int_eq(lyap_network_init(&net, "2-3", LYAP_LINEAR, LYAP_LINEAR, LYAP_SOFTMAX, NULL), LYAP_OK);
    for (int precision = 0; precision < 2; precision++) {
        use_defaults();
        plan.precision = (enum lyap_precision)precision;
        plan.weights = w;
        plan.setting = (struct lyap_setting){.lr = 1e-30, .perturbation = 1e-3, .epochs = 2};
        plan.evaluate = true;
        plan.test = &data;
        struct collected all = run_plan(&plan);
        double loss = 0;
        for (size_t s = 0; s < 4; s++) {
            double a = x[2 * s], b = x[2 * s + 1], target = s == 0 || s == 3 ? a : s == 1 ? b : 0;
            loss += (log(exp(a) + exp(b) + 1) - target) / 4;
        }
        ck_assert_double_eq(all.evaluation[0].train_accuracy, 0.75);
        ck_assert_double_eq(all.evaluation[0].test_accuracy, 0.75);
        ck_assert_double_eq_tol(all.evaluation[0].train_loss, loss, precision ? 1e-15 : 1e-6);
        ck_assert_double_eq(all.evaluation[0].test_loss, all.evaluation[0].train_loss);
        ck_assert_double_eq_tol(all.records[0].initial_loss, loss, precision ? 1e-15 : 1e-6);
        collected_free(&all);
    }
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(each_initialisation_has_the_spread_that_its_authors_give) {
    enum { STARTS = 64 };
    static const double factor[LYAP_INIT_COUNT] = {0, 0, 2, 2, 2, 2, 1, 1, 1.0 / 3};
    const double in = 40, out = 24;
    use_noisy("3-40-24-1", 8, LYAP_TANH);
    size_t n = lyap_network_parameters(&net), at = lyap_network_offset(&net, 1);
    double *w = malloc(STARTS * 2 * n * sizeof *w);
    for (int kind = LYAP_INIT_GLOROT_UNIFORM; kind < LYAP_INIT_COUNT; kind++) {
        plan.init = (enum lyap_init_kind)kind;
        plan.starts = STARTS;
        plan.neighbours = 1;
        plan.bias = kind % 2 ? LYAP_BIAS_DEFAULT : LYAP_BIAS_UNIFORM;
        plan.bias_a = 0.5;
        plan.bias_b = 0.75;
        ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, STARTS, w, NULL), LYAP_OK);
        double expected = sqrt(factor[kind] / (kind < LYAP_INIT_HE_UNIFORM ? in + out : in)), square = 0, most = 0;
        for (size_t s = 0; s < STARTS; s++)
            for (size_t i = 0; i < 960; i++) {
                double value = w[s * 2 * n + at + i];
                square += value * value / (STARTS * 960.0);
                most = fmax(most, fabs(value));
            }
        ck_assert_double_eq_tol(sqrt(square), expected, 0.02 * expected);
        bool uniform = kind % 2 == 0;
        if (uniform) ck_assert(most <= sqrt(3) * expected && most > 1.72 * expected);
        if (!uniform) ck_assert_double_gt(most, 3.5 * expected);
        for (size_t o = 0; o < 24; o++) {
            double bias = w[at + 960 + o];
            ck_assert(uniform ? bias >= 0.5 && bias < 0.75 : bias == 0);
        }
    }
    free(w);
    lyap_dataset_free(&data);
}
END_TEST

/* torch.nn.Linear: weights and biases uniform in +- 1 / sqrt(inputs). */
START_TEST(the_law_of_pytorch_has_biases_as_wide_as_the_weights) {
    enum { STARTS = 64, IN = 40, OUT = 24 };
    const double bound = 1 / sqrt(IN);
    double most = 0, square = 0;
    use_noisy("3-40-24-1", 8, LYAP_TANH);
    const size_t n = lyap_network_parameters(&net), bias = lyap_network_offset(&net, 1) + IN * OUT;
    double *w = malloc(STARTS * 2 * n * sizeof *w);
    plan.init = LYAP_INIT_TORCH;
    plan.starts = STARTS;
    plan.neighbours = 1;
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, STARTS, w, NULL), LYAP_OK);
    for (size_t s = 0; s < STARTS; s++)
        for (size_t o = 0; o < OUT; o++) {
            const double value = w[s * 2 * n + bias + o];
            most = fmax(most, fabs(value));
            square += value * value / (STARTS * OUT);
        }
    ck_assert(most <= bound && most > 0.98 * bound);
    ck_assert_double_eq_tol(sqrt(square), bound / sqrt(3), 0.05 * bound);
    free(w);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(numbers_out_of_range_are_refused_by_name) {
    static const struct {
        int which;
        double value;
        const char *says;
    } bad[] = {{0, 1, "momentum 1"}, {0, -0.1, "momentum"}, {1, 1.5, "decay 1.5"},        {2, -1, "epsilon"},
               {3, NAN, "decay"},    {4, -2, "layer 2"},    {5, 33, "batch 33: the data"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        use_noisy("3-5-1", 32, LYAP_TANH);
        struct lyap_optimiser *o = &plan.optimiser;
        double *fields[] = {&o->momentum, &o->decay, &o->epsilon, &o->weight_decay, &o->layer_rate[1]};
        if (bad[i].which < 5) *fields[bad[i].which] = bad[i].value;
        if (bad[i].which == 5) o->batch = (uint64_t)bad[i].value;
        struct lyap_error error = {0};
        ck_assert_int_eq(lyap_ensemble_run(&plan, NULL, NULL, &error), LYAP_ERROR_ARGUMENT);
        ck_assert_msg(strstr(error.message, bad[i].says) != NULL, "%s", error.message);
        lyap_dataset_free(&data);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("optimiser");
    TCase *tc = tcase_create("exact");
    tcase_add_test(tc, linear_regression_has_the_exponent_of_its_quadratic);
    tcase_add_test(tc, momentum_on_a_quadratic_has_the_spectral_radius_of_its_companion_matrix);
    tcase_add_loop_test(tc, adams_first_step_is_the_sign_of_the_gradient, 0, 2);
    tcase_add_test(tc, schedules_are_their_formulas);
    tcase_add_test(tc, an_order_is_a_permutation_that_pass_and_seed_change);
    tcase_add_test(tc, accuracy_counts_the_samples_whose_largest_output_is_the_largest_target);
    tcase_add_test(tc, each_initialisation_has_the_spread_that_its_authors_give);
    tcase_add_test(tc, the_law_of_pytorch_has_biases_as_wide_as_the_weights);
    tcase_add_test(tc, numbers_out_of_range_are_refused_by_name);
    suite_add_tcase(suite, tc);
    tc = tcase_create("reference");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, every_optimiser_follows_the_reference_over_a_thousand_steps, 0,
                        LYAP_OPTIMISER_COUNT * VARIANTS);
    tcase_add_loop_test(tc, every_optimisers_tangent_follows_the_reference, 0, LYAP_OPTIMISER_COUNT * VARIANTS);
    tcase_add_loop_test(tc, every_optimiser_gives_the_same_bits_on_every_isa_and_number_of_threads, 0,
                        LYAP_OPTIMISER_COUNT * VARIANTS);
    tcase_add_test(tc, a_batch_may_go_through_in_longer_pieces_than_all_samples);
    tcase_add_loop_test(tc, the_bits_are_those_recorded, 0, 4);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
