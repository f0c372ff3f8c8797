/* Q1: what the outcomes of the rules say. */
#include <math.h>

#include "lyapgrad/inference.h"
#include "report/questions/rate_rules.h"

size_t lyap_rate_place(const struct lyap_rate_rules *q, size_t set, size_t draw, enum lyap_rate_rule rule) {
    return ((set * LYAP_RATE_DRAWS + draw) * LYAP_RATE_RULES + rule) * q->starts;
}

/* The difference of two rules' losses for the units index[n], averaged over data sets. A unit is a start of a draw, of all data sets together:
 * networks of one shape share their starts. */
struct difference {
    const struct lyap_rate_rules *q;
    enum lyap_rate_rule rule, less;
};

static double mean_of(const struct lyap_rate_rules *q, enum lyap_rate_rule rule, const uint32_t *index, size_t n) {
    double sum = 0;
    for (size_t set = 0; set < LYAP_RATE_SETS; set++)
        for (size_t i = 0; i < n; i++)
            sum += q->outcome[lyap_rate_place(q, set, index[i] / q->starts, rule) + index[i] % q->starts].loss;
    return sum / (double)(LYAP_RATE_SETS * n);
}

static double difference_of(const void *context, const uint32_t *index, size_t n) {
    const struct difference *d = context;
    return mean_of(d->q, d->rule, index, n) - mean_of(d->q, d->less, index, n);
}

/* Counts how often each rule has the lowest loss of all rules but the bound. */
struct winner {
    const struct lyap_rate_rules *q;
    double *first; /* [rules], counts */
};

static double count_winner(const void *context, const uint32_t *index, size_t n) {
    const struct winner *w = context;
    size_t best = 0;
    double least = INFINITY;
    for (size_t rule = 0; rule < LYAP_RATE_BEST; rule++) {
        const double mean = mean_of(w->q, (enum lyap_rate_rule)rule, index, n);
        if (mean < least) least = mean, best = rule;
    }
    w->first[best]++;
    return (double)best;
}

static void average(struct lyap_rate_rules *q) {
    double least = INFINITY;
    for (size_t rule = 0; rule < LYAP_RATE_RULES; rule++) {
        double all = 0, right = 0;
        for (size_t set = 0; set < LYAP_RATE_SETS; set++) {
            double sum = 0;
            for (size_t draw = 0; draw < LYAP_RATE_DRAWS; draw++) {
                const struct lyap_rate_outcome *o =
                    q->outcome + lyap_rate_place(q, set, draw, (enum lyap_rate_rule)rule);
                for (size_t i = 0; i < q->starts; i++) sum += o[i].loss, right += o[i].accuracy;
            }
            q->mean[set][rule] = sum / (double)(LYAP_RATE_DRAWS * q->starts);
            all += q->mean[set][rule];
        }
        q->accuracy[rule] = right / (double)(LYAP_RATE_SETS * LYAP_RATE_DRAWS * q->starts);
        if (rule < LYAP_RATE_BEST && all < least) least = all, q->best = (enum lyap_rate_rule)rule;
    }
}

enum lyap_status lyap_rate_rules_judge(struct lyap_rate_rules *q, uint64_t seed, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    const size_t units = LYAP_RATE_DRAWS * q->starts;
    struct lyap_estimate unused;
    average(q);
    for (size_t rule = 0; rule < LYAP_RATE_RULES && !status; rule++) {
        struct difference d = {q, (enum lyap_rate_rule)rule, LYAP_RATE_BEST};
        q->first[rule] = 0;
        status = lyap_bootstrap(difference_of, &d, units, LYAP_RATE_RESAMPLES, seed, &q->excess[rule], error);
        d = (struct difference){q, LYAP_RATE_LARGEST, (enum lyap_rate_rule)rule};
        if (!status)
            status = lyap_bootstrap(difference_of, &d, units, LYAP_RATE_RESAMPLES, seed, &q->behind[rule], error);
    }
    struct winner w = {q, q->first};
    if (!status) status = lyap_bootstrap(count_winner, &w, units, LYAP_RATE_RESAMPLES, seed, &unused, error);
    q->first[q->best]--; /* of the sample itself */
    for (size_t rule = 0; rule < LYAP_RATE_RULES; rule++) q->first[rule] /= LYAP_RATE_RESAMPLES;
    return status;
}
