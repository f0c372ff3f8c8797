/* N: which numbers are rounding? float32 against float64 against tangent space on the same starts. The computing half.
 */
#ifndef LYAP_REPORT_PRECISION_PRECISION_H
#define LYAP_REPORT_PRECISION_PRECISION_H

#include "report/common/numbers.h"
#include "report/common/sample.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

enum {
    LYAP_PRECISION_PANELS = 4,
    LYAP_PRECISION_RATES = 2,
    LYAP_PRECISION_SIZES = 5,
    LYAP_PRECISION_DIRECTIONS = 8, /* tangents a start, beside 24 neighbours */
    LYAP_PRECISION_EPOCHS = 100,
    LYAP_PRECISION_PUBLISHED = 64,
    LYAP_PRECISION_HORIZONS = 2,     /* of the ranks: the published one, and LYAP_PRECISION_EPOCHS */
    LYAP_PRECISION_PUBLISHED_AT = 2, /* which of the perturbations is the published one */
    LYAP_PRECISION_RESAMPLES = 400
};
extern const enum lyap_activation lyap_precision_activation[LYAP_PRECISION_PANELS];
extern const double lyap_precision_rate[LYAP_PRECISION_RATES], lyap_precision_size[LYAP_PRECISION_SIZES];
extern const uint32_t lyap_precision_horizon[LYAP_PRECISION_HORIZONS];

/* Exponents a step of the same starts, at one perturbation. */
struct lyap_precision_cell {
    size_t n;        /* starts for which both are defined */
    double weights;  /* mean Euclidean length of the starting weights */
    double distance; /* mean initial distance of a neighbour */
    double rounding; /* 2^-24 weights / distance: what one rounding of the weights does to the distance, at most */
    double signal;   /* median size of the float64 exponent */
    double step_signal, step_noise;            /* the same two of a single step, ln(d(1)/d(0)) */
    double noise;                              /* root mean square of float32 less float64 */
    struct lyap_estimate bias;                 /* mean of float32 less float64 */
    struct lyap_estimate between;              /* correlation of the two precisions */
    struct lyap_estimate tangent32, tangent64; /* with the mean over the tangent directions */
    double tangent_bias32, tangent_bias64;     /* mean of each less the tangents' */
    struct lyap_estimate same_sign;            /* share of starts */
};

/* A number of the paper, between the float32 and float64 exponents of many starts with its settings. */
struct lyap_precision_number {
    struct lyap_report_published published;
    size_t n;
    double noise95;         /* of |float32 - float64|, 95 % of the starts are below */
    double low[2], high[2]; /* central 95 % of the float32, float64 exponents */
    bool rounding;          /* the published size is not above twice noise95: half of it or more may be rounding */
    bool only_float32;      /* within the float32 range, outside the float64 range */
};

/* The published ranking of starts: learning rate 0.001, starts within the band of initial losses. Do both precisions give one order? */
struct lyap_precision_ranks {
    double low, high;    /* the band: the 45 % and 55 % quantiles of the initial losses of the published starts */
    double *initial;     /* [starts]; owned, as the next */
    double *exponent[2]; /* [horizons][starts], Kantz-Wolf, nats, float32 and float64; NaN where it is not defined */
    struct lyap_correlations agree[LYAP_PRECISION_HORIZONS]; /* of the two */
    double same_sign[LYAP_PRECISION_HORIZONS];               /* share of the starts; NaN without starts */
};

struct lyap_precision_state {
    size_t starts;
    struct lyap_precision_ranks ranks[LYAP_PRECISION_PANELS];
    struct lyap_precision_cell cell[LYAP_PRECISION_PANELS][LYAP_PRECISION_RATES][LYAP_PRECISION_SIZES];
    double slope[LYAP_PRECISION_PANELS][LYAP_PRECISION_RATES]; /* of ln noise on ln perturbation; rounding gives -1 */
    size_t numbers;
    struct lyap_precision_number number[LYAP_PRECISION_PUBLISHED];
};

enum lyap_status lyap_precision_run(struct lyap_precision_state *state, size_t starts,
                                    const struct lyap_report_options *options, struct lyap_report *report,
                                    struct lyap_error *error);

/* Fills ranks[LYAP_PRECISION_PANELS] of the state, which has its number of starts; src/report/precision/ranks.c. */
enum lyap_status lyap_precision_rank(struct lyap_precision_state *state, const struct lyap_report_options *options,
                                     struct lyap_report *report, struct lyap_error *error);
void lyap_precision_ranks_free(struct lyap_precision_state *state);

/* The work of the section, and freeing it. */
enum lyap_status lyap_precision_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_precision_release(void *state);

/* The data files, src/report/precision/data.c. */
extern const struct lyap_schema *const lyap_precision_tables[];
enum lyap_status lyap_precision_data(struct lyap_report *report, const struct lyap_precision_state *state,
                                     struct lyap_error *error);

#endif
