#include "engine/settings.h"

#include "engine/spectrum_plan.h"
#include "io/keys.h"
#include "lyapgrad/digest.h"
#include "model/initial_law.h"
#include "lyapgrad/dataset.h"

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
    lyap_key_count(file, "values", plan->values);
    if (!plan->settings) {
        lyap_key_real(file, "lr", plan->setting.lr);
        lyap_key_real(file, "perturbation", plan->setting.perturbation);
        lyap_key_count(file, "epochs", plan->setting.epochs);
        return;
    }
    uint64_t lr = LYAP_DIGEST_START, perturbation = lr, epochs = lr;
    for (size_t v = 0; v < plan->values; v++) {
        lr = lyap_digest_double(lr, plan->settings[v].lr);
        perturbation = lyap_digest_double(perturbation, plan->settings[v].perturbation);
        epochs = lyap_digest_u64(epochs, plan->settings[v].epochs);
    }
    lyap_key_digest(file, "lr.digest", lr);
    lyap_key_digest(file, "perturbation.digest", perturbation);
    lyap_key_digest(file, "epochs.digest", epochs);
}

static void put_starts(FILE *file, const struct lyap_plan *plan) {
    lyap_key_count(file, "seed", plan->seed);
    lyap_key_count(file, "starts", plan->starts);
    if (plan->weights) {
        lyap_key_reals(file, "weights.digest", plan->weights,
                       (size_t)plan->starts * lyap_network_parameters(plan->network));
        return;
    }
    lyap_key_word(file, "init", lyap_init_name(plan->init));
    if (!lyap_init_is_scaled(plan->init)) {
        lyap_key_real(file, "init.a", plan->init_a);
        lyap_key_real(file, "init.b", plan->init_b);
    }
    lyap_key_count(file, "init-bias", (uint64_t)plan->bias);
    if (plan->bias > LYAP_BIAS_ZERO) {
        lyap_key_real(file, "init-bias.a", plan->bias_a);
        lyap_key_real(file, "init-bias.b", plan->bias_b);
    }
    lyap_key_word(file, "loss-window", plan->window ? "yes" : "none");
    if (plan->window) {
        lyap_key_real(file, "loss-window.low", plan->window_low);
        lyap_key_real(file, "loss-window.high", plan->window_high);
    }
}

static void put_optimiser(FILE *file, const struct lyap_optimiser *o, int layers) {
    lyap_key_word(file, "optimiser", lyap_optimiser_name(o->kind));
    lyap_key_real(file, "momentum", o->momentum);
    lyap_key_real(file, "decay", o->decay);
    lyap_key_real(file, "epsilon", o->epsilon);
    lyap_key_real(file, "weight-decay", o->weight_decay);
    lyap_key_count(file, "schedule", (uint64_t)o->schedule);
    lyap_key_count(file, "schedule.every", o->schedule_every);
    lyap_key_real(file, "schedule.factor", o->schedule_factor);
    lyap_key_count(file, "warm-up", o->warm_up);
    lyap_key_reals(file, "layer-rates.digest", o->layer_rate, (size_t)layers);
    lyap_key_count(file, "batch", o->batch);
    if (o->batch) lyap_key_count(file, "batch-seed", o->seed);
    lyap_key_count(file, "state.full", o->full_state);
}

static void put_plan(FILE *file, const struct lyap_plan *plan, bool network) {
    if (network) {
        put_network(file, plan->network);
        put_data(file, "data", plan->data);
        if (plan->test) put_data(file, "test-data", plan->test);
    }
    lyap_key_word(file, "precision", lyap_precision_name(plan->precision));
    put_values(file, plan);
    lyap_key_count(file, "neighbours", plan->neighbours);
    put_starts(file, plan);
    lyap_key_real(file, "escape", plan->escape);
    if (network) put_optimiser(file, &plan->optimiser, plan->network->layers);
    lyap_key_count(file, "series", plan->series);
    lyap_key_count(file, "evaluate", plan->evaluate);
    lyap_key_count(file, "save-weights", plan->last_weights);
}

void lyap_settings_ensemble(FILE *file, const struct lyap_plan *plan) {
    lyap_key_word(file, "estimator", "kantz-wolf");
    put_plan(file, plan, true);
}

void lyap_settings_spectrum(FILE *file, const struct lyap_spectrum_plan *plan) {
    lyap_key_word(file, "estimator", lyap_method_traits(plan->method)->name);
    put_plan(file, &plan->base, plan->system == LYAP_SYSTEM_NETWORK);
    lyap_key_word(file, "system", lyap_system_name(plan->system));
    if (plan->system != LYAP_SYSTEM_NETWORK)
        lyap_key_reals(file, "constants.digest", plan->constants, plan->constant_count);
    if (plan->states)
        lyap_key_reals(file, "states.digest", plan->states, (size_t)plan->base.starts * lyap_spectrum_dimension(plan));
    lyap_key_count(file, "exponents", plan->exponents);
    lyap_key_count(file, "qr-every", lyap_spectrum_qr_every(plan));
    lyap_key_count(file, "transient", plan->transient);
    lyap_key_real(file, "until-ci", plan->until_ci);
    lyap_key_real(file, "growth", plan->growth);
    lyap_key_real(file, "tolerance", plan->tolerance);
    lyap_key_real(file, "band", plan->band);
    lyap_key_count(file, "history", plan->history);
    lyap_key_count(file, "curvature", plan->curvature);
    lyap_key_real(file, "target", plan->target);
}
