/* C1: bifurcation diagrams, for networks and data where the learning rate brings chaos and where it does not. */
#include "report/bifurcation/bifurcation.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/sample.h"
#include "engine/spectrum.h"

enum { CASES = 6, RATES = 64, DIAGRAM_RATES = 240, KEPT = 24 }; /* the most: a smaller scale takes fewer */

static const struct bifurcation_case {
    const char *name, *text, *shape, *data;
    double deviation, low,
        high; /* of normal starts without a window of losses, 0: the published starts; learning rates */
    uint32_t steps;
    enum lyap_activation activation;
} cases[CASES] = {
    {"sigmoid, published", "sigmoid 2-2-1, XOR, published starts", "2-2-1", "xor", 0, 0.1, 20, 6000, LYAP_SIGMOID},
    {"tanh, wide starts", "tanh 2-2-1, XOR, weights N(0,2)", "2-2-1", "xor", 2, 0.2, 8, 6000, LYAP_TANH},
    {"sine, published", "sine 2-2-1, XOR, published starts", "2-2-1", "xor", 0, 0.3, 2.2, 6000, LYAP_SIN},
    {"linear, published", "linear 2-2-1, XOR, published starts", "2-2-1", "xor", 0, 0.05, 1, 6000, LYAP_LINEAR},
    {"tanh, teacher", "tanh 2-4-1, 16 samples of a 2-2-1 teacher, weights N(0,1)", "2-4-1", "teacher:2-2-1,16", 1, 0.2,
     8, 4000, LYAP_TANH},
    {"tanh, moons", "tanh 2-4-1, 16 samples of two moons, weights N(0,1)", "2-4-1", "moons:16,0.1", 1, 0.2, 8, 4000,
     LYAP_TANH},
};

struct diagram {
    size_t n, wide; /* learning rates of the exponents, and of the diagram */
    double rates[RATES], median[RATES], chaotic[RATES], bounded[RATES], own[RATES]; /* shares, and exponents */
    double grid[DIAGRAM_RATES], *x, *y;                                             /* [DIAGRAM_RATES * KEPT] */
    uint64_t starts, chosen, first_chaotic, most; /* confirmed at the lowest rate; most at any */
    double at_most;                               /* the rate of the latter */
    struct lyap_long *cells;
};
struct bifurcation_state {
    struct diagram diagram[CASES];
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
                                         uint32_t transient, uint32_t kept, size_t which, double *out,
                                         struct lyap_error *error) {
    struct lyap_spectrum_plan plan;
    const struct lyap_orbit orbit = {LYAP_ORBIT_WEIGHTS, kept, 1, &which};
    struct taking taking = {out, kept};
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
    plan.transient = transient + 1;
    for (size_t i = 0; i < n && !status; i++) settings[i].epochs = transient + 1 + kept;
    if (!status)
        status = lyap_spectrum_run_cells(&plan, &(struct lyap_spectrum_extra){.orbit = &orbit}, take, &taking, error);
    free(initial);
    free(settings);
    return status;
}

static enum lyap_status make_case(struct lyap_paper_case *c, const struct lyap_report *report,
                                  const struct bifurcation_case *of, struct lyap_error *error) {
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

/* Medians and shares at each rate, and the start to draw: that with the most confirmed rates, the first of equals. */
static enum lyap_status summarise(struct diagram *g, struct lyap_error *error) {
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
        size_t n = 0, diverged = 0, chaotic = 0;
        for (size_t s = 0; s < starts; s++) {
            diverged += row[s].regime == LYAP_DIVERGED;
            chaotic += row[s].confirmed;
            if (row[s].regime != LYAP_DIVERGED && isfinite(row[s].lambda)) lambda[n++] = row[s].lambda;
        }
        lyap_sort(lambda, n);
        g->median[v] = 2 * n >= starts && n ? lyap_quantile(lambda, n, 0.5) : NAN;
        g->chaotic[v] = (double)chaotic / (double)starts;
        g->bounded[v] = 1 - (double)diverged / (double)starts;
        g->own[v] = row[g->chosen].regime == LYAP_DIVERGED ? NAN : row[g->chosen].lambda;
        if (v == 0) g->first_chaotic = chaotic;
        if (chaotic > g->most) g->most = chaotic, g->at_most = g->rates[v];
    }
    free(lambda);
    return LYAP_OK;
}

static enum lyap_status run_case(struct lyap_report *report, const struct bifurcation_case *of, struct diagram *g,
                                 struct lyap_error *error) {
    struct lyap_paper_case c;
    struct lyap_spectrum_plan plan;
    struct lyap_setting *settings = NULL;
    bool full = lyap_report_options_of(report)->full;
    enum lyap_status status = make_case(&c, report, of, error);
    if (!status) {
        g->n = (size_t)lyap_report_starts(report, RATES, 8);
        g->wide = (size_t)lyap_report_starts(report, DIAGRAM_RATES, 12);
        if (g->n > RATES) g->n = RATES;
        if (g->wide > DIAGRAM_RATES) g->wide = DIAGRAM_RATES;
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
        lyap_report_progress(report, 0.8 / CASES, &plan.base.progress, &plan.base.progress_context);
        status = lyap_long_run(&plan, 3, &g->cells, error);
    }
    if (!status) status = summarise(g, error);
    if (!status) {
        lyap_report_progress(report, 0.2 / CASES, &c.plan.progress, &c.plan.progress_context);
        g->x = lyap_report_room(2 * g->wide * KEPT, sizeof *g->x, error);
        if (!g->x) status = LYAP_ERROR_MEMORY;
    }
    if (!status) {
        size_t which = lyap_network_offset(&c.network, c.network.layers - 1);
        g->y = g->x + g->wide * KEPT;
        status = lyap_bifurcation_points(&c.plan, g->chosen, g->grid, g->wide, of->steps / 2, KEPT, which, g->y, error);
        for (size_t i = 0; i < g->wide * KEPT; i++) {
            g->x[i] = g->grid[i / KEPT];
            if (!(fabs(g->y[i]) < 1e3)) g->y[i] = NAN; /* on its way to infinity */
        }
    }
    free(settings);
    lyap_paper_case_free(&c);
    return status;
}

static enum lyap_status compute(struct lyap_report *report, void **out, struct lyap_error *error) {
    struct bifurcation_state *state = lyap_report_room(1, sizeof *state, error);
    if (!state) return LYAP_ERROR_MEMORY;
    *out = state;
    enum lyap_status status = LYAP_OK;
    for (int i = 0; i < CASES && !status; i++) status = run_case(report, &cases[i], &state->diagram[i], error);
    return status;
}

static void draw(struct lyap_document *d, const struct bifurcation_state *state, int first, const char *name) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    if (!chart) return;
    chart->count = 6;
    chart->columns = 3;
    for (int i = 0; i < 3; i++) {
        const struct diagram *g = &state->diagram[first + i];
        struct lyap_panel *top = &chart->panel[i], *below = &chart->panel[3 + i];
        top->title = cases[first + i].name;
        top->x = below->x = (struct lyap_axis){"learning rate", true, cases[first + i].low, cases[first + i].high};
        top->y.title = "first output weight";
        below->y.title = "exponent (nats per step), share";
        lyap_panel_add(top, LYAP_MARK_POINTS, NULL, 0, g->wide * KEPT, g->x, g->y);
        lyap_panel_add(below, LYAP_MARK_LINE, "this start", 0, g->n, g->rates, g->own);
        lyap_panel_add(below, LYAP_MARK_LINE, "median of starts", 1, g->n, g->rates, g->median);
        lyap_panel_add(below, LYAP_MARK_LINE, "share chaotic", 5, g->n, g->rates, g->chaotic)->dashed = true;
        lyap_panel_line(below, false, 0, NULL);
    }
    lyap_document_figure(d, name, chart,
                         "Above, the first weight into the output after each of %d updates that follow a transient of "
                         "%u (%u, %u), for one start at %d "
                         "learning rates; of %llu starts the one that is chaotic at the most learning rates, the first "
                         "where all are alike. Below, the "
                         "tangent exponent of this start, the median of all that stay bounded where at least half do, "
                         "and the share of starts that are "
                         "confirmed chaotic. From the left: %s; %s; %s.",
                         (int)KEPT, (unsigned)(cases[first].steps / 2), (unsigned)(cases[first + 1].steps / 2),
                         (unsigned)(cases[first + 2].steps / 2), (int)state->diagram[first].wide,
                         (unsigned long long)state->diagram[first].starts, cases[first].text, cases[first + 1].text,
                         cases[first + 2].text);
    free(chart);
}

static enum lyap_status write_data(struct lyap_report *report, const struct bifurcation_state *state,
                                   struct lyap_error *error) {
    FILE *file = lyap_report_data(report, "C1-bifurcation-exponents", error);
    if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
    fputs("case,lr,start,lambda_1,regime,confirmed\n", file);
    for (int i = 0; i < CASES; i++)
        for (uint64_t v = 0; v < state->diagram[i].n; v++)
            for (uint64_t s = 0; s < state->diagram[i].starts; s++) {
                const struct lyap_long *cell = &state->diagram[i].cells[v * state->diagram[i].starts + s];
                fprintf(file, "\"%s\",", cases[i].text);
                lyap_report_field(file, state->diagram[i].rates[v], ',');
                fprintf(file, "%llu,", (unsigned long long)s);
                lyap_report_field(file, cell->regime == LYAP_DIVERGED ? NAN : cell->lambda, ',');
                fprintf(file, "%s,%d\n", lyap_regime_name(cell->regime), cell->confirmed);
            }
    file = lyap_report_data(report, "C1-bifurcation-weights", error);
    if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
    fputs("case,start,lr,update,weight\n", file);
    for (int i = 0; i < CASES; i++)
        for (size_t k = 0; k < state->diagram[i].wide * KEPT; k++) {
            fprintf(file, "\"%s\",%llu,", cases[i].text, (unsigned long long)state->diagram[i].chosen);
            lyap_report_field(file, state->diagram[i].x[k], ',');
            fprintf(file, "%zu,", cases[i].steps / 2 + k % KEPT + 1);
            lyap_report_field(file, state->diagram[i].y[k], '\n');
        }
    return LYAP_OK;
}

static enum lyap_status write(struct lyap_report *report, void *context, struct lyap_error *error) {
    const struct bifurcation_state *state = context;
    struct lyap_document *d = lyap_report_document(report);
    static const char *const heads[] = {"network and data",     "starts",        "chaotic at the lowest rate %",
                                        "chaotic at most %",    "95 % interval", "at learning rate",
                                        "median exponent there"};
    int brought = 0, with = 0;
    lyap_document_paragraph(
        d, "The same question asked of more networks and data: what the weights do after a transient, and the exponent "
           "with it. An exponent above 0 that is confirmed as above, over three times the steps, at a bounded loss, is "
           "chaos; "
           "with a sine or "
           "a saturating output the loss is bounded by itself, and weights may wander far.");
    draw(d, state, 0, "C1-bifurcation-xor");
    draw(d, state, 3, "C1-bifurcation-more");
    lyap_document_table(d, "Chaos by the learning rate alone", 7, heads);
    const char *most = NULL;
    struct lyap_estimate best = {0};
    for (int i = 0; i < CASES; i++) {
        const struct diagram *g = &state->diagram[i];
        struct lyap_estimate share = lyap_share(g->most, g->starts);
        lyap_document_cell(d, "%s", cases[i].text);
        lyap_document_cell(d, "%llu", (unsigned long long)g->starts);
        lyap_document_cell(d, "%.3g", 100 * (double)g->first_chaotic / (double)g->starts);
        lyap_document_cell(d, "%.3g", 100 * share.value);
        lyap_document_cell(d, "%.3g to %.3g", 100 * share.low, 100 * share.high);
        if (g->most) {
            size_t v = 0;
            char value[32];
            while (v + 1 < g->n && g->rates[v] < g->at_most) v++;
            lyap_document_cell(d, "%.3g", g->at_most);
            lyap_document_cell(d, "%s", lyap_value_text(g->median[v], value));
        } else {
            lyap_document_cell(d, "-");
            lyap_document_cell(d, "-");
        }
        with += g->most > 0;
        if (g->first_chaotic == 0 && share.low > 0.05) brought++;
        if (share.low > best.low) best = share, most = cases[i].text;
    }
    lyap_document_table_end(d);
    lyap_document_paragraph(d, "What would explain it otherwise: a long chaotic transient looks like chaos until it "
                               "ends, and the second look is "
                               "three times as long and no longer. A diagram shows one start; each learning rate "
                               "begins from the same weights, so "
                               "neighbouring columns may have settled in different attractors.");
    uint64_t starts = state->diagram[0].starts;
    const char *claim = "There are networks and data that the learning rate alone makes chaotic";
    if (starts < 16)
        lyap_report_verdict(report, "C1e", claim, LYAP_CANNOT_BE_TOLD, "%llu starts a case are too few.",
                            (unsigned long long)starts);
    else if (brought == 0)
        lyap_report_verdict(
            report, "C1e", claim, with ? LYAP_HOLDS_IN_PART : LYAP_DOES_NOT_HOLD,
            "Of %d cases %d have a chaotic start at some learning rate, none a share that is clearly above 5 %%.",
            (int)CASES, with);
    else
        lyap_report_verdict(report, "C1e", claim, LYAP_HOLDS,
                            "In %d of %d cases no start is chaotic at the lowest learning rate and clearly more than 5 "
                            "%% are at a larger one; the most are "
                            "%.3g %% (95 %% interval %.3g to %.3g %%), %s.",
                            brought, (int)CASES, 100 * best.value, 100 * best.low, 100 * best.high, most);
    return write_data(report, state, error);
}

static void release(void *context) {
    struct bifurcation_state *state = context;
    for (int i = 0; state && i < CASES; i++) {
        free(state->diagram[i].cells);
        free(state->diagram[i].x);
    }
    free(state);
}

const struct lyap_section lyap_section_bifurcation = {
    "C1e", "Bifurcation diagrams: where does the learning rate bring chaos?", 9, compute, write, release};
