#include "cli/options/optimiser.h"

#include <string.h>

#include "base/number.h"
#include "cli/options/numbers.h"
#include "io/output_file.h"

/* "step:EVERY,FACTOR". */
static bool read_step(const struct cli_option *option, struct lyap_optimiser *o, const char *text) {
    const size_t length = strcspn(text + 5, ",");
    uint64_t every;
    double number;
    char whole[24] = "";
    if (!cli_pair(option, text, text + 5, &number, &o->schedule_factor)) return false;
    if (length < sizeof whole) memcpy(whole, text + 5, length);
    if (!lyap_number_count(whole, INT32_MAX, &every) || every < 1 ||
        !(o->schedule_factor >= 0 && o->schedule_factor <= 1))
        return cli_refuse(option->name, text, "EVERY a whole number of steps 1 .. %d and FACTOR 0 .. 1", INT32_MAX);
    o->schedule = LYAP_STEP_DECAY;
    o->schedule_every = (uint32_t)every;
    return true;
}

static bool read_schedule(const struct cli_option *option, const char *text, void *group) {
    struct lyap_optimiser *o = group;
    if (strcmp(text, "constant") == 0) return true;
    if (strncmp(text, "step:", 5) == 0) return read_step(option, o, text);
    if (strcmp(text, "cosine") == 0 || strncmp(text, "cosine:", 7) == 0) {
        o->schedule = LYAP_COSINE;
        if (!text[6] || (lyap_number_real(text + 7, &o->schedule_factor) == LYAP_NUMBER_OK && o->schedule_factor >= 0 &&
                         o->schedule_factor <= 1))
            return true;
        cli_complain("--%s: the floor '%.60s' is not allowed; expected a number 0 .. 1", option->name, text + 7);
        return false;
    }
    return cli_words_complain(option->words, option->name, text, strcspn(text, ":")), false;
}

static const char *state(int i, char text[CLI_WORD_LENGTH]) {
    static const char *const words[] = {"weights", "full", NULL};
    (void)text;
    return words[i];
}
static const struct cli_words states = {"state", state, NULL};

/* The optimisers that have the number, one bit each. */
#define MOMENTUM_BIT(constant, name, momentum, ...) | ((momentum) ? 1 << LYAP_##constant : 0)
#define SQUARES_BIT(constant, name, momentum, squares, ...) | ((squares) ? 1 << LYAP_##constant : 0)
enum { WITH_MOMENTUM = 0 LYAP_OPTIMISER_LIST(MOMENTUM_BIT), WITH_SQUARES = 0 LYAP_OPTIMISER_LIST(SQUARES_BIT) };

/* The rates of the layers are read where their number is known. */
static const struct cli_option options[] = {
    {.name = "optimiser",
     .also = "optimizer",
     .value = "NAME",
     .type = CLI_WORD,
     .help = "optimiser",
     .words = &cli_optimisers,
     .standard = "gd",
     .into = CLI_INTO(struct lyap_optimiser, kind)},
    {.name = "momentum",
     .value = "MU",
     .type = CLI_REAL,
     .help = "momentum of momentum and nesterov, beta1 of the Adam family",
     .range = {0, 1, false, true},
     .absent = "0.9",
     .with = &cli_optimisers,
     .choices = WITH_MOMENTUM,
     .into = CLI_INTO(struct lyap_optimiser, momentum)},
    {.name = "decay",
     .value = "RATE",
     .type = CLI_REAL,
     .help = "decay of the mean square of rmsprop, beta2 of the Adam family",
     .range = {0, 1, false, true},
     .absent = "rmsprop 0.99, the others 0.999",
     .with = &cli_optimisers,
     .choices = WITH_SQUARES,
     .into = CLI_INTO(struct lyap_optimiser, decay)},
    {.name = "epsilon",
     .value = "E",
     .type = CLI_REAL,
     .help = "number added to the root of the mean square, of rmsprop and the Adam family",
     .range = CLI_AT_LEAST(0),
     .absent = "1e-8",
     .with = &cli_optimisers,
     .choices = WITH_SQUARES,
     .into = CLI_INTO(struct lyap_optimiser, epsilon)},
    {.name = "weight-decay",
     .value = "RATE",
     .type = CLI_REAL,
     .help = "factor of the weights in the gradient (L2 penalty) over all parameters; decoupled in adamw",
     .range = CLI_AT_LEAST(0),
     .absent = "0; adamw 0.01",
     .into = CLI_INTO(struct lyap_optimiser, weight_decay)},
    {.name = "schedule",
     .value = "NAME",
     .type = CLI_FORM,
     .help = "schedule of the learning rate; EVERY in steps, FACTOR and FLOOR 0 .. 1",
     .words = &cli_schedules,
     .standard = "constant",
     .read = read_schedule},
    {.name = "warm-up",
     .value = "N",
     .type = CLI_COUNT,
     .help = "length of the linear rise of the learning rate to its value",
     .most = INT32_MAX,
     .unit = "steps",
     .standard = "0",
     .into = CLI_INTO(struct lyap_optimiser, warm_up)},
    {.name = "layer-rates",
     .value = "R1,R2,...",
     .type = CLI_FORM,
     .help = "factor of the learning rate in each layer of weights, numbers of at least 0",
     .absent = "1 in each"},
    {.name = "batch",
     .also = "batch-size",
     .value = "N",
     .type = CLI_COUNT,
     .help = "size of a mini-batch, in an order that parent and neighbours share",
     .least = 1,
     .most = UINT64_C(1) << 31,
     .unit = "samples",
     .absent = "all samples",
     .into = CLI_INTO(struct lyap_optimiser, batch)},
    {.name = "batch-seed",
     .value = "N",
     .type = CLI_COUNT,
     .help = "seed of the order of the samples in mini-batches",
     .most = UINT64_MAX,
     .absent = "that of --seed",
     .into = CLI_INTO(struct lyap_optimiser, seed)},
    {.name = "state",
     .value = "weights|full",
     .type = CLI_WORD,
     .help = "what distance and tangent are over, the weights alone or the optimiser's buffers, too",
     .words = &states,
     .standard = "weights",
     .into = CLI_INTO(struct lyap_optimiser, full_state)},
    {.name = NULL},
};
const struct cli_group cli_optimiser_options = {"Optimisers", options};

/* The group's option of that name. */
static const struct cli_option *option_named(const char *name) {
    const struct cli_option *o = options;
    while (o->name && strcmp(o->name, name) != 0) o++;
    return o;
}

bool cli_optimiser_takes(enum lyap_optimiser_kind kind, const char *name) {
    const struct cli_option *o = option_named(name);
    return !o->with || o->choices >> kind & 1;
}

static bool read_layer_rates(struct lyap_optimiser *o, const char *text, int layers) {
    if (!text) return true;
    bool good = cli_reals(text, ',', layers, o->layer_rate) == layers;
    for (int l = 0; l < layers; l++) good = good && o->layer_rate[l] >= 0;
    if (good) return true;
    cli_complain("--layer-rates: '%.60s' is malformed; expected %d numbers from 0 joined by commas, one per layer of "
                 "weights",
                 text, layers);
    return false;
}

bool cli_optimiser_read(struct lyap_optimiser *o, const struct cli_values *values, uint64_t seed, int layers) {
    const char *name = cli_text_or_standard(values, "optimiser");
    const int number = cli_word_number(&cli_optimisers, name, strlen(name));
    if (number < 0) return cli_words_complain(&cli_optimisers, "optimiser", name, strlen(name)), false;
    if (!cli_choice_fits(values, &cli_optimisers, number)) return false;
    if (cli_text(values, "batch-seed") && !cli_text(values, "batch")) {
        cli_complain("--batch-seed: without --batch all samples are in every step, and their order has no meaning");
        return false;
    }
    lyap_optimiser_defaults(o, (enum lyap_optimiser_kind)number);
    o->seed = seed;
    return cli_read(values, &cli_optimiser_options, o) && read_layer_rates(o, cli_text(values, "layer-rates"), layers);
}

void cli_optimiser_manifest(FILE *file, const struct lyap_plan *plan) {
    const struct cli_group *group = &cli_optimiser_options;
    const struct lyap_optimiser *o = &plan->optimiser;
    char a[32];
    bool layered = false;
    cli_put(file, group, "optimiser", o);
    for (const struct cli_option *option = options; option->name; option++)
        if (option->with && option->choices >> o->kind & 1) cli_put(file, group, option->name, o);
    if (o->weight_decay > 0) cli_put(file, group, "weight-decay", o);
    if (o->schedule == LYAP_STEP_DECAY)
        fprintf(file, "schedule = step:%lu,%s\n", (unsigned long)o->schedule_every,
                lyap_format_real(o->schedule_factor, a));
    if (o->schedule == LYAP_COSINE) fprintf(file, "schedule = cosine:%s\n", lyap_format_real(o->schedule_factor, a));
    if (o->warm_up) cli_put(file, group, "warm-up", o);
    for (int l = 0; l < plan->network->layers; l++) layered = layered || o->layer_rate[l] != 1;
    for (int l = 0; layered && l < plan->network->layers; l++)
        fprintf(file, "%s%s", l ? "," : "layer-rates = ", lyap_format_real(o->layer_rate[l], a));
    if (layered) putc('\n', file);
    if (o->batch) cli_put(file, group, "batch", o);
    if (o->batch) cli_put(file, group, "batch-seed", o);
    if (o->full_state) cli_put(file, group, "state", o);
}
