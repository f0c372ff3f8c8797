#include "cli/report.h"

#include "cli/results.h"
#include "results/manifest.h"
#include "report/report.h"
#include "lyapgrad/version.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/status.h"

static const char *section_id(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return lyap_sections[i] ? lyap_sections[i]->id : NULL;
}
static const struct cli_words sections = {"section", section_id, NULL};

static const struct cli_option own[] = {
    {.name = "full",
     .type = CLI_SWITCH,
     .help = "with --report: more starts, finer grids, longer horizons",
     .into = CLI_INTO(struct lyap_report_options, full)},
    {.name = "seeds",
     .value = "N",
     .type = CLI_COUNT,
     .help = "with --report: run every section with N seeds, --seed and the next one, and compare the verdicts",
     .least = 1,
     .most = 2,
     .standard = "2",
     .into = CLI_INTO(struct lyap_report_options, seeds)},
    {.name = "section",
     .value = "ID",
     .type = CLI_WORD,
     .help = "with --report: the one section",
     .words = &sections,
     .absent = "all"},
    {.name = "scale",
     .value = "X",
     .type = CLI_REAL,
     .help = "with --report: factor of the numbers of starts; below 0.001 shorter runs, too",
     .range = {0, 1000, true, false},
     .standard = "1",
     .into = CLI_INTO(struct lyap_report_options, scale)},
    {.name = NULL},
};
const struct cli_group cli_report_options = {NULL, own};

static void name_file(const char *name, void *results) {
    cli_results_table(results, name);
}

static bool read_options(struct lyap_report_options *o, const struct cli_values *values, const char **out,
                         bool *quiet) {
    static const char *const other[] = {"starts", "precision"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (cli_text(values, other[i]))
            return cli_complain(
                       "--%s: does not go with --report, which has its own; --scale changes the numbers of starts",
                       other[i]),
                   false;
    struct cli_common common;
    *o = (struct lyap_report_options){.progress = cli_progress_share, .progress_context = quiet};
    if (!cli_read(values, &cli_report_options, o) || !cli_common_read(&common, values) || !cli_isa(&o->isa) ||
        !cli_layout(&o->layout))
        return false;
    o->seed = common.seed;
    o->threads = common.threads;
    *quiet = common.quiet;
    *out = common.out ? common.out : "out/report";
    return true;
}

static void write_manifest(const struct lyap_report_options *o, const struct cli_results *r, const char *section,
                           int argc, char **argv, FILE *file) {
    char text[32];
    lyap_manifest_head(file, argc, argv);
    fprintf(file, "seed = %llu\nseeds = %d\nfull = %s\nscale = %s\nsection = %s\n", (unsigned long long)o->seed,
            o->seeds, o->full ? "yes" : "no", lyap_format_real(o->scale, text), section ? section : "all");
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
    lyap_report_files(&options, name_file, &results);
    cli_results_table(&results, "manifest.txt");
    enum lyap_status status = lyap_report_check(&options, section, &error);
    if (!status) status = cli_results_check(&results, &error);
    if (!status) status = cli_results_open(&results, &error);
    results.set.owns = lyap_report_owns;
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
