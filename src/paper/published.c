#include "paper/published.h"

#include <stdlib.h>

#include "stats/quantile_select.h"
#include "lyapgrad/outcome.h"

const struct lyap_published_step lyap_published_steps[LYAP_PUBLISHED_STEPS] = {
    {0.001, {-2.290e-4, 1.72e-6, -3.091e-4}, "arXiv 2410.05988, figure LyapkVsEpochs"},
    {0.01, {-1.101e-3, -1.040e-4, -1.441e-3}, "an earlier version of arXiv 2410.05988"},
};

const char lyap_published_rates_source[] = "arXiv 2410.05988, figure LyapunovVsLearningRate";
const struct lyap_published_rate lyap_published_rates[LYAP_PUBLISHED_RATES] = {
    {0, "0.01", {-0.0525, 0.0020, -0.0394}}, {1, "0.4098", {-0.1815, -0.0519, -0.2943}},
    {2, "0.8096", {7.346, -0.0319, 4.693}},  {3, "1.2094", {7.895, -0.0176, 0}},
    {4, "1.6092", {8.412, 0.0075, 0}},       {5, "2.009", {7.732, -0.013, 2.909}},
    {11, "4.4078", {6.614, 0.515, 8.986}},   {22, "8.8056", {11.58, 1.513, 0}},
    {26, "10.405", {7.416, 2.449, 0}},       {48, "19.2", {16.25, 2.434, 0}},
    {49, "19.6", {7.293, 0.516, 0}},
};

bool lyap_published_at(int rate, int panel, double *value) {
    for (int i = 0; i < LYAP_PUBLISHED_RATES; i++)
        if (lyap_published_rates[i].rate == rate) {
            *value = lyap_published_rates[i].value[panel];
            return true;
        }
    return false;
}

static void judge(struct lyap_comparison *c, uint64_t below, uint64_t equal) {
    if (c->published == 0) {
        double share = (double)c->zero / (double)c->starts;
        c->verdict = share >= 0.05 ? LYAP_WITHIN : c->zero > 0 ? LYAP_OUTSIDE : LYAP_BEYOND;
    } else if (c->counted == 0) {
        c->verdict = LYAP_INCOMPARABLE;
    } else if (c->published >= c->low && c->published <= c->high) {
        c->verdict = LYAP_WITHIN;
    } else {
        bool between = below + equal > 0 && below < c->counted;
        c->verdict = between ? LYAP_OUTSIDE : LYAP_BEYOND;
    }
}

enum lyap_status lyap_compare(struct lyap_comparison *comparison, double published, const struct lyap_point *points,
                              uint64_t starts, bool by_step, struct lyap_error *error) {
    struct lyap_comparison c = {.published = published, .one = points[0], .starts = starts};
    double *values = malloc((size_t)starts * sizeof *values);
    if (!values) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a comparison");
    uint64_t below = 0, equal = 0;
    for (uint64_t s = 0; s < starts; s++) {
        const struct lyap_point *p = &points[s];
        c.zero += lyap_point_is_zero(p);
        c.died += p->outcome == LYAP_DEAD && !lyap_point_is_zero(p);
        if (!lyap_point_counts(p)) continue;
        double value = by_step ? p->lambda_step : p->lambda_kw;
        values[c.counted++] = value;
        below += value < published;
        equal += value == published;
    }
    if (c.counted) {
        size_t n = (size_t)c.counted;
        c.low = lyap_select_quantile(values, n, 0.025);
        lyap_select_quartiles(values, n, c.quartile);
        c.high = lyap_select_quantile(values, n, 0.975);
        c.rank = 100 * ((double)below + 0.5 * (double)equal) / (double)c.counted;
    }
    free(values);
    judge(&c, below, equal);
    *comparison = c;
    return LYAP_OK;
}
