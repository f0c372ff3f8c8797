/* C3: does a lower exponent go with a lower final loss among starts of nearly the same initial loss? The computing half. */
#ifndef LYAP_REPORT_CHOICE_H
#define LYAP_REPORT_CHOICE_H

#include "report/common/sample.h"

enum {
    LYAP_CHOICE_PANELS = 4, /* linear, sigmoid, tanh, ReLU; the paper has the three without tanh */
    LYAP_CHOICE_SIZES = 3,
    LYAP_CHOICE_RATES = 4,
    LYAP_CHOICE_HORIZONS = 5,
    LYAP_CHOICE_RUNS = 100, /* runs of the published size that the largest sample is cut into */
    LYAP_CHOICE_EPOCHS = 5
};
extern const enum lyap_activation lyap_choice_activation[LYAP_CHOICE_PANELS];
extern const double lyap_choice_rate[LYAP_CHOICE_RATES];
extern const uint32_t lyap_choice_horizon[LYAP_CHOICE_HORIZONS];

struct lyap_choice_sizes {
    size_t size[LYAP_CHOICE_SIZES]; /* ascending; the last is a multiple of the first */
    size_t horizon_starts;
};

/* One precision of one activation. */
struct lyap_choice_sample {
    double low[LYAP_CHOICE_SIZES], high[LYAP_CHOICE_SIZES]; /* the band */
    struct lyap_correlations inside[LYAP_CHOICE_SIZES], outside[LYAP_CHOICE_SIZES];
    size_t runs; /* of the first size, with a correlation in their own band: */
    double r[LYAP_CHOICE_RUNS], run_p[LYAP_CHOICE_RUNS], run_n[LYAP_CHOICE_RUNS];
    size_t opposite;           /* the sign of r is not that of the whole sample's */
    size_t positive, negative; /* with p < 0.05 */
    size_t points;             /* in the band of the middle size, for the picture: */
    double *x, *y, *z;         /* final loss, exponent, initial loss */
    double permutation_p;      /* of r at the smallest size */
    double inherited; /* Pearson's r of final and initial loss in the band of the largest size; NaN where undefined */
};

struct lyap_choice_panel {
    struct lyap_choice_sample sample[2]; /* float32, as published; float64 */
    /* Starts drawn into the band of the largest float64 sample, so that all of them count: */
    struct lyap_correlations same[LYAP_CHOICE_RATES][LYAP_CHOICE_HORIZONS]; /* exponent and loss after as many epochs */
    struct lyap_correlations later[LYAP_CHOICE_RATES][LYAP_CHOICE_HORIZONS]; /* and the loss after the last of them */
};

struct lyap_choice {
    struct lyap_choice_sizes sizes;
    struct lyap_choice_panel panel[LYAP_CHOICE_PANELS];
    size_t test[LYAP_CHOICE_PANELS], flip_test[LYAP_CHOICE_PANELS][LYAP_CHOICE_RATES][LYAP_CHOICE_HORIZONS];
};

/* `report` may be NULL: then nothing is told of the progress. Free in either case. */
enum lyap_status lyap_choice_run(struct lyap_choice *choice, const struct lyap_choice_sizes *sizes,
                                 const struct lyap_report_options *options, struct lyap_report *report,
                                 struct lyap_error *error);
void lyap_choice_free(struct lyap_choice *choice);

/* The work of the section, and freeing it. */
enum lyap_status lyap_choice_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_choice_release(void *state);

/* The data files, src/report/correlation/data.c. */
extern const struct lyap_schema *const lyap_choice_tables[];
enum lyap_status lyap_choice_data(struct lyap_report *report, const struct lyap_choice *state,
                                  struct lyap_error *error);

#endif
