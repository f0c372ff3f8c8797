/* The vector vocabulary on ARM64 NEON (Advanced SIMD): 4 floats or 2 doubles. See simd/isa/vec.h. */
#ifndef LYAP_SIMD_ISA_VEC_NEON_H
#define LYAP_SIMD_ISA_VEC_NEON_H

#if !defined(__aarch64__)
#error "vec_neon.h needs ARM64"
#endif

#include <arm_neon.h>
#include <sleef.h>
#include <stdint.h>

enum { VEC_REGISTERS = 32 };

#if LYAP_REAL_BITS == 32

enum { VEC_LANES = 4 };
typedef float real;
typedef float32x4_t vec;
typedef uint32x4_t vmask;
typedef uint32x4_t vuint; /* 32-bit words that follow Philox, in lanes of the width of a real */

static inline vec v_load(const real *p) {
    return vld1q_f32(p);
}
static inline void v_store(real *p, vec a) {
    vst1q_f32(p, a);
}
static inline vec v_load_any(const real *p) {
    return vld1q_f32(p);
}
static inline void v_store_any(real *p, vec a) {
    vst1q_f32(p, a);
}
static inline vec v_load_some(const real *p, size_t n) {
    if (n == VEC_LANES) return vld1q_f32(p);
    if (n == 1) return vld1q_lane_f32(p, vdupq_n_f32(0), 0);
    const vec two = vcombine_f32(vld1_f32(p), vdup_n_f32(0));
    return n == 2 ? two : vld1q_lane_f32(p + 2, two, 2);
}
static inline void v_store_some(real *p, vec a, size_t n) {
    if (n == VEC_LANES) {
        vst1q_f32(p, a);
        return;
    }
    if (n == 1) {
        vst1q_lane_f32(p, a, 0);
        return;
    }
    vst1_f32(p, vget_low_f32(a));
    if (n == 3) vst1q_lane_f32(p + 2, a, 2);
}
static inline vec v_zip_low(vec a, vec b) {
    return vzip1q_f32(a, b);
}
static inline vec v_zip_high(vec a, vec b) {
    return vzip2q_f32(a, b);
}
static inline vec v_set1(real a) {
    return vdupq_n_f32(a);
}
static inline vec v_add(vec a, vec b) {
    return vaddq_f32(a, b);
}
static inline vec v_sub(vec a, vec b) {
    return vsubq_f32(a, b);
}
static inline vec v_mul(vec a, vec b) {
    return vmulq_f32(a, b);
}
static inline vec v_div(vec a, vec b) {
    return vdivq_f32(a, b);
}
static inline vec v_fma(vec a, vec b, vec c) {
    return vfmaq_f32(c, a, b);
}
static inline vec v_fnma(vec a, vec b, vec c) {
    return vfmsq_f32(c, a, b);
}
static inline vec v_abs(vec a) {
    return vabsq_f32(a);
}
static inline vec v_sqrt(vec a) {
    return vsqrtq_f32(a);
}
static inline vec v_gate(vec a, vec b) {
    return vreinterpretq_f32_u32(vandq_u32(vcgtzq_f32(a), vreinterpretq_u32_f32(b)));
}

static inline vmask v_le(vec a, vec b) {
    return vcleq_f32(a, b);
}
static inline vmask v_ne(vec a, vec b) {
    return vmvnq_u32(vceqq_f32(a, b));
}
static inline vec v_select(vmask m, vec a, vec b) {
    return vbslq_f32(m, a, b);
}
static inline vmask m_and(vmask a, vmask b) {
    return vandq_u32(a, b);
}
static inline vmask m_or(vmask a, vmask b) {
    return vorrq_u32(a, b);
}
static inline vmask m_none(void) {
    return vdupq_n_u32(0);
}
static inline uint32x4_t lane_bits(void) {
    static const uint32_t bit[4] = {1, 2, 4, 8};
    return vld1q_u32(bit);
}
static inline unsigned m_bits(vmask m) {
    return vaddvq_u32(vandq_u32(m, lane_bits()));
}
static inline vmask m_from_bits(unsigned bits) {
    return vtstq_u32(vdupq_n_u32(bits), lane_bits());
}

static inline vuint u_load(const uint32_t *p) {
    return vld1q_u32(p);
}
static inline vuint u_set1(uint32_t a) {
    return vdupq_n_u32(a);
}
static inline vuint u_xor(vuint a, vuint b) {
    return veorq_u32(a, b);
}
static inline void u_mul(vuint a, uint32_t b, vuint *high, vuint *low) {
    uint32x4_t first = vreinterpretq_u32_u64(vmull_n_u32(vget_low_u32(a), b));
    uint32x4_t second = vreinterpretq_u32_u64(vmull_n_u32(vget_high_u32(a), b));
    *high = vuzp2q_u32(first, second);
    *low = vuzp1q_u32(first, second);
}
static inline vec v_unit(vuint w, vuint low) {
    (void)low;
    return vmulq_f32(vcvtq_f32_u32(vshrq_n_u32(w, 8)), vdupq_n_f32(0x1p-24f));
}

static inline vec v_exp(vec a) {
    return Sleef_finz_expf4_u10advsimd(a);
}
static inline vec v_log(vec a) {
    return Sleef_finz_logf4_u10advsimd(a);
}
static inline vec v_log1p(vec a) {
    return Sleef_finz_log1pf4_u10advsimd(a);
}
static inline vec v_tanh(vec a) {
    return Sleef_finz_tanhf4_u35advsimd(a);
}
static inline vec v_expm1(vec a) {
    return Sleef_finz_expm1f4_u10advsimd(a);
}
static inline vec v_erfc(vec a) {
    return Sleef_finz_erfcf4_u15advsimd(a);
}
static inline void v_sincos(vec a, vec *sine, vec *cosine) {
    Sleef_float32x4_t_2 sc = Sleef_finz_sincosf4_u35advsimd(a);
    *sine = sc.x;
    *cosine = sc.y;
}
static inline void v_sincospi(vec a, vec *sine, vec *cosine) {
    Sleef_float32x4_t_2 sc = Sleef_finz_sincospif4_u35advsimd(a);
    *sine = sc.x;
    *cosine = sc.y;
}

#else

enum { VEC_LANES = 2 };
typedef double real;
typedef float64x2_t vec;
typedef uint64x2_t vmask;
typedef uint64x2_t vuint; /* 32-bit words that follow Philox, in lanes of the width of a real */

static inline vec v_load(const real *p) {
    return vld1q_f64(p);
}
static inline void v_store(real *p, vec a) {
    vst1q_f64(p, a);
}
static inline vec v_load_any(const real *p) {
    return vld1q_f64(p);
}
static inline void v_store_any(real *p, vec a) {
    vst1q_f64(p, a);
}
static inline vec v_load_some(const real *p, size_t n) {
    return n == VEC_LANES ? vld1q_f64(p) : vcombine_f64(vld1_f64(p), vdup_n_f64(0));
}
static inline void v_store_some(real *p, vec a, size_t n) {
    if (n == VEC_LANES)
        vst1q_f64(p, a);
    else
        vst1_f64(p, vget_low_f64(a));
}
static inline vec v_zip_low(vec a, vec b) {
    return vzip1q_f64(a, b);
}
static inline vec v_zip_high(vec a, vec b) {
    return vzip2q_f64(a, b);
}
static inline vec v_set1(real a) {
    return vdupq_n_f64(a);
}
static inline vec v_add(vec a, vec b) {
    return vaddq_f64(a, b);
}
static inline vec v_sub(vec a, vec b) {
    return vsubq_f64(a, b);
}
static inline vec v_mul(vec a, vec b) {
    return vmulq_f64(a, b);
}
static inline vec v_div(vec a, vec b) {
    return vdivq_f64(a, b);
}
static inline vec v_fma(vec a, vec b, vec c) {
    return vfmaq_f64(c, a, b);
}
static inline vec v_fnma(vec a, vec b, vec c) {
    return vfmsq_f64(c, a, b);
}
static inline vec v_abs(vec a) {
    return vabsq_f64(a);
}
static inline vec v_sqrt(vec a) {
    return vsqrtq_f64(a);
}
static inline vec v_gate(vec a, vec b) {
    return vreinterpretq_f64_u64(vandq_u64(vcgtzq_f64(a), vreinterpretq_u64_f64(b)));
}

static inline vmask v_le(vec a, vec b) {
    return vcleq_f64(a, b);
}
static inline vmask v_ne(vec a, vec b) {
    return vreinterpretq_u64_u32(vmvnq_u32(vreinterpretq_u32_u64(vceqq_f64(a, b))));
}
static inline vec v_select(vmask m, vec a, vec b) {
    return vbslq_f64(m, a, b);
}
static inline vmask m_and(vmask a, vmask b) {
    return vandq_u64(a, b);
}
static inline vmask m_or(vmask a, vmask b) {
    return vorrq_u64(a, b);
}
static inline vmask m_none(void) {
    return vdupq_n_u64(0);
}
static inline uint64x2_t lane_bits(void) {
    static const uint64_t bit[2] = {1, 2};
    return vld1q_u64(bit);
}
static inline unsigned m_bits(vmask m) {
    return (unsigned)vaddvq_u64(vandq_u64(m, lane_bits()));
}
static inline vmask m_from_bits(unsigned bits) {
    return vtstq_u64(vdupq_n_u64(bits), lane_bits());
}

static inline vuint u_load(const uint32_t *p) {
    return vmovl_u32(vld1_u32(p));
}
static inline vuint u_set1(uint32_t a) {
    return vdupq_n_u64(a);
}
static inline vuint u_xor(vuint a, vuint b) {
    return veorq_u64(a, b);
}
static inline void u_mul(vuint a, uint32_t b, vuint *high, vuint *low) {
    uint64x2_t product = vmull_n_u32(vmovn_u64(a), b);
    *high = vshrq_n_u64(product, 32);
    *low = vandq_u64(product, vdupq_n_u64(0xFFFFFFFFu));
}
static inline vec v_unit(vuint w, vuint low) {
    vec low_part = vmulq_f64(vcvtq_f64_u64(vshrq_n_u64(low, 11)), vdupq_n_f64(0x1p-53));
    return vfmaq_f64(low_part, vcvtq_f64_u64(w), vdupq_n_f64(0x1p-32));
}

static inline vec v_exp(vec a) {
    return Sleef_finz_expd2_u10advsimd(a);
}
static inline vec v_log(vec a) {
    return Sleef_finz_logd2_u10advsimd(a);
}
static inline vec v_log1p(vec a) {
    return Sleef_finz_log1pd2_u10advsimd(a);
}
static inline vec v_tanh(vec a) {
    return Sleef_finz_tanhd2_u35advsimd(a);
}
static inline vec v_expm1(vec a) {
    return Sleef_finz_expm1d2_u10advsimd(a);
}
static inline vec v_erfc(vec a) {
    return Sleef_finz_erfcd2_u15advsimd(a);
}
static inline void v_sincos(vec a, vec *sine, vec *cosine) {
    Sleef_float64x2_t_2 sc = Sleef_finz_sincosd2_u35advsimd(a);
    *sine = sc.x;
    *cosine = sc.y;
}
static inline void v_sincospi(vec a, vec *sine, vec *cosine) {
    Sleef_float64x2_t_2 sc = Sleef_finz_sincospid2_u35advsimd(a);
    *sine = sc.x;
    *cosine = sc.y;
}

#endif

/* NEON's own maximum would pass NaN on; the gate, which takes any z here, gives z where z > 0 and +0 elsewhere, as the other
 * paths do. */
static inline vec v_relu(vec a) {
    return v_gate(a, a);
}

#endif
