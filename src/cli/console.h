/* Signals and time. The first SIGINT, SIGTERM, SIGHUP or SIGXCPU asks a run to stop, a second one ends at once;
 * SIGQUIT and what else ends a process do so at once. None leaves temporaries, but for SIGKILL. */
#ifndef LYAP_CLI_CONSOLE_H
#define LYAP_CLI_CONSOLE_H

#include <stdbool.h>

void cli_catch_signals(void);
bool cli_interrupted(void);
struct lyap_output_watch *cli_output_watch(void); /* what the handlers know of: for all that makes outputs */
void cli_end_deferred(void); /* at the end of a command: ends by a signal that came while files got their names */
int cli_signal_status(void); /* 128 and its number: 130, 143, 129 or 152 */

/* Seconds on a clock that only runs forward. */
double cli_seconds(void);

#endif
