/* Memory that runs out: every entry point of the library is run with its first allocation refused, then with its second, and so on,
 * and again with all from there on. Each run must end with a reason that speaks of memory, or, where the allocation was one to
 * do without, with the very results of a run that got it; nothing stays allocated, and no file is left half-written. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#ifdef LYAP_TEST_WRAP
#include "../src/boxcount.h"
#include "../src/csv.h"
#include "../src/figure_draw.h"
#include "../src/number.h"
#include "../src/output.h"
#include "../src/paper_run.h"
#include "../src/records.h"
#include "../src/report.h"
#include "../src/series_file.h"
#include "../src/table.h"
#include "../src/workload.h"
#include "arrays.h"
#include "inject.h"
#include "lyapgrad/lyapgrad.h"

/* One call of the library, with all it needs made and freed: its status, and a digest of what it gave. */
typedef enum lyap_status (*call)(uint64_t *digest, struct lyap_error *error);

static struct lyap_network net;
static struct lyap_dataset corners, held_out;
static struct bytes bytes;
static double *orbit;
enum { ORBIT = 400 };

static uint64_t digest_reals(uint64_t digest, const double *x, size_t n) {
    for (size_t i = 0; i < n; i++) digest = lyap_digest_double(digest, x[i]);
    return digest;
}

static enum lyap_status keep_chunk(const struct lyap_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    for (size_t i = 0; i < c->count; i++) *digest = lyap_digest_record(*digest, &c->records[i]);
    if (c->weights) *digest = digest_reals(*digest, c->weights, c->count * c->parameters);
    for (size_t i = 0; c->evaluation && i < c->count; i++)
        *digest = lyap_digest_double(*digest, c->evaluation[i].test_loss);
    return LYAP_OK;
}

static enum lyap_status keep_spectra(const struct lyap_spectrum_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    for (size_t i = 0; i < c->count; i++)
        *digest = lyap_digest_spectrum(*digest, &c->records[i], c->lambda + i * c->exponents, c->exponents);
    return LYAP_OK;
}

static enum lyap_status keep_map(const struct lyap_map_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    *digest = lyap_map_digest(*digest, c);
    return LYAP_OK;
}

/* The ensemble. */
static struct lyap_plan small_plan(void) {
    struct lyap_plan plan;
    lyap_plan_defaults(&plan, &net, &corners);
    plan.starts = 3;
    plan.neighbours = 2;
    plan.setting.epochs = 4;
    plan.threads = 1;
    return plan;
}

static enum lyap_status run_ensemble(uint64_t *digest, struct lyap_error *error) {
    struct lyap_plan plan = small_plan();
    plan.series = plan.evaluate = plan.last_weights = true;
    plan.test = &held_out;
    return lyap_ensemble_run(&plan, keep_chunk, digest, error);
}

static enum lyap_status run_batches(uint64_t *digest, struct lyap_error *error) {
    struct lyap_plan plan = small_plan();
    plan.starts = 40;
    plan.threads = 2;
    plan.precision = LYAP_FLOAT64;
    lyap_optimiser_defaults(&plan.optimiser, LYAP_ADAM);
    plan.optimiser.batch = 2;
    plan.optimiser.full_state = true;
    return lyap_ensemble_run(&plan, keep_chunk, digest, error);
}

static enum lyap_status run_initial(uint64_t *digest, struct lyap_error *error) {
    double out[3 * 3 * 9];
    struct lyap_plan plan = small_plan();
    enum lyap_status status = lyap_ensemble_initial(&plan, 0, 3, out, error);
    *digest = status ? 0 : digest_reals(*digest, out, 81);
    return status;
}

/* Spectra. */
static struct lyap_spectrum_plan small_spectrum(void) {
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, &net, &corners);
    plan.base.starts = 2;
    plan.base.setting.epochs = 40;
    plan.base.threads = 1;
    return plan;
}

static enum lyap_status run_spectrum(uint64_t *digest, struct lyap_error *error) {
    struct lyap_spectrum_plan plan = small_spectrum();
    plan.exponents = 3;
    plan.history = 4;
    plan.curvature = true;
    plan.base.evaluate = true;
    return lyap_spectrum_run(&plan, keep_spectra, digest, error);
}

static enum lyap_status run_spectrum_threads(uint64_t *digest, struct lyap_error *error) {
    struct lyap_spectrum_plan plan = small_spectrum();
    plan.base.starts = 40;
    plan.base.threads = 2;
    plan.base.precision = LYAP_FLOAT32;
    plan.base.optimiser.batch = 2;
    return lyap_spectrum_run(&plan, keep_spectra, digest, error);
}

static enum lyap_status run_rescaled(uint64_t *digest, struct lyap_error *error) {
    struct lyap_spectrum_plan plan = small_spectrum();
    plan.method = LYAP_RESCALED;
    plan.base.setting.perturbation = 1e-7;
    return lyap_spectrum_run(&plan, keep_spectra, digest, error);
}

static enum lyap_status run_henon(uint64_t *digest, struct lyap_error *error) {
    static const double states[] = {0.1, 0.1, 0.2, 0.1};
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, NULL, NULL);
    plan.system = LYAP_SYSTEM_HENON;
    plan.base.setting.lr = 1.4;
    plan.constants[0] = 0.3;
    plan.constant_count = 1;
    plan.base.starts = 2;
    plan.base.setting.epochs = 60;
    plan.base.threads = 1;
    plan.states = states;
    plan.exponents = 2;
    return lyap_spectrum_run(&plan, keep_spectra, digest, error);
}

static struct lyap_map_plan small_map(void) {
    struct lyap_map_plan map;
    lyap_map_defaults(&map, &net, &corners);
    map.spectrum.base.setting.epochs = 20;
    map.spectrum.base.threads = 1;
    map.width = map.height = 3;
    map.x = (struct lyap_map_axis){.quantity = LYAP_MAP_LR, .low = 1, .high = 9};
    map.y = (struct lyap_map_axis){.quantity = LYAP_MAP_DIRECTION, .low = -1, .high = 1};
    return map;
}

static enum lyap_status run_map(uint64_t *digest, struct lyap_error *error) {
    const struct lyap_map_plan map = small_map();
    return lyap_map_run(&map, keep_map, digest, error);
}

static enum lyap_status keep_diagram(const struct lyap_bifurcation_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    *digest = lyap_bifurcation_digest(*digest, c);
    return LYAP_OK;
}

static struct lyap_bifurcation_plan small_bifurcation(void) {
    struct lyap_bifurcation_plan plan;
    lyap_bifurcation_defaults(&plan, &net, &corners);
    plan.spectrum.base.setting.epochs = 30;
    plan.spectrum.transient = 10;
    plan.spectrum.base.threads = 1;
    plan.over = (struct lyap_map_axis){.quantity = LYAP_MAP_LR, .low = 1, .high = 6};
    plan.values = 3;
    plan.points = 4;
    return plan;
}

static enum lyap_status run_bifurcation(uint64_t *digest, struct lyap_error *error) {
    const struct lyap_bifurcation_plan plan = small_bifurcation();
    return lyap_bifurcation_run(&plan, keep_diagram, digest, error);
}

static enum lyap_status run_validate(uint64_t *digest, struct lyap_error *error) {
    struct lyap_validation row;
    enum lyap_status status = lyap_validate(3, LYAP_ISA_SCALAR, 1, &row, error);
    *digest = status ? 0 : row.digest;
    return status;
}

static enum lyap_status run_validate_series(uint64_t *digest, struct lyap_error *error) {
    struct lyap_validation row;
    enum lyap_status status = lyap_validate(lyap_validation_count() - 1, LYAP_ISA_SCALAR, 1, &row, error);
    *digest = status ? 0 : row.digest;
    return status;
}

static enum lyap_status run_workload(uint64_t *digest, struct lyap_error *error) {
    return lyap_workload_digest(LYAP_ISA_SCALAR, LYAP_FLOAT32, 1, digest, error);
}

/* The reference. */
static enum lyap_status run_reference(uint64_t *digest, struct lyap_error *error) {
    double w[27], v[18], out[9], distance[5], loss[5], lambda[2], log_det;
    struct lyap_optimiser adam;
    lyap_optimiser_defaults(&adam, LYAP_ADAM);
    adam.batch = 2;
    for (int i = 0; i < 27; i++) w[i] = 0.03 * i;
    for (int i = 0; i < 18; i++) v[i] = i % 10 == 0;
    enum lyap_status status = lyap_reference_run(&net, &corners, w, 2, 0.1, 5, distance, loss, error);
    if (!status) status = lyap_reference_hessian(&net, &corners, w, v, out, error);
    if (!status) status = lyap_reference_spectrum(&net, &corners, w, v, 2, 0.1, 5, lambda, &log_det, error);
    if (!status) status = lyap_reference_rescaled(&net, &corners, w, 2, 0.1, 5, lambda, error);
    if (!status) status = lyap_reference_train(&net, &corners, &adam, w, 1, 0.1, 5, distance, loss, error);
    for (int i = 9; i < 27; i++) w[i] = 0;
    double tangent[27] = {1};
    if (!status) status = lyap_reference_tangent(&net, &corners, &adam, w, tangent, 0.1, 5, lambda, error);
    *digest = digest_reals(*digest, w, 9);
    return status;
}

/* Recorded series. */
static enum lyap_status run_series(enum lyap_series_method method, uint64_t *digest, struct lyap_error *error) {
    struct lyap_series_options options;
    struct lyap_series_result result;
    lyap_series_defaults(&options);
    options.method = method;
    options.threads = 1;
    enum lyap_status status = lyap_series_run(orbit, ORBIT, &options, &result, error);
    *digest = status ? 0 : lyap_series_digest(&result);
    lyap_series_free(&result);
    return status;
}

static enum lyap_status run_kantz(uint64_t *digest, struct lyap_error *error) {
    return run_series(LYAP_SERIES_KANTZ, digest, error);
}

static enum lyap_status run_rosenstein(uint64_t *digest, struct lyap_error *error) {
    return run_series(LYAP_SERIES_ROSENSTEIN, digest, error);
}

static enum lyap_status run_wolf(uint64_t *digest, struct lyap_error *error) {
    return run_series(LYAP_SERIES_WOLF, digest, error);
}

static enum lyap_status read_series(uint64_t *digest, struct lyap_error *error) {
    const struct lyap_series_choice choice = {.path = scratch("table.csv"), .column = "b", .where = "a=1"};
    double *x = NULL;
    size_t n = 0;
    char column[64];
    enum lyap_status status = lyap_series_read(&choice, &x, &n, column, error);
    if (!status) *digest = digest_reals(*digest, x, n);
    free(x);
    return status;
}

/* An assertion inside a call: the Check library's own allocations are none of its business. */
static void expect(bool holds) {
    inject.armed = false;
    ck_assert(holds);
    inject.armed = true;
}

/* Data sets. */
static enum lyap_status keep_data(struct lyap_dataset *data, enum lyap_status status, uint64_t *digest) {
    if (!status) *digest = digest_reals(*digest, data->x, data->samples * data->inputs);
    if (!status) *digest = digest_reals(*digest, data->y, data->samples * data->outputs);
    if (status) expect(data->x == NULL && data->y == NULL && data->samples == 0);
    lyap_dataset_free(data);
    return status;
}

static enum lyap_status generate(uint64_t *digest, struct lyap_error *error) {
    static const char *const texts[] = {
        "xor",           "xor-noisy:2,8,0.1",        "parity:3",       "circles:6,0.1", "spirals:6,0.1", "moons:6,0.1",
        "blobs:6,2,2,1", "linear-teacher:6,2,1,0.1", "teacher:2-3-1,6"};
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !status; i++) {
        struct lyap_dataset data;
        status = lyap_dataset_parse(&data, texts[i], 1, 7, error);
        status = keep_data(&data, status, digest);
    }
    return status;
}

static enum lyap_status prepare(uint64_t *digest, struct lyap_error *error) {
    struct lyap_dataset data, test = {0};
    enum lyap_status status = lyap_dataset_moons(&data, 20, 0.1, 1, error);
    if (status) return keep_data(&data, status, digest);
    status = lyap_dataset_one_hot(&data, 0, error);
    if (!status) status = lyap_dataset_choose(&data, 12, 3, error);
    if (!status) status = lyap_dataset_split(&data, &test, 0.5, 3, error);
    if (!status) status = lyap_dataset_standardise(&data, &test, error);
    /* As it was, or as it was to be: never something between. */
    expect(data.samples == 20 || data.samples == 12 || data.samples == 6);
    expect(data.inputs == 2 && (data.outputs == 1 || data.outputs == 2));
    *digest = digest_reals(*digest, data.x, data.samples * data.inputs);
    *digest = digest_reals(*digest, data.y, data.samples * data.outputs);
    lyap_dataset_free(&data);
    lyap_dataset_free(&test);
    return status;
}

static enum lyap_status read_file(const char *name, const char *labels, uint64_t *digest, struct lyap_error *error) {
    struct lyap_dataset data;
    char path[600], second[600];
    snprintf(path, sizeof path, "%s", scratch(name));
    if (labels) snprintf(second, sizeof second, "%s", scratch(labels));
    return keep_data(&data, lyap_dataset_read(&data, path, labels ? second : NULL, 1, error), digest);
}

static enum lyap_status read_csv(uint64_t *digest, struct lyap_error *error) {
    return read_file("table.csv", NULL, digest, error);
}

static enum lyap_status read_npy(uint64_t *digest, struct lyap_error *error) {
    return read_file("doubles.npy", "labels.npy", digest, error);
}

static enum lyap_status read_idx(uint64_t *digest, struct lyap_error *error) {
    return read_file("images.idx", "labels.npy", digest, error);
}

static enum lyap_status read_gzip(uint64_t *digest, struct lyap_error *error) {
    return read_file("doubles.npy.gz", NULL, digest, error);
}

static enum lyap_status read_loose(uint64_t *digest, struct lyap_error *error) {
    struct lyap_table table;
    enum lyap_status status = lyap_csv_read_loose(&table, scratch("table.csv"), error);
    *digest = status ? 0 : table.rows * table.columns;
    lyap_table_free(&table);
    return status;
}

static enum lyap_status read_weights(uint64_t *digest, struct lyap_error *error) {
    double *w = NULL;
    uint64_t starts = 0;
    enum lyap_status status = lyap_read_weights(scratch("weights.csv"), &net, &w, &starts, error);
    if (!status) *digest = digest_reals(*digest, w, starts * 9);
    free(w);
    return status;
}

/* Statistics. */
static enum lyap_status infer(uint64_t *digest, struct lyap_error *error) {
    enum { N = 12 };
    double rank[N], out[N], p[N], d, low, high;
    const double *x = orbit, *y = orbit + N, *z = orbit + 3 * N;
    struct lyap_estimate e = {0, 0, 0};
    enum lyap_status status = lyap_rank(x, N, rank, error);
    if (!status) status = lyap_spearman(x, y, N, &out[0], error);
    if (!status) status = lyap_partial(x, y, z, N, &out[1], error);
    if (!status) status = lyap_bootstrap_median(x, N, 100, 1, &e, error);
    for (int kind = LYAP_PEARSON; kind <= LYAP_PARTIAL && !status; kind++)
        status = lyap_bootstrap_correlation((enum lyap_correlation)kind, x, y, z, N, 100, 1, &e, error);
    if (!status) status = lyap_permutation_correlation(x, y, N, 50, 1, &out[2], error);
    if (!status) status = lyap_permutation_paired(x, N, 50, 1, &out[3], error);
    if (!status) status = lyap_kolmogorov_smirnov(x, N, y, N, &d, &out[4], error);
    for (int i = 0; i < N; i++) p[i] = 0.01 * i;
    if (!status) status = lyap_holm(p, N, out, error);
    if (!status) status = lyap_bootstrap_mean(x, N, 1, &d, &low, &high, error);
    if (!status) *digest = digest_reals(*digest, out, N);
    return status;
}

static enum lyap_status tally(uint64_t *digest, struct lyap_error *error) {
    struct lyap_quantiles q = {0};
    enum lyap_status status = LYAP_OK;
    for (int i = 0; i < 2000 && !status; i++) status = lyap_quantiles_add(&q, i, error);
    *digest = status ? 0 : lyap_digest_double(*digest, lyap_quantiles_at(&q, 0.5));
    lyap_quantiles_free(&q);
    return status;
}

static enum lyap_status sketch(uint64_t *digest, struct lyap_error *error) {
    struct lyap_sketch *s = lyap_sketch_new();
    if (!s) return lyap_fail(error, LYAP_ERROR_MEMORY, "no sketch");
    lyap_sketch_add(s, 2);
    *digest = lyap_sketch_count(s);
    lyap_sketch_free(s);
    return LYAP_OK;
}

static enum lyap_status count_boxes(uint64_t *digest, struct lyap_error *error) {
    static const unsigned char marked[16] = {1, 0, 1};
    struct lyap_boxcount boxes;
    enum lyap_status status = lyap_boxcount(&boxes, marked, 4, 4, error);
    *digest = status ? 0 : boxes.boxes[0];
    return status;
}

/* Files. */
static enum lyap_status write_file(uint64_t *digest, struct lyap_error *error) {
    struct lyap_output output;
    char path[600];
    snprintf(path, sizeof path, "%s", scratch("out/deep"));
    enum lyap_status status = lyap_output_directory(path, error);
    for (int again = 0; again < 2 && !status; again++) { /* made, then replaced */
        status = lyap_output_open_in(&output, path, "file", error);
        if (status) break;
        fputs("whole\n", output.file);
        status = lyap_output_sync(&output, error);
        if (!status) status = lyap_output_commit(&output, error);
        lyap_output_abandon(&output);
    }
    *digest = 1;
    return status;
}

/* The starting points as CSV and as .npy. */
static enum lyap_status write_initial(uint64_t *digest, struct lyap_error *error) {
    struct lyap_plan plan = small_plan();
    enum lyap_status status = LYAP_OK;
    for (int npy = 0; npy < 2 && !status; npy++) {
        struct lyap_output output;
        status = lyap_output_open_in(&output, scratch("out"), npy ? "w.npy" : "w.csv", error);
        if (status) break;
        status =
            npy ? lyap_write_initial_npy(output.file, &plan, error) : lyap_write_initial(output.file, &plan, error);
        if (!status) status = lyap_output_commit(&output, error);
        lyap_output_abandon(&output);
    }
    *digest = 1;
    return status;
}

static enum lyap_status find_gnuplot(uint64_t *digest, struct lyap_error *error) {
    char *found = lyap_gnuplot_find();
    bool there = found != NULL;
    free(found);
    *digest = there;
    return there ? LYAP_OK : lyap_fail(error, LYAP_ERROR_MEMORY, "no memory or no gnuplot");
}

static enum lyap_status draw(uint64_t *digest, struct lyap_error *error) {
    static const char *const names[] = {"good"};
    const struct lyap_drawing drawing = {
        .gnuplot = "/bin/true", .directory = scratch("drawing"), .names = names, .count = 1, .jobs = 1};
    struct lyap_error own;
    enum lyap_status status = lyap_draw(&drawing, &own);
    *digest = 1;
    /* /bin/true draws nothing, and that it is told is all that is to be had without gnuplot. */
    if (status == LYAP_ERROR_OUTPUT && strstr(own.message, "good") && !strstr(own.message, strerror(ENOMEM)))
        return LYAP_OK;
    *error = own;
    return status;
}

/* A long run: its settings, a part of its cells, the rest, and what is handed back. */
enum kept { KEPT_CELLS, KEPT_EXPONENTS, KEPT_MAP, KEPT_DIAGRAM };

static enum lyap_status checkpoint(enum kept kind, uint64_t *digest, struct lyap_error *error) {
    char directory[600], *settings = NULL;
    struct lyap_checkpoint *c = NULL;
    struct lyap_plan plan = small_plan();
    struct lyap_spectrum_plan tangent = small_spectrum();
    const struct lyap_map_plan map = small_map();
    const struct lyap_bifurcation_plan diagram = small_bifurcation();
    const uint64_t cells = kind == KEPT_MAP ? 9 : 3;
    tangent.base.starts = 3;
    plan.series = plan.evaluate = plan.last_weights = true;
    snprintf(directory, sizeof directory, "%s", scratch("out/kept"));
    enum lyap_status status = kind == KEPT_EXPONENTS ? lyap_checkpoint_settings_spectrum(&tangent, &settings, error)
                              : kind == KEPT_MAP     ? lyap_checkpoint_settings_map(&map, &settings, error)
                              : kind == KEPT_DIAGRAM ? lyap_checkpoint_settings_bifurcation(&diagram, &settings, error)
                                                     : lyap_checkpoint_settings(&plan, &settings, error);
    struct lyap_checkpoint_head head = {.settings = settings,
                                        .cells = cells,
                                        .count = cells,
                                        .shard = 1,
                                        .shards = 1,
                                        .parts = 1,
                                        .note = "noted",
                                        .note_size = 5};
    if (!status) status = lyap_checkpoint_open(&c, directory, &head, error);
    uint64_t first, count;
    while (!status && lyap_checkpoint_missing(c, 0, &first, &count)) {
        count = count < cells - 1 ? count : cells - 1;
        status = kind == KEPT_EXPONENTS ? lyap_checkpoint_run_spectrum(c, 0, &tangent, first, count, error)
                 : kind == KEPT_MAP     ? lyap_checkpoint_run_map(c, 0, &map, first, count, error)
                 : kind == KEPT_DIAGRAM ? lyap_checkpoint_run_bifurcation(c, 0, &diagram, first, count, error)
                                        : lyap_checkpoint_run(c, 0, &plan, first, count, error);
    }
    lyap_checkpoint_close(c);
    c = NULL;
    if (!status) status = lyap_checkpoint_open(&c, directory, NULL, error);
    if (!status)
        status = kind == KEPT_EXPONENTS ? lyap_checkpoint_replay_spectrum(c, 0, &tangent, keep_spectra, digest, error)
                 : kind == KEPT_MAP     ? lyap_checkpoint_replay_map(c, 0, &map, keep_map, digest, error)
                 : kind == KEPT_DIAGRAM
                     ? lyap_checkpoint_replay_bifurcation(c, 0, &diagram, keep_diagram, digest, error)
                     : lyap_checkpoint_replay(c, 0, &plan, keep_chunk, digest, error);
    lyap_checkpoint_close(c);
    free(settings);
    return status;
}

static enum lyap_status keep_cells(uint64_t *digest, struct lyap_error *error) {
    return checkpoint(KEPT_CELLS, digest, error);
}

static enum lyap_status keep_exponents(uint64_t *digest, struct lyap_error *error) {
    return checkpoint(KEPT_EXPONENTS, digest, error);
}

static enum lyap_status keep_pixels(uint64_t *digest, struct lyap_error *error) {
    return checkpoint(KEPT_MAP, digest, error);
}

static enum lyap_status keep_points(uint64_t *digest, struct lyap_error *error) {
    return checkpoint(KEPT_DIAGRAM, digest, error);
}

/* A selection: learning rates, halving, and what that is worth. */
static enum lyap_status run_selection(uint64_t *digest, struct lyap_error *error) {
    struct lyap_plan settings = small_plan();
    struct lyap_selection_plan plan;
    struct lyap_selection selection;
    settings.precision = LYAP_FLOAT64;
    settings.window = false;
    lyap_selection_defaults(&plan, &settings, 1);
    plan.lr_low = 0.01;
    plan.lr_high = 3;
    plan.epochs = 32;
    plan.rate_starts = 4;
    plan.rate_values = 3;
    plan.rate_halvings = 1;
    plan.budget = 4000;
    plan.searches = 5;
    enum lyap_status status = lyap_selection_run(&plan, &selection, error);
    if (!status) *digest = lyap_selection_digest(*digest, &selection);
    double start[9];
    if (!status) status = lyap_selection_start(&plan, &selection.records[0].trial, start, error);
    lyap_selection_free(&selection);
    if (status) return status;
    struct lyap_worth worth;
    status = lyap_selection_compare(&plan, &worth, error);
    if (!status) *digest = lyap_worth_digest(*digest, &worth);
    lyap_worth_free(&worth);
    return status;
}

/* The paper's experiments, and the report. */
static enum lyap_status run_paper(uint64_t *digest, struct lyap_error *error) {
    static struct lyap_paper paper;
    const struct lyap_paper_options options = {.starts = 20, .seed = 1, .threads = 1};
    enum lyap_status status = lyap_paper_run(&paper, &options, error);
    *digest = status ? 0 : paper.digest;
    lyap_paper_free(&paper);
    return status;
}

/* A section with one of each: a test, a data file, text, a table, a figure, a verdict. */
static enum lyap_status compute_little(struct lyap_report *report, void **state, struct lyap_error *error) {
    (void)state, (void)error;
    lyap_report_test(report, "a test", 0.01);
    return LYAP_OK;
}

static enum lyap_status write_little(struct lyap_report *report, void *state, struct lyap_error *error) {
    static const char *const heads[] = {"a", "b"};
    static const double x[] = {1, 2, 3};
    static struct lyap_chart chart;
    struct lyap_document *d = lyap_report_document(report);
    (void)state;
    FILE *data = lyap_report_data(report, "little", error);
    if (!data) return error->status;
    lyap_report_field(data, 1.5, '\n');
    lyap_document_heading(d, 2, "A heading");
    lyap_document_paragraph(d, "A %s.", "paragraph");
    lyap_document_item(d, "An item");
    lyap_document_table(d, "A table", 2, heads);
    for (int i = 0; i < 4; i++) lyap_document_cell(d, "%d", i);
    lyap_document_table_end(d);
    memset(&chart, 0, sizeof chart);
    chart.count = chart.columns = 1;
    chart.panel[0] = (struct lyap_panel){.title = "t", .x = {.title = "x"}, .y = {.title = "y"}, .count = 1};
    chart.panel[0].series[0] =
        (struct lyap_mark_series){.mark = LYAP_MARK_POINTS, .label = "s", .n = 3, .x = x, .y = x};
    lyap_document_figure(d, "figure", &chart, "A figure of %d points.", 3);
    lyap_report_verdict(report, "A", "a claim", LYAP_HOLDS, "a reason");
    return LYAP_OK;
}

static void release_nothing(void *state) {
    (void)state;
}

static enum lyap_status run_little_report(uint64_t *digest, struct lyap_error *error) {
    static const struct lyap_section little = {"A", "Does A?", 1, compute_little, write_little, release_nothing};
    static const struct lyap_section *const sections[] = {&little, NULL};
    const struct lyap_report_options options = {.seed = 1, .scale = 1, .threads = 1};
    char directory[600];
    snprintf(directory, sizeof directory, "%s", scratch("out"));
    *digest = 1;
    return lyap_report_sections_run(&options, sections, directory, NULL, error);
}

static const struct lyap_section *const *section;
static enum lyap_status run_report(uint64_t *digest, struct lyap_error *error) {
    const struct lyap_report_options options = {.seed = 1, .scale = 0.001, .threads = 1};
    char directory[600];
    snprintf(directory, sizeof directory, "%s", scratch("out"));
    *digest = 1;
    return lyap_report_run(&options, directory, (*section)->id, error);
}

/* Files under a directory whose name is not that of a whole one. */
static int count_files(const char *path, bool unfinished) {
    DIR *directory = __real_opendir(path);
    int count = 0;
    if (!directory) return 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char child[1024];
        if (entry->d_name[0] == '.') continue;
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        DIR *below = __real_opendir(child);
        if (below) {
            closedir(below);
            count += count_files(child, unfinished);
        } else {
            count += !unfinished || strstr(entry->d_name, ".tmp") != NULL;
        }
    }
    closedir(directory);
    return count;
}

struct subject {
    const char *name;
    call run;
    bool optional; /* some of its allocations are of no consequence */
    bool whole;    /* all of its files are there, or none */
};

static enum lyap_status run_refusing(const struct subject *s, unsigned long at, bool onwards, int site,
                                     uint64_t *digest) {
    struct lyap_error error = {0};
    remove_tree(scratch("out"));
    mkdir(scratch("out"), 0700);
    memset(inject.met, 0, sizeof inject.met);
    inject.at = at;
    inject.onwards = onwards;
    inject.site = site;
    inject.count = inject.refused = 0;
    inject.blocks = 0;
    *digest = LYAP_DIGEST_START;
    inject.armed = true;
    enum lyap_status status = s->run(digest, &error);
    inject.armed = false;
    size_t left = inject.blocks;
    const char *mode = onwards ? "all from allocation" : site >= 0 ? "the first of site" : "allocation";
    unsigned long which = site >= 0 ? (unsigned long)site : at;
    ck_assert_msg(left == 0, "%s, %s %lu refused: %zu blocks left", s->name, mode, which, left);
    ck_assert_msg(count_files(scratch("out"), true) == 0, "%s, %s %lu refused: half a file", s->name, mode, which);
    if (!status) return status;
    ck_assert_msg(inject.refused > 0, "%s: %s", s->name, error.message);
    ck_assert_msg(status == LYAP_ERROR_MEMORY || strstr(error.message, strerror(ENOMEM)), "%s, %s %lu: %d '%s'",
                  s->name, mode, which, status, error.message);
    ck_assert_msg(error.status == status && *error.message && !strchr(error.message, '\n'), "%s, %s %lu: '%s'", s->name,
                  mode, which, error.message);
    if (s->whole) ck_assert_msg(count_files(scratch("out"), false) == 0, "%s: files of a failed run", s->name);
    return status;
}

static void expect_failure_or_same(const struct subject *s, unsigned long at, bool onwards, int site,
                                   uint64_t expected) {
    uint64_t digest;
    if (run_refusing(s, at, onwards, site, &digest) || inject.refused == 0) return;
    ck_assert_msg(s->optional, "%s, allocation %lu (site %d) refused: it succeeds", s->name, at, site);
    ck_assert_msg(digest == expected, "%s, allocation %lu (site %d) refused: other results", s->name, at, site);
}

static const struct subject subjects[] = {
    {"lyap_ensemble_run", run_ensemble, false, false},
    {"lyap_ensemble_run with batches and threads", run_batches, false, false},
    {"lyap_ensemble_initial", run_initial, false, false},
    {"lyap_spectrum_run", run_spectrum, false, false},
    {"lyap_spectrum_run with batches and threads", run_spectrum_threads, false, false},
    {"lyap_spectrum_run, rescaled", run_rescaled, false, false},
    {"lyap_spectrum_run of a known system", run_henon, false, false},
    {"lyap_map_run", run_map, false, false},
    {"lyap_bifurcation_run", run_bifurcation, false, false},
    {"lyap_reference_*", run_reference, false, false},
    {"Kantz", run_kantz, false, false},
    {"Rosenstein", run_rosenstein, false, false},
    {"Wolf", run_wolf, false, false},
    {"lyap_series_read", read_series, false, false},
    {"lyap_dataset_parse", generate, false, false},
    {"one-hot, choose, split, standardise", prepare, true, false},
    {"CSV", read_csv, false, false},
    {".npy", read_npy, false, false},
    {"IDX", read_idx, false, false},
    {"CSV with gaps", read_loose, false, false},
    {"lyap_read_weights", read_weights, false, false},
    {"inference", infer, false, false},
    {"lyap_quantiles_add", tally, false, false},
    {"lyap_sketch_new", sketch, false, false},
    {"lyap_boxcount", count_boxes, false, false},
    {"lyap_output_*", write_file, false, false},
    {"lyap_write_initial", write_initial, false, false},
    {"lyap_draw", draw, true, true},
    {"lyap_gnuplot_find", find_gnuplot, false, false},
    {"checkpoint of an ensemble", keep_cells, false, false},
    {"checkpoint of a spectrum", keep_exponents, false, false},
    {"checkpoint of a map", keep_pixels, false, false},
    {"checkpoint of a bifurcation diagram", keep_points, false, false},
    {"gzip", read_gzip, false, false},
    {"a report", run_little_report, true, true},
};
enum { SUBJECTS = sizeof subjects / sizeof *subjects };

static void set_up(void) {
    const uint32_t sizes[] = {3, 2, 2};
    static const char table[] = "a,b,c\n1,2,3\n1,3,1\n2,2,0\n1,2.5,1\n";
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_xor(&corners, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_xor(&held_out, NULL), LYAP_OK);
    orbit = malloc(ORBIT * sizeof *orbit);
    double a = 0.1, b = 0.1;
    for (int i = 0; i < ORBIT; i++) {
        double next = 1 - 1.4 * a * a + b;
        b = 0.3 * a;
        orbit[i] = a = next;
    }
    scratch_file("table.csv", table, sizeof table - 1);
    scratch_file("weights.csv", "1,2,3,4,5,6,7,8,9\n9,8,7,6,5,4,3,2,1\n", 36);
    bytes.size = 0;
    put_npy(&bytes, 1, "<f8", "(3, 4)");
    for (int i = 0; i < 12; i++) put_double(&bytes, i / 7.0);
    write_bytes("doubles.npy", &bytes);
    static struct bytes packed;
    packed.size = 0;
    put_gzip(&packed, bytes.at, bytes.size);
    write_bytes("doubles.npy.gz", &packed);
    bytes.size = 0;
    put_npy(&bytes, 1, "|u1", "(3,)");
    put_hex(&bytes, "00 01 02");
    write_bytes("labels.npy", &bytes);
    bytes.size = 0;
    put_idx(&bytes, 0x08, 3, sizes);
    for (unsigned i = 0; i < 12; i++) put_byte(&bytes, 20 * i);
    write_bytes("images.idx", &bytes);
    mkdir(scratch("drawing"), 0700);
}

static void tear_down(void) {
    lyap_dataset_free(&corners);
    lyap_dataset_free(&held_out);
    free(orbit);
}

/* What follows a refusal is the same code everywhere: an emulated processor, a hundred times as slow, takes every fifth. */
static int stride(void) {
    const char *wrapper = getenv("EXEC_WRAPPER");
    return wrapper && *wrapper ? 5 : 1;
}

START_TEST(every_allocation_may_fail) {
    const struct subject *s = &subjects[_i];
    if (s->run == read_gzip && !lyap_source_unpacks()) return;
    if (s->run == find_gnuplot && setenv("PATH", scratch("bin"), 1) == 0) {
        mkdir(scratch("bin"), 0700);
        scratch_file("bin/gnuplot", "", 0);
        chmod(scratch("bin/gnuplot"), 0700);
    }
    uint64_t expected;
    ck_assert_msg(run_refusing(s, 0, false, -1, &expected) == LYAP_OK, "%s", s->name);
    unsigned long all = inject.count;
    ck_assert_msg(all > 0, "%s allocates nothing", s->name);
    for (unsigned long k = 1; k <= all; k += (unsigned long)stride()) {
        expect_failure_or_same(s, k, false, -1, expected);
        expect_failure_or_same(s, k, true, -1, expected);
    }
}
END_TEST

/* Long ones: every place that allocates and that no test above has refused is refused once. */
static void refuse_each_site(const struct subject *s) {
    uint64_t expected;
    ck_assert_msg(run_refusing(s, 0, false, -1, &expected) == LYAP_OK, "%s", s->name);
    const int step = stride() > 1 ? 50 : 1; /* what the strides above left out would take half an hour here */
    for (int site = 0; site < sites->count; site += step)
        if (!sites->refused[site]) expect_failure_or_same(s, 0, false, site, expected);
}

START_TEST(every_place_of_a_long_run_may_fail) {
    static const struct subject runs[] = {{"lyap_validate", run_validate, false, false},
                                          {"lyap_validate of a series", run_validate_series, false, false},
                                          {"lyap_workload_digest", run_workload, false, false},
                                          {"lyap_paper_run", run_paper, false, false},
                                          {"lyap_selection_run", run_selection, false, false}};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) refuse_each_site(&runs[i]);
}
END_TEST

/* The sections themselves take minutes; make check-allocation-report asks for them. */
START_TEST(every_place_of_a_report_may_fail) {
    section = &lyap_sections[_i];
    const struct subject s = {(*section)->id, run_report, true, true};
    refuse_each_site(&s);
}
END_TEST

int main(void) {
    sites_open();
    Suite *suite = suite_create("allocation");
    TCase *tests = tcase_create("allocation");
    tcase_set_timeout(tests, getenv("ALLOCATION_REPORT") ? 1200 : 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, every_allocation_may_fail, 0, SUBJECTS);
    tcase_add_test(tests, every_place_of_a_long_run_may_fail);
    int sections = 0;
    while (getenv("ALLOCATION_REPORT") && lyap_sections[sections]) sections++;
    tcase_add_loop_test(tests, every_place_of_a_report_may_fail, 0, sections);
    suite_add_tcase(suite, tests);
    int status = run_suite(suite);
    sites_write((const void *)(intptr_t)main);
    return status;
}
#else
#include "support.h"

/* The linker of this system has no --wrap (macOS), which is how the calls of the allocators are reached. */
int main(void) {
    puts("check_allocation: this linker has no --wrap, so no allocation can be refused");
    return run_suite(suite_create("allocation"));
}
#endif
