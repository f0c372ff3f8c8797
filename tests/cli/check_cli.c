/* `lyapgrad run` from end to end: the tables hold the bits that the library gives for the same plan. */
#include <math.h>

#include "tests/collect.h"
#include "tests/command.h"
#include "lyapgrad/dataset.h"

static const char cells_header[] = "cell,lr,initial_loss,final_loss,lambda_kw,lambda_step,escape_epoch,status";
static const char series_header[] = "cell,epoch,distance,lambda_step,loss";
enum { CELL, LR, INITIAL_LOSS, FINAL_LOSS, LAMBDA_KW, LAMBDA_STEP, ESCAPE_EPOCH, STATUS, CELL_COLUMNS };
enum { S_CELL, S_EPOCH, S_DISTANCE, S_STEP, S_LOSS, S_COLUMNS };

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_plan plan;

static void use(const char *shape, enum lyap_activation hidden, enum lyap_activation output, enum lyap_loss loss,
                const char *source, size_t targets) {
    struct lyap_error error = {0};
    lyap_dataset_free(&data);
    ck_assert_msg(lyap_dataset_parse(&data, source, targets, 1, &error) == LYAP_OK, "%s", error.message);
    ck_assert_int_eq(lyap_network_init(&net, shape, hidden, output, loss, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.isa, NULL), LYAP_OK);
    plan.series = true;
}

static void use_any_start(double lr, uint32_t epochs) {
    plan.window = false;
    plan.setting.lr = lr;
    plan.setting.epochs = epochs;
}

static void defaults(void) {
    use("2-2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, "xor", 1);
}

static void doubles(void) {
    use("2-2-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, "xor", 1);
    plan.precision = LYAP_FLOAT64;
    plan.setting = (struct lyap_setting){.lr = 0.5, .perturbation = 1e-3, .epochs = 30};
    plan.neighbours = 3;
    plan.starts = 33;
    plan.seed = UINT64_MAX;
}

static void entropy(void) {
    use("2-3-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "xor", 1);
    use_any_start(0.3, 20);
    plan.init = LYAP_INIT_NORMAL;
    plan.init_b = 0.5;
    plan.starts = 5;
}

static void noisy(void) {
    use("3-5-1", LYAP_RELU, LYAP_LINEAR, LYAP_MSE, "xor-noisy:3,65,0.3", 1);
    use_any_start(0.1, 12);
    plan.starts = 3;
}

static void table(void) {
    const char text[] = "a,b,sum,difference\n0,0,0,0\n0.5,0.25,0.75,0.25\n1,0,1,1\n";
    use("2-2-2", LYAP_SIGMOID, LYAP_LINEAR, LYAP_MSE, scratch_file("table.csv", text, sizeof text - 1), 2);
    use_any_start(0.05, 9);
    plan.starts = 2;
}

static void no_hidden_layer(void) {
    use("2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, "xor", 1);
    plan.starts = 17;
    plan.setting.epochs = 3;
}

static void one_epoch(void) {
    defaults();
    plan.setting.epochs = 1;
    plan.starts = 3;
}

static void escaping(void) {
    use("2-2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, "xor", 1);
    plan.setting = (struct lyap_setting){.lr = 4.4, .perturbation = 1e-4, .epochs = 60};
    plan.starts = 20;
    plan.escape = 10;
}

static void overflowing(void) {
    escaping();
    plan.escape = 1e300;
    plan.setting.epochs = 150;
}

static void dying(void) {
    use("2-2-1", LYAP_RELU, LYAP_RELU, LYAP_MSE, "xor", 1);
    plan.setting.lr = 2;
    plan.setting.epochs = 40;
    plan.starts = 20;
}

/* Two samples x = -1, +1: every step brings the neighbours nearer by 1 - 2 lr, until they merge with a parent away from 0,
 * or to less than any accurate square. */
static void use_line(const char *name, const char *text) {
    use("1-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, scratch_file(name, text, strlen(text)), 1);
    use_any_start(0.25, 100);
    plan.setting.perturbation = 1e-3;
    plan.starts = 4;
}

static void merging(void) {
    use_line("merge.csv", "-1,-0.35\n1,0.7\n");
}

static void vanishing(void) {
    use_line("vanish.csv", "-1,0\n1,0\n");
}

/* A command line, the plan it must stand for, and the status that at least one of its cells must have. */
static const struct {
    const char *line;
    void (*use)(void);
    enum lyap_outcome shows;
} runs[] = {
    {"", defaults, LYAP_COMPLETE},
    {"--activation tanh --precision float64 --lr 0.5 --perturbation 1e-3 --epochs 30 --neighbours 3 --starts 33 "
     "--seed 18446744073709551615",
     doubles, LYAP_COMPLETE},
    {"--net 2-3-1 --activation tanh --output-activation sigmoid --loss bce --lr 0.3 --epochs 20 --starts 5 "
     "--init normal:0,0.5 --loss-window none",
     entropy, LYAP_COMPLETE},
    {"--net 3-5-1 --activation relu --output-activation linear --loss mse --init uniform:0,1 --data xor-noisy:3,65,0.3 "
     "--lr 0.1 --epochs 12 "
     "--starts 3 --loss-window none",
     noisy, LYAP_COMPLETE},
    {"--net 2-2-2 --activation sigmoid --loss mse --init uniform:0,1 --data @/table.csv --targets 2 --lr 0.05 --epochs "
     "9 --starts 2 "
     "--loss-window none",
     table, LYAP_COMPLETE},
    {"--net 2-1 --starts 17 --epochs 3", no_hidden_layer, LYAP_COMPLETE},
    {"--epochs 1 --starts 3", one_epoch, LYAP_COMPLETE},
    {"--activation linear --lr 4.4 --epochs 60 --starts 20 --escape 10", escaping, LYAP_ESCAPED},
    {"--activation linear --lr 4.4 --epochs 150 --starts 20 --escape 1e300", overflowing, LYAP_OVERFLOW},
    {"--activation relu --lr 2 --epochs 40 --starts 20", dying, LYAP_DEAD},
    {"--net 1-1 --activation linear --init uniform:0,1 --data @/merge.csv --loss-window none --lr 0.25 --epochs 100 "
     "--perturbation 0.001 --starts 4",
     merging, LYAP_ZERO_DISTANCE},
    {"--net 1-1 --activation linear --loss mse --output-activation linear --init uniform:0,1 --data @/vanish.csv "
     "--loss-window none --lr 0.25 --epochs 100 "
     "--perturbation 0.001 --starts 4",
     vanishing, LYAP_UNDERFLOW},
};

static void expect_cell(const struct sheet *cells, size_t row, const struct lyap_record *r) {
    ck_assert_double_eq(number(cells, row, CELL), (double)r->cell);
    ck_assert_double_eq(number(cells, row, LR), r->lr);
    expect_number(cells, row, INITIAL_LOSS, r->losses > 0, r->initial_loss);
    expect_number(cells, row, FINAL_LOSS, r->losses > 0, r->final_loss);
    expect_number(cells, row, LAMBDA_KW, r->terms > 0, r->lambda_kw);
    expect_number(cells, row, LAMBDA_STEP, r->terms > 0, r->lambda_step);
    expect_number(cells, row, ESCAPE_EPOCH, r->event_epoch >= 0, (double)r->event_epoch);
    ck_assert_str_eq(field(cells, row, STATUS), lyap_outcome_name(r->outcome));
}

START_TEST(a_run_writes_the_bits_that_the_library_gives) {
    runs[_i].use();
    struct collected all = run_plan(&plan);
    expect_success("run %s --series --quiet --out @/run", runs[_i].line);
    struct sheet cells = read_sheet("run/cells.csv"), series = read_sheet("run/series.csv");
    ck_assert_str_eq(cells.header, cells_header);
    ck_assert_str_eq(series.header, series_header);
    ck_assert_uint_eq(cells.rows, all.cells);
    uint64_t digest = LYAP_DIGEST_START, shown = 0;
    size_t row = 0;
    for (size_t c = 0; c < all.cells; c++) {
        const struct lyap_record *r = &all.records[c];
        expect_cell(&cells, c, r);
        digest = lyap_digest_record(digest, r);
        shown += r->outcome == runs[_i].shows;
        for (uint32_t t = 0; t < r->length || t < r->losses; t++, row++) {
            ck_assert_double_eq(number(&series, row, S_CELL), (double)c);
            ck_assert_double_eq(number(&series, row, S_EPOCH), t);
            expect_number(&series, row, S_DISTANCE, t < r->length, all.distance[c * all.stride + t]);
            expect_number(&series, row, S_LOSS, t < r->losses, all.loss[c * all.stride + t]);
        }
    }
    ck_assert_uint_eq(series.rows, row);
    ck_assert_uint_eq(digest_in("run"), digest);
    ck_assert_uint_gt(shown, 0);
    sheet_free(&cells);
    sheet_free(&series);
    collected_free(&all);
    lyap_dataset_free(&data);
    remove_tree(scratch("run"));
}
END_TEST

/* Recomputes a cell's exponents from rows first .. first+length-1 of the series, with the C library's logarithm. */
static void expect_exponents(const struct sheet *cells, size_t row, const struct sheet *series, size_t first,
                             size_t length) {
    double kw = 0, steps = 0, step_column = 0, start = length ? log(number(series, first, S_DISTANCE)) : 0;
    for (size_t t = 1; t < length; t++) {
        double now = log(number(series, first + t, S_DISTANCE)),
               before = log(number(series, first + t - 1, S_DISTANCE));
        kw += now - start;
        steps += now - before;
        step_column += number(series, first + t, S_STEP);
        ck_assert_double_eq_tol(number(series, first + t, S_STEP), now - before, 1e-13);
    }
    if (length) ck_assert_str_eq(field(series, first, S_STEP), "");
    if (length < 2) {
        ck_assert_str_eq(field(cells, row, LAMBDA_KW), "");
        ck_assert_str_eq(field(cells, row, LAMBDA_STEP), "");
        return;
    }
    double terms = (double)(length - 1);
    ck_assert_double_eq_tol(number(cells, row, LAMBDA_KW), kw / terms, 1e-12);
    ck_assert_double_eq_tol(number(cells, row, LAMBDA_STEP), steps / terms, 1e-12);
    ck_assert_double_eq_tol(number(cells, row, LAMBDA_STEP), step_column / terms, 1e-12);
}

START_TEST(cells_follow_from_their_series) {
    runs[_i].use(); /* writes its data file */
    expect_success("run %s --series --quiet --out @/run", runs[_i].line);
    struct sheet cells = read_sheet("run/cells.csv"), series = read_sheet("run/series.csv");
    size_t first = 0;
    for (size_t c = 0; c < cells.rows; c++) {
        size_t length = 0, losses = 0, end = first;
        for (; end < series.rows && number(&series, end, S_CELL) == (double)c; end++) {
            length += *field(&series, end, S_DISTANCE) != '\0';
            losses += *field(&series, end, S_LOSS) != '\0';
        }
        expect_exponents(&cells, c, &series, first, length);
        if (losses) {
            ck_assert_str_eq(field(&cells, c, INITIAL_LOSS), field(&series, first, S_LOSS));
            ck_assert_str_eq(field(&cells, c, FINAL_LOSS), field(&series, first + losses - 1, S_LOSS));
        }
        const char *event = field(&cells, c, ESCAPE_EPOCH), *status = field(&cells, c, STATUS);
        ck_assert_int_eq(*event == '\0', strcmp(status, "ok") == 0 || strcmp(status, "dead") == 0);
        if (*event) ck_assert_double_eq(number(&cells, c, ESCAPE_EPOCH), (double)length);
        if (strcmp(status, "dead") == 0) ck_assert_double_le(fabs(number(&series, end - 1, S_STEP)), 0);
        first = end;
    }
    ck_assert_uint_eq(first, series.rows);
    sheet_free(&cells);
    sheet_free(&series);
    lyap_dataset_free(&data);
    remove_tree(scratch("run"));
}
END_TEST

/* The starting points as the library draws them, [starts][trajectories][parameters]; the caller frees. */
static double *initial_weights(size_t starts, size_t trajectories, size_t parameters) {
    double *w = malloc(starts * trajectories * parameters * sizeof *w);
    ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, starts, w, NULL), LYAP_OK);
    return w;
}

START_TEST(saved_starting_points_restore_every_bit) {
    const char *precision = lyap_precision_name((enum lyap_precision)_i);
    defaults();
    plan.precision = (enum lyap_precision)_i;
    plan.starts = 18;
    double *w = initial_weights(18, 25, 9);
    expect_success("run --starts 18 --precision %s --save-initial @/initial.csv --quiet --out @/drawn", precision);
    struct sheet initial = read_sheet("initial.csv");
    ck_assert_str_eq(initial.header, "cell,trajectory,w0,w1,w2,w3,w4,w5,w6,w7,w8");
    ck_assert_uint_eq(initial.rows, 18 * 25);
    for (size_t row = 0; row < initial.rows; row++) {
        ck_assert_double_eq(number(&initial, row, 0), (double)(row / 25));
        ck_assert_double_eq(number(&initial, row, 1), (double)(row % 25));
        for (size_t p = 0; p < 9; p++) ck_assert_double_eq(number(&initial, row, 2 + p), w[row * 9 + p]);
    }
    expect_success("run --precision %s --weights @/initial.csv --quiet --out @/given", precision);
    ck_assert_str_eq(manifest_value("given", "starts"), "18");
    ck_assert_uint_eq(digest_in("given"), digest_in("drawn"));
    char *drawn = read_text(scratch("drawn/cells.csv")), *given = read_text(scratch("given/cells.csv"));
    ck_assert_str_eq(drawn, given);
    free(drawn);
    free(given);
    free(w);
    sheet_free(&initial);
}
END_TEST

START_TEST(a_plain_file_of_weights_is_one_start_a_row) {
    const double w[3][9] = {{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, {-1, 2, -3, 4, -5, 6, -7, 8, -9}, {0}};
    char text[512] = "";
    for (int s = 0; s < 3; s++)
        for (int p = 0; p < 9; p++) sprintf(text + strlen(text), "%g%c", w[s][p], p < 8 ? ',' : '\n');
    scratch_file("plain.csv", text, strlen(text));
    defaults();
    plan.weights = &w[0][0];
    for (plan.starts = 3; plan.starts > 0; plan.starts--) {
        struct collected all = run_plan(&plan);
        if (plan.starts == 3)
            expect_success("run --weights @/plain.csv --quiet --out @/plain");
        else
            expect_success("run --weights @/plain.csv --starts %d --quiet --out @/plain", (int)plan.starts);
        struct sheet cells = read_sheet("plain/cells.csv");
        ck_assert_uint_eq(cells.rows, plan.starts);
        for (size_t c = 0; c < cells.rows; c++) expect_cell(&cells, c, &all.records[c]);
        sheet_free(&cells);
        collected_free(&all);
    }
}
END_TEST

START_TEST(every_spelling_thread_count_isa_and_summary_gives_the_same_digest) {
    static const char *const same[] = {
        "run --lr=0.3 --starts=40 --epochs=20 --activation=relu",
        "run --epochs 20 --activation relu --output-activation relu --starts 40 --lr 3e-1",
        "run --lr 0.3 --starts 40 --epochs 20 --activation relu --threads 1",
        "run --lr 0.3 --starts 40 --epochs 20 --activation relu --threads 2",
        "run --lr 0.3 --starts 40 --epochs 20 --activation relu --threads 4096",
        "run --lr 0.3 --starts 40 --epochs 20 --activation relu --summary",
        "run --lr 0.3 --starts 40 --epochs 20 --activation relu --series",
        "LYAPGRAD_ISA= run --lr 0.3 --starts 40 --epochs 20 --activation relu --net=2-2-1 --loss=mse --data=xor",
        "run --lr 0.3 --starts 40 --epochs 20 --activation relu --neighbours 24 --perturbation 1e-4 --seed 1",
        "run --lr 0.3 --starts 40 --epochs 20 --activation relu --init uniform:0,1 --loss-window 0.2,0.4 --escape 1e9",
    };
    expect_success("run --lr 0.3 --starts 40 --epochs 20 --activation relu --quiet --out @/first");
    uint64_t digest = digest_in("first");
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        expect_success("%s --quiet --out @/other", same[i]);
        ck_assert_msg(digest_in("other") == digest, "%s", same[i]);
        ck_assert_int_eq(access(scratch("other/cells.csv"), F_OK) == 0, strstr(same[i], "--summary") == NULL);
        remove_tree(scratch("other"));
    }
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
        if (!HAS_ISA(isa)) continue;
        const char *name = lyap_isa_name((enum lyap_isa)isa);
        expect_success("LYAPGRAD_ISA=%s run --lr 0.3 --starts 40 --epochs 20 --activation relu --quiet --out @/other",
                       name);
        ck_assert_uint_eq(digest_in("other"), digest);
        ck_assert_str_eq(manifest_value("other", "isa"), name);
    }
    static const char *const different[] = {"--seed 2", "--lr 0.30001", "--precision float64", "--neighbours 23"};
    for (size_t i = 0; i < sizeof different / sizeof *different; i++) {
        expect_success("run --starts 40 --epochs 20 --activation relu %s --quiet --out @/other%s", different[i],
                       strstr(different[i], "--lr") ? "" : " --lr 0.3");
        ck_assert_msg(digest_in("other") != digest, "%s", different[i]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli");
    TCase *tc = tcase_create("run");
    const int count = (int)(sizeof runs / sizeof *runs);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, a_run_writes_the_bits_that_the_library_gives, 0, count);
    tcase_add_loop_test(tc, cells_follow_from_their_series, 0, count);
    tcase_add_loop_test(tc, saved_starting_points_restore_every_bit, 0, 2);
    tcase_add_test(tc, a_plain_file_of_weights_is_one_start_a_row);
    tcase_add_test(tc, every_spelling_thread_count_isa_and_summary_gives_the_same_digest);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
