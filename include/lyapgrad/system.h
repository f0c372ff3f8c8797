/* Known maps and flows behind the same estimators as the networks: each cell is one orbit, stepped lane by lane.
 *
 * `parameter` is the setting's lr, so that a sweep over lr is a sweep over it; `constants` are lyap_spectrum_plan's.
 *
 *   name        map                                          parameter  constants        default start box
 *   logistic    x <- r x (1 - x)                             r          -                (0.1, 0.9)
 *   tent        x <- mu min(x, 1 - x)                        mu         -                (0.1, 0.9)
 *   henon       x <- 1 - a x^2 + y, y <- b x                 a          b                (-0.1, 0.1)^2
 *   standard    p <- p + K sin(theta), theta <- theta + p    K          -                (0.1, 0.9)^2
 *               (both kept as multiples of pi in [-1, 1])
 *   lorenz      one RK4 step of x' = s (y - x), y' = x (r - z) - y, z' = x y - b z
 *                                                            time step  s, r, b          (0.1, 1)^3
 *   quadratic   GD on w'Hw/2, H = Q diag(h) Q,               lr         h_1 .. h_n       (-1, 1)^n
 *               Q = I - (2/n) 1 1' (so that no axis is an eigenvector)
 *   double-well GD on (w^2 - 1)^2/4: w <- w + lr w (1 - w^2) lr         -                (0.1, 0.9)
 *
 * Sources: May, Nature 261, 459 (1976); Henon, Commun. Math. Phys. 50, 69 (1976); Chirikov, Phys. Rep. 52, 263 (1979);
 * Lorenz, J. Atmos. Sci. 20, 130 (1963). */
#ifndef LYAPGRAD_SYSTEM_H
#define LYAPGRAD_SYSTEM_H

#include <stddef.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LYAP_SYSTEM_MOST = 8 }; /* dimensions and constants of a known system */

enum lyap_system {
    LYAP_SYSTEM_NETWORK, /* gradient descent on a network's weights: no known system */
    LYAP_SYSTEM_LOGISTIC,
    LYAP_SYSTEM_TENT,
    LYAP_SYSTEM_HENON,
    LYAP_SYSTEM_STANDARD,
    LYAP_SYSTEM_LORENZ,
    LYAP_SYSTEM_QUADRATIC,
    LYAP_SYSTEM_DOUBLE_WELL,
    LYAP_SYSTEM_COUNT
};

/* The name in the table above; "network" for LYAP_SYSTEM_NETWORK. */
const char *lyap_system_name(enum lyap_system system);

/* Dimension of a known system's state; `constants` = the number of constants given (it sets a quadratic's dimension).
 * 0 for LYAP_SYSTEM_NETWORK and for a number of constants that the system does not take. */
size_t lyap_system_dimension(enum lyap_system system, size_t constants);

/* Ends of the default start box, the same for every component. */
void lyap_system_box(enum lyap_system system, double *low, double *high);

#ifdef __cplusplus
}
#endif
#endif
