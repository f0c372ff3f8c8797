#include "cli/verify/gather.h"

#include <stdlib.h>
#include <string.h>

#include "lyapgrad/digest.h"
#include "lyapgrad/status.h"

/* ---- numbers ---- */

static enum lyap_status put_bits(struct cli_gather *g, const char *field, bool real, size_t index, uint64_t bits,
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

enum lyap_status cli_put_count(struct cli_gather *g, const char *field, size_t index, uint64_t count,
                               struct lyap_error *error) {
    return put_bits(g, field, false, index, count, error);
}

enum lyap_status cli_put_reals(struct cli_gather *g, const char *field, const double *values, size_t n, size_t stride,
                               struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < n && !status; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i * stride], sizeof bits);
        status = put_bits(g, field, true, i, bits, error);
    }
    return status;
}

enum lyap_status cli_put_real(struct cli_gather *g, const char *field, double value, struct lyap_error *error) {
    return cli_put_reals(g, field, &value, 1, 1, error);
}

static enum lyap_status put_evaluation(struct cli_gather *g, const struct lyap_evaluation *e,
                                       struct lyap_error *error) {
    enum lyap_status status = cli_put_real(g, "train_loss", e->train_loss, error);
    if (!status) status = cli_put_real(g, "train_accuracy", e->train_accuracy, error);
    if (!status) status = cli_put_real(g, "test_loss", e->test_loss, error);
    return status ? status : cli_put_real(g, "test_accuracy", e->test_accuracy, error);
}

/* ---- cells of the ensemble ---- */

static enum lyap_status put_record(struct cli_gather *g, const struct lyap_record *r, struct lyap_error *error) {
    enum lyap_status status = cli_put_real(g, "lr", r->lr, error);
    if (!status) status = cli_put_real(g, "initial_loss", r->initial_loss, error);
    if (!status) status = cli_put_real(g, "final_loss", r->final_loss, error);
    if (!status) status = cli_put_real(g, "lambda_kw", r->lambda_kw, error);
    if (!status) status = cli_put_real(g, "lambda_step", r->lambda_step, error);
    if (!status) status = cli_put_count(g, "terms", 0, r->terms, error);
    if (!status) status = cli_put_count(g, "length", 0, r->length, error);
    if (!status) status = cli_put_count(g, "losses", 0, r->losses, error);
    if (!status) status = cli_put_count(g, "escape_epoch", 0, (uint64_t)r->event_epoch, error);
    return status ? status : cli_put_count(g, "status", 0, r->outcome, error);
}

enum lyap_status cli_gather_cells(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct cli_gather *g = context;
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < chunk->count && !status; c++) {
        const struct lyap_record *r = &chunk->records[c];
        g->value = r->value;
        g->start = r->start;
        if (g->column) {
            status = cli_put_real(g, g->column, r->lambda_step, error);
            if (!status) status = cli_put_count(g, "terms", 0, r->terms, error);
            continue;
        }
        g->results->digest = lyap_digest_record(g->results->digest, r);
        status = put_record(g, r, error);
        if (!status && chunk->distance)
            status = cli_put_reals(g, "distance", chunk->distance + c * chunk->stride, r->length, 1, error);
        if (!status && chunk->loss)
            status = cli_put_reals(g, "loss", chunk->loss + c * chunk->stride, r->losses, 1, error);
        if (!status && chunk->evaluation) status = put_evaluation(g, &chunk->evaluation[c], error);
        if (!status && chunk->weights)
            status =
                cli_put_reals(g, "last weight", chunk->weights + c * chunk->parameters, chunk->parameters, 1, error);
    }
    return status;
}

/* ---- cells in tangent space ---- */

static enum lyap_status put_history(struct cli_gather *g, const struct lyap_spectrum_chunk *chunk, size_t cell,
                                    struct lyap_error *error) {
    enum lyap_status status = cli_put_count(g, "history points", 0, chunk->used[cell], error);
    for (size_t p = 0; p < chunk->used[cell] && !status; p++) {
        const size_t at = cell * chunk->points + p;
        const struct lyap_history *h = &chunk->history[at];
        status = cli_put_count(g, "history epoch", p, h->epoch, error);
        if (!status) status = cli_put_real(g, "history loss", h->loss, error);
        if (!status) status = cli_put_real(g, "history sharpness", h->sharpness, error);
        if (!status) status = cli_put_real(g, "history smallest", h->smallest, error);
        if (!status)
            status =
                cli_put_reals(g, "history lambda", chunk->running + at * chunk->exponents, chunk->exponents, 1, error);
    }
    return status;
}

/* The fields that most often tell what happened by name, and all others in a digest, whatever they are. */
static enum lyap_status put_spectrum(struct cli_gather *g, const struct lyap_spectrum_record *record,
                                     const struct lyap_exponent *lambda, size_t n, struct lyap_error *error) {
    struct lyap_spectrum_record r = *record;
    r.cell = 0; /* its number is another where starts are left out */
    enum lyap_status status = cli_put_reals(g, "lambda", &lambda->lambda, n, sizeof *lambda / sizeof(double), error);
    if (!status) status = cli_put_real(g, "final_loss", r.final_loss, error);
    if (!status) status = cli_put_count(g, "steps", 0, r.steps, error);
    if (!status) status = cli_put_count(g, "status", 0, r.outcome, error);
    if (!status) status = cli_put_count(g, "event_epoch", 0, (uint64_t)r.event_epoch, error);
    if (!status) status = cli_put_count(g, "regime", 0, r.regime, error);
    if (!status) status = cli_put_real(g, "sharpness_last", r.sharpness_last, error);
    if (!status) status = cli_put_count(g, "target_epoch", 0, (uint64_t)r.target_epoch, error);
    return status ? status
                  : cli_put_count(g, "another field of the record", 0,
                                  lyap_digest_spectrum(LYAP_DIGEST_START, &r, lambda, n), error);
}

enum lyap_status cli_gather_spectra(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct cli_gather *g = context;
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < chunk->count && !status; c++) {
        const struct lyap_spectrum_record *r = &chunk->records[c];
        const struct lyap_exponent *lambda = chunk->lambda + c * chunk->exponents;
        g->value = r->value;
        g->start = r->start;
        if (g->column) {
            status = cli_put_real(g, g->column, lambda->lambda, error);
            if (!status) status = cli_put_count(g, "resolved", 0, r->resolved, error);
            continue;
        }
        g->results->digest = lyap_digest_spectrum(g->results->digest, r, lambda, chunk->exponents);
        status = put_spectrum(g, r, lambda, chunk->exponents, error);
        if (!status && chunk->history) status = put_history(g, chunk, c, error);
        if (!status && chunk->evaluation) status = put_evaluation(g, &chunk->evaluation[c], error);
    }
    return status;
}

/* ---- runs ---- */

bool cli_gather_goes_on(uint64_t done, uint64_t total, void *context) {
    (void)done;
    (void)total;
    (void)context;
    return !cli_interrupted();
}

void cli_verify_shard(int shard, int shards, uint64_t cells, uint64_t *first, uint64_t *count) {
    uint64_t each = cells / (uint64_t)shards, rest = cells % (uint64_t)shards, before = (uint64_t)shard - 1;
    *first = before * each + (before < rest ? before : rest);
    *count = each + (before < rest);
}

void cli_gather_set(const struct cli_gather *g, struct lyap_plan *base) {
    base->isa = g->way->isa;
    base->layout = g->way->layout;
    base->threads = g->way->threads;
    base->progress = cli_gather_goes_on;
    base->progress_context = NULL;
    if (g->way->part == CLI_VERIFY_FEWER) base->starts = g->drawn->fewer;
}

enum lyap_status cli_gather_run(struct cli_gather *g, const struct lyap_experiment *experiment,
                                struct lyap_error *error) {
    uint64_t first = 0, count = 0;
    enum lyap_status status = lyap_experiment_check(experiment, error);
    if (status) return status;
    if (g->way->part == CLI_VERIFY_SHARD)
        cli_verify_shard(g->drawn->shard, g->drawn->shards, lyap_experiment_cells(experiment), &first, &count);
    return lyap_experiment_run_cells(experiment, first, count, error);
}

enum lyap_status cli_gather_ensemble(struct cli_gather *g, const struct lyap_plan *asked, struct lyap_error *error) {
    struct lyap_plan plan = *asked;
    cli_gather_set(g, &plan);
    plan.last_weights = !g->column;
    const struct lyap_experiment cells = lyap_ensemble_experiment(&plan, cli_gather_cells, g);
    return cli_gather_run(g, &cells, error);
}

enum lyap_status cli_gather_spectrum(struct cli_gather *g, const struct lyap_spectrum_plan *asked,
                                     struct lyap_error *error) {
    struct lyap_spectrum_plan plan = *asked;
    cli_gather_set(g, &plan.base);
    const struct lyap_experiment cells = lyap_spectrum_experiment(&plan, cli_gather_spectra, g);
    return cli_gather_run(g, &cells, error);
}
