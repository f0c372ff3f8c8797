/* The ensemble: many independent gradient-descent experiments (cells), each one parent network and its perturbed
 * neighbours trained in lock-step.
 *
 *   struct lyap_plan plan;
 *   lyap_plan_defaults(&plan, &net, &data);      // the paper's settings
 *   plan.starts = 1000;
 *   lyap_ensemble_run(&plan, my_sink, my_context, &error);
 *
 * A cell is one pair (value, start): cell = value * starts + start. A start fixes the initial weights and the
 * perturbations, so all values of a sweep share them. Results are bit-identical on every instruction set, for any
 * number of threads and with any supported compiler.
 *
 * Time. Epoch t = 0 .. epochs-1 is the t-th update. loss(t) is the parent's loss BEFORE update t, with mini-batches that
 * of the update's batch; distance(t) is the
 * mean over the N neighbours of the Euclidean distance to the parent, over all weights and biases (with
 * optimiser.full_state also over the optimiser's buffers), AFTER update t (T. Mittra, arXiv 2410.05988). The paper's published distances divide by N+1 = 25 for 24 neighbours; multiply by
 * N/(N+1) to compare. Ratios, and so exponents, are the same. */
#ifndef LYAPGRAD_ENSEMBLE_H
#define LYAPGRAD_ENSEMBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/experiment.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/layout.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"
#include "lyapgrad/progress.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lyap_dataset; /* lyapgrad/dataset.h */

/* What one cell gave. Exponents are defined in lyapgrad/estimator.h. */
struct lyap_record {
    uint64_t cell, value, start;
    double lr;           /* learning rate, rounded to the run's precision */
    double initial_loss; /* loss(0) */
    double final_loss;   /* loss(epochs-1), or the last finite one before a freeze */
    double lambda_kw;    /* nats; 0 with terms = 0 means undefined */
    double lambda_step;  /* nats per step; likewise */
    uint32_t terms;      /* log ratios that entered: epochs-1 for a complete cell; 0 = exponents undefined */
    uint32_t length;     /* valid entries of the distance series: those before the event */
    uint32_t losses;     /* valid entries of the loss series */
    int64_t event_epoch; /* epoch of the escape, overflow, zero distance or underflow; -1 for none */
    enum lyap_outcome outcome;
};

/* The parent after its last update, or where it was frozen, over the whole training set and the held-out data. Losses
 * without the weight decay's penalty; NaN where they are no finite number. Accuracy: the share of samples whose largest
 * output is the largest target, or with one output those on the target's side of the middle between the training set's
 * smallest and largest target. */
struct lyap_evaluation {
    double train_loss, train_accuracy;
    double test_loss, test_accuracy; /* 0 without held-out data */
};

/* A run of consecutive cells handed to the sink, in cell order. */
struct lyap_chunk {
    uint64_t first_cell;
    size_t count;
    const struct lyap_record *records; /* [count] */
    size_t stride;                     /* row length of the series below: the largest number of epochs in the plan */
    const double *distance;            /* [count][stride], mean over the true neighbours; NULL unless plan.series */
    const double *loss;                /* [count][stride], the parent's; NULL unless plan.series */
    const struct lyap_evaluation *evaluation; /* [count]; NULL unless plan.evaluate */
    size_t parameters;                        /* row length of the weights below */
    const double *weights; /* [count][parameters], the parent's last; NULL unless plan.last_weights */
};

/* Receives the chunks in cell order on the calling thread. A non-zero return ends the run with that status. */
typedef enum lyap_status (*lyap_sink)(const struct lyap_chunk *chunk, void *context, struct lyap_error *error);

/* One value of a sweep. */
struct lyap_setting {
    double lr;           /* learning rate, > 0 */
    double perturbation; /* standard deviation of every neighbour's offset, > 0 */
    uint32_t epochs;     /* number of updates, 1 .. 2^31 - 1; an exponent needs 2 */
};

struct lyap_plan {
    const struct lyap_network *network; /* not owned */
    const struct lyap_dataset *data;    /* not owned; sizes must fit the network's ends */
    enum lyap_precision precision;      /* default LYAP_FLOAT32, as published */
    enum lyap_isa isa;       /* default: the best of the CPU; LYAPGRAD_ISA is the caller's to read (lyap_isa_select) */
    enum lyap_layout layout; /* default LYAP_LAYOUT_AUTO; likewise of lyap_layout_select */
    int threads; /* 0 (default): lyap_max_threads(). Fewer where there is less work, or where the memory has no room for
                    the networks of all; ARGUMENT if the system does not start them */
    uint64_t seed;                       /* default 1 */
    uint64_t starts;                     /* default 1 */
    size_t values;                       /* default 1: number of settings */
    const struct lyap_setting *settings; /* [values], not owned; NULL: `setting` below for all */
    struct lyap_setting setting;         /* default lr 0.001, perturbation 1e-4, 100 epochs */
    struct lyap_optimiser optimiser;     /* default plain gradient descent, full batch */
    uint64_t first_cell;                 /* default 0: the first of the cells to run */
    uint64_t count;                      /* default 0, all from there on: how many. A cell's results are the same
                                            whichever cells run beside it */
    uint32_t neighbours;                 /* default 24, >= 1 */
    enum lyap_init_kind init;            /* default uniform 0, 1 */
    double init_a, init_b;
    double bias_a, bias_b;
    enum lyap_bias_kind bias;        /* default that of the weights */
    uint32_t max_draws;              /* per start, default 1,000,000 */
    bool window;                     /* redraw until window_low <= initial loss <= window_high; default true */
    double window_low, window_high;  /* default 0.2, 0.4 */
    const double *weights;           /* [starts][parameters] given starting points, not owned; NULL (default): draw.
                                           Given points are not redrawn and the window is not applied */
    double escape;                   /* default 1e9: the distance over which a cell is frozen */
    const struct lyap_dataset *test; /* held-out data, not owned; NULL (default): none */
    bool series;                     /* default false: hand the distance and loss series to the sink */
    bool evaluate;                   /* default false: evaluate the parents after their last update */
    bool last_weights;               /* default false: hand the parents' last weights to the sink */
    lyap_progress progress;          /* may be NULL */
    void *progress_context;
};

/* Fills `plan` with the defaults above for `network` and `data`. */
void lyap_plan_defaults(struct lyap_plan *plan, const struct lyap_network *network, const struct lyap_dataset *data);

/* Runs the plan's cells, first_cell and the `count` from it or all, and hands the records to `sink` in cell order. Memory is bounded by the number of
 * threads and the series length, not by the number of cells.
 * Returns LYAP_ERROR_ARGUMENT for a setting out of range or sizes that do not fit, LYAP_ERROR_MEMORY,
 * LYAP_ERROR_ISA, LYAP_ERROR_WINDOW (with the acceptance rate), LYAP_ERROR_INTERRUPTED, or the sink's status. */
enum lyap_status lyap_ensemble_run(const struct lyap_plan *plan, lyap_sink sink, void *context,
                                   struct lyap_error *error);

/* The plan as an experiment (lyapgrad/experiment.h) whose cells go to `sink`. */
struct lyap_experiment lyap_ensemble_experiment(const struct lyap_plan *plan, lyap_sink sink, void *context);

/* The initial weights of cells first .. first+count-1: out[count][1 + neighbours][parameters], trajectory 0 the
 * parent; exactly the numbers that lyap_ensemble_run trains (float32 values are exact in double). Same errors. */
enum lyap_status lyap_ensemble_initial(const struct lyap_plan *plan, uint64_t first, size_t count, double *out,
                                       struct lyap_error *error);

/* The digest extended by every field of the record (lyapgrad/digest.h), for cells in their order. */
uint64_t lyap_digest_record(uint64_t digest, const struct lyap_record *record);

#ifdef __cplusplus
}
#endif
#endif
