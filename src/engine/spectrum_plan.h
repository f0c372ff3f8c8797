/* Checks a spectrum's plan before a run. */
#ifndef LYAP_ENGINE_SPECTRUM_PLAN_H
#define LYAP_ENGINE_SPECTRUM_PLAN_H

#include "lyapgrad/spectrum.h"

/* LYAP_ERROR_ARGUMENT for the first setting out of range or that does not fit another. */
enum lyap_status lyap_spectrum_check(const struct lyap_spectrum_plan *plan, struct lyap_error *error);

#endif
