/* Running cells into a chunk file, and handing what was kept to a sink. */
#include "checkpoint/run.h"

#include <stdlib.h>

#include "checkpoint/chunk.h"

/* A chunk file being written. */
struct filling {
    struct lyap_checkpoint *checkpoint;
    const struct lyap_row_format *format;
    struct lyap_piece piece;
    uint64_t diverged;
    struct lyap_words_out out; /* opened with the first cells */
    bool open;
};

static enum lyap_status begin(struct filling *f, const void *rows, struct lyap_error *error) {
    char name[LYAP_PIECE_NAME];
    lyap_piece_name(f->piece.part, f->piece.first, name);
    const struct lyap_checkpoint *c = f->checkpoint;
    const struct lyap_words_target target = {c->directory, name, LYAP_MAGIC_CHUNK, c->head.watch};
    enum lyap_status status = lyap_words_open(&f->out, &target, error);
    if (status) return status;
    struct lyap_chunk_head head = {.digest = c->digest,
                                   .format = f->format->number,
                                   .part = f->piece.part,
                                   .first = f->piece.first,
                                   .count = f->piece.count};
    f->open = true;
    f->format->shape(rows, &head.shape);
    lyap_chunk_put_head(&f->out, &head);
    return LYAP_OK;
}

static enum lyap_status keep(const void *rows, void *context, struct lyap_error *error) {
    struct filling *f = context;
    enum lyap_status status = f->open ? LYAP_OK : begin(f, rows, error);
    if (status) return status;
    f->diverged += f->format->put(&f->out, rows);
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

enum lyap_status lyap_checkpoint_run_range(struct lyap_checkpoint *checkpoint, uint64_t part,
                                           const struct lyap_experiment *e, const struct lyap_range *range,
                                           struct lyap_error *error) {
    struct filling f = {
        .checkpoint = checkpoint, .format = e->kind->format, .piece = {part, range->first, range->count}};
    enum lyap_status status = check_range(checkpoint, &f.piece, error);
    if (!status) status = e->kind->check(e->plan, error);
    if (!status) status = e->kind->run(e->plan, range, keep, &f, error);
    if (!f.open) return status;
    if (status)
        lyap_words_abandon(&f.out);
    else
        status = lyap_words_commit(&f.out, checkpoint->directory, error);
    return status ? status : lyap_checkpoint_note(checkpoint, f.piece, f.diverged, error);
}

enum lyap_status lyap_checkpoint_run(struct lyap_checkpoint *checkpoint, uint64_t part,
                                     const struct lyap_experiment *experiment, uint64_t first, uint64_t count,
                                     struct lyap_error *error) {
    const struct lyap_range range = {.first = first, .count = count};
    return lyap_checkpoint_run_range(checkpoint, part, experiment, &range, error);
}

/* The sink of a replay. */
struct replay {
    const struct lyap_experiment *experiment;
    struct lyap_plan cells;
    struct lyap_presenter presenter;
};

/* Between the file and the caller's sink: cell numbers are made of value and start. */
static enum lyap_status pass(const void *rows, void *context, struct lyap_error *error) {
    struct replay *r = context;
    uint64_t cell;
    if (!r->experiment->kind->format->numbers_fit(rows, &r->cells, &cell))
        return lyap_fail(error, LYAP_ERROR_FILE, "checkpoint: damaged: cell %llu does not fit the plan",
                         (unsigned long long)cell);
    return lyap_present(rows, &r->presenter, error);
}

/* A sink trusts the plan for what its cells have, so a file that has anything else must not reach it. */
static bool fits(const struct lyap_checkpoint *c, const struct lyap_piece *piece, const struct lyap_experiment *e,
                 const struct lyap_chunk_head *h) {
    return h->digest == c->digest && h->part == piece->part && h->first == piece->first && h->count == piece->count &&
           h->format == e->kind->format->number && e->kind->fits(e->plan, &h->shape);
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
    if (!status && !fits(c, piece, r->experiment, &h))
        status = lyap_fail(error, LYAP_ERROR_FILE, "%.300s: does not fit the plan, or was replaced", in.path);
    if (!status) {
        lyap_chunk_take_head(&in, &h);
        status = r->experiment->kind->format->take(&in, &h, pass, r, error);
    }
    lyap_words_free(&in);
    return status;
}

static enum lyap_status check_whole(const struct lyap_checkpoint *c, uint64_t part, struct lyap_error *error) {
    uint64_t first, count;
    if (part >= c->head.parts)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "checkpoint: part %llu of %llu", (unsigned long long)part,
                         (unsigned long long)c->head.parts);
    if (!lyap_checkpoint_missing(c, part, &first, &count)) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: incomplete: cells %llu .. %llu are missing", c->directory,
                     (unsigned long long)first, (unsigned long long)(first + count - 1));
}

enum lyap_status lyap_checkpoint_replay(const struct lyap_checkpoint *c, uint64_t part, const struct lyap_experiment *e,
                                        struct lyap_error *error) {
    struct replay r = {.experiment = e, .presenter = {.experiment = e}};
    enum lyap_status status = lyap_experiment_check(e, error);
    if (!status) status = check_whole(c, part, error);
    if (!status) r.cells = e->kind->cells(e->plan);
    for (size_t i = 0; i < c->count && !status; i++)
        if (c->pieces[i].part == part) status = replay_file(c, &c->pieces[i], &r, error);
    free(r.presenter.scratch);
    return status;
}
