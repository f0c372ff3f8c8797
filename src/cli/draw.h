#ifndef LYAP_CLI_DRAW_H
#define LYAP_CLI_DRAW_H

#include <stdbool.h>

#include "lyapgrad/status.h"

/* Draws <name>.gp of the directory to <name>.png and .svg where gnuplot is found; otherwise says on standard error how to,
 * unless quiet. LYAP_ERROR_INTERRUPTED after a signal, with how to go on; the tables must be complete before. */
enum lyap_status cli_draw(const char *directory, const char *name, bool quiet, struct lyap_error *error);

#endif
