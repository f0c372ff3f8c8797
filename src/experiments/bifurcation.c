/* Bifurcations: columns are the values of one varied spectrum run that hands on its orbits. */
#include "lyapgrad/bifurcation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/bifurcation.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/digest.h"
#include "experiments/axis.h"
#include "engine/spectrum_worker.h"

/* What the threads read while they set up lanes. */
struct bifurcation {
    struct lyap_axes axes; /* first: the worker's pointer to its vary is one to the bifurcation */
    const struct lyap_bifurcation_plan *plan;
    struct lyap_spectrum_plan spectrum; /* the plan's, with its values */
    struct lyap_orbit orbit;
};

void lyap_bifurcation_defaults(struct lyap_bifurcation_plan *plan, const struct lyap_network *network,
                               const struct lyap_dataset *data) {
    memset(plan, 0, sizeof *plan);
    lyap_spectrum_defaults(&plan->spectrum, network, data);
    plan->spectrum.base.setting.epochs = 5000;
    plan->spectrum.transient = 4488;
    plan->values = 400;
}

size_t lyap_orbit_numbers(enum lyap_orbit_kind kind, const struct lyap_network *network,
                          const struct lyap_dataset *data) {
    if (kind == LYAP_ORBIT_LOSS) return 1;
    if (kind == LYAP_ORBIT_WEIGHTS) return lyap_network_parameters(network);
    return data->samples * (size_t)network->sizes[network->layers];
}

size_t lyap_bifurcation_columns(const struct lyap_bifurcation_plan *plan) {
    const struct lyap_plan *base = &plan->spectrum.base;
    return plan->which ? plan->columns : lyap_orbit_numbers(plan->kind, base->network, base->data);
}

size_t lyap_orbit_points(const struct lyap_bifurcation_plan *plan) {
    return plan->spectrum.base.setting.epochs - plan->spectrum.transient;
}

static enum lyap_status check_orbit(const struct lyap_bifurcation_plan *plan, struct lyap_error *error) {
    const struct lyap_plan *base = &plan->spectrum.base;
    if ((unsigned)plan->kind > LYAP_ORBIT_LOSS)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "orbit: kind number %d is unknown: allowed are 0 to %d",
                         (int)plan->kind, (int)LYAP_ORBIT_LOSS);
    const size_t numbers = lyap_orbit_numbers(plan->kind, base->network, base->data);
    if (plan->which && plan->columns < 1)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "columns 0: at least one number is recorded");
    for (size_t c = 0; plan->which && c < plan->columns; c++)
        if (plan->which[c] >= numbers)
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "number %zu of the %s: there are %zu, counted from 0",
                             plan->which[c], plan->kind == LYAP_ORBIT_OUTPUTS ? "outputs" : "weights", numbers);
    return LYAP_OK;
}

enum lyap_status lyap_bifurcation_check(const struct lyap_bifurcation_plan *plan, struct lyap_error *error) {
    const struct lyap_spectrum_plan *spectrum = &plan->spectrum;
    const struct lyap_plan *base = &spectrum->base;
    if (plan->values < 1 || plan->values > LYAP_MAP_MOST)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "values %zu: must be 1 .. %d", plan->values, LYAP_MAP_MOST);
    if (spectrum->system != LYAP_SYSTEM_NETWORK || spectrum->method != LYAP_TANGENT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "system %s: a bifurcation diagram is of a network's training, in tangent space",
                         lyap_system_name(spectrum->system));
    if (base->values != 1 || base->settings || base->first_cell || base->count)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "values %zu: all of a bifurcation diagram share one setting",
                         base->values);
    enum lyap_status status = lyap_spectrum_check(spectrum, error);
    if (!status) status = lyap_axis_check(base, &plan->over, plan->values, "values", error);
    return status ? status : check_orbit(plan, error);
}

static void set_cell(const struct lyap_vary *vary, uint64_t cell, struct lyap_lane *lane) {
    const struct lyap_bifurcation_plan *plan = ((const struct bifurcation *)vary)->plan;
    double value = lyap_map_axis_value(&plan->over, (size_t)(cell / plan->spectrum.base.starts), plan->values);
    lyap_axes_set((const struct lyap_axes *)vary, &value, lane);
}

static bool finite(const double *values, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i])) return false;
    return true;
}

static void describe(const struct lyap_bifurcation_plan *plan, size_t columns, const struct lyap_spectrum_record *r,
                     const struct lyap_exponent *lambda, const double *orbit, struct lyap_bifurcation_cell *cell) {
    const bool settled = r->regime != LYAP_DIVERGED && r->regime != LYAP_DEAD_REGIME;
    *cell = (struct lyap_bifurcation_cell){.value = (size_t)r->value,
                                           .start = r->start,
                                           .at = lyap_map_axis_value(&plan->over, (size_t)r->value, plan->values),
                                           .defined = r->resolved > 0,
                                           .regime = r->regime,
                                           .orbit = orbit};
    if (cell->defined) cell->exponent = *lambda;
    if (!settled || !finite(orbit, lyap_orbit_points(plan) * columns)) return;
    cell->points = lyap_orbit_points(plan);
    cell->period = r->period;
}

enum lyap_status lyap_bifurcation_pass(const struct lyap_spectrum_chunk *chunk, void *context,
                                       struct lyap_error *error) {
    struct lyap_bifurcation_passing *p = context;
    const size_t columns = lyap_bifurcation_columns(p->plan), row = lyap_orbit_points(p->plan) * columns;
    if (chunk->count > p->room) {
        free(p->cells);
        p->cells = malloc(chunk->count * sizeof *p->cells);
        p->room = p->cells ? chunk->count : 0;
        if (!p->cells) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu cells", chunk->count);
    }
    for (size_t i = 0; i < chunk->count; i++)
        describe(p->plan, columns, &chunk->records[i], &chunk->lambda[i * chunk->exponents], chunk->orbit + i * row,
                 &p->cells[i]);
    struct lyap_bifurcation_chunk out = {chunk->first_cell, chunk->count, columns, p->cells, chunk};
    return p->sink(&out, p->context, error);
}

struct lyap_spectrum_plan lyap_bifurcation_cells(const struct lyap_bifurcation_plan *plan) {
    struct lyap_spectrum_plan cells = plan->spectrum;
    cells.base.values = plan->values;
    return cells;
}

enum lyap_status lyap_bifurcation_spectra(const struct lyap_bifurcation_plan *plan, uint64_t first, uint64_t count,
                                          lyap_spectrum_sink sink, void *context, struct lyap_error *error) {
    struct bifurcation b = {.plan = plan};
    enum lyap_status status = lyap_bifurcation_check(plan, error);
    if (!status) status = lyap_axes_new(&b.axes, &plan->spectrum.base, &plan->over, NULL, set_cell, error);
    if (!status) {
        b.orbit = (struct lyap_orbit){plan->kind, lyap_orbit_points(plan), lyap_bifurcation_columns(plan), plan->which};
        b.spectrum = lyap_bifurcation_cells(plan);
        b.spectrum.base.first_cell = first;
        b.spectrum.base.count = count;
        lyap_axes_announce(&b.axes, &b.spectrum.base);
        status = lyap_spectrum_run_orbits(&b.spectrum, &b.axes.vary, &b.orbit, sink, context, error);
    }
    lyap_axes_free(&b.axes);
    return status;
}

enum lyap_status lyap_bifurcation_run(const struct lyap_bifurcation_plan *plan, lyap_bifurcation_sink sink,
                                      void *context, struct lyap_error *error) {
    struct lyap_bifurcation_passing passing = {.plan = plan, .sink = sink, .context = context};
    enum lyap_status status = lyap_bifurcation_spectra(plan, 0, 0, lyap_bifurcation_pass, &passing, error);
    free(passing.cells);
    return status;
}

uint64_t lyap_bifurcation_digest(uint64_t digest, const struct lyap_bifurcation_chunk *chunk) {
    const struct lyap_spectrum_chunk *s = chunk->spectrum;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_bifurcation_cell *cell = &chunk->cells[i];
        digest = lyap_digest_double(digest, cell->at);
        digest = lyap_digest_u64(digest, cell->period);
        for (size_t k = 0; k < cell->points * chunk->columns; k++) digest = lyap_digest_double(digest, cell->orbit[k]);
        digest = lyap_digest_spectrum(digest, &s->records[i], s->lambda + i * s->exponents, s->exponents);
    }
    return digest;
}
