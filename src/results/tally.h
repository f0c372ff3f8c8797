/* What a summary of many cells needs: counts by outcome and quartiles, added up in cell order in bounded memory. */
#ifndef LYAP_RESULTS_TALLY_H
#define LYAP_RESULTS_TALLY_H

#include "lyapgrad/ensemble.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/status.h"

/* Quantiles of a stream: exact while there are at most LYAP_EXACT_QUANTILES values, then from a sketch (to 0.1 %). */
enum { LYAP_EXACT_QUANTILES = 1 << 20 };
struct lyap_quantiles {
    double *values; /* [n], owned; NULL once the sketch has taken over */
    size_t n, room;
    struct lyap_sketch *sketch; /* owned */
};

/* Adds a finite value; LYAP_ERROR_MEMORY. */
enum lyap_status lyap_quantiles_add(struct lyap_quantiles *q, double value, struct lyap_error *error);

/* The quantile `p` in [0, 1] of what was added, 0 for nothing. */
double lyap_quantiles_at(struct lyap_quantiles *q, double p);

/* Frees what it owns and zeroes it. */
void lyap_quantiles_free(struct lyap_quantiles *q);

struct lyap_tally {
    uint64_t cells;
    uint64_t outcomes[LYAP_OUTCOME_COUNT];
    uint64_t measured; /* cells with an exponent that are not dead: those in the quantiles of lambda */
    uint64_t positive; /* of these, lambda_kw > 0 */
    struct lyap_quantiles lambda_kw, lambda_step, final_loss;
};

/* Adds one record; LYAP_ERROR_MEMORY. */
enum lyap_status lyap_tally_add(struct lyap_tally *tally, const struct lyap_record *record, struct lyap_error *error);

/* Cells whose distance escaped or overflowed. */
uint64_t lyap_tally_diverged(const struct lyap_tally *tally);

/* Frees what the tally owns and zeroes it, ready for the next. */
void lyap_tally_free(struct lyap_tally *tally);

#endif
