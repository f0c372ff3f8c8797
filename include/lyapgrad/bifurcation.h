/* The bifurcation diagram of training: where weights, outputs or the loss are after a transient, against a swept quantity,
 * and the tangent exponent there (lyapgrad/spectrum.h). Gradient descent settles in a fixed point, or as the step grows goes
 * through cycles of doubled periods to chaos, as one-dimensional maps do (R. M. May, Nature 261, 459 (1976)).
 *
 *   struct lyap_bifurcation_plan plan;
 *   lyap_bifurcation_defaults(&plan, &net, &data);
 *   plan.over = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LR, .low = 1, .high = 6};
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

#include <stdio.h>

#include "lyapgrad/axis.h"
#include "lyapgrad/orbit.h"
#include "lyapgrad/spectrum.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lyap_bifurcation_plan {
    struct lyap_spectrum_plan
        spectrum;                /* of every cell; defaults as lyap_spectrum_defaults but 5000 epochs, of which the
                                           transient is 4488: 512 points. Any number of starts, drawn or given; base.values, settings,
                                           first_cell and count stay at their defaults, the method is LYAP_TANGENT */
    struct lyap_sweep_axis over; /* no default */
    size_t values;               /* default 400, 1 .. LYAP_AXIS_MOST */
    enum lyap_orbit_kind kind;   /* default LYAP_ORBIT_WEIGHTS */
    const size_t *which;         /* [columns], not owned: the numbers that are recorded; NULL (default): all */
    size_t columns;              /* only with `which` */
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

/* Runs every cell and hands them to `sink` in their order. LYAP_ERROR_ARGUMENT for a setting out of range;
 * LYAP_ERROR_MEMORY, before any cell runs, where the points of 16 cells do not fit the machine; else as
 * lyap_spectrum_run. Bit-identical on every instruction set, for any number of threads. */
enum lyap_status lyap_bifurcation_run(const struct lyap_bifurcation_plan *plan, lyap_bifurcation_sink sink,
                                      void *context, struct lyap_error *error);

/* The plan as an experiment (lyapgrad/experiment.h) whose cells go to `sink`. */
struct lyap_experiment lyap_bifurcation_experiment(const struct lyap_bifurcation_plan *plan, lyap_bifurcation_sink sink,
                                                   void *context);

/* How many points an orbit of the plan has: the measured steps, epochs - transient. */
size_t lyap_orbit_points(const struct lyap_bifurcation_plan *plan);

/* The number of numbers that a point has: plan.columns, or all that there are. */
size_t lyap_bifurcation_columns(const struct lyap_bifurcation_plan *plan);

/* What number `column` of a point is called: "w3", "y0" or "loss"; in text[32] or a constant. */
const char *lyap_bifurcation_column(const struct lyap_bifurcation_plan *plan, size_t column, char text[32]);

/* Writes the line "show = ..." of the settings, which says what is recorded. An error stays with the file. */
void lyap_bifurcation_show(FILE *file, const struct lyap_bifurcation_plan *plan);

/* The digest extended by every bit of the chunk's cells, points and records. */
uint64_t lyap_bifurcation_digest(uint64_t digest, const struct lyap_bifurcation_chunk *chunk);

#ifdef __cplusplus
}
#endif
#endif
