/* Turnbull's estimate of a distribution from doubly censored values. */
#include "report/rate/censored.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 200 };
static const double settled = 1e-6; /* largest change of a mass in a round */

static int compare(const void *a, const void *b) {
    const struct lyap_bounded *p = a, *q = b;
    if (p->value != q->value) return p->value < q->value ? -1 : 1;
    return (p->kind == LYAP_MORE_THAN) - (q->kind == LYAP_MORE_THAN);
}

void lyap_bounded_sort(struct lyap_bounded *values, size_t n) {
    if (n > 1) qsort(values, n, sizeof *values, compare);
}

/* The masses: mass[i] of the seen value i, and of what lies below and above all of them. */
struct masses {
    double *mass, *next, *give; /* [n] */
    double below, above;
};

/* The first masses: equal on all seen values; below and above where a bound leaves no seen value, since the likelihood needs mass there. */
static void begin(struct masses *m, const struct lyap_bounded *v, const uint32_t *weight, size_t n) {
    size_t first = n, last = n, points = 0;
    bool low = false, high = false;
    for (size_t i = 0; i < n; i++) {
        bool seen = v[i].kind == LYAP_SEEN && weight[i] > 0;
        m->mass[i] = seen;
        if (!seen) continue;
        if (first == n) first = i;
        last = i;
        points++;
    }
    for (size_t i = 0; i < n; i++) {
        if (weight[i] == 0) continue;
        low = low || (v[i].kind == LYAP_AT_MOST && (first == n || v[i].value < v[first].value));
        high = high || (v[i].kind == LYAP_MORE_THAN && (last == n || v[i].value >= v[last].value));
    }
    double all = (double)points + low + high;
    for (size_t i = 0; i < n; i++) m->mass[i] /= all;
    m->below = low / all;
    m->above = high / all;
}

/* What each censored value gives to a unit of mass in its range: its weight over the mass there. */
static void find_given(struct masses *m, const struct lyap_bounded *v, const uint32_t *weight, size_t n) {
    double sum = m->below;
    size_t end = 0;
    for (size_t i = 0; i < n;
         i = end) { /* up to the end of equal values, which "at most" takes in and "more than" leaves out */
        for (end = i; end < n && v[end].value == v[i].value; end++) sum += m->mass[end];
        double rest = fmax(1 - sum, 0);
        for (size_t k = i; k < end; k++)
            m->give[k] = weight[k] == 0 || v[k].kind == LYAP_SEEN ? 0
                         : v[k].kind == LYAP_AT_MOST              ? (double)weight[k] / sum
                         : rest > 0                               ? (double)weight[k] / rest
                                                                  : 0;
    }
}

/* One round: returns the largest change of a mass. */
static double improve(struct masses *m, const struct lyap_bounded *v, const uint32_t *weight, size_t n, double total) {
    double at_most = 0, more = 0, change = 0;
    find_given(m, v, weight, n);
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == LYAP_AT_MOST) at_most += m->give[i];
    double below = m->below * at_most / total;
    for (size_t i = 0; i < n; i++) m->next[i] = v[i].kind == LYAP_SEEN ? (double)weight[i] : 0;
    size_t end = 0;
    for (size_t i = 0; i < n; i = end) {
        for (end = i; end < n && v[end].value == v[i].value; end++) m->next[end] += m->mass[end] * (at_most + more);
        for (size_t k = i; k < end; k++) {
            at_most -= v[k].kind == LYAP_AT_MOST ? m->give[k] : 0;
            more += v[k].kind == LYAP_MORE_THAN ? m->give[k] : 0;
        }
    }
    double above = m->above * more / total;
    for (size_t i = 0; i < n; i++) {
        double mass = m->next[i] / total;
        change = fmax(change, fabs(mass - m->mass[i]));
        m->mass[i] = mass;
    }
    m->below = below;
    m->above = above;
    return change;
}

double lyap_censored_median_of(const struct lyap_bounded *v, const uint32_t *weight, size_t n, double *scratch) {
    struct masses m = {.mass = scratch, .next = scratch + n, .give = scratch + 2 * n};
    double total = 0;
    for (size_t i = 0; i < n; i++) total += weight[i];
    if (!(total > 0)) return NAN;
    begin(&m, v, weight, n);
    for (int round = 0; round < MOST_ROUNDS && improve(&m, v, weight, n, total) > settled; round++) {
    }
    double sum = m.below;
    if (sum >= 0.5) return NAN;
    for (size_t i = 0; i < n; i++) {
        sum += m.mass[i];
        if (sum >= 0.5 - 1e-9 && m.mass[i] > 0) return v[i].value;
    }
    return NAN;
}

struct drawn {
    const struct lyap_bounded *values;
    size_t n;
    uint32_t *weight; /* [n] */
    double *scratch;  /* [3 n] */
};

static double median_of(const void *context, const uint32_t *index, size_t n) {
    const struct drawn *drawn = context;
    memset(drawn->weight, 0, drawn->n * sizeof *drawn->weight);
    for (size_t i = 0; i < n; i++) drawn->weight[index ? index[i] : i]++;
    return lyap_censored_median_of(drawn->values, drawn->weight, drawn->n, drawn->scratch);
}

enum lyap_status lyap_censored_median(const struct lyap_bounded *sorted, size_t n, uint32_t resamples, uint64_t seed,
                                      struct lyap_estimate *median, struct lyap_error *error) {
    struct drawn drawn = {sorted, n, calloc(n + 1, sizeof *drawn.weight), calloc(3 * n + 1, sizeof *drawn.scratch)};
    enum lyap_status status = LYAP_ERROR_MEMORY;
    if (drawn.weight && drawn.scratch)
        status = lyap_bootstrap(median_of, &drawn, n, resamples, seed, median, error);
    else
        lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu censored values", n);
    if (!status && isnan(median->value))
        status = lyap_fail(error, LYAP_ERROR_ARGUMENT, "the median of %zu censored values lies beyond those seen", n);
    free(drawn.weight);
    free(drawn.scratch);
    return status;
}
