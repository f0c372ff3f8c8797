#include "cli/preprocessing.h"

#include <string.h>

#include "io/output_file.h"

/* The bytes of the UTF-8 character at `text`; 0 where they are none. */
static size_t character(const unsigned char *text) {
    const unsigned char first = *text;
    const size_t length = first < 0x80                    ? 1
                          : first >= 0xc2 && first < 0xe0 ? 2
                          : first >= 0xe0 && first < 0xf0 ? 3
                          : first >= 0xf0 && first < 0xf5 ? 4
                                                          : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80) return 0;
    const bool overlong = (first == 0xe0 && text[1] < 0xa0) || (first == 0xf0 && text[1] < 0x90);
    const bool outside = (first == 0xed && text[1] >= 0xa0) || (first == 0xf4 && text[1] >= 0x90);
    return overlong || outside ? 0 : length;
}

/* A JSON string; what is no UTF-8 becomes the replacement character. */
static void put_text(FILE *file, const char *text) {
    if (!text) {
        fputs("null", file);
        return;
    }
    putc('"', file);
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        const size_t length = character(at);
        if (length == 0)
            fputs("\\ufffd", file);
        else if (*at == '"' || *at == '\\')
            fprintf(file, "\\%c", *at);
        else if (*at < 0x20)
            fprintf(file, "\\u%04x", *at);
        else
            fwrite(at, 1, length, file);
        at += length ? length : 1;
    }
    putc('"', file);
}

static void put_key(FILE *file, const char *key, const char *text) {
    fprintf(file, "  \"%s\": ", key);
    put_text(file, text);
    fputs(",\n", file);
}

static void put_inputs(FILE *file, const struct cli_data *d) {
    char mean[32], deviation[32];
    fputs("  \"inputs\": [\n", file);
    for (size_t i = 0; i < d->train.inputs; i++) {
        fputs("    {\"name\": ", file);
        put_text(file, i < d->file.name_count ? d->file.names[i] : NULL);
        fprintf(file, ", \"mean\": %s, \"deviation\": %s}%s\n", lyap_format_real(d->mean ? d->mean[i] : 0, mean),
                lyap_format_real(d->deviation ? d->deviation[i] : 1, deviation), i + 1 < d->train.inputs ? "," : "");
    }
    fputs("  ],\n", file);
}

static void put_classes(FILE *file, const struct cli_data *d) {
    fputs("  \"classes\": ", file);
    for (size_t c = 0; c < d->file.class_count; c++) {
        fputs(c ? ", " : "[", file);
        put_text(file, d->file.classes[c]);
    }
    fputs(d->file.class_count ? "],\n" : "null,\n", file);
}

static void put_part(FILE *file, const struct cli_data *d, const char *key, enum cli_part part, const char *end) {
    bool first = true;
    fprintf(file, "  \"%s\": [", key);
    for (size_t r = 0; r < d->rows; r++) {
        if (d->part[r] != part) continue;
        fprintf(file, "%s%zu", first ? "" : ", ", r);
        first = false;
    }
    fprintf(file, "]%s\n", end);
}

void cli_preprocessing_write(FILE *file, const struct cli_data *d) {
    fputs("{\n  \"format\": \"lyapgrad preprocessing 1\",\n", file);
    put_key(file, "data", d->text);
    put_key(file, "labels", d->labels);
    put_key(file, "test_data", d->test_data);
    put_key(file, "test_labels", d->test_labels);
    fprintf(file, "  \"samples\": %zu,\n  \"skip_columns\": %d,\n  \"divide_by\": %d,\n  \"standardised\": %s,\n",
            d->rows, d->file.form.row_names, d->file.grey ? 255 : 1, d->standardise ? "true" : "false");
    put_inputs(file, d);
    put_classes(file, d);
    put_part(file, d, "train", CLI_TRAINS, ",");
    put_part(file, d, "held_out", CLI_HELD_OUT, "");
    fputs("}\n", file);
}
