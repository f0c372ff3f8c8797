/* The spectrum's plan: defaults, what it may hold, and the names of its results. */
#include <float.h>
#include <math.h>

#include "engine/plan.h"
#include "engine/spectrum_plan.h"
#include "lyapgrad/spectrum.h"

static const char *const stops[] = {"steps", "ci", "event"};

const char *lyap_stop_name(enum lyap_stop stop) {
    return (unsigned)stop <= LYAP_STOP_EVENT ? stops[stop] : "unknown";
}

void lyap_spectrum_defaults(struct lyap_spectrum_plan *plan, const struct lyap_network *network,
                            const struct lyap_dataset *data) {
    *plan = (struct lyap_spectrum_plan){.method = LYAP_TANGENT,
                                        .system = LYAP_SYSTEM_NETWORK,
                                        .exponents = 1,
                                        .growth = 10,
                                        .tolerance = 1e-5,
                                        .band = 10};
    lyap_plan_defaults(&plan->base, network, data);
    plan->base.precision = LYAP_FLOAT64;
    plan->base.setting = (struct lyap_setting){.lr = 0.001, .perturbation = 1e-8, .epochs = 10000};
}

size_t lyap_spectrum_dimension(const struct lyap_spectrum_plan *plan) {
    if (plan->system == LYAP_SYSTEM_NETWORK)
        return lyap_network_parameters(plan->base.network) * (1 + lyap_optimiser_buffers(plan->base.optimiser.kind));
    return lyap_system_dimension(plan->system, plan->constant_count);
}

static enum lyap_status check_system(const struct lyap_spectrum_plan *plan, struct lyap_error *error) {
    const struct lyap_plan *base = &plan->base;
    if (!lyap_system_dimension(plan->system, plan->constant_count))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "system %s: does not take %zu constants",
                         lyap_system_name(plan->system), plan->constant_count);
    for (size_t i = 0; i < plan->constant_count; i++)
        if (!(fabs(plan->constants[i]) <= (double)FLT_MAX))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "system %s: constant %zu, %g, must be finite",
                             lyap_system_name(plan->system), i, plan->constants[i]);
    size_t values = plan->states ? base->starts * lyap_spectrum_dimension(plan) : 0;
    for (size_t i = 0; i < values; i++)
        if (!(fabs(plan->states[i]) <= (double)FLT_MAX))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "state %zu, %g, must be finite", i, plan->states[i]);
    return LYAP_OK;
}

enum lyap_status lyap_spectrum_check(const struct lyap_spectrum_plan *plan, struct lyap_error *error) {
    const struct lyap_plan *base = &plan->base;
    if ((unsigned)plan->system >= LYAP_SYSTEM_COUNT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "system number %d is unknown: allowed are 0 to %d",
                         (int)plan->system, LYAP_SYSTEM_COUNT - 1);
    if ((unsigned)plan->method >= LYAP_METHOD_COUNT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "method number %d is unknown: allowed are 0 to %d",
                         (int)plan->method, LYAP_METHOD_COUNT - 1);
    bool known = plan->system != LYAP_SYSTEM_NETWORK;
    enum lyap_status status = known ? lyap_plan_check_numbers(base, error) : lyap_plan_check(base, error);
    if (!status && known) status = check_system(plan, error);
    if (status) return status;
    size_t dimension = lyap_spectrum_dimension(plan);
    uint32_t epochs = base->settings ? base->settings[0].epochs : base->setting.epochs;
    for (size_t v = 1; base->settings && v < base->values; v++)
        if (base->settings[v].epochs != epochs)
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "epochs %lu and %lu: all values need the same number of steps",
                             (unsigned long)epochs, (unsigned long)base->settings[v].epochs);
    if (!known && !base->optimiser.full_state) dimension = lyap_network_parameters(base->network);
    if (plan->exponents < 1 || plan->exponents > dimension)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "exponents %zu: must be 1 .. %zu, the number of %s",
                         plan->exponents, dimension, known || base->optimiser.full_state ? "dimensions" : "parameters");
    if (lyap_method_traits(plan->method)->pair && plan->exponents != 1)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "exponents %zu: two trajectories give 1; the tangent gives more",
                         plan->exponents);
    if (plan->qr_every > LYAP_MOST_QR)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "qr-every %lu: must be 1 .. %d, or 0 for the default",
                         (unsigned long)plan->qr_every, LYAP_MOST_QR);
    if (plan->transient >= epochs)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "transient %lu: must be below the number of steps, %lu",
                         (unsigned long)plan->transient, (unsigned long)epochs);
    if (!(plan->until_ci >= 0 && plan->until_ci <= DBL_MAX))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "until-ci %g: must be a positive width", plan->until_ci);
    if (!(plan->growth > 0 && plan->growth <= DBL_MAX))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "growth %g: must be a positive number of nats", plan->growth);
    if (!(plan->tolerance >= 0 && plan->tolerance <= DBL_MAX))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "tolerance %g: must be 0 or above", plan->tolerance);
    if (!(plan->band > 1 && plan->band <= 1e6))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "band %g: must be above 1 and at most 1e6", plan->band);
    if (plan->history > LYAP_MOST_POINTS)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "history %zu: at most %d points", plan->history, LYAP_MOST_POINTS);
    if (plan->curvature && known)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "curvature: is a network's; %s has none",
                         lyap_system_name(plan->system));
    return LYAP_OK;
}

uint32_t lyap_spectrum_qr_every(const struct lyap_spectrum_plan *plan) {
    if (lyap_method_traits(plan->method)->pair) return 1;
    if (plan->qr_every) return plan->qr_every;
    return plan->exponents == 1 ? 10 : 2;
}
