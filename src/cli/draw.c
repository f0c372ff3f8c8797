/* Drawing a command's picture where gnuplot is found. */
#include "cli/draw.h"

#include <stdlib.h>

#include "cli/cli.h"
#include "figure/gnuplot.h"

static bool draw_progress(uint64_t done, uint64_t total, void *context) {
    (void)done;
    (void)total;
    (void)context;
    return !cli_interrupted();
}

enum lyap_status cli_draw(const char *directory, const char *name, bool quiet, struct lyap_error *error) {
    char *gnuplot = lyap_gnuplot_find();
    if (!gnuplot) {
        if (!quiet)
            fprintf(stderr,
                    "lyapgrad: gnuplot is not installed: the data and %s.gp are in %s; install it and run 'gnuplot "
                    "%s.gp' there to draw\n",
                    name, directory, name);
        return LYAP_OK;
    }
    struct lyap_drawing drawing = {.gnuplot = gnuplot,
                                   .directory = directory,
                                   .names = &name,
                                   .count = 1,
                                   .jobs = 1,
                                   .progress = draw_progress,
                                   .watch = cli_output_watch()};
    enum lyap_status status = lyap_draw(&drawing, error);
    free(gnuplot);
    if (status != LYAP_ERROR_INTERRUPTED) return status;
    return lyap_fail(error, status,
                     "interrupted while drawing; the tables in %.200s are complete, and 'gnuplot %.60s.gp' there draws "
                     "them",
                     directory, name);
}
