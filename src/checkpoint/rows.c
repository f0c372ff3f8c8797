#include "checkpoint/rows.h"

#include <stdlib.h>

#include "base/memory.h"

void lyap_rows_put_evaluation(struct lyap_words_out *out, const struct lyap_evaluation *e) {
    const double values[LYAP_EVALUATION_WORDS] = {e->train_loss, e->train_accuracy, e->test_loss, e->test_accuracy};
    lyap_words_put_reals(out, values, LYAP_EVALUATION_WORDS);
}

void lyap_rows_take_evaluation(struct lyap_words_in *in, struct lyap_evaluation *e) {
    double values[LYAP_EVALUATION_WORDS];
    lyap_words_take_reals(in, values, LYAP_EVALUATION_WORDS);
    *e = (struct lyap_evaluation){values[0], values[1], values[2], values[3]};
}

void *lyap_rows_room(bool asked, uint64_t count, uint64_t width, size_t size, bool *ok) {
    if (!asked) return NULL;
    double bytes = (double)count * (double)width * (double)size;
    void *memory = bytes < (double)(SIZE_MAX / 2) && lyap_memory_fits(bytes)
                       ? calloc((size_t)count, (size_t)(width ? width : 1) * size)
                       : NULL;
    *ok = *ok && memory;
    return memory;
}

enum lyap_status lyap_rows_no_room(const struct lyap_words_in *in, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY, "%.300s: out of memory for its cells", in->path);
}

bool lyap_rows_number_fits(uint64_t cell, uint64_t value, uint64_t start, const struct lyap_plan *cells) {
    return value == cell / cells->starts && start == cell % cells->starts && value < cells->values;
}
