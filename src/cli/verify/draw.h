/* Random configurations for `verify --random`: command lines, drawn with the library's counter-based generator. */
#ifndef LYAP_CLI_VERIFY_DRAW_H
#define LYAP_CLI_VERIFY_DRAW_H

#include "cli/verify/case.h"

/* Draws configuration `index` (below 2^48) of `seed`. The case points into itself and must not move. */
void cli_verify_draw(struct cli_verify_case *drawn, uint64_t seed, uint64_t index);

#endif
