/* Training data: samples x inputs and samples x outputs, in double precision (kernels convert on entry).
 *
 *   struct lyap_dataset data = {0};
 *   lyap_dataset_xor(&data, &error);
 *   ...
 *   lyap_dataset_free(&data); */
#ifndef LYAPGRAD_DATASET_H
#define LYAPGRAD_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lyap_dataset {
    size_t samples;
    size_t inputs;
    size_t outputs;
    double *x; /* [samples][inputs], owned */
    double *y; /* [samples][outputs], owned */
};

/* XOR: the four corners of {0,1}^2 in the order 00, 01, 10, 11; target 1 where the two inputs differ. */
enum lyap_status lyap_dataset_xor(struct lyap_dataset *data, struct lyap_error *error);

/* Parity of `bits` random bits, each input bit + N(0, sigma).
 *   bits      1 .. 20
 *   samples   1 .. 2^31; sample s takes the bit pattern s mod 2^bits, so classes are balanced
 *   sigma     standard deviation of the input noise, >= 0
 *   seed      of the noise (stream LYAP_STREAM_DATA) */
enum lyap_status lyap_dataset_xor_noisy(struct lyap_dataset *data, int bits, size_t samples, double sigma,
                                        uint64_t seed, struct lyap_error *error);

/* Reads a CSV file: an optional header line, then one sample a row, the last `targets` (>= 1) columns the targets.
 * Returns LYAP_ERROR_FILE, naming the line and column, for a missing file, a directory, an empty file, ragged rows,
 * text or non-finite numbers, or fewer than targets + 1 columns. */
enum lyap_status lyap_dataset_csv(struct lyap_dataset *data, const char *path, size_t targets,
                                  struct lyap_error *error);

/* From the command line's text: "xor", "xor-noisy:BITS,SAMPLES,SIGMA", otherwise a CSV path (a name that is no file
 * and looks like a misspelt generator gets a message that lists the generators). */
enum lyap_status lyap_dataset_parse(struct lyap_dataset *data, const char *text, size_t targets, uint64_t seed,
                                    struct lyap_error *error);

/* Frees the arrays and zeroes the struct; a zeroed struct is allowed. */
void lyap_dataset_free(struct lyap_dataset *data);

#ifdef __cplusplus
}
#endif
#endif
