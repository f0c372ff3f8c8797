/* Quartiles of a table's columns over the cells, for the terminal's summary: names and units are those of the table's description. */
#ifndef LYAP_CLI_QUARTILES_H
#define LYAP_CLI_QUARTILES_H

#include "io/schema.h"
#include "results/tally.h"

/* The line above the rows. */
void cli_quartiles_head(void);

/* A row for the column, of a repeated one for that repetition; nothing where no value was added. */
void cli_quartiles_row(const struct lyap_column *column, size_t number, struct lyap_quantiles *values);

#endif
