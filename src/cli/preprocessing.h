/* --save-preprocessing: what another program needs to prepare the same data, as JSON (RFC 8259).
 *
 *   format        "lyapgrad preprocessing 1"
 *   data, labels, test_data, test_labels   the sources as they were given, or null
 *   samples       the number of samples in the source; they are numbered from 0 in file order, without headers, comments and blank lines
 *   skip_columns  columns at the left of the source that are no inputs: 1 for row names, else 0
 *   divide_by     255 where inputs were unsigned bytes, else 1
 *   standardised  true or false
 *   inputs        one object per input: name (or null), mean, deviation; 0 and 1 where inputs are not standardised
 *   classes       the names of the classes in the order of the targets' columns, or null
 *   train         the numbers of the samples that train
 *   held_out      those that are held out of the source
 *
 * An input is (value / divide_by - mean) / deviation in double precision, of held-out data, too. */
#ifndef LYAP_CLI_PREPROCESSING_H
#define LYAP_CLI_PREPROCESSING_H

#include <stdio.h>

#include "cli/options/data.h"

/* Writing errors stay with the stream. `data` was read with --save-preprocessing. */
void cli_preprocessing_write(FILE *file, const struct cli_data *data);

#endif
