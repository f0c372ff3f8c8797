/* What a command does where its line says nothing, and the other names that it takes. */
#include "tests/command.h"

static uint64_t digest_of(const char *line) {
    remove_tree(scratch("o"));
    struct outcome o = run_command("%s --quiet --out @/o", line);
    ck_assert_msg(o.status == 0, "%s: %s", line, o.err);
    outcome_free(&o);
    return digest_in("o");
}

static const char regression[] = "x,y\n0,1.5\n1,2.5\n2,0.5\n3,4\n4,1\n", /* targets that are no classes */
    binary[] = "a,b,y\n0,1,0\n1,2,1\n2,0,1\n3,4,0\n";

/* A short line, and the same with every choice that follows from its data; TRAINING is the same in all. */
#define TRAINING " --lr 0.1 --steps 6 --starts 3"
#define START " --init glorot-uniform --loss-window none"
static const char *const inferred[][2] = {
    {"run --data @/regression.csv" TRAINING,
     "run --data @/regression.csv --net 1-8-1 --activation tanh --output-activation linear --loss mse" START TRAINING},
    {"run --data @/binary.csv" TRAINING,
     "run --data @/binary.csv --net 2-8-1 --activation tanh --output-activation sigmoid --loss bce" START TRAINING},
    {"spectrum --exponents 2 --data blobs:30,3,2,0.2" TRAINING,
     "spectrum --exponents 2 --data blobs:30,3,2,0.2 --net 2-8-3 --activation tanh --output-activation linear --loss "
     "softmax" START TRAINING},
    {"run --data circles:20,0.1 --loss mse" TRAINING,
     "run --data circles:20,0.1 --net 2-8-1 --activation tanh --output-activation linear --loss mse" START TRAINING},
    {"run --data circles:20,0.1 --net 2-3-1 --activation relu --init uniform:-1,1" TRAINING,
     "run --data circles:20,0.1 --net 2-3-1 --activation relu --output-activation sigmoid --loss bce --init "
     "uniform:-1,1 --loss-window none" TRAINING},
    {"map --x lr:0.1:1 --y d1:0:1 --resolution 2x2 --steps 5 --data moons:20,0.1",
     "map --x lr:0.1:1 --y d1:0:1 --resolution 2x2 --steps 5 --data moons:20,0.1 --net 2-8-1 --activation tanh "
     "--output-activation sigmoid --loss bce" START},
    /* Without hidden layer the activation is the output's. */
    {"run --data @/regression.csv --net 1-1 --activation sin" TRAINING,
     "run --data @/regression.csv --net 1-1 --output-activation sin --loss mse" START TRAINING},
    {"run --data @/binary.csv --net 2-1 --activation sigmoid" TRAINING,
     "run --data @/binary.csv --net 2-1 --output-activation sigmoid --loss bce" START TRAINING},
    {"run --data parity:3" TRAINING,
     "run --data parity:3 --net 3-2-1 --activation sigmoid --loss mse --init uniform:0,1 --loss-window "
     "0.2,0.4" TRAINING},
    /* The paper's data have the paper's settings. */
    {"run" TRAINING,
     "run --data xor --net 2-2-1 --activation sigmoid --output-activation sigmoid --loss mse --init uniform:0,1 "
     "--loss-window 0.2,0.4" TRAINING},
    {"run --data parity:2" TRAINING,
     "run --data parity:2 --net 2-2-1 --activation sigmoid --loss mse --init uniform:0,1 --loss-window "
     "0.2,0.4" TRAINING},
};
enum { INFERRED = sizeof inferred / sizeof *inferred };

START_TEST(what_the_line_does_not_say_follows_from_the_data) {
    scratch_file("regression.csv", regression, sizeof regression - 1);
    scratch_file("binary.csv", binary, sizeof binary - 1);
    ck_assert_msg(digest_of(inferred[_i][0]) == digest_of(inferred[_i][1]), "%s", inferred[_i][0]);
}
END_TEST

START_TEST(what_followed_from_the_data_is_printed_and_in_the_manifest) {
    static const char said[] =
        "--net 2-8-3 --activation tanh --output-activation linear --loss softmax --loss-window none";
    remove_tree(scratch("o"));
    struct outcome o = run_command("run --data blobs:30,3,2,0.2 --init he-normal --steps 12 --batch 10 --out @/o");
    ck_assert_int_eq(o.status, 0);
    ck_assert_msg(strstr(o.out, said) != NULL, "%s", o.out);
    ck_assert_msg(strstr(o.out, "batches of 10: 12 steps are 4 passes over the 30 samples") != NULL, "%s", o.out);
    ck_assert_str_eq(manifest_value("o", "from-the-data"), said);
    outcome_free(&o);
    remove_tree(scratch("o"));
    o = run_command("run --steps 4 --out @/o");
    ck_assert_int_eq(o.status, 0);
    ck_assert_ptr_null(strstr(o.out, "from the data"));
    outcome_free(&o);
}
END_TEST

static const char *const alike[][2] = {
    {"run --epochs 7", "run --steps 7"},
    {"run --steps=1e1", "run --steps 10"},
    {"run --learning-rate 0.5", "run --lr 0.5"},
    {"run --batch-size 2", "run --batch 2"},
    {"run --optimizer Adam", "run --optimiser adam"},
    {"run --optimiser SGD", "run --optimiser gd"},
    {"run --activation Tanh", "run --activation tanh"},
    {"run --activation ReLU,Swish --net 2-3-2-1", "run --activation relu,silu --net 2-3-2-1"},
    {"run --init xavier", "run --init glorot-uniform"},
    {"run --init kaiming_normal", "run --init he-normal"},
    {"run --init PyTorch", "run --init torch"},
    {"run --precision double", "run --precision float64"},
    {"sweep --over steps=2:6:2", "sweep --over epochs=2:6:2"},
    {"sweep --over lr:1:4:3:log", "sweep --over lr=log:1:4:3"},
    {"select --net 2-2-1 --activation Tanh/ReLU --optimizer sgd --epochs 16 --budget 9000 --rate-starts 2 --rates 3 "
     "--searches 0",
     "select --net 2-2-1 --activation tanh/relu --optimiser gd --steps 16 --budget 9000 --rate-starts 2 --rates 3 "
     "--searches 0"},
};
enum { ALIKE = sizeof alike / sizeof *alike };

START_TEST(names_that_other_programs_have_mean_ours) {
    ck_assert_msg(digest_of(alike[_i][0]) == digest_of(alike[_i][1]), "%s", alike[_i][0]);
}
END_TEST

START_TEST(a_range_has_both_ends_and_the_papers_form_leaves_the_last_out) {
    static const struct {
        const char *over;
        double value[3];
    } ranges[] = {{"lr:1:2:3", {1, 1.5, 2}},
                  {"lr:2:0.5:3", {2, 1.25, 0.5}},
                  {"lr:1:4:3:log", {1, 2, 4}},
                  {"lr=1:2.5:3", {1, 1.5, 2}}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        remove_tree(scratch("o"));
        struct outcome o = run_command("sweep --over %s --steps 4 --quiet --out @/o", ranges[i].over);
        ck_assert_int_eq(o.status, 0);
        outcome_free(&o);
        struct sheet sheet = read_sheet("o/sweep.csv");
        ck_assert_uint_eq(sheet.rows, 3);
        for (size_t r = 0; r < 3; r++)
            ck_assert_double_eq(number(&sheet, r, column_of(&sheet, "lr")), ranges[i].value[r]);
        sheet_free(&sheet);
    }
    expect_bad_usage("sweep --over lr:1:2", "NAME:FROM:TO:COUNT[:log]");
    expect_bad_usage("sweep --over lr:1:2:0", "'0'");
    expect_bad_usage("sweep --over lr:0:2:3:log", "ends above 0");
}
END_TEST

START_TEST(the_name_that_was_given_is_the_one_that_a_message_says) {
    static const char *const bad[][2] = {{"run --epochs 0", "--epochs: '0'"},
                                         {"run --steps 0", "--steps: '0'"},
                                         {"run --steps 1.5e0", "--steps: '1.5e0'"},
                                         {"run --steps 1e400", "--steps: '1e400'"},
                                         {"run --steps 1e-3", "--steps: '1e-3'"},
                                         {"run --learning-rate -1", "--learning-rate: '-1'"},
                                         {"run --steps 5 --epochs 5", "--steps: given twice"},
                                         {"run --optimizer sgdx", "sgdx"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) expect_bad_usage(bad[i][0], bad[i][1]);
}
END_TEST

START_TEST(a_short_h_asks_for_help_too) {
    struct outcome dash = run_command("run -h"), whole = run_command("run --help"), program = run_command("-h");
    ck_assert_int_eq(dash.status, 0);
    ck_assert_str_eq(dash.out, whole.out);
    ck_assert_ptr_nonnull(strstr(program.out, "spectrum"));
    outcome_free(&dash);
    outcome_free(&whole);
    outcome_free(&program);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_defaults");
    TCase *tc = tcase_create("cli_defaults");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, what_the_line_does_not_say_follows_from_the_data, 0, INFERRED);
    tcase_add_test(tc, what_followed_from_the_data_is_printed_and_in_the_manifest);
    tcase_add_loop_test(tc, names_that_other_programs_have_mean_ours, 0, ALIKE);
    tcase_add_test(tc, a_range_has_both_ends_and_the_papers_form_leaves_the_last_out);
    tcase_add_test(tc, the_name_that_was_given_is_the_one_that_a_message_says);
    tcase_add_test(tc, a_short_h_asks_for_help_too);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
