/* The regime of a cell and the Kaplan-Yorke dimension, from its exponents. */
#include <math.h>
#include <stdlib.h>

#include "lyapgrad/statistics.h"
#include "spectrum_worker.h"

enum lyap_regime lyap_regime_of(const struct lyap_spectrum_record *record, const struct lyap_exponent *first,
                                bool alive, double growth, double time) {
    bool interval = record->batches > 0 && record->resolved > 0;
    if (record->outcome == LYAP_ESCAPED || record->outcome == LYAP_OVERFLOW) return LYAP_DIVERGED;
    if (!alive) return LYAP_DEAD_REGIME;
    if (interval && first->low > 0 && first->low * time > growth) return LYAP_CHAOTIC;
    if (record->growth > growth) return LYAP_TRANSIENT;
    /* A first vector lost to contraction has the exponent minus infinity. */
    if ((interval && first->high < 0) || (record->steps > 0 && record->resolved == 0)) return LYAP_CONVERGING;
    return LYAP_NEUTRAL;
}

double lyap_kaplan_yorke(const double *exponents, size_t n, size_t dimension) {
    double *sorted = malloc((n ? n : 1) * sizeof *sorted);
    if (!sorted || n == 0) {
        free(sorted);
        return -1;
    }
    for (size_t i = 0; i < n; i++) sorted[i] = -exponents[i];
    lyap_sort(sorted, n); /* ascending of the negated: descending */
    double sum = 0, value = n == dimension ? (double)n : -1;
    for (size_t j = 0; j < n; j++) {
        double next = -sorted[j];
        if (sum + next < 0) {
            value = (double)j + (j ? sum / fabs(next) : 0);
            break;
        }
        sum += next;
    }
    free(sorted);
    return value;
}
