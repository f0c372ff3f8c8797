/* What is done with an experiment whatever its kind. */
#include "engine/kind.h"

#include <stdlib.h>

#include "base/text.h"
#include "lyapgrad/version.h"

const char *lyap_experiment_name(const struct lyap_experiment *e) {
    return e->kind->name;
}

enum lyap_status lyap_experiment_check(const struct lyap_experiment *e, struct lyap_error *error) {
    return e->kind->check(e->plan, error);
}

uint64_t lyap_experiment_cells(const struct lyap_experiment *e) {
    const struct lyap_plan cells = e->kind->cells(e->plan);
    return cells.starts * cells.values;
}

enum lyap_status lyap_experiment_settings(const struct lyap_experiment *e, const char *more, char **text,
                                          struct lyap_error *error) {
    size_t size;
    *text = NULL;
    enum lyap_status status = lyap_experiment_check(e, error);
    if (status) return status;
    FILE *keys = open_memstream(text, &size);
    if (!keys) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the settings");
    fprintf(keys, "version = %s\nsleef = %s\n", lyap_version(), lyap_sleef_version());
    e->kind->settings(e->plan, keys);
    if (more) fputs(more, keys);
    if (lyap_text_close(keys, text)) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the settings");
}

void lyap_range_set(const struct lyap_range *range, struct lyap_plan *plan) {
    if (!range) return;
    plan->first_cell = range->first;
    plan->count = range->count;
    plan->progress = range->progress;
    plan->progress_context = range->progress_context;
}

void *lyap_presenter_room(struct lyap_presenter *p, size_t count, size_t size, struct lyap_error *error) {
    if (count * size <= p->room) return p->scratch;
    free(p->scratch);
    p->scratch = malloc(count * size);
    p->room = p->scratch ? count * size : 0;
    if (!p->scratch) lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu cells", count);
    return p->scratch;
}

enum lyap_status lyap_present(const void *rows, void *context, struct lyap_error *error) {
    struct lyap_presenter *presenter = context;
    return presenter->experiment->kind->present(presenter, rows, error);
}

static enum lyap_status run(const struct lyap_experiment *e, const struct lyap_range *range, struct lyap_error *error) {
    struct lyap_presenter presenter = {.experiment = e};
    enum lyap_status status = e->kind->run(e->plan, range, lyap_present, &presenter, error);
    free(presenter.scratch);
    return status;
}

enum lyap_status lyap_experiment_run(const struct lyap_experiment *e, struct lyap_error *error) {
    enum lyap_status status = lyap_experiment_check(e, error);
    return status ? status : run(e, NULL, error);
}

enum lyap_status lyap_experiment_run_cells(const struct lyap_experiment *e, uint64_t first, uint64_t count,
                                           struct lyap_error *error) {
    enum lyap_status status = lyap_experiment_check(e, error);
    if (status) return status;
    const struct lyap_plan cells = e->kind->cells(e->plan);
    const struct lyap_range range = {first, count, cells.progress, cells.progress_context};
    return run(e, &range, error);
}
