/* A known system, drawn: its parameters, and how it is measured. */
#ifndef LYAP_CLI_VERIFY_SYSTEM_H
#define LYAP_CLI_VERIFY_SYSTEM_H

#include "cli/verify/dice.h"

void dice_system(struct dice *dice);

#endif
