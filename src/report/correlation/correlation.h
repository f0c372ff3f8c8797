/* C3: does a lower exponent go with a lower final loss among starts of nearly the same initial loss? The computing
 * half. */
#ifndef LYAP_REPORT_CORRELATION_CORRELATION_H
#define LYAP_REPORT_CORRELATION_CORRELATION_H

#include "report/common/sample.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

enum {
    LYAP_LOSS_CORRELATION_PANELS = 4, /* linear, sigmoid, tanh, ReLU; the paper has the three without tanh */
    LYAP_LOSS_CORRELATION_SIZES = 3,
    LYAP_LOSS_CORRELATION_RATES = 4,
    LYAP_LOSS_CORRELATION_HORIZONS = 5,
    LYAP_LOSS_CORRELATION_RUNS = 100, /* runs of the published size that the largest sample is cut into */
    LYAP_LOSS_CORRELATION_EPOCHS = 5
};
extern const enum lyap_activation lyap_loss_correlation_activation[LYAP_LOSS_CORRELATION_PANELS];
extern const double lyap_loss_correlation_rate[LYAP_LOSS_CORRELATION_RATES];
extern const uint32_t lyap_loss_correlation_horizon[LYAP_LOSS_CORRELATION_HORIZONS];

struct lyap_loss_correlation_sizes {
    size_t size[LYAP_LOSS_CORRELATION_SIZES]; /* ascending; the last is a multiple of the first */
    size_t horizon_starts;
};

/* One precision of one activation. */
struct lyap_loss_correlation_sample {
    double low[LYAP_LOSS_CORRELATION_SIZES], high[LYAP_LOSS_CORRELATION_SIZES]; /* the band */
    struct lyap_correlations inside[LYAP_LOSS_CORRELATION_SIZES], outside[LYAP_LOSS_CORRELATION_SIZES];
    size_t runs; /* of the first size, with a correlation in their own band: */
    double r[LYAP_LOSS_CORRELATION_RUNS], run_p[LYAP_LOSS_CORRELATION_RUNS], run_n[LYAP_LOSS_CORRELATION_RUNS];
    size_t opposite;           /* the sign of r is not that of the whole sample's */
    size_t positive, negative; /* with p < 0.05 */
    size_t points;             /* in the band of the middle size, for the picture: */
    double *x, *y, *z;         /* final loss, exponent, initial loss */
    double permutation_p;      /* of r at the smallest size */
    double inherited; /* Pearson's r of final and initial loss in the band of the largest size; NaN where undefined */
};

struct lyap_loss_correlation_panel {
    struct lyap_loss_correlation_sample sample[2]; /* float32, as published; float64 */
    /* Starts drawn into the band of the largest float64 sample, so that all of them count: */
    struct lyap_correlations same[LYAP_LOSS_CORRELATION_RATES]
                                 [LYAP_LOSS_CORRELATION_HORIZONS]; /* exponent and loss after as many epochs */
    struct lyap_correlations later[LYAP_LOSS_CORRELATION_RATES]
                                  [LYAP_LOSS_CORRELATION_HORIZONS]; /* and the loss after the last of them */
};

struct lyap_loss_correlation {
    struct lyap_loss_correlation_sizes sizes;
    struct lyap_loss_correlation_panel panel[LYAP_LOSS_CORRELATION_PANELS];
    size_t test[LYAP_LOSS_CORRELATION_PANELS],
        flip_test[LYAP_LOSS_CORRELATION_PANELS][LYAP_LOSS_CORRELATION_RATES][LYAP_LOSS_CORRELATION_HORIZONS];
};

/* `report` may be NULL: then nothing is told of the progress. Free in either case. */
enum lyap_status lyap_loss_correlation_run(struct lyap_loss_correlation *choice,
                                           const struct lyap_loss_correlation_sizes *sizes,
                                           const struct lyap_report_options *options, struct lyap_report *report,
                                           struct lyap_error *error);
void lyap_loss_correlation_free(struct lyap_loss_correlation *choice);

/* The work of the section, and freeing it. */
enum lyap_status lyap_loss_correlation_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_loss_correlation_release(void *state);

/* The data files, src/report/correlation/data.c. */
extern const struct lyap_schema *const lyap_loss_correlation_tables[];
enum lyap_status lyap_loss_correlation_data(struct lyap_report *report, const struct lyap_loss_correlation *state,
                                            struct lyap_error *error);

#endif
