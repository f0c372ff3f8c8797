#include "cli/options/data.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/options/estimator.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"
#include "results/manifest.h"

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
    {.name = "header",
     .value = "detect|yes|no",
     .type = CLI_WORD,
     .help = "whether the first line of a CSV file names the columns",
     .words = &cli_headers,
     .standard = "detect",
     .into = CLI_INTO(struct cli_data, header)},
    {.name = "one-hot",
     .value = "CLASSES|auto",
     .type = CLI_FORM,
     .help = "the target column holds class numbers 0 .. CLASSES-1 or class names and becomes one column of 0 and 1 "
             "per class; "
             "auto: as many classes as the data have",
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
     .help =
         "share of the samples that train; the rest, drawn with the data seed, is held out; classes keep their shares",
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
    {.name = "save-preprocessing",
     .value = "FILE",
     .type = CLI_FILE,
     .help =
         "write a JSON file with the inputs' means and deviations, the class names and the samples that train and that "
         "are held out",
     .absent = "not written",
     .into = CLI_INTO(struct cli_data, save_preprocessing),
     .aside = true},
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

/* The library's message on a file, with the option before it and the one behind it that would help. */
static enum lyap_status refused(const char *option, const struct lyap_data_file *file, enum lyap_status status,
                                const struct lyap_error *inner, struct lyap_error *error) {
    static const char *const help[] = {[LYAP_NEED_NOTHING] = "",
                                       [LYAP_NEED_HEADER] = "; --header yes or --header no decides",
                                       [LYAP_NEED_CLASS_NAMES] = "; for class names give --one-hot auto"};
    if (!status) return status;
    return lyap_fail(error, status, "%s%s%.400s%s", option, *option ? ": " : "", inner->message, help[file->need]);
}

/* The file's class names are all among the classes. */
static enum lyap_status check_names(const struct cli_data *d, struct lyap_error *error) {
    if (d->classes == 0 || d->file.class_count <= d->classes) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_FILE, "--one-hot: %zu, but %.200s has %zu class names; give %zu or auto",
                     d->classes, d->labels ? d->labels : d->text, d->file.class_count, d->file.class_count);
}

static enum lyap_status read_file(struct cli_data *d, struct lyap_error *error) {
    struct lyap_error inner = {0};
    d->file = (struct lyap_data_file){.path = d->text,
                                      .labels = d->labels,
                                      .targets = (size_t)d->targets,
                                      .header = d->header,
                                      .class_names = d->one_hot};
    enum lyap_status status = lyap_dataset_read_file(&d->train, &d->file, &inner);
    status = refused(d->labels ? "" : "--data", &d->file, status, &inner, error);
    if (!status) status = check_names(d, error);
    if (!status) status = lyap_dataset_inspect(&d->train, &d->notes, error);
    return status;
}

static enum lyap_status read_train(struct cli_data *d, struct lyap_error *error) {
    struct lyap_error inner = {0};
    enum lyap_status status = check_generator(d, error);
    if (status) return status;
    if (!lyap_dataset_generated(d->text) && access(d->text, F_OK) == 0)
        status = read_file(d, error);
    else
        status =
            named("--data", lyap_dataset_parse(&d->train, d->text, (size_t)d->targets, d->seed, &inner), &inner, error);
    if (!status) status = check_targets(d, error);
    if (!status && d->one_hot) status = lyap_dataset_one_hot(&d->train, d->classes, error);
    if (!status && d->one_hot) d->classes = d->train.outputs;
    d->rows = d->train.samples;
    return status;
}

static enum lyap_status read_test(struct cli_data *d, struct lyap_error *error) {
    struct lyap_error inner = {0};
    d->test_file = (struct lyap_data_file){.path = d->test_data,
                                           .labels = d->test_labels,
                                           .targets = d->one_hot ? (size_t)d->targets : d->train.outputs,
                                           .header = d->header,
                                           .class_names = d->file.class_count > 0,
                                           .like = &d->file};
    enum lyap_status status = lyap_dataset_read_file(&d->test, &d->test_file, &inner);
    status = refused("", &d->test_file, status, &inner, error);
    if (!status && d->one_hot) {
        status = lyap_dataset_one_hot(&d->test, d->classes, &inner);
        if (status) return lyap_fail(error, status, "--test-data: %.400s", inner.message);
    }
    if (status || (d->test.inputs == d->train.inputs && d->test.outputs == d->train.outputs)) return status;
    return lyap_fail(error, LYAP_ERROR_FILE,
                     "--test-data: %.200s: %zu inputs and %zu targets, but the training data have %zu and %zu",
                     d->test_data, d->test.inputs, d->test.outputs, d->train.inputs, d->train.outputs);
}

/* Of the samples of the source that are left, those that are not kept become others. */
static void note_parts(struct cli_data *d, const bool *kept, enum cli_part others) {
    size_t s = 0;
    for (size_t r = 0; r < d->rows; r++)
        if (d->part[r] == CLI_TRAINS && !kept[s++]) d->part[r] = others;
}

static enum lyap_status begin_parts(struct cli_data *d, bool **kept, struct lyap_error *error) {
    *kept = NULL;
    if (!d->save_preprocessing) return LYAP_OK;
    *kept = malloc((d->rows ? d->rows : 1) * sizeof **kept);
    d->part = malloc((d->rows ? d->rows : 1) * sizeof *d->part);
    if (!*kept || !d->part)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "--save-preprocessing: out of memory for %zu samples", d->rows);
    for (size_t r = 0; r < d->rows; r++) d->part[r] = CLI_TRAINS;
    return LYAP_OK;
}

static enum lyap_status choose(struct cli_data *d, bool *kept, struct lyap_error *error) {
    struct lyap_error inner = {0};
    enum lyap_status status = LYAP_OK;
    if (!d->asked) return LYAP_OK;
    d->available = d->train.samples;
    d->chosen = (size_t)d->asked;
    if (kept) status = lyap_dataset_chosen(&d->train, d->chosen, d->seed, kept, &inner);
    if (kept && !status) note_parts(d, kept, CLI_LEFT_OUT);
    if (!status) status = lyap_dataset_choose(&d->train, d->chosen, d->seed, &inner);
    return named("--samples", status, &inner, error);
}

static enum lyap_status hold_out(struct cli_data *d, bool *kept, struct lyap_error *error) {
    struct lyap_error inner = {0};
    enum lyap_status status = LYAP_OK;
    if (!(d->split > 0)) return LYAP_OK;
    if (kept) status = lyap_dataset_divided(&d->train, d->split, d->seed, kept, &inner);
    if (kept && !status) note_parts(d, kept, CLI_HELD_OUT);
    if (!status) status = lyap_dataset_split(&d->train, &d->test, d->split, d->seed, &inner);
    return named("--split", status, &inner, error);
}

static enum lyap_status standardise(struct cli_data *d, struct lyap_error *error) {
    struct lyap_error inner = {0};
    if (!d->standardise) return LYAP_OK;
    d->mean = malloc(d->train.inputs * sizeof *d->mean);
    d->deviation = malloc(d->train.inputs * sizeof *d->deviation);
    if (!d->mean || !d->deviation)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "--standardise: out of memory for %zu inputs", d->train.inputs);
    enum lyap_status status = lyap_dataset_moments(&d->train, &d->test, d->mean, d->deviation, &inner);
    if (!status) status = lyap_dataset_standardise(&d->train, &d->test, &inner);
    return named("--standardise", status, &inner, error);
}

static enum lyap_status prepare(struct cli_data *d, struct lyap_error *error) {
    bool *kept = NULL;
    enum lyap_status status = read_train(d, error);
    if (!status) status = begin_parts(d, &kept, error);
    if (!status) status = choose(d, kept, error);
    if (!status) status = lyap_dataset_count_classes(&d->train, &d->class_count, &d->counted, error);
    if (!status) status = hold_out(d, kept, error);
    if (!status && d->test_data) status = read_test(d, error);
    if (!status) status = standardise(d, error);
    free(kept);
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
    lyap_data_file_free(&d->file);
    lyap_data_file_free(&d->test_file);
    free(d->class_count);
    free(d->part);
    free(d->mean);
    free(d->deviation);
    d->class_count = NULL;
    d->part = NULL;
    d->mean = d->deviation = NULL;
}

enum { MOST_NAMED = 100 };

static void put_class_names(FILE *file, const struct lyap_data_file *data) {
    char key[32];
    for (size_t c = 0; c < data->class_count && c < MOST_NAMED; c++) {
        snprintf(key, sizeof key, "class.%zu", c);
        lyap_manifest_words(file, key, data->classes[c]);
    }
}

void cli_data_manifest(FILE *file, const struct cli_data *d) {
    const struct cli_group *group = &cli_data_options;
    if (d->drawn) cli_put(file, group, "data-seed", d);
    if (d->targets_given) cli_put(file, group, "targets", d);
    if (d->labels) cli_put(file, group, "labels", d);
    if (d->header != LYAP_HEADER_DETECT) cli_put(file, group, "header", d);
    if (d->one_hot) fprintf(file, "one-hot = %zu\n", d->classes);
    put_class_names(file, &d->file);
    if (d->chosen) fprintf(file, "samples-available = %zu\nsamples-chosen = %zu\n", d->available, d->chosen);
    if (d->split > 0) cli_put(file, group, "split", d);
    if (d->test_data) cli_put(file, group, "test-data", d);
    if (d->test_labels) cli_put(file, group, "test-labels", d);
    if (d->test.samples) fprintf(file, "test-samples = %zu\n", d->test.samples);
    if (d->standardise) cli_put(file, group, "standardise", d);
}
