/* Lyapunov exponents in tangent space: the derivative of the gradient-descent map carries K tangent vectors beside each
 * parent, v <- v - lr H(w) v with the exact Hessian-vector product, and Gram-Schmidt takes off their lengths. No
 * perturbation size, no saturation, no rounding floor.
 *
 *   struct lyap_spectrum_plan plan;
 *   lyap_spectrum_defaults(&plan, &net, &data);
 *   plan.exponents = 9;
 *   lyap_spectrum_run(&plan, my_sink, my_context, &error);
 *
 * Definition. With r_k(t) the length taken off vector k at step t (the diagonal of R in QR), over the N steps that follow
 * the transient,
 *
 *   lambda_k = (1/N) sum_t ln r_k(t)       [nats per step; for lorenz nats per unit of time]
 *
 * in descending order as N grows (G. Benettin, L. Galgani, A. Giorgilli, J.-M. Strelcyn, Meccanica 15, 9 (1980);
 * I. Shimada, T. Nagashima, Prog. Theor. Phys. 61, 1605 (1979)). All P of them sum to the mean of ln|det(I - lr H)|.
 *
 * Rescaled (plan.method): two trajectories at the distance d0, the second pulled back to d0 on the line between them when
 * it leaves [d0/band, d0*band]; lambda = (1/N) sum ln(distance / distance after the last pull), the unfinished stretch at
 * the end counted (G. Benettin, L. Galgani, J.-M. Strelcyn, Phys. Rev. A 14, 2338 (1976); A. Wolf et al., Physica D 16,
 * 285 (1985)). It tends to lambda_1 as d0 -> 0, and to rounding noise when d0 nears the last place of a weight.
 *
 * Interval (95 %, over time). The measured steps are cut into B equal batches, 32 <= B < 64 (a batch doubles in length
 * whenever there would be 64), and lambda +- t(0.975, B-1) s / sqrt(B), with s the standard deviation of the batches'
 * exponents: batch means (B. Schmeiser, Oper. Res. 30, 556 (1982); G. S. Fishman, Concepts and Methods in Discrete Event
 * Digital Simulation (1973)). With until_ci the run stops at the first look at which the interval is that narrow, which makes
 * it optimistic by a little.
 *
 * What the interval covers: how much the growth rate of this one orbit fluctuates from batch to batch, if it is stationary.
 * It does not cover other starts, a transient that has not ended, nor what a longer run would settle in. There is none
 * (batches = 0) for a run too short for 8 batches, and none where nothing fluctuates: where the orbit is still, periodic or dead,
 * or lambda_1's half width is below 1e-6 |lambda_1| or makes less than 0.001 nats over the measured steps, as on a plateau or
 * on the way into a fixed point. Such a width would measure rounding or a slow drift, and look like precision.
 *
 * Kaplan-Yorke dimension (J. Kaplan, J. Yorke, Lect. Notes Math. 730, 204 (1979)), from the measured exponents in
 * descending order: j + (lambda_1 + .. + lambda_j) / |lambda_{j+1}|, j the last with a sum >= 0; 0 if lambda_1 < 0; undefined
 * (-1) when the sum of all the K measured is still >= 0 and K < P. */
#ifndef LYAPGRAD_SPECTRUM_H
#define LYAPGRAD_SPECTRUM_H

#include "lyapgrad/ensemble.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/system.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The most points of history and windows of a measurement, and steps between re-orthonormalisations. */
enum { LYAP_MOST_POINTS = 256, LYAP_MOST_QR = 1000 };

/* How the exponents are measured, a line each:
 *
 *   constant, name, what it measures in, whether it follows a second trajectory at a finite distance (one exponent; the plan's
 *   perturbation and band count) instead of tangent vectors */
#define LYAP_METHOD_LIST(X)                                                                                            \
    X(TANGENT, "tangent", "tangent space", false)                                                                      \
    X(RESCALED, "rescaled", "rescaled pairs", true)

/* In the order of the list. */
enum lyap_method { LYAP_TANGENT, LYAP_RESCALED, LYAP_METHOD_COUNT };

struct lyap_method_traits {
    const char *name, *title;
    bool pair;
};

/* The traits of a method of the enumeration. */
const struct lyap_method_traits *lyap_method_traits(enum lyap_method method);

/* What ended the measurement of a cell. */
enum lyap_stop {
    LYAP_STOP_STEPS, /* the step limit */
    LYAP_STOP_CI,    /* the interval was as narrow as until_ci asked */
    LYAP_STOP_EVENT  /* the cell diverged, or its companion merged with it */
};

/* "steps", "ci", "event". */
const char *lyap_stop_name(enum lyap_stop stop);

/* An exponent with its interval over time. */
struct lyap_exponent {
    double lambda;    /* 0 when undefined */
    double low, high; /* 95 %; both equal lambda when the cell's batches are 0 */
};

struct lyap_spectrum_record {
    uint64_t cell, value, start;
    double lr;                       /* or the system's parameter, rounded to the run's precision */
    double initial_loss, final_loss; /* of a network; 0 for a known system */
    uint64_t steps;                  /* measured, after the transient */
    uint32_t batches;                /* behind the intervals; 0: there is none */
    uint32_t period;   /* of the orbit at the end, by lyap_tail_period; 1: it stays where it is; 0: none found */
    uint32_t resolved; /* leading exponents that are defined: K, less those whose vectors were lost to
                                        rounding (contraction below the rounding error in one re-orthonormalisation) or
                                        vanished (exponent minus infinity); 0 also when no step was measured */
    double sum;        /* of the resolved exponents */
    double dimension;  /* Kaplan-Yorke; -1: undefined */
    double growth;     /* largest ln of the first tangent over its initial size, at a window's end; >= 0 */
    /* Largest eigenvalue of the Hessian of the loss, over all training data and without the penalty of a weight decay, at the
       first and at the last weights */
    double sharpness_first, sharpness_last;
    double smallest_first, smallest_last; /* smallest one; all four 0 without plan.curvature */
    int64_t target_epoch;                 /* first step before which the loss was at or below plan.target; -1: none */
    int64_t event_epoch;                  /* of the divergence or merger; -1 for none */
    enum lyap_outcome outcome;
    enum lyap_regime regime;
    enum lyap_stop stop;
};

/* A point of a cell's history: what was known after `epoch` steps. */
struct lyap_history {
    uint64_t epoch;   /* steps from the start, the transient with them */
    double loss;      /* the last measured before */
    double sharpness; /* at this point; 0 without plan.curvature */
    double smallest;
};

struct lyap_spectrum_chunk {
    uint64_t first_cell;
    size_t count, exponents;
    const struct lyap_spectrum_record *records; /* [count] */
    const struct lyap_exponent *lambda;         /* [count][exponents] */
    size_t points;                              /* room for points of history a cell */
    const uint32_t *used;                       /* [count], points a cell has */
    const struct lyap_history *history;         /* [count][points]; NULL without plan.history */
    const double *running;                      /* [count][points][exponents], the running exponents */
    const struct lyap_evaluation *evaluation; /* [count], where a cell's measurement ended; NULL unless base.evaluate */
    const double *orbit;                      /* [count][orbit_numbers], of lyapgrad/bifurcation.h; else NULL */
    size_t orbit_numbers;                     /* points times columns; 0 without an orbit */
};

typedef enum lyap_status (*lyap_spectrum_sink)(const struct lyap_spectrum_chunk *chunk, void *context,
                                               struct lyap_error *error);

struct lyap_spectrum_plan {
    struct lyap_plan base;   /* as for the ensemble; defaults differ: float64, 10,000 epochs. base.setting.epochs is the
                                  number of steps with the transient, the same for all settings; base.escape is on the
                                  loss (default 1e9); neighbours is not used, and perturbation only by LYAP_RESCALED, as
                                  d0. A known system needs no network and no data */
    enum lyap_method method; /* default LYAP_TANGENT */
    enum lyap_system system; /* default LYAP_SYSTEM_NETWORK */
    double constants[LYAP_SYSTEM_MOST]; /* of the system */
    size_t constant_count;
    const double *states; /* [starts][dimension] of a known system; NULL: uniform in the system's box */
    size_t exponents;     /* default 1, at most the dimension; 1 for LYAP_RESCALED */
    uint32_t qr_every;    /* steps between re-orthonormalisations; default 0: 10 with one exponent, whose vector has
                          only to be kept from overflowing, and 2 with more. A direction that contracts by more than
                          1e-7 a step against the first needs 1 */
    uint32_t transient;   /* default 0: steps before the measurement */
    double until_ci;      /* default 0: off; width of lambda_1's interval at which a cell is finished */
    double target;        /* default 0: off; a network's loss at or below which target_epoch is recorded */
    double growth;        /* default 10 nats: see LYAP_CHAOTIC and LYAP_TRANSIENT in lyapgrad/regime.h */
    double tolerance; /* default 1e-5, >= 0: relative difference up to which two states count as equal for a period */
    double band;      /* default 10, for LYAP_RESCALED, > 1 */
    size_t history;   /* default 0: number of points of history a cell, 0 for none */
    bool curvature;   /* default false: Hessian eigenvalues at the ends and at every point of history */
};

/* Fills `plan` with the defaults; `network` and `data` may be NULL for a known system that the caller then names. */
void lyap_spectrum_defaults(struct lyap_spectrum_plan *plan, const struct lyap_network *network,
                            const struct lyap_dataset *data);

/* Runs every cell and hands the records to `sink` in cell order on the calling thread. Errors as for
 * lyap_ensemble_run. Results are bit-identical on every instruction set, for any number of threads. */
enum lyap_status lyap_spectrum_run(const struct lyap_spectrum_plan *plan, lyap_spectrum_sink sink, void *context,
                                   struct lyap_error *error);

/* Numbers of the state that a step maps: weights and the optimiser's buffers, or a known system's state. */
size_t lyap_spectrum_dimension(const struct lyap_spectrum_plan *plan);

/* Steps between re-orthonormalisations, the default resolved. */
uint32_t lyap_spectrum_qr_every(const struct lyap_spectrum_plan *plan);

/* The plan as an experiment (lyapgrad/experiment.h) whose cells go to `sink`. */
struct lyap_experiment lyap_spectrum_experiment(const struct lyap_spectrum_plan *plan, lyap_spectrum_sink sink,
                                                void *context);

/* The digest extended by every field of a record and its exponents lambda[n] (lyapgrad/digest.h), for cells in their order. */
uint64_t lyap_digest_spectrum(uint64_t digest, const struct lyap_spectrum_record *record,
                              const struct lyap_exponent *lambda, size_t n);

#ifdef __cplusplus
}
#endif
#endif
