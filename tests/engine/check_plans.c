/* Broken plans: every value of an enum that is unknown and every index behind its table is refused with a status and one line, wherever
 * a plan comes in. Each case breaks one number of a sound plan; a case that is not refused runs, which sanitizers then see. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verify/validate.h"
#include "bench/reference/reference.h"
#include "lyapgrad/lyapgrad.h"
#include "tests/check.h"
#include "tests/support.h"

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_spectrum_plan spectrum;
static struct lyap_plan plan;
static struct lyap_map_plan map;
static struct lyap_bifurcation_plan bifurcation;
static struct lyap_selection_plan selection;
static struct lyap_series_options series;
static struct lyap_checkpoint_head head;
static struct lyap_trial trial;
static enum lyap_correlation kind;
static size_t row;
static double weights[9], wave[400], point[1000];

static void small(struct lyap_plan *p) {
    p->window = false;
    p->neighbours = 1;
    p->setting.epochs = 4;
    p->setting.lr = 0.1;
}

static void make_sound(void) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    small(&plan);
    lyap_spectrum_defaults(&spectrum, &net, &data);
    small(&spectrum.base);
    lyap_map_defaults(&map, &net, &data);
    small(&map.spectrum.base);
    map.width = map.height = 2;
    map.x = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LR, .low = 0.1, .high = 1};
    map.y = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_DIRECTION, .low = -1, .high = 1};
    lyap_bifurcation_defaults(&bifurcation, &net, &data);
    small(&bifurcation.spectrum.base);
    bifurcation.spectrum.transient = bifurcation.spectrum.base.setting.epochs - 2;
    bifurcation.values = 2;
    bifurcation.over = map.x;
    lyap_selection_defaults(&selection, &plan, 1);
    selection.epochs = 8;
    selection.rungs = 1;
    selection.rate_values = 2;
    selection.rate_starts = 2;
    selection.rate_halvings = 0;
    selection.budget = 4000;
    selection.searches = 5;
    lyap_series_defaults(&series);
    for (size_t i = 0; i < sizeof wave / sizeof *wave; i++) wave[i] = sin(0.1 * (double)i * (double)i);
    head = (struct lyap_checkpoint_head){
        .settings = "a = b\n", .cells = 4, .count = 4, .shard = 1, .shards = 1, .parts = 1};
    trial = (struct lyap_trial){.lr = 0.1};
    kind = LYAP_PEARSON;
    row = 0;
}

static enum lyap_status drop(const struct lyap_chunk *c, void *context, struct lyap_error *e) {
    (void)c, (void)context, (void)e;
    return LYAP_OK;
}
static enum lyap_status drop_spectrum(const struct lyap_spectrum_chunk *c, void *context, struct lyap_error *e) {
    (void)c, (void)context, (void)e;
    return LYAP_OK;
}
static enum lyap_status drop_map(const struct lyap_map_chunk *c, void *context, struct lyap_error *e) {
    (void)c, (void)context, (void)e;
    return LYAP_OK;
}
static enum lyap_status drop_bifurcation(const struct lyap_bifurcation_chunk *c, void *context, struct lyap_error *e) {
    (void)c, (void)context, (void)e;
    return LYAP_OK;
}

/* Every way in for a plan. */
static enum lyap_status run_ensemble(struct lyap_error *e) {
    return lyap_ensemble_run(&plan, drop, NULL, e);
}
static enum lyap_status run_initial(struct lyap_error *e) {
    return lyap_ensemble_initial(&plan, 0, 1, point, e);
}
static enum lyap_status settings_of(const struct lyap_experiment *experiment, struct lyap_error *e) {
    char *text = NULL;
    enum lyap_status status = lyap_experiment_settings(experiment, NULL, &text, e);
    free(text);
    return status;
}
static enum lyap_status run_settings(struct lyap_error *e) {
    const struct lyap_experiment experiment = lyap_ensemble_experiment(&plan, NULL, NULL);
    return settings_of(&experiment, e);
}
static enum lyap_status run_spectrum(struct lyap_error *e) {
    return lyap_spectrum_run(&spectrum, drop_spectrum, NULL, e);
}
static enum lyap_status run_spectrum_settings(struct lyap_error *e) {
    const struct lyap_experiment experiment = lyap_spectrum_experiment(&spectrum, NULL, NULL);
    return settings_of(&experiment, e);
}
static enum lyap_status run_map(struct lyap_error *e) {
    return lyap_map_run(&map, drop_map, NULL, e);
}
static enum lyap_status run_map_settings(struct lyap_error *e) {
    const struct lyap_experiment experiment = lyap_map_experiment(&map, NULL, NULL);
    return settings_of(&experiment, e);
}
static enum lyap_status run_bifurcation(struct lyap_error *e) {
    return lyap_bifurcation_run(&bifurcation, drop_bifurcation, NULL, e);
}
static enum lyap_status run_bifurcation_settings(struct lyap_error *e) {
    const struct lyap_experiment experiment = lyap_bifurcation_experiment(&bifurcation, NULL, NULL);
    return settings_of(&experiment, e);
}
static enum lyap_status run_selection(struct lyap_error *e) {
    struct lyap_selection out;
    enum lyap_status status = lyap_selection_run(&selection, &out, e);
    if (!status) lyap_selection_free(&out);
    return status;
}
static enum lyap_status run_compare(struct lyap_error *e) {
    struct lyap_search_comparison out;
    enum lyap_status status = lyap_selection_compare(&selection, &out, e);
    if (!status) lyap_search_comparison_free(&out);
    return status;
}
static enum lyap_status run_start(struct lyap_error *e) {
    return lyap_selection_start(&selection, &trial, point, e);
}
static enum lyap_status run_series(struct lyap_error *e) {
    struct lyap_series_result out;
    enum lyap_status status = lyap_series_run(wave, sizeof wave / sizeof *wave, &series, &out, e);
    lyap_series_free(&out);
    return status;
}
static enum lyap_status run_checkpoint(struct lyap_error *e) {
    struct lyap_checkpoint *checkpoint = NULL;
    enum lyap_status status = lyap_checkpoint_open(&checkpoint, scratch("kept"), &head, e);
    lyap_checkpoint_close(checkpoint);
    return status;
}
static enum lyap_status run_correlation(struct lyap_error *e) {
    struct lyap_estimate estimate;
    return lyap_bootstrap_correlation(kind, &(const struct lyap_observations){wave, wave + 100, wave + 200, 50}, 100, 1,
                                      &estimate, e);
}
static enum lyap_status run_validation(struct lyap_error *e) {
    struct lyap_validation out;
    return lyap_validate(row, LYAP_ISA_SCALAR, 1, &out, e);
}
static enum lyap_status run_reference(struct lyap_error *e) {
    double state[9] = {0}, distance[2], loss[2];
    return lyap_reference_train(&(const struct lyap_reference_training){&net, &data, &plan.optimiser, 0.1, 2}, state, 1,
                                distance, loss, e);
}
static enum lyap_status run_reference_hessian(struct lyap_error *e) {
    double v[9] = {1}, product[9];
    return lyap_reference_hessian(&net, &data, weights, v, product, e);
}
static enum lyap_status run_activations(struct lyap_error *e) {
    return lyap_network_activations(&net, "relu", e);
}
static enum lyap_status run_network(struct lyap_error *e) {
    return lyap_network_check(&net, e);
}

typedef enum lyap_status runner(struct lyap_error *error);

#define ON_NETWORK                                                                                                     \
    run_network, run_ensemble, run_initial, run_settings, run_spectrum, run_spectrum_settings, run_map,                \
        run_map_settings, run_bifurcation, run_bifurcation_settings, run_selection, run_compare, run_start,            \
        run_reference, run_reference_hessian
#define ON_PLAN run_ensemble, run_initial, run_settings, run_selection, run_compare
#define ON_SPECTRUM run_spectrum, run_spectrum_settings
#define ON_MAP run_map, run_map_settings
#define ON_BIFURCATION run_bifurcation, run_bifurcation_settings

enum { BEHIND = 1000000, MOST_RUNNERS = 16 };

/* What is broken, how, the words that the line must have, and the ways in that must refuse it. */
#define BREAK(name, statement)                                                                                         \
    static void name(void) {                                                                                           \
        statement;                                                                                                     \
    }
/* The compiler knows the range of an enum; a caller's memory does not. */
static void set_number(void *at, size_t size, int number) {
    ck_assert_uint_eq(size, sizeof number);
    memcpy(at, &number, size);
}
#define SET(lvalue, number) set_number(&(lvalue), sizeof(lvalue), number)

BREAK(layers_0, net.layers = 0)
BREAK(layers_many, net.layers = LYAP_MAX_LAYERS + 1)
BREAK(layers_negative, net.layers = -1)
BREAK(width_0, net.sizes[1] = 0)
BREAK(width_negative, net.sizes[1] = -3)
BREAK(width_large, net.sizes[1] = LYAP_MAX_WIDTH + 1)
BREAK(hidden_unknown, SET(net.activation[0], LYAP_ACTIVATION_COUNT))
BREAK(hidden_negative, SET(net.activation[0], -1))
BREAK(output_unknown, SET(net.activation[1], BEHIND))
BREAK(loss_unknown, SET(net.loss, LYAP_LOSS_COUNT))
BREAK(loss_negative, SET(net.loss, -1))
BREAK(bce_of_tanh, (net.loss = LYAP_BCE, net.activation[1] = LYAP_TANH))
BREAK(softmax_of_one, (net.loss = LYAP_SOFTMAX, net.activation[1] = LYAP_LINEAR))

BREAK(no_network, plan.network = NULL)
BREAK(no_data, plan.data = NULL)
BREAK(precision_unknown, SET(plan.precision, 2))
BREAK(precision_negative, SET(plan.precision, -1))
BREAK(isa_unknown, SET(plan.isa, LYAP_ISA_COUNT))
BREAK(isa_negative, SET(plan.isa, -1))
BREAK(layout_unknown, SET(plan.layout, LYAP_LAYOUT_COUNT))
BREAK(layout_negative, SET(plan.layout, -1))
BREAK(init_unknown, SET(plan.init, LYAP_INIT_COUNT))
BREAK(init_unknown_beside_weights, (SET(plan.init, BEHIND), plan.weights = weights))
BREAK(bias_unknown, SET(plan.bias, LYAP_BIAS_NORMAL + 1))
BREAK(bias_negative, SET(plan.bias, -1))
BREAK(bias_unknown_beside_weights, (SET(plan.bias, BEHIND), plan.weights = weights))
BREAK(optimiser_unknown, SET(plan.optimiser.kind, LYAP_OPTIMISER_COUNT))
BREAK(optimiser_negative, SET(plan.optimiser.kind, -1))
BREAK(schedule_unknown, SET(plan.optimiser.schedule, LYAP_SCHEDULE_COUNT))
BREAK(schedule_negative, SET(plan.optimiser.schedule, -1))
BREAK(batch_large, plan.optimiser.batch = 5)
BREAK(first_cell_behind, plan.first_cell = 1)

BREAK(method_unknown, SET(spectrum.method, LYAP_RESCALED + 1))
BREAK(method_negative, SET(spectrum.method, -1))
BREAK(system_unknown, SET(spectrum.system, LYAP_SYSTEM_COUNT))
BREAK(system_negative, SET(spectrum.system, -1))
BREAK(constants_many, (spectrum.system = LYAP_SYSTEM_QUADRATIC, spectrum.constant_count = LYAP_SYSTEM_MOST + 1))
BREAK(spectrum_precision, SET(spectrum.base.precision, 7))
BREAK(known_precision, (SET(spectrum.base.precision, 7), spectrum.system = LYAP_SYSTEM_LOGISTIC))
BREAK(spectrum_optimiser, SET(spectrum.base.optimiser.kind, BEHIND))
BREAK(spectrum_without_network, spectrum.base.network = NULL)

BREAK(quantity_unknown, SET(map.x.quantity, LYAP_AXIS_DIRECTION + 1))
BREAK(quantity_negative, SET(map.y.quantity, -1))
BREAK(direction_2, map.y.layer = 2)
BREAK(direction_far, map.y.layer = BEHIND)
BREAK(direction_negative, map.y.layer = -1)
BREAK(layer_behind, (map.y.quantity = LYAP_AXIS_LAYER_LR, map.y.low = 0, map.y.layer = 2))
BREAK(layer_negative, (map.y.quantity = LYAP_AXIS_LAYER_LR, map.y.low = 0, map.y.layer = -1))
BREAK(layer_of_a_rate, map.x.layer = 1)
BREAK(map_method, SET(map.spectrum.method, BEHIND))
BREAK(map_system, SET(map.spectrum.system, BEHIND))

BREAK(orbit_unknown, SET(bifurcation.kind, LYAP_ORBIT_LOSS + 1))
BREAK(orbit_negative, SET(bifurcation.kind, -1))
BREAK(over_unknown, SET(bifurcation.over.quantity, BEHIND))
BREAK(over_direction, (bifurcation.over.quantity = LYAP_AXIS_DIRECTION, bifurcation.over.layer = 2))
static const size_t behind[] = {9};
BREAK(which_behind, (bifurcation.which = behind, bifurcation.columns = 1))

BREAK(score_unknown, SET(selection.score, LYAP_SCORE_COUNT))
BREAK(score_negative, SET(selection.score, -1))
BREAK(no_settings, selection.settings = NULL)
BREAK(setting_behind, trial.setting = 1)
BREAK(start_behind, trial.start = UINT64_MAX)

BREAK(series_method_unknown, SET(series.method, LYAP_SERIES_METHOD_COUNT))
BREAK(series_method_negative, SET(series.method, -1))
BREAK(parts_many, head.parts = LYAP_CHECKPOINT_PARTS + 1)
BREAK(shard_behind, head.shard = 2)
BREAK(kind_unknown, SET(kind, LYAP_PARTIAL + 1))
BREAK(kind_negative, SET(kind, -1))
BREAK(row_behind, row = lyap_validation_count())

static const struct {
    void (*breaks)(void);
    const char *words;
    runner *runners[MOST_RUNNERS];
} cases[] = {
    {layers_0, "layers", {ON_NETWORK}},
    {layers_many, "layers", {ON_NETWORK, run_activations}},
    {layers_negative, "layers", {ON_NETWORK, run_activations}},
    {width_0, "size", {ON_NETWORK}},
    {width_negative, "size", {ON_NETWORK}},
    {width_large, "size", {ON_NETWORK}},
    {hidden_unknown, "activation", {ON_NETWORK}},
    {hidden_negative, "activation", {ON_NETWORK}},
    {output_unknown, "activation", {ON_NETWORK}},
    {loss_unknown, "loss", {ON_NETWORK}},
    {loss_negative, "loss", {ON_NETWORK}},
    {bce_of_tanh, "bce", {ON_NETWORK}},
    {softmax_of_one, "softmax", {ON_NETWORK}},
    {no_network, "network", {ON_PLAN, run_start}},
    {no_data, "data", {ON_PLAN, run_start}},
    {precision_unknown, "precision", {ON_PLAN, run_start}},
    {precision_negative, "precision", {ON_PLAN, run_start}},
    {isa_unknown, "instruction set", {run_ensemble, run_initial, run_selection, run_compare, run_start}},
    {isa_negative, "instruction set", {run_ensemble, run_initial, run_selection, run_compare, run_start}},
    {layout_unknown, "layout number 4", {ON_PLAN, run_start}},
    {layout_negative, "layout number -1", {ON_PLAN, run_start}},
    {init_unknown, "distribution", {ON_PLAN, run_start}},
    {init_unknown_beside_weights, "distribution", {run_ensemble, run_initial, run_settings}},
    {bias_unknown, "distribution", {ON_PLAN, run_start}},
    {bias_negative, "distribution", {ON_PLAN, run_start}},
    {bias_unknown_beside_weights, "distribution", {run_ensemble, run_initial, run_settings}},
    {optimiser_unknown, "optimiser", {ON_PLAN, run_start, run_reference}},
    {optimiser_negative, "optimiser", {ON_PLAN, run_start, run_reference}},
    {schedule_unknown, "schedule", {ON_PLAN, run_start, run_reference}},
    {schedule_negative, "schedule", {ON_PLAN, run_start, run_reference}},
    {batch_large, "batch", {ON_PLAN, run_start, run_reference}},
    {first_cell_behind, "cells", {run_ensemble, run_initial, run_settings}},
    {method_unknown, "method", {ON_SPECTRUM}},
    {method_negative, "method", {ON_SPECTRUM}},
    {system_unknown, "system", {ON_SPECTRUM}},
    {system_negative, "system", {ON_SPECTRUM}},
    {constants_many, "constants", {ON_SPECTRUM}},
    {spectrum_precision, "precision", {ON_SPECTRUM}},
    {known_precision, "precision", {ON_SPECTRUM}},
    {spectrum_optimiser, "optimiser", {ON_SPECTRUM}},
    {spectrum_without_network, "network", {ON_SPECTRUM}},
    {quantity_unknown, "quantity", {ON_MAP}},
    {quantity_negative, "quantity", {ON_MAP}},
    {direction_2, "direction", {ON_MAP}},
    {direction_far, "direction", {ON_MAP}},
    {direction_negative, "direction", {ON_MAP}},
    {layer_behind, "layer", {ON_MAP}},
    {layer_negative, "layer", {ON_MAP}},
    {layer_of_a_rate, "layer", {ON_MAP}},
    {map_method, "method", {ON_MAP}},
    {map_system, "system", {ON_MAP}},
    {orbit_unknown, "orbit", {ON_BIFURCATION}},
    {orbit_negative, "orbit", {ON_BIFURCATION}},
    {over_unknown, "quantity", {ON_BIFURCATION}},
    {over_direction, "direction", {ON_BIFURCATION}},
    {which_behind, "number 9", {ON_BIFURCATION}},
    {score_unknown, "score", {run_selection, run_compare}},
    {score_negative, "score", {run_selection, run_compare}},
    {no_settings, "settings", {run_selection, run_compare, run_start}},
    {setting_behind, "setting 1", {run_start}},
    {start_behind, "start", {run_start}},
    {series_method_unknown, "method", {run_series}},
    {series_method_negative, "method", {run_series}},
    {parts_many, "parts", {run_checkpoint}},
    {shard_behind, "shard", {run_checkpoint}},
    {kind_unknown, "correlation", {run_correlation}},
    {kind_negative, "correlation", {run_correlation}},
    {row_behind, "row", {run_validation}},
};
enum { CASES = sizeof cases / sizeof *cases };

START_TEST(an_unknown_value_or_an_index_behind_its_table_is_refused_wherever_it_comes_in) {
    for (int i = 0; i < MOST_RUNNERS && cases[_i].runners[i]; i++) {
        struct lyap_error error = {0};
        make_sound();
        cases[_i].breaks();
        enum lyap_status status = cases[_i].runners[i](&error);
        /* lyapgrad/isa.h has a status of its own for an instruction set that is unknown. */
        bool isa = strcmp(cases[_i].words, "instruction set") == 0;
        ck_assert_msg(status == (isa ? LYAP_ERROR_ISA : LYAP_ERROR_ARGUMENT), "way %d for '%s': status %d: %s", i,
                      cases[_i].words, (int)status, error.message);
        ck_assert_msg(strstr(error.message, cases[_i].words) && !strchr(error.message, '\n'), "way %d for '%s': %s", i,
                      cases[_i].words, error.message);
        lyap_dataset_free(&data);
    }
}
END_TEST

START_TEST(the_plans_that_the_cases_break_are_sound) {
    static runner *const all[] = {ON_NETWORK,     run_checkpoint,  run_correlation,
                                  run_validation, run_activations, run_series};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct lyap_error error = {0};
        make_sound();
        enum lyap_status status = all[i](&error);
        ck_assert_msg(status == LYAP_OK, "way %zu: status %d: %s", i, (int)status, error.message);
        lyap_dataset_free(&data);
    }
}
END_TEST

START_TEST(a_name_of_an_unknown_value_says_so) {
    enum lyap_precision precision;
    SET(precision, 2);
    ck_assert_str_eq(lyap_precision_name(precision), "unknown");
    char text[32];
    struct lyap_sweep_axis axis = {.quantity = LYAP_AXIS_DIRECTION, .layer = 7};
    ck_assert_str_eq(lyap_axis_name(&axis, text, sizeof text), "unknown");
    SET(axis.quantity, BEHIND);
    ck_assert_str_eq(lyap_axis_name(&axis, text, sizeof text), "unknown");
    axis = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LAYER_LR, .layer = 1};
    ck_assert_str_eq(lyap_axis_name(&axis, text, sizeof text), "lr2");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("plans");
    TCase *tc = tcase_create("broken");
    tcase_add_test(tc, the_plans_that_the_cases_break_are_sound);
    tcase_add_loop_test(tc, an_unknown_value_or_an_index_behind_its_table_is_refused_wherever_it_comes_in, 0, CASES);
    tcase_add_test(tc, a_name_of_an_unknown_value_says_so);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
