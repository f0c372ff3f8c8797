#include "checkpoint/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lyapgrad/checkpoint.h"
#include "lyapgrad/digest.h"
#include "base/memory.h"

enum lyap_status lyap_words_open(struct lyap_words_out *out, const struct lyap_words_target *target,
                                 struct lyap_error *error) {
    out->digest = LYAP_DIGEST_START;
    enum lyap_status status = lyap_output_open_in(&out->output, target->directory, target->name, target->watch, error);
    if (status) return status;
    lyap_words_put(out, target->magic);
    lyap_words_put(out, LYAP_CHECKPOINT_FORMAT);
    return LYAP_OK;
}

void lyap_words_put(struct lyap_words_out *out, uint64_t word) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(word >> (8 * i));
    out->digest = lyap_digest_u64(out->digest, word);
    fwrite(bytes, 1, sizeof bytes, out->output.file); /* a failure stays with the stream */
}

void lyap_words_put_real(struct lyap_words_out *out, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    lyap_words_put(out, bits);
}

void lyap_words_put_reals(struct lyap_words_out *out, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) lyap_words_put_real(out, values[i]);
}

void lyap_words_put_bytes(struct lyap_words_out *out, const char *bytes, size_t size) {
    lyap_words_put(out, size);
    for (size_t i = 0; i < size; i += 8) {
        uint64_t word = 0;
        for (size_t b = 0; b < 8 && i + b < size; b++) word |= (uint64_t)(unsigned char)bytes[i + b] << (8 * b);
        lyap_words_put(out, word);
    }
}

enum lyap_status lyap_words_check(const struct lyap_words_out *out, struct lyap_error *error) {
    if (!ferror(out->output.file)) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_OUTPUT, "%.300s: cannot write; is the disk full?", out->output.path);
}

enum lyap_status lyap_words_commit(struct lyap_words_out *out, const char *directory, struct lyap_error *error) {
    lyap_words_put(out, out->digest);
    enum lyap_status status = lyap_output_sync(&out->output, error);
    if (!status) status = lyap_output_commit(&out->output, error);
    lyap_words_abandon(out);
    if (!status) lyap_output_sync_directory(directory);
    return status;
}

void lyap_words_abandon(struct lyap_words_out *out) {
    lyap_output_abandon(&out->output);
}

static enum lyap_status fail_reading(const struct lyap_words_in *in, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_FILE, "%.300s: cannot read: %s", in->path,
                     errno ? strerror(errno) : "it ends early");
}

enum lyap_status lyap_words_damaged(const char *path, uint64_t magic, const char *what, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_FILE, "%.250s: damaged: %s; %s", path, what,
                     magic == LYAP_MAGIC_HEAD
                         ? "the files beside it are of no use without it: delete the directory and start again"
                         : "delete this file and resume the run: what it had is computed again");
}

/* The file's bytes as words, the digest with them. */
static enum lyap_status load(struct lyap_words_in *in, uint64_t magic, struct lyap_error *error) {
    struct stat info;
    errno = 0;
    if (stat(in->path, &info) != 0) return fail_reading(in, error);
    if (!S_ISREG(info.st_mode)) return lyap_fail(error, LYAP_ERROR_FILE, "%.300s: is no regular file", in->path);
    size_t size = (size_t)info.st_size;
    if (size < 24 || size % 8 != 0)
        return lyap_words_damaged(in->path, magic, "cut short, or no checkpoint file", error);
    in->words = lyap_memory_fits((double)size) ? calloc(size / 8, 8) : NULL;
    if (!in->words) return lyap_fail(error, LYAP_ERROR_MEMORY, "%.300s: out of memory", in->path);
    FILE *file = fopen(in->path, "rb");
    if (!file) return fail_reading(in, error);
    unsigned char *bytes = (unsigned char *)in->words;
    size_t got = fread(bytes, 1, size, file);
    enum lyap_status status = got == size ? LYAP_OK : fail_reading(in, error);
    fclose(file);
    in->count = got / 8;
    for (size_t i = 0; i < in->count; i++) {
        uint64_t word = 0;
        for (int b = 0; b < 8; b++) word |= (uint64_t)bytes[8 * i + (size_t)b] << (8 * b);
        in->words[i] = word;
    }
    return status;
}

enum lyap_status lyap_words_read(struct lyap_words_in *in, const char *directory, const char *name, uint64_t magic,
                                 struct lyap_error *error) {
    memset(in, 0, sizeof *in);
    size_t room = strlen(directory) + strlen(name) + 2;
    in->path = malloc(room);
    if (!in->path) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    snprintf(in->path, room, "%s/%s", directory, name);
    enum lyap_status status = load(in, magic, error);
    if (status || !in->words) return status;
    if (in->words[0] != magic)
        return lyap_words_damaged(in->path, magic, "it begins with other bytes than a checkpoint file", error);
    if (in->words[1] != LYAP_CHECKPOINT_FORMAT)
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.300s: its format has the number %llu, this version of lyapgrad reads %d", in->path,
                         (unsigned long long)in->words[1], LYAP_CHECKPOINT_FORMAT);
    uint64_t digest = LYAP_DIGEST_START;
    in->count--;
    for (size_t i = 0; i < in->count; i++) digest = lyap_digest_u64(digest, in->words[i]);
    if (digest != in->words[in->count])
        return lyap_words_damaged(in->path, magic, "its checksum does not fit its contents", error);
    in->next = 2;
    return LYAP_OK;
}

void lyap_words_free(struct lyap_words_in *in) {
    free(in->path);
    free(in->words);
    memset(in, 0, sizeof *in);
}

uint64_t lyap_words_take(struct lyap_words_in *in) {
    if (in->next < in->count) return in->words[in->next++];
    in->over = true;
    return 0;
}

double lyap_words_take_real(struct lyap_words_in *in) {
    uint64_t bits = lyap_words_take(in);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void lyap_words_take_reals(struct lyap_words_in *in, double *values, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] = lyap_words_take_real(in);
}

char *lyap_words_take_bytes(struct lyap_words_in *in, size_t *size) {
    uint64_t length = lyap_words_take(in);
    size_t left = lyap_words_left(in);
    if (in->over || length > (uint64_t)left * 8) return NULL;
    *size = (size_t)length;
    char *bytes = malloc(*size + 1);
    in->memory = in->memory || !bytes;
    if (!bytes) return NULL;
    for (size_t i = 0; i < *size; i += 8) {
        uint64_t word = lyap_words_take(in);
        for (size_t b = 0; b < 8 && i + b < *size; b++) bytes[i + b] = (char)(unsigned char)(word >> (8 * b));
    }
    bytes[*size] = '\0';
    return bytes;
}

size_t lyap_words_left(const struct lyap_words_in *in) {
    return in->count - in->next;
}

void lyap_words_skip(struct lyap_words_in *in, uint64_t count) {
    if (count <= lyap_words_left(in))
        in->next += (size_t)count;
    else
        in->over = true;
}
