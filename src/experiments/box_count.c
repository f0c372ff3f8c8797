#include "lyapgrad/box_count.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/deterministic.h"

void lyap_boundary(const unsigned char *inside, size_t width, size_t height, unsigned char *marked) {
    for (size_t row = 0; row < height; row++)
        for (size_t column = 0; column < width; column++) {
            const unsigned char *at = inside + row * width + column;
            size_t right = column + 1 < width, below = row + 1 < height ? width : 0;
            int sum = !!at[0] + !!at[right] + !!at[below] + !!at[below + right];
            marked[row * width + column] = sum != 0 && sum != 4;
        }
}

static size_t count_marked(const unsigned char *marked, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += marked[i] != 0;
    return count;
}

/* Halves the picture in place: a box holds what any of its four held. */
static void halve(unsigned char *marked, size_t *width, size_t *height) {
    size_t w = *width, h = *height, half = (w + 1) / 2;
    for (size_t row = 0; row < (h + 1) / 2; row++)
        for (size_t column = 0; column < half; column++) {
            unsigned char any = 0;
            for (size_t i = 2 * row; i < 2 * row + 2 && i < h; i++)
                for (size_t k = 2 * column; k < 2 * column + 2 && k < w; k++) any |= marked[i * w + k] != 0;
            marked[row * half + column] = any; /* behind what is still to be read */
        }
    *width = half;
    *height = (h + 1) / 2;
}

static void fit(struct lyap_boxcount *c) {
    double x[LYAP_BOX_SIZES], y[LYAP_BOX_SIZES], mean_x = 0, mean_y = 0, xx = 0, xy = 0, rest = 0;
    size_t n = 0;
    for (size_t k = 0; k < c->sizes && c->boxes[k]; k++) {
        size_t size = (size_t)1 << k;
        if (size < c->first || size > c->last) continue;
        x[n] = (double)k * lyap_log(2);
        y[n++] = lyap_log((double)c->boxes[k]);
    }
    if (n < 3) return;
    for (size_t i = 0; i < n; i++) {
        mean_x += x[i];
        mean_y += y[i];
    }
    mean_x /= (double)n;
    mean_y /= (double)n;
    for (size_t i = 0; i < n; i++) {
        xx = fma(x[i] - mean_x, x[i] - mean_x, xx);
        xy = fma(x[i] - mean_x, y[i] - mean_y, xy);
    }
    double slope = xy / xx;
    for (size_t i = 0; i < n; i++) {
        double r = y[i] - mean_y - slope * (x[i] - mean_x);
        rest = fma(r, r, rest);
    }
    c->defined = true;
    c->dimension = -slope;
    c->error = sqrt(rest / (double)(n - 2) / xx);
}

enum lyap_status lyap_boxcount(struct lyap_boxcount *c, const unsigned char *marked, size_t width, size_t height,
                               struct lyap_error *error) {
    memset(c, 0, sizeof *c);
    unsigned char *boxes = malloc(width * height);
    if (!boxes) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu x %zu boxes", width, height);
    memcpy(boxes, marked, width * height);
    size_t shorter = width < height ? width : height, w = width, h = height;
    c->first = c->last = 1;
    while (2 * c->last * 8 <= shorter) c->last *= 2;
    while (c->sizes < LYAP_BOX_SIZES) {
        c->boxes[c->sizes++] = count_marked(boxes, w * h);
        if (w == 1 && h == 1) break;
        halve(boxes, &w, &h);
    }
    free(boxes);
    fit(c);
    return LYAP_OK;
}
