/* C2: do activations with a lower exponent converge better? */
#include "report/activation/activation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "report/common/sample.h"

enum { ROUNDS = 64, EPOCHS = 500 };

const double lyap_act_rates[LYAP_ACT_RATES] = {0.001, 0.01, 0.1, 0.5},
             lyap_act_identical_rates[LYAP_ACT_IDENTICAL_RATES] = {0.001, 0.1, 0.4};
const uint32_t lyap_act_epochs[LYAP_ACT_HORIZONS] = {5, 100, EPOCHS};
const double lyap_act_target = 0.26, lyap_act_counts = 0.5;
const char *const lyap_act_kind_names[LYAP_ACT_KINDS] = {"own", "common"};

struct window {
    unsigned char *inside; /* [starts] */
    double low, high;
    uint64_t passed; /* draws with an initial loss in it */
};

static enum lyap_status look(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct window *window = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        double loss = chunk->records[i].initial_loss;
        bool inside = loss >= window->low && loss <= window->high;
        window->passed += inside;
        if (!inside) window->inside[chunk->first_cell + i] = 0;
    }
    return LYAP_OK;
}

/* Clears inside[starts] where the initial loss under any activation is outside the published window; passed[LYAP_ACTIVATION_COUNT] counts on. */
static enum lyap_status look_through_window(const struct lyap_plan *given, const double *weights, unsigned char *inside,
                                            uint64_t *passed, struct lyap_error *error) {
    struct lyap_network net;
    struct lyap_plan plan = *given;
    struct window window = {inside, plan.window_low, plan.window_high, 0};
    enum lyap_status status = LYAP_OK;
    plan.network = &net;
    plan.weights = weights;
    plan.setting.epochs = 1;
    for (int a = 0; a < LYAP_ACTIVATION_COUNT && !status; a++) {
        status = lyap_network_init(&net, "2-2-1", (enum lyap_activation)a, (enum lyap_activation)a, LYAP_MSE, error);
        window.passed = 0;
        if (!status) status = lyap_ensemble_run(&plan, look, &window, error);
        passed[a] += window.passed;
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
    for (int round = 0; round < ROUNDS && state->kept < wanted && !status; round++) {
        status = lyap_ensemble_initial(&c.plan, 0, at_once, drawn, error);
        for (size_t i = 0; i < at_once && !status; i++) { /* parents alone */
            memmove(drawn + p * i, drawn + 2 * p * i, p * sizeof *drawn);
            inside[i] = 1;
        }
        if (!status) status = look_through_window(&c.plan, drawn, inside, state->passed, error);
        state->drawn += status ? 0 : at_once;
        for (size_t i = 0; i < at_once && !status; i++) {
            state->passed_all += inside[i];
            if (inside[i] && state->kept < wanted)
                memcpy(state->weights + p * state->kept++, drawn + p * i, p * sizeof *drawn);
        }
        c.plan.seed += UINT64_C(0x9E3779B97F4A7C15);
    }
    free(drawn);
    free(inside);
    lyap_paper_case_free(&c);
    return status;
}

/* The series of one activation, cut at every horizon, into the population. */
static void take(struct lyap_act_population *p, const struct lyap_sample *sample, int activation) {
    const size_t starts = (size_t)p->starts;
    for (size_t i = 0; i < LYAP_ACT_SETTINGS; i++) {
        const size_t rate = i / LYAP_ACT_HORIZONS, mark = i % LYAP_ACT_HORIZONS;
        for (size_t s = 0; s < starts; s++) {
            const size_t cell = rate * starts + s, at = (i * starts + s) * LYAP_ACTIVATION_COUNT + (size_t)activation;
            const bool diverged = sample->outcome[cell] == LYAP_ESCAPED || sample->outcome[cell] == LYAP_OVERFLOW;
            double loss = sample->loss[mark * sample->cells + cell];
            if (isnan(loss) && diverged) loss = INFINITY;
            p->initial[s * LYAP_ACTIVATION_COUNT + (size_t)activation] = sample->initial[cell];
            p->lambda[at] = sample->step[mark * sample->cells + cell];
            p->measure[LYAP_ACT_LOSS][at] = loss;
            p->measure[LYAP_ACT_RATIO][at] = loss / sample->initial[cell];
            p->measure[LYAP_ACT_STEPS][at] = sample->hit[cell] == 0            ? NAN
                                             : sample->hit[cell] == UINT32_MAX ? INFINITY
                                                                               : (double)sample->hit[cell];
            p->measure[LYAP_ACT_INITIAL][at] = sample->initial[cell];
        }
    }
}

/* One activation from the weights given, or from draws of its own where these are NULL. */
static enum lyap_status run_activation(struct lyap_act_population *p, struct lyap_report *report, int activation,
                                       const double *weights, struct lyap_error *error) {
    struct lyap_paper_case c;
    struct lyap_sample sample = {0};
    enum lyap_status status = lyap_report_case(&c, report, (enum lyap_activation)activation, LYAP_FLOAT64, error);
    c.plan.setting.epochs = EPOCHS;
    struct lyap_setting *settings =
        status ? NULL : lyap_rate_settings(lyap_act_rates, LYAP_ACT_RATES, c.plan.setting, error);
    if (!status && !settings) status = LYAP_ERROR_MEMORY;
    c.plan.starts = p->starts;
    c.plan.weights = weights;
    c.plan.settings = settings;
    c.plan.values = LYAP_ACT_RATES;
    lyap_report_progress(report, 0.9 / (LYAP_ACT_KINDS * LYAP_ACTIVATION_COUNT), &c.plan.progress,
                         &c.plan.progress_context);
    if (!status) status = lyap_sample_run(&sample, &c.plan, lyap_act_epochs, LYAP_ACT_HORIZONS, lyap_act_target, error);
    if (!status) take(p, &sample, activation);
    lyap_sample_free(&sample);
    free(settings);
    lyap_paper_case_free(&c);
    return status;
}

static enum lyap_status run_population(struct lyap_act_population *p, struct lyap_report *report, uint64_t starts,
                                       const double *weights, struct lyap_error *error) {
    const size_t row = LYAP_ACTIVATION_COUNT * (size_t)starts, cells = LYAP_ACT_SETTINGS * row;
    p->starts = starts;
    p->initial = lyap_report_room(row + (1 + LYAP_ACT_MEASURES) * cells, sizeof *p->initial, error);
    if (!p->initial) return LYAP_ERROR_MEMORY;
    p->lambda = p->initial + row;
    for (size_t m = 0; m < LYAP_ACT_MEASURES; m++) p->measure[m] = p->lambda + (m + 1) * cells;
    enum lyap_status status = LYAP_OK;
    for (int a = 0; a < LYAP_ACTIVATION_COUNT && !status; a++) status = run_activation(p, report, a, weights, error);
    return status ? status : lyap_act_orders(p, lyap_report_options_of(report)->seed, error);
}

/* The tests that bear on the verdict, fixed in advance: the published setting and activations, by the measures that do not inherit the
 * initial loss. */
static void hand_in_tests(struct lyap_act_state *state, struct lyap_report *report) {
    static const enum lyap_act_measure measure[] = {LYAP_ACT_RATIO, LYAP_ACT_STEPS};
    static const char *const names[] = {"loss ratio", "updates to the common target"};
    for (int k = 0; k < LYAP_ACT_KINDS; k++)
        for (int m = 0; m < 2; m++) {
            const struct lyap_act_order *order =
                &state->population[k].order[measure[m]][LYAP_ACT_PUBLISHED][LYAP_ACT_THREE];
            state->test[k][m] = lyap_report_test(
                report, "C2", order->known ? order->p : (double)NAN, LYAP_SHUFFLES,
                "order of exponent and %s, linear, sigmoid, ReLU, %s starts, learning rate %g, %u epochs", names[m],
                lyap_act_kind_names[k], lyap_act_rates[0], (unsigned)lyap_act_epochs[1]);
        }
}

enum lyap_status lyap_act_compute(struct lyap_report *report, void **out, struct lyap_error *error) {
    struct lyap_act_state *state = lyap_report_room(1, sizeof *state, error);
    if (!state) return LYAP_ERROR_MEMORY;
    *out = state;
    const bool full = lyap_report_options_of(report)->full;
    const uint64_t starts = lyap_report_starts(report, full ? 2000 : 200, 4);
    enum lyap_status status = draw_starts(state, report, starts, error);
    if (!status) status = run_population(&state->population[LYAP_ACT_OWN], report, starts, NULL, error);
    if (!status && state->kept > 0)
        status = run_population(&state->population[LYAP_ACT_COMMON], report, state->kept, state->weights, error);
    if (!status) hand_in_tests(state, report);
    struct lyap_paper_options paper = lyap_report_paper(report, LYAP_FLOAT32);
    for (int i = 0; i < LYAP_ACT_IDENTICAL_RATES && !status; i++)
        status = lyap_act_identical_run(&state->identical[i], &paper, lyap_act_identical_rates[i],
                                        lyap_report_starts(report, full ? 2000 : 200, 4), error);
    return status;
}

void lyap_act_release(void *context) {
    struct lyap_act_state *state = context;
    if (!state) return;
    for (int k = 0; k < LYAP_ACT_KINDS; k++) free(state->population[k].initial);
    free(state->weights);
    free(state);
}
