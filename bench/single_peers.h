/* The other programs that do a job on one network. */
#ifndef BENCH_SINGLE_PEERS_H
#define BENCH_SINGLE_PEERS_H

#include <stdio.h>

#include "single.h"

/* What may come of opening a peer: it is there and agrees; it differs by its residuals; or there is none, with the reason in
 * its note. */
enum bench_peer_state { BENCH_PEER_AGREES, BENCH_PEER_DIFFERS, BENCH_PEER_MISSING };

/* Opens the peer and compares it over `steps` steps with what the library found. Closed with its own close unless missing. */
enum bench_peer_state bench_single_blas_open(struct bench_single_peer *peer, const struct bench_job *job, int threads,
                                             uint32_t steps, const struct bench_single_result *expected);
void bench_single_blas_close(struct bench_single_peer *peer);

/* PyTorch, in a Python of its own for each number of threads that lives as long as the pool. */
enum { BENCH_TORCH_MOST = 4 };
struct bench_torch {
    const char *python;    /* one that has PyTorch; NULL: not found yet */
    const char *directory; /* of the files that carry data to it */
    const char *script;
    bool looked;
    struct bench_torch_process {
        int threads;
        long id;
        FILE *to, *from;
    } process[BENCH_TORCH_MOST];
};

/* "torch": the fastest of autograd, code by hand and in place, a product for each network or direction. "torch-stacked": by hand, with
 * the first layers of all networks or directions side by side in one product. */
enum bench_peer_state bench_single_torch_open(struct bench_single_peer *peer, struct bench_torch *torch,
                                              const struct bench_job *job, bool stacked, int threads, uint32_t steps,
                                              const struct bench_single_result *expected);
void bench_single_torch_close(struct bench_single_peer *peer);

/* Ends the processes. */
void bench_torch_end(struct bench_torch *torch);

/* Reads a line "form NAME RESIDUAL STATE_RESIDUAL"; false if it is none. */
bool bench_torch_form(const char *line, char name[24], double *residual, double *state_residual);

#endif
