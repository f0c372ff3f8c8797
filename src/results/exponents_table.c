#include "results/exponents_table.h"

#include "lyapgrad/edge.h"
#include "io/output_file.h"
#include "results/cells_table.h"

static void put(FILE *file, bool defined, double value) {
    char text[32];
    putc(',', file);
    if (defined) fputs(lyap_format_real(value, text), file);
}

void lyap_write_exponents_header(FILE *file, size_t exponents, bool evaluated) {
    fputs("cell,lr,regime,status,stop,steps,initial_loss,final_loss,sum,dimension,growth,sharpness_first,"
          "sharpness_last,"
          "smallest_first,smallest_last,two_over_lr,edge_lr,event_epoch",
          file);
    for (size_t k = 1; k <= exponents; k++) fprintf(file, ",lambda_%zu,low_%zu,high_%zu", k, k, k);
    if (evaluated) lyap_write_evaluation_header(file);
    fputs(",period\n", file);
}

void lyap_write_exponents(FILE *file, const struct lyap_spectrum_plan *plan, const struct lyap_spectrum_record *r,
                          const struct lyap_exponent *lambda, const struct lyap_evaluation *evaluation) {
    char text[32];
    const struct lyap_plan *base = &plan->base;
    const bool curvature = plan->curvature;
    bool ended = curvature && r->regime != LYAP_DIVERGED;
    fprintf(file, "%llu,%s,%s,%s,%s,%llu", (unsigned long long)r->cell, lyap_format_real(r->lr, text),
            lyap_regime_name(r->regime), lyap_outcome_name(r->outcome), lyap_stop_name(r->stop),
            (unsigned long long)r->steps);
    put(file, true, r->initial_loss);
    put(file, true, r->final_loss);
    put(file, r->resolved > 0, r->sum);
    put(file, r->dimension >= 0, r->dimension);
    put(file, true, r->growth);
    put(file, curvature, r->sharpness_first);
    put(file, ended, r->sharpness_last);
    put(file, curvature, r->smallest_first);
    put(file, ended, r->smallest_last);
    put(file, true, 2 / r->lr);
    double edge = ended ? lyap_edge_rate(&base->optimiser, base->network->layers, r->sharpness_last) : 0;
    put(file, edge > 0, edge);
    putc(',', file);
    if (r->event_epoch >= 0) fprintf(file, "%lld", (long long)r->event_epoch);
    for (size_t k = 0; k < plan->exponents; k++) {
        put(file, k < r->resolved, lambda[k].lambda);
        put(file, k < r->resolved && r->batches, lambda[k].low);
        put(file, k < r->resolved && r->batches, lambda[k].high);
    }
    if (evaluation) lyap_write_evaluation(file, evaluation, base->test != NULL);
    putc(',', file);
    if (r->period) fprintf(file, "%lu", (unsigned long)r->period);
    putc('\n', file);
}

void lyap_write_history_header(FILE *file, size_t exponents) {
    fputs("cell,epoch,loss,sharpness,smallest", file);
    for (size_t k = 1; k <= exponents; k++) fprintf(file, ",lambda_%zu", k);
    putc('\n', file);
}

void lyap_write_history(FILE *file, const struct lyap_spectrum_chunk *chunk, bool curvature) {
    for (size_t c = 0; c < chunk->count; c++)
        for (size_t p = 0; p < chunk->used[c]; p++) {
            size_t at = c * chunk->points + p;
            const struct lyap_history *h = &chunk->history[at];
            fprintf(file, "%llu,%llu", (unsigned long long)chunk->first_cell + c, (unsigned long long)h->epoch);
            put(file, true, h->loss);
            put(file, curvature, h->sharpness);
            put(file, curvature, h->smallest);
            for (size_t k = 0; k < chunk->exponents; k++)
                put(file, k < chunk->records[c].resolved, chunk->running[at * chunk->exponents + k]);
            putc('\n', file);
        }
}
