/* What the methods of measuring exponents do of their own in a block's run. */
#ifndef LYAP_ENGINE_METHOD_H
#define LYAP_ENGINE_METHOD_H

#include "lyapgrad/spectrum.h"
#include "simd/kernels.h"

struct lyap_method_steps {
    /* After tangent_start of the kernels. */
    void (*start)(const struct lyap_kernels *kernels, struct lyap_block *block, struct lyap_tangents *tangents);
    /* Steps first .. first+count-1. */
    void (*step)(const struct lyap_kernels *kernels, struct lyap_block *block, struct lyap_tangents *tangents,
                 uint32_t first, uint32_t count);
    /* ln of the lane's growth that no norm holds yet. */
    double (*pending)(const struct lyap_tangents *tangents, size_t lane, enum lyap_precision precision);
};

const struct lyap_method_steps *lyap_method_steps(enum lyap_method method);

#endif
