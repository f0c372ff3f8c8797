/* Generated data: what each generator promises, from its formulas, and its golden bits. */
#include <math.h>

#include "lyapgrad/dataset.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/random.h"
#include "bench/reference/reference.h"
#include "lyapgrad/version.h"
#include "tests/support.h"

static const double pi = 3.14159265358979323846;
static struct lyap_dataset data;
static struct lyap_error error;

static void make(const char *text, uint64_t seed) {
    lyap_dataset_free(&data);
    ck_assert_msg(lyap_dataset_parse(&data, text, 1, seed, &error) == LYAP_OK, "%s", error.message);
}

static double uniform(uint64_t seed, uint64_t cell, uint64_t index) {
    double u;
    lyap_random_uniform(seed, LYAP_STREAM_DATA, cell, index, 1, &u);
    return u;
}

static double normal(uint64_t seed, uint64_t cell, uint64_t index) {
    double n;
    lyap_random_normal(seed, LYAP_STREAM_DATA, cell, index, 1, &n);
    return n;
}

START_TEST(parity_has_every_pattern_once) {
    for (int bits = 1; bits <= 10; bits++) {
        char text[16];
        double ones = 0;
        snprintf(text, sizeof text, "parity:%d", bits);
        make(text, 1);
        ck_assert_uint_eq(data.samples, (size_t)1 << bits);
        ck_assert_uint_eq(data.inputs, (size_t)bits);
        for (size_t s = 0; s < data.samples; s++) {
            size_t pattern = 0, count = 0;
            for (size_t i = 0; i < data.inputs; i++) {
                double x = data.x[s * data.inputs + i];
                ck_assert(x == 0 || x == 1);
                pattern = 2 * pattern + (size_t)x;
                count += (size_t)x;
            }
            ck_assert_uint_eq(pattern, s);
            ck_assert_double_eq(data.y[s], (double)(count % 2));
            ones += data.y[s];
        }
        ck_assert_double_eq(ones, (double)data.samples / 2);
    }
    struct lyap_dataset corners;
    make("parity:2", 1);
    ck_assert_int_eq(lyap_dataset_xor(&corners, NULL), LYAP_OK);
    ck_assert_mem_eq(data.x, corners.x, 8 * sizeof *corners.x);
    ck_assert_mem_eq(data.y, corners.y, 4 * sizeof *corners.y);
    lyap_dataset_free(&corners);
}
END_TEST

START_TEST(circles_have_radius_one_and_a_half) {
    make("circles:1000,0", 3);
    for (size_t s = 0; s < 1000; s++) {
        const double *x = data.x + 2 * s;
        ck_assert_double_eq(data.y[s], (double)(s % 2));
        ck_assert_double_eq_tol(hypot(x[0], x[1]), s % 2 ? 0.5 : 1, 4e-16);
        double turn = atan2(x[1], x[0]) / (2 * pi), u = uniform(3, s, 0);
        ck_assert_double_eq_tol(turn < 0 ? turn + 1 : turn, u, 1e-15);
    }
}
END_TEST

START_TEST(spirals_make_three_turns_half_a_turn_apart) {
    double least = 2, largest = 0;
    make("spirals:2000,0", 4);
    for (size_t s = 0; s < 2000; s++) {
        const double *x = data.x + 2 * s;
        double u = uniform(4, s, 0), radius = (1 + 12 * u) / 13, angle = 6 * pi * u + pi * (double)(s % 2);
        ck_assert_double_eq(data.y[s], (double)(s % 2));
        ck_assert_double_eq_tol(hypot(x[0], x[1]), radius, 4e-16);
        ck_assert_double_eq_tol(x[0], radius * cos(angle), 1e-14);
        ck_assert_double_eq_tol(x[1], radius * sin(angle), 1e-14);
        least = fmin(least, radius);
        largest = fmax(largest, radius);
    }
    ck_assert(least >= 1.0 / 13 && least < 0.08 && largest < 1 && largest > 0.99);
}
END_TEST

START_TEST(moons_are_half_circles_about_their_centres) {
    make("moons:1000,0", 5);
    for (size_t s = 0; s < 1000; s++) {
        const double *x = data.x + 2 * s;
        bool lower = s % 2;
        ck_assert_double_eq(data.y[s], lower);
        ck_assert_double_eq_tol(hypot(x[0] - (lower ? 1 : 0), x[1] - (lower ? 0.5 : 0)), 1, 1e-15);
        ck_assert(lower ? x[1] <= 0.5 : x[1] >= 0);
        ck_assert_double_eq_tol(lower ? 1 - x[0] : x[0], cos(pi * uniform(5, s, 0)), 1e-15);
    }
}
END_TEST

/* The noise is that of the draws 2 and 3, whatever the shape. */
START_TEST(noise_of_the_plane_shapes_is_added_to_the_exact_points) {
    static const char *const names[] = {"circles", "spirals", "moons"};
    for (int i = 0; i < 3; i++) {
        char text[32];
        struct lyap_dataset exact;
        snprintf(text, sizeof text, "%s:99,0", names[i]);
        ck_assert_int_eq(lyap_dataset_parse(&exact, text, 1, 6, NULL), LYAP_OK);
        snprintf(text, sizeof text, "%s:99,0.25", names[i]);
        make(text, 6);
        for (size_t s = 0; s < 99; s++)
            for (size_t k = 0; k < 2; k++) {
                double product = 0.25 * normal(6, s, 2 + k);
                ck_assert_double_eq(data.x[2 * s + k], exact.x[2 * s + k] + product);
            }
        lyap_dataset_free(&exact);
    }
}
END_TEST

START_TEST(blobs_lie_round_their_centres_with_one_hot_targets) {
    enum { SAMPLES = 30001, CLASSES = 3, DIMENSIONS = 2 };
    double sum[CLASSES][DIMENSIONS] = {{0}}, squares = 0, count[CLASSES] = {0};
    make("blobs:30001,3,2,0.2", 7);
    ck_assert_uint_eq(data.inputs, DIMENSIONS);
    ck_assert_uint_eq(data.outputs, CLASSES);
    for (size_t s = 0; s < SAMPLES; s++) {
        for (size_t k = 0; k < CLASSES; k++) {
            ck_assert_double_eq(data.y[s * CLASSES + k], s % CLASSES == k ? 1 : 0);
            count[k] += data.y[s * CLASSES + k];
        }
        for (size_t i = 0; i < DIMENSIONS; i++) {
            double centre = 2 * uniform(7, (UINT64_C(1) << 40) + 1, s % CLASSES * DIMENSIONS + i) - 1;
            ck_assert(centre >= -1 && centre < 1);
            double offset = data.x[s * DIMENSIONS + i] - centre;
            sum[s % CLASSES][i] += offset;
            squares += offset * offset;
            ck_assert_double_eq_tol(offset, 0.2 * normal(7, s, i), 1e-15);
        }
    }
    for (int k = 0; k < CLASSES; k++) {
        ck_assert(fabs(count[k] - SAMPLES / 3.0) < 1);
        for (int i = 0; i < DIMENSIONS; i++) ck_assert_double_eq_tol(sum[k][i] / count[k], 0, 5 * 0.2 / 100);
    }
    ck_assert_double_eq_tol(sqrt(squares / (SAMPLES * DIMENSIONS)), 0.2, 5 * 0.2 / sqrt(2.0 * SAMPLES * DIMENSIONS));
    make("blobs:6,3,2,0", 7); /* without noise: the centres, again and again */
    ck_assert_mem_eq(data.x, data.x + 6, 6 * sizeof *data.x);
}
END_TEST

/* The digits are told apart by eye in `glyphs:10,0`; here their shapes are asserted by what does not depend on shift and size. */
START_TEST(glyphs_without_noise_are_images_of_ten_characters) {
    enum { SAMPLES = 500, PIXELS = 64, CLASSES = 10 };
    make("glyphs:500,0", 7);
    ck_assert_uint_eq(data.samples, SAMPLES);
    ck_assert_uint_eq(data.inputs, PIXELS);
    ck_assert_uint_eq(data.outputs, CLASSES);
    double count[CLASSES] = {0}, mean[CLASSES][PIXELS] = {{0}};
    for (size_t s = 0; s < SAMPLES; s++) {
        double most = 0, contrast = 0.6 + 0.4 * uniform(7, s, 3);
        for (size_t i = 0; i < PIXELS; i++) {
            double x = data.x[s * PIXELS + i];
            ck_assert(x >= 0 && x <= contrast);
            most = fmax(most, x);
            mean[s % CLASSES][i] += x / (SAMPLES / CLASSES);
        }
        ck_assert_double_gt(most, 0.5 * contrast);
        for (size_t k = 0; k < CLASSES; k++) {
            ck_assert_double_eq(data.y[s * CLASSES + k], s % CLASSES == k ? 1 : 0);
            count[k] += data.y[s * CLASSES + k];
        }
    }
    for (size_t k = 0; k < CLASSES; k++) ck_assert_double_eq(count[k], SAMPLES / CLASSES);
    for (size_t a = 0; a < CLASSES; a++) /* no two classes look alike */
        for (size_t b = 0; b < a; b++) {
            double squares = 0;
            for (size_t i = 0; i < PIXELS; i++) squares += (mean[a][i] - mean[b][i]) * (mean[a][i] - mean[b][i]);
            ck_assert_msg(squares > 0.2, "%zu and %zu: %g", a, b, squares);
        }
}
END_TEST

/* The centre of the ink follows the shift, and its spread the size. */
START_TEST(glyphs_follow_their_shift_and_size) {
    enum { SAMPLES = 400, CLASSES = 10 };
    double offset[CLASSES][2] = {{0}}, spread[CLASSES] = {0};
    make("glyphs:400,0", 11);
    for (int pass = 0; pass < 2; pass++)
        for (size_t s = 0; s < SAMPLES; s++) {
            double ink = 0, centre[2] = {0, 0}, squares = 0;
            for (int i = 0; i < 64; i++) {
                double x = data.x[64 * s + (size_t)i];
                ink += x;
                centre[0] += x * (i / 8 - 3.5);
                centre[1] += x * (i % 8 - 3.5);
            }
            double size = 0.8 + 0.3 * uniform(11, s, 2);
            double shift[2] = {2 * uniform(11, s, 0) - 1, 2 * uniform(11, s, 1) - 1};
            for (int i = 0; i < 64; i++) {
                double down = i / 8 - 3.5 - centre[0] / ink, right = i % 8 - 3.5 - centre[1] / ink;
                squares += data.x[64 * s + (size_t)i] / ink * (down * down + right * right);
            }
            for (int k = 0; k < 2; k++) {
                double own = (centre[k] / ink - shift[k]) / size; /* of the character itself */
                if (pass == 0)
                    offset[s % CLASSES][k] += own / (SAMPLES / CLASSES);
                else
                    ck_assert_double_eq_tol(own, offset[s % CLASSES][k], 0.3);
            }
            if (pass == 0)
                spread[s % CLASSES] += sqrt(squares) / size / (SAMPLES / CLASSES);
            else
                ck_assert_double_eq_tol(sqrt(squares) / size, spread[s % CLASSES], 0.25);
        }
    for (size_t k = 0; k < CLASSES; k++) ck_assert(spread[k] > 1.2 && spread[k] < 2.6);
}
END_TEST

START_TEST(noise_of_glyphs_is_added_to_the_exact_images) {
    struct lyap_dataset exact;
    ck_assert_int_eq(lyap_dataset_glyphs(&exact, 40, 0, 6, NULL), LYAP_OK);
    make("glyphs:40,0.25", 6);
    for (size_t s = 0; s < 40; s++)
        for (size_t i = 0; i < 64; i++) {
            double product = 0.25 * normal(6, s, 4 + i);
            ck_assert_double_eq(data.x[64 * s + i], exact.x[64 * s + i] + product);
        }
    ck_assert_mem_eq(data.y, exact.y, 400 * sizeof *data.y);
    lyap_dataset_free(&exact);
}
END_TEST

START_TEST(a_linear_teachers_targets_are_its_map_of_the_inputs) {
    enum { INPUTS = 5, OUTPUTS = 3 };
    struct lyap_dataset noisy;
    make("linear-teacher:40,5,3,0", 8);
    ck_assert_int_eq(lyap_dataset_linear_teacher(&noisy, 40, 5, 3, 0.5, 8, NULL), LYAP_OK);
    ck_assert_mem_eq(data.x, noisy.x, 40 * INPUTS * sizeof *data.x);
    for (size_t s = 0; s < 40; s++)
        for (size_t o = 0; o < OUTPUTS; o++) {
            double sum = 0;
            for (size_t i = 0; i < INPUTS; i++) {
                double x = normal(8, s, i), w = normal(8, UINT64_C(1) << 40, i * OUTPUTS + o) / sqrt(5.0);
                ck_assert_double_eq(data.x[s * INPUTS + i], x);
                sum = fma(x, w, sum);
            }
            double noise = 0.5 * normal(8, s, INPUTS + o);
            ck_assert_double_eq(data.y[s * OUTPUTS + o], sum);
            ck_assert_double_eq(noisy.y[s * OUTPUTS + o], sum + noise);
        }
    lyap_dataset_free(&noisy);
}
END_TEST

/* The independent reference evaluates the network of the teacher's weights: its loss on the teacher's data is rounding. */
START_TEST(a_teachers_targets_are_its_networks_outputs) {
    static const char *const shapes[] = {"3-1", "2-8-1", "3-7-5-2", "1-1-1-1-4"};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct lyap_network net;
        char text[32];
        snprintf(text, sizeof text, "teacher:%s,50", shapes[i]);
        make(text, 9);
        ck_assert_int_eq(lyap_network_init(&net, shapes[i], LYAP_TANH, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
        ck_assert_uint_eq(data.inputs, (size_t)net.sizes[0]);
        ck_assert_uint_eq(data.outputs, (size_t)net.sizes[net.layers]);
        size_t parameters = lyap_network_parameters(&net);
        double *w = malloc(parameters * sizeof *w), spread = 0;
        lyap_dataset_teacher_weights(&net, 9, w);
        for (size_t s = 0; s < 50; s++) ck_assert_double_eq(data.x[s * data.inputs], normal(9, s, 0));
        for (size_t k = 0; k < 50 * data.outputs; k++) spread += data.y[k] * data.y[k];
        double loss = lyap_reference_loss(&net, &data, w);
        ck_assert(loss < 1e-29 && spread > 0.1);
        for (int l = 0; l < net.layers; l++) { /* weights and biases alike */
            size_t first = lyap_network_offset(&net, l),
                   end = l + 1 < net.layers ? lyap_network_offset(&net, l + 1) : parameters;
            for (size_t p = first; p < end; p++)
                ck_assert_double_eq(w[p], normal(9, UINT64_C(1) << 40, p) / sqrt((double)net.sizes[l]));
        }
        w[0] += 1e-3;
        ck_assert_double_gt(lyap_reference_loss(&net, &data, w), 1e-12);
        free(w);
    }
}
END_TEST

static uint64_t digest_of(const struct lyap_dataset *d) {
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t i = 0; i < d->samples * d->inputs; i++) digest = lyap_digest_double(digest, d->x[i]);
    for (size_t i = 0; i < d->samples * d->outputs; i++) digest = lyap_digest_double(digest, d->y[i]);
    return digest;
}

/* Of SLEEF 3.5.1, and of those with the same bits, with seed 42, on every machine and compiler. */
static const struct {
    const char *text;
    uint64_t digest;
} golden[] = {
    {"xor", UINT64_C(0x6ac4e4c9f84baec5)},
    {"parity:6", UINT64_C(0x6b0e80f32f1bf325)},
    {"xor-noisy:3,100,0.3", UINT64_C(0x86a8a5c968bd2154)},
    {"circles:101,0.05", UINT64_C(0x9474c8279043e93e)},
    {"spirals:101,0.02", UINT64_C(0x30b939d913f7fa61)},
    {"moons:101,0.1", UINT64_C(0x49b4b52df67b5d8c)},
    {"blobs:101,4,3,0.2", UINT64_C(0xef7cc644104c39f2)},
    {"glyphs:101,0.2", UINT64_C(0x864ae2eb0371add1)},
    {"linear-teacher:101,5,2,0.1", UINT64_C(0xdb48754cb566fd16)},
    {"teacher:3-8-5-2,101", UINT64_C(0xa1194fddc70c316f)},
};

START_TEST(the_bits_are_the_golden_ones) {
    make(golden[_i].text, 42);
    uint64_t digest = digest_of(&data);
    SKIP_UNLESS_RECORDED();
    ck_assert_msg(digest == golden[_i].digest, "%s: %016llx", golden[_i].text, (unsigned long long)digest);
}
END_TEST

START_TEST(another_seed_gives_other_data_and_the_same_seed_the_same) {
    for (size_t i = 2; i < sizeof golden / sizeof *golden; i++) {
        make(golden[i].text, 1);
        uint64_t digest = digest_of(&data);
        make(golden[i].text, 2);
        ck_assert_uint_ne(digest_of(&data), digest);
        make(golden[i].text, 1);
        ck_assert_uint_eq(digest_of(&data), digest);
    }
}
END_TEST

START_TEST(more_samples_begin_with_the_same_ones) {
    static const char *const pairs[][2] = {
        {"circles:20,0.1", "circles:50,0.1"},    {"moons:20,0.1", "moons:50,0.1"},
        {"spirals:20,0.1", "spirals:50,0.1"},    {"blobs:20,4,3,0.2", "blobs:50,4,3,0.2"},
        {"glyphs:20,0.2", "glyphs:50,0.2"},      {"linear-teacher:20,3,2,0.1", "linear-teacher:50,3,2,0.1"},
        {"teacher:3-4-2,20", "teacher:3-4-2,50"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct lyap_dataset few;
        ck_assert_int_eq(lyap_dataset_parse(&few, pairs[i][0], 1, 3, NULL), LYAP_OK);
        make(pairs[i][1], 3);
        ck_assert_mem_eq(few.x, data.x, 20 * few.inputs * sizeof *few.x);
        ck_assert_mem_eq(few.y, data.y, 20 * few.outputs * sizeof *few.y);
        lyap_dataset_free(&few);
    }
}
END_TEST

static const struct {
    const char *text, *message;
} malformed[] = {
    {"parity:", "give parity:BITS with BITS 1 to 20, as in parity:4"},
    {"parity:0", "give parity:BITS"},
    {"parity:21", "give parity:BITS"},
    {"parity:2,1", "give parity:BITS"},
    {"circles:100", "give circles:SAMPLES,NOISE with SAMPLES 1 to 2147483648, NOISE 0 or more, as in circles:200,0.05"},
    {"circles:0,0.1", "give circles:SAMPLES,NOISE"},
    {"circles:10,-0.1", "give circles:SAMPLES,NOISE"},
    {"circles:10,nan", "give circles:SAMPLES,NOISE"},
    {"circles:10,0.1,", "give circles:SAMPLES,NOISE"},
    {"spirals:,", "give spirals:SAMPLES,NOISE"},
    {"moons:10,1e301", "give moons:SAMPLES,NOISE"},
    {"blobs:10,3,2", "give blobs:SAMPLES,CLASSES,DIMENSIONS,SIGMA"},
    {"blobs:10,1,2,0.1", "CLASSES 2 to 1048576"},
    {"blobs:10,3,0,0.1", "DIMENSIONS 1 to 1048576"},
    {"blobs:10,3,1048577,0.1", "DIMENSIONS 1 to 1048576"},
    {"glyphs:10", "give glyphs:SAMPLES,NOISE with SAMPLES 1 to 2147483648, NOISE 0 or more, as in glyphs:500,0.2"},
    {"glyphs:0,0.1", "give glyphs:SAMPLES,NOISE"},
    {"glyphs:10,-0.1", "give glyphs:SAMPLES,NOISE"},
    {"glyphs:10,8,0.1", "give glyphs:SAMPLES,NOISE"},
    {"glyphs:,", "give glyphs:SAMPLES,NOISE"},
    {"linear-teacher:10,0,1,0", "INPUTS and OUTPUTS 1 to 1048576"},
    {"linear-teacher:10,1,1", "give linear-teacher:SAMPLES,INPUTS,OUTPUTS,NOISE"},
    {"teacher:,10", "give teacher:NET,SAMPLES with NET a shape such as 2-8-1"},
    {"teacher:2-8-1", "give teacher:NET,SAMPLES"},
    {"teacher:2-8-1,0", "give teacher:NET,SAMPLES"},
    {"teacher:2-x-1,5", "network '2-x-1'"},
    {"teacher:2,5", "network '2'"},
};

START_TEST(a_malformed_setting_is_answered_with_the_form) {
    struct lyap_dataset none;
    ck_assert_int_eq(lyap_dataset_parse(&none, malformed[_i].text, 1, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, malformed[_i].message) != NULL, "%s", error.message);
    ck_assert_ptr_null(none.x);
}
END_TEST

START_TEST(functions_refuse_settings_out_of_range) {
    struct lyap_dataset d;
    size_t many = ((size_t)1 << 31) + 1, wide = ((size_t)1 << 20) + 1;
    ck_assert_int_eq(lyap_dataset_parity(&d, 0, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_circles(&d, 0, 0, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_spirals(&d, many, 0, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_moons(&d, 1, NAN, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "moons: noise nan; allowed are 0 to 1e+300");
    ck_assert_int_eq(lyap_dataset_blobs(&d, 9, 1, 1, 0, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_blobs(&d, 9, 2, wide, 0, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_blobs(&d, 9, 2, 2, -1, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_glyphs(&d, 0, 0.1, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_glyphs(&d, many, 0.1, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_glyphs(&d, 9, INFINITY, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "glyphs: noise inf; allowed are 0 to 1e+300");
    ck_assert_int_eq(lyap_dataset_linear_teacher(&d, 9, wide, 1, 0, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_linear_teacher(&d, 9, 1, 0, 0, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_teacher(&d, "3", 9, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_teacher(&d, "3-1", 0, 1, NULL), LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(lyap_dataset_linear_teacher(&d, (size_t)1 << 31, 1 << 20, 1 << 20, 0, 1, NULL), LYAP_ERROR_MEMORY);
    ck_assert_int_eq(lyap_dataset_blobs(&d, (size_t)1 << 31, 1 << 20, 1 << 20, 0, 1, NULL), LYAP_ERROR_MEMORY);
    ck_assert_ptr_null(d.x);
}
END_TEST

START_TEST(a_generator_has_its_own_number_of_targets) {
    struct lyap_dataset d;
    ck_assert_int_eq(lyap_dataset_parse(&d, "blobs:9,3,2,0.1", 3, 1, NULL), LYAP_OK);
    lyap_dataset_free(&d);
    ck_assert_int_eq(lyap_dataset_parse(&d, "blobs:9,3,2,0.1", 2, 1, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "data 'blobs:9,3,2,0.1' has 3 targets, not 2");
    ck_assert_ptr_null(d.x);
    ck_assert(lyap_dataset_generated("xor") && lyap_dataset_generated("blobs:") && !lyap_dataset_generated("blobs") &&
              !lyap_dataset_generated("xor:") && !lyap_dataset_generated("blobs.csv"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("generate");
    TCase *tests = tcase_create("generate");
    tcase_add_test(tests, parity_has_every_pattern_once);
    tcase_add_test(tests, circles_have_radius_one_and_a_half);
    tcase_add_test(tests, spirals_make_three_turns_half_a_turn_apart);
    tcase_add_test(tests, moons_are_half_circles_about_their_centres);
    tcase_add_test(tests, noise_of_the_plane_shapes_is_added_to_the_exact_points);
    tcase_add_test(tests, blobs_lie_round_their_centres_with_one_hot_targets);
    tcase_add_test(tests, glyphs_without_noise_are_images_of_ten_characters);
    tcase_add_test(tests, glyphs_follow_their_shift_and_size);
    tcase_add_test(tests, noise_of_glyphs_is_added_to_the_exact_images);
    tcase_add_test(tests, a_linear_teachers_targets_are_its_map_of_the_inputs);
    tcase_add_test(tests, a_teachers_targets_are_its_networks_outputs);
    tcase_add_loop_test(tests, the_bits_are_the_golden_ones, 0, (int)(sizeof golden / sizeof *golden));
    tcase_add_test(tests, another_seed_gives_other_data_and_the_same_seed_the_same);
    tcase_add_test(tests, more_samples_begin_with_the_same_ones);
    tcase_add_loop_test(tests, a_malformed_setting_is_answered_with_the_form, 0,
                        (int)(sizeof malformed / sizeof *malformed));
    tcase_add_test(tests, functions_refuse_settings_out_of_range);
    tcase_add_test(tests, a_generator_has_its_own_number_of_targets);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
