#include "io/inflate.h"

#ifdef LYAP_ZLIB

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lyapgrad/version.h"

enum { PACKED = 1 << 16 };

struct lyap_inflate {
    z_stream stream;
    unsigned long long read; /* packed bytes taken from the file */
    bool between;            /* a member of the file is complete */
    unsigned char packed[PACKED];
};

bool lyap_inflate_available(void) {
    return true;
}

const char *lyap_zlib_version(void) {
    return zlibVersion();
}

struct lyap_inflate *lyap_inflate_new(const unsigned char *packed, size_t count) {
    struct lyap_inflate *z = calloc(1, sizeof *z);
    if (!z || count > PACKED || inflateInit2(&z->stream, 15 + 16) != Z_OK) { /* 15 + 16: gzip alone */
        free(z);
        return NULL;
    }
    memcpy(z->packed, packed, count);
    z->read = count;
    z->stream.next_in = z->packed;
    z->stream.avail_in = (uInt)count;
    return z;
}

void lyap_inflate_free(struct lyap_inflate *z) {
    if (!z) return;
    inflateEnd(&z->stream);
    free(z);
}

/* Offset in the packed file of the next byte to unpack. */
static unsigned long long position(const struct lyap_inflate *z) {
    return z->read - z->stream.avail_in;
}

/* More packed bytes when all are used; false at the end of the file. */
static bool refill(struct lyap_inflate *z, FILE *file) {
    if (z->stream.avail_in > 0) return true;
    size_t count = fread(z->packed, 1, PACKED, file);
    z->read += count;
    z->stream.next_in = z->packed;
    z->stream.avail_in = (uInt)count;
    return count > 0;
}

static enum lyap_status damaged(const struct lyap_inflate *z, const char *path, const char *why,
                                struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: byte %llu: damaged gzip data: %s", path, position(z), why);
}

/* Another member may follow (gzip files can be joined); nothing else may. */
static enum lyap_status next_member(struct lyap_inflate *z, const char *path, struct lyap_error *error) {
    if (*z->stream.next_in != 0x1f) return damaged(z, path, "more bytes behind its end", error);
    z->between = false;
    return inflateReset(&z->stream) == Z_OK ? LYAP_OK : damaged(z, path, "cannot go on", error);
}

enum lyap_status lyap_inflate_read(struct lyap_inflate *z, FILE *file, const char *path, unsigned char *bytes,
                                   size_t room, size_t *got, struct lyap_error *error) {
    *got = 0;
    z->stream.next_out = bytes;
    z->stream.avail_out = (uInt)room;
    while (z->stream.avail_out == room) {
        errno = 0;
        if (!refill(z, file)) {
            if (ferror(file))
                return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: byte %llu: cannot read: %s", path, position(z),
                                 strerror(errno));
            return z->between ? LYAP_OK : damaged(z, path, "the file ends inside it", error);
        }
        enum lyap_status status = z->between ? next_member(z, path, error) : LYAP_OK;
        if (status) return status;
        int result = inflate(&z->stream, Z_NO_FLUSH);
        if (result == Z_STREAM_END)
            z->between = true;
        else if (result != Z_OK)
            return result == Z_MEM_ERROR ? lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: out of memory", path)
                                         : damaged(z, path, z->stream.msg ? z->stream.msg : "no such block", error);
    }
    *got = room - z->stream.avail_out;
    return LYAP_OK;
}

#else

#include "lyapgrad/version.h"

bool lyap_inflate_available(void) {
    return false;
}

const char *lyap_zlib_version(void) {
    return NULL;
}

struct lyap_inflate *lyap_inflate_new(const unsigned char *packed, size_t count) {
    (void)packed;
    (void)count;
    return NULL;
}

void lyap_inflate_free(struct lyap_inflate *z) {
    (void)z;
}

enum lyap_status lyap_inflate_read(struct lyap_inflate *z, FILE *file, const char *path, unsigned char *bytes,
                                   size_t room, size_t *got, struct lyap_error *error) {
    (void)z;
    (void)file;
    (void)bytes;
    (void)room;
    *got = 0;
    return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: is gzip-compressed", path);
}

#endif
