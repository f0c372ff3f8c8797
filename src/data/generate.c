/* Generated classification data: XOR and parity, plane shapes, Gaussian blobs. */
#include <string.h>

#include "data/dataset.h"
#include "math/deterministic.h"
#include "lyapgrad/network.h"
#include "lyapgrad/random.h"

/* Writes the bits of `pattern`, most significant first; returns their parity. */
static double write_bits(double *x, int bits, uint64_t pattern) {
    int parity = 0;
    for (int i = 0; i < bits; i++) {
        int bit = (int)(pattern >> (bits - 1 - i)) & 1;
        x[i] = bit;
        parity ^= bit;
    }
    return parity;
}

static enum lyap_status check_bits(const char *name, int bits, struct lyap_error *error) {
    if (bits >= 1 && bits <= LYAP_MAX_BITS) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: %d bits; allowed are 1 to %d", name, bits, LYAP_MAX_BITS);
}

static enum lyap_status all_patterns(struct lyap_dataset *data, int bits, struct lyap_error *error) {
    size_t samples = (size_t)1 << bits;
    enum lyap_status status = lyap_dataset_allocate(data, samples, (size_t)bits, 1, error);
    for (size_t s = 0; !status && s < samples; s++) data->y[s] = write_bits(data->x + s * (size_t)bits, bits, s);
    return status;
}

enum lyap_status lyap_dataset_xor(struct lyap_dataset *data, struct lyap_error *error) {
    return all_patterns(data, 2, error);
}

enum lyap_status lyap_dataset_parity(struct lyap_dataset *data, int bits, struct lyap_error *error) {
    memset(data, 0, sizeof *data);
    enum lyap_status status = check_bits("parity", bits, error);
    return status ? status : all_patterns(data, bits, error);
}

enum lyap_status lyap_dataset_xor_noisy(struct lyap_dataset *data, int bits, size_t samples, double sigma,
                                        uint64_t seed, struct lyap_error *error) {
    memset(data, 0, sizeof *data);
    enum lyap_status status = check_bits("xor-noisy", bits, error);
    if (!status) status = lyap_dataset_check("xor-noisy", samples, "sigma", sigma, error);
    if (!status) status = lyap_dataset_allocate(data, samples, (size_t)bits, 1, error);
    for (size_t s = 0; !status && s < samples; s++) {
        double *x = data->x + s * (size_t)bits;
        double noise[LYAP_MAX_BITS];
        lyap_random_normal(seed, LYAP_STREAM_DATA, s, 0, (size_t)bits, noise);
        data->y[s] = write_bits(x, bits, s); /* uses the low `bits` bits of s */
        for (int i = 0; i < bits; i++) x[i] += sigma * noise[i];
    }
    return status;
}

/* The point of class 0 or 1 of a plane shape for a uniform u in [0, 1). */
typedef void plane_shape(int class, double u, double point[2]);

static void circle(int class, double u, double point[2]) {
    double radius = class == 0 ? 1 : 0.5;
    point[0] = radius * lyap_cospi(2 * u);
    point[1] = radius * lyap_sinpi(2 * u);
}

static void spiral(int class, double u, double point[2]) {
    double radius = (1 + 12 * u) / 13, sign = class == 0 ? 1 : -1; /* half a turn apart */
    point[0] = sign * (radius * lyap_cospi(6 * u));
    point[1] = sign * (radius * lyap_sinpi(6 * u));
}

static void moon(int class, double u, double point[2]) {
    double cosine = lyap_cospi(u), sine = lyap_sinpi(u);
    point[0] = class == 0 ? cosine : 1 - cosine;
    point[1] = class == 0 ? sine : 0.5 - sine;
}

/* Sample s has class s mod 2, u from its draw 0 and the noise from its draws 2 and 3: normals are made in pairs, and the
 * pair (0, 1) would depend on u. */
static enum lyap_status plane(struct lyap_dataset *data, const char *name, plane_shape *shape, size_t samples,
                              double noise, uint64_t seed, struct lyap_error *error) {
    memset(data, 0, sizeof *data);
    enum lyap_status status = lyap_dataset_check(name, samples, "noise", noise, error);
    if (!status) status = lyap_dataset_allocate(data, samples, 2, 1, error);
    for (size_t s = 0; !status && s < samples; s++) {
        int class = (int)(s % 2);
        double u, offset[2], *x = data->x + 2 * s;
        lyap_random_uniform(seed, LYAP_STREAM_DATA, s, 0, 1, &u);
        lyap_random_normal(seed, LYAP_STREAM_DATA, s, 2, 2, offset);
        shape(class, u, x);
        for (int i = 0; i < 2; i++) x[i] += noise * offset[i];
        data->y[s] = class;
    }
    return status;
}

enum lyap_status lyap_dataset_circles(struct lyap_dataset *data, size_t samples, double noise, uint64_t seed,
                                      struct lyap_error *error) {
    return plane(data, "circles", circle, samples, noise, seed, error);
}

enum lyap_status lyap_dataset_spirals(struct lyap_dataset *data, size_t samples, double noise, uint64_t seed,
                                      struct lyap_error *error) {
    return plane(data, "spirals", spiral, samples, noise, seed, error);
}

enum lyap_status lyap_dataset_moons(struct lyap_dataset *data, size_t samples, double noise, uint64_t seed,
                                    struct lyap_error *error) {
    return plane(data, "moons", moon, samples, noise, seed, error);
}

/* Centres are drawn coordinate by coordinate where they are needed: a draw costs less than a table of them is worth. */
enum lyap_status lyap_dataset_blobs(struct lyap_dataset *data, size_t samples, size_t classes, size_t dimensions,
                                    double sigma, uint64_t seed, struct lyap_error *error) {
    memset(data, 0, sizeof *data);
    enum lyap_status status = lyap_dataset_check("blobs", samples, "sigma", sigma, error);
    if (!status && (classes < 2 || classes > LYAP_MAX_WIDTH))
        status =
            lyap_fail(error, LYAP_ERROR_ARGUMENT, "blobs: %zu classes; allowed are 2 to %d", classes, LYAP_MAX_WIDTH);
    if (!status && (dimensions < 1 || dimensions > LYAP_MAX_WIDTH))
        status = lyap_fail(error, LYAP_ERROR_ARGUMENT, "blobs: %zu dimensions; allowed are 1 to %d", dimensions,
                           LYAP_MAX_WIDTH);
    if (!status) status = lyap_dataset_allocate(data, samples, dimensions, classes, error);
    for (size_t s = 0; !status && s < samples; s++) {
        size_t class = s % classes;
        double *x = data->x + s * dimensions, *y = data->y + s * classes;
        lyap_random_normal(seed, LYAP_STREAM_DATA, s, 0, dimensions, x);
        for (size_t i = 0; i < dimensions; i++) {
            double u;
            lyap_random_uniform(seed, LYAP_STREAM_DATA, LYAP_DATA_CELL_CENTRES, class * dimensions + i, 1, &u);
            x[i] = (2 * u - 1) + sigma * x[i];
        }
        for (size_t k = 0; k < classes; k++) y[k] = k == class;
    }
    return status;
}
