/* Hessian-vector products: the kernels against the reference, the reference against central differences of the gradient,
 * and the kernels against themselves on every instruction set. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/reference.h"
#include "base/real.h"
#include "engine/aligned.h"
#include "engine/spectrum_start.h"
#include "engine/start.h"
#include "lyapgrad/lyapgrad.h"
#include "tests/check.h"
#include "tests/support.h"

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_spectrum_plan plan;

static const struct {
    const char *shape;
    size_t samples;
} shapes[] = {{"3-1", 8},    {"3-1-1", 8},     {"3-2-1", 1},     {"3-4-1", 8},        {"3-5-1", 16},
              {"3-8-1", 65}, {"3-9-5-1", 100}, {"3-8-4-1", 257}, {"3-4-4-4-4-1", 33}, {"3-17-1", 1000}};

static void use(int index, enum lyap_activation hidden, enum lyap_activation output, enum lyap_loss loss) {
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 3, shapes[index].samples, 0.3, 5, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, shapes[index].shape, hidden, output, loss, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    plan.base.window = false;
    plan.base.init = LYAP_INIT_NORMAL;
    plan.base.init_a = 0;
    plan.base.init_b = 0.7;
    plan.base.starts = LYAP_BLOCK;
    plan.base.layout = LYAP_LAYOUT_BLOCK;
}

/* Hessian products at 16 random starts along 16 random directions: w, v, product [16][parameters]. */
static void products(enum lyap_isa isa, enum lyap_precision precision, double *w, double *v, double *product) {
    struct lyap_spectrum_run run;
    _Alignas(LYAP_ALIGNMENT) struct lyap_spectrum_worker worker;
    size_t n = lyap_network_parameters(&net), row = n * LYAP_BLOCK;
    plan.base.isa = isa;
    plan.base.precision = precision;
    ck_assert_int_eq(lyap_spectrum_prepare(&run, &plan, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_spectrum_worker_new(&worker, &run, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_worker_start(&worker.worker, 0, LYAP_BLOCK, NULL, NULL), LYAP_OK);
    void *vector = lyap_aligned(row, sizeof(double)), *image = lyap_aligned(row, sizeof(double));
    uint64_t state = 7;
    for (size_t i = 0; i < row; i++) lyap_real_set(vector, i, test_random(&state), precision);
    run.run.kernels->hessian(&worker.worker.block, &worker.tangents, vector, image);
    for (size_t i = 0; i < row; i++) {
        size_t at = i % LYAP_BLOCK * n + i / LYAP_BLOCK;
        w[at] = lyap_real_get(worker.worker.block.weights, i, precision);
        v[at] = lyap_real_get(vector, i, precision);
        product[at] = lyap_real_get(image, i, precision);
    }
    free(vector);
    free(image);
    lyap_spectrum_worker_free(&worker);
    lyap_spectrum_release(&run);
}

static double largest(const double *x, size_t n) {
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(x[i]));
    return most;
}

/* The reference takes most of the time where there are many samples: then it has one lane of four, which take turns. */
static void compare(enum lyap_isa best) {
    static size_t turn;
    const size_t apart = data.samples > 64 ? 4 : 1, first = turn++ % apart;
    size_t n = lyap_network_parameters(&net), all = n * LYAP_BLOCK;
    double *w = malloc(5 * all * sizeof *w), *v = w + all, *product = v + all, *expected = product + all,
           *other = expected + all;
    for (int p = 0; p < 2; p++) {
        products(LYAP_ISA_SCALAR, (enum lyap_precision)p, w, v, product);
        memcpy(expected, product, all * sizeof *expected);
        for (size_t lane = first; lane < LYAP_BLOCK; lane += apart)
            ck_assert_int_eq(lyap_reference_hessian(&net, &data, w + lane * n, v + lane * n, expected + lane * n, NULL),
                             LYAP_OK);
        double scale = fmax(largest(expected, all), 1e-3), tolerance = p ? 1e-13 : 3e-5;
        for (size_t i = 0; i < all; i++) ck_assert_double_eq_tol(product[i], expected[i], tolerance * scale);
        for (int isa = LYAP_ISA_SCALAR + 1; isa <= (int)best; isa++) {
            if (!HAS_ISA(isa)) continue;
            products((enum lyap_isa)isa, (enum lyap_precision)p, w, v, other);
            ck_assert_mem_eq(other, product, all * sizeof *other);
        }
    }
    free(w);
}

START_TEST(hessian_products_follow_the_reference_for_every_shape_activation_and_loss) {
    if (_i > 5 && brief_tests()) SKIP_PART("pairs of two activations of the large shapes are left out of brief tests");
    for (int hidden = 0; hidden < LYAP_ACTIVATION_COUNT; hidden++)
        for (int output = 0; output < LYAP_ACTIVATION_COUNT; output++)
            for (int loss = 0; loss < LYAP_LOSS_COUNT; loss++) {
                bool pair = hidden == LYAP_TANH || output == hidden || output == LYAP_SIGMOID;
                if (_i > 5 && brief_tests() && output != hidden) continue; /* the large ones */
                if (!pair || loss == LYAP_SOFTMAX || (loss == LYAP_BCE && output != LYAP_SIGMOID)) continue;
                use(_i, (enum lyap_activation)hidden, (enum lyap_activation)output, (enum lyap_loss)loss);
                compare(LYAP_ISA_NEON);
                lyap_dataset_free(&data);
            }
}
END_TEST

START_TEST(the_reference_is_the_central_difference_of_the_gradient) {
    use(_i, LYAP_TANH, LYAP_SIGMOID, _i % 2 ? LYAP_BCE : LYAP_MSE);
    size_t n = lyap_network_parameters(&net);
    double *w = malloc(6 * n * sizeof *w), *v = w + n, *product = v + n, *up = product + n, *down = up + n,
           *moved = down + n, error[2];
    uint64_t state = 3;
    for (size_t i = 0; i < n; i++) {
        w[i] = test_random(&state);
        v[i] = test_random(&state);
    }
    ck_assert_int_eq(lyap_reference_hessian(&net, &data, w, v, product, NULL), LYAP_OK);
    for (int h = 0; h < 2; h++) { /* halving the step quarters the error */
        double step = h ? 5e-4 : 1e-3;
        error[h] = 0;
        for (size_t i = 0; i < n; i++) moved[i] = w[i] + step * v[i];
        lyap_reference_gradient(&net, &data, moved, up);
        for (size_t i = 0; i < n; i++) moved[i] = w[i] - step * v[i];
        lyap_reference_gradient(&net, &data, moved, down);
        for (size_t i = 0; i < n; i++) error[h] = fmax(error[h], fabs((up[i] - down[i]) / (2 * step) - product[i]));
    }
    double scale = largest(product, n);
    ck_assert_double_lt(error[1], 1e-5 * scale);
    ck_assert_double_eq_tol(error[1] / error[0], 0.25, 0.02);
    free(w);
    lyap_dataset_free(&data);
}
END_TEST

enum { STEPS = 11, EVERY = 4, VECTORS = 3, EVENTS = (STEPS - 1) / EVERY + 1, MOST_NUMBERS = 128 };

/* What a block has after STEPS steps in calls of `most` steps each. */
struct walked {
    double w[MOST_NUMBERS * LYAP_BLOCK], v[VECTORS * MOST_NUMBERS * LYAP_BLOCK], norms[EVENTS * VECTORS * LYAP_BLOCK];
    uint32_t steps[LYAP_BLOCK], resolved[LYAP_BLOCK], losses[LYAP_BLOCK], frozen;
};

static void walk(uint32_t most, struct walked *out) {
    struct lyap_spectrum_run run;
    _Alignas(LYAP_ALIGNMENT) struct lyap_spectrum_worker worker;
    ck_assert_int_eq(lyap_spectrum_prepare(&run, &plan, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_spectrum_worker_new(&worker, &run, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_spectrum_start(&worker, 0, LYAP_BLOCK, NULL, NULL), LYAP_OK);
    struct lyap_tangents *t = &worker.tangents;
    const enum lyap_precision precision = plan.base.precision;
    const size_t numbers = run.run.shape.parameters * LYAP_BLOCK, row = VECTORS * LYAP_BLOCK;
    size_t events = 0;
    ck_assert_uint_le(run.run.shape.parameters, MOST_NUMBERS);
    memset(out, 0, sizeof *out);
    for (uint32_t step = 0; step < STEPS;) {
        const uint32_t left = STEPS - step, now = left < most ? left : most;
        t->since = step % EVERY;
        t->unfinished = (step + now) % EVERY != 0 && step + now < STEPS;
        run.run.kernels->tangent(&worker.worker.block, t, step, now);
        const size_t ended = (step + now) / EVERY - step / EVERY + (step + now == STEPS && STEPS % EVERY != 0);
        for (size_t i = 0; i < ended * row; i++) out->norms[events * row + i] = lyap_real_get(t->norms, i, precision);
        events += ended;
        step += now;
    }
    ck_assert_uint_eq(events, EVENTS);
    for (size_t i = 0; i < numbers; i++) out->w[i] = lyap_real_get(worker.worker.block.weights, i, precision);
    for (size_t i = 0; i < VECTORS * numbers; i++) out->v[i] = lyap_real_get(t->v, i, precision);
    memcpy(out->steps, t->steps, sizeof out->steps);
    memcpy(out->resolved, t->resolved, sizeof out->resolved);
    memcpy(out->losses, worker.worker.block.losses, sizeof out->losses);
    out->frozen = worker.worker.block.frozen;
    lyap_spectrum_worker_free(&worker);
    lyap_spectrum_release(&run);
}

/* At the higher rate some lanes escape on the way. */
START_TEST(calls_that_end_between_two_orthonormalisations_give_the_bits_of_one_call) {
    static struct walked whole, cut;
    uint32_t frozen = 0;
    for (int shape = 0; shape < 8; shape++) {
        use(shape, LYAP_TANH, LYAP_LINEAR, LYAP_MSE);
        plan.exponents = VECTORS;
        plan.qr_every = EVERY;
        plan.base.setting.lr = _i & 1 ? 3 : 0.1;
        plan.base.precision = _i & 2 ? LYAP_FLOAT64 : LYAP_FLOAT32;
        walk(STEPS, &whole);
        frozen |= whole.frozen;
        for (uint32_t most = 1; most < STEPS; most++) {
            walk(most, &cut);
            ck_assert_msg(memcmp(&cut, &whole, sizeof cut) == 0, "%s in calls of %u steps", shapes[shape].shape, most);
        }
        lyap_dataset_free(&data);
    }
    if (_i & 1) ck_assert_uint_ne(frozen, 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("tangent");
    TCase *tc = tcase_create("hessian");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, hessian_products_follow_the_reference_for_every_shape_activation_and_loss, 0,
                        (int)(sizeof shapes / sizeof *shapes));
    tcase_add_loop_test(tc, the_reference_is_the_central_difference_of_the_gradient, 0,
                        (int)(sizeof shapes / sizeof *shapes));
    tcase_add_loop_test(tc, calls_that_end_between_two_orthonormalisations_give_the_bits_of_one_call, 0, 4);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
