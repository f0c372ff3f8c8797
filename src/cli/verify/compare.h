/* One configuration on every instruction set, in several threads, and in parts. */
#ifndef LYAP_CLI_VERIFY_COMPARE_H
#define LYAP_CLI_VERIFY_COMPARE_H

#include "cli/verify/print.h"
#include "cli/verify/drawn.h"

/* May change the results of a run before they are compared: for tests, since no kernel that is wrong can be had. */
typedef void cli_verify_tamper(const struct cli_verify_case *drawn, const struct cli_verify_way *way,
                               struct cli_verify_results *results);

enum cli_verify_answer { CLI_VERIFY_AGREES, CLI_VERIFY_DIFFERS, CLI_VERIFY_STOPPED };

/* Runs the configuration in all ways and compares all with the first, one thread on the scalar path. *digest becomes that of
 * its results. CLI_VERIFY_STOPPED after a signal, or, with a line on stderr, when words will not do or memory is out.
 * `tamper` may be NULL. */
enum cli_verify_answer cli_verify_compare(const struct cli_verify_case *drawn, cli_verify_tamper *tamper,
                                          uint64_t *digest, struct cli_verify_difference *difference);

/* Draws and compares `count` configurations from `first` on, prints what differs, and in the end what was compared and the
 * digest of all results. Returns the exit status of the command. */
int cli_verify_random(const struct cli_program *program, uint64_t seed, uint64_t first, uint64_t count,
                      cli_verify_tamper *tamper);

#endif
