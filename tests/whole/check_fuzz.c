/* Untrusted files: thousands of mutations of good ones, each of which must give finite numbers or one line of error. */
#include <math.h>
#include <stdbool.h>

#include "io/source.h"
#include "io/table_read.h"
#include "tests/arrays.h"
#include "tests/fuzz/mutate.h"
#include "lyapgrad/dataset.h"

enum { ROUNDS = 1000 };
static struct bytes good, mutant;

static void make_npy_doubles(void) {
    put_npy(&good, 1, "<f8", "(4, 3)");
    for (int i = 0; i < 12; i++) put_double(&good, i / 7.0 - 1);
}

static void make_npy_images(void) {
    put_npy(&good, 3, "|u1", "(3, 2, 2)");
    for (unsigned i = 0; i < 12; i++) put_byte(&good, 20 * i);
}

static void make_idx_images(void) {
    const uint32_t sizes[] = {3, 2, 2};
    put_idx(&good, 0x08, 3, sizes);
    for (unsigned i = 0; i < 12; i++) put_byte(&good, 20 * i);
}

static void make_idx_floats(void) {
    const uint32_t sizes[] = {2, 2};
    put_idx(&good, 0x0d, 2, sizes);
    put_hex(&good, "3f c0 00 00 bf 80 00 00 00 00 00 00 7f 7f ff ff");
}

static void make_csv(void) {
    static const char text[] = "a,b,label\n0.5,-1e3,1\n 2 ,+.25,0\r\n\n3,4,1\n";
    put_bytes(&good, text, sizeof text - 1);
}

static void pack(void) {
    mutant = good;
    good.size = 0;
    put_gzip(&good, mutant.at, mutant.size / 2);
    put_gzip(&good, mutant.at + mutant.size / 2, mutant.size - mutant.size / 2);
}

static void make_packed_npy(void) {
    make_npy_doubles();
    pack();
}

static void make_packed_csv(void) {
    make_csv();
    pack();
}

static const struct {
    const char *name;
    void (*make)(void);
} kinds[] = {{"doubles.npy", make_npy_doubles}, {"images.npy", make_npy_images}, {"images.idx", make_idx_images},
             {"floats.idx", make_idx_floats},   {"table.csv", make_csv},         {"doubles.npy.gz", make_packed_npy},
             {"table.csv.gz", make_packed_csv}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void expect_line(const struct lyap_error *error, const char *path, const char *what) {
    bool named =
        strncmp(error->message, path, strlen(path)) == 0 && strncmp(error->message + strlen(path), ": ", 2) == 0;
    ck_assert_msg(named, "%s: no file in '%s'", what, error->message);
    for (const char *c = error->message; *c; c++) ck_assert((unsigned char)*c >= 0x20 && *c != 0x7f);
}

static void expect_finite(const double *values, size_t count, const char *what) {
    for (size_t i = 0; i < count; i++) ck_assert_msg(isfinite(values[i]), "%s: number %zu", what, i);
}

/* Reads the mutant as a data set with its last column as targets, and as labels of three samples. */
static bool read_mutant(const char *path, const char *images, const char *what) {
    struct lyap_dataset data;
    struct lyap_error error = {0};
    enum lyap_status status = lyap_dataset_read(&data, path, NULL, 1, &error);
    if (status) {
        ck_assert_msg(status == LYAP_ERROR_FILE || status == LYAP_ERROR_MEMORY, "%s: %d", what, status);
        expect_line(&error, path, what);
        ck_assert(data.x == NULL && data.y == NULL && data.samples == 0);
    } else {
        ck_assert_msg(data.samples > 0 && data.inputs > 0 && data.outputs == 1, "%s", what);
        expect_finite(data.x, data.samples * data.inputs, what);
        expect_finite(data.y, data.samples, what);
    }
    lyap_dataset_free(&data);
    bool good_file = lyap_dataset_read(&data, images, path, 0, &error) == LYAP_OK;
    if (good_file) expect_finite(data.y, data.samples * data.outputs, what);
    ck_assert(good_file || *error.message);
    lyap_dataset_free(&data);
    return !status;
}

START_TEST(a_mutated_file_gives_finite_numbers_or_one_line) {
    good.size = 0;
    make_npy_images();
    char images[512], what[64];
    snprintf(images, sizeof images, "%s", write_bytes("good.npy", &good));
    good.size = 0;
    kinds[_i].make();
    int accepted = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct draws d = {{(uint32_t)_i, round}, {0, 0, 0, 0}};
        mutant = good;
        for (uint32_t times = 1 + draw(&d, 3); times > 0; times--) mutate(&mutant, &d);
        snprintf(what, sizeof what, "%s, round %u", kinds[_i].name, (unsigned)round);
        accepted += read_mutant(write_bytes(kinds[_i].name, &mutant), images, what);
    }
    /* Both outcomes were seen, but for arrays without target columns and where nothing is unpacked. */
    bool never = strncmp(kinds[_i].name, "images", 6) == 0 || (strstr(kinds[_i].name, ".gz") && !lyap_source_unpacks());
    ck_assert(accepted < ROUNDS && (never || accepted > 0));
}
END_TEST

/* Every beginning of a good file but the whole one is an error, or (CSV) fewer rows. */
START_TEST(every_truncation_is_noticed) {
    bool text = strstr(kinds[_i].name, "csv") != NULL;
    good.size = 0;
    kinds[_i].make();
    size_t whole = good.size;
    for (good.size = 0; good.size < whole; good.size++) {
        struct lyap_table table;
        struct lyap_error error = {0};
        enum lyap_status status = lyap_table_read(&table, write_bytes(kinds[_i].name, &good), &error);
        bool between = lyap_source_unpacks() && strstr(kinds[_i].name, ".csv.gz"); /* after the first member */
        ck_assert_msg(status == LYAP_ERROR_FILE || text || between, "%s cut at %zu", kinds[_i].name, good.size);
        if (status) expect_line(&error, scratch(kinds[_i].name), kinds[_i].name);
        lyap_table_free(&table);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fuzz");
    TCase *tests = tcase_create("fuzz");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, a_mutated_file_gives_finite_numbers_or_one_line, 0, KINDS);
    tcase_add_loop_test(tests, every_truncation_is_noticed, 0, KINDS);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
