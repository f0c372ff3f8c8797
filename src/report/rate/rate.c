/* C1: does the learning rate make the weights' dynamics chaotic? */
#include "report/rate/rate.h"
#include "report/rate/parts.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum lyap_status run_edge(struct lyap_report *report, struct lyap_rate_state *state, int panel,
                                 struct lyap_error *error) {
    struct lyap_paper_case c;
    enum lyap_status status = lyap_report_case(&c, report, lyap_paper_activation[panel], LYAP_FLOAT64, error);
    c.plan.starts = lyap_report_starts(report, lyap_report_options_of(report)->full ? 2000 : 300, 4);
    lyap_report_progress(report, 0.03, &c.plan.progress, &c.plan.progress_context);
    struct lyap_edge *edge = &state->edge[panel];
    if (!status) status = lyap_edge_run(edge, &c.plan, 0.1, 20, error);
    if (!status && edge->compared) {
        edge->test = lyap_report_test(report, "C1d", edge->p, LYAP_SHUFFLES,
                                      "%s, onset of a positive exponent and 2/sharpness of its start, by rank",
                                      lyap_activation_name(lyap_paper_activation[panel]));
    }
    lyap_paper_case_free(&c);
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
    for (int panel = 0; panel < LYAP_PANELS && !status; panel++) {
        status = lyap_rate_sweep_run(report, state, panel, error);
        if (!status) status = lyap_rate_regimes_run(report, state, panel, error);
        if (!status) status = run_edge(report, state, panel, error);
    }
    return status;
}

void lyap_rate_release(void *context) {
    struct lyap_rate_state *state = context;
    for (int panel = 0; state && panel < LYAP_PANELS; panel++) {
        free(state->regimes[panel].cells);
        free(state->regimes[panel].exponent);
        lyap_edge_free(&state->edge[panel]);
    }
    free(state);
}
