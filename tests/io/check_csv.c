#include "io/csv.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/number.h"
#include "io/table_read.h"
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
    {"nano,infix\n1,2\n3,4\n", "nano"},
    {"\n\n1,2\n \t\n\r\n3,4\n\n\n", NULL},
    {"\n\na,b\n\n1,2\n3,4", "a"},
    {" 1 ,\t2\t\n  3,  4  \n", NULL},
    {"+1,2.\n3e0,40E-1\n", NULL},
    {"001,.2e1\n3.000,4.0e+00\n", NULL},
    /* RFC 4180 */
    {"\"1\",\"2\"\n\"3\",\"4\"\n", NULL},
    {"\"a, or \"\"b\"\"\",c\n1,2\n3,4\n", "a, or \"b\""},
    {"\"two\nlines\",c\n1,2\n3,4\n", "two\nlines"},
    {"\"two\r\nlines\",c\r\n1,2\r\n3,4\r\n", "two\r\nlines"},
    {"a 5\" screen,b\n1,2\n3,4\n", "a 5\" screen"},
    {" \"a\" , \"b\" \n \"1\" ,2\n3, \" 4 \"\n", "a"},
    /* other delimiters */
    {"1;2\n3;4\n", NULL},
    {"1,0;2,0\n3;4,00\n", NULL},
    {"\"a\";\"b\"\n1;2\n3;4\n", "a"},
    {"x, in mm;y\n1,0;2,0\n3,0;4,0\n", "x, in mm"},
    {"a;b\r\n1,0;2\r\n3,0;4\r\n", "a"},
    {"x,y;z\n\"1,0\";2\n3e0;0,4e1\n", "x,y"},
    {"1\t2\n3\t4\n", NULL},
    {"my x\tmy y\n1\t2\n3\t4\n", "my x"},
    {"1 2\n3 4\n", NULL},
    {"  1.0   2.0 \n\t3.0 \t 4.0\n", NULL},
    {"time, value\n1 2\n3 4\n", "time,"},
    {"a b\n1 2\n3 4\n", "a"},
    {"\"a b\" c\n1 2\n3 4\n", "a b"},
    {"1.000000000000000000e+00 2.000000000000000000e+00\n3.000000000000000000e+00 4.000000000000000000e+00\n", NULL},
    /* comments */
    {"# x; y; \"z\n1,2\n  # more, of it\n3,4\n# end", NULL},
    {"\xef\xbb\xbf# from a meter\na,b\n1,2\n#\n3,4\n", "a"},
    /* ends of lines */
    {"1,2\r3,4\r", NULL},
    {"1,2\r3,4", NULL},
    {"a,b\r1,2\r\r3,4", "a"},
    {"a,b\r1,2\r\n3,4\n", "a"},
    /* headers of numbers */
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
    {"1,2\n3\n", "data.csv: line 2, column 2: the row has 1 column, but line 1 has 2"},
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
    {"1|2\n3|4\n",
     "data.csv: line 1, column 1: '1|2' is not a finite decimal number; '|' seems to separate the fields; "
     "allowed are a comma, ';', a tab and blanks"},
    {"a|b\n1|2\n", "data.csv: line 2, column 1: '1|2' is not a finite decimal number; '|' seems to separate"},
    {"12:30\n12:31\n", "line 1, column 1: '12:30' is not a finite decimal number; ':' seems to separate"},
    {"1,5;2,5\n1.5;2\n", "line 2, column 1: '1.5' has a decimal point, but line 1 has a decimal comma"},
    {"1.5;2.5\n1;2,5\n", "line 2, column 2: '2,5' has a decimal comma, but line 1 has a decimal point"},
    {"1.234,5;2\n", "line 1, column 1: '1.234,5' is not a finite decimal number"},
    {"1,5\t2,5\n",
     "line 1, column 1: '1,5' is not a finite decimal number; a decimal comma is read where ';' separates"},
    {"a,b\n\"1,2\n3,4\n", "line 2, column 1: a quoted field begins here and does not end"},
    {"a,b\n1,2\n3,\"4\"x\n", "line 3, column 2: text follows the closing quote"},
    {"\"a\"b,c\n1,2\n", "line 1, column 1: text follows the closing quote"},
    {"a,b\n\"1\n2\",3\n4,x\n", "line 2, column 1: '1?2' is not a finite decimal number"},
    {"a,\"b\nc\"\n1,2\n4,x\n", "line 4, column 2: 'x' is not a number"},
    {"a,b\r1,2\r4,x\r", "line 3, column 2: 'x' is not a number"},
    {"a,b\n\"\",3\n", "line 2, column 1: the field is empty"},
    {"0,1,2\n3,4,5\n", "line 1 counts 0, 1, 2, ...: it may name the columns or be a row of numbers"},
    {"0,1\n0.5,2\n", "line 1 counts 0, 1: it may name the columns or be a row of numbers"},
    {"# only\n#comments\n", "data.csv: the file is empty"},
    {"\xff\xfe"
     "1,2\n",
     "data.csv: byte 0: UTF-16 text, which cannot be read; save it as UTF-8"},
    {",5,6\n1,2,3\n", "line 1, column 1: the field is empty"},
    {"a,b,2019\n1,2,3\n", "line 1, column 1: 'a' is not a number"},
    {"1,abc\n3,4\n", "data.csv: line 1, column 2: 'abc' is not a number"},
    {"a,b\nc,d\n1,2\n", "data.csv: line 2, column 1: 'c' is not a number"},
    {"a,b,c\n1,2\n", "data.csv: line 2, column 3: the row has 2 columns, but line 1 has 3"},
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

/* A file, how it is read, and what comes out: values up to NAN, names and class names joined by '|'; or a message. */
static const struct {
    const char *text;
    struct lyap_table_options options;
    struct lyap_file_form form;
    size_t rows, columns;
    double values[12];
    const char *names, *words;
    const char *message;
    enum lyap_file_need need;
} as_told[] = {
    /* pandas: to_csv() and to_csv(index=False) of an array */
    {.text = ",0,1\n0,0.5,2\n1,1.5,4\n",
     .form = {.header = true, .row_names = true, .delimiter = ','},
     .rows = 2,
     .columns = 2,
     .values = {0.5, 2, 1.5, 4},
     .names = "0|1"},
    {.text = ",x,y\n10,0.5,2\n7,1.5,4\n",
     .form = {.header = true, .row_names = true, .delimiter = ','},
     .rows = 2,
     .columns = 2,
     .values = {0.5, 2, 1.5, 4},
     .names = "x|y"},
    {.text = "0,1,2\n0.5,2,3\n1.5,4,5\n",
     .form = {.header = true, .delimiter = ','},
     .rows = 2,
     .columns = 3,
     .values = {0.5, 2, 3, 1.5, 4, 5},
     .names = "0|1|2"},
    {.text = "0,1\n1,0\n", .form = {.delimiter = ','}, .rows = 2, .columns = 2, .values = {0, 1, 1, 0}},
    {.text = "0\n0.5\n", .rows = 2, .columns = 1, .values = {0, 0.5}},
    {.text = "0,1,2\n", .form = {.delimiter = ','}, .rows = 1, .columns = 3, .values = {0, 1, 2}},
    {.text = "00,1,2\n3.0,4,5\n", .form = {.delimiter = ','}, .rows = 2, .columns = 3, .values = {0, 1, 2, 3, 4, 5}},
    {.text = "0,1,2\n3,4,5\n", .message = "line 1 counts 0, 1, 2, ...", .need = LYAP_NEED_HEADER},
    {.text = "\n0,1\n5,7\n", .message = "line 2 counts 0, 1:", .need = LYAP_NEED_HEADER},
    {.text = "0,1,2\n3,4,5\n",
     .options = {.header = LYAP_HEADER_YES},
     .form = {.header = true, .delimiter = ','},
     .rows = 1,
     .columns = 3,
     .values = {3, 4, 5},
     .names = "0|1|2"},
    {.text = "0,1,2\n3,4,5.5\n",
     .options = {.header = LYAP_HEADER_NO},
     .form = {.delimiter = ','},
     .rows = 2,
     .columns = 3,
     .values = {0, 1, 2, 3, 4, 5.5}},
    {.text = "country,1990,1991\n3,4,5\n", .message = "line 1, column 1: 'country'", .need = LYAP_NEED_HEADER},
    {.text = "country,1990,1991\n3,4,5\n",
     .options = {.header = LYAP_HEADER_YES},
     .form = {.header = true, .delimiter = ','},
     .rows = 1,
     .columns = 3,
     .values = {3, 4, 5},
     .names = "country|1990|1991"},
    {.text = "a,b\n3,4\n",
     .options = {.header = LYAP_HEADER_NO},
     .message = "line 1, column 1: 'a' is not a number",
     .need = LYAP_NEED_NOTHING},
    /* R: write.csv, write.table, and write.csv2 with a decimal comma */
    {.text = "\"\",\"mpg\",\"cyl\"\n\"Mazda RX4\",21,6\n\"Datsun 710\",22.8,4\n",
     .form = {.header = true, .row_names = true, .delimiter = ','},
     .rows = 2,
     .columns = 2,
     .values = {21, 6, 22.8, 4},
     .names = "mpg|cyl"},
    {.text = "\"mpg\" \"cyl\"\n\"Mazda RX4\" 21 6\n\"Datsun 710\" 22.8 4\n",
     .form = {.header = true, .row_names = true, .delimiter = ' '},
     .rows = 2,
     .columns = 2,
     .values = {21, 6, 22.8, 4},
     .names = "mpg|cyl"},
    {.text = "\"\";\"x\";\"y\"\n\"1\";0,5;2\n\"2\";1,5;4\n",
     .form = {.header = true, .row_names = true, .decimal_comma = true, .delimiter = ';'},
     .rows = 2,
     .columns = 2,
     .values = {0.5, 2, 1.5, 4},
     .names = "x|y"},
    {.text = "x,y\n1,2,\n3,4,\n", .message = "line 2, column 3: the row has 3 columns, but line 1 has 2"},
    {.text = ",x,y\n\"a\",1,2\n\"b\",3\n", .message = "line 3, column 3: the row has 2 columns, but line 1 has 3"},
    {.text = ",x,y\n\"a\",1,2\n\"b\",3,z\n",
     .message = "line 3, column 3: 'z' is not a number",
     .need = LYAP_NEED_CLASS_NAMES},
    {.text = ",x,y\na,1,2\n",
     .options = {.loose = true},
     .form = {.header = true, .delimiter = ','},
     .rows = 1,
     .columns = 3,
     .values = {INFINITY, 1, 2}, /* stands for NaN */
     .names = "|x|y"},
    /* class names in the last column */
    {.text = "a,b,species\n5.1,3.5,setosa\n7,3.2,versicolor\n5,3.6, \"setosa\" \n6,3,\"a, or b\"\n",
     .options = {.words = true},
     .form = {.header = true, .delimiter = ','},
     .rows = 4,
     .columns = 3,
     .values = {5.1, 3.5, 1, 7, 3.2, 2, 5, 3.6, 1, 6, 3, 0},
     .names = "a|b|species",
     .words = "a, or b|setosa|versicolor"},
    {.text = "5.1;3,5;b c\n7;3,2;10\n",
     .options = {.words = true},
     .message = "line 1, column 2: '3,5' has a decimal comma, but line 1 has a decimal point"},
    {.text = "1 cat\n2 dog\n3 cat\n",
     .options = {.words = true},
     .form = {.delimiter = ' '},
     .rows = 3,
     .columns = 2,
     .values = {1, 0, 2, 1, 3, 0},
     .words = "cat|dog"},
    {.text = "class\ncat\ndog\ncat\n",
     .options = {.words = true},
     .form = {.header = true},
     .rows = 3,
     .columns = 1,
     .values = {0, 1, 0},
     .names = "class",
     .words = "cat|dog"},
    {.text = "cat\ndog\ncat\n",
     .options = {.words = true},
     .message = "line 1 is a class name of other lines",
     .need = LYAP_NEED_HEADER},
    {.text = "cat\ndog\ncat\n",
     .options = {.words = true, .header = LYAP_HEADER_NO},
     .rows = 3,
     .columns = 1,
     .values = {0, 1, 0},
     .words = "cat|dog"},
    {.text = "a,b\n1,2\n",
     .options = {.words = true},
     .form = {.header = true, .delimiter = ','},
     .rows = 1,
     .columns = 2,
     .values = {1, 2},
     .names = "a|b"},
    {.text = "1,2\n3,x\n", .options = {.words = true}, .message = "line 2, column 2: 'x' is not a number"},
    {.text = "1,x\n3,\n",
     .options = {.words = true},
     .message = "line 2, column 2: the field is empty; expected the name of a class"},
    {.text = "1,+\n2,-\n",
     .options = {.words = true},
     .form = {.delimiter = ','},
     .rows = 2,
     .columns = 2,
     .values = {1, 0, 2, 1},
     .words = "+|-"},
    {.text = "1,2nd\n2,1st\n",
     .options = {.words = true},
     .form = {.delimiter = ','},
     .rows = 2,
     .columns = 2,
     .values = {1, 1, 2, 0},
     .words = "1st|2nd"},
    {.text = "1,+\n2,-\n", .message = "line 1, column 2: '+' is not a number", .need = LYAP_NEED_CLASS_NAMES},
    /* texts with another delimiter inside */
    {.text = "x,note\n1,\"a;2\"\n2,b;3\n",
     .options = {.words = true},
     .form = {.header = true, .delimiter = ','},
     .rows = 2,
     .columns = 2,
     .values = {1, 0, 2, 1},
     .names = "x|note",
     .words = "a;2|b;3"},
    {.text = "note;x\na;1,5\nb;2,5\n",
     .options = {.loose = true},
     .form = {.header = true, .decimal_comma = true, .delimiter = ';'},
     .rows = 2,
     .columns = 2,
     .values = {INFINITY, 1.5, INFINITY, 2.5},
     .names = "note|x"},
    {.text = "date,note\n2020-01-01,foo;1;2;3\n",
     .options = {.loose = true},
     .form = {.header = true, .delimiter = ','},
     .rows = 1,
     .columns = 2,
     .values = {INFINITY, INFINITY},
     .names = "date|note"},
    {.text = "my class;y\n1,5;red 1 2\n2,5;red 1 2\n",
     .options = {.words = true},
     .form = {.header = true, .decimal_comma = true, .delimiter = ';'},
     .rows = 2,
     .columns = 2,
     .values = {1.5, 0, 2.5, 0},
     .names = "my class|y",
     .words = "red 1 2"},
    {.text = "\"a\" \"b\" \"animal\"\n\"1\" 1 2 \"cat\"\n\"2\" 2 3 \"dog\"\n",
     .options = {.words = true},
     .form = {.header = true, .row_names = true, .delimiter = ' '},
     .rows = 2,
     .columns = 3,
     .values = {1, 2, 0, 2, 3, 1},
     .names = "a|b|animal",
     .words = "cat|dog"},
    /* spreadsheets tell the delimiter */
    {.text = "sep=;\r\na,b;c\r\n1,5;2\r\n",
     .form = {.header = true, .decimal_comma = true, .delimiter = ';'},
     .rows = 1,
     .columns = 2,
     .values = {1.5, 2},
     .names = "a,b|c"},
    {.text = "sep=,\n1,2\n", .form = {.delimiter = ','}, .rows = 1, .columns = 2, .values = {1, 2}},
    {.text = "sep=;\n", .message = "told.csv: the file is empty"},
    {.text = "sep=,\n1,x\n", .message = "line 2, column 2: 'x'", .need = LYAP_NEED_CLASS_NAMES},
    {.text = "1,nan\n3,x\n", .options = {.words = true}, .message = "line 1, column 2: 'nan' is not a finite"},
    {.text = "5,1;3,5;b c\n7;3,2;10\n",
     .options = {.words = true},
     .form = {.decimal_comma = true, .delimiter = ';'},
     .rows = 2,
     .columns = 3,
     .values = {5.1, 3.5, 1, 7, 3.2, 0},
     .words = "10|b c"},
    {.text = "x,1\n3,2\n",
     .options = {.words = true},
     .message = "line 1, column 1: 'x' is not a number",
     .need = LYAP_NEED_HEADER},
    {.text = "1,x\n", .message = "line 1, column 2: 'x' is not a number", .need = LYAP_NEED_CLASS_NAMES},
};

static void expect_joined(char *const *text, size_t count, const char *joined) {
    char all[200] = "";
    for (size_t i = 0; i < count; i++) sprintf(all + strlen(all), "%s%s", i ? "|" : "", text[i]);
    ck_assert_str_eq(all, joined ? joined : "");
}

START_TEST(files_are_read_as_they_are_and_as_told) {
    struct lyap_table table;
    struct lyap_error error = {0};
    enum lyap_file_need need = LYAP_NEED_NOTHING;
    struct lyap_table_options options = as_told[_i].options;
    options.need = &need;
    const char *path = scratch_file("told.csv", as_told[_i].text, strlen(as_told[_i].text));
    enum lyap_status status = lyap_table_read_with(&table, path, &options, &error);
    if (as_told[_i].message) {
        ck_assert_int_eq(status, LYAP_ERROR_FILE);
        ck_assert_msg(strstr(error.message, as_told[_i].message) != NULL, "%s", error.message);
        ck_assert_int_eq(need, as_told[_i].need);
        return;
    }
    ck_assert_msg(!status, "%s: %s", as_told[_i].text, error.message);
    ck_assert_uint_eq(table.rows, as_told[_i].rows);
    ck_assert_uint_eq(table.columns, as_told[_i].columns);
    for (size_t i = 0; i < table.rows * table.columns; i++)
        if (isinf(as_told[_i].values[i]))
            ck_assert(isnan(table.values[i]));
        else
            ck_assert_double_eq(table.values[i], as_told[_i].values[i]);
    ck_assert_int_eq(table.names != NULL, as_told[_i].names != NULL);
    if (table.names) expect_joined(table.names, table.columns, as_told[_i].names);
    expect_joined(table.words.word, table.words.count, as_told[_i].words);
    ck_assert_int_eq(table.form.header, as_told[_i].form.header);
    ck_assert_int_eq(table.form.row_names, as_told[_i].form.row_names);
    ck_assert_int_eq(table.form.decimal_comma, as_told[_i].form.decimal_comma);
    ck_assert_int_eq(table.form.delimiter, as_told[_i].form.delimiter);
    lyap_table_free(&table);
}
END_TEST

/* Held-out data have the numbers of the training data's class names, and no others. */
START_TEST(known_class_names_keep_their_numbers) {
    struct lyap_word_set known = {0};
    struct lyap_table table;
    struct lyap_error error = {0};
    size_t number;
    ck_assert(lyap_word_set_add(&known, "versicolor", &number) && lyap_word_set_add(&known, "setosa", &number) &&
              lyap_word_set_add(&known, "7", &number));
    const struct lyap_table_options options = {.words = true, .known = &known};
    const char *path = scratch_file("known.csv", "1,setosa\n2,7\n3,versicolor\n", 26);
    ck_assert_int_eq(lyap_table_read_with(&table, path, &options, NULL), LYAP_OK);
    ck_assert_double_eq(table.values[1], 1);
    ck_assert_double_eq(table.values[3], 2);
    ck_assert_double_eq(table.values[5], 0);
    ck_assert_uint_eq(table.words.count, 0);
    lyap_table_free(&table);
    path = scratch_file("known.csv", "1,setosa\n2,virginica\n", 21);
    ck_assert_int_eq(lyap_table_read_with(&table, path, &options, &error), LYAP_ERROR_FILE);
    ck_assert_msg(strstr(error.message, "line 2, column 2: 'virginica' is none of the 3 class names of the training "
                                        "data, such as 'versicolor'"),
                  "%s", error.message);
    lyap_word_set_free(&known);
}
END_TEST

START_TEST(many_class_names_are_numbered_in_the_order_of_their_bytes) {
    enum { CLASSES = 5000 };
    static char text[CLASSES * 24];
    struct lyap_table table;
    const struct lyap_table_options options = {.words = true};
    size_t length = 0;
    for (int i = 0; i < 2 * CLASSES; i++) length += (size_t)sprintf(text + length, "%d,c%04d\n", i, 7 * i % CLASSES);
    ck_assert_int_eq(lyap_table_read_with(&table, scratch_file("many.csv", text, length), &options, NULL), LYAP_OK);
    ck_assert_uint_eq(table.words.count, CLASSES);
    for (int i = 0; i < 2 * CLASSES; i++) ck_assert_double_eq(table.values[2 * i + 1], 7 * i % CLASSES);
    lyap_table_free(&table);
}
END_TEST

/* A stray quote must not take the memory of the rest of the file. */
START_TEST(a_quoted_field_has_a_limit) {
    const size_t size = (size_t)3 << 20;
    char *text = malloc(size);
    struct lyap_table table;
    struct lyap_error error = {0};
    for (size_t i = 0; i < size; i += 4) memcpy(text + i, "1,2\n", 4);
    text[6] = '"';
    ck_assert_int_eq(lyap_csv_read(&table, scratch_file("stray.csv", text, size), &error), LYAP_ERROR_FILE);
    ck_assert_msg(strstr(error.message,
                         "stray.csv: line 2, column 2: the quoted field that begins here exceeds 1048576 "
                         "bytes"),
                  "%s", error.message);
    free(text);
}
END_TEST

START_TEST(formats_that_are_not_read_are_named_with_what_to_do) {
    static const struct {
        const char *begin, *message;
    } formats[] = {
        {"BZh91AY&SY", "byte 0: bzip2-compressed data, which cannot be read; unpack the file with bunzip2"},
        {"\xfd"
         "7zXZ\0",
         "byte 0: xz-compressed data, which cannot be read; unpack the file with unxz"},
        {"\x28\xb5\x2f\xfd", "byte 0: zstd-compressed data"},
        {"PK\3\4", "byte 0: a zip archive, which cannot be read; unpack it"},
        {"\x89HDF\r\n\x1a\n", "byte 0: an HDF5 file"},
        {"PAR1", "byte 0: a Parquet file"},
        {"\xd0\xcf\x11\xe0", "byte 0: an Excel workbook"},
        {"\xff\xfe"
         "1,2",
         "byte 0: UTF-16 text"},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct lyap_table table;
        struct lyap_error error = {0};
        char text[20] = "";
        snprintf(text, sizeof text, "%s", formats[i].begin);
        const char *path = scratch_file("foreign", text, sizeof text);
        ck_assert_int_eq(lyap_csv_read(&table, path, &error), LYAP_ERROR_FILE);
        ck_assert_msg(strstr(error.message, formats[i].message) != NULL, "%s", error.message);
        ck_assert_int_eq(lyap_table_read(&table, path, &error), LYAP_ERROR_FILE);
        ck_assert_msg(strstr(error.message, formats[i].message) != NULL, "%s", error.message);
    }
}
END_TEST

/* A record that begins with many blanks takes no time for each of its quotes. */
START_TEST(many_quotes_behind_many_blanks_take_no_longer) {
    enum { BLANKS = 1 << 20, FIELDS = 1 << 18 };
    char *text = malloc(BLANKS + 4 * FIELDS + 1);
    struct lyap_table table;
    struct lyap_error error = {0};
    memset(text, ' ', BLANKS);
    for (size_t i = 0; i < FIELDS; i++) memcpy(text + BLANKS + 4 * i, "\"1\",", 4);
    text[BLANKS + 4 * FIELDS - 1] = '\n';
    ck_assert_msg(!lyap_csv_read(&table, scratch_file("blanks.csv", text, BLANKS + 4 * FIELDS), &error), "%s",
                  error.message);
    ck_assert_uint_eq(table.columns, FIELDS);
    lyap_table_free(&table);
    free(text);
}
END_TEST

/* Quotes, line ends and comments behind what is read at once, and across its bounds. */
START_TEST(records_do_not_depend_on_where_the_reader_cuts) {
    static char text[1 << 18];
    for (size_t shift = 0; shift < 40; shift++) {
        struct lyap_table table;
        struct lyap_error error = {0};
        size_t length = (size_t)sprintf(text, "#%*s\n\"a,\"\"\r\nb\",c\r\n", (int)shift, "");
        size_t rows = 0;
        while (length < 200000) {
            length +=
                (size_t)sprintf(text + length, "%zu,\"%zu\"\r\n# \"x\r%zu , -2\n\"3\",4\r\n\r\n", rows, rows + 1, rows);
            rows += 3;
        }
        ck_assert_msg(!lyap_csv_read(&table, scratch_file("cut.csv", text, length), &error), "%s", error.message);
        ck_assert_uint_eq(table.rows, rows);
        ck_assert_str_eq(table.names[0], "a,\"\r\nb");
        for (size_t r = 0; r < rows; r += 3) {
            ck_assert_double_eq(table.values[2 * r], (double)r);
            ck_assert_double_eq(table.values[2 * r + 1], (double)(r + 1));
            ck_assert_double_eq(table.values[2 * r + 2], (double)r);
            ck_assert_double_eq(table.values[2 * r + 3], -2);
            ck_assert_double_eq(table.values[2 * r + 5], 4);
        }
        lyap_table_free(&table);
    }
}
END_TEST

/* The quick way rounds as strtod does. */
START_TEST(short_numbers_are_rounded_to_nearest) {
    uint64_t state = 5;
    size_t quick = 0;
    for (int i = 0; i < 200000; i++) {
        char text[64];
        double value, whole = 1e6 * test_random(&state);
        const int digits = i % 19, power = (int)(30 * test_random(&state));
        sprintf(text, i % 3 ? "%.*f" : "%.*fe%+d", digits, whole, power);
        const char *behind = lyap_number_short(text, &value);
        if (!behind) continue;
        ck_assert_str_eq(behind, "");
        ck_assert_msg(value == strtod(text, NULL), "%s", text);
        quick++;
    }
    ck_assert_uint_gt(quick, 50000);
    static const char *const edges[] = {"9007199254740992",
                                        "9007199254740993",
                                        "9007199254740991e22",
                                        "1e22",
                                        "1e23",
                                        "1e-22",
                                        "-0",
                                        "-0.0e5",
                                        "0.1",
                                        "1e-23",
                                        "5e-324",
                                        "123456789012345678",
                                        "1234567890123456789",
                                        "00000000000000000000000000001.5",
                                        ".5",
                                        "5."};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        double value = NAN, real = NAN;
        const char *behind = lyap_number_short(edges[i], &value);
        ck_assert_int_eq(lyap_number_real(edges[i], &real), LYAP_NUMBER_OK);
        ck_assert(real == strtod(edges[i], NULL) && signbit(real) == signbit(strtod(edges[i], NULL)));
        ck_assert(!behind || (value == real && signbit(value) == signbit(real)));
    }
    static const char *const none[] = {"", "-", ".", "e5", "1e", "1e+", "+-1", "x", " 1"};
    double value;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) ck_assert_ptr_null(lyap_number_short(none[i], &value));
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
            length += (size_t)sprintf(text + length, "%d%c", 1 + row + column, column + 1 < COLUMNS ? ',' : '\n');
        }
    }
    struct lyap_table table;
    struct lyap_error error = {0};
    ck_assert_msg(!lyap_csv_read(&table, scratch_file("wide.csv", text, length), &error), "%s", error.message);
    ck_assert_uint_eq(table.rows, ROWS);
    ck_assert_uint_eq(table.columns, COLUMNS);
    for (size_t i = 0; i < table.rows * table.columns; i++) {
        ck_assert_double_eq(table.values[i], (double)(1 + i / COLUMNS + i % COLUMNS));
    }
    lyap_table_free(&table);
    for (char *c = text; c < text + length; c++) *c = *c == ',' ? '\n' : *c;
    ck_assert_int_eq(lyap_csv_read(&table, scratch_file("tall.csv", text, length), &error), LYAP_OK);
    ck_assert_uint_eq(table.rows, (size_t)ROWS * COLUMNS);
    ck_assert_uint_eq(table.columns, 1);
    ck_assert_double_eq(table.values[table.rows - 1], ROWS + COLUMNS - 1);
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
    tcase_add_loop_test(tests, files_are_read_as_they_are_and_as_told, 0, (int)(sizeof as_told / sizeof *as_told));
    tcase_add_test(tests, known_class_names_keep_their_numbers);
    tcase_add_test(tests, many_class_names_are_numbered_in_the_order_of_their_bytes);
    tcase_add_test(tests, a_quoted_field_has_a_limit);
    tcase_add_test(tests, formats_that_are_not_read_are_named_with_what_to_do);
    tcase_add_test(tests, many_quotes_behind_many_blanks_take_no_longer);
    tcase_add_test(tests, records_do_not_depend_on_where_the_reader_cuts);
    tcase_add_test(tests, short_numbers_are_rounded_to_nearest);
    tcase_add_test(tests, a_nul_byte_is_refused_where_it_stands);
    tcase_add_test(tests, a_missing_file_and_a_directory_are_named);
    tcase_add_test(tests, long_lines_and_many_rows_are_read_whole);
    tcase_add_test(tests, a_long_field_is_quoted_in_part);
    tcase_add_test(tests, a_host_program_with_a_decimal_comma_changes_nothing);
    tcase_add_test(tests, counts_are_digits_within_their_limit);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
