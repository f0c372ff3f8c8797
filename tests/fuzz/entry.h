/* What the fuzz targets share: a directory of their own, and the rules that every reader keeps. A broken rule aborts, which is what
 * a fuzzer takes for a finding and what the Check library takes for a failure. */
#ifndef LYAP_FUZZ_ENTRY_H
#define LYAP_FUZZ_ENTRY_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lyapgrad/status.h"

/* A target: what libFuzzer calls LLVMFuzzerTestOneInput. */
typedef int (*fuzz_target)(const uint8_t *data, size_t size);
int fuzz_csv(const uint8_t *data, size_t size);
int fuzz_npy(const uint8_t *data, size_t size);
int fuzz_idx(const uint8_t *data, size_t size);
int fuzz_checkpoint(const uint8_t *data, size_t size);
int fuzz_options(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_demand(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

/* The working directory of the process: an empty one, removed by the caller of fuzz_leave or left in $TMPDIR. */
static inline void fuzz_enter(void) {
    static bool entered;
    if (entered) return;
    entered = true;
    char path[256];
    const char *parent = getenv("TMPDIR");
    snprintf(path, sizeof path, "%.200s/lyapgrad-fuzz-XXXXXX", parent ? parent : "/tmp");
    fuzz_demand(mkdtemp(path) != NULL && chdir(path) == 0, "no directory to work in");
}

static inline void fuzz_write(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    fuzz_demand(file != NULL, "cannot write a file");
    if (size) fuzz_demand(fwrite(bytes, 1, size, file) == size, "cannot write a file");
    fuzz_demand(fclose(file) == 0, "cannot write a file");
}

/* A failure is told in one printable line. */
static inline void fuzz_one_line(enum lyap_status status, const struct lyap_error *error) {
    fuzz_demand(error->status == status && *error->message, "a failure without a reason");
    for (const char *c = error->message; *c; c++)
        fuzz_demand((unsigned char)*c >= 0x20 && *c != 0x7f, "a control character in a message");
}

static inline void fuzz_finite(const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) fuzz_demand(isfinite(values[i]), "a number that is not finite");
}

#endif
