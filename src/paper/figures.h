/* The figures of the paper: data files, and gnuplot scripts with the numbers of a run on top. */
#ifndef LYAP_PAPER_FIGURES_H
#define LYAP_PAPER_FIGURES_H

#include <stdio.h>

#include "paper/run.h"

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

#endif
