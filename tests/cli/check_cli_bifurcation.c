/* The bifurcation command from end to end. */
#include <math.h>

#include "tests/command.h"

START_TEST(a_diagram_is_two_tables_a_script_and_a_manifest) {
    struct outcome o =
        run_command("bifurcation --activation tanh --init normal:0,2 --loss-window none --over lr:1:6:20 "
                    "--transient 300 --epochs 900 --points 8 --starts 2 --show w6,w0 --out @/b");
    ck_assert_int_eq(o.status, 0);
    ck_assert_ptr_nonnull(strstr(o.out, "20 values of lr"));
    ck_assert_ptr_nonnull(strstr(o.out, "\n  periods"));
    struct sheet points = read_sheet("b/bifurcation.csv"), exponents = read_sheet("b/exponents.csv");
    ck_assert_str_eq(points.header, "value,start,step,w6,w0");
    ck_assert_str_eq(exponents.header, "value,start,lambda,low,high,regime,period");
    ck_assert_uint_eq(exponents.rows, 40);
    size_t row = 0;
    for (size_t i = 0; i < 40; i++) {
        ck_assert_double_eq_tol(number(&exponents, i, 0), 1 + 5 * ((double)(i / 2) + 0.5) / 20, 1e-12);
        ck_assert_double_eq(number(&exponents, i, 1), (double)(i % 2));
        for (size_t k = 0; k < 8; k++, row++) {
            ck_assert_str_eq(field(&points, row, 0), field(&exponents, i, 0));
            ck_assert_str_eq(field(&points, row, 1), field(&exponents, i, 1));
            ck_assert_double_eq(number(&points, row, 2), (double)(892 + k));
        }
    }
    ck_assert_uint_eq(points.rows, row);
    ck_assert_str_eq(manifest_value("b", "over"), "lr:1:6:20");
    ck_assert_str_eq(manifest_value("b", "show"), "w6,w0");
    ck_assert_str_eq(manifest_value("b", "points"), "8");
    ck_assert_int_eq(access(scratch("b/bifurcation.gp"), R_OK), 0);
    sheet_free(&points);
    sheet_free(&exponents);
    outcome_free(&o);
}
END_TEST

START_TEST(a_point_is_what_run_saves_after_as_many_steps_and_the_exponent_what_it_measures) {
    expect_success("bifurcation --activation tanh --seed 3 --over lr:2:4:2 --transient 100 --epochs 400 --points 2 "
                   "--show weights --quiet --out @/p");
    struct sheet points = read_sheet("p/bifurcation.csv"), exponents = read_sheet("p/exponents.csv");
    ck_assert_uint_eq(points.rows, 4);
    for (size_t row = 0; row < 4; row++) {
        const char *lr = row / 2 ? "3.5" : "2.5";
        expect_success("run --precision float64 --activation tanh --seed 3 --lr %s --epochs %d --save-weights @/w.csv "
                       "--quiet --out @/r",
                       lr, 398 + (int)row % 2);
        struct sheet weights = read_sheet("w.csv");
        for (size_t p = 0; p < 9; p++) ck_assert_double_eq(number(&points, row, 3 + p), number(&weights, 0, 2 + p));
        sheet_free(&weights);
        expect_success(
            "run --estimator tangent --activation tanh --seed 3 --lr %s --transient 398 --epochs 400 --quiet "
            "--out @/r",
            lr);
        struct sheet run = read_sheet("r/exponents.csv");
        ck_assert_str_eq(field(&exponents, row / 2, 2), field(&run, 0, 18));
        ck_assert_str_eq(field(&exponents, row / 2, 5), field(&run, 0, 2));
        sheet_free(&run);
    }
    sheet_free(&points);
    sheet_free(&exponents);
}
END_TEST

START_TEST(scalar_with_one_thread_and_the_fastest_with_two_give_the_same_bytes) {
    static const char *const files[] = {"bifurcation.csv", "exponents.csv", "bifurcation.gp"};
    static const char *const shows[] = {"outputs", "loss", "w8"};
    expect_success("LYAPGRAD_ISA=scalar bifurcation --activation tanh --over lr:1:8:40 --transient 50 --epochs 150 "
                   "--points 6 --threads 1 --quiet --out @/t1 --show %s",
                   shows[_i]);
    expect_success("bifurcation --activation tanh --over lr:1:8:40 --transient 50 --epochs 150 --points 6 --threads 2 "
                   "--quiet --out @/t2 --show %s",
                   shows[_i]);
    for (int f = 0; f < 3; f++) {
        char name[64];
        snprintf(name, sizeof name, "t1/%s", files[f]);
        char *one = read_text(scratch(name));
        snprintf(name, sizeof name, "t2/%s", files[f]);
        char *two = read_text(scratch(name));
        ck_assert_ptr_nonnull(one);
        ck_assert_str_eq(one, two);
        free(one);
        free(two);
    }
}
END_TEST

START_TEST(cells_that_diverge_have_no_points_and_are_counted) {
    static const char line[] = "-1,-1\n1,1\n", start[] = "-3,0\n";
    scratch_file("line.csv", line, sizeof line - 1);
    scratch_file("start.csv", start, sizeof start - 1);
    struct outcome tested =
        run_command("bifurcation --net 1-1 --over lr:1:2:10 --data @/line.csv --test-data @/line.csv");
    ck_assert_int_eq(tested.status, 2);
    ck_assert_ptr_nonnull(strstr(tested.err, "unknown option '--test-data'"));
    outcome_free(&tested);
    struct outcome o = run_command("bifurcation --net 1-1 --activation linear --data @/line.csv --weights @/start.csv "
                                   "--over lr:0:2:8 --epochs 3000 --out @/d");
    ck_assert_int_eq(o.status, 0);
    ck_assert_ptr_nonnull(strstr(o.out, "without points 4"));
    struct sheet points = read_sheet("d/bifurcation.csv"), exponents = read_sheet("d/exponents.csv");
    ck_assert_uint_eq(points.rows, 4 * 512);
    ck_assert_str_eq(points.header, "value,start,step,w0");
    for (size_t i = 0; i < 8; i++) {
        ck_assert_str_eq(field(&exponents, i, 5), i < 4 ? "still" : "diverged");
        ck_assert_str_eq(field(&exponents, i, 6), i < 4 ? "1" : "");
    }
    ck_assert_str_eq(manifest_value("d", "cells.without-points"), "4");
    sheet_free(&points);
    sheet_free(&exponents);
    outcome_free(&o);
}
END_TEST

static const struct {
    const char *line, *word;
} bad[] = {
    {"bifurcation", "--over: is missing"},
    {"bifurcation --over lr:1:2", "--over: 'lr:1:2' is malformed"},
    {"bifurcation --over lr:1:2:10:lin", "--over:"},
    {"bifurcation --over lr:1:2:10:log:3", "--over:"},
    {"bifurcation --over lr:a:2:10", "--over:"},
    {"bifurcation --over lr:1:2:0", "--over: '0' in 'lr:1:2:0' is not a number of values"},
    {"bifurcation --over lr:1:2:1e3", "--over: '1e3' in 'lr:1:2:1e3' is not a number of values"},
    {"bifurcation --over lr:1:2:99999", "--over: '99999'"},
    {"bifurcation --over rate:1:2:10", "unknown quantity 'rate'"},
    {"bifurcation --over lr3:1:2:10", "lr3: the network has 2 layers"},
    {"bifurcation --over lr:2:1:10", "low end"},
    {"bifurcation --over lr:0:1:10:log", "logarithmic"},
    {"bifurcation --over momentum:0:0.9:10", "momentum and nesterov"},
    {"bifurcation --over lr:1:2:10 --lr 3", "--lr: given, and an axis too"},
    {"bifurcation --over lr:1:2:10 --show colours", "--show: 'colours' is malformed"},
    {"bifurcation --over lr:1:2:10 --show w9", "--show: there is no w9"},
    {"bifurcation --over lr:1:2:10 --show y4", "--show: there is no y4"},
    {"bifurcation --over lr:1:2:10 --show w1,y1", "--show: 'w1,y1' is malformed"},
    {"bifurcation --over lr:1:2:10 --show w8,w8", "--show: 'w8' is given twice"},
    {"bifurcation --over lr:1:2:10 --show y0,y3,y0", "--show: 'y0' is given twice"},
    {"bifurcation --over lr:1:2:10 --show w1,w01", "--show: 'w01' is given twice"},
    {"bifurcation --over lr:1:2:10 --show w1,", "--show: 'w1,' is malformed"},
    {"bifurcation --over lr:1:2:10 --show w", "--show: 'w' is malformed"},
    {"bifurcation --over lr:1:2:10 --show ''", "--show:"},
    {"bifurcation --over lr:1:2:10 --points 0", "--points"},
    {"bifurcation --over lr:1:2:10 --points many", "--points"},
    {"bifurcation --over lr:1:2:10 --points 5000 --epochs 5000 --transient 100",
     "--points: 5000 do not fit into 5000 steps after a transient of 100"},
    {"bifurcation --over lr:1:2:10 --epochs 5000 --transient 6000", "do not fit"},
    {"bifurcation --over lr:1:2:10 --tolerance -1", "tolerance"},
    {"bifurcation --over lr:1:1.0000000000000004:50", "too close for float64"},
    {"bifurcation --over lr:1:2:10 --point 3", "did you mean '--points'"},
};

START_TEST(bad_input_is_one_line_that_names_it_and_leaves_nothing) {
    expect_bad_usage(bad[_i].line, bad[_i].word);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_bifurcation");
    TCase *tc = tcase_create("cli_bifurcation");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, a_diagram_is_two_tables_a_script_and_a_manifest);
    tcase_add_test(tc, a_point_is_what_run_saves_after_as_many_steps_and_the_exponent_what_it_measures);
    tcase_add_loop_test(tc, scalar_with_one_thread_and_the_fastest_with_two_give_the_same_bytes, 0, 3);
    tcase_add_test(tc, cells_that_diverge_have_no_points_and_are_counted);
    tcase_add_loop_test(tc, bad_input_is_one_line_that_names_it_and_leaves_nothing, 0, (int)(sizeof bad / sizeof *bad));
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
