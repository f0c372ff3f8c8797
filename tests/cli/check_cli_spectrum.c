/* The commands of the asymptotic estimators from end to end. */
#include "tests/command.h"

START_TEST(spectrum_writes_a_row_a_cell_and_a_history) {
    struct outcome o = run_command("spectrum --lr 0.5 --epochs 400 --transient 100 --exponents 3 --starts 5 "
                                   "--history 10 --curvature --out @/s");
    ck_assert_int_eq(o.status, 0);
    ck_assert_str_eq(o.err, "");
    ck_assert_ptr_nonnull(strstr(o.out, "lambda_3"));
    struct sheet cells = read_sheet("s/exponents.csv"), history = read_sheet("s/history.csv");
    ck_assert_uint_eq(cells.rows, 5);
    ck_assert_uint_eq(cells.columns, 18 + 9 + 1);
    ck_assert_uint_eq(history.rows, 50);
    ck_assert_double_eq(number(&cells, 0, 5), 300);
    ck_assert_double_eq(number(&history, 9, 1), 400);
    ck_assert_double_eq(number(&history, 9, 5), number(&cells, 0, 18)); /* the last running value is the result */
    ck_assert_double_gt(number(&cells, 0, 11), number(&cells, 0, 13));  /* sharpness above the smallest */
    ck_assert_ptr_nonnull(manifest_value("s", "transient"));
    sheet_free(&cells);
    sheet_free(&history);
    outcome_free(&o);
}
END_TEST

/* edge_lr = factor / (sharpness + weight decay), where there is one. */
static const struct {
    const char *options;
    double factor, decay; /* 0: no edge */
} edges[] = {{"", 2, 0},
             {"--weight-decay 0.25", 2, 0.25},
             {"--optimiser momentum --momentum 0.8 --weight-decay 0.5", 3.6, 0.5},
             {"--optimiser nesterov --momentum 0.5 --weight-decay 0.125", 1.5, 0.125},
             {"--optimiser adam", 0, 0},
             {"--optimiser adamw", 0, 0},
             {"--batch 2", 0, 0},
             {"--schedule cosine", 0, 0},
             {"--layer-rates 1,0.5", 0, 0}};

START_TEST(the_edge_is_the_optimisers_and_includes_the_decay) {
    expect_success("spectrum --epochs 60 --starts 4 --lr 0.05 --curvature --out @/e %s", edges[_i].options);
    struct sheet cells = read_sheet("e/exponents.csv");
    for (size_t i = 0; i < cells.rows; i++) {
        double sharpness = number(&cells, i, column_of(&cells, "sharpness_last"));
        const char *edge = field(&cells, i, column_of(&cells, "edge_lr"));
        ck_assert_int_eq(*edge == '\0', !(edges[_i].factor > 0 && sharpness + edges[_i].decay > 0));
        if (*edge) ck_assert_double_eq_tol(strtod(edge, NULL) * (sharpness + edges[_i].decay), edges[_i].factor, 1e-12);
    }
    sheet_free(&cells);
}
END_TEST

START_TEST(run_takes_the_estimators_and_compares_them) {
    struct outcome o = run_command("run --estimator tangent --epochs 200 --starts 4 --out @/t");
    ck_assert_int_eq(o.status, 0);
    struct sheet tangent = read_sheet("t/exponents.csv");
    outcome_free(&o);
    o = run_command("run --estimator rescaled --epochs 200 --starts 4 --perturbation 1e-7 --out @/r");
    ck_assert_int_eq(o.status, 0);
    struct sheet rescaled = read_sheet("r/exponents.csv");
    outcome_free(&o);
    o = run_command("run --estimator all --epochs 200 --starts 4 --perturbation 1e-7 --out @/a");
    ck_assert_int_eq(o.status, 0);
    ck_assert_ptr_nonnull(strstr(o.out, "rounding drowns the perturbation"));
    struct sheet all = read_sheet("a/estimators.csv");
    ck_assert_uint_eq(all.rows, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_double_eq(number(&all, i, 4), number(&rescaled, i, 18));
        ck_assert_double_eq(number(&all, i, 5), number(&tangent, i, 18));
        ck_assert_double_eq_tol(number(&all, i, 4), number(&all, i, 5), 1e-7);
    }
    sheet_free(&tangent);
    sheet_free(&rescaled);
    sheet_free(&all);
    outcome_free(&o);
}
END_TEST

static const struct {
    const char *line, *word;
} bad[] = {
    {"spectrum --exponents 10", "--exponents"},
    {"spectrum --exponents 0", "--exponents"},
    {"spectrum --transient 10000", "transient"},
    {"spectrum --until-ci 0", "--until-ci"},
    {"spectrum --series", "--series"},
    {"spectrum --exponent 3", "did you mean '--exponents'"},
    {"spectrum --history 300", "--history"},
    {"run --estimator tangents", "did you mean 'tangent'"},
    {"run --transient 5", "--transient"},
    {"run --estimator rescaled --band 1", "band"},
    {"validate --threads 0", "--threads"},
    {"spectrum --neighbours 5", "--neighbours"},
    {"spectrum --perturbation 1e-3", "--perturbation"},
    {"spectrum --band 5", "unknown option '--band'"},
    {"run --estimator tangent --band 5", "it belongs to: rescaled or all"},
    {"run --estimator all --precision float64", "--precision"},
    {"run --estimator all --history 5", "--history"},
    {"run --estimator rescaled --qr-every 5", "--qr-every"},
};

START_TEST(bad_input_is_one_line_that_names_it) {
    struct outcome o = run_command("%s", bad[_i].line);
    ck_assert_int_eq(o.status, 2);
    ck_assert_str_eq(o.out, "");
    ck_assert_msg(strstr(o.err, bad[_i].word) != NULL, "'%s' not in: %s", bad[_i].word, o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    outcome_free(&o);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_spectrum");
    TCase *tc = tcase_create("cli_spectrum");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, spectrum_writes_a_row_a_cell_and_a_history);
    tcase_add_loop_test(tc, the_edge_is_the_optimisers_and_includes_the_decay, 0, (int)(sizeof edges / sizeof *edges));
    tcase_add_test(tc, run_takes_the_estimators_and_compares_them);
    tcase_add_loop_test(tc, bad_input_is_one_line_that_names_it, 0, (int)(sizeof bad / sizeof *bad));
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
