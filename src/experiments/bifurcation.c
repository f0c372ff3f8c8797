/* Bifurcations: columns are the values of one varied spectrum run that hands on its orbits. */
#include "lyapgrad/bifurcation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/rows.h"
#include "engine/settings.h"
#include "engine/spectrum_plan.h"
#include "engine/spectrum.h"
#include "experiments/axis.h"
#include "experiments/spectrum.h"
#include "lyapgrad/digest.h"
#include "engine/orbits.h"

/* What the threads read while they set up lanes. */
struct bifurcation {
    struct lyap_axes axes; /* first: the worker's pointer to its vary is one to the bifurcation */
    const struct lyap_bifurcation_plan *plan;
    struct lyap_spectrum_plan spectrum; /* the plan's, with its values */
};

void lyap_bifurcation_defaults(struct lyap_bifurcation_plan *plan, const struct lyap_network *network,
                               const struct lyap_dataset *data) {
    memset(plan, 0, sizeof *plan);
    lyap_spectrum_defaults(&plan->spectrum, network, data);
    plan->spectrum.base.setting.epochs = 5000;
    plan->spectrum.transient = 4488;
    plan->values = 400;
}

size_t lyap_bifurcation_columns(const struct lyap_bifurcation_plan *plan) {
    const struct lyap_plan *base = &plan->spectrum.base;
    return plan->which ? plan->columns : lyap_orbit_numbers(plan->kind, base->network, base->data);
}

size_t lyap_orbit_points(const struct lyap_bifurcation_plan *plan) {
    return plan->spectrum.base.setting.epochs - plan->spectrum.transient;
}

static enum lyap_status check(const void *context, struct lyap_error *error) {
    const struct lyap_bifurcation_plan *plan = context;
    const struct lyap_spectrum_plan *spectrum = &plan->spectrum;
    const struct lyap_plan *base = &spectrum->base;
    if (plan->values < 1 || plan->values > LYAP_AXIS_MOST)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "values %zu: must be 1 .. %d", plan->values, LYAP_AXIS_MOST);
    if (spectrum->system != LYAP_SYSTEM_NETWORK || spectrum->method != LYAP_TANGENT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "system %s: a bifurcation diagram is of a network's training, in tangent space",
                         lyap_system_name(spectrum->system));
    if (base->values != 1 || base->settings || base->first_cell || base->count)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "values %zu: all of a bifurcation diagram share one setting",
                         base->values);
    enum lyap_status status = lyap_spectrum_check(spectrum, error);
    if (!status) status = lyap_axis_check(base, &plan->over, plan->values, "values", error);
    const struct lyap_orbit orbit = {plan->kind, lyap_orbit_points(plan), plan->columns, plan->which};
    return status ? status : lyap_orbit_check(&orbit, base, error);
}

static void set_cell(const struct lyap_vary *vary, uint64_t cell, struct lyap_lane *lane) {
    const struct lyap_bifurcation_plan *plan = ((const struct bifurcation *)vary)->plan;
    double value = lyap_axis_value(&plan->over, (size_t)(cell / plan->spectrum.base.starts), plan->values);
    lyap_axes_set((const struct lyap_axes *)vary, &value, lane);
}

static bool finite(const double *values, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i])) return false;
    return true;
}

/* Cell i of a chunk. */
static struct lyap_bifurcation_cell describe(const struct lyap_bifurcation_plan *plan,
                                             const struct lyap_spectrum_chunk *chunk, size_t i) {
    const struct lyap_spectrum_record *r = &chunk->records[i];
    const double *orbit = chunk->orbit + i * chunk->orbit_numbers;
    const bool settled = r->regime != LYAP_DIVERGED && r->regime != LYAP_DEAD_REGIME;
    struct lyap_bifurcation_cell cell = {.value = (size_t)r->value,
                                         .start = r->start,
                                         .at = lyap_axis_value(&plan->over, (size_t)r->value, plan->values),
                                         .defined = r->resolved > 0,
                                         .regime = r->regime,
                                         .orbit = orbit};
    if (cell.defined) cell.exponent = chunk->lambda[i * chunk->exponents];
    if (!settled || !finite(orbit, chunk->orbit_numbers)) return cell;
    cell.points = lyap_orbit_points(plan);
    cell.period = r->period;
    return cell;
}

static enum lyap_status present(struct lyap_presenter *presenter, const void *rows, struct lyap_error *error) {
    const struct lyap_experiment *e = presenter->experiment;
    const struct lyap_spectrum_chunk *chunk = rows;
    const size_t columns = lyap_bifurcation_columns(e->plan);
    struct lyap_bifurcation_cell *cells = lyap_presenter_room(presenter, chunk->count, sizeof *cells, error);
    if (!cells) return LYAP_ERROR_MEMORY;
    for (size_t i = 0; i < chunk->count; i++) cells[i] = describe(e->plan, chunk, i);
    const struct lyap_bifurcation_chunk out = {chunk->first_cell, chunk->count, columns, cells, chunk};
    return ((lyap_bifurcation_sink)e->sink)(&out, e->context, error);
}

static struct lyap_plan cells(const void *context) {
    const struct lyap_bifurcation_plan *plan = context;
    struct lyap_plan cells = plan->spectrum.base;
    cells.values = plan->values;
    return cells;
}

/* Numbers that a cell's orbit has. */
static size_t numbers(const struct lyap_bifurcation_plan *plan) {
    return lyap_orbit_points(plan) * lyap_bifurcation_columns(plan);
}

static enum lyap_status run(const void *context, const struct lyap_range *range, lyap_rows_sink *sink,
                            void *sink_context, struct lyap_error *error) {
    const struct lyap_bifurcation_plan *plan = context;
    const struct lyap_orbit orbit = {plan->kind, lyap_orbit_points(plan), lyap_bifurcation_columns(plan), plan->which};
    struct bifurcation b = {.plan = plan, .spectrum = plan->spectrum};
    struct lyap_rows_target target = {sink, sink_context};
    enum lyap_status status = lyap_axes_new(&b.axes, &plan->spectrum.base, &plan->over, NULL, set_cell, error);
    if (!status) {
        const struct lyap_spectrum_extra extra = {.vary = &b.axes.vary, .orbit = &orbit};
        b.spectrum.base = cells(plan);
        lyap_range_set(range, &b.spectrum.base);
        lyap_axes_announce(&b.axes, &b.spectrum.base);
        status = lyap_spectrum_run_cells(&b.spectrum, &extra, lyap_spectrum_to_rows, &target, error);
    }
    lyap_axes_free(&b.axes);
    return status;
}

static enum lyap_status cells_at_a_time(const void *plan, const struct lyap_range *range, uint64_t *cells_of_a_block,
                                        struct lyap_error *error) {
    (void)error;
    *cells_of_a_block =
        lyap_spectrum_cells_at_a_time(&((const struct lyap_bifurcation_plan *)plan)->spectrum, cells(plan), range);
    return LYAP_OK;
}

static double cell_bytes(const void *plan) {
    return lyap_spectrum_row_bytes(&((const struct lyap_bifurcation_plan *)plan)->spectrum, numbers(plan));
}

static bool fits(const void *plan, const struct lyap_row_shape *shape) {
    return lyap_spectrum_rows_fit(&((const struct lyap_bifurcation_plan *)plan)->spectrum, numbers(plan), shape);
}

const char *lyap_bifurcation_column(const struct lyap_bifurcation_plan *plan, size_t column, char text[32]) {
    static const char *const kinds[] = {"w", "y", "loss"};
    if (plan->kind == LYAP_ORBIT_LOSS) return kinds[LYAP_ORBIT_LOSS];
    snprintf(text, 32, "%s%zu", kinds[plan->kind], plan->which ? plan->which[column] : column);
    return text;
}

void lyap_bifurcation_show(FILE *keys, const struct lyap_bifurcation_plan *plan) {
    static const char *const all[] = {"weights", "outputs", "loss"};
    char text[32];
    fprintf(keys, "show = %s", plan->which ? "" : all[plan->kind]);
    for (size_t c = 0; plan->which && c < plan->columns; c++)
        fprintf(keys, "%s%s", c ? "," : "", lyap_bifurcation_column(plan, c, text));
    fputs("\n", keys);
}

static void settings(const void *context, FILE *keys) {
    const struct lyap_bifurcation_plan *plan = context;
    lyap_settings_spectrum(keys, &plan->spectrum);
    lyap_axis_setting(keys, "over", &plan->over, plan->values);
    lyap_bifurcation_show(keys, plan);
}

static const struct lyap_kind kind = {
    .name = "bifurcation",
    .format = &lyap_spectrum_rows,
    .check = check,
    .cells = cells,
    .cell_bytes = cell_bytes,
    .cells_at_a_time = cells_at_a_time,
    .settings = settings,
    .fits = fits,
    .run = run,
    .present = present,
};

struct lyap_experiment lyap_bifurcation_experiment(const struct lyap_bifurcation_plan *plan, lyap_bifurcation_sink sink,
                                                   void *context) {
    return (struct lyap_experiment){.kind = &kind, .plan = plan, .sink = (void (*)(void))sink, .context = context};
}

enum lyap_status lyap_bifurcation_run(const struct lyap_bifurcation_plan *plan, lyap_bifurcation_sink sink,
                                      void *context, struct lyap_error *error) {
    const struct lyap_experiment e = lyap_bifurcation_experiment(plan, sink, context);
    return lyap_experiment_run(&e, error);
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
