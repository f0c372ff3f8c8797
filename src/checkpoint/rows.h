/* The formats in which rows are kept in a chunk file: those of an ensemble and those of a spectrum. What else a kind of experiment
 * makes of its cells is made again from the rows. */
#ifndef LYAP_CHECKPOINT_ROWS_H
#define LYAP_CHECKPOINT_ROWS_H

#include "checkpoint/words.h"
#include "engine/kind.h"

/* What a chunk file begins with, behind the magic and the format's number. */
struct lyap_chunk_head {
    uint64_t digest, format, part, first, count;
    struct lyap_row_shape shape;
};

struct lyap_row_format {
    uint64_t number;      /* in the file */
    uint64_t flags;       /* LYAP_HAS_ that rows can have */
    uint64_t most_stride; /* of a file that is sound */

    /* What these rows have. */
    void (*shape)(const void *rows, struct lyap_row_shape *shape);

    /* Writes rows; how many of their cells diverged. */
    uint64_t (*put)(struct lyap_words_out *out, const void *rows);

    /* Looks through the words of one cell. False for what no run writes. */
    bool (*check)(struct lyap_words_in *in, const struct lyap_row_shape *shape, uint64_t cell, uint64_t *diverged);

    /* Hands all cells of a checked file to the sink, the words behind its head being next. LYAP_ERROR_MEMORY or the sink's status. */
    enum lyap_status (*take)(struct lyap_words_in *in, const struct lyap_chunk_head *head, lyap_rows_sink *sink,
                             void *context, struct lyap_error *error);

    /* Whether cell numbers are made of value and start as in the plan; *cell is the first that is not. */
    bool (*numbers_fit)(const void *rows, const struct lyap_plan *cells, uint64_t *cell);
};

extern const struct lyap_row_format lyap_ensemble_rows, lyap_spectrum_rows;

/* For the formats: an evaluation in its four words. */
enum { LYAP_EVALUATION_WORDS = 4 };
void lyap_rows_put_evaluation(struct lyap_words_out *out, const struct lyap_evaluation *evaluation);
void lyap_rows_take_evaluation(struct lyap_words_in *in, struct lyap_evaluation *evaluation);

/* Zeroed memory for count rows of width times size bytes; NULL for what is not asked for, *ok false for what there is no room for. */
void *lyap_rows_room(bool asked, uint64_t count, uint64_t width, size_t size, bool *ok);

/* LYAP_ERROR_MEMORY for a file whose cells there is no room for. */
enum lyap_status lyap_rows_no_room(const struct lyap_words_in *in, struct lyap_error *error);

/* Whether a cell's numbers are those of the plan. */
bool lyap_rows_number_fits(uint64_t cell, uint64_t value, uint64_t start, const struct lyap_plan *cells);

#endif
