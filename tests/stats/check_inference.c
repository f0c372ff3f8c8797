#include "lyapgrad/inference.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "lyapgrad/random.h"
#include "tests/support.h"

static const double anscombe_x[11] = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
static const double anscombe_y[11] = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};

#define EXPECT_OK(call)                                                                                                \
    do {                                                                                                               \
        struct lyap_error error = {0};                                                                                 \
        ck_assert_msg((call) == LYAP_OK, "%s", error.message);                                                         \
    } while (0)

/* A refusal with a reason that contains `part`. */
#define EXPECT_REFUSED(call, part)                                                                                     \
    do {                                                                                                               \
        struct lyap_error error = {0};                                                                                 \
        ck_assert_int_eq(call, LYAP_ERROR_ARGUMENT);                                                                   \
        ck_assert_msg(strstr(error.message, part) != NULL, "\"%s\" without \"%s\"", error.message, part);              \
    } while (0)

/* ---- ranks and correlations ---- */

/* In order 1 2 3 3 3: the threes share (3 + 4 + 5) / 3 = 4. */
START_TEST(ties_get_the_mean_of_their_ranks) {
    const double values[] = {3, 1, 3, 2, 3}, expected[] = {4, 1, 4, 2, 4}, zeros[] = {0.0, -0.0};
    double rank[5];
    EXPECT_OK(lyap_rank(values, 5, rank, &error));
    for (int i = 0; i < 5; i++) ck_assert_double_eq(rank[i], expected[i]);
    EXPECT_OK(lyap_rank(zeros, 2, rank, &error));
    ck_assert_double_eq(rank[0], 1.5);
    ck_assert_double_eq(rank[1], 1.5);
    EXPECT_OK(lyap_rank(values, 0, rank, &error));
}
END_TEST

/* F. Anscombe, Am. Stat. 27, 17 (1973), first set: r = 0.81642051634484. An offset of 1e9 leaves x exact and r as it was. */
START_TEST(anscombes_first_set_has_its_published_correlation) {
    double r, far[11];
    EXPECT_OK(lyap_pearson(anscombe_x, anscombe_y, 11, &r, &error));
    ck_assert_double_eq_tol(r, 0.81642051634484, 1e-13);
    for (int i = 0; i < 11; i++) far[i] = anscombe_x[i] + 1e9;
    EXPECT_OK(lyap_pearson(far, anscombe_y, 11, &r, &error));
    ck_assert_double_eq_tol(r, 0.81642051634484, 1e-13);
}
END_TEST

START_TEST(a_line_has_correlation_one_and_never_more) {
    double x[50], up[50], down[50], r;
    for (int i = 0; i < 50; i++) {
        x[i] = 0.1 * i;
        up[i] = 3 + 0.7 * x[i];
        down[i] = -1e-9 * x[i];
    }
    EXPECT_OK(lyap_pearson(x, up, 50, &r, &error));
    ck_assert(r <= 1 && r > 1 - 1e-14);
    EXPECT_OK(lyap_pearson(x, down, 50, &r, &error));
    ck_assert(r >= -1 && r < -1 + 1e-14);
}
END_TEST

/* Ranks of x: 1 2.5 2.5 4, of y: 1 4 2.5 2.5; from their mean 2.5: (-1.5 0 0 1.5) and (-1.5 1.5 0 0); so
 * r = 2.25 / sqrt(4.5 4.5) = 0.5. */
START_TEST(spearman_with_ties_is_as_by_hand) {
    const double x[] = {1, 2, 2, 3}, y[] = {1, 3, 2, 2}, cube[] = {1, 8, 8, 27};
    double r;
    EXPECT_OK(lyap_spearman(x, y, 4, &r, &error));
    ck_assert_double_eq_tol(r, 0.5, 1e-15);
    EXPECT_OK(lyap_spearman(cube, y, 4, &r, &error)); /* any increasing function of x has its ranks */
    ck_assert_double_eq_tol(r, 0.5, 1e-15);
}
END_TEST

/* With a, b, c orthogonal of length 2: z = a, x = a + b, y = a + b + c. What z leaves of x and y is b and b + c, so
 * r = 4 / sqrt(4 8) = 1/sqrt(2); from the correlations, (8/sqrt(96) - 1/sqrt(6)) / sqrt(1/2 2/3) is the same. */
START_TEST(partial_correlation_is_that_of_what_z_leaves) {
    const double z[] = {1, 1, -1, -1}, x[] = {2, 0, 0, -2}, y[] = {3, -1, -1, -1};
    double r;
    EXPECT_OK(lyap_partial(x, y, z, 4, &r, &error));
    ck_assert_double_eq_tol(r, sqrt(0.5), 1e-14);
}
END_TEST

START_TEST(correlations_of_unusable_samples_are_refused) {
    const double x[] = {1, 2, 3, 5}, flat[] = {2, 2, 2, 2}, nan[] = {1, NAN, 2, 3}, infinite[] = {1, 2, 3, INFINITY};
    const double twice[] = {2, 4, 6, 10}, y[] = {1, 0, 2, 1}, huge[] = {-1e200, 1e200, 0, 1};
    double r = 7;
    EXPECT_REFUSED(lyap_pearson(x, y, 2, &r, &error), "at least 3");
    EXPECT_REFUSED(lyap_pearson(flat, y, 4, &r, &error), "values of x are equal");
    EXPECT_REFUSED(lyap_pearson(x, flat, 4, &r, &error), "values of y are equal");
    EXPECT_REFUSED(lyap_pearson(x, nan, 4, &r, &error), "y 1 is not finite");
    EXPECT_REFUSED(lyap_pearson(infinite, y, 4, &r, &error), "x 3 is not finite");
    EXPECT_REFUSED(lyap_pearson(x, huge, 4, &r, &error), "range of double precision");
    EXPECT_REFUSED(lyap_spearman(nan, y, 4, &r, &error), "x 1 is not finite");
    EXPECT_REFUSED(lyap_spearman(x, flat, 4, &r, &error), "equal");
    EXPECT_REFUSED(lyap_partial(x, y, twice, 4, &r, &error), "z determines x");
    EXPECT_REFUSED(lyap_partial(y, x, twice, 4, &r, &error), "z determines y");
    ck_assert_double_eq(r, 7);
}
END_TEST

/* ---- bootstrap ---- */

static double mean_of(const void *context, const uint32_t *index, size_t n) {
    const double *values = context;
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += values[index[i]];
    return sum / (double)n;
}

/* Standard normals by Box and Muller. */
static void fill_normal(double *values, size_t n, uint64_t *state) {
    for (size_t i = 0; i < n; i++) {
        double u = 0.5 - 0.5 * test_random(state), v = test_random(state);
        values[i] = sqrt(-2 * log(u + 1e-300)) * cos(3.14159265358979323846 * v);
    }
}

/* What the header promises of draw i of resample r; 1500 observations pass a block of 1024 draws. */
struct journal {
    uint64_t seed;
    uint32_t calls;
    size_t wrong;
};
static double keep_journal(const void *context, const uint32_t *index, size_t n) {
    struct journal *journal = *(struct journal *const *)context;
    double *u = malloc(n * sizeof *u);
    ck_assert_ptr_nonnull(u);
    if (journal->calls > 0) lyap_random_uniform(journal->seed, LYAP_STREAM_BOOTSTRAP, journal->calls - 1, 0, n, u);
    for (size_t i = 0; i < n; i++)
        journal->wrong += index[i] != (journal->calls == 0 ? i : (uint32_t)floor(u[i] * (double)n));
    free(u);
    return journal->calls++;
}

START_TEST(resamples_draw_what_the_header_says) {
    struct journal journal = {.seed = 9}, *context = &journal;
    struct lyap_estimate e;
    EXPECT_OK(lyap_bootstrap(keep_journal, &context, 1500, 101, 9, &e, &error));
    ck_assert_uint_eq(journal.calls, 102);
    ck_assert_uint_eq(journal.wrong, 0);
    /* The statistic is 0 on the sample and 1 .. 101 on the resamples: quantiles 1 + 100 q. */
    ck_assert_double_eq(e.value, 0);
    ck_assert_double_eq_tol(e.low, 3.5, 1e-12);
    ck_assert_double_eq_tol(e.high, 98.5, 1e-12);
}
END_TEST

/* 400 samples of 100 normals around 0: the interval of the mean, and of the median, holds 0 in 95 % (one standard error 1.1 %). */
START_TEST(intervals_cover_the_truth_at_their_level) {
    enum { SAMPLES = 400, N = 100, RESAMPLES = 300 };
    uint64_t state = 11;
    int mean_covers = 0, median_covers = 0;
    for (uint64_t k = 0; k < SAMPLES; k++) {
        double values[N];
        struct lyap_estimate mean, median;
        fill_normal(values, N, &state);
        EXPECT_OK(lyap_bootstrap(mean_of, values, N, RESAMPLES, k, &mean, &error));
        EXPECT_OK(lyap_bootstrap_median(values, N, RESAMPLES, k, &median, &error));
        ck_assert(mean.low <= mean.value && mean.value <= mean.high);
        mean_covers += mean.low <= 0 && 0 <= mean.high;
        median_covers += median.low <= 0 && 0 <= median.high;
    }
    ck_assert_double_eq_tol((double)mean_covers / SAMPLES, 0.95, 0.03);
    ck_assert_double_eq_tol((double)median_covers / SAMPLES, 0.95, 0.03);
}
END_TEST

static int compare_numbers(const void *a, const void *b) {
    const double *p = a, *q = b;
    return (*p > *q) - (*p < *q);
}

/* The median by sorting each resample, against the library's by counting. */
static double sorted_median(const void *context, const uint32_t *index, size_t n) {
    const double *values = context;
    double drawn[64];
    ck_assert_uint_le(n, 64);
    for (size_t i = 0; i < n; i++) drawn[i] = values[index[i]];
    qsort(drawn, n, sizeof *drawn, compare_numbers);
    return drawn[(n - 1) / 2] + 0.5 * (drawn[n / 2] - drawn[(n - 1) / 2]);
}

START_TEST(the_median_is_that_of_sorted_resamples) {
    double values[64];
    uint64_t state = 13;
    fill_normal(values, 64, &state);
    for (int i = 0; i < 20; i++) values[i] = floor(values[i]); /* ties */
    for (size_t n = 1; n <= 64; n += n < 5 ? 1 : 17) {
        struct lyap_estimate e, plain;
        EXPECT_OK(lyap_bootstrap_median(values, n, 500, 4, &e, &error));
        EXPECT_OK(lyap_bootstrap(sorted_median, values, n, 500, 4, &plain, &error));
        ck_assert_double_eq(e.value, plain.value);
        ck_assert_double_eq(e.low, plain.low);
        ck_assert_double_eq(e.high, plain.high);
    }
}
END_TEST

/* A resample is a sample: its correlation is what the plain functions say of it. */
struct sample {
    enum lyap_correlation kind;
    const double *x, *y, *z;
};
static double plain_correlation(const void *context, const uint32_t *index, size_t n) {
    const struct sample *s = context;
    double x[32], y[32], z[32], r = NAN;
    ck_assert_uint_le(n, 32);
    for (size_t i = 0; i < n; i++) {
        x[i] = s->x[index[i]];
        y[i] = s->y[index[i]];
        z[i] = s->z[index[i]];
    }
    enum lyap_status status = s->kind == LYAP_PEARSON    ? lyap_pearson(x, y, n, &r, NULL)
                              : s->kind == LYAP_SPEARMAN ? lyap_spearman(x, y, n, &r, NULL)
                                                         : lyap_partial(x, y, z, n, &r, NULL);
    return status ? NAN : r;
}

START_TEST(bootstrapped_correlations_are_those_of_the_resamples) {
    double z[11];
    for (int i = 0; i < 11; i++) z[i] = i * i % 7;
    for (int kind = LYAP_PEARSON; kind <= LYAP_PARTIAL; kind++) {
        struct sample s = {(enum lyap_correlation)kind, anscombe_x, anscombe_y, z};
        struct lyap_estimate e, plain;
        EXPECT_OK(lyap_bootstrap_correlation(s.kind, &(const struct lyap_observations){s.x, s.y, s.z, 11}, 400, 5, &e,
                                             &error));
        EXPECT_OK(lyap_bootstrap(plain_correlation, &s, 11, 400, 5, &plain, &error));
        ck_assert_double_eq_tol(e.value, plain.value, 1e-14);
        ck_assert_double_eq_tol(e.low, plain.low, 1e-14);
        ck_assert_double_eq_tol(e.high, plain.high, 1e-14);
        ck_assert(-1 <= e.low && e.low < e.value && e.value < e.high && e.high <= 1);
    }
}
END_TEST

static double undefined_most_of_the_time(const void *context, const uint32_t *index, size_t n) {
    (void)context;
    for (size_t i = 0; i < n; i++)
        if (index[i] != i) return NAN;
    return 1;
}

START_TEST(unusable_bootstraps_are_refused) {
    const double values[] = {1, 2, 3, NAN};
    struct lyap_estimate e = {7, 7, 7};
    EXPECT_REFUSED(lyap_bootstrap(mean_of, values, 0, 100, 1, &e, &error), "0 observations");
    EXPECT_REFUSED(lyap_bootstrap(mean_of, values, 3, 99, 1, &e, &error), "at least 100");
    EXPECT_REFUSED(lyap_bootstrap(undefined_most_of_the_time, values, 3, 100, 1, &e, &error), "undefined");
    EXPECT_REFUSED(lyap_bootstrap_median(values, 0, 100, 1, &e, &error), "0 values");
    EXPECT_REFUSED(lyap_bootstrap_median(values, 4, 100, 1, &e, &error), "value 3");
    EXPECT_REFUSED(lyap_bootstrap_correlation(LYAP_PEARSON, &(const struct lyap_observations){values, values, NULL, 4},
                                              100, 1, &e, &error),
                   "finite");
    EXPECT_REFUSED(lyap_bootstrap_correlation(LYAP_SPEARMAN, &(const struct lyap_observations){values, values, NULL, 2},
                                              100, 1, &e, &error),
                   "at least 3");
    ck_assert_double_eq(e.value, 7);
}
END_TEST

START_TEST(a_seed_gives_the_same_intervals_again_and_another_gives_others) {
    struct lyap_estimate a, b, c;
    EXPECT_OK(lyap_bootstrap_correlation(
        LYAP_PEARSON, &(const struct lyap_observations){anscombe_x, anscombe_y, NULL, 11}, 1000, 1, &a, &error));
    EXPECT_OK(lyap_bootstrap_correlation(
        LYAP_PEARSON, &(const struct lyap_observations){anscombe_x, anscombe_y, NULL, 11}, 1000, 1, &b, &error));
    EXPECT_OK(lyap_bootstrap_correlation(
        LYAP_PEARSON, &(const struct lyap_observations){anscombe_x, anscombe_y, NULL, 11}, 1000, 2, &c, &error));
    ck_assert(a.low == b.low && a.high == b.high && a.value == b.value);
    /* The bits of every machine. */
    ck_assert(a.value == 0x1.a201deb2f8133p-1 && a.low == 0x1.27d967bde7078p-1 && a.high == 0x1.e42033d2f0468p-1);
    ck_assert(a.low != c.low && a.high != c.high && a.value == c.value);
    ck_assert_double_eq_tol(a.low, c.low, 0.1);
    double p[3];
    for (int i = 0; i < 3; i++)
        EXPECT_OK(lyap_permutation_correlation(anscombe_x, anscombe_y, 11, 2000, i < 2 ? 1 : 2, &p[i], &error));
    ck_assert_double_eq(p[0], p[1]);
}
END_TEST

/* ---- permutation tests ---- */

/* Of the 24 orders of 1 2 3 4, two have |r| = 1. With y = 1 2 4 3, r = 1 - 6 2/60 = 0.8: sums of squared differences up to 2
 * have the order itself and the 3 exchanges of neighbours, those of at least 18 their reversals: 8 of 24. 20,000 shuffles
 * give p within 4 standard errors sqrt(p (1 - p) / 20000). */
START_TEST(permutations_of_four_give_their_exact_shares) {
    const double x[] = {1, 2, 3, 4}, swapped[] = {1, 2, 4, 3}, uneven[] = {0.1, 0.2, 0.4, 0.3};
    double p;
    EXPECT_OK(lyap_permutation_correlation(x, x, 4, 20000, 3, &p, &error));
    ck_assert_double_eq_tol(p, 2.0 / 24, 0.008);
    EXPECT_OK(lyap_permutation_correlation(x, swapped, 4, 20000, 3, &p, &error));
    ck_assert_double_eq_tol(p, 8.0 / 24, 0.0134);
    EXPECT_OK(lyap_permutation_correlation(x, uneven, 4, 20000, 3, &p, &error)); /* rounding breaks no ties */
    ck_assert_double_eq_tol(p, 8.0 / 24, 0.0134);
}
END_TEST

/* Positive differences that are powers of two: only all signs equal reach their sum, 2 of 256. */
START_TEST(sign_flips_of_eight_give_their_exact_share) {
    const double powers[] = {1, 2, 4, 8, 16, 32, 64, 128}, balanced[] = {1, -1, 1, -1, 1, -1, 1, -1};
    double p;
    EXPECT_OK(lyap_permutation_paired(powers, 8, 20000, 3, &p, &error));
    ck_assert_double_eq_tol(p, 2.0 / 256, 0.0025);
    EXPECT_OK(lyap_permutation_paired(balanced, 8, 1000, 3, &p, &error));
    ck_assert_double_eq(p, 1);
}
END_TEST

/* With the sample itself among the shuffles, p is never 0: the least is 1 / (1 + shuffles). */
START_TEST(the_least_p_is_one_of_all_shuffles) {
    double x[60], p;
    for (int i = 0; i < 60; i++) x[i] = i + 1;
    EXPECT_OK(lyap_permutation_correlation(x, x, 60, 999, 1, &p, &error));
    ck_assert_double_eq(p, 0.001);
    EXPECT_OK(lyap_permutation_paired(x, 60, 999, 1, &p, &error));
    ck_assert_double_eq(p, 0.001);
}
END_TEST

/* Independent samples reject at 10 % about one time in ten: 300 tests, standard error 1.7 %. */
START_TEST(independent_samples_reject_at_the_level) {
    enum { TESTS = 300, N = 20 };
    uint64_t state = 17;
    int correlated = 0, paired = 0;
    for (uint64_t k = 0; k < TESTS; k++) {
        double x[N], y[N], p;
        fill_normal(x, N, &state);
        fill_normal(y, N, &state);
        EXPECT_OK(lyap_permutation_correlation(x, y, N, 199, k, &p, &error));
        correlated += p <= 0.1;
        EXPECT_OK(lyap_permutation_paired(x, N, 199, k, &p, &error));
        paired += p <= 0.1;
    }
    ck_assert_double_eq_tol((double)correlated / TESTS, 0.1, 0.06);
    ck_assert_double_eq_tol((double)paired / TESTS, 0.1, 0.06);
}
END_TEST

START_TEST(unusable_permutation_tests_are_refused) {
    const double x[] = {1, 2, 3}, flat[] = {1, 1, 1}, nan[] = {1, NAN, 2}, huge[] = {DBL_MAX, DBL_MAX, 1};
    double p = 7;
    EXPECT_REFUSED(lyap_permutation_correlation(x, x, 3, 0, 1, &p, &error), "shuffles");
    EXPECT_REFUSED(lyap_permutation_correlation(x, flat, 3, 100, 1, &p, &error), "equal");
    EXPECT_REFUSED(lyap_permutation_correlation(x, nan, 3, 100, 1, &p, &error), "finite");
    EXPECT_REFUSED(lyap_permutation_paired(x, 0, 100, 1, &p, &error), "no differences");
    EXPECT_REFUSED(lyap_permutation_paired(x, 3, 0, 1, &p, &error), "shuffles");
    EXPECT_REFUSED(lyap_permutation_paired(nan, 3, 100, 1, &p, &error), "finite");
    EXPECT_REFUSED(lyap_permutation_paired(huge, 3, 100, 1, &p, &error), "finite");
    ck_assert_double_eq(p, 7);
}
END_TEST

/* ---- Kolmogorov and Smirnov ---- */

/* 2 sum (-1)^(k-1) exp(-2 k^2 l^2), l = (s + 0.12 + 0.11/s) D with s = sqrt(nm/(n+m)). */
static double series_p(double n, double m, double d) {
    double s = sqrt(n * m / (n + m)), l = (s + 0.12 + 0.11 / s) * d, sum = 0;
    for (int k = 1; k <= 200; k++) sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * l * l);
    return sum;
}

static void expect_distance(const double *x, size_t n, const double *y, size_t m, double expected) {
    double d, p, back, back_p;
    EXPECT_OK(lyap_kolmogorov_smirnov(x, n, y, m, &d, &p, &error));
    ck_assert_double_eq_tol(d, expected, 1e-15);
    ck_assert_double_eq_tol(p, series_p((double)n, (double)m, expected), 1e-12);
    EXPECT_OK(lyap_kolmogorov_smirnov(y, m, x, n, &back, &back_p, &error));
    ck_assert(back == d && back_p == p);
}

START_TEST(the_distance_of_two_samples_is_as_by_hand) {
    const double x[] = {4, 1, 3, 2}, y[] = {3, 6, 5, 4}; /* after 2: 2/4 - 0 */
    expect_distance(x, 4, y, 4, 0.5);
    const double five[] = {1, 2, 3, 4, 5}, two[] = {1.5, 10}; /* after 5: 1 - 1/2; after 1.5: 1/5 - 1/2 */
    expect_distance(five, 5, two, 2, 0.5);
    const double tied[] = {1, 1, 1, 2}, other[] = {1, 2, 2}; /* after 1: 3/4 - 1/3 = 5/12 */
    expect_distance(tied, 4, other, 3, 5.0 / 12);
    const double apart[] = {7, 8, INFINITY};
    expect_distance(five, 5, apart, 3, 1);
}
END_TEST

/* l = (s + 0.12 + 0.11/s) D with s = sqrt(2): 0.80889, of which 2 (exp(-1.30861) - exp(-5.23444) + exp(-11.7775)) = 0.534416. */
START_TEST(the_p_of_a_distance_is_that_of_the_series) {
    const double x[] = {1, 2, 3, 4}, y[] = {3, 4, 5, 6};
    double d, p;
    EXPECT_OK(lyap_kolmogorov_smirnov(x, 4, y, 4, &d, &p, &error));
    ck_assert_double_eq_tol(p, 0.5344157192165071, 1e-12);
    double far[10], near[10];
    for (int i = 0; i < 10; i++) {
        near[i] = i;
        far[i] = i + 6.5; /* after 6: 7/10 */
    }
    EXPECT_OK(lyap_kolmogorov_smirnov(near, 10, far, 10, &d, &p, &error));
    ck_assert_double_eq_tol(d, 0.7, 1e-15);
    ck_assert_double_eq_tol(p, 0.006898647100946128, 1e-12);
    EXPECT_OK(lyap_kolmogorov_smirnov(near, 10, near, 10, &d, &p, &error));
    ck_assert_double_eq(d, 0);
    ck_assert_double_eq(p, 1);
}
END_TEST

START_TEST(unusable_samples_have_no_distance) {
    const double x[] = {1, NAN};
    double d = 7, p = 7;
    EXPECT_REFUSED(lyap_kolmogorov_smirnov(x, 0, x, 1, &d, &p, &error), "empty");
    EXPECT_REFUSED(lyap_kolmogorov_smirnov(x, 1, x, 0, &d, &p, &error), "empty");
    EXPECT_REFUSED(lyap_kolmogorov_smirnov(x, 2, x, 1, &d, &p, &error), "x 1");
    EXPECT_REFUSED(lyap_kolmogorov_smirnov(x, 1, x, 2, &d, &p, &error), "y 1");
    ck_assert(d == 7 && p == 7);
}
END_TEST

/* ---- shares and many tests ---- */

/* z^2 = 3.841459. 0 of 10: high = z^2 / (10 + z^2) = 3.841459 / 13.841459 = 0.277533. 5 of 10: 0.5 -+ z / (1 + z^2/10)
 * sqrt(0.025 + z^2/400) = 0.5 -+ 0.263407. 1 of 1: low = 1 / (1 + z^2) = 0.206549. */
START_TEST(wilsons_intervals_are_as_by_hand) {
    struct lyap_estimate e = lyap_share(0, 10);
    ck_assert(e.value == 0 && e.low == 0);
    ck_assert_double_eq_tol(e.high, 0.2775327998628892, 1e-14);
    e = lyap_share(10, 10);
    ck_assert(e.value == 1 && e.high == 1);
    ck_assert_double_eq_tol(e.low, 1 - 0.2775327998628892, 1e-14);
    e = lyap_share(5, 10);
    ck_assert_double_eq(e.value, 0.5);
    ck_assert_double_eq_tol(e.low, 0.2365930905125640, 1e-14);
    ck_assert_double_eq_tol(e.high, 0.7634069094874361, 1e-14);
    e = lyap_share(1, 1);
    ck_assert_double_eq_tol(e.low, 0.20654931437723745, 1e-14);
}
END_TEST

/* Ascending .005 .01 .03 .04 times 4 3 2 1: .02 .03 .06 .04, of which the last is raised to .06. */
START_TEST(holms_adjustment_is_as_by_hand) {
    const double p[] = {0.01, 0.04, 0.03, 0.005}, expected[] = {0.03, 0.06, 0.06, 0.02};
    double adjusted[4];
    EXPECT_OK(lyap_holm(p, 4, adjusted, &error));
    for (int i = 0; i < 4; i++) ck_assert_double_eq_tol(adjusted[i], expected[i], 1e-15);
    const double large[] = {0.6, 0, 0.6, 1}; /* 0 4, then 0.6 3 and 0.6 2, which are cut at 1 */
    EXPECT_OK(lyap_holm(large, 4, adjusted, &error));
    ck_assert(adjusted[0] == 1 && adjusted[1] == 0 && adjusted[2] == 1 && adjusted[3] == 1);
    EXPECT_OK(lyap_holm(p, 1, adjusted, &error));
    ck_assert_double_eq(adjusted[0], 0.01);
    EXPECT_OK(lyap_holm(p, 0, adjusted, &error));
}
END_TEST

START_TEST(holm_refuses_what_is_no_probability) {
    const double bad[] = {-1e-9, 1.0000001, NAN};
    for (int i = 0; i < 3; i++) {
        const double p[] = {0.5, bad[i]};
        double adjusted[2] = {7, 7};
        EXPECT_REFUSED(lyap_holm(p, 2, adjusted, &error), "p 1 is");
        ck_assert(adjusted[0] == 7 && adjusted[1] == 7);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("inference");
    TCase *tests = tcase_create("inference");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, ties_get_the_mean_of_their_ranks);
    tcase_add_test(tests, anscombes_first_set_has_its_published_correlation);
    tcase_add_test(tests, a_line_has_correlation_one_and_never_more);
    tcase_add_test(tests, spearman_with_ties_is_as_by_hand);
    tcase_add_test(tests, partial_correlation_is_that_of_what_z_leaves);
    tcase_add_test(tests, correlations_of_unusable_samples_are_refused);
    tcase_add_test(tests, resamples_draw_what_the_header_says);
    tcase_add_test(tests, intervals_cover_the_truth_at_their_level);
    tcase_add_test(tests, the_median_is_that_of_sorted_resamples);
    tcase_add_test(tests, bootstrapped_correlations_are_those_of_the_resamples);
    tcase_add_test(tests, unusable_bootstraps_are_refused);
    tcase_add_test(tests, a_seed_gives_the_same_intervals_again_and_another_gives_others);
    tcase_add_test(tests, permutations_of_four_give_their_exact_shares);
    tcase_add_test(tests, sign_flips_of_eight_give_their_exact_share);
    tcase_add_test(tests, the_least_p_is_one_of_all_shuffles);
    tcase_add_test(tests, independent_samples_reject_at_the_level);
    tcase_add_test(tests, unusable_permutation_tests_are_refused);
    tcase_add_test(tests, the_distance_of_two_samples_is_as_by_hand);
    tcase_add_test(tests, the_p_of_a_distance_is_that_of_the_series);
    tcase_add_test(tests, unusable_samples_have_no_distance);
    tcase_add_test(tests, wilsons_intervals_are_as_by_hand);
    tcase_add_test(tests, holms_adjustment_is_as_by_hand);
    tcase_add_test(tests, holm_refuses_what_is_no_probability);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
