/* N: what is compared. */
#include "report/precision/precision.h"

const enum lyap_activation lyap_precision_activation[LYAP_PRECISION_PANELS] = {LYAP_LINEAR, LYAP_SIGMOID, LYAP_TANH,
                                                                               LYAP_RELU};
const double lyap_precision_rate[LYAP_PRECISION_RATES] = {0.001, 0.01};
const double lyap_precision_size[LYAP_PRECISION_SIZES] = {1e-2, 1e-3, 1e-4, 1e-5, 1e-6};
const uint32_t lyap_precision_horizon[LYAP_PRECISION_HORIZONS] = {5, LYAP_PRECISION_EPOCHS};
