/* A kind of experiment: what is its own behind lyapgrad/experiment.h. Its cells become rows, of an ensemble (struct lyap_chunk) or
 * of a spectrum (struct lyap_spectrum_chunk), which can be kept in a file; what the caller's sink gets is made from the rows.
 *
 * A new kind has its plan, its sink and its lyap_NAME_experiment in a public header, the table below in src/experiments/, and its
 * command in src/cli/, which src/cli/commands.c lists. A format of rows of its own, which none needed so far, is listed in
 * src/checkpoint/chunk.c. */
#ifndef LYAP_ENGINE_KIND_H
#define LYAP_ENGINE_KIND_H

#include <stdio.h>

#include "lyapgrad/ensemble.h"
#include "lyapgrad/experiment.h"
#include "lyapgrad/progress.h"

/* How rows are kept in a chunk file: checkpoint/rows.h. */
struct lyap_row_format;

/* What rows have besides their records. */
enum { LYAP_HAS_SERIES = 1, LYAP_HAS_EVALUATION = 2, LYAP_HAS_WEIGHTS = 4, LYAP_HAS_HISTORY = 8, LYAP_HAS_ORBIT = 16 };
struct lyap_row_shape {
    uint64_t flags;  /* LYAP_HAS_ */
    uint64_t stride; /* of an ensemble the row length of the series, of a spectrum the room for points of history */
    uint64_t width;  /* parameters, or exponents */
    uint64_t orbit;  /* numbers of a cell's orbit; 0 for none */
};

/* Gets rows in cell order. A non-zero return ends the run with that status. */
typedef enum lyap_status lyap_rows_sink(const void *rows, void *context, struct lyap_error *error);

/* Some of an experiment's cells, and who is told how far they are. */
struct lyap_range {
    uint64_t first, count;
    lyap_progress progress; /* may be NULL */
    void *progress_context;
};

/* Makes a plan that of the range: its cells and its progress. With NULL it stays as it is. */
void lyap_range_set(const struct lyap_range *range, struct lyap_plan *plan);

/* Between rows and the caller's sink: `scratch` is the kind's, kept from chunk to chunk, and freed with free(). */
struct lyap_presenter {
    const struct lyap_experiment *experiment;
    void *scratch;
    size_t room; /* bytes */
};

struct lyap_kind {
    const char *name;
    const struct lyap_row_format *format;

    /* LYAP_ERROR_ARGUMENT for a plan that cannot run. All below is asked of checked plans alone. */
    enum lyap_status (*check)(const void *plan, struct lyap_error *error);

    /* The plan of the cells: starts times values of them, with the number of steps that each makes. */
    struct lyap_plan (*cells)(const void *plan);

    /* Bytes of a cell's row, about. */
    double (*cell_bytes)(const void *plan);

    /* Cells of a range that a thread takes at a time. */
    enum lyap_status (*cells_at_a_time)(const void *plan, const struct lyap_range *range, uint64_t *cells,
                                        struct lyap_error *error);

    /* Writes what the results depend on, a line "key = value" each (io/keys.h). */
    void (*settings)(const void *plan, FILE *keys);

    /* Whether rows of this shape are those of the plan. */
    bool (*fits)(const void *plan, const struct lyap_row_shape *shape);

    /* Runs a range of the cells, or with NULL those that the plan asks for, with its own progress. */
    enum lyap_status (*run)(const void *plan, const struct lyap_range *range, lyap_rows_sink *sink, void *context,
                            struct lyap_error *error);

    /* Hands rows to the experiment's sink as what it takes. */
    enum lyap_status (*present)(struct lyap_presenter *presenter, const void *rows, struct lyap_error *error);
};

/* Where rows go that come through a sink of another type, whose context this is. */
struct lyap_rows_target {
    lyap_rows_sink *sink;
    void *context;
};

/* The presenter's scratch with room for count things of `size` bytes; NULL, with LYAP_ERROR_MEMORY, where there is none. */
void *lyap_presenter_room(struct lyap_presenter *presenter, size_t count, size_t size, struct lyap_error *error);

/* A lyap_rows_sink whose context is a struct lyap_presenter: to the experiment's own sink. */
enum lyap_status lyap_present(const void *rows, void *context, struct lyap_error *error);

#endif
