/* C3: protocol, the published figure again, and runs of the published size. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/network.h"
#include "report/correlation/write.h"

static const char *const precision_name[2] = {"float32", "float64"};

static void scatter_figure(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    if (!chart) return;
    chart->columns = 2;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_loss_correlation_sample *s = &choice->panel[p].sample[0];
        if (!s->points) continue;
        struct lyap_panel *panel = &chart->panel[chart->count++];
        panel->title = lyap_c3_name(p);
        panel->x.title = "final loss";
        panel->y.title = "Kantz-Wolf exponent (nats)";
        panel->series[panel->count++] =
            (struct lyap_mark_series){.mark = LYAP_MARK_POINTS, .colour = 1, .n = s->points, .x = s->x, .y = s->y};
    }
    if (chart->count)
        lyap_document_figure(
            d, "choice_scatter", chart,
            "The published figure LyapunovVsLoss again: starts in the band of initial losses among %zu, learning rate "
            "0.001, 5 epochs, float32. All numbers: `choice_points.csv`.",
            choice->sizes.size[1]);
    free(chart);
}

enum { BINS = 41 };

static void count_runs(const struct lyap_loss_correlation_sample *s, double *bins) {
    for (size_t run = 0; run < s->runs; run++) {
        int bin = (int)((s->r[run] + 1) / 0.05);
        bins[bin < BINS - 1 ? bin : BINS - 2]++;
    }
}

static void runs_figure(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    double(*bins)[2][BINS] = lyap_document_room(d, LYAP_LOSS_CORRELATION_PANELS, sizeof *bins);
    double edge[BINS];
    for (int i = 0; i < BINS; i++) edge[i] = -1 + 0.05 * i;
    for (size_t p = 0; chart && bins && p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_loss_correlation_sample *sample = choice->panel[p].sample;
        if (sample[0].runs + sample[1].runs == 0) continue;
        struct lyap_panel *panel = &chart->panel[chart->count++];
        for (int precision = 0; precision < 2; precision++) {
            count_runs(&sample[precision], bins[p][precision]);
            panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_STEPS,
                                                                      .label = precision_name[precision],
                                                                      .colour = precision ? 2 : 1,
                                                                      .dashed = precision == 1,
                                                                      .n = BINS,
                                                                      .x = edge,
                                                                      .y = bins[p][precision]};
        }
        panel->title = lyap_c3_name(p);
        panel->x = (struct lyap_axis){.title = "Pearson's r of one run", .low = -1, .high = 1};
        panel->y.title = "runs";
        panel->line[panel->lines].vertical = true;
        panel->line[panel->lines++].at = 0;
    }
    if (chart && bins && chart->count) {
        chart->columns = 2;
        lyap_document_figure(d, "choice_runs", chart,
                             "What one run of the published size says: Pearson's r in its own band, of %d runs of %zu "
                             "starts. All numbers: `choice_runs.csv`.",
                             LYAP_LOSS_CORRELATION_RUNS, choice->sizes.size[0]);
    }
    free(chart);
    free(bins);
}

static void protocol(struct lyap_document *d, const struct lyap_loss_correlation *choice) {
    lyap_document_paragraph(
        d,
        "Published sample: XOR, 2-2-1, starts uniform on [0,1) with an initial loss in [0.2, 0.4], 24 neighbours at "
        "N(0, 1e-4), learning rate 0.001, 5 epochs, %zu and %zu starts, of which those between the 45 %% and 55 %% "
        "quantiles of the initial loss count. Intervals: percentile bootstrap over starts, 1000 resamples. "
        "p-values of the three published activations: permutation test of Pearson's r, %d shuffles, adjusted together "
        "by Holm's "
        "method; they decide nothing. Networks that are dead from the first have no exponent and are excluded.",
        choice->sizes.size[0], choice->sizes.size[1], LYAP_LOSS_CORRELATION_SHUFFLES);
    lyap_document_paragraph(
        d,
        "Rivals: %zu starts drawn into the float64 band of the larger sample, and half as many from the window, of "
        "which "
        "those outside the band "
        "count; float64; learning rates %g and %g. The final loss is that before the last update. The change of loss "
        "and each predictor are replaced by their residuals in the least-squares regression on what is held equal; r "
        "is "
        "Spearman's correlation of the residuals, with its sign such that +1 is what the predictor advises. Intervals: "
        "percentile bootstrap over starts, %d resamples of the residuals. `choice_rivals.csv` also has Pearson's "
        "correlation of the "
        "residuals, which is the partial correlation. The tangent exponent is that of one random direction. The starts "
        "of "
        "a learning rate are the same for all predictors and horizons.",
        choice->sizes.rivals, lyap_rival_rate[0], lyap_rival_rate[1], LYAP_RIVAL_RESAMPLES);
}

/* What float32 does to the published sample, and tanh, which is not in the paper's figure. */
static void notes(struct lyap_document *d, const struct lyap_report *report,
                  const struct lyap_loss_correlation *choice) {
    const size_t last = LYAP_LOSS_CORRELATION_SIZES - 1;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_loss_correlation_sample *s = choice->panel[p].sample;
        const struct lyap_correlations *f32 = &s[0].inside[last], *f64 = &s[1].inside[last];
        char one[64], two[64], three[64], four[32];
        if (!f32->defined || !f64->defined) continue;
        bool rounding = f64->pearson.low > f32->pearson.high || f64->pearson.high < f32->pearson.low;
        lyap_document_item(d,
                           "%s: in the band Pearson's r is %s in float32 and %s in float64%s; at equal initial loss %s "
                           "in float64%s%s.",
                           lyap_c3_name(p), lyap_estimate_text(&f32->pearson, one),
                           lyap_estimate_text(&f64->pearson, two),
                           rounding ? ", so that rounding changes it" : ", the same within the intervals",
                           lyap_estimate_text(&f64->partial, three),
                           lyap_loss_correlation_distinct(p) ? "; adjusted p in float32: " : "",
                           lyap_loss_correlation_distinct(p) ? lyap_report_p_text(report, choice->test[p], four) : "");
    }
}

void lyap_c3_appendix(struct lyap_report *report, const struct lyap_loss_correlation *choice) {
    struct lyap_document *d = lyap_report_appendix(report);
    protocol(d, choice);
    scatter_figure(d, choice);
    notes(d, report, choice);
    runs_figure(d, choice);
}
