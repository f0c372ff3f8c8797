/* Dead networks: that of a mini-batch run is one whose gradient vanishes over the whole training set, not over its last batch alone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/collect.h"
#include "tests/collect_spectrum.h"
#include "lyapgrad/bifurcation.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/map.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"
#include "tests/support.h"

/* One ReLU unit, y = max(w x + b, 0), and the samples x = 1, -1 with targets 3, 3: at w = 1, b = 0.1 the unit is off for the second
 * alone, at b = -5 for both. Steps are small enough to leave it so. */
static double x[] = {1, -1}, y[] = {3, 3};
static struct lyap_dataset data = {.samples = 2, .inputs = 1, .outputs = 1, .x = x, .y = y};
static struct lyap_network net;
static double starts[] = {1, 0.1, 1, -5};

static void use_unit(struct lyap_plan *plan, uint32_t epochs) {
    ck_assert_int_eq(lyap_network_init(&net, "1-1", LYAP_RELU, LYAP_RELU, LYAP_MSE, NULL), LYAP_OK);
    plan->network = &net;
    plan->data = &data;
    plan->starts = 2;
    plan->weights = starts;
    plan->window = false;
    plan->optimiser.batch = 1;
    plan->setting = (struct lyap_setting){.lr = 1e-4, .perturbation = 1e-3, .epochs = epochs};
}

/* How many of the last batches, over the numbers of steps, are the second sample: without some the tests would say nothing. */
static uint64_t last_sample(uint32_t epochs) {
    struct lyap_optimiser o;
    size_t order[2];
    lyap_optimiser_defaults(&o, LYAP_GD);
    lyap_optimiser_order(&o, (epochs - 1) / 2, 2, order);
    return order[(epochs - 1) % 2];
}

enum { MOST_EPOCHS = 12 };

START_TEST(the_tests_have_last_batches_of_both_kinds) {
    int second = 0;
    for (uint32_t epochs = 2; epochs <= MOST_EPOCHS; epochs++) second += last_sample(epochs) == 1;
    ck_assert_int_gt(second, 2);
    ck_assert_int_lt(second, MOST_EPOCHS - 3);
}
END_TEST

/* 1 neighbour: cells in the lanes; 40: the trajectories of one cell. */
START_TEST(a_cell_is_dead_by_the_whole_training_set) {
    static const uint32_t neighbours[] = {1, 40};
    struct lyap_plan plan;
    for (uint32_t epochs = 2; epochs <= MOST_EPOCHS; epochs++)
        for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
            if (!lyap_isa_available((enum lyap_isa)isa)) continue;
            lyap_plan_defaults(&plan, NULL, NULL);
            use_unit(&plan, epochs);
            plan.isa = (enum lyap_isa)isa;
            plan.precision = (enum lyap_precision)(_i % 2);
            plan.neighbours = neighbours[_i / 2 % 2];
            plan.optimiser.weight_decay = _i / 4 ? 0.1 : 0;
            struct collected c = run_plan(&plan);
            ck_assert_int_eq(c.records[0].outcome, LYAP_COMPLETE);
            ck_assert_int_eq(c.records[1].outcome, LYAP_DEAD);
            /* A decay moves what is dead: by its own factor a step, which in float32 is lost to rounding. */
            if (_i / 4 == 0) ck_assert_double_eq(c.records[1].lambda_step, 0);
            if (_i == 5 || _i == 7) ck_assert_double_eq_tol(c.records[1].lambda_step, log(1 - 1e-4 * 0.1), 1e-11);
            collected_free(&c);
        }
}
END_TEST

/* A neighbour that is on saves the cell of a parent that is off, in every batch. */
START_TEST(a_living_neighbour_is_enough) {
    struct lyap_plan plan;
    double start[] = {1, -1.001};
    for (uint32_t epochs = 2; epochs <= MOST_EPOCHS; epochs++) {
        lyap_plan_defaults(&plan, NULL, NULL);
        use_unit(&plan, epochs);
        plan.starts = 1;
        plan.weights = start;
        plan.neighbours = 40;
        plan.setting.perturbation = 1e-2;
        struct collected c = run_plan(&plan);
        ck_assert_int_eq(c.records[0].outcome, LYAP_COMPLETE);
        collected_free(&c);
    }
}
END_TEST

START_TEST(a_regime_is_dead_by_the_whole_training_set) {
    struct lyap_spectrum_plan plan;
    for (uint32_t epochs = 2; epochs <= MOST_EPOCHS; epochs++)
        for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
            if (!lyap_isa_available((enum lyap_isa)isa)) continue;
            lyap_spectrum_defaults(&plan, NULL, NULL);
            use_unit(&plan.base, epochs);
            plan.base.isa = (enum lyap_isa)isa;
            plan.base.precision = (enum lyap_precision)(_i % 2);
            plan.method = _i / 2 == 2 ? LYAP_RESCALED : LYAP_TANGENT;
            plan.exponents = _i / 2 == 1 ? 2 : 1;
            struct spectra s = run_spectra(&plan);
            ck_assert_int_ne(s.records[0].regime, LYAP_DEAD_REGIME);
            ck_assert_int_eq(s.records[1].regime, LYAP_DEAD_REGIME);
            spectra_free(&s);
        }
}
END_TEST

static enum lyap_status look(const struct lyap_bifurcation_chunk *chunk, void *context, struct lyap_error *error) {
    (void)context, (void)error;
    for (size_t i = 0; i < chunk->count; i++) ck_assert_uint_eq(chunk->cells[i].points, chunk->cells[i].start ? 0 : 1);
    return LYAP_OK;
}

static enum lyap_status look_at_pixels(const struct lyap_map_chunk *chunk, void *context, struct lyap_error *error) {
    (void)error;
    for (size_t i = 0; i < chunk->count; i++)
        ck_assert_int_eq(chunk->pixels[i].regime == LYAP_DEAD_REGIME, *(int *)context);
    return LYAP_OK;
}

START_TEST(so_are_the_cells_of_a_diagram_and_the_pixels_of_a_map) {
    struct lyap_error error = {0};
    for (uint32_t epochs = 2; epochs <= MOST_EPOCHS; epochs++) {
        struct lyap_bifurcation_plan diagram;
        lyap_bifurcation_defaults(&diagram, &net, &data);
        use_unit(&diagram.spectrum.base, epochs);
        diagram.spectrum.transient = epochs - 1;
        diagram.values = 3;
        diagram.over = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LR, .low = 1e-5, .high = 1e-4};
        ck_assert_msg(!lyap_bifurcation_run(&diagram, look, NULL, &error), "%s", error.message);
        for (int dead = 0; dead < 2; dead++) {
            struct lyap_map_plan map;
            lyap_map_defaults(&map, &net, &data);
            use_unit(&map.spectrum.base, epochs);
            map.spectrum.base.starts = 1;
            map.spectrum.base.weights = starts + 2 * dead;
            map.width = map.height = 3;
            map.x = diagram.over;
            map.y = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_INIT_SCALE, .low = 0.99, .high = 1.01};
            ck_assert_msg(!lyap_map_run(&map, look_at_pixels, &dead, &error), "%s", error.message);
        }
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dead");
    TCase *tc = tcase_create("dead");
    tcase_add_test(tc, the_tests_have_last_batches_of_both_kinds);
    tcase_add_loop_test(tc, a_cell_is_dead_by_the_whole_training_set, 0, 8);
    tcase_add_test(tc, a_living_neighbour_is_enough);
    tcase_add_loop_test(tc, a_regime_is_dead_by_the_whole_training_set, 0, 6);
    tcase_add_test(tc, so_are_the_cells_of_a_diagram_and_the_pixels_of_a_map);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
