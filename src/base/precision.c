#include "lyapgrad/precision.h"

const char *lyap_precision_name(enum lyap_precision precision) {
    return precision == LYAP_FLOAT64 ? "float64" : precision == LYAP_FLOAT32 ? "float32" : "unknown";
}
