#include "verify/workload.h"

#include <stdlib.h>
#include <string.h>

#include "verify/golden.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/system.h"

/* What a part runs: the published estimator, tangents, or pairs of trajectories. */
enum how { TRAIN, TANGENTS, PAIRS };

static const struct part {
    enum how how;
    enum lyap_system system;         /* else a network: */
    const char *net, *hidden, *data; /* hidden: one name, or one each */
    double lr, perturbation;
    double init; /* standard deviation; 0: uniform in [0, 1) with the loss window */
    double constants[3];
    enum lyap_activation output;
    enum lyap_loss loss;
    enum lyap_optimiser_kind optimiser;
    unsigned batch, starts, epochs, neighbours, exponents, transient, history, constant_count;
    bool full_state, decays, paced; /* decays: weights; paced: a schedule with warm-up and layer rates */
    bool curvature;
} parts[] = {
    /* The published estimator: every activation, loss and optimiser, shapes with and without hidden layers, below and above
     * the kernels' register widths, one and several chunks of samples, few cells and many, and the events: dead, escaped,
     * overflowing. */
    {TRAIN, .net = "2-2-1", .hidden = "linear", .lr = 0.01, .starts = 40, .epochs = 30, .neighbours = 24},
    {TRAIN, .net = "2-2-1", .hidden = "sigmoid", .output = LYAP_SIGMOID, .lr = 0.001, .starts = 40, .epochs = 30,
     .neighbours = 24},
    {TRAIN, .net = "2-2-1", .hidden = "tanh", .output = LYAP_TANH, .lr = 0.5, .starts = 20, .epochs = 30,
     .neighbours = 24},
    {TRAIN, .net = "2-2-1", .hidden = "relu", .output = LYAP_RELU, .lr = 0.01, .starts = 40, .epochs = 30,
     .neighbours = 24},
    {TRAIN, .net = "2-2-1", .hidden = "linear", .lr = 4.4, .starts = 20, .epochs = 120, .neighbours = 8},
    {TRAIN, .net = "2-2-1", .hidden = "relu", .output = LYAP_RELU, .lr = 2, .starts = 20, .epochs = 60,
     .neighbours = 8},
    {TRAIN, .net = "2-2-1", .hidden = "sigmoid", .output = LYAP_SIGMOID, .init = 0.7, .lr = 10, .starts = 17,
     .epochs = 60, .neighbours = 5},
    {TRAIN, .net = "3-8-4-1", .hidden = "tanh", .output = LYAP_SIGMOID, .loss = LYAP_BCE, .data = "xor-noisy:3,100,0.3",
     .init = 0.7, .lr = 0.3, .starts = 17, .epochs = 12, .neighbours = 5},
    {TRAIN, .net = "3-5-1", .hidden = "relu", .data = "xor-noisy:3,65,0.3", .init = 0.7, .lr = 0.1, .starts = 9,
     .epochs = 12, .neighbours = 3},
    {TRAIN, .net = "2-1", .output = LYAP_SIGMOID, .loss = LYAP_BCE, .data = "moons:300,0.2", .lr = 1, .starts = 5,
     .epochs = 20, .neighbours = 7, .init = 1},
    {TRAIN, .net = "3-6-5-4", .hidden = "elu,softplus", .loss = LYAP_SOFTMAX, .data = "blobs:60,4,3,0.4",
     .optimiser = LYAP_MOMENTUM, .batch = 16, .decays = true, .init = 0.5, .lr = 0.3, .starts = 18, .epochs = 20,
     .neighbours = 4},
    {TRAIN, .net = "2-7-3", .hidden = "gelu", .loss = LYAP_SOFTMAX, .data = "blobs:40,3,2,0.3",
     .optimiser = LYAP_NESTEROV, .full_state = true, .paced = true, .init = 0.5, .lr = 1, .starts = 3, .epochs = 25,
     .neighbours = 20},
    {TRAIN, .net = "2-4-1", .hidden = "silu", .output = LYAP_LEAKY_RELU, .data = "circles:30,0.1",
     .optimiser = LYAP_RMSPROP, .decays = true, .full_state = true, .init = 1, .lr = 0.1, .starts = 17, .epochs = 30,
     .neighbours = 3},
    {TRAIN, .net = "18-5-2", .hidden = "sin", .output = LYAP_SIN, .data = "linear-teacher:24,18,2,0.1",
     .optimiser = LYAP_ADAM, .paced = true, .init = 0.3, .lr = 0.2, .starts = 20, .epochs = 20, .neighbours = 4},
    {TRAIN, .net = "2-3-1", .hidden = "leaky-relu", .output = LYAP_ELU, .optimiser = LYAP_ADAMW, .batch = 3,
     .decays = true, .init = 1, .lr = 0.05, .starts = 2, .epochs = 40, .neighbours = 30},
    /* Tangents: one and several, the instances of the paper's network, every optimiser, curvature and history. */
    {TANGENTS, .net = "2-2-1", .hidden = "relu", .output = LYAP_RELU, .init = 1, .lr = 1.5, .starts = 33, .epochs = 60,
     .exponents = 1, .history = 5},
    {TANGENTS, .net = "2-2-1", .hidden = "tanh", .output = LYAP_TANH, .init = 2, .lr = 5, .starts = 20, .epochs = 400,
     .exponents = 3, .transient = 50, .history = 8},
    {TANGENTS, .net = "2-2-1", .hidden = "tanh", .output = LYAP_ELU, .init = 1, .lr = 6, .starts = 38, .epochs = 40,
     .exponents = 1, .curvature = true},
    {TANGENTS, .net = "2-2-1", .hidden = "linear", .init = 1, .lr = 0.4, .starts = 17, .epochs = 80, .exponents = 9,
     .curvature = true},
    {TANGENTS, .net = "3-4-2", .hidden = "gelu", .loss = LYAP_SOFTMAX, .data = "blobs:20,2,3,0.5",
     .optimiser = LYAP_ADAM, .full_state = true, .init = 0.7, .lr = 0.1, .starts = 17, .epochs = 40, .exponents = 4},
    {TANGENTS, .net = "2-5-1", .hidden = "sin", .output = LYAP_SIGMOID, .loss = LYAP_BCE, .optimiser = LYAP_NESTEROV,
     .batch = 2, .init = 1, .lr = 0.7, .starts = 5, .epochs = 60, .exponents = 2, .history = 3, .curvature = true},
    {TANGENTS, .net = "2-3-3-1", .hidden = "silu,softplus", .output = LYAP_SILU, .optimiser = LYAP_RMSPROP,
     .paced = true, .decays = true, .init = 0.8, .lr = 0.02, .starts = 6, .epochs = 40, .exponents = 2},
    {TANGENTS, .net = "2-1", .output = LYAP_SIN, .optimiser = LYAP_MOMENTUM, .full_state = true, .init = 1, .lr = 2,
     .starts = 9, .epochs = 90, .exponents = 6},
    {TANGENTS, .net = "4-6-2", .hidden = "leaky-relu", .output = LYAP_GELU, .data = "teacher:4-3-2,70",
     .optimiser = LYAP_ADAMW, .init = 0.5, .lr = 0.05, .starts = 16, .epochs = 12, .exponents = 1, .curvature = true},
    /* Pairs of trajectories. */
    {PAIRS, .net = "2-2-1", .hidden = "tanh", .output = LYAP_TANH, .init = 2, .lr = 5, .perturbation = 1e-5,
     .starts = 20, .epochs = 200, .history = 6},
    {PAIRS, .net = "2-4-1", .hidden = "elu", .optimiser = LYAP_ADAM, .batch = 2, .init = 1, .lr = 0.3,
     .perturbation = 1e-4, .starts = 17, .epochs = 60},
    {PAIRS, .net = "2-2-1", .hidden = "relu", .init = 1, .lr = 2, .perturbation = 1e-6, .starts = 33, .epochs = 60,
     .curvature = true},
    /* Known systems. */
    {TANGENTS, LYAP_SYSTEM_LOGISTIC, .lr = 3.9, .starts = 20, .epochs = 500, .exponents = 1, .history = 4},
    {TANGENTS, LYAP_SYSTEM_TENT, .lr = 1.9, .starts = 17, .epochs = 300, .exponents = 1},
    {TANGENTS, LYAP_SYSTEM_HENON, .lr = 1.4, .starts = 17, .epochs = 500, .exponents = 2, .constants = {0.3},
     .constant_count = 1},
    {TANGENTS, LYAP_SYSTEM_STANDARD, .lr = 6, .starts = 17, .epochs = 300, .exponents = 2},
    {TANGENTS, LYAP_SYSTEM_LORENZ, .lr = 0.01, .starts = 5, .epochs = 500, .exponents = 3, .constants = {10, 28, 2.5},
     .constant_count = 3},
    {TANGENTS, LYAP_SYSTEM_QUADRATIC, .lr = 0.8, .starts = 17, .epochs = 100, .exponents = 3,
     .constants = {0.3, 1.9, 1.2}, .constant_count = 3},
    {TANGENTS, LYAP_SYSTEM_DOUBLE_WELL, .lr = 1.9, .starts = 17, .epochs = 300, .exponents = 1},
    {PAIRS, LYAP_SYSTEM_HENON, .lr = 1.6, .perturbation = 1e-5, .starts = 17, .epochs = 300, .constants = {0.3},
     .constant_count = 1},
};

static enum lyap_status add_to_digest(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    for (size_t c = 0; c < chunk->count; c++) {
        const struct lyap_record *r = &chunk->records[c];
        *digest = lyap_digest_record(*digest, r);
        for (uint32_t t = 0; t < r->length; t++)
            *digest = lyap_digest_double(*digest, chunk->distance[c * chunk->stride + t]);
        for (uint32_t t = 0; t < r->losses; t++)
            *digest = lyap_digest_double(*digest, chunk->loss[c * chunk->stride + t]);
        for (size_t p = 0; p < chunk->parameters; p++)
            *digest = lyap_digest_double(*digest, chunk->weights[c * chunk->parameters + p]);
        *digest = lyap_digest_double(*digest, chunk->evaluation[c].train_loss);
        *digest = lyap_digest_double(*digest, chunk->evaluation[c].train_accuracy);
    }
    return LYAP_OK;
}

static enum lyap_status add_spectra_to_digest(const struct lyap_spectrum_chunk *chunk, void *context,
                                              struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    for (size_t c = 0; c < chunk->count; c++) {
        *digest =
            lyap_digest_spectrum(*digest, &chunk->records[c], chunk->lambda + c * chunk->exponents, chunk->exponents);
        for (size_t p = 0; p < chunk->used[c]; p++) {
            const size_t at = c * chunk->points + p;
            *digest = lyap_digest_double(*digest, chunk->history[at].loss);
            *digest = lyap_digest_double(*digest, chunk->history[at].sharpness);
            for (size_t k = 0; k < chunk->exponents; k++)
                *digest = lyap_digest_double(*digest, chunk->running[at * chunk->exponents + k]);
        }
    }
    return LYAP_OK;
}

static void set_optimiser(struct lyap_optimiser *o, const struct part *part, int layers) {
    lyap_optimiser_defaults(o, part->optimiser);
    o->batch = part->batch;
    o->full_state = part->full_state;
    if (part->decays) o->weight_decay = 0.01;
    if (!part->paced) return;
    o->schedule = LYAP_COSINE;
    o->warm_up = 5;
    for (int l = 0; l < layers; l++) o->layer_rate[l] = l % 2 ? 0.5 : 1.5;
}

/* What all plans have: `base` has its defaults. */
static void set_base(struct lyap_plan *base, const struct part *part, enum lyap_isa isa, enum lyap_layout layout,
                     enum lyap_precision precision, int threads) {
    base->isa = isa;
    base->layout = layout;
    base->precision = precision;
    base->threads = threads;
    base->starts = part->starts;
    base->setting.lr = part->lr;
    base->setting.epochs = part->epochs;
    if (part->perturbation > 0) base->setting.perturbation = part->perturbation;
    if (part->neighbours) base->neighbours = part->neighbours;
    if (!(part->init > 0)) return;
    base->window = false;
    base->init = LYAP_INIT_NORMAL;
    base->init_a = 0;
    base->init_b = part->init;
}

static enum lyap_status run_train(const struct part *part, const struct lyap_plan *base, uint64_t *digest,
                                  struct lyap_error *error) {
    struct lyap_plan plan = *base;
    set_optimiser(&plan.optimiser, part, plan.network->layers);
    plan.series = plan.evaluate = plan.last_weights = true;
    return lyap_ensemble_run(&plan, add_to_digest, digest, error);
}

static enum lyap_status run_spectrum(const struct part *part, struct lyap_spectrum_plan *plan, uint64_t *digest,
                                     struct lyap_error *error) {
    if (plan->system == LYAP_SYSTEM_NETWORK) set_optimiser(&plan->base.optimiser, part, plan->base.network->layers);
    plan->method = part->how == PAIRS ? LYAP_RESCALED : LYAP_TANGENT;
    if (part->exponents) plan->exponents = part->exponents;
    plan->transient = part->transient;
    plan->history = part->history;
    plan->curvature = part->curvature;
    memcpy(plan->constants, part->constants, sizeof part->constants);
    plan->constant_count = part->constant_count;
    return lyap_spectrum_run(plan, add_spectra_to_digest, digest, error);
}

static enum lyap_status run_part(const struct part *part, enum lyap_isa isa, enum lyap_layout layout,
                                 enum lyap_precision precision, int threads, uint64_t *digest,
                                 struct lyap_error *error) {
    struct lyap_network net;
    struct lyap_dataset data = {0};
    struct lyap_plan plan;
    struct lyap_spectrum_plan spectrum;
    const bool known = part->system != LYAP_SYSTEM_NETWORK;
    enum lyap_status status = LYAP_OK;
    if (!known) {
        status = lyap_network_init(&net, part->net, LYAP_LINEAR, part->output, part->loss, error);
        if (!status && part->hidden) status = lyap_network_activations(&net, part->hidden, error);
        if (!status) status = lyap_dataset_parse(&data, part->data ? part->data : "xor", 1, 7, error);
    }
    if (!status && part->how == TRAIN) {
        lyap_plan_defaults(&plan, &net, &data);
        set_base(&plan, part, isa, layout, precision, threads);
        status = run_train(part, &plan, digest, error);
    } else if (!status) {
        lyap_spectrum_defaults(&spectrum, known ? NULL : &net, known ? NULL : &data);
        spectrum.system = part->system;
        set_base(&spectrum.base, part, isa, layout, precision, threads);
        status = run_spectrum(part, &spectrum, digest, error);
    }
    lyap_dataset_free(&data);
    return status;
}

enum lyap_status lyap_workload_digest(enum lyap_isa isa, enum lyap_layout layout, enum lyap_precision precision,
                                      int threads, uint64_t *digest, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    *digest = LYAP_DIGEST_START;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && !status; i++)
        status = run_part(&parts[i], isa, layout, precision, threads, digest, error);
    return status;
}

/* ---- the recorded digests ---- */

enum { ROWS = sizeof lyap_golden / sizeof *lyap_golden };

/* Versions as numbers, part by part: below, equal or above 0. */
static int compare_versions(const char *a, const char *b) {
    for (;;) {
        char *after_a, *after_b;
        unsigned long x = strtoul(a, &after_a, 10), y = strtoul(b, &after_b, 10);
        if (x != y) return x < y ? -1 : 1;
        if (*after_a != '.' || *after_b != '.') return (*after_a == '.') - (*after_b == '.');
        a = after_a + 1;
        b = after_b + 1;
    }
}

const char *lyap_golden_digest(const char *sleef_version, enum lyap_precision precision, uint64_t *digest) {
    const struct lyap_golden *row = &lyap_golden[ROWS - 1]; /* the newest: rows ascend */
    for (size_t i = 0; i < ROWS; i++)
        if (compare_versions(lyap_golden[i].sleef, sleef_version) == 0) row = &lyap_golden[i];
    *digest = row->digest[precision];
    return row->sleef;
}

static void write_row(FILE *file, const char *sleef_version, const uint64_t digest[2]) {
    fprintf(file, "    {\"%s\", {UINT64_C(0x%016llx), UINT64_C(0x%016llx)}},\n", sleef_version,
            (unsigned long long)digest[0], (unsigned long long)digest[1]);
}

void lyap_golden_write(FILE *file, const char *sleef_version, const uint64_t digest[2]) {
    bool written = false;
    fputs("/* Digests of the fixed workload (src/verify/workload.c), by SLEEF version in ascending order. `make "
          "golden` adds "
          "or\n"
          " * replaces the row of the version that the build has. */\n"
          "#ifndef LYAP_GOLDEN_H\n"
          "#define LYAP_GOLDEN_H\n"
          "\n"
          "#include <stdint.h>\n"
          "\n"
          "static const struct lyap_golden {\n"
          "    const char *sleef;\n"
          "    uint64_t digest[2]; /* float32, float64 */\n"
          "} lyap_golden[] = {\n",
          file);
    for (size_t i = 0; i < ROWS; i++) {
        int order = compare_versions(lyap_golden[i].sleef, sleef_version);
        if (order >= 0 && !written) write_row(file, sleef_version, digest);
        written = written || order >= 0;
        if (order != 0) write_row(file, lyap_golden[i].sleef, lyap_golden[i].digest);
    }
    if (!written) write_row(file, sleef_version, digest);
    fputs("};\n\n#endif\n", file);
}
