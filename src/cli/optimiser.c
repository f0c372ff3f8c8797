#include "cli/optimiser.h"

#include <string.h>

#include "base/number.h"
#include "io/output_file.h"
#include "lyapgrad/ensemble.h"

const struct cli_option cli_optimiser_options[] = {
    {"optimiser", "NAME", "gd, momentum, nesterov, rmsprop, adam, adamw (gd)"},
    {"momentum", "MU", "of momentum and nesterov; beta1 of adam (0.9)"},
    {"decay", "RATE", "of the mean square: rmsprop (0.99), beta2 of adam (0.999)"},
    {"epsilon", "E", "of rmsprop and adam (1e-8)"},
    {"weight-decay", "RATE",
     "L2 penalty's share of the gradient, over all parameters; decoupled in adamw (0; adamw 0.01)"},
    {"schedule", "NAME", "of the learning rate: constant, step:EVERY,FACTOR, cosine or cosine:FLOOR (constant)"},
    {"warm-up", "N", "steps over which the learning rate rises to its value (0)"},
    {"layer-rates", "R1,R2,...", "factor of the learning rate in each layer of weights (1)"},
    {"batch", "N", "samples of a mini-batch, in an order that parent and neighbours share (all: full batch)"},
    {"batch-seed", "N", "seed of that order (that of --seed)"},
    {"state", "weights|full", "what distance and tangent are over: weights, or the optimiser's buffers too (weights)"},
    {NULL, NULL, NULL},
};

/* The numbers that not every optimiser has. */
static const struct {
    const char *option, *whose;
    bool squares; /* of the mean square, which momentum and nesterov have not */
} numbers[] = {{"momentum", "momentum, nesterov, adam, adamw", false},
               {"decay", "rmsprop, adam, adamw", true},
               {"epsilon", "rmsprop, adam, adamw", true}};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

bool cli_optimiser_takes(enum lyap_optimiser_kind kind, const char *option) {
    for (int i = 0; i < NUMBERS; i++)
        if (strcmp(option, numbers[i].option) == 0)
            return numbers[i].squares ? kind >= LYAP_RMSPROP : kind != LYAP_GD && kind != LYAP_RMSPROP;
    return true;
}

static bool fits(const struct cli_values *values, enum lyap_optimiser_kind kind) {
    for (int i = 0; i < NUMBERS; i++)
        if (!cli_optimiser_takes(kind, numbers[i].option) && cli_text(values, numbers[i].option)) {
            cli_complain("--%s: the optimiser %s has none; it belongs to: %s", numbers[i].option,
                         lyap_optimiser_name(kind), numbers[i].whose);
            return false;
        }
    if (cli_text(values, "batch-seed") && !cli_text(values, "batch")) {
        cli_complain("--batch-seed: without --batch all samples are in every step, and their order has no meaning");
        return false;
    }
    return true;
}

static bool read_schedule(struct lyap_optimiser *o, const char *text) {
    static const char form[] = "constant, step:EVERY,FACTOR, cosine or cosine:FLOOR";
    if (!text || strcmp(text, "constant") == 0) return true;
    if (strcmp(text, "cosine") == 0) {
        o->schedule = LYAP_COSINE;
        return true;
    }
    if (strncmp(text, "cosine:", 7) == 0) {
        o->schedule = LYAP_COSINE;
        if (lyap_number_real(text + 7, &o->schedule_factor) == LYAP_NUMBER_OK && o->schedule_factor >= 0 &&
            o->schedule_factor <= 1)
            return true;
        cli_complain("--schedule: the floor '%.60s' is not allowed; expected a number in [0, 1]", text + 7);
        return false;
    }
    if (strncmp(text, "step:", 5) == 0) {
        uint64_t every;
        double number;
        char whole[24] = "";
        const size_t length = strcspn(text + 5, ",");
        o->schedule = LYAP_STEP_DECAY;
        if (!cli_pair("schedule", text, text + 5, form, &number, &o->schedule_factor)) return false;
        if (length < sizeof whole) memcpy(whole, text + 5, length);
        if (lyap_number_count(whole, INT32_MAX, &every) && every >= 1 && o->schedule_factor >= 0 &&
            o->schedule_factor <= 1) {
            o->schedule_every = (uint32_t)every;
            return true;
        }
        cli_complain("--schedule: '%.60s' is not allowed; EVERY is a whole number of steps from 1, FACTOR in [0, 1]",
                     text);
        return false;
    }
    cli_complain("--schedule: unknown schedule '%.60s'; expected %s", text, form);
    return false;
}

static bool read_layer_rates(struct lyap_optimiser *o, const char *text, int layers) {
    if (!text) return true;
    const char *at = text;
    for (int l = 0; l < layers; l++) {
        char number[64];
        size_t length = strcspn(at, ",");
        bool last = l + 1 == layers, good = length < sizeof number && at[length] == (last ? '\0' : ',');
        if (good) {
            memcpy(number, at, length);
            number[length] = '\0';
            good = lyap_number_real(number, &o->layer_rate[l]) == LYAP_NUMBER_OK && o->layer_rate[l] >= 0;
        }
        if (!good) {
            cli_complain("--layer-rates: '%.60s' is malformed; expected %d numbers from 0 joined by commas, one a "
                         "layer of weights",
                         text, layers);
            return false;
        }
        at += length + 1;
    }
    return true;
}

bool cli_optimiser_read(struct lyap_optimiser *o, const struct cli_values *values, uint64_t seed, int layers) {
    const char *name = cli_text(values, "optimiser"), *state = cli_text(values, "state");
    enum lyap_optimiser_kind kind = LYAP_GD;
    struct lyap_error error;
    uint64_t warm_up = 0;
    if (name && lyap_optimiser_parse(name, &kind, &error)) return cli_complain("--optimiser: %s", error.message), false;
    if (!fits(values, kind)) return false;
    lyap_optimiser_defaults(o, kind);
    o->seed = seed;
    if (state && strcmp(state, "weights") != 0 && strcmp(state, "full") != 0)
        return cli_complain("--state: unknown state '%.60s'; expected weights or full", state), false;
    o->full_state = state && strcmp(state, "full") == 0;
    bool ok = cli_real(values, "momentum", &o->momentum) && cli_real(values, "decay", &o->decay) &&
              cli_real(values, "epsilon", &o->epsilon) && cli_real(values, "weight-decay", &o->weight_decay) &&
              read_schedule(o, cli_text(values, "schedule")) && cli_count(values, "warm-up", 0, INT32_MAX, &warm_up) &&
              read_layer_rates(o, cli_text(values, "layer-rates"), layers) &&
              cli_count(values, "batch", 1, UINT64_C(1) << 31, &o->batch) &&
              cli_count(values, "batch-seed", 0, UINT64_MAX, &o->seed);
    o->warm_up = (uint32_t)warm_up;
    return ok;
}

void cli_optimiser_manifest(FILE *file, const struct lyap_plan *plan) {
    const struct lyap_optimiser *o = &plan->optimiser;
    char a[32];
    bool squares = o->kind >= LYAP_RMSPROP, layered = false;
    fprintf(file, "optimiser = %s\n", lyap_optimiser_name(o->kind));
    if (o->kind != LYAP_GD && o->kind != LYAP_RMSPROP)
        fprintf(file, "momentum = %s\n", lyap_format_real(o->momentum, a));
    if (squares) fprintf(file, "decay = %s\n", lyap_format_real(o->decay, a));
    if (squares) fprintf(file, "epsilon = %s\n", lyap_format_real(o->epsilon, a));
    if (o->weight_decay > 0) fprintf(file, "weight-decay = %s\n", lyap_format_real(o->weight_decay, a));
    if (o->schedule == LYAP_STEP_DECAY)
        fprintf(file, "schedule = step:%lu,%s\n", (unsigned long)o->schedule_every,
                lyap_format_real(o->schedule_factor, a));
    if (o->schedule == LYAP_COSINE) fprintf(file, "schedule = cosine:%s\n", lyap_format_real(o->schedule_factor, a));
    if (o->warm_up) fprintf(file, "warm-up = %lu\n", (unsigned long)o->warm_up);
    for (int l = 0; l < plan->network->layers; l++) layered = layered || o->layer_rate[l] != 1;
    for (int l = 0; layered && l < plan->network->layers; l++)
        fprintf(file, "%s%s", l ? "," : "layer-rates = ", lyap_format_real(o->layer_rate[l], a));
    if (layered) putc('\n', file);
    if (o->batch)
        fprintf(file, "batch = %llu\nbatch-seed = %llu\n", (unsigned long long)o->batch, (unsigned long long)o->seed);
    if (o->full_state) fputs("state = full\n", file);
}
