/* The tables of a run: cells.csv, series.csv, sweep.csv, and the starting points. Numbers have the digits that restore
 * every bit; what is undefined is an empty field. Writing errors show when the output is committed. */
#ifndef LYAP_RESULTS_CELLS_TABLE_H
#define LYAP_RESULTS_CELLS_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "io/schema.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"
#include "results/tally.h"

/* A swept setting: its column's name and one value for each plan.values. */
struct lyap_swept {
    const char *name;
    const double *values;
};

/* The descriptions of their columns. */
extern const struct lyap_schema lyap_cells_schema, lyap_series_schema, lyap_sweep_schema, lyap_weights_schema;

/* cells.csv. A sweep over something else than lr has that as a further column (`swept`; NULL for none); with an
 * evaluation its columns (results/evaluation_columns.h) follow. */
void lyap_write_cells_header(FILE *file, const struct lyap_swept *swept, bool evaluated);
void lyap_write_cell(FILE *file, const struct lyap_record *record, const struct lyap_swept *swept,
                     const struct lyap_evaluation *evaluation, bool tested);

/* series.csv. `step` is scratch of chunk->stride values. */
void lyap_write_series_header(FILE *file);
void lyap_write_series(FILE *file, const struct lyap_chunk *chunk, double *step);

/* sweep.csv: one row a value, from the tally of its cells. */
void lyap_write_sweep_header(FILE *file, const struct lyap_swept *swept);
void lyap_write_sweep(FILE *file, double value, struct lyap_tally *tally);

/* cell,trajectory,w0,w1,... of all cells of the plan, as lyap_ensemble_initial gives them. */
enum lyap_status lyap_write_initial(FILE *file, const struct lyap_plan *plan, struct lyap_error *error);

/* The same weights as a .npy array [cells][1 + neighbours][parameters], trajectory 0 the parent; float32 or float64, as
 * the plan's precision. */
enum lyap_status lyap_write_initial_npy(FILE *file, const struct lyap_plan *plan, struct lyap_error *error);

/* The parents' last weights of a plan with last_weights, one cell a row: cell,trajectory,w0,w1,... with trajectory 0,
 * or a .npy array [cells][parameters]; lyap_read_weights takes both. The rows come chunk by chunk. Weights of a cell
 * that overflowed may be no finite numbers. */
void lyap_write_weights_header(FILE *file, const struct lyap_plan *plan, bool npy);
void lyap_write_weights(FILE *file, const struct lyap_chunk *chunk, enum lyap_precision precision, bool npy);

/* Starting points for plan->weights from a file in any format that lyap_table_read knows: one start a row with one
 * column a parameter, an array of one dimension for a single start, or a file that lyap_write_initial or
 * lyap_write_initial_npy made, of which the parents (trajectory 0) are taken. *weights[*starts][parameters] is the
 * caller's to free. LYAP_ERROR_FILE names the file and what does not fit. */
enum lyap_status lyap_read_weights(const char *path, const struct lyap_network *net, double **weights, uint64_t *starts,
                                   struct lyap_error *error);

#endif
