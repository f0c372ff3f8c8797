/* What the command says on standard error, and with which exit status it ends. The library prints nothing. */
#ifndef LYAP_CLI_MESSAGE_H
#define LYAP_CLI_MESSAGE_H

#include <stdbool.h>

#include "lyapgrad/status.h"

enum { EXIT_BAD_RUN = 1, EXIT_BAD_USAGE = 2 };

/* Prints "lyapgrad: ..." as one line to stderr; returns EXIT_BAD_USAGE. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
int cli_complain(const char *format, ...);

/* Prints "lyapgrad: warning: ..." as one line to stderr. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void cli_warn(const char *format, ...);

/* Prints the error and gives the exit status that belongs to it: 2 for bad input, 1 for what went wrong in the run, 128 and
 * the signal's number for an interruption. */
int cli_fail(const struct lyap_error *error);

#endif
