/* Maps: pixels are the cells of one spectrum run in which each cell has its own settings. */
#include "lyapgrad/map.h"

#include <stdlib.h>
#include <string.h>

#include "checkpoint/rows.h"
#include "engine/settings.h"
#include "engine/spectrum_plan.h"
#include "engine/spectrum.h"
#include "experiments/axis.h"
#include "experiments/spectrum.h"
#include "lyapgrad/digest.h"

/* What the threads read while they set up lanes. */
struct map {
    struct lyap_axes axes; /* first: the worker's pointer to its vary is one to the map */
    const struct lyap_map_plan *plan;
    struct lyap_spectrum_plan spectrum; /* the plan's, one value a pixel */
    double *start;                      /* [2][parameters], the start and room for a neighbour */
};

void lyap_map_defaults(struct lyap_map_plan *plan, const struct lyap_network *network,
                       const struct lyap_dataset *data) {
    memset(plan, 0, sizeof *plan);
    lyap_spectrum_defaults(&plan->spectrum, network, data);
    plan->spectrum.base.setting.epochs = 500;
    plan->width = plan->height = 256;
}

static enum lyap_status check(const void *context, struct lyap_error *error) {
    const struct lyap_map_plan *plan = context;
    const struct lyap_plan *base = &plan->spectrum.base;
    if (plan->width < 1 || plan->width > LYAP_AXIS_MOST || plan->height < 1 || plan->height > LYAP_AXIS_MOST)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "resolution %zux%zu: must be 1 .. %d each", plan->width,
                         plan->height, LYAP_AXIS_MOST);
    if (plan->spectrum.system != LYAP_SYSTEM_NETWORK)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "system %s: a map is of a network's training",
                         lyap_system_name(plan->spectrum.system));
    if (base->starts != 1 || base->values != 1 || base->settings || base->first_cell || base->count)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "starts %llu, values %zu: all pixels of a map share one start and one setting",
                         (unsigned long long)base->starts, base->values);
    if (plan->x.quantity == plan->y.quantity && plan->x.layer == plan->y.layer)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "both axes have the same quantity; expected two different ones");
    enum lyap_status status = lyap_spectrum_check(&plan->spectrum, error);
    if (!status) status = lyap_axis_check(base, &plan->x, plan->width, "pixels", error);
    return status ? status : lyap_axis_check(base, &plan->y, plan->height, "pixels", error);
}

static void set_pixel(const struct lyap_vary *vary, uint64_t cell, struct lyap_lane *lane) {
    const struct map *map = (const struct map *)vary;
    const struct lyap_map_plan *plan = map->plan;
    const double value[] = {lyap_axis_value(&plan->x, (size_t)(cell % plan->width), plan->width),
                            lyap_axis_value(&plan->y, (size_t)(cell / plan->width), plan->height)};
    lyap_axes_set(&map->axes, value, lane);
}

/* The one start, drawn once. */
static enum lyap_status find_start(struct map *map, struct lyap_error *error) {
    struct lyap_plan base = map->plan->spectrum.base;
    map->start = malloc(2 * lyap_network_parameters(base.network) * sizeof *map->start);
    if (!map->start) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the start of a map");
    base.neighbours = 1;
    return lyap_ensemble_initial(&base, 0, 1, map->start, error);
}

static struct lyap_plan cells(const void *context) {
    const struct lyap_map_plan *plan = context;
    struct lyap_plan cells = plan->spectrum.base;
    cells.values = plan->width * plan->height;
    return cells;
}

static void describe(const struct lyap_map_plan *plan, const struct lyap_spectrum_record *r, double lambda,
                     struct lyap_map_pixel *p) {
    p->column = (size_t)(r->cell % plan->width);
    p->row = (size_t)(r->cell / plan->width);
    p->x = lyap_axis_value(&plan->x, p->column, plan->width);
    p->y = lyap_axis_value(&plan->y, p->row, plan->height);
    p->defined = r->resolved > 0;
    p->lambda = p->defined ? lambda : 0;
    p->regime = r->regime;
    p->period = r->period;
    p->initial_loss = r->initial_loss;
    p->final_loss = r->final_loss;
    p->converged = r->regime != LYAP_DIVERGED && r->final_loss < r->initial_loss;
    p->steps_to_target = plan->spectrum.target > 0 ? r->target_epoch : -1;
}

static enum lyap_status present(struct lyap_presenter *presenter, const void *rows, struct lyap_error *error) {
    const struct lyap_experiment *e = presenter->experiment;
    const struct lyap_spectrum_chunk *chunk = rows;
    struct lyap_map_pixel *pixels = lyap_presenter_room(presenter, chunk->count, sizeof *pixels, error);
    if (!pixels) return LYAP_ERROR_MEMORY;
    for (size_t i = 0; i < chunk->count; i++)
        describe(e->plan, &chunk->records[i], chunk->lambda[i * chunk->exponents].lambda, &pixels[i]);
    const struct lyap_map_chunk out = {chunk->first_cell, chunk->count, pixels, chunk};
    return ((lyap_map_sink)e->sink)(&out, e->context, error);
}

static enum lyap_status run(const void *plan, const struct lyap_range *range, lyap_rows_sink *sink, void *context,
                            struct lyap_error *error) {
    struct map map = {.plan = plan};
    struct lyap_rows_target target = {sink, context};
    const struct lyap_plan *base = &map.plan->spectrum.base;
    enum lyap_status status = lyap_axes_new(&map.axes, base, &map.plan->x, &map.plan->y, set_pixel, error);
    if (!status) status = find_start(&map, error);
    if (!status) {
        const struct lyap_spectrum_extra extra = {.vary = &map.axes.vary};
        map.spectrum = map.plan->spectrum;
        map.spectrum.base = cells(plan);
        map.spectrum.base.weights = map.start;
        lyap_range_set(range, &map.spectrum.base);
        lyap_axes_announce(&map.axes, &map.spectrum.base);
        status = lyap_spectrum_run_cells(&map.spectrum, &extra, lyap_spectrum_to_rows, &target, error);
    }
    free(map.start);
    lyap_axes_free(&map.axes);
    return status;
}

static enum lyap_status cells_at_a_time(const void *plan, const struct lyap_range *range, uint64_t *cells_of_a_block,
                                        struct lyap_error *error) {
    (void)error;
    *cells_of_a_block =
        lyap_spectrum_cells_at_a_time(&((const struct lyap_map_plan *)plan)->spectrum, cells(plan), range);
    return LYAP_OK;
}

static double cell_bytes(const void *plan) {
    return lyap_spectrum_row_bytes(&((const struct lyap_map_plan *)plan)->spectrum, 0);
}

static bool fits(const void *plan, const struct lyap_row_shape *shape) {
    return lyap_spectrum_rows_fit(&((const struct lyap_map_plan *)plan)->spectrum, 0, shape);
}

void lyap_map_settings(FILE *keys, const struct lyap_map_plan *plan) {
    lyap_axis_setting(keys, "x", &plan->x, 0);
    lyap_axis_setting(keys, "y", &plan->y, 0);
    fprintf(keys, "resolution = %zux%zu\n", plan->width, plan->height);
}

static void settings(const void *plan, FILE *keys) {
    lyap_settings_spectrum(keys, &((const struct lyap_map_plan *)plan)->spectrum);
    lyap_map_settings(keys, plan);
}

static const struct lyap_kind kind = {
    .name = "map",
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

struct lyap_experiment lyap_map_experiment(const struct lyap_map_plan *plan, lyap_map_sink sink, void *context) {
    return (struct lyap_experiment){.kind = &kind, .plan = plan, .sink = (void (*)(void))sink, .context = context};
}

enum lyap_status lyap_map_run(const struct lyap_map_plan *plan, lyap_map_sink sink, void *context,
                              struct lyap_error *error) {
    const struct lyap_experiment e = lyap_map_experiment(plan, sink, context);
    return lyap_experiment_run(&e, error);
}

uint64_t lyap_map_digest(uint64_t digest, const struct lyap_map_chunk *chunk) {
    const struct lyap_spectrum_chunk *s = chunk->spectrum;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_map_pixel *p = &chunk->pixels[i];
        digest = lyap_digest_double(digest, p->x);
        digest = lyap_digest_double(digest, p->y);
        digest = lyap_digest_u64(digest, (uint64_t)p->steps_to_target);
        digest = lyap_digest_spectrum(digest, &s->records[i], s->lambda + i * s->exponents, s->exponents);
    }
    return digest;
}
