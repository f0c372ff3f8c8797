#include "cli_report.h"

#include "report.h"

const char *const cli_report_options[] = {"full", "section", "scale", NULL};

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

int cli_report(const struct cli_values *values) {
    struct lyap_report_options options;
    struct lyap_error error = {0};
    struct lyap_text summary = {0};
    const char *out;
    bool quiet;
    if (!read_options(&options, values, &out, &quiet)) return EXIT_BAD_USAGE;
    options.summary = &summary;
    double start = cli_seconds();
    enum lyap_status status = lyap_report_run(&options, out, cli_text(values, "section"), &error);
    if (!status && !quiet)
        printf("%s\n  %.3g s; what each verdict rests on: %s/report.html, report.md and the CSV files there\n",
               lyap_text_of(&summary), cli_seconds() - start, out);
    lyap_text_free(&summary);
    return status ? cli_fail(&error) : 0;
}
