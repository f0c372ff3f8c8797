/* The tables, JSON and pictures of the benchmark, and the statistics in them. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/compare.h"
#include "bench/files.h"
#include "bench/json.h"
#include "bench/limits.h"
#include "bench/machine.h"
#include "bench/measure.h"
#include "bench/peers.h"
#include "bench/row.h"
#include "bench/scaling.h"
#include "tests/support.h"

START_TEST(repetitions_are_summarised) {
    double times[] = {5, 1, 3, 2, 4}, best, median, spread;
    bench_summarise(times, 5, &best, &median, &spread);
    ck_assert_double_eq(best, 1);
    ck_assert_double_eq(median, 3);
    ck_assert_double_eq_tol(spread, 2.0 / 3, 1e-12);
}
END_TEST

START_TEST(exponents_come_from_the_upper_half) {
    double x[8], y[8];
    for (int i = 0; i < 8; i++) {
        x[i] = pow(10, i);
        y[i] = i < 4 ? 7 : 3 * pow(x[i], 1.5);
    }
    ck_assert_double_eq_tol(bench_exponent(x, y, 8), 1.5, 1e-9);
    ck_assert(isnan(bench_exponent(x, y, 2)));
}
END_TEST

static void two_rows(struct bench_rows *rows) {
    struct bench_row *row = bench_rows_add(rows);
    snprintf(row->kernel, sizeof row->kernel, "step");
    snprintf(row->isa, sizeof row->isa, "scalar");
    snprintf(row->precision, sizeof row->precision, "float32");
    snprintf(row->net, sizeof row->net, "2-2-1");
    snprintf(row->activation, sizeof row->activation, "relu");
    snprintf(row->note, sizeof row->note, "a \"note\", with \\ and\ttab");
    row->best = 10;
    row->median = 11;
    row->residual = 1e-5;
    row = bench_rows_add(rows);
    *row = rows->rows[0];
    snprintf(row->isa, sizeof row->isa, "avx2");
    row->best = 2;
    row->median = 2.1;
    row->bound = 1;
    bench_rows_relate(rows);
}

static const struct bench_machine some_machine = {.cpu = "CPU \"x\"", .ghz = 3.2, .cpus = 2};

static char *text_of(FILE *file) {
    static char text[16384];
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}

static char *csv_of(const struct bench_rows *rows) {
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    bench_rows_csv(file, rows, &some_machine);
    return text_of(file);
}

static char *json_of(const struct bench_suite *suite, const struct bench_curve *curves) {
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    bench_json_write(file, suite, curves);
    return text_of(file);
}

/* A checker of JSON's grammar: returns what follows the value, NULL for none. */
static const char *json_value(const char *c);
static const char *json_space(const char *c) {
    while (isspace((unsigned char)*c)) c++;
    return c;
}
static const char *json_string(const char *c) {
    if (*c++ != '"') return NULL;
    for (; *c && *c != '"'; c++) {
        if ((unsigned char)*c < 0x20) return NULL;
        if (*c == '\\' && !strchr("\"\\/bfnrtu", *++c)) return NULL;
    }
    return *c ? c + 1 : NULL;
}
static const char *json_list(const char *c, char close, bool names) {
    c = json_space(c + 1);
    if (*c == close) return c + 1;
    for (;;) {
        if (names) {
            c = json_string(c);
            if (!c || *(c = json_space(c)) != ':') return NULL;
            c = json_space(c + 1);
        }
        c = json_value(c);
        if (!c) return NULL;
        c = json_space(c);
        if (*c == close) return c + 1;
        if (*c != ',') return NULL;
        c = json_space(c + 1);
    }
}
static const char *json_value(const char *c) {
    if (*c == '{') return json_list(c, '}', true);
    if (*c == '[') return json_list(c, ']', false);
    if (*c == '"') return json_string(c);
    static const char *const words[] = {"null", "true", "false"};
    for (int i = 0; i < 3; i++)
        if (strncmp(c, words[i], strlen(words[i])) == 0) return c + strlen(words[i]);
    size_t n = strspn(c, "+-.eE0123456789");
    return n && (isdigit((unsigned char)*c) || *c == '-') ? c + n : NULL;
}

START_TEST(json_is_json) {
    struct bench_suite suite = {.machine = &some_machine};
    two_rows(&suite.rows);
    const char *text = json_of(&suite, NULL), *end = json_value(text);
    ck_assert_ptr_nonnull(end);
    ck_assert_str_eq(json_space(end), "");
    ck_assert_ptr_nonnull(strstr(text, "\"vs_scalar\": 5"));
    ck_assert_ptr_nonnull(strstr(text, "\"cycles\": null"));
    ck_assert_ptr_nonnull(strstr(text, "\"scaling\": [\n  ]"));
    bench_rows_free(&suite.rows);
}
END_TEST

START_TEST(json_has_the_limits_and_the_curves) {
    struct bench_curve curves[BENCH_CURVES] = {
        {.name = "cells", .what = "2-2-1", .count = 2, .x = {1, 10}, .seconds = {0.5, 4}, .megabytes = {3, NAN}},
        {.name = "threads", .what = "a \"b\"", .exponent = NAN}};
    for (int i = 2; i < BENCH_CURVES; i++) curves[i] = curves[1];
    curves[0].exponent = 1.25;
    struct bench_suite suite = {.machine = &some_machine};
    suite.limits[LYAP_ISA_SCALAR][LYAP_FLOAT64] = (struct bench_limits){.fma = 0.5, .update_memory = 12};
    suite.limits_known[LYAP_ISA_SCALAR][LYAP_FLOAT64] = true;
    const char *text = json_of(&suite, curves), *end = json_value(text);
    ck_assert_ptr_nonnull(end);
    ck_assert_str_eq(json_space(end), "");
    ck_assert_ptr_nonnull(
        strstr(text, "{\"isa\": \"scalar\", \"precision\": \"float64\", \"peak_gflops\": 4, \"fma_ns\": 0.5,"));
    ck_assert_ptr_nonnull(strstr(text, "\"update_memory\": 12}"));
    ck_assert_ptr_null(strstr(text, "\"precision\": \"float32\""));
    ck_assert_ptr_nonnull(strstr(text,
                                 "{\"curve\": \"cells\", \"settings\": \"2-2-1\", \"exponent\": 1.25, \"points\": "
                                 "[{\"x\": 1, \"seconds\": 0.5, \"megabytes\": 3}, {\"x\": 10, \"seconds\": 4, "
                                 "\"megabytes\": null}]}"));
    ck_assert_ptr_nonnull(strstr(text, "\"exponent\": null, \"points\": []}"));
}
END_TEST

START_TEST(every_line_of_the_csv_has_the_columns_of_its_head) {
    struct bench_rows rows = {0};
    two_rows(&rows);
    char *text = csv_of(&rows);
    int columns = 0, lines = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        if (*line == '#') continue;
        int n = 1;
        for (char *c = line; *c; c++) n += *c == ',';
        if (!columns) columns = n;
        ck_assert_int_eq(n, columns);
        lines++;
    }
    ck_assert_int_eq(lines, 3);
    bench_rows_free(&rows);
}
END_TEST

START_TEST(a_table_reads_back_and_compares) {
    struct bench_rows rows = {0}, read = {0};
    struct lyap_error error = {0};
    two_rows(&rows);
    char *text = csv_of(&rows);
    const char *path = scratch_file("old.csv", text, strlen(text));
    ck_assert_msg(!bench_rows_read(&read, path, &error), "%s", error.message);
    ck_assert_uint_eq(read.count, 2);
    ck_assert_double_eq(read.rows[1].best, 2);
    FILE *out = tmpfile();
    ck_assert_int_eq(bench_compare(out, &read, &rows), 0);
    rows.rows[1].best = 2.2; /* 10 %, but the old run was 5 % noisy beside the 5 % allowed */
    rows.rows[1].median = 2.2;
    ck_assert_int_eq(bench_compare(out, &read, &rows), 0);
    rows.rows[1].best = rows.rows[1].median = 2.5;
    ck_assert_int_eq(bench_compare(out, &read, &rows), 1);
    rows.rows[0].isa[0] = 'x'; /* unknown to the old table */
    rows.rows[0].best = 100;
    ck_assert_int_eq(bench_compare(out, &read, &rows), 1);
    fclose(out);
    bench_rows_free(&rows);
    bench_rows_free(&read);
}
END_TEST

static const char *const no_tables[] = {
    "", "# only\n", "a,b,c\n1,2,3\n",
    "kernel,isa,precision,net,activation,best_ns,median_ns\nstep,avx2,float32,2-2-1,relu,x,1\n",
    "kernel,isa,precision,net,activation,best_ns,median_ns\nstep,avx2\n"};

START_TEST(what_is_no_table_is_refused) {
    struct bench_rows rows = {0};
    struct lyap_error error = {0};
    const char *path = scratch_file("bad.csv", no_tables[_i], strlen(no_tables[_i]));
    ck_assert_int_eq(bench_rows_read(&rows, path, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "bad.csv"));
    bench_rows_free(&rows);
}
END_TEST

START_TEST(a_peers_line_is_read) {
    struct bench_row row;
    ck_assert(bench_peers_line("numba,relu,float32,6.2,6.3,0.02,1e-05,Numba 0.56; compiled\n", &row));
    ck_assert_str_eq(row.isa, "numba");
    ck_assert_str_eq(row.note, "Numba 0.56; compiled");
    ck_assert_double_eq(row.best, 6.2);
    ck_assert(!bench_peers_line("missing,torch,No module named 'torch'\n", &row));
    ck_assert(!bench_peers_line("numba,relu,float32,nan,1,1,1,x\n", &row));
}
END_TEST

/* A program called gnuplot that notes how it was called and what terminal it would have begun with. */
START_TEST(pictures_are_drawn_without_the_settings_of_the_user) {
    static const char fake[] = "#!/bin/sh\necho \"$1 $2 ${GNUTERM-none}\" >> \"${0%/*}/calls\"\n";
    struct bench_row row = {.kernel = "step"};
    struct bench_options options = {.plots = "bench/plots", .out = scratch_directory};
    struct bench_suite suite = {.options = &options, .rows = {&row, 1, 1}};
    char text[256] = "", path[1024];
    scratch_file("gnuplot", fake, sizeof fake - 1);
    ck_assert_int_eq(chmod(scratch("gnuplot"), 0755), 0);
    snprintf(path, sizeof path, "%s:%.700s", scratch_directory, getenv("PATH"));
    setenv("PATH", path, 1);
    setenv("GNUTERM", "nonsense", 1);
    bench_files_draw(&suite, true);
    FILE *calls = fopen(scratch("calls"), "r");
    ck_assert_ptr_nonnull(calls);
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, calls), 0);
    fclose(calls);
    ck_assert_str_eq(text, "--version  none\n-d -c none\n-d -c none\n-d -c none\n-d -c none\n");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("bench_tables");
    TCase *tc = tcase_create("bench_tables");
    tcase_add_test(tc, repetitions_are_summarised);
    tcase_add_test(tc, exponents_come_from_the_upper_half);
    tcase_add_test(tc, json_is_json);
    tcase_add_test(tc, json_has_the_limits_and_the_curves);
    tcase_add_test(tc, every_line_of_the_csv_has_the_columns_of_its_head);
    tcase_add_test(tc, a_table_reads_back_and_compares);
    tcase_add_loop_test(tc, what_is_no_table_is_refused, 0, sizeof no_tables / sizeof *no_tables);
    tcase_add_test(tc, a_peers_line_is_read);
    tcase_add_test(tc, pictures_are_drawn_without_the_settings_of_the_user);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
