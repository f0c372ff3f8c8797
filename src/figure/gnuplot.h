/* Drawing the figures: finding gnuplot and running it on scripts in their directory. */
#ifndef LYAP_FIGURE_GNUPLOT_H
#define LYAP_FIGURE_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/progress.h"
#include "lyapgrad/status.h"

/* Looks for gnuplot along PATH; NULL when it is not there, else the absolute path, the caller's to free. */
char *lyap_gnuplot_find(void);

struct lyap_drawing {
    const char *gnuplot;      /* from lyap_gnuplot_find */
    const char *directory;    /* holds <name>.gp and <name>.csv; <name>.png and <name>.svg appear in it when complete */
    const char *const *names; /* [count] */
    size_t count;
    int jobs;               /* processes at a time, >= 1 */
    lyap_progress progress; /* asked often while it waits; may be NULL. False stops the drawing */
    void *progress_context;
    struct lyap_output_watch
        *watch; /* told of the pictures' temporaries and of the processes (io/output_watch.h); may be NULL */
};

/* Runs gnuplot on every script. LYAP_ERROR_OUTPUT names the first script that fails, with gnuplot's own message, or the
 * picture that it did not finish; LYAP_ERROR_INTERRUPTED. A picture that was there stays when its script fails. */
enum lyap_status lyap_draw(const struct lyap_drawing *drawing, struct lyap_error *error);

#endif
