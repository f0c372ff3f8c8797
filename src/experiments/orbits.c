/* Orbits of cells that differ by the plan's own settings. */
#include "experiments/orbits.h"

#include "engine/spectrum_worker.h"

enum lyap_status lyap_orbit_check(const struct lyap_orbit *orbit, const struct lyap_plan *base,
                                  struct lyap_error *error) {
    if ((unsigned)orbit->kind > LYAP_ORBIT_LOSS)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "orbit: kind number %d is unknown: allowed are 0 to %d",
                         (int)orbit->kind, (int)LYAP_ORBIT_LOSS);
    const size_t numbers = lyap_orbit_numbers(orbit->kind, base->network, base->data);
    if (orbit->which && orbit->columns < 1)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "columns 0: at least one number is recorded");
    for (size_t c = 0; orbit->which && c < orbit->columns; c++)
        if (orbit->which[c] >= numbers)
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "number %zu of the %s: there are %zu, counted from 0",
                             orbit->which[c], orbit->kind == LYAP_ORBIT_OUTPUTS ? "outputs" : "weights", numbers);
    return LYAP_OK;
}

enum lyap_status lyap_orbits_run(const struct lyap_spectrum_plan *plan, const struct lyap_orbit *orbit,
                                 lyap_spectrum_sink sink, void *context, struct lyap_error *error) {
    const struct lyap_plan *base = &plan->base;
    if (plan->system != LYAP_SYSTEM_NETWORK || plan->method != LYAP_TANGENT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "system %s: orbits are of a network's training, in tangent space",
                         lyap_system_name(plan->system));
    enum lyap_status status = lyap_spectrum_check(plan, error);
    if (!status) status = lyap_orbit_check(orbit, base, error);
    if (status) return status;
    struct lyap_orbit all = *orbit;
    const size_t epochs = base->settings ? base->settings[0].epochs : base->setting.epochs;
    if (!orbit->which) all.columns = lyap_orbit_numbers(orbit->kind, base->network, base->data);
    if (all.points < 1 || all.points > epochs - plan->transient)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "points %zu: must be 1 .. %zu, the steps behind the transient",
                         all.points, epochs - plan->transient);
    return lyap_spectrum_run_orbits(plan, NULL, &all, sink, context, error);
}
