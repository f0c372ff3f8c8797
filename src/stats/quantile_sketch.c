/* Quantile sketch: counts over logarithmic bins. A bin is one value of (sign, exponent, ten leading mantissa bits), so
 * its ends differ by a factor of at most 1 + 2^-10, and its middle is within 0.05 % of all that is in it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/statistics.h"

enum {
    LOW_EXPONENT = -64, /* magnitudes under 2^-64 count as 0 */
    HIGH_EXPONENT = 64, /* magnitudes from 2^64 on count in the last bin */
    STEPS = 1024,       /* bins an octave */
    MAGNITUDES = (HIGH_EXPONENT - LOW_EXPONENT) * STEPS
};

struct lyap_sketch {
    uint64_t count;
    double low, high;                  /* smallest and largest value */
    uint64_t bins[2 * MAGNITUDES + 1]; /* ascending: negative magnitudes from the largest, zero, positive */
};

struct lyap_sketch *lyap_sketch_new(void) {
    return calloc(1, sizeof(struct lyap_sketch));
}

void lyap_sketch_free(struct lyap_sketch *sketch) {
    free(sketch);
}

/* -MAGNITUDES .. MAGNITUDES, ascending in value. */
static int bin_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
    int step = (int)(bits >> 42 & 0x3ff);
    if (exponent < LOW_EXPONENT) return 0;
    int bin = exponent >= HIGH_EXPONENT ? MAGNITUDES : (exponent - LOW_EXPONENT) * STEPS + step + 1;
    return bits >> 63 ? -bin : bin;
}

/* The middle of a bin. */
static double value_of(int bin) {
    if (bin == 0) return 0;
    int magnitude = abs(bin) - 1;
    double value = ldexp(1 + (magnitude % STEPS + 0.5) / STEPS, LOW_EXPONENT + magnitude / STEPS);
    return bin < 0 ? -value : value;
}

void lyap_sketch_add(struct lyap_sketch *sketch, double value) {
    if (sketch->count == 0 || value < sketch->low) sketch->low = value;
    if (sketch->count == 0 || value > sketch->high) sketch->high = value;
    sketch->bins[bin_of(value) + MAGNITUDES]++;
    sketch->count++;
}

uint64_t lyap_sketch_count(const struct lyap_sketch *sketch) {
    return sketch->count;
}

double lyap_sketch_quantile(const struct lyap_sketch *sketch, double q) {
    if (sketch->count == 0) return 0;
    double position = (double)(sketch->count - 1) * fmin(fmax(q, 0), 1);
    uint64_t rank = (uint64_t)position;
    double fraction = position - (double)rank;

    /* Type 7, as lyap_quantile: between the values of this rank (from 0) and the next. */
    uint64_t passed = 0;
    int bin = -MAGNITUDES;
    while ((passed += sketch->bins[bin + MAGNITUDES]) <= rank) bin++;
    double value = value_of(bin);
    if (fraction > 0 && passed <= rank + 1) {
        do bin++;
        while (sketch->bins[bin + MAGNITUDES] == 0);
        value += fraction * (value_of(bin) - value);
    }
    return fmin(fmax(value, sketch->low), sketch->high) + 0.0;
}
