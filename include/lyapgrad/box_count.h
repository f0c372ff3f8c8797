/* Box counting: the dimension of a set of pixels. */
#ifndef LYAPGRAD_BOX_COUNT_H
#define LYAPGRAD_BOX_COUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LYAP_BOX_SIZES = 32 };

/* Boxes of 1, 2, 4, ... pixels a side, laid from pixel (0, 0), the last of a row or column cut off where the picture ends.
 * N(s) of size s hold a pixel of the set; dimension = - slope of ln N against ln s by least squares over the sizes
 * first .. last. error is the slope's standard error, sqrt(residual sum of squares / (n - 2) / sum of (ln s - mean)^2): it
 * measures how straight the line is, and knows nothing of the range's choice or of where the boxes lie, which matters as much. */
struct lyap_boxcount {
    size_t sizes;                 /* 1, 2, 4 .. up to the first that covers the picture */
    size_t boxes[LYAP_BOX_SIZES]; /* N(2^k) */
    size_t first, last; /* box sizes of the fit, in pixels: 1 .. the largest with 8 boxes along the shorter side */
    bool defined;       /* at least three sizes in the fit, and the set is not empty */
    double dimension, error;
};

/* marked[height][width], non-zero where a pixel belongs to the set; width, height in 1 .. 2^30. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_boxcount(struct lyap_boxcount *count, const unsigned char *marked, size_t width, size_t height,
                               struct lyap_error *error);

/* The boundary of the set inside[height][width] to marked[height][width], another array: a pixel is marked where it, the next in
 * its row, the two below (in the last row and column: those that there are) are not all in the set or all outside it. Such
 * squares follow a slanting line as boxes of any size do; pixels of one side would be too few by up to the root of two. The
 * picture's own edges are no boundary. */
void lyap_boundary(const unsigned char *inside, size_t width, size_t height, unsigned char *marked);

#ifdef __cplusplus
}
#endif
#endif
