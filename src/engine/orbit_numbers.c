#include "lyapgrad/bifurcation.h"

size_t lyap_orbit_numbers(enum lyap_orbit_kind kind, const struct lyap_network *network,
                          const struct lyap_dataset *data) {
    if (kind == LYAP_ORBIT_LOSS) return 1;
    if (kind == LYAP_ORBIT_WEIGHTS) return lyap_network_parameters(network);
    return data->samples * (size_t)network->sizes[network->layers];
}
