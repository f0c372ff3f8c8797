/* C3: does a lower exponent go with a lower final loss among starts of nearly the same initial loss? The computing
 * half. */
#ifndef LYAP_REPORT_CORRELATION_CORRELATION_H
#define LYAP_REPORT_CORRELATION_CORRELATION_H

#include "lyapgrad/network.h"
#include "lyapgrad/status.h"
#include "report/common/sample.h"
#include "report/correlation/rivals.h"

enum {
    LYAP_LOSS_CORRELATION_PANELS = 4, /* linear, sigmoid, tanh, ReLU; the paper has the three without tanh */
    LYAP_LOSS_CORRELATION_SIZES = 2,  /* what the published picture shows, and what the scripts say */
    LYAP_LOSS_CORRELATION_RUNS = 100, /* runs of the published size */
    LYAP_LOSS_CORRELATION_EPOCHS = 5,
    LYAP_LOSS_CORRELATION_SHUFFLES = 2000
};
extern const enum lyap_activation lyap_loss_correlation_activation[LYAP_LOSS_CORRELATION_PANELS];
static inline bool lyap_loss_correlation_published(size_t panel) {
    return lyap_loss_correlation_activation[panel] != LYAP_TANH;
}
/* Linear and ReLU give the same bits for almost every start at the published learning rate: of the published panels two are different
 * networks. */
static inline bool lyap_loss_correlation_distinct(size_t panel) {
    return lyap_loss_correlation_published(panel) && lyap_loss_correlation_activation[panel] != LYAP_RELU;
}

struct lyap_loss_correlation_sizes {
    size_t size[LYAP_LOSS_CORRELATION_SIZES]; /* ascending */
    size_t all;    /* starts of one activation, which the runs are cut from; at least the last size */
    size_t rivals; /* starts in the band, and in the window, of the comparison with rivals */
};

/* One precision of one activation. */
struct lyap_loss_correlation_sample {
    double low[LYAP_LOSS_CORRELATION_SIZES], high[LYAP_LOSS_CORRELATION_SIZES]; /* the band */
    struct lyap_correlations inside[LYAP_LOSS_CORRELATION_SIZES];
    size_t runs; /* of the first size, with a correlation in their own band: */
    double r[LYAP_LOSS_CORRELATION_RUNS], run_p[LYAP_LOSS_CORRELATION_RUNS], run_n[LYAP_LOSS_CORRELATION_RUNS];
    size_t positive, negative; /* with p < 0.05 */
    size_t below;              /* runs with r < 0 */
    size_t points;             /* in the band of the last size: */
    double *x, *y, *z;         /* final loss, exponent, initial loss */
    double permutation_p;      /* of r at the last size */
    double inherited;          /* Pearson's r of final and initial loss there; NaN where undefined */
};

struct lyap_loss_correlation_panel {
    struct lyap_loss_correlation_sample sample[2]; /* float32, as published; float64 */
    /* Starts drawn into the band of the last size in float64, at each learning rate; and starts outside of it at the first one. */
    struct lyap_rivals inside[LYAP_RIVAL_RATES], outside;
};

struct lyap_loss_correlation {
    struct lyap_loss_correlation_sizes sizes;
    struct lyap_loss_correlation_panel panel[LYAP_LOSS_CORRELATION_PANELS];
    size_t test[LYAP_LOSS_CORRELATION_PANELS];
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
