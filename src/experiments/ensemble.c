/* The ensemble, with the values of a sweep, as a kind of experiment. */
#include "checkpoint/rows.h"
#include "engine/plan.h"
#include "engine/run.h"
#include "engine/settings.h"

static enum lyap_status check(const void *plan, struct lyap_error *error) {
    return lyap_plan_check(plan, error);
}

static struct lyap_plan cells(const void *plan) {
    return *(const struct lyap_plan *)plan;
}

static double cell_bytes(const void *context) {
    const struct lyap_plan *plan = context;
    double bytes = sizeof(struct lyap_record) + sizeof(struct lyap_evaluation);
    if (plan->series) bytes += 2 * sizeof(double) * (double)lyap_plan_stride(plan);
    if (plan->last_weights) bytes += sizeof(double) * (double)lyap_network_parameters(plan->network);
    return bytes;
}

static enum lyap_status cells_at_a_time(const void *plan, const struct lyap_range *range, uint64_t *cells_of_a_block,
                                        struct lyap_error *error) {
    struct lyap_plan some = cells(plan);
    struct lyap_run run;
    lyap_range_set(range, &some);
    enum lyap_status status = lyap_run_prepare(&run, &some, error);
    if (status) return status;
    lyap_run_spread(&run);
    *cells_of_a_block = run.block_cells;
    lyap_run_free(&run);
    return LYAP_OK;
}

static void settings(const void *plan, FILE *keys) {
    lyap_settings_ensemble(keys, plan);
}

static bool fits(const void *context, const struct lyap_row_shape *shape) {
    const struct lyap_plan *plan = context;
    uint64_t flags = (plan->series ? LYAP_HAS_SERIES : 0u) | (plan->evaluate ? LYAP_HAS_EVALUATION : 0u) |
                     (plan->last_weights ? LYAP_HAS_WEIGHTS : 0u);
    return shape->flags == flags && shape->stride == lyap_plan_stride(plan) &&
           shape->width == lyap_network_parameters(plan->network);
}

static enum lyap_status to_rows(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct lyap_rows_target *target = context;
    return target->sink(chunk, target->context, error);
}

static enum lyap_status run(const void *plan, const struct lyap_range *range, lyap_rows_sink *sink, void *context,
                            struct lyap_error *error) {
    struct lyap_rows_target target = {sink, context};
    struct lyap_plan some = cells(plan);
    lyap_range_set(range, &some);
    return lyap_ensemble_run(&some, to_rows, &target, error);
}

static enum lyap_status present(struct lyap_presenter *presenter, const void *rows, struct lyap_error *error) {
    const struct lyap_experiment *e = presenter->experiment;
    return ((lyap_sink)e->sink)(rows, e->context, error);
}

static const struct lyap_kind kind = {
    .name = "ensemble",
    .format = &lyap_ensemble_rows,
    .check = check,
    .cells = cells,
    .cell_bytes = cell_bytes,
    .cells_at_a_time = cells_at_a_time,
    .settings = settings,
    .fits = fits,
    .run = run,
    .present = present,
};

struct lyap_experiment lyap_ensemble_experiment(const struct lyap_plan *plan, lyap_sink sink, void *context) {
    return (struct lyap_experiment){.kind = &kind, .plan = plan, .sink = (void (*)(void))sink, .context = context};
}
