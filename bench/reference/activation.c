#include "bench/reference/activation.h"

#include <math.h>

static void set(double f[3], double value, double first, double second) {
    f[0] = value;
    f[1] = first;
    f[2] = second;
}

void lyap_reference_activation(enum lyap_activation activation, double z, double f[3]) {
    const double pi = 3.14159265358979323846;
    double s = 1 / (1 + exp(-z)), t = tanh(z), area, density;
    switch (activation) {
    case LYAP_SIGMOID:
        set(f, s, s * (1 - s), s * (1 - s) * (1 - 2 * s));
        break;
    case LYAP_TANH:
        set(f, t, 1 - t * t, -2 * t * (1 - t * t));
        break;
    case LYAP_RELU:
        set(f, z > 0 ? z : 0, z > 0 ? 1 : 0, 0);
        break;
    case LYAP_LEAKY_RELU:
        set(f, z > 0 ? z : 0.01 * z, z > 0 ? 1 : 0.01, 0);
        break;
    case LYAP_ELU:
        set(f, z > 0 ? z : expm1(z), z > 0 ? 1 : exp(z), z > 0 ? 0 : exp(z));
        break;
    case LYAP_SOFTPLUS:
        set(f, z > 0 ? z + log1p(exp(-z)) : log1p(exp(z)), s, s * (1 - s));
        break;
    case LYAP_GELU:
        area = 0.5 * erfc(-z / sqrt(2));
        density = exp(-z * z / 2) / sqrt(2 * pi);
        set(f, z * area, area + z * density, density * (2 - z * z));
        break;
    case LYAP_SILU:
        set(f, z * s, s + z * s * (1 - s), s * (1 - s) * (2 + z * (1 - 2 * s)));
        break;
    case LYAP_SIN:
        set(f, sin(z), cos(z), -sin(z));
        break;
    default:
        set(f, z, 1, 0);
    }
}

double lyap_reference_softmax(const double *z, double *p, size_t n) {
    double most = z[0];
    for (size_t o = 1; o < n; o++) most = fmax(most, z[o]);
    double sum = exp(z[0] - most);
    for (size_t o = 1; o < n; o++) sum += exp(z[o] - most);
    for (size_t o = 0; o < n; o++) p[o] = exp(z[o] - most) / sum;
    return most + log(sum);
}
