/* The vocabulary's operations over arrays, one of them at a time: for tests and benchmarks, and for portable code that wants their
 * bits. */
#ifndef LYAP_SIMD_KERNELS_ELEMENTWISE_H
#define LYAP_SIMD_KERNELS_ELEMENTWISE_H

#include "simd/kernels.h"
#include "simd/kernels/activation.h"

static inline vec apply(int op, vec a, vec b, vec c) {
    const vec yes = v_set1(1), no = v_set1(0);
    vec sine, cosine;
    switch ((enum lyap_operation)op) {
    case LYAP_OP_ADD:
        return v_add(a, b);
    case LYAP_OP_SUB:
        return v_sub(a, b);
    case LYAP_OP_MUL:
        return v_mul(a, b);
    case LYAP_OP_DIV:
        return v_div(a, b);
    case LYAP_OP_FMA:
        return v_fma(a, b, c);
    case LYAP_OP_FNMA:
        return v_fnma(a, b, c);
    case LYAP_OP_ABS:
        return v_abs(a);
    case LYAP_OP_SQRT:
        return v_sqrt(a);
    case LYAP_OP_RELU:
        return v_relu(a);
    case LYAP_OP_GATE:
        return v_gate(v_relu(a), b);
    case LYAP_OP_LE:
        return v_select(m_from_bits(m_bits(v_le(a, b))), yes, no);
    case LYAP_OP_NE:
        return v_select(m_from_bits(m_bits(m_or(v_ne(a, b), m_none()))), yes, no);
    case LYAP_OP_EXP:
        return v_exp(a);
    case LYAP_OP_LOG:
        return v_log(a);
    case LYAP_OP_LOG1P:
        return v_log1p(a);
    case LYAP_OP_TANH:
        return v_tanh(a);
    case LYAP_OP_SINPI:
        v_sincospi(a, &sine, &cosine);
        return sine;
    case LYAP_OP_COSPI:
        v_sincospi(a, &sine, &cosine);
        return cosine;
    case LYAP_OP_SIGMOID:
        activate(LYAP_SIGMOID, &a, 1);
        return a;
    case LYAP_OP_EXPM1:
        return v_expm1(a);
    case LYAP_OP_ERFC:
        return v_erfc(a);
    case LYAP_OP_SIN:
        v_sincos(a, &sine, &cosine);
        return sine;
    case LYAP_OP_COS:
        v_sincos(a, &sine, &cosine);
        return cosine;
    case LYAP_OP_COUNT:
        break;
    }
    return no;
}

static inline void elementwise(int op, const void *a, const void *b, const void *c, void *out, size_t n) {
    const real *ra = a, *rb = b, *rc = c;
    real *r = out;
    for (size_t i = 0; i < n; i += VEC_LANES) v_store(r + i, apply(op, v_load(ra + i), v_load(rb + i), v_load(rc + i)));
}

#endif
