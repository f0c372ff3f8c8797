/* Carrying a command's experiment out into its directory: checks, the cells run, or computed into a checkpoint and taken from there, the
 * files all or none, the summary, the picture. What is a command's own it gives as functions. */
#ifndef LYAP_CLI_CARRY_OUT_H
#define LYAP_CLI_CARRY_OUT_H

#include "cli/experiment.h"
#include "lyapgrad/experiment.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

/* A file of the command: in --out by its name, or elsewhere by a path that an option gave. */
struct cli_file {
    const char *name, *path;
    bool wanted; /* else `file` stays NULL */
    FILE *file;
};

struct cli_carrying {
    struct cli_experiment *experiment;
    struct lyap_experiment cells; /* its sink writes rows, and ends with cli_carrying_goes_on */
    const char *more;             /* lines of the settings besides the plan's; NULL: none */
    const char *unit;             /* what its cells are called: "cells", "pixels" */
    const char *picture;          /* NAME of NAME.gp; NULL: none is drawn */
    struct cli_file *files;       /* [count], the manifest last */
    size_t count;
    void *session;                                                      /* what these functions get: */
    enum lyap_status (*begin)(void *session, struct lyap_error *error); /* the files are open: headers */
    enum lyap_status (*end)(void *session, struct lyap_error *error);   /* all cells are there; NULL: nothing to do */
    void (*write)(void *session, const struct cli_results *results);    /* the files of the whole, the manifest last */
    void (*print)(void *session, double seconds);                       /* the terminal's summary */
    /* its own */
    struct cli_results results;
    bool sharded; /* the cells of a shard are kept, and that was all */
};

/* Returns the exit status. */
int cli_carry_out(struct cli_carrying *carrying);

/* The end of a sink: tells the progress bar of the cells so far, and finds out whether the files could be written and no signal came. */
enum lyap_status cli_carrying_goes_on(const struct cli_carrying *carrying, uint64_t cells, uint64_t diverged,
                                      struct lyap_error *error);

/* "  regimes  chaotic 3  still 2" on the terminal, and "UNIT.REGIME = N" lines of the manifest. */
void cli_print_regimes(const uint64_t regimes[LYAP_REGIME_COUNT]);
void cli_write_regimes(FILE *file, const char *unit, const uint64_t regimes[LYAP_REGIME_COUNT]);

#endif
