/* The data of an experiment from its options: source, targets, choice, held-out part, units. */
#ifndef LYAP_CLI_OPTIONS_DATA_H
#define LYAP_CLI_OPTIONS_DATA_H

#include "cli/options/values.h"
#include "lyapgrad/data_file.h"
#include "lyapgrad/dataset.h"

/* --data ... --data-seed; they fill a struct cli_data. */
extern const struct cli_group cli_data_options;

/* What became of a sample. */
enum cli_part { CLI_LEFT_OUT, CLI_TRAINS, CLI_HELD_OUT };

struct cli_data {
    struct lyap_dataset train, test;                 /* test.samples is 0 when nothing is held out */
    const char *text;                                /* --data as given or by default; not owned, as all texts here */
    uint64_t seed;                                   /* --data-seed */
    const char *labels, *test_data, *test_labels;    /* NULL when not given */
    bool targets_given, one_hot, standardise, drawn; /* drawn: the data seed had a part in it */
    uint64_t targets;                                /* --targets */
    size_t classes;                                  /* columns of --one-hot, 0 without */
    uint64_t asked;                                  /* --samples, 0 without */
    size_t available, chosen;                        /* samples before --samples, and those it took; chosen 0 without */
    double split;                                    /* --split, 0 without */
    enum lyap_header header;                         /* --header */
    const char *save_preprocessing;                  /* --save-preprocessing, NULL without */

    struct lyap_data_file file, test_file; /* what --data and --test-data were found to be, where they are files */
    struct lyap_data_notes notes;          /* on the samples of a file, before anything is done to them */
    size_t rows;                           /* samples in the source */
    size_t *class_count;                   /* [counted] samples of each class before --split, owned; NULL: no classes */
    size_t counted;
    enum cli_part *part;      /* [rows] of each sample of the source, owned; NULL where it is not asked for */
    double *mean, *deviation; /* [inputs] with which --standardise scaled, owned; NULL without it */
};

/* Fills `data` from the options; `seed` is the data seed where none is given. Prints one line and returns false on bad input, with
 * the exit status in *status. Free with cli_data_free in either case. */
bool cli_data_read(struct cli_data *data, const struct cli_values *values, uint64_t seed, int *status);
void cli_data_free(struct cli_data *data);

/* The manifest's lines about the data beyond its source and number of samples: data-seed (where it had a part), targets, labels,
 * header, one-hot, the names of up to 100 classes, samples-available and samples-chosen, split, test-data, test-labels, test-samples, standardise; only what was
 * asked for. */
void cli_data_manifest(FILE *file, const struct cli_data *data);

#endif
