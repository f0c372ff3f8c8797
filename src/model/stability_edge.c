#include "lyapgrad/edge.h"

#include <math.h>

static bool rates_alike(const struct lyap_optimiser *o, int layers) {
    for (int l = 0; l < layers; l++)
        if (o->layer_rate[l] != 1) return false;
    return true;
}

/* Learning rate times curvature up to which a step contracts; 0: not known. */
static double factor_of(const struct lyap_optimiser *o) {
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

bool lyap_edge_known(const struct lyap_optimiser *o, int layers) {
    return !o->batch && o->schedule == LYAP_CONSTANT && rates_alike(o, layers) && factor_of(o) > 0;
}

double lyap_edge_rate(const struct lyap_optimiser *o, int layers, double sharpness) {
    double curvature = sharpness + o->weight_decay;
    return lyap_edge_known(o, layers) && curvature > 0 && isfinite(curvature) ? factor_of(o) / curvature : 0;
}
