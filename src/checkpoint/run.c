/* Running cells into a chunk file, and handing what was kept to a sink. */
#include <stdlib.h>

#include "experiments/bifurcation.h"
#include "checkpoint/directory.h"
#include "experiments/map.h"
#include "engine/plan.h"
#include "engine/spectrum_worker.h"

/* A chunk file being written. */
struct filling {
    struct lyap_checkpoint *checkpoint;
    struct lyap_piece piece;
    uint64_t diverged;
    size_t orbit;              /* numbers a cell, 0 for none */
    struct lyap_words_out out; /* opened with the first cells */
    bool open;
};

static enum lyap_status begin(struct filling *f, const struct lyap_chunk_head *head, struct lyap_error *error) {
    char name[LYAP_PIECE_NAME];
    if (f->open) return LYAP_OK;
    lyap_piece_name(f->piece.part, f->piece.first, name);
    enum lyap_status status = lyap_words_open(&f->out, f->checkpoint->directory, name, LYAP_MAGIC_CHUNK, error);
    if (status) return status;
    f->open = true;
    struct lyap_chunk_head h = *head;
    h.digest = f->checkpoint->digest;
    h.part = f->piece.part;
    h.first = f->piece.first;
    h.count = f->piece.count;
    lyap_chunk_put_head(&f->out, &h);
    return LYAP_OK;
}

static enum lyap_status keep(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct filling *f = context;
    const struct lyap_chunk_head head = {.kind = LYAP_KIND_ENSEMBLE,
                                         .flags = (chunk->distance ? LYAP_HAS_SERIES : 0u) |
                                                  (chunk->evaluation ? LYAP_HAS_EVALUATION : 0u) |
                                                  (chunk->weights ? LYAP_HAS_WEIGHTS : 0u),
                                         .stride = chunk->stride,
                                         .width = chunk->parameters};
    enum lyap_status status = begin(f, &head, error);
    if (status) return status;
    lyap_chunk_put(&f->out, chunk);
    for (size_t i = 0; i < chunk->count; i++)
        f->diverged += chunk->records[i].outcome == LYAP_ESCAPED || chunk->records[i].outcome == LYAP_OVERFLOW;
    return lyap_words_check(&f->out, error);
}

static enum lyap_status keep_spectrum(const struct lyap_spectrum_chunk *chunk, void *context,
                                      struct lyap_error *error) {
    struct filling *f = context;
    const struct lyap_chunk_head head = {.kind = LYAP_KIND_SPECTRUM,
                                         .flags = (chunk->evaluation ? LYAP_HAS_EVALUATION : 0u) |
                                                  (chunk->history ? LYAP_HAS_HISTORY : 0u) |
                                                  (f->orbit ? LYAP_HAS_ORBIT : 0u),
                                         .stride = chunk->points,
                                         .width = chunk->exponents,
                                         .orbit = f->orbit};
    enum lyap_status status = begin(f, &head, error);
    if (status) return status;
    lyap_chunk_put_spectrum(&f->out, chunk, f->orbit);
    for (size_t i = 0; i < chunk->count; i++) f->diverged += chunk->records[i].regime == LYAP_DIVERGED;
    return lyap_words_check(&f->out, error);
}

static enum lyap_status check_range(const struct lyap_checkpoint *c, const struct lyap_piece *piece,
                                    struct lyap_error *error) {
    const struct lyap_checkpoint_head *h = &c->head;
    if (c->lock >= 0 && piece->part < h->parts && piece->count > 0 && piece->first >= h->first &&
        piece->first - h->first <= h->count && piece->count <= h->count - (piece->first - h->first))
        return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "checkpoint: it is not for %llu cells from %llu, or opened to be read",
                     (unsigned long long)piece->count, (unsigned long long)piece->first);
}

static enum lyap_status end(struct filling *f, enum lyap_status status, struct lyap_error *error) {
    if (!f->open) return status;
    if (status)
        lyap_words_abandon(&f->out);
    else
        status = lyap_words_commit(&f->out, f->checkpoint->directory, error);
    return status ? status : lyap_checkpoint_note(f->checkpoint, f->piece, f->diverged, error);
}

enum lyap_status lyap_checkpoint_run(struct lyap_checkpoint *checkpoint, uint64_t part, const struct lyap_plan *plan,
                                     uint64_t first, uint64_t count, struct lyap_error *error) {
    struct filling f = {.checkpoint = checkpoint, .piece = {part, first, count}};
    struct lyap_plan range = *plan;
    range.first_cell = first;
    range.count = count;
    enum lyap_status status = check_range(checkpoint, &f.piece, error);
    if (status) return status;
    return end(&f, lyap_ensemble_run(&range, keep, &f, error), error);
}

enum lyap_status lyap_checkpoint_run_spectrum(struct lyap_checkpoint *checkpoint, uint64_t part,
                                              const struct lyap_spectrum_plan *plan, uint64_t first, uint64_t count,
                                              struct lyap_error *error) {
    struct filling f = {.checkpoint = checkpoint, .piece = {part, first, count}};
    struct lyap_spectrum_plan range = *plan;
    range.base.first_cell = first;
    range.base.count = count;
    enum lyap_status status = check_range(checkpoint, &f.piece, error);
    if (status) return status;
    return end(&f, lyap_spectrum_run(&range, keep_spectrum, &f, error), error);
}

enum lyap_status lyap_checkpoint_run_map(struct lyap_checkpoint *checkpoint, uint64_t part,
                                         const struct lyap_map_plan *plan, uint64_t first, uint64_t count,
                                         struct lyap_error *error) {
    struct filling f = {.checkpoint = checkpoint, .piece = {part, first, count}};
    enum lyap_status status = check_range(checkpoint, &f.piece, error);
    if (status) return status;
    return end(&f, lyap_map_spectra(plan, first, count, keep_spectrum, &f, error), error);
}

enum lyap_status lyap_checkpoint_run_bifurcation(struct lyap_checkpoint *checkpoint, uint64_t part,
                                                 const struct lyap_bifurcation_plan *plan, uint64_t first,
                                                 uint64_t count, struct lyap_error *error) {
    struct filling f = {.checkpoint = checkpoint, .piece = {part, first, count}};
    enum lyap_status status = lyap_bifurcation_check(plan, error); /* before the numbers of an orbit are counted */
    if (!status) status = check_range(checkpoint, &f.piece, error);
    if (status) return status;
    f.orbit = lyap_orbit_points(plan) * lyap_bifurcation_columns(plan);
    return end(&f, lyap_bifurcation_spectra(plan, first, count, keep_spectrum, &f, error), error);
}

/* The sink of a replay: either of the two. */
struct replay {
    const struct lyap_plan *plan;
    const struct lyap_spectrum_plan *spectrum; /* NULL for an ensemble */
    bool network;                              /* trained, not a known system */
    size_t orbit;                              /* numbers a cell, 0 for none */
    lyap_sink sink;
    lyap_spectrum_sink spectrum_sink;
    void *context;
};

/* A sink trusts the plan for what a chunk has, so a file that has anything else must not reach it. */
static bool fits(const struct replay *r, const struct lyap_chunk_head *h) {
    const struct lyap_plan *p = r->plan;
    uint64_t flags = p->evaluate && r->network ? LYAP_HAS_EVALUATION : 0;
    if (r->spectrum) {
        if (r->spectrum->history) flags |= LYAP_HAS_HISTORY;
        if (r->orbit) flags |= LYAP_HAS_ORBIT;
        return h->kind == LYAP_KIND_SPECTRUM && h->flags == flags && h->width == r->spectrum->exponents &&
               h->stride <= r->spectrum->history && h->orbit == r->orbit;
    }
    flags |= (p->series ? LYAP_HAS_SERIES : 0u) | (p->last_weights ? LYAP_HAS_WEIGHTS : 0u);
    return h->kind == LYAP_KIND_ENSEMBLE && h->flags == flags && h->stride == lyap_plan_stride(p) &&
           h->width == lyap_network_parameters(p->network);
}

/* Between the file and the caller's sink: cell numbers are made of value and start. */
static bool numbers_fit(uint64_t cell, uint64_t value, uint64_t start, const struct lyap_plan *plan) {
    return value == cell / plan->starts && start == cell % plan->starts && value < plan->values;
}

static enum lyap_status fail_numbers(uint64_t cell, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_FILE, "checkpoint: damaged: cell %llu does not fit the plan",
                     (unsigned long long)cell);
}

static enum lyap_status pass(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct replay *r = context;
    for (size_t i = 0; i < chunk->count; i++)
        if (!numbers_fit(chunk->records[i].cell, chunk->records[i].value, chunk->records[i].start, r->plan))
            return fail_numbers(chunk->records[i].cell, error);
    return r->sink(chunk, r->context, error);
}

static enum lyap_status pass_spectrum(const struct lyap_spectrum_chunk *chunk, void *context,
                                      struct lyap_error *error) {
    const struct replay *r = context;
    for (size_t i = 0; i < chunk->count; i++)
        if (!numbers_fit(chunk->records[i].cell, chunk->records[i].value, chunk->records[i].start, r->plan))
            return fail_numbers(chunk->records[i].cell, error);
    return r->spectrum_sink(chunk, r->context, error);
}

static enum lyap_status replay_file(const struct lyap_checkpoint *c, const struct lyap_piece *piece, struct replay *r,
                                    struct lyap_error *error) {
    struct lyap_words_in in;
    struct lyap_chunk_head h = {0};
    uint64_t diverged;
    char name[LYAP_PIECE_NAME];
    lyap_piece_name(piece->part, piece->first, name);
    enum lyap_status status = lyap_words_read(&in, c->directory, name, LYAP_MAGIC_CHUNK, error);
    if (!status) status = lyap_chunk_check(&in, &h, &diverged, error);
    if (!status && (h.digest != c->digest || h.part != piece->part || h.first != piece->first ||
                    h.count != piece->count || !fits(r, &h)))
        status = lyap_fail(error, LYAP_ERROR_FILE, "%.300s: does not fit the plan, or was replaced", in.path);
    if (!status)
        status = r->spectrum ? lyap_chunk_replay_spectrum(&in, pass_spectrum, r, error)
                             : lyap_chunk_replay(&in, pass, r, error);
    lyap_words_free(&in);
    return status;
}

static enum lyap_status replay(const struct lyap_checkpoint *c, uint64_t part, struct replay *r,
                               struct lyap_error *error) {
    uint64_t first, count;
    if (part >= c->head.parts)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "checkpoint: part %llu of %llu", (unsigned long long)part,
                         (unsigned long long)c->head.parts);
    if (lyap_checkpoint_missing(c, part, &first, &count))
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: incomplete: cells %llu .. %llu are missing", c->directory,
                         (unsigned long long)first, (unsigned long long)(first + count - 1));
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < c->count && !status; i++)
        if (c->pieces[i].part == part) status = replay_file(c, &c->pieces[i], r, error);
    return status;
}

enum lyap_status lyap_checkpoint_replay(const struct lyap_checkpoint *checkpoint, uint64_t part,
                                        const struct lyap_plan *plan, lyap_sink sink, void *context,
                                        struct lyap_error *error) {
    struct replay r = {.plan = plan, .network = true, .sink = sink, .context = context};
    enum lyap_status status = lyap_plan_check(plan, error);
    return status ? status : replay(checkpoint, part, &r, error);
}

enum lyap_status lyap_checkpoint_replay_spectrum(const struct lyap_checkpoint *checkpoint, uint64_t part,
                                                 const struct lyap_spectrum_plan *plan, lyap_spectrum_sink sink,
                                                 void *context, struct lyap_error *error) {
    struct replay r = {.plan = &plan->base,
                       .spectrum = plan,
                       .network = plan->system == LYAP_SYSTEM_NETWORK,
                       .spectrum_sink = sink,
                       .context = context};
    enum lyap_status status = lyap_spectrum_check(plan, error);
    return status ? status : replay(checkpoint, part, &r, error);
}

enum lyap_status lyap_checkpoint_replay_map(const struct lyap_checkpoint *checkpoint, uint64_t part,
                                            const struct lyap_map_plan *plan, lyap_map_sink sink, void *context,
                                            struct lyap_error *error) {
    enum lyap_status status = lyap_map_check(plan, error);
    if (status) return status;
    const struct lyap_spectrum_plan cells = lyap_map_cells(plan);
    struct lyap_map_pixels pixels = {.plan = plan, .sink = sink, .context = context};
    status = lyap_checkpoint_replay_spectrum(checkpoint, part, &cells, lyap_map_pass, &pixels, error);
    free(pixels.pixels);
    return status;
}

enum lyap_status lyap_checkpoint_replay_bifurcation(const struct lyap_checkpoint *checkpoint, uint64_t part,
                                                    const struct lyap_bifurcation_plan *plan,
                                                    lyap_bifurcation_sink sink, void *context,
                                                    struct lyap_error *error) {
    enum lyap_status status = lyap_bifurcation_check(plan, error);
    if (status) return status;
    const struct lyap_spectrum_plan cells = lyap_bifurcation_cells(plan);
    struct lyap_bifurcation_passing passing = {.plan = plan, .sink = sink, .context = context};
    struct replay r = {.plan = &cells.base,
                       .spectrum = &cells,
                       .network = true,
                       .orbit = lyap_orbit_points(plan) * lyap_bifurcation_columns(plan),
                       .spectrum_sink = lyap_bifurcation_pass,
                       .context = &passing};
    status = replay(checkpoint, part, &r, error);
    free(passing.cells);
    return status;
}
