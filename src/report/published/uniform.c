#include "report/published/uniform.h"

#include <stdlib.h>

#include "lyapgrad/random.h"
#include "lyapgrad/statistics.h"
#include "math/deterministic.h"

double lyap_anderson_darling(double *u, size_t n) {
    double sum = 0;
    lyap_sort(u, n);
    for (size_t i = 0; i < n; i++) sum += (2 * (double)i + 1) * (lyap_log(u[i]) + lyap_log(1 - u[n - 1 - i]));
    return -(double)n - sum / (double)n;
}

enum lyap_status lyap_uniform_reference(size_t n, uint64_t seed, double *reference, struct lyap_error *error) {
    double *u = malloc((n ? n : 1) * sizeof *u);
    if (!u) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu ranks", n);
    for (uint64_t set = 0; set < LYAP_UNIFORM_SETS; set++) {
        lyap_random_uniform(seed, LYAP_STREAM_BOOTSTRAP, (UINT64_C(1) << 43) + set, 0, n, u);
        for (size_t i = 0; i < n; i++) u[i] = (u[i] + 0x1p-54) / (1 + 0x1p-53); /* a uniform may be 0 */
        reference[set] = lyap_anderson_darling(u, n);
    }
    lyap_sort(reference, LYAP_UNIFORM_SETS);
    free(u);
    return LYAP_OK;
}

double lyap_uniform_p(const double *reference, double a) {
    size_t below = 0;
    while (below < LYAP_UNIFORM_SETS && reference[below] < a) below++;
    return (double)(1 + LYAP_UNIFORM_SETS - below) / (1 + LYAP_UNIFORM_SETS);
}
