#include "results/tally.h"
#include "lyapgrad/statistics.h"

#include <stdlib.h>
#include <string.h>

static enum lyap_status out_of_memory(struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the summary");
}

static enum lyap_status to_sketch(struct lyap_quantiles *q, struct lyap_error *error) {
    q->sketch = lyap_sketch_new();
    if (!q->sketch) return out_of_memory(error);
    for (size_t i = 0; i < q->n; i++) lyap_sketch_add(q->sketch, q->values[i]);
    free(q->values);
    q->values = NULL;
    return LYAP_OK;
}

enum lyap_status lyap_quantiles_add(struct lyap_quantiles *q, double value, struct lyap_error *error) {
    if (!q->sketch && q->n == LYAP_EXACT_QUANTILES) {
        enum lyap_status status = to_sketch(q, error);
        if (status) return status;
    }
    if (q->sketch) {
        lyap_sketch_add(q->sketch, value);
        return LYAP_OK;
    }
    if (q->n == q->room) {
        size_t room = q->room ? 2 * q->room : 256;
        double *values = realloc(q->values, room * sizeof *values);
        if (!values) return out_of_memory(error);
        q->values = values;
        q->room = room;
    }
    q->values[q->n++] = value;
    return LYAP_OK;
}

double lyap_quantiles_at(struct lyap_quantiles *q, double p) {
    if (q->sketch) return lyap_sketch_quantile(q->sketch, p);
    if (q->n == 0) return 0;
    lyap_sort(q->values, q->n);
    return lyap_quantile(q->values, q->n, p);
}

void lyap_quantiles_free(struct lyap_quantiles *q) {
    free(q->values);
    lyap_sketch_free(q->sketch);
    memset(q, 0, sizeof *q);
}

enum lyap_status lyap_tally_add(struct lyap_tally *tally, const struct lyap_record *record, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    tally->cells++;
    tally->outcomes[record->outcome]++;
    if (record->losses > 0) status = lyap_quantiles_add(&tally->final_loss, record->final_loss, error);
    if (status || record->terms == 0 || record->outcome == LYAP_DEAD) return status;
    tally->measured++;
    tally->positive += record->lambda_kw > 0;
    if ((status = lyap_quantiles_add(&tally->lambda_kw, record->lambda_kw, error))) return status;
    return lyap_quantiles_add(&tally->lambda_step, record->lambda_step, error);
}

uint64_t lyap_tally_diverged(const struct lyap_tally *tally) {
    return tally->outcomes[LYAP_ESCAPED] + tally->outcomes[LYAP_OVERFLOW];
}

void lyap_tally_free(struct lyap_tally *tally) {
    lyap_quantiles_free(&tally->lambda_kw);
    lyap_quantiles_free(&tally->lambda_step);
    lyap_quantiles_free(&tally->final_loss);
    memset(tally, 0, sizeof *tally);
}
