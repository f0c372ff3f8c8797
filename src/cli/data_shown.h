/* What was read from files, in one or two lines, and warnings about it. */
#ifndef LYAP_CLI_DATA_SHOWN_H
#define LYAP_CLI_DATA_SHOWN_H

#include <stddef.h>

#include "cli/options/data.h"

/* Prints samples, inputs, targets or classes with their numbers, the form of the files, and what is held out, to standard output; then
 * warnings, each in a line, to standard error. Nothing for generated data. Takes the progress bar away first. */
void cli_data_print(const struct cli_data *data);

/* "CSV, header, delimiter ';', decimal comma" in text[size]. Returns it. */
const char *cli_form_text(const struct lyap_file_form *form, char *text, size_t size);

#endif
