/* `lyapgrad series` from end to end. */
#include <math.h>

#include "tests/command.h"
#include "tests/series.h"

enum { STEP, VALUE, ERROR, REFERENCES, NEIGHBOURS, FIT, COLUMNS };
static const char header[] = "step,mean_log_divergence,standard_error,references,neighbours,fit";

/* henon.csv: n rows of a text column, a gap, x and y. */
static void write_henon(size_t n) {
    double *x = henon(n);
    FILE *file = fopen(scratch("henon.csv"), "w");
    ck_assert_ptr_nonnull(file);
    fputs("note,gap,x,y\n", file);
    for (size_t i = 0; i < n; i++) fprintf(file, "row %zu,,%.17g,%.17g\n", i, x[i], i ? 0.3 * x[i - 1] : 0);
    ck_assert_int_eq(fclose(file), 0);
    free(x);
}

static void write_text(const char *name, const char *text) {
    scratch_file(name, text, strlen(text));
}

/* The command's curve and slope are the library's, bit for bit. */
START_TEST(the_tables_hold_what_the_library_gives) {
    enum lyap_series_method method = (enum lyap_series_method)_i;
    bool wolf = method == LYAP_SERIES_WOLF;
    write_henon(3000);
    double *x = henon(3000);
    struct lyap_series_options options;
    lyap_series_defaults(&options);
    options.method = method;
    options.dimension = 3;
    options.theiler = 5;
    struct lyap_series_result r = run(x, 3000, &options);
    ck_assert_int_eq(r.status, LYAP_SERIES_OK);
    expect_success("series @/henon.csv --column x --method %s --dimension 3 --theiler 5 --out @/out",
                   lyap_series_method_name(method));
    struct sheet sheet = read_sheet("out/divergence.csv");
    ck_assert_str_eq(sheet.header, header);
    ck_assert_uint_eq(sheet.rows, r.points);
    for (size_t i = 0; i < r.points; i++) {
        ck_assert_double_eq(number(&sheet, i, STEP), (double)r.curve[i].step);
        expect_number(&sheet, i, VALUE, true, r.curve[i].value);
        expect_number(&sheet, i, ERROR, !wolf, r.curve[i].error);
        ck_assert_double_eq(number(&sheet, i, REFERENCES), (double)r.curve[i].references);
        ck_assert_double_eq(number(&sheet, i, NEIGHBOURS), (double)r.curve[i].pairs);
        bool inside = (int64_t)r.curve[i].step >= r.used.fit_first && (int64_t)r.curve[i].step <= r.used.fit_last;
        expect_number(&sheet, i, FIT, inside, r.intercept + r.slope * (double)r.curve[i].step);
    }
    ck_assert_double_eq(strtod(manifest_value("out", "slope"), NULL), r.slope);
    ck_assert_double_eq(strtod(manifest_value("out", "standard-error"), NULL), r.error);
    ck_assert_str_eq(manifest_value("out", "status"), "ok");
    ck_assert_str_eq(manifest_value("out", "method"), lyap_series_method_name(method));
    ck_assert_str_eq(manifest_value("out", "column"), "x");
    ck_assert_int_eq(count_entries(scratch("out")), 3);
    sheet_free(&sheet);
    lyap_series_free(&r);
    free(x);
}
END_TEST

START_TEST(columns_rows_and_cells_are_chosen) {
    write_henon(3000);
    expect_success("series --column x @/henon.csv --out @/name");
    expect_success("series @/henon.csv --column 3 --out=@/number --threads 1");
    ck_assert_uint_eq(digest_in("name"), digest_in("number"));
    FILE *file = fopen(scratch("cells.csv"), "w");
    ck_assert_ptr_nonnull(file);
    double *x = henon(3000);
    fputs("cell,epoch,loss\n", file);
    for (int cell = 0; cell < 2; cell++)
        for (int i = 0; i < 3000; i++) fprintf(file, "%d,%d,%.17g\n", cell, i, cell ? x[i] : 1.0 * i);
    ck_assert_int_eq(fclose(file), 0);
    free(x);
    expect_success("series @/cells.csv --column loss --where cell=1 --out @/cell");
    ck_assert_uint_eq(digest_in("name"), digest_in("cell"));
    expect_success("series @/cells.csv --column loss --where cell=1 --rows 1001: --out @/late");
    expect_success("series @/henon.csv --column x --rows 1001:3000 --out @/rows");
    ck_assert_uint_eq(digest_in("late"), digest_in("rows"));
    ck_assert_str_eq(manifest_value("late", "samples"), "2000");
}
END_TEST

START_TEST(a_network_s_own_loss_is_a_series) {
    expect_success("run --activation tanh --lr 0.5 --epochs 2000 --starts 2 --loss-window none --precision float64 "
                   "--series --quiet --out @/net");
    struct outcome o =
        run_command("series @/net/series.csv --column loss --where cell=1 --rows 101: --method rosenstein "
                    "--dimension 3 --out @/loss");
    ck_assert_msg(o.status == 0, "%s", o.err);
    ck_assert_ptr_nonnull(strstr(o.out, "adjacent in time")); /* it converges, and is told so */
    ck_assert_double_lt(strtod(manifest_value("loss", "slope"), NULL), 0);
    outcome_free(&o);
}
END_TEST

START_TEST(the_summary_names_slope_error_interval_window_and_status) {
    write_henon(3000);
    struct outcome o = run_command("series @/henon.csv --column x --fit 1:6 --out @/out");
    ck_assert_int_eq(o.status, 0);
    const char *words[] = {" +- ", "nats/sample", "95 % interval", "steps 1:6", "status      ok", "digest"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        ck_assert_msg(strstr(o.out, words[i]) != NULL, "no '%s' in: %s", words[i], o.out);
    ck_assert_str_eq(manifest_value("out", "fit"), "1:6");
    outcome_free(&o);
    o = run_command("series @/henon.csv --column x --quiet --out @/out");
    ck_assert_str_eq(o.out, "");
    outcome_free(&o);
}
END_TEST

/* Exit status 1, a line that says why, the tables all the same, and no number where there is no exponent. */
static const struct {
    const char *text, *status;
} without[] = {
    {"1\n1\n1\n1\n", "constant"},
    {"1\n2\n3\n", "too_short"},
    {"1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2"
     "\n"
     "1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n",
     "repeats"},
};

START_TEST(a_series_without_an_exponent_fails_with_the_reason) {
    write_text("flat.csv", without[_i].text);
    struct outcome o = run_command("series @/flat.csv --out @/out");
    ck_assert_int_eq(o.status, 1);
    ck_assert_ptr_nonnull(strstr(o.err, "no exponent"));
    ck_assert_ptr_nonnull(strstr(o.out, without[_i].status));
    ck_assert_str_eq(manifest_value("out", "status"), without[_i].status);
    bool found;
    manifest_find("out", "slope", &found);
    ck_assert(!found);
    struct sheet sheet = read_sheet("out/divergence.csv");
    ck_assert_str_eq(sheet.header, header);
    ck_assert_uint_eq(sheet.rows, 0);
    sheet_free(&sheet);
    outcome_free(&o);
}
END_TEST

/* A command line behind "series", and a word that its one line of complaint must have. */
static const struct {
    const char *line, *word;
} bad[] = {
    {"", "FILE"},
    {"''", "FILE"},
    {"@/none.csv", "none.csv"},
    {"@", "directory"},
    {"@/henon.csv", "note, gap, x, y"},
    {"@/henon.csv @/henon.csv", "unexpected argument"},
    {"@/henon.csv --column z", "note, gap, x, y"},
    {"@/henon.csv --column 0", "no column '0'"},
    {"@/henon.csv --column 5", "no column '5'"},
    {"@/henon.csv --column gap", "row 1 "},
    {"@/henon.csv --column note", "row 1 "},
    {"@/twice.csv --column a", "2 columns"},
    {"@/cells.csv --column x", "--where cell=0"},
    {"@/cells.csv --column x --where cell", "COLUMN=NUMBER"},
    {"@/cells.csv --column x --where cell=a", "COLUMN=NUMBER"},
    {"@/cells.csv --column x --where sell=1", "no column 'sell'"},
    {"@/cells.csv --column x --where cell=7", "none of its 4 rows"},
    {"@/henon.csv --column x --rows 0:5", "--rows"},
    {"@/henon.csv --column x --rows 5", "--rows"},
    {"@/henon.csv --column x --rows 9:5", "--rows"},
    {"@/henon.csv --column x --rows 1:99999", "99999"},
    {"@/henon.csv --column x --rows 99999:", "none"},
    {"@/henon.csv --column x --method lyap", "kantz, rosenstein or wolf"},
    {"@/henon.csv --column x --dimension 0", "--dimension"},
    {"@/henon.csv --column x --dimension 65", "--dimension"},
    {"@/henon.csv --column x --delay 0", "--delay"},
    {"@/henon.csv --column x --theiler -1", "--theiler"},
    {"@/henon.csv --column x --steps 1", "--steps"},
    {"@/henon.csv --column x --steps 10001", "--steps"},
    {"@/henon.csv --column x --radius 0", "--radius"},
    {"@/henon.csv --column x --radius nan", "--radius"},
    {"@/henon.csv --column x --radius 1 --min-distance 2", "minimum distance"},
    {"@/henon.csv --column x --min-distance -1", "--min-distance"},
    {"@/henon.csv --column x --min-neighbours 0", "--min-neighbours"},
    {"@/henon.csv --column x --references 3", "--references"},
    {"@/henon.csv --column x --method wolf --steps 9", "--steps"},
    {"@/henon.csv --column x --method wolf --angle 2", "angle"},
    {"@/henon.csv --column x --evolve 2", "--evolve"},
    {"@/henon.csv --column x --method rosenstein --min-neighbours 9", "--min-neighbours"},
    {"@/henon.csv --column x --fit 3", "--fit"},
    {"@/henon.csv --column x --fit 3:", "--fit"},
    {"@/henon.csv --column x --fit 3:4", "window"},
    {"@/henon.csv --column x --fit 3:21", "last step"},
    {"@/henon.csv --column x --threads 0", "--threads"},
    {"@/henon.csv --column x --colum y", "did you mean '--column'"},
    {"@/henon.csv --column x --out=", "--out"},
};

START_TEST(bad_input_is_refused_in_one_line) {
    write_henon(100);
    write_text("twice.csv", "a,a\n1,2\n");
    write_text("cells.csv", "cell,x\n0,1\n0,2\n1,3\n1,4\n");
    const char *out = strstr(bad[_i].line, "--out") ? "" : "--out @/refused";
    struct outcome o = run_command("series %s %s", bad[_i].line, out);
    ck_assert_msg(o.status == 2, "status %d: %s", o.status, o.err);
    ck_assert_msg(strstr(o.err, bad[_i].word) != NULL, "no '%s' in: %s", bad[_i].word, o.err);
    ck_assert_ptr_eq(strchr(o.err, '\n'), o.err + strlen(o.err) - 1);
    ck_assert_str_eq(o.out, "");
    ck_assert(nothing_in("refused"));
    outcome_free(&o);
}
END_TEST

START_TEST(an_output_that_cannot_be_written_leaves_nothing) {
    write_henon(1000);
    write_text("file", "");
    struct outcome o = run_command("series @/henon.csv --column x --out @/file");
    ck_assert_int_eq(o.status, 2);
    outcome_free(&o);
    file_size_limit = 100;
    o = run_command("series @/henon.csv --column x --out @/full");
    ck_assert_int_ne(o.status, 0);
    ck_assert(access(scratch("full"), F_OK) != 0);
    outcome_free(&o);
}
END_TEST

START_TEST(the_script_draws_both_pictures) {
    if (system("command -v gnuplot > /dev/null 2>&1") != 0) SKIP("there is no gnuplot");
    static const char *const lines[] = {"--method kantz", "--method rosenstein", "--method wolf", "--rows 1:15"};
    write_henon(1000);
    for (int i = 0; i < 4; i++) {
        struct outcome o = run_command("series @/henon.csv --column x %s --out @/out", lines[i]);
        outcome_free(&o);
        char line[600];
        snprintf(line, sizeof line, "cd %s && rm -f *.png *.svg && gnuplot divergence.gp 2> /dev/null", scratch("out"));
        ck_assert_int_eq(system(line), 0);
        struct stat info;
        ck_assert(stat(scratch("out/divergence.svg"), &info) == 0 && info.st_size > 1000);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("series_command");
    TCase *tests = tcase_create("series_command");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, the_tables_hold_what_the_library_gives, 0, LYAP_SERIES_METHOD_COUNT);
    tcase_add_test(tests, columns_rows_and_cells_are_chosen);
    tcase_add_test(tests, a_network_s_own_loss_is_a_series);
    tcase_add_test(tests, the_summary_names_slope_error_interval_window_and_status);
    tcase_add_loop_test(tests, a_series_without_an_exponent_fails_with_the_reason, 0, sizeof without / sizeof *without);
    tcase_add_loop_test(tests, bad_input_is_refused_in_one_line, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tests, an_output_that_cannot_be_written_leaves_nothing);
    tcase_add_test(tests, the_script_draws_both_pictures);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
