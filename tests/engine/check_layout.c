/* Blocks of 16 or one network at a time: nobody can tell by the results, whatever the run, the instruction set and the number of threads,
 * which share the steps of a network where there are few. */
#include "engine/layout.h"

#include "engine/run.h"
#include "engine/worker.h"
#include "lyapgrad/lyapgrad.h"
#include "tests/collect.h"
#include "tests/collect_spectrum.h"
#include "tests/support.h"

enum { MOST_THREADS = 3, MOST_POINTS = 4 };

static struct lyap_network net;
static struct lyap_dataset data, held_out;
static struct lyap_spectrum_plan plan; /* its base is the ensemble's plan */

/* Trained networks: shapes on both sides of the widths of vectors, inputs that are kept by columns, and every part of a step. */
static const struct {
    const char *net, *data;
    enum lyap_activation hidden, output;
    enum lyap_loss loss;
    enum lyap_optimiser_kind optimiser;
    uint64_t batch;
    bool full_state, varied; /* a schedule, layer rates and a decay */
    double lr;
    size_t exponents; /* of the spectrum; the ensemble has that many neighbours */
    uint32_t qr_every;
} cases[] = {
    {"2-2-1", "xor", LYAP_TANH, LYAP_TANH, LYAP_MSE, LYAP_GD, 0, false, false, 0.5, 9, 1},
    {"2-2-1", "xor", LYAP_RELU, LYAP_RELU, LYAP_MSE, LYAP_GD, 0, false, false, 90, 1, 10}, /* some escape */
    {"3-8-4-1", "teacher:3-4-1,97", LYAP_TANH, LYAP_LINEAR, LYAP_MSE, LYAP_GD, 0, false, true, 0.2, 3, 4},
    {"20-6-2", "teacher:20-4-2,40", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_BCE, LYAP_MOMENTUM, 0, true, false, 0.2, 2, 2},
    {"17-40-1", "teacher:17-3-1,16", LYAP_GELU, LYAP_LINEAR, LYAP_MSE, LYAP_ADAM, 0, false, true, 0.01, 1, 10},
    {"5-17-16-3", "teacher:5-3-3,33", LYAP_SIN, LYAP_TANH, LYAP_MSE, LYAP_NESTEROV, 8, false, false, 0.05, 2, 3},
    {"18-33-2", "teacher:18-4-2,71", LYAP_RELU, LYAP_TANH, LYAP_MSE, LYAP_RMSPROP, 20, false, true, 0.01, 1, 5},
};
enum { CASES = sizeof cases / sizeof *cases };

static void use(int index) {
    lyap_dataset_free(&data);
    lyap_dataset_free(&held_out);
    ck_assert_int_eq(lyap_dataset_parse(&data, cases[index].data, 1, 7, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_parse(&held_out, cases[index].data, 1, 8, NULL), LYAP_OK);
    for (size_t i = 0; cases[index].loss == LYAP_BCE && i < data.samples * data.outputs; i++) {
        data.y[i] = data.y[i] > 0;
        held_out.y[i] = held_out.y[i] > 0;
    }
    ck_assert_int_eq(
        lyap_network_init(&net, cases[index].net, cases[index].hidden, cases[index].output, cases[index].loss, NULL),
        LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    struct lyap_plan *base = &plan.base;
    base->test = &held_out;
    base->window = index == 0;
    base->init = index == 0 ? LYAP_INIT_UNIFORM : LYAP_INIT_NORMAL;
    if (index) base->init_b = 0.6;
    base->setting = (struct lyap_setting){.lr = cases[index].lr, .perturbation = 1e-3, .epochs = 23};
    base->neighbours = (uint32_t)cases[index].exponents;
    base->series = base->evaluate = base->last_weights = true;
    struct lyap_optimiser *o = &base->optimiser;
    lyap_optimiser_defaults(o, cases[index].optimiser);
    o->batch = cases[index].batch;
    o->full_state = cases[index].full_state;
    if (cases[index].varied) {
        o->schedule = LYAP_STEP_DECAY;
        o->schedule_every = 7;
        o->schedule_factor = 0.5;
        o->weight_decay = 0.01;
        o->layer_rate[0] = 1.5;
    }
    plan.exponents = cases[index].exponents;
    plan.qr_every = cases[index].qr_every;
    plan.history = MOST_POINTS;
    plan.transient = 6;
    /* Of a larger network it takes as long as hundreds of steps. */
    plan.curvature = lyap_network_parameters(&net) < (brief_tests() ? 20 : 200);
    plan.growth = 3;
}

static bool has_one(void) {
    return lyap_kernels_one(LYAP_ISA_SCALAR, LYAP_FLOAT32) != NULL;
}
#define NEED_ONE                                                                                                       \
    if (!has_one()) SKIP("this build has no kernels of one network")

static uint64_t add_bytes(uint64_t digest, const double *values, size_t n) {
    for (size_t i = 0; i < n; i++) digest = lyap_digest_double(digest, values[i]);
    return digest;
}

/* Every bit of an ensemble. */
static uint64_t ensemble_digest(void) {
    struct collected c = run_plan(&plan.base);
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t i = 0; i < c.cells; i++) {
        const struct lyap_record *r = &c.records[i];
        const struct lyap_evaluation *e = &c.evaluation[i];
        const double numbers[] = {e->train_loss, e->train_accuracy, e->test_loss, e->test_accuracy};
        digest = lyap_digest_record(digest, r);
        digest = add_bytes(digest, c.distance + i * c.stride, r->length);
        digest = add_bytes(digest, c.loss + i * c.stride, r->losses);
        digest = add_bytes(digest, numbers, 4);
        digest = add_bytes(digest, c.weights + i * lyap_network_parameters(&net), lyap_network_parameters(&net));
    }
    collected_free(&c);
    return digest;
}

static uint64_t spectrum_digest(void) {
    struct spectra s = run_spectra(&plan);
    const uint64_t digest = spectra_digest(&s);
    spectra_free(&s);
    return digest;
}

static uint64_t pairs_digest(void) {
    const size_t exponents = plan.exponents;
    plan.method = LYAP_RESCALED;
    plan.exponents = 1;
    const uint64_t digest = spectrum_digest();
    plan.method = LYAP_TANGENT;
    plan.exponents = exponents;
    return digest;
}

static enum lyap_status add_orbit(const struct lyap_spectrum_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    *digest = add_bytes(*digest, c->orbit, c->count * c->orbit_numbers);
    return LYAP_OK;
}

/* The outputs at the steps behind the transient. */
static uint64_t orbit_digest(void) {
    const struct lyap_orbit orbit = {.kind = LYAP_ORBIT_OUTPUTS, .points = MOST_POINTS};
    uint64_t digest = LYAP_DIGEST_START;
    ck_assert_int_eq(lyap_orbits_run(&plan, &orbit, add_orbit, &digest, NULL), LYAP_OK);
    return digest;
}

static uint64_t initial_digest(void) {
    const size_t numbers = plan.base.starts * (1 + (size_t)plan.base.neighbours) * lyap_network_parameters(&net);
    double *weights = calloc(numbers, sizeof *weights);
    ck_assert_int_eq(lyap_ensemble_initial(&plan.base, 0, plan.base.starts, weights, NULL), LYAP_OK);
    const uint64_t digest = add_bytes(LYAP_DIGEST_START, weights, numbers);
    free(weights);
    return digest;
}

static uint64_t (*const digests[])(void) = {ensemble_digest, spectrum_digest, pairs_digest, orbit_digest,
                                            initial_digest};
enum { RUNS = sizeof digests / sizeof *digests };

START_TEST(both_layouts_give_the_same_bits_on_every_instruction_set_and_number_of_threads) {
    NEED_ONE;
    use(_i / 2);
    plan.base.precision = (enum lyap_precision)(_i % 2);
    for (int r = 0; r < RUNS; r++)
        for (uint64_t starts = 1; starts <= (brief_tests() && (r + _i) % RUNS ? 1 : 5); starts += 4) {
            plan.base.starts = starts;
            plan.base.isa = LYAP_ISA_SCALAR;
            plan.base.layout = LYAP_LAYOUT_BLOCK;
            plan.base.threads = 1;
            const uint64_t expected = digests[r]();
            for (int isa = 0; isa < LYAP_ISA_COUNT; isa++)
                for (int t = 0; t < 2 && HAS_ISA(isa); t++) { /* all numbers of threads, on one set or another */
                    /* Short steps that threads share are mostly waiting: of several cells, one run a set. */
                    if (t && starts > 1 && (isa + _i) % RUNS != r) continue;
                    plan.base.isa = (enum lyap_isa)isa;
                    plan.base.layout = t ? LYAP_LAYOUT_SHARED : LYAP_LAYOUT_ONE;
                    plan.base.threads = 1 + (isa + r + t) % MOST_THREADS;
                    ck_assert_msg(digests[r]() == expected, "run %d of %s, %d starts, %s, %d threads", r,
                                  cases[_i / 2].net, (int)starts, lyap_isa_name(plan.base.isa), plan.base.threads);
                }
        }
}
END_TEST

START_TEST(a_layout_has_a_name_and_other_words_are_refused_with_the_choices) {
    static const char *const bad[] = {"automatic", "blocks", "ONE", " one", "one ", "1", "16", "unknown"};
    enum lyap_layout layout;
    struct lyap_error error;
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(lyap_layout_select(i ? "" : NULL, &layout, &error), LYAP_OK);
        ck_assert_int_eq(layout, LYAP_LAYOUT_AUTO);
    }
    for (int i = 0; i < LYAP_LAYOUT_COUNT; i++) {
        ck_assert_int_eq(lyap_layout_select(lyap_layout_name((enum lyap_layout)i), &layout, &error), LYAP_OK);
        ck_assert_int_eq(layout, i);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_int_eq(lyap_layout_select(bad[i], &layout, &error), LYAP_ERROR_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(error.message, bad[i]));
        ck_assert_ptr_nonnull(strstr(error.message, "choose one of: auto, block, one, shared"));
    }
    ck_assert_str_eq(lyap_layout_name(LYAP_LAYOUT_COUNT), "unknown");
}
END_TEST

/* The width that is chosen, which has to be the same in vectors of every length: what one costs in many lanes, the other costs in few. */
static size_t width_of(const char *shape, size_t samples, uint64_t starts, int threads, size_t vectors) {
    static struct lyap_dataset wide;
    ck_assert_int_eq(lyap_network_init(&net, shape, LYAP_TANH, LYAP_TANH, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan.base, &net, &wide);
    wide.samples = samples; /* all that the choice looks at */
    plan.base.starts = starts;
    plan.base.threads = threads;
    size_t width = 0;
    for (int way = 0; way < 2 * LYAP_ISA_COUNT; way++) {
        plan.base.isa = (enum lyap_isa)(way / 2);
        plan.base.precision = (enum lyap_precision)(way % 2);
        if (!HAS_ISA(plan.base.isa)) continue;
        const size_t chosen = lyap_layout_width(&plan.base, vectors);
        ck_assert_msg(!width || chosen == width, "%s, %s: %zu and %zu", shape, lyap_isa_name(plan.base.isa), width,
                      chosen);
        width = chosen;
    }
    return width;
}

START_TEST(large_or_few_networks_are_taken_one_at_a_time_and_many_small_ones_in_blocks) {
    NEED_ONE;
    static const char large[] = "784-64-10", middle[] = "8-16-4", small[] = "2-2-1";
    for (size_t vectors = 0; vectors < 6; vectors += 5) {
        ck_assert_uint_eq(width_of(large, 1024, 1, 1, vectors), 1);
        ck_assert_uint_eq(width_of(large, 1024, 1, 2, vectors), 1);
        ck_assert_uint_eq(width_of("64-32-10", 1797, 1, 1, vectors), 1);
        ck_assert_uint_eq(width_of(large, 1024, 16, 2, vectors), 1);             /* a block has one thread */
        if (vectors) ck_assert_uint_eq(width_of(middle, 200, 1, 1, vectors), 1); /* 25 trajectories spread as well */
        ck_assert_uint_eq(width_of(middle, 200, 64, 2, vectors), LYAP_BLOCK);
        if (!vectors) ck_assert_uint_eq(width_of(small, 4, 1, 1, vectors), LYAP_BLOCK); /* its 25 trajectories */
        ck_assert_uint_eq(width_of(small, 4, 1000, 2, vectors), LYAP_BLOCK);
    }
}
END_TEST

START_TEST(a_layout_that_is_asked_for_is_taken_and_a_known_system_has_blocks) {
    NEED_ONE;
    use(0);
    struct lyap_run run;
    for (int i = LYAP_LAYOUT_BLOCK; i <= LYAP_LAYOUT_ONE; i++) {
        plan.base.layout = (enum lyap_layout)i;
        ck_assert_int_eq(lyap_run_prepare(&run, &plan.base, NULL), LYAP_OK);
        const size_t width = i == LYAP_LAYOUT_ONE ? 1 : LYAP_BLOCK;
        ck_assert_uint_eq(run.kernels->width, width);
        ck_assert_uint_eq(run.log_kernels->width, width);
        ck_assert_uint_eq(run.block_cells, width);
        ck_assert_int_eq(run.log_kernels->precision, LYAP_FLOAT64);
        lyap_run_free(&run);
    }
    struct spectra s[2];
    for (int i = 0; i < 2; i++) {
        lyap_spectrum_defaults(&plan, NULL, NULL);
        plan.system = LYAP_SYSTEM_LOGISTIC;
        plan.base.setting.lr = 3.9;
        plan.base.layout = i ? LYAP_LAYOUT_ONE : LYAP_LAYOUT_BLOCK;
        s[i] = run_spectra(&plan);
    }
    ck_assert_uint_eq(spectra_digest(&s[0]), spectra_digest(&s[1]));
    for (int i = 0; i < 2; i++) spectra_free(&s[i]);
}
END_TEST

START_TEST(threads_share_long_steps_of_few_networks_and_have_networks_of_their_own_with_many) {
    static struct lyap_dataset sized;
    ck_assert_int_eq(lyap_network_init(&net, "9-10", LYAP_TANH, LYAP_TANH, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan.base, &net, &sized);
    for (int threads = 1; threads <= 4; threads++)
        for (uint64_t starts = 1; starts < 20; starts++) {
            plan.base.threads = threads;
            plan.base.starts = starts;
            sized.samples = 50000; /* 5 million multiply-adds a pass */
            plan.base.layout = LYAP_LAYOUT_AUTO;
            ck_assert_int_eq(lyap_layout_sharing(&plan.base, LYAP_BLOCK), 1);
            ck_assert_int_eq(lyap_layout_sharing(&plan.base, 1), starts < 4u * (unsigned)threads ? threads : 1);
            sized.samples = 5000;
            ck_assert_int_eq(lyap_layout_sharing(&plan.base, 1), starts < (unsigned)threads ? threads : 1);
            sized.samples = 50;
            ck_assert_int_eq(lyap_layout_sharing(&plan.base, 1), 1);
            plan.base.layout = LYAP_LAYOUT_SHARED;
            ck_assert_int_eq(lyap_layout_sharing(&plan.base, 1), threads);
        }
}
END_TEST

/* A worker of one network has a sixteenth of the weights, and the choice of 15 others costs nothing. */
START_TEST(one_network_takes_the_memory_of_one) {
    NEED_ONE;
    use(4);
    double bytes[2];
    struct lyap_run run;
    plan.base.neighbours = 100; /* so that the weights are most of it */
    for (int i = 0; i < 2; i++) {
        plan.base.layout = i ? LYAP_LAYOUT_ONE : LYAP_LAYOUT_BLOCK;
        ck_assert_int_eq(lyap_run_prepare(&run, &plan.base, NULL), LYAP_OK);
        bytes[i] = lyap_worker_bytes(&run) - (double)run.kernels->workspace(&run.whole, run.sharing);
        lyap_run_free(&run);
    }
    ck_assert_double_eq(bytes[0], 16 * bytes[1]);
}
END_TEST

START_TEST(a_block_of_sixteen_has_the_data_by_columns_and_one_network_needs_no_copy) {
    use(3);
    for (int i = LYAP_LAYOUT_BLOCK; i <= LYAP_LAYOUT_ONE; i++) {
        struct lyap_run run;
        plan.base.layout = (enum lyap_layout)i;
        plan.base.precision = LYAP_FLOAT64;
        ck_assert_int_eq(lyap_run_prepare(&run, &plan.base, NULL), LYAP_OK);
        const double *columns = run.columns;
        ck_assert_int_eq(columns != NULL, i == LYAP_LAYOUT_BLOCK);
        for (size_t k = 0; columns && k < data.inputs; k++)
            for (size_t s = 0; s < data.samples; s++)
                ck_assert_double_eq(columns[k * data.samples + s], data.x[s * data.inputs + k]);
        lyap_run_free(&run);
    }
}
END_TEST

static unsigned long polls;
static bool count_polls(uint64_t done, uint64_t total, void *context) {
    const unsigned long *most = context;
    (void)done;
    (void)total;
    return ++polls != *most;
}

/* Of the larger network a step is worth a look, however many steps lie between re-orthonormalisations. */
START_TEST(progress_comes_after_each_step_that_takes_long) {
    enum { STEPS = 10 };
    static unsigned long most = 0;
    const bool one = _i & 1, tangents = _i & 2;
    if (one) NEED_ONE;
    lyap_dataset_free(&data);
    ck_assert_int_eq(lyap_dataset_parse(&data, one ? "teacher:64-4-10,3200" : "teacher:64-4-10,200", 1, 7, NULL),
                     LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, "64-40-10", LYAP_TANH, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    struct lyap_plan *base = &plan.base;
    ck_assert_int_eq(lyap_isa_select(NULL, &base->isa, NULL), LYAP_OK);
    base->layout = one ? LYAP_LAYOUT_ONE : LYAP_LAYOUT_BLOCK;
    base->precision = LYAP_FLOAT32;
    base->threads = 1;
    base->window = false;
    base->neighbours = 1;
    base->setting.epochs = STEPS;
    base->progress = count_polls;
    base->progress_context = &most;
    for (int interrupted = 0; interrupted < 2; interrupted++) {
        struct lyap_error error = {0};
        struct spectra s = {0};
        struct collected c = {0};
        most = interrupted ? STEPS / 2 : 0;
        polls = 0;
        const enum lyap_status status = tangents ? lyap_spectrum_run(&plan, collect_spectra, &s, &error)
                                                 : lyap_ensemble_run(base, collect, &c, &error);
        ck_assert_int_eq(status, interrupted ? LYAP_ERROR_INTERRUPTED : LYAP_OK);
        if (interrupted)
            ck_assert_uint_eq(polls, most);
        else
            ck_assert_uint_ge(polls, STEPS);
        spectra_free(&s);
        collected_free(&c);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("layout");
    TCase *tc = tcase_create("layout");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, both_layouts_give_the_same_bits_on_every_instruction_set_and_number_of_threads, 0,
                        2 * CASES);
    tcase_add_test(tc, a_layout_has_a_name_and_other_words_are_refused_with_the_choices);
    tcase_add_test(tc, large_or_few_networks_are_taken_one_at_a_time_and_many_small_ones_in_blocks);
    tcase_add_test(tc, a_layout_that_is_asked_for_is_taken_and_a_known_system_has_blocks);
    tcase_add_test(tc, threads_share_long_steps_of_few_networks_and_have_networks_of_their_own_with_many);
    tcase_add_test(tc, one_network_takes_the_memory_of_one);
    tcase_add_test(tc, a_block_of_sixteen_has_the_data_by_columns_and_one_network_needs_no_copy);
    tcase_add_loop_test(tc, progress_comes_after_each_step_that_takes_long, 0, 4);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
