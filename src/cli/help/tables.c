/* lyapgrad help tables, and lyapgrad help FILE.csv. */
#include "cli/help/tables.h"

#include <stdio.h>
#include <string.h>

#include "cli/help/item.h"
#include "report/frame/tables.h"
#include "report/report.h"

static void add(struct cli_table tables[CLI_MOST_TABLES], size_t *count, const struct lyap_schema *schema,
                const char *command, bool report) {
    size_t t = 0;
    while (t < *count && tables[t].schema != schema) t++;
    if (t == CLI_MOST_TABLES) return;
    if (t == *count) tables[(*count)++] = (struct cli_table){.schema = schema, .report = report};
    const size_t used = strlen(tables[t].commands);
    snprintf(tables[t].commands + used, sizeof tables[t].commands - used, "%s%s", used ? ", " : "", command);
}

size_t cli_list_tables(const struct cli_program *program, struct cli_table tables[CLI_MOST_TABLES]) {
    static const char report[] = "reproduce --report";
    size_t count = 0;
    for (const struct cli_command *const *c = program->commands; *c; c++)
        for (const struct lyap_schema *const *t = (*c)->tables; t && *t; t++)
            add(tables, &count, *t, (*c)->name, false);
    for (size_t t = 0; lyap_frame_tables[t]; t++) add(tables, &count, lyap_frame_tables[t], report, true);
    for (size_t s = 0; lyap_sections[s]; s++)
        for (size_t t = 0; lyap_sections[s]->tables[t]; t++)
            add(tables, &count, lyap_sections[s]->tables[t], report, true);
    return count;
}

bool cli_next_column(const struct lyap_schema *schema, struct cli_column_walk *walk) {
    char text[2][64];
    while (walk->group < LYAP_MOST_GROUPS && walk->index == schema->group[walk->group].columns) {
        walk->group++;
        walk->index = 0;
    }
    if (walk->group == LYAP_MOST_GROUPS) return false;
    const struct lyap_column *column = &schema->group[walk->group].column[walk->index++];
    const bool numbered = column->name && strstr(column->name, "%zu");
    walk->column = column;
    snprintf(walk->name, sizeof walk->name, "%s", lyap_column_name(column, numbered, text[0], sizeof text[0]));
    const size_t used = strlen(walk->name);
    if (numbered || !column->name)
        snprintf(walk->name + used, sizeof walk->name - used, ", %s, ..",
                 lyap_column_name(column, numbered + 1u, text[1], sizeof text[1]));
    return true;
}

bool cli_print_table(const struct cli_program *program, const char *file) {
    struct cli_table tables[CLI_MOST_TABLES];
    const size_t count = cli_list_tables(program, tables);
    size_t found = 0;
    for (size_t t = 0; t < count; t++) {
        struct cli_column_walk walk = {0};
        if (strcmp(tables[t].schema->file, file) != 0) continue;
        printf("%s%s of %s: a row is %s\n\n", found++ ? "\n" : "", file, tables[t].commands, tables[t].schema->what);
        while (cli_next_column(tables[t].schema, &walk)) {
            char sentence[CLI_SENTENCE];
            const char *unit = walk.column->unit;
            snprintf(sentence, sizeof sentence, "%s%s%s%s", unit ? "[" : "", unit ? unit : "", unit ? "] " : "",
                     walk.column->what);
            cli_print_item(walk.name, sentence);
        }
    }
    return found > 0;
}

void cli_print_tables(const struct cli_program *program) {
    struct cli_table tables[CLI_MOST_TABLES];
    const size_t count = cli_list_tables(program, tables);
    cli_print_words(
        "The CSV files, who writes them, and what a row is. 'lyapgrad help FILE.csv' lists the columns of one.");
    putchar('\n');
    for (size_t t = 0; t < count; t++) {
        char sentence[CLI_SENTENCE];
        snprintf(sentence, sizeof sentence, "%s: %s", tables[t].commands, tables[t].schema->what);
        cli_print_item(tables[t].schema->file, sentence);
    }
}
