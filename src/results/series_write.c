/* The divergence curve as a table and as a gnuplot script. */
#include <string.h>

#include "io/output_file.h"
#include "results/series_file.h"
#include "lyapgrad/series.h"

static bool in_fit(const struct lyap_series_result *r, uint64_t step) {
    return r->status == LYAP_SERIES_OK && step >= (uint64_t)r->used.fit_first && step <= (uint64_t)r->used.fit_last;
}

static double line_at(const struct lyap_series_result *r, uint64_t step) {
    return r->intercept + r->slope * (double)step;
}

struct curve_row {
    const struct lyap_series_result *result;
    size_t i;
};
/* Wolf's curve begins with a 0 that is one by definition, behind no interval. */
static bool defined(const struct curve_row *r) {
    return r->result->curve[r->i].references > 0 || (r->result->used.method == LYAP_SERIES_WOLF && r->i == 0);
}
LYAP_COLUMN(step, struct curve_row, lyap_count_value(r->result->curve[r->i].step))
LYAP_COLUMN(divergence, struct curve_row, lyap_value_if(defined(r), r->result->curve[r->i].value))
LYAP_COLUMN(standard_error, struct curve_row,
            lyap_value_if(r->result->curve[r->i].error > 0, r->result->curve[r->i].error))
LYAP_COLUMN(references, struct curve_row, lyap_count_value(r->result->curve[r->i].references))
LYAP_COLUMN(neighbours, struct curve_row, lyap_count_value(r->result->curve[r->i].pairs))
LYAP_COLUMN(fit, struct curve_row,
            lyap_value_if(in_fit(r->result, r->result->curve[r->i].step),
                          line_at(r->result, r->result->curve[r->i].step)))

static const struct lyap_column curve_columns[] = {
    {"step", "samples", "steps along both trajectories; of wolf the time", LYAP_COLUMN_COUNT, step, NULL},
    {"mean_log_divergence", "nats", "mean ln distance of neighbours; of wolf the sum of growths", LYAP_COLUMN_REAL,
     divergence, NULL},
    {"standard_error", "nats", "of that mean, by the jackknife", LYAP_COLUMN_REAL, standard_error, NULL},
    {"references", NULL, "reference points in the mean; of wolf intervals in the sum", LYAP_COLUMN_COUNT, references,
     NULL},
    {"neighbours", NULL, "pairs of vectors behind it", LYAP_COLUMN_COUNT, neighbours, NULL},
    {"fit", "nats", "the fitted line, in the fit window", LYAP_COLUMN_REAL, fit, NULL},
};
const struct lyap_schema lyap_divergence_schema = {
    "divergence.csv", "a point of the divergence curve", {LYAP_GROUP(curve_columns)}};

void lyap_series_write_curve(FILE *file, const struct lyap_series_result *r) {
    lyap_schema_head(file, &lyap_divergence_schema, NULL);
    for (size_t i = 0; i < r->points; i++) {
        const struct curve_row row = {r, i};
        lyap_schema_row(file, &lyap_divergence_schema, NULL, &row);
    }
}

/* A gnuplot string: single quotes double, and what enhanced text would take for markup is escaped. */
static void put_text(FILE *file, const char *name, const char *text) {
    fprintf(file, "%s = '", name);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\'')
            fputs("''", file);
        else if (strchr("_^{}@&~\\", c))
            fprintf(file, "\\%c", c);
        else
            putc(c < 0x20 || c == 0x7f ? '?' : c, file);
    }
    fputs("'\n", file);
}

static const char *const style[] = {
    "set encoding utf8",
    "set datafile separator ','",
    "terminals = ' '.GPVAL_TERMINALS.' '",
    "cairo = strstrt(terminals, ' pngcairo ') > 0",
    "png = cairo ? \"pngcairo size 1200,800 font 'sans,17' linewidth 1.5\" : \"png truecolor size 1200,800\"",
    "svg = \"svg size 900,600 font 'sans-serif,15' background '#ffffff' linewidth 1.2\"",
    "devices = cairo || strstrt(terminals, ' png ') > 0 ? 'png svg' : 'svg'",
    "# Colours of Okabe and Ito that the colour-blind can tell apart (B. Wong, Nature Methods 8, 441 (2011)).",
    "set border 3 linewidth 1 linecolor rgb '#222222'",
    "set tics nomirror out scale 0.6",
    "set grid xtics ytics linewidth 0.5 linecolor rgb '#CCCCCC'",
    "set autoscale fix",
    "set offsets graph 0.02, graph 0.02, graph 0.04, graph 0.04",
    "set bmargin 6.5",
    "set key at screen 0.5, screen 0.015 center bottom horizontal samplen 2 maxrows 2",
    "set title heading",
    "set xlabel abscissa",
    "set ylabel ordinate",
    NULL,
};

static void put_heading(FILE *file, const struct lyap_series_result *r, const char *title) {
    char text[512];
    put_text(file, "name", title);
    if (r->status == LYAP_SERIES_OK)
        snprintf(text, sizeof text, "%s: %.5g ± %.2g nats/sample, 95 %% interval %.5g … %.5g",
                 lyap_series_method_name(r->used.method), r->slope, r->error, r->low, r->high);
    else
        snprintf(text, sizeof text, "%s: no exponent (%s)", lyap_series_method_name(r->used.method),
                 lyap_series_status_name(r->status));
    put_text(file, "estimate", text);
    fputs("heading = name.\"\\n\".estimate\n", file);
    bool wolf = r->used.method == LYAP_SERIES_WOLF;
    fprintf(file, "abscissa = '%s'\n", wolf ? "time on the fiducial trajectory (samples)" : "step s (samples)");
    fprintf(file, "ordinate = '%s'\n", wolf ? "sum of ln(L'' / L) (nats)" : "S(s), mean log distance (nats)");
}

static void put_lines(FILE *file, const struct lyap_series_result *r) {
    char level[32];
    bool wolf = r->used.method == LYAP_SERIES_WOLF, fitted = r->status == LYAP_SERIES_OK;
    fputs("    plot \\\n", file);
    if (!wolf)
        fputs("        'divergence.csv' using 1:($2 - 2 * $3):($2 + 2 * $3) every ::1 with filledcurves fillcolor rgb "
              "'#C2DFEE' title 'curve ± 2 standard errors', \\\n",
              file);
    if (!wolf && (r->saturation < 0 || r->saturation > 0))
        fprintf(file, "        %s with lines dashtype 2 linecolor rgb '#7A7A7A' title 'unrelated vectors', \\\n",
                lyap_format_real(r->saturation, level));
    if (fitted)
        fprintf(file,
                "        'divergence.csv' using 1:6 every ::1 with lines linewidth 4 linecolor rgb '#D55E00' title "
                "'fit, %s %lld:%lld', \\\n",
                wolf ? "samples" : "steps", (long long)r->used.fit_first, (long long)r->used.fit_last);
    fprintf(file, "        'divergence.csv' using 1:2 every ::1 with %s linecolor rgb '#0072B2' title '%s'\n",
            wolf ? "lines linewidth 1.5" : "linespoints pointtype 7 pointsize 0.7", wolf ? "growth" : "divergence");
}

static void put_plot(FILE *file, const struct lyap_series_result *r) {
    fputs("do for [device in devices] {\n"
          "    eval('set terminal '.value(device))\n"
          "    set output 'divergence.'.device\n",
          file);
    if (r->points > 0)
        put_lines(file, r);
    else
        fputs("    plot [0:1] [0:1] NaN notitle\n", file);
    fputs("    unset output\n}\n", file);
}

void lyap_series_write_script(FILE *file, const struct lyap_series_result *r, const char *title) {
    fputs("# To draw divergence.png and divergence.svg from divergence.csv beside it: gnuplot divergence.gp\n", file);
    put_heading(file, r, title);
    for (const char *const *line = style; *line; line++) fprintf(file, "%s\n", *line);
    put_plot(file, r);
}
