/* The delay vectors of a series, and distances between them. */
#ifndef LYAP_SERIES_EMBEDDING_H
#define LYAP_SERIES_EMBEDDING_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/status.h"

enum { LYAP_SERIES_MAX_DIMENSION = 64 };

/* The delay vectors of a series. x is a copy scaled by 2^-exponent, exactly, to magnitudes of at most 1: no square of a
 * difference overflows, whatever the unit. */
struct lyap_embedding {
    double *x; /* [n], owned */
    size_t n, vectors;
    size_t dimension, delay;
    int exponent;
};

enum lyap_status lyap_embed(struct lyap_embedding *embedding, const double *x, size_t n, size_t dimension, size_t delay,
                            struct lyap_error *error);
void lyap_embedding_free(struct lyap_embedding *embedding);

/* Coordinate k of vector i. */
static inline double lyap_coordinate(const struct lyap_embedding *e, size_t i, size_t k) {
    return e->x[i + k * e->delay];
}

/* ln || X(i) - X(j) ||, Euclidean, of the scaled series, without loss for tiny distances; false when the vectors are
 * equal. */
bool lyap_log_distance(const struct lyap_embedding *e, size_t i, size_t j, double *log_distance);

#endif
