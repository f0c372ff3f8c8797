/* The kernels of one instruction set and precision. A wrapper kernels_<isa>_<precision>.c sets LYAP_REAL_BITS, at most
 * one of LYAP_AVX2, LYAP_AVX512, LYAP_NEON, and LYAP_TABLE, LYAP_TABLE_ISA, then includes this file. */
#include "kernel_draw.h"
#include "kernel_init.h"
#include "kernel_network.h"
#include "kernel_rate.h"
#include "kernel_train.h"
#include "kernels.h"

/* The paper's network with its shape known to the compiler: 2-2-1, four samples, mean squared error, one activation for
 * both layers. */
#define PAPER_SHAPE(f, at_once)                                                                                        \
    {                                                                                                                  \
        .layers = 2, .sizes = {2, 2, 1}, .activation = {f, f}, .loss = LYAP_MSE, .offset = {0, 6}, .unit = {0, 2, 3},  \
        .parameters = 9, .samples = 4, .chunk = at_once, .tile = PAPER_TILE                                            \
    }
enum { PAPER_TILE = 8 };
static const struct lyap_shape paper_linear = PAPER_SHAPE(LYAP_LINEAR, 4), paper_relu = PAPER_SHAPE(LYAP_RELU, 4),
                               paper_sigmoid = PAPER_SHAPE(LYAP_SIGMOID, 4), paper_tanh = PAPER_SHAPE(LYAP_TANH, 4);
#if defined(LYAP_AVX2)
static const struct lyap_shape streamed_relu = PAPER_SHAPE(LYAP_RELU, 1);
#endif

/* The activation whose compile-time instance fits the shape, or LYAP_ACTIVATION_COUNT for none. */
static enum lyap_activation paper_instance(const struct lyap_shape *s) {
    bool fits = s->layers == 2 && s->sizes[0] == 2 && s->sizes[1] == 2 && s->sizes[2] == 1 && s->samples == 4 &&
                s->loss == LYAP_MSE && s->activation[0] == s->activation[1];
    return fits ? s->activation[0] : LYAP_ACTIVATION_COUNT;
}

static size_t workspace(const struct lyap_shape *shape) {
    size_t tile = shape->tile > PAPER_TILE ? shape->tile : PAPER_TILE;
    size_t scratch = 2 * shape->unit[shape->layers] * shape->chunk * tile;
    return (scratch + shape->parameters) * sizeof(vec);
}

static void draw_parents(struct lyap_block *block, uint32_t first, uint32_t count) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        switch (paper_instance(block->shape)) {
        case LYAP_LINEAR:
            draw_parents_group(&paper_linear, block, lane, first, count);
            break;
        case LYAP_RELU:
            draw_parents_group(&paper_relu, block, lane, first, count);
            break;
        case LYAP_SIGMOID:
            draw_parents_group(&paper_sigmoid, block, lane, first, count);
            break;
        case LYAP_TANH:
            draw_parents_group(&paper_tanh, block, lane, first, count);
            break;
        default:
            draw_parents_group(block->shape, block, lane, first, count);
            break;
        }
    }
}

static void perturb(struct lyap_block *block) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) perturb_group(block, lane);
}

/* One function an instance, so that the compiler allocates registers for each alone. */
typedef void train_function(struct lyap_block *block, size_t lane, uint32_t first, uint32_t count, real *distance,
                            real *loss);
static void train_linear(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(&paper_linear, b, lane, FUSED, first, count, d, loss);
}
static void train_relu(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
#if defined(LYAP_AVX2)
    /* Its gates need registers beside the sums, of which AVX2 has sixteen: sample by sample is an eighth faster. */
    train_group(&streamed_relu, b, lane, STREAMED, first, count, d, loss);
#else
    train_group(&paper_relu, b, lane, FUSED, first, count, d, loss);
#endif
}
static void train_sigmoid(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(&paper_sigmoid, b, lane, PASSES, first, count, d, loss);
}
static void train_tanh(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(&paper_tanh, b, lane, PASSES, first, count, d, loss);
}
static void train_any(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(b->shape, b, lane, ANY, first, count, d, loss);
}

static void train(struct lyap_block *block, uint32_t first, uint32_t count, void *distance, void *loss) {
    static train_function *const instances[LYAP_ACTIVATION_COUNT + 1] = {[LYAP_LINEAR] = train_linear,
                                                                         [LYAP_RELU] = train_relu,
                                                                         [LYAP_SIGMOID] = train_sigmoid,
                                                                         [LYAP_TANH] = train_tanh,
                                                                         [LYAP_ACTIVATION_COUNT] = train_any};
    if (first == 0) {
        block->frozen = block->measured_out = block->alive = 0;
        for (size_t i = 0; i < BLOCK; i++) {
            block->length[i] = block->losses[i] = 0;
            block->event_epoch[i] = -1;
            block->outcome[i] = LYAP_COMPLETE;
        }
    }
    train_function *instance = instances[paper_instance(block->shape)];
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) instance(block, lane, first, count, distance, loss);
}

#if LYAP_REAL_BITS == 64
static void log_sums(const double *distance, uint32_t first, uint32_t count, const uint32_t length[LYAP_BLOCK],
                     struct lyap_log_sums *sums) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        _Alignas(LYAP_ALIGNMENT) double ends[BLOCK];
        for (size_t i = 0; i < VEC_LANES; i++) ends[i] = (double)length[lane + i];
        const vec end = v_load(ends), one = v_set1(1);
        vec start = v_load(sums->first + lane), last = v_load(sums->last + lane), sum = v_load(sums->sum + lane);
        for (uint32_t i = 0; i < count; i++) {
            double epoch = (double)first + (double)i;
            vmask inside = v_le(v_set1(epoch + 1), end);
            vec value = v_log(v_select(inside, v_load(distance + i * BLOCK + lane), one));
            if (epoch == 0) {
                start = value;
                last = value;
                sum = v_set1(0);
                continue;
            }
            last = v_select(inside, value, last);
            sum = v_select(inside, v_add(sum, v_sub(value, start)), sum);
        }
        v_store(sums->first + lane, start);
        v_store(sums->last + lane, last);
        v_store(sums->sum + lane, sum);
    }
}
#endif

static void draw(bool normal, uint64_t seed, uint32_t stream, const uint32_t cell_low[LYAP_BLOCK],
                 const uint32_t cell_high[LYAP_BLOCK], uint64_t first, size_t count, void *out) {
    _Alignas(LYAP_ALIGNMENT) real draws[DRAW_BATCH * VEC_LANES];
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        struct source source = source_of(seed, stream, cell_low + lane, cell_high + lane);
        real *column = (real *)out + lane;
        uint64_t aligned = first / 4 * 4;
        for (uint64_t i = aligned; i < first + count; i += DRAW_BATCH) {
            uint64_t left = first + count - i;
            int n = left < DRAW_BATCH ? (int)left : DRAW_BATCH;
            draw_batch(&source, normal, i, (n + 3) / 4 * 4, draws);
            for (int j = 0; j < n; j++)
                if (i + (uint64_t)j >= first)
                    v_store(column + (i + (uint64_t)j - first) * BLOCK, v_load(draws + j * VEC_LANES));
        }
    }
}

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
        return v_gate(a, b);
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

static void pass_linear(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(&paper_linear, block, lane, 1, gradient, out);
}
static void pass_relu(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(&paper_relu, block, lane, 1, gradient, out);
}
static void pass_sigmoid(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(&paper_sigmoid, block, lane, PAPER_TILE, gradient, out);
}
static void pass_tanh(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(&paper_tanh, block, lane, PAPER_TILE, gradient, out);
}
static void pass_any(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(block->shape, block, lane, block->shape->tile, gradient, out);
}

static void pass(struct lyap_block *block, bool gradient, void *out) {
    static void (*const instances[LYAP_ACTIVATION_COUNT + 1])(struct lyap_block *, size_t, bool,
                                                              real *) = {[LYAP_LINEAR] = pass_linear,
                                                                         [LYAP_RELU] = pass_relu,
                                                                         [LYAP_SIGMOID] = pass_sigmoid,
                                                                         [LYAP_TANH] = pass_tanh,
                                                                         [LYAP_ACTIVATION_COUNT] = pass_any};
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES)
        instances[paper_instance(block->shape)](block, lane, gradient, out);
}

const struct lyap_kernels LYAP_TABLE = {
    .isa = LYAP_TABLE_ISA,
    .precision = LYAP_REAL_BITS == 32 ? LYAP_FLOAT32 : LYAP_FLOAT64,
    .workspace = workspace,
    .draw_parents = draw_parents,
    .perturb = perturb,
    .train = train,
#if LYAP_REAL_BITS == 64
    .log_sums = log_sums,
#endif
    .draw = draw,
    .map = map,
    .pass = pass,
    .rate = rate,
    .chains = CHAINS,
    .beside = BESIDE,
};
