/* lyapgrad series: the exponent of a recorded series, by the estimators of the literature. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/results.h"
#include "results/manifest.h"
#include "base/number.h"
#include "io/output_file.h"
#include "results/series_file.h"

static const char form[] = "FILE.csv";

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
static bool read_span(const struct cli_values *values, const char *name, uint64_t low, bool open, uint64_t *first,
                      uint64_t *last) {
    const char *text = cli_text(values, name), *colon = text ? strchr(text, ':') : NULL;
    char start[32];
    if (!text) return true;
    size_t length = colon ? (size_t)(colon - text) : 0;
    if (colon && length < sizeof start) {
        memcpy(start, text, length);
        start[length] = '\0';
        bool whole = open && !colon[1];
        *last = 0;
        if (lyap_number_count(start, INT64_MAX, first) && *first >= low &&
            (whole || (lyap_number_count(colon + 1, INT64_MAX, last) && *last >= *first)))
            return true;
    }
    cli_complain("--%s: '%.60s' is malformed; expected FIRST:LAST, whole numbers, %llu <= FIRST <= LAST%s", name, text,
                 (unsigned long long)low, open ? ", or FIRST: for the rest" : "");
    return false;
}

/* A whole number for a field that has a default of its own. */
static bool read_count(const struct cli_values *values, const char *name, uint64_t low, uint64_t high, int64_t *field) {
    uint64_t value = 0;
    if (!cli_text(values, name)) return true;
    if (!cli_count(values, name, low, high, &value)) return false;
    *field = (int64_t)value;
    return true;
}

static bool read_positive(const struct cli_values *values, const char *name, double *field) {
    if (!cli_real(values, name, field)) return false;
    if (!cli_text(values, name) || *field > 0) return true;
    cli_complain("--%s: %.60s is out of range; expected a number above 0", name, cli_text(values, name));
    return false;
}

/* Options that one method knows and another would silently ignore. */
static bool check_use(const struct cli_values *values, enum lyap_series_method method) {
    static const struct {
        const char *option;
        enum lyap_series_method methods[2];
    } use[] = {
        {"steps", {LYAP_SERIES_KANTZ, LYAP_SERIES_ROSENSTEIN}},
        {"references", {LYAP_SERIES_KANTZ, LYAP_SERIES_ROSENSTEIN}},
        {"min-neighbours", {LYAP_SERIES_KANTZ, LYAP_SERIES_KANTZ}},
        {"evolve", {LYAP_SERIES_WOLF, LYAP_SERIES_WOLF}},
        {"angle", {LYAP_SERIES_WOLF, LYAP_SERIES_WOLF}},
    };
    for (size_t i = 0; i < sizeof use / sizeof *use; i++) {
        if (!cli_text(values, use[i].option) || method == use[i].methods[0] || method == use[i].methods[1]) continue;
        cli_complain("--%s: method %s does not use it; leave it out", use[i].option, lyap_series_method_name(method));
        return false;
    }
    return true;
}

static bool read_options(const struct cli_values *values, struct command_line *line) {
    struct lyap_series_options *o = &line->options;
    struct lyap_error error;
    const int64_t longest = INT64_MAX / 128;
    uint64_t dimension = 2, first = 0, last = 0;
    const char *method = cli_text(values, "method"), *out = cli_text(values, "out");
    lyap_series_defaults(o);
    if (method && lyap_series_method_parse(method, &o->method, &error)) return cli_fail(&error), false;
    if (!check_use(values, o->method) || !cli_count(values, "dimension", 1, 64, &dimension) ||
        !read_count(values, "delay", 1, (uint64_t)longest, &o->delay) ||
        !read_count(values, "theiler", 0, (uint64_t)longest, &o->theiler) ||
        !read_count(values, "steps", 2, 10000, &o->steps) ||
        !read_count(values, "min-neighbours", 1, 10000, &o->min_neighbours) ||
        !read_count(values, "references", 20, (uint64_t)longest, &o->references) ||
        !read_count(values, "evolve", 1, (uint64_t)longest, &o->evolve) ||
        !read_positive(values, "radius", &o->radius) || !read_positive(values, "min-distance", &o->min_distance) ||
        !read_positive(values, "angle", &o->angle) || !read_span(values, "fit", 0, false, &first, &last) ||
        !read_span(values, "rows", 1, true, &line->choice.first, &line->choice.last) ||
        !cli_threads(values, &o->threads))
        return false;
    if (out && !*out) return cli_complain("--out: the name is empty"), false;
    o->dimension = (int)dimension;
    if (cli_text(values, "fit")) {
        o->fit_first = (int64_t)first;
        o->fit_last = (int64_t)last;
    }
    line->choice.column = cli_text(values, "column");
    line->choice.where = cli_text(values, "where");
    line->quiet = cli_text(values, "quiet") != NULL;
    line->out = out ? out : "out/series";
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
    const struct lyap_series_options *o = &r->used;
    bool wolf = o->method == LYAP_SERIES_WOLF;
    fprintf(file, "method = %s\n", lyap_series_method_name(o->method));
    put_count(file, "samples", r->samples);
    put_count(file, "dimension", (uint64_t)o->dimension);
    put_count(file, "delay", (uint64_t)o->delay);
    put_count(file, "theiler", (uint64_t)o->theiler);
    if (!wolf) put_count(file, "steps", (uint64_t)o->steps);
    if (o->radius > 0) put_real(file, "radius", o->radius);
    put_real(file, "min-distance", o->min_distance);
    if (o->method == LYAP_SERIES_KANTZ) put_count(file, "min-neighbours", (uint64_t)o->min_neighbours);
    if (wolf) put_count(file, "evolve", (uint64_t)o->evolve);
    if (wolf) put_real(file, "angle", o->angle);
}

static void write_manifest(FILE *file, const struct command_line *line, const char *column,
                           const struct lyap_series_result *r, const struct cli_results *results) {
    lyap_manifest_head(file, line->argc, line->argv);
    fprintf(file, "column = %s\n", column);
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

static void print_summary(const struct command_line *line, const char *column, const struct lyap_series_result *r,
                          double took) {
    const struct lyap_series_options *o = &r->used;
    bool wolf = o->method == LYAP_SERIES_WOLF;
    printf("%s, column %s: %llu samples, %s, dimension %d, delay %lld, Theiler window %lld", line->choice.path, column,
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
    cli_results_reads(results, form, line->choice.path);
    for (int t = 0; t < TABLES; t++) cli_results_table(results, names[t]);
}

static int run_series(struct command_line *line) {
    struct lyap_error error = {0};
    struct lyap_series_result result = {0};
    struct cli_results results;
    double *x = NULL, start = cli_seconds();
    size_t n = 0;
    char column[64];
    name_files(line, &results);
    enum lyap_status status = cli_results_probe(&results, &error);
    if (!status) status = lyap_series_read(&line->choice, &x, &n, column, &error);
    if (!status) status = lyap_series_run(x, n, &line->options, &result, &error);
    double took = cli_seconds() - start;
    if (!status) status = write_files(line, column, &result, &results, &error);
    cli_results_free(&results);
    int code = status ? cli_fail(&error) : 0;
    if (!status && !line->quiet) print_summary(line, column, &result, took);
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
    if (!cli_parse_file(&values, command, argc, argv, form, &line.choice.path, &status)) return status;
    if (!read_options(&values, &line)) return EXIT_BAD_USAGE;
    return run_series(&line);
}

static const struct cli_option options[] = {
    {"method", "NAME", "kantz, rosenstein or wolf (kantz)"},
    {"column", "NAME|N", "the column, by its name or from 1 (the only one)"},
    {"where", "COLUMN=NUMBER", "only the rows with that value, as in cell=0 (all)"},
    {"rows", "FIRST:LAST", "of these only some, from 1; FIRST: for the rest (all)"},
    {"dimension", "N", "of the delay vectors, 1 .. 64 (2)"},
    {"delay", "N", "samples between their coordinates (1)"},
    {"theiler", "N", "neighbours are more than N samples apart in time (the mean period, see manifest.txt)"},
    {"steps", "N", "length of the curve in samples, 2 .. 10000 (20 delays)"},
    {"radius", "R",
     "farthest neighbour: kantz (nine vectors in ten have --min-neighbours), wolf (... have 50), "
     "rosenstein (no limit)"},
    {"min-distance", "R", "nearest neighbour: the noise floor (0)"},
    {"min-neighbours", "N", "kantz: fewest neighbours of a reference point (10)"},
    {"references", "N", "kantz, rosenstein: at most N reference points, evenly spread (all)"},
    {"evolve", "N", "wolf: samples between replacements (the delay)"},
    {"angle", "R", "wolf: largest turn of a replacement in radians (0.3)"},
    {"fit", "FIRST:LAST", "steps of the straight part (half the way to saturation, behind the embedding's span)"},
    {"threads", "N", "(all); the results do not depend on it"},
    {"out", "DIR", "where divergence.csv, divergence.gp and manifest.txt go, in place of earlier ones (out/series)"},
    {"quiet", NULL, "print nothing but errors"},
    {NULL, NULL, NULL},
};
static const struct cli_option *const tables[] = {options, NULL};
const struct cli_command cli_series = {
    "series", "exponent of a recorded series, by Kantz, Rosenstein or Wolf",
    "lyapgrad series out/run/series.csv --column loss --where cell=0 --method rosenstein --dimension 3", tables,
    series};
