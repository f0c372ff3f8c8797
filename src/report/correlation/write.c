/* C3: text, tables, figures and data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/inference.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"
#include "report/correlation/correlation.h"
#include "report/frame/section.h"

static const char *const precision_name[2] = {"float32", "float64"};

static const char *name_of(size_t panel) {
    return lyap_activation_name(lyap_loss_correlation_activation[panel]);
}

static bool published(size_t panel) {
    return lyap_loss_correlation_activation[panel] != LYAP_TANH;
}

struct table_row {
    size_t panel, i;
    int precision;
    bool outside;
    const struct lyap_loss_correlation *of;
};
static const struct lyap_loss_correlation_sample *sample_of(const struct table_row *r) {
    return &r->of->panel[r->panel].sample[r->precision];
}
static const struct lyap_correlations *correlations_of(const struct table_row *r) {
    return r->outside ? &sample_of(r)->outside[r->i] : &sample_of(r)->inside[r->i];
}
static void band_cell(struct lyap_document *d, const struct table_row *r) {
    if (r->outside)
        lyap_document_cell(d, "outside");
    else
        lyap_document_cell(d, "%.3f to %.3f", sample_of(r)->low[r->i], sample_of(r)->high[r->i]);
}
LYAP_CELL(sample_activation, struct table_row, lyap_document_cell(d, "%s", name_of(r->panel)))
LYAP_CELL(sample_precision, struct table_row, lyap_document_cell(d, "%s", precision_name[r->precision]))
LYAP_CELL(sample_starts, struct table_row, lyap_document_cell(d, "%zu", r->of->sizes.size[r->i]))
LYAP_CELL(sample_initial_loss, struct table_row, band_cell(d, r))
LYAP_CELL(sample_points, struct table_row, lyap_document_cell(d, "%zu", correlations_of(r)->n))
LYAP_CELL(sample_pearson, struct table_row, lyap_estimate_cell(d, &correlations_of(r)->pearson))
LYAP_CELL(sample_spearman, struct table_row, lyap_estimate_cell(d, &correlations_of(r)->spearman))
LYAP_CELL(sample_at_equal_initial, struct table_row, lyap_estimate_cell(d, &correlations_of(r)->partial))

static const struct lyap_document_column sample_columns[] = {
    {"activation", sample_activation}, {"precision", sample_precision},
    {"starts", sample_starts},         {"initial loss", sample_initial_loss},
    {"points", sample_points},         {"Pearson", sample_pearson},
    {"Spearman", sample_spearman},     {"at equal initial loss", sample_at_equal_initial},
};

static void correlation_table(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    lyap_document_columns(
        d, "Correlation of the exponent with the final loss after 5 epochs, with 95 % bootstrap intervals",
        LYAP_COLUMNS(sample_columns));
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (int precision = 0; precision < 2; precision++)
            for (size_t i = 0; i < LYAP_LOSS_CORRELATION_SIZES; i++)
                for (int side = 0; side < 2; side++)
                    if (!side || i + 1 == LYAP_LOSS_CORRELATION_SIZES) /* the data file has the others */
                        lyap_document_row(d, LYAP_COLUMNS(sample_columns),
                                          &(const struct table_row){p, i, precision, side, choice});
    lyap_document_table_end(d);
}

static void scatter_figure(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    if (!chart) return;
    chart->columns = 2;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_loss_correlation_sample *s = &choice->panel[p].sample[0];
        if (!s->points) continue;
        struct lyap_panel *panel = &chart->panel[chart->count++];
        panel->title = name_of(p);
        panel->x.title = "final loss";
        panel->y.title = "Kantz-Wolf exponent (nats)";
        panel->series[panel->count++] =
            (struct lyap_mark_series){.mark = LYAP_MARK_POINTS, .colour = 1, .n = s->points, .x = s->x, .y = s->y};
    }
    if (chart->count)
        lyap_document_figure(
            d, "choice_scatter", chart,
            "LyapunovVsLoss again: starts in the band of initial losses among %zu, learning rate 0.001, 5 "
            "epochs, float32. All numbers: `choice_points.csv`.",
            choice->sizes.size[1]);
    free(chart);
}

enum { BINS = 41 };

static void runs_figure(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    double(*bins)[2][BINS] = lyap_document_room(d, LYAP_LOSS_CORRELATION_PANELS, sizeof *bins);
    double edge[BINS];
    for (int i = 0; i < BINS; i++) edge[i] = -1 + 0.05 * i;
    for (size_t p = 0; chart && bins && p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        struct lyap_panel *panel = &chart->panel[chart->count];
        if (choice->panel[p].sample[0].runs + choice->panel[p].sample[1].runs == 0) continue;
        for (int precision = 0; precision < 2; precision++) {
            const struct lyap_loss_correlation_sample *s = &choice->panel[p].sample[precision];
            for (size_t run = 0; run < s->runs; run++) {
                int bin = (int)((s->r[run] + 1) / 0.05);
                bins[p][precision][bin < BINS - 1 ? bin : BINS - 2]++;
            }
            panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_STEPS,
                                                                      .label = precision_name[precision],
                                                                      .colour = precision ? 2 : 1,
                                                                      .dashed = precision == 1,
                                                                      .n = BINS,
                                                                      .x = edge,
                                                                      .y = bins[p][precision]};
        }
        panel->title = name_of(p);
        panel->x = (struct lyap_axis){.title = "Pearson's r of one run", .low = -1, .high = 1};
        panel->y.title = "runs";
        panel->line[panel->lines].vertical = true;
        panel->line[panel->lines++].at = 0;
        chart->count++;
    }
    if (chart && bins && chart->count) {
        chart->columns = 2;
        lyap_document_figure(
            d, "choice_runs", chart,
            "What one run of the published size says: Pearson's r in the band of each of the runs that %zu "
            "starts are cut into, %zu starts a run. All numbers: `choice_runs.csv`.",
            choice->sizes.size[LYAP_LOSS_CORRELATION_SIZES - 1], choice->sizes.size[0]);
    }
    free(chart);
    free(bins);
}

static void horizon_figure(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    enum { N = LYAP_LOSS_CORRELATION_HORIZONS, ALL = LYAP_LOSS_CORRELATION_PANELS * LYAP_LOSS_CORRELATION_RATES };
    double(*number)[4][N] = lyap_document_room(d, ALL, sizeof *number);
    char label[LYAP_LOSS_CORRELATION_RATES][24];
    for (size_t r = 0; r < LYAP_LOSS_CORRELATION_RATES; r++)
        snprintf(label[r], sizeof label[r], "lr %g", lyap_loss_correlation_rate[r]);
    for (size_t p = 0; chart && number && p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        struct lyap_panel *panel = &chart->panel[chart->count];
        size_t any = 0;
        for (size_t r = 0; r < LYAP_LOSS_CORRELATION_RATES; r++) {
            double(*row)[N] = number[p * LYAP_LOSS_CORRELATION_RATES + r];
            for (size_t h = 0; h < N; h++) {
                const struct lyap_estimate *e = &choice->panel[p].same[r][h].pearson;
                row[0][h] = (double)lyap_loss_correlation_horizon[h] * (1 + 0.06 * (double)r); /* side by side */
                row[1][h] = e->value;
                row[2][h] = e->low;
                row[3][h] = e->high;
                any += isfinite(e->value) != 0;
            }
            panel->series[panel->count++] = (struct lyap_mark_series){
                .mark = LYAP_MARK_LINE, .label = label[r], .colour = (int)r + 1, .n = N, .x = row[0], .y = row[1]};
            panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_BARS,
                                                                      .colour = (int)r + 1,
                                                                      .n = N,
                                                                      .x = row[0],
                                                                      .y = row[1],
                                                                      .low = row[2],
                                                                      .high = row[3]};
        }
        panel->title = name_of(p);
        panel->x = (struct lyap_axis){.title = "epochs", .logarithmic = true, .low = 4, .high = 3000};
        panel->y = (struct lyap_axis){.title = "Pearson's r of exponent and final loss", .low = -1, .high = 1};
        panel->line[panel->lines++].at = 0;
        if (any) chart->count++;
    }
    if (chart && number && chart->count) {
        chart->columns = 2;
        lyap_document_figure(
            d, "choice_horizons", chart,
            "How the correlation depends on how long one trains and measures, %zu starts with an initial "
            "loss in the band, float64; bars are 95 %% intervals. All numbers: `choice_horizons.csv`.",
            choice->sizes.horizon_starts);
    }
    free(chart);
    free(number);
}

/* C3a from the largest sample in the published precision. */
static void verdict_correlation(struct lyap_report *report, const struct lyap_loss_correlation *choice) {
    const double enough = 0.3; /* about a tenth of the variance */
    size_t open = 0;           /* correlations that may still be as large */
    size_t defined = 0, positive = 0, partly = 0, strong = 0, panels = 0;
    double most = 0;
    char text[400] = "", one[64], two[64];
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_correlations *c = &choice->panel[p].sample[0].inside[LYAP_LOSS_CORRELATION_SIZES - 1];
        if (!published(p)) continue;
        panels++;
        defined += c->defined;
        positive += c->defined && lyap_estimate_sign(&c->pearson) > 0;
        strong += c->defined && c->pearson.low > enough;
        open += !c->defined || c->pearson.high > enough;
        partly += c->has_partial && lyap_estimate_sign(&c->partial) > 0;
        if (c->defined && fabs(c->pearson.value) > fabs(most)) most = c->pearson.value;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s r = %s, at equal initial loss %s", used ? "; " : "", name_of(p),
                 lyap_estimate_text(&c->pearson, one), lyap_estimate_text(&c->partial, two));
    }
    enum lyap_verdict verdict = !defined                               ? LYAP_CANNOT_BE_TOLD
                                : strong == panels && partly == panels ? LYAP_HOLDS
                                : positive > 0                         ? LYAP_HOLDS_IN_PART
                                : open                                 ? LYAP_CANNOT_BE_TOLD
                                                                       : LYAP_DOES_NOT_HOLD;
    if (!defined)
        lyap_report_verdict(report, "C3a",
                            "Among starts of the same initial loss, a lower exponent goes with a lower final loss",
                            verdict, "there are too few starts in the band for a correlation");
    else
        lyap_report_verdict(
            report, "C3a", "Among starts of the same initial loss, a lower exponent goes with a lower final loss",
            verdict,
            "of %zu starts with the published settings: %s; the strongest of these correlations explains "
            "%.1f %% of the variance (to hold, r has to be above %g in all of them)",
            choice->sizes.size[LYAP_LOSS_CORRELATION_SIZES - 1], text, 100 * most * most, enough);
}

static void verdict_size(struct lyap_report *report, const struct lyap_loss_correlation *choice) {
    const char *claim = "A run of the published size is enough to see it";
    size_t told = 0, enough = 0, panels = 0;
    char text[400] = "", one[64];
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_loss_correlation_sample *s = &choice->panel[p].sample[0];
        if (!published(p)) continue;
        panels++;
        if (s->runs < 10) continue;
        told++;
        enough += 10 * s->positive >= 8 * s->runs;
        struct lyap_estimate share = lyap_share(s->opposite, s->runs);
        share.value *= 100, share.low *= 100, share.high *= 100;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used,
                 "%s%s %zu positive and %zu negative with p < 0.05, the other sign in %s %%", used ? "; " : "",
                 name_of(p), s->positive, s->negative, lyap_estimate_text(&share, one));
    }
    if (told < panels)
        lyap_report_verdict(report, "C3b", claim, LYAP_CANNOT_BE_TOLD, "there are too few runs with a correlation");
    else
        lyap_report_verdict(report, "C3b", claim, lyap_verdict_of(enough, panels),
                            "of %zu runs of %zu starts: %s; a claim that is seen asks for 80 %% of the runs",
                            choice->panel[0].sample[0].runs, choice->sizes.size[0], text);
}

static void verdict_horizon(struct lyap_report *report, const struct lyap_loss_correlation *choice) {
    const char *claim = "The sign does not depend on how long one trains and measures";
    size_t series = 0, flips = 0, plus = 0, minus = 0;
    char example[200] = "";
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (size_t r = 0; r < LYAP_LOSS_CORRELATION_RATES; r++) {
            size_t up = 0, down = 0, at_up = 0, at_down = 0, defined = 0;
            for (size_t h = 0; h < LYAP_LOSS_CORRELATION_HORIZONS; h++) {
                const struct lyap_correlations *c = &choice->panel[p].same[r][h];
                defined += c->defined;
                if (!c->defined || !(lyap_report_adjusted(report, choice->flip_test[p][r][h]) < 0.05)) continue;
                if (c->pearson.value > 0)
                    up++, at_up = h;
                else
                    down++, at_down = h;
            }
            series += defined > 1;
            flips += up && down;
            plus += up;
            minus += down;
            if (up && down && !*example) {
                const struct lyap_loss_correlation_panel *panel = &choice->panel[p];
                snprintf(example, sizeof example, "; %s at lr %g has r = %.2f after %u epochs and %.2f after %u",
                         name_of(p), lyap_loss_correlation_rate[r], panel->same[r][at_up].pearson.value,
                         (unsigned)lyap_loss_correlation_horizon[at_up], panel->same[r][at_down].pearson.value,
                         (unsigned)lyap_loss_correlation_horizon[at_down]);
            }
        }
    if (!series || plus + minus == 0)
        lyap_report_verdict(report, "C3c", claim, LYAP_CANNOT_BE_TOLD,
                            "no horizon has a correlation that is significant");
    else
        lyap_report_verdict(
            report, "C3c", claim,
            flips           ? LYAP_DOES_NOT_HOLD
            : plus && minus ? LYAP_HOLDS_IN_PART
                            : LYAP_HOLDS,
            "of %zu pairs of activation and learning rate %zu change the sign between 5 and %u epochs; %zu "
            "correlations are positive and %zu negative after Holm's adjustment%s",
            series, flips, (unsigned)lyap_loss_correlation_horizon[LYAP_LOSS_CORRELATION_HORIZONS - 1], plus, minus,
            example);
}

static const char *sign_word(const struct lyap_estimate *e) {
    int sign = lyap_estimate_sign(e);
    return sign > 0 ? "positive" : sign < 0 ? "negative" : "not told from 0";
}

/* How much of r is the initial loss, the band and the precision. */
static void explain(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    const size_t last = LYAP_LOSS_CORRELATION_SIZES - 1;
    lyap_document_heading(d, 3, "What would explain it otherwise");
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_loss_correlation_sample *s = choice->panel[p].sample;
        const struct lyap_correlations *f32 = &s[0].inside[last], *f64 = &s[1].inside[last],
                                       *outside = &s[1].outside[last];
        char one[64], two[64], three[32];
        if (!f32->defined || !f64->defined || !outside->defined || !isfinite(s[1].inherited)) continue;
        bool rounding = f64->pearson.low > f32->pearson.high || f64->pearson.high < f32->pearson.low;
        lyap_document_item(
            d,
            "%s: r = %.3f in float32 and %.3f in float64%s. Outside the band it is %s (%s). With the initial loss "
            "held fixed it is %s in the band, %s, and %s outside, %s. %.0f %% of the variance of the final loss in "
            "the band is that of the initial loss.",
            name_of(p), f32->pearson.value, f64->pearson.value,
            rounding ? ", so that rounding changes it" : ", the same within the intervals",
            lyap_estimate_text(&outside->pearson, one), sign_word(&outside->pearson),
            lyap_estimate_text(&f64->partial, two), sign_word(&f64->partial),
            lyap_value_text(outside->partial.value, three), sign_word(&outside->partial),
            100 * s[1].inherited * s[1].inherited);
    }
    lyap_document_paragraph(
        d, "A band has a width, and as far as five steps change the loss by less than that, the final loss is the "
           "initial loss "
           "over again. With it held fixed, what varies is what five steps take off, about the learning rate times the "
           "squared gradient at the start, a number "
           "that the first step gives without a neighbour. Whether the exponent is worth its price beside it is the "
           "next question. Where all starts have come to the same loss (to 1e-9 of it) there is nothing to correlate, "
           "and the horizon is left out.");
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_loss_correlation *choice = state;
    struct lyap_document *d = lyap_report_document(report);
    enum lyap_status status = lyap_loss_correlation_data(report, choice, error);
    if (status) return status;
    lyap_document_paragraph(
        d, "Protocol: XOR, 2-2-1, starts uniform on [0,1) with an initial loss in [0.2, 0.4], 24 neighbours at "
           "N(0, 1e-4), learning rate 0.001, 5 epochs; starts between the 45 %% and 55 %% quantiles of the "
           "initial loss are kept. The claim asks for a positive correlation of exponent and final loss. "
           "Networks that are dead from the first have no exponent and are left out. tanh is not in the paper's "
           "figure and enters no verdict on it.");
    scatter_figure(d, choice);
    correlation_table(d, choice);
    runs_figure(d, choice);
    horizon_figure(d, choice);
    explain(d, choice);
    verdict_correlation(report, choice);
    verdict_size(report, choice);
    verdict_horizon(report, choice);
    return LYAP_OK;
}

static const char *const figures[] = {"choice_scatter", "choice_runs", "choice_horizons", NULL};

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
