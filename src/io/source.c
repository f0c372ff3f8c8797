#include "io/source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/inflate.h"

enum { BUFFER = LYAP_SOURCE_SAMPLE };

bool lyap_source_unpacks(void) {
    return lyap_inflate_available();
}

/* Reads into what is free behind buffer[end], after moving what is left to the front. */
bool lyap_source_fill(struct lyap_source *s) {
    if (s->ended || s->failure.status) return false;
    if (s->next > 0) {
        memmove(s->buffer, s->buffer + s->next, s->end - s->next);
        s->end -= s->next;
        s->next = 0;
    }
    size_t got;
    if (s->packed) {
        enum lyap_status status =
            lyap_inflate_read(s->packed, s->file, s->path, s->buffer + s->end, BUFFER - s->end, &got, &s->failure);
        if (status) s->failure.status = status;
    } else {
        errno = 0;
        got = fread(s->buffer + s->end, 1, BUFFER - s->end, s->file);
        if (got == 0 && ferror(s->file)) {
            const unsigned long long at = s->taken + s->end;
            s->reason = errno;
            lyap_fail(&s->failure, LYAP_ERROR_FILE, "%.200s: byte %llu: cannot read: %s", s->path, at,
                      strerror(s->reason));
        }
    }
    s->end += got;
    s->ended = got == 0;
    return got > 0;
}

static size_t look(struct lyap_source *s, size_t wanted, const unsigned char **bytes) {
    while (s->end - s->next < wanted && lyap_source_fill(s)) {
    }
    size_t there = s->end - s->next;
    *bytes = s->buffer + s->next;
    return there < wanted ? there : wanted;
}

size_t lyap_source_peek(struct lyap_source *s, const unsigned char **bytes) {
    return look(s, LYAP_SOURCE_PEEK, bytes);
}

size_t lyap_source_sample(struct lyap_source *s, const unsigned char **bytes) {
    return look(s, LYAP_SOURCE_SAMPLE, bytes);
}

size_t lyap_source_read(struct lyap_source *s, void *bytes, size_t count) {
    size_t done = 0;
    while (done < count && (s->next < s->end || lyap_source_fill(s))) {
        size_t part = s->end - s->next;
        if (part > count - done) part = count - done;
        memcpy((char *)bytes + done, s->buffer + s->next, part);
        s->next += part;
        s->taken += part;
        done += part;
    }
    return done;
}

/* The bytes read so far are the beginning of a gzip file: they become the unpacker's input. */
static enum lyap_status start_unpacking(struct lyap_source *s, struct lyap_error *error) {
    if (!lyap_inflate_available())
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: is gzip-compressed, which this build cannot read: unpack it with gunzip, or install "
                         "zlib and build again",
                         s->path);
    s->packed = lyap_inflate_new(s->buffer + s->next, s->end - s->next);
    if (!s->packed) return lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: out of memory", s->path);
    s->next = s->end = 0;
    s->ended = false;
    s->size = UINT64_MAX;
    return LYAP_OK;
}

enum lyap_status lyap_source_open(struct lyap_source *s, const char *path, struct lyap_error *error) {
    struct stat info;
    memset(s, 0, sizeof *s);
    s->path = path;
    s->size = UINT64_MAX;
    s->file = fopen(path, "rb");
    if (!s->file) return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: cannot open: %s", path, strerror(errno));
    enum lyap_status status = LYAP_OK;
    if (fstat(fileno(s->file), &info) == 0) {
        if (S_ISDIR(info.st_mode))
            status = lyap_fail(error, LYAP_ERROR_FILE, "%.200s: is a directory; expected a file", path);
        else if (S_ISREG(info.st_mode) && info.st_size > 0) /* files of the kernel have no size */
            s->size = (uint64_t)info.st_size;
    }
    if (!status) s->buffer = malloc(BUFFER);
    if (!status && !s->buffer) status = lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: out of memory", path);
    if (!status && s->buffer) {
        const unsigned char *bytes;
        if (lyap_source_peek(s, &bytes) >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b)
            status = start_unpacking(s, error);
    }
    if (status) lyap_source_close(s);
    return status;
}

void lyap_source_close(struct lyap_source *s) {
    if (s->file) fclose(s->file);
    free(s->buffer);
    lyap_inflate_free(s->packed);
    memset(s, 0, sizeof *s);
}

enum lyap_status lyap_source_fail(const struct lyap_source *s, uint64_t offset, struct lyap_error *error,
                                  const char *format, ...) {
    char text[sizeof error->message];
    if (s->failure.status) return lyap_fail(error, s->failure.status, "%s", s->failure.message);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: byte %llu%s: %s", s->path, (unsigned long long)offset,
                     s->packed ? " of the unpacked data" : "", text);
}
