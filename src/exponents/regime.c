/* The rules of lyapgrad/regime.h. */
#include "lyapgrad/regime.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

#include "math/deterministic.h"
#include "lyapgrad/interval.h"

/* Doublings of the time over which the growth of the weights is fitted, and parts of the last two thirds that must all grow. */
enum { FEWEST_DOUBLINGS = 5, MOST_DOUBLINGS = 8, PARTS = 8 };

static const char *const names[LYAP_REGIME_COUNT] = {"neutral",  "converging", "transient", "chaotic",   "dead",
                                                     "diverged", "still",      "periodic",  "unbounded", "undecided"};

const char *lyap_regime_name(enum lyap_regime regime) {
    return (unsigned)regime < LYAP_REGIME_COUNT ? names[regime] : "unknown";
}

double lyap_still_tolerance(enum lyap_precision precision) {
    return precision == LYAP_FLOAT64 ? 1e-10 : 16 * (double)FLT_EPSILON;
}

uint32_t lyap_tail_period(const double *tail, size_t n, double tolerance) {
    double nearest = INFINITY; /* of the returns sooner than after p steps */
    for (size_t p = 1; p <= LYAP_MOST_PERIOD && 2 * p <= n; p++) {
        const double allowed = fmin(tolerance, nearest / 10);
        size_t k = p;
        while (k <= n && tail[k - 1] <= allowed) k += p;
        if (k > n) return (uint32_t)p;
        nearest = fmin(nearest, tail[p - 1]);
    }
    return 0;
}

static bool is_still(const struct lyap_regime_evidence *e) {
    for (size_t i = 0; i < e->tail_steps; i++)
        if (!(e->tail[i] <= e->still * fmax(1, e->size))) return false;
    return e->tail_steps >= 2;
}

static bool is_periodic(const struct lyap_regime_evidence *e) {
    return lyap_tail_period(e->tail, e->tail_steps, e->tolerance * fmax(1, e->size)) >= 2;
}

/* The mean of the last `n` batches and its interval. */
struct estimate {
    double mean, low, high;
};

static struct estimate last_batches(const struct lyap_regime_evidence *e, size_t n) {
    const double *from = e->batch + (e->batches - n);
    double sum = 0, half = lyap_batch_half_width(from, n);
    for (size_t i = 0; i < n; i++) sum += from[i];
    return (struct estimate){sum / (double)n, sum / (double)n - half, sum / (double)n + half};
}

static double largest(const double *values, size_t from, size_t to) {
    double most = 0;
    for (size_t i = from; i < to; i++) most = fmax(most, values[i]);
    return most;
}

/* The power a of the extent's growth as t^a over the last 5 to 8 doublings of the step number t: least squares of the binary
 * logarithms. 0 where fewer are known. */
static double growth_power(const struct lyap_regime_evidence *e) {
    const double *last = e->reach + e->doublings;
    size_t n = 0;
    while (n < MOST_DOUBLINGS && n < e->doublings && last[-1 - (ptrdiff_t)n] > 0) n++;
    if (n < FEWEST_DOUBLINGS) return 0;
    double xy = 0, xx = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = (double)i - ((double)n - 1) / 2;
        xy += x * lyap_log(last[(ptrdiff_t)i - (ptrdiff_t)n]) / 0.6931471805599453;
        xx += x * x;
    }
    return xy / xx;
}

enum extent { BOUNDED, UNCLEAR, GROWS };

static enum extent judge_extent(const struct lyap_regime_evidence *e) {
    const size_t third = e->windows / 3;
    const double middle = largest(e->extent, e->windows - 2 * third, e->windows - third);
    const bool larger = largest(e->extent, e->windows - third, e->windows) > 1.1 * middle;
    if (growth_power(e) >= 0.5) {
        const double *last = e->reach + (e->doublings - 1);
        return last[0] >= 2 * last[-2] && larger ? GROWS : UNCLEAR;
    }
    return larger ? UNCLEAR : BOUNDED;
}

/* Whether the loss rises at no step of the last twelfth of the windows, at least 8. */
static bool always_falls(const struct lyap_regime_evidence *e) {
    size_t looked = e->windows / 12 > 8 ? e->windows / 12 : 8;
    if (!e->rises) return false;
    for (size_t i = e->windows > looked ? e->windows - looked : 0; i < e->windows; i++)
        if (e->rises[i]) return false;
    return true;
}

/* Whether every twelfth of the batches in the last two thirds grows by more than a twentieth of plan.growth, so that it is not one
 * burst that makes the sum, and has not ended. */
static bool grows_throughout(const struct lyap_regime_evidence *e) {
    const size_t n = 2 * e->batches / 3;
    const double *batch = e->batch + (e->batches - n);
    for (size_t part = 0; part < PARTS; part++) {
        double sum = 0;
        for (size_t i = part * n / PARTS; i < (part + 1) * n / PARTS; i++) sum += batch[i];
        if (!(sum > e->growth / 20)) return false;
    }
    return true;
}

/* Of an orbit that has a verdict's number of batches, and neither rests nor repeats. */
static enum lyap_regime judge_moving(const struct lyap_regime_evidence *e) {
    const struct estimate thirds = last_batches(e, 2 * e->batches / 3), third = last_batches(e, e->batches / 3);
    const size_t in_third = e->batches / 3;
    const double grown = third.mean * (double)in_third;
    const bool falls = always_falls(e);
    if (thirds.low > 0 && third.low > 0 && !falls && grows_throughout(e)) {
        enum extent extent = judge_extent(e);
        if (extent == GROWS) return LYAP_UNBOUNDED;
        return extent == BOUNDED && grown > e->growth ? LYAP_CHAOTIC : LYAP_UNDECIDED;
    }
    if (e->peak > e->growth && (falls || grown < 1)) return LYAP_TRANSIENT;
    if (thirds.high < 0) return LYAP_CONVERGING;
    return (e->peak <= e->growth && thirds.low <= 0) || (falls && grown < 1) ? LYAP_NEUTRAL : LYAP_UNDECIDED;
}

enum lyap_regime lyap_regime_of(const struct lyap_regime_evidence *e) {
    if (e->outcome == LYAP_ESCAPED || e->outcome == LYAP_OVERFLOW) return LYAP_DIVERGED;
    if (!e->alive) return LYAP_DEAD_REGIME;
    if (!e->ended && is_still(e)) return LYAP_STILL;
    if (!e->ended && is_periodic(e)) return LYAP_PERIODIC;
    if (e->steps > 0 && e->resolved == 0) return LYAP_CONVERGING;
    if (e->batches >= LYAP_VERDICT_BATCHES) return judge_moving(e);
    if (e->batches >= LYAP_FEWEST_BATCHES && last_batches(e, e->batches).high < 0) return LYAP_CONVERGING;
    return LYAP_UNDECIDED;
}
