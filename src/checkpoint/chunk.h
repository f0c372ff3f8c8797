/* A chunk file's contents: the rows of a run of cells. Behind the magic and the format's number ten words: digest of the settings,
 * number of the row format, part, first cell, count, flags, stride, width, with orbits an eleventh, the numbers of a cell's orbit
 * (struct lyap_row_shape says what the last four are), then cell by cell
 *
 *   ensemble  13 words of the record, 4 of the evaluation, `width` weights, record.length distances, record.losses losses
 *   spectrum  22 words of the record, 3 an exponent, 4 of the evaluation, the number of points of history, 4 + `width` a
 *             point, the numbers of the orbit
 *
 * where the flags say that they are there. */
#ifndef LYAP_CHECKPOINT_CHUNK_H
#define LYAP_CHECKPOINT_CHUNK_H

#include "checkpoint/rows.h"

void lyap_chunk_put_head(struct lyap_words_out *out, const struct lyap_chunk_head *head);

/* Reads the head, and leaves the words behind it to be taken. */
void lyap_chunk_take_head(struct lyap_words_in *in, struct lyap_chunk_head *head);

/* Reads the head and looks through the whole contents; nothing is taken then. *diverged gets the number of cells that
 * diverged. LYAP_ERROR_FILE for contents that no run writes, whatever the digest says. */
enum lyap_status lyap_chunk_check(const struct lyap_words_in *in, struct lyap_chunk_head *head, uint64_t *diverged,
                                  struct lyap_error *error);

#endif
