/* What most files of the command need: the library, messages, the console, and options. */
#ifndef LYAP_CLI_CLI_H
#define LYAP_CLI_CLI_H

#include "cli/command.h"
#include "cli/console.h"
#include "cli/message.h"
#include "cli/options/common.h"
#include "cli/options/values.h"
#include "cli/progress.h"

#endif
