#include "io/schema.h"

#include <stdbool.h>
#include <string.h>

#include "io/output_file.h"

const char *lyap_column_name(const struct lyap_column *column, size_t number, char *text, size_t size) {
    const char *name = column->name ? column->name : column->name_of(number), *place = strstr(name, "%zu");
    if (!place) return name;
    snprintf(text, size, "%.*s%zu%s", (int)(place - name), name, number, place + strlen("%zu"));
    return text;
}

const struct lyap_column *lyap_schema_column(const struct lyap_schema *schema, const char *name) {
    for (size_t g = 0; g < LYAP_MOST_GROUPS; g++)
        for (size_t c = 0; c < schema->group[g].columns; c++) {
            const struct lyap_column *column = &schema->group[g].column[c];
            if (column->name && strcmp(column->name, name) == 0) return column;
        }
    return NULL;
}

static void put_quoted(FILE *file, const char *word) {
    putc('"', file);
    for (; *word; word++) {
        if (*word == '"') putc('"', file);
        putc(*word, file);
    }
    putc('"', file);
}

static void put_value(FILE *file, struct lyap_value value) {
    char text[32];
    switch (value.field) {
    case LYAP_FIELD_EMPTY:
        break;
    case LYAP_FIELD_COUNT:
        fprintf(file, "%llu", (unsigned long long)value.count);
        break;
    case LYAP_FIELD_REAL:
        fputs(lyap_format_real(value.real, text), file);
        break;
    case LYAP_FIELD_SHORT:
        fprintf(file, "%g", value.real);
        break;
    case LYAP_FIELD_THREE:
        fprintf(file, "%.3g", value.real);
        break;
    case LYAP_FIELD_WORD:
        if (!strpbrk(value.word, ",\"")) {
            fputs(value.word, file);
            break;
        }
        put_quoted(file, value.word);
        break;
    case LYAP_FIELD_QUOTED:
        put_quoted(file, value.word);
        break;
    }
}

/* The head where `row` is NULL. */
static void put_line(FILE *file, const struct lyap_schema *schema, const struct lyap_repeat *repeat, const void *row) {
    char name[64];
    bool first = true;
    for (size_t g = 0; g < LYAP_MOST_GROUPS && schema->group[g].columns; g++) {
        const struct lyap_column_group *group = &schema->group[g];
        const size_t times = repeat ? repeat[g].times : 1;
        for (size_t k = 0; k < times; k++)
            for (size_t c = 0; c < group->columns; c++) {
                if (!first) putc(',', file);
                first = false;
                if (row) {
                    put_value(file, group->column[c].value(row, k));
                    continue;
                }
                size_t number = !repeat ? 0 : repeat[g].number ? repeat[g].number[k] : repeat[g].first + k;
                const char *given = repeat ? repeat[g].name : NULL;
                fputs(given ? given : lyap_column_name(&group->column[c], number, name, sizeof name), file);
            }
    }
    putc('\n', file);
}

void lyap_schema_head(FILE *file, const struct lyap_schema *schema, const struct lyap_repeat *repeat) {
    put_line(file, schema, repeat, NULL);
}

void lyap_schema_row(FILE *file, const struct lyap_schema *schema, const struct lyap_repeat *repeat, const void *row) {
    put_line(file, schema, repeat, row);
}
