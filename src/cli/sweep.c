/* lyapgrad sweep: many values of one setting, each over the same starting points and perturbations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/experiment.h"
#include "cli/options/span.h"
#include "cli/task.h"
#include "cli/verify/gather.h"
#include "cli/verify/options.h"
#include "base/number.h"
#include "stats/log_grid.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/precision.h"

enum { MOST_VALUES = 1000000 };

/* The swept quantity: its name, and a value and a setting for each plan.values; owned. */
struct own {
    struct cli_experiment experiment;
    char name[16];
    double *values;
    struct lyap_setting *settings;
};

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

static bool read_over(const struct cli_option *option, const char *text, void *group) {
    struct cli_span *range = group;
    uint64_t whole;
    if (!cli_span_read(option, text, range)) return false;
    if (strcmp(range->name, "steps") == 0) strcpy(range->name, "epochs"); /* as its column is called */
    if (!known_name(range->name)) return cli_span_unknown(option, range);
    for (int i = 0; i < 2 && strcmp(range->name, "epochs") == 0; i++)
        if (!lyap_number_count(range->end[i], UINT64_MAX, &whole)) {
            cli_complain("--over: '%.60s': epochs are whole numbers; '%s' is none", text, range->end[i]);
            return false;
        }
    if (range->logarithmic && !(range->low > 0 && range->high > 0)) {
        cli_complain("--over: '%.60s': a logarithmic range needs ends above 0", text);
        return false;
    }
    return true;
}

static const struct cli_option own_options[] = {
    {.name = "over",
     .value = "NAME:FROM:TO:COUNT[:log]",
     .type = CLI_FORM,
     .help = "what is swept, lr, perturbation or steps: COUNT values 1 .. 1000000, both ends included; "
             "NAME=START:STOP:COUNT, as in the paper, leaves STOP out",
     .words = &quantity_words,
     .most = MOST_VALUES,
     .absent = CLI_REQUIRED,
     .example = "lr:0.01:10:25:log",
     .read = read_over},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own_options};

/* Value i, in equal or geometric steps with both ends exact; with NAME=START:STOP:COUNT start + i (stop - start) / count, as in the paper. */
static double value_at(const struct cli_span *r, size_t i) {
    if (r->open && !r->logarithmic) return r->low + (double)i * ((r->high - r->low) / (double)r->count);
    if (i == 0) return r->low;
    if (i + 1 == r->count) return r->high;
    if (!r->logarithmic) return r->low + (double)i * ((r->high - r->low) / (double)(r->count - 1));
    return lyap_log_between_rounded(r->low, r->high, (double)i / (double)(r->count - 1));
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

/* The number that the run has of a value: those of two values must differ. */
static double as_run(const struct lyap_setting *setting, const char *name, enum lyap_precision precision) {
    if (strcmp(name, "epochs") == 0) return setting->epochs;
    double value = strcmp(name, "lr") == 0 ? setting->lr : setting->perturbation;
    return precision == LYAP_FLOAT32 ? (double)(float)value : value;
}

static bool values_differ(const struct cli_span *range, const struct lyap_setting *settings,
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
static bool make_settings(struct own *own, const struct cli_span *range, int *status) {
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
    struct cli_span range;
    *status = EXIT_BAD_USAGE;
    if (!cli_read(values, &own_group, &range)) return false;
    if (cli_text(values, range.name)) {
        cli_complain("--%s: given, and swept by --over too; leave one of them out", range.name);
        return false;
    }
    return cli_experiment_read(&own->experiment, values, status) && make_settings(own, &range, status);
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
    if (!d->epochs_swept) dice_add(d, "steps", "%u", epochs);
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

static const struct cli_change common[] = {{.name = "out", .standard = "out/sweep"}, {.name = NULL}};
static const struct cli_use options[] = {{.group = &own_group},
                                         {.group = &cli_data_options},
                                         {.group = &cli_network_options},
                                         {.group = &cli_training_options},
                                         {.group = &cli_common_options, .changes = common},
                                         {.group = &cli_start_options},
                                         {.group = &cli_optimiser_options},
                                         {.group = &cli_experiment_options},
                                         {.group = &cli_checkpoint_options},
                                         {.group = NULL}};
static const struct lyap_schema *const tables[] = {&lyap_cells_schema, &lyap_series_schema, &lyap_weights_schema,
                                                   &lyap_sweep_schema, NULL};
const struct cli_command cli_sweep = {
    .name = "sweep",
    .summary = "exponents against learning rate, perturbation or steps",
    .example = "lyapgrad sweep --over lr=0.01:20:50 --activation relu --starts 100",
    .options = options,
    .files = "cells.csv, and sweep.csv with one row per value of the swept quantity; series.csv with --series.",
    .tables = tables,
    .task = &task,
};
