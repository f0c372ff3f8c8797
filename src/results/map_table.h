/* The tables of a map: map.csv and boxes.csv. */
#ifndef LYAP_RESULTS_MAP_TABLE_H
#define LYAP_RESULTS_MAP_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "io/schema.h"

/* map.csv: rows are struct lyap_map_pixel. boxes.csv: rows are struct lyap_box_row. Every column is there once. */
extern const struct lyap_schema lyap_map_schema, lyap_boxes_schema;

struct lyap_box_row {
    size_t size;  /* edge of a box in pixels */
    size_t boxes; /* of that size that hold boundary */
    bool fitted;  /* the dimension was fitted to this size */
};

#endif
