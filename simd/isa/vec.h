/* The vector vocabulary: the few operations that every kernel is written in, each defined per instruction set in
 * vec_<isa>.h with the same result bits. The compiler gets LYAP_REAL_BITS, 32 or 64, and LYAP_VEC_HEADER, the set's header.
 *
 *   real, vec, vmask, VEC_LANES   the scalar type, the vector, a per-lane truth value, lanes in a vector
 *   VEC_REGISTERS                 vector registers that the compiler has
 *   v_load v_store v_set1         aligned load and store of VEC_LANES reals, broadcast
 *   v_load_any v_store_any        the same from and to any address
 *   v_load_some v_store_some(n)   the first n lanes, 1 <= n <= VEC_LANES, from and to any address; lanes beyond are zero, and are not written
 *   v_zip_low v_zip_high(a,b)     the lower and the upper half of a[0] b[0] a[1] b[1] ..; a alone and b alone where a vector has one lane
 *   v_add v_sub v_mul v_div       IEEE, rounded to nearest
 *   v_fma(a,b,c) v_fnma(a,b,c)    a*b + c and c - a*b, rounded once
 *   v_abs v_sqrt                  IEEE
 *   v_relu(a)                     a where a > 0, +0 elsewhere (also for NaN)
 *   v_gate(a,b)                   b where a > 0, +0 elsewhere: ReLU's derivative applied to b, for an a that v_relu gave,
 *                                 which is positive or +0
 *   v_le v_ne                     comparisons; with NaN, v_le is false and v_ne true
 *   v_select(m,a,b)               a where m, else b
 *   m_and m_or m_none             truth values
 *   m_bits(m) m_from_bits(bits)   lane i of a truth value is bit i
 *   vuint                         32-bit words, one a lane
 *   u_load u_set1 u_xor           of 32-bit words
 *   u_mul(a,b,&high,&low)         the 64-bit product's halves
 *   v_unit(w,low)                 [0,1): float32 (w >> 8) 2^-24; float64 (w << 21 | low >> 11) 2^-53
 *   v_exp v_log v_log1p v_expm1 v_erfc v_tanh v_sincos v_sincospi    SLEEF's deterministic functions, within 1.0 ulp
 *                                 (erfc: 1.5; tanh, sincos, sincospi: 3.5)
 *
 * The SLEEF functions are the "finz" family, which promises the same bits on every instruction set; the plain ones do
 * not. */
#ifndef LYAP_SIMD_ISA_VEC_H
#define LYAP_SIMD_ISA_VEC_H

#include LYAP_VEC_HEADER

/* Lanes of a block: sixteen on every instruction set and in both precisions, or one, of the kernels of one network (simd/one/). */
#ifndef LYAP_WIDTH
#define LYAP_WIDTH 16
#endif
enum { BLOCK = LYAP_WIDTH, GROUPS = BLOCK / VEC_LANES };

#endif
