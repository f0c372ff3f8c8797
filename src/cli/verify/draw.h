/* Random configurations for `verify --random`: command lines, drawn with the library's counter-based generator. */
#ifndef LYAP_CLI_VERIFY_DRAW_H
#define LYAP_CLI_VERIFY_DRAW_H

#include "cli/verify/case.h"

/* Draws configuration `index` (below 2^48) of `seed`: of a command that has a task, or a known system. The case points into itself and must
 * not move. */
void cli_verify_draw(const struct cli_program *program, struct cli_verify_case *drawn, uint64_t seed, uint64_t index);

#endif
