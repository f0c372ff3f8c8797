/* Maps: pixels are the cells of one varied spectrum run. */
#include "lyapgrad/map.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deterministic.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/random.h"
#include "number.h"
#include "spectrum_worker.h"

/* What the threads read while they set up lanes, and what the calling thread hands on. */
struct map {
    struct lyap_vary vary; /* first: the worker's pointer to it is one to the map */
    const struct lyap_map_plan *plan;
    struct lyap_spectrum_plan spectrum; /* the plan's, one value a pixel */
    double *start;                      /* [2][parameters], the start and room for a neighbour */
    double *directions;                 /* [2][parameters] */
    struct lyap_map_pixel *pixels;
    size_t room;
    lyap_map_sink sink;
    void *context;
};

void lyap_map_defaults(struct lyap_map_plan *plan, const struct lyap_network *network,
                       const struct lyap_dataset *data) {
    memset(plan, 0, sizeof *plan);
    lyap_spectrum_defaults(&plan->spectrum, network, data);
    plan->spectrum.base.setting.epochs = 500;
    plan->width = plan->height = 256;
}

static const struct {
    const char *name;
    enum lyap_map_quantity quantity;
    int layer;
} words[] = {{"lr", LYAP_MAP_LR, 0},
             {"init-scale", LYAP_MAP_INIT_SCALE, 0},
             {"momentum", LYAP_MAP_MOMENTUM, 0},
             {"weight-decay", LYAP_MAP_WEIGHT_DECAY, 0},
             {"d1", LYAP_MAP_DIRECTION, 0},
             {"d2", LYAP_MAP_DIRECTION, 1}};
enum { WORDS = sizeof words / sizeof *words };

enum lyap_status lyap_map_axis_parse(struct lyap_map_axis *axis, const char *name, struct lyap_error *error) {
    uint64_t layer;
    for (int i = 0; i < WORDS; i++)
        if (strcmp(name, words[i].name) == 0) {
            axis->quantity = words[i].quantity;
            axis->layer = words[i].layer;
            return LYAP_OK;
        }
    if (strncmp(name, "lr", 2) == 0 && lyap_number_count(name + 2, LYAP_MAX_LAYERS, &layer) && layer >= 1) {
        axis->quantity = LYAP_MAP_LAYER_LR;
        axis->layer = (int)layer - 1;
        return LYAP_OK;
    }
    return lyap_fail(
        error, LYAP_ERROR_ARGUMENT,
        "unknown quantity '%.60s'; expected lr, lr1, lr2 .. (of a layer of weights), init-scale, momentum, "
        "weight-decay, d1 or d2",
        name);
}

const char *lyap_map_axis_name(const struct lyap_map_axis *axis, char *text, size_t size) {
    snprintf(text, size, "lr%d", axis->layer + 1);
    for (int i = 0; i < WORDS; i++)
        if (words[i].quantity == axis->quantity && words[i].layer == axis->layer)
            snprintf(text, size, "%s", words[i].name);
    return text;
}

double lyap_map_axis_value(const struct lyap_map_axis *axis, size_t i, size_t n) {
    double part = ((double)i + 0.5) / (double)n;
    if (!axis->logarithmic) return fma(axis->high - axis->low, part, axis->low);
    double low = lyap_log(axis->low), high = lyap_log(axis->high);
    return lyap_exp(fma(high - low, part, low));
}

static double dot(const double *a, const double *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum = fma(a[i], b[i], sum);
    return sum;
}

void lyap_map_directions(uint64_t seed, size_t parameters, double *out) {
    for (size_t d = 0; d < 2; d++) {
        double *v = out + d * parameters;
        lyap_random_normal(seed, LYAP_STREAM_DIRECTION, d, 0, parameters, v);
        /* Twice: what rounding leaves along the first direction is taken off too. */
        for (int pass = 0; d == 1 && pass < 2; pass++) {
            double along = dot(out, v, parameters);
            for (size_t i = 0; i < parameters; i++) v[i] = fma(-along, out[i], v[i]);
        }
        double length = sqrt(dot(v, v, parameters));
        for (size_t i = 0; i < parameters; i++) v[i] /= length;
    }
}

static bool uses(const struct lyap_map_plan *plan, enum lyap_map_quantity quantity) {
    return plan->x.quantity == quantity || plan->y.quantity == quantity;
}

/* Neighbouring pixels must differ as numbers of the run's precision. */
static bool distinct(const struct lyap_map_axis *axis, size_t n, enum lyap_precision precision) {
    for (size_t i = 1; i < n; i++) {
        double a = lyap_map_axis_value(axis, i - 1, n), b = lyap_map_axis_value(axis, i, n);
        if (precision == LYAP_FLOAT32 ? !((float)a < (float)b) : !(a < b)) return false;
    }
    return true;
}

static enum lyap_status check_axis(const struct lyap_map_plan *plan, const struct lyap_map_axis *axis, size_t n,
                                   struct lyap_error *error) {
    const struct lyap_plan *base = &plan->spectrum.base;
    double least = axis->quantity == LYAP_MAP_LR                                                   ? DBL_MIN
                   : axis->quantity == LYAP_MAP_INIT_SCALE || axis->quantity == LYAP_MAP_DIRECTION ? -FLT_MAX
                                                                                                   : 0;
    double most = axis->quantity == LYAP_MAP_MOMENTUM ? 1 : (double)FLT_MAX;
    char name[16];
    lyap_map_axis_name(axis, name, sizeof name);
    if (!(axis->low < axis->high))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis %s: from %g to %g: the low end must be below the high", name,
                         axis->low, axis->high);
    if (axis->logarithmic && !(axis->low > 0))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis %s: from %g to %g: a logarithmic axis needs ends above 0",
                         name, axis->low, axis->high);
    if (!(axis->low >= least || (axis->quantity == LYAP_MAP_LR && axis->low == 0)) || !(axis->high <= most))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis %s: from %g to %g: must lie in %g .. %g", name, axis->low,
                         axis->high, axis->quantity == LYAP_MAP_LR ? 0 : least, most);
    if (axis->quantity == LYAP_MAP_LAYER_LR && !(axis->layer >= 0 && axis->layer < base->network->layers))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "axis %s: the network has %d %s of weights", name,
                         base->network->layers, base->network->layers == 1 ? "layer" : "layers");
    if (axis->quantity == LYAP_MAP_MOMENTUM && base->optimiser.kind != LYAP_MOMENTUM &&
        base->optimiser.kind != LYAP_NESTEROV)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "axis momentum: belongs to the optimisers momentum and nesterov; this is %s",
                         lyap_optimiser_name(base->optimiser.kind));
    if (!distinct(axis, n, base->precision))
        return lyap_fail(
            error, LYAP_ERROR_ARGUMENT,
            "axis %s: from %.17g to %.17g: %zu pixels are too close for %s; widen the window or take fewer", name,
            axis->low, axis->high, n, lyap_precision_name(base->precision));
    return LYAP_OK;
}

static enum lyap_status check(const struct lyap_map_plan *plan, struct lyap_error *error) {
    const struct lyap_plan *base = &plan->spectrum.base;
    if (plan->width < 1 || plan->width > LYAP_MAP_MOST || plan->height < 1 || plan->height > LYAP_MAP_MOST)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "resolution %zux%zu: must be 1 .. %d each", plan->width,
                         plan->height, LYAP_MAP_MOST);
    if (plan->spectrum.system != LYAP_SYSTEM_NETWORK)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "system %s: a map is of a network's training",
                         lyap_system_name(plan->spectrum.system));
    if (base->starts != 1 || base->values != 1 || base->settings || base->first_cell || base->count)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "starts %llu, values %zu: all pixels of a map share one start and one setting",
                         (unsigned long long)base->starts, base->values);
    if (plan->x.quantity == plan->y.quantity && plan->x.layer == plan->y.layer)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "both axes have the same quantity; expected two different ones");
    enum lyap_status status = lyap_spectrum_check(&plan->spectrum, error);
    if (!status) status = check_axis(plan, &plan->x, plan->width, error);
    return status ? status : check_axis(plan, &plan->y, plan->height, error);
}

static void set_axis(const struct map *map, const struct lyap_map_axis *axis, double value, struct lyap_lane *lane) {
    const size_t parameters = lyap_network_parameters(map->plan->spectrum.base.network);
    const bool along = axis->quantity == LYAP_MAP_DIRECTION;
    const double *direction = map->directions + (along ? (size_t)axis->layer * parameters : 0);
    switch (axis->quantity) {
    case LYAP_MAP_LR:
        lane->lr = value;
        break;
    case LYAP_MAP_MOMENTUM:
        lane->momentum = value;
        break;
    case LYAP_MAP_WEIGHT_DECAY:
        lane->weight_decay = value;
        break;
    case LYAP_MAP_INIT_SCALE:
        for (size_t p = 0; p < parameters; p++) lane->weights[p] *= value;
        break;
    case LYAP_MAP_DIRECTION:
        for (size_t p = 0; p < parameters; p++) lane->weights[p] = fma(value, direction[p], lane->weights[p]);
        break;
    case LYAP_MAP_LAYER_LR: /* once the rate of all is known */
        break;
    }
}

/* Rates of the layers as they are: the common one times a layer's factor, or a layer's axis. */
static void set_rates(const struct map *map, double x, double y, struct lyap_lane *lane) {
    const struct lyap_map_plan *plan = map->plan;
    const struct lyap_plan *base = &plan->spectrum.base;
    for (int l = 0; l < base->network->layers; l++) lane->layer_rate[l] = lane->lr * base->optimiser.layer_rate[l];
    if (plan->x.quantity == LYAP_MAP_LAYER_LR) lane->layer_rate[plan->x.layer] = x;
    if (plan->y.quantity == LYAP_MAP_LAYER_LR) lane->layer_rate[plan->y.layer] = y;
    lane->lr = 1;
}

static void set_pixel(const struct lyap_vary *vary, uint64_t cell, struct lyap_lane *lane) {
    const struct map *map = (const struct map *)vary;
    const struct lyap_map_plan *plan = map->plan;
    double x = lyap_map_axis_value(&plan->x, (size_t)(cell % plan->width), plan->width);
    double y = lyap_map_axis_value(&plan->y, (size_t)(cell / plan->width), plan->height);
    bool y_first = plan->y.quantity == LYAP_MAP_INIT_SCALE; /* directions are added to the scaled start */
    if (y_first) set_axis(map, &plan->y, y, lane);
    set_axis(map, &plan->x, x, lane);
    if (!y_first) set_axis(map, &plan->y, y, lane);
    if (vary->layer_rate) set_rates(map, x, y, lane);
}

/* The one start, drawn once. */
static enum lyap_status find_start(struct map *map, struct lyap_error *error) {
    struct lyap_plan base = map->plan->spectrum.base;
    size_t parameters = lyap_network_parameters(base.network);
    map->start = malloc(2 * parameters * sizeof *map->start);
    map->directions = malloc(2 * parameters * sizeof *map->directions);
    if (!map->start || !map->directions)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the start of a map");
    lyap_map_directions(base.seed, parameters, map->directions);
    base.neighbours = 1;
    return lyap_ensemble_initial(&base, 0, 1, map->start, error);
}

static void prepare(struct map *map) {
    const struct lyap_map_plan *plan = map->plan;
    map->spectrum = plan->spectrum;
    struct lyap_plan *base = &map->spectrum.base;
    base->values = plan->width * plan->height;
    base->weights = map->start;
    map->vary = (struct lyap_vary){.weights = uses(plan, LYAP_MAP_INIT_SCALE) || uses(plan, LYAP_MAP_DIRECTION),
                                   .layer_rate = uses(plan, LYAP_MAP_LAYER_LR),
                                   .momentum = uses(plan, LYAP_MAP_MOMENTUM),
                                   .weight_decay = uses(plan, LYAP_MAP_WEIGHT_DECAY),
                                   .set = set_pixel};
    /* Numbers that no pixel uses, but that tell the kernels to look at the lanes' own. */
    if (map->vary.layer_rate) base->optimiser.layer_rate[0] = 2;
    if (map->vary.weight_decay) base->optimiser.weight_decay = 1;
}

static void describe(const struct lyap_map_plan *plan, const struct lyap_spectrum_record *r, double lambda,
                     struct lyap_map_pixel *p) {
    p->column = (size_t)(r->cell % plan->width);
    p->row = (size_t)(r->cell / plan->width);
    p->x = lyap_map_axis_value(&plan->x, p->column, plan->width);
    p->y = lyap_map_axis_value(&plan->y, p->row, plan->height);
    p->defined = r->resolved > 0;
    p->lambda = p->defined ? lambda : 0;
    p->regime = r->regime;
    p->initial_loss = r->initial_loss;
    p->final_loss = r->final_loss;
    p->converged = r->regime != LYAP_DIVERGED && r->final_loss < r->initial_loss;
    p->steps_to_target = plan->spectrum.target > 0 ? r->target_epoch : -1;
}

static enum lyap_status hand_on(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct map *map = context;
    if (chunk->count > map->room) {
        free(map->pixels);
        map->pixels = malloc(chunk->count * sizeof *map->pixels);
        map->room = map->pixels ? chunk->count : 0;
        if (!map->pixels) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu pixels", chunk->count);
    }
    for (size_t i = 0; i < chunk->count; i++)
        describe(map->plan, &chunk->records[i], chunk->lambda[i * chunk->exponents].lambda, &map->pixels[i]);
    struct lyap_map_chunk out = {chunk->first_cell, chunk->count, map->pixels, chunk};
    return map->sink(&out, map->context, error);
}

enum lyap_status lyap_map_run(const struct lyap_map_plan *plan, lyap_map_sink sink, void *context,
                              struct lyap_error *error) {
    struct map map = {.plan = plan, .sink = sink, .context = context};
    enum lyap_status status = check(plan, error);
    if (!status) status = find_start(&map, error);
    if (!status) {
        prepare(&map);
        status = lyap_spectrum_run_varied(&map.spectrum, &map.vary, hand_on, &map, error);
    }
    free(map.start);
    free(map.directions);
    free(map.pixels);
    return status;
}

uint64_t lyap_map_digest(uint64_t digest, const struct lyap_map_chunk *chunk) {
    const struct lyap_spectrum_chunk *s = chunk->spectrum;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_map_pixel *p = &chunk->pixels[i];
        digest = lyap_digest_double(digest, p->x);
        digest = lyap_digest_double(digest, p->y);
        digest = lyap_digest_u64(digest, (uint64_t)p->steps_to_target);
        digest = lyap_digest_spectrum(digest, &s->records[i], s->lambda + i * s->exponents, s->exponents);
    }
    return digest;
}
