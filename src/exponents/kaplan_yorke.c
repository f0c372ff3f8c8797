/* The Kaplan-Yorke dimension, from a system's exponents. */
#include "lyapgrad/kaplan_yorke.h"

#include <math.h>
#include <stdbool.h>

/* The place of the largest exponent below that at `last`, equal ones by their index; from n for the first. */
static size_t next_largest(const double *exponents, size_t n, size_t last) {
    size_t next = n;
    for (size_t i = 0; i < n; i++) {
        bool behind = last == n || (i > last && exponents[i] == exponents[last]) || exponents[i] < exponents[last];
        if (behind && (next == n || exponents[i] > exponents[next])) next = i;
    }
    return next;
}

/* Few exponents come before the sum turns negative, so they are looked up one by one, without memory that might be lacking. */
double lyap_kaplan_yorke(const double *exponents, size_t n, size_t dimension) {
    double sum = 0;
    size_t at = n;
    if (n == 0) return -1;
    for (size_t j = 0; j < n; j++) {
        at = next_largest(exponents, n, at);
        if (sum + exponents[at] < 0) return (double)j + (j ? sum / fabs(exponents[at]) : 0);
        sum += exponents[at];
    }
    return n == dimension ? (double)n : -1;
}
