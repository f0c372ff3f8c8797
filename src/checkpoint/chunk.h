/* A chunk file's contents: a run of cells as a sink got them. Behind the magic and the format's number ten words: digest of
 * the settings, kind, part, first cell, count, flags, stride (ensemble: row length of the series; spectrum: room for points
 * of history), width (parameters; exponents), with orbits an eleventh, the numbers of a cell's orbit, then cell by cell
 *
 *   ensemble  13 words of the record, 4 of the evaluation, `width` weights, record.length distances, record.losses losses
 *   spectrum  22 words of the record, 3 an exponent, 4 of the evaluation, the number of points of history, 4 + `width` a
 *             point, the numbers of the orbit
 *
 * where the flags say that they are there. */
#ifndef LYAP_CHECKPOINT_CHUNK_H
#define LYAP_CHECKPOINT_CHUNK_H

#include "checkpoint/words.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/spectrum.h"

enum { LYAP_KIND_ENSEMBLE = 1, LYAP_KIND_SPECTRUM = 2 };
enum { LYAP_HAS_SERIES = 1, LYAP_HAS_EVALUATION = 2, LYAP_HAS_WEIGHTS = 4, LYAP_HAS_HISTORY = 8, LYAP_HAS_ORBIT = 16 };

struct lyap_chunk_head {
    uint64_t digest, kind, part, first, count, flags, stride, width;
    uint64_t orbit; /* numbers a cell; 0 without LYAP_HAS_ORBIT */
};

void lyap_chunk_put_head(struct lyap_words_out *out, const struct lyap_chunk_head *head);
void lyap_chunk_put(struct lyap_words_out *out, const struct lyap_chunk *chunk);

/* orbit: the numbers of chunk.orbit a cell, 0 where there is none. */
void lyap_chunk_put_spectrum(struct lyap_words_out *out, const struct lyap_spectrum_chunk *chunk, size_t orbit);

/* Reads the head and looks through the whole contents; nothing is taken then. *diverged gets the number of cells that
 * diverged. LYAP_ERROR_FILE for contents that no run writes, whatever the digest says. */
enum lyap_status lyap_chunk_check(const struct lyap_words_in *in, struct lyap_chunk_head *head, uint64_t *diverged,
                                  struct lyap_error *error);

/* Hands the cells of a checked file to the sink. LYAP_ERROR_MEMORY or the sink's status. */
enum lyap_status lyap_chunk_replay(struct lyap_words_in *in, lyap_sink sink, void *context, struct lyap_error *error);
enum lyap_status lyap_chunk_replay_spectrum(struct lyap_words_in *in, lyap_spectrum_sink sink, void *context,
                                            struct lyap_error *error);

#endif
