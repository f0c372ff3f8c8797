/* Names and sizes of the known systems. */
#include "lyapgrad/system.h"

static const struct {
    const char *name;
    size_t dimension, constants; /* 0 dimensions: as many as constants */
    double low, high;
} systems[LYAP_SYSTEM_COUNT] = {
    [LYAP_SYSTEM_NETWORK] = {"network", 0, 0, 0, 0},       [LYAP_SYSTEM_LOGISTIC] = {"logistic", 1, 0, 0.1, 0.9},
    [LYAP_SYSTEM_TENT] = {"tent", 1, 0, 0.1, 0.9},         [LYAP_SYSTEM_HENON] = {"henon", 2, 1, -0.1, 0.1},
    [LYAP_SYSTEM_STANDARD] = {"standard", 2, 0, 0.1, 0.9}, [LYAP_SYSTEM_LORENZ] = {"lorenz", 3, 3, 0.1, 1},
    [LYAP_SYSTEM_QUADRATIC] = {"quadratic", 0, 0, -1, 1},  [LYAP_SYSTEM_DOUBLE_WELL] = {"double-well", 1, 0, 0.1, 0.9},
};

const char *lyap_system_name(enum lyap_system system) {
    return (unsigned)system < LYAP_SYSTEM_COUNT ? systems[system].name : "unknown";
}

size_t lyap_system_dimension(enum lyap_system system, size_t constants) {
    if ((unsigned)system >= LYAP_SYSTEM_COUNT || system == LYAP_SYSTEM_NETWORK) return 0;
    if (system == LYAP_SYSTEM_QUADRATIC) return constants <= LYAP_SYSTEM_MOST ? constants : 0;
    return constants == systems[system].constants ? systems[system].dimension : 0;
}

void lyap_system_box(enum lyap_system system, double *low, double *high) {
    *low = (unsigned)system < LYAP_SYSTEM_COUNT ? systems[system].low : 0;
    *high = (unsigned)system < LYAP_SYSTEM_COUNT ? systems[system].high : 0;
}
