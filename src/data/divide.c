/* Dividing samples into those that train and those that are held out, class by class where targets are classes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "lyapgrad/data_file.h"
#include "lyapgrad/random.h"

/* ---- classes ---- */

/* The class of a sample's targets; false where they are none. */
static bool class_of(const struct lyap_dataset *data, size_t s, size_t *number) {
    const double *y = data->y + s * data->outputs;
    size_t ones = 0;
    for (size_t o = 0; o < data->outputs; o++) {
        if (y[o] != 0 && y[o] != 1) return false;
        if (y[o] == 1) *number = data->outputs == 1 ? 1 : o, ones++;
    }
    if (data->outputs > 1) return ones == 1;
    if (ones == 0) *number = 0;
    return true;
}

enum lyap_status lyap_dataset_count_classes(const struct lyap_dataset *data, size_t **count, size_t *classes,
                                            struct lyap_error *error) {
    const size_t most = data->outputs == 1 ? 2 : data->outputs;
    size_t number = 0;
    *classes = 0;
    *count = calloc(most, sizeof **count);
    if (!*count) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu classes", most);
    for (size_t s = 0; s < data->samples; s++) {
        if (!class_of(data, s, &number)) {
            free(*count);
            *count = NULL;
            return LYAP_OK;
        }
        (*count)[number]++;
    }
    *classes = most;
    return LYAP_OK;
}

/* ---- shares ---- */

/* Of `all` samples of a class, `wanted` train; `seen` by the draws below, and `rest` of the division decides about one more. */
struct share {
    size_t remaining, wanted, number;
    uint64_t rest;
};

static int by_rest(const void *a, const void *b) {
    const struct share *p = a, *q = b;
    if (p->rest != q->rest) return p->rest > q->rest ? -1 : 1;
    return p->number < q->number ? -1 : 1;
}

static int by_number(const void *a, const void *b) {
    const struct share *p = a, *q = b;
    return p->number < q->number ? -1 : p->number > q->number;
}

/* The method of largest remainders. Samples are at most 2^31, so the products fit. */
static void divide_shares(struct share *share, size_t classes, const size_t *count, size_t samples, size_t wanted) {
    size_t given = 0;
    for (size_t c = 0; c < classes; c++) {
        const uint64_t product = (uint64_t)wanted * count[c];
        share[c] = (struct share){
            .remaining = count[c], .wanted = (size_t)(product / samples), .number = c, .rest = product % samples};
        given += share[c].wanted;
    }
    qsort(share, classes, sizeof *share, by_rest);
    for (size_t c = 0; given < wanted; c++, given++) share[c].wanted++;
    qsort(share, classes, sizeof *share, by_number);
}

/* Selection sampling in each class, as lyap_dataset_choose: what remains to be seen and to be taken decides. */
static void draw(const struct lyap_dataset *data, struct share *share, size_t classes, uint64_t seed, bool *kept) {
    for (size_t s = 0; s < data->samples; s++) {
        size_t number = 0;
        double u;
        if (classes > 1) class_of(data, s, &number);
        struct share *own = &share[number];
        lyap_random_uniform(seed, LYAP_STREAM_DATA, LYAP_DATA_CELL_SPLIT, s, 1, &u);
        kept[s] = (double)own->remaining * u < (double)own->wanted;
        own->remaining--;
        own->wanted -= kept[s];
    }
}

enum lyap_status lyap_dataset_divided(const struct lyap_dataset *data, double fraction, uint64_t seed, bool *kept,
                                      struct lyap_error *error) {
    double wanted = floor(fraction * (double)data->samples + 0.5);
    if (!(fraction > 0 && fraction < 1) || wanted < 1 || wanted >= (double)data->samples)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "split %g of %zu samples leaves one part empty; expected a share between 0 and 1, with at "
                         "least one sample on each side",
                         fraction, data->samples);
    size_t *count = NULL, classes = 0;
    enum lyap_status status = lyap_dataset_count_classes(data, &count, &classes, error);
    if (status) return status;
    const size_t one = data->samples, parts = classes ? classes : 1;
    struct share *share = calloc(parts, sizeof *share);
    if (share) {
        divide_shares(share, parts, classes ? count : &one, data->samples, (size_t)wanted);
        draw(data, share, parts, seed, kept);
    } else {
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "split: out of memory for %zu classes", parts);
    }
    free(share);
    free(count);
    return status;
}
