/* Operations and bytes of each kernel, counted from the algorithm: what any program has to do that computes the same sums.
 * Numbers are per network and step or per draw, and so per lane. */
#ifndef BENCH_COUNT_H
#define BENCH_COUNT_H

#include <stddef.h>

#include "lyapgrad/network.h"

struct bench_count {
    double fma, mul, add; /* multiply-adds; products; sums and differences */
    double relu, gate;    /* max(a, 0); the choice between b and 0 */
    double div, sqrt;
    double exp, log, tanh, sincospi; /* calls of SLEEF's functions; sincospi gives two values */
    double words;                    /* Philox's 32 x 32 -> 64 bit products */
    double bytes;                    /* loads and stores of weights, each number once, with its size in `real_size` */
};

/* Forward pass of `samples` samples, without the loss: a layer of I inputs and O outputs takes samples*I*O multiply-adds and
 * samples*O activations. Reads each weight once. */
struct bench_count bench_count_forward(const struct lyap_network *net, size_t samples, size_t real_size);

/* Back-propagation from activations: samples*O differences at the output; through layer l > 0 samples*I*O products, the
 * first of each sum a plain one; derivatives. Reads the weights and the activations that a derivative needs, writes a
 * number a unit and sample. */
struct bench_count bench_count_backward(const struct lyap_network *net, size_t samples, size_t real_size);

/* Forward pass, back-propagation, and the gradient: I*O sums of `samples` products and O sums of `samples` terms a layer.
 * Reads and writes P numbers. */
struct bench_count bench_count_gradient(const struct lyap_network *net, size_t samples, size_t real_size);

/* Distance of a network, the mean over a parent, which has none, and its neighbours: P differences and multiply-adds, a
 * square root, a sum. Reads the own weights; the parent's stay. */
struct bench_count bench_count_distance(size_t parameters, unsigned neighbours, size_t real_size);

/* One step of a network, the mean over a parent and its neighbours: gradient; P multiply-adds of the update; for the parent
 * the loss (a multiply-add an output, whose difference is that of back-propagation), for a neighbour the distance. Reads
 * the own and the parent's weights, writes the own. */
struct bench_count bench_count_step(const struct lyap_network *net, size_t samples, unsigned neighbours,
                                    size_t real_size);

/* Modified Gram-Schmidt of `vectors` vectors: a squared length, a root, an inverse and a product with it for each, a dot
 * product and an update for each pair, and the comparisons' two products. Bytes are the step's. */
struct bench_count bench_count_orthonormal(size_t dimension, size_t vectors);

/* One step of a parent with tangents: the parent's step; its second derivatives; for each direction a forward and a
 * backward pass of the R-operator, twice the products of the parent's but in the first layer; the share of
 * Gram-Schmidt. The logarithm of the lengths, one a vector and run, is not counted. Reads and writes weights and tangents. */
struct bench_count bench_count_tangent(const struct lyap_network *net, size_t samples, size_t vectors,
                                       unsigned qr_every, size_t real_size);

/* One draw: ten Philox rounds of two products for four 32-bit words, twice for float64; a normal takes half of a logarithm,
 * a square root, and a sincospi, and two products. Writes one number. */
struct bench_count bench_count_draw(int normal, size_t real_size);

/* a + factor * b, field by field. */
struct bench_count bench_count_add(struct bench_count a, double factor, struct bench_count b);

/* Floating-point operations: a multiply-add is two, a division, a root or a call of SLEEF one. */
double bench_count_flops(const struct bench_count *count);

#endif
