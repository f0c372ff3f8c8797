/* The report around its sections: order, adjustment of the tests, files, failure. The sections have suites of their own. */
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "tests/check.h"
#include "tests/work.h"

static char directory[] = "/tmp/check_report_XXXXXX";
static int released;

/* Section A hands in three tests, one of them undefined; B two more; both write what the adjustment gave. */
struct state {
    size_t test[3];
};

LYAP_COLUMN(number, double, lyap_short_value(*r))
static const struct lyap_column number_columns[] = {
    {"adjusted", NULL, "a p, adjusted", LYAP_COLUMN_REAL, number, NULL}};
static const struct lyap_schema numbers = {"numbers.csv", "a test", {LYAP_GROUP(number_columns)}};
static const struct lyap_schema *const tables[] = {&numbers, NULL}, *const no_tables[] = {NULL};
static const char *const no_figures[] = {NULL};

static enum lyap_status compute_a(struct lyap_report *report, void **state, struct lyap_error *error) {
    (void)error;
    struct state *s = malloc(sizeof *s);
    lyap_progress progress;
    void *context;
    s->test[0] = lyap_report_test(report, "first, \"quoted\"", 0.01);
    s->test[1] = lyap_report_test(report, "undefined", NAN);
    s->test[2] = lyap_report_test(report, "second", 0.04);
    *state = s;
    lyap_report_progress(report, 0.5, &progress, &context);
    return progress(1, 2, context) ? LYAP_OK : LYAP_ERROR_INTERRUPTED;
}

static enum lyap_status write_a(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct state *s = state;
    FILE *data = lyap_report_table(report, &numbers, NULL, error);
    if (!data) return LYAP_ERROR_OUTPUT;
    for (int i = 0; i < 3; i += 2) {
        const double row = lyap_report_adjusted(report, s->test[i]);
        lyap_schema_row(data, &numbers, NULL, &row);
    }
    /* Of 0.01 0.04 0.03 0.005, Holm: 0.03 0.06 0.06 0.02. */
    ck_assert_double_eq_tol(lyap_report_adjusted(report, s->test[0]), 0.03, 1e-12);
    ck_assert(isnan(lyap_report_adjusted(report, s->test[1])));
    ck_assert_double_eq_tol(lyap_report_adjusted(report, s->test[2]), 0.06, 1e-12);
    lyap_report_verdict(report, "A", "a claim", LYAP_HOLDS_IN_PART, "n = %d", 7);
    return LYAP_OK;
}

static enum lyap_status compute_b(struct lyap_report *report, void **state, struct lyap_error *error) {
    (void)state, (void)error;
    lyap_report_test(report, "third", 0.03);
    lyap_report_test(report, "fourth", 0.005);
    return LYAP_OK;
}

static enum lyap_status write_b(struct lyap_report *report, void *state, struct lyap_error *error) {
    (void)error;
    ck_assert_ptr_null(state);
    lyap_report_verdict(report, "B", "another", LYAP_DOES_NOT_HOLD, "of a reason");
    return LYAP_OK;
}

static enum lyap_status break_off(struct lyap_report *report, void *state, struct lyap_error *error) {
    (void)state;
    if (!lyap_report_table(report, &numbers, NULL, error)) return LYAP_ERROR_OUTPUT;
    return lyap_fail(error, LYAP_ERROR_MEMORY, "as the test wants");
}

static void release(void *state) {
    released++;
    free(state);
}

static const struct lyap_section a = {"A", "Does A?", 1, compute_a, write_a, release, tables, no_figures};
static const struct lyap_section b = {"B", "Does B?", 3, compute_b, write_b, release, no_tables, no_figures};
static const struct lyap_section bad = {"X", "Does X?", 1, compute_b, break_off, release, tables, no_figures};
static const struct lyap_section *const two[] = {&a, &b, NULL};
static const struct lyap_section *const broken[] = {&a, &bad, NULL};

static char *path_of(const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static char *read_file(const char *name) {
    FILE *file = fopen(path_of(name), "r");
    ck_assert_msg(file != NULL, "%s is missing", name);
    char *text = calloc(1, 1 << 16);
    size_t n = fread(text, 1, (1 << 16) - 1, file);
    ck_assert_uint_gt(n, 0);
    fclose(file);
    return text;
}

static void check_contains(const char *name, const char *what) {
    char *text = read_file(name);
    ck_assert_msg(strstr(text, what) != NULL, "'%s' is not in:\n%s", what, text);
    free(text);
}

static size_t files(void) {
    size_t n = 0;
    DIR *d = opendir(directory);
    for (const struct dirent *e; (e = readdir(d));) n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void clean(void) {
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s' && mkdir '%s'", directory, directory);
    ck_assert_int_eq(system(command), 0);
    released = 0;
}

static struct lyap_report_options defaults(void) {
    return (struct lyap_report_options){.seed = 1, .scale = 1};
}

START_TEST(verdicts_and_tests_are_tables_with_the_adjustment_over_all_sections) {
    struct lyap_report_options o = defaults();
    struct lyap_text summary = {0};
    o.summary = &summary;
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_OK);
    check_contains("verdicts.csv", "id,claim,verdict,reason\nA,\"a claim\",holds in part,\"n = 7.\"\n"
                                   "B,\"another\",does not hold,\"Of a reason.\"\n");
    check_contains("tests.csv", "section,test,p,adjusted\nA,\"first, \"\"quoted\"\"\",0.01,0.03\nA,\"undefined\",,\n"
                                "A,\"second\",0.04,0.06\nB,\"third\",0.03,0.06\nB,\"fourth\",0.005,0.02\n");
    check_contains("numbers.csv", "adjusted\n0.03\n0.06\n");
    check_contains("report.md", "| A | a claim | holds in part | n = 7. |");
    check_contains("report.md", "--seed 1`");
    check_contains("report.html", "A. Does A?</h2>");
    check_contains("timings.txt", "B    computed");
    ck_assert_ptr_nonnull(strstr(lyap_text_of(&summary), "does not hold"));
    ck_assert_int_eq(released, 2);
    lyap_text_free(&summary);
}
END_TEST

START_TEST(a_section_that_fails_leaves_no_file) {
    struct lyap_report_options o = defaults();
    struct lyap_error error = {0};
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, broken, directory, NULL, &error), LYAP_ERROR_MEMORY);
    ck_assert_str_eq(error.message, "as the test wants");
    ck_assert_uint_eq(files(), 0);
    ck_assert_int_eq(released, 2);
}
END_TEST

static bool stop(uint64_t done, uint64_t total, void *context) {
    /* Half of the first section's half, of weight 1 in 4: 1/16 of the computation, which is nearly the whole. */
    ck_assert_uint_eq(total, 1000);
    *(uint64_t *)context = done;
    return false;
}

START_TEST(an_interrupted_report_leaves_no_file) {
    struct lyap_report_options o = defaults();
    uint64_t done = 0;
    o.progress = stop;
    o.progress_context = &done;
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_ERROR_INTERRUPTED);
    ck_assert_uint_eq(done, 62);
    ck_assert_uint_eq(files(), 0);
    ck_assert_int_eq(released, 2);
}
END_TEST

struct told {
    uint64_t last;
    size_t times, whole;
    bool written; /* the report was there when the whole was told */
};

static bool follow(uint64_t done, uint64_t total, void *context) {
    struct told *t = context;
    ck_assert_uint_eq(total, 1000);
    ck_assert_uint_ge(done, t->last);
    t->last = done;
    t->times++;
    t->whole += done == total;
    t->written = access(path_of("report.md"), F_OK) == 0;
    ck_assert_int_eq(t->written, done == total);
    return true;
}

START_TEST(progress_rises_and_is_whole_once_when_all_is_written) {
    struct lyap_report_options o = defaults();
    struct told told = {0};
    o.progress = follow;
    o.progress_context = &told;
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_OK);
    ck_assert_uint_eq(told.times, 6); /* within A; the end of A and of B, computed and written; the end of all */
    ck_assert_uint_eq(told.whole, 1);
    ck_assert(told.written);
}
END_TEST

static size_t calls_left;

static bool stop_after(uint64_t done, uint64_t total, void *context) {
    (void)done, (void)total, (void)context;
    return calls_left-- > 0;
}

START_TEST(an_interrupted_writing_leaves_no_file) {
    struct lyap_report_options o = defaults();
    o.progress = stop_after;
    for (size_t calls = 0; calls < 5; calls++) {
        calls_left = calls;
        clean();
        ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_ERROR_INTERRUPTED);
        ck_assert_uint_eq(files(), 0);
        ck_assert_int_eq(released, 2);
    }
}
END_TEST

START_TEST(one_section_runs_alone_and_says_so) {
    struct lyap_report_options o = defaults();
    struct lyap_error error = {0};
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, "B", NULL), LYAP_OK);
    check_contains("tests.csv", "section,test,p,adjusted\nB,\"third\",0.03,0.03\nB,\"fourth\",0.005,0.01\n");
    check_contains("report.md", "This is section B alone");
    ck_assert_int_eq(released, 1);
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, "Z", &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "section: there is no 'Z'; there are A, B");
}
END_TEST

START_TEST(scale_bounds_the_numbers_of_starts) {
    struct lyap_report_options o = defaults();
    struct lyap_error error = {0};
    const double refused[] = {0, -1, NAN, INFINITY, 1001};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        o.scale = refused[i];
        ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, &error), LYAP_ERROR_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(error.message, "scale: "));
    }
}
END_TEST

static void copy_of(const char *name, char **text) {
    *text = read_file(name);
}

START_TEST(the_same_bytes_for_any_number_of_threads) {
    static const char *const names[] = {"report.md", "report.html", "verdicts.csv", "tests.csv"};
    static const char *const sections[] = {"N", "P"};
    struct lyap_report_options o = {.seed = 3, .scale = brief_tests() ? 0.0009 : 0.004};
    for (size_t s = 0; s < sizeof sections / sizeof *sections; s++) {
        char *text[4], *again;
        clean();
        o.threads = 1;
        o.isa = LYAP_ISA_SCALAR;
        ck_assert_int_eq(lyap_report_run(&o, directory, sections[s], NULL), LYAP_OK);
        for (size_t i = 0; i < 4; i++) copy_of(names[i], &text[i]);
        o.threads = 3;
        ck_assert_int_eq(lyap_isa_select(NULL, &o.isa, NULL), LYAP_OK);
        ck_assert_int_eq(lyap_report_run(&o, directory, sections[s], NULL), LYAP_OK);
        for (size_t i = 0; i < 4; i++) {
            copy_of(names[i], &again);
            ck_assert_str_eq(text[i], again);
            free(text[i]);
            free(again);
        }
    }
}
END_TEST

int main(void) {
    if (!mkdtemp(directory)) return 1;
    Suite *suite = suite_create("report");
    TCase *c = tcase_create("report");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, verdicts_and_tests_are_tables_with_the_adjustment_over_all_sections);
    tcase_add_test(c, a_section_that_fails_leaves_no_file);
    tcase_add_test(c, an_interrupted_report_leaves_no_file);
    tcase_add_test(c, progress_rises_and_is_whole_once_when_all_is_written);
    tcase_add_test(c, an_interrupted_writing_leaves_no_file);
    tcase_add_test(c, one_section_runs_alone_and_says_so);
    tcase_add_test(c, scale_bounds_the_numbers_of_starts);
    tcase_add_test(c, the_same_bytes_for_any_number_of_threads);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command) != 0 || failed != 0;
}
