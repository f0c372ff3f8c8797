/* Mutations of files for the tests of untrusted input. They are counter-based: a failure names its number and comes again. */
#ifndef LYAP_TEST_MUTATE_H
#define LYAP_TEST_MUTATE_H

#include "tests/arrays.h"
#include "lyapgrad/random.h"

/* The words of one mutation, drawn one after the other. */
struct draws {
    uint32_t key[2], counter[4];
};

static inline uint32_t draw(struct draws *d, size_t below) {
    uint32_t out[4];
    d->counter[0]++;
    lyap_philox4x32(d->counter, d->key, out);
    return (uint32_t)(out[0] % below);
}

/* Bytes that mean something somewhere: digits, Python, CSV, sizes. */
static inline unsigned char likely_byte(struct draws *d) {
    static const unsigned char bytes[] = "0123456789-+.,'\"{}()[]:<>|fiubLTF \n\r\0\x7f\x80\xff\x1f\x8b\x93\x08\x0d";
    return draw(d, 2) ? bytes[draw(d, sizeof bytes - 1)] : (unsigned char)draw(d, 256);
}

static inline void mutate(struct bytes *mutant, struct draws *d) {
    size_t at = draw(d, mutant->size + 1), length;
    switch (draw(d, 6)) {
    case 0: /* cut short */
        mutant->size = at;
        break;
    case 1: /* a bit */
        if (at < mutant->size) mutant->at[at] ^= (unsigned char)(1u << draw(d, 8));
        break;
    case 2: /* a byte more */
        memmove(mutant->at + at + 1, mutant->at + at, mutant->size - at);
        mutant->at[at] = likely_byte(d);
        mutant->size++;
        break;
    case 3: /* some bytes less */
        length = draw(d, mutant->size - at + 1);
        if (length > 8) length = 8;
        memmove(mutant->at + at, mutant->at + at + length, mutant->size - at - length);
        mutant->size -= length;
        break;
    case 4: /* more behind the end */
        for (length = draw(d, 20); length > 0; length--) put_byte(mutant, likely_byte(d));
        break;
    default: /* a byte */
        if (at < mutant->size) mutant->at[at] = likely_byte(d);
    }
}

#endif
