/* The records of cells whose measurement ends: exponents with their intervals, regime, dimension. */
#ifndef LYAP_ENGINE_SPECTRUM_FINISH_H
#define LYAP_ENGINE_SPECTRUM_FINISH_H

#include "engine/spectrum_worker.h"

/* Where a block's results go; the arrays begin at its first cell. */
struct lyap_spectrum_out {
    struct lyap_spectrum_record *records; /* [count] */
    struct lyap_exponent *lambda;         /* [count][vectors] */
    uint32_t *used;                       /* [count] */
    struct lyap_history *history;         /* [count][points] or NULL */
    double *running;                      /* [count][points][vectors] or NULL */
    struct lyap_evaluation *evaluation;   /* [count] or NULL */
    double *orbit;                        /* [count][points of the orbit][columns] or NULL */
};

/* Makes the record and the exponents of the cell in `lane`, which ends by `stop`. */
void lyap_spectrum_finish(struct lyap_spectrum_worker *worker, size_t lane, enum lyap_stop stop,
                          const struct lyap_spectrum_out *out);

/* Evaluates the parents of the lanes that end now (a bit each), where the plan asks for it. */
void lyap_spectrum_evaluate(struct lyap_spectrum_worker *worker, uint32_t ending, const struct lyap_spectrum_out *out);

#endif
