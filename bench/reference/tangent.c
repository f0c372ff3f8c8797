/* The independent reference in tangent space: the R-operator one sample after the other, Gram-Schmidt as in a textbook, and
 * the determinant by elimination. It shares no code with the vector kernels. */
#include "bench/reference/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/activation.h"

/* One sample's values and their derivatives along the direction (r...), each [layer][unit]; layer 0 is the input. */
struct sample {
    double *block;
    double *z[LYAP_MAX_LAYERS + 1], *a[LYAP_MAX_LAYERS + 1], *delta[LYAP_MAX_LAYERS + 1];
    double *rz[LYAP_MAX_LAYERS + 1], *ra[LYAP_MAX_LAYERS + 1], *rdelta[LYAP_MAX_LAYERS + 1];
};

static int sample_open(struct sample *s, const struct lyap_network *net) {
    size_t units = 0;
    for (int l = 0; l <= net->layers; l++) units += (size_t)net->sizes[l];
    s->block = calloc(6 * units, sizeof *s->block);
    if (s->block == NULL) return 0;
    double *next = s->block;
    for (int l = 0; l <= net->layers; l++) {
        s->z[l] = next;
        s->a[l] = next + units;
        s->delta[l] = next + 2 * units;
        s->rz[l] = next + 3 * units;
        s->ra[l] = next + 4 * units;
        s->rdelta[l] = next + 5 * units;
        next += net->sizes[l];
    }
    return 1;
}

static void forward(const struct lyap_network *net, const double *w, const double *v, const double *x,
                    struct sample *s) {
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a network has at least one layer */
    memcpy(s->a[0], x, (size_t)net->sizes[0] * sizeof *x);
    for (int l = 0; l < net->layers; l++) {
        size_t inputs = (size_t)net->sizes[l], outputs = (size_t)net->sizes[l + 1], at = lyap_network_offset(net, l);
        for (size_t o = 0; o < outputs; o++) {
            double z = w[at + inputs * outputs + o], rz = v[at + inputs * outputs + o], f[3];
            for (size_t i = 0; i < inputs; i++) {
                size_t p = at + i * outputs + o;
                z += s->a[l][i] * w[p];
                rz += s->a[l][i] * v[p] + (l > 0 ? s->ra[l][i] * w[p] : 0);
            }
            lyap_reference_activation(net->activation[l], z, f);
            s->z[l + 1][o] = z;
            s->a[l + 1][o] = f[0];
            s->rz[l + 1][o] = rz;
            s->ra[l + 1][o] = f[1] * rz;
        }
    }
}

static void output_deltas(const struct lyap_network *net, const double *target, double scale, struct sample *s) {
    int last = net->layers;
    if (net->loss == LYAP_SOFTMAX) { /* d(loss)/dz = p - y, dp = p (dz - sum p dz) */
        double mean = 0;
        lyap_reference_softmax(s->z[last], s->a[last], (size_t)net->sizes[last]);
        for (int o = 0; o < net->sizes[last]; o++) mean += s->a[last][o] * s->rz[last][o];
        for (int o = 0; o < net->sizes[last]; o++) {
            s->delta[last][o] = scale * (s->a[last][o] - target[o]);
            s->rdelta[last][o] = scale * s->a[last][o] * (s->rz[last][o] - mean);
        }
        return;
    }
    for (int o = 0; o < net->sizes[last]; o++) {
        double f[3], error = s->a[last][o] - target[o];
        lyap_reference_activation(net->activation[last - 1], s->z[last][o], f);
        if (net->loss == LYAP_BCE) { /* d(loss)/dz = a - y */
            s->delta[last][o] = scale * error;
            s->rdelta[last][o] = scale * s->ra[last][o];
        } else {
            s->delta[last][o] = scale * 2 * error * f[1];
            s->rdelta[last][o] = scale * 2 * (s->ra[last][o] * f[1] + error * f[2] * s->rz[last][o]);
        }
    }
}

/* Adds the sample's share to the gradient (if not NULL) and to the product. */
static void backward(const struct lyap_network *net, const double *w, const double *v, struct sample *s,
                     double *gradient, double *product) {
    for (int l = net->layers - 1; l >= 0; l--) {
        size_t inputs = (size_t)net->sizes[l], outputs = (size_t)net->sizes[l + 1], at = lyap_network_offset(net, l);
        const double *delta = s->delta[l + 1], *rdelta = s->rdelta[l + 1];
        for (size_t o = 0; o < outputs; o++) {
            product[at + inputs * outputs + o] += rdelta[o];
            if (gradient) gradient[at + inputs * outputs + o] += delta[o];
        }
        for (size_t i = 0; i < inputs; i++) {
            double back = 0, rback = 0, f[3];
            for (size_t o = 0; o < outputs; o++) {
                size_t p = at + i * outputs + o;
                product[p] += s->a[l][i] * rdelta[o] + (l > 0 ? s->ra[l][i] * delta[o] : 0);
                if (gradient) gradient[p] += s->a[l][i] * delta[o];
                back += w[p] * delta[o];
                rback += w[p] * rdelta[o] + v[p] * delta[o];
            }
            if (l == 0) continue;
            lyap_reference_activation(net->activation[l - 1], s->z[l][i], f);
            s->delta[l][i] = back * f[1];
            s->rdelta[l][i] = rback * f[1] + back * f[2] * s->rz[l][i];
        }
    }
}

static void product_of(const struct lyap_network *net, const struct lyap_dataset *data, const double *w,
                       const double *v, struct sample *s, double *gradient, double *product) {
    size_t parameters = lyap_network_parameters(net);
    double scale = 1 / ((double)data->samples * (net->loss == LYAP_SOFTMAX ? 1 : (double)data->outputs));
    memset(product, 0, parameters * sizeof *product);
    if (gradient) memset(gradient, 0, parameters * sizeof *gradient);
    for (size_t i = 0; i < data->samples; i++) {
        forward(net, w, v, data->x + i * data->inputs, s);
        output_deltas(net, data->y + i * data->outputs, scale, s);
        backward(net, w, v, s, gradient, product);
    }
}

enum lyap_status lyap_reference_hessian(const struct lyap_network *net, const struct lyap_dataset *data,
                                        const double *w, const double *v, double *product, struct lyap_error *error) {
    struct sample s;
    enum lyap_status status = lyap_network_check(net, error);
    if (status) return status;
    if (!sample_open(&s, net)) return lyap_fail(error, LYAP_ERROR_MEMORY, "reference: out of memory");
    product_of(net, data, w, v, &s, NULL, product);
    free(s.block);
    return LYAP_OK;
}

/* Classical textbook form: v_k less its projections on the vectors before, then normalised. Adds ln of the lengths. */
static void gram_schmidt(double *v, size_t vectors, size_t n, double *sums) {
    for (size_t k = 0; k < vectors; k++) {
        double *vk = v + k * n, square = 0;
        for (size_t j = 0; j < k; j++) {
            double dot = 0;
            for (size_t i = 0; i < n; i++) dot += v[j * n + i] * vk[i];
            for (size_t i = 0; i < n; i++) vk[i] -= dot * v[j * n + i];
        }
        for (size_t i = 0; i < n; i++) square += vk[i] * vk[i];
        for (size_t i = 0; i < n; i++) vk[i] /= sqrt(square);
        if (sums) sums[k] += log(sqrt(square));
    }
}

/* ln|det m|, m [n][n] destroyed; elimination with row pivots. */
static double log_determinant(double *m, size_t n) {
    double sum = 0;
    for (size_t c = 0; c < n; c++) {
        size_t pivot = c;
        for (size_t r = c + 1; r < n; r++)
            if (fabs(m[r * n + c]) > fabs(m[pivot * n + c])) pivot = r;
        for (size_t i = 0; i < n; i++) {
            double swap = m[c * n + i];
            m[c * n + i] = m[pivot * n + i];
            m[pivot * n + i] = swap;
        }
        sum += log(fabs(m[c * n + c]));
        for (size_t r = c + 1; r < n; r++) {
            double factor = m[r * n + c] / m[c * n + c];
            for (size_t i = c; i < n; i++) m[r * n + i] -= factor * m[c * n + i];
        }
    }
    return sum;
}

enum lyap_status lyap_reference_spectrum(const struct lyap_reference_training *of, double *w, double *v, size_t vectors,
                                         double *lambda, double *log_det, struct lyap_error *error) {
    const struct lyap_network *net = of->net;
    const struct lyap_dataset *data = of->data;
    const double lr = of->lr;
    const size_t steps = of->steps;
    enum lyap_status status = lyap_network_check(net, error);
    if (status) return status;
    size_t n = lyap_network_parameters(net);
    struct sample s = {0};
    double *work = malloc((3 * n + n * n) * sizeof *work);
    if (work == NULL || !sample_open(&s, net)) {
        free(work);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "reference: out of memory for %zu parameters", n);
    }
    double *gradient = work, *product = work + n, *unit = work + 2 * n, *map = work + 3 * n, determinants = 0;
    memset(lambda, 0, vectors * sizeof *lambda);
    gram_schmidt(v, vectors, n, NULL);
    for (size_t t = 0; t < steps; t++) {
        for (size_t c = 0; log_det && c < n; c++) { /* column c of I - lr H */
            memset(unit, 0, n * sizeof *unit);
            unit[c] = 1;
            product_of(net, data, w, unit, &s, NULL, product);
            for (size_t r = 0; r < n; r++) map[r * n + c] = unit[r] - lr * product[r];
        }
        if (log_det) determinants += log_determinant(map, n);
        memset(gradient, 0, n * sizeof *gradient);
        for (size_t k = 0; k < vectors; k++) {
            product_of(net, data, w, v + k * n, &s, gradient, product);
            for (size_t i = 0; i < n; i++) v[k * n + i] -= lr * product[i];
        }
        for (size_t i = 0; i < n; i++) w[i] -= lr * gradient[i];
        gram_schmidt(v, vectors, n, lambda);
    }
    for (size_t k = 0; k < vectors; k++) lambda[k] /= (double)steps;
    if (log_det) *log_det = determinants / (double)steps;
    free(s.block);
    free(work);
    return LYAP_OK;
}
