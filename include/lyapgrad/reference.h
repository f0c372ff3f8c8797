/* The independent reference: one network, plain loops, double precision, the C library's transcendentals. It shares no
 * code with the vector kernels, is written for reading, and is what everything else is checked against to tolerance. */
#ifndef LYAPGRAD_REFERENCE_H
#define LYAPGRAD_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/dataset.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Loss of weights w[parameters] on the data set; NaN when out of memory. */
double lyap_reference_loss(const struct lyap_network *net, const struct lyap_dataset *data, const double *w);

/* Gradient of that loss to gradient[parameters]; returns the loss, NaN when out of memory. */
double lyap_reference_gradient(const struct lyap_network *net, const struct lyap_dataset *data, const double *w,
                               double *gradient);

/* Trains `trajectories` networks in lock-step by plain gradient descent.
 *   w          [trajectories][parameters], start values in, final values out; trajectory 0 is the parent
 *   lr         learning rate
 *   distance   [epochs], receives the mean over the trajectories-1 neighbours after each update
 *   loss       [epochs], receives the parent's loss before each update
 * Returns LYAP_ERROR_MEMORY. No freezing: overflowing values come out as they are. */
enum lyap_status lyap_reference_run(const struct lyap_network *net, const struct lyap_dataset *data, double *w,
                                    size_t trajectories, double lr, size_t epochs, double *distance, double *loss,
                                    struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
