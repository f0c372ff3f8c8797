/* What the subcommands of the command line share. A subcommand is one entry in the table in src/cli/cli.c and one file
 * src/cli/<name>.c. Everything here prints; the library does not. */
#ifndef LYAP_CLI_H
#define LYAP_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lyapgrad/isa.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

enum { EXIT_BAD_RUN = 1, EXIT_BAD_USAGE = 2 };

/* An option: "--name VALUE" or "--name=VALUE"; without `value` a plain switch. */
struct cli_option {
    const char *name;  /* without dashes; NULL ends a table */
    const char *value; /* what the value is called in the help; NULL for a switch */
    const char *help;  /* with the default */
};

struct cli_command {
    const char *name;
    const char *summary;
    const char *example;
    const struct cli_option *const *options;                              /* NULL-terminated list of tables */
    int (*run)(const struct cli_command *command, int argc, char **argv); /* argv behind the command's name */
};

enum { CLI_MAX_OPTIONS = 128 };

/* The values given for a command's options, in the order of its tables. */
struct cli_values {
    const struct cli_command *command;
    const char *given[CLI_MAX_OPTIONS]; /* NULL when not given, "" for a switch */
};

/* Reads argv[0..argc) against the command's tables. Returns false after printing one line, or after printing the help that
 * was asked for; then *status is the exit status. */
bool cli_parse(struct cli_values *values, const struct cli_command *command, int argc, char **argv, int *status);

/* The same for a command that takes one file besides its options, before, between or behind them. `form` is what messages
 * call it. */
bool cli_parse_file(struct cli_values *values, const struct cli_command *command, int argc, char **argv,
                    const char *form, const char **file, int *status);

/* The same for a command that takes several: files[argc], of which *count are filled. */
bool cli_parse_files(struct cli_values *values, const struct cli_command *command, int argc, char **argv,
                     const char *form, const char **files, int *count, int *status);

/* The option that a word "--name" or "--name=VALUE" is for the command; NULL for any other word. */
const struct cli_option *cli_option_of(const struct cli_command *command, const char *word);

/* The text given for an option, or NULL. The option must be in one of the command's tables. */
const char *cli_text(const struct cli_values *values, const char *name);

/* Sets it, or takes it away with NULL; nothing for an option that is in none of the command's tables. */
void cli_set_text(struct cli_values *values, const char *name, const char *text);

/* Numbers: the whole text, finite, for counts inside [low, high]; print one line and return false otherwise. An absent
 * option leaves *value alone. */
bool cli_real(const struct cli_values *values, const char *name, double *value);
bool cli_count(const struct cli_values *values, const char *name, uint64_t low, uint64_t high, uint64_t *value);

/* The name of a file or directory, not empty; an absent option leaves *path alone. */
bool cli_path(const struct cli_values *values, const char *name, const char **path);

/* `pair` is "A,B", the last part of `text`, the value of option `name`; `form` is what the message asks for. */
bool cli_pair(const char *name, const char *text, const char *pair, const char *form, double *a, double *b);

/* Prints "lyapgrad: ..." as one line to stderr; returns EXIT_BAD_USAGE. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
int cli_complain(const char *format, ...);

/* Prints the error and gives the exit status that belongs to it: 2 for bad input, 1 for what went wrong in the run, 128 and
 * the signal's number for an interruption. */
int cli_fail(const struct lyap_error *error);

extern const struct cli_command *const cli_commands[]; /* NULL-terminated */

/* The command of that name; prints one line that suggests the nearest and returns NULL when there is none. */
const struct cli_command *cli_find_command(const char *name);
void cli_print_help(const struct cli_command *command);

/* Signals and progress (src/cli/console.c). The first SIGINT, SIGTERM, SIGHUP or SIGXCPU asks a run to stop, a second one ends at
 * once; SIGQUIT and what else ends a process do so at once. None leaves temporaries, but for SIGKILL. */
void cli_catch_signals(void);
bool cli_interrupted(void);
void cli_end_deferred(void); /* at the end of a command: ends by a signal that came while files got their names */
int cli_signal_status(void); /* 128 and its number: 130, 143, 129 or 152 */

/* For lyap_plan.progress: draws a bar on a terminal that is not TERM=dumb, unless *(const bool *)context (quiet), without
 * colours where NO_COLOR is set and not empty (no-color.org); stops when a signal came. */
bool cli_progress(uint64_t done, uint64_t total, void *context);
/* The same for work that is told in shares of the whole: without a rate in steps. */
bool cli_progress_share(uint64_t done, uint64_t total, void *context);

/* What else the bar is told: the updates that were done before the run began, so that the rate counts new work alone, and
 * how many of the cells so far diverged. Both are forgotten when the bar ends. */
void cli_progress_from(uint64_t done);
void cli_progress_cells(uint64_t cells, uint64_t diverged);

/* Seconds on a clock that only runs forward. */
double cli_seconds(void);

/* The instruction set that LYAPGRAD_ISA asks for, or the fastest; prints and returns false for one that will not do. */
bool cli_isa(enum lyap_isa *isa);

/* Reads --threads (all by default) and --precision (left alone when absent) where a command has them. */
bool cli_threads(const struct cli_values *values, int *threads);
bool cli_precision(const struct cli_values *values, enum lyap_precision *precision);

extern const struct cli_command cli_reproduce, cli_run, cli_sweep, cli_spectrum, cli_map, cli_bifurcation, cli_select,
    cli_merge, cli_series, cli_validate, cli_verify, cli_info, cli_help;

#endif
