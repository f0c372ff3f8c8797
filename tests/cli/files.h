/* For tests of the files of commands: what they run on, and what must be in a directory afterwards. */
#ifndef LYAP_TEST_CLI_FILES_H
#define LYAP_TEST_CLI_FILES_H

#include "tests/command.h"

#define NO_GNUPLOT "PATH=/nowhere "
#define SMALL_MAP "map --x lr:1:2 --y lr2:1:2 --resolution 4x4 --epochs 20"
#define SMALL_DIAGRAM "bifurcation --over lr:1:2:3 --epochs 20 --transient 5 --points 5"
#define SMALL_SELECT                                                                                                   \
    "select --net 2-2-1 --activation tanh --epochs 8 --rates 5 --rate-starts 8 --budget 7000 --lr 0.1:1 --threads 1"

static const char table[] = "0,0,0\n0,1,1\n1,0,1\n1,1,0\n";
static const char weights[] = "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9\n";

static inline void put(const char *name, const char *text) {
    scratch_file(name, text, strlen(text));
}

static inline void expect_content(const char *name, const char *text) {
    char *content = read_text(scratch(name));
    ck_assert_msg(content != NULL, "%s is missing", name);
    ck_assert_msg(strcmp(content, text) == 0, "%s has changed", name);
    free(content);
}

/* in.csv: step and the logistic map, which has an exponent. */
static inline void write_series(void) {
    FILE *file = fopen(scratch("in.csv"), "w");
    ck_assert_ptr_nonnull(file);
    fputs("a,b\n", file);
    double x = 0.3;
    for (int i = 0; i < 400; i++, x = 3.9 * x * (1 - x)) fprintf(file, "%d,%.9f\n", i, x);
    ck_assert_int_eq(fclose(file), 0);
}

static inline bool exists(const char *name) {
    return access(scratch(name), F_OK) == 0;
}

static inline void fresh(const char *name) {
    remove_tree(scratch(name));
    ck_assert_int_eq(mkdir(scratch(name), 0777), 0);
}

/* One line, status 2, with both words in it. */
static inline void expect_refused(const char *line, const char *one, const char *other) {
    struct outcome o = run_command("%s", line);
    ck_assert_msg(o.status == 2, "%s: status %d: %s", line, o.status, o.err);
    ck_assert_msg(strstr(o.err, one) && strstr(o.err, other), "%s: '%s' and '%s' are not in: %s", line, one, other,
                  o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    ck_assert_str_eq(o.out, "");
    outcome_free(&o);
}

/* Names in a directory, sorted, each behind a blank; the caller frees. */
static inline int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline char *list_names(const char *directory) {
    char *names[200], *list = calloc(1, 8192);
    size_t count = 0;
    DIR *open = opendir(scratch(directory));
    ck_assert_ptr_nonnull(open);
    for (struct dirent *entry; (entry = readdir(open)) != NULL;)
        if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
    closedir(open);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        strcat(strcat(list, " "), names[i]);
        free(names[i]);
    }
    return list;
}

static inline void expect_names(const char *directory, const char *names) {
    char *list = list_names(directory);
    ck_assert_msg(strcmp(list, names) == 0, "%s has%s, not%s", directory, list, names);
    free(list);
}

/* The commands with a directory, and the names that they write there; %s: a file of data. */
static const struct {
    const char *line, *input, *names;
} tables[] = {
    {"run --series --data %s", "--data", "cells.csv series.csv manifest.txt"},
    {"run --estimator tangent --history 2 --epochs 20 --data %s", "--data",
     "exponents.csv exponents.gp history.csv history.gp manifest.txt"},
    {"run --estimator all --epochs 20 --data %s", "--data", "estimators.csv manifest.txt"},
    {"sweep --over lr=1:2:2 --data %s", "--data", "cells.csv sweep.csv manifest.txt"},
    {"spectrum --history 2 --epochs 20 --data %s", "--data",
     "exponents.csv exponents.gp history.csv history.gp manifest.txt"},
    {"map --x lr:1:2 --y lr2:1:2 --resolution 4x4 --epochs 20 --data %s", "--data",
     "map.csv map.npy boxes.csv map.gp map.png map.svg manifest.txt"},
    {"bifurcation --over lr:1:2:3 --epochs 20 --transient 5 --points 5 --data %s", "--data",
     "bifurcation.csv exponents.csv bifurcation.gp bifurcation.png bifurcation.svg manifest.txt"},
    {SMALL_SELECT " --searches 5 --data %s", "--data",
     "select.csv trials.csv settings.csv rates.csv thresholds.csv searches.csv worth.csv weights.csv weights.npy "
     "report.txt select.gp select.png select.svg manifest.txt"},
    {"series --column 1 %s", "FILE", "divergence.csv divergence.gp manifest.txt"},
};
enum { TABLE_COMMANDS = sizeof tables / sizeof *tables };

#endif
