/* C2: do activations with a lower exponent converge better? */
#include "report/activation/activation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/defined.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/statistics.h"
#include "report/common/sample.h"
#include "stats/resampling.h"

enum { ORDER_LEAST = 10, ROUNDS = 64 };

const double lyap_act_rates[LYAP_ACT_RATES] = {0.001, 0.01, 0.1, 0.5},
             lyap_act_identical_rates[LYAP_ACT_IDENTICAL_RATES] = {0.001, 0.1, 0.4};
const uint32_t lyap_act_epochs[LYAP_ACT_HORIZONS] = {5, 100, 1000};

double lyap_act_tau(const double *lambda, const double *loss, size_t n, uint64_t *pairs) {
    int64_t sum = 0;
    uint64_t counted = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double x = lambda[i] - lambda[j], y = loss[i] - loss[j];
            if (!isfinite(x) || !isfinite(y) || x == 0 || y == 0) continue;
            sum += (x > 0) == (y > 0) ? 1 : -1;
            counted++;
        }
    *pairs = counted;
    return counted ? (double)sum / (double)counted : NAN;
}

struct window {
    unsigned char *inside; /* [starts] */
    double low, high;
};

static enum lyap_status look(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct window *window = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        double loss = chunk->records[i].initial_loss;
        if (!(loss >= window->low && loss <= window->high)) window->inside[chunk->first_cell + i] = 0;
    }
    return LYAP_OK;
}

/* Clears inside[starts] where the initial loss under any activation is outside the published window. */
static enum lyap_status look_through_window(const struct lyap_plan *given, const double *weights, unsigned char *inside,
                                            struct lyap_error *error) {
    struct lyap_network net;
    struct lyap_plan plan = *given;
    struct window window = {inside, plan.window_low, plan.window_high};
    enum lyap_status status = LYAP_OK;
    plan.network = &net;
    plan.weights = weights;
    plan.setting.epochs = 1;
    for (int a = 0; a < LYAP_ACTIVATION_COUNT && !status; a++) {
        status = lyap_network_init(&net, "2-2-1", (enum lyap_activation)a, (enum lyap_activation)a, LYAP_MSE, error);
        if (!status) status = lyap_ensemble_run(&plan, look, &window, error);
    }
    return status;
}

/* Draws weights as published until enough of them have an initial loss in the published window under every activation: then all
 * activations start from the same weights, neighbours with them. Every round takes its draws from a seed of its own. */
static enum lyap_status draw_starts(struct lyap_act_state *state, const struct lyap_report *report, uint64_t wanted,
                                    struct lyap_error *error) {
    struct lyap_paper_case c;
    enum lyap_status status = lyap_report_case(&c, report, LYAP_LINEAR, LYAP_FLOAT64, error);
    size_t p = lyap_network_parameters(&c.network), at_once = (size_t)(wanted < 100 ? 2000 : 20 * wanted);
    double *drawn = lyap_report_room(at_once * 2 * p, sizeof *drawn, error);
    unsigned char *inside = lyap_report_room(at_once, 1, error);
    state->weights = lyap_report_room((size_t)wanted * p, sizeof *state->weights, error);
    if (!status && (!drawn || !inside || !state->weights)) status = LYAP_ERROR_MEMORY;
    c.plan.window = false;
    c.plan.neighbours = 1;
    c.plan.starts = at_once;
    for (int round = 0; round < ROUNDS && state->starts < wanted && !status; round++) {
        status = lyap_ensemble_initial(&c.plan, 0, at_once, drawn, error);
        for (size_t i = 0; i < at_once && !status; i++) { /* parents alone */
            memmove(drawn + p * i, drawn + 2 * p * i, p * sizeof *drawn);
            inside[i] = 1;
        }
        if (!status) status = look_through_window(&c.plan, drawn, inside, error);
        for (size_t i = 0; i < at_once && state->starts < wanted && !status; i++) {
            state->drawn++;
            if (inside[i]) memcpy(state->weights + p * state->starts++, drawn + p * i, p * sizeof *drawn);
        }
        c.plan.seed += UINT64_C(0x9E3779B97F4A7C15);
    }
    free(drawn);
    free(inside);
    lyap_paper_case_free(&c);
    return status;
}

struct taking {
    struct lyap_act_state *state;
    int activation;
};

static enum lyap_status take(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct taking *taking = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        struct lyap_point point = lyap_point_of(r);
        size_t at = (size_t)r->cell * LYAP_ACTIVATION_COUNT + (size_t)taking->activation;
        taking->state->lambda[at] = lyap_point_counts(&point) ? r->lambda_step : NAN;
        taking->state->loss[at] = r->final_loss;
        taking->state->initial[r->start * LYAP_ACTIVATION_COUNT + (size_t)taking->activation] = r->initial_loss;
    }
    return LYAP_OK;
}

static enum lyap_status run_activation(struct lyap_act_state *state, struct lyap_report *report, int activation,
                                       struct lyap_error *error) {
    struct lyap_paper_case c;
    struct lyap_setting settings[LYAP_ACT_SETTINGS];
    struct taking taking = {state, activation};
    enum lyap_status status = lyap_report_case(&c, report, (enum lyap_activation)activation, LYAP_FLOAT64, error);
    for (int i = 0; i < LYAP_ACT_SETTINGS && !status; i++) {
        settings[i] = c.plan.setting;
        settings[i].lr = lyap_act_rates[i / LYAP_ACT_HORIZONS];
        settings[i].epochs = lyap_act_epochs[i % LYAP_ACT_HORIZONS];
    }
    c.plan.starts = state->starts;
    c.plan.weights = state->weights;
    c.plan.settings = settings;
    c.plan.values = LYAP_ACT_SETTINGS;
    lyap_report_progress(report, 0.9 / LYAP_ACTIVATION_COUNT, &c.plan.progress, &c.plan.progress_context);
    if (!status) status = lyap_ensemble_run(&c.plan, take, &taking, error);
    lyap_paper_case_free(&c);
    return status;
}

/* The numbers of the activations in group 0. */
static size_t select_group(const double *all, int group, double *some) {
    if (group == 1) {
        memcpy(some, all, LYAP_ACTIVATION_COUNT * sizeof *some);
        return LYAP_ACTIVATION_COUNT;
    }
    for (int a = 0; a < LYAP_PANELS; a++) some[a] = all[lyap_paper_activation[a]];
    return LYAP_PANELS;
}

static enum lyap_status find_order(struct lyap_act_order *order, const double *lambda, const double *loss,
                                   size_t starts, int group, uint64_t seed, struct lyap_error *error) {
    double *tau = lyap_report_room(starts, sizeof *tau, error), x[LYAP_ACTIVATION_COUNT], y[LYAP_ACTIVATION_COUNT];
    if (!tau) return LYAP_ERROR_MEMORY;
    size_t n = 0;
    for (size_t s = 0; s < starts; s++) {
        uint64_t pairs;
        size_t k = select_group(lambda + s * LYAP_ACTIVATION_COUNT, group, x);
        select_group(loss + s * LYAP_ACTIVATION_COUNT, group, y);
        double value = lyap_act_tau(x, y, k, &pairs);
        order->pairs += pairs;
        if (pairs) tau[n++] = value;
    }
    enum lyap_status status = LYAP_OK;
    order->known = n >= ORDER_LEAST &&
                   lyap_defined(lyap_bootstrap(lyap_mean_of, tau, n, LYAP_RESAMPLES, seed, &order->agree, error),
                                &status, error) &&
                   lyap_defined(lyap_permutation_paired(tau, n, LYAP_SHUFFLES, seed, &order->p, error), &status, error);
    free(tau);
    return status;
}

static double median_of(const double *values, size_t starts, int activation, double *scratch) {
    size_t n = 0;
    for (size_t s = 0; s < starts; s++) {
        double value = values[s * LYAP_ACTIVATION_COUNT + (size_t)activation];
        if (isfinite(value)) scratch[n++] = value;
    }
    lyap_sort(scratch, n);
    return 2 * n >= starts && n ? lyap_quantile(scratch, n, 0.5) : NAN;
}

/* Orders at setting i; ratio[starts][LYAP_ACTIVATION_COUNT] is scratch. */
static enum lyap_status find_at(struct lyap_act_state *state, struct lyap_report *report, size_t i, double *ratio,
                                struct lyap_error *error) {
    static const char *const group[] = {"published activations", "all activations"}, *const against[] = {
                                                                                         "loss", "fall of the loss"};
    size_t starts = (size_t)state->starts, row = starts * LYAP_ACTIVATION_COUNT;
    size_t last = i / LYAP_ACT_HORIZONS * LYAP_ACT_HORIZONS + LYAP_ACT_HORIZONS - 1;
    const double *lambda = state->lambda + i * row, *loss = state->loss + i * row;
    uint64_t seed = lyap_report_options_of(report)->seed;
    enum lyap_status status = LYAP_OK;
    for (size_t k = 0; k < row; k++) ratio[k] = loss[k] / state->initial[k];
    for (int g = 0; g < LYAP_ACT_GROUPS && !status; g++) {
        for (int m = 0; m < LYAP_ACT_MEASURES && !status; m++) {
            struct lyap_act_order *order = &state->order[m][i][g];
            status = find_order(order, lambda, m == 0 ? loss : ratio, starts, g, seed, error);
            if (status || !order->known) continue;
            order->test = lyap_report_test(report, g ? "C2b" : "C2a", order->p, LYAP_SHUFFLES,
                                           "order of exponent and %s, %s, learning rate %g, %u epochs", against[m],
                                           group[g], lyap_act_rates[i / LYAP_ACT_HORIZONS],
                                           (unsigned)lyap_act_epochs[i % LYAP_ACT_HORIZONS]);
        }
        if (!status) status = find_order(&state->later[i][g], lambda, state->loss + last * row, starts, g, seed, error);
    }
    return status;
}

static enum lyap_status find_orders(struct lyap_act_state *state, struct lyap_report *report,
                                    struct lyap_error *error) {
    size_t starts = (size_t)state->starts, row = starts * LYAP_ACTIVATION_COUNT;
    double *scratch = lyap_report_room(row, sizeof *scratch, error);
    enum lyap_status status = scratch ? LYAP_OK : LYAP_ERROR_MEMORY;
    for (size_t i = 0; i < LYAP_ACT_SETTINGS && !status; i++) {
        for (int a = 0; a < LYAP_ACTIVATION_COUNT; a++) {
            state->median_lambda[i][a] = median_of(state->lambda + i * row, starts, a, scratch);
            state->median_loss[i][a] = median_of(state->loss + i * row, starts, a, scratch);
        }
        status = find_at(state, report, i, scratch, error);
    }
    free(scratch);
    return status;
}

enum lyap_status lyap_act_compute(struct lyap_report *report, void **out, struct lyap_error *error) {
    struct lyap_act_state *state = lyap_report_room(1, sizeof *state, error);
    if (!state) return LYAP_ERROR_MEMORY;
    *out = state;
    bool full = lyap_report_options_of(report)->full;
    enum lyap_status status = draw_starts(state, report, lyap_report_starts(report, full ? 4000 : 400, 4), error);
    if (!status && state->starts > 0) {
        size_t cells = LYAP_ACT_SETTINGS * LYAP_ACTIVATION_COUNT * (size_t)state->starts;
        state->lambda =
            lyap_report_room(2 * cells + LYAP_ACTIVATION_COUNT * (size_t)state->starts, sizeof(double), error);
        if (!state->lambda) return LYAP_ERROR_MEMORY;
        state->loss = state->lambda + cells;
        state->initial = state->loss + cells;
        for (int a = 0; a < LYAP_ACTIVATION_COUNT && !status; a++) status = run_activation(state, report, a, error);
        if (!status) status = find_orders(state, report, error);
    }
    struct lyap_paper_options paper = lyap_report_paper(report, LYAP_FLOAT32);
    for (int i = 0; i < LYAP_ACT_IDENTICAL_RATES && !status; i++)
        status = lyap_act_identical_run(&state->identical[i], &paper, lyap_act_identical_rates[i],
                                        lyap_report_starts(report, full ? 2000 : 400, 4), error);
    return status;
}

void lyap_act_release(void *context) {
    struct lyap_act_state *state = context;
    if (state) {
        free(state->weights);
        free(state->lambda);
    }
    free(state);
}
