/* Activation functions as in a textbook, with the C library's transcendentals. */
#ifndef LYAP_REFERENCE_ACTIVATION_H
#define LYAP_REFERENCE_ACTIVATION_H

#include <stddef.h>

#include "lyapgrad/network.h"

/* f, f' and f'' at z. */
void lyap_reference_activation(enum lyap_activation activation, double z, double f[3]);

/* p = softmax(z) of n units; returns ln(sum_o exp(z_o)). */
double lyap_reference_softmax(const double *z, double *p, size_t n);

#endif
