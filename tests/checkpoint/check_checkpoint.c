/* The library's checkpoints: what is kept comes back bit for bit, and nothing damaged does. */
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/dataset.h"

#include "tests/collect.h"
#include "tests/collect_spectrum.h"
#include "tests/support.h"

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_plan plan;
static char *settings;

static struct lyap_checkpoint_head set_up(void) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.starts = 21;
    plan.setting.epochs = 4;
    plan.threads = 1;
    plan.series = plan.evaluate = plan.last_weights = true;
    ck_assert_int_eq(lyap_checkpoint_settings(&plan, &settings, NULL), LYAP_OK);
    return (struct lyap_checkpoint_head){
        .settings = settings, .cells = 21, .count = 21, .shard = 1, .shards = 1, .parts = 1};
}

static void tear_down(void) {
    free(settings);
    lyap_dataset_free(&data);
}

START_TEST(cells_kept_in_any_pieces_come_back_bit_for_bit) {
    struct lyap_checkpoint_head head = set_up();
    struct collected one = {0}, kept = {0};
    struct lyap_checkpoint *c;
    uint64_t first, count;
    ck_assert_int_eq(lyap_ensemble_run(&plan, collect, &one, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("pieces"), &head, NULL), LYAP_OK);
    while (lyap_checkpoint_missing(c, 0, &first, &count))
        ck_assert_int_eq(lyap_checkpoint_run(c, 0, &plan, first, count < 5 ? count : 5, NULL), LYAP_OK);
    lyap_checkpoint_close(c);
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("pieces"), NULL, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_checkpoint_replay(c, 0, &plan, collect, &kept, NULL), LYAP_OK);
    ck_assert_uint_eq(kept.cells, 21);
    ck_assert_mem_eq(kept.weights, one.weights, 21 * 9 * sizeof(double));
    ck_assert_mem_eq(kept.distance, one.distance, 21 * 4 * sizeof(double));
    ck_assert_mem_eq(kept.loss, one.loss, 21 * 4 * sizeof(double));
    ck_assert_mem_eq(kept.evaluation, one.evaluation, 21 * sizeof *one.evaluation);
    for (size_t i = 0; i < 21; i++)
        ck_assert_uint_eq(lyap_digest_record(0, &kept.records[i]), lyap_digest_record(0, &one.records[i]));
    lyap_checkpoint_close(c);
    collected_free(&one);
    collected_free(&kept);
    tear_down();
}
END_TEST

/* Opens, to read only, a checkpoint whose file NAME has these bytes. */
static enum lyap_status open_with(const char *name, const unsigned char *bytes, size_t size) {
    struct lyap_checkpoint *c;
    struct lyap_error error = {0};
    unlink(scratch(name));
    scratch_file(name, bytes, size);
    enum lyap_status status = lyap_checkpoint_open(&c, scratch("damage"), NULL, &error);
    if (status) ck_assert(*error.message);
    lyap_checkpoint_close(c);
    return status;
}

START_TEST(every_damaged_byte_and_every_truncation_is_refused) {
    static const char *const names[] = {"damage/head", "damage/chunk-0-00000000000000000000"};
    static unsigned char bytes[8192];
    struct lyap_checkpoint_head head = set_up();
    struct lyap_checkpoint *c;
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("damage"), &head, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_checkpoint_run(c, 0, &plan, 0, 3, NULL), LYAP_OK);
    lyap_checkpoint_close(c);
    for (int f = 0; f < 2; f++) {
        FILE *file = fopen(scratch(names[f]), "rb");
        ck_assert_ptr_nonnull(file);
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        ck_assert_uint_lt(size, sizeof bytes);
        for (size_t i = 0; i < size; i++) {
            bytes[i] ^= (unsigned char)(1u << i % 8);
            ck_assert_int_eq(open_with(names[f], bytes, size), LYAP_ERROR_FILE);
            bytes[i] ^= (unsigned char)(1u << i % 8);
            ck_assert_int_eq(open_with(names[f], bytes, i), LYAP_ERROR_FILE);
        }
        ck_assert_int_eq(open_with(names[f], bytes, size), LYAP_OK);
    }
    tear_down();
}
END_TEST

START_TEST(other_settings_are_named) {
    struct lyap_checkpoint_head head = set_up();
    struct lyap_checkpoint *c;
    struct lyap_error error;
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("other"), &head, NULL), LYAP_OK);
    lyap_checkpoint_close(c);
    free(settings);
    plan.setting.lr = 0.5;
    ck_assert_int_eq(lyap_checkpoint_settings(&plan, &settings, NULL), LYAP_OK);
    head.settings = settings;
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("other"), &head, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "lr is 0.001 there and 0.5 here"));
    tear_down();
}
END_TEST

/* Damage that the digest does not show, as if another program had written the file. */
enum { HEAD, ENSEMBLE, SPECTRUM, DIAGRAM, CONTENTS, CELLS = 3, MOST_WORDS = 1024, ROUNDS = 500 };
static const char *const contents[] = {"sealed/head", "sealed/chunk-0-00000000000000000000",
                                       "sealed/chunk-0-00000000000000000000", "sealed/chunk-0-00000000000000000000"};

/* A file as its words; the last one is the digest. */
struct file {
    uint64_t words[MOST_WORDS];
    size_t count;
};

static struct lyap_spectrum_plan spectrum;
static struct lyap_bifurcation_plan diagram;

static struct file load(const char *name) {
    static unsigned char bytes[8 * MOST_WORDS];
    struct file f = {.count = 0};
    FILE *file = fopen(scratch(name), "rb");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    ck_assert_uint_lt(size, sizeof bytes);
    f.count = size / 8;
    for (size_t i = 0; i < size; i++) f.words[i / 8] |= (uint64_t)bytes[i] << i % 8 * 8;
    return f;
}

/* Writes it with the digest that fits. */
static void store(struct file f, const char *name) {
    static unsigned char bytes[8 * MOST_WORDS];
    if (f.count == 0) f.count = 1;
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t i = 0; i + 1 < f.count; i++) digest = lyap_digest_u64(digest, f.words[i]);
    f.words[f.count - 1] = digest;
    for (size_t i = 0; i < 8 * f.count; i++) bytes[i] = (unsigned char)(f.words[i / 8] >> i % 8 * 8);
    unlink(scratch(name)); /* some file systems bring a file that is cut and written again to the disk at once */
    scratch_file(name, bytes, 8 * f.count);
}

/* Makes the checkpoint that has these contents, and their file. */
static struct file make_sealed(int kind) {
    struct lyap_checkpoint_head head = set_up();
    struct lyap_checkpoint *c;
    if (kind == SPECTRUM) {
        lyap_spectrum_defaults(&spectrum, &net, &data);
        spectrum.base.starts = CELLS;
        spectrum.base.setting.epochs = 40;
        spectrum.base.evaluate = true;
        spectrum.exponents = 2;
        spectrum.history = 4;
        free(settings);
        ck_assert_int_eq(lyap_checkpoint_settings_spectrum(&spectrum, &settings, NULL), LYAP_OK);
        head.settings = settings;
    }
    if (kind == DIAGRAM) {
        lyap_bifurcation_defaults(&diagram, &net, &data);
        diagram.spectrum.base.setting.epochs = 40;
        diagram.spectrum.transient = 38;
        diagram.over = (struct lyap_map_axis){.quantity = LYAP_MAP_LR, .low = 1, .high = 6};
        diagram.values = CELLS;
        free(settings);
        ck_assert_int_eq(lyap_checkpoint_settings_bifurcation(&diagram, &settings, NULL), LYAP_OK);
        head.settings = settings;
    }
    plan.starts = head.cells = head.count = CELLS;
    head.note = "run";
    head.note_size = 4;
    remove_tree(scratch("sealed")); /* of the test before */
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("sealed"), &head, NULL), LYAP_OK);
    ck_assert_int_eq(kind == SPECTRUM  ? lyap_checkpoint_run_spectrum(c, 0, &spectrum, 0, CELLS, NULL)
                     : kind == DIAGRAM ? lyap_checkpoint_run_bifurcation(c, 0, &diagram, 0, CELLS, NULL)
                                       : lyap_checkpoint_run(c, 0, &plan, 0, CELLS, NULL),
                     LYAP_OK);
    lyap_checkpoint_close(c);
    return load(contents[kind]);
}

/* Reads every number of the points that cells say they have. */
static enum lyap_status collect_points(const struct lyap_bifurcation_chunk *c, void *context,
                                       struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    ck_assert_uint_eq(c->columns, 9);
    *digest = lyap_bifurcation_digest(*digest, c);
    return LYAP_OK;
}

/* Opens and replays it; whatever comes back is read to the end by the sinks. */
static enum lyap_status use_sealed(int kind) {
    struct lyap_checkpoint *c;
    struct lyap_error error = {0};
    struct collected cells = {0};
    struct spectra spectra = {0};
    uint64_t digest = LYAP_DIGEST_START;
    enum lyap_status status = lyap_checkpoint_open(&c, scratch("sealed"), NULL, &error);
    if (!status)
        status = kind == SPECTRUM  ? lyap_checkpoint_replay_spectrum(c, 0, &spectrum, collect_spectra, &spectra, &error)
                 : kind == DIAGRAM ? lyap_checkpoint_replay_bifurcation(c, 0, &diagram, collect_points, &digest, &error)
                                   : lyap_checkpoint_replay(c, 0, &plan, collect, &cells, &error);
    lyap_checkpoint_close(c);
    if (!status) ck_assert_uint_le(cells.cells + spectra.cells, CELLS);
    if (status) ck_assert_msg(*error.message && !strchr(error.message, '\n'), "'%s'", error.message);
    ck_assert_msg(status == LYAP_OK || status == LYAP_ERROR_FILE || status == LYAP_ERROR_ARGUMENT, "%d: %s", status,
                  error.message);
    collected_free(&cells);
    spectra_free(&spectra);
    return status;
}

/* Values at the ends of what a field may hold, and beside what it holds. */
static uint64_t odd_value(uint64_t now, unsigned choice) {
    static const uint64_t fixed[] = {0,
                                     1,
                                     2,
                                     255,
                                     INT32_MAX,
                                     UINT32_MAX,
                                     UINT64_C(1) << 32,
                                     INT64_MAX,
                                     UINT64_C(1) << 63,
                                     UINT64_MAX,
                                     UINT64_MAX / 8,
                                     UINT64_C(0x7ff8000000000000),
                                     UINT64_C(0x7ff0000000000000)};
    const unsigned count = sizeof fixed / sizeof *fixed;
    choice %= count + 4;
    if (choice < count) return fixed[choice];
    return choice == count ? now + 1 : choice == count + 1 ? now - 1 : choice == count + 2 ? now * 2 : ~now;
}
enum { ODD_VALUES = 17 };

/* Words that say whose cells these are and how they lie in the file, so that no other value passes. */
static bool is_structure(int kind, size_t word) {
    enum { STRIDE = 8, FIRST_CELL = 10 };
    if (kind == HEAD) return word < 2;
    if (kind == SPECTRUM && word == STRIDE) return false; /* the room may be larger than what is used of it */
    return word < FIRST_CELL + 3 + (kind == DIAGRAM);     /* the first cell's number, value and start with them */
}

START_TEST(no_odd_word_behind_a_fitting_digest_does_harm) {
    struct file good = make_sealed(_i), bad = good;
    ck_assert_int_eq(use_sealed(_i), LYAP_OK);
    for (size_t w = 0; w + 1 < good.count; w++) {
        for (unsigned v = 0; v < ODD_VALUES; v++) {
            bad.words[w] = odd_value(good.words[w], v);
            store(bad, contents[_i]);
            enum lyap_status status = use_sealed(_i);
            if (bad.words[w] == good.words[w]) ck_assert_int_eq(status, LYAP_OK);
            if (bad.words[w] != good.words[w] && is_structure(_i, w))
                ck_assert_msg(status == LYAP_ERROR_FILE, "word %zu: %llx passes", w, (unsigned long long)bad.words[w]);
        }
        bad.words[w] = good.words[w];
    }
    for (size_t size = 1; size < good.count; size++) {
        bad.count = size;
        store(bad, contents[_i]);
        ck_assert_int_eq(use_sealed(_i), LYAP_ERROR_FILE);
    }
    bad.count = good.count + 1;
    store(bad, contents[_i]);
    ck_assert_int_eq(use_sealed(_i), LYAP_ERROR_FILE);
    tear_down();
}
END_TEST

/* The rounds are counter-based: one that fails comes again. */
START_TEST(no_odd_words_together_do_harm) {
    struct file good = make_sealed(_i);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct file bad = good;
        uint64_t digest = lyap_digest_u64(LYAP_DIGEST_START, round);
        for (uint64_t change = 0; change < 2 + digest % 3; change++) {
            uint64_t word = lyap_digest_u64(digest, change), value = lyap_digest_u64(word, change);
            size_t at = (size_t)((word >> 20) % (change ? good.count - 1 : 24)) + 2; /* one near the beginning */
            if (at + 1 < good.count) bad.words[at] = odd_value(bad.words[at], (unsigned)(value >> 20));
        }
        if (digest >> 60 == 0) bad.count -= (size_t)(digest >> 40) % 20;
        store(bad, contents[_i]);
        use_sealed(_i);
    }
    store(good, contents[_i]);
    ck_assert_int_eq(use_sealed(_i), LYAP_OK);
    tear_down();
}
END_TEST

/* Fields of the first cell that a sink would use as an index. */
START_TEST(fields_out_of_their_range_are_refused) {
    static const struct {
        int kind;
        size_t word;
        uint64_t value;
    } fields[] = {
        {ENSEMBLE, 22, LYAP_OUTCOME_COUNT},
        {ENSEMBLE, 18, UINT64_C(1) << 32},
        {ENSEMBLE, 19, 5},
        {ENSEMBLE, 20, 5},
        {SPECTRUM, 14, UINT64_C(1) << 32},
        {SPECTRUM, 15, 3},
        {SPECTRUM, 17, LYAP_OUTCOME_COUNT},
        {SPECTRUM, 18, LYAP_REGIME_COUNT},
        {SPECTRUM, 19, LYAP_STOP_EVENT + 1},
        {SPECTRUM, 21, LYAP_MOST_PERIOD + 1},
        {SPECTRUM, 42, 5},
        {DIAGRAM, 10, 17},
        {DIAGRAM, 19, LYAP_REGIME_COUNT},
        {DIAGRAM, 36, 1},
    };
    for (int kind = ENSEMBLE; kind < CONTENTS; kind++) {
        struct file good = make_sealed(kind);
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            struct file bad = good;
            if (fields[i].kind != kind) continue;
            bad.words[fields[i].word] = fields[i].value;
            store(bad, contents[kind]);
            ck_assert_msg(use_sealed(kind) == LYAP_ERROR_FILE, "word %zu", fields[i].word);
        }
        tear_down();
    }
}
END_TEST

/* Chunks with orbits and without are not taken for each other, nor are orbits of another length. */
START_TEST(a_diagrams_cells_come_back_only_with_as_many_numbers_as_the_plan_has) {
    struct lyap_checkpoint *c;
    struct lyap_error error;
    uint64_t digest = LYAP_DIGEST_START;
    struct spectra spectra = {0};
    make_sealed(DIAGRAM);
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("sealed"), NULL, NULL), LYAP_OK);
    struct lyap_spectrum_plan bare = diagram.spectrum;
    bare.base.values = CELLS;
    ck_assert_int_eq(lyap_checkpoint_replay_spectrum(c, 0, &bare, collect_spectra, &spectra, &error), LYAP_ERROR_FILE);
    for (size_t points = 1; points < 4; points++) {
        diagram.spectrum.transient = 40 - (uint32_t)points;
        ck_assert_int_eq(lyap_checkpoint_replay_bifurcation(c, 0, &diagram, collect_points, &digest, &error),
                         points == 2 ? LYAP_OK : LYAP_ERROR_FILE);
    }
    diagram.spectrum.transient = 40; /* of 40 steps */
    ck_assert_int_eq(lyap_checkpoint_replay_bifurcation(c, 0, &diagram, collect_points, &digest, &error),
                     LYAP_ERROR_ARGUMENT);
    lyap_checkpoint_close(c);
    tear_down();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("checkpoint");
    TCase *tc = tcase_create("checkpoint");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, cells_kept_in_any_pieces_come_back_bit_for_bit);
    tcase_add_test(tc, every_damaged_byte_and_every_truncation_is_refused);
    tcase_add_test(tc, other_settings_are_named);
    tcase_add_loop_test(tc, no_odd_word_behind_a_fitting_digest_does_harm, 0, CONTENTS);
    tcase_add_loop_test(tc, no_odd_words_together_do_harm, 0, CONTENTS);
    tcase_add_test(tc, fields_out_of_their_range_are_refused);
    tcase_add_test(tc, a_diagrams_cells_come_back_only_with_as_many_numbers_as_the_plan_has);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
