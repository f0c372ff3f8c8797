/* The least time that a step of gradient descent takes on one small network, whatever the lanes hold: its operations wait for each
 * other, and the next step waits for its weights. */
#ifndef BENCH_SINGLE_CHAIN_H
#define BENCH_SINGLE_CHAIN_H

#include <stddef.h>

#include "lyapgrad/network.h"
#include "simd/kernels.h"

/* Operations one after the other. */
struct bench_chain {
    double fma, mul, add, relu, gate, tanh;
};

/* The longest chain of a full-batch step with the mean squared error, from the weights of the first layer to those after the update
 * (linear, tanh and ReLU). Each sum is in its order: a unit's over its inputs, a delta's over the units above, a gradient's over
 * the samples.
 *
 *   forward, each layer     `inputs` multiply-adds and the activation
 *   delta of the output     a difference, or with tanh the longer 1 - a a, and the product with f'
 *   delta of each layer below   a product and outputs - 1 multiply-adds over the layer above, and f'
 *   gradient, first layer   a product and samples - 1 multiply-adds; the update's multiply-add
 */
struct bench_chain bench_chain_of(const struct lyap_network *net, size_t samples);

/* ns of each operation, from when its operand is there until its result is. */
struct bench_latency {
    double fma, mul, add, relu, gate, tanh;
};

/* Measured: fma, mul and add as chains in a register; the others as their kernel's pass over 16 values, again and again in place, less
 * that of a sum, whose latency is known. */
struct bench_latency bench_latency_measure(const struct lyap_kernels *kernels);

double bench_chain_ns(const struct bench_chain *chain, const struct bench_latency *latency);

#endif
