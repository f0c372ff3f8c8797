/* The experiments of T. Mittra, "Utilizing Lyapunov Exponents in designing deep neural networks", arXiv 2410.05988,
 * with the published settings. This computes; src/paper/tables.h and src/paper/figures.h write.
 *
 * Protocol: XOR, full batch, mean squared error; 2-2-1 with the activation on the hidden and the output layer; weights
 * and biases uniform on [0,1), redrawn until the initial loss lies in [0.2, 0.4]; 24 neighbours at N(0, 1e-4) from the
 * parent. One panel an activation in every figure.
 *
 *   LyapunovVsLoss          lr 0.001, 5 epochs; starts whose INITIAL loss lies between the 45 % and 55 % quantiles
 *   DistanceVsEpochs,       lr 0.001, 100 epochs, one start: distance, its growth a step, the loss, against the epoch
 *   LyapkVsEpochs, LossVsEpochs
 *   LyapunovVsLearningRate  50 learning rates 0.01 + i (20 - 0.01)/50, 100 epochs, one start
 *
 * The published distance is a mean over 25 "children" of which the first is the parent itself, so it is 24/25 of the
 * mean over the neighbours that the library gives; its escape at 1e9 is ours at 1e9 * 25/24. Exponents do not change.
 *
 * Where the paper has one start, there are many more with the same settings here, so that one can see how far a
 * single one tells anything. A dead network has a gradient of exactly zero at the last update. It may have died before
 * its distance was first recorded, and then its exponent is exactly 0; or later, and then its exponent is the growth
 * before its death, spread over the epochs. The two are counted separately, and the zeros enter no quantile. */
#ifndef LYAP_PAPER_PROTOCOL_H
#define LYAP_PAPER_PROTOCOL_H

#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/layout.h"
#include "lyapgrad/network.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/statistics.h"
#include "lyapgrad/status.h"
#include "lyapgrad/progress.h"

enum {
    LYAP_PANELS = 3, /* linear, sigmoid, ReLU */
    LYAP_PAPER_NEIGHBOURS = 24,
    LYAP_PAPER_SCATTER_EPOCHS = 5,
    LYAP_PAPER_EPOCHS = 100,
    LYAP_PAPER_RATES = 50,
    /* Sizes of the samples, or the number of starts of the scatter where that is smaller: */
    LYAP_PAPER_RATE_STARTS = 100,     /* behind the one start of LyapunovVsLearningRate */
    LYAP_PAPER_EPOCH_STARTS = 1000,   /* behind the one start of the figures against epochs */
    LYAP_PAPER_COMPARED_STARTS = 500, /* beside each published number of the learning rates */
    LYAP_PAPER_MAX_STARTS = 10000000
};

extern const enum lyap_activation lyap_paper_activation[LYAP_PANELS];

struct lyap_paper_options {
    uint64_t starts; /* of the scatter LyapunovVsLoss, 1 .. LYAP_PAPER_MAX_STARTS; published: 10,000 */
    uint64_t seed;
    enum lyap_precision precision; /* published: float32 */
    enum lyap_isa isa;
    enum lyap_layout layout;
    int threads; /* 0: all */
    lyap_progress progress;
    void *progress_context;
};

/* One activation's network, data and plan, with the published settings and one start. Must not move (the plan points
 * into it); free in either case. */
struct lyap_paper_case {
    struct lyap_network network;
    struct lyap_dataset data;
    struct lyap_plan plan;
};
enum lyap_status lyap_paper_case_init(struct lyap_paper_case *c, enum lyap_activation activation,
                                      const struct lyap_paper_options *options, struct lyap_error *error);
void lyap_paper_case_free(struct lyap_paper_case *c);

/* What is kept of each cell, in cell order. */
struct lyap_point {
    double initial_loss, final_loss, lambda_kw, lambda_step;
    uint32_t terms;
    enum lyap_outcome outcome;
};
struct lyap_cells {
    size_t values;
    uint64_t starts;
    struct lyap_point *points; /* [values][starts], owned */
};

struct lyap_point lyap_point_of(const struct lyap_record *record);

/* Has an exponent that is measured and not that of a network which was dead from the first. */
bool lyap_point_counts(const struct lyap_point *point);

/* Dead, and its exponent exactly 0. */
bool lyap_point_is_zero(const struct lyap_point *point);

/* Runs the plan, keeps every cell, and extends *digest by every record. */
enum lyap_status lyap_cells_run(struct lyap_cells *cells, const struct lyap_plan *plan, uint64_t *digest,
                                struct lyap_error *error);
void lyap_cells_free(struct lyap_cells *cells);

/* LyapunovVsLoss, one panel. */
struct lyap_scatter {
    uint64_t starts;
    double low, high; /* quantiles of the initial loss of all starts: those between, both ends in, are kept */
    size_t kept;
    uint64_t *start;            /* [kept], owned, ascending */
    struct lyap_point *point;   /* [kept], owned */
    size_t dead;                /* kept, but not in the regression */
    bool fitted;                /* false for less than three points, or all equal */
    struct lyap_regression fit; /* of lambda_kw (y) on final loss (x) */
    /* The band of initial losses is narrow, but the final loss changes less than that in a few epochs: what of r is left
     * between starts of equal initial loss. */
    bool has_partial;
    double partial_r, partial_p;
};
/* From the first `starts` of the cells of one value. */
enum lyap_status lyap_scatter_make(struct lyap_scatter *scatter, const struct lyap_cells *cells, uint64_t starts,
                                   struct lyap_error *error);
void lyap_scatter_free(struct lyap_scatter *scatter);

/* The figures against epochs, one panel: start 0, and quartiles (25 %, 50 %, 75 %) over `starts`, at
 * most LYAP_PAPER_EPOCH_STARTS. */
struct lyap_epochs {
    uint32_t length, losses;                                     /* valid entries of start 0 */
    double distance[LYAP_PAPER_EPOCHS], step[LYAP_PAPER_EPOCHS], /* over the true neighbours; ln(d(i)/d(i-1)) */
        loss[LYAP_PAPER_EPOCHS];
    double ratio[LYAP_PAPER_EPOCHS][3]; /* of d(t)/d(0): starts differ in d(0) by chance */
    double step_quartile[LYAP_PAPER_EPOCHS][3], loss_quartile[LYAP_PAPER_EPOCHS][3];
    uint64_t reached[LYAP_PAPER_EPOCHS], with_loss[LYAP_PAPER_EPOCHS]; /* starts whose series reach the epoch */
    struct lyap_cells cells;                                           /* the exponents of all these starts */
};
enum lyap_status lyap_epochs_run(struct lyap_epochs *epochs, const struct lyap_plan *plan, uint64_t starts,
                                 uint64_t *digest, struct lyap_error *error);
void lyap_epochs_free(struct lyap_epochs *epochs);

/* LyapunovVsLearningRate, one rate of one panel. */
struct lyap_rate {
    double lr;             /* as asked for; the cells round it to their precision */
    struct lyap_point one; /* start 0 */
    uint64_t starts;
    uint64_t zero;      /* starts that are dead with an exponent of exactly 0 */
    uint64_t died;      /* starts that died later, with another exponent */
    uint64_t diverged;  /* starts that escaped or overflowed */
    uint64_t counted;   /* starts with an exponent that is not the zero of a dead one: */
    double quartile[3]; /* of these */
};
/* Learning rate i of the figure, 0 <= i < LYAP_PAPER_RATES. */
double lyap_paper_rate(int i);
/* With `starts` at each rate, at most LYAP_PAPER_RATE_STARTS. */
enum lyap_status lyap_rates_run(struct lyap_rate rates[LYAP_PAPER_RATES], const struct lyap_paper_case *c,
                                uint64_t starts, uint64_t *digest, struct lyap_error *error);

#endif
