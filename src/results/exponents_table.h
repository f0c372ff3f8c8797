/* The tables of a spectrum run: exponents.csv and history.csv. What is undefined is an empty field. */
#ifndef LYAP_RESULTS_EXPONENTS_TABLE_H
#define LYAP_RESULTS_EXPONENTS_TABLE_H

#include <stdio.h>

#include "io/schema.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/ensemble.h"

/* The descriptions of their columns. */
extern const struct lyap_schema lyap_exponents_schema, lyap_history_schema;

/* exponents.csv; with an evaluation its columns (results/evaluation_columns.h) too. */
void lyap_write_exponents_header(FILE *file, size_t exponents, bool evaluated);
void lyap_write_exponents(FILE *file, const struct lyap_spectrum_plan *plan, const struct lyap_spectrum_record *record,
                          const struct lyap_exponent *lambda, const struct lyap_evaluation *evaluation);

/* history.csv. */
void lyap_write_history_header(FILE *file, size_t exponents);
void lyap_write_history(FILE *file, const struct lyap_spectrum_chunk *chunk, bool curvature);

#endif
