/* Products of matrices that lie in contiguous arrays: struct lyap_array_product says what they are. */
#ifndef LYAP_SIMD_PASSES_PRODUCT_H
#define LYAP_SIMD_PASSES_PRODUCT_H

#include "simd/passes/blocks.h"
#include "simd/passes/narrow.h"

enum { PRODUCT_SCRATCH = NARROW_SCRATCH * sizeof(real) };

static void product(const struct lyap_array_product *p) {
    if (is_narrow(p))
        narrow_product(p);
    else
        add_blocks(p);
}

#endif
