/* The precisions in which training can be computed. */
#ifndef LYAPGRAD_PRECISION_H
#define LYAPGRAD_PRECISION_H

#ifdef __cplusplus
extern "C" {
#endif

enum lyap_precision { LYAP_FLOAT32, LYAP_FLOAT64 };

/* "float32", "float64". */
const char *lyap_precision_name(enum lyap_precision precision);

#ifdef __cplusplus
}
#endif

#endif
