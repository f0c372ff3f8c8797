/* What the map's plan writes of itself. */
#ifndef LYAP_MAP_INTERNAL_H
#define LYAP_MAP_INTERNAL_H

#include <stdio.h>

#include "lyapgrad/map.h"

/* Its window and resolution, lines of the settings and of the manifest. */
void lyap_map_settings(FILE *keys, const struct lyap_map_plan *plan);

#endif
