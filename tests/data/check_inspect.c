/* What in data may not have been meant. */
#include <math.h>

#include "lyapgrad/data_file.h"
#include "tests/support.h"

static struct lyap_data_notes notes_of(size_t samples, size_t inputs, const double *x, const double *y) {
    struct lyap_data_notes notes;
    double copy[100], targets[100] = {0};
    memcpy(copy, x, samples * inputs * sizeof *x);
    if (y) memcpy(targets, y, samples * sizeof *y);
    const struct lyap_dataset data = {samples, inputs, 1, copy, targets};
    ck_assert_int_eq(lyap_dataset_inspect(&data, &notes, NULL), LYAP_OK);
    return notes;
}

/* Deviations 1, 300 and 0 about means that differ. */
START_TEST(inputs_of_other_scales_are_found) {
    const double x[] = {1e6, 300, 7, 1e6 + 2, 900, 7, 1e6, 300, 7, 1e6 + 2, 900, 7};
    struct lyap_data_notes notes = notes_of(4, 3, x, NULL);
    ck_assert_double_eq(notes.scale, 300);
    ck_assert_uint_eq(notes.largest, 1);
    ck_assert_uint_eq(notes.smallest, 0);
    const double constant[] = {0.1, 3, 0.1, 4, 0.1, 5}; /* sums of 0.1 are not exact */
    notes = notes_of(3, 2, constant, NULL);
    ck_assert_double_eq(notes.scale, 1);
    notes = notes_of(1, 3, x, NULL);
    ck_assert_double_eq(notes.scale, 1);
}
END_TEST

START_TEST(a_column_that_counts_is_found) {
    static const struct {
        double x[8];
        size_t samples, counting;
    } cases[] = {
        {{5, 0, 5, 1, 5, 2, 5, 3}, 4, 1},
        {{1, 9, 2, 9, 3, 9, 4, 9}, 4, 0},
        {{2, 9, 3, 9, 4, 9, 5, 9}, 4, 2},
        {{0, 9, 1, 9, 3, 9, 2, 9}, 4, 2},
        {{0, 9, 1, 8}, 2, 2},
        {{0, 1, 1, 2, 2, 3, 3, 4}, 4, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_uint_eq(notes_of(cases[i].samples, 2, cases[i].x, NULL).counting, cases[i].counting);
    const double alone[] = {0, 1, 2, 3};
    ck_assert_uint_eq(notes_of(4, 1, alone, NULL).counting, 1); /* the only input is meant */
}
END_TEST

START_TEST(class_numbers_are_told_from_numbers) {
    static const struct {
        double y[12];
        size_t values;
        bool class_numbers;
    } cases[] = {
        {{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}, 3, true},
        {{3, 7, 5, 5, 7, 3, 3, 3, 3, 3, 3, 3}, 3, true},
        {{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1}, 2, true},
        {{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 2, false},
        {{-1, 1, 1, -1, 1, 1, 1, 1, 1, 1, 1, 1}, 2, false},
        {{4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}, 1, false},
        {{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2.5}, 0, false},
        {{0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 0}, 0, false}, /* too many for twelve samples */
    };
    const double x[12] = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lyap_data_notes notes = notes_of(12, 1, x, cases[i].y);
        ck_assert_uint_eq(notes.values, cases[i].values);
        ck_assert(notes.class_numbers == cases[i].class_numbers);
    }
    struct lyap_data_notes notes = notes_of(12, 1, x, cases[1].y);
    ck_assert(notes.value[0] == 3 && notes.value[1] == 5 && notes.value[2] == 7);
    ck_assert(notes.samples[0] == 8 && notes.samples[1] == 2 && notes.samples[2] == 2);
}
END_TEST

START_TEST(a_file_gives_its_names_and_its_form) {
    static const char text[] =
        "\"\";\"fixed; acidity\";pH;kind\n\"1\";7,5;3,1;red\n\"2\";8;3,3;white\n\"3\";8,5;3;red\n";
    struct lyap_dataset data;
    struct lyap_error error = {0};
    struct lyap_data_file file = {
        .path = scratch_file("wine.csv", text, sizeof text - 1), .targets = 1, .class_names = true};
    ck_assert_msg(!lyap_dataset_read_file(&data, &file, &error), "%s", error.message);
    ck_assert(data.samples == 3 && data.inputs == 2 && data.outputs == 1);
    ck_assert(data.x[0] == 7.5 && data.x[5] == 3 && data.y[0] == 0 && data.y[1] == 1 && data.y[2] == 0);
    ck_assert_uint_eq(file.name_count, 2);
    ck_assert_str_eq(file.names[0], "fixed; acidity");
    ck_assert_uint_eq(file.class_count, 2);
    ck_assert_str_eq(file.classes[1], "white");
    ck_assert(file.form.kind == LYAP_FILE_CSV && file.form.header && file.form.decimal_comma && file.form.row_names &&
              file.form.delimiter == ';' && !file.grey);
    lyap_dataset_free(&data);
    /* Held-out data in another form, with the same class names. */
    struct lyap_data_file held = {
        .path = scratch_file("held.csv", "1 2 white\n", 10), .targets = 1, .class_names = true, .like = &file};
    ck_assert_int_eq(lyap_dataset_read_file(&data, &held, NULL), LYAP_OK);
    ck_assert_double_eq(data.y[0], 1);
    ck_assert_uint_eq(held.class_count, 0);
    lyap_dataset_free(&data);
    lyap_data_file_free(&held);
    held.path = scratch_file("held.csv", "1 2 rose\n", 9);
    ck_assert_int_eq(lyap_dataset_read_file(&data, &held, &error), LYAP_ERROR_FILE);
    ck_assert_msg(strstr(error.message, "'rose' is none of the 2 class names"), "%s", error.message);
    lyap_data_file_free(&held);
    lyap_data_file_free(&file);
    file.class_names = false;
    ck_assert_int_eq(lyap_dataset_read_file(&data, &file, &error), LYAP_ERROR_FILE);
    ck_assert_int_eq(file.need, LYAP_NEED_CLASS_NAMES);
    lyap_data_file_free(&file);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("inspect");
    TCase *tests = tcase_create("inspect");
    tcase_add_test(tests, inputs_of_other_scales_are_found);
    tcase_add_test(tests, a_column_that_counts_is_found);
    tcase_add_test(tests, class_numbers_are_told_from_numbers);
    tcase_add_test(tests, a_file_gives_its_names_and_its_form);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
