/* Data from files. */
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "io/table_read.h"
#include "lyapgrad/data_file.h"

/* Bytes are the grey levels of images: 0 .. 255 become 0 .. 1. */
static void copy_inputs(double *to, const double *from, size_t count, bool bytes) {
    for (size_t i = 0; i < count; i++) to[i] = bytes ? from[i] / 255 : from[i];
}

/* The last `targets` columns of the table are the targets. */
static enum lyap_status from_columns(struct lyap_dataset *data, const struct lyap_table *table, const char *path,
                                     size_t targets, struct lyap_error *error) {
    if (table->dimensions > 2)
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: an array of %d dimensions has no target columns; the targets (labels) come from a "
                         "file of their own",
                         path, table->dimensions);
    if (table->columns <= targets)
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: %zu columns; %zu targets behind at least 1 input need %zu or more", path,
                         table->columns, targets, targets + 1);
    enum lyap_status status = lyap_dataset_allocate(data, table->rows, table->columns - targets, targets, error);
    for (size_t s = 0; status == LYAP_OK && s < table->rows; s++) {
        const double *row = table->values + s * table->columns;
        copy_inputs(data->x + s * data->inputs, row, data->inputs, table->bytes);
        memcpy(data->y + s * targets, row + data->inputs, targets * sizeof *row);
    }
    return status;
}

/* All columns of `table` are inputs, all of `labels` targets. */
static enum lyap_status from_pair(struct lyap_dataset *data, struct lyap_table *table, const char *path,
                                  struct lyap_table *labels, const char *labels_path, struct lyap_error *error) {
    if (labels->rows != table->rows)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.150s: %zu labels, but %.150s has %zu samples", labels_path,
                         labels->rows, path, table->rows);
    copy_inputs(table->values, table->values, table->rows * table->columns, table->bytes);
    *data = (struct lyap_dataset){.samples = table->rows,
                                  .inputs = table->columns,
                                  .outputs = labels->columns,
                                  .x = table->values,
                                  .y = labels->values};
    table->values = labels->values = NULL;
    return LYAP_OK;
}

static enum lyap_status need_targets(const char *path, size_t targets, struct lyap_error *error) {
    if (targets > 0) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%.200s: 0 target columns; at least 1 is needed", path);
}

/* The class names of a file that was read, as its reader numbers them. */
static enum lyap_status known_words(const struct lyap_data_file *like, struct lyap_word_set *words,
                                    struct lyap_error *error) {
    size_t number;
    for (size_t i = 0; i < like->class_count; i++)
        if (!lyap_word_set_add(words, like->classes[i], &number))
            return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu class names", like->class_count);
    return LYAP_OK;
}

/* The names of the inputs and of the classes change their owner. */
static void take_names(struct lyap_data_file *file, struct lyap_table *table, struct lyap_table *targets,
                       size_t inputs) {
    file->form = table->form;
    file->grey = table->bytes;
    if (table->names) {
        file->names = table->names;
        file->name_count = inputs;
        for (size_t i = inputs; i < table->columns; i++) free(table->names[i]);
        table->names = NULL;
    }
    file->classes = targets->words.word;
    file->class_count = targets->words.count;
    targets->words.word = NULL;
    targets->words.count = 0;
    if (targets != table) file->labels_form = targets->form;
}

static enum lyap_status read_tables(struct lyap_data_file *file, struct lyap_table *table, struct lyap_table *labels,
                                    struct lyap_error *error) {
    struct lyap_word_set known = {0};
    const struct lyap_table_options plain = {.header = file->header, .need = &file->need};
    struct lyap_table_options words = plain;
    enum lyap_status status = file->labels ? LYAP_OK : need_targets(file->path, file->targets, error);
    words.words = file->class_names;
    if (!status && file->like && file->like->class_count) {
        words.known = &known;
        status = known_words(file->like, &known, error);
    }
    if (!status) status = lyap_table_read_with(table, file->path, file->labels ? &plain : &words, error);
    /* Class names are the one column of targets. */
    if (file->need == LYAP_NEED_CLASS_NAMES && (file->labels || file->targets != 1)) file->need = LYAP_NEED_NOTHING;
    if (!status && file->labels) status = lyap_table_read_with(labels, file->labels, &words, error);
    lyap_word_set_free(&known);
    return status;
}

enum lyap_status lyap_dataset_read_file(struct lyap_dataset *data, struct lyap_data_file *file,
                                        struct lyap_error *error) {
    struct lyap_table table = {0}, labels = {0};
    struct lyap_table *targets = file->labels ? &labels : &table;
    memset(data, 0, sizeof *data);
    lyap_data_file_free(file);
    enum lyap_status status = read_tables(file, &table, &labels, error);
    const size_t inputs = table.columns - (file->labels || status ? 0 : file->targets);
    if (!status && file->labels)
        status = from_pair(data, &table, file->path, &labels, file->labels, error);
    else if (!status)
        status = from_columns(data, &table, file->path, file->targets, error);
    if (!status) take_names(file, &table, targets, inputs);
    lyap_table_free(&table);
    lyap_table_free(&labels);
    return status;
}

static void free_all(char **text, size_t count) {
    for (size_t i = 0; i < count; i++) free(text[i]);
    free(text);
}

void lyap_data_file_free(struct lyap_data_file *file) {
    free_all(file->names, file->name_count);
    free_all(file->classes, file->class_count);
    *file = (struct lyap_data_file){.path = file->path,
                                    .labels = file->labels,
                                    .targets = file->targets,
                                    .header = file->header,
                                    .class_names = file->class_names,
                                    .like = file->like};
}

enum lyap_status lyap_dataset_read(struct lyap_dataset *data, const char *path, const char *labels, size_t targets,
                                   struct lyap_error *error) {
    struct lyap_data_file file = {.path = path, .labels = labels, .targets = targets};
    enum lyap_status status = lyap_dataset_read_file(data, &file, error);
    lyap_data_file_free(&file);
    return status;
}

enum lyap_status lyap_dataset_csv(struct lyap_dataset *data, const char *path, size_t targets,
                                  struct lyap_error *error) {
    return lyap_dataset_read(data, path, NULL, targets, error);
}
