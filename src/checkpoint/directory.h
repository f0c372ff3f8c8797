/* A checkpoint in memory: its head, and which cells its chunk files have. */
#ifndef LYAP_CHECKPOINT_DIRECTORY_H
#define LYAP_CHECKPOINT_DIRECTORY_H

#include "checkpoint/words.h"
#include "lyapgrad/checkpoint.h"

/* One chunk file. */
struct lyap_piece {
    uint64_t part, first, count;
};

struct lyap_checkpoint {
    char *directory;
    struct lyap_checkpoint_head head; /* its texts are the next two */
    char *settings, *note;
    uint64_t digest;           /* of the settings */
    int lock;                  /* a descriptor, -1 for none */
    struct lyap_piece *pieces; /* [count], by part, then by cell */
    size_t count, room;
    uint64_t cells, diverged; /* over all pieces */
};

/* The first gap of a part at or behind the cell `from`, as by lyap_checkpoint_missing. */
bool lyap_checkpoint_gap(const struct lyap_checkpoint *checkpoint, uint64_t part, uint64_t from, uint64_t *first,
                         uint64_t *count);

enum { LYAP_PIECE_NAME = 48 };

/* "chunk-PART-CELL". */
void lyap_piece_name(uint64_t part, uint64_t first, char name[LYAP_PIECE_NAME]);

/* Notes a chunk file that was read or written. LYAP_ERROR_FILE when it overlaps another, LYAP_ERROR_MEMORY. */
enum lyap_status lyap_checkpoint_note(struct lyap_checkpoint *checkpoint, struct lyap_piece piece, uint64_t diverged,
                                      struct lyap_error *error);

#endif
