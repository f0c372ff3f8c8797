/* What the parts of the benchmark share. */
#ifndef LYAP_BENCH_H
#define LYAP_BENCH_H

#include <stdbool.h>

#include "lyapgrad/lyapgrad.h"

/* Times a step of 2-2-1 with `vectors` tangent vectors, logarithms and re-orthonormalisation included, on every instruction
 * set, beside the gradient step in the same run. False when bits differ from the scalar path or the exponents from the
 * reference; then nothing is timed. */
bool bench_tangent(const struct lyap_dataset *data, enum lyap_activation activation, enum lyap_precision precision,
                   size_t vectors, unsigned qr_every, int repetitions);

#endif
