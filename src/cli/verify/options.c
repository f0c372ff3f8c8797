#include "cli/verify/options.h"

#include <string.h>

#include "cli/options/optimiser.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/precision.h"

/* ---- data ---- */

/* Few samples mostly; now and then more than the kernels take at once. */
static unsigned draw_samples(struct dice *d) {
    return dice_chance(d, 8) ? dice_range(d, 65, 300) : dice_range(d, 2, 40);
}

static void set_data(struct dice *d, unsigned inputs, unsigned outputs, unsigned samples, bool binary, bool one_hot) {
    d->inputs = inputs;
    d->outputs = outputs;
    d->samples = samples;
    d->binary = binary;
    d->one_hot = one_hot;
}

static void draw_xor(struct dice *d) {
    set_data(d, 2, 1, 4, true, false);
    if (dice_chance(d, 50)) dice_add(d, "data", "xor");
}

static void draw_parity(struct dice *d) {
    unsigned bits = dice_range(d, 1, 4);
    set_data(d, bits, 1, 1u << bits, true, false);
    dice_add(d, "data", "parity:%u", bits);
}

static void draw_noisy(struct dice *d) {
    unsigned bits = dice_range(d, 1, 3), samples = draw_samples(d);
    set_data(d, bits, 1, samples, true, false);
    dice_add(d, "data", "xor-noisy:%u,%u,0.%u", bits, samples, dice_range(d, 0, 9));
}

static void draw_plane(struct dice *d) {
    static const char *const names[] = {"circles", "spirals", "moons"};
    const char *name = names[dice_pick(d, 3)];
    set_data(d, 2, 1, draw_samples(d), true, false);
    dice_add(d, "data", "%s:%u,0.%u", name, d->samples, dice_range(d, 0, 5));
}

static void draw_blobs(struct dice *d) {
    unsigned classes = dice_range(d, 2, 4), dimensions = dice_range(d, 1, 5);
    set_data(d, dimensions, classes, draw_samples(d), true, true);
    dice_add(d, "data", "blobs:%u,%u,%u,0.%u", d->samples, classes, dimensions, dice_range(d, 1, 9));
}

/* Inputs from 16 on have the data by columns too. */
static unsigned draw_inputs(struct dice *d) {
    return dice_chance(d, 15) ? dice_range(d, 16, 20) : dice_range(d, 1, 5);
}

static void draw_linear_teacher(struct dice *d) {
    unsigned inputs = draw_inputs(d), outputs = dice_range(d, 1, 3);
    set_data(d, inputs, outputs, draw_samples(d), false, false);
    dice_add(d, "data", "linear-teacher:%u,%u,%u,0.%u", d->samples, inputs, outputs, dice_range(d, 0, 9));
}

static void draw_teacher(struct dice *d) {
    unsigned inputs = draw_inputs(d), hidden = dice_range(d, 1, 6), outputs = dice_range(d, 1, 3);
    set_data(d, inputs, outputs, draw_samples(d), false, false);
    dice_add(d, "data", "teacher:%u-%u-%u,%u", inputs, hidden, outputs, d->samples);
}

static void split_data(struct dice *d) {
    static const unsigned tenths[] = {3, 5, 7, 8};
    unsigned part = tenths[dice_pick(d, 4)];
    if (d->samples < 4 || !dice_chance(d, 20)) return;
    d->split = true;
    d->samples = (d->samples * part + 5) / 10;
    dice_add(d, "split", "0.%u", part);
}

/* Several numbers of one word are drawn one after the other before it: the order of a call's arguments is the compiler's. */
void dice_data(struct dice *d) {
    static void (*const sources[])(struct dice *) = {draw_xor,
                                                     draw_xor,
                                                     draw_xor,
                                                     draw_xor,
                                                     draw_xor,
                                                     draw_parity,
                                                     draw_noisy,
                                                     draw_plane,
                                                     draw_plane,
                                                     draw_blobs,
                                                     draw_linear_teacher,
                                                     draw_teacher};
    sources[dice_pick(d, sizeof sources / sizeof *sources)](d);
    if (d->binary && d->outputs == 1 && dice_chance(d, 10)) {
        d->outputs = 2;
        d->one_hot = true;
        dice_add(d, "one-hot", "2");
    }
    if (dice_chance(d, 15)) {
        d->samples = dice_range(d, 1, d->samples);
        dice_add(d, "samples", "%u", d->samples);
    }
    split_data(d);
    if (dice_chance(d, 20)) dice_add(d, "standardise", NULL);
    if (dice_chance(d, 30)) dice_add(d, "data-seed", "%u", dice_range(d, 0, 999));
}

/* ---- network ---- */

const char *dice_activation(struct dice *d) {
    return lyap_activation_name((enum lyap_activation)dice_pick(d, LYAP_ACTIVATION_COUNT));
}

static unsigned draw_width(struct dice *d) {
    return dice_chance(d, 8) ? dice_range(d, 16, 33) : dice_range(d, 1, 7);
}

/* The paper's network has instances of its own in the kernels: one activation, two hidden units. */
static void draw_shape(struct dice *d, bool paper) {
    char text[64];
    unsigned hidden = paper ? 1 : dice_chance(d, 12) ? 0 : dice_chance(d, 70) ? 1 : dice_range(d, 2, 3);
    d->layers = hidden + 1;
    d->sizes[0] = d->inputs;
    d->sizes[d->layers] = d->outputs;
    for (unsigned l = 1; l <= hidden; l++) d->sizes[l] = paper ? 2 : draw_width(d);
    int length = snprintf(text, sizeof text, "%u", d->sizes[0]);
    d->parameters = d->units = 0;
    for (unsigned l = 1; l <= d->layers; l++) {
        length += snprintf(text + length, sizeof text - (size_t)length, "-%u", d->sizes[l]);
        d->parameters += (d->sizes[l - 1] + 1) * d->sizes[l];
        d->units += d->sizes[l];
    }
    dice_add(d, "net", "%s", text);
}

/* One name for all hidden layers, or one each. */
static void draw_activations(struct dice *d) {
    char text[64] = "";
    unsigned hidden = d->layers - 1, names = hidden > 1 && dice_chance(d, 60) ? hidden : 1;
    for (unsigned l = 0; l < names; l++) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s", l ? "," : "", dice_activation(d));
    }
    if (hidden) dice_add(d, "activation", "%s", text);
}

void dice_network(struct dice *d) {
    bool paper = d->inputs == 2 && d->outputs == 1 && dice_chance(d, 45);
    draw_shape(d, paper);
    d->loss = LYAP_MSE;
    if (paper) {
        static const enum lyap_activation four[] = {LYAP_LINEAR, LYAP_SIGMOID, LYAP_TANH, LYAP_RELU};
        dice_add(d, "activation", "%s",
                 dice_chance(d, 75) ? lyap_activation_name(four[dice_pick(d, 4)]) : dice_activation(d));
        return;
    }
    draw_activations(d);
    if (d->binary && dice_chance(d, 50)) d->loss = d->one_hot && dice_chance(d, 60) ? LYAP_SOFTMAX : LYAP_BCE;
    if (d->loss != LYAP_MSE) dice_add(d, "loss", "%s", lyap_loss_name(d->loss));
    if (d->loss == LYAP_BCE) dice_add(d, "output-activation", "sigmoid");
    if (d->loss == LYAP_MSE && (d->layers == 1 || dice_chance(d, 80)))
        dice_add(d, "output-activation", "%s", dice_activation(d));
}

/* ---- optimiser ---- */

static void draw_schedule(struct dice *d) {
    unsigned which = dice_pick(d, 3), every = dice_range(d, 1, 30), tenths = dice_range(d, 0, 9);
    if (which == 0)
        dice_add(d, "schedule", "step:%u,0.%u", every, tenths);
    else if (which == 1)
        dice_add(d, "schedule", "cosine");
    else
        dice_add(d, "schedule", "cosine:0.%u", tenths);
}

static void draw_layer_rates(struct dice *d) {
    char text[96] = "";
    for (unsigned l = 0; l < d->layers; l++) {
        size_t length = strlen(text);
        bool still = dice_chance(d, 5);
        struct dice_real rate = dice_real(d, -1, 0);
        snprintf(text + length, sizeof text - length, "%s%s", l ? "," : "", still ? "0" : rate.text);
    }
    dice_add(d, "layer-rates", "%s", text);
}

static void draw_numbers(struct dice *d) {
    const bool squares = cli_optimiser_takes(d->optimiser, "decay");
    const bool momentum = cli_optimiser_takes(d->optimiser, "momentum");
    if (momentum && !d->momentum_swept && dice_chance(d, 60)) dice_add(d, "momentum", "0.%02u", dice_range(d, 0, 99));
    if (squares && dice_chance(d, 60)) dice_add(d, "decay", "0.%03u", dice_range(d, 0, 999));
    if (squares && dice_chance(d, 40)) dice_add(d, "epsilon", "%s", dice_real(d, -9, -1).text);
    if (!d->decay_swept && dice_chance(d, 25)) dice_add(d, "weight-decay", "%s", dice_real(d, -4, -1).text);
}

void dice_optimiser(struct dice *d) {
    if (d->optimiser != LYAP_GD || dice_chance(d, 20))
        dice_add(d, "optimiser", "%s", lyap_optimiser_name(d->optimiser));
    draw_numbers(d);
    if (dice_chance(d, 20)) draw_schedule(d);
    if (dice_chance(d, 12)) dice_add(d, "warm-up", "%u", dice_range(d, 0, 30));
    if (dice_chance(d, 18)) draw_layer_rates(d);
    if (dice_chance(d, 25)) {
        d->batch = dice_range(d, 1, d->samples);
        dice_add(d, "batch", "%u", d->batch);
        if (dice_chance(d, 40)) dice_add(d, "batch-seed", "%u", dice_range(d, 0, 99));
    }
    d->full_state = dice_chance(d, 25);
    if (d->full_state) dice_add(d, "state", "full");
}

/* ---- starting points ---- */

const char *dice_init(struct dice *d, char text[48], bool *scaled) {
    unsigned which = dice_pick(d, 100), tenths = dice_range(d, 0, 9);
    struct dice_real low = dice_real(d, -1, 0), high = dice_real(d, -1, 0), deviation = dice_real(d, -2, 0);
    enum lyap_init_kind law = (enum lyap_init_kind)dice_range(d, LYAP_INIT_GLOROT_UNIFORM, LYAP_INIT_COUNT - 1);
    *scaled = which >= 65;
    if (which < 20)
        snprintf(text, 48, "uniform:0,1");
    else if (which < 35)
        snprintf(text, 48, "uniform:-%s,%s", low.text, high.text);
    else if (which < 65)
        snprintf(text, 48, "normal:%s0.%u,%s", which < 50 ? "-" : "", tenths, deviation.text);
    else
        snprintf(text, 48, "%s", lyap_init_name(law));
    return text;
}

static void draw_bias(struct dice *d) {
    unsigned which = dice_pick(d, 3), first = dice_range(d, 0, 9), second = dice_range(d, 0, 9);
    if (which == 0)
        dice_add(d, "init-bias", "zero");
    else if (which == 1)
        dice_add(d, "init-bias", "uniform:-0.%u,1.%u", first, second);
    else
        dice_add(d, "init-bias", "normal:0.%u,%s", first, dice_real(d, -2, 0).text);
}

/* Starts that no draw meets are a result too: every instruction set must give up at the same one. */
void dice_start(struct dice *d) {
    char text[48];
    bool scaled, cheap = dice_step_cost(d) < 5e3;
    dice_add(d, "init", "%s", dice_init(d, text, &scaled));
    if (dice_chance(d, 30)) draw_bias(d);
    if (cheap && dice_chance(d, scaled ? 10 : 30)) {
        unsigned low = dice_range(d, 0, 3), whole = dice_range(d, 0, 2), tenths = dice_range(d, low, 9);
        dice_add(d, "loss-window", "0.%u,%u.%u", low, whole, tenths);
        dice_add(d, "max-draws", "%u", dice_range(d, 20, 400));
    } else if (!scaled || dice_chance(d, 20)) {
        dice_add(d, "loss-window", "none");
    }
    if (dice_chance(d, 12)) dice_add(d, "escape", "%s", dice_real(d, -1, 3).text);
    dice_add(d, "seed", "%u", dice_range(d, 0, 99999));
}

/* Most learning rates are where training is about to break. */
void dice_rate(struct dice *d) {
    unsigned which = dice_pick(d, 100);
    int exponent = which < 20 ? -3 : which < 30 ? -2 : which < 55 ? -1 : which < 85 ? 0 : 1;
    dice_add(d, "lr", "%s", dice_real(d, exponent, exponent).text);
}

/* ---- what commands share besides ---- */

/* Starts 1 .. most, often few: then cells are spread over the lanes. */
unsigned dice_starts(struct dice *d, unsigned most) {
    unsigned starts = dice_chance(d, 25) ? dice_range(d, 1, most < 4 ? most : 4) : dice_range(d, 1, most);
    if (dice_step_cost(d) > 1e5 && starts > 16) starts = 16;
    d->drawn->starts = starts;
    d->drawn->fewer = starts > 1 ? dice_range(d, 1, starts - 1) : 0;
    dice_add(d, "starts", "%u", starts);
    return starts;
}

void dice_precision(struct dice *d) {
    dice_add(d, "precision", "%s", lyap_precision_name((enum lyap_precision)dice_pick(d, 2)));
}

unsigned dice_neighbours(struct dice *d) {
    unsigned neighbours = dice_chance(d, 60) ? dice_range(d, 1, 6) : dice_range(d, 1, 40);
    if (dice_step_cost(d) > 1e4 && neighbours > 6) neighbours = 6;
    dice_add(d, "neighbours", "%u", neighbours);
    return neighbours;
}

/* Small enough ones merge with the parent. */
void dice_perturbation(struct dice *d, int low, int high) {
    if (dice_chance(d, 10))
        dice_add(d, "perturbation", "%s", dice_real(d, -30, -12).text);
    else
        dice_add(d, "perturbation", "%s", dice_real(d, low, high).text);
}

void dice_band(struct dice *d) {
    unsigned whole = dice_range(d, 1, 20), hundredths = dice_range(d, 1, 99);
    dice_add(d, "band", "%u.%02u", whole, hundredths);
}

/* What the estimators in tangent space and with pairs share; `vectors` are the tangents. */
void dice_estimate(struct dice *d, unsigned starts, double trajectories, bool tangent) {
    bool until = dice_chance(d, 25), cheap = d->parameters <= 40;
    bool curvature = cheap && dice_chance(d, 25), history = dice_chance(d, 30);
    unsigned epochs = dice_steps(d, 2, until ? 400 : 200, trajectories, starts), every = 1;
    if (until && epochs < 300 && dice_step_cost(d) * trajectories < 5e3) epochs += 200;
    dice_add(d, "steps", "%u", epochs);
    if (dice_chance(d, 35)) dice_add(d, "transient", "%u", dice_range(d, 0, epochs - 1));
    if (until) dice_add(d, "until-ci", "%s", dice_real(d, -3, 0).text);
    if (history) dice_add(d, "history", "%u", dice_range(d, 1, curvature ? 4 : 20));
    if (curvature) dice_add(d, "curvature", NULL);
    if (tangent && (until || dice_chance(d, 40))) every = dice_range(d, 1, until ? 2 : 20);
    if (tangent && (until || dice_chance(d, 40))) dice_add(d, "qr-every", "%u", every);
    if (!tangent && dice_chance(d, 40)) dice_band(d);
    if (dice_chance(d, 20)) dice_add(d, "growth", "%s", dice_real(d, -2, 1).text);
    if (dice_chance(d, 20)) dice_add(d, "evaluate", NULL);
}

/* Data to starting points, which all commands but `select` have; the swept quantities must be known. */
void dice_common(struct dice *d) {
    dice_optimiser(d);
    dice_start(d);
    if (!d->rate_swept) dice_rate(d);
}

void dice_measure(struct dice *d) {
    if (dice_chance(d, 30)) dice_add(d, "qr-every", "%u", dice_range(d, 1, 20));
    if (dice_chance(d, 20)) dice_add(d, "growth", "%s", dice_real(d, -2, 1).text);
}

/* An axis "QUANTITY:LOW:HIGH" of another quantity than `before` (NULL: the first). */
void dice_axis(struct dice *d, char text[64], char name[16], const char *before) {
    bool momentum = lyap_optimiser_lane_momentum(d->optimiser);
    do {
        unsigned what = dice_pick(d, 9);
        snprintf(name, 16, "%s", what < 2 ? "lr" : what == 4 ? "init-scale" : what == 5 ? "weight-decay" : "d1");
        if (what == 2 || what == 3) snprintf(name, 16, "lr%u", dice_range(d, 1, d->layers));
        if (what == 6 && momentum) snprintf(name, 16, "momentum");
        if (what == 8) snprintf(name, 16, "d2");
    } while (before && strcmp(name, before) == 0);
    d->rate_swept = d->rate_swept || strcmp(name, "lr") == 0;
    d->decay_swept = d->decay_swept || strcmp(name, "weight-decay") == 0;
    d->momentum_swept = d->momentum_swept || strcmp(name, "momentum") == 0;
    const bool rate = strncmp(name, "lr", 2) == 0;
    unsigned first = dice_range(d, 1, 9), second = dice_range(d, 1, 9);
    struct dice_real low = rate ? dice_real(d, -2, -1) : dice_real(d, -1, 0), high = dice_real(d, rate ? 0 : -1, 1);
    if (strcmp(name, "momentum") == 0 || strcmp(name, "weight-decay") == 0)
        snprintf(text, 64, "%s:0.%02u:0.%u", name, first, second);
    else
        snprintf(text, 64, "%s:%s%s:%s", name, rate ? "" : "-", low.text, high.text);
}

/* A logarithmic axis needs a low end above 0. */
const char *dice_log_end(struct dice *d, const char *axis) {
    return !strstr(axis, ":-") && dice_chance(d, 40) ? ":log" : "";
}
