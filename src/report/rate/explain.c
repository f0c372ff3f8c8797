/* C1: what explains the published figure. */
#include <math.h>
#include <stdlib.h>

#include "report/rate/rate.h"

/* The published zeros of the ReLU network: dead from the first update on, or not. */
static void write_zeros(struct lyap_document *d, const struct lyap_rate_state *state) {
    const struct lyap_rate_sweep *s = &state->sweep[2][0][LYAP_RATE_AT];
    double p[LYAP_PUBLISHED_RATES], chance[LYAP_PUBLISHED_RATES + 1], expected = 0, likely = 0;
    uint64_t zeros = 0, large = 0, dying = 0, moving = 0;
    size_t first = lyap_rate_published(state->grid, 5); /* 2.009 */
    for (int i = 0; i < LYAP_PUBLISHED_RATES; i++) {
        size_t v = lyap_rate_published(state->grid, lyap_published_rates[i].rate);
        p[i] = (double)s->zero[v] / (double)s->starts;
        expected += p[i];
        zeros += lyap_published_rates[i].value[2] == 0;
        large += v >= first && lyap_published_rates[i].value[2] != 0;
    }
    for (size_t v = first; v < LYAP_RATE_GRID; v++) dying += s->died[v], moving += s->counted[v];
    lyap_hit_chances(p, LYAP_PUBLISHED_RATES, chance);
    for (size_t k = 0; k <= LYAP_PUBLISHED_RATES; k++)
        if (chance[k] <= chance[zeros] * (1 + 1e-12)) likely += chance[k];
    lyap_document_paragraph(
        d,
        "The zeros of the published ReLU panel are dead networks. At the %d published learning rates that we know, our "
        "starts make an expected %.1f of %d networks whose ReLUs are all off from the first update on, and whose "
        "exponent is exactly 0; the paper prints %llu (numbers as unlikely or less likely have the probability %.2g). "
        "From learning rate %.4g on, %.4g %% of our networks with another exponent die within the %u epochs, so that "
        "the exponent says how soon; the paper prints %llu such values there.",
        (int)LYAP_PUBLISHED_RATES, expected, (int)LYAP_PUBLISHED_RATES, ull(zeros), fmin(likely, 1), state->grid[first],
        lyap_percent(dying, moving), (unsigned)lyap_rate_epochs[LYAP_RATE_AT], ull(large));
}

/* The published exponents of linear networks: the time to 1e9. */
static void write_overflow(struct lyap_document *d, const struct lyap_rate_state *state) {
    const struct lyap_rate_overflow *o = &state->overflow;
    const size_t top = LYAP_RATE_THRESHOLDS - 1;
    double low = INFINITY, high = 0, steps_low = INFINITY, steps_high = 0, room_low = INFINITY, room_high = 0;
    int within = 0, of = 0;
    for (size_t i = LYAP_PUBLISHED_RATES - o->rates; i < LYAP_PUBLISHED_RATES; i++) {
        const double value = lyap_published_rates[i].value[0];
        low = fmin(low, value);
        high = fmax(high, value);
        steps_low = fmin(steps_low, o->at[i].steps);
        steps_high = fmax(steps_high, o->at[i].steps);
        room_low = fmin(room_low, o->at[i].room);
        room_high = fmax(room_high, o->at[i].room);
        within += value >= o->at[i].low && value <= o->at[i].high;
        of++;
    }
    if (of == 0) return;
    char which[96] = "The same runs";
    if (o->slow < 1)
        snprintf(which, sizeof which, "The %.3g %% of the runs that take two updates or more to 1e3", 100 * o->slow);
    lyap_document_paragraph(
        d,
        "The linear values, %.3g to %.3g nats at the %d largest of these rates, measure the way to overflow. There "
        "every start diverges: the distance exceeds the scripts' 1e9 after %g to %g updates (medians), which is "
        "ln(1e9/d(0)) = %.3g to %.3g nats. Growth by g nats per step over m steps gives the mean of cumulative "
        "logarithms g (m + 1)/2, so the exponent is about half of these nats however large g is, and less where the "
        "growth accelerates. The median over our starts is %.2g of them, %.3g nats. %s give %.3g nats if cut at 1e9, "
        "%.3g at 1e6 and %.3g at 1e3. %d of the %d published values lie in the central 95 %% of ours.",
        low, high, of, steps_low, steps_high, room_low, room_high, o->of_room, o->median, which, o->cut[top],
        o->cut[top - 1], o->cut[top - 2], within, of);
}

/* The deepest valley of the alive median along the grid: the highest value before it and after it. */
struct valley {
    size_t peak, dip, after;
    double depth; /* the lower of both less the dip; NaN: none */
};

static size_t highest(const struct lyap_rate_sweep *s, size_t from, size_t to) {
    size_t best = from;
    for (size_t v = from; v < to; v++)
        if (isnan(s->alive_quartile[best][1]) || s->alive_quartile[v][1] > s->alive_quartile[best][1]) best = v;
    return best;
}

static struct valley find_valley(const struct lyap_rate_sweep *s) {
    struct valley found = {0, 0, 0, NAN};
    for (size_t v = 1; v + 1 < LYAP_RATE_GRID; v++) {
        const size_t before = highest(s, 0, v), after = highest(s, v + 1, LYAP_RATE_GRID);
        const double depth = fmin(s->alive_quartile[before][1], s->alive_quartile[after][1]) - s->alive_quartile[v][1];
        if (depth > 0 && !(depth <= found.depth)) found = (struct valley){before, v, after, depth};
    }
    return found;
}

static void list_turns(const struct lyap_rate_sweep *s, char text[192]) {
    size_t length = 0;
    text[0] = 0;
    for (size_t i = 0; i < s->turns && length < 192; i++)
        length += (size_t)snprintf(text + length, 192 - length, "%s%.3g",
                                   i == 0              ? ", at "
                                   : i + 1 == s->turns ? " and "
                                                       : ", ",
                                   s->turn[i]);
    if (s->turns_known && length < 192)
        snprintf(text + length, 192 - length, " (%.0f to %.0f times in 95 %% of %d resamples of the starts)",
                 s->turns_of.low, s->turns_of.high, (int)LYAP_RESAMPLES);
}

/* Why the median of sigmoid networks changes its sign more than once. */
static void write_turns(struct lyap_document *d, const struct lyap_rate_state *state) {
    const struct lyap_rate_sweep *s = &state->sweep[1][0][LYAP_RATE_AT], *early = &state->sweep[1][0][0];
    const struct valley valley = find_valley(s);
    const size_t peak = valley.peak, dip = valley.dip, after = valley.after;
    char turns[192], why[512] = "";
    list_turns(s, turns);
    if (!(valley.depth > 0.1) || !(s->left[dip] < s->left[peak] && s->left[dip] < s->left[after])) {
        lyap_document_paragraph(
            d, "The median exponent of the sigmoid networks passes zero %zu time%s along the learning rate%s.",
            s->turns, s->turns == 1 ? "" : "s", turns);
        return;
    }
    if (early->loss[dip] > early->loss[peak] && state->plateau_edge < state->grid[dip])
        snprintf(why, sizeof why,
                 " On the plateau 2/sharpness is about %.2g (2 over the largest sharpness that a run meets below its "
                 "onset, median). Beyond it the first steps overshoot: the median loss after 5 epochs is %.3f at %.3g "
                 "and %.3f at %.3g, and fewer networks have reached the saddle in time.",
                 state->plateau_edge, early->loss[peak], state->grid[peak], early->loss[dip], state->grid[dip]);
    lyap_document_paragraph(d,
                            "The median of the sigmoid networks passes zero %zu time%s%s. It rises to %.2g nats at "
                            "learning rate %.3g, falls to %.2g at %.3g and rises again to %.2g at %.3g. A network has "
                            "a large positive exponent once it leaves the plateau at loss 0.25 past a saddle, and the "
                            "median follows the share of networks that have left it (a loss below %.2g) after %u "
                            "epochs: %.3g %%, %.3g %% and %.3g %% at these three rates. Up to the first of them, a "
                            "larger rate is more time of the gradient flow.%s",
                            s->turns, s->turns == 1 ? "" : "s", turns, s->alive_quartile[peak][1], state->grid[peak],
                            s->alive_quartile[dip][1], state->grid[dip], s->alive_quartile[after][1],
                            state->grid[after], lyap_rate_plateau, (unsigned)lyap_rate_epochs[LYAP_RATE_AT],
                            lyap_percent(s->left[peak], s->starts), lyap_percent(s->left[dip], s->starts),
                            lyap_percent(s->left[after], s->starts), why);
}

void lyap_rate_explain(struct lyap_document *d, const struct lyap_rate_state *state) {
    write_zeros(d, state);
    write_overflow(d, state);
    write_turns(d, state);
}
