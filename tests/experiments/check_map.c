/* Maps: which pixels of a linear regression converge is known; a pixel is the run at its setting; the same bits everywhere; and the
 * dimension of sets that have a known one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/box_count.h"
#include "tests/check.h"
#include "tests/collect_spectrum.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/dataset.h"
#include "tests/support.h"
#include "lyapgrad/map.h"

enum { MOST_PIXELS = 4096 };

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_map_plan map;
static double start[64];

struct picture {
    size_t cells;
    struct lyap_map_pixel pixels[MOST_PIXELS];
    struct lyap_spectrum_record records[MOST_PIXELS];
    struct lyap_exponent lambda[MOST_PIXELS];
    uint64_t digest;
};
static struct picture picture, other;

static enum lyap_status collect(const struct lyap_map_chunk *c, void *context, struct lyap_error *error) {
    struct picture *p = context;
    (void)error;
    ck_assert_uint_eq(c->first_cell, p->cells);
    ck_assert_uint_le(p->cells + c->count, MOST_PIXELS);
    memcpy(p->pixels + p->cells, c->pixels, c->count * sizeof *c->pixels);
    memcpy(p->records + p->cells, c->spectrum->records, c->count * sizeof *p->records);
    memcpy(p->lambda + p->cells, c->spectrum->lambda, c->count * sizeof *p->lambda);
    p->digest = lyap_map_digest(p->digest, c);
    p->cells += c->count;
    return LYAP_OK;
}

static void run_map(struct picture *p) {
    struct lyap_error error = {0};
    p->cells = 0;
    p->digest = LYAP_DIGEST_START;
    enum lyap_status status = lyap_map_run(&map, collect, p, &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    ck_assert_uint_eq(p->cells, map.width * map.height);
}

static void use(const char *shape, enum lyap_activation activation, uint32_t steps, size_t width, size_t height) {
    ck_assert_int_eq(lyap_network_init(&net, shape, activation, activation, LYAP_MSE, NULL), LYAP_OK);
    lyap_map_defaults(&map, &net, &data);
    ck_assert_int_eq(lyap_isa_select(NULL, &map.spectrum.base.isa, NULL), LYAP_OK);
    map.spectrum.base.setting.epochs = steps;
    map.width = width;
    map.height = height;
}

static void set_axis(struct lyap_sweep_axis *axis, const char *name, double low, double high, bool logarithmic) {
    *axis = (struct lyap_sweep_axis){.low = low, .high = high, .logarithmic = logarithmic};
    ck_assert_int_eq(lyap_axis_parse(axis, name, NULL), LYAP_OK);
    char text[16];
    ck_assert_str_eq(lyap_axis_name(axis, text, sizeof text), name);
}

/* y = x at -1 and 1, from w = -3, b = 0: the loss is (w - 1)^2, its second derivative h = 2, and b stays 0. */
static void use_regression(size_t width, size_t height) {
    static double x[] = {-1, 1}, y[] = {-1, 1};
    data = (struct lyap_dataset){.samples = 2, .inputs = 1, .outputs = 1, .x = x, .y = y};
    start[0] = -3;
    start[1] = 0;
    use("1-1", LYAP_LINEAR, 500, width, height);
    map.spectrum.base.weights = start;
}

static void use_xor(const char *shape, enum lyap_activation activation, uint32_t steps, size_t width, size_t height) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    use(shape, activation, steps, width, height);
}

START_TEST(linear_regression_converges_exactly_where_the_step_contracts) {
    use_regression(64, 4);
    set_axis(&map.x, _i ? "lr1" : "lr", 0, 2, false);
    set_axis(&map.y, "init-scale", 2, 3, false);
    run_map(&picture);
    for (size_t i = 0; i < picture.cells; i++) {
        const struct lyap_map_pixel *p = &picture.pixels[i];
        double step = 1 - 2 * p->x;
        ck_assert_double_eq(p->x, (double)(2 * p->column + 1) / 64);
        ck_assert_double_eq(p->initial_loss, (-3 * p->y - 1) * (-3 * p->y - 1));
        ck_assert_int_eq(p->converged, fabs(step) < 1);
        ck_assert_int_eq(p->regime == LYAP_DIVERGED, fabs(step) > 1.02);
        if (p->regime == LYAP_DIVERGED && p->x > 1.5) continue; /* too fast for an exponent */
        ck_assert(p->defined);
        ck_assert_double_eq_tol(p->lambda, log(fabs(step)), 1e-12);
    }
}
END_TEST

START_TEST(heavy_ball_converges_where_the_rate_is_below_two_one_plus_mu_over_h) {
    use_regression(32, 16);
    lyap_optimiser_defaults(&map.spectrum.base.optimiser, LYAP_MOMENTUM);
    set_axis(&map.x, "lr", 0, 2, false);
    set_axis(&map.y, "momentum", 0, 0.9, false);
    run_map(&picture);
    size_t inside = 0;
    for (size_t i = 0; i < picture.cells; i++) {
        const struct lyap_map_pixel *p = &picture.pixels[i];
        if (fabs(p->x - (1 + p->y)) < 0.02) continue;
        ck_assert_int_eq(p->converged, p->x < 1 + p->y);
        inside += p->converged;
    }
    ck_assert_uint_gt(inside, 100);
    ck_assert_uint_lt(inside, picture.cells - 50);
}
END_TEST

START_TEST(weight_decay_adds_to_the_curvature) {
    use_regression(32, 16);
    set_axis(&map.x, "lr", 0, 2, false);
    set_axis(&map.y, "weight-decay", 0, 2, false);
    run_map(&picture);
    for (size_t i = 0; i < picture.cells; i++) {
        const struct lyap_map_pixel *p = &picture.pixels[i];
        double step = fabs(1 - p->x * (2 + p->y));
        if (p->defined || step < 2) ck_assert_double_eq_tol(p->lambda, log(step), 1e-9);
        if (step < 1 || step > 1.01) ck_assert_int_eq(p->converged, step < 1);
    }
}
END_TEST

START_TEST(steps_to_a_target_are_those_of_the_geometric_decay) {
    use_regression(64, 1);
    set_axis(&map.x, "lr", 0, 2, false);
    set_axis(&map.y, "init-scale", 0.9, 1.1, false);
    map.spectrum.target = 1e-6;
    run_map(&picture);
    for (size_t i = 0; i < picture.cells; i++) {
        const struct lyap_map_pixel *p = &picture.pixels[i];
        double step = fabs(1 - 2 * p->x), steps = (log(1e-6) - log(16)) / (2 * log(step));
        if (step > 1 || steps > 499)
            ck_assert_int_eq(p->steps_to_target, -1);
        else
            ck_assert_int_eq(p->steps_to_target, (int64_t)ceil(steps));
    }
}
END_TEST

/* Everything but the cell's number, which a run on its own has not. */
static uint64_t pixel_digest(struct lyap_spectrum_record record, const struct lyap_exponent *lambda) {
    record.cell = record.value = 0;
    return lyap_digest_spectrum(LYAP_DIGEST_START, &record, lambda, 1);
}

/* Runs every pixel as a spectrum run on its own, whose plan `set` changes. */
static void expect_single_runs(void (*set)(struct lyap_spectrum_plan *plan, double *weights, double x, double y)) {
    size_t parameters = lyap_network_parameters(&net);
    double drawn[2 * 64], weights[64];
    run_map(&picture);
    struct lyap_plan one = map.spectrum.base;
    one.neighbours = 1;
    ck_assert_int_eq(lyap_ensemble_initial(&one, 0, 1, drawn, NULL), LYAP_OK);
    for (size_t i = 0; i < picture.cells; i++) {
        struct lyap_spectrum_plan plan = map.spectrum;
        memcpy(weights, drawn, parameters * sizeof *weights);
        set(&plan, weights, picture.pixels[i].x, picture.pixels[i].y);
        plan.base.weights = weights;
        struct spectra s = run_spectra(&plan);
        ck_assert_msg(pixel_digest(picture.records[i], &picture.lambda[i]) == pixel_digest(s.records[0], s.lambda),
                      "pixel %zu: %.17g, alone %.17g", i, picture.lambda[i].lambda, s.lambda[0].lambda);
        spectra_free(&s);
    }
}

static void set_lr_and_scale(struct lyap_spectrum_plan *plan, double *weights, double x, double y) {
    plan->base.setting.lr = x;
    for (size_t p = 0; p < lyap_network_parameters(&net); p++) weights[p] *= y;
}

static void set_layer_rates(struct lyap_spectrum_plan *plan, double *weights, double x, double y) {
    (void)weights;
    plan->base.setting.lr = 1;
    plan->base.optimiser.layer_rate[0] = x;
    plan->base.optimiser.layer_rate[1] = y;
}

static void set_momentum_and_decay(struct lyap_spectrum_plan *plan, double *weights, double x, double y) {
    (void)weights;
    plan->base.optimiser.momentum = x;
    plan->base.optimiser.weight_decay = y;
}

static void set_directions(struct lyap_spectrum_plan *plan, double *weights, double x, double y) {
    size_t parameters = lyap_network_parameters(&net);
    double d[2 * 64];
    lyap_axis_directions(plan->base.seed, parameters, d);
    for (size_t p = 0; p < parameters; p++) weights[p] = fma(y, d[parameters + p], fma(x, d[p], weights[p]));
}

START_TEST(a_pixel_is_the_run_at_its_setting_bit_by_bit) {
    enum lyap_precision precision = _i % 2 ? LYAP_FLOAT32 : LYAP_FLOAT64;
    use_xor("2-2-1", LYAP_SIGMOID, 150, 7, 5);
    map.spectrum.base.precision = precision;
    switch (_i / 2) {
    case 0:
        set_axis(&map.x, "lr", 0.1, 100, true);
        set_axis(&map.y, "init-scale", 0.5, 8, false);
        expect_single_runs(set_lr_and_scale);
        break;
    case 1:
        set_axis(&map.x, "lr1", 0.1, 100, true);
        set_axis(&map.y, "lr2", 0.1, 100, true);
        expect_single_runs(set_layer_rates);
        break;
    case 2: /* the first layer's rate is the common one */
        set_axis(&map.x, "lr", 0.1, 100, true);
        set_axis(&map.y, "lr2", 0.1, 100, true);
        expect_single_runs(set_layer_rates);
        break;
    case 3:
        map.spectrum.base.setting.lr = 0.5;
        lyap_optimiser_defaults(&map.spectrum.base.optimiser, LYAP_NESTEROV);
        set_axis(&map.x, "momentum", 0, 1, false);
        set_axis(&map.y, "weight-decay", 1e-4, 1, true);
        expect_single_runs(set_momentum_and_decay);
        break;
    default:
        map.spectrum.base.setting.lr = 5;
        set_axis(&map.x, "d1", -4, 4, false);
        set_axis(&map.y, "d2", -4, 4, false);
        expect_single_runs(set_directions);
    }
}
END_TEST

START_TEST(a_zoom_shows_the_same_pixels) {
    use_xor("2-2-1", LYAP_TANH, 200, 16, 8);
    set_axis(&map.x, "lr", 0, 16, false);
    set_axis(&map.y, "init-scale", -4, 4, false);
    run_map(&picture);
    size_t width = map.width;
    map.width = 8;
    map.height = 4;
    map.x.low = 4, map.x.high = 12;
    map.y.low = -2, map.y.high = 2;
    run_map(&other);
    for (size_t row = 0; row < 4; row++)
        for (size_t column = 0; column < 8; column++) {
            size_t big = (row + 2) * width + column + 4, small = row * 8 + column;
            ck_assert_double_eq(picture.pixels[big].x, other.pixels[small].x);
            ck_assert_double_eq(picture.pixels[big].y, other.pixels[small].y);
            ck_assert_uint_eq(pixel_digest(picture.records[big], &picture.lambda[big]),
                              pixel_digest(other.records[small], &other.lambda[small]));
        }
}
END_TEST

START_TEST(every_instruction_set_and_thread_number_gives_the_same_bits) {
    use_xor("2-3-1", LYAP_TANH, 100, 13, 7);
    set_axis(&map.x, _i ? "lr1" : "lr", 0.1, 1000, true);
    set_axis(&map.y, _i ? "d2" : "weight-decay", 0.001, 2, false);
    map.spectrum.target = 0.2;
    run_map(&picture);
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
        if (!HAS_ISA(isa)) continue;
        map.spectrum.base.isa = (enum lyap_isa)isa;
        map.spectrum.base.threads = 1 + isa;
        run_map(&other);
        ck_assert_uint_eq(other.digest, picture.digest);
    }
}
END_TEST

START_TEST(pixels_kept_in_any_pieces_come_back_bit_for_bit) {
    struct lyap_checkpoint *c;
    uint64_t first, count;
    char *settings;
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    use("2-2-1", LYAP_TANH, 60, 13, 7);
    map.spectrum.target = 0.2;
    set_axis(&map.x, "lr", 0.1, 30, true);
    set_axis(&map.y, "d1", -3, 3, false);
    run_map(&picture);
    const struct lyap_experiment e = lyap_map_experiment(&map, collect, &other);
    ck_assert_int_eq(lyap_experiment_settings(&e, NULL, &settings, NULL), LYAP_OK);
    const struct lyap_checkpoint_head head = {
        .settings = settings, .cells = 91, .count = 91, .shard = 1, .shards = 1, .parts = 1};
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("kept"), &head, NULL), LYAP_OK);
    for (uint64_t most = 1; lyap_checkpoint_missing(c, 0, &first, &count); most = most * 3 % 31)
        ck_assert_int_eq(lyap_checkpoint_run(c, 0, &e, first, count < most ? count : most, NULL), LYAP_OK);
    lyap_checkpoint_close(c);
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("kept"), NULL, NULL), LYAP_OK);
    other.cells = 0;
    other.digest = LYAP_DIGEST_START;
    ck_assert_int_eq(lyap_checkpoint_replay(c, 0, &e, NULL), LYAP_OK);
    ck_assert_uint_eq(other.cells, 91);
    ck_assert_uint_eq(other.digest, picture.digest);
    size_t reached = 0;
    for (size_t i = 0; i < 91; i++) {
        const struct lyap_map_pixel *one = &picture.pixels[i], *kept = &other.pixels[i];
        ck_assert_uint_eq(kept->column, i % 13);
        ck_assert_uint_eq(kept->row, i / 13);
        ck_assert_int_eq(kept->converged, one->converged);
        ck_assert_int_eq(kept->steps_to_target, one->steps_to_target);
        reached += one->steps_to_target >= 0;
    }
    ck_assert_uint_gt(reached, 0);
    ck_assert_uint_lt(reached, 91);
    lyap_checkpoint_close(c);
    free(settings);
    lyap_dataset_free(&data);
}
END_TEST

START_TEST(directions_are_orthonormal_and_of_the_seed) {
    static double d[2 * 1000], e[2 * 1000];
    double product[3] = {0};
    lyap_axis_directions(7, 1000, d);
    lyap_axis_directions(8, 1000, e);
    for (size_t i = 0; i < 1000; i++) {
        product[0] += d[i] * d[i];
        product[1] += d[1000 + i] * d[1000 + i];
        product[2] += d[i] * d[1000 + i];
    }
    ck_assert_double_eq_tol(product[0], 1, 1e-14);
    ck_assert_double_eq_tol(product[1], 1, 1e-14);
    ck_assert_double_eq_tol(product[2], 0, 1e-15);
    ck_assert_double_ne(d[0], e[0]);
}
END_TEST

static const struct {
    const char *x, *y;
    double low, high;
    bool logarithmic;
    size_t width;
    const char *word;
} wrong[] = {
    {"lr", "lr", 1, 2, false, 4, "both axes"},
    {"lr", "lr1", 2, 1, false, 4, "low end"},
    {"lr", "lr1", -1, 1, false, 4, "must lie in"},
    {"lr", "lr1", 0, 1, true, 4, "logarithmic"},
    {"lr3", "lr1", 1, 2, false, 4, "has 2 layers"},
    {"momentum", "lr", 0, 0.5, false, 4, "momentum and nesterov"},
    {"lr", "lr1", 1, 1.0000001, false, 16, "too close for float32"},
    {"lr", "lr1", 1, 2, false, 0, "resolution"},
};

START_TEST(a_plan_out_of_range_is_refused_with_the_reason) {
    struct lyap_error error = {0};
    use_xor("2-2-1", LYAP_TANH, 10, wrong[_i].width, 2);
    map.spectrum.base.precision = LYAP_FLOAT32;
    set_axis(&map.x, wrong[_i].x, wrong[_i].low, wrong[_i].high, wrong[_i].logarithmic);
    set_axis(&map.y, wrong[_i].y, 1, 2, false);
    ck_assert_int_eq(lyap_map_run(&map, collect, &picture, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, wrong[_i].word) != NULL, "'%s' not in: %s", wrong[_i].word, error.message);
}
END_TEST

enum { SIDE = 512 };
static unsigned char drawn[729 * 729], edge[729 * 729];

static struct lyap_boxcount count(const unsigned char *marked, size_t width, size_t height) {
    struct lyap_boxcount c;
    ck_assert_int_eq(lyap_boxcount(&c, marked, width, height, NULL), LYAP_OK);
    return c;
}

START_TEST(boxes_give_a_line_one_a_square_two_and_a_gasket_its_dimension) {
    double gasket = log(3) / log(2);
    for (size_t i = 0; i < SIDE * SIDE; i++) drawn[i] = i / SIDE == 200;
    struct lyap_boxcount c = count(drawn, SIDE, SIDE);
    ck_assert(c.defined);
    ck_assert_uint_eq(c.sizes, 10);
    ck_assert_uint_eq(c.boxes[0], 512);
    ck_assert_uint_eq(c.boxes[9], 1);
    ck_assert_uint_eq(c.last, 64);
    ck_assert_double_eq_tol(c.dimension, 1, 1e-12);
    ck_assert_double_eq_tol(c.error, 0, 1e-7);
    for (size_t i = 0; i < SIDE * SIDE; i++) drawn[i] = i / SIDE == i % SIDE;
    ck_assert_double_eq_tol(count(drawn, SIDE, SIDE).dimension, 1, 1e-12);
    for (size_t i = 0; i < SIDE * SIDE; i++) drawn[i] = 1;
    ck_assert_double_eq_tol(count(drawn, SIDE, SIDE).dimension, 2, 1e-12);
    for (size_t i = 0; i < SIDE * SIDE; i++) drawn[i] = (i / SIDE & i % SIDE) == 0; /* Pascal's triangle mod 2 */
    ck_assert_double_eq_tol(count(drawn, SIDE, SIDE).dimension, gasket, 1e-12);
}
END_TEST

/* Boxes of powers of two do not fit a carpet of thirds; where they lie costs more than the fit's error says. */
START_TEST(a_carpet_that_fits_no_box_is_near_its_dimension) {
    const size_t side = 729;
    for (size_t i = 0; i < side * side; i++) {
        drawn[i] = 1;
        for (size_t row = i / side, column = i % side; row || column; row /= 3, column /= 3)
            if (row % 3 == 1 && column % 3 == 1) drawn[i] = 0;
    }
    struct lyap_boxcount c = count(drawn, side, side);
    ck_assert(c.defined);
    ck_assert_double_gt(c.error, 0);
    ck_assert_double_lt(c.error, 0.05);
    ck_assert_double_eq_tol(c.dimension, log(8) / log(3), 0.06);
}
END_TEST

START_TEST(a_boundary_is_a_line_and_the_pictures_edge_is_none) {
    for (size_t i = 0; i < SIDE * SIDE; i++) drawn[i] = 1;
    lyap_boundary(drawn, SIDE, SIDE, edge);
    ck_assert(!count(edge, SIDE, SIDE).defined);
    for (size_t i = 0; i < SIDE * SIDE; i++) drawn[i] = i % SIDE < 100;
    lyap_boundary(drawn, SIDE, SIDE, edge);
    for (size_t i = 0; i < SIDE * SIDE; i++) ck_assert_int_eq(edge[i], i % SIDE == 99);
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        double x = (double)(i % SIDE) - 255.5, y = (double)(i / SIDE) - 255.5;
        drawn[i] = x * x + y * y < 200 * 200;
    }
    lyap_boundary(drawn, SIDE, SIDE, edge);
    struct lyap_boxcount c = count(edge, SIDE, SIDE);
    ck_assert_double_eq_tol(c.dimension, 1, 0.03);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("map");
    TCase *tc = tcase_create("map");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, linear_regression_converges_exactly_where_the_step_contracts, 0, 2);
    tcase_add_test(tc, heavy_ball_converges_where_the_rate_is_below_two_one_plus_mu_over_h);
    tcase_add_test(tc, weight_decay_adds_to_the_curvature);
    tcase_add_test(tc, steps_to_a_target_are_those_of_the_geometric_decay);
    tcase_add_loop_test(tc, a_pixel_is_the_run_at_its_setting_bit_by_bit, 0, 10);
    tcase_add_test(tc, a_zoom_shows_the_same_pixels);
    tcase_add_loop_test(tc, every_instruction_set_and_thread_number_gives_the_same_bits, 0, 2);
    tcase_add_test(tc, pixels_kept_in_any_pieces_come_back_bit_for_bit);
    tcase_add_test(tc, directions_are_orthonormal_and_of_the_seed);
    tcase_add_loop_test(tc, a_plan_out_of_range_is_refused_with_the_reason, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(tc, boxes_give_a_line_one_a_square_two_and_a_gasket_its_dimension);
    tcase_add_test(tc, a_carpet_that_fits_no_box_is_near_its_dimension);
    tcase_add_test(tc, a_boundary_is_a_line_and_the_pictures_edge_is_none);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
