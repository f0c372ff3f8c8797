/* The vector vocabulary: every operation gives on every instruction set the bits of the scalar path. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "simd/kernels.h"
#include "lyapgrad/random.h"
#include "tests/check.h"
#include "tests/work.h"

/* Special values first, then random ones over many magnitudes; a multiple of 16 in all. */
enum { SPECIALS = 21, COUNT = 4096 };
static const double specials[SPECIALS] = {0.0,   -0.0,   1.0,   -1.0,   0.5,    2.0,     -2.0,
                                          10.0,  -10.0,  88.7,  -88.8,  -103.5, 709.7,   -745.2,
                                          1e-30, -1e-30, 1e-40, -1e-45, 3.5e37, -3.5e37, 1e-310};

static _Alignas(64) double a64[COUNT], b64[COUNT], c64[COUNT], expected64[COUNT], got64[COUNT];
static _Alignas(64) float a32[COUNT], b32[COUNT], c32[COUNT], expected32[COUNT], got32[COUNT];

static double value(size_t i, uint64_t stream) {
    size_t k = stream == 0 ? i : stream == 1 ? i / SPECIALS : i / 7;
    if (i < SPECIALS * SPECIALS) return specials[k % SPECIALS];
    double u[2];
    lyap_random_uniform(5, LYAP_STREAM_DATA, stream, 2 * i, 2, u);
    return (2 * u[0] - 1) * exp2(floor(60 * u[1]) - 30);
}

static void fill(void) {
    for (size_t i = 0; i < COUNT; i++) {
        a64[i] = value(i, 0);
        b64[i] = value(i, 1);
        c64[i] = value(i, 2);
        a32[i] = (float)a64[i];
        b32[i] = (float)b64[i];
        c32[i] = (float)c64[i];
    }
}

/* NaNs may differ in sign and payload: the rest must be equal bits. */
static bool same64(double x, double y) {
    return (isnan(x) && isnan(y)) || memcmp(&x, &y, sizeof x) == 0;
}
static bool same32(float x, float y) {
    return (isnan(x) && isnan(y)) || memcmp(&x, &y, sizeof x) == 0;
}

START_TEST(every_operation_gives_the_scalar_bits_on_every_isa) {
    int op = _i % LYAP_OP_COUNT, isa = (int)built_isas[_i / LYAP_OP_COUNT];
    const struct lyap_kernels *k32 = lyap_kernels_get((enum lyap_isa)isa, LYAP_FLOAT32);
    const struct lyap_kernels *k64 = lyap_kernels_get((enum lyap_isa)isa, LYAP_FLOAT64);
    if (!k32) SKIP("this CPU has no %s", lyap_isa_name((enum lyap_isa)isa));
    fill();
    lyap_kernels_scalar_f64.elementwise(op, a64, b64, c64, expected64, COUNT);
    lyap_kernels_scalar_f32.elementwise(op, a32, b32, c32, expected32, COUNT);
    memset(got64, 0xca, sizeof got64);
    memset(got32, 0xca, sizeof got32);
    k64->elementwise(op, a64, b64, c64, got64, COUNT);
    k32->elementwise(op, a32, b32, c32, got32, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert_msg(same64(expected64[i], got64[i]), "isa %d op %d float64 (%a, %a, %a): %a, scalar %a", isa, op,
                      a64[i], b64[i], c64[i], got64[i], expected64[i]);
        ck_assert_msg(same32(expected32[i], got32[i]), "isa %d op %d float32 (%a, %a, %a): %a, scalar %a", isa, op,
                      (double)a32[i], (double)b32[i], (double)c32[i], (double)got32[i], (double)expected32[i]);
    }
}
END_TEST

START_TEST(scalar_operations_are_what_their_names_say) {
    fill();
    if (!fma_keeps_the_sign_of_zero()) SKIP_PART("this valgrind gets the sign of a zero wrong");
    for (size_t i = 0; i < COUNT; i++) {
        double a = a64[i], b = b64[i], c = c64[i], got[LYAP_OP_COUNT];
        for (int op = 0; op < LYAP_OP_COUNT; op++) lyap_kernels_scalar_f64.elementwise(op, &a, &b, &c, &got[op], 1);
        ck_assert(same64(got[LYAP_OP_ADD], a + b));
        ck_assert(same64(got[LYAP_OP_SUB], a - b));
        ck_assert(same64(got[LYAP_OP_MUL], a * b));
        ck_assert(same64(got[LYAP_OP_DIV], a / b));
        ck_assert(same64(got[LYAP_OP_FMA], fma(a, b, c)));
        if (fma_keeps_the_sign_of_zero() || got[LYAP_OP_FNMA] != 0) ck_assert(same64(got[LYAP_OP_FNMA], fma(-a, b, c)));
        ck_assert(same64(got[LYAP_OP_SQRT], sqrt(a)));
        ck_assert(same64(got[LYAP_OP_ABS], fabs(a)));
        ck_assert(same64(got[LYAP_OP_RELU], a > 0 ? a : 0));
        ck_assert(same64(got[LYAP_OP_GATE], a > 0 ? b : 0));
        ck_assert(same64(got[LYAP_OP_LE], a <= b));
        ck_assert(same64(got[LYAP_OP_NE], a != b));
    }
}
END_TEST

static void assert_close(double got, double expected, double ulps) {
    if (expected == got) return;
    ck_assert_double_eq_tol(got, expected, ulps * DBL_EPSILON * fabs(expected) + DBL_TRUE_MIN);
}

START_TEST(transcendentals_are_within_their_stated_error_of_the_c_library) {
    for (double x = -20; x <= 20; x += 0.03125 * 1.01) {
        double got[LYAP_OP_COUNT], positive = fabs(x) + 1e-3;
        for (int op = LYAP_OP_EXP; op < LYAP_OP_COUNT; op++) {
            bool logarithm = op == LYAP_OP_LOG || op == LYAP_OP_LOG1P;
            const double *arg = logarithm ? &positive : &x;
            lyap_kernels_scalar_f64.elementwise(op, arg, arg, arg, &got[op], 1);
        }
        /* 1 ulp of the result is at most DBL_EPSILON relative; the C library adds about half of one. */
        assert_close(got[LYAP_OP_EXP], exp(x), 1.6);
        assert_close(got[LYAP_OP_LOG], log(positive), 1.6);
        assert_close(got[LYAP_OP_LOG1P], log1p(positive), 1.6);
        assert_close(got[LYAP_OP_TANH], tanh(x), 4.1);
        assert_close(got[LYAP_OP_SIGMOID], 1 / (1 + exp(-x)), 3);
        ck_assert_double_eq_tol(got[LYAP_OP_SINPI], sin(3.14159265358979323846 * fmod(x, 2)), 2e-15);
        ck_assert_double_eq_tol(got[LYAP_OP_COSPI], cos(3.14159265358979323846 * fmod(x, 2)), 2e-15);
    }
}
END_TEST

/* Chains that begin with the same value are one chain for a compiler. Here the fourth begins with 2, the others with 1. */
START_TEST(the_loops_that_measure_rates_have_chains_of_their_own) {
    enum { ROUNDS = 3 };
    const struct lyap_kernels *k = lyap_kernels_get(built_isas[_i / 2], (enum lyap_precision)(_i % 2));
    if (!k) SKIP("this CPU has no %s", lyap_isa_name(built_isas[_i / 2]));
    for (int loop = LYAP_LOOP_FMA; loop <= LYAP_LOOP_FMA_GATE; loop++) {
        _Alignas(64) double v64[2 * LYAP_BLOCK];
        _Alignas(64) float v32[2 * LYAP_BLOCK];
        for (int i = 0; i < 2 * LYAP_BLOCK; i++) v64[i] = i == 3 ? 2 : 1;
        for (int i = 0; i < 2 * LYAP_BLOCK; i++) v32[i] = (float)v64[i];
        bool wide = k->precision == LYAP_FLOAT64;
        k->throughput((enum lyap_throughput_loop)loop, wide ? (void *)v64 : v32, wide ? (void *)v64 : v32,
                      (size_t)ROUNDS * (size_t)k->chains * (size_t)k->lanes);
        double expected = 1 + (k->chains * (1 + ROUNDS) + 1) + (k->beside + 1); /* f + 1 a round; what is beside it */
        if (loop == LYAP_LOOP_FMA_ADD) expected += k->beside * ROUNDS;
        ck_assert_double_eq(wide ? v64[LYAP_BLOCK] : (double)v32[LYAP_BLOCK], expected);
    }
}
END_TEST

START_TEST(a_sigmoid_saturates_without_overflow) {
    const double x[] = {-1e308, -800, 800, 1e308};
    const double limit[] = {0, 0, 1, 1};
    for (int i = 0; i < 4; i++) {
        double got;
        lyap_kernels_scalar_f64.elementwise(LYAP_OP_SIGMOID, &x[i], &x[i], &x[i], &got, 1);
        ck_assert_double_eq(got, limit[i]);
    }
}
END_TEST

START_TEST(an_unknown_or_missing_isa_is_refused_with_the_choices) {
    enum lyap_isa isa;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_isa_select("sse9", &isa, &error), LYAP_ERROR_ISA);
    ck_assert_ptr_nonnull(strstr(error.message, "sse9"));
    ck_assert_ptr_nonnull(strstr(error.message, "scalar"));
    for (int i = 0; i < LYAP_ISA_COUNT; i++) {
        const char *name = lyap_isa_name((enum lyap_isa)i);
        enum lyap_status status = lyap_isa_select(name, &isa, &error);
        ck_assert_int_eq(status, lyap_isa_available((enum lyap_isa)i) ? LYAP_OK : LYAP_ERROR_ISA);
        if (!status) ck_assert_int_eq(isa, i);
        const struct lyap_kernels *k = lyap_kernels_get((enum lyap_isa)i, LYAP_FLOAT64);
        ck_assert_int_eq(k != NULL, status == LYAP_OK);
        if (k) ck_assert_str_eq(k->isa, name);
    }
    ck_assert_int_eq(lyap_isa_select("", &isa, &error), LYAP_OK);
    ck_assert(lyap_isa_available(isa));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("kernels");
    TCase *tc = tcase_create("vocabulary");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, every_operation_gives_the_scalar_bits_on_every_isa, 0, BUILT_ISAS * LYAP_OP_COUNT);
    tcase_add_test(tc, scalar_operations_are_what_their_names_say);
    tcase_add_test(tc, transcendentals_are_within_their_stated_error_of_the_c_library);
    tcase_add_loop_test(tc, the_loops_that_measure_rates_have_chains_of_their_own, 0, 2 * BUILT_ISAS);
    tcase_add_test(tc, a_sigmoid_saturates_without_overflow);
    tcase_add_test(tc, an_unknown_or_missing_isa_is_refused_with_the_choices);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
