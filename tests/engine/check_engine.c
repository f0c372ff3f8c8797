/* The loop that carries cells over the threads, for ensembles and for spectra: every hypothesis is tested on both. The linker sends
 * the library's questions for memory and for threads to the test. */
#include "base/memory.h"
#include "base/team.h"
#include "lyapgrad/lyapgrad.h"
#include "simd/kernels.h"
#include "tests/support.h"

enum kind { ENSEMBLE, SPECTRUM, KINDS };
enum { THREADS = 4, BATCHES = 2 };

static struct lyap_network net;
static struct lyap_dataset data;
static struct lyap_spectrum_plan plan; /* its base is the ensemble's plan */
static enum lyap_layout layout = LYAP_LAYOUT_BLOCK;

/* What a run did. */
static struct {
    size_t chunks, cells;
    uint64_t digest;
    enum lyap_status refuse;      /* what the sink returns */
    unsigned long polls, stop_at; /* calls of the progress function; it ends the run at this one, 0: at none */
    size_t stop_after;            /* chunks after which it ends the run, 0: none */
    uint64_t done, total;         /* the last that it was told */
    bool backwards;
} seen;

static enum lyap_status take(uint64_t first, size_t count, struct lyap_error *error) {
    ck_assert_uint_eq(first, seen.cells); /* in cell order, without gaps */
    seen.cells += count;
    seen.chunks++;
    return seen.refuse ? lyap_fail(error, seen.refuse, "the sink is full") : LYAP_OK;
}

static enum lyap_status take_records(const struct lyap_chunk *c, void *context, struct lyap_error *error) {
    (void)context;
    for (size_t i = 0; i < c->count; i++) seen.digest = lyap_digest_record(seen.digest, &c->records[i]);
    return take(c->first_cell, c->count, error);
}

static enum lyap_status take_spectra(const struct lyap_spectrum_chunk *c, void *context, struct lyap_error *error) {
    (void)context;
    for (size_t i = 0; i < c->count; i++)
        seen.digest = lyap_digest_spectrum(seen.digest, &c->records[i], c->lambda + i * c->exponents, c->exponents);
    return take(c->first_cell, c->count, error);
}

static bool watch(uint64_t done, uint64_t total, void *context) {
    (void)context;
    seen.backwards = seen.backwards || done < seen.done;
    seen.done = done;
    seen.total = total;
    return ++seen.polls != seen.stop_at && !(seen.stop_after && seen.chunks >= seen.stop_after);
}

static void set_up(uint64_t starts) {
    memset(&seen, 0, sizeof seen);
    seen.digest = LYAP_DIGEST_START;
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, NULL), LYAP_OK);
    if (!data.samples) ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    plan.base.precision = LYAP_FLOAT32;
    plan.base.starts = starts;
    plan.base.setting = (struct lyap_setting){.lr = 0.5, .perturbation = 1e-4, .epochs = 3};
    plan.base.neighbours = 2;
    plan.base.window = false;
    plan.base.progress = watch;
    plan.base.layout = layout;
}

/* The number of a loop test says the kind and, from KINDS on, that networks are taken one at a time. */
static int kind_of(int test) {
    layout = test < KINDS ? LYAP_LAYOUT_BLOCK : LYAP_LAYOUT_ONE;
    return test % KINDS;
}

static enum lyap_status run(int kind, struct lyap_error *error) {
    return kind == ENSEMBLE ? lyap_ensemble_run(&plan.base, take_records, NULL, error)
                            : lyap_spectrum_run(&plan, take_spectra, NULL, error);
}

/* Cells that the loop hands over in several chunks. */
static uint64_t several_chunks(int kind) {
    set_up(20000);
    ck_assert_int_eq(run(kind, NULL), LYAP_OK);
    ck_assert_uint_eq(seen.cells, 20000);
    ck_assert_uint_ge(seen.chunks, BATCHES);
    return 20000;
}

START_TEST(progress_grows_to_the_total) {
    const int kind = kind_of(_i);
    several_chunks(kind);
    ck_assert(!seen.backwards);
    ck_assert_uint_eq(seen.done, 3 * 20000);
    ck_assert_uint_eq(seen.total, 3 * 20000);
}
END_TEST

START_TEST(a_sink_that_refuses_ends_the_run_with_its_own_status) {
    const int kind = kind_of(_i);
    struct lyap_error error = {0};
    set_up(several_chunks(kind));
    seen.refuse = LYAP_ERROR_OUTPUT;
    ck_assert_int_eq(run(kind, &error), LYAP_ERROR_OUTPUT);
    ck_assert_str_eq(error.message, "the sink is full");
    ck_assert_uint_eq(seen.chunks, 1);
}
END_TEST

START_TEST(a_run_cancelled_between_chunks_hands_over_no_other) {
    const int kind = kind_of(_i);
    struct lyap_error error = {0};
    set_up(several_chunks(kind));
    seen.stop_after = 1;
    ck_assert_int_eq(run(kind, &error), LYAP_ERROR_INTERRUPTED);
    ck_assert_str_eq(error.message, "interrupted");
    ck_assert_uint_eq(seen.chunks, 1);
}
END_TEST

START_TEST(a_run_cancelled_within_a_chunk_does_not_hand_it_over) {
    const int kind = kind_of(_i);
    struct lyap_error error = {0};
    set_up(100);
    plan.base.threads =
        1; /* else another thread may take all blocks but one, and the caller's own is asked about once */
    seen.stop_at = 2;
    ck_assert_int_eq(run(kind, &error), LYAP_ERROR_INTERRUPTED);
    ck_assert_uint_eq(seen.chunks, 0);
}
END_TEST

/* No start meets the window; every block gives up by itself. */
static void set_up_without_start(void) {
    set_up(40);
    plan.base.window = true;
    plan.base.window_low = 9;
    plan.base.window_high = 10;
    plan.base.max_draws = 300;
    plan.base.threads = 1;
}

/* Threads that share the steps of few networks: the calling thread has the cells, one after the other. */
START_TEST(a_shared_run_tells_its_progress_and_can_be_cancelled) {
    const int kind = kind_of(_i);
    struct lyap_error error = {0};
    layout = LYAP_LAYOUT_SHARED;
    set_up(3);
    plan.base.threads = THREADS;
    ck_assert_int_eq(run(kind, NULL), LYAP_OK);
    ck_assert_uint_eq(seen.cells, 3);
    ck_assert(!seen.backwards);
    ck_assert_uint_eq(seen.done, 3 * 3);
    const unsigned long polls = seen.polls;
    for (unsigned long stop = 1; stop <= polls; stop++) {
        set_up(3);
        plan.base.threads = THREADS;
        seen.stop_at = stop;
        ck_assert_int_eq(run(kind, &error), LYAP_ERROR_INTERRUPTED);
        ck_assert_uint_eq(seen.polls, stop); /* and it is not asked again */
    }
}
END_TEST

START_TEST(a_start_of_a_shared_run_that_is_not_found_is_named) {
    const int kind = kind_of(_i);
    struct lyap_error error = {0};
    layout = LYAP_LAYOUT_SHARED;
    set_up(3);
    plan.base.threads = THREADS;
    plan.base.window = true;
    plan.base.window_low = 9;
    plan.base.window_high = 10;
    plan.base.max_draws = 300;
    ck_assert_int_eq(run(kind, &error), LYAP_ERROR_WINDOW);
    ck_assert_ptr_nonnull(strstr(error.message, "no draw for start 0 met it"));
    ck_assert_uint_eq(seen.chunks, 0);
}
END_TEST

START_TEST(a_start_that_is_not_found_is_named_with_the_acceptance_rate_for_any_number_of_threads) {
    for (int threads = 1; threads <= 3; threads++) {
        struct lyap_error error = {0};
        set_up_without_start();
        plan.base.threads = threads;
        ck_assert_int_eq(run(_i, &error), LYAP_ERROR_WINDOW);
        ck_assert_ptr_nonnull(strstr(error.message, "no draw for start 0 met it"));
        ck_assert_ptr_nonnull(strstr(error.message, "acceptance rate 0 in 300 draws here)"));
        ck_assert_uint_eq(seen.chunks, 0);
    }
}
END_TEST

/* The first block finds no start, and the second is cancelled before its own: which starts fail is then an accident of timing. */
START_TEST(cancelling_comes_before_a_start_that_is_not_found) {
    unsigned long polls;
    set_up_without_start();
    plan.base.starts = 16;
    ck_assert_int_eq(run(_i, NULL), LYAP_ERROR_WINDOW);
    polls = seen.polls;
    set_up_without_start();
    seen.stop_at = polls + 1;
    ck_assert_int_eq(run(_i, NULL), LYAP_ERROR_INTERRUPTED);
}
END_TEST

/* A failed start ends the blocks of higher cells, which could not change the report. */
START_TEST(blocks_behind_a_start_that_is_not_found_are_left_out) {
    set_up_without_start();
    plan.base.starts = 16;
    ck_assert_int_eq(run(_i, NULL), LYAP_ERROR_WINDOW);
    unsigned long one = seen.polls;
    set_up_without_start();
    plan.base.starts = 160;
    ck_assert_int_eq(run(_i, NULL), LYAP_ERROR_WINDOW);
    ck_assert_uint_le(seen.polls, one + 9); /* a look at each block, and no draws */
}
END_TEST

#ifdef LYAP_TEST_WRAP
static struct {
    double most, asked; /* bytes that there are (0: no limit), and the most that was asked for */
    int threads;        /* of the last team */
    bool no_threads;
} machine;

bool __real_lyap_memory_fits(double bytes);
bool __wrap_lyap_memory_fits(double bytes);
bool __wrap_lyap_memory_fits(double bytes) {
    if (bytes > machine.asked) machine.asked = bytes;
    return machine.most > 0 ? bytes <= machine.most : __real_lyap_memory_fits(bytes);
}

enum lyap_status __real_lyap_team_open(struct lyap_team **team, int threads, struct lyap_error *error);
enum lyap_status __wrap_lyap_team_open(struct lyap_team **team, int threads, struct lyap_error *error);
enum lyap_status __wrap_lyap_team_open(struct lyap_team **team, int threads, struct lyap_error *error) {
    machine.threads = threads;
    *team = NULL;
    if (machine.no_threads) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "threads %d: no more than 1", threads);
    return __real_lyap_team_open(team, threads, error);
}

START_TEST(threads_are_those_whose_workers_fit_the_memory_and_the_bits_are_the_same) {
    const int kind = kind_of(_i);
    memset(&machine, 0, sizeof machine);
    set_up(200);
    plan.base.threads = THREADS;
    ck_assert_int_eq(run(kind, NULL), LYAP_OK);
    ck_assert_int_eq(machine.threads, THREADS);
    const uint64_t digest = seen.digest;
    machine.most = machine.asked * 5 / 8; /* of THREADS workers */
    for (int threads = 2; threads > 0; threads--, machine.most /= 2) {
        struct lyap_error error = {0};
        set_up(200);
        plan.base.threads = THREADS;
        ck_assert_msg(run(kind, &error) == LYAP_OK, "%d threads: %s", threads, error.message);
        ck_assert_int_eq(machine.threads, threads);
        ck_assert_uint_eq(seen.digest, digest);
    }
    struct lyap_error error = {0};
    set_up(200);
    machine.most /= 8;
    ck_assert_int_eq(run(kind, &error), LYAP_ERROR_MEMORY);
    ck_assert_ptr_nonnull(strstr(error.message, "out of memory"));
    ck_assert_uint_eq(seen.chunks, 0);
}
END_TEST

/* Memory is asked for a worker with its cells at a time. The neighbours make the weights most of it. */
START_TEST(few_networks_have_all_threads_and_the_memory_of_one_worker) {
    const int kind = ENSEMBLE;
    if (!lyap_kernels_one(LYAP_ISA_SCALAR, LYAP_FLOAT32)) SKIP("this build has no kernels of one network");
    double asked[2];
    for (int many = 0; many < 2; many++) {
        memset(&machine, 0, sizeof machine);
        layout = many ? LYAP_LAYOUT_ONE : LYAP_LAYOUT_SHARED;
        set_up(THREADS);
        plan.base.threads = THREADS;
        plan.base.neighbours = 300;
        plan.base.setting.epochs = 2;
        ck_assert_int_eq(run(kind, NULL), LYAP_OK);
        ck_assert_int_eq(machine.threads, THREADS);
        asked[many] = machine.asked;
    }
    /* Besides their states, threads have scratch of their own for products. */
    const double states =
        (plan.base.neighbours + 1.0) * (double)lyap_network_parameters(plan.base.network) * sizeof(float);
    ck_assert_double_le(asked[0], asked[1] - (THREADS - 1) * states);
}
END_TEST

START_TEST(threads_that_cannot_be_started_end_the_run_before_its_first_cell) {
    const int kind = kind_of(_i);
    struct lyap_error error = {0};
    memset(&machine, 0, sizeof machine);
    machine.no_threads = true;
    set_up(200);
    plan.base.threads = THREADS;
    ck_assert_int_eq(run(kind, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "threads 4: no more than 1");
    ck_assert_uint_eq(seen.polls, 0);
    ck_assert_uint_eq(seen.chunks, 0);
}
END_TEST
#endif

int main(void) {
    Suite *suite = suite_create("engine");
    TCase *tc = tcase_create("engine");
    tcase_add_loop_test(tc, progress_grows_to_the_total, 0, 2 * KINDS);
    tcase_add_loop_test(tc, a_sink_that_refuses_ends_the_run_with_its_own_status, 0, 2 * KINDS);
    tcase_add_loop_test(tc, a_run_cancelled_between_chunks_hands_over_no_other, 0, 2 * KINDS);
    tcase_add_loop_test(tc, a_run_cancelled_within_a_chunk_does_not_hand_it_over, 0, 2 * KINDS);
    tcase_add_loop_test(tc, a_start_that_is_not_found_is_named_with_the_acceptance_rate_for_any_number_of_threads, 0,
                        KINDS);
    tcase_add_loop_test(tc, a_shared_run_tells_its_progress_and_can_be_cancelled, 0, KINDS);
    tcase_add_loop_test(tc, a_start_of_a_shared_run_that_is_not_found_is_named, 0, KINDS);
    tcase_add_loop_test(tc, cancelling_comes_before_a_start_that_is_not_found, 0, KINDS);
    tcase_add_loop_test(tc, blocks_behind_a_start_that_is_not_found_are_left_out, 0, KINDS);
#ifdef LYAP_TEST_WRAP
    tcase_add_loop_test(tc, threads_are_those_whose_workers_fit_the_memory_and_the_bits_are_the_same, 0, 2 * KINDS);
    tcase_add_test(tc, few_networks_have_all_threads_and_the_memory_of_one_worker);
    tcase_add_loop_test(tc, threads_that_cannot_be_started_end_the_run_before_its_first_cell, 0, 2 * KINDS);
#endif
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
