#include "results/map_table.h"
#include "results/regime_column.h"
#include "lyapgrad/map.h"
#include "lyapgrad/regime.h"

#include <math.h>

typedef struct lyap_map_pixel pixel;
static bool measured(const pixel *p) {
    return isfinite(p->initial_loss) && isfinite(p->final_loss);
}
LYAP_COLUMN(column, pixel, lyap_count_value(r->column))
LYAP_COLUMN(line, pixel, lyap_count_value(r->row))
LYAP_COLUMN(x, pixel, lyap_any_value(r->x))
LYAP_COLUMN(y, pixel, lyap_any_value(r->y))
LYAP_COLUMN(lambda, pixel, lyap_value_if(r->defined, r->lambda))
LYAP_COLUMN(regime, pixel, lyap_word_value(lyap_regime_name(r->regime)))
LYAP_COLUMN(initial_loss, pixel, lyap_value_if(measured(r), r->initial_loss))
LYAP_COLUMN(final_loss, pixel, lyap_value_if(measured(r), r->final_loss))
LYAP_COLUMN(steps_to_target, pixel, lyap_index_value(r->steps_to_target))
LYAP_COLUMN(period, pixel, r->period ? lyap_count_value(r->period) : lyap_no_value())

static const struct lyap_column pixel_columns[] = {
    {"column", NULL, "of the picture, from the left, from 0", LYAP_COLUMN_COUNT, column, NULL},
    {"row", NULL, "of the picture, from the low end of y, from 0", LYAP_COLUMN_COUNT, line, NULL},
    {"x", NULL, "value of the quantity on the x axis", LYAP_COLUMN_REAL, x, NULL},
    {"y", NULL, "value of the quantity on the y axis", LYAP_COLUMN_REAL, y, NULL},
    {"lambda", "nats per step", "largest exponent in tangent space", LYAP_COLUMN_REAL, lambda, NULL},
    {"regime", NULL, LYAP_REGIME_MEANING, LYAP_COLUMN_WORD, regime, NULL},
    {"initial_loss", NULL, "loss before the first update", LYAP_COLUMN_REAL, initial_loss, NULL},
    {"final_loss", NULL, "last loss that was measured", LYAP_COLUMN_REAL, final_loss, NULL},
    {"steps_to_target", "steps", "before the loss was at or below --target", LYAP_COLUMN_COUNT, steps_to_target, NULL},
    {"period", "steps", "of the cycle that the state is in at the end; 1: it stays", LYAP_COLUMN_COUNT, period, NULL},
};
const struct lyap_schema lyap_map_schema = {"map.csv", "a pixel", {LYAP_GROUP(pixel_columns)}};

LYAP_COLUMN(size, struct lyap_box_row, lyap_count_value(r->size))
LYAP_COLUMN(boxes, struct lyap_box_row, lyap_count_value(r->boxes))
LYAP_COLUMN(fitted, struct lyap_box_row, lyap_count_value(r->fitted))

static const struct lyap_column box_columns[] = {
    {"size", "pixels", "edge of a box", LYAP_COLUMN_COUNT, size, NULL},
    {"boxes", NULL, "boxes that hold boundary between converged pixels and others", LYAP_COLUMN_COUNT, boxes, NULL},
    {"fitted", NULL, "1: the dimension was fitted to this size", LYAP_COLUMN_COUNT, fitted, NULL},
};
const struct lyap_schema lyap_boxes_schema = {"boxes.csv", "a size of box", {LYAP_GROUP(box_columns)}};
