/* The directory of a checkpoint: its head, its lock, and the chunk files that are there. */
#include "checkpoint/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checkpoint/chunk.h"
#include "lyapgrad/digest.h"

static enum lyap_status out_of_memory(struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the checkpoint");
}

void lyap_piece_name(uint64_t part, uint64_t first, char name[LYAP_PIECE_NAME]) {
    snprintf(name, LYAP_PIECE_NAME, "chunk-%llu-%020llu", (unsigned long long)part, (unsigned long long)first);
}

enum { LONGEST_PATH = 4096 }; /* systems take none that is longer */

/* DIRECTORY/NAME, NULL for lack of memory. */
static char *path_in(const char *directory, const char *name) {
    size_t size = strlen(directory) + strlen(name) + 2;
    char *path = malloc(size);
    if (path) snprintf(path, size, "%s/%s", directory, name);
    return path;
}

/* Without an allocation that could fail: what is there must never be taken for absent. */
static bool is_there(const char *directory, const char *name) {
    char path[LONGEST_PATH];
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    return length > 0 && (size_t)length < sizeof path && access(path, F_OK) == 0;
}

bool lyap_checkpoint_exists(const char *directory) {
    return is_there(directory, "head");
}

static bool head_is_good(const struct lyap_checkpoint_head *h) {
    return h->cells > 0 && h->cells <= UINT64_MAX / 2 && h->first <= h->cells && h->count <= h->cells - h->first &&
           h->shards > 0 && h->shard > 0 && h->shard <= h->shards && h->parts > 0 && h->parts <= LYAP_CHECKPOINT_PARTS;
}

static uint64_t digest_text(const char *text) {
    uint64_t digest = LYAP_DIGEST_START;
    for (; *text; text++) digest = lyap_digest_u64(digest, (unsigned char)*text);
    return digest;
}

static enum lyap_status write_head(const char *directory, const struct lyap_checkpoint_head *h,
                                   struct lyap_error *error) {
    struct lyap_words_out out;
    const struct lyap_words_target target = {directory, "head", LYAP_MAGIC_HEAD, h->watch};
    enum lyap_status status = lyap_words_open(&out, &target, error);
    if (status) return status;
    const uint64_t words[] = {h->cells, h->first, h->count, h->shard, h->shards, h->parts};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) lyap_words_put(&out, words[i]);
    lyap_words_put_bytes(&out, h->settings, strlen(h->settings));
    lyap_words_put_bytes(&out, h->note ? h->note : "", h->note ? h->note_size : 0);
    return lyap_words_commit(&out, directory, error);
}

static enum lyap_status read_head(struct lyap_checkpoint *c, struct lyap_error *error) {
    struct lyap_words_in in;
    struct lyap_checkpoint_head *h = &c->head;
    enum lyap_status status = lyap_words_read(&in, c->directory, "head", LYAP_MAGIC_HEAD, error);
    if (!status) {
        uint64_t *const words[] = {&h->cells, &h->first, &h->count, &h->shard, &h->shards, &h->parts};
        size_t length = 0;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) *words[i] = lyap_words_take(&in);
        h->settings = c->settings = lyap_words_take_bytes(&in, &length);
        h->note = c->note = lyap_words_take_bytes(&in, &h->note_size);
        if (in.memory)
            status = out_of_memory(error);
        else if (in.over || !h->settings || !h->note || lyap_words_left(&in) || strlen(h->settings) != length ||
                 !head_is_good(h))
            status = lyap_words_damaged(in.path, LYAP_MAGIC_HEAD, "its contents are not those of a head", error);
    }
    lyap_words_free(&in);
    if (!status) c->digest = digest_text(h->settings);
    return status;
}

static enum lyap_status compare_heads(const struct lyap_checkpoint *c, const struct lyap_checkpoint_head *asked,
                                      struct lyap_error *error) {
    const struct lyap_checkpoint_head *h = &c->head;
    enum lyap_status status = lyap_checkpoint_compare(c->directory, h->settings, asked->settings, error);
    if (status) return status;
    if (h->shard != asked->shard || h->shards != asked->shards)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: the checkpoint is of shard %llu/%llu, not %llu/%llu",
                         c->directory, (unsigned long long)h->shard, (unsigned long long)h->shards,
                         (unsigned long long)asked->shard, (unsigned long long)asked->shards);
    if (h->cells != asked->cells || h->first != asked->first || h->count != asked->count || h->parts != asked->parts)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: the checkpoint is of other cells", c->directory);
    return LYAP_OK;
}

static int by_cell(const struct lyap_piece *a, const struct lyap_piece *b) {
    if (a->part != b->part) return a->part < b->part ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static bool overlap(const struct lyap_piece *a, const struct lyap_piece *b) {
    return a->part == b->part && a->first < b->first + b->count && b->first < a->first + a->count;
}

static enum lyap_status fail_overlap(const struct lyap_checkpoint *c, const struct lyap_piece *one,
                                     const struct lyap_piece *other, struct lyap_error *error) {
    char name[2][LYAP_PIECE_NAME];
    lyap_piece_name(one->part, one->first, name[0]);
    lyap_piece_name(other->part, other->first, name[1]);
    return lyap_fail(error, LYAP_ERROR_FILE,
                     "%.200s: damaged: %s and %s both have cell %llu; delete one of these files and resume the run",
                     c->directory, name[0], name[1],
                     (unsigned long long)(one->first > other->first ? one->first : other->first));
}

enum lyap_status lyap_checkpoint_note(struct lyap_checkpoint *c, struct lyap_piece piece, uint64_t diverged,
                                      struct lyap_error *error) {
    if (c->count == c->room) {
        size_t room = c->room ? 2 * c->room : 64;
        struct lyap_piece *pieces = realloc(c->pieces, room * sizeof *pieces);
        if (!pieces) return out_of_memory(error);
        c->pieces = pieces;
        c->room = room;
    }
    size_t at = c->count;
    while (at > 0 && by_cell(&piece, &c->pieces[at - 1]) < 0) at--;
    for (size_t near = at ? at - 1 : at; near <= at && near < c->count; near++)
        if (overlap(&piece, &c->pieces[near])) return fail_overlap(c, &piece, &c->pieces[near], error);
    memmove(c->pieces + at + 1, c->pieces + at, (c->count - at) * sizeof *c->pieces);
    c->pieces[at] = piece;
    c->count++;
    c->cells += piece.count;
    c->diverged += diverged;
    return LYAP_OK;
}

static enum lyap_status scan_file(struct lyap_checkpoint *c, const char *name, struct lyap_error *error) {
    struct lyap_words_in in;
    struct lyap_chunk_head h = {0};
    uint64_t diverged = 0;
    char right[LYAP_PIECE_NAME];
    enum lyap_status status = lyap_words_read(&in, c->directory, name, LYAP_MAGIC_CHUNK, error);
    if (!status) status = lyap_chunk_check(&in, &h, &diverged, error);
    if (!status && h.digest != c->digest)
        status = lyap_fail(error, LYAP_ERROR_FILE, "%.300s: belongs to a run with other settings", in.path);
    if (!status) {
        const struct lyap_checkpoint_head *all = &c->head;
        lyap_piece_name(h.part, h.first, right);
        if (strcmp(right, name) != 0)
            status = lyap_fail(error, LYAP_ERROR_FILE, "%.300s: was renamed; its name was %s", in.path, right);
        else if (h.part >= all->parts || h.first < all->first || h.first - all->first > all->count ||
                 h.count > all->count - (h.first - all->first))
            status = lyap_fail(error, LYAP_ERROR_FILE, "%.300s: has cells that the checkpoint is not for", in.path);
    }
    if (!status) status = lyap_checkpoint_note(c, (struct lyap_piece){h.part, h.first, h.count}, diverged, error);
    lyap_words_free(&in);
    return status;
}

/* The names in a directory, each of room LYAP_PIECE_NAME: those of chunk files. What a killed process left half-written is
 * removed when `clean`. */
static enum lyap_status list_chunks(const char *directory, bool clean, char (**names)[LYAP_PIECE_NAME], size_t *count,
                                    struct lyap_error *error) {
    size_t room = 0;
    *names = NULL;
    *count = 0;
    DIR *listing = opendir(directory);
    if (!listing)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.300s: cannot read the directory: %s", directory, strerror(errno));
    enum lyap_status status = LYAP_OK;
    for (struct dirent *entry; !status && (entry = readdir(listing)) != NULL;) {
        const char *name = entry->d_name;
        size_t length = strlen(name);
        bool chunk = strncmp(name, "chunk-", 6) == 0;
        if (length > 4 && strcmp(name + length - 4, ".tmp") == 0) {
            char *path = clean && (chunk || strncmp(name, "head.", 5) == 0) ? path_in(directory, name) : NULL;
            if (path) unlink(path);
            free(path);
            continue;
        }
        if (!chunk || length >= LYAP_PIECE_NAME) continue;
        if (*count == room) {
            room = room ? 2 * room : 64;
            char(*more)[LYAP_PIECE_NAME] = realloc(*names, room * sizeof *more);
            if (!more) status = out_of_memory(error);
            if (more) *names = more;
        }
        if (!status && *names) memcpy((*names)[(*count)++], name, length + 1);
    }
    closedir(listing);
    return status;
}

static int by_name(const void *a, const void *b) {
    return strcmp(a, b);
}

static enum lyap_status scan(struct lyap_checkpoint *c, struct lyap_error *error) {
    char(*names)[LYAP_PIECE_NAME];
    size_t count;
    enum lyap_status status = list_chunks(c->directory, c->lock >= 0, &names, &count, error);
    if (count > 0) qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count && !status; i++) status = scan_file(c, names[i], error);
    free(names);
    return status;
}

/* A lock that ends with the process, however that ends. File systems without locks go without. */
static enum lyap_status take_lock(struct lyap_checkpoint *c, struct lyap_error *error) {
    char *path = path_in(c->directory, "lock");
    if (!path) return out_of_memory(error);
    c->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    free(path);
    if (c->lock < 0)
        return lyap_fail(error, LYAP_ERROR_OUTPUT, "%.300s: cannot write there: %s", c->directory, strerror(errno));
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(c->lock, F_SETLK, &whole) == 0 || (errno != EACCES && errno != EAGAIN)) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_OUTPUT, "%.300s: another process is at work on this checkpoint", c->directory);
}

/* Makes the directory and its head where there is none; chunk files without a head are no one's. */
static enum lyap_status prepare(struct lyap_checkpoint *c, const struct lyap_checkpoint_head *head,
                                struct lyap_error *error) {
    if (!head->settings || !head_is_good(head))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "checkpoint: cells, shard or parts are out of range");
    enum lyap_status status = lyap_output_directory(c->directory, NULL, error);
    if (!status) status = take_lock(c, error);
    if (status || lyap_checkpoint_exists(c->directory)) return status;
    char(*names)[LYAP_PIECE_NAME];
    size_t count;
    status = list_chunks(c->directory, true, &names, &count, error);
    free(names);
    if (!status && count > 0)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.300s: has chunk files, but the file 'head' is missing",
                         c->directory);
    return status ? status : write_head(c->directory, head, error);
}

enum lyap_status lyap_checkpoint_open(struct lyap_checkpoint **checkpoint, const char *directory,
                                      const struct lyap_checkpoint_head *head, struct lyap_error *error) {
    struct lyap_checkpoint *c = calloc(1, sizeof *c);
    *checkpoint = NULL;
    if (!c) return out_of_memory(error);
    c->lock = -1;
    c->directory = strdup(directory);
    if (!c->directory) {
        free(c);
        return out_of_memory(error);
    }
    enum lyap_status status = head ? prepare(c, head, error) : LYAP_OK;
    if (!status && !head && !lyap_checkpoint_exists(directory))
        status = lyap_fail(error, LYAP_ERROR_FILE, "%.300s: has no checkpoint", directory);
    if (!status) status = read_head(c, error);
    if (head) c->head.watch = head->watch;
    if (!status && head) status = compare_heads(c, head, error);
    if (!status) status = scan(c, error);
    if (status)
        lyap_checkpoint_close(c);
    else
        *checkpoint = c;
    return status;
}

void lyap_checkpoint_close(struct lyap_checkpoint *c) {
    if (!c) return;
    if (c->lock >= 0) close(c->lock);
    free(c->settings);
    free(c->note);
    free(c->directory);
    free(c->pieces);
    free(c);
}

const struct lyap_checkpoint_head *lyap_checkpoint_head(const struct lyap_checkpoint *c) {
    return &c->head;
}

const char *lyap_checkpoint_directory(const struct lyap_checkpoint *c) {
    return c->directory;
}

bool lyap_checkpoint_gap(const struct lyap_checkpoint *c, uint64_t part, uint64_t from, uint64_t *first,
                         uint64_t *count) {
    uint64_t next = from, end = c->head.first + c->head.count;
    size_t i = 0;
    while (i < c->count &&
           (c->pieces[i].part < part || (c->pieces[i].part == part && c->pieces[i].first + c->pieces[i].count <= from)))
        i++;
    while (i < c->count && c->pieces[i].part == part && c->pieces[i].first <= next) {
        next = c->pieces[i].first + c->pieces[i].count;
        i++;
    }
    *first = next;
    *count = (i < c->count && c->pieces[i].part == part ? c->pieces[i].first : end) - next;
    return *count > 0;
}

bool lyap_checkpoint_missing(const struct lyap_checkpoint *c, uint64_t part, uint64_t *first, uint64_t *count) {
    return lyap_checkpoint_gap(c, part, c->head.first, first, count);
}

uint64_t lyap_checkpoint_cells(const struct lyap_checkpoint *c, uint64_t *diverged) {
    *diverged = c->diverged;
    return c->cells;
}
