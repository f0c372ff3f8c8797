#include "experiments/spectrum.h"

#include "checkpoint/rows.h"
#include "engine/layout.h"
#include "engine/settings.h"
#include "engine/spectrum_plan.h"
#include "simd/kernels.h"

enum lyap_status lyap_spectrum_to_rows(const struct lyap_spectrum_chunk *chunk, void *context,
                                       struct lyap_error *error) {
    const struct lyap_rows_target *target = context;
    return target->sink(chunk, target->context, error);
}

double lyap_spectrum_row_bytes(const struct lyap_spectrum_plan *plan, size_t orbit) {
    const double exponents = (double)plan->exponents;
    return sizeof(struct lyap_spectrum_record) + exponents * sizeof(struct lyap_exponent) +
           (double)plan->history * (sizeof(struct lyap_history) + exponents * sizeof(double)) +
           (double)orbit * sizeof(double);
}

bool lyap_spectrum_rows_fit(const struct lyap_spectrum_plan *plan, size_t orbit, const struct lyap_row_shape *shape) {
    const bool evaluated = plan->base.evaluate && plan->system == LYAP_SYSTEM_NETWORK;
    const uint64_t flags = (evaluated ? LYAP_HAS_EVALUATION : 0u) | (plan->history ? LYAP_HAS_HISTORY : 0u) |
                           (orbit ? LYAP_HAS_ORBIT : 0u);
    return shape->flags == flags && shape->width == plan->exponents && shape->stride <= plan->history &&
           shape->orbit == orbit;
}

uint64_t lyap_spectrum_cells_at_a_time(const struct lyap_spectrum_plan *plan, struct lyap_plan cells,
                                       const struct lyap_range *range) {
    lyap_range_set(range, &cells);
    return plan->system == LYAP_SYSTEM_NETWORK ? lyap_layout_width(&cells, plan->exponents) : LYAP_BLOCK;
}

static enum lyap_status check(const void *plan, struct lyap_error *error) {
    return lyap_spectrum_check(plan, error);
}

static struct lyap_plan cells(const void *plan) {
    return ((const struct lyap_spectrum_plan *)plan)->base;
}

static enum lyap_status cells_at_a_time(const void *plan, const struct lyap_range *range, uint64_t *cells_of_a_block,
                                        struct lyap_error *error) {
    (void)error;
    *cells_of_a_block = lyap_spectrum_cells_at_a_time(plan, cells(plan), range);
    return LYAP_OK;
}

static double cell_bytes(const void *plan) {
    return lyap_spectrum_row_bytes(plan, 0);
}

static void settings(const void *plan, FILE *keys) {
    lyap_settings_spectrum(keys, plan);
}

static bool fits(const void *plan, const struct lyap_row_shape *shape) {
    return lyap_spectrum_rows_fit(plan, 0, shape);
}

static enum lyap_status run(const void *plan, const struct lyap_range *range, lyap_rows_sink *sink, void *context,
                            struct lyap_error *error) {
    struct lyap_rows_target target = {sink, context};
    struct lyap_spectrum_plan some = *(const struct lyap_spectrum_plan *)plan;
    lyap_range_set(range, &some.base);
    return lyap_spectrum_run(&some, lyap_spectrum_to_rows, &target, error);
}

static enum lyap_status present(struct lyap_presenter *presenter, const void *rows, struct lyap_error *error) {
    const struct lyap_experiment *e = presenter->experiment;
    return ((lyap_spectrum_sink)e->sink)(rows, e->context, error);
}

static const struct lyap_kind kind = {
    .name = "spectrum",
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

struct lyap_experiment lyap_spectrum_experiment(const struct lyap_spectrum_plan *plan, lyap_spectrum_sink sink,
                                                void *context) {
    return (struct lyap_experiment){.kind = &kind, .plan = plan, .sink = (void (*)(void))sink, .context = context};
}
