#include "report/estimators/result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/series.h"
#include "lyapgrad/regime.h"
#include "report/common/sample.h"

const uint32_t lyap_estimator_length[LYAP_ESTIMATOR_LENGTHS] = {10, 30, 100, 300, 1000, 3000, 10000};
const char *const lyap_estimator_case[LYAP_ESTIMATOR_CASES] = {"chaotic: XOR, 2-2-1 tanh, weights N(0,2), lr 5",
                                                               "converging: linear regression, 3-1, lr 0.1",
                                                               "known map: Henon, a = 1.4, b = 0.3"};

const char *lyap_contender_name(enum lyap_contender contender) {
    static const char *const name[LYAP_CONTENDERS] = {"hybrid, 1e-4", "hybrid, 1e-8", "rescaled",
                                                      "tangent",      "Kantz",        "Rosenstein"};
    return name[contender];
}

double lyap_contender_cost(enum lyap_contender contender, uint32_t steps) {
    static const double networks[LYAP_CONTENDERS] = {25, 25, 2, 2, 1, 1};
    return networks[contender] * steps;
}

const char *lyap_estimator_word(size_t of, char text[32]) {
    const char *name = lyap_estimator_case[of];
    snprintf(text, 32, "%.*s", (int)strcspn(name, ":"), name);
    return text;
}

enum lyap_status lyap_estimator_result_new(struct lyap_estimator_result *result, size_t starts,
                                           struct lyap_error *error) {
    memset(result, 0, sizeof *result);
    result->starts = starts;
    result->reference = calloc(starts + 1, sizeof(double));
    bool ok = result->reference != NULL;
    for (int c = 0; c < LYAP_CONTENDERS; c++)
        for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS; l++) {
            double *values = result->estimate[c][l] = malloc((starts + 1) * sizeof(double));
            ok = ok && values;
            for (size_t i = 0; values && i < starts; i++) values[i] = (double)NAN;
        }
    return ok ? LYAP_OK : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the estimates");
}

void lyap_estimator_result_free(struct lyap_estimator_result *result) {
    free(result->reference);
    for (int c = 0; c < LYAP_CONTENDERS; c++)
        for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS; l++) free(result->estimate[c][l]);
    memset(result, 0, sizeof *result);
}

enum lyap_status lyap_estimators_series(struct lyap_estimator_result *result, size_t start, const double *x, size_t n,
                                        int dimension, int threads, struct lyap_error *error) {
    for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS; l++) {
        size_t length = lyap_estimator_length[l];
        if (length < 300 || length > n) continue; /* fewer points do not fill a neighbourhood */
        for (int method = 0; method < 2; method++) {
            struct lyap_series_options options;
            struct lyap_series_result out;
            lyap_series_defaults(&options);
            options.method = method ? LYAP_SERIES_ROSENSTEIN : LYAP_SERIES_KANTZ;
            options.dimension = dimension;
            options.references = 400;
            options.threads = threads;
            enum lyap_status status = lyap_series_run(x, length, &options, &out, error);
            if (!status && out.status == LYAP_SERIES_OK)
                result->estimate[method ? LYAP_CONTENDER_ROSENSTEIN : LYAP_CONTENDER_KANTZ][l][start] = out.slope;
            lyap_series_free(&out);
            status = lyap_undefined(status, error);
            if (status) return status;
        }
    }
    return LYAP_OK;
}

enum lyap_status lyap_take_lambda(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    double *out = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        bool defined = r->resolved && r->steps && r->regime != LYAP_DIVERGED;
        out[r->cell] = defined ? chunk->lambda[i * chunk->exponents].lambda : (double)NAN;
    }
    return LYAP_OK;
}
