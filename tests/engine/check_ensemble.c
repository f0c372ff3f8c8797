/* The ensemble against exact answers, against the independent reference, and against itself: the same bits whatever the
 * instruction set, the number of threads, and the place of a cell in its block. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/reference.h"
#include "simd/kernels.h"
#include "tests/check.h"
#include "tests/collect.h"
#include "tests/work.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/estimator.h"
#include "lyapgrad/random.h"

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_plan plan;

/* Two samples x = -1, +1: a 1-1 linear network has the Hessian 2 I, so GD contracts every direction by 1 - 2 lr. */
static void use_symmetric_line(double target) {
    data = (struct lyap_dataset){.samples = 2, .inputs = 1, .outputs = 1, .x = malloc(16), .y = malloc(16)};
    data.x[0] = -1;
    data.x[1] = 1;
    data.y[0] = -target / 2;
    data.y[1] = target;
    ck_assert_int_eq(lyap_network_init(&net, "1-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.window = false;
    plan.precision = LYAP_FLOAT64;
}

static void use_xor(const char *shape, enum lyap_activation hidden, enum lyap_activation output) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, shape, hidden, output, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
}

static void use_noisy(const char *shape, size_t samples, enum lyap_activation hidden, enum lyap_activation output,
                      enum lyap_loss loss) {
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 3, samples, 0.3, 5, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, shape, hidden, output, loss, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.window = false;
    plan.init = LYAP_INIT_NORMAL;
    plan.init_a = 0;
    plan.init_b = 0.5;
}

static void done(void) {
    lyap_dataset_free(&data);
}

START_TEST(a_quadratic_gives_ln_of_one_minus_lr_times_curvature) {
    const double rates[] = {0.01, 0.1, 0.25, 0.75, 0.9, 0.99, 1.01, 1.1};
    use_symmetric_line(0.7);
    plan.starts = 20;
    plan.setting.epochs = 30;
    plan.setting.perturbation = 1e-3;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        plan.setting.lr = rates[i];
        struct collected all = run_plan(&plan);
        double exact = log(fabs(1 - 2 * rates[i]));
        for (size_t c = 0; c < all.cells; c++) {
            const struct lyap_record *r = &all.records[c];
            ck_assert_int_eq(r->outcome, LYAP_COMPLETE);
            ck_assert_uint_eq(r->terms, 29);
            /* Rounding of weights of size 1 against distances that shrink from 1e-3 by |1 - 2 lr| a step. */
            double smallest = 1e-3 * fmin(1, exp(30 * exact));
            ck_assert_double_eq_tol(r->lambda_step, exact, 1e-15 / smallest + 1e-13);
            ck_assert_double_eq_tol(r->lambda_kw, exact * (29 + 1) / 2, 15 * (1e-15 / smallest + 1e-13));
        }
        collected_free(&all);
    }
    done();
}
END_TEST

/* Trains the reference from the engine's own initial weights and compares both series. Of more than a block it has one cell of three, which take
 * turns: it takes most of the time. */
static void compare_with_reference(double tolerance) {
    static size_t turn;
    size_t trajectories = plan.neighbours + 1, parameters = lyap_network_parameters(&net), epochs = plan.setting.epochs;
    double *w = malloc(plan.starts * trajectories * parameters * sizeof *w);
    double *distance = malloc(epochs * sizeof *distance), *loss = malloc(epochs * sizeof *loss);
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, plan.starts, w, NULL), LYAP_OK);
    plan.series = true;
    struct collected all = run_plan(&plan);
    const size_t apart = all.cells > LYAP_BLOCK ? 3 : 1, first = turn++ % apart;
    for (size_t c = first; c < all.cells; c += apart) {
        double *cell = w + c * trajectories * parameters;
        ck_assert_int_eq(
            lyap_reference_run(&(const struct lyap_reference_training){&net, &data, NULL, plan.setting.lr, epochs},
                               cell, trajectories, distance, loss, NULL),
            LYAP_OK);
        ck_assert_uint_eq(all.records[c].length, epochs);
        for (size_t t = 0; t < epochs; t++) {
            ck_assert_double_eq_tol(all.distance[c * all.stride + t], distance[t], tolerance * distance[t]);
            ck_assert_double_eq_tol(all.loss[c * all.stride + t], loss[t], tolerance * fmax(loss[t], 1e-3));
        }
    }
    collected_free(&all);
    free(w);
    free(distance);
    free(loss);
}

/* Shapes below, at and above the kernels' width of 4, one to four layers, few and many samples (several chunks); the last
 * has layers that go through register tiles. */
static const struct {
    const char *shape;
    size_t samples;
} shapes[] = {{"3-1", 8},          {"3-1-1", 8},     {"3-2-1", 1},    {"3-3-1", 5},     {"3-4-1", 8},
              {"3-5-1", 16},       {"3-7-1", 64},    {"3-8-1", 65},   {"3-9-5-1", 100}, {"3-8-4-1", 257},
              {"3-4-4-4-4-1", 33}, {"3-17-1", 1000}, {"3-44-3-1", 70}};

/* Sixteen inputs or more, whose gradient reads the data by columns: one chunk, rows and samples off the tiles, several chunks. */
START_TEST(networks_of_wide_data_follow_the_reference) {
    static const struct {
        const char *shape;
        size_t samples, inputs, outputs;
    } wide[] = {{"20-6-2", 40, 20, 2}, {"17-40-1", 16, 17, 1}, {"33-400-3", 70, 33, 3}, {"16-5", 71, 16, 5}};
    ck_assert_int_eq(
        lyap_dataset_linear_teacher(&data, wide[_i].samples, wide[_i].inputs, wide[_i].outputs, 0.1, 3, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, wide[_i].shape, LYAP_TANH, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.window = false;
    plan.init = LYAP_INIT_GLOROT_UNIFORM;
    plan.precision = LYAP_FLOAT64;
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.isa, NULL), LYAP_OK);
    plan.starts = 3;
    plan.neighbours = 2;
    plan.setting = (struct lyap_setting){.lr = 0.02, .perturbation = 1e-3, .epochs = 5};
    compare_with_reference(1e-10);
    done();
}
END_TEST

START_TEST(trajectories_follow_the_reference_for_every_shape_activation_and_loss) {
    for (int hidden = 0; hidden < LYAP_ACTIVATION_COUNT; hidden++)
        for (int output = 0; output < LYAP_ACTIVATION_COUNT; output++)
            for (int loss = 0; loss < LYAP_LOSS_COUNT; loss++) {
                bool pair = hidden == LYAP_TANH || output == hidden || output == LYAP_SIGMOID;
                /* Chunks are the same for all pairs. */
                if (shapes[_i].samples >= work(1000, 64) && output != hidden) continue;
                if (!pair || loss == LYAP_SOFTMAX || (loss == LYAP_BCE && output != LYAP_SIGMOID)) continue;
                use_noisy(shapes[_i].shape, shapes[_i].samples, (enum lyap_activation)hidden,
                          (enum lyap_activation)output, (enum lyap_loss)loss);
                plan.precision = LYAP_FLOAT64;
                ck_assert_int_eq(lyap_isa_select(NULL, &plan.isa, NULL), LYAP_OK);
                plan.starts = 3;
                plan.neighbours = 2;
                /* The wide one diverges at the others' learning rate. */
                double lr = lyap_network_parameters(&net) > 300 ? 0.002 : 0.05;
                plan.setting = (struct lyap_setting){.lr = lr, .perturbation = 1e-3, .epochs = work(5, 3)};
                compare_with_reference(1e-10);
                done();
            }
}
END_TEST

START_TEST(the_papers_network_follows_the_reference_for_every_activation) {
    use_xor("2-2-1", (enum lyap_activation)_i, (enum lyap_activation)_i);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.isa, NULL), LYAP_OK);
    plan.precision = LYAP_FLOAT64;
    plan.starts = 18;
    plan.setting = (struct lyap_setting){.lr = 0.1, .perturbation = 1e-4, .epochs = work(100, 30)};
    compare_with_reference(1e-9);
    /* The distance of a neighbour is taken up some networks later, and of the last ones behind them all. */
    const uint32_t usual = plan.neighbours;
    for (uint32_t n = 1; n < 5; n++) {
        plan.neighbours = n;
        compare_with_reference(1e-9);
    }
    plan.neighbours = usual;
    plan.precision = LYAP_FLOAT32;
    plan.setting.lr = 0.001;
    compare_with_reference(2e-3); /* weights of size 1 in float32 carry 6e-8, a distance of 3e-4 thus 2e-4 */
    done();
}
END_TEST

static uint64_t digest_of(const struct lyap_plan *p) {
    struct collected all = run_plan(p);
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t c = 0; c < all.cells; c++) digest = lyap_digest_record(digest, &all.records[c]);
    for (size_t c = 0; c < all.cells && all.distance; c++)
        for (size_t t = 0; t < all.records[c].length; t++)
            digest = lyap_digest_double(digest, all.distance[c * all.stride + t]);
    collected_free(&all);
    return digest;
}

/* A workload with every outcome: small and huge learning rates. */
static const struct lyap_setting mixed[] = {{0.001, 1e-4, 7}, {0.3, 1e-3, 40}, {1.1, 1e-4, 25},
                                            {3, 1e-2, 40},    {19, 1e-4, 13},  {1e5, 1e-4, 9}};
enum { MIXED = 6 };

static void use_mixed(int activation, enum lyap_precision precision) {
    use_xor("2-2-1", (enum lyap_activation)activation, (enum lyap_activation)activation);
    plan.settings = mixed;
    plan.values = MIXED;
    plan.starts = 5;
    plan.series = true;
    plan.precision = precision;
}

START_TEST(results_do_not_depend_on_the_isa_or_the_number_of_threads) {
    for (int precision = 0; precision < 2; precision++) {
        if (_i < LYAP_ACTIVATION_COUNT) {
            use_mixed(_i, (enum lyap_precision)precision);
        } else {
            use_noisy("3-5-4-1", 100, LYAP_TANH, LYAP_SIGMOID, LYAP_BCE);
            plan.precision = (enum lyap_precision)precision;
            plan.settings = mixed;
            plan.values = MIXED;
            plan.starts = 3;
            plan.neighbours = 3;
        }
        plan.isa = LYAP_ISA_SCALAR;
        plan.threads = 1;
        uint64_t expected = digest_of(&plan);
        for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
            if (!HAS_ISA(isa)) continue;
            plan.isa = (enum lyap_isa)isa;
            for (plan.threads = first_threads(isa); plan.threads <= last_threads(isa, 3); plan.threads++)
                ck_assert_uint_eq(digest_of(&plan), expected);
        }
        done();
    }
}
END_TEST

START_TEST(a_start_gives_the_same_record_wherever_its_cell_lies) {
    use_mixed(LYAP_SIGMOID, LYAP_FLOAT32);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.isa, NULL), LYAP_OK);
    plan.starts = 37;
    struct collected many = run_plan(&plan);
    for (size_t starts = 1; starts <= 37; starts += 6) {
        plan.starts = starts; /* other lanes, other padding */
        struct collected few = run_plan(&plan);
        for (size_t v = 0; v < MIXED; v++)
            for (size_t s = 0; s < starts; s++) {
                struct lyap_record a = few.records[v * starts + s], b = many.records[v * 37 + s];
                ck_assert_uint_eq(a.value, v);
                ck_assert_uint_eq(a.start, s);
                a.cell = b.cell;
                ck_assert(same_record(&a, &b));
            }
        collected_free(&few);
    }
    collected_free(&many);
    done();
}
END_TEST

START_TEST(a_sweep_gives_each_value_what_a_run_of_its_own_gives) {
    use_mixed(LYAP_RELU, LYAP_FLOAT64);
    struct collected sweep = run_plan(&plan);
    for (size_t v = 0; v < MIXED; v++) {
        plan.settings = NULL;
        plan.values = 1;
        plan.setting = mixed[v];
        struct collected one = run_plan(&plan);
        for (size_t s = 0; s < plan.starts; s++) {
            struct lyap_record a = one.records[s], b = sweep.records[v * plan.starts + s];
            a.cell = b.cell;
            a.value = b.value;
            ck_assert(same_record(&a, &b));
        }
        collected_free(&one);
    }
    collected_free(&sweep);
    done();
}
END_TEST

START_TEST(a_parent_is_the_first_draw_whose_loss_lies_in_the_window) {
    use_xor("2-2-1", LYAP_LINEAR, LYAP_LINEAR);
    plan.precision = LYAP_FLOAT64;
    plan.starts = 40;
    double w[40][25][9];
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, 40, &w[0][0][0], NULL), LYAP_OK);
    uint64_t most = 0;
    for (uint64_t s = 0; s < 40; s++) {
        double candidate[9];
        uint64_t attempt = 0;
        for (;; attempt++) {
            lyap_random_uniform(1, LYAP_STREAM_INITIAL, s, attempt << 32, 9, candidate);
            double loss = lyap_reference_loss(&net, &data, candidate);
            if (loss >= 0.2 && loss <= 0.4) break;
        }
        if (attempt > most) most = attempt;
        for (int p = 0; p < 9; p++) ck_assert_double_eq(w[s][0][p], candidate[p]);
    }
    ck_assert_uint_gt(most, 3); /* the window was put to work */
    done();
}
END_TEST

START_TEST(a_neighbour_is_the_parent_plus_scaled_normals) {
    use_xor("2-2-1", LYAP_SIGMOID, LYAP_SIGMOID);
    plan.precision = LYAP_FLOAT64;
    plan.setting.perturbation = 0.01;
    double w[3][25][9], normal[24 * 9];
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, 1, &w[0][0][0], NULL), LYAP_OK);
    lyap_random_normal(1, LYAP_STREAM_PERTURBATION, 0, 0, 24 * 9, normal);
    for (int k = 1; k < 25; k++)
        for (int p = 0; p < 9; p++) ck_assert_double_eq(w[0][k][p], fma(0.01, normal[(k - 1) * 9 + p], w[0][0][p]));
    done();
}
END_TEST

START_TEST(given_weights_are_trained_as_they_are) {
    use_xor("2-2-1", LYAP_SIGMOID, LYAP_SIGMOID);
    double w[2][9] = {{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, {-1, 2, -3, 4, -5, 6, -7, 8, -9}}, got[2][25][9];
    plan.precision = LYAP_FLOAT64;
    plan.starts = 2;
    plan.weights = &w[0][0];
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, 2, &got[0][0][0], NULL), LYAP_OK);
    struct collected all = run_plan(&plan);
    for (int s = 0; s < 2; s++) {
        for (int p = 0; p < 9; p++) ck_assert_double_eq(got[s][0][p], w[s][p]);
        ck_assert_double_eq_tol(all.records[s].initial_loss, lyap_reference_loss(&net, &data, w[s]), 1e-15);
    }
    collected_free(&all);
    done();
}
END_TEST

START_TEST(a_network_whose_relus_are_off_is_dead_with_exponent_exactly_zero) {
    use_xor("2-2-1", LYAP_RELU, LYAP_RELU);
    double w[2][9] = {{-1, -1, -1, -1, -1, -1, 1, 1, -1}, {1, 1, 1, 1, 0.5, 0.5, 1, 1, 0.5}};
    plan.starts = 2;
    plan.weights = &w[0][0];
    struct collected all = run_plan(&plan);
    ck_assert_int_eq(all.records[0].outcome, LYAP_DEAD);
    ck_assert_double_eq(all.records[0].lambda_kw, 0);
    ck_assert_double_eq(all.records[0].lambda_step, 0);
    ck_assert_uint_eq(all.records[0].terms, 99);
    ck_assert_double_eq(all.records[0].initial_loss, 0.5);
    ck_assert_int_eq(all.records[1].outcome, LYAP_COMPLETE);
    collected_free(&all);
    done();
}
END_TEST

START_TEST(an_escaping_cell_is_cut_before_the_escape_and_holds_no_infinity) {
    use_symmetric_line(0.7);
    plan.setting = (struct lyap_setting){.lr = 2, .perturbation = 1e-3, .epochs = 60}; /* factor 3 a step */
    plan.starts = 33;
    plan.series = true;
    plan.escape = 10;
    struct collected all = run_plan(&plan);
    for (size_t c = 0; c < all.cells; c++) {
        const struct lyap_record *r = &all.records[c];
        ck_assert_int_eq(r->outcome, LYAP_ESCAPED);
        ck_assert_int_eq(r->event_epoch, (int64_t)r->length);
        ck_assert_uint_eq(r->terms, r->length - 1);
        ck_assert_double_le(all.distance[c * all.stride + r->length - 1], 10);
        ck_assert_double_gt(3.001 * all.distance[c * all.stride + r->length - 1], 10);
        ck_assert_double_eq_tol(r->lambda_step, log(3), 1e-9);
        ck_assert(isfinite(r->final_loss) && isfinite(r->lambda_kw));
        ck_assert_uint_eq(r->losses, r->length + 1); /* the loss before the escaping update */
    }
    collected_free(&all);
    done();
}
END_TEST

START_TEST(an_overflowing_cell_is_cut_at_the_last_finite_value) {
    use_symmetric_line(0.7);
    plan.precision = LYAP_FLOAT32;
    plan.setting = (struct lyap_setting){.lr = 2, .perturbation = 1e-3, .epochs = 200};
    plan.starts = 17;
    plan.escape = 1e300; /* above every float */
    struct collected all = run_plan(&plan);
    for (size_t c = 0; c < all.cells; c++) {
        ck_assert_int_eq(all.records[c].outcome, LYAP_OVERFLOW);
        ck_assert(isfinite(all.records[c].final_loss) && isfinite(all.records[c].lambda_kw));
        /* Distances are squared before they are summed: they end near sqrt(FLT_MAX) = 1.8e19, 3^46 above 1e-3. */
        ck_assert_int_ge(all.records[c].event_epoch, 38);
        ck_assert_int_le(all.records[c].event_epoch, 48);
    }
    collected_free(&all);
    done();
}
END_TEST

START_TEST(merged_neighbours_are_a_zero_distance_and_tiny_ones_an_underflow) {
    /* Towards a minimum away from 0 the float32 neighbours merge; towards one at 0 they shrink without end. */
    for (int merge = 0; merge < 2; merge++) {
        use_symmetric_line(merge ? 0.7 : 0);
        plan.precision = LYAP_FLOAT32;
        plan.setting = (struct lyap_setting){.lr = 0.25, .perturbation = 1e-3, .epochs = 400};
        plan.starts = 17;
        plan.series = true;
        struct collected all = run_plan(&plan);
        for (size_t c = 0; c < all.cells; c++) {
            const struct lyap_record *r = &all.records[c];
            ck_assert_int_eq(r->outcome, merge ? LYAP_ZERO_DISTANCE : LYAP_UNDERFLOW);
            ck_assert_int_eq(r->event_epoch, (int64_t)r->length);
            ck_assert_double_gt(all.distance[c * all.stride + r->length - 1], 0);
            ck_assert_uint_eq(r->losses, 400); /* the parent trains on */
            ck_assert(isfinite(r->lambda_kw) && r->lambda_kw < 0);
            if (!merge) ck_assert_double_eq_tol(r->lambda_step, log(0.5), 0.01);
        }
        collected_free(&all);
        done();
    }
}
END_TEST

START_TEST(the_record_is_the_estimator_of_its_series) {
    use_mixed(LYAP_LINEAR, LYAP_FLOAT64);
    struct collected all = run_plan(&plan);
    for (size_t c = 0; c < all.cells; c++) {
        struct lyap_exponents e = lyap_kantz_wolf(all.distance + c * all.stride, all.records[c].length);
        ck_assert_uint_eq(e.terms, all.records[c].terms);
        ck_assert_double_eq(e.lambda_kw, all.records[c].lambda_kw);
        ck_assert_double_eq(e.lambda_step, all.records[c].lambda_step);
    }
    collected_free(&all);
    done();
}
END_TEST

START_TEST(a_pure_exponential_gives_the_rate_and_the_rate_times_half_the_length) {
    const double rates[] = {-0.3, -1e-3, 0, 1e-3, 0.25};
    double d[41], step[41];
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        for (int t = 0; t < 41; t++) d[t] = 1e-4 * exp(rates[i] * t);
        struct lyap_exponents e = lyap_kantz_wolf(d, 41);
        ck_assert_uint_eq(e.terms, 40);
        ck_assert_double_eq_tol(e.lambda_step, rates[i], 1e-15);
        ck_assert_double_eq_tol(e.lambda_kw, rates[i] * 41 / 2, 2e-14);
        lyap_step_exponents(d, 41, step);
        ck_assert_double_eq(step[0], 0);
        for (int t = 1; t < 41; t++) ck_assert_double_eq_tol(step[t], rates[i], 5e-15);
    }
    ck_assert_uint_eq(lyap_kantz_wolf(d, 1).terms, 0);
    ck_assert_uint_eq(lyap_kantz_wolf(d, 0).terms, 0);
}
END_TEST

static bool stop_after(uint64_t cells_done, uint64_t cells, void *context) {
    (void)cells;
    return cells_done < *(uint64_t *)context;
}

START_TEST(a_run_stops_when_the_progress_function_says_so) {
    use_xor("2-2-1", LYAP_SIGMOID, LYAP_SIGMOID);
    uint64_t limit = 100;
    struct collected all = {0};
    struct lyap_error error = {0};
    plan.starts = 100000;
    plan.progress = stop_after;
    plan.progress_context = &limit;
    ck_assert_int_eq(lyap_ensemble_run(&plan, collect, &all, &error), LYAP_ERROR_INTERRUPTED);
    ck_assert_uint_lt(all.cells, 100000);
    collected_free(&all);
    done();
}
END_TEST

START_TEST(a_window_that_no_start_meets_is_given_up_with_the_count) {
    use_xor("2-2-1", LYAP_SIGMOID, LYAP_SIGMOID);
    struct lyap_error error = {0};
    plan.window_low = 5;
    plan.window_high = 6;
    plan.max_draws = 3000;
    struct collected all = {0};
    ck_assert_int_eq(lyap_ensemble_run(&plan, collect, &all, &error), LYAP_ERROR_WINDOW);
    ck_assert_ptr_nonnull(strstr(error.message, "3000 draws"));
    ck_assert_uint_eq(all.cells, 0);
    done();
}
END_TEST

/* Each entry breaks one setting; the message must name it. */
static void bad_lr(void) {
    plan.setting.lr = -1;
}
static void nan_lr(void) {
    plan.setting.lr = NAN;
}
static void tiny_lr(void) {
    plan.setting.lr = 1e-50;
}
static void no_perturbation(void) {
    plan.setting.perturbation = 0;
}
static void no_epochs(void) {
    plan.setting.epochs = 0;
}
static void no_starts(void) {
    plan.starts = 0;
}
static void no_neighbours(void) {
    plan.neighbours = 0;
}
static void upside_down(void) {
    plan.window_low = 1, plan.window_high = 0.5;
}
static void no_escape(void) {
    plan.escape = 0;
}
static void endless_escape(void) {
    plan.escape = INFINITY;
}
static void flat_init(void) {
    plan.init_b = plan.init_a;
}
static void wrong_size(void) {
    data.inputs = 1;
}
static void infinite_data(void) {
    data.x[3] = INFINITY;
}
static void bce_target(void) {
    net.loss = LYAP_BCE, data.y[1] = 1.5;
}
static const struct {
    void (*spoil)(void);
    const char *word;
} bad[] = {{bad_lr, "learning rate -1"},      {nan_lr, "learning rate"},    {tiny_lr, "learning rate"},
           {no_perturbation, "perturbation"}, {no_epochs, "epochs 0"},      {no_starts, "starts 0"},
           {no_neighbours, "neighbours 0"},   {upside_down, "loss window"}, {no_escape, "escape 0"},
           {endless_escape, "escape"},        {flat_init, "uniform:0,0"},   {wrong_size, "inputs"},
           {infinite_data, "input inf"},      {bce_target, "target 1.5"}};

START_TEST(a_setting_out_of_range_is_refused_by_name) {
    use_xor("2-2-1", LYAP_SIGMOID, LYAP_SIGMOID);
    struct lyap_error error = {0};
    struct collected all = {0};
    bad[_i].spoil();
    ck_assert_int_eq(lyap_ensemble_run(&plan, collect, &all, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, bad[_i].word) != NULL, "'%s' not in: %s", bad[_i].word, error.message);
    ck_assert_uint_eq(all.cells, 0);
    done();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("ensemble");
    TCase *tc = tcase_create("ensemble");
    tcase_set_timeout(tc, 240);
    tcase_add_test(tc, a_quadratic_gives_ln_of_one_minus_lr_times_curvature);
    tcase_add_loop_test(tc, networks_of_wide_data_follow_the_reference, 0, 4);
    tcase_add_loop_test(tc, trajectories_follow_the_reference_for_every_shape_activation_and_loss, 0,
                        (int)(sizeof shapes / sizeof *shapes));
    tcase_add_loop_test(tc, the_papers_network_follows_the_reference_for_every_activation, 0, LYAP_ACTIVATION_COUNT);
    tcase_add_loop_test(tc, results_do_not_depend_on_the_isa_or_the_number_of_threads, 0, LYAP_ACTIVATION_COUNT + 1);
    tcase_add_test(tc, a_start_gives_the_same_record_wherever_its_cell_lies);
    tcase_add_test(tc, a_sweep_gives_each_value_what_a_run_of_its_own_gives);
    tcase_add_test(tc, a_parent_is_the_first_draw_whose_loss_lies_in_the_window);
    tcase_add_test(tc, a_neighbour_is_the_parent_plus_scaled_normals);
    tcase_add_test(tc, given_weights_are_trained_as_they_are);
    tcase_add_test(tc, a_network_whose_relus_are_off_is_dead_with_exponent_exactly_zero);
    tcase_add_test(tc, an_escaping_cell_is_cut_before_the_escape_and_holds_no_infinity);
    tcase_add_test(tc, an_overflowing_cell_is_cut_at_the_last_finite_value);
    tcase_add_test(tc, merged_neighbours_are_a_zero_distance_and_tiny_ones_an_underflow);
    tcase_add_test(tc, the_record_is_the_estimator_of_its_series);
    tcase_add_test(tc, a_pure_exponential_gives_the_rate_and_the_rate_times_half_the_length);
    tcase_add_test(tc, a_run_stops_when_the_progress_function_says_so);
    tcase_add_test(tc, a_window_that_no_start_meets_is_given_up_with_the_count);
    tcase_add_loop_test(tc, a_setting_out_of_range_is_refused_by_name, 0, (int)(sizeof bad / sizeof *bad));
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
