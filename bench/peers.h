/* NumPy, PyTorch and Numba doing bench_step's work on the paper's network: bench/peers/peers.py, where a Python has them. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include "suite.h"

/* Runs the script for the activations and precisions chosen and adds a row a peer. What is missing costs a line on stdout
 * and nothing else; a result too far from ours is refused like that of a kernel. */
enum lyap_status bench_peers_run(struct bench_suite *suite, struct lyap_error *error);

/* Reads one line of the script into a row; false if it is none. */
bool bench_peers_line(const char *line, struct bench_row *row);

/* The first Python that has the module (such as numpy), else NULL: what PYTHON names in the environment, the one on the path, the
 * system's. */
const char *bench_peers_python(const char *module);

#endif
