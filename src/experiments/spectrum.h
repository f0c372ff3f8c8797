/* The spectrum as a kind of experiment, and what the kinds share whose rows are a spectrum's. */
#ifndef LYAP_EXPERIMENTS_SPECTRUM_H
#define LYAP_EXPERIMENTS_SPECTRUM_H

#include "engine/kind.h"
#include "lyapgrad/spectrum.h"

/* A lyap_spectrum_sink whose context is a struct lyap_rows_target. */
enum lyap_status lyap_spectrum_to_rows(const struct lyap_spectrum_chunk *chunk, void *context,
                                       struct lyap_error *error);

/* Bytes of a row, and whether rows are the plan's: `orbit` is how many numbers a cell's orbit has, 0 for none. */
double lyap_spectrum_row_bytes(const struct lyap_spectrum_plan *plan, size_t orbit);
bool lyap_spectrum_rows_fit(const struct lyap_spectrum_plan *plan, size_t orbit, const struct lyap_row_shape *shape);

/* How many cells such a kind takes at a time: those of a block, which are never spread, in a range of `cells`. */
uint64_t lyap_spectrum_cells_at_a_time(const struct lyap_spectrum_plan *plan, struct lyap_plan cells,
                                       const struct lyap_range *range);

#endif
