/* How much work a test does. */
#ifndef LYAP_TEST_WORK_H
#define LYAP_TEST_WORK_H

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/skip.h"

/* Whether LYAPGRAD_TEST_BRIEF=1 asks for shorter runs: on an emulated processor and under valgrind each
 * instruction costs a hundred times as much. What a test asserts stays the same. */
static inline bool brief_tests(void) {
    const char *value = getenv("LYAPGRAD_TEST_BRIEF");
    return value != NULL && strcmp(value, "1") == 0;
}
static inline unsigned work(unsigned usual, unsigned brief) {
    return brief_tests() ? brief : usual;
}

/* Whether fma(-1, 0, -0) is -0, as IEEE 754 has it: true of every processor. valgrind 3.19 gives +0 for this and for some
 * other sums of zeros, so that what rests on it can be asserted of a processor and not there. */
static inline bool fma_keeps_the_sign_of_zero(void) {
    volatile double minus_one = -1, zero = 0, minus_zero = -0.0;
    return !brief_tests() || signbit(fma(minus_one, zero, minus_zero)) != 0;
}

/* For comparisons with the scalar set on one thread: the numbers of threads of a set. All sets share their work among threads in one way, so that the
 * best one alone has every number up to `most`, and the others two. */
static inline bool is_best(int isa) {
    enum lyap_isa best = LYAP_ISA_SCALAR;
    lyap_isa_select(NULL, &best, NULL);
    return (enum lyap_isa)isa == best;
}
static inline int first_threads(int isa) {
    return isa != LYAP_ISA_SCALAR && is_best(isa) ? 1 : 2;
}
static inline int last_threads(int isa, int most) {
    return is_best(isa) ? most : 2;
}

#endif
