/* The select command from end to end. */
#include <math.h>

#include "tests/command.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

/* Two classes in the plane, as a user has them: a header, the target last. */
static void write_data(void) {
    struct lyap_dataset moons;
    char text[4096] = "length,width,class\n";
    ck_assert_int_eq(lyap_dataset_parse(&moons, "moons:40,0.1", 1, 5, NULL), LYAP_OK);
    for (size_t i = 0; i < moons.samples; i++)
        sprintf(text + strlen(text), "%.6g,%.6g,%g\n", moons.x[2 * i], moons.x[2 * i + 1], moons.y[i]);
    scratch_file("my.csv", text, strlen(text));
    lyap_dataset_free(&moons);
}

/* Emulated processors take a hundred times as long. */
#define TINY "--net 2-2-1/2-4-1 --epochs 32 --budget 20000 --rate-starts 4 --rates 7 "
#define SMALL TINY "--searches 5 "

START_TEST(a_csv_file_gives_a_learning_rate_with_its_interval_in_one_command) {
    write_data();
    struct outcome o = run_command(
        "select --data @/my.csv --epochs 16 --budget 9000 --rate-starts 2 --rates 4 --searches 0 --out @/s");
    ck_assert_msg(o.status == 0, "%s", o.err);
    ck_assert_ptr_nonnull(strstr(o.out, "loss bce (from the targets)"));
    const char *line = strstr(o.out, "  learning rate ");
    double lr, low, high;
    ck_assert_ptr_nonnull(line);
    ck_assert_int_eq(sscanf(line, "  learning rate %lf (95 %%: %lf .. %lf)", &lr, &low, &high), 3);
    ck_assert(low <= lr && lr <= high);
    ck_assert_double_eq_tol(lr, strtod(manifest_value("s", "lr.recommended"), NULL), 0.01 * lr);
    ck_assert_ptr_nonnull(strstr(o.out, "  largest safe "));
    ck_assert_ptr_nonnull(strstr(o.out, "  instability "));
    ck_assert_str_eq(manifest_value("s", "setting.0"), "2-8-1 tanh, gd, glorot-uniform");
    ck_assert_str_eq(manifest_value("s", "setting.3"), "2-32-1 relu, gd, glorot-uniform");
    outcome_free(&o);
}
END_TEST

START_TEST(the_tables_say_what_the_words_say) {
    expect_success("select --data moons:40,0.1 --split 0.75 " SMALL "--quiet --out @/t");
    struct sheet ranking = read_sheet("t/select.csv"), trials = read_sheet("t/trials.csv"),
                 rates = read_sheet("t/rates.csv"), thresholds = read_sheet("t/thresholds.csv"),
                 searches = read_sheet("t/searches.csv"), worth = read_sheet("t/worth.csv"),
                 settings = read_sheet("t/settings.csv");
    ck_assert_str_eq(trials.header, "rung,steps,trial,setting,start,lr,initial_loss,loss,test_loss,lambda,lambda_low,"
                                    "lambda_high,regime,sharpness_first,sharpness_last,edge_lr,period,score,kept");
    for (size_t i = 0; i < trials.rows; i++) { /* every trial has them, unless it diverged */
        const bool lost = strcmp(field(&trials, i, 12), "diverged") == 0;
        const double sharpness = lost ? 0 : number(&trials, i, 14);
        ck_assert_int_eq(*field(&trials, i, 14) == '\0', lost);
        ck_assert_int_eq(*field(&trials, i, 15) == '\0', lost || sharpness <= 0);
        if (sharpness > 0) ck_assert_double_eq_tol(number(&trials, i, 15) * sharpness, 2, 1e-12);
    }
    ck_assert_double_gt(strtod(manifest_value("t", "cost.sharpness"), NULL), 0);
    for (size_t i = 1; i < ranking.rows; i++)
        ck_assert_double_le(number(&ranking, i - 1, 11), number(&ranking, i, 11)); /* loss */
    size_t last = 0;
    for (size_t i = 0; i < trials.rows; i++) last += number(&trials, i, 1) == 32;
    ck_assert_uint_eq(last, ranking.rows);
    ck_assert_uint_eq(rates.rows, 7);
    ck_assert_uint_eq(thresholds.rows, 4);
    ck_assert_uint_eq(searches.rows, 20);
    ck_assert_uint_eq(worth.rows, 5);
    ck_assert_uint_eq(settings.rows, 4);
    for (size_t i = 0; i < rates.rows; i++) {
        double regimes = 0;
        for (size_t r = 0; r < LYAP_REGIME_COUNT; r++) regimes += number(&rates, i, 12 + r);
        ck_assert_double_eq(regimes, 4);
    }
    char *report = read_text(scratch("t/report.txt"));
    ck_assert_ptr_nonnull(report);
    ck_assert_ptr_nonnull(strstr(report, "Why: the search, by loss, of the training loss"));
    ck_assert_ptr_nonnull(strstr(report, "held out"));
    ck_assert_ptr_nonnull(strstr(report, "; on top, the sharpness of the search's trials "));
    size_t rungs = 0; /* each tells its own */
    for (const char *at = report; (at = strstr(at, "median sharpness ")) != NULL; at++) rungs++;
    ck_assert_uint_eq(rungs, 2);
    ck_assert_ptr_nonnull(strstr(report, "The exponent "));
    free(report);
    sheet_free(&ranking);
    sheet_free(&trials);
    sheet_free(&rates);
    sheet_free(&thresholds);
    sheet_free(&searches);
    sheet_free(&worth);
    sheet_free(&settings);
}
END_TEST

START_TEST(the_exported_start_trains_as_it_did_in_the_search) {
    static const char *const files[] = {"weights.csv", "weights.npy"};
    expect_success("select --activation tanh --net 2-3-1 --epochs 32 --budget 20000 --rate-starts 4 --rates 7 "
                   "--searches 0 --quiet --out @/w");
    struct sheet ranking = read_sheet("w/select.csv");
    expect_success(
        "run --estimator tangent --evaluate --net 2-3-1 --activation tanh --output-activation sigmoid --loss bce "
        "--weights @/w/%s --lr %s --epochs 32 --quiet --out @/r",
        files[_i], field(&ranking, 0, 8));
    struct sheet run = read_sheet("r/exponents.csv");
    ck_assert_str_eq(field(&run, 0, 6), field(&ranking, 0, 10)); /* initial loss */
    size_t train = 0;
    for (char *word = strtok(run.header, ","); word && strcmp(word, "train_loss") != 0; word = strtok(NULL, ","))
        train++;
    ck_assert_str_eq(field(&run, 0, train), field(&ranking, 0, 11));
    sheet_free(&run);
    sheet_free(&ranking);
}
END_TEST

START_TEST(candidates_are_all_combinations_that_differ) {
    expect_success("select --net 2-1/2-3-1/2-3-2-1 --activation tanh/relu --optimiser gd/momentum/adam --momentum 0.8 "
                   "--init glorot-uniform/he-normal --epochs 16 --budget 12000 --rate-starts 2 --rates 4 "
                   "--searches 0 --quiet --out @/c");
    struct sheet settings = read_sheet("c/settings.csv");
    ck_assert_uint_eq(settings.rows, (1 + 2 + 2) * 3 * 2); /* a network without hidden layer has no activation */
    ck_assert_str_eq(manifest_value("c", "setting.0"), "2-1, gd, glorot-uniform");
    ck_assert_str_eq(manifest_value("c", "setting.29"), "2-3-2-1 relu, adam, he-normal");
    sheet_free(&settings);
}
END_TEST

START_TEST(loss_and_output_suit_the_targets) {
    static const struct {
        const char *data, *net, *loss, *output;
    } kinds[] = {{"xor", "2-2-1", "bce", "sigmoid"},
                 {"blobs:30,3,2,0.3", "2-3-3", "softmax", "linear"},
                 {"glyphs:40,0.2", "64-3-10", "softmax", "linear"},
                 {"linear-teacher:20,2,1,0.1", "2-2-1", "mse", "linear"},
                 {"xor --loss mse", "2-2-1", "mse", "linear"},
                 {"xor --output-activation tanh", "2-2-1", "mse", "tanh"}};
    expect_success("select --data %s --net %s --activation tanh --epochs 32 --budget 30000 --rate-starts 2 --rates 4 "
                   "--searches 0 --quiet --out @/l",
                   kinds[_i].data, kinds[_i].net);
    ck_assert_str_eq(manifest_value("l", "loss"), kinds[_i].loss);
    ck_assert_str_eq(manifest_value("l", "output-activation"), kinds[_i].output);
}
END_TEST

START_TEST(the_tables_have_the_same_bytes_for_any_instruction_set_and_threads) {
    static const char *const names[] = {"select.csv", "trials.csv",   "settings.csv", "rates.csv",  "thresholds.csv",
                                        "worth.csv",  "searches.csv", "weights.csv",  "report.txt", "select.gp"};
    expect_success("select --score combined " SMALL "--threads 2 --quiet --out @/a");
    expect_success("LYAPGRAD_ISA=scalar select --score combined " SMALL "--threads 1 --quiet --out @/b");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];
        snprintf(path, sizeof path, "a/%s", names[i]);
        char *a = read_text(scratch(path));
        snprintf(path, sizeof path, "b/%s", names[i]);
        char *b = read_text(scratch(path));
        ck_assert_ptr_nonnull(a);
        ck_assert_ptr_nonnull(b);
        ck_assert_msg(strcmp(a, b) == 0, "%s differs", names[i]);
        free(a);
        free(b);
    }
    ck_assert_uint_eq(digest_in("a"), digest_in("b"));
}
END_TEST

/* Not even that of a run before it in the same directory. */
START_TEST(without_a_comparison_there_is_no_table_of_one) {
    expect_success("select " TINY "--searches 5 --quiet --out @/n");
    ck_assert_int_eq(access(scratch("n/worth.csv"), F_OK), 0);
    struct outcome o = run_command("select " TINY "--searches 0 --explain --out @/n");
    ck_assert_int_eq(o.status, 0);
    ck_assert_ptr_null(strstr(o.out, "Worth:"));
    ck_assert_ptr_nonnull(strstr(o.out, "Why: the learning rates"));
    ck_assert_ptr_nonnull(strstr(o.out, "median sharpness"));
    ck_assert_int_ne(access(scratch("n/worth.csv"), F_OK), 0);
    ck_assert_int_ne(access(scratch("n/searches.csv"), F_OK), 0);
    ck_assert_int_eq(access(scratch("n/rates.csv"), F_OK), 0);
    char *manifest = read_text(scratch("n/manifest.txt")); /* nothing that a search does not use */
    ck_assert_ptr_null(strstr(manifest, "\nstarts = "));
    ck_assert_ptr_null(strstr(manifest, "\nneighbours = "));
    free(manifest);
    outcome_free(&o);
}
END_TEST

START_TEST(one_rate_and_rates_at_which_all_diverges_are_said_and_drawn) {
    static const struct {
        const char *options, *word;
    } cases[] = {{"--lr 0.5", "at least 0.5, the end of the range"},
                 {"--lr 1e4:1e6 --loss mse", "Nothing to recommend: every full training diverged"}};
    struct outcome o =
        run_command("select %s --net 2-2-1 --activation linear --epochs 32 --budget 30000 --rate-starts 2 "
                    "--rates 4 --searches 5 --out @/one",
                    cases[_i].options);
    ck_assert_msg(o.status == 0, "%s", o.err);
    ck_assert_msg(strstr(o.out, cases[_i].word) != NULL, "%s", o.out);
    ck_assert_ptr_null(strstr(o.out, "nan"));
    outcome_free(&o);
}
END_TEST

static const struct {
    const char *line, *word;
} bad[] = {
    {"select --lr 0:1", "--lr: '0:1' is not allowed"},
    {"select --lr 2:1", "--lr: '2:1'"},
    {"select --lr a:1", "--lr: 'a:1'"},
    {"select --lr 1:2:3", "--lr: '1:2:3'"},
    {"select --net 2-2-1/", "--net: a candidate between two '/' is empty"},
    {"select --net 2-2-1/2-2-1", "--net: '2-2-1' is given twice"},
    {"select --net 2-2-1/2-x-1", "2-x-1"},
    {"select --net 3-2-1", "takes 3 inputs"},
    {"select --activation tanh/sigmoids", "sigmoids"},
    {"select --optimiser gd/sgd", "--optimiser:"},
    {"select --optimiser gd --momentum 0.9", "--momentum: has no meaning for the optimiser gd"},
    {"select --init gloro", "--init: 'gloro'"},
    {"select --score accuracy", "--score: unknown score 'accuracy'"},
    {"select --searches 2", "--searches: '2' is not allowed; expected a whole number 5 .. 1000, or 0"},
    {"select --epochs 1", "--epochs"},
    {"select --budget 10", "budget 10: too small"},
    {"select --budget -5", "--budget"},
    {"select --safe 1.5", "--safe"},
    {"select --safe 0", "--safe"},
    {"select --rungs 9", "--rungs"},
    {"select --divisor 1", "--divisor"},
    {"select --rates 1", "--rates"},
    {"select --target 0", "--target"},
    {"select --loss bce --output-activation linear", "bce"},
    {"select --data @/none.csv", "none.csv"},
    {"select --by test", "--by: unknown loss 'test'"},
    {"select --by held-out", "--by: held-out, but no data are held out"},
    {"select --starts 5", "unknown option '--starts'"},
};

START_TEST(bad_input_is_one_line_that_names_it_and_leaves_nothing) {
    expect_bad_usage(bad[_i].line, bad[_i].word);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_select");
    TCase *tc = tcase_create("cli_select");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, a_csv_file_gives_a_learning_rate_with_its_interval_in_one_command);
    tcase_add_test(tc, the_tables_say_what_the_words_say);
    tcase_add_loop_test(tc, the_exported_start_trains_as_it_did_in_the_search, 0, 2);
    tcase_add_test(tc, candidates_are_all_combinations_that_differ);
    tcase_add_loop_test(tc, loss_and_output_suit_the_targets, 0, 5);
    tcase_add_test(tc, the_tables_have_the_same_bytes_for_any_instruction_set_and_threads);
    tcase_add_test(tc, without_a_comparison_there_is_no_table_of_one);
    tcase_add_loop_test(tc, one_rate_and_rates_at_which_all_diverges_are_said_and_drawn, 0, 2);
    tcase_add_loop_test(tc, bad_input_is_one_line_that_names_it_and_leaves_nothing, 0, (int)(sizeof bad / sizeof *bad));
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
