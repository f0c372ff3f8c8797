/* The regime of a trajectory: what kind of dynamics a finite run shows. `run`, `spectrum`, `map`, `bifurcation`, `select` and
 * the report take it from lyap_regime_of, so that one word has one meaning everywhere.
 *
 * Evidence. The measured steps (those after the transient) are looked at in W <= 256 windows of equal length, whose growth
 * is also summed in B equal batches, 32 <= B < 64 where the run is long enough (lyapgrad/spectrum.h). Of every window the
 * largest |weight| is known (from 512 looks in the measured steps, with until_ci 4096, or each step where there are fewer),
 * and of the late ones the number of steps at which the loss rose, by more than 1e-10 of itself (float32: 2e-6). The last 128
 * steps or more (all, where fewer are measured) are the tail: the largest difference of a weight from the tail's first state
 * is known after each of its steps. For a known system read "component of the state" for weight. "The last third" is the last
 * floor(B/3) batches, or floor(W/3) windows. The exponent is "positive over" some batches if the lower end of the 95 %
 * interval of their mean is above 0.
 *
 * Rules, the first that applies:
 *
 *   diverged    The loss (of a known system the squared length of the state) exceeded plan.escape or left the finite
 *               numbers, or the growth of a tangent did.
 *   dead        The gradient of the loss and all its derivatives along the tangents (of rescaled pairs the gradients of both)
 *               were exactly zero at the last step, and with mini-batches over the whole training set after it too. A
 *               weight decay and what an optimiser remembers may still move the weights.
 *   still       Through the whole tail no weight differs from its value at the tail's start by more than 1e-10 (float32:
 *               2e-6) times max(1, largest |weight|). A negative exponent then means a stable fixed point, an exponent of 0
 *               a flat one. A positive exponent means an unstable point at which rounding holds the orbit: it is
 *               ln|1 - lr * sharpness| there, and no sign of chaos.
 *   periodic    The tail repeats every 2 .. 64 steps: each state a multiple of the period after the tail's first one is
 *               within plan.tolerance (1e-5) times max(1, largest |weight|) of it, and within a tenth of the distance of
 *               every state that is fewer steps away than the period. (The latter keeps out an orbit that falls
 *               into a point from side to side, and one that drifts while it cycles.)
 *   converging  Fewer than 24 batches, and the upper end of the interval of all of them is below 0; or the tangent was
 *               lost to contraction.
 *   undecided   Fewer than 24 batches otherwise: a third of them gives no verdict.
 *   unbounded   The exponent is positive, all the time, and the loss rises (all three as for chaotic), and the weights grow
 *               without a limit in sight: the largest |weight| between the steps 2^b and 2^(b+1) grows at least as t^(1/2)
 *               over the last 5 to 8 doublings of the step number t since the start (least squares of the logarithms), by a
 *               factor of 2 or more over the last two, and by more than 10 % from the middle third to the last.
 *   chaotic     All of these hold. The exponent is positive over the last two thirds and over the last third. The last third
 *               grows by more than plan.growth (10) nats, and each of eight equal parts of the last two thirds by more than a
 *               twentieth of that, so that no single burst makes the sum. The orbit is bounded: the largest |weight| of the
 *               last third is at most 1.1 times that of the middle third, and does not grow as t^(1/2) by the fit above; the
 *               loss, a continuous function of the weights, is then bounded too. The orbit moves and has no period, by the
 *               rules above. The loss rises at some step of the last twelfth (at least 8 windows): a loss that always falls
 *               leads to a fixed point, whatever grows on the way (J. LaSalle, IRE Trans. Circuit Theory 7, 520 (1960)).
 *   transient   At some window's end since the first step the first tangent was more than plan.growth nats above its initial
 *               length, but over the last third it grows by less than 1 nat, or the loss always falls: the growth was for a
 *               time, or pauses.
 *   converging  The upper end of the interval over the last two thirds is below 0.
 *   neutral     The interval over the last two thirds holds 0, and the tangent never grew by plan.growth nats; or the last
 *               third grows by less than 1 nat while the loss always falls: a plateau.
 *   undecided   What is left: a positive exponent over steps too few for plan.growth nats, growth that comes in bursts, or
 *               weights of which it is unclear whether they grow. A longer run decides.
 *
 * What a regime does not say. It describes this run. Chaos is a statement about infinite time: an orbit that is chaotic for the
 * whole run and settles later is called chaotic; only a longer run shows that it settles. The reverse happens too: an adaptive
 * optimiser can leave a point at which it was still, and chaos can pause on a plateau. Bounded is meant over the run, too:
 * chaos that drifts along a flat direction as slowly as ln t counts as bounded. */
#ifndef LYAPGRAD_REGIME_H
#define LYAPGRAD_REGIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lyap_regime {
    LYAP_NEUTRAL,
    LYAP_CONVERGING,
    LYAP_TRANSIENT,
    LYAP_CHAOTIC,
    LYAP_DEAD_REGIME,
    LYAP_DIVERGED,
    LYAP_STILL,
    LYAP_PERIODIC,
    LYAP_UNBOUNDED,
    LYAP_UNDECIDED,
    LYAP_REGIME_COUNT
};

/* "neutral", "converging", "transient", "chaotic", "dead", "diverged", "still", "periodic", "unbounded", "undecided";
 * "unknown" for no regime. */
const char *lyap_regime_name(enum lyap_regime regime);

enum {
    LYAP_MOST_PERIOD = 64,
    LYAP_TAIL = 2 * LYAP_MOST_PERIOD, /* steps whose states are compared, at least, where as many are measured */
    LYAP_VERDICT_BATCHES = 24,        /* fewest for a verdict on the last third */
    LYAP_MOST_DOUBLINGS = 32
};

/* What lyap_regime_of looks at. Nothing is owned. */
struct lyap_regime_evidence {
    enum lyap_outcome outcome;
    bool alive;            /* some derivative was not zero at the last step */
    bool ended;            /* the run was ended by an event, so that it has no tail */
    uint64_t steps;        /* measured */
    uint32_t resolved;     /* 0: the first tangent was lost to contraction */
    double growth;         /* plan.growth, nats */
    double peak;           /* largest ln of the first tangent over its initial length, at a look since step 0 */
    const double *batch;   /* [batches], ln growth of the first tangent in equal batches, in order of time */
    size_t batches;        /* <= LYAP_MOST_BATCHES */
    const double *extent;  /* [windows], largest |weight| in each window */
    const uint32_t *rises; /* [windows], steps in each at which the loss rose; NULL for a known system */
    size_t windows;        /* <= 256 */
    const double *reach;   /* [doublings], largest |weight| at a look between the steps 2^b and 2^(b+1) since the start;
                              negative where there was none */
    size_t doublings;      /* <= LYAP_MOST_DOUBLINGS; of the last one at least half of the steps are there */
    const double *tail;    /* [tail_steps], largest |w(t) - w(t0)| for t = t0 + 1 .. */
    size_t tail_steps;
    double size;      /* largest |weight| at the tail's start */
    double still;     /* relative difference up to which the orbit is still: lyap_still_tolerance */
    double tolerance; /* plan.tolerance */
};

/* 1e-10 for float64, 2e-6 (16 units in the last place) for float32. */
double lyap_still_tolerance(enum lyap_precision precision);

/* The smallest p in 1 .. LYAP_MOST_PERIOD, 2 p <= n, such that tail[k p - 1] <= tolerance for all k p <= n, and also <=
 * tail[j - 1] / 10 for all j < p; 0 for none. tail[n] as in the evidence; 1 means that the orbit stays within the tolerance. */
uint32_t lyap_tail_period(const double *tail, size_t n, double tolerance);

/* The regime by the rules above. */
enum lyap_regime lyap_regime_of(const struct lyap_regime_evidence *evidence);

#ifdef __cplusplus
}
#endif
#endif
