/* NumPy's .npy: every type and header, the writer, and what is wrong with a file, with its offset. */
#include "io/npy.h"

#include <fcntl.h>

#include "tests/arrays.h"
#include "lyapgrad/dataset.h"
#include "io/table_read.h"

static struct bytes b;

static struct lyap_table read_good(const char *name) {
    struct lyap_table table;
    struct lyap_error error = {0};
    enum lyap_status status = lyap_table_read(&table, write_bytes(name, &b), &error);
    ck_assert_msg(status == LYAP_OK, "%s: %s", name, error.message);
    return table;
}

static void expect_values(const struct lyap_table *table, size_t rows, size_t columns, const double *values) {
    ck_assert_uint_eq(table->rows, rows);
    ck_assert_uint_eq(table->columns, columns);
    for (size_t i = 0; i < rows * columns; i++) ck_assert_double_eq(table->values[i], values[i]);
}

/* The bytes are written out by hand. */
static const struct {
    const char *descr, *hex;
    double values[3];
} types[] = {
    {"<f2", "00 3e 01 80 ff 7b", {1.5, -0x1p-24, 65504}},
    {">f2", "00 00 b5 55 04 00", {0, -0.33325195312500, 0x1p-14}},
    {"<f4", "00 00 c0 3f 00 00 80 80 00 00 80 7e", {1.5, -0x1p-126, 0x1p126}},
    {">f4", "3f c0 00 00 80 80 00 00 7e 80 00 00", {1.5, -0x1p-126, 0x1p126}},
    {"<f8", "9a 99 99 99 99 99 b9 bf 00 00 00 00 00 00 f0 7f", {0}}, /* its second number is infinite: see below */
    {"<f8", "9a 99 99 99 99 99 b9 bf 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 80", {-0.1, 0x1p-1074, -0.0}},
    {">f8", "bf b9 99 99 99 99 99 9a 00 00 00 00 00 00 00 01 80 00 00 00 00 00 00 00", {-0.1, 0x1p-1074, -0.0}},
    {"|i1", "80 ff 7f", {-128, -1, 127}},
    {"<i1", "80 ff 7f", {-128, -1, 127}},
    {"|u1", "00 80 ff", {0, 128, 255}},
    {">u1", "00 80 ff", {0, 128, 255}},
    {"u1", "00 80 ff", {0, 128, 255}},
    {"|b1", "00 01 01", {0, 1, 1}},
    {"<i2", "00 80 fe ff 02 01", {-32768, -2, 258}},
    {">i2", "80 00 ff fe 01 02", {-32768, -2, 258}},
    {"<u2", "00 80 fe ff 02 01", {32768, 65534, 258}},
    {">u2", "80 00 ff fe 01 02", {32768, 65534, 258}},
    {"<i4", "00 00 00 80 ff ff ff ff 04 03 02 01", {-2147483648.0, -1, 16909060}},
    {">i4", "80 00 00 00 ff ff ff ff 01 02 03 04", {-2147483648.0, -1, 16909060}},
    {"<u4", "00 00 00 80 ff ff ff ff 04 03 02 01", {2147483648.0, 4294967295.0, 16909060}},
    {">u4", "80 00 00 00 ff ff ff ff 01 02 03 04", {2147483648.0, 4294967295.0, 16909060}},
    {"<i8",
     "00 00 00 00 00 00 00 80 ff ff ff ff ff ff ff ff 08 07 06 05 04 03 02 00",
     {-0x1p63, -1, 0x2030405060708p0}},
    {">i8",
     "80 00 00 00 00 00 00 00 ff ff ff ff ff ff ff ff 00 02 03 04 05 06 07 08",
     {-0x1p63, -1, 0x2030405060708p0}},
    {"<u8", "00 00 00 00 00 00 00 80 00 00 00 00 01 00 00 00 01 00 00 00 00 00 00 00", {0x1p63, 0x1p32, 1}},
    {">u8", "80 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 01", {0x1p63, 0x1p32, 1}},
};
enum { TYPES = sizeof types / sizeof *types, INFINITE = 4 };

START_TEST(every_type_of_either_byte_order_is_read) {
    if (_i == INFINITE) return;
    for (int version = 1; version <= 3; version++) {
        b.size = 0;
        put_npy(&b, version, types[_i].descr, "(3, 1)");
        ck_assert_uint_eq(b.size % 64, 0);
        put_hex(&b, types[_i].hex);
        struct lyap_table table = read_good("type.npy");
        expect_values(&table, 3, 1, types[_i].values);
        ck_assert_int_eq(table.bytes, strstr(types[_i].descr, "u1") != NULL);
        lyap_table_free(&table);
    }
}
END_TEST

static const char *const headers[] = {
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3)}",
    "{'shape':(2,3,),'descr':'|u1','fortran_order':False}\n",
    " { \"shape\" : ( 2 , 3 ) , \"fortran_order\" : False , \"descr\" : \"|u1\" } \n",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 3L), }          \n",
};

START_TEST(a_header_may_be_laid_out_as_python_allows) {
    const double values[] = {1, 2, 3, 4, 5, 6};
    b.size = 0;
    put_npy_start(&b, 1, headers[_i]);
    put_hex(&b, "01 02 03 04 05 06");
    struct lyap_table table = read_good("header.npy");
    expect_values(&table, 2, 3, values);
    lyap_table_free(&table);
}
END_TEST

START_TEST(the_first_dimension_is_the_samples_and_the_others_are_flattened) {
    const double values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static const struct {
        const char *shape;
        size_t rows, columns;
        int dimensions;
    } shapes[] = {{"(12,)", 12, 1, 1},    {"(1, 12)", 1, 12, 2},     {"(3, 4)", 3, 4, 2},
                  {"(2, 3, 2)", 2, 6, 3}, {"(3, 2, 1, 2)", 3, 4, 4}, {"(12, 1, 1, 1, 1)", 12, 1, 5}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        b.size = 0;
        put_npy(&b, 1, "<i2", shapes[i].shape);
        for (unsigned v = 1; v <= 12; v++) put_little(&b, v, 2);
        struct lyap_table table = read_good("shape.npy");
        expect_values(&table, shapes[i].rows, shapes[i].columns, values);
        ck_assert_int_eq(table.dimensions, shapes[i].dimensions);
        lyap_table_free(&table);
    }
}
END_TEST

/* Value 100 i + 10 j + k at place (i, j, k), the first index running fastest in the file. */
START_TEST(fortran_order_gives_the_same_rows) {
    static const struct {
        const char *shape;
        unsigned sizes[3];
        int dimensions;
    } shapes[] = {
        {"(2, 3)", {2, 3, 1}, 2}, {"(3, 2)", {3, 2, 1}, 2}, {"(4, 3, 2)", {4, 3, 2}, 3}, {"(2, 1, 5)", {2, 1, 5}, 3}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const unsigned *n = shapes[i].sizes;
        char header[128];
        snprintf(header, sizeof header, "{'descr': '<u2', 'fortran_order': True, 'shape': %s, }\n", shapes[i].shape);
        b.size = 0;
        put_npy_start(&b, 1, header);
        for (unsigned at = 0; at < n[0] * n[1] * n[2]; at++)
            put_little(&b, 100 * (at % n[0]) + 10 * (at / n[0] % n[1]) + at / n[0] / n[1], 2);
        struct lyap_table table = read_good("fortran.npy");
        ck_assert_uint_eq(table.rows, n[0]);
        ck_assert_uint_eq(table.columns, n[1] * n[2]);
        ck_assert_int_eq(table.dimensions, shapes[i].dimensions);
        for (unsigned r = 0; r < n[0]; r++)
            for (unsigned c = 0; c < n[1] * n[2]; c++)
                ck_assert_double_eq(table.values[r * n[1] * n[2] + c], 100 * r + 10 * (c / n[2]) + c % n[2]);
        lyap_table_free(&table);
    }
}
END_TEST

START_TEST(fortran_order_is_read_where_it_is_the_same) {
    static const char *const shapes[] = {"(6,)", "(6, 1)", "(1, 6)", "(1, 6, 1)"};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        char header[128];
        snprintf(header, sizeof header, "{'descr': '|u1', 'fortran_order': True, 'shape': %s, }\n", shapes[i]);
        b.size = 0;
        put_npy_start(&b, 1, header);
        put_hex(&b, "01 02 03 04 05 06");
        struct lyap_table table = read_good("fortran.npy");
        ck_assert_uint_eq(table.rows * table.columns, 6);
        for (size_t k = 0; k < 6; k++) ck_assert_double_eq(table.values[k], (double)k + 1);
        lyap_table_free(&table);
    }
}
END_TEST

/* A whole header, the bytes behind it in hexadecimal, and the message: "byte N" counts from the file's beginning. */
#define U1(shape) "{'descr': '|u1', 'fortran_order': False, 'shape': " shape "}"
static const struct {
    const char *header, *data, *message;
} malformed[] = {
    {"", "", "byte 10: the header has no '{' here"},
    {"{", "", "byte 11: the header has no quoted text here"},
    {"{'descr", "", "byte 11: the header ends inside this text"},
    {"{'descr' '<f8'}", "", "byte 19: the header has no ':' here"},
    {"{'descr': }", "", "byte 20: the header has no quoted text here"},
    {"{'descr': [('a', '<f8')]}", "", "byte 20: the header has no quoted text here but a list of fields"},
    {"{'descr': '<c8'}", "", "byte 20: type '<c8' cannot be read; known are f2 f4 f8 i1"},
    {"{'descr': '<f3'}", "", "byte 20: type '<f3' cannot be read"},
    {"{'descr': '|O'}", "", "byte 20: type '|O' cannot be read"},
    {"{'descr': '|f8'}", "", "byte 20: type '|f8' cannot be read"},
    {"{'descr': 'f8'}", "", "byte 20: type 'f8' cannot be read"},
    {"{'descr': '=f8'}", "", "byte 20: type '=f8' cannot be read"},
    {"{'descr': ''}", "", "byte 20: type '' cannot be read"},
    {"{'descr': '<f88'}", "", "byte 20: type '<f88' cannot be read"},
    {"{'descr': '|u1', 'descr': '|u1'}", "", "byte 27: second key 'descr' in the header"},
    {"{'colour': 1}", "", "byte 11: unknown key 'colour' in the header"},
    {"{'fortran_order': 0}", "", "byte 28: 'fortran_order' is neither True nor False"},
    {"{'shape': 3}", "", "byte 20: the header has no '(' here"},
    {"{'shape': (3 4)}", "", "byte 23: the header has no ',' here"},
    {"{'shape': (-3,)}", "", "byte 21: 'shape' has no whole number here"},
    {"{'shape': (3.5,)}", "", "byte 22: the header has no ',' here"},
    {"{'shape': (,)}", "", "byte 21: 'shape' has no whole number here"},
    {"{'shape': (3,", "", "byte 23: 'shape' has no whole number here"},
    {"{'shape': (18446744073709551616,)}", "", "byte 21: dimension 1 is beyond any memory"},
    {"{'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}", "",
     "byte 85: more than 32 dimensions"},
    {"{'descr': '|u1'}", "", "byte 10: the header has no 'fortran_order'"},
    {"{'descr': '|u1', 'fortran_order': False}", "", "byte 10: the header has no 'shape'"},
    {"{'shape': (3,), 'fortran_order': False}", "", "byte 10: the header has no 'descr'"},
    {U1("(3,)") " x", "010203", "byte 66: text behind the header's end"},
    {U1("(3,)") "}", "010203", "byte 65: text behind the header's end"},
    {U1("()"), "01", "byte 60: a single number; expected an array"},
    {U1("(0,)"), "", "byte 60: dimension 1 of 1 is 0: the array is empty"},
    {U1("(3, 0)"), "", "byte 60: dimension 2 of 2 is 0: the array is empty"},
    {U1("(4294967296, 4294967296)"), "01", "byte 60: the product of the 2 dimensions is beyond any memory"},
    {U1("(9223372036854775807, 3)"), "01", "byte 60: the product of the 2 dimensions is beyond any memory"},
    {U1("(3,)"), "0102", "byte 67: the file ends, but the header promises 68 bytes"},
    {U1("(3,)"), "", "byte 65: the file ends, but the header promises 68 bytes"},
    {U1("(3,)"), "01020304", "byte 68: 1 byte more than the header says; the data end here"},
    {U1("(30000000000,)"), "01020304", "byte 79: the file ends, but the header promises 30000000075 bytes"},
    {"{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", "010002", "byte 67: 2 is no truth value"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "0000c03f0000c07f", "byte 69: not a number (NaN)"},
    {"{'descr': '>f8', 'fortran_order': False, 'shape': (1,)}", "fff0000000000000", "byte 65: an infinite number"},
    {"{'descr': '<f2', 'fortran_order': False, 'shape': (2,)}", "003e007e", "byte 67: not a number (NaN)"},
    {"{'descr': '>f2', 'fortran_order': False, 'shape': (1,)}", "fc00", "byte 65: an infinite number"},
    {"{'descr': 'f2', 'fortran_order': False, 'shape': (1,)}", "fc00", "byte 20: type 'f2' cannot be read"},
    {"{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", "0102030405",
     "byte 71: the file ends, but the header promises 72 bytes"},
};

static void expect_refusal(const char *name, const char *message) {
    struct lyap_table table;
    struct lyap_error error = {0};
    char expected[256];
    ck_assert_int_eq(lyap_table_read(&table, write_bytes(name, &b), &error), LYAP_ERROR_FILE);
    snprintf(expected, sizeof expected, "%s: %s", name, message);
    ck_assert_msg(strstr(error.message, expected) != NULL, "'%s' is not in '%s'", expected, error.message);
    ck_assert_ptr_null(table.values);
}

START_TEST(a_malformed_file_is_refused_with_the_offset) {
    b.size = 0;
    put_npy_start(&b, 1, malformed[_i].header);
    put_hex(&b, malformed[_i].data);
    expect_refusal("bad.npy", malformed[_i].message);
}
END_TEST

START_TEST(a_bad_start_is_refused_with_the_offset) {
    static const struct {
        const char *hex, *message;
    } starts[] = {
        {"93", "byte 1: the file ends inside the start of a .npy file"},
        {"93 4e 55 4d 50 59 01", "byte 7: the file ends inside the start"},
        {"93 4e 55 4d 50 5a 01 00 76 00", "byte 5: no .npy file: it begins with \\x93NUMPY"},
        {"93 31 2c 32", "byte 1: no .npy file"},
        {"93 4e 55 4d 50 59 00 00 76 00", "byte 6: .npy version 0.0 is unknown"},
        {"93 4e 55 4d 50 59 04 00 76 00", "byte 6: .npy version 4.0 is unknown; known are 1.0, 2.0 and 3.0"},
        {"93 4e 55 4d 50 59 01 01 76 00", "byte 6: .npy version 1.1 is unknown"},
        {"93 4e 55 4d 50 59 01 00 76", "byte 9: the file ends inside the length of its header"},
        {"93 4e 55 4d 50 59 02 00 76 00 00", "byte 11: the file ends inside the length of its header"},
        {"93 4e 55 4d 50 59 01 00 76 00 7b 20", "byte 12: the file ends inside its header of 118 bytes"},
        {"93 4e 55 4d 50 59 02 00 ff ff ff ff 7b", "byte 8: a header of 4294967295 bytes; allowed are 1048576"},
        {"50 4b 03 04 00 00", "byte 0: a zip archive, which cannot be read; unpack it; save the arrays of an .npz"},
    };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        b.size = 0;
        put_hex(&b, starts[i].hex);
        expect_refusal("start.npy", starts[i].message);
    }
}
END_TEST

START_TEST(an_infinite_number_is_refused_where_it_stands) {
    b.size = 0;
    put_npy(&b, 1, types[INFINITE].descr, "(2, 1)");
    put_hex(&b, types[INFINITE].hex);
    expect_refusal("infinite.npy", "byte 136: an infinite number; expected finite numbers");
}
END_TEST

/* What NumPy 1.x writes for these shapes, byte by byte. */
START_TEST(the_writers_header_is_numpys) {
    static const struct {
        size_t sizes[3];
        int dimensions;
        enum lyap_npy_type type;
        const char *header;
    } cases[] = {
        {{3, 4, 0}, 2, LYAP_NPY_F8, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }"},
        {{7, 0, 0}, 1, LYAP_NPY_F4, "{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }"},
        {{2, 25, 9}, 3, LYAP_NPY_F4, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 25, 9), }"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char expected[128], got[129];
        memset(expected, ' ', sizeof expected);
        memcpy(expected, "\x93NUMPY\x01\x00\x76\x00", 10);
        memcpy(expected + 10, cases[i].header, strlen(cases[i].header));
        expected[127] = '\n';
        FILE *file = fopen(scratch("writer.npy"), "w+b");
        lyap_npy_write_header(file, cases[i].type, cases[i].sizes, cases[i].dimensions);
        rewind(file);
        ck_assert_uint_eq(fread(got, 1, sizeof got, file), 128);
        ck_assert_mem_eq(got, expected, 128);
        fclose(file);
    }
}
END_TEST

START_TEST(what_is_written_is_read_back_bit_by_bit) {
    static const size_t most[32] = {2, 1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const double values[] = {0.1, -1e300, 0x1p-1074, -0.0, 3, 1.0 / 3};
    for (int type = LYAP_NPY_F4; type <= LYAP_NPY_F8; type++) {
        FILE *file = fopen(scratch("written.npy"), "wb");
        lyap_npy_write_header(file, (enum lyap_npy_type)type, most, 32);
        for (size_t i = 0; i < 6; i++) {
            double value = type == LYAP_NPY_F4 && i == 1 ? 1e30 : values[i];
            lyap_npy_write_values(file, (enum lyap_npy_type)type, &value, 1);
        }
        ck_assert_int_eq(fclose(file), 0);
        struct lyap_table table;
        struct lyap_error error = {0};
        ck_assert_msg(lyap_table_read(&table, scratch("written.npy"), &error) == LYAP_OK, "%s", error.message);
        ck_assert_uint_eq(table.rows, 2);
        ck_assert_uint_eq(table.columns, 3);
        for (size_t i = 0; i < 6; i++) {
            double expected = type == LYAP_NPY_F8 ? values[i] : (double)(float)(i == 1 ? 1e30 : values[i]);
            ck_assert_mem_eq(&table.values[i], &expected, 8);
        }
        lyap_table_free(&table);
    }
}
END_TEST

START_TEST(a_name_is_npy_by_its_ending) {
    ck_assert(lyap_npy_named("a.npy") && lyap_npy_named("/x/y.csv.npy"));
    ck_assert(!lyap_npy_named(".npy") && !lyap_npy_named("a.npz") && !lyap_npy_named("npy") &&
              !lyap_npy_named("a.NPY"));
}
END_TEST

/* 3 samples of 2 bytes and a target: the inputs are grey levels, the target is not. */
START_TEST(unsigned_bytes_are_scaled_to_one_as_inputs_alone) {
    const double x[] = {0, 1, 51 / 255.0, 102 / 255.0, 1 / 255.0, 254 / 255.0}, y[] = {7, 8, 255};
    struct lyap_dataset data;
    b.size = 0;
    put_npy(&b, 1, "|u1", "(3, 3)");
    put_hex(&b, "00 ff 07 33 66 08 01 fe ff");
    ck_assert_int_eq(lyap_dataset_read(&data, write_bytes("grey.npy", &b), NULL, 1, NULL), LYAP_OK);
    ck_assert_mem_eq(data.x, x, sizeof x);
    ck_assert_mem_eq(data.y, y, sizeof y);
    ck_assert_double_eq(data.x[2], 0.2);
    lyap_dataset_free(&data);
    b.size = 0;
    put_npy(&b, 1, "|i1", "(1, 2)");
    put_hex(&b, "7f 80");
    ck_assert_int_eq(lyap_dataset_read(&data, write_bytes("signed.npy", &b), NULL, 1, NULL), LYAP_OK);
    ck_assert_double_eq(data.x[0], 127);
    ck_assert_double_eq(data.y[0], -128);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(a_pipe_is_read_as_a_file_is) {
    const double values[] = {1, 2, 3, 4};
    int ends[2];
    char path[32];
    for (int more = -1; more <= 1; more++) {
        b.size = 0;
        put_npy(&b, 1, "|u1", "(2, 2)");
        put_hex(&b, more < 0 ? "01 02 03" : more ? "01 02 03 04 05" : "01 02 03 04");
        ck_assert_int_eq(pipe(ends), 0);
        ck_assert_int_eq(write(ends[1], b.at, b.size), (ssize_t)b.size);
        close(ends[1]);
        snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
        struct lyap_table table;
        struct lyap_error error = {0};
        enum lyap_status status = lyap_table_read(&table, path, &error);
        ck_assert_msg((status == LYAP_OK) == (more == 0), "%s", error.message);
        if (more < 0)
            ck_assert_ptr_nonnull(
                strstr(error.message,
                       "byte 131: the file ends, but the header promises 4 numbers of 1 bytes, and there are 3"));
        if (more > 0) ck_assert_ptr_nonnull(strstr(error.message, "byte 132: more bytes than the header says"));
        if (more == 0) expect_values(&table, 2, 2, values);
        lyap_table_free(&table);
        close(ends[0]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("npy");
    TCase *tests = tcase_create("npy");
    tcase_add_loop_test(tests, every_type_of_either_byte_order_is_read, 0, TYPES);
    tcase_add_loop_test(tests, a_header_may_be_laid_out_as_python_allows, 0, (int)(sizeof headers / sizeof *headers));
    tcase_add_test(tests, the_first_dimension_is_the_samples_and_the_others_are_flattened);
    tcase_add_test(tests, fortran_order_gives_the_same_rows);
    tcase_add_test(tests, fortran_order_is_read_where_it_is_the_same);
    tcase_add_loop_test(tests, a_malformed_file_is_refused_with_the_offset, 0,
                        (int)(sizeof malformed / sizeof *malformed));
    tcase_add_test(tests, a_bad_start_is_refused_with_the_offset);
    tcase_add_test(tests, an_infinite_number_is_refused_where_it_stands);
    tcase_add_test(tests, the_writers_header_is_numpys);
    tcase_add_test(tests, what_is_written_is_read_back_bit_by_bit);
    tcase_add_test(tests, a_name_is_npy_by_its_ending);
    tcase_add_test(tests, unsigned_bytes_are_scaled_to_one_as_inputs_alone);
    tcase_add_test(tests, a_pipe_is_read_as_a_file_is);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
