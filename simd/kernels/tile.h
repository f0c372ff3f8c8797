/* A tile of trajectories of one vector of cells, and the samples of a batch that it sees. */
#ifndef LYAP_SIMD_KERNELS_TILE_H
#define LYAP_SIMD_KERNELS_TILE_H

#include "simd/kernels.h"
#include "simd/kernels/inline.h"
#include "simd/isa/vec.h"

/* `count` trajectories, and the samples from..from+samples-1 of the batch. */
struct tile {
    real *w; /* first trajectory's state, at this vector's lanes: [count][dimension][BLOCK], weights first */
    size_t count;
    const real *x;  /* [samples][inputs] */
    const real *y;  /* [samples][outputs] */
    size_t samples; /* in this chunk */
    vec *a;         /* activations, layer by layer [count][samples][units] */
    vec *d;         /* dL/dz of one trajectory, layer by layer [samples][units], up to the factor
                         1/(samples*outputs) and, for MSE, 2 */

    /* Of the matrix products alone (kernels/layers.h): x by columns, input k of sample s at k * stride + s, or NULL. */
    const real *columns;
    size_t stride;

    /* Of the same alone, laid out like a; NULL where they are not asked for. */
    vec *slope;   /* f' of the activations that store it */
    vec *curve;   /* f'' of the same, for tangents */
    vec *bend;    /* d f''/f' of the curved activations, for tangents */
    vec *scratch; /* for the products */

    /* Of one network alone (simd/one/). */
    const struct lyap_block *block; /* whose threads share the work */
    vec *turned;                    /* the weights of the layers above the first, each [outputs][inputs] */
};

/* Where layer l's units start in `d`. */
ALWAYS_INLINE size_t deltas_at(const struct lyap_shape *shape, const struct tile *tile, int layer) {
    return shape->unit[layer] * tile->samples;
}

/* Where layer l's units of trajectory t start in `a`. */
ALWAYS_INLINE size_t units_at(const struct lyap_shape *shape, const struct tile *tile, int layer, size_t t) {
    return shape->unit[layer] * tile->count * tile->samples + t * tile->samples * (size_t)shape->sizes[layer + 1];
}

/* The samples from..from+chunk-1 of x [samples][inputs] and y [samples][outputs]. */
ALWAYS_INLINE void tile_chunk(const struct lyap_shape *shape, struct tile *tile, const real *x, const real *y,
                              size_t from) {
    size_t left = shape->samples - from;
    tile->samples = left < shape->chunk ? left : shape->chunk;
    tile->x = x + from * (size_t)shape->sizes[0];
    tile->y = y + from * (size_t)shape->sizes[shape->layers];
}

#endif
