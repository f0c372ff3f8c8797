#include "report/rate/state.h"

#include <math.h>

#include "lyapgrad/statistics.h"
#include "stats/log_grid.h"

const uint32_t lyap_rate_epochs[LYAP_RATE_HORIZONS] = {5, 100, 1000};
const double lyap_rate_plateau = 0.24, lyap_rate_held = 1e-6;

void lyap_rate_grid(double grid[LYAP_RATE_GRID]) {
    lyap_log_grid(0.02, 0.75, LYAP_RATE_LOW, grid);
    for (int i = 0; i < LYAP_PAPER_RATES; i++) grid[LYAP_RATE_LOW + i] = lyap_paper_rate(i);
    lyap_sort(grid, LYAP_RATE_GRID);
}

size_t lyap_rate_published(const double grid[LYAP_RATE_GRID], int i) {
    size_t v = 0;
    while (v + 1 < LYAP_RATE_GRID && grid[v] != lyap_paper_rate(i)) v++;
    return v;
}

struct lyap_rate_totals lyap_rate_total(const struct lyap_rate_state *state) {
    struct lyap_rate_totals t = {0};
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_rate_regimes *r = &state->regimes[a];
        t.starts += r->starts;
        t.starts_positive += r->starts_positive;
        t.starts_chaotic += r->starts_chaotic;
        t.positive += r->positive;
        for (int k = 0; k < LYAP_KINDS; k++) t.kind[k] += r->kind[k];
        t.held += r->held;
        t.held_still += r->held_still;
        t.held_as_expected += r->held_as_expected;
        t.growing += r->growing;
        t.held_most = fmax(t.held_most, r->held_most);
    }
    return t;
}
