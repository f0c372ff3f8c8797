/* The table of passes of one instruction set and precision, for simd/isa/passes.c. */
#include "simd/passes/arrays.h"
#include "simd/passes/product.h"
#include "simd/passes/transpose.h"
#include "simd/passes/update.h"

const struct lyap_passes LYAP_TABLE = {
    .isa = LYAP_TABLE_ISA,
    .precision = LYAP_REAL_BITS == 32 ? LYAP_FLOAT32 : LYAP_FLOAT64,
    .row_grain = PANEL_ROWS,
    .product_scratch = PRODUCT_SCRATCH,
    .product = product,
    .transpose = transpose,
    .column_sums = column_sums,
    .activate = activate_array,
    .through = through,
    .slope_and_bend = slope_and_bend_array,
    .along_slope = along_slope_array,
    .elementwise = elementwise_array,
    .update = update_array,
    .update_tangent = update_tangent_array,
};
