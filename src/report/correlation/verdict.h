/* The verdicts of C3 on the paper's claim, and the steps towards it. */
#ifndef LYAP_REPORT_CORRELATION_VERDICT_H
#define LYAP_REPORT_CORRELATION_VERDICT_H

#include "report/correlation/correlation.h"
#include "report/frame/report.h"

/* Fixed in advance: the correlation that counts, about a tenth of the variance; one that has a sign; the share of runs in which a relation that
 * can be seen is seen. */
#define LYAP_C3_COUNTS 0.3
#define LYAP_C3_SIGN 0.1
#define LYAP_C3_POWER 0.8

/* What one of the published networks says at the published setting. */
struct lyap_c3_network {
    struct lyap_estimate band;  /* Pearson's r of exponent and final loss in the band, as published */
    struct lyap_estimate equal; /* rank correlation at equal initial loss */
    struct lyap_estimate given; /* and at equal gradient */
};

struct lyap_c3_network lyap_c3_network_of(const struct lyap_loss_correlation *choice, size_t panel);

/* Holds: r counts in the band and at equal initial loss in every network. In part: in one of them it counts in the band or at equal initial loss,
 * whatever explains it. Does not hold: neither in any. Cannot be told: intervals that reach over the limit, or numbers
 * that are not there. */
enum lyap_verdict lyap_c3_verdict(const struct lyap_c3_network *network, size_t count);

/* Whether the sign of r[n] changes: an interval above LYAP_C3_SIGN and another one below minus that. */
bool lyap_c3_changes_sign(const struct lyap_estimate *r, size_t n);

/* The series of the hybrid at equal initial loss over the horizons, to r[LYAP_RIVAL_HORIZONS]. */
void lyap_c3_series(const struct lyap_rivals *rivals, struct lyap_estimate *r);

/* Hands in C3, C3b and C3c, and the rows of the figure of all effects. */
void lyap_c3_judge(struct lyap_report *report, const struct lyap_loss_correlation *choice);

#endif
