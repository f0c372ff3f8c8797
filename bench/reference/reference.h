/* The independent reference: one network, plain loops, double precision, the C library's transcendentals. It shares no
 * code with the vector kernels, is written for reading, and is what everything else is checked against to tolerance. A network
 * or optimiser that lyap_network_check or lyap_optimiser_check refuses is LYAP_ERROR_ARGUMENT, or NaN. */
#ifndef LYAP_REFERENCE_H
#define LYAP_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/dataset.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/status.h"

/* Loss of weights w[parameters] on the data set; NaN when out of memory. */
double lyap_reference_loss(const struct lyap_network *net, const struct lyap_dataset *data, const double *w);

/* Gradient of that loss to gradient[parameters]; returns the loss, NaN when out of memory. */
double lyap_reference_gradient(const struct lyap_network *net, const struct lyap_dataset *data, const double *w,
                               double *gradient);

/* A training run: what is trained on what, and how long. */
struct lyap_reference_training {
    const struct lyap_network *net;
    const struct lyap_dataset *data;
    const struct lyap_optimiser
        *optimiser; /* of lyap_reference_train and lyap_reference_tangent; the others are plain gradient descent */
    double lr;      /* learning rate */
    size_t steps;   /* gradient-descent steps */
};

/* Trains `trajectories` networks in lock-step by plain gradient descent.
 *   w          [trajectories][parameters], start values in, final values out; trajectory 0 is the parent
 *   distance   [steps], receives the mean over the trajectories-1 neighbours after each update
 *   loss       [steps], receives the parent's loss before each update
 * Returns LYAP_ERROR_MEMORY. No freezing: overflowing values come out as they are. */
enum lyap_status lyap_reference_run(const struct lyap_reference_training *of, double *w, size_t trajectories,
                                    double *distance, double *loss, struct lyap_error *error);

/* Hessian of the mean loss times v: product[parameters] = H(w) v, by Pearlmutter's R-operator (Neural Computation 6, 147
 * (1994)). ReLU's second derivative is 0. Returns LYAP_ERROR_MEMORY. */
enum lyap_status lyap_reference_hessian(const struct lyap_network *net, const struct lyap_dataset *data,
                                        const double *w, const double *v, double *product, struct lyap_error *error);

/* Lyapunov exponents of gradient descent from w, by re-orthonormalising after every step.
 *   w        [parameters], start in, end out
 *   v        [vectors][parameters], starting directions in (orthonormalised first), last ones out
 *   lambda   [vectors], nats per step
 *   log_det  mean over the steps of ln|det(I - lr H)|, the sum of all exponents; NULL: not computed
 * Returns LYAP_ERROR_MEMORY. */
enum lyap_status lyap_reference_spectrum(const struct lyap_reference_training *of, double *w, double *v, size_t vectors,
                                         double *lambda, double *log_det, struct lyap_error *error);

/* The largest exponent by two trajectories (G. Benettin, L. Galgani, J.-M. Strelcyn, Phys. Rev. A 14, 2338 (1976)): whenever
 * their distance leaves [initial / band, initial * band], the second is pulled back to the initial distance on the line
 * between them; the growth over every stretch counts, the unfinished last one too.
 *   w        [2][parameters], the two starts in, ends out; their distance is the initial one
 *   band     > 1
 *   lambda   nats per step
 * Returns LYAP_ERROR_MEMORY. */
enum lyap_status lyap_reference_rescaled(const struct lyap_reference_training *of, double *w, double band,
                                         double *lambda, struct lyap_error *error);

/* Trains like lyap_reference_run with any optimiser, its schedule and mini-batches.
 *   state   [trajectories][parameters * (1 + buffers)], [w | m | s] each, start values in, final values out
 * Returns LYAP_ERROR_MEMORY. */
enum lyap_status lyap_reference_train(const struct lyap_reference_training *of, double *state, size_t trajectories,
                                      double *distance, double *loss, struct lyap_error *error);

/* Largest exponent of an optimiser in tangent space, renormalised after every step.
 *   state    [parameters * (1 + buffers)], start in, end out
 *   v        likewise, the starting direction in (its length is of no importance), the last one out
 *   lambda   nats per step; lengths are over the weights, or with optimiser->full_state over everything
 * Returns LYAP_ERROR_MEMORY. */
enum lyap_status lyap_reference_tangent(const struct lyap_reference_training *of, double *state, double *v,
                                        double *lambda, struct lyap_error *error);

#endif
