/* Q: the figure. */
#include <math.h>
#include <stdlib.h>

#include "report/common/cells.h"
#include "report/questions/questions.h"

enum { MOST = 12 };

/* Rows of a panel: values with intervals. */
struct rows {
    double at[MOST], value[MOST], low[MOST], high[MOST];
};

struct numbers {
    struct rows excess, agree[LYAP_BATCH_CASES][2], onset[LYAP_DEPTH_ONSETS], chaos[2];
    const char *rule[LYAP_RATE_RULES], *network[LYAP_DEPTH_CASES], *chaotic[LYAP_CHAOS_CASES];
};

static void put(struct rows *r, size_t row, double at, const struct lyap_estimate *e) {
    r->at[row] = at;
    r->value[row] = isfinite(e->value) ? e->value : (double)NAN;
    r->low[row] = isfinite(e->value) ? e->low : (double)NAN;
    r->high[row] = isfinite(e->value) ? e->high : (double)NAN;
}

static void spans(struct lyap_panel *panel, const struct rows *r, size_t n, const char *label, int colour,
                  enum lyap_shape shape) {
    panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_SPANS,
                                                              .label = label,
                                                              .colour = colour,
                                                              .n = n,
                                                              .x = r->value,
                                                              .y = r->at,
                                                              .low = r->low,
                                                              .high = r->high,
                                                              .shape = shape};
}

static void bars(struct lyap_panel *panel, const struct rows *r, size_t n, const char *label, int colour,
                 enum lyap_shape shape) {
    panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_BARS,
                                                              .label = label,
                                                              .colour = colour,
                                                              .n = n,
                                                              .x = r->at,
                                                              .y = r->value,
                                                              .low = r->low,
                                                              .high = r->high,
                                                              .shape = shape};
}

static void draw_rules(struct lyap_panel *panel, struct numbers *n, const struct lyap_rate_rules *q) {
    for (size_t rule = 0; rule < LYAP_RATE_BEST; rule++) {
        n->rule[rule] = lyap_rate_rule_name((enum lyap_rate_rule)rule);
        put(&n->excess, rule, (double)rule, &q->excess[rule]);
    }
    panel->title = "Q1: learning rates";
    panel->x.title = "loss above the best rate's";
    panel->y_names = (struct lyap_names){LYAP_RATE_BEST, n->rule, NULL};
    lyap_panel_line(panel, true, 0, NULL);
    spans(panel, &n->excess, LYAP_RATE_BEST, NULL, 1, LYAP_SHAPE_DOT);
}

static void draw_batches(struct lyap_panel *panel, struct numbers *n, const struct lyap_batches *q) {
    static const char *const label[LYAP_BATCH_CASES][2] = {{"over starts, noisy XOR", "over rates, noisy XOR"},
                                                           {"over starts, blobs", "over rates, blobs"}};
    panel->title = "Q2: mini-batches";
    panel->x = (struct lyap_axis){.title = "samples in a batch", .logarithmic = true, .low = 0.7, .high = 45};
    panel->y = (struct lyap_axis){.title = "rank agreement, full batch", .low = 0, .high = 1.02};
    for (size_t c = 0; c < LYAP_BATCH_CASES; c++)
        for (int k = 0; k < 2; k++) {
            struct rows *r = &n->agree[c][k];
            for (size_t size = 1; size < LYAP_BATCH_SIZES; size++) {
                const struct lyap_batch_agreement *a = &q->agree[c][size];
                put(r, size - 1, (double)lyap_batch_size[size] * (c ? 1.08 : 0.92), k ? &a->rates : &a->starts);
            }
            bars(panel, r, LYAP_BATCH_SIZES - 1, label[c][k], c ? 5 : 1, k ? LYAP_SHAPE_SQUARE : LYAP_SHAPE_DOT);
        }
}

static void draw_depth(struct lyap_panel *panel, struct numbers *n, const struct lyap_depth *q) {
    for (size_t c = 0; c < LYAP_DEPTH_CASES; c++) {
        n->network[c] = lyap_depth_subjects[c].name;
        for (size_t k = 0; k < LYAP_DEPTH_ONSETS; k++)
            put(&n->onset[k], c, (double)c + (k ? 0.15 : -0.15), &q->result[c].onset[k]);
    }
    panel->title = "Q3: depth and width";
    panel->x =
        (struct lyap_axis){.title = "learning rate over 2/sharpness", .logarithmic = true, .low = 0.02, .high = 6};
    panel->y_names = (struct lyap_names){LYAP_DEPTH_CASES, n->network, NULL};
    lyap_panel_line(panel, true, 1, NULL);
    spans(panel, &n->onset[0], LYAP_DEPTH_CASES, "positive", 1, LYAP_SHAPE_DOT);
    spans(panel, &n->onset[1], LYAP_DEPTH_CASES, "ten nats", 5, LYAP_SHAPE_SQUARE);
}

static void draw_chaos(struct lyap_panel *panel, struct numbers *n, const struct lyap_chaos *q) {
    for (size_t c = 0; c < LYAP_CHAOS_CASES; c++) {
        n->chaotic[c] = lyap_chaos_name[c];
        put(&n->chaos[0], c, (double)c - 0.12, &q->result[c].chaos_calm);
        put(&n->chaos[1], c, (double)c + 0.12, &q->result[c].cooled_calm);
    }
    panel->title = "Q4: chaos and the final loss";
    panel->x.title = "final loss less that at a low rate";
    panel->y_names = (struct lyap_names){LYAP_CHAOS_CASES, n->chaotic, NULL};
    lyap_panel_line(panel, true, 0, NULL);
    spans(panel, &n->chaos[0], LYAP_CHAOS_CASES, "chaos to the end", 1, LYAP_SHAPE_DOT);
    spans(panel, &n->chaos[1], LYAP_CHAOS_CASES, "chaos, then low rate", 5, LYAP_SHAPE_SQUARE);
}

void lyap_questions_figure(struct lyap_document *d, const struct lyap_questions *q) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    struct numbers *n = lyap_document_room(d, 1, sizeof *n);
    if (chart && n) {
        chart->columns = 2;
        draw_rules(&chart->panel[chart->count++], n, &q->rules);
        draw_batches(&chart->panel[chart->count++], n, &q->batches);
        draw_depth(&chart->panel[chart->count++], n, &q->depth);
        bool any = false;
        for (size_t c = 0; c < LYAP_CHAOS_CASES; c++) any = any || isfinite(q->chaos.result[c].chaos_calm.value);
        if (any) draw_chaos(&chart->panel[chart->count++], n, &q->chaos);
        lyap_document_figure(
            d, "questions", chart,
            "The four questions, with 95 %% bootstrap intervals. Q1: mean held-out loss, over that of equal "
            "probabilities, less that of the best rate of a grid. Q2: rank correlation of exponents with those of the "
            "full batch, over starts and over learning rates. Q3: learning rate at which the median exponent is "
            "positive, "
            "and at which the tangent grows by ten nats, over 2/sharpness (hidden layers x width; no mark where more "
            "than half of the starts have none up to %g). Q4: median over chaotic starts.",
            lyap_depth_multiple[LYAP_DEPTH_RATES - 1]);
    }
    free(chart);
    free(n);
}
