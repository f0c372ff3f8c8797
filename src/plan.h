/* Checks a plan before a run. */
#ifndef LYAP_PLAN_H
#define LYAP_PLAN_H

#include "lyapgrad/ensemble.h"

/* LYAP_ERROR_ARGUMENT for the first setting out of range or that does not fit another. */
enum lyap_status lyap_plan_check(const struct lyap_plan *plan, struct lyap_error *error);

/* The part of it that does not look at the network, the data and the starting points. */
enum lyap_status lyap_plan_check_numbers(const struct lyap_plan *plan, struct lyap_error *error);

#endif
