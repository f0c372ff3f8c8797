/* Which number, known at the start or measured along the run, tells the loss at the end: an exponent, or what one gradient gives?
 *
 * At equal initial loss. A band of initial losses has a width, and as far as training changes the loss by less than that, the final loss is
 * the initial one over again. Therefore the change of loss and each predictor are replaced by their residuals in the least-squares regression
 * on the initial loss, and further on what else is held equal; the measure is Spearman's correlation of the residuals. For a narrow
 * band this is the rank correlation among starts of the same initial loss. */
#ifndef LYAP_REPORT_CORRELATION_RIVALS_H
#define LYAP_REPORT_CORRELATION_RIVALS_H

#include "lyapgrad/inference.h"
#include "lyapgrad/network.h"
#include "report/common/sample.h"

enum lyap_predictor {
    LYAP_PREDICTOR_HYBRID,       /* lowest: the paper's exponent over the epochs at whose end the loss is taken */
    LYAP_PREDICTOR_TANGENT,      /* lowest: the tangent exponent over the same epochs */
    LYAP_PREDICTOR_HYBRID_FIRST, /* lowest: the paper's exponent over the first 5 epochs */
    LYAP_PREDICTOR_GRADIENT,     /* largest: squared norm of the gradient at the start */
    LYAP_PREDICTOR_SHARPNESS,    /* largest: largest eigenvalue of the Hessian at the start */
    LYAP_PREDICTOR_DROP,         /* largest: how much the first step lowers the loss */
    LYAP_PREDICTORS
};
const char *lyap_predictor_name(enum lyap_predictor predictor);

/* What is held equal. */
enum lyap_held { LYAP_HELD_NOTHING, LYAP_HELD_INITIAL, LYAP_HELD_GRADIENT, LYAP_HELD_HYBRID, LYAP_HELDS };
const char *lyap_held_name(enum lyap_held held);

enum { LYAP_RIVAL_RATES = 2, LYAP_RIVAL_HORIZONS = 5, LYAP_RIVAL_RESAMPLES = 400 };
extern const double lyap_rival_rate[LYAP_RIVAL_RATES];
extern const uint32_t lyap_rival_horizon[LYAP_RIVAL_HORIZONS];

/* Starts, all numbers rounded as in the data file: exponents to seven digits, the others to nine. NaN where undefined. */
struct lyap_rival_points {
    size_t n;
    double *initial, *gradient, *sharpness, *drop; /* [n] */
    double *change, *hybrid, *tangent;             /* [horizons][n]: loss after less loss before; nats; nats per step */
    double *room;                                  /* all of them, owned */
};

struct lyap_rival_result {
    size_t n;        /* starts with all numbers at this horizon */
    double at_stake; /* interquartile range of the final loss at equal initial loss, over the median final loss */
    /* Of predictor and final loss, by rank, with the sign that +1 means: what the predictor prefers ends lower. Intervals for those of
     * LYAP_HELD_INITIAL, for the hybrid with nothing held, for the exponents at equal gradient, and the gradient at equal hybrid. */
    struct lyap_estimate r[LYAP_HELDS][LYAP_PREDICTORS];
    double pearson[LYAP_HELDS][LYAP_PREDICTORS];
};

struct lyap_rivals {
    enum lyap_activation activation;
    double lr;
    bool outside; /* the band; else in it */
    struct lyap_rival_points points;
    struct lyap_rival_result result[LYAP_RIVAL_HORIZONS];
};

/* Runs `starts` starts of the published network at one learning rate with initial losses in [low, high], or outside of that within the published
 * window; `share` of the section's work. Free in either case. */
struct lyap_rival_setting {
    enum lyap_activation activation;
    double lr, low, high;
    bool outside;
    size_t starts;
};
enum lyap_status lyap_rivals_run(struct lyap_rivals *rivals, const struct lyap_rival_setting *setting,
                                 const struct lyap_report_options *options, struct lyap_report *report, double share,
                                 struct lyap_error *error);
void lyap_rivals_free(struct lyap_rivals *rivals);

/* The correlations of one horizon, from points that are there; for the tests, too. */
enum lyap_status lyap_rivals_compare(struct lyap_rival_result *result, const struct lyap_rival_points *points,
                                     size_t horizon, uint64_t seed, struct lyap_error *error);
/* Room for n points. */
enum lyap_status lyap_rival_points_new(struct lyap_rival_points *points, size_t n, struct lyap_error *error);

#endif
