/* A random configuration of `verify --random`. */
#ifndef LYAP_CLI_VERIFY_CASE_H
#define LYAP_CLI_VERIFY_CASE_H

#include "cli/cli.h"
#include "lyapgrad/spectrum.h"

enum { CLI_VERIFY_WORDS = 128, CLI_VERIFY_TEXT = 4096 };

/* A configuration: a pure function of (seed, index). It is the words of a command, without those that must not change the
 * results (--threads, --out), so that the line that is printed is what ran. */
struct cli_verify_case {
    uint64_t seed, index;
    const struct cli_command *command; /* NULL: a known system, which no command runs; `system` has it */
    int argc;
    char *argv[CLI_VERIFY_WORDS]; /* behind the command's name, in `text` */
    char text[CLI_VERIFY_TEXT];
    struct lyap_spectrum_plan system;
    uint64_t starts;   /* starting points; 0 for a command that has none to leave out */
    uint64_t fewer;    /* of these a run with fewer cells takes, 1 .. starts - 1; 0: starts is 1 or 0 */
    int shard, shards; /* the part of the cells that another run takes; 0 of 0: the command has no parts */
};

#endif
