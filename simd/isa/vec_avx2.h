/* The vector vocabulary on AVX2 with FMA: 8 floats or 4 doubles. See simd/isa/vec.h for what each name means. */
#ifndef LYAP_SIMD_ISA_VEC_AVX2_H
#define LYAP_SIMD_ISA_VEC_AVX2_H

#if !defined(__AVX2__) || !defined(__FMA__)
#error "vec_avx2.h needs -mavx2 -mfma"
#endif

#include <immintrin.h>
#include <sleef.h>
#include <stdint.h>

enum { VEC_REGISTERS = 16 };

/* 32-bit words that follow Philox, in lanes of the width of a real. */
typedef __m256i vuint;
static inline vuint u_xor(vuint a, vuint b) {
    return _mm256_xor_si256(a, b);
}

#if LYAP_REAL_BITS == 32

enum { VEC_LANES = 8 };
typedef float real;
typedef __m256 vec;
typedef __m256 vmask;

static inline vec v_load(const real *p) {
    return _mm256_load_ps(p);
}
static inline void v_store(real *p, vec a) {
    _mm256_store_ps(p, a);
}
static inline vec v_load_any(const real *p) {
    return _mm256_loadu_ps(p);
}
static inline void v_store_any(real *p, vec a) {
    _mm256_storeu_ps(p, a);
}
/* All bits of the first n lanes. */
static inline __m256i first_lanes(size_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline vec v_load_some(const real *p, size_t n) {
    return _mm256_maskload_ps(p, first_lanes(n));
}
/* In pieces of 4, 2 and 1: a masked store takes tens of cycles on some processors. */
static inline void v_store_some(real *p, vec a, size_t n) {
    if (n == VEC_LANES) {
        _mm256_storeu_ps(p, a);
        return;
    }
    __m128 rest = _mm256_castps256_ps128(a);
    if (n & 4) {
        _mm_storeu_ps(p, rest);
        rest = _mm256_extractf128_ps(a, 1);
        p += 4;
    }
    if (n & 2) {
        _mm_storel_pi((__m64 *)p, rest);
        rest = _mm_movehl_ps(rest, rest);
        p += 2;
    }
    if (n & 1) _mm_store_ss(p, rest);
}
static inline vec v_zip_low(vec a, vec b) {
    return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x20);
}
static inline vec v_zip_high(vec a, vec b) {
    return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x31);
}
static inline vec v_set1(real a) {
    return _mm256_set1_ps(a);
}
static inline vec v_add(vec a, vec b) {
    return _mm256_add_ps(a, b);
}
static inline vec v_sub(vec a, vec b) {
    return _mm256_sub_ps(a, b);
}
static inline vec v_mul(vec a, vec b) {
    return _mm256_mul_ps(a, b);
}
static inline vec v_div(vec a, vec b) {
    return _mm256_div_ps(a, b);
}
static inline vec v_fma(vec a, vec b, vec c) {
    return _mm256_fmadd_ps(a, b, c);
}
static inline vec v_fnma(vec a, vec b, vec c) {
    return _mm256_fnmadd_ps(a, b, c);
}
static inline vec v_abs(vec a) {
    return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a);
}
static inline vec v_sqrt(vec a) {
    return _mm256_sqrt_ps(a);
}
static inline vec v_relu(vec a) {
    return _mm256_max_ps(a, _mm256_setzero_ps());
}
/* One instruction instead of a comparison and a mask: as an integer, a is positive where it is as a float, and zero. */
static inline vec v_gate(vec a, vec b) {
    return _mm256_castsi256_ps(_mm256_sign_epi32(_mm256_castps_si256(b), _mm256_castps_si256(a)));
}

static inline vmask v_le(vec a, vec b) {
    return _mm256_cmp_ps(a, b, _CMP_LE_OQ);
}
static inline vmask v_ne(vec a, vec b) {
    return _mm256_cmp_ps(a, b, _CMP_NEQ_UQ);
}
static inline vec v_select(vmask m, vec a, vec b) {
    return _mm256_blendv_ps(b, a, m);
}
static inline vmask m_and(vmask a, vmask b) {
    return _mm256_and_ps(a, b);
}
static inline vmask m_or(vmask a, vmask b) {
    return _mm256_or_ps(a, b);
}
static inline vmask m_none(void) {
    return _mm256_setzero_ps();
}
static inline unsigned m_bits(vmask m) {
    return (unsigned)_mm256_movemask_ps(m);
}
static inline vmask m_from_bits(unsigned bits) {
    const __m256i lane_bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    __m256i hit = _mm256_and_si256(_mm256_set1_epi32((int)bits), lane_bit);
    return _mm256_castsi256_ps(_mm256_cmpeq_epi32(hit, lane_bit));
}

static inline vuint u_load(const uint32_t *p) {
    return _mm256_loadu_si256((const __m256i *)p);
}
static inline vuint u_set1(uint32_t a) {
    return _mm256_set1_epi32((int)a);
}
static inline void u_mul(vuint a, uint32_t b, vuint *high, vuint *low) {
    __m256i factor = _mm256_set1_epi32((int)b);
    __m256i even = _mm256_mul_epu32(a, factor);
    __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), factor);
    *high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
    *low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
}
static inline vec v_unit(vuint w, vuint low) {
    (void)low;
    return _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_srli_epi32(w, 8)), _mm256_set1_ps(0x1p-24f));
}

static inline vec v_exp(vec a) {
    return Sleef_finz_expf8_u10avx2(a);
}
static inline vec v_log(vec a) {
    return Sleef_finz_logf8_u10avx2(a);
}
static inline vec v_log1p(vec a) {
    return Sleef_finz_log1pf8_u10avx2(a);
}
static inline vec v_tanh(vec a) {
    return Sleef_finz_tanhf8_u35avx2(a);
}
static inline vec v_expm1(vec a) {
    return Sleef_finz_expm1f8_u10avx2(a);
}
static inline vec v_erfc(vec a) {
    return Sleef_finz_erfcf8_u15avx2(a);
}
static inline void v_sincos(vec a, vec *sine, vec *cosine) {
    Sleef___m256_2 sc = Sleef_finz_sincosf8_u35avx2(a);
    *sine = sc.x;
    *cosine = sc.y;
}
static inline void v_sincospi(vec a, vec *sine, vec *cosine) {
    Sleef___m256_2 sc = Sleef_finz_sincospif8_u35avx2(a);
    *sine = sc.x;
    *cosine = sc.y;
}

#else

enum { VEC_LANES = 4 };
typedef double real;
typedef __m256d vec;
typedef __m256d vmask;

static inline vec v_load(const real *p) {
    return _mm256_load_pd(p);
}
static inline void v_store(real *p, vec a) {
    _mm256_store_pd(p, a);
}
static inline vec v_load_any(const real *p) {
    return _mm256_loadu_pd(p);
}
static inline void v_store_any(real *p, vec a) {
    _mm256_storeu_pd(p, a);
}
/* All bits of the first n lanes. */
static inline __m256i first_lanes(size_t n) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)n), _mm256_setr_epi64x(0, 1, 2, 3));
}
static inline vec v_load_some(const real *p, size_t n) {
    return _mm256_maskload_pd(p, first_lanes(n));
}
/* In pieces of 2 and 1: a masked store takes tens of cycles on some processors. */
static inline void v_store_some(real *p, vec a, size_t n) {
    if (n == VEC_LANES) {
        _mm256_storeu_pd(p, a);
        return;
    }
    __m128d rest = _mm256_castpd256_pd128(a);
    if (n & 2) {
        _mm_storeu_pd(p, rest);
        rest = _mm256_extractf128_pd(a, 1);
        p += 2;
    }
    if (n & 1) _mm_store_sd(p, rest);
}
static inline vec v_zip_low(vec a, vec b) {
    return _mm256_permute2f128_pd(_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b), 0x20);
}
static inline vec v_zip_high(vec a, vec b) {
    return _mm256_permute2f128_pd(_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b), 0x31);
}
static inline vec v_set1(real a) {
    return _mm256_set1_pd(a);
}
static inline vec v_add(vec a, vec b) {
    return _mm256_add_pd(a, b);
}
static inline vec v_sub(vec a, vec b) {
    return _mm256_sub_pd(a, b);
}
static inline vec v_mul(vec a, vec b) {
    return _mm256_mul_pd(a, b);
}
static inline vec v_div(vec a, vec b) {
    return _mm256_div_pd(a, b);
}
static inline vec v_fma(vec a, vec b, vec c) {
    return _mm256_fmadd_pd(a, b, c);
}
static inline vec v_fnma(vec a, vec b, vec c) {
    return _mm256_fnmadd_pd(a, b, c);
}
static inline vec v_abs(vec a) {
    return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a);
}
static inline vec v_sqrt(vec a) {
    return _mm256_sqrt_pd(a);
}
static inline vec v_relu(vec a) {
    return _mm256_max_pd(a, _mm256_setzero_pd());
}
static inline vec v_gate(vec a, vec b) {
    return _mm256_and_pd(_mm256_cmp_pd(a, _mm256_setzero_pd(), _CMP_GT_OQ), b);
}

static inline vmask v_le(vec a, vec b) {
    return _mm256_cmp_pd(a, b, _CMP_LE_OQ);
}
static inline vmask v_ne(vec a, vec b) {
    return _mm256_cmp_pd(a, b, _CMP_NEQ_UQ);
}
static inline vec v_select(vmask m, vec a, vec b) {
    return _mm256_blendv_pd(b, a, m);
}
static inline vmask m_and(vmask a, vmask b) {
    return _mm256_and_pd(a, b);
}
static inline vmask m_or(vmask a, vmask b) {
    return _mm256_or_pd(a, b);
}
static inline vmask m_none(void) {
    return _mm256_setzero_pd();
}
static inline unsigned m_bits(vmask m) {
    return (unsigned)_mm256_movemask_pd(m);
}
static inline vmask m_from_bits(unsigned bits) {
    const __m256i lane_bit = _mm256_setr_epi64x(1, 2, 4, 8);
    __m256i hit = _mm256_and_si256(_mm256_set1_epi64x((long long)bits), lane_bit);
    return _mm256_castsi256_pd(_mm256_cmpeq_epi64(hit, lane_bit));
}

static inline vuint u_load(const uint32_t *p) {
    return _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)p));
}
static inline vuint u_set1(uint32_t a) {
    return _mm256_set1_epi64x((long long)a);
}
static inline void u_mul(vuint a, uint32_t b, vuint *high, vuint *low) {
    __m256i product = _mm256_mul_epu32(a, _mm256_set1_epi64x((long long)b));
    *high = _mm256_srli_epi64(product, 32);
    *low = _mm256_and_si256(product, _mm256_set1_epi64x(0xFFFFFFFFLL));
}
/* Integers below 2^52 become doubles by setting the exponent of 2^52 and subtracting it again: exact. */
static inline vec v_unit(vuint w, vuint low) {
    const __m256i exponent = _mm256_set1_epi64x(0x4330000000000000LL);
    const vec bias = _mm256_set1_pd(0x1p52);
    vec high_part = _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(w, exponent)), bias);
    vec low_part = _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(_mm256_srli_epi64(low, 11), exponent)), bias);
    return _mm256_fmadd_pd(high_part, _mm256_set1_pd(0x1p-32), _mm256_mul_pd(low_part, _mm256_set1_pd(0x1p-53)));
}

static inline vec v_exp(vec a) {
    return Sleef_finz_expd4_u10avx2(a);
}
static inline vec v_log(vec a) {
    return Sleef_finz_logd4_u10avx2(a);
}
static inline vec v_log1p(vec a) {
    return Sleef_finz_log1pd4_u10avx2(a);
}
static inline vec v_tanh(vec a) {
    return Sleef_finz_tanhd4_u35avx2(a);
}
static inline vec v_expm1(vec a) {
    return Sleef_finz_expm1d4_u10avx2(a);
}
static inline vec v_erfc(vec a) {
    return Sleef_finz_erfcd4_u15avx2(a);
}
static inline void v_sincos(vec a, vec *sine, vec *cosine) {
    Sleef___m256d_2 sc = Sleef_finz_sincosd4_u35avx2(a);
    *sine = sc.x;
    *cosine = sc.y;
}
static inline void v_sincospi(vec a, vec *sine, vec *cosine) {
    Sleef___m256d_2 sc = Sleef_finz_sincospid4_u35avx2(a);
    *sine = sc.x;
    *cosine = sc.y;
}

#endif
#endif
