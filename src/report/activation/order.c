/* C2: the order of exponents against the order of convergence. */
#include <math.h>
#include <stdlib.h>

#include "lyapgrad/statistics.h"
#include "paper/protocol.h"
#include "report/activation/activation.h"
#include "stats/defined.h"
#include "stats/resampling.h"

enum { ORDER_LEAST = 10 };

double lyap_act_tau(const double *x, const double *y, size_t n, uint64_t *pairs) {
    int64_t sum = 0;
    uint64_t counted = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (isnan(x[i]) || isnan(x[j]) || isnan(y[i]) || isnan(y[j]) || x[i] == x[j] || y[i] == y[j]) continue;
            sum += (x[i] > x[j]) == (y[i] > y[j]) ? 1 : -1;
            counted++;
        }
    *pairs = counted;
    return counted ? (double)sum / (double)counted : NAN;
}

enum lyap_status lyap_act_mean_tau(struct lyap_act_order *order, const double *tau, size_t n, uint64_t seed,
                                   struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    order->starts = n;
    order->constant = n > 0;
    for (size_t i = 0; i < n; i++) {
        order->full += tau[i] == 1;
        order->none += tau[i] == -1;
        order->constant = order->constant && tau[i] == tau[0];
    }
    if (n < ORDER_LEAST) return LYAP_OK;
    order->known = lyap_defined(lyap_permutation_paired(tau, n, LYAP_SHUFFLES, seed, &order->p, error), &status, error);
    if (order->constant) {
        const double others = 3 / (double)n;
        order->agree = (struct lyap_estimate){tau[0], fmax(tau[0] - others * (tau[0] + 1), -1),
                                              fmin(tau[0] + others * (1 - tau[0]), 1)};
    } else {
        order->known = order->known &&
                       lyap_defined(lyap_bootstrap(lyap_mean_of, tau, n, LYAP_RESAMPLES, seed, &order->agree, error),
                                    &status, error);
    }
    return status;
}

size_t lyap_act_distinct(const struct lyap_act_population *p, size_t setting, uint64_t start, enum lyap_act_group group,
                         int *which) {
    const size_t row = (setting * (size_t)p->starts + start) * LYAP_ACTIVATION_COUNT;
    const double *lambda = p->lambda + row, *loss = p->measure[LYAP_ACT_LOSS] + row,
                 *initial = p->initial + (size_t)start * LYAP_ACTIVATION_COUNT;
    const int count = group == LYAP_ACT_THREE ? (int)LYAP_PANELS : (int)LYAP_ACTIVATION_COUNT;
    size_t n = 0;
    for (int k = 0; k < count; k++) {
        const int a = group == LYAP_ACT_THREE ? (int)lyap_paper_activation[k] : k;
        bool twin = false;
        for (size_t i = 0; i < n && !twin; i++)
            twin = initial[a] == initial[which[i]] && lambda[a] == lambda[which[i]] && loss[a] == loss[which[i]];
        if (!twin) which[n++] = a;
    }
    return n;
}

/* x and y [starts][LYAP_ACTIVATION_COUNT]; tau[starts] is scratch. */
static enum lyap_status find_order(const struct lyap_act_population *p, size_t setting, enum lyap_act_group group,
                                   const double *x, const double *y, uint64_t seed, double *tau,
                                   struct lyap_act_order *order, struct lyap_error *error) {
    size_t n = 0;
    for (size_t s = 0; s < (size_t)p->starts; s++) {
        double some_x[LYAP_ACTIVATION_COUNT], some_y[LYAP_ACTIVATION_COUNT];
        int which[LYAP_ACTIVATION_COUNT];
        uint64_t pairs;
        const size_t count = lyap_act_distinct(p, setting, s, group, which);
        for (size_t i = 0; i < count; i++) {
            some_x[i] = x[s * LYAP_ACTIVATION_COUNT + (size_t)which[i]];
            some_y[i] = y[s * LYAP_ACTIVATION_COUNT + (size_t)which[i]];
        }
        const double value = lyap_act_tau(some_x, some_y, count, &pairs);
        order->pairs += pairs;
        if (pairs) tau[n++] = value;
    }
    return lyap_act_mean_tau(order, tau, n, seed, error);
}

enum lyap_status lyap_act_orders(struct lyap_act_population *p, uint64_t seed, struct lyap_error *error) {
    const size_t row = (size_t)p->starts * LYAP_ACTIVATION_COUNT;
    double *tau = lyap_report_room((size_t)p->starts, sizeof *tau, error);
    enum lyap_status status = tau ? LYAP_OK : LYAP_ERROR_MEMORY;
    int which[LYAP_ACTIVATION_COUNT];
    for (size_t i = 0; i < LYAP_ACT_SETTINGS; i++) {
        for (uint64_t s = 0; s < p->starts; s++)
            p->twins[i] += LYAP_ACTIVATION_COUNT - lyap_act_distinct(p, i, s, LYAP_ACT_ALL, which);
        for (int g = 0; g < LYAP_ACT_GROUPS && !status; g++) {
            for (int m = 0; m < LYAP_ACT_MEASURES && !status; m++)
                status = find_order(p, i, (enum lyap_act_group)g, p->lambda + i * row, p->measure[m] + i * row, seed,
                                    tau, &p->order[m][i][g], error);
            if (!status)
                status = find_order(p, i, (enum lyap_act_group)g, p->measure[LYAP_ACT_INITIAL] + i * row,
                                    p->measure[LYAP_ACT_LOSS] + i * row, seed, tau, &p->inherited[i][g], error);
        }
    }
    free(tau);
    return status;
}
