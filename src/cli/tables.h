/* Every table that the commands write, with the description of its columns. */
#ifndef LYAP_CLI_TABLES_H
#define LYAP_CLI_TABLES_H

#include "io/schema.h"

struct cli_table {
    const char *command; /* as the manifest's key `results` names it: "run", "spectrum", .. */
    const struct lyap_schema *schema;
};
/* Ends with a NULL command. The report's own are in its sections (report/report.h). */
extern const struct cli_table cli_tables[];

#endif
