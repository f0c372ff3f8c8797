/* A run that was split: the cells of a shard, and whether directories are all the shards of one run. */
#include <stdlib.h>

#include "checkpoint/directory.h"

void lyap_checkpoint_take_shard(struct lyap_checkpoint_head *head) {
    const uint64_t each = head->cells / head->shards, rest = head->cells % head->shards, before = head->shard - 1;
    head->first = before * each + (before < rest ? before : rest);
    head->count = each + (before < rest);
}

static int by_shard(const void *a, const void *b) {
    const struct lyap_checkpoint *x = *(struct lyap_checkpoint *const *)a, *y = *(struct lyap_checkpoint *const *)b;
    if (x->head.shard != y->head.shard) return x->head.shard < y->head.shard ? -1 : 1;
    return 0;
}

static enum lyap_status check_complete(const struct lyap_checkpoint *c, struct lyap_error *error) {
    const struct lyap_checkpoint_head *head = &c->head;
    uint64_t first, count;
    for (uint64_t part = 0; part < head->parts; part++)
        if (lyap_checkpoint_missing(c, part, &first, &count))
            return lyap_fail(error, LYAP_ERROR_FILE,
                             "%.200s: shard %llu/%llu is not complete: cells %llu .. %llu are missing; its command "
                             "with --resume computes them",
                             c->directory, (unsigned long long)head->shard, (unsigned long long)head->shards,
                             (unsigned long long)first, (unsigned long long)(first + count - 1));
    return LYAP_OK;
}

static enum lyap_status fail_missing(uint64_t shard, uint64_t shards, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_FILE, "shard %llu/%llu is missing; give the directories of all %llu",
                     (unsigned long long)shard, (unsigned long long)shards, (unsigned long long)shards);
}

/* Settings, cells and split must be those of the first shard. */
static enum lyap_status check_split(const struct lyap_checkpoint *one, const struct lyap_checkpoint *c,
                                    struct lyap_error *error) {
    const struct lyap_checkpoint_head *a = &c->head, *b = &one->head;
    struct lyap_error differs;
    if (lyap_checkpoint_compare(c->directory, a->settings, b->settings, &differs))
        return lyap_fail(error, LYAP_ERROR_FILE, "%.300s (here: in %.150s)", differs.message, one->directory);
    if (a->shards == b->shards && a->cells == b->cells && a->parts == b->parts) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_FILE, "%.150s is shard %llu/%llu and %.150s is %llu/%llu: not of one split",
                     c->directory, (unsigned long long)a->shard, (unsigned long long)a->shards, one->directory,
                     (unsigned long long)b->shard, (unsigned long long)b->shards);
}

static enum lyap_status check_twice(const struct lyap_checkpoint *before, const struct lyap_checkpoint *c,
                                    struct lyap_error *error) {
    if (before->head.shard != c->head.shard) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_FILE, "%.150s and %.150s are both shard %llu/%llu", before->directory,
                     c->directory, (unsigned long long)c->head.shard, (unsigned long long)c->head.shards);
}

/* Shard 1, 2 .. of all, each beginning where the one before ends. */
static enum lyap_status check_cells(struct lyap_checkpoint *const *held, size_t count, struct lyap_error *error) {
    const struct lyap_checkpoint_head *one = &held[0]->head;
    uint64_t next = 0;
    for (size_t i = 0; i < count; i++) {
        const struct lyap_checkpoint_head *head = &held[i]->head;
        if (head->shard != i + 1) return fail_missing(i + 1, head->shards, error);
        if (head->first != next)
            return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: shard %llu/%llu begins at cell %llu instead of %llu",
                             held[i]->directory, (unsigned long long)head->shard, (unsigned long long)head->shards,
                             (unsigned long long)head->first, (unsigned long long)next);
        next += head->count;
    }
    if (count < one->shards) return fail_missing(count + 1, one->shards, error);
    if (next == one->cells) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: its shards end at cell %llu of %llu", held[0]->directory,
                     (unsigned long long)next, (unsigned long long)one->cells);
}

enum lyap_status lyap_checkpoint_join(struct lyap_checkpoint **held, size_t count, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    if (count == 0) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "shards: there are none to join");
    qsort(held, count, sizeof(struct lyap_checkpoint *), by_shard);
    for (size_t i = 0; i < count && !status; i++) {
        status = check_split(held[0], held[i], error);
        if (!status && i > 0) status = check_twice(held[i - 1], held[i], error);
    }
    if (!status) status = check_cells(held, count, error);
    for (size_t i = 0; i < count && !status; i++) status = check_complete(held[i], error);
    return status;
}

enum lyap_status lyap_checkpoint_replay_all(struct lyap_checkpoint *const *held, size_t count, uint64_t part,
                                            const struct lyap_experiment *experiment, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < count && !status; i++) status = lyap_checkpoint_replay(held[i], part, experiment, error);
    return status;
}
