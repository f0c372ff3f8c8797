/* C3: the text that everybody reads, its figure and its table. */
#include "report/common/rounded.h"
#include "report/correlation/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/network.h"
#include "lyapgrad/status.h"
#include "report/correlation/correlation.h"
#include "report/correlation/verdict.h"
#include "report/frame/section.h"

static const struct lyap_estimate *rank_of(const struct lyap_rival_result *result, enum lyap_held held,
                                           enum lyap_predictor predictor) {
    return &result->r[held][predictor];
}

/* ---- the figure ---- */

enum { SHOWN = 5 };
static const struct {
    enum lyap_predictor predictor;
    int colour;
    bool dashed;
} shown[SHOWN] = {{LYAP_PREDICTOR_GRADIENT, 3, false},
                  {LYAP_PREDICTOR_HYBRID, 1, false},
                  {LYAP_PREDICTOR_HYBRID_FIRST, 1, true},
                  {LYAP_PREDICTOR_TANGENT, 2, false},
                  {LYAP_PREDICTOR_SHARPNESS, 4, false}};

/* A predictor at all horizons: x, value, low and high. */
typedef double curve[4][LYAP_RIVAL_HORIZONS];

static void draw_predictor(struct lyap_panel *panel, size_t i, const struct lyap_rivals *rivals, bool legend,
                           curve *to) {
    double(*row)[LYAP_RIVAL_HORIZONS] = *to;
    for (size_t h = 0; h < LYAP_RIVAL_HORIZONS; h++) {
        const struct lyap_estimate *e = rank_of(&rivals->result[h], LYAP_HELD_INITIAL, shown[i].predictor);
        row[0][h] = (double)lyap_rival_horizon[h] * (0.88 + 0.06 * (double)i); /* side by side */
        row[1][h] = e->value;
        row[2][h] = e->low;
        row[3][h] = e->high;
    }
    panel->series[panel->count++] =
        (struct lyap_mark_series){.mark = LYAP_MARK_LINE,
                                  .label = legend ? lyap_predictor_name(shown[i].predictor) : NULL,
                                  .colour = shown[i].colour,
                                  .dashed = shown[i].dashed,
                                  .n = LYAP_RIVAL_HORIZONS,
                                  .x = row[0],
                                  .y = row[1]};
    panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_BARS,
                                                              .colour = shown[i].colour,
                                                              .n = LYAP_RIVAL_HORIZONS,
                                                              .x = row[0],
                                                              .y = row[1],
                                                              .low = row[2],
                                                              .high = row[3]};
}

static void rivals_figure(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    curve *curves = lyap_document_room(d, LYAP_CHART_PANELS * SHOWN, sizeof *curves);
    char title[LYAP_CHART_PANELS][48];
    for (size_t rate = 0; chart && curves && rate < LYAP_RIVAL_RATES; rate++)
        for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
            if (!lyap_loss_correlation_published(p) || chart->count == LYAP_CHART_PANELS) continue;
            struct lyap_panel *panel = &chart->panel[chart->count];
            snprintf(title[chart->count], sizeof title[0], "%s, lr %g", lyap_c3_name(p), lyap_rival_rate[rate]);
            panel->title = title[chart->count];
            for (size_t i = 0; i < SHOWN; i++)
                draw_predictor(panel, i, &choice->panel[p].inside[rate], chart->count == 0,
                               &curves[chart->count * SHOWN + i]);
            panel->x = (struct lyap_axis){.title = "epochs", .logarithmic = true, .low = 3.5, .high = 3000};
            panel->y = (struct lyap_axis){.title = "rank correlation", .low = -1.05, .high = 1.05};
            panel->line[panel->lines++].at = 0;
            chart->count++;
        }
    if (chart && curves && chart->count) {
        chart->columns = 3;
        lyap_document_figure(
            d, "choice_rivals", chart,
            "What predicts the final loss among starts of equal initial loss: rank correlation with the loss after a "
            "number of epochs, for %zu starts in the band. +1 means that the start which the predictor prefers (a low "
            "exponent, a large squared gradient, a large sharpness) always ends lower. Bars are 95 %% intervals. All "
            "numbers: `choice_rivals.csv`, the starts: `choice_rivals_points.csv`.",
            choice->sizes.rivals);
    }
    free(chart);
    free(curves);
}

/* ---- the table ---- */

struct table_row {
    size_t panel;
    const struct lyap_rivals *of;
    size_t h;
};
/* What the table has: the published learning rate at three horizons, and the larger one at the longest. */
enum { ROWS = 4 };
static const struct {
    size_t rate, horizon;
} row_setting[ROWS] = {{0, 0}, {0, 2}, {0, LYAP_RIVAL_HORIZONS - 1}, {1, LYAP_RIVAL_HORIZONS - 1}};

static const struct lyap_rival_result *result_of(const struct table_row *r) {
    return &r->of->result[r->h];
}
static void bare_cell(struct lyap_document *d, const struct lyap_estimate *r) {
    char text[32];
    lyap_document_cell(d, "%s", lyap_decimals_text(r->value, text));
}
static void interval_cell(struct lyap_document *d, const struct lyap_estimate *r) {
    char value[32], low[32], high[32];
    if (isfinite(r->value) && isfinite(r->low) && isfinite(r->high))
        lyap_document_cell(d, "%s [%s, %s]", lyap_decimals_text(r->value, value), lyap_decimals_text(r->low, low),
                           lyap_decimals_text(r->high, high));
    else
        bare_cell(d, r);
}
static void stake_cell(struct lyap_document *d, double stake) {
    char text[32];
    lyap_document_cell(d, "%s", lyap_value_text(100 * stake, text));
}
LYAP_CELL(activation_cell, struct table_row, lyap_document_cell(d, "%s", lyap_c3_name(r->panel)))
LYAP_CELL(rate_cell, struct table_row, lyap_document_cell(d, "%g", r->of->lr))
LYAP_CELL(epochs_cell, struct table_row, lyap_document_cell(d, "%u", (unsigned)lyap_rival_horizon[r->h]))
LYAP_CELL(at_stake_cell, struct table_row, stake_cell(d, result_of(r)->at_stake))
LYAP_CELL(hybrid_cell, struct table_row,
          interval_cell(d, rank_of(result_of(r), LYAP_HELD_INITIAL, LYAP_PREDICTOR_HYBRID)))
LYAP_CELL(tangent_cell, struct table_row,
          bare_cell(d, rank_of(result_of(r), LYAP_HELD_INITIAL, LYAP_PREDICTOR_TANGENT)))
LYAP_CELL(gradient_cell, struct table_row,
          interval_cell(d, rank_of(result_of(r), LYAP_HELD_INITIAL, LYAP_PREDICTOR_GRADIENT)))
LYAP_CELL(sharpness_cell, struct table_row,
          bare_cell(d, rank_of(result_of(r), LYAP_HELD_INITIAL, LYAP_PREDICTOR_SHARPNESS)))
LYAP_CELL(given_gradient_cell, struct table_row,
          interval_cell(d, rank_of(result_of(r), LYAP_HELD_GRADIENT, LYAP_PREDICTOR_HYBRID)))
LYAP_CELL(given_hybrid_cell, struct table_row,
          bare_cell(d, rank_of(result_of(r), LYAP_HELD_HYBRID, LYAP_PREDICTOR_GRADIENT)))

static const struct lyap_document_column columns[] = {{"activation", activation_cell},
                                                      {"learning rate", rate_cell},
                                                      {"epochs", epochs_cell},
                                                      {"at stake, %", at_stake_cell},
                                                      {"hybrid exponent", hybrid_cell},
                                                      {"tangent exponent", tangent_cell},
                                                      {"squared gradient", gradient_cell},
                                                      {"sharpness", sharpness_cell},
                                                      {"hybrid, at equal gradient", given_gradient_cell},
                                                      {"gradient, at equal hybrid", given_hybrid_cell}};

static void rivals_table(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    lyap_document_columns(d,
                          "Rank correlation of predictor and final loss at equal initial loss, in the band, with 95 % "
                          "bootstrap intervals; at stake: interquartile range of the final loss at equal initial loss, "
                          "as a share of the median final loss",
                          LYAP_COLUMNS(columns));
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (size_t i = 0; i < ROWS && lyap_loss_correlation_published(p); i++)
            lyap_document_row(
                d, LYAP_COLUMNS(columns),
                &(const struct table_row){p, &choice->panel[p].inside[row_setting[i].rate], row_setting[i].horizon});
    lyap_document_table_end(d);
}

/* ---- the paragraphs ---- */

/* One number of every published network, "0.42 for linear, 0.03 for sigmoid and 0.42 for ReLU". */
typedef double number_of(const struct lyap_loss_correlation *choice, size_t panel, const void *what);
struct list {
    char text[200];
};
typedef const char *number_text(double value, char text[32]);
static struct list list(const struct lyap_loss_correlation *choice, number_of *number, const void *what,
                        number_text *write_number) {
    struct list l = {""};
    size_t told = 0, all = 0;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) all += lyap_loss_correlation_published(p);
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        if (!lyap_loss_correlation_published(p)) continue;
        char value[32];
        write_number(number(choice, p, what), value);
        size_t used = strlen(l.text);
        snprintf(l.text + used, sizeof l.text - used, "%s%s for %s",
                 told == 0         ? ""
                 : told + 1 == all ? " and "
                                   : ", ",
                 value, lyap_c3_name(p));
        told++;
    }
    return l;
}

static double band_number(const struct lyap_loss_correlation *choice, size_t p, const void *what) {
    (void)what;
    return choice->panel[p].sample[0].inside[LYAP_LOSS_CORRELATION_SIZES - 1].pearson.value;
}
static double inherited_number(const struct lyap_loss_correlation *choice, size_t p, const void *what) {
    const double r = choice->panel[p].sample[1].inherited;
    (void)what;
    return r * r;
}
struct place {
    size_t rate, horizon;
    bool outside;
    enum lyap_held held;
    enum lyap_predictor predictor;
};
static double rank_number(const struct lyap_loss_correlation *choice, size_t p, const void *what) {
    const struct place *at = what;
    const struct lyap_rivals *of = at->outside ? &choice->panel[p].outside : &choice->panel[p].inside[at->rate];
    return rank_of(&of->result[at->horizon], at->held, at->predictor)->value;
}
static double stake_number(const struct lyap_loss_correlation *choice, size_t p, const void *what) {
    const struct place *at = what;
    return choice->panel[p].inside[at->rate].result[at->horizon].at_stake;
}
static struct list ranks(const struct lyap_loss_correlation *choice, struct place at) {
    return list(choice, rank_number, &at, lyap_decimals_text);
}

/* Pearson's r gives weight to the few starts whose ReLUs turn off, since their exponents are extreme. */
static const char *tell_apart(const struct lyap_loss_correlation *choice) {
    double linear = (double)NAN, relu = (double)NAN;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        if (lyap_loss_correlation_activation[p] == LYAP_LINEAR) linear = band_number(choice, p, NULL);
        if (lyap_loss_correlation_activation[p] == LYAP_RELU) relu = band_number(choice, p, NULL);
    }
    return fabs(linear - relu) > 0.05 ? "; the starts that do not train alike make the difference between the two" : "";
}

static void tell_band(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    const struct place first = {.held = LYAP_HELD_INITIAL, .predictor = LYAP_PREDICTOR_HYBRID};
    lyap_document_paragraph(
        d,
        "The paper compares starts whose initial losses lie in a narrow band, between the 45 %% and 55 %% quantiles. "
        "A correlation of %g counts, about a tenth of the variance. The claim holds where the exponent's counts both "
        "in "
        "that band and at equal initial loss in every network, and in part where one of these counts. In the published "
        "setting (%zu starts, learning rate 0.001, 5 epochs, float32) Pearson's correlation of exponent and final loss "
        "in the band is %s. Linear and ReLU train alike from nearly every start there and count as one%s.",
        LYAP_C3_COUNTS, choice->sizes.size[1], list(choice, band_number, NULL, lyap_decimals_text).text,
        tell_apart(choice));
    lyap_document_paragraph(
        d,
        "Five epochs change the loss little beside the width of the band. Of the variance of the final loss in the "
        "band the initial loss explains %s. The table therefore holds the initial loss equal by regression. The rank "
        "correlation of the exponent with the final loss after 5 epochs is then %s. The choice of a start can change "
        "little at this setting: the interquartile range of the final loss at equal initial loss, as a share of the "
        "loss, is %s.",
        list(choice, inherited_number, NULL, lyap_c3_percent).text, ranks(choice, first).text,
        list(choice, stake_number, &first, lyap_c3_percent).text);
}

/* In how many rows of the table of different networks the gradient is surely ahead of both exponents, or behind the hybrid. */
static void count_rows(const struct lyap_loss_correlation *choice, size_t *ahead, size_t *behind, size_t *rows) {
    *ahead = *behind = *rows = 0;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (size_t i = 0; i < ROWS && lyap_loss_correlation_distinct(p); i++) {
            const struct lyap_rival_result *r =
                &choice->panel[p].inside[row_setting[i].rate].result[row_setting[i].horizon];
            const struct lyap_estimate *gradient = rank_of(r, LYAP_HELD_INITIAL, LYAP_PREDICTOR_GRADIENT),
                                       *hybrid = rank_of(r, LYAP_HELD_INITIAL, LYAP_PREDICTOR_HYBRID),
                                       *tangent = rank_of(r, LYAP_HELD_INITIAL, LYAP_PREDICTOR_TANGENT);
            *rows += isfinite(gradient->value) && isfinite(hybrid->value) && isfinite(tangent->value);
            *ahead += gradient->low > hybrid->high && gradient->low > tangent->high;
            *behind += gradient->high < hybrid->low || gradient->high < tangent->low;
        }
}

/* A sentence that says in how many of the different networks the exponent's correlation at equal initial loss counts, and what the first
 * gradient leaves of it. */
static const char *tell_explained(const struct lyap_loss_correlation *choice, char text[240]) {
    size_t networks = 0, counts = 0, explained = 0, turned = 0;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        if (!lyap_loss_correlation_distinct(p)) continue;
        const struct lyap_c3_network n = lyap_c3_network_of(choice, p);
        const bool does = n.equal.low > LYAP_C3_COUNTS;
        networks++;
        counts += does;
        explained += does && n.given.high < LYAP_C3_COUNTS;
        turned += does && n.given.high < -LYAP_C3_SIGN;
    }
    if (counts == 0)
        snprintf(text, 240, "At equal initial loss alone it counts in none of the %zu different networks.", networks);
    else
        snprintf(text, 240,
                 "At equal initial loss alone it counts in %zu of the %zu different networks; the first gradient "
                 "explains it in %zu of these, and its sign is the opposite there in %zu.",
                 counts, networks, explained, turned);
    return text;
}

static void tell_rival(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    const struct place gradient = {.held = LYAP_HELD_INITIAL, .predictor = LYAP_PREDICTOR_GRADIENT},
                       given = {.held = LYAP_HELD_GRADIENT, .predictor = LYAP_PREDICTOR_HYBRID},
                       drop = {.held = LYAP_HELD_INITIAL, .predictor = LYAP_PREDICTOR_DROP},
                       sharpness = {.held = LYAP_HELD_INITIAL, .predictor = LYAP_PREDICTOR_SHARPNESS};
    size_t ahead, behind, rows;
    char explained[240];
    count_rows(choice, &ahead, &behind, &rows);
    lyap_document_paragraph(
        d,
        "The rival costs one gradient. To first order t steps of gradient descent lower the loss by t times the "
        "learning rate times the squared norm of the gradient, so that the first gradient should rank the final losses "
        "of a short run. After 5 epochs its rank correlation with the final loss is %s. The hybrid exponent of these 5 "
        "epochs costs %d gradients. Where the squared gradient is held equal as well, the rank correlation of the "
        "exponent is %s. %s "
        "The loss drop after one step has %s, and sharpness has %s.",
        ranks(choice, gradient).text, 25 * LYAP_LOSS_CORRELATION_EPOCHS, ranks(choice, given).text,
        tell_explained(choice, explained), ranks(choice, drop).text, ranks(choice, sharpness).text);
    lyap_document_paragraph(
        d,
        "The table has %zu rows for linear and sigmoid. The squared gradient has a higher correlation than both "
        "exponents, with intervals that do not overlap, in %zu of them, and a lower one than at least one of them in "
        "%zu. "
        "The exponent of a whole run is measured while the loss falls, and is known at its end only; the dashed curve "
        "of the figure is the exponent of the first 5 epochs.",
        rows, ahead, behind);
}

static void tell_long(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    const size_t last = LYAP_RIVAL_HORIZONS - 1;
    const struct place at[2] = {{.held = LYAP_HELD_INITIAL, .horizon = last},
                                {.rate = 1, .held = LYAP_HELD_INITIAL, .horizon = last}};
    const struct place outside = {.outside = true, .held = LYAP_HELD_INITIAL};
    struct list hybrid[2], gradient[2];
    for (int i = 0; i < 2; i++) {
        struct place with = at[i];
        with.predictor = LYAP_PREDICTOR_HYBRID;
        hybrid[i] = ranks(choice, with);
        with.predictor = LYAP_PREDICTOR_GRADIENT;
        gradient[i] = ranks(choice, with);
    }
    struct place other = outside;
    other.predictor = LYAP_PREDICTOR_GRADIENT;
    lyap_document_paragraph(
        d,
        "The horizon matters. After %u epochs at learning rate %g the rank correlation of the exponent is %s, and that "
        "of the squared gradient is %s. After as many epochs at learning rate %g, which is a hundred times as much "
        "training, that of the exponent is %s, and "
        "that of the squared gradient is %s. Outside the band, after 5 epochs at equal initial loss, the exponent has "
        "%s and the squared gradient %s.",
        (unsigned)lyap_rival_horizon[last], lyap_rival_rate[0], hybrid[0].text, gradient[0].text, lyap_rival_rate[1],
        hybrid[1].text, gradient[1].text, ranks(choice, outside).text, ranks(choice, other).text);
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_loss_correlation *choice = state;
    struct lyap_document *d = lyap_report_document(report);
    enum lyap_status status = lyap_loss_correlation_data(report, choice, error);
    if (status) return status;
    tell_band(d, choice);
    tell_rival(d, choice);
    rivals_figure(d, choice);
    rivals_table(d, choice);
    tell_long(d, choice);
    lyap_c3_appendix(report, choice);
    lyap_c3_judge(report, choice);
    return LYAP_OK;
}

static const char *const figures[] = {"choice_rivals", "choice_scatter", "choice_runs", NULL};

const struct lyap_section lyap_section_correlation = {
    .id = "C3",
    .title = "Does a lower exponent go with a lower final loss?",
    .part = LYAP_PART_C3,
    .weight = 8,
    .compute = lyap_loss_correlation_compute,
    .write = write,
    .release = lyap_loss_correlation_release,
    .tables = lyap_loss_correlation_tables,
    .figures = figures,
};
