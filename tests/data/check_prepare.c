/* Classes to columns, chosen and held-out samples, standard units. */
#include <float.h>
#include <math.h>

#include "lyapgrad/data_file.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/random.h"
#include "tests/support.h"

static struct lyap_error error;

/* Samples of two inputs (s, 100 + s) with target 1000 + s. */
static struct lyap_dataset numbered(size_t samples) {
    struct lyap_dataset d = {samples, 2, 1, malloc(2 * samples * sizeof(double)), malloc(samples * sizeof(double))};
    for (size_t s = 0; s < samples; s++) {
        d.x[2 * s] = (double)s;
        d.x[2 * s + 1] = 100 + (double)s;
        d.y[s] = 1000 + (double)s;
    }
    return d;
}

/* One column of inputs with targets 0. */
static struct lyap_dataset column(const double *x, size_t samples) {
    struct lyap_dataset d = {samples, 1, 1, malloc(samples * sizeof(double)), calloc(samples, sizeof(double))};
    memcpy(d.x, x, samples * sizeof *x);
    return d;
}

/* The samples are whole, of 0 .. limit-1, and ascend; marks them. */
static void expect_ascending(const struct lyap_dataset *d, size_t limit, int *seen) {
    for (size_t s = 0; s < d->samples; s++) {
        size_t number = (size_t)d->x[2 * s];
        ck_assert_uint_lt(number, limit);
        ck_assert(s == 0 || d->x[2 * s] > d->x[2 * (s - 1)]);
        ck_assert_double_eq(d->x[2 * s + 1], 100 + (double)number);
        ck_assert_double_eq(d->y[s], 1000 + (double)number);
        seen[number]++;
    }
}

START_TEST(chosen_samples_are_whole_different_and_in_order) {
    for (size_t count = 1; count <= 40; count++) {
        int seen[40] = {0};
        struct lyap_dataset d = numbered(40);
        ck_assert_int_eq(lyap_dataset_choose(&d, count, 5, NULL), LYAP_OK);
        ck_assert_uint_eq(d.samples, count);
        expect_ascending(&d, 40, seen);
        lyap_dataset_free(&d);
    }
}
END_TEST

/* By the rule in the header, followed by hand. */
START_TEST(the_choice_is_selection_sampling_with_the_draws_of_its_cell) {
    struct lyap_dataset d = numbered(30);
    double u[30];
    lyap_random_uniform(9, LYAP_STREAM_DATA, (UINT64_C(1) << 40) + 2, 0, 30, u);
    ck_assert_int_eq(lyap_dataset_choose(&d, 12, 9, NULL), LYAP_OK);
    size_t k = 0;
    for (size_t s = 0; s < 30; s++)
        if ((double)(30 - s) * u[s] < (double)(12 - k)) ck_assert_double_eq(d.x[2 * k++], (double)s);
    ck_assert_uint_eq(k, 12);
    lyap_dataset_free(&d);
}
END_TEST

/* 5 of 20: each sample is taken in a quarter of 4000 seeds, and each pair of the first two in 5*4/(20*19). */
START_TEST(every_sample_is_as_likely) {
    enum { SEEDS = 4000 };
    int count[20] = {0}, both = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        int seen[20] = {0};
        struct lyap_dataset d = numbered(20);
        ck_assert_int_eq(lyap_dataset_choose(&d, 5, seed, NULL), LYAP_OK);
        expect_ascending(&d, 20, seen);
        for (int s = 0; s < 20; s++) count[s] += seen[s];
        both += seen[0] && seen[1];
        lyap_dataset_free(&d);
    }
    for (int s = 0; s < 20; s++) ck_assert_double_eq_tol(count[s], SEEDS / 4.0, 5 * sqrt(SEEDS * 0.25 * 0.75));
    double p = 5.0 * 4 / (20 * 19);
    ck_assert_double_eq_tol(both, SEEDS * p, 5 * sqrt(SEEDS * p * (1 - p)));
}
END_TEST

START_TEST(a_split_parts_the_samples_and_keeps_their_order) {
    static const struct {
        size_t samples, train;
        double fraction;
    } cases[] = {{10, 8, 0.8},     {2, 1, 0.5}, {3, 2, 0.5}, {1000, 999, 0.999},
                 {1000, 1, 0.001}, {7, 2, 0.3}, {5, 1, 0.1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int seen[1000] = {0};
        struct lyap_dataset train = numbered(cases[i].samples), test;
        ck_assert_int_eq(lyap_dataset_split(&train, &test, cases[i].fraction, 3, NULL), LYAP_OK);
        ck_assert_uint_eq(train.samples, cases[i].train);
        ck_assert_uint_eq(test.samples, cases[i].samples - cases[i].train);
        expect_ascending(&train, cases[i].samples, seen);
        expect_ascending(&test, cases[i].samples, seen);
        for (size_t s = 0; s < cases[i].samples; s++) ck_assert_int_eq(seen[s], 1);
        lyap_dataset_free(&train);
        lyap_dataset_free(&test);
    }
}
END_TEST

START_TEST(the_split_depends_on_the_seed_and_not_on_the_choice) {
    struct lyap_dataset a = numbered(200), b = numbered(200), c = numbered(200), test[3];
    ck_assert_int_eq(lyap_dataset_split(&a, &test[0], 0.5, 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_split(&b, &test[1], 0.5, 2, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_choose(&c, 100, 1, NULL), LYAP_OK);
    ck_assert_mem_ne(a.x, b.x, 200 * sizeof *a.x);
    ck_assert_mem_ne(a.x, c.x, 200 * sizeof *a.x);
    struct lyap_dataset again = numbered(200);
    ck_assert_int_eq(lyap_dataset_split(&again, &test[2], 0.5, 1, NULL), LYAP_OK);
    ck_assert_mem_eq(a.x, again.x, 200 * sizeof *a.x);
    ck_assert_mem_eq(test[0].y, test[2].y, 100 * sizeof *a.y);
    for (int i = 0; i < 3; i++) lyap_dataset_free(&test[i]);
    lyap_dataset_free(&a);
    lyap_dataset_free(&b);
    lyap_dataset_free(&c);
    lyap_dataset_free(&again);
}
END_TEST

/* Samples of class s mod 3, but every `rare`-th of class 2 alone; one-hot, or 0 and 1 in one column (1 for class 2). */
static struct lyap_dataset of_classes(size_t samples, size_t rare, bool one_hot) {
    struct lyap_dataset d = numbered(samples);
    d.outputs = one_hot ? 3 : 1;
    d.y = realloc(d.y, samples * 3 * sizeof *d.y);
    for (size_t s = 0; s < samples; s++) {
        const size_t class = s % rare == 0 ? 2 : s % 2;
        for (size_t c = 0; c < 3 && one_hot; c++) d.y[3 * s + c] = c == class;
        if (!one_hot) d.y[s] = class == 2;
    }
    return d;
}

/* Of n_c samples of a class m n_c / n train, rounded down or up, and all parts add up. */
START_TEST(a_split_keeps_the_shares_of_the_classes) {
    static const struct {
        size_t samples, rare;
        double fraction;
    } cases[] = {{150, 3, 0.8}, {1000, 50, 0.7}, {31, 10, 0.5}, {997, 331, 0.9}, {12, 11, 0.25}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int one_hot = 0; one_hot < 2; one_hot++)
            for (uint64_t seed = 1; seed < 20; seed++) {
                struct lyap_dataset train = of_classes(cases[i].samples, cases[i].rare, one_hot), test;
                size_t *all, *kept, *held, classes;
                const double n = (double)cases[i].samples, m = floor(cases[i].fraction * n + 0.5);
                ck_assert_int_eq(lyap_dataset_count_classes(&train, &all, &classes, NULL), LYAP_OK);
                ck_assert_uint_eq(classes, one_hot ? 3 : 2);
                ck_assert_int_eq(lyap_dataset_split(&train, &test, cases[i].fraction, seed, NULL), LYAP_OK);
                ck_assert_uint_eq(train.samples, (size_t)m);
                ck_assert_int_eq(lyap_dataset_count_classes(&train, &kept, &classes, NULL), LYAP_OK);
                ck_assert_int_eq(lyap_dataset_count_classes(&test, &held, &classes, NULL), LYAP_OK);
                for (size_t c = 0; c < classes; c++) {
                    const double exact = m * (double)all[c] / n;
                    ck_assert_uint_eq(kept[c] + held[c], all[c]);
                    ck_assert(fabs((double)kept[c] - exact) < 1);
                }
                free(all);
                free(kept);
                free(held);
                lyap_dataset_free(&train);
                lyap_dataset_free(&test);
            }
}
END_TEST

/* By the rule in the header, followed by hand: shares by largest remainders, selection sampling in each class. */
START_TEST(the_split_of_classes_is_selection_sampling_in_each) {
    struct lyap_dataset train = of_classes(30, 7, true), test;       /* classes of 12, 13 and 5 samples */
    size_t left[3] = {0}, wanted[3] = {7, 8, 3}, at = 0, number[30]; /* 18 of 30: 7.2, 7.8, 3.0 */
    double u[30];
    for (size_t s = 0; s < 30; s++) left[number[s] = s % 7 == 0 ? 2 : s % 2]++;
    ck_assert(left[0] == 12 && left[1] == 13 && left[2] == 5);
    lyap_random_uniform(9, LYAP_STREAM_DATA, (UINT64_C(1) << 40) + 3, 0, 30, u);
    ck_assert_int_eq(lyap_dataset_split(&train, &test, 0.6, 9, NULL), LYAP_OK);
    for (size_t s = 0; s < 30; s++) {
        const size_t c = number[s];
        const bool kept = (double)left[c]-- * u[s] < (double)wanted[c];
        wanted[c] -= kept;
        ck_assert_double_eq(kept ? train.x[2 * at] : test.x[2 * (s - at)], (double)s);
        at += kept;
    }
    ck_assert_uint_eq(at, 18);
    lyap_dataset_free(&train);
    lyap_dataset_free(&test);
}
END_TEST

/* Other targets are divided as one class: by the draws of all samples together. */
START_TEST(targets_that_are_no_classes_are_divided_together) {
    const double targets[][2] = {{0, 0.5}, {1, 2}, {-1, 1}};
    for (size_t i = 0; i < 3; i++) {
        struct lyap_dataset d = numbered(40), plain = numbered(40), test, plain_test;
        size_t *count, classes;
        for (size_t s = 0; s < 40; s++) d.y[s] = targets[i][s % 2];
        ck_assert_int_eq(lyap_dataset_count_classes(&d, &count, &classes, NULL), LYAP_OK);
        ck_assert(count == NULL && classes == 0);
        ck_assert_int_eq(lyap_dataset_split(&d, &test, 0.6, 9, NULL), LYAP_OK);
        ck_assert_int_eq(lyap_dataset_split(&plain, &plain_test, 0.6, 9, NULL), LYAP_OK);
        ck_assert_mem_eq(d.x, plain.x, 2 * 24 * sizeof *d.x);
        lyap_dataset_free(&d);
        lyap_dataset_free(&plain);
        lyap_dataset_free(&test);
        lyap_dataset_free(&plain_test);
    }
    struct lyap_dataset several = of_classes(6, 3, true);
    size_t *count, classes;
    several.y[4] = 1; /* two ones */
    several.y[3] = 1;
    ck_assert_int_eq(lyap_dataset_count_classes(&several, &count, &classes, NULL), LYAP_OK);
    ck_assert_ptr_null(count);
    lyap_dataset_free(&several);
}
END_TEST

START_TEST(the_marks_are_those_samples_that_are_kept) {
    for (int how = 0; how < 3; how++) {
        struct lyap_dataset d = of_classes(50, 4, how == 1), test = {0};
        bool kept[50];
        size_t at = 0;
        if (how == 2) {
            ck_assert_int_eq(lyap_dataset_chosen(&d, 20, 3, kept, NULL), LYAP_OK);
            ck_assert_int_eq(lyap_dataset_choose(&d, 20, 3, NULL), LYAP_OK);
        } else {
            ck_assert_int_eq(lyap_dataset_divided(&d, 0.4, 3, kept, NULL), LYAP_OK);
            ck_assert_int_eq(lyap_dataset_split(&d, &test, 0.4, 3, NULL), LYAP_OK);
        }
        for (size_t s = 0; s < 50; s++)
            if (kept[s]) ck_assert_double_eq(d.x[2 * at++], (double)s);
        ck_assert_uint_eq(at, d.samples);
        lyap_dataset_free(&d);
        lyap_dataset_free(&test);
    }
}
END_TEST

START_TEST(the_moments_repeat_the_standard_units_bit_for_bit) {
    struct lyap_dataset d, test, plain, plain_test;
    double mean[3], deviation[3];
    ck_assert_int_eq(lyap_dataset_linear_teacher(&d, 50, 3, 1, 0.5, 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_linear_teacher(&plain, 50, 3, 1, 0.5, 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_split(&d, &test, 0.7, 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_split(&plain, &plain_test, 0.7, 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_moments(&d, &test, mean, deviation, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_standardise(&d, &test, NULL), LYAP_OK);
    for (size_t i = 0; i < 3; i++) {
        for (size_t s = 0; s < d.samples; s++)
            ck_assert_double_eq(d.x[3 * s + i], (plain.x[3 * s + i] - mean[i]) / deviation[i]);
        for (size_t s = 0; s < test.samples; s++)
            ck_assert_double_eq(test.x[3 * s + i], (plain_test.x[3 * s + i] - mean[i]) / deviation[i]);
    }
    lyap_dataset_free(&d);
    lyap_dataset_free(&test);
    lyap_dataset_free(&plain);
    lyap_dataset_free(&plain_test);
}
END_TEST

START_TEST(impossible_choices_and_splits_leave_the_data_alone) {
    struct lyap_dataset d = numbered(3), test;
    ck_assert_int_eq(lyap_dataset_choose(&d, 4, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "4 samples to choose of 3; allowed are 1 to 3");
    ck_assert_int_eq(lyap_dataset_choose(&d, 0, 1, NULL), LYAP_ERROR_ARGUMENT);
    const double fractions[] = {0, 1, -0.5, 1.5, 0.1, 0.9, NAN, INFINITY};
    for (size_t i = 0; i < sizeof fractions / sizeof *fractions; i++) {
        ck_assert_int_eq(lyap_dataset_split(&d, &test, fractions[i], 1, &error), LYAP_ERROR_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(error.message, "of 3 samples leaves one part empty"));
        ck_assert_ptr_null(test.x);
    }
    int seen[3] = {0};
    ck_assert_uint_eq(d.samples, 3);
    expect_ascending(&d, 3, seen);
    lyap_dataset_free(&d);
}
END_TEST

/* Mean 5, deviations -3 -1 -1 -1 0 0 2 4 (of 2 4 4 4 5 5 7 9), mean square 4. */
START_TEST(standard_units_are_the_textbook_ones) {
    const double x[] = {2, 4, 4, 4, 5, 5, 7, 9}, z[] = {-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2}, held[] = {5, 15, -5};
    struct lyap_dataset train = column(x, 8), test = column(held, 3);
    ck_assert_int_eq(lyap_dataset_standardise(&train, &test, NULL), LYAP_OK);
    for (size_t s = 0; s < 8; s++) ck_assert_double_eq(train.x[s], z[s]);
    ck_assert_double_eq(test.x[0], 0); /* by the training set's numbers */
    ck_assert_double_eq(test.x[1], 5);
    ck_assert_double_eq(test.x[2], -5);
    lyap_dataset_free(&train);
    lyap_dataset_free(&test);
}
END_TEST

START_TEST(a_constant_column_is_only_centred) {
    const double x[] = {0.1, 0.1, 0.1}, held[] = {0.1, 0.35};
    struct lyap_dataset train = column(x, 3), test = column(held, 2), none = {0}, single = column(held, 1);
    ck_assert_int_eq(lyap_dataset_standardise(&train, &test, NULL), LYAP_OK);
    for (size_t s = 0; s < 3; s++) ck_assert_double_eq(train.x[s], 0); /* the mean of three 0.1 is not 0.1 */
    ck_assert_double_eq(test.x[0], 0);
    ck_assert_double_eq(test.x[1], 0.35 - 0.1);
    ck_assert_int_eq(lyap_dataset_standardise(&single, &none, NULL), LYAP_OK);
    ck_assert_double_eq(single.x[0], 0);
    lyap_dataset_free(&train);
    lyap_dataset_free(&test);
    lyap_dataset_free(&single);
}
END_TEST

START_TEST(columns_are_independent_and_targets_stay) {
    struct lyap_dataset d;
    ck_assert_int_eq(lyap_dataset_linear_teacher(&d, 500, 3, 2, 0.5, 1, NULL), LYAP_OK);
    double *y = malloc(1000 * sizeof *y), original = d.x[1];
    memcpy(y, d.y, 1000 * sizeof *y);
    for (size_t s = 0; s < 500; s++) d.x[3 * s + 1] = 1e6 + 1e-3 * d.x[3 * s + 1];
    ck_assert_int_eq(lyap_dataset_standardise(&d, NULL, NULL), LYAP_OK);
    ck_assert_mem_eq(y, d.y, 1000 * sizeof *y);
    for (size_t i = 0; i < 3; i++) {
        double sum = 0, squares = 0;
        for (size_t s = 0; s < 500; s++) {
            sum += d.x[3 * s + i];
            squares += d.x[3 * s + i] * d.x[3 * s + i];
        }
        ck_assert_double_eq_tol(sum / 500, 0, i == 1 ? 1e-6 : 1e-14); /* 1e6 holds 1e-3 to 1e-7 of it */
        ck_assert_double_eq_tol(squares / 500, 1, 1e-12);
    }
    ck_assert_double_eq_tol(d.x[1], original, 0.2);
    free(y);
    lyap_dataset_free(&d);
}
END_TEST

START_TEST(extreme_columns_are_standardised_or_refused_untouched) {
    const double tiny[] = {1e-300, 2e-300, 3e-300}, large[] = {-1e300, 0, 1e300},
                 beyond[] = {1.7e308, 1.7e308, -1.7e308}, smallest[] = {0, 0, 0x1p-1074},
                 over[] = {1.7e308, 1.6e308, 1.7e308};
    const double *const good[] = {tiny, large}, *const bad[] = {beyond, smallest, over};
    for (int i = 0; i < 2; i++) {
        struct lyap_dataset d = column(good[i], 3);
        ck_assert_int_eq(lyap_dataset_standardise(&d, NULL, NULL), LYAP_OK);
        for (int s = 0; s < 3; s++) ck_assert_double_eq_tol(d.x[s], (s - 1) * sqrt(1.5), 1e-15);
        lyap_dataset_free(&d);
    }
    for (int i = 0; i < 3; i++) {
        struct lyap_dataset d = column(bad[i], 3);
        ck_assert_int_eq(lyap_dataset_standardise(&d, NULL, &error), LYAP_ERROR_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(error.message, "standardise: input column 0 (from 0)"));
        ck_assert_mem_eq(d.x, bad[i], sizeof beyond);
        lyap_dataset_free(&d);
    }
    struct lyap_dataset train = column(tiny, 3), test = column(large, 3); /* 1e300 / 1e-300 */
    ck_assert_int_eq(lyap_dataset_standardise(&train, &test, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_mem_eq(train.x, tiny, sizeof tiny);
    ck_assert_mem_eq(test.x, large, sizeof large);
    lyap_dataset_free(&train);
    lyap_dataset_free(&test);
    train = column(tiny, 3);
    test = numbered(3);
    ck_assert_int_eq(lyap_dataset_standardise(&train, &test, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "standardise: 2 inputs held out, 1 in training");
    lyap_dataset_free(&train);
    lyap_dataset_free(&test);
}
END_TEST

START_TEST(class_numbers_become_columns) {
    const double classes[] = {2, 0, 1, 2};
    const double wanted[] = {0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}; /* of 4 classes */
    for (size_t k = 0; k <= 4; k += 4) {
        struct lyap_dataset d = column(classes, 4);
        memcpy(d.y, classes, sizeof classes);
        ck_assert_int_eq(lyap_dataset_one_hot(&d, k, NULL), LYAP_OK);
        ck_assert_uint_eq(d.outputs, k ? 4 : 3);
        for (size_t s = 0; s < 4; s++)
            for (size_t c = 0; c < d.outputs; c++) ck_assert_double_eq(d.y[s * d.outputs + c], wanted[4 * s + c]);
        ck_assert_mem_eq(d.x, classes, sizeof classes);
        lyap_dataset_free(&d);
    }
}
END_TEST

START_TEST(what_is_no_class_number_is_refused_with_its_sample) {
    static const struct {
        double y;
        size_t classes;
        const char *message;
    } cases[] = {
        {1.5, 0, "one-hot: target 1.5 of sample 1 (from 0) is no whole class number 0 .. 1048575"},
        {-1, 3, "one-hot: target -1 of sample 1 (from 0) is no whole class number 0 .. 2"},
        {3, 3, "one-hot: target 3 of sample 1 (from 0) is no whole class number 0 .. 2"},
        {1e300, 0, "target 1e+300 of sample 1"},
        {1048576, 0, "target 1.04858e+06 of sample 1"},
        {0, 0, "one-hot: all targets are class 0"},
        {0, 1, "one-hot: 1 classes; allowed are 2 to 1048576"},
        {0, 1048577, "one-hot: 1048577 classes; allowed are 2 to 1048576"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double y[] = {0, cases[i].y};
        struct lyap_dataset d = column(y, 2);
        memcpy(d.y, y, sizeof y);
        ck_assert_int_eq(lyap_dataset_one_hot(&d, cases[i].classes, &error), LYAP_ERROR_ARGUMENT);
        ck_assert_msg(strstr(error.message, cases[i].message) != NULL, "%s", error.message);
        ck_assert_uint_eq(d.outputs, 1);
        ck_assert_mem_eq(d.y, y, sizeof y);
        lyap_dataset_free(&d);
    }
    struct lyap_dataset d;
    ck_assert_int_eq(lyap_dataset_blobs(&d, 4, 3, 2, 0, 1, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_one_hot(&d, 0, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "one-hot: the data have 3 target columns; class numbers stand in one");
    lyap_dataset_free(&d);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("prepare");
    TCase *tests = tcase_create("prepare");
    tcase_add_test(tests, chosen_samples_are_whole_different_and_in_order);
    tcase_add_test(tests, the_choice_is_selection_sampling_with_the_draws_of_its_cell);
    tcase_add_test(tests, every_sample_is_as_likely);
    tcase_add_test(tests, a_split_parts_the_samples_and_keeps_their_order);
    tcase_add_test(tests, the_split_depends_on_the_seed_and_not_on_the_choice);
    tcase_add_test(tests, a_split_keeps_the_shares_of_the_classes);
    tcase_add_test(tests, the_split_of_classes_is_selection_sampling_in_each);
    tcase_add_test(tests, targets_that_are_no_classes_are_divided_together);
    tcase_add_test(tests, the_marks_are_those_samples_that_are_kept);
    tcase_add_test(tests, the_moments_repeat_the_standard_units_bit_for_bit);
    tcase_add_test(tests, impossible_choices_and_splits_leave_the_data_alone);
    tcase_add_test(tests, standard_units_are_the_textbook_ones);
    tcase_add_test(tests, a_constant_column_is_only_centred);
    tcase_add_test(tests, columns_are_independent_and_targets_stay);
    tcase_add_test(tests, extreme_columns_are_standardised_or_refused_untouched);
    tcase_add_test(tests, class_numbers_become_columns);
    tcase_add_test(tests, what_is_no_class_number_is_refused_with_its_sample);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
