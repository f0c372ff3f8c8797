/* The parts of the work of C1, each in a file of its own. */
#ifndef LYAP_REPORT_RATE_PARTS_H
#define LYAP_REPORT_RATE_PARTS_H

#include "report/rate/state.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/status.h"

/* The published sweep with many starts, and the onset on a finer grid: src/report/rate/sweep.c. */
enum lyap_status lyap_rate_sweep_run(struct lyap_report *report, struct lyap_rate_state *state, int panel,
                                     struct lyap_error *error);

/* Where along the grid the alive median changes its sign: src/report/rate/turns.c. */
enum lyap_status lyap_rate_turns_find(struct lyap_rate_sweep *sweep, const struct lyap_signs *signs, uint64_t seed,
                                      struct lyap_error *error);

/* The regimes over a long time: src/report/rate/regime.c. */
enum lyap_status lyap_rate_regimes_run(struct lyap_report *report, struct lyap_rate_state *state, int panel,
                                       struct lyap_error *error);

/* A series of distances that is cut where its published value (with the parent's own zero in the mean) exceeds a threshold. */
struct lyap_rate_cut {
    bool defined;        /* it exceeds it, after two distances at least: */
    double lambda, room; /* lambda_kw and ln(threshold / first distance), nats */
    uint32_t length;     /* distances before */
};
/* `escaped`: the run ended beyond the last of distance[length]. */
struct lyap_rate_cut lyap_rate_cut_at(const double *distance, uint32_t length, bool escaped, double threshold);

/* Time to overflow: src/report/rate/overflow.c. */
enum lyap_status lyap_rate_overflow_run(struct lyap_report *report, struct lyap_rate_overflow *overflow,
                                        struct lyap_error *error);

#endif
