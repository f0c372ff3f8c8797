#include "engine/lanczos.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/random.h"
#include "engine/aligned.h"
#include "base/real.h"

enum { MOST_STEPS = 48, FEWEST_STEPS = 8, BASIS_BYTES = 64 * 1024 * 1024 };

/* The budget counts blocks of 16 whatever the width, since the eigenvalues depend on the number of steps. */
size_t lyap_lanczos_steps(size_t dimension) {
    size_t fit = BASIS_BYTES / (dimension * LYAP_BLOCK * sizeof(double));
    size_t steps = fit > MOST_STEPS ? MOST_STEPS : fit < FEWEST_STEPS ? FEWEST_STEPS : fit;
    return steps < dimension ? steps : dimension;
}

double lyap_lanczos_bytes(size_t dimension, size_t width, size_t real_size) {
    const double row = (double)dimension * (double)width;
    return row * ((double)(lyap_lanczos_steps(dimension) + 1) * sizeof(double) + 2 * (double)real_size);
}

enum lyap_status lyap_lanczos_new(struct lyap_lanczos *lanczos, const struct lyap_kernels *kernels, size_t dimension,
                                  size_t real_size, struct lyap_error *error) {
    const size_t row = dimension * kernels->width;
    memset(lanczos, 0, sizeof *lanczos);
    lanczos->kernels = kernels;
    lanczos->dimension = dimension;
    lanczos->steps = lyap_lanczos_steps(dimension);
    lanczos->basis = lyap_aligned(lanczos->steps + 1, row * sizeof(double));
    lanczos->vector = lyap_aligned(row, real_size);
    lanczos->image = lyap_aligned(row, real_size);
    if (lanczos->basis && lanczos->vector && lanczos->image) return LYAP_OK;
    lyap_lanczos_free(lanczos);
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the curvature of %zu parameters", dimension);
}

void lyap_lanczos_free(struct lyap_lanczos *lanczos) {
    free(lanczos->basis);
    free(lanczos->vector);
    free(lanczos->image);
    memset(lanczos, 0, sizeof *lanczos);
}

/* The loops below are over a constant number of lanes, with `restrict` and the lanes' sums in a local array, so that a compiler takes the
 * lanes side by side. The order of each lane's sum stays, of one lane as of 16. */
static void dot(const double *restrict a, const double *restrict b, size_t n, size_t width, double out[LYAP_BLOCK]) {
    double sum[LYAP_BLOCK] = {0}, alone = 0;
    if (width == 1) {
        for (size_t i = 0; i < n; i++) alone += a[i] * b[i];
        out[0] = alone;
        return;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t lane = 0; lane < LYAP_BLOCK; lane++)
            sum[lane] += a[i * LYAP_BLOCK + lane] * b[i * LYAP_BLOCK + lane];
    memcpy(out, sum, sizeof sum);
}

static void subtract(double *restrict a, const double factor[LYAP_BLOCK], const double *restrict b, size_t n,
                     size_t width) {
    double part[LYAP_BLOCK];
    if (width == 1) {
        const double alone = factor[0];
        for (size_t i = 0; i < n; i++) a[i] -= alone * b[i];
        return;
    }
    memcpy(part, factor, sizeof part);
    for (size_t i = 0; i < n; i++)
        for (size_t lane = 0; lane < LYAP_BLOCK; lane++)
            a[i * LYAP_BLOCK + lane] -= part[lane] * b[i * LYAP_BLOCK + lane];
}

/* Divides by the length where that is above `least`; a lane without one becomes 0 and stays so. */
static void normalise(double *a, size_t n, size_t width, const double least[LYAP_BLOCK], double length[LYAP_BLOCK]) {
    dot(a, a, n, width, length);
    for (size_t lane = 0; lane < width; lane++) {
        length[lane] = sqrt(length[lane]);
        bool usable = length[lane] > least[lane] && length[lane] <= DBL_MAX;
        if (!usable) length[lane] = 0;
        for (size_t i = 0; i < n; i++) {
            double *x = &a[i * width + lane];
            *x = usable ? *x / length[lane] : 0;
        }
    }
}

/* Number of eigenvalues below x of the symmetric tridiagonal matrix, whose entries lie `width` apart, by Sturm's sequence
 * (J. H. Wilkinson, The Algebraic Eigenvalue Problem (1965), ch. 5). */
static size_t count_below(const double *alpha, const double *beta, size_t width, size_t n, double x) {
    size_t below = 0;
    double q = 1;
    for (size_t i = 0; i < n; i++) {
        q = alpha[i * width] - x - (i ? beta[(i - 1) * width] * beta[(i - 1) * width] / q : 0);
        if (q == 0) q = DBL_MIN;
        below += q < 0;
    }
    return below;
}

/* Eigenvalue number `which` (0 the smallest) by bisection to the last place. */
static double eigenvalue(const double *alpha, const double *beta, size_t width, size_t n, size_t which) {
    double low = alpha[0], high = alpha[0];
    for (size_t i = 0; i < n; i++) { /* Gershgorin's circles */
        double radius = (i ? fabs(beta[(i - 1) * width]) : 0) + (i + 1 < n ? fabs(beta[i * width]) : 0);
        double a = alpha[i * width];
        low = fmin(low, a - radius);
        high = fmax(high, a + radius);
    }
    for (int i = 0; i < 200; i++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) break;
        if (count_below(alpha, beta, width, n, middle) > which)
            high = middle;
        else
            low = middle;
    }
    return low + (high - low) / 2;
}

/* image = H vector, in the precision of the run, added to the basis as row `step` + 1. */
static void apply(struct lyap_lanczos *lanczos, struct lyap_block *block, struct lyap_tangents *tangents, size_t step) {
    const size_t row = lanczos->dimension * lanczos->kernels->width;
    enum lyap_precision precision = lanczos->kernels->precision;
    const double *from = lanczos->basis + step * row;
    for (size_t i = 0; i < row; i++) lyap_real_set(lanczos->vector, i, from[i], precision);
    lanczos->kernels->hessian(block, tangents, lanczos->vector, lanczos->image);
    double *to = lanczos->basis + (step + 1) * row;
    for (size_t i = 0; i < row; i++) {
        double x = lyap_real_get(lanczos->image, i, precision);
        to[i] = fabs(x) <= DBL_MAX ? x : 0;
    }
}

static void note_bad(const struct lyap_lanczos *lanczos, bool bad[LYAP_BLOCK]) {
    const size_t width = lanczos->kernels->width;
    for (size_t i = 0; i < lanczos->dimension * width; i++)
        if (!(fabs(lyap_real_get(lanczos->image, i, lanczos->kernels->precision)) <= DBL_MAX)) bad[i % width] = true;
}

bool lyap_curvature(struct lyap_lanczos *lanczos, struct lyap_block *block, struct lyap_tangents *tangents,
                    double largest[LYAP_BLOCK], double smallest[LYAP_BLOCK], lyap_poll poll, void *context) {
    const size_t n = lanczos->dimension, width = lanczos->kernels->width, row = n * width;
    size_t length[LYAP_BLOCK] = {0};
    enum lyap_precision precision = lanczos->kernels->precision;
    double alpha[MOST_STEPS * LYAP_BLOCK] = {0}, beta[MOST_STEPS * LYAP_BLOCK] = {0}, least[LYAP_BLOCK] = {0};
    bool bad[LYAP_BLOCK] = {false};
    const struct lyap_draws draws = {
        true, block->seed, LYAP_STREAM_PERTURBATION, block->start_low, block->start_high, 0, n};
    lanczos->kernels->draw(&draws, lanczos->vector);
    for (size_t i = 0; i < row; i++) lanczos->basis[i] = lyap_real_get(lanczos->vector, i, precision);
    normalise(lanczos->basis, n, width, least, beta);
    double noise = 16 * (precision == LYAP_FLOAT64 ? DBL_EPSILON : (double)FLT_EPSILON);
    for (size_t lane = 0; lane < width; lane++) length[lane] = lanczos->steps;
    for (size_t j = 0; j < lanczos->steps; j++) {
        double *next = lanczos->basis + (j + 1) * row, square[LYAP_BLOCK], part[LYAP_BLOCK];
        if (poll && !poll(context)) return false;
        apply(lanczos, block, tangents, j);
        note_bad(lanczos, bad);
        dot(next, next, n, width, square);
        dot(next, lanczos->basis + j * row, n, width, alpha + j * width);
        for (int pass = 0; pass < 2; pass++) /* twice is enough (W. Kahan) */
            for (size_t i = 0; i <= j; i++) {
                dot(next, lanczos->basis + i * row, n, width, part);
                subtract(next, part, lanczos->basis + i * row, n, width);
            }
        for (size_t lane = 0; lane < width; lane++) {
            double size = sqrt(square[lane]);
            if (noise * size > least[lane]) least[lane] = noise * size;
        }
        normalise(next, n, width, least, beta + j * width);
        for (size_t lane = 0; lane < width; lane++)
            if (beta[j * width + lane] == 0 && j + 1 < length[lane]) length[lane] = j + 1;
    }
    for (size_t lane = 0; lane < width; lane++) {
        size_t m = length[lane];
        largest[lane] = bad[lane] ? 0 : eigenvalue(alpha + lane, beta + lane, width, m, m - 1);
        smallest[lane] = bad[lane] ? 0 : eigenvalue(alpha + lane, beta + lane, width, m, 0);
    }
    return true;
}
