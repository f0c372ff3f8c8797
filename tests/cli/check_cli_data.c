/* The data options of run, sweep and spectrum from end to end: the same numbers in any format give the same bits, what is chosen, held
 * out and scaled is what the library gives, and bad input is one line. */
#include "tests/arrays.h"
#include "tests/command.h"
#include "lyapgrad/dataset.h"

#include "io/source.h"

static struct bytes b, packed;

/* Ten samples of three inputs and their classes, in whole numbers, in every format. */
enum { SAMPLES = 10 };
static unsigned pixel(unsigned s, unsigned i) {
    return (37 * s + 11 * i * i + 5) % 200;
}
static unsigned class_of(unsigned s) {
    return (s * s + s / 3) % 3;
}

static void write_text(const char *name, const char *text) {
    scratch_file(name, text, strlen(text));
}

static void write_csv(void) {
    char joined[1024] = "a,b,c,class\n", inputs[1024] = "", labels[256] = "class\n";
    for (unsigned s = 0; s < SAMPLES; s++) {
        char row[64];
        snprintf(row, sizeof row, "%u,%u,%u", pixel(s, 0), pixel(s, 1), pixel(s, 2));
        sprintf(joined + strlen(joined), "%s,%u\n", row, class_of(s));
        sprintf(inputs + strlen(inputs), "%s\n", row);
        sprintf(labels + strlen(labels), "%u\n", class_of(s));
    }
    write_text("joined.csv", joined);
    write_text("inputs.csv", inputs);
    write_text("labels.csv", labels);
}

static void write_arrays(void) {
    const uint32_t sizes[] = {SAMPLES, 3, 1};
    b.size = 0;
    put_npy(&b, 1, "<i2", "(10, 4)");
    for (unsigned s = 0; s < SAMPLES; s++)
        for (unsigned i = 0; i < 4; i++) put_little(&b, i < 3 ? pixel(s, i) : class_of(s), 2);
    write_bytes("joined.npy", &b);
    b.size = 0;
    put_npy(&b, 2, ">f4", "(10, 3)");
    for (unsigned s = 0; s < SAMPLES; s++)
        for (unsigned i = 0; i < 3; i++) {
            float value = (float)pixel(s, i);
            uint32_t word;
            memcpy(&word, &value, 4);
            put_big(&b, word, 4);
        }
    write_bytes("inputs.npy", &b);
    b.size = 0;
    put_idx(&b, 0x0B, 3, sizes);
    for (unsigned s = 0; s < SAMPLES; s++)
        for (unsigned i = 0; i < 3; i++) put_big(&b, pixel(s, i), 2);
    write_bytes("inputs.idx", &b);
    packed.size = 0;
    put_gzip(&packed, b.at, b.size);
    write_bytes("inputs.idx.gz", &packed);
    b.size = 0;
    put_npy(&b, 1, "<i8", "(10,)");
    for (unsigned s = 0; s < SAMPLES; s++) put_little(&b, class_of(s), 8);
    write_bytes("labels.npy", &b);
    b.size = 0;
    put_idx(&b, 0x08, 1, sizes);
    for (unsigned s = 0; s < SAMPLES; s++) put_byte(&b, class_of(s));
    write_bytes("labels.idx", &b);
    b.size = 0;
    put_idx(&b, 0x08, 3, sizes);
    for (unsigned s = 0; s < SAMPLES; s++)
        for (unsigned i = 0; i < 3; i++) put_byte(&b, pixel(s, i));
    write_bytes("grey.idx", &b);
}

/* A CSV file with every bit of the data set. */
static void write_dataset(const char *name, const struct lyap_dataset *d) {
    FILE *file = fopen(scratch(name), "wb");
    for (size_t s = 0; s < d->samples; s++) {
        for (size_t i = 0; i < d->inputs; i++) fprintf(file, "%.17g,", d->x[s * d->inputs + i]);
        for (size_t o = 0; o < d->outputs; o++)
            fprintf(file, "%.17g%c", d->y[s * d->outputs + o], o + 1 < d->outputs ? ',' : '\n');
    }
    ck_assert_int_eq(fclose(file), 0);
}

static void write_malformed(void) {
    b.size = 0;
    put_npy(&b, 1, "<f8", "(3, 4)");
    put_double(&b, 1);
    write_bytes("short.npy", &b);
    b.size = 0;
    put_npy_start(&b, 1, "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 4), }");
    write_bytes("fortran.npy", &b);
    b.size = 0;
    put_hex(&b, "00 00 07 01 00 00 00 01 00");
    write_bytes("type.idx", &b);
    b.size = 0;
    put_npy(&b, 1, "|u1", "(3,)");
    put_hex(&b, "00 01 02");
    write_bytes("three.npy", &b);
    write_text("damaged.gz", "\x1f\x8b\x08junk and more junk");
    write_text("zip.npz", "PK\3\4 and so on");
    write_text("half.csv", "0.5\n1\n0\n1\n0\n1\n0\n1\n0\n1\n");
    write_text("empty", "");
    mkdir(scratch("directory"), 0777);
}

static void write_inputs(void) {
    write_csv();
    write_arrays();
    write_malformed();
}

#define BASE                                                                                                           \
    "run --net 3-4-1 --activation tanh --output-activation linear --loss-window none --epochs 5 --lr 1e-6 --starts 3 "
#define CLASSES                                                                                                        \
    "run --net 3-4-3 --activation tanh --output-activation linear --loss-window none --epochs 5 --lr 1e-6 --starts 3 "

static uint64_t run_digest(const char *line) {
    remove_tree(scratch("digest"));
    expect_success("%s --quiet --out @/digest", line);
    return digest_in("digest");
}

START_TEST(the_same_numbers_in_any_format_give_the_same_bits) {
    static const char *const same[] = {
        "--data @/joined.npy",
        "--data @/joined.csv --targets 1",
        "--data @/inputs.csv --labels @/labels.csv",
        "--data @/inputs.npy --labels @/labels.idx",
        "--data @/inputs.idx --labels @/labels.npy",
        "--data @/inputs.idx.gz --labels @/labels.npy",
        "--data @/inputs.idx --labels @/labels.npy --samples 10",
    };
    char line[512];
    uint64_t digest = run_digest(BASE "--data @/joined.csv");
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        if (strstr(same[i], ".gz") && !lyap_source_unpacks()) {
            SKIP_PART("this build has no zlib");
            continue;
        }
        snprintf(line, sizeof line, BASE "%s", same[i]);
        ck_assert_msg(run_digest(line) == digest, "%s", same[i]);
    }
    ck_assert_uint_ne(run_digest(BASE "--data @/grey.idx --labels @/labels.npy"), digest); /* scaled */
}
END_TEST

/* A run on what the library prepares, through a CSV file, has the digest of the run with the option. */
static void expect_prepared(const char *options, struct lyap_dataset *prepared) {
    char line[512];
    write_dataset("prepared.csv", prepared);
    snprintf(line, sizeof line, "%s--data @/prepared.csv --targets %zu", prepared->outputs == 1 ? BASE : CLASSES,
             prepared->outputs);
    uint64_t digest = run_digest(line);
    snprintf(line, sizeof line, "%s%s", prepared->outputs == 1 ? BASE : CLASSES, options);
    ck_assert_msg(run_digest(line) == digest, "%s", options);
    lyap_dataset_free(prepared);
}

START_TEST(the_options_prepare_the_data_as_the_library_does) {
    struct lyap_dataset d, test;
    const char *path = scratch("joined.csv");
    ck_assert_int_eq(lyap_dataset_csv(&d, path, 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_choose(&d, 6, 7, NULL), LYAP_OK);
    expect_prepared("--data @/joined.csv --samples 6 --data-seed 7", &d);
    ck_assert_int_eq(lyap_dataset_csv(&d, scratch("joined.csv"), 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_choose(&d, 6, 1, NULL), LYAP_OK); /* the seed of --seed, which is 1 */
    expect_prepared("--data @/joined.csv --samples 6", &d);
    ck_assert_int_eq(lyap_dataset_csv(&d, scratch("joined.csv"), 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_one_hot(&d, 3, NULL), LYAP_OK);
    expect_prepared("--data @/joined.csv --one-hot auto", &d);
    ck_assert_int_eq(lyap_dataset_csv(&d, scratch("joined.csv"), 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_one_hot(&d, 3, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_choose(&d, 9, 4, NULL), LYAP_OK); /* in this order */
    ck_assert_int_eq(lyap_dataset_split(&d, &test, 0.7, 4, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_standardise(&d, &test, NULL), LYAP_OK);
    lyap_dataset_free(&test);
    expect_prepared("--standardise --split 0.7 --samples 9 --one-hot 3 --data-seed 4 --data @/inputs.npy "
                    "--labels @/labels.idx",
                    &d);
    ck_assert_int_eq(lyap_dataset_moons(&d, 20, 0.1, 5, NULL), LYAP_OK);
    write_dataset("prepared.csv", &d);
    lyap_dataset_free(&d);
    ck_assert_uint_eq(run_digest("run --loss-window none --epochs 5 --data @/prepared.csv"),
                      run_digest("run --loss-window none --epochs 5 --data moons:20,0.1 --data-seed 5"));
}
END_TEST

START_TEST(every_generator_runs) {
    static const char *const lines[] = {"--net 4-3-1 --data parity:4",
                                        "--data circles:20,0.05",
                                        "--data spirals:20,0.05",
                                        "--data moons:20,0.05",
                                        "--net 2-4-3 --data blobs:30,3,2,0.2",
                                        "--net 2-4-3 --data blobs:30,3,2,0.2 --targets 3",
                                        "--net 64-6-10 --loss softmax --data glyphs:30,0.2 --split 0.7 --standardise",
                                        "--net 5-2 --data linear-teacher:20,5,2,0.1",
                                        "--net 3-4-1 --data teacher:3-6-1,20 --split 0.8",
                                        "--net 2-4-2 --data moons:20,0.1 --one-hot auto --split 0.5 --standardise"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char line[256];
        snprintf(line, sizeof line, "run --loss-window none --epochs 3 %s", lines[i]);
        run_digest(line);
    }
}
END_TEST

static void expect_key(const char *directory, const char *key, const char *value) {
    bool found;
    const char *there = manifest_find(directory, key, &found);
    if (value)
        ck_assert_msg(found && strcmp(there, value) == 0, "%s = %s", key, there);
    else
        ck_assert_msg(!found, "%s = %s", key, there);
}

START_TEST(the_manifest_tells_what_was_done_to_the_data) {
    static const char *const commands[] = {"run", "run --estimator tangent", "run --estimator all",
                                           "spectrum --exponents 1", "sweep --over lr=0.1:0.2:2"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        remove_tree(scratch("manifest"));
        expect_success("%s --net 3-3 --loss-window none --epochs 3 --quiet --out @/manifest --data @/inputs.npy "
                       "--labels @/labels.idx "
                       "--one-hot auto --samples 9 --split 0.75 --standardise --data-seed 8",
                       commands[i]);
        char labels[512];
        snprintf(labels, sizeof labels, "%s", scratch("labels.idx"));
        expect_key("manifest", "labels", labels);
        expect_key("manifest", "one-hot", "3");
        expect_key("manifest", "samples-available", "10");
        expect_key("manifest", "samples-chosen", "9");
        expect_key("manifest", "split", "0.75");
        expect_key("manifest", "samples", "7");
        expect_key("manifest", "test-samples", "2");
        expect_key("manifest", "standardise", "yes");
        expect_key("manifest", "data-seed", "8");
        expect_key("manifest", "test-data", NULL);
    }
    remove_tree(scratch("manifest"));
    expect_success(
        BASE
        "--quiet --out @/manifest --data @/joined.csv --targets 1 --test-data @/inputs.idx --test-labels @/labels.npy");
    char path[512];
    snprintf(path, sizeof path, "%s", scratch("inputs.idx"));
    expect_key("manifest", "test-data", path);
    snprintf(path, sizeof path, "%s", scratch("labels.npy"));
    expect_key("manifest", "test-labels", path);
    expect_key("manifest", "test-samples", "10");
    expect_key("manifest", "targets", "1");
    static const char *const absent[] = {"labels", "one-hot", "samples-chosen", "split", "standardise", "data-seed"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) expect_key("manifest", absent[i], NULL);
}
END_TEST

/* Two starts of the net 1-1, w and b. */
START_TEST(weights_come_from_arrays_too) {
    static const char line[] =
        "run --net 1-1 --activation linear --data @/line.csv --epochs 4 --precision float64 --weights @/";
    char with[256];
    write_text("line.csv", "1,2\n2,3\n");
    write_text("two.csv", "0.5,-0.25\n0.125,2\n");
    write_text("one.csv", "0.5,-0.25\n");
    b.size = 0;
    put_npy(&b, 1, "<f8", "(2, 2)");
    put_double(&b, 0.5);
    put_double(&b, -0.25);
    put_double(&b, 0.125);
    put_double(&b, 2);
    write_bytes("two.npy", &b);
    b.size = 0;
    put_npy(&b, 1, "<f8", "(2,)");
    put_double(&b, 0.5);
    put_double(&b, -0.25);
    write_bytes("one.npy", &b);
    for (int i = 0; i < 2; i++) {
        snprintf(with, sizeof with, "%s%s.csv", line, i ? "two" : "one");
        uint64_t digest = run_digest(with);
        snprintf(with, sizeof with, "%s%s.npy", line, i ? "two" : "one");
        ck_assert_uint_eq(run_digest(with), digest);
    }
}
END_TEST

START_TEST(saved_starting_points_have_the_same_numbers_as_csv_and_npy) {
    static const char *const precisions[] = {"float32", "float64"};
    for (int p = 0; p < 2; p++) {
        expect_success("run --starts 3 --neighbours 4 --quiet --precision %s --out @/saved --save-initial @/saved.csv",
                       precisions[p]);
        uint64_t digest = digest_in("saved");
        expect_success("run --starts 3 --neighbours 4 --quiet --precision %s --out @/saved --save-initial @/saved.npy",
                       precisions[p]);
        ck_assert_uint_eq(digest_in("saved"), digest);
        struct sheet sheet = read_sheet("saved.csv");
        char *text = read_text(scratch("saved.npy"));
        char header[128];
        snprintf(header, sizeof header, "{'descr': '<f%d', 'fortran_order': False, 'shape': (3, 5, 9), }", p ? 8 : 4);
        ck_assert_int_eq(strncmp(text + 10, header, strlen(header)), 0);
        ck_assert_uint_eq(sheet.rows, 15);
        for (size_t i = 0; i < 15 * 9; i++) {
            double value;
            float single;
            memcpy(&value, text + 128 + 8 * i * (p ? 1 : 0), sizeof value);
            memcpy(&single, text + 128 + 4 * i * (p ? 0 : 1), sizeof single);
            ck_assert_double_eq(number(&sheet, i / 9, 2 + i % 9), p ? value : (double)single);
        }
        free(text);
        sheet_free(&sheet);
        /* Given back, either file gives the parents alone, and the seed the same neighbours. */
        expect_success("run --neighbours 4 --quiet --precision %s --out @/a --weights @/saved.csv", precisions[p]);
        expect_success("run --neighbours 4 --quiet --precision %s --out @/b --weights @/saved.npy", precisions[p]);
        ck_assert_str_eq(manifest_value("b", "starts"), "3");
        ck_assert_uint_eq(digest_in("a"), digest_in("b"));
        ck_assert_uint_eq(digest_in("a"), digest);
    }
}
END_TEST

static const struct {
    const char *arguments, *word;
} refusals[] = {
    {"--data @/short.npy", "short.npy: byte 136: the file ends, but the header promises 224 bytes"},
    {"--data @/fortran.npy", "fortran.npy: byte 68: the file ends, but the header promises 164 bytes"},
    {"--data @/type.idx", "type.idx: byte 2: unknown IDX type 07"},
    {"--data @/damaged.gz", "damaged.gz: "},
    {"--data @/zip.npz", "zip.npz: byte 0: a zip archive"},
    {"--data @/grey.idx", "grey.idx: an array of 3 dimensions has no target columns"},
    {"--data @/three.npy", "three.npy: 1 columns; 1 targets behind at least 1 input"},
    {"--data @/inputs.csv --labels @/three.npy", "three.npy: 3 labels, but "},
    {"--data @/inputs.csv --labels @/missing", "missing: cannot open: No such file"},
    {"--data @/inputs.csv --labels @/directory", "directory: is a directory"},
    {"--data @/inputs.csv --labels @/empty", "empty: the file is empty"},
    {"--data @/inputs.csv --labels @/type.idx", "type.idx: byte 2"},
    {"--data @/inputs.csv --labels ''", "--labels: the name is empty"},
    {"--labels @/labels.csv", "--labels: 'xor' is generated with its targets"},
    {"--data moons:10,0 --labels @/labels.csv", "--labels: 'moons:10,0' is generated"},
    {"--data @/inputs.csv --labels @/labels.csv --targets 1", "--targets: all columns of --labels are targets"},
    {"--data blobs:10,3,2,0.1 --targets 1 --net 2-3", "--targets: data 'blobs:10,3,2,0.1' has 3 targets, not 1"},
    {"--data blobs:10,3,2,0.1 --targets 4 --net 2-4", "has 3 targets, not 4"},
    {"--data @/joined.csv --one-hot 2", "one-hot: target"},
    {"--data @/joined.csv --one-hot 1",
     "--one-hot: '1' is malformed; expected a number of classes 2 .. 1048576 or auto"},
    {"--data @/joined.csv --one-hot automatic", "--one-hot: 'automatic'"},
    {"--data @/joined.csv --one-hot -3", "--one-hot: '-3'"},
    {"--data @/joined.csv --one-hot 99999999", "--one-hot: '99999999'"},
    {"--data @/inputs.csv --labels @/half.csv --one-hot auto", "one-hot: target 0.5 of sample 0"},
    {"--data blobs:10,3,2,0.1 --one-hot auto", "one-hot: the data have 3 target columns"},
    {"--data @/joined.csv --samples 0", "--samples: '0'"},
    {"--data @/joined.csv --samples 11", "--samples: 11 samples to choose of 10; allowed are 1 to 10"},
    {"--samples 5", "--samples: 5 samples to choose of 4"},
    {"--data @/joined.csv --samples all", "--samples: 'all'"},
    {"--data @/joined.csv --split 0", "--split: '0' is not allowed; expected a number above 0 and below 1"},
    {"--data @/joined.csv --split 1", "--split: '1' is not allowed"},
    {"--data @/joined.csv --split -0.5", "--split: '-0.5'"},
    {"--data @/joined.csv --split 80%", "--split: '80%'"},
    {"--data @/joined.csv --split nan", "--split: 'nan'"},
    {"--data @/joined.csv --split 0.01", "--split: split 0.01 of 10 samples leaves one part empty"},
    {"--data @/joined.csv --split 0.999", "--split: split 0.999 of 10 samples"},
    {"--data @/joined.csv --split 0.5 --test-data @/joined.csv", "--split: held-out data come from --test-data"},
    {"--data @/joined.csv --test-labels @/labels.csv", "--test-labels: needs --test-data"},
    {"--data @/inputs.csv --labels @/labels.csv --test-data @/inputs.csv", "--test-data: needs --test-labels"},
    {"--data @/joined.csv --test-data moons:5,0", "--test-data: 'moons:5,0' is a generator"},
    {"--data @/joined.csv --test-data @/missing", "missing: cannot open"},
    {"--data @/joined.csv --test-data ''", "--test-data: the name is empty"},
    {"--data @/joined.csv --test-data @/half.csv --test-labels @/half.csv",
     "1 inputs and 1 targets, but the training data have 3 and 1"},
    {"--data @/joined.csv --test-data @/inputs.csv", "2 inputs and 1 targets, but the training data have 3 and 1"},
    {"--data @/joined.csv --one-hot auto --test-data @/inputs.csv --test-labels @/half.csv",
     "--test-data: one-hot: target 0.5"},
    {"--data @/joined.csv --standardise=yes", "--standardise: is a switch"},
    {"--data @/joined.csv --standardize", "did you mean '--standardise'?"},
    {"--data circle:10,0.1", "the generators are xor, "},
    {"--data circles:10", "give circles:SAMPLES,NOISE with"},
    {"--weights @/three.npy", "three.npy: 3 columns; network 2-2-1 has 9 parameters"},
    {"--weights @/short.npy", "short.npy: byte 136"},
};

START_TEST(bad_data_are_named_in_one_line_and_leave_nothing) {
    static const char *const commands[] = {"run", "sweep --over lr=1:2:3", "spectrum"};
    const char *arguments = refusals[_i].arguments;
    for (int c = 0; c < 3; c++) {
        remove_tree(scratch("none"));
        struct outcome o = run_command("%s --out @/none %s", commands[c], arguments);
        ck_assert_msg(o.status == 2, "%s: status %d: %s", arguments, o.status, o.err);
        ck_assert_msg(strncmp(o.err, "lyapgrad: ", 10) == 0 && strchr(o.err, '\n') == o.err + strlen(o.err) - 1, "%s",
                      o.err);
        ck_assert_msg(strstr(o.err, refusals[_i].word) != NULL, "'%s' is not in: %s", refusals[_i].word, o.err);
        ck_assert_str_eq(o.out, "");
        ck_assert(access(scratch("none"), F_OK) != 0); /* not even the directory */
        outcome_free(&o);
    }
}
END_TEST

START_TEST(info_tells_whether_compressed_files_can_be_read) {
    struct outcome o = run_command("info");
    const char *line = strstr(o.out, "\nzlib ");
    ck_assert_ptr_nonnull(line);
    ck_assert_int_eq(strstr(line, "none: no gzip-compressed data") == NULL, lyap_source_unpacks());
    outcome_free(&o);
    if (lyap_source_unpacks()) return; /* the rest is for builds without zlib */
    o = run_command("run --data @/inputs.idx.gz --labels @/labels.idx --out @/none");
    ck_assert_int_eq(o.status, 2);
    ck_assert_ptr_nonnull(strstr(o.err, "inputs.idx.gz: is gzip-compressed, which this build cannot read"));
    outcome_free(&o);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_data");
    TCase *tests = tcase_create("data");
    tcase_set_timeout(tests, 120);
    tcase_add_unchecked_fixture(tests, write_inputs, NULL); /* once for all tests */
    tcase_add_test(tests, the_same_numbers_in_any_format_give_the_same_bits);
    tcase_add_test(tests, the_options_prepare_the_data_as_the_library_does);
    tcase_add_test(tests, every_generator_runs);
    tcase_add_test(tests, the_manifest_tells_what_was_done_to_the_data);
    tcase_add_test(tests, weights_come_from_arrays_too);
    tcase_add_test(tests, saved_starting_points_have_the_same_numbers_as_csv_and_npy);
    tcase_add_loop_test(tests, bad_data_are_named_in_one_line_and_leave_nothing, 0,
                        (int)(sizeof refusals / sizeof *refusals));
    tcase_add_test(tests, info_tells_whether_compressed_files_can_be_read);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
