/* Signals and the progress bar. The first SIGINT, SIGTERM, SIGHUP or SIGXCPU asks a run to stop, a second one ends at once;
 * SIGQUIT and what else ends a process do so at once. None leaves temporaries, but for SIGKILL. */
#ifndef LYAP_CLI_CONSOLE_H
#define LYAP_CLI_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

void cli_catch_signals(void);
bool cli_interrupted(void);
struct lyap_output_watch *cli_output_watch(void); /* what the handlers know of: for all that makes outputs */
void cli_end_deferred(void); /* at the end of a command: ends by a signal that came while files got their names */
int cli_signal_status(void); /* 128 and its number: 130, 143, 129 or 152 */

/* For lyap_plan.progress: draws a bar on a terminal that is not TERM=dumb, unless *(const bool *)context (quiet), without
 * colours where NO_COLOR is set and not empty (no-color.org); stops when a signal came. */
bool cli_progress(uint64_t done, uint64_t total, void *context);
/* cli_progress for work that is counted in shares of the whole, not in steps: the bar has no rate. */
bool cli_progress_share(uint64_t done, uint64_t total, void *context);

/* More for the bar: the number of updates done before the run began, so that the rate counts new work alone, and the
 * number of cells so far and of those that diverged. Both are reset when the bar ends. */
void cli_progress_from(uint64_t done);
void cli_progress_cells(uint64_t cells, uint64_t diverged);

/* Seconds on a clock that only runs forward. */
double cli_seconds(void);

#endif
