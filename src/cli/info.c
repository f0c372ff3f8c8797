/* lyapgrad info: what this build is, and what it finds on this machine. */
#include <stdlib.h>

#include "cli/cli.h"
#include "lyapgrad/version.h"
#include "lyapgrad/isa.h"

static int info(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    enum lyap_isa isa;
    enum lyap_layout layout;
    if (!cli_isa(&isa) || !cli_layout(&layout)) return EXIT_BAD_USAGE;
    const char *forced = getenv("LYAPGRAD_ISA");
    printf("version        %s\n", lyap_version());
    printf("compiler       %s\n", lyap_compiler());
    printf("SLEEF          %s\n", lyap_sleef_version());
    printf("zlib           %s\n", lyap_zlib_version() ? lyap_zlib_version() : "none: no gzip-compressed data");
    printf("threads        %d\n", lyap_max_threads());
    printf("in use         %s (%s)\n", lyap_isa_name(isa),
           forced && *forced ? "forced by LYAPGRAD_ISA" : "the fastest available; LYAPGRAD_ISA forces another");
    if (layout == LYAP_LAYOUT_AUTO)
        puts("layout         chosen for each run; LYAPGRAD_LAYOUT=block, one or shared forces it");
    else
        printf("layout         %s (forced by LYAPGRAD_LAYOUT)\n", lyap_layout_name(layout));
    for (int i = 0; i < LYAP_ISA_COUNT; i++)
        printf("%-14s %s\n", lyap_isa_name((enum lyap_isa)i),
               lyap_isa_available((enum lyap_isa)i) ? "available" : "not on this CPU or not in this build");
    return 0;
}

static const struct cli_use options[] = {{.group = NULL}};
const struct cli_command cli_info = {
    .name = "info",
    .summary = "the build, the instruction sets and the threads",
    .example = "lyapgrad info",
    .options = options,
    .run = info,
};
