/* The plan: its defaults and what it may hold. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "engine/plan.h"
#include "lyapgrad/dataset.h"

void lyap_plan_defaults(struct lyap_plan *plan, const struct lyap_network *network, const struct lyap_dataset *data) {
    *plan = (struct lyap_plan){
        .network = network,
        .data = data,
        .precision = LYAP_FLOAT32,
        .isa = LYAP_ISA_SCALAR,
        .seed = 1,
        .starts = 1,
        .values = 1,
        .setting = {.lr = 0.001, .perturbation = 1e-4, .epochs = 100},
        .neighbours = 24,
        .init = LYAP_INIT_UNIFORM,
        .init_a = 0,
        .init_b = 1,
        .window = true,
        .window_low = 0.2,
        .window_high = 0.4,
        .max_draws = 1000000,
        .escape = 1e9,
    };
    lyap_isa_select(NULL, &plan->isa, NULL); /* scalar stays where the CPU has none */
    lyap_optimiser_defaults(&plan->optimiser, LYAP_GD);
}

/* A positive number that stays a positive finite one in the run's precision. */
static bool positive(double value, enum lyap_precision precision) {
    double largest = precision == LYAP_FLOAT64 ? DBL_MAX : (double)FLT_MAX;
    double smallest = precision == LYAP_FLOAT64 ? DBL_MIN : (double)FLT_MIN;
    return value >= smallest && value <= largest;
}

static enum lyap_status check_setting(const struct lyap_setting *s, enum lyap_precision precision,
                                      struct lyap_error *error) {
    if (!positive(s->lr, precision))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "learning rate %g: must be a positive %s number", s->lr,
                         lyap_precision_name(precision));
    if (!positive(s->perturbation, precision))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "perturbation %g: must be a positive %s number", s->perturbation,
                         lyap_precision_name(precision));
    if (s->epochs < 1 || s->epochs > INT32_MAX)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "epochs %lu: must be 1 .. %d", (unsigned long)s->epochs,
                         INT32_MAX);
    return LYAP_OK;
}

static enum lyap_status check_data(const struct lyap_network *net, const struct lyap_dataset *data,
                                   struct lyap_error *error) {
    size_t inputs = (size_t)net->sizes[0], outputs = (size_t)net->sizes[net->layers];
    if (data->samples < 1) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "the data set has no samples");
    char shape[64];
    if (data->inputs != inputs || data->outputs != outputs)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "network %.60s: takes %zu inputs and gives %zu outputs, but the data set has %zu inputs and "
                         "%zu targets",
                         lyap_network_shape(net, shape, sizeof shape), inputs, outputs, data->inputs, data->outputs);
    for (size_t i = 0; i < data->samples * data->inputs; i++)
        if (!(fabs(data->x[i]) <= (double)FLT_MAX))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "sample %zu: input %g is not a finite float32 number",
                             i / data->inputs, data->x[i]);
    for (size_t i = 0; i < data->samples * data->outputs; i++) {
        double y = data->y[i];
        if (!(fabs(y) <= (double)FLT_MAX))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "sample %zu: target %g is not a finite float32 number",
                             i / data->outputs, y);
        if (net->loss != LYAP_MSE && !(y >= 0 && y <= 1))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "sample %zu: target %g: loss %s needs targets in [0, 1]",
                             i / data->outputs, y, lyap_loss_name(net->loss));
    }
    for (size_t s = 0; net->loss == LYAP_SOFTMAX && s < data->samples; s++) {
        double sum = 0;
        for (size_t o = 0; o < outputs; o++) sum += data->y[s * outputs + o];
        if (!(fabs(sum - 1) <= 1e-6))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                             "sample %zu: targets sum to %g: loss softmax needs them to sum to 1 (class numbers become "
                             "such targets with one-hot)",
                             s, sum);
    }
    return LYAP_OK;
}

static enum lyap_status check_weights(const struct lyap_plan *plan, struct lyap_error *error) {
    double largest = plan->precision == LYAP_FLOAT64 ? DBL_MAX : (double)FLT_MAX;
    size_t parameters = lyap_network_parameters(plan->network);
    for (size_t i = 0; i < plan->starts * parameters; i++)
        if (!(fabs(plan->weights[i]) <= largest))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "start %zu: weight %zu, %g, is not a finite %s number",
                             i / parameters, i % parameters, plan->weights[i], lyap_precision_name(plan->precision));
    return LYAP_OK;
}

static enum lyap_status check_init(const struct lyap_plan *plan, struct lyap_error *error) {
    if ((unsigned)plan->init >= LYAP_INIT_COUNT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "initial weights: distribution number %d is unknown: allowed are 0 to %d", (int)plan->init,
                         LYAP_INIT_COUNT - 1);
    if ((unsigned)plan->bias > LYAP_BIAS_NORMAL)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "initial biases: distribution number %d is unknown: allowed are 0 to %d", (int)plan->bias,
                         (int)LYAP_BIAS_NORMAL);
    if (plan->weights) return check_weights(plan, error);
    if (plan->bias == LYAP_BIAS_UNIFORM && !(plan->bias_a < plan->bias_b && fabs(plan->bias_a) <= (double)FLT_MAX &&
                                             fabs(plan->bias_b) <= (double)FLT_MAX))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "initial biases uniform:%g,%g: the low end must be below the high, both finite", plan->bias_a,
                         plan->bias_b);
    if (plan->bias == LYAP_BIAS_NORMAL &&
        !(fabs(plan->bias_a) <= (double)FLT_MAX && plan->bias_b > 0 && plan->bias_b <= (double)FLT_MAX))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "initial biases normal:%g,%g: the mean must be finite, the standard deviation > 0",
                         plan->bias_a, plan->bias_b);
    if (!(fabs(plan->init_a) <= (double)FLT_MAX) || !(fabs(plan->init_b) <= (double)FLT_MAX))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "initial weights: %g and %g must be finite", plan->init_a,
                         plan->init_b);
    if (plan->init == LYAP_INIT_UNIFORM && !(plan->init_a < plan->init_b))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "initial weights uniform:%g,%g: the low end must be below the high", plan->init_a,
                         plan->init_b);
    if (plan->init == LYAP_INIT_NORMAL && !(plan->init_b > 0))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "initial weights normal:%g,%g: the standard deviation must be > 0",
                         plan->init_a, plan->init_b);
    if (plan->window && !(plan->window_low <= plan->window_high && plan->window_low >= 0))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "loss window %g,%g: needs 0 <= low <= high", plan->window_low,
                         plan->window_high);
    if (plan->max_draws < 1) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "draws 0: must be at least 1");
    return LYAP_OK;
}

enum lyap_status lyap_plan_check_numbers(const struct lyap_plan *plan, struct lyap_error *error) {
    enum lyap_status status;
    const uint64_t most_starts = UINT64_C(1) << 48;
    if ((unsigned)plan->precision > LYAP_FLOAT64)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "precision number %d is unknown: allowed are 0 to %d",
                         (int)plan->precision, (int)LYAP_FLOAT64);
    if ((unsigned)plan->layout >= LYAP_LAYOUT_COUNT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "layout number %d is unknown: allowed are 0 to %d",
                         (int)plan->layout, LYAP_LAYOUT_COUNT - 1);
    if (plan->starts < 1 || plan->starts > most_starts)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "starts %llu: must be 1 .. 2^48",
                         (unsigned long long)plan->starts);
    if (plan->values < 1 || plan->values > UINT64_MAX / 2 / plan->starts)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "%zu values of %llu starts each: must be at least 1 and below 2^63", plan->values,
                         (unsigned long long)plan->starts);
    uint64_t cells = plan->starts * plan->values;
    if (plan->first_cell >= cells || plan->count > cells - plan->first_cell)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "cells %llu + %llu: the plan has %llu",
                         (unsigned long long)plan->first_cell, (unsigned long long)plan->count,
                         (unsigned long long)cells);
    if (plan->neighbours < 1 || plan->neighbours > 1u << 24)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "neighbours %u: must be 1 .. 2^24", plan->neighbours);
    if (!(plan->escape > 0 && plan->escape <= DBL_MAX))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "escape %g: must be a positive number", plan->escape);
    if (plan->threads < 0 || plan->threads > 4096)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "threads %d: must be 0 (all) .. 4096", plan->threads);
    if (plan->settings) {
        for (size_t v = 0; v < plan->values; v++)
            if ((status = check_setting(&plan->settings[v], plan->precision, error))) return status;
    } else if ((status = check_setting(&plan->setting, plan->precision, error))) {
        return status;
    }
    return LYAP_OK;
}

static enum lyap_status check_given(const struct lyap_plan *plan, struct lyap_error *error) {
    if (!plan->network) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "plan: has no network");
    if (!plan->data) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "plan: has no data set");
    return lyap_network_check(plan->network, error);
}

enum lyap_status lyap_plan_check(const struct lyap_plan *plan, struct lyap_error *error) {
    enum lyap_status status = check_given(plan, error);
    if (!status) status = lyap_plan_check_numbers(plan, error);
    if (!status) status = check_init(plan, error);
    if (!status) status = check_data(plan->network, plan->data, error);
    if (!status && plan->test) status = check_data(plan->network, plan->test, error);
    return status ? status : lyap_optimiser_check(&plan->optimiser, plan->network->layers, plan->data->samples, error);
}

uint64_t lyap_plan_cells(const struct lyap_plan *plan) {
    return plan->count ? plan->count : plan->starts * plan->values - plan->first_cell;
}

uint64_t lyap_plan_updates(const struct lyap_plan *plan) {
    const double most = 9e18;
    uint64_t cells = lyap_plan_cells(plan), cell = plan->first_cell, end = cell + cells;
    double updates = 0;
    if (!plan->settings) updates = (double)cells * plan->setting.epochs;
    while (plan->settings && cell < end) {
        uint64_t value = cell / plan->starts, next = (value + 1) * plan->starts;
        if (next > end) next = end;
        updates += (double)(next - cell) * plan->settings[value].epochs;
        cell = next;
    }
    return updates < most ? (uint64_t)updates : (uint64_t)most;
}

size_t lyap_plan_stride(const struct lyap_plan *plan) {
    size_t stride = plan->settings ? 0 : plan->setting.epochs;
    for (size_t v = 0; plan->settings && v < plan->values; v++)
        if (plan->settings[v].epochs > stride) stride = plan->settings[v].epochs;
    return stride;
}

const struct lyap_setting *lyap_plan_setting(const struct lyap_plan *plan, uint64_t cell) {
    return plan->settings ? &plan->settings[cell / plan->starts] : &plan->setting;
}
