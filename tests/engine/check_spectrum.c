/* Exponents in tangent space: exact answers first (quadratics, maps), then the reference, then the same bits whatever the
 * instruction set, the threads and the place of a cell. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/reference.h"
#include "simd/kernels.h"
#include "tests/check.h"
#include "tests/collect_spectrum.h"
#include "tests/support.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/random.h"
#include "lyapgrad/kaplan_yorke.h"

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_spectrum_plan plan;

static void use_system(enum lyap_system system, double parameter, uint32_t steps) {
    lyap_spectrum_defaults(&plan, NULL, NULL);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.base.isa, NULL), LYAP_OK);
    plan.system = system;
    plan.base.setting.lr = parameter;
    plan.base.setting.epochs = steps;
    plan.base.starts = 17;
}

static void use_quadratic(const double *h, size_t n, double lr, uint32_t steps) {
    use_system(LYAP_SYSTEM_QUADRATIC, lr, steps);
    memcpy(plan.constants, h, n * sizeof *h);
    plan.constant_count = n;
    plan.exponents = n;
}

static void use_xor(const char *shape, enum lyap_activation activation, double lr, uint32_t steps) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, shape, activation, activation, LYAP_MSE, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.base.isa, NULL), LYAP_OK);
    plan.base.setting.lr = lr;
    plan.base.setting.epochs = steps;
}

START_TEST(a_quadratic_gives_its_whole_spectrum_and_every_leading_part_of_it) {
    const double h[] = {0.3, 1.9, 1.2, 0.7, 2.6, 0.1}, lr = 0.8; /* |1 - lr h|: .76 .52 .04 .44 1.08 .92 */
    const double sorted[] = {1.08, 0.92, 0.76, 0.52, 0.44, 0.04};
    const double zero[17 * 6] = {0};
    for (size_t k = 1; k <= 6; k++) {
        use_quadratic(h, 6, lr, 3000);
        plan.states = zero; /* one direction grows: stay at the minimum */
        plan.transient = 1000;
        plan.exponents = k;
        struct spectra s = run_spectra(&plan);
        for (size_t c = 0; c < s.cells; c++) {
            ck_assert_uint_eq(s.records[c].resolved, k);
            for (size_t j = 0; j < k; j++) {
                const struct lyap_exponent *e = &s.lambda[c * k + j];
                ck_assert_double_eq_tol(e->lambda, log(sorted[j]), 1e-13);
                ck_assert(e->low == e->lambda && e->lambda == e->high); /* nothing fluctuates: no interval */
            }
            ck_assert_int_eq(s.records[c].regime, LYAP_STILL); /* on an unstable point: no chaos */
        }
        spectra_free(&s);
    }
}
END_TEST

START_TEST(negative_and_zero_exponents_come_out_as_they_are) {
    const double h[] = {0.5, 0.25}, flat[] = {0, 0};
    use_quadratic(h, 2, 1, 2000);
    plan.transient = 100;
    struct spectra s = run_spectra(&plan);
    ck_assert_double_eq_tol(s.lambda[0].lambda, log(0.75), 1e-13);
    ck_assert_double_eq_tol(s.lambda[1].lambda, log(0.5), 1e-13);
    ck_assert_int_eq(s.records[0].regime, LYAP_STILL);
    ck_assert_uint_eq(s.records[0].batches, 0);
    ck_assert_double_eq(s.records[0].dimension, 0);
    spectra_free(&s);
    use_quadratic(flat, 2, 1, 2000);
    s = run_spectra(&plan);
    ck_assert_double_eq_tol(s.lambda[0].lambda, 0, 1e-15);
    ck_assert_int_eq(s.records[0].regime, LYAP_STILL);
    spectra_free(&s);
}
END_TEST

START_TEST(a_vector_that_vanishes_is_not_a_number_but_unresolved) {
    const double h[] = {0.5, 1, 1}; /* lr 1: two directions become exactly 0 */
    use_quadratic(h, 3, 1, 400);
    struct spectra s = run_spectra(&plan);
    for (size_t c = 0; c < s.cells; c++) {
        ck_assert_uint_eq(s.records[c].resolved, 1);
        ck_assert_double_eq_tol(s.lambda[3 * c].lambda, log(0.5), 1e-2);
        ck_assert_double_eq(s.lambda[3 * c + 1].lambda, 0);
        ck_assert(isfinite(s.records[c].sum) && isfinite(s.records[c].dimension));
    }
    spectra_free(&s);
}
END_TEST

START_TEST(a_run_too_short_says_so_and_gives_what_it_has) {
    const double h[] = {0.5, 0.25};
    for (uint32_t steps = 1; steps < 8; steps++) {
        use_quadratic(h, 2, 1, steps);
        struct spectra s = run_spectra(&plan);
        ck_assert_uint_eq(s.records[0].steps, steps);
        ck_assert_uint_eq(s.records[0].batches, 0); /* no interval, so no verdict */
        ck_assert_int_eq(s.records[0].regime, LYAP_UNDECIDED);
        ck_assert_double_lt(s.lambda[0].lambda, 0); /* a short negative run is not exactly zero */
        ck_assert_double_eq(s.lambda[0].low, s.lambda[0].high);
        spectra_free(&s);
    }
}
END_TEST

START_TEST(a_networks_quadratic_loss_gives_ln_of_one_minus_lr_times_curvature) {
    /* One linear unit on XOR's inputs: H = 2 mean (x, 1)(x, 1)' has the eigenvalues 1/2 and (7 +- sqrt(33))/4. */
    use_xor("2-1", LYAP_LINEAR, 0.3, 3000);
    plan.exponents = 3;
    plan.transient = 1500;
    plan.curvature = true;
    plan.base.window = false;
    plan.base.starts = 5;
    struct spectra s = run_spectra(&plan);
    double high = (7 + sqrt(33)) / 4, low = (7 - sqrt(33)) / 4;
    for (size_t c = 0; c < s.cells; c++) {
        ck_assert_double_eq_tol(s.lambda[3 * c].lambda, log(1 - 0.3 * low), 1e-13);
        ck_assert_double_eq_tol(s.lambda[3 * c + 1].lambda, log(1 - 0.3 * 0.5), 1e-13);
        ck_assert_double_eq_tol(s.lambda[3 * c + 2].lambda, log(fabs(1 - 0.3 * high)), 1e-13);
        ck_assert_double_eq_tol(s.records[c].sharpness_first, high, 1e-13);
        ck_assert_double_eq_tol(s.records[c].smallest_last, low, 1e-13);
    }
    spectra_free(&s);
    lyap_dataset_free(&data);
}
END_TEST

/* Runs the reference from the engine's own start and directions. Of more than a block it has one cell of three, which take turns: it takes most of
 * the time. */
static void follow_reference(double tolerance) {
    static size_t turn;
    size_t n = lyap_network_parameters(&net), k = plan.exponents;
    struct spectra s = run_spectra(&plan);
    struct lyap_plan base = plan.base;
    base.neighbours = 1;
    double *w = malloc((base.starts * 2 * n + k * n + k) * sizeof *w), *v = w + base.starts * 2 * n,
           *lambda = v + k * n, log_det;
    ck_assert_int_eq(lyap_ensemble_initial(&base, 0, base.starts, w, NULL), LYAP_OK);
    const size_t apart = s.cells > LYAP_BLOCK ? 3 : 1, first = turn++ % apart;
    for (size_t c = first; c < s.cells; c += apart) {
        lyap_random_normal(base.seed, LYAP_STREAM_PERTURBATION, c, 0, k * n, v);
        ck_assert_int_eq(
            lyap_reference_spectrum(
                &(const struct lyap_reference_training){&net, &data, NULL, base.setting.lr, base.setting.epochs},
                w + 2 * n * c, v, k, lambda, &log_det, NULL),
            LYAP_OK);
        for (size_t j = 0; j < k; j++) ck_assert_double_eq_tol(s.lambda[c * k + j].lambda, lambda[j], tolerance);
        if (k == n) ck_assert_double_eq_tol(s.records[c].sum, log_det, tolerance);
    }
    free(w);
    spectra_free(&s);
}

START_TEST(exponents_follow_the_reference_and_sum_to_the_log_determinant) {
    use_xor("2-2-1", (enum lyap_activation)_i, 0.2, work(200, 50));
    plan.base.starts = 18;
    plan.exponents = 9;
    follow_reference(1e-11);
    plan.exponents = 4;
    follow_reference(1e-11);
    lyap_dataset_free(&data);
    use_xor("2-5-3-1", (enum lyap_activation)_i, 0.1, 60);
    plan.base.window = false;
    plan.base.init_a = -0.7;
    plan.base.init_b = 0.7;
    plan.base.starts = 3;
    plan.exponents = 7;
    follow_reference(1e-10);
    lyap_dataset_free(&data);
}
END_TEST

static void use_wide(const char *shape, enum lyap_activation hidden, size_t samples, double lr, uint32_t steps) {
    ck_assert_int_eq(lyap_dataset_linear_teacher(&data, samples, 18, 1, 0.1, 3, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, shape, hidden, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    plan.base.window = false;
    plan.base.init = LYAP_INIT_GLOROT_UNIFORM;
    plan.base.starts = 2;
    plan.base.setting.lr = lr;
    plan.base.setting.epochs = steps;
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.base.isa, NULL), LYAP_OK);
}

/* Largest eigenvalue of H = 2 mean (x, 1)(x, 1)' by power iteration. */
static double largest_of_regression(void) {
    double v[19], image[19], norm = 0;
    for (int i = 0; i < 19; i++) v[i] = 1;
    for (int round = 0; round < 3000; round++) {
        memset(image, 0, sizeof image);
        for (size_t s = 0; s < data.samples; s++) {
            double along = v[18];
            for (size_t i = 0; i < 18; i++) along += data.x[s * 18 + i] * v[i];
            for (size_t i = 0; i < 18; i++) image[i] += 2 * along * data.x[s * 18 + i] / (double)data.samples;
            image[18] += 2 * along / (double)data.samples;
        }
        norm = 0;
        for (int i = 0; i < 19; i++) norm += image[i] * image[i];
        norm = sqrt(norm);
        for (int i = 0; i < 19; i++) v[i] = image[i] / norm;
    }
    return norm;
}

/* Sixteen inputs or more, whose products read the data by columns. */
START_TEST(exponents_and_sharpness_of_wide_data_follow_the_reference) {
    use_wide("18-4-1", LYAP_TANH, 37, 0.05, 60);
    plan.exponents = 4;
    follow_reference(1e-9);
    lyap_dataset_free(&data);
    use_wide("18-1", LYAP_LINEAR, 45, 0.05, 20);
    plan.curvature = true;
    struct spectra s = run_spectra(&plan);
    const double largest = largest_of_regression();
    for (size_t c = 0; c < s.cells; c++) {
        ck_assert_double_eq_tol(s.records[c].sharpness_first, largest, 1e-9);
        ck_assert_double_eq_tol(s.records[c].sharpness_last, largest, 1e-9);
    }
    spectra_free(&s);
    lyap_dataset_free(&data);
}
END_TEST

/* Learning rates at which pairs stay in the band, leave it below, and leave it above. The last is chaotic for tanh, where
 * rounding grows by e^0.17 a step: 40 steps leave most digits. SiLU and sin grow it by e^0.8 from the second rate on, sin by
 * e^3 at the third: as many steps as leave them the digits. */
START_TEST(rescaled_pairs_follow_the_reference) {
    static const double rates[] = {0.05, 0.9, 2.5};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        uint32_t steps = i == 0 || _i < LYAP_SILU ? 40 : i == 2 && _i == LYAP_SIN ? 3 : 10;
        use_xor("2-2-1", (enum lyap_activation)_i, rates[i], steps);
        plan.method = LYAP_RESCALED;
        plan.exponents = 1;
        plan.band = 1.2;
        plan.base.setting.perturbation = 1e-3;
        plan.base.starts = 18;
        size_t n = lyap_network_parameters(&net);
        struct spectra s = run_spectra(&plan);
        struct lyap_plan base = plan.base;
        base.neighbours = 1;
        double *w = malloc(base.starts * 2 * n * sizeof *w);
        ck_assert_int_eq(lyap_ensemble_initial(&base, 0, base.starts, w, NULL), LYAP_OK);
        for (size_t c = 0; c < s.cells; c++) {
            if (s.records[c].outcome != LYAP_COMPLETE) continue; /* the linear and ReLU networks diverge */
            double v[9], square = 0, *first = w + c * 2 * n, lambda;
            lyap_random_normal(base.seed, LYAP_STREAM_PERTURBATION, c, 0, n, v);
            for (size_t p = 0; p < n; p++) square += v[p] * v[p];
            for (size_t p = 0; p < n; p++) first[n + p] = first[p] + 1e-3 * (v[p] / sqrt(square));
            ck_assert_int_eq(
                lyap_reference_rescaled(
                    &(const struct lyap_reference_training){&net, &data, NULL, base.setting.lr, base.setting.epochs},
                    first, plan.band, &lambda, NULL),
                LYAP_OK);
            ck_assert_double_eq_tol(s.lambda[c].lambda, lambda, 1e-8);
        }
        free(w);
        spectra_free(&s);
        lyap_dataset_free(&data);
    }
}
END_TEST

START_TEST(results_do_not_depend_on_the_isa_the_threads_or_the_place_in_a_block) {
    const double rates[] = {0.05, 2, 9};
    struct lyap_setting settings[3];
    for (int precision = 0; precision < 2; precision++)
        for (int method = 0; method < 2; method++) {
            const uint32_t epochs = work(300, 120);
            use_xor(_i < LYAP_ACTIVATION_COUNT ? "2-2-1" : "2-5-3-1", (enum lyap_activation)(_i % 4), 1, epochs);
            for (int v = 0; v < 3; v++)
                settings[v] = (struct lyap_setting){.lr = rates[v], .perturbation = v ? 1e-3 : 1e-5, .epochs = epochs};
            plan.base.settings = settings;
            plan.base.values = 3;
            plan.base.starts = 9;
            plan.base.precision = (enum lyap_precision)precision;
            plan.base.window = false;
            plan.method = (enum lyap_method)method;
            plan.exponents = method ? 1 : 5;
            plan.qr_every = 3;
            plan.transient = 50;
            plan.history = 10;
            plan.curvature = _i % 2;
            plan.base.isa = LYAP_ISA_SCALAR;
            plan.base.threads = 1;
            struct spectra s = run_spectra(&plan);
            uint64_t expected = spectra_digest(&s);
            for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
                if (!HAS_ISA(isa)) continue;
                plan.base.isa = (enum lyap_isa)isa;
                for (plan.base.threads = first_threads(isa); plan.base.threads <= last_threads(isa, 2);
                     plan.base.threads++) {
                    struct spectra other = run_spectra(&plan);
                    ck_assert_uint_eq(spectra_digest(&other), expected);
                    spectra_free(&other);
                }
            }
            plan.base.starts = 4; /* other lanes, other neighbours in the block */
            struct spectra few = run_spectra(&plan);
            for (size_t c = 0; c < few.cells; c++) {
                size_t twin = c / 4 * 9 + c % 4;
                struct lyap_spectrum_record r = few.records[c];
                r.cell = s.records[twin].cell;
                size_t k = few.exponents;
                ck_assert_uint_eq(lyap_digest_spectrum(0, &r, few.lambda + c * k, k),
                                  lyap_digest_spectrum(0, &s.records[twin], s.lambda + twin * k, k));
                for (size_t j = 0; j < k; j++) ck_assert(isfinite(few.lambda[c * k + j].lambda));
            }
            spectra_free(&few);
            spectra_free(&s);
            lyap_dataset_free(&data);
        }
}
END_TEST

START_TEST(known_systems_have_the_same_bits_everywhere) {
    for (int system = 1; system < LYAP_SYSTEM_COUNT; system++)
        for (int method = 0; method < 2; method++) {
            const double parameter[] = {0, 3.9, 1.9, 1.4, 6, 0.01, 0.5, 1.9};
            use_system((enum lyap_system)system, parameter[system], 500);
            if (system == LYAP_SYSTEM_HENON) plan.constants[0] = 0.3, plan.constant_count = 1;
            if (system == LYAP_SYSTEM_QUADRATIC) plan.constants[0] = 1, plan.constants[1] = 3, plan.constant_count = 2;
            if (system == LYAP_SYSTEM_LORENZ) {
                plan.constants[0] = 10, plan.constants[1] = 28, plan.constants[2] = 8.0 / 3;
                plan.constant_count = 3;
            }
            plan.method = (enum lyap_method)method;
            if (!method) plan.exponents = lyap_system_dimension(plan.system, plan.constant_count);
            plan.base.isa = LYAP_ISA_SCALAR;
            struct spectra s = run_spectra(&plan);
            uint64_t expected = spectra_digest(&s);
            spectra_free(&s);
            for (int isa = 1; isa < LYAP_ISA_COUNT; isa++) {
                if (!HAS_ISA(isa)) continue;
                plan.base.isa = (enum lyap_isa)isa;
                s = run_spectra(&plan);
                ck_assert_msg(spectra_digest(&s) == expected, "%s", lyap_system_name(plan.system));
                spectra_free(&s);
            }
        }
}
END_TEST

START_TEST(the_two_trajectory_value_tends_to_the_tangent_value_in_first_order) {
    /* A companion at d0 sees the second derivative too: its exponent is off by O(d0). */
    use_xor("2-2-1", LYAP_SIGMOID, 0.5, 400);
    plan.base.starts = 16;
    struct spectra exact = run_spectra(&plan);
    plan.method = LYAP_RESCALED;
    plan.band = 2;
    double error[3];
    for (int i = 0; i < 3; i++) {
        plan.base.setting.perturbation = i == 0 ? 1e-2 : i == 1 ? 1e-3 : 1e-4;
        struct spectra s = run_spectra(&plan);
        error[i] = 0;
        for (size_t c = 0; c < s.cells; c++) error[i] += fabs(s.lambda[c].lambda - exact.lambda[c].lambda) / 16;
        spectra_free(&s);
    }
    ck_assert_double_eq_tol(log10(error[0] / error[1]), 1, 0.15);
    ck_assert_double_eq_tol(log10(error[1] / error[2]), 1, 0.05);
    spectra_free(&exact);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(the_bands_width_makes_no_bias_and_the_unfinished_stretch_counts) {
    const double h[] = {0.5};
    for (int i = 0; i < 4; i++) {
        const double bands[] = {1.5, 10, 1000, 1e6};
        use_quadratic(h, 1, 1, 37); /* halves each step: the last pull is mostly not at the end */
        plan.method = LYAP_RESCALED;
        plan.base.setting.perturbation = 1e-3;
        plan.band = bands[i];
        struct spectra s = run_spectra(&plan);
        for (size_t c = 0; c < s.cells; c++) ck_assert_double_eq_tol(s.lambda[c].lambda, log(0.5), 1e-10);
        spectra_free(&s);
    }
}
END_TEST

START_TEST(a_cell_stops_when_its_interval_is_narrow_and_says_so) {
    use_system(LYAP_SYSTEM_LOGISTIC, 3.9, 1000000);
    plan.transient = 1000;
    plan.until_ci = 0.01;
    struct spectra s = run_spectra(&plan);
    for (size_t c = 0; c < s.cells; c++) {
        ck_assert_int_eq(s.records[c].stop, LYAP_STOP_CI);
        ck_assert_double_le(s.lambda[c].high - s.lambda[c].low, 0.01);
        ck_assert_uint_lt(s.records[c].steps, 999000);
        ck_assert_double_eq_tol(s.lambda[c].lambda, 0.4945, 0.03); /* of a long run */
        ck_assert_int_eq(s.records[c].regime, LYAP_CHAOTIC);
    }
    spectra_free(&s);
    plan.until_ci = 1e-9;
    plan.base.setting.epochs = 5000;
    s = run_spectra(&plan);
    ck_assert_int_eq(s.records[0].stop, LYAP_STOP_STEPS);
    ck_assert_uint_eq(s.records[0].steps, 4000);
    spectra_free(&s);
}
END_TEST

START_TEST(divergence_and_death_are_regimes_without_infinities) {
    use_xor("2-2-1", LYAP_LINEAR, 15, 2000);
    plan.base.starts = 20;
    plan.exponents = 9;
    plan.history = 5;
    plan.curvature = true;
    struct spectra s = run_spectra(&plan);
    for (size_t c = 0; c < s.cells; c++) {
        ck_assert_int_eq(s.records[c].regime, LYAP_DIVERGED);
        ck_assert_int_eq(s.records[c].stop, LYAP_STOP_EVENT);
        ck_assert_int_ge(s.records[c].event_epoch, 1);
        ck_assert(isfinite(s.records[c].final_loss) && isfinite(s.records[c].sum));
        for (size_t k = 0; k < 9; k++) ck_assert(isfinite(s.lambda[9 * c + k].lambda));
    }
    spectra_free(&s);
    lyap_dataset_free(&data);
    const double dead[9] = {-1, -1, -1, -1, -1, -1, 1, 1, -1};
    use_xor("2-2-1", LYAP_RELU, 0.1, 500);
    plan.base.weights = dead;
    plan.exponents = 3;
    s = run_spectra(&plan);
    ck_assert_int_eq(s.records[0].regime, LYAP_DEAD_REGIME);
    for (size_t k = 0; k < 3; k++) ck_assert_double_eq_tol(s.lambda[k].lambda, 0, 1e-15);
    spectra_free(&s);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(the_drift_on_a_plateau_is_not_taken_for_chaos) {
    /* Saturated tanh units: all derivatives are tiny, some of the curvatures negative, and every interval above 0. */
    use_xor("2-2-1", LYAP_TANH, 11, 6000);
    plan.base.window = false;
    plan.base.init = LYAP_INIT_NORMAL;
    plan.base.starts = 40;
    plan.transient = 1000;
    struct spectra s = run_spectra(&plan);
    for (size_t c = 0; c < s.cells; c++)
        if (s.records[c].regime == LYAP_CHAOTIC) ck_assert_double_gt(s.lambda[c].lambda * 5000, 10);
    spectra_free(&s);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(the_kaplan_yorke_dimension_interpolates) {
    const double henon[] = {0.41922, -1.62319}, lorenz[] = {-14.5723, 0, 0.9056}, falling[] = {-1, -2}, up[] = {1, 0.5};
    ck_assert_double_eq_tol(lyap_kaplan_yorke(henon, 2, 2), 1.25827, 1e-5);
    ck_assert_double_eq_tol(lyap_kaplan_yorke(lorenz, 3, 3), 2.06215, 1e-5);
    ck_assert_double_eq(lyap_kaplan_yorke(falling, 2, 2), 0);
    ck_assert_double_eq(lyap_kaplan_yorke(up, 2, 2), 2);
    ck_assert_double_eq(lyap_kaplan_yorke(up, 2, 3), -1);
}
END_TEST

static void no_exponents(void) {
    plan.exponents = 0;
}
static void too_many(void) {
    plan.exponents = 10;
}
static void rare_qr(void) {
    plan.qr_every = 1001;
}
static void long_transient(void) {
    plan.transient = plan.base.setting.epochs;
}
static void narrow_band(void) {
    plan.band = 1;
}
static void bad_width(void) {
    plan.until_ci = NAN;
}
static void rescaled_spectrum(void) {
    plan.method = LYAP_RESCALED, plan.exponents = 2;
}
static void wrong_constants(void) {
    plan.system = LYAP_SYSTEM_HENON;
}
static const struct {
    void (*spoil)(void);
    const char *word;
} bad[] = {{no_exponents, "exponents 0"},      {too_many, "1 .. 9"},      {rare_qr, "qr-every 1001"},
           {long_transient, "transient 100"},  {narrow_band, "band 1"},   {bad_width, "until-ci"},
           {rescaled_spectrum, "exponents 2"}, {wrong_constants, "henon"}};

START_TEST(a_setting_out_of_range_is_refused_by_name) {
    use_xor("2-2-1", LYAP_TANH, 0.1, 100);
    struct lyap_error error = {0};
    struct spectra s = {0};
    bad[_i].spoil();
    ck_assert_int_eq(lyap_spectrum_run(&plan, collect_spectra, &s, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, bad[_i].word) != NULL, "'%s' not in: %s", bad[_i].word, error.message);
    lyap_dataset_free(&data);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("spectrum");
    TCase *tc = tcase_create("spectrum");
    tcase_set_timeout(tc, 240);
    tcase_add_test(tc, a_quadratic_gives_its_whole_spectrum_and_every_leading_part_of_it);
    tcase_add_test(tc, negative_and_zero_exponents_come_out_as_they_are);
    tcase_add_test(tc, a_vector_that_vanishes_is_not_a_number_but_unresolved);
    tcase_add_test(tc, a_run_too_short_says_so_and_gives_what_it_has);
    tcase_add_test(tc, a_networks_quadratic_loss_gives_ln_of_one_minus_lr_times_curvature);
    tcase_add_loop_test(tc, exponents_follow_the_reference_and_sum_to_the_log_determinant, 0, LYAP_ACTIVATION_COUNT);
    tcase_add_test(tc, exponents_and_sharpness_of_wide_data_follow_the_reference);
    tcase_add_loop_test(tc, rescaled_pairs_follow_the_reference, 0, LYAP_ACTIVATION_COUNT);
    tcase_add_loop_test(tc, results_do_not_depend_on_the_isa_the_threads_or_the_place_in_a_block, 0, 8);
    tcase_add_test(tc, known_systems_have_the_same_bits_everywhere);
    tcase_add_test(tc, the_two_trajectory_value_tends_to_the_tangent_value_in_first_order);
    tcase_add_test(tc, the_bands_width_makes_no_bias_and_the_unfinished_stretch_counts);
    tcase_add_test(tc, a_cell_stops_when_its_interval_is_narrow_and_says_so);
    tcase_add_test(tc, divergence_and_death_are_regimes_without_infinities);
    tcase_add_test(tc, the_drift_on_a_plateau_is_not_taken_for_chaos);
    tcase_add_test(tc, the_kaplan_yorke_dimension_interpolates);
    tcase_add_loop_test(tc, a_setting_out_of_range_is_refused_by_name, 0, (int)(sizeof bad / sizeof *bad));
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
