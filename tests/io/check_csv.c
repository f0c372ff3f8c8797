#include "io/csv.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/number.h"
#include "tests/support.h"

static void expect_table(const char *text, size_t rows, size_t columns, const double *values, const char *first_name) {
    struct lyap_table table;
    struct lyap_error error = {0};
    enum lyap_status status = lyap_csv_read(&table, scratch_file("data.csv", text, strlen(text)), &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    ck_assert_uint_eq(table.rows, rows);
    ck_assert_uint_eq(table.columns, columns);
    for (size_t i = 0; i < rows * columns; i++) ck_assert_double_eq(table.values[i], values[i]);
    if (first_name == NULL) {
        ck_assert_ptr_null(table.names);
    } else {
        ck_assert_ptr_nonnull(table.names);
        ck_assert_str_eq(table.names[0], first_name);
    }
    lyap_table_free(&table);
    ck_assert_ptr_null(table.values);
}

static const double one_to_four[] = {1, 2, 3, 4};

static const struct {
    const char *text, *first_name;
} well_formed[] = {
    {"1,2\n3,4\n", NULL},
    {"1,2\n3,4", NULL},
    {"1,2\r\n3,4\r\n", NULL},
    {"1,2\r\n3,4\r", NULL},
    {"\xef\xbb\xbf"
     "1,2\n3,4\n",
     NULL},
    {"\xef\xbb\xbf"
     "a,b\n1,2\n3,4\n",
     "a"},
    {"a,b\n1,2\n3,4\n", "a"},
    {" a ,\tb\n1,2\n3,4\n", "a"},
    {",b\n1,2\n3,4\n", ""},
    {"nano,infix\n1,2\n3,4\n", "nano"},
    {"\n\n1,2\n \t\n\r\n3,4\n\n\n", NULL},
    {"\n\na,b\n\n1,2\n3,4", "a"},
    {" 1 ,\t2\t\n  3,  4  \n", NULL},
    {"+1,2.\n3e0,40E-1\n", NULL},
    {"001,.2e1\n3.000,4.0e+00\n", NULL},
};

START_TEST(well_formed_tables_are_read_whatever_their_layout) {
    expect_table(well_formed[_i].text, 2, 2, one_to_four, well_formed[_i].first_name);
}
END_TEST

START_TEST(a_single_column_is_a_table) {
    expect_table("1\n2\n3\n4\n", 4, 1, one_to_four, NULL);
    expect_table("w\n1\n2\n3\n4\n", 4, 1, one_to_four, "w");
}
END_TEST

START_TEST(numbers_are_rounded_to_nearest) {
    const double values[] = {0.1, -1e-300, 0x1.fffffffffffffp1023, 0x1p-1074, 0, 0.3};
    expect_table("0.1,-1e-300,1.7976931348623157e308,5e-324,1e-999,"
                 "0.29999999999999998889776975374843459576368331909179687500000000000000000000000000000000000000000\n",
                 1, 6, values, NULL);
}
END_TEST

/* {file, what the message must hold behind the file's name} */
static const struct {
    const char *text, *message;
} ill_formed[] = {
    {"1,2\n3,4\n5,abc\n", "data.csv: line 3, column 2: 'abc' is not a number"},
    {"1,2\n3\n", "data.csv: line 2, column 2: the row has 1 columns, but line 1 has 2"},
    {"a,b,c\n\n1,2,3\n4,5,6,7\n", "data.csv: line 4, column 4: the row has 4 columns, but line 1 has 3"},
    {"1,2\n3,4,\n", "data.csv: line 2, column 3: the row has 3 columns, but line 1 has 2"},
    {"1,2,\n3,4,\n", "data.csv: line 1, column 3: the field is empty; expected a number"},
    {"1,,2\n", "data.csv: line 1, column 2: the field is empty; expected a number"},
    {"1,2\n3, \n", "data.csv: line 2, column 2: the field is empty; expected a number"},
    {",\n1,2\n", "data.csv: line 1, column 1: the field is empty; expected a number"},
    {"1,2\nnan,4\n", "data.csv: line 2, column 1: 'nan' is not a finite decimal number"},
    {"1,2\n3,-Infinity\n", "data.csv: line 2, column 2: '-Infinity' is not a finite decimal number"},
    {"inf,nan\n1,2\n", "data.csv: line 1, column 1: 'inf' is not a finite decimal number"},
    {"1,2\n3,1e999\n", "data.csv: line 2, column 2: '1e999' is too large for double precision"},
    {"-1e999\n1\n", "data.csv: line 1, column 1: '-1e999' is too large for double precision"},
    {"1,2\n0x1p3,4\n", "data.csv: line 2, column 1: '0x1p3' is not a finite decimal number"},
    {"1,2\n3,1.5x\n", "data.csv: line 2, column 2: '1.5x' is not a finite decimal number"},
    {"1,2\n3,1e\n", "data.csv: line 2, column 2: '1e' is not a finite decimal number"},
    {"1,2\n3,.\n", "data.csv: line 2, column 2: '.' is not a finite decimal number"},
    {"1,2\n3,1 2\n", "data.csv: line 2, column 2: '1 2' is not a finite decimal number"},
    {"1;2\n3;4\n", "data.csv: line 1, column 1: '1;2' is not a finite decimal number"},
    {"1,abc\n3,4\n", "data.csv: line 1, column 2: 'abc' is not a number"},
    {"a,b\nc,d\n1,2\n", "data.csv: line 2, column 1: 'c' is not a number"},
    {"a,b,c\n1,2\n", "data.csv: line 2, column 3: the row has 2 columns, but line 1 has 3"},
    {"1,2\r3,4\r", "data.csv: line 1, column 2: '2?3' is not a finite decimal number"},
    {"1,\"2\"\n", "data.csv: line 1, column 2: '\"2\"' is not a number"},
    {"", "data.csv: the file is empty"},
    {"\n \n\r\n", "data.csv: the file is empty"},
    {"\xef\xbb\xbf", "data.csv: the file is empty"},
    {"a,b\n", "the file has a header but no rows of numbers"},
};

START_TEST(malformed_input_is_refused_with_file_line_and_column) {
    struct lyap_table table;
    struct lyap_error error = {0};
    const char *path = scratch_file("data.csv", ill_formed[_i].text, strlen(ill_formed[_i].text));
    ck_assert_int_eq(lyap_csv_read(&table, path, &error), LYAP_ERROR_FILE);
    ck_assert_int_eq(strncmp(error.message, scratch_directory, strlen(scratch_directory)), 0);
    ck_assert_msg(strstr(error.message, ill_formed[_i].message) != NULL, "'%s' lacks '%s'", error.message,
                  ill_formed[_i].message);
    ck_assert_ptr_null(table.values);
    ck_assert_ptr_null(table.names);
}
END_TEST

START_TEST(a_nul_byte_is_refused_where_it_stands) {
    struct lyap_table table;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_csv_read(&table, scratch_file("nul.csv", "1,2\n3,4\0,5\n", 11), &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "nul.csv: line 2, column 2: a NUL byte"));
    ck_assert_int_eq(lyap_csv_read(&table, "/dev/zero", &error), LYAP_ERROR_FILE); /* and does not hang */
}
END_TEST

START_TEST(a_missing_file_and_a_directory_are_named) {
    struct lyap_table table;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_csv_read(&table, scratch("none.csv"), &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "none.csv: cannot open: No such file"));
    ck_assert_int_eq(lyap_csv_read(&table, scratch_directory, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "is a directory"));
    ck_assert_int_eq(lyap_csv_read(&table, "", &error), LYAP_ERROR_FILE);
}
END_TEST

START_TEST(long_lines_and_many_rows_are_read_whole) {
    enum { COLUMNS = 30000, ROWS = 5 };
    char *text = malloc((size_t)COLUMNS * ROWS * 8);
    size_t length = 0;
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            length += (size_t)sprintf(text + length, "%d%c", row + column, column + 1 < COLUMNS ? ',' : '\n');
        }
    }
    struct lyap_table table;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_csv_read(&table, scratch_file("wide.csv", text, length), &error), LYAP_OK);
    ck_assert_uint_eq(table.rows, ROWS);
    ck_assert_uint_eq(table.columns, COLUMNS);
    for (size_t i = 0; i < table.rows * table.columns; i++) {
        ck_assert_double_eq(table.values[i], (double)(i / COLUMNS + i % COLUMNS));
    }
    lyap_table_free(&table);
    for (char *c = text; c < text + length; c++) *c = *c == ',' ? '\n' : *c;
    ck_assert_int_eq(lyap_csv_read(&table, scratch_file("tall.csv", text, length), &error), LYAP_OK);
    ck_assert_uint_eq(table.rows, (size_t)ROWS * COLUMNS);
    ck_assert_uint_eq(table.columns, 1);
    ck_assert_double_eq(table.values[table.rows - 1], ROWS + COLUMNS - 2);
    lyap_table_free(&table);
    free(text);
}
END_TEST

START_TEST(a_long_field_is_quoted_in_part) {
    char text[5000];
    memset(text, 'z', sizeof text);
    memcpy(text, "1\n", 2);
    struct lyap_table table;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_csv_read(&table, scratch_file("long.csv", text, sizeof text), &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "line 2, column 1: 'zzz"));
    ck_assert_ptr_nonnull(strstr(error.message, "z' is not a number"));
}
END_TEST

/* Where the system has no such locale, this repeats the C locale. */
START_TEST(a_host_program_with_a_decimal_comma_changes_nothing) {
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fa_IR.UTF-8", "ps_AF.UTF-8"};
    const double values[] = {0.5, -2.25e-3, 7};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (setlocale(LC_ALL, names[i]) == NULL) continue;
        expect_table("0.5,-2.25e-3,7\n", 1, 3, values, NULL);
        double value;
        ck_assert_int_eq(lyap_number_real("0,5", &value), LYAP_NUMBER_TEXT);
        setlocale(LC_ALL, "C");
    }
    expect_table("0.5,-2.25e-3,7\n", 1, 3, values, NULL);
}
END_TEST

START_TEST(counts_are_digits_within_their_limit) {
    uint64_t value = 0;
    ck_assert(lyap_number_count("20", 20, &value));
    ck_assert_uint_eq(value, 20);
    ck_assert(lyap_number_count("0", 0, &value));
    ck_assert(lyap_number_count("18446744073709551615", UINT64_MAX, &value));
    ck_assert_uint_eq(value, UINT64_MAX);
    ck_assert(!lyap_number_count("18446744073709551616", UINT64_MAX, &value));
    ck_assert(!lyap_number_count("21", 20, &value));
    ck_assert(!lyap_number_count("9", 8, &value));
    ck_assert(!lyap_number_count("", 20, &value));
    ck_assert(!lyap_number_count("+1", 20, &value));
    ck_assert(!lyap_number_count("-1", 20, &value));
    ck_assert(!lyap_number_count(" 1", 20, &value));
    ck_assert(!lyap_number_count("1.0", 20, &value));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("csv");
    TCase *tests = tcase_create("csv");
    tcase_add_loop_test(tests, well_formed_tables_are_read_whatever_their_layout, 0,
                        (int)(sizeof well_formed / sizeof *well_formed));
    tcase_add_test(tests, a_single_column_is_a_table);
    tcase_add_test(tests, numbers_are_rounded_to_nearest);
    tcase_add_loop_test(tests, malformed_input_is_refused_with_file_line_and_column, 0,
                        (int)(sizeof ill_formed / sizeof *ill_formed));
    tcase_add_test(tests, a_nul_byte_is_refused_where_it_stands);
    tcase_add_test(tests, a_missing_file_and_a_directory_are_named);
    tcase_add_test(tests, long_lines_and_many_rows_are_read_whole);
    tcase_add_test(tests, a_long_field_is_quoted_in_part);
    tcase_add_test(tests, a_host_program_with_a_decimal_comma_changes_nothing);
    tcase_add_test(tests, counts_are_digits_within_their_limit);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
