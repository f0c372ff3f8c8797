/* The sections C1, C2 and P at a tiny scale: they run, every verdict has a known word and a reason, no number in the text is
 * undefined, and the bytes do not depend on threads. */
#include "tests/check.h"

#include "report/report.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/status.h"
#include "tests/support.h"

/* An emulated processor takes minutes for the last two, which brief tests leave out; their kernels are those of the first. */
static const char *const sections[] = {"P", "C2", "C1"};

static struct lyap_report_options tiny(int threads) {
    struct lyap_report_options options = {.seed = 1, .scale = brief_tests() ? 0.0009 : 0.004, .threads = threads};
    ck_assert_int_eq(lyap_isa_select(NULL, &options.isa, NULL), LYAP_OK);
    return options;
}

static char *slurp(const char *path) {
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *text = calloc((size_t)size + 1, 1);
    ck_assert_uint_eq(fread(text, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    return text;
}

static char *slurp_in(const char *directory, const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return slurp(path);
}

static void check_verdicts(const char *directory) {
    char *text = slurp_in(directory, "verdicts.csv");
    int rows = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), rows++) {
        if (rows == 0) {
            ck_assert_str_eq(line, "id,claim,verdict,effect,reason");
            continue;
        }
        bool known = false;
        for (int v = LYAP_HOLDS; v <= LYAP_CANNOT_BE_TOLD; v++) {
            const char *name = lyap_verdict_name((enum lyap_verdict)v), *at = strstr(line, name);
            known = known || (at && strlen(at) > strlen(name) + 10); /* the reason follows */
        }
        ck_assert_msg(known, "%s", line);
    }
    ck_assert_int_gt(rows, 1);
    free(text);
    char *report = slurp_in(directory, "report.md");
    const char *undefined = find_undefined(report);
    ck_assert_msg(!undefined, "%.80s", undefined ? undefined : "");
    free(report);
}

START_TEST(verdicts_have_reasons_numbers_are_numbers_and_threads_change_no_byte) {
    if (brief_tests() && _i >= 2) SKIP("section %s is left out of brief tests", sections[_i]);
    struct lyap_report_options one = tiny(1), two = tiny(2);
    struct lyap_error error = {0};
    char a[512], b[512];
    snprintf(a, sizeof a, "%s-one", scratch(sections[_i]));
    snprintf(b, sizeof b, "%s-two", scratch(sections[_i]));
    ck_assert_msg(lyap_report_run(&one, a, sections[_i], &error) == LYAP_OK, "%s", error.message);
    check_verdicts(a);
    ck_assert_msg(lyap_report_run(&two, b, sections[_i], &error) == LYAP_OK, "%s", error.message);
    const char *const names[] = {"report.md", "verdicts.csv", "tests.csv"};
    for (int i = 0; i < 3; i++) {
        char *x = slurp_in(a, names[i]), *y = slurp_in(b, names[i]);
        ck_assert_msg(strcmp(x, y) == 0, "%s differs", names[i]);
        free(x);
        free(y);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("report_verdicts");
    TCase *test = tcase_create("sections");
    tcase_set_timeout(test, 1200);
    tcase_add_loop_test(test, verdicts_have_reasons_numbers_are_numbers_and_threads_change_no_byte, 0,
                        sizeof sections / sizeof *sections);
    suite_add_tcase(suite, test);
    return run_suite(suite);
}
