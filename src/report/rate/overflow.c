/* C1: what the exponent of a diverging network measures. The published sum of ln(d(i)/d(0)) ends where the distance exceeds 1e9. If it grew
 * by the same factor in each of the m steps before, the exponent would be g (m + 1)/2 with g m = ln(d(m)/d(0)) <= ln(1e9/d(0)): half of what
 * the threshold leaves, whatever g is. A distance that grows ever faster makes it less. So the same runs are cut at lower thresholds too. */
#include <math.h>
#include <stdlib.h>

#include "lyapgrad/estimator.h"
#include "math/deterministic.h"
#include "report/common/sample.h"
#include "report/rate/parts.h"
#include "stats/quantile_select.h"

static const double thresholds[LYAP_RATE_THRESHOLDS] = {1e3, 1e6, 1e9};
/* The published mean distance has the parent's own zero in it. */
static const double published = LYAP_PAPER_NEIGHBOURS / (LYAP_PAPER_NEIGHBOURS + 1.0);

struct taking {
    size_t starts;
    /* [LYAP_RATE_THRESHOLDS][LYAP_PUBLISHED_RATES * starts]; NaN where the distance does not exceed the threshold: */
    double *lambda, *room;
    double *steps; /* of the largest threshold: m + 1 */
};

struct lyap_rate_cut lyap_rate_cut_at(const double *distance, uint32_t length, bool escaped, double threshold) {
    struct lyap_rate_cut cut = {.length = 0};
    while (cut.length < length && published * distance[cut.length] <= threshold) cut.length++;
    const struct lyap_exponents e = lyap_kantz_wolf(distance, cut.length);
    cut.defined = (escaped || cut.length < length) && e.terms > 0;
    if (cut.defined) {
        cut.lambda = e.lambda_kw;
        cut.room = lyap_log(threshold / (published * distance[0]));
    }
    return cut;
}

static void take_cell(const struct taking *t, const struct lyap_record *r, const double *distance) {
    size_t cells = LYAP_PUBLISHED_RATES * t->starts, cell = (size_t)r->cell;
    bool escaped = r->outcome == LYAP_ESCAPED || r->outcome == LYAP_OVERFLOW;
    for (size_t k = 0; k < LYAP_RATE_THRESHOLDS; k++) {
        const struct lyap_rate_cut cut = lyap_rate_cut_at(distance, r->length, escaped, thresholds[k]);
        t->lambda[k * cells + cell] = cut.defined ? cut.lambda : (double)NAN;
        t->room[k * cells + cell] = cut.defined ? cut.room : (double)NAN;
        t->steps[cell] = cut.defined ? (double)cut.length : (double)NAN; /* the last is the largest threshold */
    }
}

static enum lyap_status take(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    (void)error;
    for (size_t i = 0; i < chunk->count; i++)
        take_cell(context, &chunk->records[i], chunk->distance + i * chunk->stride);
    return LYAP_OK;
}

/* Those of values[n] that are finite to kept[n]; or their ratios to divisor[n], unless that is NULL. */
static size_t keep(const double *values, const double *divisor, size_t n, double *kept) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i])) kept[count++] = divisor ? values[i] / divisor[i] : values[i];
    return count;
}

static double median_of(const double *values, const double *divisor, size_t n, double *scratch) {
    return lyap_middle(scratch, keep(values, divisor, n, scratch));
}

static void summarise_rates(struct lyap_rate_overflow *o, const struct taking *t, double *scratch) {
    const size_t cells = LYAP_PUBLISHED_RATES * t->starts, top = (LYAP_RATE_THRESHOLDS - 1) * cells;
    for (size_t i = 0; i < LYAP_PUBLISHED_RATES; i++) {
        const double *lambda = t->lambda + top + i * t->starts, *room = t->room + top + i * t->starts;
        o->at[i].steps = median_of(t->steps + i * t->starts, NULL, t->starts, scratch);
        o->at[i].room = median_of(room, NULL, t->starts, scratch);
        o->at[i].share = median_of(lambda, room, t->starts, scratch);
        size_t n = keep(lambda, NULL, t->starts, scratch);
        o->at[i].diverged = n;
        o->at[i].low = n ? lyap_select_quantile(scratch, n, 0.025) : NAN;
        o->at[i].value = n ? lyap_select_quantile(scratch, n, 0.5) : NAN;
        o->at[i].high = n ? lyap_select_quantile(scratch, n, 0.975) : NAN;
        o->rates += n == t->starts;
    }
}

/* The rates at which every start diverges are the last ones. */
static enum lyap_status summarise(struct lyap_rate_overflow *o, const struct taking *t, struct lyap_error *error) {
    const size_t cells = LYAP_PUBLISHED_RATES * t->starts;
    double *scratch = lyap_report_room(cells, sizeof *scratch, error);
    if (!scratch) return LYAP_ERROR_MEMORY;
    summarise_rates(o, t, scratch);
    const size_t first = (LYAP_PUBLISHED_RATES - o->rates) * t->starts, n = cells - first;
    const double *lowest = t->lambda + first, *top = lowest + (LYAP_RATE_THRESHOLDS - 1) * cells,
                 *room = t->room + (LYAP_RATE_THRESHOLDS - 1) * cells + first;
    o->median = median_of(top, NULL, n, scratch);
    o->of_room = median_of(top, room, n, scratch);
    o->slow = n ? (double)keep(lowest, NULL, n, scratch) / (double)n : 0;
    for (size_t k = 0; k < LYAP_RATE_THRESHOLDS; k++) {
        size_t some = 0;
        for (size_t i = 0; i < n; i++)
            if (isfinite(lowest[i]) && isfinite(lowest[k * cells + i])) scratch[some++] = lowest[k * cells + i];
        o->cut[k] = lyap_middle(scratch, some);
    }
    free(scratch);
    return LYAP_OK;
}

enum lyap_status lyap_rate_overflow_run(struct lyap_report *report, struct lyap_rate_overflow *o,
                                        struct lyap_error *error) {
    struct lyap_paper_case c;
    struct taking taking = {0};
    double rates[LYAP_PUBLISHED_RATES];
    enum lyap_status status = lyap_report_case(&c, report, LYAP_LINEAR, LYAP_FLOAT32, error);
    for (int i = 0; i < LYAP_PUBLISHED_RATES; i++) rates[i] = lyap_paper_rate(lyap_published_rates[i].rate);
    for (size_t k = 0; k < LYAP_RATE_THRESHOLDS; k++) o->threshold[k] = thresholds[k];
    o->starts = c.plan.starts = lyap_report_starts(report, lyap_report_options_of(report)->full ? 4000 : 400, 4);
    taking.starts = (size_t)o->starts;
    const size_t cells = LYAP_PUBLISHED_RATES * taking.starts;
    struct lyap_setting *settings =
        status ? NULL : lyap_rate_settings(rates, LYAP_PUBLISHED_RATES, c.plan.setting, error);
    taking.lambda = lyap_report_room((2 * LYAP_RATE_THRESHOLDS + 1) * cells, sizeof(double), error);
    if (!status && (!settings || !taking.lambda)) status = LYAP_ERROR_MEMORY;
    if (!status) {
        taking.room = taking.lambda + LYAP_RATE_THRESHOLDS * cells;
        taking.steps = taking.room + LYAP_RATE_THRESHOLDS * cells;
        c.plan.settings = settings;
        c.plan.values = LYAP_PUBLISHED_RATES;
        c.plan.series = true;
        status = lyap_ensemble_run(&c.plan, take, &taking, error);
    }
    if (!status) status = summarise(o, &taking, error);
    free(taking.lambda);
    free(settings);
    lyap_paper_case_free(&c);
    return status;
}
