#include "workload.h"

#include <string.h>

#include "golden.h"
#include "lyapgrad/digest.h"

/* Every activation and loss, shapes with and without hidden layers, below and above the kernels' register widths, one
 * and several chunks of samples, all three starting distributions, and the events: dead, escaped, overflowing. */
static const struct part {
    const char *net;
    enum lyap_activation hidden, output;
    enum lyap_loss loss;
    int bits; /* noisy parity of so many bits; 0 for XOR */
    size_t samples;
    bool window, normal;
    uint64_t starts;
    double lr, perturbation;
    uint32_t epochs, neighbours;
} parts[] = {
    {"2-2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, 0, 4, true, false, 40, 0.01, 1e-4, 30, 24},
    {"2-2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, 0, 4, true, false, 40, 0.001, 1e-4, 30, 24},
    {"2-2-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, 0, 4, true, false, 20, 0.5, 1e-3, 30, 24},
    {"2-2-1", LYAP_RELU, LYAP_RELU, LYAP_MSE, 0, 4, true, false, 40, 0.01, 1e-4, 30, 24},
    {"2-2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, 0, 4, true, false, 20, 4.4, 1e-4, 120, 8}, /* escapes, overflows */
    {"2-2-1", LYAP_RELU, LYAP_RELU, LYAP_MSE, 0, 4, true, false, 20, 2.0, 1e-4, 60, 8},      /* dead networks */
    {"2-2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, 0, 4, false, true, 17, 10, 1e-4, 60, 5},
    {"3-8-4-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, 3, 100, false, true, 17, 0.3, 1e-3, 12, 5},
    {"3-5-1", LYAP_RELU, LYAP_LINEAR, LYAP_MSE, 3, 65, false, true, 9, 0.1, 1e-3, 12, 3},
    {"2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_BCE, 2, 300, false, false, 5, 1, 1e-2, 20, 7},
};

struct folded {
    uint64_t digest;
};

static enum lyap_status fold(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct folded *folded = context;
    (void)error;
    for (size_t c = 0; c < chunk->count; c++) {
        const struct lyap_record *r = &chunk->records[c];
        folded->digest = lyap_digest_record(folded->digest, r);
        for (uint32_t t = 0; t < r->length; t++)
            folded->digest = lyap_digest_double(folded->digest, chunk->distance[c * chunk->stride + t]);
        for (uint32_t t = 0; t < r->losses; t++)
            folded->digest = lyap_digest_double(folded->digest, chunk->loss[c * chunk->stride + t]);
    }
    return LYAP_OK;
}

static enum lyap_status run_part(const struct part *part, enum lyap_isa isa, enum lyap_precision precision, int threads,
                                 struct folded *folded, struct lyap_error *error) {
    struct lyap_network net;
    struct lyap_dataset data = {0};
    struct lyap_plan plan;
    enum lyap_status status = lyap_network_init(&net, part->net, part->hidden, part->output, part->loss, error);
    if (!status)
        status = part->bits ? lyap_dataset_xor_noisy(&data, part->bits, part->samples, 0.3, 7, error)
                            : lyap_dataset_xor(&data, error);
    if (!status) {
        lyap_plan_defaults(&plan, &net, &data);
        plan.isa = isa;
        plan.precision = precision;
        plan.threads = threads;
        plan.starts = part->starts;
        plan.neighbours = part->neighbours;
        plan.window = part->window;
        if (part->normal) {
            plan.init = LYAP_INIT_NORMAL;
            plan.init_a = 0;
            plan.init_b = 0.7;
        }
        plan.setting =
            (struct lyap_setting){.lr = part->lr, .perturbation = part->perturbation, .epochs = part->epochs};
        plan.series = true;
        status = lyap_ensemble_run(&plan, fold, folded, error);
    }
    lyap_dataset_free(&data);
    return status;
}

enum lyap_status lyap_workload_digest(enum lyap_isa isa, enum lyap_precision precision, int threads, uint64_t *digest,
                                      struct lyap_error *error) {
    struct folded folded = {LYAP_DIGEST_START};
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && !status; i++)
        status = run_part(&parts[i], isa, precision, threads, &folded, error);
    *digest = folded.digest;
    return status;
}

bool lyap_golden_digest(const char *sleef_version, enum lyap_precision precision, uint64_t *digest) {
    for (size_t i = 0; i < sizeof lyap_golden / sizeof *lyap_golden; i++)
        if (strcmp(lyap_golden[i].sleef, sleef_version) == 0) {
            *digest = lyap_golden[i].digest[precision];
            return true;
        }
    return false;
}

static void write_row(FILE *file, const char *sleef_version, const uint64_t digest[2]) {
    fprintf(file, "    {\"%s\", {UINT64_C(0x%016llx), UINT64_C(0x%016llx)}},\n", sleef_version,
            (unsigned long long)digest[0], (unsigned long long)digest[1]);
}

void lyap_golden_write(FILE *file, const char *sleef_version, const uint64_t digest[2]) {
    fputs("/* Digests of the fixed workload (src/workload.c), by SLEEF version. `make golden` rewrites this file. */\n"
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
    for (size_t i = 0; i < sizeof lyap_golden / sizeof *lyap_golden; i++)
        if (lyap_golden[i].sleef[0] && strcmp(lyap_golden[i].sleef, sleef_version) != 0)
            write_row(file, lyap_golden[i].sleef, lyap_golden[i].digest);
    write_row(file, sleef_version, digest);
    fputs("};\n\n#endif\n", file);
}
