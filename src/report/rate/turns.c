/* C1: where the median exponent changes its sign along the learning rate. */
#include <math.h>
#include <stdlib.h>

#include "lyapgrad/inference.h"
#include "report/rate/parts.h"
#include "stats/defined.h"

/* The learning rates at which the share of positive exponents passes one half, on the line of shares between two values of the grid with
 * enough exponents that count, to turn[most]; returns their number. */
static size_t find(const struct lyap_signs *s, const uint32_t *index, size_t n, double *turn, size_t most) {
    uint32_t positive[LYAP_SIGN_RATES] = {0}, counted[LYAP_SIGN_RATES] = {0};
    size_t turns = 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned char *row = s->sign + (index ? index[i] : i) * s->rates;
        for (size_t v = 0; v < s->rates; v++) {
            positive[v] += row[v] == LYAP_POSITIVE;
            counted[v] += row[v] != LYAP_NOT_COUNTED;
        }
    }
    size_t least = n < LYAP_SIGN_LEAST ? n : LYAP_SIGN_LEAST;
    double before = NAN, at = NAN;
    for (size_t v = 0; v < s->rates; v++) {
        if (counted[v] < least || counted[v] == 0) continue;
        double share = (double)positive[v] / counted[v];
        if (!isnan(before) && (share > 0.5) != (before > 0.5)) {
            if (turns < most) turn[turns] = at + (0.5 - before) / (share - before) * (s->grid[v] - at);
            turns++;
        }
        before = share;
        at = s->grid[v];
    }
    return turns;
}

static double number_of(const void *signs, const uint32_t *index, size_t n) {
    return (double)find(signs, index, n, NULL, 0);
}

enum lyap_status lyap_rate_turns_find(struct lyap_rate_sweep *sweep, const struct lyap_signs *signs, uint64_t seed,
                                      struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    sweep->turns = find(signs, NULL, (size_t)signs->starts, sweep->turn, LYAP_RATE_TURNS);
    if (sweep->turns > LYAP_RATE_TURNS) sweep->turns = LYAP_RATE_TURNS;
    sweep->turns_known = lyap_defined(
        lyap_bootstrap(number_of, signs, (size_t)signs->starts, LYAP_RESAMPLES, seed, &sweep->turns_of, error), &status,
        error);
    return status;
}
