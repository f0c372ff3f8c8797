#include "cli/command.h"

#include <string.h>

#include "base/edit_distance.h"
#include "cli/message.h"

const struct cli_command *cli_find_command(const struct cli_program *program, const char *name) {
    const char *known[32] = {NULL};
    size_t count = 0;
    for (const struct cli_command *const *c = program->commands; *c; c++) {
        if (strcmp((*c)->name, name) == 0) return *c;
        known[count++] = (*c)->name;
    }
    const char *near = lyap_nearest_word(name, known, count);
    if (near)
        cli_complain("unknown command '%.60s'; did you mean '%s'? 'lyapgrad help' lists them", name, near);
    else
        cli_complain("unknown command '%.60s'; 'lyapgrad help' lists them", name);
    return NULL;
}
