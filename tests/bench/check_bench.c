/* The benchmark: its options, a tiny run of every kernel, and the files of a run. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/files.h"
#include "bench/kernel.h"
#include "bench/machine.h"
#include "bench/measure.h"
#include "bench/options.h"
#include "tests/support.h"

static enum lyap_status parse(struct bench_options *options, struct lyap_error *error, int n, char **words) {
    return bench_options_parse(options, n, words, error);
}

START_TEST(options_of_the_selection_are_read) {
    char *words[] = {"lyapgrad-bench", "--kernel", "step,normal", "--isa",   "scalar", "--net", "2-2-1",
                     "--activation",   "relu",     "--precision", "float32", "--fast", "--out", "x",
                     "--compare",      "old.csv"};
    struct bench_options o;
    struct lyap_error error = {0};
    ck_assert_msg(!parse(&o, &error, 16, words), "%s", error.message);
    ck_assert_int_eq(o.kernels.count, 2);
    ck_assert(bench_chosen(&o.kernels, "step") && bench_chosen(&o.kernels, "normal"));
    ck_assert(!bench_chosen(&o.kernels, "uniform"));
    ck_assert(bench_chosen(&o.isas, "scalar") && !bench_chosen(&o.isas, "avx2"));
    ck_assert(bench_chosen(&o.precisions, "float32") && !bench_chosen(&o.precisions, "float64"));
    ck_assert(o.fast && !o.scale && o.peers);
    ck_assert_str_eq(o.out, "x");
    ck_assert_str_eq(o.compare, "old.csv");
}
END_TEST

START_TEST(no_option_chooses_everything) {
    char *words[] = {"lyapgrad-bench"};
    struct bench_options o;
    ck_assert(!parse(&o, NULL, 1, words));
    for (int i = 0; bench_kernels[i]; i++) ck_assert(bench_chosen(&o.kernels, bench_kernels[i]->name));
    ck_assert_str_eq(o.out, "out/bench");
}
END_TEST

static const struct {
    const char *option, *value, *told;
} bad_options[] = {
    {"--kernel", "stop", "uniform, normal"},
    {"--isa", "mmx", "scalar"},
    {"--net", "2-x-1", "2-x-1"},
    {"--net", "", "needs a value"},
    {"--samples", "0", "expected a whole number 1 .."},
    {"--samples", "1e3", "expected a whole number 1 .."},
    {"--activation", "relu,", "no list"},
    {"--net", "2-2-1,2-4-1,2-2-1", "'2-2-1' is given twice"},
    {"--precision", "half", "float32, float64"},
    {"--fats", NULL, "--fast"},
    {"--out", NULL, "needs a value"},
    {"x", NULL, "unknown option"},
    {"--net", "1000-1000-1000", "million"},
};

START_TEST(a_bad_option_is_told_in_one_line) {
    char option[32], value[32], *words[] = {"lyapgrad-bench", option, value};
    snprintf(option, sizeof option, "%s", bad_options[_i].option);
    snprintf(value, sizeof value, "%s", bad_options[_i].value ? bad_options[_i].value : "");
    struct bench_options o;
    struct lyap_error error = {0};
    ck_assert_int_eq(parse(&o, &error, bad_options[_i].value ? 3 : 2, words), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, bad_options[_i].told) != NULL, "%s", error.message);
    ck_assert(strchr(error.message, '\n') == NULL);
}
END_TEST

static enum lyap_status suite_run(struct bench_suite *suite, int n, char **words) {
    static struct bench_options options;
    static struct bench_machine machine;
    struct lyap_error error = {0};
    ck_assert_msg(!bench_options_parse(&options, n, words, &error), "%s", error.message);
    options.paper_starts = 300; /* of the paper's figures: as many as a quantile needs */
    machine = (struct bench_machine){.l1 = 1 << 14, .l2 = 1 << 16, .l3 = 1 << 16};
    *suite = (struct bench_suite){.options = &options, .machine = &machine, .effort = {1, 1e-5}};
    enum lyap_status status = bench_suite_limits(suite, &error);
    if (!status) status = bench_suite_run(suite, &error);
    ck_assert_msg(!status, "%s", error.message);
    return status;
}

START_TEST(every_kernel_verifies_and_is_timed) {
    /* Under an emulator, valgrind or a sanitizer the smallest shape is enough, and tenths of seconds become minutes; the
     * products of the large kernels have tests of their own there. */
    const char *wrapper = getenv("EXEC_WRAPPER");
    bool wrapped = wrapper && *wrapper, large = bench_kernels[_i]->shape;
#if defined(__SANITIZE_ADDRESS__)
    const bool instrumented = true;
#else
    const bool instrumented = false;
#endif
    if ((wrapped || instrumented) && large) SKIP("%s takes minutes here", bench_kernels[_i]->name);
    char name[16], nets[] = "2-2-1,3-5-2";
    /* Few samples, of a number that no tile divides and enough for panels: the reference of the large layers takes half a minute for all of them. */
    char large_samples[] = "19", few_samples[] = "11", *samples = large ? large_samples : few_samples;
    char *words[] = {"lyapgrad-bench", "--kernel",  name,        "--net", nets,
                     "--activation",   "relu,tanh", "--samples", samples};
    struct bench_suite suite;
    if (wrapped) nets[strcspn(nets, ",")] = 0;
    snprintf(name, sizeof name, "%s", bench_kernels[_i]->name);
    suite_run(&suite, 9, words);
    ck_assert_int_eq(suite.mismatches, 0);
    ck_assert_uint_gt(suite.rows.count, 0);
    for (size_t i = 0; i < suite.rows.count; i++) {
        ck_assert_double_gt(suite.rows.rows[i].best, 0);
        ck_assert_double_le(suite.rows.rows[i].residual, suite.rows.rows[i].tolerance);
        bool peer = strcmp(suite.rows.rows[i].isa, "openblas") == 0; /* no bound is worked out for others */
        if (!peer && strcmp(suite.rows.rows[i].kernel, "step") != 0) ck_assert_double_gt(suite.rows.rows[i].bound, 0);
    }
    bench_suite_free(&suite);
}
END_TEST

static char *read_whole(const char *path) {
    char *text = calloc(1, 10000);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_gt(fread(text, 1, 9999, file), 0);
    fclose(file);
    return text;
}

START_TEST(a_run_overwrites_neither_the_old_table_nor_other_results) {
    struct lyap_error error = {0};
    char out[300], old[400], other[300];
    snprintf(out, sizeof out, "%s", scratch("bench"));
    snprintf(old, sizeof old, "%s/./bench.csv", out);
    snprintf(other, sizeof other, "%s", scratch("other"));
    mkdir(out, 0777);
    mkdir(other, 0777);
    scratch_file("bench/bench.csv", "x", 1);
    scratch_file("other/manifest.txt", "version = 1\ncommand = lyapgrad run\n", 35);
    struct bench_options o = {.out = out, .compare = old};
    ck_assert_int_eq(bench_files_check(&o, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, "--out") && strstr(error.message, "--compare"), "%s", error.message);
    o.out = other;
    ck_assert_int_eq(bench_files_check(&o, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, "'run'") && strstr(error.message, "'bench'"), "%s", error.message);
    o.out = scratch("new");
    ck_assert_int_eq(bench_files_check(&o, &error), LYAP_OK);
}
END_TEST

START_TEST(a_second_run_takes_the_tables_of_the_first_away) {
    static char program[] = "lyapgrad-bench", *argv[] = {program, NULL};
    char out[300];
    snprintf(out, sizeof out, "%s", scratch("again"));
    struct bench_options o = {.out = out, .argc = 1, .argv = argv};
    const struct bench_machine machine = {.cpu = "CPU \"x\"", .ghz = 3.2, .cpus = 2};
    struct bench_suite suite = {.options = &o, .machine = &machine};
    struct lyap_error error = {0};
    ck_assert_msg(!bench_files_write(&suite, NULL, &error), "%s", error.message);
    int files = count_entries(o.out);
    char *manifest = read_whole(scratch("again/manifest.txt"));
    ck_assert_ptr_nonnull(strstr(manifest, "results = bench\nfiles ="));
    char *more = malloc(strlen(manifest) + 40);
    sprintf(more, "%s", manifest);
    char *end = strstr(more, "files =") + 7;
    sprintf(end, " scaling.csv%s", strstr(manifest, "files =") + 7);
    scratch_file("again/manifest.txt", more, strlen(more));
    scratch_file("again/scaling.csv", "x", 1);
    scratch_file("again/mine.csv", "x", 1);
    ck_assert_msg(!bench_files_write(&suite, NULL, &error), "%s", error.message);
    ck_assert_int_eq(count_entries(o.out), files + 1);
    ck_assert_int_eq(access(scratch("again/mine.csv"), F_OK), 0);
    free(manifest);
    free(more);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("bench");
    TCase *tc = tcase_create("bench");
    int kernels = 0;
    while (bench_kernels[kernels]) kernels++;
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, options_of_the_selection_are_read);
    tcase_add_test(tc, no_option_chooses_everything);
    tcase_add_loop_test(tc, a_bad_option_is_told_in_one_line, 0, sizeof bad_options / sizeof *bad_options);
    tcase_add_loop_test(tc, every_kernel_verifies_and_is_timed, 0, kernels);
    tcase_add_test(tc, a_run_overwrites_neither_the_old_table_nor_other_results);
    tcase_add_test(tc, a_second_run_takes_the_tables_of_the_first_away);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
