/* What the results of a plan depend on, a line "key = value" each. */
#ifndef LYAP_ENGINE_SETTINGS_H
#define LYAP_ENGINE_SETTINGS_H

#include <stdio.h>

#include "lyapgrad/spectrum.h"

/* The plan of an ensemble, and of a spectrum with what it has besides; the estimator's name comes first. */
void lyap_settings_ensemble(FILE *keys, const struct lyap_plan *plan);
void lyap_settings_spectrum(FILE *keys, const struct lyap_spectrum_plan *plan);

#endif
