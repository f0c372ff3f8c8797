/* The gnuplot texts of plots/, embedded. A figure's script is its numbers, as gnuplot assignments, and then the text that draws them: it
 * needs nothing but the data file of the same name beside it. */
#ifndef LYAP_FIGURE_TEMPLATE_H
#define LYAP_FIGURE_TEMPLATE_H

#include <stdio.h>

/* Made by scripts/embed.sh; a NULL name ends the list, a NULL line a text. */
struct lyap_plot {
    const char *name; /* without ".gp" */
    const char *const *lines;
};
extern const struct lyap_plot lyap_plots[];

/* Writes the text of plots/ called `plot`, with the style in the place where it is loaded. */
void lyap_figure_text(FILE *file, const char *plot);

#endif
