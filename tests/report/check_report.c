/* The report around its sections: order, adjustment of the tests, both seeds, files, failure. The sections have suites of their own. */
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyapgrad/inference.h"
#include "report/report.h"
#include "tests/check.h"
#include "tests/work.h"

static char directory[] = "/tmp/check_report_XXXXXX";
static int released;

/* Section A hands in three tests of family F, one of them undefined, and one of family G; B two more of F. Both write what the adjustment gave.
 * What A finds depends on the seed. */
struct state {
    size_t test[4];
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
    const bool second = lyap_report_options_of(report)->seed == 2;
    s->test[0] = lyap_report_test(report, "F", second ? 0.02 : 0.01, 0, "first, \"%s\"", "quoted");
    s->test[1] = lyap_report_test(report, "F", NAN, 0, "undefined");
    s->test[2] = lyap_report_test(report, "F", 0.04, 0, "second");
    s->test[3] = lyap_report_test(report, "G", 1 / 501.0, 500, "at its floor");
    *state = s;
    lyap_report_progress(report, 0.5, &progress, &context);
    return progress(1, 2, context) ? LYAP_OK : LYAP_ERROR_INTERRUPTED;
}

static enum lyap_status write_a(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct state *s = state;
    FILE *data = lyap_report_table(report, &numbers, NULL, error);
    if (!data) return LYAP_ERROR_OUTPUT;
    char text[32];
    const bool second = lyap_report_options_of(report)->seed == 2;
    for (int i = 0; i < 3; i += 2) {
        const double row = lyap_report_adjusted(report, s->test[i]);
        lyap_schema_row(data, &numbers, NULL, &row);
    }
    /* Of 0.01 0.04 0.03 0.005, Holm: 0.03 0.06 0.06 0.02; of 0.02 0.04 0.03 0.005: 0.06 0.06 0.06 0.02. */
    ck_assert_double_eq_tol(lyap_report_adjusted(report, s->test[0]), second ? 0.06 : 0.03, 1e-12);
    ck_assert(isnan(lyap_report_adjusted(report, s->test[1])));
    ck_assert_double_eq_tol(lyap_report_adjusted(report, s->test[2]), 0.06, 1e-12);
    ck_assert_double_eq_tol(lyap_report_adjusted(report, s->test[3]), 1 / 501.0, 1e-12);
    ck_assert_str_eq(lyap_report_p_text(report, s->test[0], text), second ? "0.06" : "0.03");
    ck_assert_str_eq(lyap_report_p_text(report, s->test[1], text), "-");
    ck_assert_str_eq(lyap_report_p_text(report, s->test[3], text), "<= 0.002");
    lyap_document_paragraph(lyap_report_document(report), "Main text of seed %d.", second ? 2 : 1);
    lyap_document_paragraph(lyap_report_appendix(report), "Protocol of seed %d.", second ? 2 : 1);
    lyap_report_effect(report, "C1", &(const struct lyap_estimate){second ? 0.25 : 0.5, 0.125, 0.75}, "r of %s", "A");
    lyap_report_judge(report,
                      &(const struct lyap_report_judgement){"C1", "a claim", second ? LYAP_HOLDS : LYAP_HOLDS_IN_PART,
                                                            second ? "r = 0.25" : "r = 0.5"},
                      "n = %d", 7);
    return LYAP_OK;
}

static enum lyap_status compute_b(struct lyap_report *report, void **state, struct lyap_error *error) {
    (void)state, (void)error;
    lyap_report_test(report, "F", 0.03, 0, "third");
    lyap_report_test(report, "F", 0.005, 0, "fourth");
    return LYAP_OK;
}

static enum lyap_status write_b(struct lyap_report *report, void *state, struct lyap_error *error) {
    (void)error;
    ck_assert_ptr_null(state);
    lyap_report_judge(report, &(const struct lyap_report_judgement){"C2", "another", LYAP_DOES_NOT_HOLD, "tau = 0"},
                      "of a reason");
    lyap_report_judge(report, &(const struct lyap_report_judgement){"B1", "a step", LYAP_HOLDS, NULL}, "of a step");
    lyap_report_sentence(report, "instead", "Use B.");
    lyap_report_cite(report, "Q. Author, 2000");
    lyap_report_cite(report, "Q. Author, 2000");
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

static const struct lyap_section a = {"A", "Does A?", LYAP_PART_C1, 1, compute_a, write_a, release, tables, no_figures};
static const struct lyap_section b = {"B",     "Does B?", LYAP_PART_C2, 3,         compute_b,
                                      write_b, release,   no_tables,    no_figures};
static const struct lyap_section bad = {"X",       "Does X?", LYAP_PART_C3, 1,         compute_b,
                                        break_off, release,   tables,       no_figures};
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
    ck_assert_msg(strstr(text, what) != NULL, "'%s' is not in:\n%.3000s", what, text);
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
    return (struct lyap_report_options){.seed = 1, .seeds = 1, .scale = 1};
}

START_TEST(families_of_tests_are_adjusted_separately_and_undefined_tests_do_not_count) {
    struct lyap_report_options o = defaults();
    struct lyap_text summary = {0};
    o.summary = &summary;
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_OK);
    check_contains("tests.csv", "section,family,test,resamples,p,at_floor,adjusted\n"
                                "A,F,\"first, \"\"quoted\"\"\",,0.01,no,0.03\nA,F,\"undefined\",,,no,\n"
                                "A,F,\"second\",,0.04,no,0.06\nA,G,\"at its floor\",500,0.002,yes,0.002\n"
                                "B,F,\"third\",,0.03,no,0.06\nB,F,\"fourth\",,0.005,no,0.02\n");
    check_contains("verdicts.csv",
                   "id,claim,verdict,effect,reason\nC1,\"a claim\",holds in part,\"r = 0.5\",\"n = 7.\"\n"
                   "C2,\"another\",does not hold,\"tau = 0\",\"Of a reason.\"\n"
                   "B1,\"a step\",holds,\"-\",\"Of a step.\"\n");
    check_contains("effects.csv", "claim,measure,value,low,high\nC1,\"r of A\",0.5,0.125,0.75\n");
    check_contains("numbers.csv", "adjusted\n0.03\n0.06\n");
    check_contains("report.md", "Families and the numbers of their tests: F (4 of 5 defined), G (1).");
    check_contains("report.md", "--seed 1 --seeds 1`");
    check_contains("timings.txt", "B    computed");
    ck_assert_ptr_nonnull(strstr(lyap_text_of(&summary), "does not hold"));
    ck_assert_ptr_null(strstr(lyap_text_of(&summary), "B1"));
    ck_assert_int_eq(released, 2);
    lyap_text_free(&summary);
}
END_TEST

/* Each of the texts comes after the one before. */
static void check_order(const char *name, const char *const *texts) {
    char *text = read_file(name);
    const char *at = text;
    for (; *texts; texts++) {
        const char *next = strstr(at, *texts);
        ck_assert_msg(next != NULL, "%s: '%s' is not there, or not in its order:\n%.3000s", name, *texts, text);
        at = next + strlen(*texts);
    }
    free(text);
}

START_TEST(the_front_answers_first_and_the_appendix_has_the_rest) {
    static const char *const order[] = {
        "# Lyapunov exponents",
        "## Abstract",
        "The claim that the learning rate can make the dynamics of the weights chaotic holds in part (r = 0.5). The "
        "claim "
        "that activations with a lower exponent converge better does not hold (tau = 0). Use B.",
        "## The paper's claims",
        "| claim | verdict | effect | in one line |",
        "| C1. \"variations in the learning rate can induce chaotic changes in model weights\". Tested as: a claim | "
        "holds in part | r = 0.5 | n = 7. |",
        "| C2. ",
        "## All effects",
        "](figures/effects.svg)",
        "- [Abstract](#abstract)",
        "## C1. ",
        "Main text of seed 1.",
        "## C2. ",
        "## Appendix",
        "| B1. a step | holds | - | Of a step. |",
        "### How to read the numbers",
        "### What was run",
        "### Does A?",
        "Protocol of seed 1.",
        "## References",
        "Q. Author, 2000.",
        NULL};
    struct lyap_report_options o = defaults();
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_OK);
    check_order("report.md", order);
    char *text = read_file("report.md"), *html = read_file("report.html");
    ck_assert_ptr_null(strstr(text, "### Does B?")); /* which wrote nothing there */
    ck_assert_ptr_null(strstr(strstr(text, "Q. Author, 2000") + 1, "Q. Author, 2000"));
    for (const char *c = html; (c = strstr(c, " id=\"")) != NULL; c++) {
        char id[64];
        snprintf(id, sizeof id, "%.*s\"", (int)strcspn(c + 5, "\"") + 5, c);
        ck_assert_msg(!strstr(c + 1, id), "two are%s", id);
    }
    free(text);
    free(html);
}
END_TEST

START_TEST(a_second_seed_is_compared_and_has_its_data_in_a_directory_of_its_own) {
    struct lyap_report_options o = defaults();
    struct lyap_text summary = {0};
    o.summary = &summary;
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_OK);
    char *one = read_file("numbers.csv");
    ck_assert_int_ne(access(path_of("seed-2"), F_OK), 0);
    lyap_text_free(&summary);
    clean();
    o.seeds = 2;
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_OK);
    ck_assert_int_eq(released, 4);
    check_contains("numbers.csv", one); /* that of the first seed is as before */
    check_contains("seed-2/numbers.csv", "adjusted\n0.06\n0.06\n");
    check_contains("verdicts.csv",
                   "reason,second_verdict,second_effect,second_reason\nC1,\"a claim\",holds in part,\"r = "
                   "0.5\",\"n = 7.\",holds,\"r = 0.25\",\"n = 7.\"\n");
    check_contains("tests.csv",
                   "adjusted,second_p,second_adjusted\nA,F,\"first, \"\"quoted\"\"\",,0.01,no,0.03,0.02,0.06\n"
                   "A,F,\"undefined\",,,no,,,\n");
    check_contains("effects.csv",
                   "high,second_value,second_low,second_high\nC1,\"r of A\",0.5,0.125,0.75,0.25,0.125,0.75\n");
    check_contains("report.md", "chaotic holds in part (r = 0.5); with seed 2 the claim holds. The claim");
    check_contains("report.md", "better does not hold (tau = 0). Use B.");
    check_contains("report.md", "agree on 1 of 2 claims of the paper, and on 1 of 1 steps");
    check_contains("report.md", "| holds in part; seed 2: holds |");
    check_contains("report.md", "| does not hold; seed 2: the same |");
    check_contains("report.md", "--seed 1 --seeds 2`");
    check_contains("figures/effects.svg", ">seed 2</text>");
    check_contains("timings.txt", "(seed 2)");
    char *text = read_file("report.md");
    ck_assert_ptr_null(strstr(text, "Main text of seed 2"));
    ck_assert_ptr_null(strstr(text, "Protocol of seed 2"));
    ck_assert_ptr_nonnull(strstr(lyap_text_of(&summary), "  C1    holds in part   a claim; with seed 2: holds\n"));
    free(text);
    free(one);
    lyap_text_free(&summary);
    o.seeds = 3;
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_ERROR_ARGUMENT);
}
END_TEST

static char *listed[512];
static size_t listed_count;
static void take(const char *name, void *context) {
    (void)context;
    ck_assert_uint_lt(listed_count, sizeof listed / sizeof *listed);
    listed[listed_count++] = strdup(name);
}

START_TEST(all_files_of_a_report_are_known_in_advance) {
    struct lyap_report_options o = {.seed = 7, .scale = 1};
    for (o.seeds = 1; o.seeds <= 2; o.seeds++) {
        size_t nested = 0;
        listed_count = 0;
        lyap_report_files(&o, take, NULL);
        for (size_t i = 0; i < listed_count; i++) {
            ck_assert_int_eq(lyap_report_owns(listed[i]), strchr(listed[i], '/') != NULL);
            nested += strncmp(listed[i], "seed-8/", 7) == 0;
            for (size_t k = 0; k < i; k++) ck_assert_str_ne(listed[i], listed[k]);
        }
        ck_assert_int_eq(nested > 0, o.seeds == 2);
        for (size_t i = 0; i < listed_count; i++) free(listed[i]);
    }
    ck_assert(!lyap_report_owns("seed-/a") && !lyap_report_owns("seed-2") && !lyap_report_owns("mine/a.csv"));
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
    o.seeds = 2;
    memset(&told, 0, sizeof told);
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_OK);
    ck_assert_uint_eq(told.times, 11); /* five for each seed, and the end of all */
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
    o.seeds = 2;
    for (size_t calls = 0; calls < 10; calls++) {
        calls_left = calls;
        clean();
        ck_assert_int_eq(lyap_sections_run(&o, two, directory, NULL, NULL), LYAP_ERROR_INTERRUPTED);
        ck_assert_uint_eq(files(), 0);
        ck_assert_int_eq(released, calls < 5 ? 2 : 4);
    }
}
END_TEST

START_TEST(one_section_runs_alone_and_says_so) {
    struct lyap_report_options o = defaults();
    struct lyap_error error = {0};
    clean();
    ck_assert_int_eq(lyap_sections_run(&o, two, directory, "B", NULL), LYAP_OK);
    check_contains("tests.csv", "adjusted\nB,F,\"third\",,0.03,no,0.03\nB,F,\"fourth\",,0.005,no,0.01\n");
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
    static const char *const names[] = {"report.md", "report.html", "verdicts.csv", "tests.csv", "effects.csv"};
    enum { NAMES = sizeof names / sizeof *names };
    static const char *const sections[] = {"N", "P"};
    struct lyap_report_options o = {.seed = 3, .seeds = 2, .scale = brief_tests() ? 0.0009 : 0.004};
    for (size_t s = 0; s < sizeof sections / sizeof *sections; s++) {
        char *text[NAMES], *again;
        clean();
        o.threads = 1;
        o.isa = LYAP_ISA_SCALAR;
        ck_assert_int_eq(lyap_report_run(&o, directory, sections[s], NULL), LYAP_OK);
        for (size_t i = 0; i < NAMES; i++) copy_of(names[i], &text[i]);
        o.threads = 3;
        ck_assert_int_eq(lyap_isa_select(NULL, &o.isa, NULL), LYAP_OK);
        ck_assert_int_eq(lyap_report_run(&o, directory, sections[s], NULL), LYAP_OK);
        for (size_t i = 0; i < NAMES; i++) {
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
    tcase_add_test(c, families_of_tests_are_adjusted_separately_and_undefined_tests_do_not_count);
    tcase_add_test(c, the_front_answers_first_and_the_appendix_has_the_rest);
    tcase_add_test(c, a_second_seed_is_compared_and_has_its_data_in_a_directory_of_its_own);
    tcase_add_test(c, all_files_of_a_report_are_known_in_advance);
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
