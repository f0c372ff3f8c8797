/* The figures as gnuplot scripts: the texts of plots/ with the numbers of a run on top. A script needs nothing but the
 * data file of the same name beside it. */
#ifndef LYAP_FIGURE_H
#define LYAP_FIGURE_H

#include <stdio.h>

#include "paper/run.h"

/* The texts of plots/, embedded by scripts/embed.sh; a NULL name ends the list, a NULL line a text. */
struct lyap_plot {
    const char *name; /* without ".gp" */
    const char *const *lines;
};
extern const struct lyap_plot lyap_plots[];

struct lyap_figure {
    const char *name;  /* of the files <name>.csv, .gp, .png, .svg; the paper's own name for the figure */
    const char *plot;  /* the text of plots/ that draws it */
    const char *shows; /* one line */
    void (*table)(FILE *file, const struct lyap_paper *paper);
    void (*numbers)(FILE *file, const struct lyap_paper *paper); /* gnuplot assignments that the text needs */
};
enum { LYAP_FIGURES = 6 };
extern const struct lyap_figure lyap_figures[LYAP_FIGURES];

/* Writes <name>.gp. */
void lyap_figure_script(FILE *file, const struct lyap_figure *figure, const struct lyap_paper *paper);

/* Writes the text of plots/ called `plot`, with the style in the place where it is loaded. */
void lyap_figure_text(FILE *file, const char *plot);

#endif
