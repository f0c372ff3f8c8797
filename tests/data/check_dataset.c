#include "lyapgrad/dataset.h"

#include <math.h>

#include "lyapgrad/random.h"
#include "tests/support.h"

static void expect_xor(const struct lyap_dataset *data) {
    const double x[] = {0, 0, 0, 1, 1, 0, 1, 1};
    const double y[] = {0, 1, 1, 0};
    ck_assert_uint_eq(data->samples, 4);
    ck_assert_uint_eq(data->inputs, 2);
    ck_assert_uint_eq(data->outputs, 1);
    for (int i = 0; i < 8; i++) ck_assert_double_eq(data->x[i], x[i]);
    for (int i = 0; i < 4; i++) ck_assert_double_eq(data->y[i], y[i]);
}

START_TEST(xor_is_its_four_corners_in_order) {
    struct lyap_dataset data;
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    expect_xor(&data);
    lyap_dataset_free(&data);
    ck_assert_ptr_null(data.x);
    ck_assert_uint_eq(data.samples, 0);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(two_bits_without_noise_are_xor) {
    struct lyap_dataset data;
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 2, 4, 0, 1, NULL), LYAP_OK);
    expect_xor(&data);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(patterns_repeat_and_the_target_is_their_parity) {
    struct lyap_dataset data;
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 3, 20, 0, 1, NULL), LYAP_OK);
    const double parity[] = {0, 1, 1, 0, 1, 0, 0, 1};
    for (size_t s = 0; s < 20; s++) {
        ck_assert_double_eq(data.x[3 * s], (double)(s % 8 / 4));
        ck_assert_double_eq(data.x[3 * s + 1], (double)(s % 4 / 2));
        ck_assert_double_eq(data.x[3 * s + 2], (double)(s % 2));
        ck_assert_double_eq(data.y[s], parity[s % 8]);
    }
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(noise_is_sigma_times_the_normal_draw_of_sample_and_input) {
    struct lyap_dataset data;
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 3, 50, 0.3, 42, NULL), LYAP_OK);
    for (size_t s = 0; s < 50; s++) {
        for (size_t i = 0; i < 3; i++) {
            double normal;
            lyap_random_normal(42, LYAP_STREAM_DATA, s, i, 1, &normal);
            double noise = 0.3 * normal;
            ck_assert_double_eq(data.x[3 * s + i], (double)(s >> (2 - i) & 1) + noise);
        }
    }
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(noise_has_mean_zero_and_the_deviation_asked_for) {
    enum { N = 20000 };
    struct lyap_dataset data;
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 1, N, 0.2, 7, NULL), LYAP_OK);
    double sum = 0, squares = 0;
    for (size_t s = 0; s < N; s++) {
        double noise = data.x[s] - (double)(s % 2);
        sum += noise;
        squares += noise * noise;
    }
    /* five standard errors: sigma/sqrt(N) = 0.00141 of the mean, sigma/sqrt(2N) = 0.001 of the deviation */
    ck_assert_double_eq_tol(sum / N, 0, 0.0071);
    ck_assert_double_eq_tol(sqrt(squares / N), 0.2, 0.005);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(a_setting_of_the_generator_out_of_range_is_refused) {
    struct lyap_dataset data;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 0, 4, 0.1, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 21, 4, 0.1, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "xor-noisy: 21 bits; allowed are 1 to 20");
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 2, 0, 0.1, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 2, ((size_t)1 << 31) + 1, 0.1, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 2, 4, -0.1, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 2, 4, NAN, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 2, 4, INFINITY, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_null(data.x);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(the_last_columns_of_a_file_are_the_targets) {
    static const char text[] = "a,b,c,d\n1,2,3,4\n5,6,7,8\n";
    const char *path = scratch_file("targets.csv", text, sizeof text - 1);
    struct lyap_dataset data;
    ck_assert_int_eq(lyap_dataset_csv(&data, path, 1, NULL), LYAP_OK);
    ck_assert_uint_eq(data.samples, 2);
    ck_assert_uint_eq(data.inputs, 3);
    ck_assert_uint_eq(data.outputs, 1);
    const double x[] = {1, 2, 3, 5, 6, 7};
    for (int i = 0; i < 6; i++) ck_assert_double_eq(data.x[i], x[i]);
    ck_assert_double_eq(data.y[0], 4);
    ck_assert_double_eq(data.y[1], 8);
    lyap_dataset_free(&data);
    ck_assert_int_eq(lyap_dataset_csv(&data, path, 3, NULL), LYAP_OK);
    ck_assert_uint_eq(data.inputs, 1);
    ck_assert_uint_eq(data.outputs, 3);
    ck_assert_double_eq(data.x[1], 5);
    ck_assert_double_eq(data.y[3], 6);
    ck_assert_double_eq(data.y[5], 8);
    lyap_dataset_free(&data);
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_dataset_csv(&data, path, 4, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(
        strstr(error.message, "targets.csv: 4 columns; 4 targets behind at least 1 input need 5 or more"));
    ck_assert_int_eq(lyap_dataset_csv(&data, path, SIZE_MAX, &error), LYAP_ERROR_FILE);
    ck_assert_int_eq(lyap_dataset_csv(&data, path, 0, &error), LYAP_ERROR_ARGUMENT);
}
END_TEST

START_TEST(text_names_a_generator_or_a_file) {
    struct lyap_dataset data;
    ck_assert_int_eq(lyap_dataset_parse(&data, "xor", 1, 1, NULL), LYAP_OK);
    expect_xor(&data);
    lyap_dataset_free(&data);
    ck_assert_int_eq(lyap_dataset_parse(&data, "xor-noisy:2,4,0", 1, 1, NULL), LYAP_OK);
    expect_xor(&data);
    lyap_dataset_free(&data);
    ck_assert_int_eq(lyap_dataset_parse(&data, "xor-noisy:20,3,1e-3", 1, 1, NULL), LYAP_OK);
    ck_assert_uint_eq(data.inputs, 20);
    ck_assert_uint_eq(data.samples, 3);
    lyap_dataset_free(&data);
    const char *path = scratch_file("xor", "1,2\n", 4); /* a file may resemble a generator */
    ck_assert_int_eq(lyap_dataset_parse(&data, path, 1, 1, NULL), LYAP_OK);
    ck_assert_uint_eq(data.samples, 1);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(the_seed_of_the_text_form_reaches_the_noise) {
    struct lyap_dataset a, b, c;
    ck_assert_int_eq(lyap_dataset_parse(&a, "xor-noisy:2,8,0.5", 1, 5, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_parse(&b, "xor-noisy:2,8,0.5", 1, 6, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_xor_noisy(&c, 2, 8, 0.5, 5, NULL), LYAP_OK);
    ck_assert_mem_eq(a.x, c.x, 16 * sizeof *a.x);
    ck_assert_mem_ne(a.x, b.x, 16 * sizeof *a.x);
    lyap_dataset_free(&a);
    lyap_dataset_free(&b);
    lyap_dataset_free(&c);
}
END_TEST

static const char *const bad_noisy[] = {"xor-noisy:",
                                        "xor-noisy:2",
                                        "xor-noisy:2,100",
                                        "xor-noisy:2,100,",
                                        "xor-noisy:2,100,0.3,4",
                                        "xor-noisy:0,100,0.3",
                                        "xor-noisy:21,1,0.3",
                                        "xor-noisy:2,0,0.3",
                                        "xor-noisy:2,1.5,0.3",
                                        "xor-noisy:2,100,-0.3",
                                        "xor-noisy:2,100,nan",
                                        "xor-noisy:2,1,inf",
                                        "xor-noisy:2,1,0x1p-2",
                                        "xor-noisy:2,1,0.3x",
                                        "xor-noisy: 2,1,0.3",
                                        "xor-noisy:2, 1,0.3",
                                        "xor-noisy:2,1, 0.3",
                                        "xor-noisy:+2,1,0.3",
                                        "xor-noisy:2,1e3,0.3",
                                        "xor-noisy:,,",
                                        "xor-noisy:2,1,1e999",
                                        "xor-noisy:-2,1,0.3",
                                        "xor-noisy:2,2147483649,0.3",
                                        "xor-noisy:00000000000000000000000000000000000000002,1,0.3"};

START_TEST(a_malformed_generator_is_refused_with_its_form) {
    struct lyap_dataset data;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_dataset_parse(&data, bad_noisy[_i], 1, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "give xor-noisy:BITS,SAMPLES,SIGMA with BITS 1 to 20"));
    ck_assert_ptr_nonnull(strstr(error.message, "as in xor-noisy:3,1000,0.3"));
}
END_TEST

static const char *const misspelt[] = {"XOR",
                                       "xro",
                                       "xor-noisy",
                                       "xor-nosy:2,10,0.1",
                                       "xornoisy:2,1,0.1",
                                       "xor_noisy:2,1",
                                       "Xor-Noisy:2,1,0",
                                       "xor:2,100,0.3",
                                       "xorr",
                                       "glyph:100,0.2",
                                       "glyps:100,0.2",
                                       "Glyphs:100,0.2"};

START_TEST(a_misspelt_generator_is_answered_with_the_generators) {
    struct lyap_dataset data;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_dataset_parse(&data, misspelt[_i], 1, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, misspelt[_i]));
    ck_assert_ptr_nonnull(strstr(error.message, "the generators are xor, xor-noisy:BITS,SAMPLES,SIGMA, parity:BITS"));
}
END_TEST

START_TEST(any_other_missing_name_is_no_such_file) {
    struct lyap_dataset data;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_dataset_parse(&data, scratch("mnist.csv"), 1, 1, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "mnist.csv: cannot open: No such file"));
    ck_assert_int_eq(lyap_dataset_parse(&data, "", 1, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_parse(&data, scratch_directory, 1, 1, &error), LYAP_ERROR_FILE);
}
END_TEST

START_TEST(a_generator_has_one_target) {
    struct lyap_dataset data;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_dataset_parse(&data, "xor", 2, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "data 'xor' has 1 target, not 2");
    ck_assert_int_eq(lyap_dataset_parse(&data, "xor-noisy:2,4,0", 0, 1, &error), LYAP_ERROR_ARGUMENT);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dataset");
    TCase *tests = tcase_create("dataset");
    tcase_add_test(tests, xor_is_its_four_corners_in_order);
    tcase_add_test(tests, two_bits_without_noise_are_xor);
    tcase_add_test(tests, patterns_repeat_and_the_target_is_their_parity);
    tcase_add_test(tests, noise_is_sigma_times_the_normal_draw_of_sample_and_input);
    tcase_add_test(tests, noise_has_mean_zero_and_the_deviation_asked_for);
    tcase_add_test(tests, a_setting_of_the_generator_out_of_range_is_refused);
    tcase_add_test(tests, the_last_columns_of_a_file_are_the_targets);
    tcase_add_test(tests, text_names_a_generator_or_a_file);
    tcase_add_test(tests, the_seed_of_the_text_form_reaches_the_noise);
    tcase_add_loop_test(tests, a_malformed_generator_is_refused_with_its_form, 0,
                        (int)(sizeof bad_noisy / sizeof *bad_noisy));
    tcase_add_loop_test(tests, a_misspelt_generator_is_answered_with_the_generators, 0,
                        (int)(sizeof misspelt / sizeof *misspelt));
    tcase_add_test(tests, any_other_missing_name_is_no_such_file);
    tcase_add_test(tests, a_generator_has_one_target);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
