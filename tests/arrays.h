/* For tests of the readers: .npy, IDX and gzip files made byte by byte, without the code under test. */
#ifndef LYAP_TEST_ARRAYS_H
#define LYAP_TEST_ARRAYS_H

#include "tests/support.h"

enum { MAX_BYTES = 1 << 16 };

/* A file in the making. */
struct bytes {
    size_t size;
    unsigned char at[MAX_BYTES];
};

static inline void put_bytes(struct bytes *b, const void *from, size_t size) {
    ck_assert_uint_le(b->size + size, MAX_BYTES);
    memcpy(b->at + b->size, from, size);
    b->size += size;
}

static inline void put_byte(struct bytes *b, unsigned value) {
    unsigned char byte = (unsigned char)value;
    put_bytes(b, &byte, 1);
}

/* "0a ff" */
static inline void put_hex(struct bytes *b, const char *hex) {
    for (; *hex; hex += hex[2] == ' ' ? 3 : 2) {
        unsigned value;
        ck_assert_int_eq(sscanf(hex, "%2x", &value), 1);
        put_byte(b, value);
    }
}

static inline void put_little(struct bytes *b, uint64_t value, int size) {
    for (int i = 0; i < size; i++) put_byte(b, (unsigned)(value >> (8 * i)) & 0xff);
}

static inline void put_big(struct bytes *b, uint64_t value, int size) {
    for (int i = size; i-- > 0;) put_byte(b, (unsigned)(value >> (8 * i)) & 0xff);
}

/* A .npy start of version 1, 2 or 3 with this text as its header. */
static inline void put_npy_start(struct bytes *b, int version, const char *header) {
    size_t length = strlen(header);
    put_bytes(b, "\x93NUMPY", 6);
    put_byte(b, (unsigned)version);
    put_byte(b, 0);
    put_little(b, length, version == 1 ? 2 : 4);
    put_bytes(b, header, length);
}

/* A .npy start with NumPy's layout: the numbers begin at a multiple of 64. */
static inline void put_npy(struct bytes *b, int version, const char *descr, const char *shape) {
    char text[256];
    int start = version == 1 ? 10 : 12;
    int length = snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shape);
    while ((start + length + 1) % 64) text[length++] = ' ';
    text[length++] = '\n';
    text[length] = '\0';
    put_npy_start(b, version, text);
}

static inline void put_idx(struct bytes *b, unsigned type, int dimensions, const uint32_t *sizes) {
    put_big(b, 0, 2);
    put_byte(b, type);
    put_byte(b, (unsigned)dimensions);
    for (int d = 0; d < dimensions; d++) put_big(b, sizes[d], 4);
}

/* A double in little-endian order. */
static inline void put_double(struct bytes *b, double value) {
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    put_little(b, word, 8);
}

/* CRC-32 of RFC 1952, bit by bit. */
static inline uint32_t crc32_of(const unsigned char *bytes, size_t size) {
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++) crc = crc & 1 ? 0xedb88320u ^ crc >> 1 : crc >> 1;
    }
    return ~crc;
}

/* A gzip member with one stored block (RFC 1951, 3.2.4) of at most 65535 bytes. */
static inline void put_gzip(struct bytes *b, const unsigned char *bytes, size_t size) {
    put_hex(b, "1f 8b 08 00 00 00 00 00 00 03 01");
    put_little(b, size, 2);
    put_little(b, ~size & 0xffff, 2);
    put_bytes(b, bytes, size);
    put_little(b, crc32_of(bytes, size), 4);
    put_little(b, size, 4);
}

static inline const char *write_bytes(const char *name, const struct bytes *b) {
    return scratch_file(name, b->at, b->size);
}

#endif
