/* Optimisers: defaults, names, ranges, and what varies with time. */
#include "lyapgrad/optimiser.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "math/deterministic.h"
#include "lyapgrad/random.h"

/* The constants are in the order of the list. */
#define PLACE(constant, ...) PLACE_##constant,
#define IN_ORDER(constant, ...) _Static_assert((int)PLACE_##constant == (int)LYAP_##constant, #constant);
enum { LYAP_OPTIMISER_LIST(PLACE) PLACES };
LYAP_OPTIMISER_LIST(IN_ORDER)
_Static_assert((int)PLACES == (int)LYAP_OPTIMISER_COUNT, "as many");

#define TRAITS(constant, name, ...) [LYAP_##constant] = {#name, __VA_ARGS__},
static const struct lyap_optimiser_traits traits[] = {LYAP_OPTIMISER_LIST(TRAITS)};
_Static_assert(sizeof traits / sizeof *traits == LYAP_OPTIMISER_COUNT,
               "LYAP_OPTIMISER_LIST has a line for each constant of enum lyap_optimiser_kind");

const struct lyap_optimiser_traits *lyap_optimiser_traits(enum lyap_optimiser_kind kind) {
    return &traits[kind];
}

bool lyap_optimiser_lane_momentum(enum lyap_optimiser_kind kind) {
    return traits[kind].momentum && !traits[kind].corrected;
}

void lyap_optimiser_defaults(struct lyap_optimiser *optimiser, enum lyap_optimiser_kind kind) {
    const struct lyap_optimiser_traits *own = &traits[(unsigned)kind < LYAP_OPTIMISER_COUNT ? kind : LYAP_GD];
    *optimiser = (struct lyap_optimiser){.kind = kind,
                                         .momentum = 0.9,
                                         .decay = own->decay,
                                         .epsilon = 1e-8,
                                         .weight_decay = own->weight_decay,
                                         .schedule = LYAP_CONSTANT,
                                         .schedule_every = 1,
                                         .seed = 1};
    for (int l = 0; l < LYAP_MAX_LAYERS; l++) optimiser->layer_rate[l] = 1;
}

size_t lyap_optimiser_buffers(enum lyap_optimiser_kind kind) {
    return (unsigned)kind < LYAP_OPTIMISER_COUNT ? (size_t)traits[kind].momentum + traits[kind].squares : 0;
}

const char *lyap_optimiser_name(enum lyap_optimiser_kind kind) {
    return (unsigned)kind < LYAP_OPTIMISER_COUNT ? traits[kind].name : "unknown";
}

const char *lyap_optimiser_names(bool (*has)(enum lyap_optimiser_kind kind), const char *last, char *text,
                                 size_t size) {
    size_t used = 0, left = 0;
    for (int i = 0; i < LYAP_OPTIMISER_COUNT; i++) left += !has || has((enum lyap_optimiser_kind)i);
    text[0] = '\0';
    for (int i = 0; i < LYAP_OPTIMISER_COUNT && used < size; i++) {
        if (has && !has((enum lyap_optimiser_kind)i)) continue;
        used += (size_t)snprintf(text + used, size - used, "%s%s",
                                 used == 0   ? ""
                                 : left == 1 ? last
                                             : ", ",
                                 traits[i].name);
        left--;
    }
    return text;
}

enum lyap_status lyap_optimiser_parse(const char *name, enum lyap_optimiser_kind *kind, struct lyap_error *error) {
    char names[160];
    for (int i = 0; name && i < LYAP_OPTIMISER_COUNT; i++)
        if (strcmp(name, traits[i].name) == 0) {
            *kind = (enum lyap_optimiser_kind)i;
            return LYAP_OK;
        }
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "unknown optimiser '%.60s': allowed are %s", name ? name : "",
                     lyap_optimiser_names(NULL, " and ", names, sizeof names));
}

enum lyap_status lyap_optimiser_check(const struct lyap_optimiser *o, int layers, size_t samples,
                                      struct lyap_error *error) {
    if ((unsigned)o->kind >= LYAP_OPTIMISER_COUNT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "optimiser number %d is unknown", (int)o->kind);
    if (!(o->momentum >= 0 && o->momentum < 1))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "momentum %g: must be in [0, 1)", o->momentum);
    if (!(o->decay >= 0 && o->decay < 1))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "decay %g: must be in [0, 1)", o->decay);
    if (!(o->epsilon >= 0 && o->epsilon <= (double)FLT_MAX))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "epsilon %g: must be 0 or a positive number", o->epsilon);
    if (!(o->weight_decay >= 0 && o->weight_decay <= (double)FLT_MAX))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "weight decay %g: must be 0 or a positive number",
                         o->weight_decay);
    for (int l = 0; l < layers; l++)
        if (!(o->layer_rate[l] >= 0 && o->layer_rate[l] <= (double)FLT_MAX))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                             "learning-rate factor %g of layer %d: must be 0 or a positive number", o->layer_rate[l],
                             l + 1);
    if ((unsigned)o->schedule >= LYAP_SCHEDULE_COUNT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "schedule number %d is unknown: allowed are 0 to %d",
                         (int)o->schedule, LYAP_SCHEDULE_COUNT - 1);
    if (o->schedule_every < 1 || !(o->schedule_factor >= 0 && o->schedule_factor <= 1))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "schedule: steps between changes %lu must be at least 1, the factor %g in [0, 1]",
                         (unsigned long)o->schedule_every, o->schedule_factor);
    if (o->batch > samples)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "batch %llu: the data set has %zu samples",
                         (unsigned long long)o->batch, samples);
    return LYAP_OK;
}

static double power(double base, uint64_t exponent) {
    double result = 1;
    for (; exponent; exponent >>= 1, base *= base)
        if (exponent & 1) result *= base;
    return result;
}

double lyap_optimiser_rate(const struct lyap_optimiser *o, uint64_t step, uint64_t steps) {
    double rate = 1;
    if (o->schedule == LYAP_STEP_DECAY) rate = power(o->schedule_factor, step / o->schedule_every);
    if (o->schedule == LYAP_COSINE)
        rate = o->schedule_factor +
               (1 - o->schedule_factor) * (0.5 * (1 + lyap_cospi((double)step / (double)(steps ? steps : 1))));
    if (step + 1 < o->warm_up) rate *= (double)(step + 1) / (double)o->warm_up;
    return rate;
}

void lyap_optimiser_order(const struct lyap_optimiser *o, uint64_t pass, size_t samples, size_t *order) {
    for (size_t i = 0; i < samples; i++) order[i] = i;
    for (size_t i = samples; i > 1; i--) {
        double u;
        lyap_random_uniform(o->seed, LYAP_STREAM_BATCH, pass, i - 1, 1, &u);
        size_t j = (size_t)(u * (double)i), keep = order[i - 1];
        order[i - 1] = order[j];
        order[j] = keep;
    }
}
