/* Checks a spectrum's plan before a run. */
#ifndef LYAP_SPECTRUM_PLAN_H
#define LYAP_SPECTRUM_PLAN_H

#include "lyapgrad/spectrum.h"

enum { LYAP_MOST_POINTS = 256 /* of history, and windows of the measurement */, LYAP_MOST_QR = 1000 };

/* LYAP_ERROR_ARGUMENT for the first setting out of range or that does not fit another. */
enum lyap_status lyap_spectrum_check(const struct lyap_spectrum_plan *plan, struct lyap_error *error);

/* Numbers of the state that a step maps: weights and the optimiser's buffers, or a known system's state. */
size_t lyap_spectrum_dimension(const struct lyap_spectrum_plan *plan);

/* Steps between re-orthonormalisations, the default resolved. */
uint32_t lyap_spectrum_qr_every(const struct lyap_spectrum_plan *plan);

#endif
