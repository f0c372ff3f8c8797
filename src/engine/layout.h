/* Which layout a run's cells get: blocks of 16, or one network at a time. */
#ifndef LYAP_ENGINE_LAYOUT_H
#define LYAP_ENGINE_LAYOUT_H

#include "lyapgrad/ensemble.h"

/* Cells of a block, 16 or 1, for the networks of a checked plan that carry `vectors` tangents each; 0: an ensemble, a cell of which
 * may be spread over the lanes. What the plan's layout says, otherwise what is expected to be faster, or what fits the memory. */
size_t lyap_layout_width(const struct lyap_plan *plan, size_t vectors);

/* Multiply-adds of a pass from which on threads share it. */
double lyap_layout_shared_from(const struct lyap_plan *plan);

/* The threads that share the steps of a block of that width; 1: each block has a thread of its own. */
int lyap_layout_sharing(const struct lyap_plan *plan, size_t width);

#endif
