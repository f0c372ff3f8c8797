#include "edge.h"

#include <math.h>

#include "deterministic.h"

static double largest_factor(const struct lyap_optimiser *o, int layers) {
    double most = 0;
    for (int l = 0; l < layers; l++) most = o->layer_rate[l] > most ? o->layer_rate[l] : most;
    return most;
}

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

double lyap_descent_growth(const struct lyap_optimiser *o, int layers, double lr, double h) {
    const double a = 1 + lr * largest_factor(o, layers) * (h > 0 ? h : 0), mu = o->momentum;
    double sum, product; /* of the two roots */
    switch (o->kind) {
    case LYAP_GD:
        return lyap_log(a);
    case LYAP_MOMENTUM:
        sum = a + mu;
        product = mu;
        break;
    case LYAP_NESTEROV:
        sum = (1 + mu) * a;
        product = mu * a;
        break;
    default:
        return INFINITY;
    }
    double root = sum * sum - 4 * product;
    return lyap_log(0.5 * (sum + sqrt(root > 0 ? root : 0)));
}
