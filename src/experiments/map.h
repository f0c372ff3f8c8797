/* What a map's run and its checkpoint share: pixels as the cells of a varied spectrum run. */
#ifndef LYAP_MAP_INTERNAL_H
#define LYAP_MAP_INTERNAL_H

#include "lyapgrad/map.h"

/* LYAP_ERROR_ARGUMENT as for lyap_map_run. */
enum lyap_status lyap_map_check(const struct lyap_map_plan *plan, struct lyap_error *error);

/* The plan of the cells: one start, a value a pixel. What varies from cell to cell is not in it. */
struct lyap_spectrum_plan lyap_map_cells(const struct lyap_map_plan *plan);

/* Runs pixels first .. first+count-1 (count 0: all from `first` on). Statuses as lyap_map_run. */
enum lyap_status lyap_map_spectra(const struct lyap_map_plan *plan, uint64_t first, uint64_t count,
                                  lyap_spectrum_sink sink, void *context, struct lyap_error *error);

/* Between spectra and a map's sink; the context of lyap_map_pass. Zero but for the first three; free `pixels`. */
struct lyap_map_pixels {
    const struct lyap_map_plan *plan;
    lyap_map_sink sink;
    void *context;
    struct lyap_map_pixel *pixels;
    size_t room;
};
enum lyap_status lyap_map_pass(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error);

#endif
