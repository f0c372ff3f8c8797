#include "files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../src/output.h"
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
static void write_json(FILE *file, const struct file *what) {
    bench_json_write(file, what->suite, what->curves);
}
static void write_scaling(FILE *file, const struct file *what) {
    bench_scaling_csv(file, what->curves);
}
static void write_report(FILE *file, const struct file *what) {
    bench_report_write(file, what->suite, what->curves);
}

enum lyap_status bench_files_write(const struct bench_suite *suite, const struct bench_curve *curves,
                                   struct lyap_error *error) {
    const struct file files[] = {{"limits.csv", suite, curves, write_limits},
                                 {"bench.csv", suite, curves, write_csv},
                                 {"bench.json", suite, curves, write_json},
                                 {"scaling.csv", suite, curves, write_scaling},
                                 {"report.md", suite, curves, write_report}};
    const char *out = suite->options->out;
    enum lyap_status status = lyap_output_directory(out, error);
    for (size_t i = 0; i < sizeof files / sizeof *files && !status; i++) {
        struct lyap_output output;
        char path[700];
        bool needs_rows = files[i].write == write_limits || files[i].write == write_csv;
        bool needs_either = files[i].write == write_json;
        if (needs_rows && !suite->rows.count) continue;
        if (needs_either && !suite->rows.count && !curves) continue;
        if (files[i].write == write_scaling && !curves) continue;
        snprintf(path, sizeof path, "%s/%s", out, files[i].name);
        status = lyap_output_open(&output, path, error);
        if (status) break;
        files[i].write(output.file, &files[i]);
        status = lyap_output_commit(&output, error);
    }
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
}
