/* A large network of two tanh layers by matrix products, `nets` networks side by side: set REAL, GEMM, SQRT and the names
 * COLUMNS, LARGE_STEP, LARGE_DISTANCE, LARGE, PLACE, ONE and PLACE_ONE before including (bench/blas_body.h).
 *
 * The weights of a group of nets lie as w1 [inputs][nets * hidden], b1 [nets * hidden], then for each net w2
 * [hidden][outputs], b2 [outputs]: a network alone is a group of one. */

/* bias[c] -= step * sum_s d[s][c]. */
static void COLUMNS(const REAL *d, REAL *bias, size_t samples, size_t columns, REAL step, REAL *sum) {
    memset(sum, 0, columns * sizeof *sum);
    for (size_t s = 0; s < samples; s++)
        for (size_t c = 0; c < columns; c++) sum[c] += d[s * columns + c];
    for (size_t c = 0; c < columns; c++) bias[c] -= step * sum[c];
}

/* Data, and scratch: a and d [samples][nets * hidden], z and e [samples][outputs], with room for SLEEF's steps of 128 numbers
 * behind a and z. */
struct ARRAYS {
    const REAL *x, *y;
    REAL *a, *d, *z, *e;
};

/* One update of a group of nets, whose weights are w. */
static void LARGE_STEP(const struct bench_training *training, const struct lyap_kernels *sleef, size_t nets,
                       const struct ARRAYS *arrays, REAL *w, REAL step) {
    const struct lyap_network *net = training->net;
    const size_t samples = training->data->samples;
    const REAL *x = arrays->x, *y = arrays->y;
    REAL *a = arrays->a, *d = arrays->d, *z = arrays->z, *e = arrays->e;
    size_t inputs = (size_t)net->sizes[0], hidden = (size_t)net->sizes[1], outputs = (size_t)net->sizes[2];
    size_t wide = nets * hidden, terms = samples * outputs;
    int rows = (int)samples, in = (int)inputs, mid = (int)hidden, out = (int)outputs, all = (int)wide;
    REAL *b1 = w + inputs * wide, *w2 = b1 + wide;
    for (size_t s = 0; s < samples; s++) memcpy(a + s * wide, b1, wide * sizeof *a);
    GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, all, in, 1, x, in, w, all, 1, a, all);
    sleef->throughput(LYAP_LOOP_TANH, a, a, (samples * wide + 127) / 128 * 128);
    for (size_t n = 0; n < nets; n++, w2 += (hidden + 1) * outputs) {
        REAL *b2 = w2 + hidden * outputs;
        const REAL *own = a + n * hidden;
        for (size_t s = 0; s < samples; s++) memcpy(z + s * outputs, b2, outputs * sizeof *z);
        GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, out, mid, 1, own, all, w2, out, 1, z, out);
        sleef->throughput(LYAP_LOOP_TANH, z, z, (terms + 127) / 128 * 128);
        for (size_t i = 0; i < terms; i++) e[i] = (z[i] - y[i]) * (1 - z[i] * z[i]);
        GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, rows, mid, out, 1, e, out, w2, out, 0, d + n * hidden, all);
        GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, mid, out, rows, -step, own, all, e, out, 1, w2, out);
        COLUMNS(e, b2, samples, outputs, step, z);
    }
    for (size_t i = 0; i < samples * wide; i++) d[i] *= 1 - a[i] * a[i];
    GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, in, all, rows, -step, x, in, d, all, 1, w, all);
    COLUMNS(d, b1, samples, wide, step, a);
}

/* distance[n] += |w - parent| of each net of the group. */
static void LARGE_DISTANCE(const struct lyap_network *net, size_t nets, const REAL *w, const REAL *parent,
                           REAL *distance) {
    enum { SUMS = 32 };
    size_t rows = (size_t)net->sizes[0] + 1, hidden = (size_t)net->sizes[1], wide = nets * hidden;
    size_t second = (hidden + 1) * (size_t)net->sizes[2];
    for (size_t n = 0; n < nets; n++) {
        REAL sum[SUMS] = {0}, squares = 0;
        for (size_t r = 0; r <= rows; r++) {
            /* The last round: the second layer. */
            size_t from = r < rows ? r * wide + n * hidden : rows * wide + n * second, i = 0;
            size_t count = r < rows ? hidden : second;
            for (; i + SUMS <= count; i += SUMS)
                for (size_t j = 0; j < SUMS; j++) {
                    REAL off = w[from + i + j] - parent[from + i + j];
                    sum[j] += off * off;
                }
            for (; i < count; i++) squares += (w[from + i] - parent[from + i]) * (w[from + i] - parent[from + i]);
        }
        for (size_t j = 0; j < SUMS; j++) squares += sum[j];
        distance[n] += SQRT(squares);
    }
}

/* room: weights at the start and in training, [groups][trajectories][nets * parameters] each, then x, y, a, d, z, e. */
void PLACE(const struct lyap_network *net, const struct lyap_dataset *data, bool stacked, const REAL *w,
           size_t trajectories, REAL *room) {
    size_t parameters = lyap_network_parameters(net), first = (data->inputs + 1) * (size_t)net->sizes[1];
    size_t nets = stacked ? BENCH_LANES : 1, hidden = (size_t)net->sizes[1];
    for (size_t t = 0; t < trajectories; t++)
        for (size_t p = 0; p < parameters; p++)
            for (size_t cell = 0; cell < BENCH_LANES; cell++) {
                size_t group = cell / nets, n = cell % nets;
                size_t at = p < first ? (p / hidden * nets + n) * hidden + p % hidden
                                      : nets * first + n * (parameters - first) + p - first;
                room[(group * trajectories + t) * nets * parameters + at] =
                    w[(t * parameters + p) * BENCH_LANES + cell];
            }
    REAL *x = room + 2 * trajectories * parameters * BENCH_LANES, *y = x + data->samples * data->inputs;
    for (size_t i = 0; i < data->samples * data->inputs; i++) x[i] = (REAL)data->x[i];
    for (size_t i = 0; i < data->samples * data->outputs; i++) y[i] = (REAL)data->y[i];
}

void LARGE(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked, REAL *distance,
           REAL *room) {
    const struct lyap_network *net = training->net;
    const struct lyap_dataset *data = training->data;
    const size_t trajectories = training->trajectories, epochs = training->epochs;
    size_t parameters = lyap_network_parameters(net), nets = stacked ? BENCH_LANES : 1;
    size_t all = trajectories * parameters * BENCH_LANES, terms = data->samples * data->outputs;
    size_t wide = data->samples * (size_t)net->sizes[1] * BENCH_LANES;
    REAL step = (REAL)(training->lr * 2 / (double)terms);
    REAL *w = room + all, *x = w + all, *y = x + data->samples * data->inputs, *d = y + terms, *e = d + wide;
    /* SLEEF's loop wants its arrays aligned; what is written behind z and a is before or behind all others. */
    REAL *a = room + (size_t)(e + terms - room + 63) / 64 * 64, *z = a + wide;
    const struct ARRAYS arrays = {x, y, a, d, z, e};
    memcpy(w, room, all * sizeof *w);
    for (size_t group = 0; group < BENCH_LANES / nets; group++)
        for (size_t i = 0; i < epochs; i++) {
            REAL *to = distance + i * BENCH_LANES + group * nets;
            const REAL *parent = w + group * trajectories * nets * parameters;
            memset(to, 0, nets * sizeof *to);
            for (size_t t = 0; t < trajectories; t++) {
                REAL *own = w + (group * trajectories + t) * nets * parameters;
                LARGE_STEP(training, sleef, nets, &arrays, own, step);
                if (t > 0) LARGE_DISTANCE(net, nets, own, parent, to);
            }
            for (size_t n = 0; n < nets; n++) to[n] /= (REAL)(trajectories - 1);
        }
}

/* Where parameter p of network t lies among `nets` side by side. */
static size_t PLACE_OF(const struct lyap_network *net, size_t nets, size_t t, size_t p) {
    size_t hidden = (size_t)net->sizes[1], first = ((size_t)net->sizes[0] + 1) * hidden;
    if (p < first) return (p / hidden * nets + t) * hidden + p % hidden;
    return nets * first + t * (lyap_network_parameters(net) - first) + p - first;
}

/* The mean of |w - parent| over the networks beside the parent, which is the first of them. */
static REAL SIDE_DISTANCE(const struct lyap_network *net, size_t nets, const REAL *w) {
    size_t rows = (size_t)net->sizes[0] + 1, hidden = (size_t)net->sizes[1], wide = nets * hidden;
    size_t second = (hidden + 1) * (size_t)net->sizes[2];
    REAL mean = 0;
    for (size_t t = 1; t < nets; t++) {
        enum { SUMS = 32 };
        REAL sum[SUMS] = {0}, squares = 0;
        for (size_t r = 0; r <= rows; r++) {
            size_t at = r * wide, count = r < rows ? hidden : second, i = 0;
            const REAL *parent = w + at, *own = parent + t * count;
            for (; i + SUMS <= count; i += SUMS)
                for (size_t j = 0; j < SUMS; j++) sum[j] += (own[i + j] - parent[i + j]) * (own[i + j] - parent[i + j]);
            for (; i < count; i++) squares += (own[i] - parent[i]) * (own[i] - parent[i]);
        }
        for (size_t j = 0; j < SUMS; j++) squares += sum[j];
        mean += SQRT(squares);
    }
    return mean / (REAL)(nets - 1);
}

/* In `room`: scratch as ARRAYS has it for `nets` networks, the data, the weights. */
static struct ARRAYS ARRAYS_ONE(const struct bench_training *training, size_t nets, REAL *room, REAL **w) {
    const struct lyap_dataset *data = training->data;
    size_t wide = bench_blas_padded(data->samples * nets * (size_t)training->net->sizes[1]);
    size_t tall = bench_blas_padded(data->samples * data->outputs);
    REAL *a = room, *z = a + wide, *d = z + tall, *e = d + wide, *x = e + tall, *y = x + data->samples * data->inputs;
    *w = y + data->samples * data->outputs;
    return (struct ARRAYS){x, y, a, d, z, e};
}

void ONE(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked, const REAL *start,
         REAL *parent, REAL *distance, REAL *room) {
    const struct lyap_network *net = training->net;
    size_t parameters = lyap_network_parameters(net), trajectories = training->trajectories;
    size_t nets = stacked ? trajectories : 1;
    REAL *w, step = (REAL)(training->lr * 2 / (double)(training->data->samples * training->data->outputs));
    const struct ARRAYS arrays = ARRAYS_ONE(training, nets, room, &w);
    for (size_t i = 0; i < trajectories * parameters; i++)
        w[stacked ? PLACE_OF(net, nets, i / parameters, i % parameters) : i] = start[i];
    for (size_t i = 0; i < training->epochs; i++) {
        REAL sum = 0;
        for (size_t t = 0; t < trajectories / nets; t++) {
            LARGE_STEP(training, sleef, nets, &arrays, w + t * parameters, step);
            if (t > 0) LARGE_DISTANCE(net, 1, w + t * parameters, w, &sum);
        }
        distance[i] = stacked ? SIDE_DISTANCE(net, nets, w) : sum / (REAL)(trajectories - 1);
    }
    for (size_t p = 0; p < parameters; p++) parent[p] = w[stacked ? PLACE_OF(net, nets, 0, p) : p];
}

void PLACE_ONE(const struct bench_training *training, bool stacked, REAL *room) {
    const struct lyap_dataset *data = training->data;
    REAL *w;
    const struct ARRAYS arrays = ARRAYS_ONE(training, stacked ? training->trajectories : 1, room, &w);
    REAL *x = room + (arrays.x - room), *y = room + (arrays.y - room);
    for (size_t i = 0; i < data->samples * data->inputs; i++) x[i] = (REAL)data->x[i];
    for (size_t i = 0; i < data->samples * data->outputs; i++) y[i] = (REAL)data->y[i];
}
