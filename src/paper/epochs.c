/* DistanceVsEpochs, LyapkVsEpochs, LossVsEpochs: one start through its epochs, and the quartiles over many. */
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/estimator.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/status.h"
#include "paper/protocol.h"
#include "stats/quantile_select.h"

enum { STARTS = LYAP_PAPER_EPOCH_STARTS, EPOCHS = LYAP_PAPER_EPOCHS };

/* The series of all starts, epoch by epoch, so that an epoch's values are next to each other for the quartiles. A start
 * whose series has ended leaves the later epochs to the others: `reached` and `with_loss` count the entries. */
struct columns {
    struct lyap_epochs *epochs;
    uint64_t *digest;
    double ratio[EPOCHS][STARTS], step[EPOCHS][STARTS], loss[EPOCHS][STARTS];
};

static void take_start(struct columns *all, const struct lyap_record *r, const double *distance, const double *loss) {
    struct lyap_epochs *e = all->epochs;
    double step[EPOCHS];
    lyap_step_exponents(distance, r->length, step);
    for (uint32_t t = 0; t < r->length; t++) {
        uint64_t place = e->reached[t]++;
        all->ratio[t][place] = distance[t] / distance[0];
        all->step[t][place] = step[t];
    }
    for (uint32_t t = 0; t < r->losses; t++) all->loss[t][e->with_loss[t]++] = loss[t];
    e->cells.points[r->cell] = lyap_point_of(r);
    *all->digest = lyap_digest_record(*all->digest, r);
    if (r->cell > 0) return;
    e->length = r->length;
    e->losses = r->losses;
    memcpy(e->distance, distance, r->length * sizeof *distance);
    memcpy(e->step, step, r->length * sizeof *step);
    memcpy(e->loss, loss, r->losses * sizeof *loss);
}

static enum lyap_status take(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    (void)error;
    for (size_t i = 0; i < chunk->count; i++)
        take_start(context, &chunk->records[i], chunk->distance + i * chunk->stride, chunk->loss + i * chunk->stride);
    return LYAP_OK;
}

static void find_quartiles(struct columns *all) {
    struct lyap_epochs *e = all->epochs;
    for (int t = 0; t < EPOCHS; t++) {
        if (e->reached[t]) {
            lyap_select_quartiles(all->ratio[t], (size_t)e->reached[t], e->ratio[t]);
            lyap_select_quartiles(all->step[t], (size_t)e->reached[t], e->step_quartile[t]);
        }
        if (e->with_loss[t]) lyap_select_quartiles(all->loss[t], (size_t)e->with_loss[t], e->loss_quartile[t]);
    }
}

enum lyap_status lyap_epochs_run(struct lyap_epochs *epochs, const struct lyap_plan *plan, uint64_t starts,
                                 uint64_t *digest, struct lyap_error *error) {
    memset(epochs, 0, sizeof *epochs);
    struct lyap_plan many = *plan;
    many.series = true;
    many.starts = starts;
    many.setting.epochs = EPOCHS;
    struct columns *all = malloc(sizeof *all);
    epochs->cells.points = calloc((size_t)starts, sizeof *epochs->cells.points);
    if (!all || !epochs->cells.points) {
        free(all);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %llu starts", (unsigned long long)starts);
    }
    epochs->cells.values = 1;
    epochs->cells.starts = starts;
    all->epochs = epochs;
    all->digest = digest;
    enum lyap_status status = lyap_ensemble_run(&many, take, all, error);
    if (!status) find_quartiles(all);
    free(all);
    return status;
}

void lyap_epochs_free(struct lyap_epochs *epochs) {
    lyap_cells_free(&epochs->cells);
}
