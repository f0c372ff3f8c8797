/* Charts as SVG text: panels of points, lines, bands, bars and pixels with axes, ticks, units and a legend. Written here and not by
 * gnuplot, so that the same numbers give the same bytes on any machine and a report needs nothing that is not installed. Colours
 * are those of plots/style.gp (M. Okabe, K. Ito, "Color universal design"). */
#ifndef LYAP_FIGURE_CHART_H
#define LYAP_FIGURE_CHART_H

#include <stdbool.h>
#include <stdio.h>

#include "figure/panel.h"

/* Writes the chart as one <svg> element, with a title for screen readers, no scripts, no outside references, and at most 3 decimals
 * in every coordinate. Points that coincide on the grid of half pixels are written once, so a chart of 100,000 points stays small.
 * False when out of memory: then points are missing. */
bool lyap_chart_write(FILE *file, const struct lyap_chart *chart, const char *title);

/* The number of lines of about 15 pixels that a name along y takes in a chart of one column. */
size_t lyap_chart_name_lines(const char *name);

#endif
