/* What the files that draw a configuration share: numbers from the counter-based generator and words from numbers. All is
 * integer arithmetic, so that every machine draws the same text. */
#ifndef LYAP_CLI_VERIFY_DICE_H
#define LYAP_CLI_VERIFY_DICE_H

#include "cli/verify/case.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"

enum { DICE_AT_ONCE = 32, DICE_LAYERS = 4 };

/* The configuration so far. */
struct dice {
    struct cli_verify_case *drawn;
    double uniform[DICE_AT_ONCE];
    uint64_t used; /* draws so far */
    size_t length; /* of drawn->text */

    unsigned inputs, outputs, samples; /* samples: of the training data */
    bool binary;                       /* targets are 0 and 1 */
    bool one_hot;                      /* a one in several columns */
    bool split;                        /* data are held out */
    unsigned layers, sizes[DICE_LAYERS + 1];
    unsigned parameters, units;
    enum lyap_loss loss;
    enum lyap_optimiser_kind optimiser;
    bool full_state;
    unsigned batch; /* 0: all samples */
    bool rate_swept, momentum_swept, decay_swept, epochs_swept, perturbation_swept;
};

/* A number 0 .. n-1, and one low .. high. */
unsigned dice_pick(struct dice *dice, unsigned n);
unsigned dice_range(struct dice *dice, unsigned low, unsigned high);
bool dice_chance(struct dice *dice, unsigned percent);

/* "4.31e-2": three digits and an exponent low .. high. */
struct dice_real {
    char text[16];
};
struct dice_real dice_real(struct dice *dice, int low, int high);

/* Adds the word --option and, unless `format` is NULL, one with its value. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void dice_add(struct dice *dice, const char *option, const char *format, ...);

/* Nanoseconds or so that a gradient step of one network takes on the scalar path. */
double dice_step_cost(const struct dice *dice);

/* Steps, at most `most` and at least `least`, that `trajectories` times `cells` networks make within a share of a
 * configuration's time. */
unsigned dice_steps(struct dice *dice, unsigned least, unsigned most, double trajectories, double cells);

#endif
