#include "edge.h"

#include <stdbool.h>

static bool rates_alike(const struct lyap_optimiser *o, int layers) {
    for (int l = 0; l < layers; l++)
        if (o->layer_rate[l] != 1) return false;
    return true;
}

double lyap_edge_factor(const struct lyap_optimiser *o, int layers) {
    if (o->batch || o->schedule != LYAP_CONSTANT || !rates_alike(o, layers)) return 0;
    switch (o->kind) {
    case LYAP_GD:
        return 2;
    case LYAP_MOMENTUM:
        return 2 * (1 + o->momentum);
    case LYAP_NESTEROV:
        return 2 * (1 + o->momentum) / (1 + 2 * o->momentum);
    default:
        return 0;
    }
}
