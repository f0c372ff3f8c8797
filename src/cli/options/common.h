/* What most commands take: the seed, the precision, threads, the directory of the results, and --quiet. */
#ifndef LYAP_CLI_OPTIONS_COMMON_H
#define LYAP_CLI_OPTIONS_COMMON_H

#include "cli/options/values.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/layout.h"
#include "lyapgrad/precision.h"

/* --seed, --precision, --threads, --out, --quiet. */
extern const struct cli_group cli_common_options;

struct cli_common {
    uint64_t seed;                 /* 1 without */
    enum lyap_precision precision; /* float32 without, in a command that has no default of its own */
    int threads;                   /* 0: all */
    const char *out;               /* not owned; NULL without, in a command that has no default of its own */
    bool quiet;
};

/* Fills it from those of the options that the command has; where it has --threads, OMP_NUM_THREADS must be a number of
 * threads. Prints one line and returns false on bad input. */
bool cli_common_read(struct cli_common *common, const struct cli_values *values);

/* The instruction set that LYAPGRAD_ISA asks for, or the fastest; prints and returns false for one that will not do. */
bool cli_isa(enum lyap_isa *isa);

/* The layout that LYAPGRAD_LAYOUT asks for, or LYAP_LAYOUT_AUTO; prints and returns false for another word. */
bool cli_layout(enum lyap_layout *layout);

#endif
