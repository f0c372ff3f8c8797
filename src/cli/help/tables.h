/* The CSV files that commands write, from the descriptions that write them (io/schema.h). */
#ifndef LYAP_CLI_HELP_TABLES_H
#define LYAP_CLI_HELP_TABLES_H

#include "cli/command.h"
#include "io/schema.h"

enum { CLI_MOST_TABLES = 128 };

struct cli_table {
    const struct lyap_schema *schema;
    char commands[64]; /* that write it: "run, sweep" */
    bool report;       /* of the replication report */
};

/* Each table once, those of the commands in their order, then those of the report; returns their number. */
size_t cli_list_tables(const struct cli_program *program, struct cli_table tables[CLI_MOST_TABLES]);

/* Goes over the columns of a table. Begin with zeroes; false behind the last. */
struct cli_column_walk {
    size_t group, index;
    const struct lyap_column *column;
    char name[128]; /* "cell", or of a repeated one "lambda_1, lambda_2, .." */
};
bool cli_next_column(const struct lyap_schema *schema, struct cli_column_walk *walk);

/* The topic: the list of them. */
void cli_print_tables(const struct cli_program *program);

/* The tables of that file name with their columns, to standard output; false where there is none. */
bool cli_print_table(const struct cli_program *program, const char *file);

#endif
