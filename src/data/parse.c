/* A data source from text: the name of a generator and its settings, or a file. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "data/dataset.h"
#include "lyapgrad/network.h"
#include "base/number.h"
#include "base/edit_distance.h"

enum { MAX_SETTINGS = 4, MAX_TEXT = 256 };
#define MAX_SAMPLES (UINT64_C(1) << 31)
static const double max_sigma = 1e300;

/* The settings of a generator as read. */
struct settings {
    uint64_t count[MAX_SETTINGS]; /* whole numbers, by position */
    double sigma;                 /* the one real number that some have */
    char shape[MAX_TEXT];         /* of a teacher */
    uint64_t seed;
};

/* One setting of the text form. */
struct setting {
    enum { NONE, COUNT, REAL, SHAPE } kind;
    uint64_t low, high; /* of a count */
};

struct generator {
    const char *name;
    const char *form;    /* what the text looks like */
    const char *allowed; /* ranges, for the message */
    const char *example;
    struct setting settings[MAX_SETTINGS];
    enum lyap_status (*make)(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error);
};

static enum lyap_status make_noisy(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error) {
    return lyap_dataset_xor_noisy(data, (int)s->count[0], (size_t)s->count[1], s->sigma, s->seed, error);
}
static enum lyap_status make_parity(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error) {
    return lyap_dataset_parity(data, (int)s->count[0], error);
}
static enum lyap_status make_circles(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error) {
    return lyap_dataset_circles(data, (size_t)s->count[0], s->sigma, s->seed, error);
}
static enum lyap_status make_spirals(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error) {
    return lyap_dataset_spirals(data, (size_t)s->count[0], s->sigma, s->seed, error);
}
static enum lyap_status make_moons(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error) {
    return lyap_dataset_moons(data, (size_t)s->count[0], s->sigma, s->seed, error);
}
static enum lyap_status make_blobs(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error) {
    return lyap_dataset_blobs(data, (size_t)s->count[0], (size_t)s->count[1], (size_t)s->count[2], s->sigma, s->seed,
                              error);
}
static enum lyap_status make_glyphs(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error) {
    return lyap_dataset_glyphs(data, (size_t)s->count[0], s->sigma, s->seed, error);
}
static enum lyap_status make_linear(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error) {
    return lyap_dataset_linear_teacher(data, (size_t)s->count[0], (size_t)s->count[1], (size_t)s->count[2], s->sigma,
                                       s->seed, error);
}
static enum lyap_status make_teacher(struct lyap_dataset *data, const struct settings *s, struct lyap_error *error) {
    return lyap_dataset_teacher(data, s->shape, (size_t)s->count[1], s->seed, error);
}

#define SAMPLES_TEXT "SAMPLES 1 to 2147483648"
#define SAMPLES_NOISE_TEXT SAMPLES_TEXT ", NOISE 0 or more"

static const struct generator generators[] = {
    {"xor-noisy",
     "BITS,SAMPLES,SIGMA",
     "BITS 1 to 20, " SAMPLES_TEXT ", SIGMA 0 or more",
     "3,1000,0.3",
     {{COUNT, 1, LYAP_MAX_BITS}, {COUNT, 1, MAX_SAMPLES}, {REAL, 0, 0}},
     make_noisy},
    {"parity", "BITS", "BITS 1 to 20", "4", {{COUNT, 1, LYAP_MAX_BITS}}, make_parity},
    {"circles", "SAMPLES,NOISE", SAMPLES_NOISE_TEXT, "200,0.05", {{COUNT, 1, MAX_SAMPLES}, {REAL, 0, 0}}, make_circles},
    {"spirals", "SAMPLES,NOISE", SAMPLES_NOISE_TEXT, "200,0.02", {{COUNT, 1, MAX_SAMPLES}, {REAL, 0, 0}}, make_spirals},
    {"moons", "SAMPLES,NOISE", SAMPLES_NOISE_TEXT, "200,0.1", {{COUNT, 1, MAX_SAMPLES}, {REAL, 0, 0}}, make_moons},
    {"blobs",
     "SAMPLES,CLASSES,DIMENSIONS,SIGMA",
     SAMPLES_TEXT ", CLASSES 2 to 1048576, DIMENSIONS 1 to 1048576, SIGMA 0 or more",
     "300,3,2,0.2",
     {{COUNT, 1, MAX_SAMPLES}, {COUNT, 2, LYAP_MAX_WIDTH}, {COUNT, 1, LYAP_MAX_WIDTH}, {REAL, 0, 0}},
     make_blobs},
    {"glyphs", "SAMPLES,NOISE", SAMPLES_NOISE_TEXT, "500,0.2", {{COUNT, 1, MAX_SAMPLES}, {REAL, 0, 0}}, make_glyphs},
    {"linear-teacher",
     "SAMPLES,INPUTS,OUTPUTS,NOISE",
     SAMPLES_TEXT ", INPUTS and OUTPUTS 1 to 1048576, NOISE 0 or more",
     "100,5,1,0.1",
     {{COUNT, 1, MAX_SAMPLES}, {COUNT, 1, LYAP_MAX_WIDTH}, {COUNT, 1, LYAP_MAX_WIDTH}, {REAL, 0, 0}},
     make_linear},
    {"teacher",
     "NET,SAMPLES",
     "NET a shape such as 2-8-1, " SAMPLES_TEXT,
     "2-8-1,100",
     {{SHAPE, 0, 0}, {COUNT, 1, MAX_SAMPLES}},
     make_teacher},
};
enum { GENERATORS = sizeof generators / sizeof *generators };

const char *lyap_generator_name(size_t i) {
    return i < GENERATORS ? generators[i].name : NULL;
}

const char *lyap_generator_form(size_t i) {
    return i < GENERATORS ? generators[i].form : NULL;
}

/* The generator that the text names with a colon behind it, or NULL. */
static const struct generator *find_generator(const char *text) {
    for (int g = 0; g < GENERATORS; g++) {
        size_t length = strlen(generators[g].name);
        if (strncmp(text, generators[g].name, length) == 0 && text[length] == ':') return &generators[g];
    }
    return NULL;
}

static bool read_setting(const struct setting *setting, const char *part, int position, struct settings *s) {
    switch (setting->kind) {
    case COUNT:
        return lyap_number_count(part, setting->high, &s->count[position]) && s->count[position] >= setting->low;
    case REAL:
        return lyap_number_real(part, &s->sigma) == LYAP_NUMBER_OK && s->sigma >= 0 && s->sigma <= max_sigma;
    default:
        snprintf(s->shape, sizeof s->shape, "%s", part);
        return *part != '\0';
    }
}

/* The settings behind the colon, as many as the generator has, separated by commas. */
static bool read_settings(const struct generator *generator, const char *text, struct settings *s) {
    for (int i = 0; i < MAX_SETTINGS && generator->settings[i].kind != NONE; i++) {
        char part[MAX_TEXT];
        size_t length = strcspn(text, ",");
        bool last = i + 1 == MAX_SETTINGS || generator->settings[i + 1].kind == NONE;
        if (length >= (generator->settings[i].kind == COUNT ? 24 : sizeof part) || last != (text[length] == '\0'))
            return false;
        memcpy(part, text, length);
        part[length] = '\0';
        if (!read_setting(&generator->settings[i], part, i, s)) return false;
        text += length + 1;
    }
    return true;
}

static bool is_plain_xor(const char *text) {
    return strcmp(text, "xor") == 0;
}

bool lyap_dataset_generated(const char *text) {
    return is_plain_xor(text) || find_generator(text) != NULL;
}

static enum lyap_status generate(struct lyap_dataset *data, const char *text, uint64_t seed, struct lyap_error *error) {
    if (is_plain_xor(text)) return lyap_dataset_xor(data, error);
    const struct generator *g = find_generator(text);
    struct settings settings = {.seed = seed};
    if (!read_settings(g, text + strlen(g->name) + 1, &settings))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "data '%.60s' is malformed: give %s:%s with %s, as in %s:%s", text,
                         g->name, g->form, g->allowed, g->name, g->example);
    return g->make(data, &settings, error);
}

/* A third of the letters may differ. */
static bool resembles_generator(const char *text) {
    size_t length = strcspn(text, ":");
    if (length < 2 || length >= 24) return false;
    if (lyap_edit_distance(text, length, "xor") <= 1 || lyap_edit_distance(text, length, "xro") == 0) return true;
    for (int g = 0; g < GENERATORS; g++)
        if (lyap_edit_distance(text, length, generators[g].name) <= strlen(generators[g].name) / 3) return true;
    return false;
}

enum lyap_status lyap_dataset_parse(struct lyap_dataset *data, const char *text, size_t targets, uint64_t seed,
                                    struct lyap_error *error) {
    static const char known[] =
        "xor, xor-noisy:BITS,SAMPLES,SIGMA, parity:BITS, circles:SAMPLES,NOISE, spirals:SAMPLES,NOISE, "
        "moons:SAMPLES,NOISE, blobs:SAMPLES,CLASSES,DIMENSIONS,SIGMA, glyphs:SAMPLES,NOISE, "
        "linear-teacher:SAMPLES,INPUTS,OUTPUTS,NOISE and "
        "teacher:NET,SAMPLES";
    struct stat info;
    memset(data, 0, sizeof *data);
    if (lyap_dataset_generated(text)) {
        enum lyap_status status = generate(data, text, seed, error);
        if (!status && targets != data->outputs && targets != 1) {
            status = lyap_fail(error, LYAP_ERROR_ARGUMENT, "data '%.60s' has %zu target%s, not %zu", text,
                               data->outputs, data->outputs == 1 ? "" : "s", targets);
            lyap_dataset_free(data);
        }
        return status;
    }
    if (*text == '\0')
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "data '' is empty: give a file or one of %s", known);
    if (stat(text, &info) != 0 && resembles_generator(text))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "data '%.60s' is no file and no generator: the generators are %s",
                         text, known);
    return lyap_dataset_read(data, text, NULL, targets, error);
}
