#include "results/cells_table.h"

#include <math.h>
#include <string.h>

#include "lyapgrad/estimator.h"
#include "io/output_file.h"

/* ",number", or "," alone for what is undefined. */
static void put(FILE *file, bool defined, double value) {
    char text[32];
    putc(',', file);
    if (defined) fputs(lyap_format_real(value, text), file);
}

void lyap_write_evaluation_header(FILE *file) {
    fputs(",train_loss,train_accuracy,test_loss,test_accuracy", file);
}

void lyap_write_evaluation(FILE *file, const struct lyap_evaluation *e, bool tested) {
    put(file, isfinite(e->train_loss), e->train_loss);
    put(file, true, e->train_accuracy);
    put(file, tested && isfinite(e->test_loss), e->test_loss);
    put(file, tested, e->test_accuracy);
}

void lyap_write_cells_header(FILE *file, const struct lyap_swept *swept, bool evaluated) {
    fputs("cell,lr,initial_loss,final_loss,lambda_kw,lambda_step,escape_epoch,status", file);
    if (swept && strcmp(swept->name, "lr") != 0) fprintf(file, ",%s", swept->name);
    if (evaluated) lyap_write_evaluation_header(file);
    putc('\n', file);
}

void lyap_write_cell(FILE *file, const struct lyap_record *r, const struct lyap_swept *swept,
                     const struct lyap_evaluation *evaluation, bool tested) {
    fprintf(file, "%llu", (unsigned long long)r->cell);
    put(file, true, r->lr);
    put(file, r->losses > 0, r->initial_loss);
    put(file, r->losses > 0, r->final_loss);
    put(file, r->terms > 0, r->lambda_kw);
    put(file, r->terms > 0, r->lambda_step);
    if (r->event_epoch >= 0)
        fprintf(file, ",%lld", (long long)r->event_epoch);
    else
        putc(',', file);
    fprintf(file, ",%s", lyap_outcome_name(r->outcome));
    if (swept && strcmp(swept->name, "lr") != 0) put(file, true, swept->values[r->value]);
    if (evaluation) lyap_write_evaluation(file, evaluation, tested);
    putc('\n', file);
}

void lyap_write_series_header(FILE *file) {
    fputs("cell,epoch,distance,lambda_step,loss\n", file);
}

void lyap_write_series(FILE *file, const struct lyap_chunk *chunk, double *step) {
    for (size_t c = 0; c < chunk->count; c++) {
        const struct lyap_record *r = &chunk->records[c];
        const double *distance = chunk->distance + c * chunk->stride, *loss = chunk->loss + c * chunk->stride;
        lyap_step_exponents(distance, r->length, step);
        for (uint32_t t = 0; t < r->length || t < r->losses; t++) {
            fprintf(file, "%llu,%lu", (unsigned long long)r->cell, (unsigned long)t);
            put(file, t < r->length, t < r->length ? distance[t] : 0);
            put(file, t > 0 && t < r->length, t < r->length ? step[t] : 0);
            put(file, t < r->losses, t < r->losses ? loss[t] : 0);
            putc('\n', file);
        }
    }
}

void lyap_write_sweep_header(FILE *file, const struct lyap_swept *swept) {
    fprintf(file,
            "%s,cells,measured,lambda_kw_q25,lambda_kw_median,lambda_kw_q75,lambda_step_q25,lambda_step_median,"
            "lambda_step_q75,share_positive,share_dead,share_diverged\n",
            swept->name);
}

void lyap_write_sweep(FILE *file, double value, struct lyap_tally *tally) {
    char text[32];
    bool any = tally->measured > 0;
    double cells = (double)tally->cells;
    fprintf(file, "%s,%llu,%llu", lyap_format_real(value, text), (unsigned long long)tally->cells,
            (unsigned long long)tally->measured);
    for (int q = 1; q <= 3; q++) put(file, any, lyap_quantiles_at(&tally->lambda_kw, 0.25 * q));
    for (int q = 1; q <= 3; q++) put(file, any, lyap_quantiles_at(&tally->lambda_step, 0.25 * q));
    put(file, true, (double)tally->positive / cells);
    put(file, true, (double)tally->outcomes[LYAP_DEAD] / cells);
    put(file, true, (double)lyap_tally_diverged(tally) / cells);
    putc('\n', file);
}
