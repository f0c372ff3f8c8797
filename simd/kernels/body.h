/* The kernels of one instruction set and precision, for simd/isa/kernels.c. */
#include "simd/kernels/draw.h"
#include "simd/kernels/evaluate.h"
#include "simd/kernels/init.h"
#include "simd/kernels/lyapunov.h"
#include "simd/kernels/matrix.h"
#include "simd/kernels/network.h"
#include "simd/kernels/parts.h"
#include "simd/kernels/rate.h"
#include "simd/kernels/rescaled.h"
#include "simd/kernels/spread.h"
#include "simd/kernels/train.h"
#include "simd/kernels.h"

/* The paper's network with its shape known to the compiler: 2-2-1, four samples, mean squared error, one activation for
 * both layers. */
#define PAPER_SHAPE(f)                                                                                                 \
    {                                                                                                                  \
        .layers = 2, .sizes = {2, 2, 1}, .activation = {f, f}, .loss = LYAP_MSE, .offset = {0, 6}, .unit = {0, 2, 3},  \
        .parameters = 9, .dimension = 9, .measured = 9, .samples = 4, .chunk = 4, .tile = PAPER_TILE                   \
    }
enum { PAPER_TILE = 8 };
static const struct lyap_shape paper_linear = PAPER_SHAPE(LYAP_LINEAR), paper_relu = PAPER_SHAPE(LYAP_RELU),
                               paper_sigmoid = PAPER_SHAPE(LYAP_SIGMOID), paper_tanh = PAPER_SHAPE(LYAP_TANH);

/* The activation whose compile-time instance fits the shape, or LYAP_ACTIVATION_COUNT for none: under plain gradient descent,
 * or with learning rates of the layers, which instances for tangents know. */
static enum lyap_activation instance_of(const struct lyap_shape *s, bool layered) {
    bool fits = s->layers == 2 && s->sizes[0] == 2 && s->sizes[1] == 2 && s->sizes[2] == 1 && s->samples == 4 &&
                s->loss == LYAP_MSE && s->activation[0] == s->activation[1] && s->activation[0] <= LYAP_RELU &&
                s->rule.kind == LYAP_GD && s->rule.weight_decay == 0 && (layered || !s->rule.layered);
    return fits ? s->activation[0] : LYAP_ACTIVATION_COUNT;
}
static enum lyap_activation paper_instance(const struct lyap_shape *s) {
    return instance_of(s, false);
}

static size_t workspace(const struct lyap_shape *shape) {
    size_t tile = shape->tile > PAPER_TILE ? shape->tile : PAPER_TILE;
    return (layers_room(shape, tile) + shape->parameters) * sizeof(vec);
}

static void draw_parents(struct lyap_block *block, uint32_t first, uint32_t count) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        switch (paper_instance(block->whole)) {
        case LYAP_LINEAR:
            draw_parents_group(&paper_linear, block, false, lane, first, count);
            break;
        case LYAP_RELU:
            draw_parents_group(&paper_relu, block, false, lane, first, count);
            break;
        case LYAP_SIGMOID:
            draw_parents_group(&paper_sigmoid, block, false, lane, first, count);
            break;
        case LYAP_TANH:
            draw_parents_group(&paper_tanh, block, false, lane, first, count);
            break;
        default:
            draw_parents_group(block->whole, block, true, lane, first, count);
            break;
        }
    }
}

static void perturb(struct lyap_block *block) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) perturb_group(block, lane);
}

static void spread(struct lyap_block *block, const void *parent) {
    spread_start(block, parent);
}

/* One function an instance, so that the compiler allocates registers for each alone. */
typedef void train_function(struct lyap_block *block, size_t lane, uint32_t first, uint32_t count, real *distance,
                            real *loss);
static void train_linear(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(&paper_linear, b, lane, FUSED, first, count, d, loss);
}
static void train_relu(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(&paper_relu, b, lane, FUSED, first, count, d, loss);
}
static void train_sigmoid(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(&paper_sigmoid, b, lane, PASSES, first, count, d, loss);
}
static void train_tanh(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(&paper_tanh, b, lane, PASSES, first, count, d, loss);
}
static void train_small(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(b->shape, b, lane, LOOPS, first, count, d, loss);
}
static void train_any(struct lyap_block *b, size_t lane, uint32_t first, uint32_t count, real *d, real *loss) {
    train_group(b->shape, b, lane, ANY, first, count, d, loss);
}

static void reset_state(struct lyap_block *block) {
    block->frozen = block->measured_out = block->alive = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        block->length[i] = block->losses[i] = 0;
        block->event_epoch[i] = -1;
        block->outcome[i] = LYAP_COMPLETE;
    }
}

static void train(struct lyap_block *block, uint32_t first, uint32_t count, void *distance, void *loss) {
    static train_function *const instances[LYAP_ACTIVATION_COUNT + 1] = {[LYAP_LINEAR] = train_linear,
                                                                         [LYAP_RELU] = train_relu,
                                                                         [LYAP_SIGMOID] = train_sigmoid,
                                                                         [LYAP_TANH] = train_tanh,
                                                                         [LYAP_ACTIVATION_COUNT] = train_any};
    if (first == 0) reset_state(block);
    if (block->spread) {
        train_spread(block, first, count, distance, loss);
        return;
    }
    enum lyap_activation known = paper_instance(block->shape);
    train_function *instance = instances[known];
    if (known == LYAP_ACTIVATION_COUNT && is_small(block->shape)) instance = train_small;
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

static size_t tangent_workspace(const struct lyap_shape *shape, size_t dimension, size_t vectors) {
    (void)dimension;
    return (vectors + (shape ? ride_scratch(shape, vectors) : 0)) * sizeof(vec);
}

static void tangent_start(struct lyap_block *block, struct lyap_tangents *t) {
    reset_state(block);
    for (size_t i = 0; i < BLOCK; i++) {
        t->steps[i] = 0;
        t->resolved[i] = (uint32_t)t->vectors;
    }
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES)
        orthonormalise((real *)t->v + lane, t->vectors, t->dimension, t->measured, false, 1, false, m_none(),
                       (real *)t->norms + lane, t->workspace, t->resolved + lane);
}

/* One function an instance, as in training. The activations that are no calls have one for a single tangent too: without a
 * loop over tangents the compiler ends the life of an activation sooner, and stores and reloads less. */
typedef void ride_function(struct lyap_block *block, struct lyap_tangents *t, size_t lane, uint32_t first,
                           uint32_t count);
static void ride_linear(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    ride_group(&paper_linear, LYAP_SYSTEM_NETWORK, 9, FUSED, 0, b, t, lane, first, count);
}
static void ride_one_linear(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first,
                            uint32_t count) {
    ride_group(&paper_linear, LYAP_SYSTEM_NETWORK, 9, FUSED, 1, b, t, lane, first, count);
}
static void ride_relu(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    ride_group(&paper_relu, LYAP_SYSTEM_NETWORK, 9, FUSED, 0, b, t, lane, first, count);
}
static void ride_one_relu(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    ride_group(&paper_relu, LYAP_SYSTEM_NETWORK, 9, FUSED, 1, b, t, lane, first, count);
}
static void ride_sigmoid(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    ride_group(&paper_sigmoid, LYAP_SYSTEM_NETWORK, 9, PASSES, 0, b, t, lane, first, count);
}
static void ride_tanh(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    ride_group(&paper_tanh, LYAP_SYSTEM_NETWORK, 9, PASSES, 0, b, t, lane, first, count);
}
static void ride_any(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    ride_group(b->shape, LYAP_SYSTEM_NETWORK, t->dimension, ANY, 0, b, t, lane, first, count);
}
static void ride_known(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    switch (t->system) {
    case LYAP_SYSTEM_LOGISTIC:
        ride_group(NULL, LYAP_SYSTEM_LOGISTIC, 1, ANY, 0, b, t, lane, first, count);
        break;
    case LYAP_SYSTEM_TENT:
        ride_group(NULL, LYAP_SYSTEM_TENT, 1, ANY, 0, b, t, lane, first, count);
        break;
    case LYAP_SYSTEM_HENON:
        ride_group(NULL, LYAP_SYSTEM_HENON, 2, ANY, 0, b, t, lane, first, count);
        break;
    case LYAP_SYSTEM_STANDARD:
        ride_group(NULL, LYAP_SYSTEM_STANDARD, 2, ANY, 0, b, t, lane, first, count);
        break;
    case LYAP_SYSTEM_LORENZ:
        ride_group(NULL, LYAP_SYSTEM_LORENZ, 3, ANY, 0, b, t, lane, first, count);
        break;
    case LYAP_SYSTEM_DOUBLE_WELL:
        ride_group(NULL, LYAP_SYSTEM_DOUBLE_WELL, 1, ANY, 0, b, t, lane, first, count);
        break;
    default:
        ride_group(NULL, LYAP_SYSTEM_QUADRATIC, t->dimension, ANY, 0, b, t, lane, first, count);
        break;
    }
}

static void tangent(struct lyap_block *block, struct lyap_tangents *t, uint32_t first, uint32_t count) {
    static ride_function *const instances[LYAP_ACTIVATION_COUNT + 1] = {[LYAP_LINEAR] = ride_linear,
                                                                        [LYAP_RELU] = ride_relu,
                                                                        [LYAP_SIGMOID] = ride_sigmoid,
                                                                        [LYAP_TANH] = ride_tanh,
                                                                        [LYAP_ACTIVATION_COUNT] = ride_any};
    ride_function *instance = ride_known;
    if (block->shape) instance = t->dimension == 9 ? instances[instance_of(block->shape, true)] : ride_any;
    if (t->vectors == 1 && instance == ride_linear) instance = ride_one_linear;
    if (t->vectors == 1 && instance == ride_relu) instance = ride_one_relu;
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) instance(block, t, lane, first, count);
}

static void pair_any(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    pair_group(b->shape, LYAP_SYSTEM_NETWORK, t->dimension, b, t, lane, first, count);
}
static void pair_known(struct lyap_block *b, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    pair_group(NULL, t->system, t->dimension, b, t, lane, first, count);
}

static void pair_start_all(struct lyap_block *block, struct lyap_tangents *t) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) pair_start(block, t, lane);
}

static void pair_all(struct lyap_block *block, struct lyap_tangents *t, uint32_t first, uint32_t count) {
    ride_function *instance = block->shape ? pair_any : pair_known;
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) instance(block, t, lane, first, count);
}

static void evaluate(struct lyap_block *block, const void *x, const void *y, size_t samples, double threshold,
                     double loss_sum[LYAP_BLOCK], uint64_t correct[LYAP_BLOCK]) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES)
        evaluate_group(block->whole, block, lane, x, y, samples, (real)threshold, loss_sum + lane, correct + lane);
}

static void hessian(struct lyap_block *block, struct lyap_tangents *t, const void *v, void *out) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES)
        hessian_group(block->whole, block, t, lane, (const real *)v + lane, (real *)out + lane);
}

#if LYAP_REAL_BITS == 64
static void fold(const double *norms, size_t events, size_t vectors, bool flush, struct lyap_growth *growth) {
    const vec low = v_set1(0x1p-500), high = v_set1(0x1p500), one = v_set1(1);
    const unsigned all = (1u << VEC_LANES) - 1u;
    for (size_t k = 0; k < vectors; k++)
        for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
            size_t at = k * BLOCK + lane;
            vec product = v_load(growth->product + at), sum = v_load(growth->sum + at);
            for (size_t e = 0; e < events; e++) {
                vec next = v_mul(product, v_load(norms + e * vectors * BLOCK + at));
                vmask inside = m_and(v_le(low, next), v_le(next, high));
                if (m_bits(inside) == all) {
                    product = next;
                    continue;
                }
                sum = v_select(inside, sum, v_add(sum, v_log(product)));
                product = v_select(inside, next, v_load(norms + e * vectors * BLOCK + at));
            }
            if (flush) {
                sum = v_add(sum, v_log(product));
                product = one;
            }
            v_store(growth->product + at, product);
            v_store(growth->sum + at, sum);
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

static void pass_linear(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(&paper_linear, block, lane, false, 1, gradient, out);
}
static void pass_relu(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(&paper_relu, block, lane, false, 1, gradient, out);
}
static void pass_sigmoid(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(&paper_sigmoid, block, lane, false, PAPER_TILE, gradient, out);
}
static void pass_tanh(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(&paper_tanh, block, lane, false, PAPER_TILE, gradient, out);
}
static void pass_any(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(block->shape, block, lane, true, block->shape->tile, gradient, out);
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

static void matrix(enum lyap_matrix what, bool shared, const void *in, const void *w, void *out, size_t samples,
                   size_t inputs, size_t outputs, bool accumulate, void *scratch) {
    size_t units = what == LYAP_MATRIX_BACKWARD ? outputs : inputs, parameters = (inputs + 1) * outputs;
    for (size_t group = 0; group < GROUPS; group++) {
        const real *weights = (const real *)w + group * VEC_LANES;
        const vec *a = (const vec *)in + group * samples * units, *d = (const vec *)w + group * samples * outputs;
        struct operand operand = {.x = shared ? in : NULL, .a = shared ? NULL : a};
        if (what == LYAP_MATRIX_GRADIENT_BY_COLUMNS) {
            operand.columns = in;
            operand.stride = samples;
        }
        vec *to = out;
        switch (what) {
        case LYAP_MATRIX_FORWARD:
            matrix_forward(operand, weights, accumulate ? NULL : weights + inputs * outputs * BLOCK,
                           to + group * samples * outputs, samples, inputs, outputs, scratch);
            break;
        case LYAP_MATRIX_BACKWARD:
            matrix_backward(a, weights, to + group * samples * inputs, samples, inputs, outputs, accumulate, scratch);
            break;
        default:
            matrix_gradient(operand, d, to + group * parameters, samples, inputs, outputs, accumulate, scratch);
            matrix_bias(d, to + group * parameters + inputs * outputs, samples, outputs, accumulate);
            break;
        }
    }
}

static void backward_all(const struct lyap_block *block, const void *activations, void *deltas) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        switch (paper_instance(block->shape)) {
        case LYAP_LINEAR:
            backward_group(&paper_linear, block, lane, true, activations, deltas);
            break;
        case LYAP_RELU:
            backward_group(&paper_relu, block, lane, true, activations, deltas);
            break;
        case LYAP_SIGMOID:
            backward_group(&paper_sigmoid, block, lane, true, activations, deltas);
            break;
        case LYAP_TANH:
            backward_group(&paper_tanh, block, lane, true, activations, deltas);
            break;
        default:
            backward_group(block->shape, block, lane, false, activations, deltas);
            break;
        }
    }
}

static void distance_all(const struct lyap_block *block, void *out) {
    bool paper = block->shape->parameters == PAPER_PARAMETERS;
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        if (paper)
            distance_group(block, PAPER_PARAMETERS, lane, out);
        else
            distance_group(block, block->shape->parameters, lane, out);
    }
}

const struct lyap_kernels LYAP_TABLE = {
    .isa = LYAP_TABLE_ISA,
    .precision = LYAP_REAL_BITS == 32 ? LYAP_FLOAT32 : LYAP_FLOAT64,
    .workspace = workspace,
    .draw_parents = draw_parents,
    .perturb = perturb,
    .spread = spread,
    .train = train,
#if LYAP_REAL_BITS == 64
    .log_sums = log_sums,
    .fold = fold,
#endif
    .tangent_workspace = tangent_workspace,
    .tangent_start = tangent_start,
    .tangent = tangent,
    .pair_start = pair_start_all,
    .pair = pair_all,
    .hessian = hessian,
    .evaluate = evaluate,
    .draw = draw,
    .map = map,
    .pass = pass,
    .matrix = matrix,
    .matrix_scratch = MATRIX_SCRATCH * sizeof(vec),
    .lanes = VEC_LANES,
    .backward = backward_all,
    .distance = distance_all,
    .rate = rate,
    .chains = CHAINS,
    .beside = BESIDE,
};
