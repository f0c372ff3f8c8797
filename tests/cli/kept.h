/* For tests of long runs: the runs that are kept, and what must be the same about two of them. */
#ifndef LYAP_TEST_CLI_KEPT_H
#define LYAP_TEST_CLI_KEPT_H

#include "tests/command.h"

static const struct {
    const char *line, *tables[4]; /* NULL behind the last */
} runs[] = {
    {"run --starts 180 --epochs 40 --series --evaluate", {"cells.csv", "series.csv"}},
    {"sweep --over lr=log:1e-3:20:9 --starts 31 --epochs 60", {"cells.csv", "sweep.csv"}},
    {"spectrum --starts 90 --epochs 300 --exponents 2 --history 5", {"exponents.csv", "history.csv"}},
    {"run --estimator all --starts 37 --epochs 100", {"estimators.csv", "estimators.csv"}},
    {"map --activation tanh --init normal:0,1 --x lr1:0.1:30:log --y lr2:0.1:30:log --resolution 61x53 --epochs 200 "
     "--loss-window none --target 0.2 --show steps",
     {"map.csv", "map.npy", "boxes.csv", "map.gp"}},
    {"bifurcation --activation tanh --init normal:0,2 --loss-window none --over lr:1:8:90 --starts 3 --transient 100 "
     "--epochs 400 --points 9 --show w6,w0",
     {"bifurcation.csv", "exponents.csv", "bifurcation.gp"}},
    {"bifurcation --net 1-1 --activation linear --data linear-teacher:4,1,1,0.1 --init normal:0,1 --over lr:0.1:3:300 "
     "--transient 700 --epochs 1500 --points 20 --show outputs",
     {"bifurcation.csv", "exponents.csv", "bifurcation.gp"}},
};
enum { RUNS = sizeof runs / sizeof *runs };

/* The manifest without the lines that differ from machine to machine and with where the tables go; the caller frees. */
static inline char *read_manifest(const char *directory) {
    static const char *const documented[] = {"command = ", "threads = "};
    char path[128];
    snprintf(path, sizeof path, "%s/manifest.txt", directory);
    char *text = read_text(scratch(path)), *to = text;
    ck_assert_msg(text != NULL, "%s is missing", path);
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n") + 1;
        bool keep = true;
        for (int i = 0; i < 2; i++) keep = keep && strncmp(line, documented[i], strlen(documented[i])) != 0;
        if (keep) memmove(to, line, length), to += length;
        line += length;
    }
    *to = '\0';
    return text;
}

static inline void expect_same_manifest(const char *a, const char *b) {
    char *one = read_manifest(a), *other = read_manifest(b);
    ck_assert_ptr_nonnull(strstr(one, "\nepochs = "));
    ck_assert_str_eq(one, other);
    free(one);
    free(other);
}

/* All bytes of a file; the caller frees. */
static inline unsigned char *read_bytes(const char *path, size_t *size) {
    FILE *file = fopen(scratch(path), "rb");
    ck_assert_msg(file != NULL, "%s is missing", path);
    unsigned char *bytes = malloc(MAX_TEXT);
    ck_assert_ptr_nonnull(bytes);
    *size = fread(bytes, 1, MAX_TEXT, file);
    ck_assert_uint_lt(*size, MAX_TEXT);
    fclose(file);
    return bytes;
}

/* The file has these bytes. */
static inline void expect_bytes(const char *path, const unsigned char *bytes, size_t size) {
    size_t other_size;
    unsigned char *other = read_bytes(path, &other_size);
    ck_assert_uint_eq(other_size, size);
    ck_assert_mem_eq(other, bytes, size);
    free(other);
}

static inline void expect_same(int run, const char *a, const char *b) {
    expect_same_manifest(a, b);
    for (int t = 0; t < 4 && runs[run].tables[t]; t++) {
        char path[2][128];
        size_t size;
        snprintf(path[0], sizeof path[0], "%s/%s", a, runs[run].tables[t]);
        snprintf(path[1], sizeof path[1], "%s/%s", b, runs[run].tables[t]);
        unsigned char *bytes = read_bytes(path[0], &size);
        ck_assert_uint_gt(size, 0);
        expect_bytes(path[1], bytes, size);
        free(bytes);
    }
}

static inline void clean(void) {
    static const char *const names[] = {"one", "two", "ck", "s1", "s2", "s3", "p1", "p2", "p3", "p4", "p5"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) remove_tree(scratch(names[i]));
}

/* The command is refused in one line that has both texts, and leaves no tables. */
static inline void expect_refused(int status, const char *one, const char *other, const char *line) {
    struct outcome o = run_command("%s", line);
    ck_assert_msg(o.status == status, "%s: %d: %s", line, o.status, o.err);
    ck_assert_msg(strstr(o.err, one) && strstr(o.err, other), "%s: %s", line, o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    ck_assert_str_eq(o.out, "");
    ck_assert(nothing_in("two"));
    outcome_free(&o);
}

/* A run without end, with two files beside its chunks: head and lock. */
#define KEPT " --quiet --out @/two --checkpoint @/ck --checkpoint-every 0.01"
#define ENDLESS "run --starts 100000000 --epochs 1000" KEPT

/* A map whose checkpoint is read by others. */
#define MAP(X, Y, RESOLUTION, EPOCHS)                                                                                  \
    "map --optimiser momentum --x " X " --y " Y " --resolution " RESOLUTION " --epochs " EPOCHS
#define SAME_MAP MAP("lr:0.1:30:log", "momentum:0:0.9", "8x6", "50")

#endif
