#include "lyapgrad/outcome.h"

static const char *const outcomes[LYAP_OUTCOME_COUNT] = {"ok",       "dead",          "escaped",
                                                         "overflow", "zero_distance", "underflow"};

const char *lyap_outcome_name(enum lyap_outcome outcome) {
    return (unsigned)outcome < LYAP_OUTCOME_COUNT ? outcomes[outcome] : "unknown";
}
