/* Lyapunov exponents from a recorded series: the estimators of Kantz, Rosenstein and Wolf on a delay embedding.
 *
 *   struct lyap_series_options options;
 *   struct lyap_series_result result;
 *   lyap_series_defaults(&options);
 *   options.method = LYAP_SERIES_ROSENSTEIN;
 *   options.dimension = 2;
 *   if (lyap_series_run(x, n, &options, &result, &error)) ... // a bad setting, out of memory, interrupted
 *   else if (result.status == LYAP_SERIES_OK) ...             // result.slope +- result.error, nats per sample
 *   else puts(lyap_series_status_reason(result.status));      // the data do not give an exponent, and why
 *   lyap_series_free(&result);
 *
 * Embedding. From the samples x(0) .. x(n-1), delay vectors X(i) = ( x(i), x(i+d), ..., x(i+(m-1)d) ) of dimension m
 * and delay d (F. Takens, Lect. Notes Math. 898, 366 (1981)). Neighbours of X(i) are vectors X(j) with |i - j| > W, the
 * Theiler window (J. Theiler, Phys. Rev. A 34, 2427 (1986)), and 0 < distance, min_distance <= distance. (Where distances
 * are Euclidean, those under 1e-162 of the largest sample count as 0: their squares are.)
 *
 * Divergence curve S(s), s = 0 .. steps, natural logarithms; reference and neighbours are those vectors that can be
 * followed through all the steps, so every step averages over the same pairs:
 *
 *   Kantz       S(s) = mean over i of ln( mean over j in U(i) of |x(i+(m-1)d+s) - x(j+(m-1)d+s)| ), U(i) all neighbours
 *               within `radius` in the maximum norm, points with fewer than min_neighbours left out
 *               (H. Kantz, Phys. Lett. A 185, 77 (1994))
 *   Rosenstein  S(s) = mean over i of ln || X(i+s) - X(j+s) ||, Euclidean norm, j the nearest neighbour of i
 *               (M. T. Rosenstein, J. J. Collins, C. J. De Luca, Physica D 65, 117 (1993))
 *   Wolf        one fiducial trajectory and one neighbour, replaced every `evolve` steps by a nearby one in nearly the
 *               same direction: S(t) = sum over the intervals up to t of ln( L' / L ), L and L' the Euclidean distances
 *               at the two ends of an interval (A. Wolf, J. B. Swift, H. L. Swinney, J. A. Vastano, Physica D 16, 285
 *               (1985), fixed evolution time)
 *
 * Wolf's neighbours. The fiducial trajectory is X(t), t = 0, h, 2h, .. with h = `evolve`. The first neighbour is the nearest
 * vector in the Euclidean norm, the first by index of equals. An interval goes from t to t + h: L = ||X(t) - X(j)||, L' =
 * ||X(t+h) - X(j+h)||. At its end the neighbour X(j+h) is kept while it goes on for another interval, L' is at most `radius` and not
 * below min_distance, and it is outside the Theiler window. Else it is replaced: candidates are all vectors that go on for an
 * interval, are outside the Theiler window and min_distance .. `radius` away from X(t+h); taken is the one whose separation
 * from X(t+h) makes the smallest angle with the present separation, the first by index of equals, however far away it is, if that
 * angle is at most `angle`. Separations have no sign: one and its opposite make the angle 0. Where all candidates turn further,
 * the present neighbour is retained, also beyond `radius` or inside the Theiler window, if it goes on and L' is not below
 * min_distance; else there is none, and the next interval begins with the nearest vector again (no further than `radius`), as does
 * the one after L or L' was 0 (`merged`). An interval for which there is no such vector is passed over.
 *
 * Slope. Kantz and Rosenstein: unweighted least squares on S(s) over the fit window. Wolf: S over the time that it took.
 * Unit: nats per sample.
 *
 * Error. Not the residuals' (curve points share their pairs, so residuals say nothing of the sampling error), but a
 * delete-one-block jackknife: the reference points in 20 blocks contiguous in time, the slope without each block b,
 *   error^2 = (B-1)/B * sum over b of (slope(b) - mean)^2        (B. Efron, SIAM CBMS 38 (1982), chapter 3),
 * and the 95 % interval slope +- t(0.975, B-1) * error. It measures how much the slope depends on the stretch of data. It
 * knows nothing of the bias from the window, the radius, noise, or an embedding that is no embedding: compare slope_early
 * with slope_late, and other dimensions and radii. Neighbours come from every block, so blocks are not quite independent.
 *
 * Bits. IEEE operations in a fixed order, logarithms from SLEEF's deterministic family, equal distances taken in the
 * order of the index: the same bits on every machine and for any number of threads. */
#ifndef LYAPGRAD_SERIES_H
#define LYAPGRAD_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lyap_series_method { LYAP_SERIES_KANTZ, LYAP_SERIES_ROSENSTEIN, LYAP_SERIES_WOLF, LYAP_SERIES_METHOD_COUNT };

/* "kantz", "rosenstein", "wolf". */
const char *lyap_series_method_name(enum lyap_series_method method);

/* Reads such a name; LYAP_ERROR_ARGUMENT lists them. */
enum lyap_status lyap_series_method_parse(const char *text, enum lyap_series_method *method, struct lyap_error *error);

/* Why a series gives an exponent, or none. */
enum lyap_series_status {
    LYAP_SERIES_OK,
    LYAP_SERIES_TOO_SHORT,     /* too few vectors can be followed for `steps` steps outside the Theiler window */
    LYAP_SERIES_CONSTANT,      /* all samples are equal */
    LYAP_SERIES_REPEATS,       /* more than half of the vectors have an exact copy: periodic or coarsely rounded */
    LYAP_SERIES_NO_NEIGHBOURS, /* neighbours for too few vectors: fewer than 4 blocks hold a reference point */
    LYAP_SERIES_FIT_EMPTY,     /* the fit window holds fewer than 3 usable steps: no straight part to fit */
    LYAP_SERIES_SATURATED,     /* Wolf: more than half of the intervals end within a factor e of unrelated vectors */
    LYAP_SERIES_STATUS_COUNT
};

/* "ok", "too_short", "constant", "repeats", "no_neighbours", "fit_empty", "saturated". */
const char *lyap_series_status_name(enum lyap_series_status status);

/* The same in one line of words, with what may help. */
const char *lyap_series_status_reason(enum lyap_series_status status);

/* "Choose" in the fields below: the library takes its documented default and reports it in the result. */
#define LYAP_SERIES_CHOOSE (-1)

/* Called on the calling thread between portions of work; returning false ends with LYAP_ERROR_INTERRUPTED. */
typedef bool (*lyap_series_progress)(uint64_t done, uint64_t total, void *context);

struct lyap_series_options {
    enum lyap_series_method method; /* default Kantz */
    int dimension;                  /* m, 1 .. 64; default 2 */
    int64_t delay;                  /* d in samples, >= 1; default 1 */
    int64_t theiler;                /* W in samples, >= 0; default CHOOSE: the mean period 2(n-1)/(crossings of the
                                       mean), rounded up, at least (m-1)d and 1, at most n/10 */
    int64_t steps;                  /* length of the curve in samples, 2 .. 10000; default CHOOSE: 20 d.
                                       Wolf: not used */
    double radius;                  /* unit of the series; 0 (default): chosen. Kantz: size of the neighbourhood in the
                                       maximum norm, chosen so that nine of ten vectors have min_neighbours.
                                       Wolf: longest replacement in the Euclidean norm, chosen so that nine of ten have
                                       50 candidates. Rosenstein: longest initial distance, chosen: no limit */
    double min_distance;            /* nearer vectors are no neighbours: the noise floor; default 0, >= 0, < radius */
    int64_t min_neighbours;         /* Kantz: fewest neighbours of a reference point, >= 1; default 10 */
    int64_t references;             /* Kantz, Rosenstein: the largest number of reference points, evenly spread, >= 20;
                                       default CHOOSE: all */
    int64_t fit_first, fit_last;    /* fit window in steps, both ends in, fit_last >= fit_first + 2; default CHOOSE, see
                                       below. Wolf: the part of the fiducial trajectory, default all of it */
    int64_t evolve;                 /* Wolf: samples between replacements, >= 1; default CHOOSE: d */
    double angle;                   /* Wolf: largest turn of a replacement in radians, 0 < angle <= pi/2; default 0.3,
                                       the program's in the paper's appendix */
    int threads;                    /* 0 (default): lyap_max_threads(); Wolf uses one */
    lyap_series_progress progress;  /* may be NULL */
    void *progress_context;
};

/* Default fit window. Let S(inf) be the level at which pairs have forgotten each other, measured on a fixed grid of
 * unrelated pairs. The window's last step is the last one before S first exceeds (S(0) + S(inf)) / 2: half the way to
 * saturation, because curves bend long before they level off. A curve that falls or stays flat never gets there: its window
 * reaches to the last step, and its slope is negative or near zero. The first step is (m-1)d, while pairs turn into the
 * fastest direction, but no later than half of the last. Steps at which one pair in ten or more has met exactly (distance
 * 0, no logarithm) are not usable, and a chosen window ends before them. */

struct lyap_series_point {
    uint64_t step; /* s, or for Wolf the time t on the fiducial trajectory, in samples */
    double value;  /* S in nats, of distances in the unit of the series; 0 when references is 0 */
    double error;  /* jackknife standard error of the value; 0 when fewer than 4 blocks contribute, and for Wolf */
    uint64_t references; /* reference points in the mean; 0: no value at this step. Wolf: intervals in the sum */
    uint64_t pairs;      /* pairs of vectors behind it */
};

struct lyap_series_result {
    enum lyap_series_status status;
    double slope;                    /* nats per sample; this and the next seven hold 0 unless status is OK */
    double error;                    /* standard error of the slope */
    double low, high;                /* 95 % interval */
    double intercept;                /* of the line at step 0, nats; Wolf's starts on the curve */
    double residual;                 /* root mean square distance of the curve from the line, nats; Wolf: 0 */
    double slope_early, slope_late;  /* of the two halves of the window */
    uint64_t fit_points;             /* usable points in the window */
    uint64_t blocks;                 /* jackknife blocks */
    double saturation;               /* S(inf) above; Wolf: mean ln distance; 0 if not measured */
    struct lyap_series_options used; /* the options with every choice made; the window also when it was empty */
    double
        adjacent; /* share of up to 1,000 vectors whose nearest neighbour is adjacent in time, at most 2 W + 10 samples
                        away. A stationary series that returns everywhere has about (2 W + 20) / n. A share over a half
                        tells of a drift or transient (the slope is its rate, not an exponent of an attractor) or of
                        a Theiler window that is too small */
    uint64_t samples, vectors;           /* n and the number of delay vectors */
    uint64_t references;                 /* reference points with neighbours; Wolf: intervals measured */
    uint64_t candidates;                 /* reference points tried; Wolf: intervals on the fiducial trajectory */
    uint64_t replaced, retained, merged; /* Wolf: neighbours replaced, kept for want of a better one, lost because the
                                            distance became 0 */
    size_t points;                       /* length of the curve; 0 when none could be measured */
    struct lyap_series_point *curve;     /* [points], owned */
};

/* The defaults named above. */
void lyap_series_defaults(struct lyap_series_options *options);

/* Estimates the exponent of x[n], finite values in any unit, sampled at even intervals. LYAP_OK means that the run went
 * through; result->status says whether there is an exponent. Free with lyap_series_free, also after an error.
 * Returns LYAP_ERROR_ARGUMENT for a setting out of range or a sample that is not finite, LYAP_ERROR_MEMORY,
 * LYAP_ERROR_INTERRUPTED. */
enum lyap_status lyap_series_run(const double *x, size_t n, const struct lyap_series_options *options,
                                 struct lyap_series_result *result, struct lyap_error *error);

/* FNV-1a (lyapgrad/digest.h) over the status, the estimate, the fit window and the curve: the same on every machine. */
uint64_t lyap_series_digest(const struct lyap_series_result *result);

/* Frees the curve and zeroes the struct; a zeroed one is allowed. */
void lyap_series_free(struct lyap_series_result *result);

#ifdef __cplusplus
}
#endif
#endif
