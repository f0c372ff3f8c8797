/* Data from files as they are: how a file is read, what was found in it, what in it may not have been meant, and what another program needs
 * to prepare the same data.
 *
 *   struct lyap_dataset data;
 *   struct lyap_data_file file = {.path = "iris.csv", .targets = 1, .class_names = true};
 *   if (!lyap_dataset_read_file(&data, &file, &error)) lyap_dataset_one_hot(&data, file.class_count, &error);
 *   ...
 *   lyap_data_file_free(&file);
 *   lyap_dataset_free(&data);
 *
 * Column c of the targets then belongs to the class with the name file.classes[c]. */
#ifndef LYAPGRAD_DATA_FILE_H
#define LYAPGRAD_DATA_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/dataset.h"
#include "lyapgrad/file_form.h"
#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lyap_data_file {
    /* Set by the caller; what is zero is as lyap_dataset_read does it. */
    const char *path;
    const char *labels; /* the file of the targets, or NULL */
    size_t targets;     /* without `labels`: columns of targets at the end of `path` */
    enum lyap_header header;
    bool
        class_names; /* the last column of the targets may have words instead of numbers: each becomes the number of its name, from 0 in the
                         order of their bytes */
    const struct lyap_data_file
        *like; /* a file that was read: targets have its class names, by its numbers; NULL: any */

    /* Found: */
    struct lyap_file_form form, labels_form; /* of `path`, and of `labels` where there is one */
    bool grey;                               /* inputs were unsigned bytes, and are divided by 255 */
    size_t name_count;                       /* of the inputs' names; 0 where the file has none */
    char **names;                            /* [name_count], owned */
    size_t class_count;                      /* of the classes' names; 0: the targets are numbers */
    char **classes;                          /* [class_count], owned */
    enum lyap_file_need need;                /* after LYAP_ERROR_FILE: the setting that would help */
};

/* lyap_dataset_read with these settings. Errors as there. Free `file` with lyap_data_file_free in either case. */
enum lyap_status lyap_dataset_read_file(struct lyap_dataset *data, struct lyap_data_file *file,
                                        struct lyap_error *error);

/* Frees what was found and zeroes it; the settings stay. */
void lyap_data_file_free(struct lyap_data_file *file);

/* What in a data set may not have been meant. */
enum { LYAP_MOST_NOTED_VALUES = 20 };
struct lyap_data_notes {
    double
        scale; /* the largest standard deviation of an input over the smallest above 0; 1 with fewer than two of these */
    size_t largest, smallest; /* the inputs with these, from 0 */
    size_t
        counting; /* an input that counts 0, 1, 2, ... or 1, 2, 3, ... over three samples or more, beside other inputs, from 0;
                                 the number of inputs where none does */
    /* The different values of a single target column, ascending, and how many samples have each; 0 where there are more than
     * LYAP_MOST_NOTED_VALUES, a fraction, or more than a third as many as samples. */
    size_t values;
    double value[LYAP_MOST_NOTED_VALUES];
    size_t samples[LYAP_MOST_NOTED_VALUES];
    bool
        class_numbers; /* these values are three or more, or two other than 0 and 1 or -1 and 1: they may be numbers of classes */
};

/* Looks at all samples in their order. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_dataset_inspect(const struct lyap_dataset *data, struct lyap_data_notes *notes,
                                      struct lyap_error *error);

/* The numbers of each class: targets that are 0 or 1 in one column (class 1 is 1), or one 1 among zeros in several.
 *   count    [classes], which the caller frees; NULL, and *classes 0, where the targets are not so
 * LYAP_ERROR_MEMORY. */
enum lyap_status lyap_dataset_count_classes(const struct lyap_dataset *data, size_t **count, size_t *classes,
                                            struct lyap_error *error);

/* Which samples lyap_dataset_choose keeps, or lyap_dataset_split trains with: kept[samples]. Errors as there. */
enum lyap_status lyap_dataset_chosen(const struct lyap_dataset *data, size_t count, uint64_t seed, bool *kept,
                                     struct lyap_error *error);
enum lyap_status lyap_dataset_divided(const struct lyap_dataset *data, double fraction, uint64_t seed, bool *kept,
                                      struct lyap_error *error);

/* The numbers of lyap_dataset_standardise: mean[inputs] and deviation[inputs] of `train`, with which x becomes
 * (x - mean) / deviation, one subtraction and one division in double precision. Errors as there. */
enum lyap_status lyap_dataset_moments(const struct lyap_dataset *train, const struct lyap_dataset *test, double *mean,
                                      double *deviation, struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
