/* What a bifurcation diagram's run and its checkpoint share: its cells are those of a varied spectrum run with orbits. */
#ifndef LYAP_BIFURCATION_INTERNAL_H
#define LYAP_BIFURCATION_INTERNAL_H

#include "lyapgrad/bifurcation.h"

/* LYAP_ERROR_ARGUMENT as for lyap_bifurcation_run. */
enum lyap_status lyap_bifurcation_check(const struct lyap_bifurcation_plan *plan, struct lyap_error *error);

/* The plan of the cells, with its values. What varies from cell to cell is not in it. */
struct lyap_spectrum_plan lyap_bifurcation_cells(const struct lyap_bifurcation_plan *plan);

/* How many numbers a point has: plan.columns, or all there are. */
size_t lyap_bifurcation_columns(const struct lyap_bifurcation_plan *plan);

/* Runs cells first .. first+count-1 (count 0: all from `first` on). Statuses as lyap_bifurcation_run. */
enum lyap_status lyap_bifurcation_spectra(const struct lyap_bifurcation_plan *plan, uint64_t first, uint64_t count,
                                          lyap_spectrum_sink sink, void *context, struct lyap_error *error);

/* Between spectra with orbits and a diagram's sink; the context of lyap_bifurcation_pass. Zero but for the first three; free
 * `cells`. */
struct lyap_bifurcation_passing {
    const struct lyap_bifurcation_plan *plan;
    lyap_bifurcation_sink sink;
    void *context;
    struct lyap_bifurcation_cell *cells;
    size_t room;
};
enum lyap_status lyap_bifurcation_pass(const struct lyap_spectrum_chunk *chunk, void *context,
                                       struct lyap_error *error);

#endif
