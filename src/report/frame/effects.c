/* The figure of all effects: a row for each correlation or rank agreement, by claim. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/frame/front.h"

/* Rows of the figure: a heading before the effects of each claim. */
struct rows {
    size_t count;
    const char **name;
    unsigned char *heading;
    double *number; /* six columns of `most`: value, low, high of both seeds; two of places */
    double *value[2], *low[2], *high[2], *place[2];
};

static const struct {
    const char *id, *title;
} titles[] = {
    {"C1", "C1: learning rate and chaos"}, {"C2", "C2: activations"}, {"C3", "C3: choice of initial weights"},
    {"L1", "L1: other networks and data"}, {"L2", "L2: estimators"},
};

static const char *title_of(const char *claim) {
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(titles[i].id, claim) == 0) return titles[i].title;
    return claim;
}

static bool make_room(struct rows *r, size_t effects) {
    size_t most = 2 * effects;
    r->name = calloc(most, sizeof *r->name);
    r->heading = calloc(most, 1);
    r->number = malloc(8 * most * sizeof *r->number);
    if (!r->name || !r->heading || !r->number) return false;
    for (size_t i = 0; i < 8 * most; i++) r->number[i] = NAN;
    for (int s = 0; s < 2; s++) {
        double *from = r->number + (size_t)s * 4 * most;
        r->value[s] = from;
        r->low[s] = from + most;
        r->high[s] = from + 2 * most;
        r->place[s] = from + 3 * most;
    }
    return true;
}

static void put(struct rows *r, int seed, size_t row, double shift, const struct lyap_finding_effect *e) {
    r->place[seed][row] = (double)row + shift;
    if (!e) return;
    r->value[seed][row] = e->value;
    r->low[seed][row] = e->low;
    r->high[seed][row] = e->high;
}

static void add_claim(struct rows *r, const struct lyap_front *front, const char *claim) {
    double shift = front->second ? 0.18 : 0;
    r->name[r->count] = title_of(claim);
    r->heading[r->count++] = 1;
    for (size_t i = 0; i < front->own->effects; i++) {
        const struct lyap_finding_effect *e = &front->own->effect[i];
        if (strcmp(e->claim, claim) != 0) continue;
        r->name[r->count] = e->what;
        put(r, 0, r->count, -shift, e);
        put(r, 1, r->count, shift, lyap_findings_same_effect(front->own, i, front->second));
        r->count++;
    }
}

/* The paper's claims in their order, then the others as they come. */
static void add_rows(struct rows *r, const struct lyap_front *front) {
    const struct lyap_findings *f = front->own;
    const struct lyap_paper_claim *paper;
    for (size_t k = 0; (paper = lyap_paper_claim(k)) != NULL; k++)
        for (size_t i = 0; i < f->effects; i++)
            if (strcmp(f->effect[i].claim, paper->id) == 0) {
                add_claim(r, front, paper->id);
                break;
            }
    for (size_t i = 0; i < f->effects; i++) {
        const char *claim = f->effect[i].claim;
        bool first = !lyap_is_paper_claim(claim);
        for (size_t k = 0; k < i && first; k++) first = strcmp(f->effect[k].claim, claim) != 0;
        if (first) add_claim(r, front, claim);
    }
}

static void draw(struct lyap_document *d, const struct rows *r, const struct lyap_front *front,
                 struct lyap_chart *chart) {
    char label[2][48];
    struct lyap_panel *panel = &chart->panel[0];
    chart->count = chart->columns = 1;
    chart->height = 23.0 * (double)r->count;
    panel->y_names = (struct lyap_names){r->count, r->name, r->heading};
    panel->x = (struct lyap_axis){
        .title = "correlation or rank agreement, 95 % interval (+1: as the claim says)", .low = -1.05, .high = 1.05};
    panel->lines = 1;
    panel->line[0].vertical = true;
    panel->line[0].label = "no relation";
    for (int s = 0; s < (front->second ? 2 : 1); s++) {
        const struct lyap_findings *of = s ? front->second : front->own;
        snprintf(label[s], sizeof label[s], "seed %llu", (unsigned long long)of->seed);
        panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_SPANS,
                                                                  .label = label[s],
                                                                  .colour = s,
                                                                  .n = r->count,
                                                                  .x = r->value[s],
                                                                  .y = r->place[s],
                                                                  .low = r->low[s],
                                                                  .high = r->high[s],
                                                                  .shape = s ? LYAP_SHAPE_RING : LYAP_SHAPE_DOT};
    }
    lyap_document_figure(d, "effects", chart,
                         "The %zu correlations and rank agreements that bear on the claims, with 95 %% intervals; the "
                         "numbers are in `effects.csv`. +1 is what the claim says, 0 is no relation, and -1 is the "
                         "opposite of the claim.",
                         front->own->effects);
}

void lyap_front_effects(struct lyap_document *d, const struct lyap_front *front) {
    struct rows rows = {0};
    if (front->own->effects == 0) return;
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    if (!make_room(&rows, front->own->effects))
        lyap_document_fail(d);
    else if (chart) {
        lyap_document_heading(d, 2, "All effects");
        add_rows(&rows, front);
        draw(d, &rows, front, chart);
    }
    free(rows.name);
    free(rows.heading);
    free(rows.number);
    free(chart);
}
