/* A random configuration of a random command. */
#include "cli/verify/draw.h"

#include <string.h>

#include "cli/plans.h"
#include "cli/select/select.h"
#include "cli/verify/options.h"
#include "cli/verify/system.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/selection.h"

/* ---- parts of commands ---- */

/* Starts 1 .. most, often few: then cells are spread over the lanes. */
static unsigned draw_starts(struct dice *d, unsigned most) {
    unsigned starts = dice_chance(d, 25) ? dice_range(d, 1, most < 4 ? most : 4) : dice_range(d, 1, most);
    if (dice_step_cost(d) > 1e5 && starts > 16) starts = 16;
    d->drawn->starts = starts;
    d->drawn->fewer = starts > 1 ? dice_range(d, 1, starts - 1) : 0;
    dice_add(d, "starts", "%u", starts);
    return starts;
}

static void draw_optimiser_kind(struct dice *d) {
    d->optimiser = dice_chance(d, 50) ? LYAP_GD : (enum lyap_optimiser_kind)dice_pick(d, LYAP_OPTIMISER_COUNT);
}

static void draw_precision(struct dice *d) {
    dice_add(d, "precision", "%s", lyap_precision_name((enum lyap_precision)dice_pick(d, 2)));
}

static unsigned draw_neighbours(struct dice *d) {
    unsigned neighbours = dice_chance(d, 60) ? dice_range(d, 1, 6) : dice_range(d, 1, 40);
    if (dice_step_cost(d) > 1e4 && neighbours > 6) neighbours = 6;
    dice_add(d, "neighbours", "%u", neighbours);
    return neighbours;
}

/* Small enough ones merge with the parent. */
static void draw_perturbation(struct dice *d, int low, int high) {
    if (dice_chance(d, 10))
        dice_add(d, "perturbation", "%s", dice_real(d, -30, -12).text);
    else
        dice_add(d, "perturbation", "%s", dice_real(d, low, high).text);
}

static void draw_band(struct dice *d) {
    unsigned whole = dice_range(d, 1, 20), hundredths = dice_range(d, 1, 99);
    dice_add(d, "band", "%u.%02u", whole, hundredths);
}

/* What the estimators in tangent space and with pairs share; `vectors` are the tangents. */
static void draw_estimate(struct dice *d, unsigned starts, double trajectories, bool tangent) {
    bool until = dice_chance(d, 25), cheap = d->parameters <= 40;
    bool curvature = cheap && dice_chance(d, 25), history = dice_chance(d, 30);
    unsigned epochs = dice_steps(d, 2, until ? 400 : 200, trajectories, starts), every = 1;
    if (until && epochs < 300 && dice_step_cost(d) * trajectories < 5e3) epochs += 200;
    dice_add(d, "epochs", "%u", epochs);
    if (dice_chance(d, 35)) dice_add(d, "transient", "%u", dice_range(d, 0, epochs - 1));
    if (until) dice_add(d, "until-ci", "%s", dice_real(d, -3, 0).text);
    if (history) dice_add(d, "history", "%u", dice_range(d, 1, curvature ? 4 : 20));
    if (curvature) dice_add(d, "curvature", NULL);
    if (tangent && (until || dice_chance(d, 40))) every = dice_range(d, 1, until ? 2 : 20);
    if (tangent && (until || dice_chance(d, 40))) dice_add(d, "qr-every", "%u", every);
    if (!tangent && dice_chance(d, 40)) draw_band(d);
    if (dice_chance(d, 20)) dice_add(d, "growth", "%s", dice_real(d, -2, 1).text);
    if (dice_chance(d, 20)) dice_add(d, "evaluate", NULL);
}

/* Data to starting points, which all commands but `select` have; the swept quantities must be known. */
static void draw_common(struct dice *d) {
    dice_optimiser(d);
    dice_start(d);
    if (!d->rate_swept) dice_rate(d);
}

/* ---- commands ---- */

static void draw_kantz_wolf(struct dice *d) {
    draw_common(d);
    draw_precision(d);
    unsigned starts = draw_starts(d, 40), neighbours = draw_neighbours(d);
    draw_perturbation(d, -8, -1);
    dice_add(d, "epochs", "%u", dice_steps(d, 1, 60, 1.0 + neighbours, starts));
    dice_add(d, "series", NULL);
    if (dice_chance(d, 30)) dice_add(d, "evaluate", NULL);
}

static void draw_tangent(struct dice *d) {
    dice_add(d, "estimator", "tangent");
    draw_common(d);
    draw_precision(d);
    unsigned starts = draw_starts(d, 40);
    draw_estimate(d, starts, 3, true);
}

static void draw_rescaled(struct dice *d) {
    dice_add(d, "estimator", "rescaled");
    draw_common(d);
    draw_precision(d);
    unsigned starts = draw_starts(d, 40);
    draw_perturbation(d, -10, -2);
    draw_estimate(d, starts, 2, false);
}

static void draw_all(struct dice *d) {
    dice_add(d, "estimator", "all");
    draw_common(d);
    unsigned starts = draw_starts(d, 20), neighbours = draw_neighbours(d);
    unsigned epochs = dice_steps(d, 2, 60, 2.0 * (1 + neighbours) + 7, starts);
    draw_perturbation(d, -8, -2);
    dice_add(d, "epochs", "%u", epochs);
    if (dice_chance(d, 40)) dice_add(d, "transient", "%u", dice_range(d, 0, epochs - 1));
    if (dice_chance(d, 40)) dice_add(d, "qr-every", "%u", dice_range(d, 1, 20));
    if (dice_chance(d, 40)) draw_band(d);
}

static void draw_spectrum(struct dice *d) {
    draw_common(d);
    draw_precision(d);
    unsigned buffers = d->full_state ? (unsigned)lyap_optimiser_buffers(d->optimiser) : 0;
    unsigned most = d->parameters * (1 + buffers), exponents = dice_range(d, 1, most < 12 ? most : 12);
    unsigned starts = draw_starts(d, 40);
    dice_add(d, "exponents", "%u", exponents);
    draw_estimate(d, starts, 1 + 2.0 * exponents, true);
}

/* Numbers of epochs that differ: a step of 1 to 5 from one to the next, or powers of 3. */
static void draw_epochs(struct dice *d, unsigned values, bool logarithmic) {
    unsigned low = dice_range(d, 1, 15), step = dice_range(d, 1, 5), high = 1;
    for (unsigned i = 1; i < values; i++) high *= 3;
    if (logarithmic && values >= 2 && values <= 4)
        dice_add(d, "over", "epochs=log:1:%u:%u", high, values);
    else
        dice_add(d, "over", "epochs=%u:%u:%u", low, low + step * values, values);
}

static void draw_sweep(struct dice *d) {
    unsigned what = dice_pick(d, 100), values = dice_range(d, 1, 6);
    bool logarithmic = dice_chance(d, 40);
    const char *scale = logarithmic ? "log:" : "";
    d->rate_swept = what < 60;
    d->perturbation_swept = what >= 60 && what < 75;
    d->epochs_swept = what >= 75;
    draw_common(d);
    draw_precision(d);
    unsigned starts = draw_starts(d, 12), neighbours = draw_neighbours(d);
    unsigned epochs = dice_steps(d, 1, 40, 1.0 + neighbours, starts * values);
    struct dice_real low = d->rate_swept ? dice_real(d, -3, 0) : dice_real(d, -9, -6);
    struct dice_real high = d->rate_swept ? dice_real(d, 0, 1) : dice_real(d, -5, -1);
    if (d->epochs_swept)
        draw_epochs(d, values, logarithmic);
    else
        dice_add(d, "over", "%s=%s%s:%s:%u", d->rate_swept ? "lr" : "perturbation", scale, low.text, high.text, values);
    if (!d->perturbation_swept) draw_perturbation(d, -8, -1);
    if (!d->epochs_swept) dice_add(d, "epochs", "%u", epochs);
    dice_add(d, "series", NULL);
    if (dice_chance(d, 30)) dice_add(d, "evaluate", NULL);
}

/* An axis "QUANTITY:LOW:HIGH" of another quantity than `before` (NULL: the first). */
static void draw_axis(struct dice *d, char text[64], char name[16], const char *before) {
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
static const char *log_end(struct dice *d, const char *axis) {
    return !strstr(axis, ":-") && dice_chance(d, 40) ? ":log" : "";
}

static void draw_map(struct dice *d) {
    char x[64], y[64], first[16], second[16];
    unsigned width = dice_range(d, 2, 8), height = dice_range(d, 2, 6);
    draw_axis(d, x, first, NULL);
    draw_axis(d, y, second, first);
    dice_add(d, "x", "%s%s", x, log_end(d, x));
    dice_add(d, "y", "%s%s", y, log_end(d, y));
    draw_common(d);
    draw_precision(d);
    unsigned epochs = dice_steps(d, 2, 120, 3, width * height);
    dice_add(d, "resolution", "%ux%u", width, height);
    dice_add(d, "epochs", "%u", epochs);
    if (dice_chance(d, 30)) dice_add(d, "target", "%s", dice_real(d, -2, -1).text);
    if (dice_chance(d, 15))
        dice_add(d, "zoom", "0.05,0.%u,0.04,0.5", dice_range(d, 1, 9)); /* every quantity has them */
    if (dice_chance(d, 20)) dice_add(d, "show", "regime"); /* what is drawn alone: the numbers are the same */
    if (dice_chance(d, 30)) dice_add(d, "transient", "%u", dice_range(d, 0, epochs - 1));
    if (dice_chance(d, 30)) dice_add(d, "qr-every", "%u", dice_range(d, 1, 20));
    if (dice_chance(d, 20)) dice_add(d, "growth", "%s", dice_real(d, -2, 1).text);
}

static void draw_bifurcation(struct dice *d) {
    static const char *const shows[] = {"weights", "outputs", "loss", "w0", "y0"};
    char over[64], name[16];
    unsigned values = dice_range(d, 1, 6), show = dice_pick(d, 6);
    draw_axis(d, over, name, NULL);
    dice_add(d, "over", "%s:%u%s", over, values, log_end(d, over));
    draw_common(d);
    draw_precision(d);
    unsigned starts = draw_starts(d, 6), epochs = dice_steps(d, 3, 150, 3.5, values * starts);
    unsigned points = dice_range(d, 1, epochs - 1 < 60 ? epochs - 1 : 60);
    dice_add(d, "epochs", "%u", epochs);
    dice_add(d, "points", "%u", points);
    dice_add(d, "transient", "%u", dice_range(d, 0, epochs - points));
    if (show < 5) dice_add(d, "show", "%s", shows[show]);
    if (dice_chance(d, 30)) dice_add(d, "tolerance", "%s", dice_real(d, -9, -1).text);
    if (dice_chance(d, 30)) dice_add(d, "qr-every", "%u", dice_range(d, 1, 20));
    if (dice_chance(d, 20)) dice_add(d, "growth", "%s", dice_real(d, -2, 1).text);
}

/* Candidates, separated by slashes, with as many layers each: the layers' rates are for all. */
static void draw_candidates(struct dice *d) {
    unsigned width = dice_range(d, 1, 6), other = dice_range(d, 1, 5), kind = dice_pick(d, LYAP_ACTIVATION_COUNT);
    unsigned second = (kind + dice_range(d, 1, LYAP_ACTIVATION_COUNT - 1)) % LYAP_ACTIVATION_COUNT;
    bool widths = dice_chance(d, 30), kinds = dice_chance(d, 30);
    char more[64] = "";
    if (widths) snprintf(more, sizeof more, "/%u-%u-%u", d->inputs, width + other, d->outputs);
    dice_add(d, "net", "%u-%u-%u%s", d->inputs, width, d->outputs, more);
    if (kinds) snprintf(more, sizeof more, "/%s", lyap_activation_name((enum lyap_activation)second));
    dice_add(d, "activation", "%s%s", lyap_activation_name((enum lyap_activation)kind), kinds ? more : "");
    d->layers = 2;
    if (widths) width += other; /* the costs are those of the larger one */
    d->units = width + d->outputs;
    d->parameters = (d->inputs + 1) * width + (width + 1) * d->outputs;
}

static void draw_select(struct dice *d) {
    unsigned epochs = dice_range(d, 8, 16), rates = dice_range(d, 2, 4), starts = dice_range(d, 2, 4);
    struct dice_real low = dice_real(d, -3, -1), high = dice_real(d, 0, 1);
    draw_candidates(d);
    if (dice_chance(d, 25))
        dice_add(d, "optimiser", "gd/adam");
    else
        dice_optimiser(d);
    dice_start(d);
    dice_add(d, "lr", "%s:%s", low.text, high.text);
    dice_add(d, "epochs", "%u", epochs);
    /* The scan of the rates, with its curvatures and the halvings at both ends, takes that much; the search gets the rest. */
    unsigned scan = starts * (rates + 8) * (3 * epochs + 5 * (d->parameters < 48 ? d->parameters : 48));
    dice_add(d, "budget", "%u", scan + epochs * dice_range(d, 80, 300));
    dice_add(d, "rates", "%u", rates);
    dice_add(d, "rate-starts", "%u", starts);
    dice_add(d, "searches", "%s", dice_chance(d, 15) ? "5" : "0");
    dice_add(d, "score", "%s", lyap_score_name((enum lyap_score)dice_pick(d, LYAP_SCORE_COUNT)));
    if (d->split && dice_chance(d, 50)) dice_add(d, "by", "held-out");
    if (dice_chance(d, 40)) dice_add(d, "divisor", "%u", dice_range(d, 2, 4));
    if (dice_chance(d, 40)) dice_add(d, "rungs", "%u", dice_range(d, 1, 3));
    if (dice_chance(d, 20)) dice_add(d, "target", "%s", dice_real(d, -2, -1).text);
    if (dice_chance(d, 30)) dice_add(d, "safe", "0.%u", dice_range(d, 1, 9));
    if (dice_chance(d, 30)) dice_add(d, "growth", "%s", dice_real(d, -2, 1).text);
    if (dice_chance(d, 40)) {
        dice_add(d, "loss", "mse");
        dice_add(d, "output-activation", "%s", dice_activation(d));
    }
    draw_precision(d);
}

void cli_verify_draw(struct cli_verify_case *drawn, uint64_t seed, uint64_t index) {
    static const struct {
        unsigned percent;
        const struct cli_command *command;
        void (*draw)(struct dice *);
    } kinds[] = {{26, &cli_run, draw_kantz_wolf},
                 {15, &cli_run, draw_tangent},
                 {9, &cli_run, draw_rescaled},
                 {4, &cli_run, draw_all},
                 {14, &cli_spectrum, draw_spectrum},
                 {10, &cli_sweep, draw_sweep},
                 {9, &cli_map, draw_map},
                 {6, &cli_bifurcation, draw_bifurcation},
                 {2, &cli_select, draw_select},
                 {5, NULL, dice_system}};
    struct dice dice = {.drawn = drawn};
    memset(drawn, 0, sizeof *drawn);
    drawn->seed = seed;
    drawn->index = index;
    unsigned number = dice_pick(&dice, 100), k = 0;
    for (; number >= kinds[k].percent; k++) number -= kinds[k].percent;
    drawn->command = kinds[k].command;
    bool parts = drawn->command && drawn->command != &cli_select;
    drawn->shards = parts ? (int)dice_range(&dice, 2, 3) : 0;
    drawn->shard = parts ? (int)dice_range(&dice, 1, (unsigned)drawn->shards) : 0;
    draw_optimiser_kind(&dice);
    if (drawn->command) dice_data(&dice);
    if (parts) dice_network(&dice);
    kinds[k].draw(&dice);
}
