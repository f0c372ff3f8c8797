/* How the training of a cell can end. */
#ifndef LYAPGRAD_OUTCOME_H
#define LYAPGRAD_OUTCOME_H

#ifdef __cplusplus
extern "C" {
#endif

/* How a cell ended. */
enum lyap_outcome {
    LYAP_COMPLETE, /* all epochs ran with a measurable distance */
    LYAP_DEAD,     /* the gradient of the loss was exactly zero for the parent and every neighbour at the last update,
                           and with mini-batches over the whole training set after it too. A weight decay and what
                           an optimiser remembers may still move the weights */
    LYAP_ESCAPED,  /* the distance exceeded plan.escape; the cell was frozen there */
    LYAP_OVERFLOW, /* the distance or the parent's loss left the finite numbers; frozen there */
    LYAP_ZERO_DISTANCE, /* every neighbour became bit-identical to the parent */
    LYAP_UNDERFLOW,     /* the distance fell below sqrt(smallest normal number): its square lost accuracy */
    LYAP_OUTCOME_COUNT
};

/* "ok", "dead", "escaped", "overflow", "zero_distance", "underflow": the words of the `status` column. */
const char *lyap_outcome_name(enum lyap_outcome outcome);

#ifdef __cplusplus
}
#endif

#endif
