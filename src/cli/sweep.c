/* lyapgrad sweep: many values of one setting, each over the same starting points and perturbations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/experiment.h"
#include "cli/task.h"
#include "cli/verify/gather.h"
#include "cli/verify/options.h"
#include "base/number.h"
#include "stats/log_grid.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/precision.h"

static const char form[] = "NAME=START:STOP:COUNT (stop excluded) or NAME=log:START:STOP:COUNT (ends included)";
enum { MAX_VALUES = 1000000 };

/* The swept quantity: its name, and a value and a setting for each plan.values; owned. */
struct own {
    struct cli_experiment experiment;
    char name[16];
    double *values;
    struct lyap_setting *settings;
};

/* The swept option: what it is, and the range as the user gave it. */
struct range {
    char name[16];
    bool logarithmic;
    double start, stop;
    size_t count;
};

static bool malformed(const char *text) {
    cli_complain("--over: '%.60s' is malformed; expected %s, as in lr=0.01:20:50", text, form);
    return false;
}

static bool parse_range(const char *text, struct range *range) {
    char part[3][64];
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || (size_t)(equals - text) >= sizeof range->name) return malformed(text);
    memset(range, 0, sizeof *range);
    memcpy(range->name, text, (size_t)(equals - text));
    const char *next = equals + 1;
    range->logarithmic = strncmp(next, "log:", 4) == 0;
    if (range->logarithmic) next += 4;
    for (int i = 0; i < 3; i++) {
        size_t length = strcspn(next, ":");
        if (length >= sizeof part[i] || (next[length] == ':') != (i < 2)) return malformed(text);
        memcpy(part[i], next, length);
        part[i][length] = '\0';
        next += length + 1;
    }
    uint64_t count, whole;
    if (strcmp(range->name, "epochs") == 0)
        for (int i = 0; i < 2; i++)
            if (!lyap_number_count(part[i], UINT64_MAX, &whole)) {
                cli_complain("--over: '%.60s': epochs are whole numbers; '%s' is none", text, part[i]);
                return false;
            }
    if (lyap_number_real(part[0], &range->start) || lyap_number_real(part[1], &range->stop)) return malformed(text);
    if (!lyap_number_count(part[2], MAX_VALUES, &count) || count < 1) {
        cli_complain("--over: '%.60s': the count must be a whole number 1 .. %d", text, MAX_VALUES);
        return false;
    }
    range->count = (size_t)count;
    if (range->logarithmic && !(range->start > 0 && range->stop > 0)) {
        cli_complain("--over: '%.60s': a logarithmic range needs ends above 0", text);
        return false;
    }
    return true;
}

/* Value i: start + i (stop - start) / count as in the paper, or geometric steps with both ends exact. */
static double value_at(const struct range *r, size_t i) {
    if (!r->logarithmic) return r->start + (double)i * ((r->stop - r->start) / (double)r->count);
    if (i == 0) return r->start;
    if (i + 1 == r->count) return r->stop;
    return lyap_log_between_rounded(r->start, r->stop, (double)i / (double)(r->count - 1));
}

static bool set_value(const char *name, double *value, struct lyap_setting *setting) {
    if (strcmp(name, "lr") == 0) {
        setting->lr = *value;
    } else if (strcmp(name, "perturbation") == 0) {
        setting->perturbation = *value;
    } else {
        *value = floor(*value + 0.5); /* epochs are whole; the range check is the plan's */
        if (!(*value >= 1 && *value <= INT32_MAX)) {
            cli_complain("--over: epochs %g: must be 1 .. %d", *value, INT32_MAX);
            return false;
        }
        setting->epochs = (uint32_t)*value;
    }
    return true;
}

static const char *const quantities[] = {"lr", "perturbation", "epochs", NULL};

static const char *quantity(int i, char text[CLI_WORD_LENGTH]) {
    if (!quantities[i]) return NULL;
    snprintf(text, CLI_WORD_LENGTH, "%s=", quantities[i]);
    return text;
}
static const struct cli_words quantity_words = {"quantity", quantity, NULL};

static bool known_name(const char *name) {
    for (const char *const *q = quantities; *q; q++)
        if (strcmp(name, *q) == 0) return true;
    return false;
}

static bool read_over(const struct cli_values *values, struct range *range) {
    const char *over = cli_text(values, "over");
    if (!over) {
        cli_complain("--over: is missing; expected %s, as in --over lr=0.01:20:50", form);
        return false;
    }
    if (!parse_range(over, range)) return false;
    if (!known_name(range->name)) {
        cli_complain("--over: cannot sweep '%s'; allowed are lr, perturbation and epochs", range->name);
        return false;
    }
    if (cli_text(values, range->name)) {
        cli_complain("--%s: given, and swept by --over too; leave one of them out", range->name);
        return false;
    }
    return true;
}

/* The number that the run has of a value: those of two values must differ. */
static double as_run(const struct lyap_setting *setting, const char *name, enum lyap_precision precision) {
    if (strcmp(name, "epochs") == 0) return setting->epochs;
    double value = strcmp(name, "lr") == 0 ? setting->lr : setting->perturbation;
    return precision == LYAP_FLOAT32 ? (double)(float)value : value;
}

static bool values_differ(const struct range *range, const struct lyap_setting *settings,
                          enum lyap_precision precision) {
    for (size_t i = 1; i < range->count; i++) {
        double before = as_run(&settings[i - 1], range->name, precision);
        if (before != as_run(&settings[i], range->name, precision)) continue;
        cli_complain("--over: %s: values %zu and %zu of %zu are the same, %.9g; widen the range or take fewer",
                     range->name, i, i + 1, range->count, before);
        return false;
    }
    return true;
}

/* The values of the range and the settings that have them. */
static bool make_settings(struct own *own, const struct range *range, int *status) {
    struct lyap_plan *plan = &own->experiment.plan;
    own->settings = malloc(range->count * sizeof *own->settings);
    own->values = malloc(range->count * sizeof *own->values);
    if (!own->settings || !own->values) {
        cli_complain("out of memory for %zu values", range->count);
        *status = EXIT_BAD_RUN;
        return false;
    }
    *status = EXIT_BAD_USAGE;
    for (size_t i = 0; i < range->count; i++) {
        own->settings[i] = plan->setting;
        own->values[i] = value_at(range, i);
        if (!set_value(range->name, &own->values[i], &own->settings[i])) return false;
    }
    if (!values_differ(range, own->settings, plan->precision)) return false;
    memcpy(own->name, range->name, sizeof own->name);
    plan->settings = own->settings;
    plan->values = range->count;
    *status = 0;
    return true;
}

static bool read_options(void *context, const struct cli_values *values, int *status) {
    struct own *own = context;
    struct range range;
    *status = EXIT_BAD_USAGE;
    return read_over(values, &range) && cli_experiment_read(&own->experiment, values, status) &&
           make_settings(own, &range, status);
}

static int run(void *context) {
    struct own *own = context;
    const struct lyap_swept swept = {.name = own->name, .values = own->values};
    return cli_experiment_run(&own->experiment, &swept);
}

static void release(void *context) {
    struct own *own = context;
    cli_experiment_free(&own->experiment);
    free(own->settings);
    free(own->values);
}

static enum lyap_status gather(void *context, struct cli_gather *to, struct lyap_error *error) {
    const struct own *own = context;
    return cli_gather_ensemble(to, &own->experiment.plan, error);
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
    dice_common(d);
    dice_precision(d);
    unsigned starts = dice_starts(d, 12), neighbours = dice_neighbours(d);
    unsigned epochs = dice_steps(d, 1, 40, 1.0 + neighbours, starts * values);
    struct dice_real low = d->rate_swept ? dice_real(d, -3, 0) : dice_real(d, -9, -6);
    struct dice_real high = d->rate_swept ? dice_real(d, 0, 1) : dice_real(d, -5, -1);
    if (d->epochs_swept)
        draw_epochs(d, values, logarithmic);
    else
        dice_add(d, "over", "%s=%s%s:%s:%u", d->rate_swept ? "lr" : "perturbation", scale, low.text, high.text, values);
    if (!d->perturbation_swept) dice_perturbation(d, -8, -1);
    if (!d->epochs_swept) dice_add(d, "epochs", "%u", epochs);
    dice_add(d, "series", NULL);
    if (dice_chance(d, 30)) dice_add(d, "evaluate", NULL);
}

static const struct cli_draw draws[] = {{10, draw_sweep}, {0, NULL}};
static const struct cli_task task = {.size = sizeof(struct own),
                                     .cells = true,
                                     .read = read_options,
                                     .run = run,
                                     .free = release,
                                     .gather = gather,
                                     .draws = draws};

static const struct cli_option own_options[] = {
    {.name = "over",
     .value = "NAME=START:STOP:COUNT",
     .type = CLI_FORM,
     .help =
         "what is swept, lr, perturbation or epochs, and COUNT values 1 .. 1000000 from START on, STOP excluded, or "
         "NAME=log:START:STOP:COUNT, ends included",
     .words = &quantity_words,
     .absent = "required"},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own_options};
static const struct cli_change common[] = {{.name = "out", .standard = "out/sweep"}, {.name = NULL}};
static const struct cli_use options[] = {{.group = &own_group},
                                         {.group = &cli_data_options},
                                         {.group = &cli_network_options},
                                         {.group = &cli_optimiser_options},
                                         {.group = &cli_training_options},
                                         {.group = &cli_start_options},
                                         {.group = &cli_experiment_options},
                                         {.group = &cli_common_options, .changes = common},
                                         {.group = &cli_checkpoint_options},
                                         {.group = NULL}};
static const struct lyap_schema *const tables[] = {&lyap_cells_schema, &lyap_series_schema, &lyap_weights_schema,
                                                   &lyap_sweep_schema, NULL};
const struct cli_command cli_sweep = {
    .name = "sweep",
    .summary = "exponents against learning rate, perturbation or epochs",
    .example = "lyapgrad sweep --over lr=0.01:20:50 --activation relu --starts 100",
    .options = options,
    .files = "cells.csv, and sweep.csv with one row per value of the swept quantity; series.csv with --series.",
    .tables = tables,
    .task = &task,
};
