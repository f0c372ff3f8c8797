/* Bifurcations: the cycles of maps that are solved by hand, points that are the weights of shorter runs, the exponent of the
 * spectrum, and the same bits everywhere. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/collect.h"
#include "tests/collect_spectrum.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/dataset.h"
#include "tests/support.h"
#include "lyapgrad/bifurcation.h"
#include "lyapgrad/map.h"

enum { MOST_CELLS = 256, MOST_NUMBERS = 1 << 16 };

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_bifurcation_plan plan;

struct diagram {
    size_t cells, columns;
    struct lyap_bifurcation_cell cell[MOST_CELLS];
    struct lyap_spectrum_record records[MOST_CELLS];
    double orbit[MOST_NUMBERS];
    uint64_t digest;
};
static struct diagram diagram, other;

static enum lyap_status take(const struct lyap_bifurcation_chunk *c, void *context, struct lyap_error *error) {
    struct diagram *d = context;
    (void)error;
    ck_assert_uint_eq(c->first_cell, d->cells);
    const size_t row = lyap_orbit_points(&plan) * c->columns;
    d->columns = c->columns;
    ck_assert_uint_le(d->cells + c->count, MOST_CELLS);
    ck_assert_uint_le((d->cells + c->count) * row, MOST_NUMBERS);
    for (size_t i = 0; i < c->count; i++) {
        struct lyap_bifurcation_cell *cell = &d->cell[d->cells + i];
        *cell = c->cells[i];
        ck_assert(cell->points == 0 || cell->points == lyap_orbit_points(&plan));
        double *kept = d->orbit + (d->cells + i) * row;
        memcpy(kept, cell->orbit, row * sizeof *kept);
        cell->orbit = kept;
        ck_assert_uint_eq(cell->value * plan.spectrum.base.starts + cell->start, c->first_cell + i);
        d->records[d->cells + i] = c->spectrum->records[i];
    }
    d->digest = lyap_bifurcation_digest(d->digest, c);
    d->cells += c->count;
    return LYAP_OK;
}

static void run_diagram(struct diagram *d) {
    struct lyap_error error = {0};
    d->cells = 0;
    d->digest = LYAP_DIGEST_START;
    enum lyap_status status = lyap_bifurcation_run(&plan, take, d, &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    ck_assert_uint_eq(d->cells, plan.values * plan.spectrum.base.starts);
}

static void use(const char *shape, enum lyap_activation hidden, enum lyap_activation output) {
    ck_assert_int_eq(lyap_network_init(&net, shape, hidden, output, LYAP_MSE, NULL), LYAP_OK);
    lyap_bifurcation_defaults(&plan, &net, &data);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.spectrum.base.isa, NULL), LYAP_OK);
}

static void sweep(const char *name, double low, double high, size_t values) {
    plan.over = (struct lyap_sweep_axis){.low = low, .high = high};
    ck_assert_int_eq(lyap_axis_parse(&plan.over, name, NULL), LYAP_OK);
    plan.values = values;
}

static void use_xor(enum lyap_activation activation, uint32_t transient, uint32_t points) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    use("2-2-1", activation, activation);
    plan.spectrum.transient = transient;
    plan.spectrum.base.setting.epochs = transient + points;
}

/* y = x at -1 and 1 from w = -3, b = 0: the loss (w - 1)^2 has h = 2, so w - 1 is multiplied by 1 - 2 lr at each step. */
static void use_regression(void) {
    static double x[] = {-1, 1}, y[] = {-1, 1}, start[] = {-3, 0};
    data = (struct lyap_dataset){.samples = 2, .inputs = 1, .outputs = 1, .x = x, .y = y};
    use("1-1", LYAP_LINEAR, LYAP_LINEAR);
    plan.spectrum.base.weights = start;
}

START_TEST(linear_regression_has_one_fixed_point_below_two_over_h_and_diverges_beyond) {
    use_regression();
    plan.spectrum.base.setting.epochs = 3000;
    plan.spectrum.transient = 2800;
    sweep("lr", 0, 2, 32);
    run_diagram(&diagram);
    for (size_t i = 0; i < 32; i++) {
        const struct lyap_bifurcation_cell *c = &diagram.cell[i];
        double step = 1 - 2 * c->at;
        ck_assert_double_eq(c->at, (double)(2 * i + 1) / 32);
        ck_assert_uint_eq(c->points, c->at < 1 ? 200 : 0);
        ck_assert_int_eq(c->regime == LYAP_DIVERGED, c->at > 1);
        ck_assert_uint_eq(c->period, c->at < 1);
        if (c->at > 1) continue;
        ck_assert_double_eq_tol(c->exponent.lambda, log(fabs(step)), 1e-9);
        for (size_t k = 0; k < c->points; k++) {
            ck_assert_double_eq_tol(c->orbit[2 * k], 1, 1e-14);
            ck_assert_double_eq(c->orbit[2 * k + 1], 0);
        }
    }
}
END_TEST

START_TEST(points_and_losses_are_those_of_the_geometric_decay) {
    use_regression();
    plan.spectrum.transient = 5;
    plan.spectrum.base.setting.epochs = 40;
    sweep("lr", 0.05, 0.95, 16);
    for (int kind = 0; kind < 3; kind++) {
        plan.kind = (enum lyap_orbit_kind)kind;
        run_diagram(&diagram);
        ck_assert_uint_eq(diagram.columns, kind == LYAP_ORBIT_LOSS ? 1 : 2);
        for (size_t i = 0; i < 16; i++)
            for (size_t k = 0; k < lyap_orbit_points(&plan); k++) {
                double off = -4 * pow(1 - 2 * diagram.cell[i].at, (double)(5 + k)), tolerance = 1e-12;
                const double *point = diagram.cell[i].orbit + k * diagram.columns;
                if (kind == LYAP_ORBIT_WEIGHTS) ck_assert_double_eq_tol(point[0], 1 + off, tolerance);
                if (kind == LYAP_ORBIT_OUTPUTS) ck_assert_double_eq_tol(point[0], -1 - off, tolerance);
                if (kind == LYAP_ORBIT_OUTPUTS) ck_assert_double_eq_tol(point[1], 1 + off, tolerance);
                if (kind == LYAP_ORBIT_LOSS) ck_assert_double_eq_tol(point[0], off * off, tolerance);
            }
    }
}
END_TEST

/* At lr = 2/h the multiplier is -1: from -3 the weight goes to 5 and back, and neighbours neither near nor leave. */
START_TEST(at_two_over_h_the_weight_has_period_two_and_exponent_zero) {
    use_regression();
    plan.spectrum.base.setting.epochs = 2000;
    plan.spectrum.transient = 1800;
    sweep("lr", 0.5, 1.5, 1);
    run_diagram(&diagram);
    const struct lyap_bifurcation_cell *c = &diagram.cell[0];
    ck_assert_uint_eq(c->period, 2);
    ck_assert_uint_eq(c->points, 200);
    ck_assert_int_eq(c->regime, LYAP_PERIODIC);
    ck_assert_double_eq_tol(c->exponent.lambda, 0, 1e-15);
    for (size_t k = 0; k < 200; k++) ck_assert_double_eq(c->orbit[2 * k], k % 2 ? 5 : -3);
}
END_TEST

/* A sine unit at x = -1 and 1 with both targets 0 and b = 0, which stays: the loss is sin^2 w, and u = 2 w follows the circle
 * map u <- u - 2 lr sin u. Its fixed point 0 has the multiplier 1 - 2 lr. From lr = 1 on that is unstable, and the cycle u, -u
 * with u = lr sin u has 1 - 2 lr cos u a step. The bias, where the Hessian has the same entry, has the same multiplier. */
static double cycle(double lr) {
    double low = 1e-6, high = 3;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (lr * sin(middle) > middle)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

START_TEST(a_sine_unit_goes_from_its_fixed_point_to_the_cycle_that_theory_gives) {
    static double x[] = {-1, 1}, y[] = {0, 0}, start[] = {0.3, 0};
    data = (struct lyap_dataset){.samples = 2, .inputs = 1, .outputs = 1, .x = x, .y = y};
    use("1-1", LYAP_SIN, LYAP_SIN);
    plan.spectrum.base.weights = start;
    plan.spectrum.transient = 4800;
    sweep("lr", 0.6, 1.5, 32);
    run_diagram(&diagram);
    size_t fixed = 0, cycles = 0;
    for (size_t i = 0; i < 32; i++) {
        const struct lyap_bifurcation_cell *c = &diagram.cell[i];
        if (fabs(c->at - 1) < 0.03) continue; /* slow at the bifurcation itself */
        double u = c->at < 1 ? 0 : cycle(c->at);
        ck_assert_uint_eq(c->period, c->at < 1 ? 1 : 2);
        ck_assert_uint_eq(c->points, 200);
        ck_assert_int_eq(c->regime, c->at < 1 ? LYAP_STILL : LYAP_PERIODIC);
        ck_assert_double_eq_tol(c->exponent.lambda, log(fabs(1 - 2 * c->at * cos(u))), 1e-9);
        for (size_t k = 0; k < c->points; k++) {
            ck_assert_double_eq_tol(fabs(2 * c->orbit[2 * k]), u, 1e-9);
            ck_assert_double_eq(c->orbit[2 * k + 1], 0);
            if (k && c->at > 1) ck_assert(c->orbit[2 * k] * c->orbit[2 * k - 2] < 0);
        }
        fixed += c->period == 1;
        cycles += c->period == 2;
    }
    ck_assert_uint_gt(fixed, 10);
    ck_assert_uint_gt(cycles, 10);
}
END_TEST

/* Everything but the cell's number, which a run on its own has not. */
static uint64_t record_digest(struct lyap_spectrum_record record, struct lyap_exponent lambda) {
    record.cell = record.value = record.start = 0;
    return lyap_digest_spectrum(LYAP_DIGEST_START, &record, &lambda, 1);
}

static void set_optimiser(int i) {
    struct lyap_optimiser *o = &plan.spectrum.base.optimiser;
    static const enum lyap_optimiser_kind kinds[] = {LYAP_GD, LYAP_MOMENTUM, LYAP_ADAM, LYAP_GD};
    lyap_optimiser_defaults(o, kinds[i]);
    if (i == 3) {
        o->batch = 2;
        o->schedule = LYAP_COSINE;
    }
}

START_TEST(points_are_the_last_weights_of_shorter_runs_and_the_exponent_is_that_of_the_spectrum) {
    use_xor(LYAP_TANH, 37, 9);
    struct lyap_plan *base = &plan.spectrum.base;
    base->precision = _i % 2 ? LYAP_FLOAT32 : LYAP_FLOAT64;
    base->starts = 3;
    set_optimiser(_i / 2);
    sweep("lr", 0.01, 4, 6);
    run_diagram(&diagram);
    ck_assert_uint_eq(diagram.columns, 9);
    for (size_t i = 0; i < diagram.cells; i += 3) {
        struct lyap_spectrum_plan alone = plan.spectrum;
        alone.base.setting.lr = diagram.cell[i].at;
        struct spectra s = run_spectra(&alone);
        for (size_t j = 0; j < 3; j++) {
            const struct lyap_bifurcation_cell *c = &diagram.cell[i + j];
            ck_assert_uint_eq(record_digest(diagram.records[i + j], c->exponent),
                              record_digest(s.records[j], c->defined ? s.lambda[j] : c->exponent));
        }
        spectra_free(&s);
        /* A schedule knows the length of its run, so a shorter run is another one. */
        for (size_t k = 0; k < lyap_orbit_points(&plan) && base->optimiser.schedule == LYAP_CONSTANT; k++) {
            struct lyap_plan shorter = *base;
            shorter.setting.lr = diagram.cell[i].at;
            shorter.setting.epochs = (uint32_t)(plan.spectrum.transient + k);
            shorter.last_weights = true;
            struct collected all = run_plan(&shorter);
            for (size_t j = 0; j < 3; j++)
                for (size_t p = 0; diagram.cell[i + j].points && p < 9; p++)
                    ck_assert_msg(diagram.cell[i + j].orbit[k * 9 + p] == all.weights[j * 9 + p],
                                  "cell %zu, point %zu, weight %zu: %.17g, %.17g", i + j, k, p,
                                  diagram.cell[i + j].orbit[k * 9 + p], all.weights[j * 9 + p]);
            collected_free(&all);
        }
    }
}
END_TEST

START_TEST(outputs_and_losses_are_those_of_the_weights) {
    static double all[MOST_CELLS * 9 * 12];
    use_xor(LYAP_SIGMOID, 20, 12);
    plan.spectrum.base.starts = 2;
    sweep("lr1", 1, 30, 5);
    run_diagram(&diagram);
    memcpy(all, diagram.orbit, diagram.cells * 9 * 12 * sizeof *all);
    plan.kind = LYAP_ORBIT_OUTPUTS;
    run_diagram(&diagram);
    plan.kind = LYAP_ORBIT_LOSS;
    run_diagram(&other);
    for (size_t i = 0; i < diagram.cells * 12; i++) {
        const double *w = all + i * 9;
        double loss = 0;
        for (size_t s = 0; s < 4; s++) {
            double hidden[2], z = w[8];
            for (int u = 0; u < 2; u++) {
                hidden[u] = 1 / (1 + exp(-(w[u] * data.x[2 * s] + w[2 + u] * data.x[2 * s + 1] + w[4 + u])));
                z += w[6 + u] * hidden[u];
            }
            double out = 1 / (1 + exp(-z));
            ck_assert_double_eq_tol(diagram.orbit[i * 4 + s], out, 1e-14);
            loss += (out - data.y[s]) * (out - data.y[s]) / 4;
        }
        ck_assert_double_eq_tol(other.orbit[i], loss, 1e-14);
    }
}
END_TEST

START_TEST(chosen_numbers_are_those_of_all) {
    static const size_t which[] = {6, 0, 6};
    use_xor(LYAP_TANH, 50, 10);
    sweep("lr", 0.1, 6, 20);
    run_diagram(&diagram);
    plan.which = which;
    plan.columns = 3;
    run_diagram(&other);
    ck_assert_uint_eq(other.columns, 3);
    for (size_t i = 0; i < 20 * 10; i++)
        for (size_t c = 0; c < 3; c++) ck_assert_double_eq(other.orbit[i * 3 + c], diagram.orbit[i * 9 + which[c]]);
}
END_TEST

static enum lyap_status take_orbits(const struct lyap_spectrum_chunk *c, void *context, struct lyap_error *error) {
    size_t *seen = context;
    const size_t row = lyap_orbit_points(&plan) * diagram.columns;
    (void)error;
    for (size_t i = 0; i < c->count * row; i++)
        ck_assert_double_eq(c->orbit[i], diagram.orbit[c->first_cell * row + i]);
    *seen += c->count;
    return LYAP_OK;
}

START_TEST(orbits_of_a_list_of_settings_are_those_of_the_diagram_with_these_values) {
    struct lyap_setting settings[20];
    use_xor(LYAP_TANH, 50, 10);
    plan.spectrum.base.starts = 2;
    sweep("lr", 0.1, 3, 20);
    run_diagram(&diagram);
    struct lyap_spectrum_plan listed = plan.spectrum;
    for (size_t v = 0; v < 20; v++) {
        settings[v] = listed.base.setting;
        settings[v].lr = diagram.cell[2 * v].at;
    }
    listed.base.settings = settings;
    listed.base.values = 20;
    struct lyap_orbit orbit = {.kind = LYAP_ORBIT_WEIGHTS, .points = 10};
    size_t seen = 0;
    ck_assert_int_eq(lyap_orbits_run(&listed, &orbit, take_orbits, &seen, NULL), LYAP_OK);
    ck_assert_uint_eq(seen, 40);
}
END_TEST

static const struct {
    struct lyap_orbit orbit;
    enum lyap_method method;
    const char *word;
} wrong_orbits[] = {
    {{.points = 0}, LYAP_TANGENT, "points 0: must be 1 .. 10"},
    {{.points = 11}, LYAP_TANGENT, "points 11: must be 1 .. 10"},
    {{.kind = LYAP_ORBIT_LOSS + 1, .points = 1}, LYAP_TANGENT, "orbit: kind number 3"},
    {{.points = 1, .which = (const size_t[]){9}, .columns = 1}, LYAP_TANGENT, "number 9 of the weights"},
    {{.points = 1}, LYAP_RESCALED, "in tangent space"}};

START_TEST(an_orbit_out_of_range_is_refused_with_the_reason) {
    struct lyap_error error = {0};
    size_t seen = 0;
    use_xor(LYAP_TANH, 50, 10);
    plan.spectrum.method = wrong_orbits[_i].method;
    ck_assert_int_eq(lyap_orbits_run(&plan.spectrum, &wrong_orbits[_i].orbit, take_orbits, &seen, &error),
                     LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, wrong_orbits[_i].word) != NULL, "%s", error.message);
    ck_assert_uint_eq(seen, 0);
}
END_TEST

static enum lyap_status take_pixel(const struct lyap_map_chunk *c, void *context, struct lyap_error *error) {
    struct lyap_map_pixel *pixels = context;
    (void)error;
    memcpy(pixels + c->first_cell, c->pixels, c->count * sizeof *pixels);
    return LYAP_OK;
}

START_TEST(a_column_has_the_value_and_exponent_of_the_maps_pixel) {
    static const char *const names[] = {"lr", "lr2", "init-scale", "weight-decay", "d1"};
    struct lyap_map_pixel pixels[24];
    use_xor(LYAP_TANH, 30, 60);
    plan.spectrum.base.setting.lr = 0.5;
    sweep(names[_i], 0.25, 3, 24);
    run_diagram(&diagram);
    struct lyap_map_plan map;
    lyap_map_defaults(&map, &net, &data);
    map.spectrum = plan.spectrum;
    map.x = plan.over;
    map.width = 24;
    map.height = 1;
    map.y = (struct lyap_sweep_axis){
        .quantity = LYAP_AXIS_DIRECTION, .layer = 1, .low = -1, .high = 1}; /* 0 in the middle */
    ck_assert_int_eq(lyap_map_run(&map, take_pixel, pixels, NULL), LYAP_OK);
    for (size_t i = 0; i < 24; i++) {
        ck_assert_double_eq(diagram.cell[i].at, pixels[i].x);
        ck_assert_double_eq(diagram.cell[i].exponent.lambda, pixels[i].lambda);
        ck_assert_int_eq(diagram.cell[i].regime, pixels[i].regime);
    }
}
END_TEST

START_TEST(every_instruction_set_and_thread_number_gives_the_same_bits) {
    use_xor(LYAP_TANH, 60, 16);
    plan.spectrum.base.precision = _i % 2 ? LYAP_FLOAT32 : LYAP_FLOAT64;
    plan.spectrum.base.starts = 3;
    plan.kind = (enum lyap_orbit_kind)(_i / 2);
    sweep("lr", 0.5, 8, 12);
    run_diagram(&diagram);
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
        if (!HAS_ISA(isa)) continue;
        plan.spectrum.base.isa = (enum lyap_isa)isa;
        plan.spectrum.base.threads = 1 + isa;
        run_diagram(&other);
        ck_assert_uint_eq(other.digest, diagram.digest);
    }
}
END_TEST

/* Rates to 4 have cells that settle and cells that do not, whose points are no numbers. */
START_TEST(cells_kept_in_any_pieces_come_back_bit_for_bit) {
    struct lyap_checkpoint *c;
    struct lyap_error error = {0};
    uint64_t first, count;
    char *settings;
    use_xor(LYAP_RELU, 20, 7);
    plan.kind = (enum lyap_orbit_kind)_i;
    plan.spectrum.base.starts = 3;
    sweep("lr", 0.01, 4, 17);
    run_diagram(&diagram);
    const struct lyap_experiment e = lyap_bifurcation_experiment(&plan, take, &other);
    ck_assert_int_eq(lyap_experiment_settings(&e, NULL, &settings, NULL), LYAP_OK);
    const struct lyap_checkpoint_head head = {
        .settings = settings, .cells = 51, .count = 51, .shard = 1, .shards = 1, .parts = 1};
    remove_tree(scratch("kept"));
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("kept"), &head, NULL), LYAP_OK);
    for (uint64_t most = 1; lyap_checkpoint_missing(c, 0, &first, &count); most = most * 3 % 31)
        ck_assert_int_eq(lyap_checkpoint_run(c, 0, &e, first, count < most ? count : most, NULL), LYAP_OK);
    lyap_checkpoint_close(c);
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("kept"), NULL, NULL), LYAP_OK);
    other.cells = 0;
    other.digest = LYAP_DIGEST_START;
    enum lyap_status status = lyap_checkpoint_replay(c, 0, &e, &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    ck_assert_uint_eq(other.cells, 51);
    ck_assert_uint_eq(other.digest, diagram.digest);
    ck_assert_mem_eq(other.orbit, diagram.orbit, 51 * lyap_orbit_points(&plan) * diagram.columns * sizeof(double));
    size_t bare = 0;
    for (size_t i = 0; i < 51; i++) {
        ck_assert_uint_eq(other.cell[i].period, diagram.cell[i].period);
        bare += diagram.cell[i].points == 0;
    }
    ck_assert_uint_gt(bare, 0);
    ck_assert_uint_lt(bare, 51);
    lyap_checkpoint_close(c);
    free(settings);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(dead_cells_have_no_points) {
    static const double start[] = {-1, -1, -1, -1, -1, -1, 1, 1, -1};
    use_xor(LYAP_RELU, 10, 4);
    plan.spectrum.base.weights = start;
    sweep("lr", 0.1, 1, 3);
    run_diagram(&diagram);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(diagram.cell[i].regime, LYAP_DEAD_REGIME);
        ck_assert_uint_eq(diagram.cell[i].points, 0);
        ck_assert_uint_eq(diagram.cell[i].period, 0);
    }
}
END_TEST

static void no_points(void) {
    plan.spectrum.transient = 100;
}
static void no_values(void) {
    plan.values = 0;
}
static void wrong_weight(void) {
    static const size_t which[] = {8, 9};
    plan.which = which;
    plan.columns = 2;
}
static void wrong_output(void) {
    static const size_t which[] = {4};
    plan.kind = LYAP_ORBIT_OUTPUTS;
    plan.which = which;
    plan.columns = 1;
}
static void no_column(void) {
    static const size_t which[] = {4};
    plan.which = which;
}
static void wrong_method(void) {
    plan.spectrum.method = LYAP_RESCALED;
}
static void wrong_axis(void) {
    plan.over.low = 9;
}
static void wrong_tolerance(void) {
    plan.spectrum.tolerance = NAN;
}
static void several_settings(void) {
    plan.spectrum.base.count = 3;
}
static void too_close(void) {
    plan.spectrum.base.precision = LYAP_FLOAT32;
    plan.over.high = plan.over.low * (1 + 1e-7);
}
static const struct {
    void (*change)(void);
    const char *word;
} wrong[] = {{no_points, "transient 100: must be below the number of steps"},
             {no_values, "values 0"},
             {wrong_weight, "number 9 of the weights: there are 9"},
             {wrong_output, "number 4 of the outputs: there are 4"},
             {no_column, "columns 0"},
             {wrong_method, "tangent"},
             {wrong_axis, "low end"},
             {wrong_tolerance, "tolerance"},
             {several_settings, "one setting"},
             {too_close, "values are too close for float32"}};

START_TEST(a_plan_out_of_range_is_refused_with_the_reason) {
    struct lyap_error error = {0};
    use_xor(LYAP_TANH, 40, 60);
    sweep("lr", 1, 4, 16);
    wrong[_i].change();
    diagram.cells = 0;
    ck_assert_int_eq(lyap_bifurcation_run(&plan, take, &diagram, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, wrong[_i].word) != NULL, "'%s' not in: %s", wrong[_i].word, error.message);
    ck_assert_uint_eq(diagram.cells, 0);
}
END_TEST

START_TEST(points_beyond_the_machines_memory_are_refused_before_the_run) {
    struct lyap_error error = {0};
    use_xor(LYAP_TANH, 0, INT32_MAX);
    sweep("lr", 1, 4, 16);
    diagram.cells = 0;
    ck_assert_int_eq(lyap_bifurcation_run(&plan, take, &diagram, &error), LYAP_ERROR_MEMORY);
    ck_assert_msg(strstr(error.message, "points 2147483647: of 9 numbers") != NULL, "%s", error.message);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("bifurcation");
    TCase *tc = tcase_create("bifurcation");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, linear_regression_has_one_fixed_point_below_two_over_h_and_diverges_beyond);
    tcase_add_test(tc, points_and_losses_are_those_of_the_geometric_decay);
    tcase_add_test(tc, at_two_over_h_the_weight_has_period_two_and_exponent_zero);
    tcase_add_test(tc, a_sine_unit_goes_from_its_fixed_point_to_the_cycle_that_theory_gives);
    tcase_add_loop_test(tc, points_are_the_last_weights_of_shorter_runs_and_the_exponent_is_that_of_the_spectrum, 0, 8);
    tcase_add_test(tc, outputs_and_losses_are_those_of_the_weights);
    tcase_add_test(tc, chosen_numbers_are_those_of_all);
    tcase_add_test(tc, orbits_of_a_list_of_settings_are_those_of_the_diagram_with_these_values);
    tcase_add_loop_test(tc, an_orbit_out_of_range_is_refused_with_the_reason, 0,
                        (int)(sizeof wrong_orbits / sizeof *wrong_orbits));
    tcase_add_loop_test(tc, a_column_has_the_value_and_exponent_of_the_maps_pixel, 0, 5);
    tcase_add_loop_test(tc, every_instruction_set_and_thread_number_gives_the_same_bits, 0, 6);
    tcase_add_loop_test(tc, cells_kept_in_any_pieces_come_back_bit_for_bit, 0, 3);
    tcase_add_test(tc, dead_cells_have_no_points);
    tcase_add_loop_test(tc, a_plan_out_of_range_is_refused_with_the_reason, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(tc, points_beyond_the_machines_memory_are_refused_before_the_run);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
