/* Running a drawn configuration: every number of its results, with a name. */
#include "cli/verify/run.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/experiment.h"
#include "lyapgrad/selection.h"
#include "lyapgrad/status.h"

#include <stdlib.h>
#include <string.h>

/* ---- results ---- */

void cli_verify_results_free(struct cli_verify_results *results) {
    free(results->values);
    memset(results, 0, sizeof *results);
}

/* What the sinks know. */
struct gather {
    struct cli_verify_results *results;
    const char *column; /* of `run --estimator all` */
    uint64_t value, start;
    bool curvature;
    size_t columns, points; /* of an orbit */
};

static enum lyap_status put_bits(struct gather *g, const char *field, bool real, size_t index, uint64_t bits,
                                 struct lyap_error *error) {
    struct cli_verify_results *r = g->results;
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 1024;
        struct cli_verify_value *values = realloc(r->values, room * sizeof *values);
        if (!values) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the results");
        r->values = values;
        r->room = room;
    }
    r->values[r->count++] =
        (struct cli_verify_value){field, real, (uint32_t)g->value, (uint32_t)g->start, (uint32_t)index, bits};
    return LYAP_OK;
}

static enum lyap_status put_count(struct gather *g, const char *field, size_t index, uint64_t count,
                                  struct lyap_error *error) {
    return put_bits(g, field, false, index, count, error);
}

/* n numbers that lie `stride` apart. */
static enum lyap_status put_reals(struct gather *g, const char *field, const double *values, size_t n, size_t stride,
                                  struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < n && !status; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i * stride], sizeof bits);
        status = put_bits(g, field, true, i, bits, error);
    }
    return status;
}

static enum lyap_status put_real(struct gather *g, const char *field, double value, struct lyap_error *error) {
    return put_reals(g, field, &value, 1, 1, error);
}

static enum lyap_status put_evaluation(struct gather *g, const struct lyap_evaluation *e, struct lyap_error *error) {
    enum lyap_status status = put_real(g, "train_loss", e->train_loss, error);
    if (!status) status = put_real(g, "train_accuracy", e->train_accuracy, error);
    if (!status) status = put_real(g, "test_loss", e->test_loss, error);
    return status ? status : put_real(g, "test_accuracy", e->test_accuracy, error);
}

/* ---- cells of the ensemble ---- */

static enum lyap_status put_record(struct gather *g, const struct lyap_record *r, struct lyap_error *error) {
    enum lyap_status status = put_real(g, "lr", r->lr, error);
    if (!status) status = put_real(g, "initial_loss", r->initial_loss, error);
    if (!status) status = put_real(g, "final_loss", r->final_loss, error);
    if (!status) status = put_real(g, "lambda_kw", r->lambda_kw, error);
    if (!status) status = put_real(g, "lambda_step", r->lambda_step, error);
    if (!status) status = put_count(g, "terms", 0, r->terms, error);
    if (!status) status = put_count(g, "length", 0, r->length, error);
    if (!status) status = put_count(g, "losses", 0, r->losses, error);
    if (!status) status = put_count(g, "escape_epoch", 0, (uint64_t)r->event_epoch, error);
    return status ? status : put_count(g, "status", 0, r->outcome, error);
}

static enum lyap_status take_cells(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct gather *g = context;
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < chunk->count && !status; c++) {
        const struct lyap_record *r = &chunk->records[c];
        g->value = r->value;
        g->start = r->start;
        if (g->column) {
            status = put_real(g, g->column, r->lambda_step, error);
            if (!status) status = put_count(g, "terms", 0, r->terms, error);
            continue;
        }
        g->results->digest = lyap_digest_record(g->results->digest, r);
        status = put_record(g, r, error);
        if (!status && chunk->distance)
            status = put_reals(g, "distance", chunk->distance + c * chunk->stride, r->length, 1, error);
        if (!status && chunk->loss) status = put_reals(g, "loss", chunk->loss + c * chunk->stride, r->losses, 1, error);
        if (!status && chunk->evaluation) status = put_evaluation(g, &chunk->evaluation[c], error);
        if (!status && chunk->weights)
            status = put_reals(g, "last weight", chunk->weights + c * chunk->parameters, chunk->parameters, 1, error);
    }
    return status;
}

/* ---- cells in tangent space ---- */

static enum lyap_status put_history(struct gather *g, const struct lyap_spectrum_chunk *chunk, size_t cell,
                                    struct lyap_error *error) {
    enum lyap_status status = put_count(g, "history points", 0, chunk->used[cell], error);
    for (size_t p = 0; p < chunk->used[cell] && !status; p++) {
        const size_t at = cell * chunk->points + p;
        const struct lyap_history *h = &chunk->history[at];
        status = put_count(g, "history epoch", p, h->epoch, error);
        if (!status) status = put_real(g, "history loss", h->loss, error);
        if (!status) status = put_real(g, "history sharpness", h->sharpness, error);
        if (!status) status = put_real(g, "history smallest", h->smallest, error);
        if (!status)
            status = put_reals(g, "history lambda", chunk->running + at * chunk->exponents, chunk->exponents, 1, error);
    }
    return status;
}

/* The fields that most often tell what happened by name, and all others in a digest, whatever they are. */
static enum lyap_status put_spectrum(struct gather *g, const struct lyap_spectrum_record *record,
                                     const struct lyap_exponent *lambda, size_t n, struct lyap_error *error) {
    struct lyap_spectrum_record r = *record;
    r.cell = 0; /* its number is another where starts are left out */
    enum lyap_status status = put_reals(g, "lambda", &lambda->lambda, n, sizeof *lambda / sizeof(double), error);
    if (!status) status = put_real(g, "final_loss", r.final_loss, error);
    if (!status) status = put_count(g, "steps", 0, r.steps, error);
    if (!status) status = put_count(g, "status", 0, r.outcome, error);
    if (!status) status = put_count(g, "event_epoch", 0, (uint64_t)r.event_epoch, error);
    if (!status) status = put_count(g, "regime", 0, r.regime, error);
    if (!status) status = put_real(g, "sharpness_last", r.sharpness_last, error);
    if (!status) status = put_count(g, "target_epoch", 0, (uint64_t)r.target_epoch, error);
    return status ? status
                  : put_count(g, "another field of the record", 0,
                              lyap_digest_spectrum(LYAP_DIGEST_START, &r, lambda, n), error);
}

static enum lyap_status take_spectra(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct gather *g = context;
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < chunk->count && !status; c++) {
        const struct lyap_spectrum_record *r = &chunk->records[c];
        const struct lyap_exponent *lambda = chunk->lambda + c * chunk->exponents;
        g->value = r->value;
        g->start = r->start;
        if (g->column) {
            status = put_real(g, g->column, lambda->lambda, error);
            if (!status) status = put_count(g, "resolved", 0, r->resolved, error);
            continue;
        }
        g->results->digest = lyap_digest_spectrum(g->results->digest, r, lambda, chunk->exponents);
        status = put_spectrum(g, r, lambda, chunk->exponents, error);
        if (!status && chunk->history) status = put_history(g, chunk, c, error);
        if (!status && chunk->evaluation) status = put_evaluation(g, &chunk->evaluation[c], error);
    }
    return status;
}

static enum lyap_status take_map(const struct lyap_map_chunk *chunk, void *context, struct lyap_error *error) {
    struct gather *g = context;
    g->results->digest = lyap_map_digest(g->results->digest, chunk);
    uint64_t digest = g->results->digest;
    enum lyap_status status = take_spectra(chunk->spectrum, g, error);
    g->results->digest = digest;
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_map_pixel *p = &chunk->pixels[i];
        g->value = chunk->first_cell + i;
        g->start = 0;
        status = put_count(g, "pixel converged", 0, p->converged, error);
    }
    return status;
}

static enum lyap_status take_bifurcation(const struct lyap_bifurcation_chunk *chunk, void *context,
                                         struct lyap_error *error) {
    struct gather *g = context;
    g->results->digest = lyap_bifurcation_digest(g->results->digest, chunk);
    uint64_t digest = g->results->digest;
    enum lyap_status status = take_spectra(chunk->spectrum, g, error);
    g->results->digest = digest;
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_bifurcation_cell *cell = &chunk->cells[i];
        g->value = cell->value;
        g->start = cell->start;
        status = put_count(g, "period", 0, cell->period, error);
        if (!status) status = put_reals(g, "orbit", cell->orbit, cell->points * chunk->columns, 1, error);
    }
    return status;
}

/* ---- plans ---- */

static bool keep_going(uint64_t done, uint64_t total, void *context) {
    (void)done;
    (void)total;
    (void)context;
    return !cli_interrupted();
}

bool cli_verify_plan_read(struct cli_verify_plan *plan, const struct cli_verify_case *drawn) {
    int status;
    const struct cli_command *command = drawn->command;
    memset(plan, 0, sizeof *plan);
    plan->drawn = drawn;
    if (!command) {
        plan->spectrum = drawn->system;
        return true;
    }
    if (!cli_parse(&plan->values, command, drawn->argc, (char **)drawn->argv, &status)) return false;
    if (command == &cli_run)
        return cli_run_read(&plan->spectrum, &plan->experiment, &plan->estimator, &plan->values, &status);
    if (command == &cli_spectrum) {
        plan->estimator = (enum cli_estimator)(CLI_METHODS + LYAP_TANGENT);
        return cli_spectrum_read(&plan->spectrum, &plan->experiment, &plan->values, &status);
    }
    if (command == &cli_sweep) return cli_sweep_read(&plan->sweep, &plan->experiment, &plan->values, &status);
    if (command == &cli_map) return cli_map_read(&plan->map, &plan->experiment, &plan->values, &status);
    if (command == &cli_bifurcation)
        return cli_bifurcation_read(&plan->bifurcation, &plan->experiment, plan->which, &plan->values, &status);
    return cli_select_read(&plan->selection, &plan->values, &status);
}

void cli_verify_plan_free(struct cli_verify_plan *plan) {
    struct cli_selection *s = &plan->selection;
    cli_data_free(&s->source);
    free(s->words);
    free(s->settings);
    free(s->plans);
    cli_sweep_free(&plan->sweep, &plan->experiment);
}

void cli_verify_shard(int shard, int shards, uint64_t cells, uint64_t *first, uint64_t *count) {
    uint64_t each = cells / (uint64_t)shards, rest = cells % (uint64_t)shards, before = (uint64_t)shard - 1;
    *first = before * each + (before < rest ? before : rest);
    *count = each + (before < rest);
}

/* The base of a plan of `cells` cells, as the way has it. */
static void set_way(struct lyap_plan *base, const struct cli_verify_case *drawn, const struct cli_verify_way *way) {
    base->isa = way->isa;
    base->threads = way->threads;
    base->progress = keep_going;
    base->progress_context = NULL;
    if (way->part == CLI_VERIFY_FEWER) base->starts = drawn->fewer;
    if (way->part == CLI_VERIFY_SHARD)
        cli_verify_shard(drawn->shard, drawn->shards, base->starts * base->values, &base->first_cell, &base->count);
}

/* ---- runs ---- */

static enum lyap_status run_all(const struct lyap_spectrum_plan *asked, const struct cli_verify_way *way,
                                struct gather *g, const struct cli_verify_case *drawn, struct lyap_error *error) {
    static const char *const columns[CLI_COMPARE_COLUMNS] = {"kantz_wolf_step_f32", "kantz_wolf_step_f64",
                                                             "rescaled_f32", "rescaled_f64", "tangent_f64"};
    enum lyap_status status = LYAP_OK;
    for (int k = 0; k < CLI_COMPARE_COLUMNS && !status; k++) {
        struct lyap_spectrum_plan plan = cli_compare_plan(k, asked);
        set_way(&plan.base, drawn, way);
        g->column = columns[k];
        status = k < CLI_COMPARE_ENSEMBLES ? lyap_ensemble_run(&plan.base, take_cells, g, error)
                                           : lyap_spectrum_run(&plan, take_spectra, g, error);
    }
    return status;
}

static enum lyap_status run_map(const struct cli_verify_plan *p, const struct cli_verify_way *way, struct gather *g,
                                struct lyap_error *error) {
    struct lyap_map_plan plan = p->map;
    const struct cli_verify_way whole = {way->isa, way->threads, CLI_VERIFY_WHOLE};
    uint64_t first = 0, count = 0;
    set_way(&plan.spectrum.base, p->drawn, &whole);
    if (way->part == CLI_VERIFY_SHARD)
        cli_verify_shard(p->drawn->shard, p->drawn->shards, plan.width * plan.height, &first, &count);
    const struct lyap_experiment pixels = lyap_map_experiment(&plan, take_map, g);
    return lyap_experiment_run_cells(&pixels, first, count, error);
}

static enum lyap_status run_bifurcation(const struct cli_verify_plan *p, const struct cli_verify_way *way,
                                        struct gather *g, struct lyap_error *error) {
    struct lyap_bifurcation_plan plan = p->bifurcation;
    const struct cli_verify_way most = {way->isa, way->threads,
                                        way->part == CLI_VERIFY_FEWER ? CLI_VERIFY_FEWER : CLI_VERIFY_WHOLE};
    uint64_t first = 0, count = 0;
    set_way(&plan.spectrum.base, p->drawn, &most);
    if (way->part == CLI_VERIFY_SHARD)
        cli_verify_shard(p->drawn->shard, p->drawn->shards, plan.values * plan.spectrum.base.starts, &first, &count);
    const struct lyap_experiment cells = lyap_bifurcation_experiment(&plan, take_bifurcation, g);
    return lyap_experiment_run_cells(&cells, first, count, error);
}

static enum lyap_status put_trial(struct gather *g, const struct lyap_trial_record *r, struct lyap_error *error) {
    enum lyap_status status = put_real(g, "lr", r->trial.lr, error);
    if (!status) status = put_real(g, "loss", r->result.loss, error);
    if (!status) status = put_real(g, "lambda", r->result.exponent.lambda, error);
    if (!status) status = put_real(g, "sharpness_last", r->result.sharpness_last, error);
    if (!status) status = put_count(g, "regime", 0, r->result.regime, error);
    if (!status) status = put_real(g, "score", r->score, error);
    return status ? status : put_count(g, "kept", 0, r->kept, error);
}

static enum lyap_status run_select(struct cli_verify_plan *p, const struct cli_verify_way *way, struct gather *g,
                                   struct lyap_error *error) {
    struct cli_selection *s = &p->selection;
    struct lyap_selection selection = {0};
    struct lyap_search_comparison comparison = {0};
    for (size_t i = 0; i < s->plan.count; i++) set_way(&s->plans[i], p->drawn, way);
    s->plan.progress = keep_going;
    enum lyap_status status = lyap_selection_run(&s->plan, &selection, error);
    if (!status) g->results->digest = lyap_selection_digest(LYAP_DIGEST_START, &selection);
    for (size_t i = 0; i < selection.count && !status; i++) {
        g->value = i;
        status = put_trial(g, &selection.records[i], error);
    }
    g->value = 0;
    if (!status) status = put_count(g, "the selection's digest", 0, g->results->digest, error);
    if (!status && s->compares) status = lyap_selection_compare(&s->plan, &comparison, error);
    if (!status && s->compares) {
        g->results->digest = lyap_search_comparison_digest(g->results->digest, &comparison);
        status = put_count(g, "the comparison's digest", 0, g->results->digest, error);
    }
    lyap_selection_free(&selection);
    lyap_search_comparison_free(&comparison);
    return status;
}

static enum lyap_status run(struct cli_verify_plan *p, const struct cli_verify_way *way, struct gather *g,
                            struct lyap_error *error) {
    const struct cli_command *command = p->drawn->command;
    if (command == &cli_select) return run_select(p, way, g, error);
    if (command == &cli_map) return run_map(p, way, g, error);
    if (command == &cli_bifurcation) return run_bifurcation(p, way, g, error);
    if (command == &cli_sweep || (command == &cli_run && p->estimator == CLI_KANTZ_WOLF)) {
        struct lyap_plan plan = p->experiment.plan;
        set_way(&plan, p->drawn, way);
        plan.last_weights = true;
        return lyap_ensemble_run(&plan, take_cells, g, error);
    }
    if (command == &cli_run && p->estimator == CLI_ALL) return run_all(&p->spectrum, way, g, p->drawn, error);
    struct lyap_spectrum_plan plan = p->spectrum;
    set_way(&plan.base, p->drawn, way);
    return lyap_spectrum_run(&plan, take_spectra, g, error);
}

bool cli_verify_run(struct cli_verify_plan *plan, const struct cli_verify_way *way,
                    struct cli_verify_results *results) {
    struct lyap_error error = {0};
    struct gather g = {.results = results};
    memset(results, 0, sizeof *results);
    results->digest = LYAP_DIGEST_START;
    results->status = run(plan, way, &g, &error);
    if (results->status) snprintf(results->message, sizeof results->message, "%.500s", error.message);
    if (plan->estimator == CLI_ALL) results->digest = 0;
    return results->status == LYAP_OK || results->status == LYAP_ERROR_WINDOW;
}
