#include "cli/data.h"

#include <string.h>

#include "results/manifest.h"
#include "base/number.h"
#include "io/output_file.h"
#include "lyapgrad/network.h"

#define INDENT "\n                               " /* as far as cli_print_help indents */

const struct cli_option cli_data_options[] = {
    {"data", "SOURCE",
     "a file (CSV, .npy, IDX, each also gzip-compressed), or one of (xor)" INDENT
     "xor, parity:BITS, xor-noisy:BITS,SAMPLES,SIGMA," INDENT
     "circles:SAMPLES,NOISE, spirals:SAMPLES,NOISE, moons:SAMPLES,NOISE," INDENT
     "blobs:SAMPLES,CLASSES,DIMENSIONS,SIGMA, teacher:NET,SAMPLES," INDENT
     "linear-teacher:SAMPLES,INPUTS,OUTPUTS,NOISE"},
    {"targets", "N", "target columns at the end of a data file (1)"},
    {"labels", "FILE", "the targets, from a file of their own with as many rows as --data"},
    {"one-hot", "CLASSES|auto", "targets are class numbers 0 .. CLASSES-1 and become a column each"},
    {"samples", "N", "so many samples, drawn with the data seed, in their order (all)"},
    {"split", "FRACTION", "this share trains, the rest, drawn with the data seed, is held out"},
    {"test-data", "FILE", "held-out data from a file"},
    {"test-labels", "FILE", "their targets"},
    {"standardise", NULL, "inputs to mean 0, standard deviation 1 over the training data"},
    {"data-seed", "N", "seed of generated, chosen and split data (that of --seed)"},
    {NULL, NULL, NULL},
};

/* Options that need or exclude one another. */
static bool options_fit(const struct cli_data *d, const struct cli_values *values) {
    bool generated = lyap_dataset_generated(d->text);
    if (d->labels && generated)
        cli_complain("--labels: '%.60s' is generated with its targets; labels belong to a file of data", d->text);
    else if (d->labels && d->targets_given)
        cli_complain("--targets: all columns of --labels are targets; leave one of the two out");
    else if (d->test_data && cli_text(values, "split"))
        cli_complain("--split: held-out data come from --test-data; leave one of the two out");
    else if (d->test_labels && !d->test_data)
        cli_complain("--test-labels: needs --test-data, the file of their inputs");
    else if (d->test_data && d->labels && !d->test_labels)
        cli_complain("--test-data: needs --test-labels, as --data has --labels");
    else if (d->test_data && lyap_dataset_generated(d->test_data))
        cli_complain("--test-data: '%.60s' is a generator, but a file is needed; --split holds generated data out",
                     d->test_data);
    else
        return true;
    return false;
}

static bool read_one_hot(const char *text, size_t *classes) {
    uint64_t count = 0;
    *classes = 0;
    if (!text || strcmp(text, "auto") == 0) return true;
    if (!lyap_number_count(text, LYAP_MAX_WIDTH, &count) || count < 2) {
        cli_complain("--one-hot: '%.60s' is not allowed; expected a number of classes 2 .. %d, or auto", text,
                     LYAP_MAX_WIDTH);
        return false;
    }
    *classes = (size_t)count;
    return true;
}

static bool read_split(const struct cli_values *values, double *split) {
    if (!cli_text(values, "split")) return true;
    if (!cli_real(values, "split", split)) return false;
    if (*split > 0 && *split < 1) return true;
    cli_complain("--split: %g is not allowed; expected a share above 0 and below 1, such as 0.8", *split);
    return false;
}

static bool read_options(struct cli_data *d, const struct cli_values *values, uint64_t *samples) {
    const char *one_hot = cli_text(values, "one-hot");
    if (cli_text(values, "data")) d->text = cli_text(values, "data");
    d->targets_given = cli_text(values, "targets") != NULL;
    d->standardise = cli_text(values, "standardise") != NULL;
    d->one_hot = one_hot != NULL;
    return cli_count(values, "targets", 1, LYAP_MAX_WIDTH, &d->targets) && cli_path(values, "labels", &d->labels) &&
           read_one_hot(one_hot, &d->classes) && cli_count(values, "samples", 1, UINT64_C(1) << 48, samples) &&
           read_split(values, &d->split) && cli_path(values, "test-data", &d->test_data) &&
           cli_path(values, "test-labels", &d->test_labels) &&
           cli_count(values, "data-seed", 0, UINT64_MAX, &d->seed) && options_fit(d, values);
}

/* The library's parser takes 1 target for "as many as there are". */
static enum lyap_status check_targets(const struct cli_data *d, struct lyap_error *error) {
    if (!d->targets_given || !lyap_dataset_generated(d->text) || d->targets == d->train.outputs) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "--targets: data '%.60s' has %zu targets, not %llu", d->text,
                     d->train.outputs, (unsigned long long)d->targets);
}

static enum lyap_status read_train(struct cli_data *d, struct lyap_error *error) {
    enum lyap_status status = d->labels ? lyap_dataset_read(&d->train, d->text, d->labels, 0, error)
                                        : lyap_dataset_parse(&d->train, d->text, (size_t)d->targets, d->seed, error);
    if (!status) status = check_targets(d, error);
    if (!status && d->one_hot) status = lyap_dataset_one_hot(&d->train, d->classes, error);
    if (!status && d->one_hot) d->classes = d->train.outputs;
    return status;
}

static enum lyap_status read_test(struct cli_data *d, struct lyap_error *error) {
    size_t targets = d->one_hot ? (size_t)d->targets : d->train.outputs;
    enum lyap_status status = lyap_dataset_read(&d->test, d->test_data, d->test_labels, targets, error);
    if (!status && d->one_hot) {
        struct lyap_error inner = {0};
        status = lyap_dataset_one_hot(&d->test, d->classes, &inner);
        if (status) return lyap_fail(error, status, "--test-data: %.400s", inner.message);
    }
    if (status || (d->test.inputs == d->train.inputs && d->test.outputs == d->train.outputs)) return status;
    return lyap_fail(error, LYAP_ERROR_FILE,
                     "--test-data: %.200s: %zu inputs and %zu targets, but the training data have %zu and %zu",
                     d->test_data, d->test.inputs, d->test.outputs, d->train.inputs, d->train.outputs);
}

/* Puts the option's name before the library's message. */
static enum lyap_status named(const char *option, enum lyap_status status, const struct lyap_error *inner,
                              struct lyap_error *error) {
    return status ? lyap_fail(error, status, "%s: %.400s", option, inner->message) : status;
}

static enum lyap_status prepare(struct cli_data *d, const struct cli_values *values, uint64_t samples,
                                struct lyap_error *error) {
    struct lyap_error inner = {0};
    enum lyap_status status = read_train(d, error);
    if (!status && cli_text(values, "samples")) {
        d->available = d->train.samples;
        d->chosen = (size_t)samples;
        status = named("--samples", lyap_dataset_choose(&d->train, d->chosen, d->seed, &inner), &inner, error);
    }
    if (!status && d->split > 0)
        status = named("--split", lyap_dataset_split(&d->train, &d->test, d->split, d->seed, &inner), &inner, error);
    if (!status && d->test_data) status = read_test(d, error);
    if (!status && d->standardise)
        status = named("--standardise", lyap_dataset_standardise(&d->train, &d->test, &inner), &inner, error);
    return status;
}

bool cli_data_read(struct cli_data *d, const struct cli_values *values, uint64_t seed, int *status) {
    struct lyap_error error;
    uint64_t samples = 0;
    memset(d, 0, sizeof *d);
    d->text = "xor";
    d->seed = seed;
    d->targets = 1;
    *status = EXIT_BAD_USAGE;
    if (!read_options(d, values, &samples)) return false;
    bool fixed = strcmp(d->text, "xor") == 0 || strncmp(d->text, "parity:", 7) == 0 || !lyap_dataset_generated(d->text);
    d->drawn = !fixed || samples > 0 || d->split > 0;
    if (prepare(d, values, samples, &error)) {
        *status = cli_fail(&error);
        return false;
    }
    *status = 0;
    return true;
}

void cli_data_free(struct cli_data *d) {
    lyap_dataset_free(&d->train);
    lyap_dataset_free(&d->test);
}

void cli_data_manifest(FILE *file, const struct cli_data *d) {
    char text[32];
    if (d->drawn) fprintf(file, "data-seed = %llu\n", (unsigned long long)d->seed);
    if (d->targets_given) fprintf(file, "targets = %llu\n", (unsigned long long)d->targets);
    if (d->labels) lyap_manifest_words(file, "labels", d->labels);
    if (d->one_hot) fprintf(file, "one-hot = %zu\n", d->classes);
    if (d->chosen) fprintf(file, "samples-available = %zu\nsamples-chosen = %zu\n", d->available, d->chosen);
    if (d->split > 0) fprintf(file, "split = %s\n", lyap_format_real(d->split, text));
    if (d->test_data) lyap_manifest_words(file, "test-data", d->test_data);
    if (d->test_labels) lyap_manifest_words(file, "test-labels", d->test_labels);
    if (d->test.samples) fprintf(file, "test-samples = %zu\n", d->test.samples);
    if (d->standardise) fputs("standardise = yes\n", file);
}
