#include "series/kd_tree.h"

#include <math.h>

#include "tests/support.h"

/* A series with many equal coordinates and equal distances: whole numbers 0 .. 4, a few of them moved. */
static double *lattice_series(size_t n, uint64_t seed) {
    double *x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++) {
        x[i] = floor(2.5 * (test_random(&seed) + 1));
        if (i % 7 == 0) x[i] += test_random(&seed);
    }
    return x;
}

/* What is compared: the distance in the maximum norm, its square in the Euclidean one. */
static double measure_of(const struct lyap_embedding *e, size_t i, size_t j, enum lyap_norm norm) {
    double measure = 0;
    for (size_t k = 0; k < e->dimension; k++) {
        double difference = fabs(lyap_coordinate(e, i, k) - lyap_coordinate(e, j, k));
        if (norm == LYAP_NORM_MAXIMUM && difference > measure) measure = difference;
        if (norm == LYAP_NORM_EUCLIDEAN) measure += difference * difference;
    }
    return measure;
}

static bool is_neighbour(const struct lyap_embedding *e, const struct lyap_query *q, size_t j, double *measure) {
    size_t gap = q->centre > j ? q->centre - j : j - q->centre;
    bool square = q->norm == LYAP_NORM_EUCLIDEAN;
    *measure = measure_of(e, q->centre, j, q->norm);
    return gap > q->theiler && *measure > 0 && *measure >= (square ? q->low * q->low : q->low) &&
           *measure <= (square ? q->high * q->high : q->high);
}

/* All neighbours by looking at every vector, ordered by (distance, index); returns their number. */
static size_t brute_force(const struct lyap_embedding *e, size_t count, const struct lyap_query *q,
                          struct lyap_neighbour *out) {
    size_t found = 0;
    for (size_t j = 0; j < count; j++) {
        double measure;
        if (!is_neighbour(e, q, j, &measure)) continue;
        size_t at = found++;
        for (; at > 0 && out[at - 1].distance > measure; at--) out[at] = out[at - 1];
        out[at] = (struct lyap_neighbour){j, measure};
    }
    if (q->norm == LYAP_NORM_EUCLIDEAN)
        for (size_t i = 0; i < found; i++) out[i].distance = sqrt(out[i].distance);
    return found;
}

START_TEST(a_vector_holds_every_delayed_sample) {
    const double x[] = {0, 1, 2, 3, 4, 5, 6, 7};
    struct lyap_embedding e;
    ck_assert_int_eq(lyap_embed(&e, x, 8, 3, 2, NULL), LYAP_OK);
    ck_assert_uint_eq(e.vectors, 4); /* 8 - (3-1) 2 */
    ck_assert_int_eq(e.exponent, 3);
    for (size_t i = 0; i < e.vectors; i++)
        for (size_t k = 0; k < 3; k++) ck_assert_double_eq(lyap_coordinate(&e, i, k) * 8, (double)(i + 2 * k));
    lyap_embedding_free(&e);
}
END_TEST

START_TEST(an_embedding_longer_than_the_series_has_no_vectors) {
    const double x[] = {1, 2, 3};
    struct lyap_embedding e;
    const size_t delays[] = {1, 2, 3, SIZE_MAX / 2, SIZE_MAX};
    for (size_t i = 0; i < sizeof delays / sizeof *delays; i++) {
        ck_assert_int_eq(lyap_embed(&e, x, 3, 4, delays[i], NULL), LYAP_OK);
        ck_assert_uint_eq(e.vectors, 0);
        lyap_embedding_free(&e);
    }
    ck_assert_int_eq(lyap_embed(&e, x, 3, 3, 1, NULL), LYAP_OK);
    ck_assert_uint_eq(e.vectors, 1);
    lyap_embedding_free(&e);
    ck_assert_int_eq(lyap_embed(&e, x, 0, 1, 1, NULL), LYAP_OK);
    ck_assert_uint_eq(e.vectors, 0);
    lyap_embedding_free(&e);
}
END_TEST

START_TEST(scaling_is_exact_and_keeps_extreme_units_in_range) {
    const double x[] = {1.7e308, -1.7e308, 3e-300, 0};
    struct lyap_embedding e;
    ck_assert_int_eq(lyap_embed(&e, x, 2, 1, 1, NULL), LYAP_OK);
    double log_distance;
    ck_assert(lyap_log_distance(&e, 0, 1, &log_distance));
    ck_assert_double_eq_tol(log_distance + e.exponent * log(2), log(1.7e308) + log(2), 1e-12);
    lyap_embedding_free(&e);
    ck_assert_int_eq(lyap_embed(&e, x + 2, 2, 2, 1, NULL), LYAP_OK);
    ck_assert_double_eq(ldexp(e.x[0], e.exponent), 3e-300);
    lyap_embedding_free(&e);
}
END_TEST

START_TEST(a_log_distance_keeps_its_digits_where_squares_underflow) {
    const double x[] = {1, 3e-200, 7e-200,
                        1, 0,      4e-200}; /* vectors (x1, x2) and (x4, x5): differences 3e-200, 3e-200 */
    struct lyap_embedding e;
    ck_assert_int_eq(lyap_embed(&e, x, 6, 2, 1, NULL), LYAP_OK);
    double log_distance;
    ck_assert(lyap_log_distance(&e, 1, 4, &log_distance));
    ck_assert_double_eq_tol(log_distance + e.exponent * log(2), log(3) - 200 * log(10) + 0.5 * log(2), 1e-12);
    ck_assert(!lyap_log_distance(&e, 2, 2, &log_distance));
    lyap_embedding_free(&e);
}
END_TEST

/* Every size around the leaf's, every dimension: the tree finds what a look at all vectors finds, in the same order. */
static void compare_with_brute_force(const double *x, size_t n, size_t dimension, size_t delay, enum lyap_norm norm,
                                     size_t theiler, double low, double high) {
    struct lyap_embedding e;
    ck_assert_int_eq(lyap_embed(&e, x, n, dimension, delay, NULL), LYAP_OK);
    ck_assert_uint_gt(e.vectors, 0);
    size_t count = e.vectors > 3 ? e.vectors - 3 : e.vectors; /* centres need not be in the tree */
    struct lyap_tree *tree = lyap_tree_new(&e, count);
    ck_assert_ptr_nonnull(tree);
    struct lyap_neighbour *expected = malloc(n * sizeof *expected), *found = malloc(n * sizeof *found);
    struct lyap_index_list list = {0};
    double unit = ldexp(1, -e.exponent);
    for (size_t centre = 0; centre < e.vectors; centre++) {
        struct lyap_query query = {centre, theiler, norm, low * unit, high * unit};
        size_t all = brute_force(&e, count, &query, expected);
        bool copy = false, has_copy = false;
        for (size_t j = 0; j < count; j++) {
            size_t gap = centre > j ? centre - j : j - centre;
            has_copy = has_copy || (gap > theiler && measure_of(&e, centre, j, norm) <= 0);
        }
        const size_t wanted[] = {1, 2, 10, n};
        for (size_t w = 0; w < 4; w++) {
            size_t expect = all < wanted[w] ? all : wanted[w];
            ck_assert_uint_eq(lyap_tree_nearest(tree, &query, wanted[w], found, &copy), expect);
            ck_assert_int_eq(copy, has_copy);
            for (size_t i = 0; i < expect; i++) {
                ck_assert_uint_eq(found[i].index, expected[i].index);
                ck_assert_double_eq(found[i].distance, expected[i].distance);
            }
        }
        ck_assert(lyap_tree_within(tree, &query, &list));
        ck_assert_uint_eq(list.count, all);
        for (size_t i = 0; i < all; i++) {
            double measure;
            ck_assert(is_neighbour(&e, &query, list.items[i], &measure));
            ck_assert(i == 0 || list.items[i - 1] < list.items[i]);
        }
    }
    free(list.items);
    free(found);
    free(expected);
    lyap_tree_free(tree);
    lyap_embedding_free(&e);
}

START_TEST(the_tree_agrees_with_brute_force_where_distances_tie) {
    enum lyap_norm norm = _i ? LYAP_NORM_EUCLIDEAN : LYAP_NORM_MAXIMUM;
    const size_t sizes[] = {8, 11, 12, 13, 24, 25, 60, 97, 200};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        double *x = lattice_series(sizes[s], s + 1);
        for (size_t dimension = 1; dimension <= 5; dimension++) {
            compare_with_brute_force(x, sizes[s], dimension, 1, norm, 0, 0, 100);
            compare_with_brute_force(x, sizes[s], dimension, 1, norm, 3, 0.5, 2);
        }
        free(x);
    }
}
END_TEST

START_TEST(the_tree_agrees_with_brute_force_on_uneven_clouds) {
    enum lyap_norm norm = _i ? LYAP_NORM_EUCLIDEAN : LYAP_NORM_MAXIMUM;
    enum { N = 400 };
    double x[N];
    uint64_t seed = 5;
    for (int i = 0; i < N; i++) x[i] = pow(10, 10 * test_random(&seed)) * (i % 2 ? 1 : -1);
    compare_with_brute_force(x, N, 2, 3, norm, 5, 0, 1e12);
    compare_with_brute_force(x, N, 3, 1, norm, 0, 1e-3, 1e4);
    for (int i = 0; i < N; i++) x[i] = i < N / 2 ? 1 : i; /* half of the vectors are copies of each other */
    compare_with_brute_force(x, N, 2, 1, norm, 1, 0, 1000);
    compare_with_brute_force(x, N, 1, 1, norm, N / 2, 0, 1000);
}
END_TEST

START_TEST(a_large_tree_agrees_with_brute_force) {
    enum { N = 5000 };
    double *x = malloc(N * sizeof *x);
    double a = 0.1, b = 0.1;
    for (int i = 0; i < N; i++) {
        double next = 1 - 1.4 * a * a + b;
        b = 0.3 * a;
        x[i] = a = next;
    }
    struct lyap_embedding e;
    ck_assert_int_eq(lyap_embed(&e, x, N, 3, 1, NULL), LYAP_OK);
    struct lyap_tree *tree = lyap_tree_new(&e, e.vectors);
    struct lyap_neighbour *expected = malloc(N * sizeof *expected), found[5];
    for (size_t centre = 0; centre < e.vectors; centre += 41) {
        struct lyap_query query = {centre, 10, LYAP_NORM_EUCLIDEAN, 0, 100};
        bool copy = false;
        brute_force(&e, e.vectors, &query, expected);
        ck_assert_uint_eq(lyap_tree_nearest(tree, &query, 5, found, &copy), 5);
        for (int i = 0; i < 5; i++) ck_assert_uint_eq(found[i].index, expected[i].index);
    }
    free(expected);
    lyap_tree_free(tree);
    lyap_embedding_free(&e);
    free(x);
}
END_TEST

/* A hundred thousand copies: one look at each pair would be 10^10 of them. */
START_TEST(copies_are_passed_over_as_a_whole) {
    enum { N = 100000 };
    double *x = calloc(N, sizeof *x);
    x[N / 2] = 1;
    struct lyap_embedding e;
    ck_assert_int_eq(lyap_embed(&e, x, N, 2, 1, NULL), LYAP_OK);
    struct lyap_tree *tree = lyap_tree_new(&e, e.vectors);
    for (size_t centre = 0; centre < e.vectors; centre++) {
        struct lyap_query query = {centre, 0, LYAP_NORM_MAXIMUM, 0, 100};
        struct lyap_neighbour found;
        bool copy = false;
        size_t count = lyap_tree_nearest(tree, &query, 1, &found, &copy);
        ck_assert_uint_eq(count, 1);
        ck_assert_double_eq(found.distance, 0.5); /* 1 / 2^1 */
    }
    lyap_tree_free(tree);
    lyap_embedding_free(&e);
    free(x);
}
END_TEST

START_TEST(an_empty_tree_has_no_neighbours) {
    const double x[] = {1, 2};
    struct lyap_embedding e;
    ck_assert_int_eq(lyap_embed(&e, x, 2, 1, 1, NULL), LYAP_OK);
    struct lyap_tree *tree = lyap_tree_new(&e, 0);
    ck_assert_ptr_nonnull(tree);
    struct lyap_query query = {0, 0, LYAP_NORM_MAXIMUM, 0, 100};
    struct lyap_neighbour found;
    struct lyap_index_list list = {0};
    bool copy = false;
    ck_assert_uint_eq(lyap_tree_nearest(tree, &query, 1, &found, &copy), 0);
    ck_assert(lyap_tree_within(tree, &query, &list));
    ck_assert_uint_eq(list.count, 0);
    lyap_tree_free(tree);
    lyap_tree_free(NULL);
    lyap_embedding_free(&e);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("series_search");
    TCase *tests = tcase_create("search");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_vector_holds_every_delayed_sample);
    tcase_add_test(tests, an_embedding_longer_than_the_series_has_no_vectors);
    tcase_add_test(tests, scaling_is_exact_and_keeps_extreme_units_in_range);
    tcase_add_test(tests, a_log_distance_keeps_its_digits_where_squares_underflow);
    tcase_add_loop_test(tests, the_tree_agrees_with_brute_force_where_distances_tie, 0, 2);
    tcase_add_loop_test(tests, the_tree_agrees_with_brute_force_on_uneven_clouds, 0, 2);
    tcase_add_test(tests, a_large_tree_agrees_with_brute_force);
    tcase_add_test(tests, copies_are_passed_over_as_a_whole);
    tcase_add_test(tests, an_empty_tree_has_no_neighbours);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
