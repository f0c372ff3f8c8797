#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/compare.h"
#include "bench/count.h"
#include "bench/files.h"
#include "bench/json.h"
#include "bench/kernel.h"
#include "bench/measure.h"
#include "bench/options.h"
#include "bench/peers.h"
#include "bench/row.h"
#include "bench/scaling.h"
#include "tests/support.h"

/* Selection. */

static enum lyap_status parse(struct bench_options *options, struct lyap_error *error, int n, char **words) {
    return bench_options_parse(options, n, words, error);
}

START_TEST(options_of_the_selection_are_read) {
    char *words[] = {"lyapgrad-bench", "--kernel", "step,normal", "--isa",   "scalar", "--net", "2-2-1",
                     "--activation",   "relu",     "--precision", "float32", "--fast", "--out", "x",
                     "--compare",      "old.csv"};
    struct bench_options o;
    struct lyap_error error = {0};
    ck_assert_msg(!parse(&o, &error, 16, words), "%s", error.message);
    ck_assert_int_eq(o.kernels.count, 2);
    ck_assert(bench_chosen(&o.kernels, "step") && bench_chosen(&o.kernels, "normal"));
    ck_assert(!bench_chosen(&o.kernels, "uniform"));
    ck_assert(bench_chosen(&o.isas, "scalar") && !bench_chosen(&o.isas, "avx2"));
    ck_assert(bench_chosen(&o.precisions, "float32") && !bench_chosen(&o.precisions, "float64"));
    ck_assert(o.fast && !o.scale && o.peers);
    ck_assert_str_eq(o.out, "x");
    ck_assert_str_eq(o.compare, "old.csv");
}
END_TEST

START_TEST(no_option_chooses_everything) {
    char *words[] = {"lyapgrad-bench"};
    struct bench_options o;
    ck_assert(!parse(&o, NULL, 1, words));
    for (int i = 0; bench_kernels[i]; i++) ck_assert(bench_chosen(&o.kernels, bench_kernels[i]->name));
    ck_assert_str_eq(o.out, "out/bench");
}
END_TEST

static const struct {
    const char *option, *value, *told;
} bad_options[] = {
    {"--kernel", "stop", "uniform, normal"},
    {"--isa", "mmx", "scalar"},
    {"--net", "2-x-1", "2-x-1"},
    {"--net", "", "needs a value"},
    {"--samples", "0", "expected a whole number 1 .."},
    {"--samples", "1e3", "expected a whole number 1 .."},
    {"--activation", "relu,", "no list"},
    {"--net", "2-2-1,2-4-1,2-2-1", "'2-2-1' is given twice"},
    {"--precision", "half", "float32, float64"},
    {"--fats", NULL, "--fast"},
    {"--out", NULL, "needs a value"},
    {"x", NULL, "unknown option"},
    {"--net", "1000-1000-1000", "million"},
};

START_TEST(a_bad_option_is_told_in_one_line) {
    char option[32], value[32], *words[] = {"lyapgrad-bench", option, value};
    snprintf(option, sizeof option, "%s", bad_options[_i].option);
    snprintf(value, sizeof value, "%s", bad_options[_i].value ? bad_options[_i].value : "");
    struct bench_options o;
    struct lyap_error error = {0};
    ck_assert_int_eq(parse(&o, &error, bad_options[_i].value ? 3 : 2, words), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, bad_options[_i].told) != NULL, "%s", error.message);
    ck_assert(strchr(error.message, '\n') == NULL);
}
END_TEST

/* Counts, by hand for 2-2-1, four samples, mean squared error. */

static struct lyap_network paper(enum lyap_activation activation) {
    struct lyap_network net;
    ck_assert(!lyap_network_init(&net, "2-2-1", activation, activation, LYAP_MSE, NULL));
    return net;
}

START_TEST(operations_of_the_linear_step) {
    struct lyap_network net = paper(LYAP_LINEAR);
    /* Forward: 4 samples x (2 units x 2 + 1 unit x 2) multiply-adds. */
    struct bench_count forward = bench_count_forward(&net, 4, 4);
    ck_assert_double_eq(forward.fma, 24);
    ck_assert_double_eq(forward.mul + forward.add, 0);
    ck_assert_double_eq(forward.bytes, 9 * 4);
    /* Back: 4 differences, 8 products; gradient of 6 weights: a product and 3 multiply-adds each, of 3 biases: 3 sums. */
    struct bench_count gradient = bench_count_gradient(&net, 4, 4);
    ck_assert_double_eq(gradient.mul, 8 + 6);
    ck_assert_double_eq(gradient.fma, 24 + 18);
    ck_assert_double_eq(gradient.add, 4 + 9);
    /* A neighbour adds 9 updates and 9 squared differences, a root and a sum: 97 operations with 74 in the multiplier. */
    struct bench_count step = bench_count_step(&net, 4, 1000000, 4);
    ck_assert_double_eq_tol(step.fma + step.mul, 74, 1e-4);
    ck_assert_double_eq_tol(step.add, 23, 1e-4);
    ck_assert_double_eq_tol(step.sqrt, 1, 1e-4);
    ck_assert_double_eq_tol(step.bytes, 3 * 9 * 4, 1e-3);
    ck_assert_double_eq_tol(bench_count_flops(&step), 2 * 60 + 14 + 23 + 1, 1e-3);
}
END_TEST

START_TEST(operations_of_the_activations) {
    struct lyap_network sigmoid = paper(LYAP_SIGMOID), tanh_net = paper(LYAP_TANH), relu = paper(LYAP_RELU);
    struct bench_count s = bench_count_gradient(&sigmoid, 4, 4), t = bench_count_gradient(&tanh_net, 4, 4);
    struct bench_count r = bench_count_gradient(&relu, 4, 4);
    ck_assert_double_eq(s.exp, 12);
    ck_assert_double_eq(s.div, 12);
    ck_assert_double_eq(s.add, 13 + 24);
    ck_assert_double_eq(s.mul, 14 + 12);
    ck_assert_double_eq(t.tanh, 12);
    ck_assert_double_eq(t.fma, 42 + 12);
    ck_assert_double_eq(r.relu, 12);
    ck_assert_double_eq(r.gate, 12);
    struct bench_count draw = bench_count_draw(1, 4);
    ck_assert_double_eq(draw.log, 0.5);
    ck_assert_double_eq(draw.words, 5);
}
END_TEST

START_TEST(operations_of_the_parts_are_those_of_the_step) {
    struct lyap_network net = paper(LYAP_LINEAR), relu = paper(LYAP_RELU);
    struct bench_count back = bench_count_backward(&net, 4, 4), gates = bench_count_backward(&relu, 4, 4);
    ck_assert_double_eq(back.add, 4);
    ck_assert_double_eq(back.mul, 8);
    ck_assert_double_eq(back.fma + back.gate, 0);
    ck_assert_double_eq(back.bytes, (2 + 4 + 12) * 4); /* weights, outputs; 12 deltas */
    ck_assert_double_eq(gates.gate, 12);
    ck_assert_double_eq(gates.bytes, (2 + 12 + 12) * 4);
    struct bench_count distance = bench_count_distance(9, 24, 4);
    ck_assert_double_eq_tol(distance.fma, 9 * 0.96, 1e-12);
    ck_assert_double_eq_tol(distance.add, 10 * 0.96, 1e-12);
    ck_assert_double_eq_tol(distance.sqrt, 0.96, 1e-12);
    struct bench_count gradient = bench_count_gradient(&net, 4, 4), step = bench_count_step(&net, 4, 24, 4);
    ck_assert_double_eq_tol(step.fma, gradient.fma + 9 + 0.04 * 4 + distance.fma, 1e-12);
    ck_assert_double_eq_tol(step.add, gradient.add + distance.add, 1e-12);
}
END_TEST

START_TEST(operations_of_the_tangent_step) {
    struct lyap_network net = paper(LYAP_LINEAR), relu = paper(LYAP_RELU), tanh_net = paper(LYAP_TANH);
    /* The parent: 56 of the gradient, 9 updates, 4 squared errors. A direction: forward 16 + 2 x 8, back 2 x 8, sums of
     * the first layer 4 x 4 and of the second 2 x 8, 9 updates. */
    struct bench_count c = bench_count_tangent(&net, 4, 1, 1000000000, 4);
    ck_assert_double_eq_tol(c.fma + c.mul, (56 + 9 + 4) + (32 + 16 + 16 + 16 + 9), 1e-6);
    ck_assert_double_eq_tol(c.add, 13 + 9, 1e-6);
    ck_assert_double_eq(c.bytes, 4 * 9 * 4);
    struct bench_count nine = bench_count_tangent(&net, 4, 9, 1000000000, 4);
    ck_assert_double_eq_tol(nine.fma + nine.mul, 69 + 9 * 89, 1e-6);
    struct bench_count gates = bench_count_tangent(&relu, 4, 1, 1000000000, 4);
    ck_assert_double_eq_tol(gates.gate, 12 + 12 + 8, 1e-6);
    ck_assert_double_eq_tol(gates.fma + gates.mul, c.fma + c.mul, 1e-6);
    /* Tanh: f' and its product 12 each; 2 x 12 of the bend and 4 of the output's; slopes 12 + 8; the bend's 8. */
    struct bench_count t = bench_count_tangent(&tanh_net, 4, 1, 1000000000, 4);
    ck_assert_double_eq_tol(t.fma + t.mul, c.fma + c.mul + 24 + 24 + 4 + 20 + 8, 1e-6);
    ck_assert_double_eq(t.tanh, 12);
}
END_TEST

START_TEST(operations_of_gram_schmidt) {
    struct bench_count one = bench_count_orthonormal(9, 1), two = bench_count_orthonormal(9, 2);
    ck_assert_double_eq(one.fma, 8);
    ck_assert_double_eq(one.mul, 1 + 9 + 1);
    ck_assert_double_eq(one.div, 1);
    ck_assert_double_eq(one.sqrt, 1);
    /* The pair: a dot product (a product and 8), its share, 9 of the update, one of the share's square. */
    ck_assert_double_eq(two.fma + two.mul, 2 * 19 + 9 + 1 + 9 + 1);
    ck_assert_double_eq(two.div, 3);
    struct lyap_network net = paper(LYAP_LINEAR);
    struct bench_count often = bench_count_tangent(&net, 4, 2, 1, 4), rarely = bench_count_tangent(&net, 4, 2, 2, 4);
    ck_assert_double_eq_tol(often.fma - rarely.fma, two.fma / 2, 1e-12);
    ck_assert_double_eq_tol(often.div - rarely.div, 1.5, 1e-12);
}
END_TEST

START_TEST(every_kernel_has_a_bound) {
    struct lyap_dataset data = {0};
    ck_assert(!lyap_dataset_xor(&data, NULL));
    for (int i = 0; bench_kernels[i]; i++) {
        struct bench_case c = {
            .kernel = bench_kernels[i], .net = paper(LYAP_RELU), .data = &data, .neighbours = 24, .epochs = 5};
        ck_assert_msg(c.kernel->count && c.kernel->working_set, "%s", c.kernel->name);
        struct bench_count count = c.kernel->count(&c);
        ck_assert_msg(count.bytes > 0 && bench_count_flops(&count) > 0, "%s", c.kernel->name);
        ck_assert_double_gt(c.kernel->working_set(&c), 0);
    }
    /* Three panels of 10,000 starts, 5 epochs and 25 networks, one of 100 epochs, and at most 50 of 100: their steps alone
     * have about 25 x 3 x (50,000 + 100 + 5,000) x 74 operations, fewer by what diverges. */
    struct bench_case c = {.kernel = &bench_paper, .net = paper(LYAP_LINEAR), .data = &data};
    struct bench_count figures = bench_paper.count(&c);
    double steps = 25 * 3 * 50100.0 * 74, most = 25 * 3 * 55100.0 * (74 + 24) + 3 * 10051 * 2000.0;
    ck_assert_double_gt(figures.fma + figures.mul, steps);
    ck_assert_double_lt(figures.fma + figures.mul, most);
    ck_assert_double_ge(figures.exp, 25 * 12 * 50000.0); /* the sigmoid's panel */
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(the_bound_is_the_largest_limit) {
    struct bench_limits limits = {
        .fma = 1, .add = 0, .any = 0.5, .div = 10, .exp = 20, .update_l1 = 1, .update_l2 = 0.5};
    struct bench_machine machine = {.l1 = 1000, .l2 = 2000};
    const char *which = "";
    struct bench_count c = {.fma = 8, .mul = 2, .add = 4};
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 100, &machine, &which), 10);
    ck_assert_str_eq(which, "issue");
    c.add = 20; /* 30 operations at the rate of any */
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 100, &machine, &which), 15);
    c.exp = 1;
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 100, &machine, &which), 35);
    ck_assert_str_eq(which, "sleef");
    c.div = 4;
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 100, &machine, &which), 40);
    ck_assert_str_eq(which, "divider");
    c.bytes = 50;
    ck_assert_double_eq(bench_limits_bound(&limits, &c, 1500, &machine, &which), 100);
    ck_assert_str_eq(which, "L2");
}
END_TEST

/* Statistics and exponents. */

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

/* Tables. */

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

/* A tiny run through verification and timing, and what happens to a kernel that gives other bits. */

static enum lyap_status suite_run(struct bench_suite *suite, int n, char **words) {
    static struct bench_options options;
    static struct bench_machine machine;
    struct lyap_error error = {0};
    ck_assert_msg(!bench_options_parse(&options, n, words, &error), "%s", error.message);
    machine = (struct bench_machine){.l1 = 1 << 14, .l2 = 1 << 16, .l3 = 1 << 16};
    *suite = (struct bench_suite){.options = &options, .machine = &machine, .effort = {2, 1e-5}};
    enum lyap_status status = bench_suite_limits(suite, &error);
    if (!status) status = bench_suite_run(suite, &error);
    ck_assert_msg(!status, "%s", error.message);
    return status;
}

START_TEST(every_kernel_verifies_and_is_timed) {
    /* Under an emulator, valgrind or a sanitizer the smallest shape is enough, and tenths of seconds become minutes; the
     * products of the large kernels have tests of their own there. */
    const char *wrapper = getenv("EXEC_WRAPPER");
    bool wrapped = wrapper && *wrapper, large = bench_kernels[_i]->slow || bench_kernels[_i]->shape;
#if defined(__SANITIZE_ADDRESS__)
    const bool instrumented = true;
#else
    const bool instrumented = false;
#endif
    if ((wrapped || instrumented) && large) SKIP("%s takes minutes here", bench_kernels[_i]->name);
    char name[16], nets[] = "2-2-1,3-5-2";
    /* Few samples, of a number that no tile divides: the reference of the large layers takes half a minute for all of them. */
    char *words[] = {"lyapgrad-bench", "--kernel", name, "--net", nets, "--activation", "relu,tanh", "--samples", "37"};
    struct bench_suite suite;
    if (wrapped) nets[strcspn(nets, ",")] = 0;
    snprintf(name, sizeof name, "%s", bench_kernels[_i]->name);
    suite_run(&suite, 9, words);
    ck_assert_int_eq(suite.mismatches, 0);
    ck_assert_uint_gt(suite.rows.count, 0);
    for (size_t i = 0; i < suite.rows.count; i++) {
        ck_assert_double_gt(suite.rows.rows[i].best, 0);
        ck_assert_double_le(suite.rows.rows[i].residual, suite.rows.rows[i].tolerance);
        bool peer = strcmp(suite.rows.rows[i].isa, "openblas") == 0; /* no bound is worked out for others */
        if (!peer && strcmp(suite.rows.rows[i].kernel, "step") != 0) ck_assert_double_gt(suite.rows.rows[i].bound, 0);
    }
    bench_suite_free(&suite);
}
END_TEST

/* Files. */

static char *read_whole(const char *path) {
    char *text = calloc(1, 10000);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_gt(fread(text, 1, 9999, file), 0);
    fclose(file);
    return text;
}

START_TEST(a_run_overwrites_neither_the_old_table_nor_other_results) {
    struct lyap_error error = {0};
    char out[300], old[400], other[300];
    snprintf(out, sizeof out, "%s", scratch("bench"));
    snprintf(old, sizeof old, "%s/./bench.csv", out);
    snprintf(other, sizeof other, "%s", scratch("other"));
    mkdir(out, 0777);
    mkdir(other, 0777);
    scratch_file("bench/bench.csv", "x", 1);
    scratch_file("other/manifest.txt", "version = 1\ncommand = lyapgrad run\n", 35);
    struct bench_options o = {.out = out, .compare = old};
    ck_assert_int_eq(bench_files_check(&o, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, "--out") && strstr(error.message, "--compare"), "%s", error.message);
    o.out = other;
    ck_assert_int_eq(bench_files_check(&o, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, "'run'") && strstr(error.message, "'bench'"), "%s", error.message);
    o.out = scratch("new");
    ck_assert_int_eq(bench_files_check(&o, &error), LYAP_OK);
}
END_TEST

START_TEST(a_second_run_takes_the_tables_of_the_first_away) {
    static char program[] = "lyapgrad-bench", *argv[] = {program, NULL};
    char out[300];
    snprintf(out, sizeof out, "%s", scratch("again"));
    struct bench_options o = {.out = out, .argc = 1, .argv = argv};
    struct bench_suite suite = {.options = &o, .machine = &some_machine};
    struct lyap_error error = {0};
    ck_assert_msg(!bench_files_write(&suite, NULL, &error), "%s", error.message);
    int files = count_entries(o.out);
    char *manifest = read_whole(scratch("again/manifest.txt"));
    ck_assert_ptr_nonnull(strstr(manifest, "results = bench\nfiles ="));
    char *more = malloc(strlen(manifest) + 40);
    sprintf(more, "%s", manifest);
    char *end = strstr(more, "files =") + 7;
    sprintf(end, " scaling.csv%s", strstr(manifest, "files =") + 7);
    scratch_file("again/manifest.txt", more, strlen(more));
    scratch_file("again/scaling.csv", "x", 1);
    scratch_file("again/mine.csv", "x", 1);
    ck_assert_msg(!bench_files_write(&suite, NULL, &error), "%s", error.message);
    ck_assert_int_eq(count_entries(o.out), files + 1);
    ck_assert_int_eq(access(scratch("again/mine.csv"), F_OK), 0);
    free(manifest);
    free(more);
}
END_TEST

static Suite *bench_suite_tests(void) {
    Suite *suite = suite_create("bench");
    TCase *selection = tcase_create("selection");
    tcase_add_test(selection, options_of_the_selection_are_read);
    tcase_add_test(selection, no_option_chooses_everything);
    tcase_add_loop_test(selection, a_bad_option_is_told_in_one_line, 0, sizeof bad_options / sizeof *bad_options);
    suite_add_tcase(suite, selection);
    TCase *counts = tcase_create("counts");
    tcase_add_test(counts, operations_of_the_linear_step);
    tcase_add_test(counts, operations_of_the_activations);
    tcase_add_test(counts, operations_of_the_parts_are_those_of_the_step);
    tcase_add_test(counts, operations_of_the_tangent_step);
    tcase_add_test(counts, operations_of_gram_schmidt);
    tcase_add_test(counts, every_kernel_has_a_bound);
    tcase_add_test(counts, the_bound_is_the_largest_limit);
    tcase_add_test(counts, repetitions_are_summarised);
    tcase_add_test(counts, exponents_come_from_the_upper_half);
    suite_add_tcase(suite, counts);
    TCase *tables = tcase_create("tables");
    tcase_add_test(tables, json_is_json);
    tcase_add_test(tables, json_has_the_limits_and_the_curves);
    tcase_add_test(tables, every_line_of_the_csv_has_the_columns_of_its_head);
    tcase_add_test(tables, a_table_reads_back_and_compares);
    tcase_add_loop_test(tables, what_is_no_table_is_refused, 0, sizeof no_tables / sizeof *no_tables);
    tcase_add_test(tables, a_peers_line_is_read);
    tcase_add_test(tables, pictures_are_drawn_without_the_settings_of_the_user);
    suite_add_tcase(suite, tables);
    TCase *files = tcase_create("files");
    tcase_add_test(files, a_run_overwrites_neither_the_old_table_nor_other_results);
    tcase_add_test(files, a_second_run_takes_the_tables_of_the_first_away);
    suite_add_tcase(suite, files);
    TCase *run = tcase_create("run");
    int kernels = 0;
    while (bench_kernels[kernels]) kernels++;
    tcase_set_timeout(run, 120);
    tcase_add_loop_test(run, every_kernel_verifies_and_is_timed, 0, kernels);
    suite_add_tcase(suite, run);
    return suite;
}

int main(void) {
    return run_suite(bench_suite_tests());
}
