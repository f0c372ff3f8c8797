/* Delay vectors. */
#include <math.h>
#include <stdlib.h>

#include "math/deterministic.h"
#include "series/embedding.h"

enum lyap_status lyap_embed(struct lyap_embedding *embedding, const double *x, size_t n, size_t dimension, size_t delay,
                            struct lyap_error *error) {
    *embedding = (struct lyap_embedding){.n = n, .dimension = dimension, .delay = delay};
    /* (m-1) d may be anything; compare without overflow. */
    size_t span = dimension - 1;
    bool fits = span == 0 || (n > 0 && delay <= (n - 1) / span);
    embedding->vectors = !fits ? 0 : n - span * delay;
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "series: sample %zu is not a finite number", i + 1);
        largest = fmax(largest, fabs(x[i]));
    }
    embedding->x = malloc((n ? n : 1) * sizeof *embedding->x);
    if (!embedding->x) return lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for %zu samples", n);
    if (largest > 0) (void)frexp(largest, &embedding->exponent);
    for (size_t i = 0; i < n; i++) embedding->x[i] = ldexp(x[i], -embedding->exponent);
    return LYAP_OK;
}

void lyap_embedding_free(struct lyap_embedding *embedding) {
    free(embedding->x);
    *embedding = (struct lyap_embedding){0};
}

/* The differences are divided by the largest before they are squared: distances far below the square root of the
 * smallest double keep their digits. */
bool lyap_log_distance(const struct lyap_embedding *e, size_t i, size_t j, double *log_distance) {
    double difference[LYAP_SERIES_MAX_DIMENSION], largest = 0;
    for (size_t k = 0; k < e->dimension; k++) {
        difference[k] = fabs(lyap_coordinate(e, i, k) - lyap_coordinate(e, j, k));
        if (difference[k] > largest) largest = difference[k];
    }
    if (!(largest > 0)) return false;
    double sum = 0;
    for (size_t k = 0; k < e->dimension; k++) {
        double ratio = difference[k] / largest;
        sum += ratio * ratio;
    }
    *log_distance = lyap_log(largest) + (e->dimension > 1 ? 0.5 * lyap_log(sum) : 0);
    return true;
}
