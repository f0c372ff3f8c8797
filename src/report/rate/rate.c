/* C1: does the learning rate make the weights' dynamics chaotic? */
#include "report/rate/rate.h"
#include "report/rate/parts.h"
#include "report/common/sample.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"

#include <math.h>
#include <stdlib.h>

static enum lyap_status run_edge(struct lyap_report *report, struct lyap_rate_state *state, int panel, int horizon,
                                 struct lyap_error *error) {
    struct lyap_paper_case c;
    enum lyap_status status = lyap_report_case(&c, report, lyap_paper_activation[panel], LYAP_FLOAT64, error);
    c.plan.starts = lyap_report_starts(report, lyap_report_options_of(report)->full ? 2000 : 300, 4);
    c.plan.setting.epochs = lyap_rate_epochs[horizon];
    lyap_report_progress(report, horizon ? 0.03 : 0.005, &c.plan.progress, &c.plan.progress_context);
    struct lyap_edge *edge = &state->edge[panel][horizon];
    if (!status) status = lyap_edge_run(edge, &c.plan, 0.1, 20, error);
    if (!status)
        state->edge_test[panel][horizon] =
            lyap_report_test(report, "C1d", edge->against[0].known ? edge->against[0].p : (double)NAN, LYAP_SHUFFLES,
                             "%s, %u epochs, onset of a positive exponent and 2/sharpness of its start, by rank",
                             lyap_activation_name(lyap_paper_activation[panel]), (unsigned)lyap_rate_epochs[horizon]);
    lyap_paper_case_free(&c);
    return status;
}

static enum lyap_status find_plateau(struct lyap_rate_state *state, struct lyap_error *error) {
    const struct lyap_edge *edge = &state->edge[1][LYAP_RATE_AT];
    double *limit = lyap_report_room((size_t)edge->starts, sizeof *limit, error);
    size_t n = 0;
    if (!limit) return LYAP_ERROR_MEMORY;
    for (size_t s = 0; s < (size_t)edge->starts; s++)
        if (edge->kind[s] == LYAP_SEEN && isfinite(edge->limit[1][s])) limit[n++] = edge->limit[1][s];
    state->plateau_edge = lyap_middle(limit, n);
    free(limit);
    return LYAP_OK;
}

static enum lyap_status run_panel(struct lyap_report *report, struct lyap_rate_state *state, int panel,
                                  struct lyap_error *error) {
    enum lyap_status status = lyap_rate_sweep_run(report, state, panel, error);
    if (!status) status = lyap_rate_regimes_run(report, state, panel, error);
    for (int horizon = 0; horizon < LYAP_EDGE_HORIZONS && !status; horizon++)
        status = run_edge(report, state, panel, horizon, error);
    return status;
}

enum lyap_status lyap_rate_compute(struct lyap_report *report, void **out, struct lyap_error *error) {
    struct lyap_rate_state *state = lyap_report_room(1, sizeof *state, error);
    if (!state) return LYAP_ERROR_MEMORY;
    *out = state;
    lyap_rate_grid(state->grid);
    state->steps = lyap_report_steps(report, lyap_report_options_of(report)->full ? 50000 : 20000);
    state->transient = state->steps / 4;
    state->again = 5;
    enum lyap_status status = LYAP_OK;
    for (int panel = 0; panel < LYAP_PANELS && !status; panel++) status = run_panel(report, state, panel, error);
    if (!status) status = find_plateau(state, error);
    if (!status) status = lyap_rate_overflow_run(report, &state->overflow, error);
    if (!status) status = lyap_bifurcation_compute(report, &state->bifurcation, error);
    return status;
}

void lyap_rate_release(void *context) {
    struct lyap_rate_state *state = context;
    if (!state) return;
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        for (int i = 0; i < LYAP_RATE_PRECISIONS * LYAP_RATE_HORIZONS; i++) {
            free(state->sweep[panel][i / LYAP_RATE_HORIZONS][i % LYAP_RATE_HORIZONS].sign);
            free(state->sweep[panel][i / LYAP_RATE_HORIZONS][i % LYAP_RATE_HORIZONS].fine_sign);
        }
        free(state->regimes[panel].cells);
        free(state->regimes[panel].exponent);
        for (int horizon = 0; horizon < LYAP_EDGE_HORIZONS; horizon++) lyap_edge_free(&state->edge[panel][horizon]);
    }
    lyap_bifurcation_release(&state->bifurcation);
    free(state);
}
