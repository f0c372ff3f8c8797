/* lambda_kw and lambda_step of one series of distances: lyapgrad/estimator.h has the formulas. The cells of a run sum the same terms on the
 * way (log_sums of the kernels) and take them together in src/engine/train.c. */
#include "lyapgrad/estimator.h"

#include "math/deterministic.h"

struct lyap_exponents lyap_kantz_wolf(const double *distance, size_t length) {
    struct lyap_exponents exponents = {0};
    if (length < 2) return exponents;
    double first = lyap_log(distance[0]), last = first, sum = 0;
    for (size_t i = 1; i < length; i++) {
        last = lyap_log(distance[i]);
        sum += last - first;
    }
    exponents.terms = (uint32_t)(length - 1);
    exponents.lambda_kw = sum / (double)exponents.terms;
    exponents.lambda_step = (last - first) / (double)exponents.terms;
    return exponents;
}

void lyap_step_exponents(const double *distance, size_t length, double *step) {
    double last = 0;
    for (size_t i = 0; i < length; i++) {
        double now = lyap_log(distance[i]);
        step[i] = i == 0 ? 0 : now - last;
        last = now;
    }
}
