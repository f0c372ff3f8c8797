/* What sections of the report share: a network with its data and plan, many starts of it cut at several horizons, and
 * the correlations between exponent and loss. */
#ifndef LYAP_REPORT_COMMON_SAMPLE_H
#define LYAP_REPORT_COMMON_SAMPLE_H

#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/status.h"
#include "report/frame/report.h"

/* A network, its data, the law of its starts and its optimiser: the subject of one row of a report's table. */
struct lyap_subject {  /* NOLINT(clang-analyzer-optin.performance.Padding): in the order of reading */
    const char *name;  /* for text and tables */
    const char *shape; /* as for lyap_network_init */
    enum lyap_activation hidden, output;
    enum lyap_loss loss;
    const char *data; /* as for lyap_dataset_parse */
    enum lyap_init_kind init;
    double init_a, init_b;
    bool window; /* the published window of initial losses, [0.2, 0.4] */
    enum lyap_optimiser_kind optimiser;
    double momentum; /* 0: the optimiser's default */
    double lr;       /* at which it is measured, where a section does not say */
};

/* The paper's network: 2-2-1 on XOR, the activation on both layers, mean squared error, uniform starts in the window.
 */
struct lyap_subject lyap_subject_paper(enum lyap_activation activation);

/* A subject made ready to run. Must not move (the plan points into it); free in either case. The plan has the seed, the
 * instruction set and the threads of the options, 24 neighbours at N(0, 1e-4), float64, and no escape before overflow
 * is near (the published 1e9). */
struct lyap_prepared {
    struct lyap_network network;
    struct lyap_dataset data;
    struct lyap_plan plan;
};
enum lyap_status lyap_prepare(struct lyap_prepared *prepared, const struct lyap_subject *subject,
                              const struct lyap_report_options *options, struct lyap_error *error);
void lyap_prepared_free(struct lyap_prepared *prepared);

/* Points the plan's progress into the section's place; `report` may be NULL. */
void lyap_plan_follow(struct lyap_plan *plan, struct lyap_report *report, double share);

/* The starting points of the plan's parents, [starts][parameters], to be freed by the caller: given back as
 * plan.weights, they stay while the seed turns perturbations and tangents. NULL after an error. */
enum lyap_status lyap_plan_starts(double **weights, const struct lyap_plan *plan, struct lyap_error *error);

/* Every cell of a plan at several horizons. A run of c epochs is the beginning of any longer one, so one run gives them
 * all. What is undefined is NaN: an exponent without a term, the exact 0 of a network that was dead from the first, a
 * loss after the end. */
struct lyap_sample {
    size_t cells, marks;
    double *initial;        /* [cells], the loss before the first update */
    double *loss;           /* [marks][cells], the final loss of a run of that many epochs: before its last update */
    double *kw;             /* [marks][cells], nats */
    double *step;           /* [marks][cells], nats per step */
    uint32_t *hit;          /* [cells], updates until the loss was at or below the target; UINT32_MAX: never */
    unsigned char *outcome; /* [cells], enum lyap_outcome of the whole run */
};

/* Runs the plan with marks[n], ascending, each at most the plan's epochs. `target` is the loss for `hit`. Free in
 * either case. */
enum lyap_status lyap_sample_run(struct lyap_sample *sample, const struct lyap_plan *plan, const uint32_t *marks,
                                 size_t n, double target, struct lyap_error *error);
void lyap_sample_free(struct lyap_sample *sample);

/* Where a row lies by its initial loss. */
enum lyap_side { LYAP_INSIDE, LYAP_OUTSIDE_BAND, LYAP_ANYWHERE };

/* Which rows: of first .. first+count-1 those on `side` of the band [low, high] of initial losses. */
struct lyap_sample_part {
    size_t first, count;
    enum lyap_side side;
    double low, high; /* not used by LYAP_ANYWHERE */
};

/* The rows of the part for which everything is defined at a mark, to x (final loss), y (Kantz-Wolf exponent), z
 * (initial loss), each with room for part->count. Returns the number of rows. */
size_t lyap_sample_rows(const struct lyap_sample *sample, size_t mark, const struct lyap_sample_part *part, double *x,
                        double *y, double *z);

/* The published band: the 45 % and 55 % quantiles of initial[n]. `scratch`[n]. */
void lyap_sample_band(const double *initial, size_t n, double *scratch, double *low, double *high);

/* Correlation of final loss and exponent: all defined, or (n < 8, constant values) not. */
struct lyap_correlations {
    bool defined, has_partial;
    size_t n;
    struct lyap_estimate pearson, spearman, partial; /* partial: at equal initial loss */
    double p, partial_p;                             /* of Pearson and partial, Student's t */
};
/* Of x, the final loss, y, the exponent, and z, the initial loss. Intervals by bootstrap with `resamples`; 0: none, low
 * and high are NaN. Spearman's are of the ranks in the whole sample, which are not made anew in each resample.
 * LYAP_ERROR_MEMORY alone is a failure. */
enum lyap_status lyap_correlations_make(struct lyap_correlations *c, const struct lyap_observations *of,
                                        uint32_t resamples, uint64_t seed, struct lyap_error *error);

/* All starts have come to the same place: between the quartiles of values[n] there is less than 1e-9 of their median,
 * so that a correlation would be one of last places. `scratch`[n]. */
bool lyap_all_alike(const double *values, size_t n, double *scratch);

/* Two-sided p of a correlation of n rows with `held` variables held fixed. */
double lyap_correlation_p(double r, size_t n, size_t held);

/* +1, -1, or 0 where the interval holds 0 or is not defined. */
int lyap_estimate_sign(const struct lyap_estimate *estimate);

/* Median of values[n]; NaN for n = 0. Reorders. */
double lyap_middle(double *values, size_t n);

/* "0.123" or "0.123 [0.1, 0.15]", "-" where undefined; to text[64], which is returned. */
const char *lyap_estimate_text(const struct lyap_estimate *estimate, char text[64]);
/* Three significant digits, or as many as stand before the point up to a million; "-" where undefined. */
const char *lyap_value_text(double value, char text[32]);
/* A p-value: two significant digits, "-" where undefined. */
const char *lyap_p_text(double p, char text[32]);
/* The three as cells of a table. */
void lyap_estimate_cell(struct lyap_document *document, const struct lyap_estimate *estimate);
void lyap_value_cell(struct lyap_document *document, double value);
void lyap_p_cell(struct lyap_document *document, double p);

/* First error alone counts: LYAP_ERROR_ARGUMENT of an inference on too few or equal values is "undefined", and becomes
 * LYAP_OK. */
enum lyap_status lyap_undefined(enum lyap_status status, struct lyap_error *error);

#endif
