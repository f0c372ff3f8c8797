/* The fixed workload behind `lyapgrad verify`: small experiments that together pass every branch of the engine. */
#ifndef LYAP_VERIFY_WORKLOAD_H
#define LYAP_VERIFY_WORKLOAD_H

#include <stdint.h>
#include <stdio.h>

#include "lyapgrad/isa.h"
#include "lyapgrad/layout.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

/* The digest of all results of the workload: every activation, loss and optimiser, batches, tangents, spectra, pairs and known
 * systems. Equal on every instruction set, any number of threads, and every
 * supported compiler; another SLEEF version may give another one. Errors as for lyap_ensemble_run. */
enum lyap_status lyap_workload_digest(enum lyap_isa isa, enum lyap_layout layout, enum lyap_precision precision,
                                      int threads, uint64_t *digest, struct lyap_error *error);

/* The digest recorded in src/verify/golden.h for this SLEEF version or, if it has none, that of the newest version there. Returns the
 * version whose digest it is. */
const char *lyap_golden_digest(const char *sleef_version, enum lyap_precision precision, uint64_t *digest);

/* Writes src/verify/golden.h anew, versions in ascending order: all recorded digests, those of this SLEEF version added or replaced
 * by `digest` (by precision). */
void lyap_golden_write(FILE *file, const char *sleef_version, const uint64_t digest[2]);

#endif
