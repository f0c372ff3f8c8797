/* The tables, the manifest's quoting, starting points from a file, and what memory can hold. */
#include "results/cells_table.h"

#include <float.h>
#include <stdbool.h>

#include "results/manifest.h"
#include "base/memory.h"
#include "tests/support.h"
#include "lyapgrad/dataset.h"

static char text[65536];

/* A stream whose content ends up in `text`. */
static FILE *open_text(void) {
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    return file;
}

static const char *close_text(FILE *file) {
    rewind(file);
    size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

static const char *cell_text(struct lyap_record record, const struct lyap_swept *swept) {
    FILE *file = open_text();
    lyap_write_cell(file, &record, swept, NULL, false);
    return close_text(file);
}

START_TEST(a_cell_has_an_empty_field_for_what_is_undefined) {
    struct lyap_record r = {.cell = UINT64_MAX,
                            .lr = 0.1,
                            .initial_loss = 0.25,
                            .final_loss = -0.0,
                            .lambda_kw = DBL_TRUE_MIN,
                            .lambda_step = -DBL_MAX,
                            .terms = 1,
                            .losses = 1,
                            .event_epoch = -1};
    ck_assert_str_eq(cell_text(r, NULL),
                     "18446744073709551615,0.1,0.25,-0,4.94065645841247e-324,-1.7976931348623157e+308,,ok\n");
    r = (struct lyap_record){.lr = 1, .event_epoch = 0, .outcome = LYAP_OVERFLOW};
    ck_assert_str_eq(cell_text(r, NULL), "0,1,,,,,0,overflow\n");
    r = (struct lyap_record){.lr = 1, .losses = 2, .final_loss = 3, .event_epoch = 7, .outcome = LYAP_ZERO_DISTANCE};
    ck_assert_str_eq(cell_text(r, NULL), "0,1,0,3,,,7,zero_distance\n");
}
END_TEST

START_TEST(only_a_sweep_over_something_else_than_lr_adds_a_column) {
    const double values[] = {10, 20};
    struct lyap_swept over_lr = {"lr", values}, over_epochs = {"epochs", values};
    struct lyap_record r = {.lr = 1, .value = 1, .event_epoch = -1};
    ck_assert_str_eq(cell_text(r, &over_lr), "0,1,,,,,,ok\n");
    ck_assert_str_eq(cell_text(r, &over_epochs), "0,1,,,,,,ok,20\n");
    const char header[] = "cell,lr,initial_loss,final_loss,lambda_kw,lambda_step,escape_epoch,status";
    const struct lyap_swept *swept[] = {NULL, &over_lr, &over_epochs};
    for (int i = 0; i < 3; i++) {
        FILE *file = open_text();
        lyap_write_cells_header(file, swept[i], false);
        close_text(file);
        ck_assert_int_eq(strncmp(text, header, sizeof header - 1), 0);
        ck_assert_str_eq(text + sizeof header - 1, i == 2 ? ",epochs\n" : "\n");
    }
}
END_TEST

START_TEST(series_have_empty_fields_where_only_one_of_the_two_goes_on) {
    const struct lyap_record records[] = {
        {.cell = 4, .length = 2, .losses = 3}, {.cell = 5, .length = 2, .losses = 1}, {.cell = 6}};
    const double distance[] = {1, 1, 9, 2, 2, 9, 9, 9, 9}, loss[] = {0.5, 0.25, 0.125, 3, 9, 9, 9, 9, 9};
    struct lyap_chunk chunk = {
        .first_cell = 4, .count = 3, .records = records, .stride = 3, .distance = distance, .loss = loss};
    double step[3];
    FILE *file = open_text();
    lyap_write_series_header(file);
    lyap_write_series(file, &chunk, step);
    ck_assert_str_eq(close_text(file), "cell,epoch,distance,lambda_step,loss\n"
                                       "4,0,1,,0.5\n4,1,1,0,0.25\n4,2,,,0.125\n"
                                       "5,0,2,,3\n5,1,2,0,\n");
}
END_TEST

static const char *head_text(int count, char **words) {
    FILE *file = open_text();
    lyap_manifest_head(file, count, words);
    close_text(file);
    char *line = strstr(text, "\ncommand =");
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(strchr(line + 1, '\n'), "\n"); /* the last line, and only one */
    *strchr(line + 1, '\n') = '\0';
    return line + strlen("\ncommand =");
}

START_TEST(the_command_line_is_quoted_where_a_shell_needs_it) {
    static const struct {
        const char *word, *quoted;
    } known[] = {
        {"run", "run"},
        {"--out=a/b.c,d:e@f%+", "--out=a/b.c,d:e@f%+"},
        {"", "''"},
        {"two words", "'two words'"},
        {"it's", "'it'\\''s'"},
        {"$HOME", "'$HOME'"},
        {"a\nb\tc", "'a?b?c'"},
        {"\"", "'\"'"},
        {"*", "'*'"},
        {"~", "'~'"},
        {"a;b&c|d", "'a;b&c|d'"},
        {"\xc3\xa9", "'\xc3\xa9'"},
        {"\x7f", "'?'"},
        {"'", "''\\'''"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char *words[] = {(char *)(uintptr_t)known[i].word};
        const char *line = head_text(1, words);
        ck_assert_int_eq(*line, ' ');
        ck_assert_str_eq(line + 1, known[i].quoted);
    }
}
END_TEST

START_TEST(a_shell_reads_the_quoted_words_back) {
    char *words[] = {"run", "", "a b", "it's", "$(exit 3)", "`exit 3`", "\\", "\"'\"", "!x", "#", "-n", "%s", "*"};
    const int count = (int)(sizeof words / sizeof *words);
    char script[1024];
    snprintf(script, sizeof script, "printf '<%%s>' %s", head_text(count, words));
    FILE *shell = popen(script, "r");
    ck_assert_ptr_nonnull(shell);
    size_t size = fread(text, 1, sizeof text - 1, shell);
    ck_assert_int_eq(pclose(shell), 0);
    text[size] = '\0';
    char expected[512] = "";
    for (int i = 0; i < count; i++) snprintf(expected + strlen(expected), 64, "<%s>", words[i]);
    ck_assert_str_eq(text, expected);
}
END_TEST

static enum lyap_status read_weights(const char *content, const char *shape, double **weights, uint64_t *starts,
                                     struct lyap_error *error) {
    struct lyap_network net;
    ck_assert_int_eq(lyap_network_init(&net, shape, LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    return lyap_read_weights(scratch_file("weights.csv", content, strlen(content)), &net, weights, starts, error);
}

START_TEST(weights_come_one_start_a_row_or_as_the_parents_of_a_saved_file) {
    static const struct {
        const char *content;
        uint64_t starts;
        double first, last;
    } good[] = {
        {"1,2,3\n", 1, 1, 3},
        {"a,b,c\n1,2,3\n4,5,6\n", 2, 1, 6},
        {"cell,trajectory,w0,w1,w2\n0,0,1,2,3\n0,1,9,9,9\n1,0,4,5,6\n1,1,9,9,9\n", 2, 1, 6},
        {"cell,trajectory,w0,w1,w2\n0,1,9,9,9\n0,0,-1e-300,2,0.1\n", 1, -1e-300, 0.1},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double *weights;
        uint64_t starts;
        ck_assert_int_eq(read_weights(good[i].content, "2-1", &weights, &starts, NULL), LYAP_OK);
        ck_assert_uint_eq(starts, good[i].starts);
        ck_assert_double_eq(weights[0], good[i].first);
        ck_assert_double_eq(weights[3 * starts - 1], good[i].last);
        free(weights);
    }
}
END_TEST

START_TEST(weights_of_another_network_are_refused) {
    static const char *const bad[] = {
        "1,2\n",
        "1,2,3,4\n",
        "0,0,1,2,3\n",                           /* no header: five columns of weights */
        "cell,trajectory,w0\n0,0,5\n",           /* three columns, but a saved file */
        "cell,trajectory,w0,w1\n0,0,5,6\n",      /* of another network */
        "cell,trajectory,w0,w1,w2\n0,1,1,2,3\n", /* no parent */
        "cell,trajectory,w0,w1,w2\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double *weights;
        uint64_t starts;
        struct lyap_error error = {0};
        ck_assert_int_eq(read_weights(bad[i], "2-1", &weights, &starts, &error), LYAP_ERROR_FILE);
        ck_assert_ptr_null(weights);
        ck_assert_ptr_nonnull(strstr(error.message, "/weights.csv: "));
    }
}
END_TEST

START_TEST(starting_points_beyond_the_precision_are_not_written_as_infinities) {
    struct lyap_dataset data = {0};
    struct lyap_network net;
    struct lyap_plan plan;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.setting.perturbation = 3e38;
    FILE *file = open_text();
    ck_assert_int_eq(lyap_write_initial(file, &plan, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "of cell 0, trajectory "));
    ck_assert_ptr_null(strstr(close_text(file), "inf"));
    plan.precision = LYAP_FLOAT64; /* which holds them */
    file = open_text();
    ck_assert_int_eq(lyap_write_initial(file, &plan, &error), LYAP_OK);
    ck_assert_ptr_null(strstr(close_text(file), "inf"));
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(no_more_fits_into_memory_than_the_machine_has) {
    ck_assert(lyap_memory_fits(0) && lyap_memory_fits(1e6));
#ifdef _SC_PHYS_PAGES
    double all = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    ck_assert_double_gt(all, 1e6);
    ck_assert(lyap_memory_fits(all));
    ck_assert(!lyap_memory_fits(1.01 * all));
    ck_assert(!lyap_memory_fits(1e300));
#endif
}
END_TEST

int main(void) {
    Suite *suite = suite_create("records");
    TCase *tc = tcase_create("records");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_cell_has_an_empty_field_for_what_is_undefined);
    tcase_add_test(tc, only_a_sweep_over_something_else_than_lr_adds_a_column);
    tcase_add_test(tc, series_have_empty_fields_where_only_one_of_the_two_goes_on);
    tcase_add_test(tc, the_command_line_is_quoted_where_a_shell_needs_it);
    tcase_add_test(tc, a_shell_reads_the_quoted_words_back);
    tcase_add_test(tc, weights_come_one_start_a_row_or_as_the_parents_of_a_saved_file);
    tcase_add_test(tc, weights_of_another_network_are_refused);
    tcase_add_test(tc, starting_points_beyond_the_precision_are_not_written_as_infinities);
    tcase_add_test(tc, no_more_fits_into_memory_than_the_machine_has);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
