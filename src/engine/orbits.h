/* Checks a request to record orbits. */
#ifndef LYAP_ENGINE_ORBITS_H
#define LYAP_ENGINE_ORBITS_H

#include "lyapgrad/orbit.h"

/* LYAP_ERROR_ARGUMENT for an unknown kind, no column, or the number of a column that the network of `base` does not have. */
enum lyap_status lyap_orbit_check(const struct lyap_orbit *orbit, const struct lyap_plan *base,
                                  struct lyap_error *error);

#endif
