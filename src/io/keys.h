/* Lines "key = value" of settings and manifests. */
#ifndef LYAP_IO_KEYS_H
#define LYAP_IO_KEYS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void lyap_key_word(FILE *file, const char *key, const char *value);
void lyap_key_count(FILE *file, const char *key, uint64_t value);
void lyap_key_real(FILE *file, const char *key, double value); /* as lyap_format_real */

/* The digest of numbers that are too many to be written; 16 hexadecimal digits. */
void lyap_key_digest(FILE *file, const char *key, uint64_t digest);
void lyap_key_reals(FILE *file, const char *key, const double *values, size_t count);

#endif
