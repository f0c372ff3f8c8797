/* Choosing hyperparameters: short trials of many settings, learning rates and starting points, halved step by step; then
 * the learning rates of the best setting, measured; then a comparison with other ways to spend the budget on a search.
 *
 *   struct lyap_selection_plan plan;
 *   lyap_selection_defaults(&plan, settings, 4);   // settings[4]: plans that differ in network, optimiser, initialisation
 *   plan.lr_low = 1e-3;
 *   plan.lr_high = 10;
 *   struct lyap_selection selection;
 *   lyap_selection_run(&plan, &selection, &error);
 *   ...
 *   lyap_selection_free(&selection);
 *
 * Trials. Trial i of search s belongs to setting i mod S, is number k = i / S of it, starts from the setting's start 2^32 s + k
 * and has the learning rate low (high / low)^frac(u + k (sqrt(5) - 1) / 2), u uniform (stream LYAP_STREAM_TRIAL, cell s, index the setting): every
 * first part of the trials covers the range evenly. Search 0 makes the recommendation, searches 1, 2, .. are for the comparison of ways to search.
 *
 * Successive halving (Z. Karnin, T. Koren, O. Somekh, ICML (2013); K. Jamieson, A. Talwalkar, AISTATS (2016)). R rungs of equal cost;
 * rung r trains its trials for epochs / d^(R-1-r) steps, d the divisor, from their starts, and the best 1/d by the score go on. The last
 * rung is full trainings, and the lowest loss there is chosen, whatever the score.
 *
 * Score, of the loss and the largest exponent in tangent space after a rung's steps; the lowest is the best, a diverged
 * trial the worst, the lower number goes before in a tie:
 *   loss      the loss
 *   exponent  the exponent in nats per step: the paper's advice
 *   combined  the mean of the ranks by loss and by exponent among the rung's trials
 *
 * Cost, in gradient steps. A step costs 1, with its tangent 2.5 (a Hessian-vector product and a gradient; 1.3 to 2.4 measured), and
 * so does a Hessian-vector product alone, of which the sharpness takes min(P, 48) at one point. A search pays for what its score uses: by
 * loss alone it pays no tangents, and has more trials for its budget. The sharpness, which no score uses, is measured in search 0
 * only, so that all searches have the same trials for the same budget: at the last weights of every trial, and at the first ones of
 * full trainings. Its cost comes on top of the budget, as `sharpness_cost`. The scan of rates uses it, and pays for both ends.
 *
 * Learning rates of the best setting. `rate_starts` new starts train at `rate_values` rates from low to high, evenly spaced in ln lr.
 * A run is chaotic by the rules of lyapgrad/regime.h over the second half of its steps, with a `growth` that a slow drift, or the way
 * out of a saddle, does not come to. It is safe when it is bounded, not chaotic, not dead, and its loss fell: training at the edge of
 * stability is safe. It is unstable when it diverged, is chaotic, its loss did not fall, or it ended beyond the edge: at lr times
 * (sharpness + weight decay) above 2 (momentum 2 (1 + mu), Nesterov 2 (1 + mu) / (1 + 2 mu); J. Cohen et al., ICLR (2021); not asked of
 * mini-batches, schedules, layers with rates of their own and adaptive optimisers). The sharpness is that of the loss alone. Recommended is the rate with the lowest median final loss among those that are safe for `safe_share`
 * of the starts (among all where there is none); its interval is the 95 % percentile bootstrap over the starts of that choice.
 * From there on each start's last safe and first unstable rates are looked for, on the grid, then halving the gap in ln lr
 * `rate_halvings` times. The largest safe rate is the one at which `safe_share` of the starts are safe (lower quantile of their
 * last safe rates), the onset of instability the median of their first unstable ones; both with 95 % bootstrap intervals over the
 * starts.
 *
 * Comparison of ways to search. Searches 1 .. `searches` are made by random search (all of the budget in full trainings, the lowest loss chosen) and by
 * halving with each score, on the same trials with the same budget, and the full trainings that they choose are compared in pairs: on
 * held-out data where there are any. */
#ifndef LYAPGRAD_SELECTION_H
#define LYAPGRAD_SELECTION_H

#include "lyapgrad/inference.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/progress.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lyap_score { LYAP_SCORE_LOSS, LYAP_SCORE_EXPONENT, LYAP_SCORE_COMBINED, LYAP_SCORE_COUNT };

/* "loss", "exponent", "combined" and back; LYAP_ERROR_ARGUMENT lists the allowed names. */
const char *lyap_score_name(enum lyap_score score);
enum lyap_status lyap_score_parse(const char *name, enum lyap_score *score, struct lyap_error *error);

/* A training run to be made. */
struct lyap_trial {
    uint64_t number; /* in its search */
    size_t setting;
    uint64_t start; /* of the setting */
    double lr;      /* rounded to the settings' precision */
};

/* What it gave. */
struct lyap_trial_result {
    uint32_t steps;
    double initial_loss;            /* before the first step */
    double loss, test_loss;         /* over all training data and the held-out data after the last one; +infinity for a
                                        diverged trial; test_loss 0 without held-out data */
    double accuracy, test_accuracy; /* NaN for a diverged trial */
    bool defined;                   /* the exponent is */
    struct lyap_exponent exponent;  /* over all steps, or those behind the transient */
    bool interval;                  /* the exponent has one */
    double sharpness_first,
        sharpness_last;  /* largest eigenvalue of the loss's Hessian at the first and last weights; 0 where not
                                               measured: the first of short trials, the last of diverged ones */
    int64_t target_step; /* first step before which the loss was at or below the target; -1: none */
    enum lyap_regime regime;
    uint32_t period; /* of the last steps' weights, 1: they stay; 0: none found (lyapgrad/regime.h) */
};

/* A trial in a rung of search 0. */
struct lyap_trial_record {
    struct lyap_trial trial;
    struct lyap_trial_result result;
    uint32_t rung;
    double score; /* lowest best; +infinity for a diverged trial */
    bool kept;    /* for the next rung; in the last one: chosen */
};

enum { LYAP_MOST_RUNGS = 8 };

/* How a search spends its budget: successive halving, or full trainings alone, which are one rung. */
struct lyap_halving {
    uint32_t rungs;
    uint32_t steps[LYAP_MOST_RUNGS];  /* of a trial in each rung */
    uint64_t trials[LYAP_MOST_RUNGS]; /* in each rung */
    double cost;                      /* of the search, in gradient steps */
};

/* A learning rate of the best setting. */
struct lyap_rate_row {
    double lr;
    uint64_t safe, unstable;     /* starts */
    double loss[3], exponent[3]; /* quartiles over the starts; exponents over the second half of the steps, of the
                                            `measured` starts that have one */
    uint64_t measured;
    double test_loss; /* median; 0 without held-out data */
    double
        edge_lr; /* median of 2/(sharpness + weight decay) (momentum: as above) at the last weights of bounded runs; 0: none is positive or
                                    it is not known */
    uint64_t regimes[LYAP_REGIME_COUNT]; /* starts */
};

struct lyap_rate_scan {
    size_t setting;
    uint64_t starts;
    size_t values;
    struct lyap_rate_row *rows; /* [values], ascending; owned */
    double *safe,
        *onset; /* [starts]: last safe rate, 0 below the range and lr_high above; first unstable one, lr_low below and
                                   +infinity above; owned */
    struct lyap_estimate best;           /* the recommended rate */
    bool best_safe;                      /* safe for the share asked for */
    struct lyap_estimate best_test;      /* the same choice by the median held-out loss; all 0 without held-out data */
    struct lyap_estimate largest_safe;   /* 0: below the range; lr_high: at least that */
    struct lyap_estimate first_unstable; /* +infinity: above the range */
    double cost;
};

/* The ways to search that are compared; LYAP_WAY_LOSS + score is halving by that score. */
enum lyap_way { LYAP_WAY_RANDOM, LYAP_WAY_LOSS, LYAP_WAY_EXPONENT, LYAP_WAY_COMBINED, LYAP_WAY_COUNT };

/* "random", "loss", "exponent", "combined". */
const char *lyap_way_name(enum lyap_way way);

/* The full training that a search chose. */
struct lyap_pick {
    struct lyap_trial trial;
    struct lyap_trial_result result;
};

/* Halving by the exponent, or by both, against another way, in pairs of searches. Negative differences are gains. */
struct lyap_search_pair {
    enum lyap_way way, against;
    uint64_t better, worse;      /* searches with the lower and the higher final loss */
    struct lyap_estimate median; /* of the differences of the final losses */
    double p;                    /* sign-flip permutation test that their mean is 0, adjusted by Holm over the pairs */
    struct lyap_estimate steps;  /* median difference of the steps to the target; a run that does not reach it counts as
                                    epochs */
};
enum { LYAP_SEARCH_PAIRS = 5 };

struct lyap_search_comparison {
    uint32_t searches;
    bool held_out;                             /* the losses compared are those of held-out data */
    double target;                             /* loss whose first step is compared */
    struct lyap_pick *picks;                   /* [searches][LYAP_WAY_COUNT]; owned */
    struct lyap_estimate loss[LYAP_WAY_COUNT]; /* median over the searches */
    struct lyap_halving halving[LYAP_WAY_COUNT];
    struct lyap_search_pair
        pair[LYAP_SEARCH_PAIRS]; /* exponent - random, combined - random, loss - random, exponent - loss,
                                                      combined - loss */
    double cost;
};

struct lyap_selection_plan {
    const struct lyap_plan
        *settings; /* [count], not owned; they share data, precision, seed, threads and instruction set, and differ in
                                         network, optimiser and initialisation. Their rates, epochs, starts and progress are not
                                         used; given weights are not allowed */
    size_t count;  /* 1 .. 4096 */
    double lr_low, lr_high; /* 0 < low <= high; default 1e-3, 10 */
    enum lyap_score score;  /* default LYAP_SCORE_LOSS */
    bool held_out;          /* default false: scores, choices and the recommended rate go by the training loss; true: by
                                         the held-out loss, as a validation set's */
    uint64_t budget;        /* gradient steps for search and rates together, without the sharpness of the
                                         search's trials; default 1,000,000 */
    uint32_t epochs;        /* steps of a full training; default 500 */
    uint32_t divisor;       /* default 4, 2 .. 16 */
    uint32_t rungs;         /* default 4, 1 .. LYAP_MOST_RUNGS; fewer where the first would have under 8 steps */
    uint32_t rate_values;   /* default 25, 2 .. 1000; 1 where lr_low = lr_high */
    uint32_t rate_starts;   /* default 0: as many as half of the budget pays, 8 .. 64 */
    uint32_t rate_halvings; /* default 4, 0 .. 40 */
    double safe_share;      /* default 0.95, in (0, 1] */
    uint32_t searches;      /* default 10; of lyap_selection_compare; 5 .. 1000 */
    double target;          /* default 0: the median of random search's final training losses */
    double growth;          /* default 10 nats: see LYAP_TRANSIENT */
    lyap_progress progress; /* may be NULL; counts steps without their tangents */
    void *progress_context;
};

/* The outcome; free with lyap_selection_free. */
struct lyap_selection {
    struct lyap_halving halving;       /* of search 0 */
    double sharpness_cost;             /* of its trials, on top of the budget; in gradient steps */
    struct lyap_trial_record *records; /* [count], rung by rung, in each by the trials' numbers; owned */
    size_t count;
    size_t *
        ranking; /* [trials in the first rung], places in `records` of the trials' last rungs, best first: by rung, then
                        in the last one by loss, else by score; owned */
    struct lyap_rate_scan rates; /* of the setting of the first in the ranking */
};

/* Fills in the defaults for settings[count], which are not owned. */
void lyap_selection_defaults(struct lyap_selection_plan *plan, const struct lyap_plan *settings, size_t count);

/* Makes search 0 and the scan of learning rates. LYAP_ERROR_ARGUMENT for a number out of range, settings that do not
 * go together, or a budget under what the smallest search needs (the message says how much); else as lyap_spectrum_run. With every
 * start of the first trials diverging there is a ranking all the same, and the regimes say so. Bit-identical on every
 * instruction set, for any number of threads. */
enum lyap_status lyap_selection_run(const struct lyap_selection_plan *plan, struct lyap_selection *selection,
                                    struct lyap_error *error);
void lyap_selection_free(struct lyap_selection *selection);

/* Makes the searches 1 .. plan.searches in all ways and compares them; nothing of it depends on lyap_selection_run. Errors as there; free with
 * lyap_search_comparison_free. */
enum lyap_status lyap_selection_compare(const struct lyap_selection_plan *plan,
                                        struct lyap_search_comparison *comparison, struct lyap_error *error);
void lyap_search_comparison_free(struct lyap_search_comparison *comparison);

/* The largest learning rate that is stable at the last weights of a run of `setting`, lyap_edge_rate of its sharpness; 0 where it was not
 * measured or there is none. */
double lyap_trial_edge(const struct lyap_plan *setting, const struct lyap_trial_result *result);

/* The start of a trial: out[parameters], exactly the numbers that were trained. Same errors. */
enum lyap_status lyap_selection_start(const struct lyap_selection_plan *plan, const struct lyap_trial *trial,
                                      double *out, struct lyap_error *error);

/* The digest extended by every bit of the outcome. */
uint64_t lyap_selection_digest(uint64_t digest, const struct lyap_selection *selection);
uint64_t lyap_search_comparison_digest(uint64_t digest, const struct lyap_search_comparison *comparison);

#ifdef __cplusplus
}
#endif
#endif
