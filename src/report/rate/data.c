/* C1: the data files. Undefined numbers are empty fields. */
#include <math.h>

#include "report/rate/rate.h"

static const char *activation(int panel) {
    return lyap_activation_name(lyap_paper_activation[panel]);
}

static const char *precision_name(int precision) {
    return lyap_precision_name(precision == 0 ? LYAP_FLOAT32 : LYAP_FLOAT64);
}

static enum lyap_status write_sweep(struct lyap_report *report, const struct lyap_rate_state *state,
                                    struct lyap_error *error) {
    FILE *file = lyap_report_data(report, "C1-sweep", error);
    if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
    fputs("activation,precision,epochs,lr,starts,counted,positive,dead_zero,died_later,diverged,q25,median,q75\n",
          file);
    for (int a = 0; a < LYAP_PANELS; a++)
        for (int p = 0; p < LYAP_RATE_PRECISIONS; p++)
            for (int h = 0; h < LYAP_RATE_HORIZONS; h++) {
                const struct lyap_rate_sweep *s = &state->sweep[a][p][h];
                for (int v = 0; v < LYAP_RATE_GRID; v++) {
                    fprintf(file, "%s,%s,%u,", activation(a), precision_name(p), (unsigned)lyap_rate_epochs[h]);
                    lyap_report_field(file, state->grid[v], ',');
                    fprintf(file, "%llu,%llu,%llu,%llu,%llu,%llu,", (unsigned long long)s->starts,
                            (unsigned long long)s->counted[v], (unsigned long long)s->positive[v],
                            (unsigned long long)s->zero[v], (unsigned long long)s->died[v],
                            (unsigned long long)s->diverged[v]);
                    for (int q = 0; q < 3; q++) lyap_report_field(file, s->quartile[v][q], q < 2 ? ',' : '\n');
                }
            }
    return LYAP_OK;
}

static enum lyap_status write_crossing(struct lyap_report *report, const struct lyap_rate_state *state,
                                       struct lyap_error *error) {
    FILE *file = lyap_report_data(report, "C1-onset", error);
    if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
    fputs("activation,precision,epochs,starts,lr,share_positive,crossing,low,high\n", file);
    for (int a = 0; a < LYAP_PANELS; a++)
        for (int p = 0; p < LYAP_RATE_PRECISIONS; p++)
            for (int h = 0; h < LYAP_RATE_HORIZONS; h++) {
                const struct lyap_rate_sweep *s = &state->sweep[a][p][h];
                for (int v = 0; v < LYAP_RATE_FINE && s->fine_starts > 0; v++) {
                    fprintf(file, "%s,%s,%u,%llu,", activation(a), precision_name(p), (unsigned)lyap_rate_epochs[h],
                            (unsigned long long)s->fine_starts);
                    lyap_report_field(file, s->fine[v], ',');
                    lyap_report_field(file, s->share[v], ',');
                    lyap_report_field(file, s->crosses ? s->crossing.value : NAN, ',');
                    lyap_report_field(file, s->crosses ? s->crossing.low : NAN, ',');
                    lyap_report_field(file, s->crosses ? s->crossing.high : NAN, '\n');
                }
            }
    return LYAP_OK;
}

static enum lyap_status write_regimes(struct lyap_report *report, const struct lyap_rate_state *state,
                                      struct lyap_error *error) {
    FILE *file = lyap_report_data(report, "C1-regimes", error);
    if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
    fputs("activation,start,lr,lambda_kw_100,lambda_1,regime,confirmed\n", file);
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_rate_regimes *r = &state->regimes[a];
        for (uint64_t s = 0; s < r->starts; s++)
            for (int v = 0; v < LYAP_RATE_GRID; v++) {
                const struct lyap_long *cell = &r->cells[(uint64_t)v * r->starts + s];
                fprintf(file, "%s,%llu,", activation(a), (unsigned long long)s);
                lyap_report_field(file, state->grid[v], ',');
                lyap_report_field(file, r->exponent[(uint64_t)v * r->starts + s], ',');
                lyap_report_field(file, cell->regime == LYAP_DIVERGED ? NAN : cell->lambda, ',');
                fprintf(file, "%s,%d\n", lyap_regime_name(cell->regime), cell->confirmed);
            }
    }
    return LYAP_OK;
}

static enum lyap_status write_edge(struct lyap_report *report, const struct lyap_rate_state *state,
                                   struct lyap_error *error) {
    FILE *file = lyap_report_data(report, "C1-edge", error);
    if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
    fputs("activation,start,onset,edge_start,edge_run\n", file);
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_edge *e = &state->edge[a];
        for (uint64_t s = 0; s < e->starts; s++) {
            fprintf(file, "%s,%llu,", activation(a), (unsigned long long)s);
            lyap_report_field(file, e->onset[s], ',');
            lyap_report_field(file, e->first[s], ',');
            lyap_report_field(file, e->run[s], '\n');
        }
    }
    return LYAP_OK;
}

enum lyap_status lyap_rate_data(struct lyap_report *report, const struct lyap_rate_state *state,
                                struct lyap_error *error) {
    enum lyap_status status = write_sweep(report, state, error);
    if (!status) status = write_crossing(report, state, error);
    if (!status) status = write_regimes(report, state, error);
    return status ? status : write_edge(report, state, error);
}
