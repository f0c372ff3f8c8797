/* lyapgrad series: the exponent of a recorded series, by the estimators of the literature. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/data_shown.h"
#include "cli/results.h"
#include "results/manifest.h"
#include "cli/options/numbers.h"
#include "io/output_file.h"
#include "results/series_file.h"
#include "lyapgrad/series.h"
#include "lyapgrad/status.h"

extern const struct cli_command cli_series;

struct command_line {
    struct lyap_series_options options;
    struct lyap_series_choice choice;
    const char *out;
    bool quiet;
    int argc; /* for the manifest */
    char **argv;
};

enum table { CURVE, SCRIPT, MANIFEST, TABLES };
static const char *const names[TABLES] = {"divergence.csv", "divergence.gp", "manifest.txt"};

/* "FIRST:LAST"; `open` allows "FIRST:" for up to the end (*last = 0). */
static bool read_span(const struct cli_option *option, const char *text, bool open, uint64_t *first, uint64_t *last) {
    const size_t length = strlen(text);
    const bool whole = open && length > 0 && text[length - 1] == ':';
    char start[64] = "";
    uint64_t numbers[2] = {0};
    if (whole && length < sizeof start) memcpy(start, text, length - 1);
    bool good = whole ? cli_counts(start, ':', 1, numbers) == 1
                      : cli_counts(text, ':', 2, numbers) == 2 && numbers[1] >= numbers[0];
    if (!good || numbers[0] < option->least || numbers[0] > INT64_MAX || numbers[1] > INT64_MAX) {
        cli_complain("--%s: '%.60s' is malformed; expected FIRST:LAST, whole numbers, %llu <= FIRST <= LAST%s",
                     option->name, text, (unsigned long long)option->least, open ? ", or FIRST: for the rest" : "");
        return false;
    }
    *first = numbers[0];
    *last = numbers[1];
    return true;
}

static bool read_rows(const struct cli_option *option, const char *text, void *group) {
    struct command_line *line = group;
    return read_span(option, text, true, &line->choice.first, &line->choice.last);
}

static bool read_fit(const struct cli_option *option, const char *text, void *group) {
    struct lyap_series_options *o = &((struct command_line *)group)->options;
    uint64_t first, last;
    if (!read_span(option, text, false, &first, &last)) return false;
    o->fit_first = (int64_t)first;
    o->fit_last = (int64_t)last;
    return true;
}

static const char *method(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i < LYAP_SERIES_METHOD_COUNT ? lyap_series_method_name((enum lyap_series_method)i) : NULL;
}
static const struct cli_words methods = {"method", method, NULL};

enum {
    WITH_CURVE = 1 << LYAP_SERIES_KANTZ | 1 << LYAP_SERIES_ROSENSTEIN,
    WITH_RADIUS = 1 << LYAP_SERIES_KANTZ,
    WITH_REPLACEMENT = 1 << LYAP_SERIES_WOLF
};

#define LONGEST (INT64_MAX / 128)

static const struct cli_option own[] = {
    {.name = "method",
     .value = "NAME",
     .type = CLI_WORD,
     .help = "estimator of the literature",
     .words = &methods,
     .standard = "kantz",
     .into = CLI_INTO(struct command_line, options.method)},
    {.name = "column",
     .value = "NAME|N",
     .type = CLI_FORM,
     .help = "the column, by its name or its number from 1 on",
     .absent = "the only one",
     .into = CLI_INTO(struct command_line, choice.column)},
    {.name = "where",
     .value = "COLUMN=NUMBER",
     .type = CLI_FORM,
     .help = "only the rows with that value, as in cell=0",
     .absent = "all rows",
     .into = CLI_INTO(struct command_line, choice.where)},
    {.name = "rows",
     .value = "FIRST:LAST",
     .type = CLI_FORM,
     .help = "a part of these rows, from 1 on; FIRST: for the rest",
     .least = 1,
     .absent = "all",
     .read = read_rows},
    {.name = "dimension",
     .value = "N",
     .type = CLI_COUNT,
     .help = "dimension of the delay vectors",
     .least = 1,
     .most = 64,
     .standard = "2",
     .into = CLI_INTO(struct command_line, options.dimension)},
    {.name = "delay",
     .value = "N",
     .type = CLI_COUNT,
     .help = "time between the coordinates of a delay vector",
     .least = 1,
     .most = LONGEST,
     .unit = "samples",
     .standard = "1",
     .into = CLI_INTO(struct command_line, options.delay)},
    {.name = "theiler",
     .value = "N",
     .type = CLI_COUNT,
     .help = "neighbours are more than this apart in time",
     .most = LONGEST,
     .unit = "samples",
     .absent = "the mean period, see manifest.txt",
     .into = CLI_INTO(struct command_line, options.theiler)},
    {.name = "steps",
     .value = "N",
     .type = CLI_COUNT,
     .help = "length of the curve",
     .least = 2,
     .most = 10000,
     .unit = "samples",
     .absent = "20 delays",
     .with = &methods,
     .choices = WITH_CURVE,
     .into = CLI_INTO(struct command_line, options.steps)},
    {.name = "radius",
     .value = "R",
     .type = CLI_REAL,
     .help = "distance of the farthest neighbour, in the unit of the series",
     .range = CLI_ABOVE(0),
     .absent = "kantz: nine vectors in ten have --min-neighbours; wolf: nine in ten have 50; rosenstein: no limit",
     .into = CLI_INTO(struct command_line, options.radius)},
    {.name = "min-distance",
     .value = "R",
     .type = CLI_REAL,
     .help = "distance of the nearest neighbour, the noise floor, in the unit of the series",
     .range = CLI_AT_LEAST(0),
     .standard = "0",
     .into = CLI_INTO(struct command_line, options.min_distance)},
    {.name = "min-neighbours",
     .value = "N",
     .type = CLI_COUNT,
     .help = "fewest neighbours of a reference point",
     .least = 1,
     .most = 10000,
     .standard = "10",
     .with = &methods,
     .choices = WITH_RADIUS,
     .into = CLI_INTO(struct command_line, options.min_neighbours)},
    {.name = "references",
     .value = "N",
     .type = CLI_COUNT,
     .help = "at most N reference points, evenly spread",
     .least = 20,
     .most = LONGEST,
     .absent = "all",
     .with = &methods,
     .choices = WITH_CURVE,
     .into = CLI_INTO(struct command_line, options.references)},
    {.name = "evolve",
     .value = "N",
     .type = CLI_COUNT,
     .help = "time between replacements",
     .least = 1,
     .most = LONGEST,
     .unit = "samples",
     .absent = "the delay",
     .with = &methods,
     .choices = WITH_REPLACEMENT,
     .into = CLI_INTO(struct command_line, options.evolve)},
    {.name = "angle",
     .value = "R",
     .type = CLI_REAL,
     .help = "largest turn of a replacement",
     .range = {0, 1.5707963267948966, true, false},
     .unit = "radians",
     .standard = "0.3",
     .with = &methods,
     .choices = WITH_REPLACEMENT,
     .into = CLI_INTO(struct command_line, options.angle)},
    {.name = "fit",
     .value = "FIRST:LAST",
     .type = CLI_FORM,
     .help = "steps of the straight part, both ends in",
     .absent = "half the way to saturation, behind the embedding's span",
     .read = read_fit},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own};

static bool read_options(const struct cli_values *values, struct command_line *line) {
    struct lyap_series_options *o = &line->options;
    struct cli_common common;
    lyap_series_defaults(o);
    struct cli_data data = {0};
    if (!cli_read(values, &own_group, line) || !cli_read(values, &cli_data_options, &data) ||
        !cli_choice_fits(values, &methods, (int)o->method) || !cli_common_read(&common, values))
        return false;
    line->choice.header = data.header;
    o->threads = common.threads;
    line->quiet = common.quiet;
    line->out = common.out;
    o->progress = cli_progress;
    o->progress_context = &line->quiet;
    return true;
}

static void put_count(FILE *file, const char *key, uint64_t value) {
    fprintf(file, "%s = %llu\n", key, (unsigned long long)value);
}

static void put_real(FILE *file, const char *key, double value) {
    char text[32];
    fprintf(file, "%s = %s\n", key, lyap_format_real(value, text));
}

/* Every setting that the method uses, with the choices made. */
static void put_settings(FILE *file, const struct lyap_series_result *r) {
    const struct command_line used = {.options = r->used};
    for (const struct cli_option *o = own; o->name; o++) {
        const bool settings = o->into.size && o->type != CLI_FORM;
        const bool unset = strcmp(o->name, "radius") == 0 && r->used.radius <= 0;
        const bool counted = strcmp(o->name, "references") == 0; /* with the results */
        if (settings && !unset && !counted && (!o->with || o->choices >> r->used.method & 1))
            cli_put(file, &own_group, o->name, &used);
        if (strcmp(o->name, "method") == 0) put_count(file, "samples", r->samples);
    }
}

static void write_manifest(FILE *file, const struct command_line *line, const char *column,
                           const struct lyap_series_result *r, const struct cli_results *results) {
    lyap_manifest_head(file, line->argc, line->argv);
    const struct cli_data data = {.header = line->choice.header};
    if (data.header != LYAP_HEADER_DETECT) cli_put(file, &cli_data_options, "header", &data);
    lyap_manifest_words(file, "column", column);
    put_settings(file, r);
    fprintf(file, "status = %s\n", lyap_series_status_name(r->status));
    if (r->used.fit_first != LYAP_SERIES_CHOOSE)
        fprintf(file, "fit = %lld:%lld\n", (long long)r->used.fit_first, (long long)r->used.fit_last);
    if (r->status == LYAP_SERIES_OK) {
        put_count(file, "fit-points", r->fit_points);
        put_real(file, "slope", r->slope);
        put_real(file, "standard-error", r->error);
        put_real(file, "interval-low", r->low);
        put_real(file, "interval-high", r->high);
        put_real(file, "intercept", r->intercept);
        put_real(file, "residual", r->residual);
        put_real(file, "slope-early", r->slope_early);
        put_real(file, "slope-late", r->slope_late);
    }
    put_real(file, "adjacent", r->adjacent);
    put_count(file, "blocks", r->blocks);
    put_count(file, "references", r->references);
    put_count(file, "references-tried", r->candidates);
    if (r->used.method == LYAP_SERIES_WOLF) {
        put_count(file, "replaced", r->replaced);
        put_count(file, "retained", r->retained);
        put_count(file, "merged", r->merged);
    }
    cli_results_manifest(results, file);
    fprintf(file, "digest = %016llx\n", (unsigned long long)lyap_series_digest(r));
}

/* What was read. */
static void print_read(const struct command_line *line, const struct lyap_series_found *found) {
    char form[200];
    printf("%s: %zu row%s, %zu column%s; %s\n", line->choice.path, found->rows, found->rows == 1 ? "" : "s",
           found->columns, found->columns == 1 ? "" : "s", cli_form_text(&found->form, form, sizeof form));
}

static void print_summary(const struct command_line *line, const char *column, const struct lyap_series_result *r,
                          double took) {
    const struct lyap_series_options *o = &r->used;
    bool wolf = o->method == LYAP_SERIES_WOLF;
    printf("column %s: %llu samples, %s, dimension %d, delay %lld, Theiler window %lld", column,
           (unsigned long long)r->samples, lyap_series_method_name(o->method), o->dimension, (long long)o->delay,
           (long long)o->theiler);
    if (o->radius > 0) printf(", radius %.4g", o->radius);
    printf("\n\n");
    if (r->status == LYAP_SERIES_OK) {
        printf("  exponent    %.6g +- %.2g nats/sample, 95 %% interval %.6g .. %.6g\n", r->slope, r->error, r->low,
               r->high);
        printf("  fit window  %s %lld:%lld, %llu %s; first half %.4g, second half %.4g", wolf ? "samples" : "steps",
               (long long)o->fit_first, (long long)o->fit_last, (unsigned long long)r->fit_points,
               wolf ? "intervals" : "points", r->slope_early, r->slope_late);
        if (!wolf) printf("; residual %.2g nats", r->residual);
        putchar('\n');
        if (!wolf && fabs(r->slope_early - r->slope_late) > 0.2 * fabs(r->slope) + r->error)
            puts("              the halves disagree: the curve is not straight; look at it and declare --fit");
        if (r->adjacent > 0.5)
            printf("              %.0f %% of the neighbours are adjacent in time: a drift or transient, whose rate "
                   "this is, "
                   "or --theiler is too small\n",
                   100 * r->adjacent);
    } else {
        puts("  exponent    none");
    }
    printf("  %s  %llu of %llu", wolf ? "intervals " : "references", (unsigned long long)r->references,
           (unsigned long long)r->candidates);
    if (wolf)
        printf("; neighbour replaced %llu times, kept too far away %llu, merged %llu", (unsigned long long)r->replaced,
               (unsigned long long)r->retained, (unsigned long long)r->merged);
    printf("\n  status      %s\n  digest      %016llx  (%.3g s)\n  tables      %s\n",
           lyap_series_status_name(r->status), (unsigned long long)lyap_series_digest(r), took, line->out);
}

static enum lyap_status write_files(const struct command_line *line, const char *column,
                                    const struct lyap_series_result *r, struct cli_results *results,
                                    struct lyap_error *error) {
    FILE *outputs[TABLES] = {NULL};
    char title[256];
    const char *slash = strrchr(line->choice.path, '/');
    snprintf(title, sizeof title, "%.120s, column %s, %llu samples, dimension %d, delay %lld",
             slash ? slash + 1 : line->choice.path, column, (unsigned long long)r->samples, r->used.dimension,
             (long long)r->used.delay);
    enum lyap_status status = cli_results_open(results, error);
    for (int t = 0; t < TABLES && !status; t++) status = cli_results_add(results, names[t], &outputs[t], error);
    if (status) return status;
    lyap_series_write_curve(outputs[CURVE], r);
    lyap_series_write_script(outputs[SCRIPT], r, title);
    write_manifest(outputs[MANIFEST], line, column, r, results);
    return lyap_output_set_commit(&results->set, error);
}

static void name_files(const struct command_line *line, struct cli_results *results) {
    cli_results_start(results, "series", line->out);
    cli_results_reads(results, cli_series.operand_form, line->choice.path);
    for (int t = 0; t < TABLES; t++) cli_results_table(results, names[t]);
}

/* The option that decides. */
static void add_help(struct lyap_error *error) {
    const struct lyap_error inner = *error;
    lyap_fail(error, inner.status, "%.420s; --header yes or --header no decides", inner.message);
}

static int run_series(struct command_line *line) {
    struct lyap_error error = {0};
    struct lyap_series_result result = {0};
    struct cli_results results;
    double *x = NULL, start = cli_seconds();
    size_t n = 0;
    struct lyap_series_found found = {.need = LYAP_NEED_NOTHING};
    const char *column = found.column;
    name_files(line, &results);
    enum lyap_status status = cli_results_probe(&results, &error);
    if (!status) status = lyap_series_read(&line->choice, &x, &n, &found, &error);
    if (status && found.need == LYAP_NEED_HEADER) add_help(&error);
    if (!status) status = lyap_series_run(x, n, &line->options, &result, &error);
    double took = cli_seconds() - start;
    if (!status) status = write_files(line, column, &result, &results, &error);
    cli_results_free(&results);
    int code = status ? cli_fail(&error) : 0;
    if (!status && !line->quiet) {
        print_read(line, &found);
        print_summary(line, column, &result, took);
    }
    if (!status && result.status != LYAP_SERIES_OK) {
        cli_complain("%.200s, column %s: no exponent: %s", line->choice.path, column,
                     lyap_series_status_reason(result.status));
        code = EXIT_BAD_RUN;
    }
    lyap_series_free(&result);
    free(x);
    return code;
}

static int series(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    struct command_line line = {.argc = argc + 2, .argv = argv - 2};
    int status;
    struct cli_operands file = {&line.choice.path, 1, 0};
    if (!cli_parse_operands(&values, command, argc, argv, &file, &status)) return status;
    if (!read_options(&values, &line)) return EXIT_BAD_USAGE;
    return run_series(&line);
}

static const struct cli_change common[] = {{.name = "out", .standard = "out/series"}, {.name = NULL}};
static const struct cli_use options[] = {{.group = &own_group},
                                         {.group = &cli_data_options, .only = "header"},
                                         {.group = &cli_common_options, .only = "threads out quiet", .changes = common},
                                         {.group = NULL}};
static const struct lyap_schema *const tables[] = {&lyap_divergence_schema, NULL};
const struct cli_command cli_series = {
    .name = "series",
    .summary = "exponent of a recorded series, by Kantz, Rosenstein or Wolf",
    .example = "lyapgrad series out/run/series.csv --column loss --where cell=0 --method rosenstein --dimension 3",
    .options = options,
    .operand = CLI_ONE_FILE,
    .operand_form = "FILE",
    .operand_help = "recorded series: a CSV file, or an .npy array of one dimension or of samples by columns; also "
                    "gzip-compressed",
    .files = "divergence.csv, the divergence curve, and divergence.gp.",
    .tables = tables,
    .run = series,
};
