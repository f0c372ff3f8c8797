#include "cli/options/data.h"

#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/options/estimator.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

static bool read_one_hot(const struct cli_option *option, const char *text, void *group) {
    struct cli_data *d = group;
    uint64_t count = 0;
    d->one_hot = true;
    if (strcmp(text, "auto") == 0) return true;
    if (!lyap_number_count(text, LYAP_MAX_WIDTH, &count) || count < 2) return cli_refuse_form(option, text);
    d->classes = (size_t)count;
    return true;
}

static const char *automatic(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i == 0 ? "auto" : NULL;
}
static const char *classes_form(int i, char text[CLI_WORD_LENGTH]) {
    if (i > 0) return automatic(i - 1, text);
    snprintf(text, CLI_WORD_LENGTH, "a number of classes 2 .. %d", LYAP_MAX_WIDTH);
    return text;
}
static const struct cli_words class_words = {"number of classes", automatic, classes_form};

static const struct cli_option options[] = {
    {.name = "data",
     .value = "SOURCE",
     .type = CLI_FORM,
     .help = "training data: a file of CSV, .npy or IDX, also gzip-compressed, or generated",
     .words = &cli_generators,
     .file = true,
     .standard = "xor",
     .into = CLI_INTO(struct cli_data, text)},
    {.name = "targets",
     .value = "N",
     .type = CLI_COUNT,
     .help = "target columns at the end of a data file",
     .least = 1,
     .most = LYAP_MAX_WIDTH,
     .standard = "1",
     .into = CLI_INTO(struct cli_data, targets)},
    {.name = "labels",
     .value = "FILE",
     .type = CLI_FILE,
     .help = "file of the targets, with as many rows as --data",
     .absent = "the last columns of --data",
     .into = CLI_INTO(struct cli_data, labels)},
    {.name = "one-hot",
     .value = "CLASSES|auto",
     .type = CLI_FORM,
     .help = "targets are class numbers 0 .. CLASSES-1 and become a column per class; auto: as many as there are",
     .words = &class_words,
     .absent = "targets are numbers",
     .read = read_one_hot},
    {.name = "samples",
     .value = "N",
     .type = CLI_COUNT,
     .help = "use a random subset of N samples, drawn with the data seed, in file order",
     .least = 1,
     .most = UINT64_C(1) << 48,
     .absent = "all",
     .into = CLI_INTO(struct cli_data, asked)},
    {.name = "split",
     .value = "FRACTION",
     .type = CLI_REAL,
     .help = "share of the samples that trains; the rest, drawn with the data seed, is held out",
     .range = CLI_BETWEEN(0, 1),
     .absent = "all samples train",
     .into = CLI_INTO(struct cli_data, split)},
    {.name = "test-data",
     .value = "FILE",
     .type = CLI_FILE,
     .help = "file of held-out data",
     .absent = "none",
     .with = &cli_estimators,
     .choices = CLI_FOR_ONE,
     .into = CLI_INTO(struct cli_data, test_data)},
    {.name = "test-labels",
     .value = "FILE",
     .type = CLI_FILE,
     .help = "file of the targets of --test-data",
     .absent = "the last columns of --test-data",
     .into = CLI_INTO(struct cli_data, test_labels)},
    {.name = "standardise",
     .type = CLI_SWITCH,
     .help = "scale inputs to mean 0, standard deviation 1 over the training data",
     .into = CLI_INTO(struct cli_data, standardise)},
    {.name = "data-seed",
     .value = "N",
     .type = CLI_COUNT,
     .help = "seed of generated, chosen and split data",
     .most = UINT64_MAX,
     .absent = "that of --seed",
     .into = CLI_INTO(struct cli_data, seed)},
    {.name = NULL},
};
const struct cli_group cli_data_options = {"Data", options};

/* Options that need or exclude one another. */
static bool options_fit(const struct cli_data *d) {
    bool generated = lyap_dataset_generated(d->text);
    if (d->labels && generated)
        cli_complain("--labels: '%.60s' is generated with its targets; labels belong to a file of data", d->text);
    else if (d->labels && d->targets_given)
        cli_complain("--targets: all columns of --labels are targets; leave one of the two out");
    else if (d->test_data && d->split > 0)
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

/* The library's parser takes 1 target for "as many as there are". */
static enum lyap_status check_targets(const struct cli_data *d, struct lyap_error *error) {
    if (!d->targets_given || !lyap_dataset_generated(d->text) || d->targets == d->train.outputs) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "--targets: data '%.60s' has %zu targets, not %llu", d->text,
                     d->train.outputs, (unsigned long long)d->targets);
}

/* Puts the option's name before the library's message. */
static enum lyap_status named(const char *option, enum lyap_status status, const struct lyap_error *inner,
                              struct lyap_error *error) {
    return status ? lyap_fail(error, status, "%s: %.400s", option, inner->message) : status;
}

/* A text that is no file, and nearly the name of a generator. */
static enum lyap_status check_generator(const struct cli_data *d, struct lyap_error *error) {
    char room[CLI_WORD_LENGTH], allowed[CLI_ALLOWED];
    const char *near = cli_word_near(&cli_generators, d->text, strcspn(d->text, ":"), room);
    if (lyap_dataset_generated(d->text) || !near || access(d->text, F_OK) == 0) return LYAP_OK;
    cli_words_join(&cli_generators, allowed, sizeof allowed);
    return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                     "--data: data '%.60s' is no file and no generator; did you mean '%s'? the generators are %s",
                     d->text, near, allowed);
}

static enum lyap_status read_train(struct cli_data *d, struct lyap_error *error) {
    struct lyap_error inner = {0};
    enum lyap_status status = check_generator(d, error);
    if (status) return status;
    if (d->labels)
        status = lyap_dataset_read(&d->train, d->text, d->labels, 0, error);
    else
        status =
            named("--data", lyap_dataset_parse(&d->train, d->text, (size_t)d->targets, d->seed, &inner), &inner, error);
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

static enum lyap_status prepare(struct cli_data *d, struct lyap_error *error) {
    struct lyap_error inner = {0};
    enum lyap_status status = read_train(d, error);
    if (!status && d->asked) {
        d->available = d->train.samples;
        d->chosen = (size_t)d->asked;
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
    memset(d, 0, sizeof *d);
    d->seed = seed;
    d->targets_given = cli_text(values, "targets") != NULL;
    *status = EXIT_BAD_USAGE;
    if (!cli_read(values, &cli_data_options, d) || !options_fit(d)) return false;
    bool fixed = strcmp(d->text, "xor") == 0 || strncmp(d->text, "parity:", 7) == 0 || !lyap_dataset_generated(d->text);
    d->drawn = !fixed || d->asked > 0 || d->split > 0;
    if (prepare(d, &error)) {
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
    const struct cli_group *group = &cli_data_options;
    if (d->drawn) cli_put(file, group, "data-seed", d);
    if (d->targets_given) cli_put(file, group, "targets", d);
    if (d->labels) cli_put(file, group, "labels", d);
    if (d->one_hot) fprintf(file, "one-hot = %zu\n", d->classes);
    if (d->chosen) fprintf(file, "samples-available = %zu\nsamples-chosen = %zu\n", d->available, d->chosen);
    if (d->split > 0) cli_put(file, group, "split", d);
    if (d->test_data) cli_put(file, group, "test-data", d);
    if (d->test_labels) cli_put(file, group, "test-labels", d);
    if (d->test.samples) fprintf(file, "test-samples = %zu\n", d->test.samples);
    if (d->standardise) cli_put(file, group, "standardise", d);
}
