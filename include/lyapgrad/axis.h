/* An axis: a quantity of training that differs from cell to cell, over a window of values. A map has two, a bifurcation diagram
 * one; the learning rate, say, may be swept along it. */
#ifndef LYAPGRAD_AXIS_H
#define LYAPGRAD_AXIS_H

#include <stdio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lyap_axis_quantity {
    LYAP_AXIS_LR,           /* "lr": learning rate of the layers without an axis of their own, > 0 */
    LYAP_AXIS_LAYER_LR,     /* "lr1", "lr2", ..: learning rate of weight layer `layer`, >= 0 (not a factor) */
    LYAP_AXIS_INIT_SCALE,   /* "init-scale": the start's weights and biases times this */
    LYAP_AXIS_MOMENTUM,     /* "momentum" of the optimisers momentum and nesterov, in [0, 1) */
    LYAP_AXIS_WEIGHT_DECAY, /* "weight-decay", >= 0 */
    LYAP_AXIS_DIRECTION     /* "d1", "d2": added to the (scaled) start along direction `layer` of two random ones */
};

struct lyap_sweep_axis {
    enum lyap_axis_quantity quantity;
    int layer;        /* of LYAP_AXIS_LAYER_LR, from 0; of LYAP_AXIS_DIRECTION 0 or 1; else 0 */
    double low, high; /* the window's edges, low < high */
    bool logarithmic; /* needs low > 0 */
};

enum { LYAP_AXIS_MOST = 16384 }; /* values of an axis */

/* Reads "lr", "lr1" .. "lrL", "init-scale", "momentum", "weight-decay", "d1", "d2" into quantity and layer; the rest of the
 * axis stays. LYAP_ERROR_ARGUMENT lists the allowed names; a layer beyond the network's is found by the run. */
enum lyap_status lyap_axis_parse(struct lyap_sweep_axis *axis, const char *name, struct lyap_error *error);

/* Writes the name back, at most `size` bytes with the end mark; returns `text`. */
const char *lyap_axis_name(const struct lyap_sweep_axis *axis, char *text, size_t size);

/* Value of an axis at the centre of part i of n equal ones. */
double lyap_axis_value(const struct lyap_sweep_axis *axis, size_t i, size_t n);

/* Two directions in weight space, out[2][parameters]: standard normals of stream LYAP_STREAM_DIRECTION, cells 0 and 1, the
 * second made orthogonal to the first, both scaled to length 1, in double precision. */
void lyap_axis_directions(uint64_t seed, size_t parameters, double *out);

/* Writes the settings' line "key = QUANTITY:LOW:HIGH[:COUNT][:log]"; count 0: none. An error stays with the file. */
void lyap_axis_setting(FILE *file, const char *key, const struct lyap_sweep_axis *axis, size_t count);

#ifdef __cplusplus
}
#endif
#endif
