/* The vocabulary's operations over arrays, one of them at a time: for tests and benchmarks, and for portable code that wants their
 * bits. */
#ifndef LYAP_KERNEL_ELEMENTWISE_H
#define LYAP_KERNEL_ELEMENTWISE_H

#include "simd/kernels.h"
#include "simd/kernels/activation.h"

static inline vec map_one(int op, vec a, vec b, vec c) {
    const vec yes = v_set1(1), no = v_set1(0);
    vec sine, cosine;
    switch ((enum lyap_map)op) {
    case LYAP_MAP_ADD:
        return v_add(a, b);
    case LYAP_MAP_SUB:
        return v_sub(a, b);
    case LYAP_MAP_MUL:
        return v_mul(a, b);
    case LYAP_MAP_DIV:
        return v_div(a, b);
    case LYAP_MAP_FMA:
        return v_fma(a, b, c);
    case LYAP_MAP_FNMA:
        return v_fnma(a, b, c);
    case LYAP_MAP_ABS:
        return v_abs(a);
    case LYAP_MAP_SQRT:
        return v_sqrt(a);
    case LYAP_MAP_RELU:
        return v_relu(a);
    case LYAP_MAP_GATE:
        return v_gate(v_relu(a), b);
    case LYAP_MAP_LE:
        return v_select(m_from_bits(m_bits(v_le(a, b))), yes, no);
    case LYAP_MAP_NE:
        return v_select(m_from_bits(m_bits(m_or(v_ne(a, b), m_none()))), yes, no);
    case LYAP_MAP_EXP:
        return v_exp(a);
    case LYAP_MAP_LOG:
        return v_log(a);
    case LYAP_MAP_LOG1P:
        return v_log1p(a);
    case LYAP_MAP_TANH:
        return v_tanh(a);
    case LYAP_MAP_SINPI:
        v_sincospi(a, &sine, &cosine);
        return sine;
    case LYAP_MAP_COSPI:
        v_sincospi(a, &sine, &cosine);
        return cosine;
    case LYAP_MAP_SIGMOID:
        activate(LYAP_SIGMOID, &a, 1);
        return a;
    case LYAP_MAP_EXPM1:
        return v_expm1(a);
    case LYAP_MAP_ERFC:
        return v_erfc(a);
    case LYAP_MAP_SIN:
        v_sincos(a, &sine, &cosine);
        return sine;
    case LYAP_MAP_COS:
        v_sincos(a, &sine, &cosine);
        return cosine;
    case LYAP_MAP_COUNT:
        break;
    }
    return no;
}

static void map(int op, const void *a, const void *b, const void *c, void *out, size_t n) {
    const real *ra = a, *rb = b, *rc = c;
    real *r = out;
    for (size_t i = 0; i < n; i += VEC_LANES)
        v_store(r + i, map_one(op, v_load(ra + i), v_load(rb + i), v_load(rc + i)));
}

#endif
