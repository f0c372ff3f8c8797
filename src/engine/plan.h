/* Checks a plan before a run. */
#ifndef LYAP_ENGINE_PLAN_H
#define LYAP_ENGINE_PLAN_H

#include "lyapgrad/ensemble.h"

/* LYAP_ERROR_ARGUMENT for the first setting out of range or that does not fit another. */
enum lyap_status lyap_plan_check(const struct lyap_plan *plan, struct lyap_error *error);

/* The part of it that does not look at the network, the data and the starting points. */
enum lyap_status lyap_plan_check_numbers(const struct lyap_plan *plan, struct lyap_error *error);

/* The setting of a cell. */
const struct lyap_setting *lyap_plan_setting(const struct lyap_plan *plan, uint64_t cell);

/* Cells that a run of the plan takes: `count`, or all from first_cell on. */
uint64_t lyap_plan_cells(const struct lyap_plan *plan);

/* Updates that these cells make, as far as they can be counted: the unit of progress. */
uint64_t lyap_plan_updates(const struct lyap_plan *plan);

/* The largest number of epochs of any setting: the row length of the series. */
size_t lyap_plan_stride(const struct lyap_plan *plan);

#endif
