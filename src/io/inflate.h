/* Unpacking gzip data (RFC 1952) with zlib, where the library was built with it (-DLYAP_ZLIB). */
#ifndef LYAP_IO_INFLATE_H
#define LYAP_IO_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lyapgrad/status.h"

struct lyap_inflate;

bool lyap_inflate_available(void);

/* Begins with the packed bytes given; more come from the file of lyap_inflate_read. NULL without memory or zlib. */
struct lyap_inflate *lyap_inflate_new(const unsigned char *packed, size_t count);
void lyap_inflate_free(struct lyap_inflate *inflate);

/* Unpacks at most `room` (> 0) bytes to `bytes`; *got is 0 at the end and on failure. LYAP_ERROR_FILE for damaged, incomplete
 * or trailing data names the offset in the packed file. */
enum lyap_status lyap_inflate_read(struct lyap_inflate *inflate, FILE *file, const char *path, unsigned char *bytes,
                                   size_t room, size_t *got, struct lyap_error *error);

#endif
