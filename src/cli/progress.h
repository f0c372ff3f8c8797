/* The progress bar, on a terminal that is not TERM=dumb, unless the command is quiet; without colours where NO_COLOR is set and not empty
 * (no-color.org). A thread of its own draws it, so that it is there when a step takes long. */
#ifndef LYAP_CLI_PROGRESS_H
#define LYAP_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* What is done before there are updates to count: "reading the data". The bar appears half a second after the first one. */
void cli_progress_phase(bool quiet, const char *phase);

/* For lyap_plan.progress: *(const bool *)context is quiet. Takes the bar away when all is done or a signal came; returns false when a signal
 * came. */
bool cli_progress(uint64_t done, uint64_t total, void *context);
/* cli_progress for work that is counted in shares of the whole, not in steps: the bar has no rate. */
bool cli_progress_share(uint64_t done, uint64_t total, void *context);

/* More for the bar: the number of updates done before the run began, so that the rate counts new work alone, and the
 * number of cells so far and of those that diverged. Both are reset when the bar ends. */
void cli_progress_from(uint64_t done);
void cli_progress_cells(uint64_t cells, uint64_t diverged);

/* Says which part of the command the next run is: what was done before it, and what it does, each as a share of the whole by its expected
 * time. Until cli_progress_end reports are of the part, and the bar and its time left of the whole. */
void cli_progress_part(double before, double share);

/* Takes the bar away, before anything else is printed, and ends its thread. */
void cli_progress_end(void);

#endif
