/* The files that `lyapgrad select` leaves, but for its tables: weights, script, manifest. */
#include <math.h>
#include <string.h>

#include "cli/options/optimiser.h"
#include "cli/select/select.h"
#include "figure/template.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/selection.h"
#include "lyapgrad/status.h"
#include "results/manifest.h"
#include "io/npy.h"

static void write_weights(const struct cli_selection *s, const double *start, FILE *file) {
    const size_t parameters = lyap_network_parameters(s->plans[cli_select_best(s)->trial.setting].network);
    char text[32];
    for (size_t p = 0; p < parameters; p++) fprintf(file, "%s%s", p ? "," : "", lyap_format_real(start[p], text));
    putc('\n', file);
}

static void write_array(const struct cli_selection *s, const double *start, FILE *file) {
    const size_t sizes[] = {1, lyap_network_parameters(s->plans[cli_select_best(s)->trial.setting].network)};
    enum lyap_npy_type type = s->plans->precision == LYAP_FLOAT32 ? LYAP_NPY_F4 : LYAP_NPY_F8;
    lyap_npy_write_header(file, type, sizes, 2);
    lyap_npy_write_values(file, type, start, sizes[1]);
}

static void put_estimate(FILE *file, const char *name, const struct lyap_estimate *e) {
    const double values[] = {e->value, e->low, e->high};
    static const char *const ends[] = {"", "_low", "_high"};
    char text[32];
    for (int i = 0; i < 3; i++)
        fprintf(file, "%s%s = %s\n", name, ends[i], isfinite(values[i]) ? lyap_format_real(values[i], text) : "NaN");
}

static void write_script(const struct cli_selection *s, FILE *file) {
    const struct lyap_rate_scan *rates = &s->selection.rates;
    fprintf(file,
            "# To draw select.png and select.svg from rates.csv beside it: gnuplot select.gp\nfigure = \"select\"\n"
            "heading = \"%s\"\nsteps = %lu\nstarts = %llu\nheld_out = %d\nsafe_percent = %.10g\n",
            s->settings[rates->setting].name, (unsigned long)s->plan.epochs, (unsigned long long)rates->starts,
            s->test.samples > 0, 100 * s->plan.safe_share);
    put_estimate(file, "best", &rates->best);
    put_estimate(file, "safe", &rates->largest_safe);
    put_estimate(file, "onset", &rates->first_unstable);
    putc('\n', file);
    lyap_figure_text(file, "select");
}

static void manifest_estimate(FILE *file, const char *name, const struct lyap_estimate *e) {
    const double values[] = {e->value, e->low, e->high};
    static const char *const ends[] = {"", ".low", ".high"};
    char text[32];
    for (int i = 0; i < 3; i++)
        fprintf(file, "%s%s = %s\n", name, ends[i], isfinite(values[i]) ? lyap_format_real(values[i], text) : "none");
}

static void write_manifest(const struct cli_selection *s, FILE *file) {
    static const char *const given[] = {"score", "by", "budget", "epochs", "divisor"};
    const struct lyap_selection_plan *plan = &s->plan;
    const struct lyap_trial_record *best = cli_select_best(s);
    char low[32], high[32];
    lyap_manifest_head(file, s->argc, s->argv);
    struct lyap_plan base = s->plans[best->trial.setting];
    base.settings = &base.setting; /* the rates are the trials' own, and so are the starts */
    base.starts = base.neighbours = 0;
    lyap_manifest_plan(file, &base, s->source.text, NULL);
    cli_data_manifest(file, &s->source);
    cli_optimiser_manifest(file, &base);
    for (size_t i = 0; i < plan->count; i++) fprintf(file, "setting.%zu = %s\n", i, s->settings[i].name);
    fprintf(file, "lr = %s:%s\n", lyap_format_real(plan->lr_low, low), lyap_format_real(plan->lr_high, high));
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) cli_put(file, &cli_select_options, given[i], s);
    fprintf(file, "rungs = %lu\nrates = %zu\nrate-starts = %llu\n", (unsigned long)s->selection.halving.rungs,
            s->selection.rates.values, (unsigned long long)s->selection.rates.starts);
    cli_put(file, &cli_select_options, "safe", s);
    fprintf(file, "growth = %s\n", lyap_format_real(plan->growth, high));
    fprintf(file, "cost.search = %.0f\ncost.rates = %.0f\ncost.sharpness = %.0f\n", s->selection.halving.cost,
            s->selection.rates.cost, s->selection.sharpness_cost);
    if (s->compares)
        fprintf(file, "searches = %lu\ntarget = %s\ncost.comparison = %.0f\n", (unsigned long)s->comparison.searches,
                lyap_format_real(s->comparison.target, low), s->comparison.cost);
    fprintf(file, "best.setting = %zu\nbest.start = %llu\nbest.start-lr = %s\n", best->trial.setting,
            (unsigned long long)best->trial.start, lyap_format_real(best->trial.lr, low));
    manifest_estimate(file, "lr.recommended", &s->selection.rates.best);
    if (s->test.samples) manifest_estimate(file, "lr.held-out", &s->selection.rates.best_test);
    manifest_estimate(file, "lr.largest-safe", &s->selection.rates.largest_safe);
    manifest_estimate(file, "lr.first-unstable", &s->selection.rates.first_unstable);
    uint64_t digest = lyap_selection_digest(LYAP_DIGEST_START, &s->selection);
    if (s->compares) digest = lyap_search_comparison_digest(digest, &s->comparison);
    cli_results_manifest(&s->results, file);
    fprintf(file, "digest = %016llx\n", (unsigned long long)digest);
}

enum lyap_status cli_select_write(const struct cli_selection *s, enum cli_select_table table, const double *start,
                                  FILE *file, struct lyap_error *error) {
    if (cli_select_write_table(s, table, file)) return LYAP_OK;
    switch (table) {
    case CLI_SELECT_WEIGHTS:
        write_weights(s, start, file);
        break;
    case CLI_SELECT_ARRAY:
        write_array(s, start, file);
        break;
    case CLI_SELECT_REPORT:
        return cli_select_print(s, true, file, error);
    case CLI_SELECT_SCRIPT:
        write_script(s, file);
        break;
    case CLI_SELECT_MANIFEST:
        write_manifest(s, file);
        break;
    default:
        break;
    }
    return LYAP_OK;
}
