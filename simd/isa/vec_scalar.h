/* The vector vocabulary on one lane: plain C with explicit fused multiply-adds. It defines the result that every other
 * vec_*.h must give bit for bit. LYAP_REAL_BITS (32 or 64) selects the precision; simd/isa/vec.h says what each name means. */
#ifndef LYAP_SIMD_ISA_VEC_SCALAR_H
#define LYAP_SIMD_ISA_VEC_SCALAR_H

#include <math.h>
#include <sleef.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__aarch64__)
enum { VEC_REGISTERS = 32 };
#else
enum { VEC_REGISTERS = 16 };
#endif
enum { VEC_LANES = 1 };
typedef bool vmask;

#if LYAP_REAL_BITS == 32

typedef float real;
typedef float vec;
typedef uint32_t vuint;
#define SLEEF_SCALAR(function, ulp) Sleef_finz_##function##f1_##ulp##purecfma

static inline vec v_fma(vec a, vec b, vec c) {
    return fmaf(a, b, c);
}
static inline vec v_fnma(vec a, vec b, vec c) {
    return fmaf(-a, b, c);
}
static inline vec v_abs(vec a) {
    return fabsf(a);
}
static inline vec v_sqrt(vec a) {
    return sqrtf(a);
}
static inline vec v_unit(vuint w, vuint low) {
    (void)low;
    return (float)(w >> 8) * 0x1p-24f;
}
static inline void v_sincospi(vec a, vec *sine, vec *cosine) {
    Sleef_float_2 sc = SLEEF_SCALAR(sincospi, u35)(a);
    *sine = sc.x;
    *cosine = sc.y;
}
static inline void v_sincos(vec a, vec *sine, vec *cosine) {
    Sleef_float_2 sc = SLEEF_SCALAR(sincos, u35)(a);
    *sine = sc.x;
    *cosine = sc.y;
}

#else

typedef double real;
typedef double vec;
typedef uint64_t vuint;
#define SLEEF_SCALAR(function, ulp) Sleef_finz_##function##d1_##ulp##purecfma

static inline vec v_fma(vec a, vec b, vec c) {
    return fma(a, b, c);
}
static inline vec v_fnma(vec a, vec b, vec c) {
    return fma(-a, b, c);
}
static inline vec v_abs(vec a) {
    return fabs(a);
}
static inline vec v_sqrt(vec a) {
    return sqrt(a);
}
static inline vec v_unit(vuint w, vuint low) {
    return fma((double)(uint32_t)w, 0x1p-32, (double)((uint32_t)low >> 11) * 0x1p-53);
}
static inline void v_sincospi(vec a, vec *sine, vec *cosine) {
    Sleef_double_2 sc = SLEEF_SCALAR(sincospi, u35)(a);
    *sine = sc.x;
    *cosine = sc.y;
}
static inline void v_sincos(vec a, vec *sine, vec *cosine) {
    Sleef_double_2 sc = SLEEF_SCALAR(sincos, u35)(a);
    *sine = sc.x;
    *cosine = sc.y;
}

#endif

static inline vec v_load(const real *p) {
    return *p;
}
static inline void v_store(real *p, vec a) {
    *p = a;
}
static inline vec v_load_any(const real *p) {
    return *p;
}
static inline void v_store_any(real *p, vec a) {
    *p = a;
}
static inline vec v_load_some(const real *p, size_t n) {
    (void)n;
    return *p;
}
static inline void v_store_some(real *p, vec a, size_t n) {
    (void)n;
    *p = a;
}
static inline vec v_zip_low(vec a, vec b) {
    (void)b;
    return a;
}
static inline vec v_zip_high(vec a, vec b) {
    (void)a;
    return b;
}
static inline vec v_set1(real a) {
    return a;
}
static inline vec v_add(vec a, vec b) {
    return a + b;
}
static inline vec v_sub(vec a, vec b) {
    return a - b;
}
static inline vec v_mul(vec a, vec b) {
    return a * b;
}
static inline vec v_div(vec a, vec b) {
    return a / b;
}
static inline vec v_relu(vec a) {
    return a > 0 ? a : 0;
}
static inline vec v_gate(vec a, vec b) {
    return a > 0 ? b : 0;
}

static inline vmask v_le(vec a, vec b) {
    return a <= b;
}
static inline vmask v_ne(vec a, vec b) {
    return a != b;
}
static inline vec v_select(vmask m, vec a, vec b) {
    return m ? a : b;
}
static inline vmask m_and(vmask a, vmask b) {
    return a & b;
}
static inline vmask m_or(vmask a, vmask b) {
    return a | b;
}
static inline vmask m_none(void) {
    return false;
}
static inline unsigned m_bits(vmask m) {
    return m;
}
static inline vmask m_from_bits(unsigned bits) {
    return bits & 1;
}

static inline vuint u_load(const uint32_t *p) {
    return *p;
}
static inline vuint u_set1(uint32_t a) {
    return a;
}
static inline vuint u_xor(vuint a, vuint b) {
    return a ^ b;
}
static inline void u_mul(vuint a, uint32_t b, vuint *high, vuint *low) {
    uint64_t product = (uint64_t)(uint32_t)a * b;
    *high = (uint32_t)(product >> 32);
    *low = (uint32_t)product;
}

static inline vec v_exp(vec a) {
    return SLEEF_SCALAR(exp, u10)(a);
}
static inline vec v_log(vec a) {
    return SLEEF_SCALAR(log, u10)(a);
}
static inline vec v_log1p(vec a) {
    return SLEEF_SCALAR(log1p, u10)(a);
}
static inline vec v_tanh(vec a) {
    return SLEEF_SCALAR(tanh, u35)(a);
}
static inline vec v_expm1(vec a) {
    return SLEEF_SCALAR(expm1, u10)(a);
}
static inline vec v_erfc(vec a) {
    return SLEEF_SCALAR(erfc, u15)(a);
}

#endif
