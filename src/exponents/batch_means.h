/* Student's quantile, for the intervals by batch means (lyapgrad/interval.h) and every other 95 % interval of few observations. */
#ifndef LYAP_EXPONENTS_BATCH_MEANS_H
#define LYAP_EXPONENTS_BATCH_MEANS_H

#include "lyapgrad/interval.h"

/* t(0.975, df) of Student's distribution for df = 1 .. LYAP_MOST_BATCHES, correctly rounded; beyond that of LYAP_MOST_BATCHES. */
double lyap_t975(size_t df);

#endif
