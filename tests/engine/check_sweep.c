/* `lyapgrad sweep` from end to end: the values, the shared starting points, and the table of quantiles and shares. */
#include <math.h>

#include "math/deterministic.h"
#include "tests/collect.h"
#include "tests/command.h"
#include "lyapgrad/dataset.h"

static const char sweep_columns[] =
    ",cells,measured,lambda_kw_q25,lambda_kw_median,lambda_kw_q75,lambda_step_q25,lambda_step_median,lambda_step_q75,"
    "share_positive,share_dead,share_diverged";
enum { VALUE, CELLS, MEASURED, KW, STEP = KW + 3, POSITIVE = STEP + 3, DEAD, DIVERGED, SWEEP_COLUMNS };
enum { LR = 1, INITIAL_LOSS, FINAL_LOSS, LAMBDA_KW, LAMBDA_STEP, ESCAPE_EPOCH, STATUS, SWEPT };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The three quartiles (type 7) of `column` over the measured cells of a value: those with an exponent that are not dead. */
static size_t quartiles(const struct sheet *cells, size_t first, size_t starts, size_t column, double quartile[3]) {
    double *values = malloc(starts * sizeof *values);
    size_t n = 0;
    for (size_t row = first; row < first + starts; row++)
        if (*field(cells, row, column) && strcmp(field(cells, row, STATUS), "dead") != 0)
            values[n++] = number(cells, row, column);
    qsort(values, n, sizeof *values, ascending);
    for (int q = 0; q < 3 && n; q++) {
        double position = (double)(n - 1) * 0.25 * (q + 1), below = floor(position);
        size_t i = (size_t)below;
        quartile[q] = values[i] + (i + 1 < n ? (position - below) * (values[i + 1] - values[i]) : 0);
    }
    free(values);
    return n;
}

static size_t count_status(const struct sheet *cells, size_t first, size_t starts, const char *status) {
    size_t count = 0;
    for (size_t row = first; row < first + starts; row++) count += strcmp(field(cells, row, STATUS), status) == 0;
    return count;
}

/* Row `v` of sweep.csv against the cells of that value. */
static void expect_row(const struct sheet *sweep, size_t v, const struct sheet *cells, size_t starts) {
    size_t first = v * starts, positive = 0;
    double expected[3];
    for (size_t row = first; row < first + starts; row++) /* what died counts as dead, whatever it did before */
        positive += strcmp(field(cells, row, STATUS), "dead") != 0 && *field(cells, row, LAMBDA_KW) &&
                    number(cells, row, LAMBDA_KW) > 0;
    for (size_t column = LAMBDA_KW; column <= LAMBDA_STEP; column++) {
        size_t n = quartiles(cells, first, starts, column, expected), at = column == LAMBDA_KW ? KW : STEP;
        ck_assert_double_eq(number(sweep, v, MEASURED), (double)n);
        for (size_t q = 0; q < 3; q++) {
            if (n == 0)
                ck_assert_str_eq(field(sweep, v, at + q), "");
            else
                ck_assert_double_eq_tol(number(sweep, v, at + q), expected[q], 1e-14 * fabs(expected[q]));
        }
    }
    double all = (double)starts;
    size_t diverged = count_status(cells, first, starts, "escaped") + count_status(cells, first, starts, "overflow");
    ck_assert_double_eq(number(sweep, v, CELLS), all);
    ck_assert_double_eq(number(sweep, v, POSITIVE), (double)positive / all);
    ck_assert_double_eq(number(sweep, v, DEAD), (double)count_status(cells, first, starts, "dead") / all);
    ck_assert_double_eq(number(sweep, v, DIVERGED), (double)diverged / all);
}

/* Every sweep: a range, what is swept, and the values it must have. */
static const struct {
    const char *options, *name;
    size_t values, starts;
    double start, stop;
    bool logarithmic;
} sweeps[] = {
    {"--over lr=0.01:20:7 --activation linear --epochs 60", "lr", 7, 9, 0.01, 20, false},
    {"--over=lr=log:1e-3:10:5 --activation relu --epochs 50 --seed 4", "lr", 5, 20, 1e-3, 10, true},
    {"--over lr=2:0.5:4 --precision float64 --activation tanh --epochs 8", "lr", 4, 3, 2, 0.5, false},
    {"--over lr=0.5:0.5:1 --epochs 3", "lr", 1, 1, 0.5, 0.5, false},
    {"--over lr=log:20:0.01:2 --epochs 1", "lr", 2, 17, 20, 0.01, true},
    {"--over perturbation=log:1e-6:0.01:3 --lr 0.1 --epochs 5", "perturbation", 3, 4, 1e-6, 0.01, true},
    {"--over epochs=1:31:6 --lr 0.5 --activation tanh", "epochs", 6, 5, 1, 31, false},
    {"--over epochs=log:2:50:4 --lr 0.5", "epochs", 4, 2, 2, 50, true},
};
enum { SWEEPS = sizeof sweeps / sizeof *sweeps };

static double expected_value(int s, size_t i) {
    double share = (double)i / (double)(sweeps[s].logarithmic ? sweeps[s].values - 1 : sweeps[s].values), value;
    if (sweeps[s].logarithmic)
        value = exp(log(sweeps[s].start) + (log(sweeps[s].stop) - log(sweeps[s].start)) * share);
    else
        value = sweeps[s].start + (sweeps[s].stop - sweeps[s].start) * share; /* stop excluded */
    return strcmp(sweeps[s].name, "epochs") == 0 ? round(value) : value;
}

static void run_sweep(int s, const char *more) {
    expect_success("sweep %s --starts %zu %s --quiet --out @/sweep", sweeps[s].options, sweeps[s].starts, more);
}

START_TEST(the_values_are_those_of_the_range) {
    run_sweep(_i, "");
    struct sheet sweep = read_sheet("sweep/sweep.csv");
    char header[512];
    snprintf(header, sizeof header, "%s%s", sweeps[_i].name, sweep_columns);
    ck_assert_str_eq(sweep.header, header);
    ck_assert_uint_eq(sweep.rows, sweeps[_i].values);
    for (size_t v = 0; v < sweep.rows; v++) {
        double expected = expected_value(_i, v);
        ck_assert_double_eq_tol(number(&sweep, v, VALUE), expected, 1e-14 * expected);
    }
    ck_assert_double_eq(number(&sweep, 0, VALUE), sweeps[_i].start);
    if (sweeps[_i].logarithmic) ck_assert_double_eq(number(&sweep, sweep.rows - 1, VALUE), sweeps[_i].stop);
    ck_assert_int_eq(strncmp(manifest_value("sweep", "over"), sweeps[_i].name, strlen(sweeps[_i].name)), 0);
    ck_assert_str_eq(manifest_value("sweep", "files"), "cells.csv sweep.csv");
    sheet_free(&sweep);
    remove_tree(scratch("sweep"));
}
END_TEST

START_TEST(every_row_follows_from_its_cells_and_every_value_has_the_same_starts) {
    size_t starts = sweeps[_i].starts;
    bool over_lr = strcmp(sweeps[_i].name, "lr") == 0;
    run_sweep(_i, "");
    struct sheet sweep = read_sheet("sweep/sweep.csv"), cells = read_sheet("sweep/cells.csv");
    char header[256];
    snprintf(header, sizeof header, "cell,lr,initial_loss,final_loss,lambda_kw,lambda_step,escape_epoch,status%s%s",
             over_lr ? "" : ",", over_lr ? "" : sweeps[_i].name);
    ck_assert_str_eq(cells.header, header);
    ck_assert_uint_eq(cells.rows, sweeps[_i].values * starts);
    for (size_t row = 0; row < cells.rows; row++) {
        ck_assert_double_eq(number(&cells, row, 0), (double)row);
        ck_assert_str_eq(field(&cells, row, INITIAL_LOSS), field(&cells, row % starts, INITIAL_LOSS));
        double value = number(&sweep, row / starts, VALUE);
        if (over_lr && strstr(sweeps[_i].options, "float64") == NULL) value = (double)(float)value;
        ck_assert_double_eq(number(&cells, row, over_lr ? LR : SWEPT), value);
    }
    for (size_t v = 0; v < sweep.rows; v++) expect_row(&sweep, v, &cells, starts);
    sheet_free(&sweep);
    sheet_free(&cells);
    remove_tree(scratch("sweep"));
}
END_TEST

START_TEST(a_summary_has_the_same_digest_and_rows_but_no_cells) {
    run_sweep(_i, "");
    uint64_t digest = digest_in("sweep");
    char *full = read_text(scratch("sweep/sweep.csv"));
    remove_tree(scratch("sweep"));
    run_sweep(_i, "--summary --threads 2");
    char *summary = read_text(scratch("sweep/sweep.csv"));
    ck_assert_str_eq(summary, full);
    ck_assert_uint_eq(digest_in("sweep"), digest);
    ck_assert_int_ne(access(scratch("sweep/cells.csv"), F_OK), 0);
    ck_assert_str_eq(manifest_value("sweep", "files"), "sweep.csv");
    free(full);
    free(summary);
    remove_tree(scratch("sweep"));
}
END_TEST

START_TEST(a_sweep_shows_dead_escaped_and_positive_cells) {
    run_sweep(0, ""); /* linear, up to lr 17: escapes */
    struct sheet sweep = read_sheet("sweep/sweep.csv");
    ck_assert_double_eq(number(&sweep, 6, DIVERGED), 1);
    ck_assert_double_eq(number(&sweep, 6, POSITIVE), 1);
    ck_assert_double_eq(number(&sweep, 0, DIVERGED), 0);
    ck_assert_double_eq(number(&sweep, 0, POSITIVE), 0);
    sheet_free(&sweep);
    run_sweep(1, ""); /* ReLU: networks die, and have no quantiles when all do */
    sweep = read_sheet("sweep/sweep.csv");
    ck_assert_double_gt(number(&sweep, 4, DEAD), 0.5);
    ck_assert_double_eq(number(&sweep, 0, DEAD), 0);
    ck_assert_double_eq(number(&sweep, 4, MEASURED), (double)sweeps[1].starts * (1 - number(&sweep, 4, DEAD)));
    sheet_free(&sweep);
}
END_TEST

START_TEST(a_sweep_holds_the_bits_that_the_library_gives) {
    struct lyap_dataset data = {0};
    struct lyap_network net;
    struct lyap_plan plan;
    struct lyap_setting settings[5];
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_RELU, LYAP_RELU, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.starts = 20;
    plan.seed = 4;
    plan.setting.epochs = 50;
    plan.values = 5;
    plan.settings = settings;
    for (size_t v = 0; v < 5; v++) {
        double low = lyap_log(1e-3), high = lyap_log(10);
        settings[v] = plan.setting;
        settings[v].lr = v == 0 ? 1e-3 : v == 4 ? 10 : lyap_exp(low + (high - low) * ((double)v / 4));
    }
    struct collected all = run_plan(&plan);
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t c = 0; c < all.cells; c++) digest = lyap_digest_record(digest, &all.records[c]);
    run_sweep(1, "--series");
    ck_assert_uint_eq(digest_in("sweep"), digest);
    ck_assert_str_eq(manifest_value("sweep", "files"), "cells.csv series.csv sweep.csv");
    struct sheet cells = read_sheet("sweep/cells.csv");
    for (size_t c = 0; c < all.cells; c++) {
        ck_assert_double_eq(number(&cells, c, LR), all.records[c].lr);
        expect_number(&cells, c, LAMBDA_KW, all.records[c].terms > 0, all.records[c].lambda_kw);
        ck_assert_str_eq(field(&cells, c, STATUS), lyap_outcome_name(all.records[c].outcome));
    }
    sheet_free(&cells);
    collected_free(&all);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(a_sweep_of_given_weights_starts_every_value_there) {
    expect_success("run --starts 3 --save-initial @/initial.csv --quiet --out @/drawn");
    expect_success("sweep --over lr=0.1:1:4 --starts 3 --epochs 6 --quiet --out @/free");
    expect_success("sweep --over lr=0.1:1:4 --weights @/initial.csv --epochs 6 --quiet --out @/given");
    ck_assert_uint_eq(digest_in("given"), digest_in("free"));
}
END_TEST

START_TEST(the_terminal_tells_the_digest_and_the_number_of_values) {
    struct outcome o = run_command("sweep --over lr=0.01:20:6 --activation relu --starts 5 --epochs 30 --out @/sweep");
    ck_assert_msg(o.status == 0, "%s", o.err);
    ck_assert_ptr_nonnull(strstr(o.out, "6 values of lr"));
    ck_assert_ptr_nonnull(strstr(o.out, manifest_value("sweep", "digest")));
    ck_assert_ptr_nonnull(strstr(o.out, "dead "));
    ck_assert_str_eq(o.err, "");
    outcome_free(&o);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sweep");
    TCase *tc = tcase_create("sweep");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, the_values_are_those_of_the_range, 0, SWEEPS);
    tcase_add_loop_test(tc, every_row_follows_from_its_cells_and_every_value_has_the_same_starts, 0, SWEEPS);
    tcase_add_loop_test(tc, a_summary_has_the_same_digest_and_rows_but_no_cells, 0, SWEEPS);
    tcase_add_test(tc, a_sweep_shows_dead_escaped_and_positive_cells);
    tcase_add_test(tc, a_sweep_holds_the_bits_that_the_library_gives);
    tcase_add_test(tc, a_sweep_of_given_weights_starts_every_value_there);
    tcase_add_test(tc, the_terminal_tells_the_digest_and_the_number_of_values);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
