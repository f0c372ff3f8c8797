/* What the results of a plan depend on, as text, and the first difference between two such texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/bifurcation.h"
#include "model/initial_law.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/version.h"
#include "experiments/map.h"
#include "io/output_file.h"
#include "engine/plan.h"
#include "engine/spectrum_worker.h"
#include "base/text.h"

static void put_real(FILE *file, const char *key, double value) {
    char text[32];
    fprintf(file, "%s = %s\n", key, lyap_format_real(value, text));
}

static void put_count(FILE *file, const char *key, uint64_t value) {
    fprintf(file, "%s = %llu\n", key, (unsigned long long)value);
}

static void put_digest(FILE *file, const char *key, uint64_t digest) {
    fprintf(file, "%s = %016llx\n", key, (unsigned long long)digest);
}

static uint64_t digest_reals(uint64_t digest, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) digest = lyap_digest_double(digest, values[i]);
    return digest;
}

static void put_data(FILE *file, const char *key, const struct lyap_dataset *data) {
    uint64_t digest = digest_reals(LYAP_DIGEST_START, data->x, data->samples * data->inputs);
    digest = digest_reals(digest, data->y, data->samples * data->outputs);
    fprintf(file, "%s = %zu samples of %zu inputs and %zu outputs with digest %016llx\n", key, data->samples,
            data->inputs, data->outputs, (unsigned long long)digest);
}

static void put_network(FILE *file, const struct lyap_network *net) {
    fputs("net = ", file);
    for (int l = 0; l <= net->layers; l++) fprintf(file, "%s%d", l ? "-" : "", net->sizes[l]);
    fputs("\nactivation = ", file);
    for (int l = 0; l < net->layers; l++) fprintf(file, "%s%s", l ? "," : "", lyap_activation_name(net->activation[l]));
    fprintf(file, "\nloss = %s\n", lyap_loss_name(net->loss));
}

static void put_values(FILE *file, const struct lyap_plan *plan) {
    put_count(file, "values", plan->values);
    if (!plan->settings) {
        put_real(file, "lr", plan->setting.lr);
        put_real(file, "perturbation", plan->setting.perturbation);
        put_count(file, "epochs", plan->setting.epochs);
        return;
    }
    uint64_t lr = LYAP_DIGEST_START, perturbation = lr, epochs = lr;
    for (size_t v = 0; v < plan->values; v++) {
        lr = lyap_digest_double(lr, plan->settings[v].lr);
        perturbation = lyap_digest_double(perturbation, plan->settings[v].perturbation);
        epochs = lyap_digest_u64(epochs, plan->settings[v].epochs);
    }
    put_digest(file, "lr.digest", lr);
    put_digest(file, "perturbation.digest", perturbation);
    put_digest(file, "epochs.digest", epochs);
}

static void put_starts(FILE *file, const struct lyap_plan *plan) {
    put_count(file, "seed", plan->seed);
    put_count(file, "starts", plan->starts);
    if (plan->weights) {
        put_digest(file, "weights.digest",
                   digest_reals(LYAP_DIGEST_START, plan->weights,
                                (size_t)plan->starts * lyap_network_parameters(plan->network)));
        return;
    }
    fprintf(file, "init = %s\n", lyap_init_name(plan->init));
    if (!lyap_init_is_scaled(plan->init)) {
        put_real(file, "init.a", plan->init_a);
        put_real(file, "init.b", plan->init_b);
    }
    put_count(file, "init-bias", (uint64_t)plan->bias);
    if (plan->bias > LYAP_BIAS_ZERO) {
        put_real(file, "init-bias.a", plan->bias_a);
        put_real(file, "init-bias.b", plan->bias_b);
    }
    fprintf(file, "loss-window = %s\n", plan->window ? "yes" : "none");
    if (plan->window) {
        put_real(file, "loss-window.low", plan->window_low);
        put_real(file, "loss-window.high", plan->window_high);
    }
}

static void put_optimiser(FILE *file, const struct lyap_optimiser *o, int layers) {
    fprintf(file, "optimiser = %s\n", lyap_optimiser_name(o->kind));
    put_real(file, "momentum", o->momentum);
    put_real(file, "decay", o->decay);
    put_real(file, "epsilon", o->epsilon);
    put_real(file, "weight-decay", o->weight_decay);
    put_count(file, "schedule", (uint64_t)o->schedule);
    put_count(file, "schedule.every", o->schedule_every);
    put_real(file, "schedule.factor", o->schedule_factor);
    put_count(file, "warm-up", o->warm_up);
    put_digest(file, "layer-rates.digest", digest_reals(LYAP_DIGEST_START, o->layer_rate, (size_t)layers));
    put_count(file, "batch", o->batch);
    if (o->batch) put_count(file, "batch-seed", o->seed);
    put_count(file, "state.full", o->full_state);
}

static void put_plan(FILE *file, const struct lyap_plan *plan, bool network) {
    if (network) {
        put_network(file, plan->network);
        put_data(file, "data", plan->data);
        if (plan->test) put_data(file, "test-data", plan->test);
    }
    fprintf(file, "precision = %s\n", lyap_precision_name(plan->precision));
    put_values(file, plan);
    put_count(file, "neighbours", plan->neighbours);
    put_starts(file, plan);
    put_real(file, "escape", plan->escape);
    if (network) put_optimiser(file, &plan->optimiser, plan->network->layers);
    put_count(file, "series", plan->series);
    put_count(file, "evaluate", plan->evaluate);
    put_count(file, "save-weights", plan->last_weights);
}

static void put_spectrum(FILE *file, const struct lyap_spectrum_plan *plan) {
    fprintf(file, "system = %s\n", lyap_system_name(plan->system));
    if (plan->system != LYAP_SYSTEM_NETWORK)
        put_digest(file, "constants.digest", digest_reals(LYAP_DIGEST_START, plan->constants, plan->constant_count));
    if (plan->states)
        put_digest(
            file, "states.digest",
            digest_reals(LYAP_DIGEST_START, plan->states, (size_t)plan->base.starts * lyap_spectrum_dimension(plan)));
    put_count(file, "exponents", plan->exponents);
    put_count(file, "qr-every", lyap_spectrum_qr_every(plan));
    put_count(file, "transient", plan->transient);
    put_real(file, "until-ci", plan->until_ci);
    put_real(file, "growth", plan->growth);
    put_real(file, "tolerance", plan->tolerance);
    put_real(file, "band", plan->band);
    put_count(file, "history", plan->history);
    put_count(file, "curvature", plan->curvature);
    put_real(file, "target", plan->target);
}

/* "key = QUANTITY:LOW:HIGH[:COUNT][:log]"; count 0: none. */
static void put_axis(FILE *file, const char *key, const struct lyap_map_axis *axis, size_t count) {
    char name[16], low[32], high[32], values[24] = "";
    if (count) snprintf(values, sizeof values, ":%zu", count);
    fprintf(file, "%s = %s:%s:%s%s%s\n", key, lyap_map_axis_name(axis, name, sizeof name),
            lyap_format_real(axis->low, low), lyap_format_real(axis->high, high), values,
            axis->logarithmic ? ":log" : "");
}

static void put_map(FILE *file, const struct lyap_map_plan *map) {
    put_axis(file, "x", &map->x, 0);
    put_axis(file, "y", &map->y, 0);
    fprintf(file, "resolution = %zux%zu\n", map->width, map->height);
}

static void put_bifurcation(FILE *file, const struct lyap_bifurcation_plan *plan) {
    static const char *const all[] = {"weights", "outputs", "loss"}, *const one[] = {"w", "y", "loss"};
    put_axis(file, "over", &plan->over, plan->values);
    fprintf(file, "show = %s", plan->which ? "" : all[plan->kind]);
    for (size_t c = 0; plan->which && c < plan->columns; c++)
        fprintf(file, "%s%s%zu", c ? "," : "", one[plan->kind], plan->which[c]);
    fputs("\n", file);
}

/* What is asked for: without `spectral` the plan of an ensemble, and the last two are NULL but for plans of their own. */
struct asked {
    bool spectral;
    const struct lyap_spectrum_plan *spectrum;
    const struct lyap_map_plan *map;
    const struct lyap_bifurcation_plan *bifurcation;
};

static enum lyap_status write_settings(const struct lyap_plan *plan, struct asked asked, bool network, char **text,
                                       struct lyap_error *error) {
    const struct lyap_spectrum_plan *spectrum = asked.spectrum;
    size_t size;
    FILE *file = open_memstream(text, &size);
    if (!file) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the settings");
    fprintf(file, "version = %s\nsleef = %s\nestimator = %s\n", lyap_version(), lyap_sleef_version(),
            !asked.spectral                     ? "kantz-wolf"
            : spectrum->method == LYAP_RESCALED ? "rescaled"
                                                : "tangent");
    put_plan(file, plan, network);
    if (asked.spectral) put_spectrum(file, spectrum);
    if (asked.map) put_map(file, asked.map);
    if (asked.bifurcation) put_bifurcation(file, asked.bifurcation);
    if (lyap_text_close(file, text)) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the settings");
}

enum lyap_status lyap_checkpoint_settings(const struct lyap_plan *plan, char **text, struct lyap_error *error) {
    *text = NULL;
    enum lyap_status status = lyap_plan_check(plan, error);
    return status ? status : write_settings(plan, (struct asked){0}, true, text, error);
}

enum lyap_status lyap_checkpoint_settings_spectrum(const struct lyap_spectrum_plan *plan, char **text,
                                                   struct lyap_error *error) {
    *text = NULL;
    enum lyap_status status = lyap_spectrum_check(plan, error);
    if (status) return status;
    return write_settings(&plan->base, (struct asked){.spectral = true, .spectrum = plan},
                          plan->system == LYAP_SYSTEM_NETWORK, text, error);
}

enum lyap_status lyap_checkpoint_settings_map(const struct lyap_map_plan *plan, char **text, struct lyap_error *error) {
    *text = NULL;
    enum lyap_status status = lyap_map_check(plan, error);
    if (status) return status;
    return write_settings(&plan->spectrum.base,
                          (struct asked){.spectral = true, .spectrum = &plan->spectrum, .map = plan}, true, text,
                          error);
}

enum lyap_status lyap_checkpoint_settings_bifurcation(const struct lyap_bifurcation_plan *plan, char **text,
                                                      struct lyap_error *error) {
    *text = NULL;
    enum lyap_status status = lyap_bifurcation_check(plan, error);
    if (status) return status;
    return write_settings(&plan->spectrum.base,
                          (struct asked){.spectral = true, .spectrum = &plan->spectrum, .bifurcation = plan}, true,
                          text, error);
}

enum lyap_status lyap_checkpoint_compare(const char *directory, const char *there, const char *here,
                                         struct lyap_error *error) {
    if (strcmp(there, here) == 0) return LYAP_OK;
    while (*there && *here && strcspn(there, "\n") == strcspn(here, "\n") &&
           strncmp(there, here, strcspn(there, "\n")) == 0) {
        there += strcspn(there, "\n") + (there[strcspn(there, "\n")] == '\n');
        here += strcspn(here, "\n") + (here[strcspn(here, "\n")] == '\n');
    }
    int old_length = (int)strcspn(there, "\n"), new_length = (int)strcspn(here, "\n");
    int key = (int)strcspn(there, "=\n");
    bool same_key = there[key] == '=' && strncmp(there, here, (size_t)key) == 0 && here[key] == '=';
    bool version = strncmp(there, "version", 7) == 0 || strncmp(there, "sleef", 5) == 0;
    if (same_key)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.150s: the checkpoint is of %s: %.*s is%.*s there and%.*s here",
                         directory, version ? "another version" : "other settings", key > 1 ? key - 1 : 0, there,
                         old_length - key - 1 < 80 ? old_length - key - 1 : 80, there + key + 1,
                         new_length - key - 1 < 80 ? new_length - key - 1 : 80, here + key + 1);
    return lyap_fail(error, LYAP_ERROR_FILE, "%.150s: the checkpoint is of other settings: '%.*s' there, '%.*s' here",
                     directory, old_length < 80 ? old_length : 80, there, new_length < 80 ? new_length : 80, here);
}
