#include "io/keys.h"

#include "io/output_file.h"
#include "lyapgrad/digest.h"

void lyap_key_word(FILE *file, const char *key, const char *value) {
    fprintf(file, "%s = %s\n", key, value);
}

void lyap_key_count(FILE *file, const char *key, uint64_t value) {
    fprintf(file, "%s = %llu\n", key, (unsigned long long)value);
}

void lyap_key_real(FILE *file, const char *key, double value) {
    char text[32];
    fprintf(file, "%s = %s\n", key, lyap_format_real(value, text));
}

void lyap_key_digest(FILE *file, const char *key, uint64_t digest) {
    fprintf(file, "%s = %016llx\n", key, (unsigned long long)digest);
}

void lyap_key_reals(FILE *file, const char *key, const double *values, size_t count) {
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t i = 0; i < count; i++) digest = lyap_digest_double(digest, values[i]);
    lyap_key_digest(file, key, digest);
}
