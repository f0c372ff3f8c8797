/* An input file as a stream of bytes that knows where it is, unpacked on the way when it is gzip-compressed. A pipe will do:
 * nothing is read twice. */
#ifndef LYAP_IO_SOURCE_H
#define LYAP_IO_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lyapgrad/status.h"

struct lyap_source {
    const char *path; /* not owned */
    FILE *file;
    unsigned char *buffer;
    size_t next, end;            /* buffer[next .. end) is read and not yet taken */
    uint64_t taken;              /* bytes before buffer[next], of the unpacked data */
    bool ended;                  /* nothing follows buffer[end] */
    uint64_t size;               /* of the unpacked data, where that is known; else UINT64_MAX */
    int reason;                  /* errno of a read that failed, 0 for none */
    struct lyap_error failure;   /* status is not LYAP_OK once reading or unpacking failed */
    struct lyap_inflate *packed; /* NULL for a plain file */
};

enum {
    LYAP_SOURCE_PEEK = 64,        /* the most bytes that lyap_source_peek looks at */
    LYAP_SOURCE_SAMPLE = 1 << 16, /* the most that lyap_source_sample looks at */
};

/* Opens `path`. LYAP_ERROR_FILE for a missing file, a directory, or a gzip file where the library has no zlib. */
enum lyap_status lyap_source_open(struct lyap_source *source, const char *path, struct lyap_error *error);

/* Closes the file; safe on a zeroed struct and after a failed opening. */
void lyap_source_close(struct lyap_source *source);

/* The next bytes without taking them: as many as there are, at most LYAP_SOURCE_PEEK; their number. */
size_t lyap_source_peek(struct lyap_source *source, const unsigned char **bytes);

/* The same of up to LYAP_SOURCE_SAMPLE bytes. */
size_t lyap_source_sample(struct lyap_source *source, const unsigned char **bytes);

/* Takes `count` bytes, or as many as there are before the end or a failure (`failure` tells which); their number. */
size_t lyap_source_read(struct lyap_source *source, void *bytes, size_t count);

/* Reads on; false at the end and after a failure. */
bool lyap_source_fill(struct lyap_source *source);

/* True where a byte is left; it is buffer[next]. */
static inline bool lyap_source_more(struct lyap_source *source) {
    return source->next < source->end || lyap_source_fill(source);
}

/* Takes the next byte; EOF at the end and after a failure. */
static inline int lyap_source_byte(struct lyap_source *source) {
    if (!lyap_source_more(source)) return EOF;
    source->taken++;
    return source->buffer[source->next++];
}

/* LYAP_ERROR_FILE with "path: byte N: ..."; if the source failed, that is the error instead. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
enum lyap_status
lyap_source_fail(const struct lyap_source *source, uint64_t offset, struct lyap_error *error, const char *format, ...);

/* Skipped tests need it: whether gzip files can be read. */
bool lyap_source_unpacks(void);

#endif
