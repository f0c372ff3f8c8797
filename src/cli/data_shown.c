#include "cli/data_shown.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/progress.h"

/* ---- one or two lines ---- */

struct line {
    char *text;
    size_t size, used;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
add(struct line *line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line->text + line->used, line->size - line->used, format, arguments);
    va_end(arguments);
    if (length > 0) line->used += (size_t)length;
    if (line->used >= line->size) line->used = line->size - 1;
}

const char *cli_form_text(const struct lyap_file_form *form, char *text, size_t size) {
    static const char *const kinds[] = {
        [LYAP_FILE_CSV] = "CSV", [LYAP_FILE_NPY] = ".npy array", [LYAP_FILE_IDX] = "IDX array"};
    struct line line = {text, size, 0};
    add(&line, "%s%s", kinds[form->kind], form->packed ? ", gzip-compressed" : "");
    if (form->kind != LYAP_FILE_CSV) return text;
    add(&line, ", %s", form->header ? "header" : "no header");
    if (form->delimiter == '\t' || form->delimiter == ' ')
        add(&line, ", delimiter %s", form->delimiter == ' ' ? "blank" : "tab");
    else if (form->delimiter)
        add(&line, ", delimiter '%c'", form->delimiter);
    if (form->decimal_comma) add(&line, ", decimal comma");
    return text;
}

enum { MOST_SHOWN = 10 };

static void add_number(struct line *line, size_t number, const char *one) {
    add(line, "%zu %s%s", number, one, number == 1 ? "" : "s");
}

/* "3 classes (setosa 50, versicolor 50, virginica 50)" */
static void add_classes(struct line *line, const struct cli_data *d) {
    add(line, "%zu classes (", d->counted);
    for (size_t c = 0; c < d->counted && c < MOST_SHOWN; c++) {
        if (c < d->file.class_count)
            add(line, "%s%.40s %zu", c ? ", " : "", d->file.classes[c], d->class_count[c]);
        else
            add(line, "%s%zu: %zu", c ? ", " : "", c, d->class_count[c]);
    }
    add(line, "%s)", d->counted > MOST_SHOWN ? ", ..." : "");
}

static void add_targets(struct line *line, const struct cli_data *d) {
    const struct lyap_data_notes *notes = &d->notes;
    if (d->class_count) {
        add_classes(line, d);
        return;
    }
    add_number(line, d->train.outputs, "target");
    if (notes->values == 0) return;
    add(line, " (");
    for (size_t v = 0; v < notes->values && v < MOST_SHOWN; v++)
        add(line, "%s%g: %zu", v ? ", " : "", notes->value[v], notes->samples[v]);
    add(line, "%s)", notes->values > MOST_SHOWN ? ", ..." : "");
}

static void add_parts(struct line *line, const struct cli_data *d) {
    const size_t all = d->train.samples + d->test.samples;
    if (d->split > 0)
        add(line, "; %zu train, %zu held out (%.3g %%)%s", d->train.samples, d->test.samples,
            100 * (double)d->test.samples / (double)all, d->class_count ? ", class by class" : "");
    if (d->test_data) add(line, "; held out: %.200s, %zu samples", d->test_data, d->test.samples);
    if (d->standardise) add(line, "; inputs standardised");
}

static void print_control(const char *text) {
    for (; *text; text++) putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
    putchar('\n');
}

/* ---- warnings ---- */

/* "input 3 ('alcohol')", the number from 1 as in a file. */
static const char *input_name(const struct cli_data *d, size_t input, char text[100]) {
    if (input < d->file.name_count)
        snprintf(text, 100, "input %zu ('%.60s')", input + 1, d->file.names[input]);
    else
        snprintf(text, 100, "input %zu", input + 1);
    return text;
}

static void warn_of_row_names(const char *path, const struct lyap_file_form *form) {
    if (form->row_names)
        cli_warn("%.200s: the first column has no name: it is taken for names of rows and left out; give it a name to "
                 "use it",
                 path);
}

static void warn(const struct cli_data *d) {
    const struct lyap_data_notes *notes = &d->notes;
    char one[100], other[100];
    warn_of_row_names(d->text, &d->file.form);
    if (d->labels) warn_of_row_names(d->labels, &d->file.labels_form);
    if (d->test_data) warn_of_row_names(d->test_data, &d->test_file.form);
    if (d->test_labels) warn_of_row_names(d->test_labels, &d->test_file.labels_form);
    if (!d->standardise && !d->file.grey && notes->scale > 100)
        cli_warn(
            "%.200s: inputs are unscaled: the standard deviation of %s is %.3g times that of %s; --standardise scales "
            "them",
            d->text, input_name(d, notes->largest, one), notes->scale, input_name(d, notes->smallest, other));
    if (!d->one_hot && notes->class_numbers)
        cli_warn("%.200s: the target has %zu different whole numbers, %g to %g, and is used as a number; if these are "
                 "classes, give --one-hot auto",
                 d->labels ? d->labels : d->text, notes->values, notes->value[0], notes->value[notes->values - 1]);
    size_t empty = 0, first = 0;
    for (size_t c = d->counted; c-- > 0;)
        if (d->one_hot && d->class_count[c] == 0) empty++, first = c;
    if (empty)
        cli_warn("%.200s: %zu of the %zu classes %s no sample, the first is class %zu; class numbers begin with 0",
                 d->labels ? d->labels : d->text, empty, d->counted, empty == 1 ? "has" : "have", first);
    if (notes->counting < d->train.inputs)
        cli_warn(
            "%.200s: %s counts the rows, as a row number does, and is used as an input; if it numbers the samples, "
            "leave it out of the file",
            d->text, input_name(d, notes->counting, one));
}

void cli_data_print(const struct cli_data *d) {
    char text[2000], form[200];
    if (lyap_dataset_generated(d->text)) return;
    cli_progress_end();
    struct line line = {text, sizeof text, 0};
    add(&line, "%.300s: ", d->text);
    add_number(&line, d->rows, "sample");
    if (d->chosen) add(&line, ", %zu of them drawn", d->chosen);
    add(&line, ", ");
    add_number(&line, d->train.inputs, "input");
    add(&line, ", ");
    add_targets(&line, d);
    print_control(text);
    line.used = 0;
    add(&line, "  %s", cli_form_text(&d->file.form, form, sizeof form));
    if (d->file.grey) add(&line, ", grey levels divided by 255");
    if (d->labels)
        add(&line, "; targets: %.200s, %s", d->labels, cli_form_text(&d->file.labels_form, form, sizeof form));
    add_parts(&line, d);
    print_control(text);
    fflush(stdout);
    warn(d);
}
