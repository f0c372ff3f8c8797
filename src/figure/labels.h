/* What is written around a panel: its legend, the labels of reference lines, names along an axis. What is put with a NULL file is only
 * measured. */
#ifndef LYAP_FIGURE_LABELS_H
#define LYAP_FIGURE_LABELS_H

#include <stdio.h>

#include "figure/marks.h"

enum { LYAP_FONT = 12, LYAP_LINE = 15 }; /* size and line height, pixels */

/* The legend in lines below a panel, from `top`. Returns its height. */
double lyap_legend_put(FILE *file, const struct lyap_panel *panel, double left, double top, double width);

/* Whether reference line k lies within the axes. */
bool lyap_line_is_drawn(const struct lyap_frame *f, size_t k);

/* Labels of horizontal lines are to the right of the panel, in the width that the first gives. `cell` is the width of the panel with all
 * that is around it. */
double lyap_side_width(const struct lyap_frame *f, double cell);
void lyap_side_put(FILE *file, const struct lyap_frame *f, double cell);

/* Labels of vertical lines are above the panel, in as many rows as they need before `right`. Returns their height. */
double lyap_top_put(FILE *file, const struct lyap_frame *f, double right);

/* Names in place of numbers (struct lyap_names): those of y wrapped at `most` pixels, headings from `left`; those of x between their
 * neighbours. The room that they take; 0 without names. */
double lyap_names_width(const struct lyap_frame *f, double most);
double lyap_names_height(const struct lyap_frame *f);
void lyap_names_put(FILE *file, const struct lyap_frame *f, double left, double most);

#endif
