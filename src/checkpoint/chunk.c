#include "checkpoint/chunk.h"

/* A kind of experiment with rows of its own adds their format here. */
static const struct lyap_row_format *const formats[] = {&lyap_ensemble_rows, &lyap_spectrum_rows, NULL};

static const struct lyap_row_format *find_format(uint64_t number) {
    for (const struct lyap_row_format *const *f = formats; *f; f++)
        if ((*f)->number == number) return *f;
    return NULL;
}

void lyap_chunk_put_head(struct lyap_words_out *out, const struct lyap_chunk_head *h) {
    const struct lyap_row_shape *s = &h->shape;
    const uint64_t words[] = {h->digest, h->format, h->part, h->first, h->count, s->flags, s->stride, s->width};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) lyap_words_put(out, words[i]);
    if (s->flags & LYAP_HAS_ORBIT) lyap_words_put(out, s->orbit);
}

void lyap_chunk_take_head(struct lyap_words_in *in, struct lyap_chunk_head *h) {
    struct lyap_row_shape *s = &h->shape;
    uint64_t *const words[] = {&h->digest, &h->format, &h->part,   &h->first,
                               &h->count,  &s->flags,  &s->stride, &s->width};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) *words[i] = lyap_words_take(in);
    s->orbit = s->flags & LYAP_HAS_ORBIT ? lyap_words_take(in) : 0;
}

enum lyap_status lyap_chunk_check(const struct lyap_words_in *file, struct lyap_chunk_head *h, uint64_t *diverged,
                                  struct lyap_error *error) {
    struct lyap_words_in in = *file;
    *diverged = 0;
    lyap_chunk_take_head(&in, h);
    const struct lyap_row_format *format = find_format(h->format);
    const struct lyap_row_shape *s = &h->shape;
    bool good = !in.over && format && !(s->flags & ~format->flags) && h->count > 0 && h->first <= UINT64_MAX / 2 &&
                h->count <= lyap_words_left(&in) && s->width > 0 && s->width <= UINT32_MAX &&
                (s->orbit > 0) == ((s->flags & LYAP_HAS_ORBIT) != 0) && s->stride <= format->most_stride;
    for (uint64_t i = 0; good && i < h->count; i++) good = format->check(&in, s, h->first + i, diverged);
    if (good && lyap_words_left(&in) == 0) return LYAP_OK;
    return lyap_words_damaged(file->path, LYAP_MAGIC_CHUNK, "its contents are not those of a run's cells", error);
}
