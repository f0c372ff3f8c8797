/* The figure of all effects: a row for each correlation or rank agreement, by claim. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/frame/front.h"

/* Rows of the figure, each as high as half a line: a heading before the effects of each claim, and for each effect as many as its name needs. The
 * names are in the middle of theirs. */
enum { HEADING_ROWS = 3, NAME_LINES = 4, EFFECT_ROWS = 2 * NAME_LINES + 1, ROW_HEIGHT = 8 };
struct rows {
    size_t count;
    const char **name;
    unsigned char *heading;
    double *number;                                 /* the arrays below, one after the other */
    double *value[2], *low[2], *high[2], *place[2]; /* by effect and seed */
};

static const struct {
    const char *id, *title;
} titles[] = {
    {"C1", "C1: learning rate and chaos"},
    {"C2", "C2: activations"},
    {"C3", "C3: choice of initial weights"},
    {"L1", "L1: other networks and data"},
    {"L2", "L2: estimators"},
    {"Q1", "Q1: choice of the learning rate"},
    {"Q2", "Q2: mini-batches"},
    {"Q3", "Q3: depth and width"},
    {"Q4", "Q4: chaos and the final loss"},
    {"N", "Single and double precision"},
    {"J", "Training time and the onset of positive exponents"},
    {"P", "The published numbers"},
};

static const char *title_of(const char *claim) {
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(titles[i].id, claim) == 0) return titles[i].title;
    return claim;
}

static bool make_room(struct rows *r, size_t effects) {
    r->name = calloc(effects * (HEADING_ROWS + EFFECT_ROWS), sizeof *r->name);
    r->heading = calloc(effects * (HEADING_ROWS + EFFECT_ROWS), 1);
    r->number = malloc(8 * effects * sizeof *r->number);
    if (!r->name || !r->heading || !r->number) return false;
    for (size_t i = 0; i < 8 * effects; i++) r->number[i] = NAN;
    for (size_t s = 0; s < 2; s++) {
        double *from = r->number + s * 4 * effects;
        r->value[s] = from;
        r->low[s] = from + effects;
        r->high[s] = from + 2 * effects;
        r->place[s] = from + 3 * effects;
    }
    return true;
}

/* So many rows with the name in the middle, which is returned. */
static size_t add_rows_of(struct rows *r, const char *name, size_t rows) {
    size_t middle = r->count + rows / 2;
    for (size_t i = 0; i < rows; i++) r->name[r->count++] = "";
    r->name[middle] = name;
    return middle;
}

static void put(struct rows *r, int seed, size_t i, double place, const struct lyap_finding_effect *e) {
    if (!e) return;
    r->place[seed][i] = place;
    r->value[seed][i] = e->value;
    r->low[seed][i] = e->low;
    r->high[seed][i] = e->high;
}

static void add_claim(struct rows *r, const struct lyap_front *front, const char *claim) {
    double shift = front->second ? 0.55 : 0;
    size_t heading = add_rows_of(r, title_of(claim), HEADING_ROWS);
    r->heading[heading] = 1;
    for (size_t i = 0; i < front->own->effects; i++) {
        const struct lyap_finding_effect *e = &front->own->effect[i];
        if (strcmp(e->claim, claim) != 0) continue;
        size_t lines = lyap_chart_name_lines(e->what);
        double place = (double)add_rows_of(r, e->what, 2 * (lines < NAME_LINES ? lines : NAME_LINES) + 1);
        put(r, 0, i, place - shift, e);
        put(r, 1, i, place + shift, lyap_findings_same_effect(front->own, i, front->second));
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
    chart->height = ROW_HEIGHT * (double)r->count;
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
                                                                  .n = front->own->effects,
                                                                  .x = r->value[s],
                                                                  .y = r->place[s],
                                                                  .low = r->low[s],
                                                                  .high = r->high[s],
                                                                  .shape = s ? LYAP_SHAPE_RING : LYAP_SHAPE_DOT};
    }
    lyap_document_figure(
        d, "effects", chart,
        "The %zu correlations and rank agreements at the settings that decide, with 95 %% intervals; the "
        "numbers are in `effects.csv`, and those at other settings in the files of the sections. +1 is what the claim "
        "says of the exponent, or what it would say "
        "of the rival that a row names; 0 is no relation, and -1 is the opposite.",
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
