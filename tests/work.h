/* How much work a test does. */
#ifndef LYAP_TEST_WORK_H
#define LYAP_TEST_WORK_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Whether LYAPGRAD_TEST_BRIEF=1 asks for shorter runs: on an emulated processor and under valgrind each
 * instruction costs a hundred times as much. What a test asserts stays the same. */
static inline bool brief_tests(void) {
    const char *value = getenv("LYAPGRAD_TEST_BRIEF");
    return value != NULL && strcmp(value, "1") == 0;
}
static inline unsigned work(unsigned usual, unsigned brief) {
    return brief_tests() ? brief : usual;
}

#endif
