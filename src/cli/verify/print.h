/* A difference as text: the number, and command lines that show it. */
#ifndef LYAP_CLI_VERIFY_PRINT_H
#define LYAP_CLI_VERIFY_PRINT_H

#include "cli/verify/drawn.h"

/* Two runs that differ, and in what. */
struct cli_verify_difference {
    struct cli_verify_way a, b;
    bool has_values; /* both have the number, and `first` and `second` are its two values */
    struct cli_verify_value first, second;
    char reason[600]; /* otherwise: a run failed, or has more numbers */
};

/* Prints which number differs, and the command lines that show it. */
void cli_verify_print(const struct cli_verify_case *drawn, const struct cli_verify_difference *difference);

/* The configuration's command with its options in one line of a shell, and behind them --threads and --out; with
 * CLI_VERIFY_FEWER or CLI_VERIFY_SHARD those of a part. */
void cli_verify_print_line(FILE *file, const struct cli_verify_case *drawn, const struct cli_verify_way *way,
                           const char *out);

#endif
