/* One configuration on every instruction set, in several threads, and in parts. */
#ifndef LYAP_CLI_VERIFY_COMPARE_H
#define LYAP_CLI_VERIFY_COMPARE_H

#include "cli/verify/run.h"

/* May change the results of a run before they are compared: for tests, since no kernel that is wrong can be had. */
typedef void cli_verify_tamper(const struct cli_verify_case *drawn, const struct cli_verify_way *way,
                               struct cli_verify_results *results);

/* Two runs that differ, and in what. */
struct cli_verify_difference {
    struct cli_verify_way a, b;
    bool has_values; /* both have the number, and `first` and `second` are its two values */
    struct cli_verify_value first, second;
    char reason[600]; /* otherwise: a run failed, or has more numbers */
};

enum cli_verify_answer { CLI_VERIFY_AGREES, CLI_VERIFY_DIFFERS, CLI_VERIFY_STOPPED };

/* Runs the configuration in all ways and compares all with the first, one thread on the scalar path. *digest becomes that of
 * its results. CLI_VERIFY_STOPPED after a signal, or, with a line on stderr, when words will not do or memory is out.
 * `tamper` may be NULL. */
enum cli_verify_answer cli_verify_compare(const struct cli_verify_case *drawn, cli_verify_tamper *tamper,
                                          uint64_t *digest, struct cli_verify_difference *difference);

/* Prints which number differs, and the command lines that show it. */
void cli_verify_print(const struct cli_verify_case *drawn, const struct cli_verify_difference *difference);

/* The configuration's command with its options in one line of a shell, and behind them --threads and --out; with
 * CLI_VERIFY_FEWER or CLI_VERIFY_SHARD those of a part. */
void cli_verify_print_line(FILE *file, const struct cli_verify_case *drawn, const struct cli_verify_way *way,
                           const char *out);

/* Draws and compares `count` configurations from `first` on, prints what differs, and in the end what was compared and the
 * digest of all results. Returns the exit status of the command. */
int cli_verify_random(uint64_t seed, uint64_t first, uint64_t count, cli_verify_tamper *tamper);

#endif
