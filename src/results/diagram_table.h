/* The tables of a bifurcation diagram: bifurcation.csv and its exponents.csv. */
#ifndef LYAP_RESULTS_DIAGRAM_TABLE_H
#define LYAP_RESULTS_DIAGRAM_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "io/schema.h"
#include "lyapgrad/bifurcation.h"

extern const struct lyap_schema lyap_diagram_schema, lyap_diagram_exponents_schema;

/* bifurcation.csv for points of `columns` numbers: the head, and a row for every point of a cell. */
void lyap_write_diagram_header(FILE *file, const struct lyap_bifurcation_plan *plan, size_t columns);
void lyap_write_diagram(FILE *file, const struct lyap_bifurcation_plan *plan, size_t columns,
                        const struct lyap_bifurcation_cell *cell);

/* exponents.csv; without an `interval` its ends are empty. */
void lyap_write_diagram_exponents_header(FILE *file);
void lyap_write_diagram_exponent(FILE *file, const struct lyap_bifurcation_cell *cell, bool interval);

#endif
