/* Quantities that differ from cell to cell: names, values, and the lanes that get them. */
#include "experiments/axis.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/random.h"
#include "base/number.h"
#include "io/output_file.h"
#include "stats/log_grid.h"
#include "lyapgrad/optimiser.h"

static const struct {
    const char *name;
    enum lyap_axis_quantity quantity;
    int layer;
} words[] = {{"lr", LYAP_AXIS_LR, 0},
             {"init-scale", LYAP_AXIS_INIT_SCALE, 0},
             {"momentum", LYAP_AXIS_MOMENTUM, 0},
             {"weight-decay", LYAP_AXIS_WEIGHT_DECAY, 0},
             {"d1", LYAP_AXIS_DIRECTION, 0},
             {"d2", LYAP_AXIS_DIRECTION, 1}};
enum { WORDS = sizeof words / sizeof *words };

enum lyap_status lyap_axis_parse(struct lyap_sweep_axis *axis, const char *name, struct lyap_error *error) {
    uint64_t layer;
    for (int i = 0; i < WORDS; i++)
        if (strcmp(name, words[i].name) == 0) {
            axis->quantity = words[i].quantity;
            axis->layer = words[i].layer;
            return LYAP_OK;
        }
    if (strncmp(name, "lr", 2) == 0 && lyap_number_count(name + 2, LYAP_MAX_LAYERS, &layer) && layer >= 1) {
        axis->quantity = LYAP_AXIS_LAYER_LR;
        axis->layer = (int)layer - 1;
        return LYAP_OK;
    }
    return lyap_fail(
        error, LYAP_ERROR_ARGUMENT,
        "unknown quantity '%.60s'; expected lr, lr1, lr2 .. (of a layer of weights), init-scale, momentum, "
        "weight-decay, d1 or d2",
        name);
}

const char *lyap_axis_name(const struct lyap_sweep_axis *axis, char *text, size_t size) {
    snprintf(text, size, "unknown");
    if (axis->quantity == LYAP_AXIS_LAYER_LR && axis->layer >= 0 && axis->layer < LYAP_MAX_LAYERS)
        snprintf(text, size, "lr%d", axis->layer + 1);
    for (int i = 0; i < WORDS; i++)
        if (words[i].quantity == axis->quantity && words[i].layer == axis->layer)
            snprintf(text, size, "%s", words[i].name);
    return text;
}

double lyap_axis_value(const struct lyap_sweep_axis *axis, size_t i, size_t n) {
    double part = ((double)i + 0.5) / (double)n;
    if (!axis->logarithmic) return fma(axis->high - axis->low, part, axis->low);
    return lyap_log_between(axis->low, axis->high, part);
}

void lyap_axis_setting(FILE *keys, const char *key, const struct lyap_sweep_axis *axis, size_t count) {
    char name[16], low[32], high[32], values[24] = "";
    if (count) snprintf(values, sizeof values, ":%zu", count);
    fprintf(keys, "%s = %s:%s:%s%s%s\n", key, lyap_axis_name(axis, name, sizeof name), lyap_format_real(axis->low, low),
            lyap_format_real(axis->high, high), values, axis->logarithmic ? ":log" : "");
}

static double dot(const double *a, const double *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum = fma(a[i], b[i], sum);
    return sum;
}

void lyap_axis_directions(uint64_t seed, size_t parameters, double *out) {
    for (size_t d = 0; d < LYAP_AXIS_DIRECTIONS; d++) {
        double *v = out + d * parameters;
        lyap_random_normal(seed, LYAP_STREAM_DIRECTION, d, 0, parameters, v);
        /* Twice: what rounding leaves along the first direction is taken off too. */
        for (int pass = 0; d == 1 && pass < 2; pass++) {
            double along = dot(out, v, parameters);
            for (size_t i = 0; i < parameters; i++) v[i] = fma(-along, out[i], v[i]);
        }
        double length = sqrt(dot(v, v, parameters));
        for (size_t i = 0; i < parameters; i++) v[i] /= length;
    }
}

/* Neighbouring values must differ as numbers of the run's precision. */
static bool distinct(const struct lyap_sweep_axis *axis, size_t n, enum lyap_precision precision) {
    for (size_t i = 1; i < n; i++) {
        double a = lyap_axis_value(axis, i - 1, n), b = lyap_axis_value(axis, i, n);
        if (precision == LYAP_FLOAT32 ? !((float)a < (float)b) : !(a < b)) return false;
    }
    return true;
}

/* Quantity and layer are those of a name. */
static enum lyap_status check_quantity(const struct lyap_plan *base, const struct lyap_sweep_axis *axis,
                                       const char *name, struct lyap_error *error) {
    if ((unsigned)axis->quantity > LYAP_AXIS_DIRECTION)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis: quantity number %d is unknown: allowed are 0 to %d",
                         (int)axis->quantity, (int)LYAP_AXIS_DIRECTION);
    if (axis->quantity == LYAP_AXIS_DIRECTION && !(axis->layer >= 0 && axis->layer < LYAP_AXIS_DIRECTIONS))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis: direction number %d: allowed are 0 to %d", axis->layer,
                         LYAP_AXIS_DIRECTIONS - 1);
    if (axis->quantity == LYAP_AXIS_LAYER_LR && !(axis->layer >= 0 && axis->layer < base->network->layers))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis %s: the network has %d %s of weights", name,
                         base->network->layers, base->network->layers == 1 ? "layer" : "layers");
    if (axis->quantity != LYAP_AXIS_DIRECTION && axis->quantity != LYAP_AXIS_LAYER_LR && axis->layer != 0)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis: quantity number %d has no layers: layer %d must be 0",
                         (int)axis->quantity, axis->layer);
    return LYAP_OK;
}

enum lyap_status lyap_axis_check(const struct lyap_plan *base, const struct lyap_sweep_axis *axis, size_t n,
                                 const char *points, struct lyap_error *error) {
    double least = axis->quantity == LYAP_AXIS_LR                                                    ? DBL_MIN
                   : axis->quantity == LYAP_AXIS_INIT_SCALE || axis->quantity == LYAP_AXIS_DIRECTION ? -FLT_MAX
                                                                                                     : 0;
    double most = axis->quantity == LYAP_AXIS_MOMENTUM ? 1 : (double)FLT_MAX;
    char name[16];
    lyap_axis_name(axis, name, sizeof name);
    enum lyap_status status = check_quantity(base, axis, name, error);
    if (status) return status;
    if (!(axis->low < axis->high))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis %s: from %g to %g: the low end must be below the high", name,
                         axis->low, axis->high);
    if (axis->logarithmic && !(axis->low > 0))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis %s: from %g to %g: a logarithmic axis needs ends above 0",
                         name, axis->low, axis->high);
    if (!(axis->low >= least || (axis->quantity == LYAP_AXIS_LR && axis->low == 0)) || !(axis->high <= most))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis %s: from %g to %g: must lie in %g .. %g", name, axis->low,
                         axis->high, axis->quantity == LYAP_AXIS_LR ? 0 : least, most);
    char names[160];
    if (axis->quantity == LYAP_AXIS_MOMENTUM && !lyap_optimiser_lane_momentum(base->optimiser.kind))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis momentum: belongs to the optimisers %s; this is %s",
                         lyap_optimiser_names(lyap_optimiser_lane_momentum, " and ", names, sizeof names),
                         lyap_optimiser_name(base->optimiser.kind));
    if (!distinct(axis, n, base->precision))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "axis %s: from %.17g to %.17g: %zu %s are too close for %s; widen the window or take fewer",
                         name, axis->low, axis->high, n, points, lyap_precision_name(base->precision));
    return LYAP_OK;
}

static void set_axis(const struct lyap_axes *axes, const struct lyap_sweep_axis *axis, double value,
                     struct lyap_lane *lane) {
    const size_t parameters = lyap_network_parameters(axes->base->network);
    const bool along = axis->quantity == LYAP_AXIS_DIRECTION;
    const double *direction = axes->directions + (along ? (size_t)axis->layer * parameters : 0);
    switch (axis->quantity) {
    case LYAP_AXIS_LR:
        lane->lr = value;
        break;
    case LYAP_AXIS_MOMENTUM:
        lane->momentum = value;
        break;
    case LYAP_AXIS_WEIGHT_DECAY:
        lane->weight_decay = value;
        break;
    case LYAP_AXIS_INIT_SCALE:
        for (size_t p = 0; p < parameters; p++) lane->weights[p] *= value;
        break;
    case LYAP_AXIS_DIRECTION:
        for (size_t p = 0; p < parameters; p++) lane->weights[p] = fma(value, direction[p], lane->weights[p]);
        break;
    case LYAP_AXIS_LAYER_LR: /* once the rate of all is known */
        break;
    }
}

/* Rates of the layers as they are: the common one times a layer's factor, or a layer's axis. */
static void set_rates(const struct lyap_axes *axes, const double *value, struct lyap_lane *lane) {
    const struct lyap_plan *base = axes->base;
    for (int l = 0; l < base->network->layers; l++) lane->layer_rate[l] = lane->lr * base->optimiser.layer_rate[l];
    for (int i = 0; i < axes->count; i++)
        if (axes->axis[i]->quantity == LYAP_AXIS_LAYER_LR) lane->layer_rate[axes->axis[i]->layer] = value[i];
    lane->lr = 1;
}

void lyap_axes_set(const struct lyap_axes *axes, const double *value, struct lyap_lane *lane) {
    for (int last = 0; last < 2; last++) /* directions are added to the scaled start */
        for (int i = 0; i < axes->count; i++)
            if ((axes->axis[i]->quantity != LYAP_AXIS_INIT_SCALE) == last)
                set_axis(axes, axes->axis[i], value[i], lane);
    if (axes->vary.layer_rate) set_rates(axes, value, lane);
}

static bool uses(const struct lyap_axes *axes, enum lyap_axis_quantity quantity) {
    for (int i = 0; i < axes->count; i++)
        if (axes->axis[i]->quantity == quantity) return true;
    return false;
}

enum lyap_status lyap_axes_new(struct lyap_axes *axes, const struct lyap_plan *base, const struct lyap_sweep_axis *x,
                               const struct lyap_sweep_axis *y, lyap_axes_setter *set, struct lyap_error *error) {
    const size_t parameters = lyap_network_parameters(base->network);
    *axes = (struct lyap_axes){.base = base, .axis = {x, y}, .count = y ? 2 : 1};
    axes->vary = (struct lyap_vary){.weights = uses(axes, LYAP_AXIS_INIT_SCALE) || uses(axes, LYAP_AXIS_DIRECTION),
                                    .layer_rate = uses(axes, LYAP_AXIS_LAYER_LR),
                                    .momentum = uses(axes, LYAP_AXIS_MOMENTUM),
                                    .weight_decay = uses(axes, LYAP_AXIS_WEIGHT_DECAY),
                                    .set = set};
    axes->directions = malloc(LYAP_AXIS_DIRECTIONS * parameters * sizeof *axes->directions);
    if (!axes->directions) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for two directions");
    lyap_axis_directions(base->seed, parameters, axes->directions);
    return LYAP_OK;
}

void lyap_axes_free(struct lyap_axes *axes) {
    free(axes->directions);
    axes->directions = NULL;
}

void lyap_axes_announce(const struct lyap_axes *axes, struct lyap_plan *plan) {
    if (axes->vary.layer_rate) plan->optimiser.layer_rate[0] = 2;
    if (axes->vary.weight_decay) plan->optimiser.weight_decay = 1;
}
