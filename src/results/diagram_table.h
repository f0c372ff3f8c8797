/* The tables of a bifurcation diagram: bifurcation.csv and its exponents.csv. */
#ifndef LYAP_DIAGRAM_TABLE_H
#define LYAP_DIAGRAM_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "io/schema.h"
#include "lyapgrad/bifurcation.h"

extern const struct lyap_schema lyap_diagram_schema, lyap_diagram_exponents_schema;

/* The name of a number that the plan records: w3, y0, loss; to text[size], which is returned. `column` is below the
 * columns of a point. */
const char *lyap_diagram_column_name(const struct lyap_bifurcation_plan *plan, size_t column, char *text, size_t size);

/* bifurcation.csv for points of `columns` numbers: the head, and a row for every point of a cell. */
void lyap_write_diagram_header(FILE *file, const struct lyap_bifurcation_plan *plan, size_t columns);
void lyap_write_diagram(FILE *file, const struct lyap_bifurcation_plan *plan, size_t columns,
                        const struct lyap_bifurcation_cell *cell);

/* exponents.csv; without an `interval` its ends are empty. */
void lyap_write_diagram_exponents_header(FILE *file);
void lyap_write_diagram_exponent(FILE *file, const struct lyap_bifurcation_cell *cell, bool interval);

#endif
