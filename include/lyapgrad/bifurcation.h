/* The bifurcation diagram of training: where weights, outputs or the loss are after a transient, against a swept quantity,
 * and the tangent exponent there (lyapgrad/spectrum.h). Gradient descent settles in a fixed point, or as the step grows goes
 * through cycles of doubled periods to chaos, as one-dimensional maps do (R. M. May, Nature 261, 459 (1976)).
 *
 *   struct lyap_bifurcation_plan plan;
 *   lyap_bifurcation_defaults(&plan, &net, &data);
 *   plan.over = (struct lyap_map_axis){.quantity = LYAP_MAP_LR, .low = 1, .high = 6};
 *   lyap_bifurcation_run(&plan, my_sink, my_context, &error);
 *
 * Cells. Cell = value * starts + start, the starts being those of the ensemble. The swept quantity is one that a map has as
 * an axis, and takes the same values as a map of that many pixels: at the centres of `values` equal parts of the window.
 *
 * Orbit. Point k = 0 .. points-1, points = epochs - transient, is the state after transient + k updates; its loss is that
 * before the next update, with mini-batches the loss of that update's batch. Exponent, regime and period are measured over
 * these same steps, so that they describe what is drawn. A cell that diverges at any step of the run, is dead, or leaves the
 * finite numbers has no points.
 *
 * Weights and exponents are, bit for bit, those of lyap_ensemble_run and lyap_spectrum_run at the cell's setting. */
#ifndef LYAPGRAD_BIFURCATION_H
#define LYAPGRAD_BIFURCATION_H

#include "lyapgrad/map.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lyap_orbit_kind {
    LYAP_ORBIT_WEIGHTS, /* the parent's parameters, in the order of lyapgrad/network.h */
    LYAP_ORBIT_OUTPUTS, /* of all training samples: number sample * units + unit; probabilities with softmax */
    LYAP_ORBIT_LOSS     /* one number */
};

/* What is recorded of an orbit. */
struct lyap_orbit {
    enum lyap_orbit_kind kind;
    size_t points;  /* steps from the end of the transient on; transient + points <= epochs */
    size_t columns; /* numbers of a point */
    const size_t
        *which; /* [columns], not owned: the numbers that are recorded; NULL: all, columns as lyap_orbit_numbers */
};

struct lyap_bifurcation_plan {
    struct lyap_spectrum_plan
        spectrum;              /* of every cell; defaults as lyap_spectrum_defaults but 5000 epochs, of which the
                                           transient is 4488: 512 points. Any number of starts, drawn or given; base.values, settings,
                                           first_cell and count stay at their defaults, the method is LYAP_TANGENT */
    struct lyap_map_axis over; /* no default */
    size_t values;             /* default 400, 1 .. LYAP_MAP_MOST */
    enum lyap_orbit_kind kind; /* default LYAP_ORBIT_WEIGHTS */
    const size_t *which;       /* [columns], not owned: the numbers that are recorded; NULL (default): all */
    size_t columns;            /* only with `which` */
};

struct lyap_bifurcation_cell {
    size_t value;                  /* its number, 0 .. values-1 */
    uint64_t start;                /* its number */
    double at;                     /* the swept quantity */
    bool defined;                  /* the exponent is */
    struct lyap_exponent exponent; /* the largest, nats per step, with its 95 % interval over time; 0 unless defined */
    enum lyap_regime regime;
    size_t points; /* epochs - transient, or 0 */
    uint32_t
        period; /* of the state over the last steps, by lyap_tail_period with spectrum.tolerance; 1: it stays; 0: none
                            found, or no points */
    const double *orbit; /* [points][columns] */
};

/* Cells in their order, with the records behind them. */
struct lyap_bifurcation_chunk {
    uint64_t first_cell;
    size_t count, columns;                     /* columns: as many numbers as a point has */
    const struct lyap_bifurcation_cell *cells; /* [count] */
    const struct lyap_spectrum_chunk
        *spectrum; /* the same cells; record.lr is 1 where layers have rates of their own */
};

/* A non-zero return ends the run with that status. Called on the calling thread. */
typedef enum lyap_status (*lyap_bifurcation_sink)(const struct lyap_bifurcation_chunk *chunk, void *context,
                                                  struct lyap_error *error);

/* Fills `plan` with the defaults for `network` and `data`, which are not owned; `over` is the caller's to set. */
void lyap_bifurcation_defaults(struct lyap_bifurcation_plan *plan, const struct lyap_network *network,
                               const struct lyap_dataset *data);

/* How many numbers of a kind there are: parameters, samples times output units, or 1. */
size_t lyap_orbit_numbers(enum lyap_orbit_kind kind, const struct lyap_network *network,
                          const struct lyap_dataset *data);

/* Runs every cell and hands them to `sink` in their order. LYAP_ERROR_ARGUMENT for a setting out of range;
 * LYAP_ERROR_MEMORY, before any cell runs, where the points of 16 cells a thread do not fit the machine; else as
 * lyap_spectrum_run. Bit-identical on every instruction set, for any number of threads. */
enum lyap_status lyap_bifurcation_run(const struct lyap_bifurcation_plan *plan, lyap_bifurcation_sink sink,
                                      void *context, struct lyap_error *error);

/* Runs the cells of a spectrum plan of a network, with its own list of settings, and records the orbit of every cell,
 * to chunk.orbit[count][points][columns]: point k is the state after transient + k updates, NaN from the step on at
 * which a cell diverged. For what no axis sweeps; a diagram is lyap_bifurcation_run. Errors as for lyap_spectrum_run;
 * LYAP_ERROR_ARGUMENT also for points or columns out of range; LYAP_ERROR_MEMORY, before any cell runs, where the points
 * do not fit the machine. Bit-identical on every instruction set, for any number of threads. */
enum lyap_status lyap_orbits_run(const struct lyap_spectrum_plan *plan, const struct lyap_orbit *orbit,
                                 lyap_spectrum_sink sink, void *context, struct lyap_error *error);

/* How many points an orbit of the plan has: the measured steps, epochs - transient. */
size_t lyap_orbit_points(const struct lyap_bifurcation_plan *plan);

/* The digest extended by every bit of the chunk's cells, points and records. */
uint64_t lyap_bifurcation_digest(uint64_t digest, const struct lyap_bifurcation_chunk *chunk);

#ifdef __cplusplus
}
#endif
#endif
