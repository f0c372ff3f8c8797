#include "files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/manifest.h"
#include "results/manifest_read.h"
#include "io/output_set.h"
#include "json.h"

/* One file of the directory. */
struct file {
    const char *name;
    const struct bench_suite *suite;
    const struct bench_curve *curves;
    void (*write)(FILE *file, const struct file *what);
};

static void write_limits(FILE *file, const struct file *what) {
    bench_machine_write(what->suite->machine, file, "# ");
    bench_limits_csv(file, NULL, NULL, NULL);
    for (int i = 0; i < LYAP_ISA_COUNT; i++)
        for (int p = 0; p < 2; p++)
            if (what->suite->limits_known[i][p])
                bench_limits_csv(file, lyap_isa_name((enum lyap_isa)i), lyap_precision_name((enum lyap_precision)p),
                                 &what->suite->limits[i][p]);
}
static void write_csv(FILE *file, const struct file *what) {
    bench_rows_csv(file, &what->suite->rows, what->suite->machine);
}
static void write_single(FILE *file, const struct file *what) {
    bench_single_rows_csv(file, &what->suite->single, what->suite->machine);
}
static void write_json(FILE *file, const struct file *what) {
    bench_json_write(file, what->suite, what->curves);
}
static void write_scaling(FILE *file, const struct file *what) {
    bench_scaling_csv(file, what->curves);
}
static void write_report(FILE *file, const struct file *what) {
    bench_report_write(file, what->suite, what->curves);
}

static const char kind[] = "bench";

/* All files that a run may leave, the pictures with them. */
static void name_files(const struct bench_options *options, struct lyap_file_roles *roles) {
    static const char *const names[] = {"limits.csv",   "bench.csv",   "bench.json",  "scaling.csv",  "report.md",
                                        "manifest.txt", "speedup.png", "speedup.svg", "roofline.png", "roofline.svg",
                                        "peers.png",    "peers.svg",   "scaling.png", "scaling.svg",  "single.csv",
                                        "single.png",   "single.svg"};
    lyap_file_roles_add(roles, LYAP_FILE_READ, "--compare", options->compare);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        lyap_file_roles_add_in(roles, LYAP_FILE_WRITTEN, "--out", options->out, names[i]);
}

enum lyap_status bench_files_check(const struct bench_options *options, struct lyap_error *error) {
    struct lyap_file_roles roles = {0};
    struct lyap_earlier earlier = {0};
    name_files(options, &roles);
    enum lyap_status status = lyap_file_roles_check(&roles, error);
    if (!status) status = lyap_earlier_read(&earlier, options->out, error);
    if (!status) status = lyap_earlier_check(&earlier, kind, options->out, error);
    lyap_earlier_free(&earlier);
    lyap_file_roles_free(&roles);
    return status;
}

static enum lyap_status add_files(struct lyap_output_set *set, const struct bench_suite *suite,
                                  const struct bench_curve *curves, struct lyap_error *error) {
    const struct file files[] = {
        {"limits.csv", suite, curves, write_limits},   {"bench.csv", suite, curves, write_csv},
        {"single.csv", suite, curves, write_single},   {"bench.json", suite, curves, write_json},
        {"scaling.csv", suite, curves, write_scaling}, {"report.md", suite, curves, write_report}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        bool needs_rows = files[i].write == write_limits || files[i].write == write_csv;
        bool needs_either = files[i].write == write_json;
        if (needs_rows && !suite->rows.count) continue;
        if (files[i].write == write_single && !suite->single.count) continue;
        if (needs_either && !suite->rows.count && !suite->single.count && !curves) continue;
        if (files[i].write == write_scaling && !curves) continue;
        FILE *file = lyap_output_set_add(set, files[i].name, error);
        if (!file) return error->status;
        files[i].write(file, &files[i]);
    }
    FILE *manifest = lyap_output_set_add(set, "manifest.txt", error);
    if (!manifest) return error->status;
    lyap_manifest_head(manifest, suite->options->argc, suite->options->argv);
    fprintf(manifest, "results = %s\nfiles =", kind);
    lyap_output_set_names(set, "manifest.txt", manifest);
    putc('\n', manifest);
    return LYAP_OK;
}

enum lyap_status bench_files_write(const struct bench_suite *suite, const struct bench_curve *curves,
                                   struct lyap_error *error) {
    struct lyap_file_roles roles = {0};
    struct lyap_earlier earlier = {0};
    struct lyap_output_set set = {0};
    name_files(suite->options, &roles);
    enum lyap_status status = lyap_earlier_read(&earlier, suite->options->out, error);
    if (!status) status = lyap_output_set_open(&set, suite->options->out, &roles, NULL, error);
    if (!status) status = lyap_earlier_name(&earlier, NULL, NULL, &set, error);
    if (!status) status = add_files(&set, suite, curves, error);
    if (!status) status = lyap_output_set_commit(&set, error);
    lyap_output_set_abandon(&set);
    lyap_earlier_free(&earlier);
    lyap_file_roles_free(&roles);
    return status;
}

static bool has_rows(const struct bench_suite *suite, const char *kernel) {
    for (size_t i = 0; i < suite->rows.count; i++)
        if (strcmp(suite->rows.rows[i].kernel, kernel) == 0) return true;
    return false;
}

/* A picture; its gnuplot file says so itself where it fails. */
static void draw(const struct bench_suite *suite, const char *name) {
    const char *plots = suite->options->plots, *out = suite->options->out;
    char command[1600];
    snprintf(command, sizeof command, "%s/%s.gp", plots, name);
    if (access(command, R_OK) != 0 || strchr(plots, '\'') || strchr(out, '\'')) {
        printf("# no picture %s: %s is not here (--plots names the directory)\n", name, command);
        return;
    }
    /* Neither the user's settings (-d) nor a terminal of theirs, which may be one that this gnuplot cannot open. */
    snprintf(command, sizeof command, "unset GNUTERM; gnuplot -d -c '%s/%s.gp' '%s'", plots, name, out);
    /* It leaves early where the table lacks what it draws. */
    if (system(command) == 0) printf("# %s/%s.png, .svg\n", out, name); /* NOLINT(cert-env33-c): the user's gnuplot */
}

void bench_files_draw(const struct bench_suite *suite, bool scaled) {
    fflush(stdout);
    if (system("unset GNUTERM; gnuplot --version >/dev/null 2>&1") != 0) { /* NOLINT(cert-env33-c) */
        printf("# no pictures: gnuplot not found\n");
        return;
    }
    if (has_rows(suite, "step")) {
        draw(suite, "speedup");
        draw(suite, "roofline");
        draw(suite, "peers");
    }
    if (scaled) draw(suite, "scaling");
    if (suite->single.count) draw(suite, "single");
}
