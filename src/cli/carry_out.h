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
    void (*write)(void *session);                /* the files of the whole but the manifest; NULL: there are none */
    void (*manifest)(void *session, FILE *file); /* its lines, to which the files and the digest are added */
    void (*print)(void *session); /* the terminal's summary, to which digest, time and directory are added */
    /* kept by the sink: */
    uint64_t digest;                           /* begun before the first cell */
    uint64_t done, regimes[LYAP_REGIME_COUNT]; /* cells so far, and of these by regime where they have one */
    /* its own */
    struct cli_results results;
    FILE *preprocessing; /* of --save-preprocessing; NULL without */
    bool sharded;        /* the cells of a shard are kept, and that was all */
};

/* Returns the exit status. */
int cli_carry_out(struct cli_carrying *carrying);

/* The end of a sink: tells the progress bar of the cells so far, and finds out whether the files could be written and no signal came. */
enum lyap_status cli_carrying_goes_on(const struct cli_carrying *carrying, uint64_t cells, uint64_t diverged,
                                      struct lyap_error *error);
/* The same for a sink that counts `done` and `regimes`. */
enum lyap_status cli_carrying_counted(const struct cli_carrying *carrying, struct lyap_error *error);

/* All files, by these names in --out. */
void cli_name_all_files(struct cli_file *files, const char *const *names, size_t count);

/* "  regimes  chaotic 3  still 2" on the terminal, and "UNIT.REGIME = N" lines of the manifest. */
void cli_print_regimes(const uint64_t regimes[LYAP_REGIME_COUNT]);
void cli_write_regimes(FILE *file, const char *unit, const uint64_t regimes[LYAP_REGIME_COUNT]);

#endif
