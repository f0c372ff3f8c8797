/* Memory that runs out in what a file or a series is read into, in statistics, and in what is written. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#ifdef LYAP_TEST_WRAP
#include "lyapgrad/box_count.h"
#include "io/csv.h"
#include "figure/gnuplot.h"
#include "results/manifest_read.h"
#include "base/number.h"
#include "io/output_file.h"
#include "results/cells_table.h"
#include "report/report.h"
#include "results/series_file.h"
#include "io/table.h"
#include "tests/allocation.h"
#include "tests/arrays.h"
#include "lyapgrad/lyapgrad.h"

static struct bytes bytes;
static double *orbit;
enum { ORBIT = 400 };

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
    struct lyap_series_found found;
    enum lyap_status status = lyap_series_read(&choice, &x, &n, &found, error);
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
    static const char *const texts[] = {"xor",
                                        "xor-noisy:2,8,0.1",
                                        "parity:3",
                                        "circles:6,0.1",
                                        "spirals:6,0.1",
                                        "moons:6,0.1",
                                        "blobs:6,2,2,1",
                                        "glyphs:6,0.1",
                                        "linear-teacher:6,2,1,0.1",
                                        "teacher:2-3-1,6"};
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

/* Quotes, row names, class names; then what is found out about the data. */
static enum lyap_status read_names(uint64_t *digest, struct lyap_error *error) {
    struct lyap_dataset data, test = {0};
    struct lyap_data_file file = {.targets = 1, .class_names = true}, held = {.targets = 1, .class_names = true};
    struct lyap_data_notes notes;
    char path[600], second[600];
    size_t *count = NULL, classes = 0;
    double mean[2], deviation[2];
    bool kept[6];
    snprintf(path, sizeof path, "%s", scratch("names.csv"));
    snprintf(second, sizeof second, "%s", scratch("held.csv"));
    file.path = path;
    held.path = second;
    held.like = &file;
    enum lyap_status status = lyap_dataset_read_file(&data, &file, error);
    if (!status) status = lyap_dataset_inspect(&data, &notes, error);
    if (!status) status = lyap_dataset_one_hot(&data, 0, error);
    if (!status) status = lyap_dataset_count_classes(&data, &count, &classes, error);
    if (!status) status = lyap_dataset_divided(&data, 0.5, 1, kept, error);
    if (!status) status = lyap_dataset_moments(&data, NULL, mean, deviation, error);
    if (!status) status = lyap_dataset_read_file(&test, &held, error);
    free(count);
    lyap_dataset_free(&test);
    if (!status) *digest = digest_reals(*digest, mean, 2);
    expect(status || (file.class_count == 3 && file.name_count == 2 && classes == 3));
    lyap_data_file_free(&file);
    lyap_data_file_free(&held);
    if (!status) *digest = digest_reals(*digest, data.y, data.samples * data.outputs);
    lyap_dataset_free(&data);
    return status;
}

static enum lyap_status read_counts(uint64_t *digest, struct lyap_error *error) {
    return read_file("counts.csv", NULL, digest, error);
}

static enum lyap_status read_fortran(uint64_t *digest, struct lyap_error *error) {
    return read_file("fortran.npy", NULL, digest, error);
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
        status = lyap_bootstrap_correlation((enum lyap_correlation)kind, &(const struct lyap_observations){x, y, z, N},
                                            100, 1, &e, error);
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
    static struct lyap_output_watch watch;
    struct lyap_output output;
    char path[600];
    snprintf(path, sizeof path, "%s", scratch("out/deep"));
    enum lyap_status status = lyap_output_directory(path, &watch, error);
    for (int again = 0; again < 2 && !status; again++) { /* made, then replaced */
        status = lyap_output_open_in(&output, path, "file", &watch, error);
        if (status) break;
        fputs("whole\n", output.file);
        status = lyap_output_sync(&output, error);
        if (!status) status = lyap_output_commit(&output, error);
        lyap_output_abandon(&output);
    }
    lyap_output_watch_settle(&watch);
    *digest = 1;
    return status;
}

/* The starting points as CSV and as .npy. */
static enum lyap_status write_initial(uint64_t *digest, struct lyap_error *error) {
    struct lyap_plan plan = small_plan();
    enum lyap_status status = LYAP_OK;
    for (int npy = 0; npy < 2 && !status; npy++) {
        struct lyap_output output;
        status = lyap_output_open_in(&output, scratch("out"), npy ? "w.npy" : "w.csv", NULL, error);
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

/* A section with one of each: a test, a data file, text, a table, a figure, a verdict. */
static enum lyap_status compute_little(struct lyap_report *report, void **state, struct lyap_error *error) {
    (void)state, (void)error;
    lyap_report_test(report, "C1", 0.01, 100, "a %s", "test");
    return LYAP_OK;
}

LYAP_COLUMN(number, struct lyap_report, lyap_any_value(1.5))
static const struct lyap_column little_columns[] = {{"number", NULL, "a number", LYAP_COLUMN_REAL, number, NULL}};
static const struct lyap_schema little_schema = {"little.csv", "a number", {LYAP_GROUP(little_columns)}};
static const struct lyap_schema *const little_tables[] = {&little_schema, NULL};
static const char *const no_figures[] = {NULL};

static enum lyap_status write_little(struct lyap_report *report, void *state, struct lyap_error *error) {
    static const char *const heads[] = {"a", "b"};
    static const double x[] = {1, 2, 3};
    static struct lyap_chart chart;
    struct lyap_document *d = lyap_report_document(report);
    (void)state;
    FILE *data = lyap_report_table(report, &little_schema, NULL, error);
    if (!data) return error->status;
    lyap_schema_row(data, &little_schema, NULL, report);
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
    lyap_report_judge(report, &(const struct lyap_report_judgement){"A", "a claim", LYAP_HOLDS, NULL}, "a reason");
    lyap_report_judge(report, &(const struct lyap_report_judgement){"C1", "a claim", LYAP_HOLDS, "r = 0.5"},
                      "a reason");
    lyap_report_effect(report, "C1", &(const struct lyap_estimate){0.5, 0.4, 0.6}, "an effect");
    lyap_report_sentence(report, "instead", "Use the loss.");
    lyap_report_cite(report, "A. Author, 2000");
    lyap_document_paragraph(lyap_report_appendix(report), "More.");
    return LYAP_OK;
}

static void release_nothing(void *state) {
    (void)state;
}

static enum lyap_status run_little_report(uint64_t *digest, struct lyap_error *error) {
    static const struct lyap_section little = {"A",          "Does A?",       LYAP_PART_C1,  1,         compute_little,
                                               write_little, release_nothing, little_tables, no_figures};
    static const struct lyap_section *const sections[] = {&little, NULL};
    const struct lyap_report_options options = {.seed = 1, .seeds = 2, .scale = 1, .threads = 1};
    char directory[600];
    snprintf(directory, sizeof directory, "%s", scratch("out"));
    *digest = 1;
    return lyap_sections_run(&options, sections, directory, NULL, error);
}

/* A run into a directory that has the results of another, whose table `old` goes. */
static enum lyap_status write_set(uint64_t *digest, struct lyap_error *error) {
    static const char manifest[] = "version = 1\ncommand = lyapgrad run\nfiles = old new\n";
    struct lyap_file_roles roles = {0};
    struct lyap_earlier earlier = {0};
    struct lyap_output_set set = {0};
    char directory[600], old[600], link[600];
    inject.armed = false;
    snprintf(directory, sizeof directory, "%s", scratch("set"));
    snprintf(old, sizeof old, "%s", scratch("set/old"));
    snprintf(link, sizeof link, "%s", scratch("set/link"));
    mkdir(directory, 0700);
    if (access(link, F_OK) != 0) (void)!symlink("behind/the/link", link);
    scratch_file("set/manifest.txt", manifest, sizeof manifest - 1);
    scratch_file("set/old", "x", 1);
    inject.armed = true;
    lyap_file_roles_add(&roles, LYAP_FILE_READ, "--data", "in");
    lyap_file_roles_add(&roles, LYAP_FILE_WRITTEN, "--save", link);
    for (int i = 0; i < 40; i++) lyap_file_roles_add_in(&roles, LYAP_FILE_DIRECTORY, "--checkpoint", directory, "none");
    enum lyap_status status = lyap_file_roles_check(&roles, error);
    if (!status) status = lyap_earlier_read(&earlier, directory, error);
    if (!status) status = lyap_output_set_open(&set, directory, &roles, NULL, error);
    if (!status) status = lyap_earlier_name(&earlier, NULL, NULL, &set, error);
    if (!status && !lyap_output_set_add(&set, "new", error)) status = error->status;
    if (!status && !lyap_output_set_add_path(&set, scratch("elsewhere"), error)) status = error->status;
    if (!status) status = lyap_output_set_commit(&set, error);
    lyap_output_set_abandon(&set);
    lyap_earlier_free(&earlier);
    lyap_file_roles_free(&roles);
    *digest = status ? 0 : 1;
    expect((access(old, F_OK) != 0) == (status == LYAP_OK));
    return status;
}

static const struct subject subjects[] = {
    {"Kantz", run_kantz, false, false},
    {"Rosenstein", run_rosenstein, false, false},
    {"Wolf", run_wolf, false, false},
    {"lyap_series_read", read_series, false, false},
    {"lyap_dataset_parse", generate, false, false},
    {"one-hot, choose, split, standardise", prepare, true, false},
    {"CSV", read_csv, false, false},
    {"CSV with names", read_names, false, false},
    {"CSV that begins with 0, 1, 2", read_counts, false, false},
    {".npy in Fortran order", read_fortran, false, false},
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
    {"gzip", read_gzip, false, false},
    {"a report", run_little_report, true, true},
    {"lyap_output_set_*", write_set, false, true},
};
enum { SUBJECTS = sizeof subjects / sizeof *subjects };

static void set_up(void) {
    const uint32_t sizes[] = {3, 2, 2};
    static const char table[] = "a,b,c\n1,2,3\n1,3,1\n2,2,0\n1,2.5,1\n";
    make_network();
    orbit = malloc(ORBIT * sizeof *orbit);
    double a = 0.1, b = 0.1;
    for (int i = 0; i < ORBIT; i++) {
        double next = 1 - 1.4 * a * a + b;
        b = 0.3 * a;
        orbit[i] = a = next;
    }
    scratch_file("table.csv", table, sizeof table - 1);
    static const char names[] = "x;y;kind\n\"a\";1,5;2;\"red; or \"\"blue\"\"\"\nb;2;3;green\nc;3;5;blue\nd;1;1;blue\n";
    scratch_file("names.csv", names, sizeof names - 1);
    scratch_file("held.csv", "1 2 green\n", 10);
    scratch_file("counts.csv", "0,1,2\n1.5,2,3\n", 14);
    scratch_file("weights.csv", "1,2,3,4,5,6,7,8,9\n9,8,7,6,5,4,3,2,1\n", 36);
    bytes.size = 0;
    put_npy(&bytes, 1, "<f8", "(3, 4)");
    for (int i = 0; i < 12; i++) put_double(&bytes, i / 7.0);
    write_bytes("doubles.npy", &bytes);
    bytes.size = 0;
    put_npy_start(&bytes, 1, "{'descr': '<f2', 'fortran_order': True, 'shape': (3, 2), }\n");
    for (unsigned i = 0; i < 6; i++) put_little(&bytes, 0x3c00 + i, 2);
    write_bytes("fortran.npy", &bytes);
    bytes.size = 0;
    put_npy(&bytes, 1, "<f8", "(3, 4)");
    for (int i = 0; i < 12; i++) put_double(&bytes, i / 7.0);
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
    free(orbit);
}

START_TEST(every_allocation_may_fail) {
    const struct subject *s = &subjects[_i];
    if (s->run == read_gzip && !lyap_source_unpacks()) SKIP("this build has no zlib");
    if (s->run == find_gnuplot && setenv("PATH", scratch("bin"), 1) == 0) {
        mkdir(scratch("bin"), 0700);
        scratch_file("bin/gnuplot", "", 0);
        chmod(scratch("bin/gnuplot"), 0700);
    }
    refuse_each_allocation(s);
}
END_TEST

int main(void) {
    sites_open();
    Suite *suite = suite_create("allocation_files");
    TCase *tests = tcase_create("allocation_files");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, every_allocation_may_fail, 0, SUBJECTS);
    suite_add_tcase(suite, tests);
    int status = run_suite(suite);
    sites_write((const void *)(intptr_t)main);
    return status;
}
#else
#include "tests/support.h"

/* The linker of this system has no --wrap (macOS), which is how the calls of the allocators are reached. */
int main(void) {
    report_skip("skipped", "every_allocation_may_fail", "this linker has no --wrap, so no allocation can be refused");
    return run_suite(suite_create("allocation_files"));
}
#endif
