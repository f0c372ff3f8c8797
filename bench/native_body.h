/* The plain loops for one precision: set REAL, NAME(x), and the C library's functions before including. WIDTH networks are
 * taken side by side: 1 in the textbook loop, 16 in the one for the compiler to vectorise. */

static inline void ACTIVATE(enum lyap_activation activation, REAL *z) {
    switch (activation) {
    case LYAP_SIGMOID:
        for (int i = 0; i < WIDTH; i++) z[i] = 1 / (1 + EXP(-z[i]));
        break;
    case LYAP_TANH:
        for (int i = 0; i < WIDTH; i++) z[i] = TANH(z[i]);
        break;
    case LYAP_RELU:
        for (int i = 0; i < WIDTH; i++) z[i] = z[i] > 0 ? z[i] : 0;
        break;
    default:
        break;
    }
}

/* d *= f'(z), by a = f(z). */
static inline void DERIVE(enum lyap_activation activation, const REAL *a, REAL *d) {
    switch (activation) {
    case LYAP_SIGMOID:
        for (int i = 0; i < WIDTH; i++) d[i] *= a[i] * (1 - a[i]);
        break;
    case LYAP_TANH:
        for (int i = 0; i < WIDTH; i++) d[i] *= 1 - a[i] * a[i];
        break;
    case LYAP_RELU:
        for (int i = 0; i < WIDTH; i++) d[i] = a[i] > 0 ? d[i] : 0;
        break;
    default:
        break;
    }
}

/* Forward and backward of one sample: adds to gradient [parameters][WIDTH]. a [units][WIDTH] with the inputs first; d alike. */
static inline void SAMPLE(const struct lyap_network *net, const REAL *restrict w, const REAL *restrict target,
                          REAL *restrict a, REAL *restrict d, REAL *restrict gradient) {
    size_t offset = 0, below = 0;
    for (int l = 0; l < net->layers; l++) {
        size_t inputs = (size_t)net->sizes[l], outputs = (size_t)net->sizes[l + 1], above = below + inputs;
        for (size_t o = 0; o < outputs; o++) {
            REAL *z = a + (above + o) * WIDTH;
            const REAL *bias = w + (offset + inputs * outputs + o) * WIDTH;
            for (int i = 0; i < WIDTH; i++) z[i] = bias[i];
            for (size_t k = 0; k < inputs; k++) {
                const REAL *in = a + (below + k) * WIDTH, *weight = w + (offset + k * outputs + o) * WIDTH;
                for (int i = 0; i < WIDTH; i++) z[i] += in[i] * weight[i];
            }
            ACTIVATE(net->activation[l], z);
        }
        offset += (inputs + 1) * outputs;
        below = above;
    }
    for (size_t o = 0; o < (size_t)net->sizes[net->layers]; o++) {
        for (int i = 0; i < WIDTH; i++)
            d[(below + o) * WIDTH + (size_t)i] = a[(below + o) * WIDTH + (size_t)i] - target[o];
        DERIVE(net->activation[net->layers - 1], a + (below + o) * WIDTH, d + (below + o) * WIDTH);
    }
    for (int l = net->layers - 1; l >= 0; l--) {
        size_t inputs = (size_t)net->sizes[l], outputs = (size_t)net->sizes[l + 1], above = below;
        offset -= (inputs + 1) * outputs;
        below = above - inputs;
        for (size_t o = 0; o < outputs; o++) {
            const REAL *delta = d + (above + o) * WIDTH;
            REAL *bias = gradient + (offset + inputs * outputs + o) * WIDTH;
            for (int i = 0; i < WIDTH; i++) bias[i] += delta[i];
        }
        for (size_t k = 0; k < inputs; k++) {
            REAL *back = d + (below + k) * WIDTH;
            const REAL *in = a + (below + k) * WIDTH;
            for (int i = 0; i < WIDTH; i++) back[i] = 0;
            for (size_t o = 0; o < outputs; o++) {
                const REAL *delta = d + (above + o) * WIDTH, *weight = w + (offset + k * outputs + o) * WIDTH;
                REAL *g = gradient + (offset + k * outputs + o) * WIDTH;
                for (int i = 0; i < WIDTH; i++) g[i] += in[i] * delta[i];
                if (l > 0)
                    for (int i = 0; i < WIDTH; i++) back[i] += weight[i] * delta[i];
            }
            if (l > 0) DERIVE(net->activation[l - 1], in, back);
        }
    }
}

/* One update of w [parameters][WIDTH]. room: gradient, a, d, then the data set in REAL. */
static inline void STEP(const struct lyap_network *net, const struct lyap_dataset *data, const REAL *x, const REAL *y,
                        REAL *w, REAL step, REAL *room) {
    size_t parameters = lyap_network_parameters(net), units = 0;
    for (int l = 0; l <= net->layers; l++) units += (size_t)net->sizes[l];
    REAL *gradient = room, *a = gradient + parameters * WIDTH, *d = a + units * WIDTH;
    for (size_t p = 0; p < parameters * WIDTH; p++) gradient[p] = 0;
    for (size_t s = 0; s < data->samples; s++) {
        for (size_t k = 0; k < data->inputs; k++)
            for (int i = 0; i < WIDTH; i++) a[k * WIDTH + (size_t)i] = x[s * data->inputs + k];
        SAMPLE(net, w, y + s * data->outputs, a, d, gradient);
    }
    for (size_t p = 0; p < parameters * WIDTH; p++) w[p] -= step * gradient[p];
}

void TRAIN(const struct bench_training *training, REAL *w, REAL *distance, REAL *room) {
    const struct lyap_network *net = training->net;
    const struct lyap_dataset *data = training->data;
    const size_t trajectories = training->trajectories, epochs = training->epochs;
    size_t parameters = lyap_network_parameters(net), inputs = data->samples * data->inputs;
    size_t outputs = data->samples * data->outputs;
    REAL step = (REAL)(training->lr * 2 / (double)outputs);
    REAL *x = room, *y = x + inputs, *own = y + outputs, *work = own + trajectories * parameters * WIDTH;
    for (size_t i = 0; i < inputs; i++) x[i] = (REAL)data->x[i];
    for (size_t i = 0; i < outputs; i++) y[i] = (REAL)data->y[i];
    for (size_t cell = 0; cell < BENCH_LANES; cell += WIDTH) {
        for (size_t p = 0; p < trajectories * parameters; p++)
            for (size_t i = 0; i < WIDTH; i++) own[p * WIDTH + i] = w[p * BENCH_LANES + cell + i];
        for (size_t t = 0; t < epochs; t++) {
            REAL sum[WIDTH] = {0};
            for (size_t k = 0; k < trajectories; k++) {
                REAL *wk = own + k * parameters * WIDTH, squares[WIDTH] = {0};
                STEP(net, data, x, y, wk, step, work);
                if (k == 0) continue;
                for (size_t p = 0; p < parameters; p++)
                    for (size_t i = 0; i < WIDTH; i++) {
                        REAL off = wk[p * WIDTH + i] - own[p * WIDTH + i];
                        squares[i] += off * off;
                    }
                for (size_t i = 0; i < WIDTH; i++) sum[i] += SQRT(squares[i]);
            }
            for (size_t i = 0; i < WIDTH; i++) distance[t * BENCH_LANES + cell + i] = sum[i] / (REAL)(trajectories - 1);
        }
        for (size_t p = 0; p < trajectories * parameters; p++)
            for (size_t i = 0; i < WIDTH; i++) w[p * BENCH_LANES + cell + i] = own[p * WIDTH + i];
    }
}

#undef ACTIVATE
#undef DERIVE
#undef SAMPLE
#undef STEP
#undef TRAIN
#undef WIDTH
