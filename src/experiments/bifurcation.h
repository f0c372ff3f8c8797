/* What the plan of a bifurcation diagram writes of itself. */
#ifndef LYAP_BIFURCATION_INTERNAL_H
#define LYAP_BIFURCATION_INTERNAL_H

#include <stdio.h>

#include "lyapgrad/bifurcation.h"

/* The number of numbers that a point has: plan.columns, or all there are. */
size_t lyap_bifurcation_columns(const struct lyap_bifurcation_plan *plan);

/* What a column is called: w3, y0 or loss. */
const char *lyap_bifurcation_column(const struct lyap_bifurcation_plan *plan, size_t column, char text[32]);

/* "show = " with what is recorded, a line of the settings and of the manifest. */
void lyap_bifurcation_show(FILE *keys, const struct lyap_bifurcation_plan *plan);

#endif
