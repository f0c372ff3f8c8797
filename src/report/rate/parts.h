/* The parts of the work of C1, each in a file of its own. */
#ifndef LYAP_REPORT_RATE_PARTS_H
#define LYAP_REPORT_RATE_PARTS_H

#include "report/rate/state.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/status.h"

/* The published sweep with many starts, and the onset on a finer grid: src/report/rate/sweep.c. The regimes over a long
 * time: src/report/rate/regime.c. */
enum lyap_status lyap_rate_sweep_run(struct lyap_report *report, struct lyap_rate_state *state, int panel,
                                     struct lyap_error *error);
enum lyap_status lyap_rate_regimes_run(struct lyap_report *report, struct lyap_rate_state *state, int panel,
                                       struct lyap_error *error);

/* The onset against the edge of stability: src/report/rate/edge.c. From exponents over plan->setting.epochs steps in
 * float64 (network, data, starts and precision as in `plan`). */
enum lyap_status lyap_edge_run(struct lyap_edge *edge, const struct lyap_plan *plan, double low, double high,
                               struct lyap_error *error);
void lyap_edge_free(struct lyap_edge *edge);

#endif
