/* The bootstrap and permutation tests. */
#include "lyapgrad/inference.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "stats/correlation.h"
#include "stats/resampling.h"
#include "lyapgrad/random.h"
#include "lyapgrad/statistics.h"

/* One seed's permutations and sign flips draw from cells behind those of the bootstrap. */
static const uint64_t shuffle_cells = UINT64_C(1) << 40, flip_cells = UINT64_C(1) << 41;

enum { DRAWS = 1024 };

static void draw_sample(uint64_t seed, uint64_t resample, uint32_t *index, size_t n) {
    double u[DRAWS];
    for (size_t first = 0; first < n; first += DRAWS) {
        size_t count = n - first < DRAWS ? n - first : DRAWS;
        lyap_random_uniform(seed, LYAP_STREAM_BOOTSTRAP, resample, first, count, u);
        for (size_t i = 0; i < count; i++) {
            size_t drawn = (size_t)(u[i] * (double)n);
            index[first + i] = (uint32_t)(drawn < n ? drawn : n - 1);
        }
    }
}

enum lyap_status lyap_bootstrap(lyap_statistic statistic, const void *context, size_t n, uint32_t resamples,
                                uint64_t seed, struct lyap_estimate *estimate, struct lyap_error *error) {
    if (n < 1 || n > UINT32_MAX)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "bootstrap of %zu observations: 1 to 2^32-1 are allowed", n);
    if (resamples < 100)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "bootstrap: %lu resamples; at least 100 are needed",
                         (unsigned long)resamples);
    uint32_t *index = malloc(n * sizeof *index);
    double *values = malloc(resamples * sizeof *values);
    enum lyap_status status = LYAP_OK;
    size_t defined = 0;
    if (!index || !values) {
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the bootstrap of %zu observations", n);
    } else {
        for (size_t i = 0; i < n; i++) index[i] = (uint32_t)i;
        double value = statistic(context, index, n);
        for (uint32_t r = 0; r < resamples; r++) {
            draw_sample(seed, r, index, n);
            values[defined] = statistic(context, index, n);
            if (!isnan(values[defined])) defined++;
        }
        if (isnan(value) || defined < resamples - resamples / 2) {
            status = lyap_fail(error, LYAP_ERROR_ARGUMENT,
                               "bootstrap: the statistic is undefined on the sample or on most resamples (%zu of %lu)",
                               resamples - defined, (unsigned long)resamples);
        } else {
            lyap_sort(values, defined);
            *estimate = (struct lyap_estimate){value, lyap_quantile(values, defined, 0.025),
                                               lyap_quantile(values, defined, 0.975)};
        }
    }
    free(index);
    free(values);
    return status;
}

/* ---- the mean ---- */

double lyap_mean_of(const void *context, const uint32_t *index, size_t n) {
    const double *values = context;
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += values[index[i]];
    return sum / (double)n;
}

enum lyap_status lyap_bootstrap_mean(const double *values, size_t n, uint64_t seed, double *mean, double *low,
                                     double *high, struct lyap_error *error) {
    struct lyap_estimate estimate;
    enum lyap_status status = lyap_bootstrap(lyap_mean_of, values, n, LYAP_RESAMPLES, seed, &estimate, error);
    if (status) return status;
    *mean = estimate.value;
    *low = estimate.low;
    *high = estimate.high;
    return LYAP_OK;
}

/* ---- the median: how often each place of the sorted sample is drawn says it without sorting again ---- */

struct median {
    const double *sorted;
    const uint32_t *place; /* of each observation in the sorted sample */
    uint32_t *drawn;       /* [n] */
};

static double median_of(const void *context, const uint32_t *index, size_t n) {
    const struct median *m = context;
    memset(m->drawn, 0, n * sizeof *m->drawn);
    for (size_t i = 0; i < n; i++) m->drawn[m->place[index[i]]]++;
    size_t lower = (n - 1) / 2, upper = n / 2, below = 0, at = 0;
    while (below + m->drawn[at] <= lower) below += m->drawn[at++];
    double low = m->sorted[at];
    while (below + m->drawn[at] <= upper) below += m->drawn[at++];
    return low + 0.5 * (m->sorted[at] - low);
}

/* Places 0 .. n-1 in ascending order, equal values in any. With `dense`, equal values share a place. */
struct order {
    double value;
    uint32_t index;
};

static int compare(const void *a, const void *b) {
    const struct order *p = a, *q = b;
    if (p->value != q->value) return p->value < q->value ? -1 : 1;
    return (p->index > q->index) - (p->index < q->index);
}

static bool find_places(const double *values, size_t n, bool dense, uint32_t *place) {
    struct order *order = malloc(n * sizeof *order);
    if (!order) return false;
    for (size_t i = 0; i < n; i++) order[i] = (struct order){values[i], (uint32_t)i};
    qsort(order, n, sizeof *order, compare);
    uint32_t next = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && !(dense && order[i].value == order[i - 1].value)) next++;
        place[order[i].index] = next;
    }
    free(order);
    return true;
}

enum lyap_status lyap_bootstrap_median(const double *values, size_t n, uint32_t resamples, uint64_t seed,
                                       struct lyap_estimate *estimate, struct lyap_error *error) {
    if (n < 1 || n > UINT32_MAX)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "median of %zu values: 1 to 2^32-1 are allowed", n);
    for (size_t i = 0; i < n; i++)
        if (isnan(values[i])) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "median: value %zu is not a number", i);
    double *sorted = malloc(n * sizeof *sorted);
    uint32_t *place = malloc(2 * n * sizeof *place);
    enum lyap_status status;
    if (sorted && place && find_places(values, n, false, place)) {
        memcpy(sorted, values, n * sizeof *sorted);
        lyap_sort(sorted, n);
        struct median m = {sorted, place, place + n};
        status = lyap_bootstrap(median_of, &m, n, resamples, seed, estimate, error);
    } else {
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the bootstrap of %zu values", n);
    }
    free(sorted);
    free(place);
    return status;
}

/* ---- correlations ---- */

struct correlation {
    enum lyap_correlation kind;
    const double *x, *y, *z;
    double *drawn;           /* [3][n]: the resample */
    const uint32_t *place_x; /* [n]: dense places of x and y for ranks */
    const uint32_t *place_y;
    uint32_t *count; /* [n] */
    double *rank;    /* [n]: of each dense place in the resample */
};

static void gather(const double *values, const uint32_t *index, size_t n, double *drawn) {
    for (size_t i = 0; i < n; i++) drawn[i] = values[index[i]];
}

/* Mid-ranks of a resample by counting: a place drawn c times with b draws below has rank b + (c + 1) / 2. */
static void gather_ranks(const struct correlation *c, const uint32_t *place, const uint32_t *index, size_t n,
                         double *drawn) {
    memset(c->count, 0, n * sizeof *c->count);
    for (size_t i = 0; i < n; i++) c->count[place[index[i]]]++;
    double below = 0;
    for (size_t i = 0; i < n; i++) {
        c->rank[i] = below + 0.5 * ((double)c->count[i] + 1);
        below += (double)c->count[i];
    }
    for (size_t i = 0; i < n; i++) drawn[i] = c->rank[place[index[i]]];
}

static double correlation_of(const void *context, const uint32_t *index, size_t n) {
    const struct correlation *c = context;
    double *x = c->drawn, *y = x + n, *z = y + n;
    if (c->kind == LYAP_SPEARMAN) {
        gather_ranks(c, c->place_x, index, n, x);
        gather_ranks(c, c->place_y, index, n, y);
        return lyap_correlate(x, y, n);
    }
    gather(c->x, index, n, x);
    gather(c->y, index, n, y);
    if (c->kind == LYAP_PEARSON) return lyap_correlate(x, y, n);
    gather(c->z, index, n, z);
    return lyap_correlate_partial(lyap_correlate(x, y, n), lyap_correlate(x, z, n), lyap_correlate(y, z, n));
}

/* The correlation on the sample itself, which also says what is wrong with it. */
static enum lyap_status check(enum lyap_correlation kind, const struct lyap_observations *of,
                              struct lyap_error *error) {
    double r;
    switch (kind) {
    case LYAP_PEARSON:
        return lyap_pearson(of->x, of->y, of->n, &r, error);
    case LYAP_SPEARMAN:
        return lyap_spearman(of->x, of->y, of->n, &r, error);
    case LYAP_PARTIAL:
        return lyap_partial(of->x, of->y, of->z, of->n, &r, error);
    }
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "correlation: kind %d is unknown", (int)kind);
}

enum lyap_status lyap_bootstrap_correlation(enum lyap_correlation kind, const struct lyap_observations *of,
                                            uint32_t resamples, uint64_t seed, struct lyap_estimate *estimate,
                                            struct lyap_error *error) {
    const size_t n = of->n;
    enum lyap_status status = check(kind, of, error);
    if (status) return status;
    double *drawn = malloc(4 * n * sizeof *drawn);
    uint32_t *place = malloc(3 * n * sizeof *place);
    if (drawn && place &&
        (kind != LYAP_SPEARMAN || (find_places(of->x, n, true, place) && find_places(of->y, n, true, place + n)))) {
        struct correlation c = {kind, of->x, of->y, of->z, drawn, place, place + n, place + 2 * n, drawn + 3 * n};
        status = lyap_bootstrap(correlation_of, &c, n, resamples, seed, estimate, error);
    } else {
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the bootstrap of %zu observations", n);
    }
    free(drawn);
    free(place);
    return status;
}

/* ---- permutation tests ---- */

static enum lyap_status check_shuffles(uint32_t shuffles, struct lyap_error *error) {
    if (shuffles >= 1) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "permutation test: no shuffles; at least 1 is needed");
}

/* values - mean, divided by the largest magnitude. */
static void centre(const double *values, size_t n, double *to) {
    double sum = 0, rest = 0, largest = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) rest += values[i] - mean;
    mean += rest / (double)n;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs(to[i] = values[i] - mean));
    for (size_t i = 0; i < n; i++) to[i] /= largest;
}

static double product(const double *x, const double *y, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
    return sum;
}

/* Shuffle k of y in place: from the last place down, each changes with one at or below it, by uniform n-1-i of the cell. */
static void shuffle(double *y, size_t n, uint64_t seed, uint64_t k) {
    double u[DRAWS];
    for (size_t i = n - 1, draw = 0; i >= 1; i--, draw++) {
        if (draw % DRAWS == 0) {
            size_t left = n - 1 - draw;
            lyap_random_uniform(seed, LYAP_STREAM_BOOTSTRAP, shuffle_cells + k, draw, left < DRAWS ? left : DRAWS, u);
        }
        size_t j = (size_t)(u[draw % DRAWS] * (double)(i + 1));
        if (j > i) j = i;
        double kept = y[i];
        y[i] = y[j];
        y[j] = kept;
    }
}

enum lyap_status lyap_permutation_correlation(const double *x, const double *y, size_t n, uint32_t shuffles,
                                              uint64_t seed, double *p, struct lyap_error *error) {
    double r;
    enum lyap_status status = check_shuffles(shuffles, error);
    if (!status) status = lyap_pearson(x, y, n, &r, error);
    if (status) return status;
    double *a = malloc(3 * n * sizeof *a);
    if (!a) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a permutation test of %zu observations", n);
    double *b = a + n, *mixed = b + n;
    centre(x, n, a);
    centre(y, n, b);
    /* Permutations that give the same r in exact arithmetic count as equal: the slack is the bound of the sum's rounding. */
    double slack = 2 * (double)n * DBL_EPSILON * sqrt(product(a, a, n) * product(b, b, n));
    double limit = fabs(product(a, b, n)) - slack;
    uint32_t reached = 0;
    for (uint32_t k = 0; k < shuffles; k++) {
        memcpy(mixed, b, n * sizeof *b);
        shuffle(mixed, n, seed, k);
        reached += fabs(product(a, mixed, n)) >= limit;
    }
    free(a);
    *p = (1 + (double)reached) / (1 + (double)shuffles);
    return LYAP_OK;
}

enum lyap_status lyap_permutation_paired(const double *differences, size_t n, uint32_t shuffles, uint64_t seed,
                                         double *p, struct lyap_error *error) {
    enum lyap_status status = check_shuffles(shuffles, error);
    if (status) return status;
    if (n < 1) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "paired permutation test of no differences");
    double sum = 0, magnitude = 0;
    for (size_t i = 0; i < n; i++) {
        sum += differences[i];
        magnitude += fabs(differences[i]);
    }
    if (!isfinite(magnitude))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "paired permutation test: a difference or the sum of all is not finite");
    double limit = fabs(sum) - 2 * (double)n * DBL_EPSILON * magnitude, u[DRAWS];
    uint32_t reached = 0;
    for (uint32_t k = 0; k < shuffles; k++) {
        double total = 0;
        for (size_t first = 0; first < n; first += DRAWS) {
            size_t count = n - first < DRAWS ? n - first : DRAWS;
            lyap_random_uniform(seed, LYAP_STREAM_BOOTSTRAP, flip_cells + k, first, count, u);
            for (size_t i = 0; i < count; i++) total += u[i] < 0.5 ? -differences[first + i] : differences[first + i];
        }
        reached += fabs(total) >= limit;
    }
    *p = (1 + (double)reached) / (1 + (double)shuffles);
    return LYAP_OK;
}
