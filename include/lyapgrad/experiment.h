/* Experiments of every kind behind one interface: an ensemble (with the values of a sweep, too), a spectrum, a map, a bifurcation
 * diagram. Each kind's header makes one from its plan and the sink that its cells are for:
 *
 *   struct lyap_experiment e = lyap_ensemble_experiment(&plan, my_sink, my_context);
 *   lyap_experiment_run(&e, &error);
 *
 * What is done with cells whatever they are of, keeping them in a directory, going on after a stop, splitting a run and merging
 * it, takes an experiment: lyapgrad/checkpoint.h. */
#ifndef LYAPGRAD_EXPERIMENT_H
#define LYAPGRAD_EXPERIMENT_H

#include <stdint.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Opaque: what the kinds differ in. */
struct lyap_kind;

/* A plan of some kind, and who gets its cells. Made by the kind's own function; neither plan nor context is owned. */
struct lyap_experiment {
    const struct lyap_kind *kind;
    const void *plan;
    void (*sink)(void); /* of the kind's own type; NULL for an experiment that is never run or replayed to a sink */
    void *context;
};

/* "ensemble", "spectrum", "map", "bifurcation". */
const char *lyap_experiment_name(const struct lyap_experiment *experiment);

/* LYAP_ERROR_ARGUMENT for a plan that the run would refuse. */
enum lyap_status lyap_experiment_check(const struct lyap_experiment *experiment, struct lyap_error *error);

/* The number of its cells, values times starts; the plan must be one that is not refused. */
uint64_t lyap_experiment_cells(const struct lyap_experiment *experiment);

/* Its settings, lines "key = value": the version of the library and of SLEEF, and whatever a result depends on, with digests of
 * the data and of given starting points. Not the number of threads, the instruction set, max_draws, first_cell and count.
 *   more   lines of the caller's to put behind them; NULL for none
 *   text   the caller's to free; NULL after an error
 * LYAP_ERROR_ARGUMENT for a plan that the run would refuse, LYAP_ERROR_MEMORY. */
enum lyap_status lyap_experiment_settings(const struct lyap_experiment *experiment, const char *more, char **text,
                                          struct lyap_error *error);

/* Runs all cells (of an ensemble or spectrum those from first_cell on) and hands them to the sink in their order: what
 * lyap_ensemble_run, lyap_spectrum_run, lyap_map_run and lyap_bifurcation_run do. Errors as theirs. */
enum lyap_status lyap_experiment_run(const struct lyap_experiment *experiment, struct lyap_error *error);

/* Runs the cells first .. first+count-1, or with count 0 all from `first` on, whatever the plan says; a cell's results are the
 * same whichever cells run beside it. LYAP_ERROR_ARGUMENT for cells that there are not. */
enum lyap_status lyap_experiment_run_cells(const struct lyap_experiment *experiment, uint64_t first, uint64_t count,
                                           struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
