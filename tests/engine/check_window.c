/* A loss window that a start does not meet: which start is named, and the acceptance rates that the message tells. */
#include <stdio.h>

#include "bench/reference/reference.h"
#include "tests/collect.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/random.h"

enum { MOST = 40000 };

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_plan plan;
static uint32_t needed[MOST]; /* draws until start s lies in the window, by the reference */

static void use_line(double low, double high) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, "2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.precision = LYAP_FLOAT64;
    plan.neighbours = 1;
    plan.setting.epochs = 1;
    plan.window_low = low;
    plan.window_high = high;
}

static uint32_t draws_of(uint64_t start, uint32_t most) {
    double w[3];
    for (uint64_t attempt = 0; attempt < most; attempt++) {
        lyap_random_uniform(plan.seed, LYAP_STREAM_INITIAL, start, attempt << 32, 3, w);
        double loss = lyap_reference_loss(&net, &data, w);
        if (loss >= plan.window_low && loss <= plan.window_high) return (uint32_t)attempt + 1;
    }
    return most + 1;
}

/* The message that must come when starts 0 .. are drawn at most plan.max_draws times: the first one without success is
 * named, with the rate of those before. "" if all succeed. */
static const char *expected_message(size_t starts) {
    static char message[256];
    size_t failed = 0;
    while (failed < starts && needed[failed] <= plan.max_draws) failed++;
    if (failed == starts) return "";
    unsigned long accepted = 0, draws = 0;
    for (size_t s = 0; s < failed; s++) {
        accepted++;
        draws += needed[s];
    }
    int length = snprintf(message, sizeof message, "no draw for start %zu met it (acceptance rate 0 in %lu draws here",
                          failed, (unsigned long)plan.max_draws);
    if (draws)
        snprintf(message + length, sizeof message - (size_t)length, ", %.3g in %lu for the starts before)",
                 (double)accepted / (double)draws, draws);
    return message;
}

static enum lyap_status drop(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    (void)error;
    *(uint64_t *)context += chunk->count;
    return LYAP_OK;
}

static void expect_failure(size_t starts) {
    const char *expected = expected_message(starts);
    ck_assert_str_ne(expected, "");
    plan.starts = starts;
    for (int way = 0; way < 6; way++) {
        struct lyap_error error = {0};
        plan.threads = 1 + way % 3;
        plan.layout = way < 3 ? LYAP_LAYOUT_BLOCK : LYAP_LAYOUT_ONE;
        uint64_t cells = 0;
        ck_assert_int_eq(lyap_ensemble_run(&plan, drop, &cells, &error), LYAP_ERROR_WINDOW);
        ck_assert_msg(strstr(error.message, expected) != NULL, "%s is not in: %s", expected, error.message);
        ck_assert_uint_lt(cells, starts);
    }
    struct lyap_error error = {0};
    double *w = malloc(starts * 2 * 3 * sizeof *w);
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, starts, w, &error), LYAP_ERROR_WINDOW);
    ck_assert_msg(strstr(error.message, expected) != NULL, "%s is not in: %s", expected, error.message);
    free(w);
}

START_TEST(the_first_start_without_success_is_named_with_the_rates_of_it_and_of_those_before) {
    use_line(0.3, 0.31); /* met by one draw in a few dozen */
    for (size_t s = 0; s < 100; s++) needed[s] = draws_of(s, 2000);
    const uint32_t limits[] = {1, 3, 40, 150};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        plan.max_draws = limits[i];
        expect_failure(100);
        expect_failure(97); /* a block with lanes to spare, which are no starts */
    }
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(a_lonely_start_has_none_before) {
    use_line(5, 6);
    needed[0] = draws_of(0, 200);
    plan.max_draws = 200;
    expect_failure(1);
    ck_assert_ptr_null(strstr(expected_message(1), "before"));
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(the_rate_of_the_starts_before_counts_all_of_them) {
    use_line(0.2, 0.4);
    size_t failed = 0;
    uint32_t most = 0;
    for (size_t s = 0; s < MOST && !failed; s++) {
        needed[s] = draws_of(s, 1000);
        if (s < 8300) /* more than the engine takes at a time */
            most = needed[s] > most ? needed[s] : most;
        else if (needed[s] > most)
            failed = s;
    }
    ck_assert_uint_gt(failed, 0);
    for (size_t s = failed + 1; s < failed + 16; s++) needed[s] = draws_of(s, 1000);
    plan.max_draws = most;
    expect_failure(failed + 16);
    plan.starts = failed; /* all of these are found */
    uint64_t cells = 0;
    ck_assert_int_eq(lyap_ensemble_run(&plan, drop, &cells, NULL), LYAP_OK);
    ck_assert_uint_eq(cells, failed);
    lyap_dataset_free(&data);
}
END_TEST

static bool count_calls(uint64_t cells_done, uint64_t cells, void *context) {
    (void)cells_done;
    (void)cells;
    ++*(uint64_t *)context;
    return true;
}

/* Were all starts tried to the end, there would be a look at the progress for every one of thousands of blocks. */
START_TEST(a_hopeless_window_is_given_up_at_the_first_start) {
    use_line(5, 6);
    uint64_t calls = 0, cells = 0;
    struct lyap_error error = {0};
    plan.starts = 100000;
    plan.max_draws = 20000;
    plan.threads = 1;
    plan.progress = count_calls;
    plan.progress_context = &calls;
    ck_assert_int_eq(lyap_ensemble_run(&plan, drop, &cells, &error), LYAP_ERROR_WINDOW);
    ck_assert_ptr_nonnull(strstr(error.message, "no draw for start 0 met it"));
    ck_assert_uint_lt(calls, 2000);
    ck_assert_uint_eq(cells, 0);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(a_value_of_a_sweep_names_the_start_not_the_cell) {
    use_line(0.3, 0.31);
    for (size_t s = 0; s < 32; s++) needed[s] = draws_of(s, 2000);
    plan.values = 5;
    plan.settings =
        (struct lyap_setting[5]){{0.1, 1e-4, 1}, {0.1, 1e-4, 1}, {0.1, 1e-4, 1}, {0.1, 1e-4, 1}, {0.1, 1e-4, 1}};
    plan.max_draws = 40;
    plan.starts = 32;
    struct lyap_error error = {0};
    uint64_t cells = 0;
    ck_assert_int_eq(lyap_ensemble_run(&plan, drop, &cells, &error), LYAP_ERROR_WINDOW);
    ck_assert_ptr_nonnull(strstr(error.message, expected_message(32)));
    double w[2 * 3 * 16];
    size_t failed = 0;
    while (needed[failed] <= plan.max_draws) failed++;
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 32 + failed, 1, w, &error), LYAP_ERROR_WINDOW);
    char name[96];
    snprintf(name, sizeof name, "no draw for start %zu met it (acceptance rate 0 in 40 draws here)", failed);
    ck_assert_msg(strstr(error.message, name) != NULL, "%s", error.message);
    lyap_dataset_free(&data);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("window");
    TCase *tc = tcase_create("window");
    tcase_set_timeout(tc, 240);
    tcase_add_test(tc, the_first_start_without_success_is_named_with_the_rates_of_it_and_of_those_before);
    tcase_add_test(tc, a_lonely_start_has_none_before);
    tcase_add_test(tc, the_rate_of_the_starts_before_counts_all_of_them);
    tcase_add_test(tc, a_hopeless_window_is_given_up_at_the_first_start);
    tcase_add_test(tc, a_value_of_a_sweep_names_the_start_not_the_cell);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
