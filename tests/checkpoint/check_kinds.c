/* Keeping, going on, splitting and joining, for every kind of experiment alike, also one that the library does not know; and the bytes
 * that older directories have. */
#include "checkpoint/rows.h"
#include "engine/settings.h"
#include "engine/spectrum_plan.h"
#include "experiments/spectrum.h"
#include "io/keys.h"
#include "lyapgrad/lyapgrad.h"
#include "tests/support.h"

enum kind { ENSEMBLE, SPECTRUM, MAP, BIFURCATION, RECORDED, SCAN = RECORDED, KINDS };
enum { CELLS = 70, SHARDS = 3 };

static struct lyap_network net;
static struct lyap_dataset data;
static struct lyap_plan plan;
static struct lyap_spectrum_plan spectrum;
static struct lyap_map_plan map;
static struct lyap_bifurcation_plan bifurcation;

/* What a sink got. */
struct taken {
    size_t cells;
    uint64_t digest;
};

static void number(struct taken *t, uint64_t first, size_t count) {
    ck_assert_uint_eq(first, t->cells); /* in cell order, without gaps */
    t->cells += count;
}

static enum lyap_status take(const struct lyap_chunk *c, void *context, struct lyap_error *error) {
    struct taken *t = context;
    (void)error;
    number(t, c->first_cell, c->count);
    for (size_t i = 0; i < c->count; i++) {
        t->digest = lyap_digest_record(t->digest, &c->records[i]);
        t->digest = lyap_digest_double(t->digest, c->evaluation[i].train_loss);
        for (size_t k = 0; k < c->records[i].length; k++)
            t->digest = lyap_digest_double(t->digest, c->distance[i * c->stride + k]);
        for (size_t p = 0; p < c->parameters; p++)
            t->digest = lyap_digest_double(t->digest, c->weights[i * c->parameters + p]);
    }
    return LYAP_OK;
}

static enum lyap_status take_spectra(const struct lyap_spectrum_chunk *c, void *context, struct lyap_error *error) {
    struct taken *t = context;
    (void)error;
    number(t, c->first_cell, c->count);
    for (size_t i = 0; i < c->count; i++) {
        t->digest = lyap_digest_spectrum(t->digest, &c->records[i], c->lambda + i * c->exponents, c->exponents);
        for (size_t p = 0; p < c->used[i]; p++)
            t->digest = lyap_digest_double(t->digest, c->history[i * c->points + p].loss);
    }
    return LYAP_OK;
}

static enum lyap_status take_pixels(const struct lyap_map_chunk *c, void *context, struct lyap_error *error) {
    struct taken *t = context;
    (void)error;
    number(t, c->first_cell, c->count);
    t->digest = lyap_map_digest(t->digest, c);
    return LYAP_OK;
}

static enum lyap_status take_diagram(const struct lyap_bifurcation_chunk *c, void *context, struct lyap_error *error) {
    struct taken *t = context;
    (void)error;
    number(t, c->first_cell, c->count);
    t->digest = lyap_bifurcation_digest(t->digest, c);
    return LYAP_OK;
}

/* A kind of its own: the first exponent at learning rates that are given. What it has here is all that a new kind needs. */
struct scan_plan {
    struct lyap_spectrum_plan spectrum;
    const double *lr; /* [values] */
    size_t values;
};
struct scan_point {
    double lr, lambda;
};
struct scan_chunk {
    uint64_t first;
    size_t count;
    const struct scan_point *points;
};
typedef enum lyap_status scan_sink(const struct scan_chunk *chunk, void *context, struct lyap_error *error);

static struct scan_plan scan;
static double rates[CELLS];

static enum lyap_status scan_check(const void *context, struct lyap_error *error) {
    return lyap_spectrum_check(&((const struct scan_plan *)context)->spectrum, error);
}

static struct lyap_plan scan_cells(const void *context) {
    struct lyap_plan cells = ((const struct scan_plan *)context)->spectrum.base;
    cells.values = ((const struct scan_plan *)context)->values;
    return cells;
}

static double scan_bytes(const void *context) {
    return lyap_spectrum_row_bytes(&((const struct scan_plan *)context)->spectrum, 0);
}

static enum lyap_status scan_cells_at_a_time(const void *context, const struct lyap_range *range, uint64_t *cells,
                                             struct lyap_error *error) {
    (void)error;
    *cells = lyap_spectrum_cells_at_a_time(&((const struct scan_plan *)context)->spectrum, scan_cells(context), range);
    return LYAP_OK;
}

static void scan_settings(const void *context, FILE *keys) {
    const struct scan_plan *p = context;
    lyap_settings_spectrum(keys, &p->spectrum);
    lyap_key_reals(keys, "rates.digest", p->lr, p->values);
}

static bool scan_fits(const void *context, const struct lyap_row_shape *shape) {
    return lyap_spectrum_rows_fit(&((const struct scan_plan *)context)->spectrum, 0, shape);
}

static enum lyap_status scan_run(const void *context, const struct lyap_range *range, lyap_rows_sink *sink,
                                 void *sink_context, struct lyap_error *error) {
    const struct scan_plan *p = context;
    struct lyap_setting each[CELLS];
    struct lyap_rows_target target = {sink, sink_context};
    struct lyap_spectrum_plan some = p->spectrum;
    for (size_t v = 0; v < p->values; v++) {
        each[v] = some.base.setting;
        each[v].lr = p->lr[v];
    }
    some.base = scan_cells(p);
    some.base.settings = each;
    lyap_range_set(range, &some.base);
    return lyap_spectrum_run(&some, lyap_spectrum_to_rows, &target, error);
}

static enum lyap_status scan_present(struct lyap_presenter *presenter, const void *rows, struct lyap_error *error) {
    const struct lyap_experiment *e = presenter->experiment;
    const struct lyap_spectrum_chunk *c = rows;
    struct scan_point *points = lyap_presenter_room(presenter, c->count, sizeof *points, error);
    if (!points) return LYAP_ERROR_MEMORY;
    for (size_t i = 0; i < c->count; i++)
        points[i] = (struct scan_point){c->records[i].lr, c->lambda[i * c->exponents].lambda};
    const struct scan_chunk out = {c->first_cell, c->count, points};
    return ((scan_sink *)e->sink)(&out, e->context, error);
}

static const struct lyap_kind scan_kind = {.name = "scan",
                                           .format = &lyap_spectrum_rows,
                                           .check = scan_check,
                                           .cells = scan_cells,
                                           .cell_bytes = scan_bytes,
                                           .cells_at_a_time = scan_cells_at_a_time,
                                           .settings = scan_settings,
                                           .fits = scan_fits,
                                           .run = scan_run,
                                           .present = scan_present};

static enum lyap_status take_scan(const struct scan_chunk *c, void *context, struct lyap_error *error) {
    struct taken *t = context;
    (void)error;
    number(t, c->first, c->count);
    for (size_t i = 0; i < c->count; i++) {
        ck_assert(c->points[i].lr == rates[c->first + i]);
        t->digest = lyap_digest_double(t->digest, c->points[i].lambda);
    }
    return LYAP_OK;
}

static void set_up(void) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.starts = CELLS / 2;
    plan.values = 2;
    plan.setting = (struct lyap_setting){.lr = 2, .perturbation = 1e-4, .epochs = 6};
    plan.neighbours = 16; /* a block is not spread */
    plan.threads = 1;
    plan.series = plan.evaluate = plan.last_weights = true;
    lyap_spectrum_defaults(&spectrum, &net, &data);
    spectrum.base.starts = CELLS;
    spectrum.base.setting = (struct lyap_setting){.lr = 4, .perturbation = 1e-8, .epochs = 60};
    spectrum.base.threads = 1;
    spectrum.base.evaluate = true;
    spectrum.exponents = 2;
    spectrum.history = 3;
    lyap_map_defaults(&map, &net, &data);
    map.spectrum.base.setting.epochs = 40;
    map.spectrum.base.threads = 1;
    map.x = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LR, .low = 0.1, .high = 30, .logarithmic = true};
    map.y = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_DIRECTION, .low = -3, .high = 3};
    map.width = 10;
    map.height = CELLS / 10;
    lyap_bifurcation_defaults(&bifurcation, &net, &data);
    bifurcation.spectrum.base.setting.epochs = 40;
    bifurcation.spectrum.base.starts = 2;
    bifurcation.spectrum.base.threads = 1;
    bifurcation.spectrum.transient = 38;
    bifurcation.over = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LR, .low = 1, .high = 6};
    bifurcation.values = CELLS / 2;
    for (int v = 0; v < CELLS; v++) rates[v] = 0.125 * (v + 1);
    scan = (struct scan_plan){.spectrum = spectrum, .lr = rates, .values = CELLS};
    scan.spectrum.base.starts = 1;
}

static struct lyap_experiment experiment_of(int kind, struct taken *taken) {
    *taken = (struct taken){.digest = LYAP_DIGEST_START};
    return kind == ENSEMBLE   ? lyap_ensemble_experiment(&plan, take, taken)
           : kind == SPECTRUM ? lyap_spectrum_experiment(&spectrum, take_spectra, taken)
           : kind == MAP      ? lyap_map_experiment(&map, take_pixels, taken)
           : kind == SCAN     ? (struct lyap_experiment){&scan_kind, &scan, (void (*)(void))take_scan, taken}
                              : lyap_bifurcation_experiment(&bifurcation, take_diagram, taken);
}

static char *settings;

static struct lyap_checkpoint_head head_of(const struct lyap_experiment *e, uint64_t shard, uint64_t shards) {
    free(settings);
    ck_assert_int_eq(lyap_experiment_settings(e, NULL, &settings, NULL), LYAP_OK);
    struct lyap_checkpoint_head head = {
        .settings = settings, .cells = lyap_experiment_cells(e), .shard = shard, .shards = shards, .parts = 1};
    lyap_checkpoint_take_shard(&head);
    return head;
}

static struct lyap_checkpoint *open_new(const char *name, const struct lyap_checkpoint_head *head) {
    struct lyap_checkpoint *c;
    struct lyap_error error = {0};
    ck_assert_msg(lyap_checkpoint_open(&c, scratch(name), head, &error) == LYAP_OK, "%s", error.message);
    return c;
}

/* What a progress function was told. */
struct told {
    unsigned long calls, stop_at;
    uint64_t first, done, total;
    bool backwards;
};

static bool tell(uint64_t done, uint64_t total, void *context) {
    struct told *t = context;
    if (t->calls == 0) t->first = done;
    t->backwards = t->backwards || done < t->done;
    t->done = done;
    t->total = total;
    return ++t->calls != t->stop_at;
}

START_TEST(an_experiment_names_its_kind_and_its_cells) {
    static const char *const names[KINDS] = {"ensemble", "spectrum", "map", "bifurcation", "scan"};
    struct taken taken;
    set_up();
    const struct lyap_experiment e = experiment_of(_i, &taken);
    ck_assert_str_eq(lyap_experiment_name(&e), names[_i]);
    ck_assert_uint_eq(lyap_experiment_cells(&e), CELLS);
    ck_assert_int_eq(lyap_experiment_run(&e, NULL), LYAP_OK);
    ck_assert_uint_eq(taken.cells, CELLS);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(some_of_the_cells_are_those_of_the_whole_run) {
    struct taken whole, part;
    struct lyap_error error = {0};
    set_up();
    struct lyap_experiment e = experiment_of(_i, &whole);
    ck_assert_int_eq(lyap_experiment_run(&e, NULL), LYAP_OK);
    e = experiment_of(_i, &part);
    for (uint64_t first = 0; first < CELLS; first += 30)
        ck_assert_int_eq(lyap_experiment_run_cells(&e, first, first + 30 < CELLS ? 30 : 0, NULL), LYAP_OK);
    ck_assert_uint_eq(part.cells, CELLS);
    ck_assert_uint_eq(part.digest, whole.digest);
    ck_assert_int_eq(lyap_experiment_run_cells(&e, CELLS - 1, 2, &error), LYAP_ERROR_ARGUMENT);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(work_goes_on_where_it_was_stopped_and_its_cells_are_those_of_one_run) {
    struct taken whole, kept;
    struct lyap_error error = {0};
    struct told told = {.stop_at = 4};
    struct lyap_checkpoint_options options = {.progress = tell, .context = &told};
    uint64_t first, count, diverged;
    set_up();
    struct lyap_experiment e = experiment_of(_i, &whole);
    ck_assert_int_eq(lyap_experiment_run(&e, NULL), LYAP_OK);
    e = experiment_of(_i, &kept);
    const struct lyap_checkpoint_head head = head_of(&e, 1, 1);
    remove_tree(scratch("work")); /* of the kind before */
    struct lyap_checkpoint *c = open_new("work", &head);
    ck_assert_int_eq(lyap_checkpoint_work(c, 0, &e, &options, &error), LYAP_ERROR_INTERRUPTED);
    ck_assert_ptr_nonnull(strstr(error.message, "of 70 cells"));
    const uint64_t had = lyap_checkpoint_cells(c, &diverged);
    ck_assert(had > 0 && had < CELLS && had % 16 == 0);
    ck_assert(lyap_checkpoint_missing(c, 0, &first, &count));
    ck_assert_int_eq(lyap_checkpoint_replay(c, 0, &e, &error), LYAP_ERROR_FILE);
    lyap_checkpoint_close(c);

    c = open_new("work", &head);
    told = (struct told){0};
    ck_assert_int_eq(lyap_checkpoint_work(c, 0, &e, &options, &error), LYAP_OK);
    ck_assert_uint_eq(told.first * CELLS, had * told.total); /* what was there is done from the beginning */
    ck_assert_uint_eq(told.done, told.total);
    ck_assert(!told.backwards);
    ck_assert(!lyap_checkpoint_missing(c, 0, &first, &count));
    ck_assert_int_eq(lyap_checkpoint_replay(c, 0, &e, &error), LYAP_OK);
    ck_assert_uint_eq(kept.cells, CELLS);
    ck_assert_uint_eq(kept.digest, whole.digest);
    told = (struct told){0};
    ck_assert_int_eq(lyap_checkpoint_work(c, 0, &e, &options, &error), LYAP_OK);
    ck_assert_uint_eq(told.calls, 0); /* nothing is missing */
    lyap_checkpoint_close(c);
    lyap_dataset_free(&data);
}
END_TEST

/* Opens the shards' directories to read. */
static void open_shards(struct lyap_checkpoint *held[SHARDS]) {
    static const char *const names[SHARDS] = {"shard2", "shard3", "shard1"}; /* in any order */
    for (int i = 0; i < SHARDS; i++) held[i] = open_new(names[i], NULL);
}

static void close_shards(struct lyap_checkpoint *held[SHARDS]) {
    for (int i = 0; i < SHARDS; i++) lyap_checkpoint_close(held[i]);
}

static void compute_shards(const struct lyap_experiment *e) {
    for (uint64_t i = 1; i <= SHARDS; i++) {
        char name[16];
        snprintf(name, sizeof name, "shard%d", (int)i);
        remove_tree(scratch(name));
        const struct lyap_checkpoint_head head = head_of(e, i, SHARDS);
        struct lyap_checkpoint *c = open_new(name, &head);
        ck_assert_int_eq(lyap_checkpoint_work(c, 0, e, &(struct lyap_checkpoint_options){.seconds = 1}, NULL), LYAP_OK);
        lyap_checkpoint_close(c);
    }
}

START_TEST(shards_joined_in_any_order_are_one_run) {
    struct taken whole, joined;
    struct lyap_checkpoint *held[SHARDS];
    struct lyap_error error = {0};
    set_up();
    struct lyap_experiment e = experiment_of(_i, &whole);
    ck_assert_int_eq(lyap_experiment_run(&e, NULL), LYAP_OK);
    e = experiment_of(_i, &joined);
    compute_shards(&e);
    open_shards(held);
    ck_assert_msg(lyap_checkpoint_join(held, SHARDS, &error) == LYAP_OK, "%s", error.message);
    ck_assert_int_eq(lyap_checkpoint_replay_all(held, SHARDS, 0, &e, &error), LYAP_OK);
    ck_assert_uint_eq(joined.cells, CELLS);
    ck_assert_uint_eq(joined.digest, whole.digest);
    ck_assert_int_eq(lyap_checkpoint_join(held, SHARDS - 1, &error), LYAP_ERROR_FILE);
    ck_assert_str_eq(error.message, "shard 3/3 is missing; give the directories of all 3");
    ck_assert_int_eq(lyap_checkpoint_join(held, 0, &error), LYAP_ERROR_ARGUMENT);
    close_shards(held);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(shards_of_another_run_or_without_all_their_cells_do_not_join) {
    struct taken taken;
    struct lyap_checkpoint *held[SHARDS];
    struct lyap_error error = {0};
    set_up();
    struct lyap_experiment e = experiment_of(ENSEMBLE, &taken);
    compute_shards(&e);
    open_shards(held);
    struct lyap_checkpoint *twice[] = {held[0], held[1], held[0]};
    ck_assert_int_eq(lyap_checkpoint_join(twice, SHARDS, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "are both shard"));
    close_shards(held);

    unlink(scratch("shard2/chunk-0-00000000000000000024"));
    open_shards(held);
    ck_assert_int_eq(lyap_checkpoint_join(held, SHARDS, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "shard 2/3 is not complete: cells 24 .. "));
    close_shards(held);

    plan.setting.lr = 0.25;
    remove_tree(scratch("shard2"));
    const struct lyap_checkpoint_head head = head_of(&e, 2, SHARDS);
    lyap_checkpoint_close(open_new("shard2", &head));
    open_shards(held);
    ck_assert_int_eq(lyap_checkpoint_join(held, SHARDS, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "lr is 0.25 there and 2"));
    close_shards(held);
    lyap_dataset_free(&data);
}
END_TEST

/* The words of a chunk file but for the digest of the settings, which have the versions in them, and the last one. */
static uint64_t digest_chunk(const char *name) {
    uint64_t digest = LYAP_DIGEST_START, words[2] = {0, 0};
    unsigned char bytes[8];
    FILE *file = fopen(scratch(name), "rb");
    ck_assert_ptr_nonnull(file);
    for (size_t n = 0; fread(bytes, 1, 8, file) == 8; n++) {
        uint64_t word = 0;
        for (int b = 0; b < 8; b++) word |= (uint64_t)bytes[b] << (8 * b);
        if (n > 0 && n - 1 != 2) digest = lyap_digest_u64(digest, words[(n - 1) % 2]);
        words[n % 2] = word;
    }
    fclose(file);
    return digest;
}

/* Those lines that do not tell a version. */
static uint64_t digest_settings(const char *text) {
    uint64_t digest = LYAP_DIGEST_START;
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1)
        for (const char *c = text; strncmp(text, "version", 7) != 0 && strncmp(text, "sleef", 5) != 0 && c <= end; c++)
            digest = lyap_digest_u64(digest, (unsigned char)*c);
    return digest;
}

/* Recorded with the version that first wrote format 3 in these bytes: a change here needs another LYAP_CHECKPOINT_FORMAT. */
START_TEST(files_and_settings_are_those_of_format_3) {
    static const struct {
        uint64_t chunk, settings;
    } recorded[RECORDED] = {{UINT64_C(0x4905c5f7a3f8d1f9), UINT64_C(0x5b84f6d126b688d2)},
                            {UINT64_C(0x78edf33dea6e9612), UINT64_C(0x846ac7c457b0234a)},
                            {UINT64_C(0x450de099fc0bde63), UINT64_C(0xa72460ac9f268335)},
                            {UINT64_C(0x3543ed2f0d71fc6a), UINT64_C(0x8760760ce5f43c14)}};
    struct taken taken;
    set_up();
    ck_assert_int_eq(LYAP_CHECKPOINT_FORMAT, 3);
    const struct lyap_experiment e = experiment_of(_i, &taken);
    const struct lyap_checkpoint_head head = head_of(&e, 1, 1);
    remove_tree(scratch("bytes"));
    struct lyap_checkpoint *c = open_new("bytes", &head);
    ck_assert_int_eq(lyap_checkpoint_run(c, 0, &e, 0, 16, NULL), LYAP_OK);
    lyap_checkpoint_close(c);
    const uint64_t chunk = digest_chunk("bytes/chunk-0-00000000000000000000"), text = digest_settings(settings);
    ck_assert_msg(chunk == recorded[_i].chunk && text == recorded[_i].settings,
                  "{UINT64_C(0x%016llx), UINT64_C(0x%016llx)}", (unsigned long long)chunk, (unsigned long long)text);
    lyap_dataset_free(&data);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("kinds");
    TCase *tc = tcase_create("kinds");
    tcase_add_loop_test(tc, an_experiment_names_its_kind_and_its_cells, 0, KINDS);
    tcase_add_loop_test(tc, some_of_the_cells_are_those_of_the_whole_run, 0, KINDS);
    tcase_add_loop_test(tc, work_goes_on_where_it_was_stopped_and_its_cells_are_those_of_one_run, 0, KINDS);
    tcase_add_loop_test(tc, shards_joined_in_any_order_are_one_run, 0, KINDS);
    tcase_add_test(tc, shards_of_another_run_or_without_all_their_cells_do_not_join);
    tcase_add_loop_test(tc, files_and_settings_are_those_of_format_3, 0, RECORDED);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
