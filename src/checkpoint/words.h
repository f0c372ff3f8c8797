/* Files of 64-bit little-endian words behind a magic number and a format number, sealed by a digest as the last word. */
#ifndef LYAP_CHECKPOINT_WORDS_H
#define LYAP_CHECKPOINT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/output_file.h"

#define LYAP_MAGIC_HEAD UINT64_C(0x646165687079616c)  /* "lyaphead" */
#define LYAP_MAGIC_CHUNK UINT64_C(0x6b6e68637079616c) /* "lyapchnk" */

struct lyap_words_out {
    struct lyap_output output;
    uint64_t digest;
};

/* Opens the file that a struct lyap_words_target names and writes the magic and the format's number. LYAP_ERROR_OUTPUT. */
struct lyap_words_target {
    const char *directory, *name;
    uint64_t magic;
    struct lyap_output_watch *watch; /* as for lyap_output_open */
};
enum lyap_status lyap_words_open(struct lyap_words_out *out, const struct lyap_words_target *target,
                                 struct lyap_error *error);
void lyap_words_put(struct lyap_words_out *out, uint64_t word);
void lyap_words_put_real(struct lyap_words_out *out, double value);
void lyap_words_put_reals(struct lyap_words_out *out, const double *values, size_t count);
void lyap_words_put_bytes(struct lyap_words_out *out, const char *bytes, size_t size); /* with their number before */

/* LYAP_ERROR_OUTPUT when something could not be written. */
enum lyap_status lyap_words_check(const struct lyap_words_out *out, struct lyap_error *error);

/* Seals the file, brings it to the disk and gives it its name. On an error nothing is left. */
enum lyap_status lyap_words_commit(struct lyap_words_out *out, const char *directory, struct lyap_error *error);
void lyap_words_abandon(struct lyap_words_out *out);

struct lyap_words_in {
    char *path;
    uint64_t *words; /* [count], without the digest */
    size_t count, next;
    bool over;   /* more was taken than there is */
    bool memory; /* there was none for what was taken */
};

/* Reads the whole of DIRECTORY/NAME. LYAP_ERROR_FILE for a missing file, another magic or format, or a digest that does not
 * fit. Free with lyap_words_free (safe after an error). */
enum lyap_status lyap_words_read(struct lyap_words_in *in, const char *directory, const char *name, uint64_t magic,
                                 struct lyap_error *error);
void lyap_words_free(struct lyap_words_in *in);

/* LYAP_ERROR_FILE for a file whose contents are wrong, with `what` and what to do about it; `magic` tells which of the two it is. */
enum lyap_status lyap_words_damaged(const char *path, uint64_t magic, const char *what, struct lyap_error *error);

/* The next word, 0 behind the last. */
uint64_t lyap_words_take(struct lyap_words_in *in);
double lyap_words_take_real(struct lyap_words_in *in);
void lyap_words_take_reals(struct lyap_words_in *in, double *values, size_t count);

/* The bytes that lyap_words_put_bytes wrote, with an end mark behind them; NULL when they are not there or for lack of
 * memory. The caller frees. */
char *lyap_words_take_bytes(struct lyap_words_in *in, size_t *size);

/* Takes `count` words that nobody wants; more than there are being noticed. */
void lyap_words_skip(struct lyap_words_in *in, uint64_t count);

/* Words not yet taken. */
size_t lyap_words_left(const struct lyap_words_in *in);

#endif
