#include "figure/template.h"

#include <string.h>

static const char *const *find_plot(const char *name) {
    static const char *const nothing[] = {NULL};
    for (const struct lyap_plot *plot = lyap_plots; plot->name; plot++)
        if (strcmp(plot->name, name) == 0) return plot->lines;
    return nothing;
}

void lyap_figure_text(FILE *file, const char *plot) {
    for (const char *const *line = find_plot(plot); *line; line++) {
        if (strcmp(*line, "load \"style.gp\"") != 0) {
            fprintf(file, "%s\n", *line);
            continue;
        }
        for (const char *const *style = find_plot("style"); *style; style++) fprintf(file, "%s\n", *style);
    }
}
