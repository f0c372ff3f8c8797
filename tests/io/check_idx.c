/* IDX, the format of MNIST, plain and gzip-compressed. */
#include "io/source.h"
#include "io/table_read.h"
#include "tests/arrays.h"
#include "lyapgrad/dataset.h"

static struct bytes b, packed;

static const struct {
    unsigned type;
    const char *hex;
    double values[2];
} types[] = {
    {0x08, "00 ff", {0, 255}},
    {0x09, "80 7f", {-128, 127}},
    {0x0B, "80 00 01 02", {-32768, 258}},
    {0x0C, "80 00 00 00 01 02 03 04", {-2147483648.0, 16909060}},
    {0x0D, "3f c0 00 00 ff 7f ff ff", {1.5, -0x1.fffffep127}},
    {0x0E, "bf b9 99 99 99 99 99 9a 00 00 00 00 00 00 00 01", {-0.1, 0x1p-1074}},
};

START_TEST(every_type_is_read_big_endian) {
    const uint32_t sizes[] = {2};
    struct lyap_table table;
    b.size = 0;
    put_idx(&b, types[_i].type, 1, sizes);
    put_hex(&b, types[_i].hex);
    ck_assert_int_eq(lyap_table_read(&table, write_bytes("type.idx", &b), NULL), LYAP_OK);
    ck_assert_uint_eq(table.rows, 2);
    ck_assert_uint_eq(table.columns, 1);
    ck_assert_int_eq(table.bytes, types[_i].type == 8);
    for (int i = 0; i < 2; i++) ck_assert_double_eq(table.values[i], types[_i].values[i]);
    lyap_table_free(&table);
}
END_TEST

START_TEST(any_number_of_dimensions_is_flattened_behind_the_first) {
    const uint32_t sizes[32] = {3, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    for (int dimensions = 3; dimensions <= 32; dimensions++) {
        struct lyap_table table;
        b.size = 0;
        put_idx(&b, 0x08, dimensions, sizes);
        for (unsigned i = 0; i < 12; i++) put_byte(&b, i);
        ck_assert_int_eq(lyap_table_read(&table, write_bytes("deep.idx", &b), NULL), LYAP_OK);
        ck_assert_uint_eq(table.rows, 3);
        ck_assert_uint_eq(table.columns, 4);
        ck_assert_int_eq(table.dimensions, dimensions);
        for (unsigned i = 0; i < 12; i++) ck_assert_double_eq(table.values[i], i);
        lyap_table_free(&table);
    }
}
END_TEST

static const struct {
    const char *hex, *message;
} malformed[] = {
    {"00", "byte 1: the file ends inside the magic number of an IDX file"},
    {"00 00 08", "byte 3: the file ends inside the magic number"},
    {"00 01 08 01", "byte 1: an IDX file begins with two zero bytes, not with 00 01"},
    {"00 00 0a 01 00 00 00 01 00", "byte 2: unknown IDX type 0a; known are 08, 09, 0B, 0C, 0D and 0E"},
    {"00 00 00 01 00 00 00 01 00", "byte 2: unknown IDX type 00"},
    {"00 00 08 00 00", "byte 3: 0 dimensions; allowed are 1 to 32"},
    {"00 00 08 21 00", "byte 3: 33 dimensions; allowed are 1 to 32"},
    {"00 00 08 01 00 00 00", "byte 7: the file ends inside dimension 1 of 1"},
    {"00 00 08 03 00 00 00 02 00 00", "byte 10: the file ends inside dimension 2 of 3"},
    {"00 00 08 01 00 00 00 00", "byte 4: dimension 1 of 1 is 0: the array is empty"},
    {"00 00 08 02 00 00 00 01 00 00 00 00", "byte 4: dimension 2 of 2 is 0"},
    {"00 00 08 01 00 00 00 03 01 02", "byte 10: the file ends, but the header promises 11 bytes"},
    {"00 00 0b 01 00 00 00 02 01 02 03", "byte 11: the file ends, but the header promises 12 bytes"},
    {"00 00 08 01 00 00 00 01 01 02 03", "byte 9: 2 bytes more than the header says"},
    {"00 00 08 03 ff ff ff ff ff ff ff ff ff ff ff ff 00",
     "byte 4: the product of the 3 dimensions is beyond any memory"},
    {"00 00 08 02 ff ff ff ff 00 00 ff ff 00", "byte 13: the file ends, but the header promises 281470681677837 bytes"},
    {"00 00 0d 01 00 00 00 02 3f c0 00 00 7f c0 00 00", "byte 12: not a number (NaN); expected finite numbers"},
    {"00 00 0e 01 00 00 00 01 ff f0 00 00 00 00 00 00", "byte 8: an infinite number; expected finite numbers"},
};

static void expect_message(const char *path, const char *message) {
    struct lyap_table table;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_table_read(&table, path, &error), LYAP_ERROR_FILE);
    ck_assert_msg(strstr(error.message, message) != NULL, "'%s' is not in '%s'", message, error.message);
    ck_assert_ptr_null(table.values);
}

START_TEST(a_malformed_file_is_refused_with_the_offset) {
    b.size = 0;
    put_hex(&b, malformed[_i].hex);
    expect_message(write_bytes("bad.idx", &b), malformed[_i].message);
}
END_TEST

/* Five images of 2 x 2 and their labels, as MNIST has them. */
static void make_images(void) {
    const uint32_t sizes[] = {5, 2, 2};
    b.size = 0;
    put_idx(&b, 0x08, 3, sizes);
    for (unsigned i = 0; i < 20; i++) put_byte(&b, i * 13);
}

static void make_labels(void) {
    const uint32_t sizes[] = {5};
    b.size = 0;
    put_idx(&b, 0x08, 1, sizes);
    put_hex(&b, "03 00 02 01 03");
}

static void expect_mnist(const char *images, const char *labels) {
    const double y[] = {3, 0, 2, 1, 3};
    struct lyap_dataset data;
    struct lyap_error error = {0};
    ck_assert_msg(lyap_dataset_read(&data, images, labels, 0, &error) == LYAP_OK, "%s", error.message);
    ck_assert_uint_eq(data.samples, 5);
    ck_assert_uint_eq(data.inputs, 4);
    ck_assert_uint_eq(data.outputs, 1);
    for (unsigned i = 0; i < 20; i++) ck_assert_double_eq(data.x[i], i * 13 / 255.0);
    ck_assert_mem_eq(data.y, y, sizeof y); /* never scaled */
    ck_assert_int_eq(lyap_dataset_one_hot(&data, 0, &error), LYAP_OK);
    ck_assert_uint_eq(data.outputs, 4);
    for (size_t s = 0; s < 5; s++)
        for (size_t k = 0; k < 4; k++) ck_assert_double_eq(data.y[4 * s + k], (double)k == y[s] ? 1 : 0);
    lyap_dataset_free(&data);
}

START_TEST(images_and_labels_make_a_data_set) {
    make_images();
    const char *images = write_bytes("images", &b);
    make_labels();
    const char *labels = write_bytes("labels", &b);
    expect_mnist(images, labels);
    struct lyap_dataset data;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_dataset_read(&data, images, NULL, 1, &error),
                     LYAP_ERROR_FILE); /* the last pixel is no target */
    ck_assert_ptr_nonnull(strstr(error.message, "images: an array of 3 dimensions has no target columns"));
    make_labels();
    b.size--;
    b.at[7] = 4;
    ck_assert_int_eq(lyap_dataset_read(&data, images, write_bytes("four", &b), 0, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "four: 4 labels, but "));
    ck_assert_ptr_nonnull(strstr(error.message, "images has 5 samples"));
    ck_assert_ptr_null(data.x);
}
END_TEST

START_TEST(compressed_files_give_the_same_numbers_or_one_clear_line) {
    make_images();
    packed.size = 0;
    put_gzip(&packed, b.at, b.size);
    const char *images = write_bytes("images.gz", &packed);
    if (!lyap_source_unpacks()) {
        expect_message(images, "images.gz: is gzip-compressed, which this build cannot read: unpack it with gunzip");
        return;
    }
    make_labels();
    packed.size = 0;
    put_gzip(&packed, b.at, 3); /* two members, as of joined files */
    put_gzip(&packed, b.at + 3, b.size - 3);
    expect_mnist(images, write_bytes("labels.gz", &packed));
}
END_TEST

START_TEST(compressed_data_of_many_blocks_are_read_whole) {
    if (!lyap_source_unpacks()) SKIP("this build has no zlib");
    enum { COLUMNS = 1000, ROWS = 300 };
    const uint32_t sizes[] = {ROWS, COLUMNS};
    FILE *file = fopen(scratch("large.gz"), "wb");
    b.size = packed.size = 0;
    put_idx(&b, 0x08, 2, sizes);
    put_gzip(&packed, b.at, b.size);
    fwrite(packed.at, 1, packed.size, file);
    for (unsigned row = 0; row < ROWS; row++) {
        b.size = packed.size = 0;
        for (unsigned c = 0; c < COLUMNS; c++) put_byte(&b, (row + c) % 256);
        put_gzip(&packed, b.at, b.size);
        fwrite(packed.at, 1, packed.size, file);
    }
    fclose(file);
    struct lyap_table table;
    struct lyap_error error = {0};
    ck_assert_msg(lyap_table_read(&table, scratch("large.gz"), &error) == LYAP_OK, "%s", error.message);
    for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++)
        ck_assert_double_eq(table.values[i], (double)((i / COLUMNS + i % COLUMNS) % 256));
    lyap_table_free(&table);
}
END_TEST

START_TEST(compressed_csv_and_npy_are_told_by_their_content) {
    if (!lyap_source_unpacks()) SKIP("this build has no zlib");
    struct lyap_table table;
    packed.size = 0;
    put_gzip(&packed, (const unsigned char *)"a,b\n1,2\n", 8);
    ck_assert_int_eq(lyap_table_read(&table, write_bytes("table", &packed), NULL), LYAP_OK);
    ck_assert_double_eq(table.values[1], 2);
    lyap_table_free(&table);
    b.size = packed.size = 0;
    put_npy(&b, 1, "|u1", "(1, 2)");
    put_hex(&b, "01 02 03");
    put_gzip(&packed, b.at, b.size);
    expect_message(write_bytes("long.npy.gz", &packed), "long.npy.gz: byte 130 of the unpacked data: more bytes");
}
END_TEST

/* The offsets are of the packed file: 10 bytes of header, 5 of block, the data, 8 of trailer. */
START_TEST(damaged_compression_is_refused_with_the_offset) {
    if (!lyap_source_unpacks()) SKIP("this build has no zlib");
    make_labels();
    packed.size = 0;
    put_gzip(&packed, b.at, b.size);
    size_t whole = packed.size;
    ck_assert_uint_eq(whole, 10 + 5 + 13 + 8);
    char message[80];
    for (packed.size = 2; packed.size < whole; packed.size++) {
        snprintf(message, sizeof message, "byte %zu: damaged gzip data: the file ends inside it", packed.size);
        expect_message(write_bytes("short.gz", &packed), message);
    }
    packed.size = whole;
    put_byte(&packed, 0);
    expect_message(write_bytes("behind.gz", &packed), "byte 36: damaged gzip data: more bytes behind its end");
    packed.size = whole;
    for (size_t i = 2; i < whole; i++) { /* bytes 4 to 9 are a time and the like, in byte 10 three bits count */
        packed.at[i] ^= 0x40;
        struct lyap_table table;
        struct lyap_error error = {0};
        enum lyap_status status = lyap_table_read(&table, write_bytes("flipped.gz", &packed), &error);
        ck_assert_msg(i >= 4 && i <= 10 ? status == LYAP_OK : status == LYAP_ERROR_FILE, "byte %zu: %s", i,
                      error.message);
        lyap_table_free(&table);
        packed.at[i] ^= 0x40;
    }
}
END_TEST

START_TEST(what_is_no_file_of_numbers_is_named) {
    expect_message(scratch("none"), "none: cannot open: No such file");
    expect_message(scratch_directory, ": is a directory");
    b.size = 0;
    expect_message(write_bytes("empty", &b), "empty: the file is empty; expected rows");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("idx");
    TCase *tests = tcase_create("idx");
    tcase_add_loop_test(tests, every_type_is_read_big_endian, 0, (int)(sizeof types / sizeof *types));
    tcase_add_test(tests, any_number_of_dimensions_is_flattened_behind_the_first);
    tcase_add_loop_test(tests, a_malformed_file_is_refused_with_the_offset, 0,
                        (int)(sizeof malformed / sizeof *malformed));
    tcase_add_test(tests, images_and_labels_make_a_data_set);
    tcase_add_test(tests, compressed_files_give_the_same_numbers_or_one_clear_line);
    tcase_add_test(tests, compressed_data_of_many_blocks_are_read_whole);
    tcase_add_test(tests, compressed_csv_and_npy_are_told_by_their_content);
    tcase_add_test(tests, damaged_compression_is_refused_with_the_offset);
    tcase_add_test(tests, what_is_no_file_of_numbers_is_named);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
