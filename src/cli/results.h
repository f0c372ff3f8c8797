/* The files of a command: what it reads, what it writes, and what an earlier run left in its directory.
 *
 *   start, reads and writes      name them all
 *   check, before any work       no output is an input or another output; the directory has no results of another command; nothing that no earlier run
 *                                wrote is replaced
 *   open, add, commit            all files, or none; what the earlier run alone had goes */
#ifndef LYAP_CLI_RESULTS_H
#define LYAP_CLI_RESULTS_H

#include "cli/checkpoint.h"
#include "cli/options/data.h"
#include "results/manifest_read.h"
#include "io/output_set.h"
#include "lyapgrad/status.h"

struct cli_results {
    const char *command; /* whose results they are: the command's name, or "reproduce --report"; not owned */
    const char *out;     /* not owned */
    bool part;           /* of a split run: no tables */
    struct lyap_file_roles roles;
    struct lyap_output_set set;
    char pictures[1024]; /* " NAME.png NAME.svg" for each */
};

/* Begins with nothing named. End with cli_results_free in any case; where nothing was committed it takes the directories that were made for
 * the files away. */
void cli_results_start(struct cli_results *r, const char *command, const char *out);
void cli_results_free(struct cli_results *r);

/* Name a file that an option gives; NULL for one that is not given. */
void cli_results_reads(struct cli_results *r, const char *option, const char *path);
void cli_results_writes(struct cli_results *r, const char *option, const char *path);
/* The files of the data options. */
void cli_results_reads_data(struct cli_results *r, const struct cli_data *data);
/* The directory of --checkpoint, or those that are merged; before the tables. */
void cli_results_keeps(struct cli_results *r, const struct cli_checkpoint *checkpoint);
/* A table, script or manifest in --out, and the pictures that gnuplot draws there from NAME.gp. */
void cli_results_table(struct cli_results *r, const char *name);
void cli_results_picture(struct cli_results *r, const char *name);

/* LYAP_ERROR_ARGUMENT when the command must not run with these files: two are one; the directory is a file, or holds the results of another
 * command; a table or picture is there that the directory's manifest does not list (but where a killed run has left its manifest's
 * temporary); an output is neither a regular file nor a character device. */
enum lyap_status cli_results_check(const struct cli_results *r, struct lyap_error *error);
/* cli_results_check, and whether the directory and all files can be written, for a command that opens them late. */
enum lyap_status cli_results_probe(const struct cli_results *r, struct lyap_error *error);

/* cli_results_check, which gives the manifest that it has read (no text for a part of a run); free it with lyap_earlier_free
 * in either case. */
enum lyap_status cli_results_look(const struct cli_results *r, struct lyap_earlier *earlier, struct lyap_error *error);

/* Opens the set r->set, to which the command adds its files, manifest.txt last. The check again comes first. */
enum lyap_status cli_results_open(struct cli_results *r, struct lyap_error *error);

/* Add a file and give its stream: `name` in --out, or any path, NULL for none (then the stream is NULL, too). */
enum lyap_status cli_results_add(struct cli_results *r, const char *name, FILE **file, struct lyap_error *error);
enum lyap_status cli_results_add_path(struct cli_results *r, const char *path, FILE **file, struct lyap_error *error);

/* The manifest's lines `results`, `files` (what the set has in --out, without the manifest) and, where there are any, `pictures`. */
void cli_results_manifest(const struct cli_results *r, FILE *file);

#endif
