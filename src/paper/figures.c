#include "paper/figures.h"

#include <math.h>

#include "figure/template.h"
#include "io/output_file.h"
#include "paper/summary.h"
#include "paper/tables.h"
#include "lyapgrad/precision.h"

/* name = "a b c": one word a panel, which the scripts take apart with number(name, panel). */
static void put_list(FILE *file, const char *name, const double value[LYAP_PANELS]) {
    char text[32];
    fprintf(file, "%s = \"", name);
    for (int panel = 0; panel < LYAP_PANELS; panel++)
        fprintf(file, "%s%s", panel ? " " : "", lyap_format_real(value[panel], text));
    fputs("\"\n", file);
}

static void put_number(FILE *file, const char *name, double value) {
    char text[32];
    fprintf(file, "%s = %s\n", name, lyap_format_real(value, text));
}

static void put_count(FILE *file, const char *name, uint64_t count) {
    fprintf(file, "%s = %llu.\n", name, (unsigned long long)count); /* the point keeps gnuplot off integer division */
}

/* The regression, its band half width t95 * residual_sd * sqrt(1/n + (x - mean_x)^2 / sxx), and what was left out. */
static void scatter_numbers(FILE *file, const struct lyap_scatter scatter[LYAP_PANELS]) {
    enum {
        KEPT,
        DEAD,
        N,
        SLOPE,
        INTERCEPT,
        R,
        P,
        MEAN_X,
        SXX,
        RESIDUAL_SD,
        T95,
        PARTIAL_R,
        PARTIAL_P,
        LOW_X,
        HIGH_X,
        LOW_Y,
        HIGH_Y,
        LISTS
    };
    static const char *const names[LISTS] = {"kept",      "dead",   "n",      "slope",       "intercept", "r",
                                             "p",         "mean_x", "sxx",    "residual_sd", "t95",       "partial_r",
                                             "partial_p", "low_x",  "high_x", "low_y",       "high_y"};
    double list[LISTS][LYAP_PANELS] = {{0}};
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        const struct lyap_scatter *s = &scatter[panel];
        list[KEPT][panel] = (double)s->kept;
        list[DEAD][panel] = (double)s->dead;
        for (size_t i = 0; i < s->kept; i++) {
            double x = s->point[i].final_loss, y = s->point[i].lambda_kw;
            if (i == 0 || x < list[LOW_X][panel]) list[LOW_X][panel] = x;
            if (i == 0 || x > list[HIGH_X][panel]) list[HIGH_X][panel] = x;
            if (i == 0 || y < list[LOW_Y][panel]) list[LOW_Y][panel] = y;
            if (i == 0 || y > list[HIGH_Y][panel]) list[HIGH_Y][panel] = y;
        }
        list[PARTIAL_R][panel] = s->partial_r;
        list[PARTIAL_P][panel] = s->partial_p;
        if (!s->fitted) continue; /* n = 0: the script draws no line */
        list[N][panel] = (double)s->fit.n;
        list[SLOPE][panel] = s->fit.slope;
        list[INTERCEPT][panel] = s->fit.intercept;
        list[R][panel] = s->fit.r;
        list[P][panel] = s->fit.p;
        list[MEAN_X][panel] = s->fit.mean_x;
        list[SXX][panel] = s->fit.sxx;
        list[RESIDUAL_SD][panel] = s->fit.residual_sd;
        list[T95][panel] = s->fit.t95;
    }
    put_count(file, "starts", scatter[0].starts);
    put_count(file, "epochs", LYAP_PAPER_SCATTER_EPOCHS);
    for (int i = 0; i < LISTS; i++) put_list(file, names[i], list[i]);
}

static void large_numbers(FILE *file, const struct lyap_paper *paper) {
    scatter_numbers(file, paper->scatter);
}

static void small_numbers(FILE *file, const struct lyap_paper *paper) {
    scatter_numbers(file, paper->scatter_small);
}

/* The scale of the published distance, d(0) of start 0 in it, and the exponents of start 0. */
static void epoch_numbers(FILE *file, const struct lyap_paper *paper) {
    double scale = (double)LYAP_PAPER_NEIGHBOURS / (LYAP_PAPER_NEIGHBOURS + 1), first[LYAP_PANELS], kw[LYAP_PANELS],
           step[LYAP_PANELS];
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        first[panel] = paper->epochs[panel].distance[0] * scale;
        kw[panel] = paper->epochs[panel].cells.points[0].lambda_kw;
        step[panel] = paper->epochs[panel].cells.points[0].lambda_step;
    }
    put_count(file, "starts", paper->epochs[0].cells.starts);
    put_count(file, "epochs", LYAP_PAPER_EPOCHS);
    put_number(file, "published_scale", scale);
    put_list(file, "first", first);
    put_list(file, "lambda_kw", kw);
    put_list(file, "lambda_step", step);
}

/* The largest share of starts, in percent, that diverge at a learning rate, that are dead with an exponent of exactly
 * 0, and that died later. */
static void rate_numbers(FILE *file, const struct lyap_paper *paper) {
    double diverged[LYAP_PANELS] = {0}, zero[LYAP_PANELS] = {0}, died[LYAP_PANELS] = {0};
    for (int panel = 0; panel < LYAP_PANELS; panel++)
        for (int i = 0; i < LYAP_PAPER_RATES; i++) {
            const struct lyap_rate *rate = &paper->rates[panel][i];
            const double percent = 100 / (double)rate->starts;
            diverged[panel] = fmax(diverged[panel], percent * (double)rate->diverged);
            zero[panel] = fmax(zero[panel], percent * (double)rate->zero);
            died[panel] = fmax(died[panel], percent * (double)rate->died);
        }
    put_count(file, "starts", paper->rates[0][0].starts);
    put_count(file, "epochs", LYAP_PAPER_EPOCHS);
    put_list(file, "most_diverged", diverged);
    put_list(file, "most_zero", zero);
    put_list(file, "most_died", died);
}

static void large_table(FILE *file, const struct lyap_paper *paper) {
    lyap_write_scatter(file, paper->scatter);
}

static void small_table(FILE *file, const struct lyap_paper *paper) {
    lyap_write_scatter(file, paper->scatter_small);
}

const struct lyap_figure lyap_figures[LYAP_FIGURES] = {
    {"LyapunovVsLoss", "LyapunovVsLoss",
     "the exponent against the final loss, among starts of nearly the same initial loss", large_table, large_numbers},
    {"LyapunovVsLoss-1000", "LyapunovVsLoss", "LyapunovVsLoss from the first tenth of the starts, as many as published",
     small_table, small_numbers},
    {"DistanceVsEpochs", "DistanceVsEpochs", "the mean distance of the neighbours against the epoch",
     lyap_write_distance, epoch_numbers},
    {"LyapkVsEpochs", "LyapkVsEpochs", "the growth of that distance in one step against the epoch", lyap_write_step,
     epoch_numbers},
    {"LossVsEpochs", "LossVsEpochs", "the loss against the epoch", lyap_write_loss, epoch_numbers},
    {"LyapunovVsLearningRate", "LyapunovVsLearningRate", "the exponent against the learning rate", lyap_write_rates,
     rate_numbers},
};

void lyap_figure_script(FILE *file, const struct lyap_figure *figure, const struct lyap_paper *paper) {
    fprintf(file, "# %s.gp, made by: ", figure->name);
    lyap_paper_command(file, &paper->options);
    fprintf(file,
            "\n# Figure %s of T. Mittra, arXiv 2410.05988: %s.\n"
            "# To draw %s.png and %s.svg from %s.csv beside it: gnuplot %s.gp\n\n",
            figure->plot, figure->shows, figure->name, figure->name, figure->name, figure->name);
    fprintf(file, "figure = \"%s\"\nseed = \"%llu\"\nprecision = \"%s\"\n", figure->name,
            (unsigned long long)paper->options.seed, lyap_precision_name(paper->options.precision));
    figure->numbers(file, paper);
    putc('\n', file);
    lyap_figure_text(file, figure->plot);
}
