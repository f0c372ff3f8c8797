/* C1: bifurcation diagrams, for networks and data where the learning rate brings chaos and where it does not. */
#include "report/bifurcation/bifurcation.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/common/sample.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/orbit.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/statistics.h"
#include "stats/log_grid.h"

const struct lyap_bifurcation_case lyap_bifurcation_cases[LYAP_BIFURCATION_CASES] = {
    {"sigmoid, published", "sigmoid 2-2-1, XOR, published starts", "2-2-1", "xor", 0, 0.1, 20, 6000, LYAP_SIGMOID},
    {"tanh, wide starts", "tanh 2-2-1, XOR, weights N(0,2)", "2-2-1", "xor", 2, 0.2, 8, 6000, LYAP_TANH},
    {"sine, published", "sine 2-2-1, XOR, published starts", "2-2-1", "xor", 0, 0.3, 2.2, 6000, LYAP_SIN},
    {"linear, published", "linear 2-2-1, XOR, published starts", "2-2-1", "xor", 0, 0.05, 1, 6000, LYAP_LINEAR},
    {"tanh, teacher", "tanh 2-4-1, 16 samples of a 2-2-1 teacher, weights N(0,1)", "2-4-1", "teacher:2-2-1,16", 1, 0.2,
     8, 4000, LYAP_TANH},
    {"tanh, moons", "tanh 2-4-1, 16 samples of two moons, weights N(0,1)", "2-4-1", "moons:16,0.1", 1, 0.2, 8, 4000,
     LYAP_TANH},
};

struct taking {
    double *out;
    size_t kept; /* a cell */
};

static enum lyap_status take(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    const struct taking *taking = context;
    (void)error;
    memcpy(taking->out + chunk->first_cell * taking->kept, chunk->orbit, chunk->count * taking->kept * sizeof(double));
    return LYAP_OK;
}

enum lyap_status lyap_bifurcation_points(const struct lyap_plan *given, uint64_t start, const double *rates, size_t n,
                                         const struct lyap_kept_states *states, double *out, struct lyap_error *error) {
    struct lyap_spectrum_plan plan;
    const struct lyap_orbit orbit = {LYAP_ORBIT_WEIGHTS, states->kept, 1, &states->which};
    struct taking taking = {out, states->kept};
    double *initial = lyap_report_room(2 * lyap_network_parameters(given->network), sizeof *initial, error);
    struct lyap_setting *settings = lyap_rate_settings(rates, n, given->setting, error);
    enum lyap_status status = initial && settings ? LYAP_OK : LYAP_ERROR_MEMORY;
    lyap_spectrum_defaults(&plan, given->network, given->data);
    plan.base = *given;
    plan.base.neighbours = 1;
    if (!status) status = lyap_ensemble_initial(&plan.base, start, 1, initial, error);
    plan.base.starts = 1;
    plan.base.weights = initial;
    plan.base.settings = settings;
    plan.base.values = n;
    plan.base.escape = DBL_MAX; /* a large loss may fall again */
    plan.transient = states->transient + 1;
    for (size_t i = 0; i < n && !status; i++) settings[i].epochs = plan.transient + states->kept;
    if (!status) status = lyap_orbits_run(&plan, &orbit, take, &taking, error);
    free(initial);
    free(settings);
    return status;
}

static enum lyap_status make_case(struct lyap_paper_case *c, const struct lyap_report *report,
                                  const struct lyap_bifurcation_case *of, struct lyap_error *error) {
    enum lyap_status status = lyap_report_case(c, report, of->activation, LYAP_FLOAT64, error);
    if (status) return status;
    status = lyap_network_init(&c->network, of->shape, of->activation, of->activation, LYAP_MSE, error);
    lyap_dataset_free(&c->data);
    if (!status) status = lyap_dataset_parse(&c->data, of->data, 1, c->plan.seed, error);
    if (of->deviation == 0) return status;
    c->plan.init = LYAP_INIT_NORMAL;
    c->plan.init_a = 0;
    c->plan.init_b = of->deviation;
    c->plan.window = false;
    return status;
}

/* Of the starts s with s % 2 == half, the number that are confirmed chaotic at rate v. */
static uint64_t chaotic_of(const struct lyap_bifurcation_diagram *g, size_t v, size_t half) {
    uint64_t chaotic = 0;
    for (size_t s = half; s < (size_t)g->starts; s += 2) chaotic += g->cells[v * (size_t)g->starts + s].confirmed;
    return chaotic;
}

void lyap_bifurcation_choose(struct lyap_bifurcation_diagram *g, double *lambda) {
    size_t starts = (size_t)g->starts, n = 0;
    for (size_t half = 0; half < 2; half++) {
        size_t best = 0;
        for (size_t v = 1; v < g->n; v++)
            if (chaotic_of(g, v, half) > chaotic_of(g, best, half)) best = v;
        g->best[1 - half] = g->rates[best];
        for (size_t s = 1 - half; s < starts; s += 2) {
            const struct lyap_long *cell = &g->cells[best * starts + s];
            g->chaotic_starts += cell->confirmed;
            if (cell->confirmed) lambda[n++] = cell->lambda;
        }
    }
    g->share = lyap_share(g->chaotic_starts, g->starts);
    lyap_sort(lambda, n);
    g->exponent = n ? lyap_quantile(lambda, n, 0.5) : NAN;
}

bool lyap_bifurcation_is_bounded(const struct lyap_bifurcation_diagram *g) {
    return 20 * g->growing <= g->starts;
}

bool lyap_bifurcation_is_brought(const struct lyap_bifurcation_diagram *g) {
    return lyap_bifurcation_is_bounded(g) && g->first_chaotic == 0 && g->share.low > 0.1;
}

size_t lyap_bifurcation_best(const struct lyap_bifurcation_state *state) {
    size_t best = LYAP_BIFURCATION_CASES;
    for (size_t i = 0; i < LYAP_BIFURCATION_CASES; i++)
        if (lyap_bifurcation_is_bounded(&state->diagram[i]) &&
            (best == LYAP_BIFURCATION_CASES || state->diagram[i].share.low > state->diagram[best].share.low))
            best = i;
    return best;
}

/* Medians and shares at each rate, and the start to draw: that with the most confirmed rates, the first of equals. */
static enum lyap_status summarise(struct lyap_bifurcation_diagram *g, struct lyap_error *error) {
    size_t starts = (size_t)g->starts, best = 0;
    double *lambda = lyap_report_room(starts, sizeof *lambda, error);
    if (!lambda) return LYAP_ERROR_MEMORY;
    for (size_t s = 0; s < starts; s++) {
        size_t chaotic = 0;
        for (size_t v = 0; v < g->n; v++) chaotic += g->cells[v * starts + s].confirmed;
        if (chaotic > best) best = chaotic, g->chosen = s;
    }
    for (size_t v = 0; v < g->n; v++) {
        const struct lyap_long *row = g->cells + v * starts;
        size_t n = 0, diverged = 0, chaotic = 0, growing = 0;
        for (size_t s = 0; s < starts; s++) {
            diverged += row[s].regime == LYAP_DIVERGED;
            chaotic += row[s].confirmed;
            growing += row[s].regime == LYAP_UNBOUNDED || row[s].regime == LYAP_DIVERGED;
            if (row[s].regime != LYAP_DIVERGED && isfinite(row[s].lambda)) lambda[n++] = row[s].lambda;
        }
        lyap_sort(lambda, n);
        g->median[v] = 2 * n >= starts && n ? lyap_quantile(lambda, n, 0.5) : NAN;
        g->chaotic[v] = (double)chaotic / (double)starts;
        g->bounded[v] = 1 - (double)diverged / (double)starts;
        g->own[v] = row[g->chosen].regime == LYAP_DIVERGED ? NAN : row[g->chosen].lambda;
        if (growing > g->growing) g->growing = growing;
        if (v == 0) g->first_chaotic = chaotic;
        if (chaotic > g->most) g->most = chaotic, g->at_most = g->rates[v];
    }
    lyap_bifurcation_choose(g, lambda);
    free(lambda);
    return LYAP_OK;
}

static enum lyap_status run_case(struct lyap_report *report, const struct lyap_bifurcation_case *of,
                                 struct lyap_bifurcation_diagram *g, struct lyap_error *error) {
    struct lyap_paper_case c;
    struct lyap_spectrum_plan plan;
    struct lyap_setting *settings = NULL;
    bool full = lyap_report_options_of(report)->full;
    enum lyap_status status = make_case(&c, report, of, error);
    if (!status) {
        g->n = (size_t)lyap_report_starts(report, LYAP_BIFURCATION_RATES, 8);
        g->wide = (size_t)lyap_report_starts(report, LYAP_BIFURCATION_FINE_RATES, 12);
        if (g->n > LYAP_BIFURCATION_RATES) g->n = LYAP_BIFURCATION_RATES;
        if (g->wide > LYAP_BIFURCATION_FINE_RATES) g->wide = LYAP_BIFURCATION_FINE_RATES;
        lyap_log_grid(of->low, of->high, g->n, g->rates);
        lyap_log_grid(of->low, of->high, g->wide, g->grid);
        g->starts = c.plan.starts = lyap_report_starts(report, full ? 256 : 32, 2);
        lyap_spectrum_defaults(&plan, &c.network, &c.data);
        double escape = plan.base.escape;
        plan.base = c.plan;
        plan.base.escape = escape;
        plan.base.setting.epochs = of->steps;
        plan.transient = of->steps / 2;
        settings = lyap_rate_settings(g->rates, g->n, plan.base.setting, error);
        plan.base.settings = settings;
        plan.base.values = g->n;
        if (!settings) status = LYAP_ERROR_MEMORY;
    }
    if (!status) {
        lyap_report_progress(report, 0.16 / LYAP_BIFURCATION_CASES, &plan.base.progress, &plan.base.progress_context);
        status = lyap_long_run(&plan, 3, &g->cells, error);
    }
    if (!status) status = summarise(g, error);
    if (!status) {
        lyap_report_progress(report, 0.04 / LYAP_BIFURCATION_CASES, &c.plan.progress, &c.plan.progress_context);
        g->x = lyap_report_room(2 * g->wide * LYAP_BIFURCATION_KEPT, sizeof *g->x, error);
        if (!g->x) status = LYAP_ERROR_MEMORY;
    }
    if (!status) {
        const struct lyap_kept_states states = {of->steps / 2, LYAP_BIFURCATION_KEPT,
                                                lyap_network_offset(&c.network, c.network.layers - 1)};
        g->y = g->x + g->wide * LYAP_BIFURCATION_KEPT;
        status = lyap_bifurcation_points(&c.plan, g->chosen, g->grid, g->wide, &states, g->y, error);
        for (size_t i = 0; i < g->wide * LYAP_BIFURCATION_KEPT; i++) {
            g->x[i] = g->grid[i / LYAP_BIFURCATION_KEPT];
            if (!(fabs(g->y[i]) < 1e3)) g->y[i] = NAN; /* on its way to infinity */
        }
    }
    free(settings);
    lyap_paper_case_free(&c);
    return status;
}

enum lyap_status lyap_bifurcation_compute(struct lyap_report *report, struct lyap_bifurcation_state *state,
                                          struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (int i = 0; i < LYAP_BIFURCATION_CASES && !status; i++)
        status = run_case(report, &lyap_bifurcation_cases[i], &state->diagram[i], error);
    return status;
}

void lyap_bifurcation_release(struct lyap_bifurcation_state *state) {
    for (int i = 0; i < LYAP_BIFURCATION_CASES; i++) {
        free(state->diagram[i].cells);
        free(state->diagram[i].x);
    }
}
