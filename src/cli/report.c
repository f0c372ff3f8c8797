#include "cli/report.h"

#include "cli/results.h"
#include "results/manifest.h"
#include "report/report.h"
#include "lyapgrad/version.h"

const char *const cli_report_options[] = {"full", "section", "scale", NULL};

/* What the sections write; the tests compare it with the manifests. */
static const char *const files[] = {
    "report.md",
    "report.html",
    "verdicts.csv",
    "tests.csv",
    "timings.txt",
    "P-ranks.csv",
    "C1-sweep.csv",
    "C1-onset.csv",
    "C1-regimes.csv",
    "C1-edge.csv",
    "C1-bifurcation-exponents.csv",
    "C1-bifurcation-weights.csv",
    "C2-cells.csv",
    "C2-agreement.csv",
    "C2-twins.csv",
    "choice_correlations.csv",
    "choice_runs.csv",
    "choice_horizons.csv",
    "choice_points.csv",
    "selection.csv",
    "estimators.csv",
    "estimators_growth.csv",
    "further_sweep.csv",
    "further.csv",
    "neighbouring.csv",
    "precision.csv",
    "precision_published.csv",
    "figures/P-settings.svg",
    "figures/C1-sweep.svg",
    "figures/C1-onset.svg",
    "figures/C1-regimes.svg",
    "figures/C1-edge.svg",
    "figures/C1-bifurcation-xor.svg",
    "figures/C1-bifurcation-more.svg",
    "figures/C2-medians.svg",
    "figures/C2-agreement.svg",
    "figures/choice_scatter.svg",
    "figures/choice_runs.svg",
    "figures/choice_horizons.svg",
    "figures/selection_charged.svg",
    "figures/selection_free.svg",
    "figures/estimators.svg",
    "figures/further_networks.svg",
    "figures/further_networks_regimes.svg",
    "figures/further_optimisers.svg",
    "figures/further_optimisers_regimes.svg",
    "figures/neighbouring.svg",
    "figures/precision_noise.svg",
    "manifest.txt",
};

static bool read_options(struct lyap_report_options *o, const struct cli_values *values, const char **out,
                         bool *quiet) {
    static const char *const other[] = {"starts", "precision"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (cli_text(values, other[i]))
            return cli_complain(
                       "--%s: does not go with --report, which has its own; --scale changes the numbers of starts",
                       other[i]),
                   false;
    *o = (struct lyap_report_options){.seed = 1, .scale = 1, .full = cli_text(values, "full") != NULL};
    *quiet = cli_text(values, "quiet") != NULL;
    *out = "out/report";
    o->progress = cli_progress_share;
    o->progress_context = quiet;
    return cli_path(values, "out", out) && cli_count(values, "seed", 0, UINT64_MAX, &o->seed) &&
           cli_real(values, "scale", &o->scale) && cli_threads(values, &o->threads) && cli_isa(&o->isa);
}

static void write_manifest(const struct lyap_report_options *o, const struct cli_results *r, const char *section,
                           int argc, char **argv, FILE *file) {
    char text[32];
    lyap_manifest_head(file, argc, argv);
    fprintf(file, "seed = %llu\nfull = %s\nscale = %s\nsection = %s\n", (unsigned long long)o->seed,
            o->full ? "yes" : "no", lyap_format_real(o->scale, text), section ? section : "all");
    fprintf(file, "isa = %s\nthreads = %d\n", lyap_isa_name(o->isa), o->threads ? o->threads : lyap_max_threads());
    cli_results_manifest(r, file);
}

int cli_report(const struct cli_values *values, int argc, char **argv) {
    struct lyap_report_options options;
    struct lyap_error error = {0};
    struct lyap_text summary = {0};
    struct cli_results results;
    FILE *manifest = NULL;
    const char *out, *section = cli_text(values, "section");
    bool quiet;
    if (!read_options(&options, values, &out, &quiet)) return EXIT_BAD_USAGE;
    options.summary = &summary;
    options.outputs = &results.set;
    double start = cli_seconds();
    cli_results_start(&results, "reproduce --report", out);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) cli_results_table(&results, files[i]);
    enum lyap_status status = lyap_report_check(&options, section, &error);
    if (!status) status = cli_results_check(&results, &error);
    if (!status) status = cli_results_open(&results, &error);
    if (!status) status = lyap_report_run(&options, out, section, &error);
    if (!status) status = cli_results_add(&results, "manifest.txt", &manifest, &error);
    if (!status) {
        write_manifest(&options, &results, section, argc, argv, manifest);
        status = lyap_output_set_commit(&results.set, &error);
    }
    cli_results_free(&results);
    if (!status && !quiet)
        printf("%s\n  %.3g s; what each verdict rests on: %s/report.html, report.md and the CSV files there\n",
               lyap_text_of(&summary), cli_seconds() - start, out);
    lyap_text_free(&summary);
    return status ? cli_fail(&error) : 0;
}
