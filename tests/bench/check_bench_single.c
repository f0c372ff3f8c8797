/* One network in the benchmark: what the library gives through its public interfaces is what the reference and the other programs
 * give; what differs is not timed; ratios and goals are those of the rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/blas.h"
#include "bench/options.h"
#include "bench/peers.h"
#include "bench/reference/reference.h"
#include "bench/single.h"
#include "bench/single_chain.h"
#include "bench/single_peers.h"
#include "bench/single_rows.h"
#include "bench/single_suite.h"
#include "tests/support.h"

enum { STEPS = 20, PARAMETERS = 1000 };

static enum lyap_status parse(struct bench_options *options, struct lyap_error *error, int n, char **words) {
    return bench_options_parse(options, n, words, error);
}

START_TEST(starts_replace_the_kernels) {
    char *words[] = {"lyapgrad-bench",
                     "--kernel",
                     "tangent-step,neighbours-3",
                     "--starts",
                     "1",
                     "--threads",
                     "1,2",
                     "--net",
                     "784-64-10",
                     "--samples",
                     "99"};
    struct bench_options o;
    struct lyap_error error = {0};
    ck_assert_msg(!parse(&o, &error, 11, words), "%s", error.message);
    ck_assert_uint_eq(o.starts, 1);
    ck_assert_int_eq(o.threads[0], 1);
    ck_assert_int_eq(o.threads[1], 2);
    ck_assert_int_eq(o.threads[2], 0);
    ck_assert_uint_eq(o.samples, 99);
    ck_assert_str_eq(o.out, "out/bench-single"); /* not where the kernels' tables are */
    int chosen = 0;
    for (size_t i = 0; i < bench_task_count; i++) chosen += bench_task_chosen(&o, &bench_tasks[i]);
    ck_assert_int_eq(chosen, 2);
    o.kernels.count = o.nets.count = 0; /* what takes minutes is run when asked for alone */
    for (size_t i = 0; i < bench_task_count; i++)
        ck_assert_int_eq(bench_task_chosen(&o, &bench_tasks[i]), !bench_tasks[i].memory);
    ck_assert(!parse(&o, NULL, 1, words));
    ck_assert_uint_eq(o.starts, 0);
}
END_TEST

static const struct {
    const char *words[5], *told;
} bad_options[] = {
    {{"--starts", "0"}, "1 .. 256"},
    {{"--starts", "257"}, "1 .. 256"},
    {{"--starts", "one"}, "1 .. 256"},
    {{"--starts"}, "needs a value"},
    {{"--threads", "2"}, "--starts"},
    {{"--starts", "1", "--threads", "2,"}, "joined by commas"},
    {{"--starts", "1", "--threads", "0"}, "joined by commas"},
    {{"--starts", "1", "--threads", "1,2,3,4,5"}, "joined by commas"},
    {{"--starts", "1", "--threads", "2,2"}, "2 is given twice"},
    {{"--starts", "1", "--kernel", "step"}, "gradient-step"},
    {{"--kernel", "gradient-step"}, "large-step"},
    {{"--starts", "1", "--scale"}, "--scale"},
    {{"--starts", "1", "--compare", "old.csv"}, "--compare"},
    {{"--starts", "1", "--net", "3-3-3"}, "no run"},
};

START_TEST(a_bad_option_is_told_in_one_line) {
    char texts[6][32] = {"lyapgrad-bench"}, *words[6];
    struct bench_options o;
    struct lyap_error error = {0};
    int n = 1;
    for (; n < 6 && bad_options[_i].words[n - 1]; n++)
        snprintf(texts[n], sizeof texts[n], "%s", bad_options[_i].words[n - 1]);
    for (int i = 0; i < 6; i++) words[i] = texts[i];
    ck_assert_int_eq(parse(&o, &error, n, words), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, bad_options[_i].told) != NULL, "%s", error.message);
    ck_assert(strchr(error.message, '\n') == NULL);
}
END_TEST

/* Small, so that the reference takes no time, and with samples that no tile divides. */
static const struct bench_task neighbours = {"neighbours-3", "parent-step", "5-7-3", 37, LYAP_TANH, 3, 0,
                                             .peers = true};
static const struct bench_task tangents = {"exponents-3", "parent-step", "5-7-3", 37, LYAP_TANH, 0, 3, .peers = true};

static void open_job(struct bench_job *job, const struct bench_task *task, enum lyap_precision precision) {
    struct lyap_error error = {0};
    ck_assert_msg(!bench_job_open(job, task, precision, 0, 1, &error), "%s", error.message);
    ck_assert_uint_le(job->parameters, PARAMETERS);
}

static void run_ours(const struct bench_job *job, uint64_t starts, int threads, struct bench_single_result *result) {
    struct bench_ours ours = {.job = job, .starts = starts, .threads = threads};
    *result = (struct bench_single_result){.distance = calloc(STEPS, sizeof(double)),
                                           .weights = calloc(job->parameters, sizeof(double))};
    ck_assert_int_eq(lyap_isa_select(NULL, &ours.isa, NULL), LYAP_OK);
    ck_assert_msg(bench_ours_run(&ours, STEPS, result) >= 0, "%s", ours.error.message);
}

static void free_result(struct bench_single_result *result) {
    free(result->distance);
    free(result->weights);
}

START_TEST(data_and_starts_are_the_same_each_time_and_exact_in_float32) {
    struct bench_job a, b;
    open_job(&a, &neighbours, LYAP_FLOAT32);
    open_job(&b, &neighbours, LYAP_FLOAT64);
    ck_assert_uint_eq(a.data.samples, 37);
    for (size_t i = 0; i < 37 * 5; i++) {
        ck_assert_double_eq(a.data.x[i], b.data.x[i]);
        ck_assert_double_eq(a.data.x[i], (double)(float)a.data.x[i]);
        ck_assert_double_lt(fabs(a.data.x[i]), 1.0001);
    }
    for (size_t i = 0; i < a.parameters; i++) {
        ck_assert_double_eq(a.weights[i], b.weights[i]);
        ck_assert_double_eq(a.weights[i], (double)(float)a.weights[i]);
    }
    ck_assert_double_ne(a.weights[0], a.weights[a.parameters]); /* the second start */
    bench_job_close(&a);
    bench_job_close(&b);
}
END_TEST

/* The reference in double, for either precision. */
static void reference(const struct bench_job *job, struct bench_single_result *result) {
    double *w = calloc(4 * PARAMETERS, sizeof *w), *v = calloc(3 * PARAMETERS, sizeof *v), loss[STEPS], lambda[3];
    const struct lyap_reference_training training = {&job->net, &job->data, NULL, job->lr, STEPS};
    *result = (struct bench_single_result){.distance = calloc(STEPS, sizeof(double)),
                                           .weights = calloc(job->parameters, sizeof(double))};
    ck_assert(!bench_job_initial(job, w, NULL));
    if (job->task->neighbours) {
        ck_assert(!lyap_reference_run(&training, w, job->trajectories, result->distance, loss, NULL));
        memcpy(result->weights, w, job->parameters * sizeof *w);
    } else {
        const struct lyap_reference_training before = {&job->net, &job->data, NULL, job->lr, STEPS - 1};
        bench_job_directions(job, v);
        ck_assert(!lyap_reference_spectrum(&training, w, v, job->task->exponents, lambda, NULL, NULL));
        for (size_t k = 0; k < job->task->exponents; k++) result->growth[k] = lambda[k] * STEPS;
        ck_assert(!bench_job_initial(job, w, NULL));
        ck_assert(!lyap_reference_run(&before, w, 1, result->distance, loss, NULL));
        result->loss = lyap_reference_loss(&job->net, &job->data, w);
    }
    free(w);
    free(v);
}

START_TEST(the_library_and_the_reference_agree) {
    const struct bench_task *task = _i / 2 ? &tangents : &neighbours;
    struct bench_job job;
    struct bench_single_result ours, expected;
    double residual, state;
    open_job(&job, task, (enum lyap_precision)(_i % 2));
    ck_assert_uint_eq(bench_job_unit(&job), task->neighbours ? 1 : 2);
    run_ours(&job, 1, 1, &ours);
    reference(&job, &expected);
    bench_single_compare(&job, STEPS, &expected, &ours, &residual, &state);
    ck_assert_msg(bench_single_agrees(&job, residual, state), "%g %g", residual, state);
    free_result(&ours);
    free_result(&expected);
    bench_job_close(&job);
}
END_TEST

START_TEST(openblas_agrees_and_what_differs_is_told) {
    struct bench_job job;
    struct bench_single_result expected;
    struct bench_single_peer peer;
    if (!bench_blas_available()) SKIP("this build has no OpenBLAS");
    open_job(&job, &neighbours, (enum lyap_precision)(_i % 2));
    reference(&job, &expected);
    int threads = 1 + _i / 2;
    ck_assert_int_eq(bench_single_blas_open(&peer, &job, threads, STEPS, &expected), BENCH_PEER_AGREES);
    ck_assert_int_eq(peer.forms, 2);
    ck_assert_int_eq(peer.agreeing, 2);
    double seconds = -1;
    ck_assert(peer.run(&peer, 3, &seconds));
    ck_assert_double_ge(seconds, 0);
    bench_single_blas_close(&peer);
    expected.distance[STEPS - 1] *= 1.1;
    ck_assert_int_eq(bench_single_blas_open(&peer, &job, threads, STEPS, &expected), BENCH_PEER_DIFFERS);
    ck_assert_double_gt(peer.residual, 0.05);
    bench_single_blas_close(&peer);
    expected.distance[STEPS - 1] /= 1.1;
    expected.weights[7] += 0.01;
    ck_assert_int_eq(bench_single_blas_open(&peer, &job, threads, STEPS, &expected), BENCH_PEER_DIFFERS);
    bench_single_blas_close(&peer);
    free_result(&expected);
    bench_job_close(&job);
}
END_TEST

/* Under an emulator or a sanitizer, where the largest tasks take minutes and Python is another program. */
static bool slow(void) {
#if defined(__SANITIZE_ADDRESS__)
    return true;
#else
    const char *wrapper = getenv("EXEC_WRAPPER");
    return wrapper && *wrapper;
#endif
}

/* All ways of writing it, of which the nearest alone would hide that one is wrong. */
START_TEST(every_form_in_pytorch_agrees) {
    struct bench_torch torch = {.directory = scratch_directory, .script = "bench/peers/single.py"};
    if (slow() || !(torch.python = bench_peers_python("torch"))) SKIP("no PyTorch is here");
    torch.looked = true;
    for (int i = 0; i < 8; i++) {
        struct bench_job job;
        struct bench_single_result expected;
        struct bench_single_peer peer;
        bool stacked = i / 4;
        double seconds = -1;
        open_job(&job, i / 2 % 2 ? &tangents : &neighbours, (enum lyap_precision)(i % 2));
        reference(&job, &expected);
        ck_assert_int_eq(bench_single_torch_open(&peer, &torch, &job, stacked, 1, STEPS, &expected), BENCH_PEER_AGREES);
        ck_assert_str_eq(peer.program, stacked ? "torch-stacked" : "torch");
        ck_assert_int_eq(peer.forms, stacked ? 1 : 3);
        ck_assert_int_eq(peer.forms, peer.agreeing);
        ck_assert_ptr_nonnull(strstr(peer.note, "PyTorch "));
        ck_assert(peer.run(&peer, 4, &seconds));
        ck_assert_double_gt(seconds, 0);
        bench_single_torch_close(&peer);
        expected.growth[1] += 1;
        expected.distance[0] *= 1.1;
        ck_assert_int_eq(bench_single_torch_open(&peer, &torch, &job, stacked, 1, STEPS, &expected),
                         BENCH_PEER_DIFFERS);
        free_result(&expected);
        bench_job_close(&job);
    }
    bench_torch_end(&torch);
}
END_TEST

/* Two peers take turns in one process, each with its own case. */
START_TEST(groups_of_forms_do_not_replace_each_other) {
    struct bench_torch torch = {.directory = scratch_directory, .script = "bench/peers/single.py"};
    if (slow() || !(torch.python = bench_peers_python("torch"))) SKIP("no PyTorch is here");
    torch.looked = true;
    struct bench_job job;
    struct bench_single_result expected;
    struct bench_single_peer plain, stacked;
    double seconds = -1;
    open_job(&job, &neighbours, LYAP_FLOAT32);
    reference(&job, &expected);
    ck_assert_int_eq(bench_single_torch_open(&plain, &torch, &job, false, 1, STEPS, &expected), BENCH_PEER_AGREES);
    ck_assert_int_eq(bench_single_torch_open(&stacked, &torch, &job, true, 1, STEPS, &expected), BENCH_PEER_AGREES);
    ck_assert_msg(plain.run(&plain, 4, &seconds), "the case of the plain forms is gone");
    ck_assert(stacked.run(&stacked, 4, &seconds));
    bench_single_torch_close(&plain);
    bench_single_torch_close(&stacked);
    bench_torch_end(&torch);
    free_result(&expected);
    bench_job_close(&job);
}
END_TEST

START_TEST(a_python_that_ends_at_once_is_a_missing_peer) {
    static const char fake[] = "#!/bin/sh\nexit 3\n";
    struct bench_job job;
    struct bench_single_result expected;
    struct bench_single_peer peer;
    char python[512];
    snprintf(python, sizeof python, "%s", scratch_file("python", fake, sizeof fake - 1));
    ck_assert_int_eq(chmod(python, 0755), 0);
    struct bench_torch torch = {
        .python = python, .looked = true, .directory = scratch_directory, .script = "bench/peers/single.py"};
    open_job(&job, &neighbours, LYAP_FLOAT32);
    reference(&job, &expected);
    ck_assert_int_eq(bench_single_torch_open(&peer, &torch, &job, false, 1, STEPS, &expected), BENCH_PEER_MISSING);
    bench_torch_end(&torch);
    free_result(&expected);
    bench_job_close(&job);
}
END_TEST

START_TEST(a_line_of_a_form_is_read) {
    char name[24];
    double residual, state;
    ck_assert(bench_torch_form("form R-loop 1.5e-06 2e-07", name, &residual, &state));
    ck_assert_str_eq(name, "R-loop");
    ck_assert_double_eq(residual, 1.5e-6);
    ck_assert_double_eq(state, 2e-7);
    ck_assert(!bench_torch_form("lacks R-loop AttributeError", name, &residual, &state));
    ck_assert(bench_torch_form("form R-loop nan inf", name, &residual, &state));
    struct bench_job job = {.task = &neighbours};
    ck_assert(!bench_single_agrees(&job, residual, 0));
    ck_assert(!bench_single_agrees(&job, 0, state));
}
END_TEST

/* 2-8-1 on four samples by hand: 2 and 8 multiply-adds forward, a product through the output's weight, four samples of the first
 * layer's gradient of which the first is a product, the update. */
START_TEST(chains_are_counted) {
    struct lyap_network net;
    ck_assert(!lyap_network_init(&net, "2-8-1", LYAP_RELU, LYAP_RELU, LYAP_MSE, NULL));
    struct bench_chain c = bench_chain_of(&net, 4);
    ck_assert_double_eq(c.fma, 2 + 8 + 3 + 1);
    ck_assert_double_eq(c.mul, 1 + 1);
    ck_assert_double_eq(c.add, 1);
    ck_assert_double_eq(c.relu, 2);
    ck_assert_double_eq(c.gate, 2);
    ck_assert_double_eq(c.tanh, 0);
    ck_assert(!lyap_network_init(&net, "2-8-3", LYAP_TANH, LYAP_TANH, LYAP_MSE, NULL));
    c = bench_chain_of(&net, 4);
    ck_assert_double_eq(c.fma, 2 + 8 + 1 + 2 + 3 + 1); /* 1 - a a of the output; two more units above */
    ck_assert_double_eq(c.mul, 1 + 1 + 1 + 1);
    ck_assert_double_eq(c.add, 0);
    ck_assert_double_eq(c.tanh, 2);
    const struct bench_latency m = {.fma = 4, .mul = 3, .add = 3, .relu = 1, .gate = 1, .tanh = 50};
    ck_assert_double_eq(bench_chain_ns(&c, &m), 17 * 4 + 4 * 3 + 2 * 50);
}
END_TEST

static struct bench_single_row *add(struct bench_single_rows *rows, const char *task, const char *program,
                                    uint64_t starts, int threads, double best) {
    struct bench_single_row *row = bench_single_rows_add(rows);
    ck_assert_ptr_nonnull(row);
    *row = (struct bench_single_row){.task = task,
                                     .item = "parent-step",
                                     .net = "784-64-10",
                                     .activation = "tanh",
                                     .precision = "float32",
                                     .neighbours = strcmp(task, "neighbours-3") == 0 ? 3 : 0,
                                     .starts = starts,
                                     .threads = threads,
                                     .best = best,
                                     .median = best};
    snprintf(row->program, sizeof row->program, "%s", program);
    return row;
}

START_TEST(ratios_and_goals_come_from_the_rows) {
    struct bench_single_rows rows = {0};
    add(&rows, "gradient-step", "avx2", 1, 1, 100);
    add(&rows, "gradient-step", "openblas", 1, 1, 110);
    add(&rows, "tangent-step", "avx2", 1, 1, 260);
    add(&rows, "tangent-step", "avx2", 1, 2, 130);
    add(&rows, "tangent-step", "avx2", 16, 1, 200);
    add(&rows, "tangent-step", "torch", 1, 1, 520);
    add(&rows, "tangent-step", "torch", 1, 2, 0); /* not timed */
    add(&rows, "tangent-step", "torch-stacked", 1, 1, 390);
    bench_single_rows_relate(&rows);
    bench_single_rows_judge(&rows);
    const struct bench_single_row *r = rows.rows;
    ck_assert_double_eq_tol(r[0].vs_openblas, 1.1, 1e-9);
    ck_assert_str_eq(r[0].goal, "vs_openblas >= 1.08");
    ck_assert_str_eq(r[0].reached, "yes");
    ck_assert_double_eq(r[0].vs_torch, 0);
    ck_assert_double_eq(r[1].vs_openblas, 0); /* a peer's row compares with nothing */
    ck_assert_str_eq(r[1].goal, "");
    ck_assert_double_eq_tol(r[2].vs_torch, 2, 1e-9);
    ck_assert_double_eq_tol(r[2].vs_stacked, 1.5, 1e-9);
    ck_assert_double_eq_tol(r[2].gradient_steps, 2.6, 1e-9);
    ck_assert_double_eq_tol(r[2].vs_block, 200.0 / 260, 1e-9);
    ck_assert_str_eq(r[2].goal, "best_torch >= 1.43; gradient_steps <= 2.5");
    ck_assert_str_eq(r[2].reached, "yes; no"); /* 390 / 260 counts, not 520 / 260 */
    ck_assert_double_eq_tol(r[3].vs_one_thread, 2, 1e-9);
    ck_assert_str_eq(r[3].goal, "best_torch >= 1.25; vs_one_thread >= 1.8");
    ck_assert_str_eq(r[3].reached, "?; yes");
    ck_assert_double_eq_tol(r[4].vs_torch, 2.6, 1e-9);
    bench_single_rows_free(&rows);
}
END_TEST

START_TEST(a_trajectory_is_compared_with_that_of_one_neighbour) {
    struct bench_single_rows rows = {0};
    add(&rows, "neighbours-1", "avx2", 1, 1, 100)->neighbours = 1;
    add(&rows, "neighbours-3", "avx2", 1, 1, 220);
    add(&rows, "neighbours-3", "avx2", 16, 1, 220);                /* other starts */
    add(&rows, "neighbours-7", "avx2", 1, 1, 110)->neighbours = 7; /* fifteen are paid for */
    bench_single_rows_relate(&rows);
    bench_single_rows_judge(&rows);
    ck_assert_str_eq(rows.rows[1].goal, "best_torch >= 1.25; per_trajectory 0.8 .. 1.2");
    ck_assert_str_eq(rows.rows[1].reached, "?; yes");
    ck_assert_str_eq(rows.rows[3].reached, "?; no");
    ck_assert_double_eq_tol(rows.rows[0].per_trajectory, 1, 1e-9);
    ck_assert_double_eq_tol(rows.rows[1].per_trajectory, 1.1, 1e-9);
    ck_assert_double_eq(rows.rows[2].per_trajectory, 0);
    bench_single_rows_free(&rows);
}
END_TEST

START_TEST(the_table_names_a_column_for_each_field) {
    struct bench_single_rows rows = {0};
    const struct bench_machine machine = {.cpu = "CPU"};
    struct bench_single_row *row = add(&rows, "tangent-step", "torch", 1, 1, 0);
    snprintf(row->note, sizeof row->note, "off by 1e-1, \"too\" far");
    row->residual = INFINITY;
    FILE *file = tmpfile();
    char text[8192], *line = text;
    bench_single_rows_csv(file, &rows, &machine);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    while (*line == '#') line = strchr(line, '\n') + 1;
    int columns[2] = {1, 1};
    for (int i = 0; i < 2; i++, line++)
        for (bool quoted = false; *line != '\n'; line++) {
            if (*line == '"') quoted = !quoted;
            columns[i] += !quoted && *line == ',';
        }
    ck_assert_int_eq(columns[0], columns[1]);
    ck_assert_int_gt(columns[0], 25);
    ck_assert_ptr_nonnull(strstr(text, ",best_ns,median_ns,"));
    ck_assert_ptr_null(strstr(text, "inf"));
    bench_single_rows_free(&rows);
}
END_TEST

/* Tasks, in the order of the names, with so few samples that all layouts of ours are compared in no time. */
START_TEST(every_task_runs_and_has_the_same_bits_in_every_way) {
    char name[16], out[300],
        *words[] = {"lyapgrad-bench", "--starts", "1",     "--threads", "1,2",       "--kernel", name,
                    "--samples",      "11",       "--out", out,         "--no-peers"};
    struct bench_options options;
    struct bench_machine machine = {.cpus = 2, .l1 = 1 << 14, .l2 = 1 << 16, .l3 = 1 << 16};
    struct lyap_error error = {0};
    if (slow() && strncmp(bench_task_names[_i], "small", 5) != 0) SKIP("%s takes minutes here", bench_task_names[_i]);
    snprintf(name, sizeof name, "%s", bench_task_names[_i]);
    snprintf(out, sizeof out, "%s", scratch("single"));
    ck_assert_msg(!parse(&options, &error, 12, words), "%s", error.message);
    struct bench_suite suite = {.options = &options, .machine = &machine, .effort = {1, 1e-6}};
    ck_assert_msg(!bench_single_run(&suite, &error), "%s", error.message);
    ck_assert_int_eq(suite.mismatches, 0);
    ck_assert_uint_ge(suite.single.count, 4);
    bool block = strcmp(name, "mid-step") == 0, small = strncmp(name, "small", 5) == 0;
    for (size_t i = 0; i < suite.single.count; i++) {
        const struct bench_single_row *row = &suite.single.rows[i];
        ck_assert_double_gt(row->best, 0);
        ck_assert_uint_eq(row->samples, small ? 4 : 11);
        ck_assert(row->starts == 16 || (row->starts == 1 && !block));
        ck_assert(row->threads == 1 || !(small || block));
        ck_assert_int_eq(row->bound > 0, block || strcmp(name, "small-step") == 0);
    }
    bench_suite_free(&suite);
}
END_TEST

/* The task of that kind is too large for a test. */
START_TEST(memory_is_measured_in_a_process_of_its_own) {
    struct bench_job job;
    enum lyap_isa isa;
    struct lyap_error error = {0};
    double seconds = 0, peak = 0;
    ck_assert_int_eq(lyap_isa_select(NULL, &isa, NULL), LYAP_OK);
    ck_assert_msg(!bench_single_memory(&tangents, LYAP_FLOAT64, 0, isa, &seconds, &peak, &error), "%s", error.message);
    ck_assert_double_gt(seconds, 0);
    ck_assert_double_gt(peak, 1e5);
    open_job(&job, &tangents, LYAP_FLOAT64);
    ck_assert_double_eq(bench_single_needed(&job), 8 * (6 * 66 + 2 * 37 * 8 + 2 * 4 * 10 * 37.0));
    bench_job_close(&job);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("bench_single");
    TCase *tc = tcase_create("bench_single");
    int tasks = 0;
    while (bench_task_names[tasks] && strcmp(bench_task_names[tasks], "memory-5") != 0) tasks++;
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, starts_replace_the_kernels);
    tcase_add_loop_test(tc, a_bad_option_is_told_in_one_line, 0, sizeof bad_options / sizeof *bad_options);
    tcase_add_test(tc, data_and_starts_are_the_same_each_time_and_exact_in_float32);
    tcase_add_loop_test(tc, the_library_and_the_reference_agree, 0, 4);
    tcase_add_loop_test(tc, openblas_agrees_and_what_differs_is_told, 0, 4);
    tcase_add_test(tc, every_form_in_pytorch_agrees);
    tcase_add_test(tc, groups_of_forms_do_not_replace_each_other);
    tcase_add_test(tc, a_python_that_ends_at_once_is_a_missing_peer);
    tcase_add_test(tc, a_line_of_a_form_is_read);
    tcase_add_test(tc, chains_are_counted);
    tcase_add_test(tc, ratios_and_goals_come_from_the_rows);
    tcase_add_test(tc, a_trajectory_is_compared_with_that_of_one_neighbour);
    tcase_add_test(tc, the_table_names_a_column_for_each_field);
    tcase_add_test(tc, memory_is_measured_in_a_process_of_its_own);
    tcase_add_loop_test(tc, every_task_runs_and_has_the_same_bits_in_every_way, 0, tasks);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
