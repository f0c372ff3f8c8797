#include "exponents/batch_means.h"

#include <math.h>
#include <stdlib.h>

#include "lyapgrad/random.h"
#include "lyapgrad/statistics.h"

/* t(0.975, df) for df = 1 .. LYAP_MOST_BATCHES to the last place, so that no platform's library functions decide the bits: the roots of
 * I_x(df/2, 1/2) = 0.05, x = df / (df + t^2) (Abramowitz and Stegun 26.7.1), found in 40 digits. */
static const double t975[LYAP_MOST_BATCHES] = {
    12.706204736174705, 4.302652729749464,  3.1824463052837095, 2.7764451051977943, 2.5705818356363155,
    2.44691185114497,   2.3646242515927853, 2.3060041352041667, 2.2621571627982053, 2.228138851986275,
    2.2009851600916397, 2.178812829667229,  2.1603686564627926, 2.144786687917804,  2.1314495455597755,
    2.1199052992212546, 2.109815577833317,  2.1009220402410387, 2.0930240544083096, 2.085963447265865,
    2.0796138447276804, 2.0738730679040263, 2.0686576104190486, 2.063898561628026,  2.0595385527532977,
    2.055529438642873,  2.0518305164802855, 2.048407141795245,  2.0452296421327043, 2.042272456301238,
    2.0395134463964086, 2.036933343460102,  2.034515297449339,  2.032244509317719,  2.0301079282503434,
    2.028094000980451,  2.0261924630291097, 2.02439416391197,   2.0226909200367613, 2.0210753903062733,
    2.0195409704413763, 2.018081702818445,  2.0166921992278244, 2.015367574443764,  2.0141033888808466,
    2.012895598919429,  2.011740513729766,  2.0106347576242323, 2.0095752371292397, 2.008559112100761,
    2.007583770315836,  2.0066468050616884, 2.005745995317869,  2.004879288188057,  2.004044783289146,
    2.0032407188478722, 2.0024654592910074, 2.001717484145236,  2.000995378088268,  2.0002978220142604,
    1.9996235849949398, 1.998971517033379,  1.9983405425207417, 1.997729654317693};

double lyap_t975(size_t df) {
    return t975[df >= 1 && df <= LYAP_MOST_BATCHES ? df - 1 : LYAP_MOST_BATCHES - 1];
}

double lyap_batch_half_width(const double *batch, size_t batches) {
    double sum = 0, squares = 0, n = (double)batches;
    for (size_t i = 0; i < batches; i++) sum += batch[i];
    double mean = sum / n;
    for (size_t i = 0; i < batches; i++) squares += (batch[i] - mean) * (batch[i] - mean);
    return lyap_t975(batches - 1) * sqrt(squares / (n - 1) / n);
}

enum lyap_status lyap_bootstrap_mean(const double *values, size_t n, uint64_t seed, double *mean, double *low,
                                     double *high, struct lyap_error *error) {
    enum { DRAWS = 256 };
    if (n < 1) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "bootstrap of no values");
    double *means = malloc(LYAP_RESAMPLES * sizeof *means), u[DRAWS], total = 0;
    if (!means) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the bootstrap");
    for (size_t i = 0; i < n; i++) total += values[i];
    *mean = total / (double)n;
    for (size_t r = 0; r < LYAP_RESAMPLES; r++) {
        double sum = 0;
        for (size_t first = 0; first < n; first += DRAWS) {
            size_t count = n - first < DRAWS ? n - first : DRAWS;
            lyap_random_uniform(seed, LYAP_STREAM_BOOTSTRAP, r, first, count, u);
            for (size_t i = 0; i < count; i++) {
                size_t index = (size_t)(u[i] * (double)n);
                sum += values[index < n ? index : n - 1];
            }
        }
        means[r] = sum / (double)n;
    }
    lyap_sort(means, LYAP_RESAMPLES);
    *low = lyap_quantile(means, LYAP_RESAMPLES, 0.025);
    *high = lyap_quantile(means, LYAP_RESAMPLES, 0.975);
    free(means);
    return LYAP_OK;
}
