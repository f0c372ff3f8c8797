/* Checkpoints: a directory of which one file, the head or a chunk, is the input. The first byte says which, and whether the
 * checksum at its end is put right, without which hardly an input would come past it. */
#include "checkpoint/words.h"
#include "tests/fuzz/entry.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/digest.h"

enum { MOST = 1 << 16, CHUNK = 1, SUM = 2, SPECTRUM = 4, DIAGRAM = 8 }; /* the last wins */
enum kind { ENSEMBLE_KIND, SPECTRUM_KIND, DIAGRAM_KIND };
static struct lyap_network net;
static struct lyap_dataset corners;
static struct lyap_plan plan;
static struct lyap_spectrum_plan tangent;
static struct lyap_bifurcation_plan diagram;

static enum lyap_status ignore(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    (void)context, (void)error;
    fuzz_demand(chunk->count > 0, "a chunk without cells");
    return LYAP_OK;
}

static enum lyap_status ignore_spectra(const struct lyap_spectrum_chunk *chunk, void *context,
                                       struct lyap_error *error) {
    (void)context, (void)error;
    fuzz_demand(chunk->count > 0, "a chunk without cells");
    return LYAP_OK;
}

static enum lyap_status ignore_diagram(const struct lyap_bifurcation_chunk *chunk, void *context,
                                       struct lyap_error *error) {
    (void)context, (void)error;
    fuzz_demand(chunk->count > 0 && chunk->columns == 9, "a chunk of other cells");
    (void)lyap_bifurcation_digest(0, chunk); /* reads all its points */
    return LYAP_OK;
}

/* The good files: three cells, in directories "good0" (ensemble), "good1" (spectrum) and "good2" (diagram). */
static void make(const char *directory, enum kind kind) {
    struct lyap_checkpoint *c = NULL;
    char *settings = NULL;
    enum lyap_status status = kind == SPECTRUM_KIND  ? lyap_checkpoint_settings_spectrum(&tangent, &settings, NULL)
                              : kind == DIAGRAM_KIND ? lyap_checkpoint_settings_bifurcation(&diagram, &settings, NULL)
                                                     : lyap_checkpoint_settings(&plan, &settings, NULL);
    const struct lyap_checkpoint_head head = {
        .settings = settings, .cells = 3, .count = 3, .shard = 1, .shards = 1, .parts = 1};
    if (!status) status = lyap_checkpoint_open(&c, directory, &head, NULL);
    if (!status)
        status = kind == SPECTRUM_KIND  ? lyap_checkpoint_run_spectrum(c, 0, &tangent, 0, 3, NULL)
                 : kind == DIAGRAM_KIND ? lyap_checkpoint_run_bifurcation(c, 0, &diagram, 0, 3, NULL)
                                        : lyap_checkpoint_run(c, 0, &plan, 0, 3, NULL);
    fuzz_demand(!status, "no good checkpoint to begin with");
    lyap_checkpoint_close(c);
    free(settings);
}

static void set_up(void) {
    static bool done;
    if (done) return;
    done = true;
    fuzz_demand(!lyap_dataset_xor(&corners, NULL), "no data");
    fuzz_demand(!lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, NULL), "no network");
    lyap_plan_defaults(&plan, &net, &corners);
    plan.starts = 3;
    plan.setting.epochs = 3;
    plan.threads = 1;
    plan.series = plan.evaluate = plan.last_weights = true;
    lyap_spectrum_defaults(&tangent, &net, &corners);
    tangent.base.starts = 3;
    tangent.base.setting.epochs = 40;
    tangent.base.threads = 1;
    tangent.exponents = 2;
    tangent.history = 2;
    lyap_bifurcation_defaults(&diagram, &net, &corners);
    diagram.spectrum.base.setting.epochs = 40;
    diagram.spectrum.base.threads = 1;
    diagram.spectrum.transient = 38;
    diagram.over = (struct lyap_map_axis){.quantity = LYAP_MAP_LR, .low = 1, .high = 6};
    diagram.values = 3;
    make("good0", ENSEMBLE_KIND);
    make("good1", SPECTRUM_KIND);
    make("good2", DIAGRAM_KIND);
}

static void put_checksum(unsigned char *bytes, size_t size) {
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t i = 0; i + 8 < size; i += 8) {
        uint64_t word = 0;
        for (size_t b = 0; b < 8; b++) word |= (uint64_t)bytes[i + b] << (8 * b);
        digest = lyap_digest_u64(digest, word);
    }
    for (size_t b = 0; b < 8; b++) bytes[size - 8 + b] = (unsigned char)(digest >> (8 * b));
}

static void copy(const char *from, const char *to) {
    static unsigned char bytes[MOST];
    FILE *file = fopen(from, "rb");
    fuzz_demand(file != NULL, "a good file is gone");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    fuzz_write(to, bytes, size);
}

int fuzz_checkpoint(const uint8_t *data, size_t size) {
    static const char *const name[2] = {"head", "chunk-0-00000000000000000000"};
    static unsigned char bytes[MOST];
    char good[64], path[64];
    if (size == 0 || size > MOST) return 0;
    fuzz_enter();
    set_up();
    bool chunk = data[0] & CHUNK;
    enum kind kind = data[0] & DIAGRAM ? DIAGRAM_KIND : data[0] & SPECTRUM ? SPECTRUM_KIND : ENSEMBLE_KIND;
    size_t length = size - 1;
    if (data[0] & SUM) length -= length % 8;
    memcpy(bytes, data + 1, length);
    if (data[0] & SUM && length >= 24) put_checksum(bytes, length);
    mkdir("kept", 0700);
    snprintf(good, sizeof good, "good%d/%s", (int)kind, name[!chunk]);
    snprintf(path, sizeof path, "kept/%s", name[!chunk]);
    copy(good, path);
    snprintf(path, sizeof path, "kept/%s", name[chunk]);
    fuzz_write(path, bytes, length);

    struct lyap_checkpoint *c = NULL;
    struct lyap_error error = {0};
    enum lyap_status status = lyap_checkpoint_open(&c, "kept", NULL, &error);
    if (status) {
        fuzz_one_line(status, &error);
        fuzz_demand(c == NULL, "a checkpoint after a failure");
        return 0;
    }
    uint64_t first, count;
    for (uint64_t part = 0; part < lyap_checkpoint_head(c)->parts; part++) {
        lyap_checkpoint_missing(c, part, &first, &count);
        status =
            kind == SPECTRUM_KIND  ? lyap_checkpoint_replay_spectrum(c, part, &tangent, ignore_spectra, NULL, &error)
            : kind == DIAGRAM_KIND ? lyap_checkpoint_replay_bifurcation(c, part, &diagram, ignore_diagram, NULL, &error)
                                   : lyap_checkpoint_replay(c, part, &plan, ignore, NULL, &error);
        if (status) fuzz_one_line(status, &error);
    }
    lyap_checkpoint_close(c);
    return 0;
}
