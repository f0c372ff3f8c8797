#include "report/common/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/deterministic.h"
#include "lyapgrad/edge.h"

enum { LOOKS = 64 }; /* points of the second run at which the sharpness is measured */

void *lyap_report_room(size_t count, size_t size, struct lyap_error *error) {
    void *room = calloc(count ? count : 1, size);
    if (!room) lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the report");
    return room;
}

struct lyap_paper_options lyap_report_paper(const struct lyap_report *report, enum lyap_precision precision) {
    const struct lyap_report_options *o = lyap_report_options_of(report);
    return (struct lyap_paper_options){.starts = 1,
                                       .seed = o->seed,
                                       .precision = precision,
                                       .isa = o->isa,
                                       .layout = o->layout,
                                       .threads = o->threads};
}

enum lyap_status lyap_report_case(struct lyap_paper_case *c, const struct lyap_report *report,
                                  enum lyap_activation activation, enum lyap_precision precision,
                                  struct lyap_error *error) {
    struct lyap_paper_options options = lyap_report_paper(report, precision);
    return lyap_paper_case_init(c, activation, &options, error);
}

struct lyap_setting *lyap_rate_settings(const double *rates, size_t n, struct lyap_setting like,
                                        struct lyap_error *error) {
    struct lyap_setting *settings = lyap_report_room(n, sizeof *settings, error);
    for (size_t i = 0; settings && i < n; i++) {
        settings[i] = like;
        settings[i].lr = rates[i];
    }
    return settings;
}

static enum lyap_status take(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct lyap_long *cells = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        struct lyap_long *cell = &cells[r->cell];
        *cell = (struct lyap_long){.regime = r->regime,
                                   .lambda = r->resolved > 0 ? chunk->lambda[i * chunk->exponents].lambda : NAN,
                                   .sharpness_first = r->sharpness_first,
                                   .sharpness_last = r->sharpness_last,
                                   .sharpness_most = fmax(r->sharpness_first, r->sharpness_last),
                                   .smallest_least = fmin(r->smallest_first, r->smallest_last)};
        for (size_t p = 0; chunk->history && p < chunk->used[i]; p++) {
            const struct lyap_history *h = &chunk->history[i * chunk->points + p];
            cell->sharpness_most = fmax(cell->sharpness_most, h->sharpness);
            cell->smallest_least = fmin(cell->smallest_least, h->smallest);
        }
    }
    return LYAP_OK;
}

/* A second look at the chaotic cells of one value. */
static enum lyap_status look_again(const struct lyap_spectrum_plan *plan, size_t value, uint32_t again,
                                   struct lyap_long *cells, struct lyap_error *error) {
    struct lyap_spectrum_plan longer = *plan;
    struct lyap_plan one = plan->base;
    size_t starts = (size_t)plan->base.starts, n = lyap_network_parameters(plan->base.network), found = 0;
    cells += value * starts;
    for (size_t s = 0; s < starts; s++) found += cells[s].regime == LYAP_CHAOTIC;
    if (found == 0) return LYAP_OK;
    double *weights = lyap_report_room((found + 1) * n, sizeof *weights, error); /* room for the last one's neighbour */
    struct lyap_long *second = lyap_report_room(found, sizeof *second, error);
    enum lyap_status status = weights && second ? LYAP_OK : LYAP_ERROR_MEMORY;
    one.neighbours = 1;
    for (size_t s = 0, k = 0; s < starts && !status; s++)
        if (cells[s].regime == LYAP_CHAOTIC)
            status = lyap_ensemble_initial(&one, value * starts + s, 1, weights + n * k++, error);
    if (plan->base.settings) longer.base.setting = plan->base.settings[value];
    longer.base.settings = NULL;
    longer.base.values = 1;
    longer.base.starts = found;
    longer.base.weights = weights;
    longer.base.setting.epochs *= again;
    longer.transient *= again;
    longer.history = LOOKS;
    longer.curvature = true;
    longer.base.progress = NULL;
    if (!status) status = lyap_spectrum_run(&longer, take, second, error);
    for (size_t s = 0, k = 0; s < starts && !status; s++)
        if (cells[s].regime == LYAP_CHAOTIC) {
            double edge = lyap_edge_rate(&longer.base.optimiser, longer.base.network->layers, second[k].sharpness_most);
            cells[s].confirmed = second[k].regime == LYAP_CHAOTIC && second[k].lambda >= cells[s].lambda / 2 &&
                                 edge > 0 && longer.base.setting.lr > edge;
            k++;
        }
    free(weights);
    free(second);
    return status;
}

enum lyap_status lyap_long_run(struct lyap_spectrum_plan *plan, uint32_t again, struct lyap_long **cells,
                               struct lyap_error *error) {
    *cells = lyap_report_room(plan->base.values * (size_t)plan->base.starts, sizeof **cells, error);
    if (!*cells) return LYAP_ERROR_MEMORY;
    enum lyap_status status = lyap_spectrum_run(plan, take, *cells, error);
    for (size_t v = 0; again > 1 && v < plan->base.values && !status; v++)
        status = look_again(plan, v, again, *cells, error);
    return status;
}

double lyap_crossing(const void *context, const uint32_t *index, size_t n) {
    const struct lyap_signs *s = context;
    uint32_t positive[LYAP_SIGN_RATES] = {0}, counted[LYAP_SIGN_RATES] = {0};
    for (size_t i = 0; i < n; i++) {
        const unsigned char *row = s->sign + (index ? index[i] : i) * s->rates;
        for (size_t v = 0; v < s->rates; v++) {
            positive[v] += row[v] == LYAP_POSITIVE;
            counted[v] += row[v] != LYAP_NOT_COUNTED;
        }
    }
    size_t least = n < LYAP_SIGN_LEAST ? n : LYAP_SIGN_LEAST;
    double before = NAN, at = NAN; /* the share and the rate of the value before */
    for (size_t v = 0; v < s->rates; v++) {
        if (counted[v] < least || counted[v] == 0) continue;
        double share = (double)positive[v] / counted[v];
        if (share > 0.5) return isnan(before) ? s->grid[v] : at + (0.5 - before) / (share - before) * (s->grid[v] - at);
        before = share;
        at = s->grid[v];
    }
    return NAN;
}

struct lyap_mark_series *lyap_panel_add(struct lyap_panel *panel, enum lyap_mark mark, const char *label, int colour,
                                        size_t n, const double *x, const double *y) {
    struct lyap_mark_series *series = &panel->series[panel->count];
    if (panel->count < LYAP_PANEL_SERIES) panel->count++;
    *series = (struct lyap_mark_series){.mark = mark, .label = label, .colour = colour, .n = n, .x = x, .y = y};
    return series;
}

void lyap_panel_line(struct lyap_panel *panel, bool vertical, double at, const char *label) {
    if (panel->lines == LYAP_PANEL_LINES) return;
    panel->line[panel->lines].vertical = vertical;
    panel->line[panel->lines].at = at;
    panel->line[panel->lines].label = label;
    panel->lines++;
}

double lyap_binomial_test(uint64_t k, uint64_t n, double p) {
    /* The chances relative to that of the most likely outcome, upwards and downwards from it by their ratio, so that nothing
     * under- or overflows where it counts. */
    uint64_t mode = (uint64_t)((double)(n + 1) * p);
    double odds = p / (1 - p), of_k = 0, sum = 0, tail = 0;
    if (mode > n) mode = n;
    for (int pass = 0; pass < 2; pass++) {
        double chance = 1;
        for (uint64_t i = mode;; i++) {
            if (pass == 0 && i == k) of_k = chance;
            if (pass == 1) sum += chance, tail += chance <= of_k * (1 + 1e-12) ? chance : 0;
            if (i == n) break;
            chance *= (double)(n - i) / (double)(i + 1) * odds;
        }
        chance = 1;
        for (uint64_t i = mode; i > 0; i--) {
            chance *= (double)i / (double)(n - i + 1) / odds;
            if (pass == 0 && i - 1 == k) of_k = chance;
            if (pass == 1) sum += chance, tail += chance <= of_k * (1 + 1e-12) ? chance : 0;
        }
    }
    return sum > 0 ? tail / sum : NAN;
}

void lyap_hit_chances(const double *p, size_t n, double *chance) {
    chance[0] = 1;
    for (size_t i = 0; i < n; i++) {
        chance[i + 1] = 0;
        for (size_t k = i + 1; k > 0; k--) chance[k] = chance[k] * (1 - p[i]) + chance[k - 1] * p[i];
        chance[0] *= 1 - p[i];
    }
}
