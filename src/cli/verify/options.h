/* The options that several commands share, drawn: data, network, optimiser, starting points. */
#ifndef LYAP_CLI_VERIFY_OPTIONS_H
#define LYAP_CLI_VERIFY_OPTIONS_H

#include "cli/verify/dice.h"

/* The options that several commands share, in this order: data, network, optimiser, then how cells
 * start, and the rest. */
void dice_data(struct dice *dice);
void dice_network(struct dice *dice);
void dice_optimiser(struct dice *dice);
void dice_start(struct dice *dice);
void dice_rate(struct dice *dice);

/* A word of the library's names. */
const char *dice_activation(struct dice *dice);
const char *dice_init(struct dice *dice, char text[48], bool *scaled);

#endif
