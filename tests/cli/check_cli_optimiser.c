/* Optimisers, evaluation and last weights through the command, from end to end. */
#include "tests/arrays.h"
#include "tests/command.h"

/* Plain gradient descent has no memory: twenty steps are ten and, from the weights after them, ten more. */
START_TEST(training_goes_on_from_saved_weights) {
    static const char *const names[] = {"@/w.npy", "@/w.csv"}, *const precisions[] = {"float32", "float64"};
    char line[512];
    const char *ending = names[_i % 2], *precision = precisions[_i / 2];
    snprintf(line, sizeof line, "run --starts 5 --lr 0.3 --precision %s --epochs 20 --out @/whole --quiet", precision);
    expect_success("%s", line);
    snprintf(line, sizeof line,
             "run --starts 5 --lr 0.3 --precision %s --epochs 10 --out @/first --quiet --save-weights %s", precision,
             ending);
    expect_success("%s", line);
    snprintf(line, sizeof line, "run --weights %s --lr 0.3 --precision %s --epochs 10 --out @/second --quiet", ending,
             precision);
    expect_success("%s", line);
    struct sheet whole = read_sheet("whole/cells.csv"), second = read_sheet("second/cells.csv");
    size_t final = column_of(&whole, "final_loss");
    ck_assert_uint_eq(second.rows, 5);
    for (size_t row = 0; row < 5; row++) ck_assert_double_eq(number(&whole, row, final), number(&second, row, final));
    sheet_free(&whole);
    sheet_free(&second);
}
END_TEST

/* Images of two classes that one pixel tells apart. */
static void write_images(void) {
    static struct bytes b;
    const uint32_t images[] = {40, 4, 4}, labels[] = {40};
    b.size = 0;
    put_idx(&b, 0x08, 3, images);
    for (unsigned s = 0; s < 40; s++)
        for (unsigned i = 0; i < 16; i++) put_byte(&b, i == 5 ? 255 * (s % 2) : (17 * s + 31 * i) % 90);
    write_bytes("images.idx", &b);
    b.size = 0;
    put_idx(&b, 0x08, 1, labels);
    for (unsigned s = 0; s < 40; s++) put_byte(&b, s % 2);
    write_bytes("labels.idx", &b);
}

START_TEST(one_command_takes_images_to_the_exponent_regime_and_sharpness_of_adam) {
    write_images();
    for (int estimator = 0; estimator < 2; estimator++) {
        char line[512];
        snprintf(
            line, sizeof line,
            "run --net 16-6-2 --activation gelu --loss softmax --init he-normal --optimiser adam --lr 0.02 --batch 8 "
            "--schedule cosine:0.1 --warm-up 5 --data @/images.idx --labels @/labels.idx --one-hot auto --split 0.75 "
            "--epochs 200 --starts 3 --out @/out%s",
            estimator ? " --estimator tangent --curvature --state full" : " --neighbours 15");
        expect_success("%s", line);
        struct sheet table = read_sheet(estimator ? "out/exponents.csv" : "out/cells.csv");
        ck_assert_uint_eq(table.rows, 3);
        for (size_t row = 0; row < 3; row++) {
            ck_assert_double_eq(number(&table, row, column_of(&table, "train_accuracy")), 1);
            ck_assert_double_eq(number(&table, row, column_of(&table, "test_accuracy")), 1);
            number(&table, row, column_of(&table, estimator ? "lambda_1" : "lambda_step"));
            if (!estimator) continue;
            ck_assert_double_gt(number(&table, row, column_of(&table, "sharpness_last")), 0);
            ck_assert(*field(&table, row, column_of(&table, "regime")));
        }
        sheet_free(&table);
        static const char *const lines[] = {"\noptimiser = adam\n",  "\nbatch = 8\n",        "\nschedule = cosine:0.1",
                                            "\nwarm-up = 5\n",       "\ninit = he-normal\n", "\nloss = softmax\n",
                                            "\nactivation = gelu\n", "\ntest-samples = 10\n"};
        char *manifest = read_text(scratch("out/manifest.txt"));
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
            ck_assert_msg(strstr(manifest, lines[i]) != NULL, "%s is not in\n%s", lines[i], manifest);
        ck_assert((strstr(manifest, "\nstate = full\n") != NULL) == estimator);
        free(manifest);
    }
}
END_TEST

static double initial_loss(const char *activations) {
    expect_success("run --net 2-3-3-1 --activation %s --output-activation linear --loss-window none --out @/a --quiet",
                   activations);
    struct sheet table = read_sheet("a/cells.csv");
    double loss = number(&table, 0, column_of(&table, "initial_loss"));
    sheet_free(&table);
    return loss;
}

START_TEST(every_hidden_layer_has_the_activation_at_its_place_in_the_list) {
    ck_assert_double_eq(initial_loss("tanh,tanh"), initial_loss("tanh"));
    ck_assert_double_ne(initial_loss("tanh,relu"), initial_loss("relu,tanh"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_optimiser");
    TCase *tc = tcase_create("command");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, training_goes_on_from_saved_weights, 0, 4);
    tcase_add_test(tc, one_command_takes_images_to_the_exponent_regime_and_sharpness_of_adam);
    tcase_add_test(tc, every_hidden_layer_has_the_activation_at_its_place_in_the_list);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
