/* J: is training fastest at the onset of positive exponents? After P. Jimenez-Gonzalez, M. Soriano, L. Lacasa,
 * "Leveraging chaotic transients in the training of artificial neural networks", arXiv 2506.08523, whose network and
 * protocol are made small here. The computing half. */
#ifndef LYAP_REPORT_NEIGHBOURING_NEIGHBOURING_H
#define LYAP_REPORT_NEIGHBOURING_NEIGHBOURING_H

#include "report/common/sample.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/status.h"

enum {
    LYAP_NEIGHBOURING_CASES = 3,
    LYAP_NEIGHBOURING_RATES = 16,
    LYAP_NEIGHBOURING_MEASURED = 201,
    LYAP_NEIGHBOURING_RESAMPLES = 300
};

struct lyap_neighbouring_result {
    size_t starts;
    uint32_t epochs;
    double target; /* the loss that ends the training */
    double lr[LYAP_NEIGHBOURING_RATES];
    double q25[LYAP_NEIGHBOURING_RATES], median[LYAP_NEIGHBOURING_RATES],
        q75[LYAP_NEIGHBOURING_RATES];     /* nats per step */
    double time[LYAP_NEIGHBOURING_RATES]; /* median updates to the target; NaN where half the starts do not reach it */
    double time25[LYAP_NEIGHBOURING_RATES], time75[LYAP_NEIGHBOURING_RATES];
    double reached[LYAP_NEIGHBOURING_RATES]; /* share of starts */
    /* Learning rates, by bootstrap over the starts: of the shortest median time; where the median exponent turns
     * positive; where it is above one nat over the measured epochs, more than a plateau's drift; the first over the
     * last of these. */
    struct lyap_estimate fastest, positive, onset, sure, ratio; /* sure: ten nats, beyond any saddle */
    double *step,
        *taken; /* [rates][starts]: exponents, NaN where undefined; updates to the target, NaN: never. Owned */
};
void lyap_neighbouring_free(struct lyap_neighbouring_result *result);

struct lyap_neighbouring {
    struct lyap_neighbouring_result result[LYAP_NEIGHBOURING_CASES];
};

extern const struct lyap_subject lyap_neighbouring_subject[LYAP_NEIGHBOURING_CASES];

/* The last place at which median[n] passes `level` from below, on a line over ln lr: the onset of the band at high
 * rates, not a sign that wavers round 0 at low ones. NaN without one; a band that has no place below it begins at the
 * first lr. */
double lyap_onset(const double *lr, const double *median, size_t n, double level);

enum lyap_status lyap_neighbouring_run(struct lyap_neighbouring_result *result, const struct lyap_subject *subject,
                                       size_t starts, uint32_t epochs, const struct lyap_report_options *options,
                                       struct lyap_report *report, struct lyap_error *error);

/* The work of the section, and freeing it. */
enum lyap_status lyap_neighbouring_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_neighbouring_release(void *state);

/* The data files, src/report/neighbouring/data.c. */
extern const struct lyap_schema *const lyap_neighbouring_tables[];
enum lyap_status lyap_neighbouring_data(struct lyap_report *report, const struct lyap_neighbouring *state,
                                        struct lyap_error *error);

#endif
