/* The vector vocabulary on AVX-512F: 16 floats or 8 doubles, masks in mask registers. See simd/isa/vec.h. */
#ifndef LYAP_SIMD_ISA_VEC_AVX512_H
#define LYAP_SIMD_ISA_VEC_AVX512_H

#if !defined(__AVX512F__)
#error "vec_avx512.h needs -mavx512f"
#endif

#include <immintrin.h>
#include <sleef.h>
#include <stdint.h>

enum { VEC_REGISTERS = 32 };

/* 32-bit words that follow Philox, in lanes of the width of a real. */
typedef __m512i vuint;
static inline vuint u_xor(vuint a, vuint b) {
    return _mm512_xor_si512(a, b);
}

#if LYAP_REAL_BITS == 32

enum { VEC_LANES = 16 };
typedef float real;
typedef __m512 vec;
typedef __mmask16 vmask;

static inline vec v_load(const real *p) {
    return _mm512_load_ps(p);
}
static inline void v_store(real *p, vec a) {
    _mm512_store_ps(p, a);
}
static inline vec v_load_any(const real *p) {
    return _mm512_loadu_ps(p);
}
static inline void v_store_any(real *p, vec a) {
    _mm512_storeu_ps(p, a);
}
static inline vec v_load_some(const real *p, size_t n) {
    return _mm512_maskz_loadu_ps((vmask)((1u << n) - 1), p);
}
static inline void v_store_some(real *p, vec a, size_t n) {
    _mm512_mask_storeu_ps(p, (vmask)((1u << n) - 1), a);
}
static inline vec v_zip_low(vec a, vec b) {
    const __m512i lanes = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    return _mm512_permutex2var_ps(a, lanes, b);
}
static inline vec v_zip_high(vec a, vec b) {
    const __m512i lanes = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    return _mm512_permutex2var_ps(a, lanes, b);
}
static inline vec v_set1(real a) {
    return _mm512_set1_ps(a);
}
static inline vec v_add(vec a, vec b) {
    return _mm512_add_ps(a, b);
}
static inline vec v_sub(vec a, vec b) {
    return _mm512_sub_ps(a, b);
}
static inline vec v_mul(vec a, vec b) {
    return _mm512_mul_ps(a, b);
}
static inline vec v_div(vec a, vec b) {
    return _mm512_div_ps(a, b);
}
static inline vec v_fma(vec a, vec b, vec c) {
    return _mm512_fmadd_ps(a, b, c);
}
static inline vec v_fnma(vec a, vec b, vec c) {
    return _mm512_fnmadd_ps(a, b, c);
}
static inline vec v_abs(vec a) {
    return _mm512_abs_ps(a);
}
static inline vec v_sqrt(vec a) {
    return _mm512_sqrt_ps(a);
}
static inline vec v_relu(vec a) {
    return _mm512_max_ps(a, _mm512_setzero_ps());
}
static inline vec v_gate(vec a, vec b) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_GT_OQ), b);
}

static inline vmask v_le(vec a, vec b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ);
}
static inline vmask v_ne(vec a, vec b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_NEQ_UQ);
}
static inline vec v_select(vmask m, vec a, vec b) {
    return _mm512_mask_blend_ps(m, b, a);
}

static inline vuint u_load(const uint32_t *p) {
    return _mm512_loadu_si512(p);
}
static inline vuint u_set1(uint32_t a) {
    return _mm512_set1_epi32((int)a);
}
static inline void u_mul(vuint a, uint32_t b, vuint *high, vuint *low) {
    __m512i factor = _mm512_set1_epi32((int)b);
    __m512i even = _mm512_mul_epu32(a, factor);
    __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), factor);
    *high = _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
    *low = _mm512_mask_shuffle_epi32(even, 0xAAAA, odd, _MM_PERM_CCAA);
}
static inline vec v_unit(vuint w, vuint low) {
    (void)low;
    return _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_srli_epi32(w, 8)), _mm512_set1_ps(0x1p-24f));
}

static inline vec v_exp(vec a) {
    return Sleef_finz_expf16_u10avx512f(a);
}
static inline vec v_log(vec a) {
    return Sleef_finz_logf16_u10avx512f(a);
}
static inline vec v_log1p(vec a) {
    return Sleef_finz_log1pf16_u10avx512f(a);
}
static inline vec v_tanh(vec a) {
    return Sleef_finz_tanhf16_u35avx512f(a);
}
static inline vec v_expm1(vec a) {
    return Sleef_finz_expm1f16_u10avx512f(a);
}
static inline vec v_erfc(vec a) {
    return Sleef_finz_erfcf16_u15avx512f(a);
}
static inline void v_sincos(vec a, vec *sine, vec *cosine) {
    Sleef___m512_2 sc = Sleef_finz_sincosf16_u35avx512f(a);
    *sine = sc.x;
    *cosine = sc.y;
}
static inline void v_sincospi(vec a, vec *sine, vec *cosine) {
    Sleef___m512_2 sc = Sleef_finz_sincospif16_u35avx512f(a);
    *sine = sc.x;
    *cosine = sc.y;
}

#else

enum { VEC_LANES = 8 };
typedef double real;
typedef __m512d vec;
typedef __mmask8 vmask;

static inline vec v_load(const real *p) {
    return _mm512_load_pd(p);
}
static inline void v_store(real *p, vec a) {
    _mm512_store_pd(p, a);
}
static inline vec v_load_any(const real *p) {
    return _mm512_loadu_pd(p);
}
static inline void v_store_any(real *p, vec a) {
    _mm512_storeu_pd(p, a);
}
static inline vec v_load_some(const real *p, size_t n) {
    return _mm512_maskz_loadu_pd((vmask)((1u << n) - 1), p);
}
static inline void v_store_some(real *p, vec a, size_t n) {
    _mm512_mask_storeu_pd(p, (vmask)((1u << n) - 1), a);
}
static inline vec v_zip_low(vec a, vec b) {
    return _mm512_permutex2var_pd(a, _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11), b);
}
static inline vec v_zip_high(vec a, vec b) {
    return _mm512_permutex2var_pd(a, _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15), b);
}
static inline vec v_set1(real a) {
    return _mm512_set1_pd(a);
}
static inline vec v_add(vec a, vec b) {
    return _mm512_add_pd(a, b);
}
static inline vec v_sub(vec a, vec b) {
    return _mm512_sub_pd(a, b);
}
static inline vec v_mul(vec a, vec b) {
    return _mm512_mul_pd(a, b);
}
static inline vec v_div(vec a, vec b) {
    return _mm512_div_pd(a, b);
}
static inline vec v_fma(vec a, vec b, vec c) {
    return _mm512_fmadd_pd(a, b, c);
}
static inline vec v_fnma(vec a, vec b, vec c) {
    return _mm512_fnmadd_pd(a, b, c);
}
static inline vec v_abs(vec a) {
    return _mm512_abs_pd(a);
}
static inline vec v_sqrt(vec a) {
    return _mm512_sqrt_pd(a);
}
static inline vec v_relu(vec a) {
    return _mm512_max_pd(a, _mm512_setzero_pd());
}
static inline vec v_gate(vec a, vec b) {
    return _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(a, _mm512_setzero_pd(), _CMP_GT_OQ), b);
}

static inline vmask v_le(vec a, vec b) {
    return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ);
}
static inline vmask v_ne(vec a, vec b) {
    return _mm512_cmp_pd_mask(a, b, _CMP_NEQ_UQ);
}
static inline vec v_select(vmask m, vec a, vec b) {
    return _mm512_mask_blend_pd(m, b, a);
}

static inline vuint u_load(const uint32_t *p) {
    return _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)p));
}
static inline vuint u_set1(uint32_t a) {
    return _mm512_set1_epi64((long long)a);
}
static inline void u_mul(vuint a, uint32_t b, vuint *high, vuint *low) {
    __m512i product = _mm512_mul_epu32(a, _mm512_set1_epi64((long long)b));
    *high = _mm512_srli_epi64(product, 32);
    *low = _mm512_and_si512(product, _mm512_set1_epi64(0xFFFFFFFFLL));
}
/* Integers below 2^52 become doubles by setting the exponent of 2^52 and subtracting it again: exact. */
static inline vec v_unit(vuint w, vuint low) {
    const __m512i exponent = _mm512_set1_epi64(0x4330000000000000LL);
    const vec bias = _mm512_set1_pd(0x1p52);
    vec high_part = _mm512_sub_pd(_mm512_castsi512_pd(_mm512_or_si512(w, exponent)), bias);
    vec low_part = _mm512_sub_pd(_mm512_castsi512_pd(_mm512_or_si512(_mm512_srli_epi64(low, 11), exponent)), bias);
    return _mm512_fmadd_pd(high_part, _mm512_set1_pd(0x1p-32), _mm512_mul_pd(low_part, _mm512_set1_pd(0x1p-53)));
}

static inline vec v_exp(vec a) {
    return Sleef_finz_expd8_u10avx512f(a);
}
static inline vec v_log(vec a) {
    return Sleef_finz_logd8_u10avx512f(a);
}
static inline vec v_log1p(vec a) {
    return Sleef_finz_log1pd8_u10avx512f(a);
}
static inline vec v_tanh(vec a) {
    return Sleef_finz_tanhd8_u35avx512f(a);
}
static inline vec v_expm1(vec a) {
    return Sleef_finz_expm1d8_u10avx512f(a);
}
static inline vec v_erfc(vec a) {
    return Sleef_finz_erfcd8_u15avx512f(a);
}
static inline void v_sincos(vec a, vec *sine, vec *cosine) {
    Sleef___m512d_2 sc = Sleef_finz_sincosd8_u35avx512f(a);
    *sine = sc.x;
    *cosine = sc.y;
}
static inline void v_sincospi(vec a, vec *sine, vec *cosine) {
    Sleef___m512d_2 sc = Sleef_finz_sincospid8_u35avx512f(a);
    *sine = sc.x;
    *cosine = sc.y;
}

#endif

static inline vmask m_and(vmask a, vmask b) {
    return (vmask)(a & b);
}
static inline vmask m_or(vmask a, vmask b) {
    return (vmask)(a | b);
}
static inline vmask m_none(void) {
    return 0;
}
static inline unsigned m_bits(vmask m) {
    return m;
}
static inline vmask m_from_bits(unsigned bits) {
    return (vmask)bits;
}

#endif
