/* lyapgrad reproduce: the experiments and figures of arXiv 2410.05988. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/report.h"
#include "cli/results.h"
#include "paper/figures.h"
#include "paper/tables.h"
#include "figure/gnuplot.h"
#include "results/manifest.h"
#include "io/output_file.h"
#include "paper/summary.h"
#include "lyapgrad/version.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

enum { DATA, SCRIPTS = DATA + LYAP_FIGURES, SUMMARY = SCRIPTS + LYAP_FIGURES, MANIFEST, FILES };

struct session {
    struct lyap_paper_options options;
    const char *out;
    bool quiet;
    int argc; /* the command line for the manifest */
    char **argv;
    struct cli_results results;
    FILE *files[FILES];
    struct lyap_paper paper;
};

static const struct cli_option own[] = {
    {.name = "starts",
     .value = "N",
     .type = CLI_COUNT,
     .help = "starting points of LyapunovVsLoss per activation; no other sample is larger",
     .least = 1,
     .most = LYAP_PAPER_MAX_STARTS,
     .standard = "10000",
     .into = CLI_INTO(struct lyap_paper_options, starts)},
    {.name = "report",
     .type = CLI_SWITCH,
     .help = "answer instead whether the claims hold: report.md, report.html and their data (make report)"},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own};

static bool read_options(struct session *s, const struct cli_values *values) {
    struct lyap_paper_options *o = &s->options;
    struct cli_common common;
    *o = (struct lyap_paper_options){.progress = cli_progress, .progress_context = &s->quiet};
    if (!cli_read(values, &own_group, o) || !cli_common_read(&common, values) || !cli_isa(&o->isa) ||
        !cli_layout(&o->layout))
        return false;
    o->seed = common.seed;
    o->precision = common.precision;
    o->threads = common.threads;
    s->quiet = common.quiet;
    s->out = common.out ? common.out : "out/paper";
    return true;
}

/* DATA + f, SCRIPTS + f, SUMMARY or MANIFEST. */
static const char *file_name(int which, char name[64]) {
    if (which == SUMMARY) return "summary.txt";
    if (which == MANIFEST) return "manifest.txt";
    if (which < SCRIPTS)
        snprintf(name, 64, "%.50s.csv", lyap_figures[which - DATA].name);
    else
        snprintf(name, 64, "%.50s.gp", lyap_figures[which - SCRIPTS].name);
    return name;
}

static void name_files(struct session *s) {
    char name[64];
    cli_results_start(&s->results, "reproduce", s->out);
    for (int i = 0; i < FILES; i++) cli_results_table(&s->results, file_name(i, name));
    for (int f = 0; f < LYAP_FIGURES; f++) cli_results_picture(&s->results, lyap_figures[f].name);
}

/* Before the computation, so that a directory that cannot be written shows at once. */
static enum lyap_status open_files(struct session *s, struct lyap_error *error) {
    char name[64];
    enum lyap_status status = cli_results_check(&s->results, error);
    if (!status) status = cli_results_open(&s->results, error);
    for (int i = 0; i < FILES && !status; i++)
        status = cli_results_add(&s->results, file_name(i, name), &s->files[i], error);
    return status;
}

static void write_manifest(struct session *s, FILE *file) {
    const struct lyap_paper_options *o = &s->options;
    char text[32];
    struct lyap_paper_case c;
    lyap_manifest_head(file, s->argc, s->argv);
    if (!lyap_paper_case_init(&c, LYAP_LINEAR, o, NULL)) {
        fprintf(file,
                "net = 2-2-1\nactivations = linear sigmoid relu\nloss = mse\ndata = xor\nneighbours = %lu\n"
                "perturbation = %s\n",
                (unsigned long)c.plan.neighbours, lyap_format_real(c.plan.setting.perturbation, text));
        fprintf(file, "init = uniform:0,1\nloss-window = 0.2,0.4\nprecision = %s\nescape = %s\nseed = %llu\n",
                lyap_precision_name(o->precision), lyap_format_real(c.plan.escape, text), (unsigned long long)o->seed);
        lyap_paper_case_free(&c);
    }
    fprintf(file, "isa = %s\nthreads = %d\n", lyap_isa_name(o->isa), o->threads ? o->threads : lyap_max_threads());
    fprintf(file, "scatter.lr = 0.001\nscatter.epochs = %d\nscatter.starts = %llu\n", LYAP_PAPER_SCATTER_EPOCHS,
            (unsigned long long)o->starts);
    fprintf(file, "scatter.again-in = %s\n", lyap_precision_name(lyap_other_precision(o->precision)));
    fprintf(file, "epochs.lr = 0.001\nepochs.epochs = %d\nepochs.starts = %llu\n", LYAP_PAPER_EPOCHS,
            (unsigned long long)s->paper.epochs[0].cells.starts);
    fprintf(file, "rates.lr = 0.01:20:%d\nrates.epochs = %d\nrates.starts = %llu\n", LYAP_PAPER_RATES,
            LYAP_PAPER_EPOCHS, (unsigned long long)s->paper.rates[0][0].starts);
    fprintf(file, "compared.epochs = %d\ncompared.starts = %llu\n", LYAP_PAPER_EPOCHS,
            (unsigned long long)s->paper.compared[0][0].starts);
    cli_results_manifest(&s->results, file);
    fprintf(file, "digest = %016llx\n", (unsigned long long)s->paper.digest);
}

static enum lyap_status write_files(struct session *s, struct lyap_error *error) {
    for (int f = 0; f < LYAP_FIGURES; f++) {
        lyap_figures[f].table(s->files[DATA + f], &s->paper);
        lyap_figure_script(s->files[SCRIPTS + f], &lyap_figures[f], &s->paper);
    }
    lyap_paper_summary(s->files[SUMMARY], &s->paper);
    write_manifest(s, s->files[MANIFEST]);
    return lyap_output_set_commit(&s->results.set, error);
}

static bool draw_progress(uint64_t done, uint64_t total, void *context) {
    static uint64_t shown = UINT64_MAX;
    if (done != shown && !*(const bool *)context && isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K");
        if (done < total)
            fprintf(stderr, "drawing %llu of %llu", (unsigned long long)done + 1, (unsigned long long)total);
        fflush(stderr);
    }
    shown = done;
    return !cli_interrupted();
}

/* Draws where gnuplot is installed. *drawn says so. */
static enum lyap_status draw(struct session *s, bool *drawn, struct lyap_error *error) {
    const char *names[LYAP_FIGURES];
    char *gnuplot = lyap_gnuplot_find();
    *drawn = gnuplot != NULL;
    if (!gnuplot) return LYAP_OK;
    for (int f = 0; f < LYAP_FIGURES; f++) names[f] = lyap_figures[f].name;
    struct lyap_drawing drawing = {.gnuplot = gnuplot,
                                   .directory = s->out,
                                   .names = names,
                                   .count = LYAP_FIGURES,
                                   .jobs = s->options.threads ? s->options.threads : lyap_max_threads(),
                                   .progress = draw_progress,
                                   .progress_context = &s->quiet,
                                   .watch = cli_output_watch()};
    enum lyap_status status = lyap_draw(&drawing, error);
    draw_progress(LYAP_FIGURES, LYAP_FIGURES, &s->quiet); /* takes the line away */
    free(gnuplot);
    return status;
}

static void print_scatter(const struct session *s) {
    printf("%llu starts an activation in %s: lambda_kw against final loss, starts of like initial loss\n\n",
           (unsigned long long)s->options.starts, lyap_precision_name(s->options.precision));
    printf("  %-10s %8s %8s %10s   %s\n", "", "n", "r", "p", "partial r, p given the initial loss");
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        const struct lyap_scatter *c = &s->paper.scatter[panel];
        const char *name = lyap_activation_name(lyap_paper_activation[panel]);
        if (!c->fitted) {
            printf("  %-10s too few points for a correlation\n", name);
            continue;
        }
        printf("  %-10s %8zu %8.3f %10.2g", name, c->fit.n, c->fit.r, c->fit.p);
        if (c->has_partial) printf("   %8.3f %10.2g", c->partial_r, c->partial_p);
        putchar('\n');
    }
}

static int run(struct session *s) {
    struct lyap_error error = {0};
    double start = cli_seconds();
    name_files(s);
    enum lyap_status status = open_files(s, &error);
    double opened = cli_seconds();
    if (!status) status = lyap_paper_run(&s->paper, &s->options, &error);
    double computed = cli_seconds();
    if (!status) status = write_files(s, &error);
    cli_results_free(&s->results);
    double written = cli_seconds();
    if (!status && !s->quiet) {
        print_scatter(s);
        printf("\n  computed in %.3g s (%s, %d threads), written in %.2g s\n", computed - opened,
               lyap_isa_name(s->options.isa), s->options.threads ? s->options.threads : lyap_max_threads(),
               written - computed + opened - start);
        printf("  summary of every published number: %s/summary.txt\n", s->out);
        fflush(stdout);
    }
    bool drawn = false;
    if (!status) status = draw(s, &drawn, &error);
    if (!status && !s->quiet && drawn) printf("  drawn in %.3g s: %s/*.png, *.svg\n", cli_seconds() - written, s->out);
    if (!status && !drawn)
        fprintf(stderr,
                "lyapgrad: gnuplot is not installed: data and scripts are in %s; install it and run "
                "'gnuplot NAME.gp' there to draw\n",
                s->out);
    lyap_paper_free(&s->paper);
    return status ? cli_fail(&error) : 0;
}

static int reproduce(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    if (cli_text(&values, "report")) return cli_report(&values, argc + 2, argv - 2);
    for (const struct cli_option *o = cli_report_options.options; o->name; o++)
        if (cli_text(&values, o->name)) return cli_complain("--%s: is for --report", o->name);
    struct session *s = calloc(1, sizeof *s);
    if (!s) return cli_complain("out of memory"), EXIT_BAD_RUN;
    s->argc = argc + 2;
    s->argv = argv - 2;
    status = read_options(s, &values) ? run(s) : EXIT_BAD_USAGE;
    free(s);
    return status;
}

static const struct cli_change common[] = {
    {.name = "out", .help = "directory of data, scripts and pictures", .absent = "out/paper; with --report out/report"},
    {.name = NULL},
};
static const struct cli_use options[] = {{.group = &own_group},
                                         {.group = &cli_report_options},
                                         {.group = &cli_common_options, .changes = common},
                                         {.group = NULL}};
static const struct lyap_schema *const tables[] = {&lyap_scatter_schema,
                                                   &lyap_scatter_small_schema,
                                                   &lyap_distance_schema,
                                                   &lyap_step_schema,
                                                   &lyap_loss_schema,
                                                   &lyap_learning_rate_schema,
                                                   NULL};
const struct cli_command cli_reproduce = {
    .name = "reproduce",
    .summary = "the experiments and figures of arXiv 2410.05988",
    .example = "lyapgrad reproduce --out out/paper",
    .options = options,
    .files = "For each figure its data (.csv), gnuplot script (.gp) and pictures (.png, .svg), and summary.txt; with "
             "--report report.html and report.md (the answers, with figures/), verdicts.csv, tests.csv and effects.csv "
             "(both "
             "seeds side by side), one CSV file for each table of data, seed-N/ with the data of the second seed, and "
             "timings.txt.",
    .tables = tables,
    .run = reproduce,
};
