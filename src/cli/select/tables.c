/* The files that `lyapgrad select` leaves. */
#include <math.h>
#include <string.h>

#include "cli/options/optimiser.h"
#include "cli/select/select.h"
#include "figure/template.h"
#include "lyapgrad/digest.h"
#include "results/manifest.h"
#include "io/npy.h"

/* ",number", or "," for what is no finite number. */
static void put(FILE *file, double value) {
    char text[32];
    fprintf(file, ",%s", isfinite(value) ? lyap_format_real(value, text) : "");
}

static void put_or_empty(FILE *file, bool known, double value) {
    put(file, known ? value : NAN);
}

/* ",words", in quotes where a comma is in them. */
static void put_words(FILE *file, const char *words) {
    bool quoted = strchr(words, ',') != NULL;
    fprintf(file, quoted ? ",\"%s\"" : ",%s", words);
}

static void put_setting(const struct cli_selection *s, size_t setting, FILE *file) {
    const struct cli_setting *c = &s->settings[setting];
    fprintf(file, ",%zu,%s", setting, c->shape);
    put_words(file, c->activation);
    put_words(file, c->optimiser);
    put_words(file, c->init);
}

/* ",initial_loss,loss,test_loss,lambda,lambda_low,lambda_high,regime,sharpness_first,sharpness_last,edge_lr,period" */
static void put_result(const struct cli_selection *s, const struct lyap_trial *trial, const struct lyap_trial_result *r,
                       FILE *file) {
    const double edge = lyap_trial_edge(&s->plans[trial->setting], r);
    put(file, r->initial_loss);
    put(file, r->loss);
    put_or_empty(file, s->test.samples > 0, r->test_loss);
    put_or_empty(file, r->defined, r->exponent.lambda);
    put_or_empty(file, r->interval, r->exponent.low);
    put_or_empty(file, r->interval, r->exponent.high);
    fprintf(file, ",%s", lyap_regime_name(r->regime));
    put_or_empty(file, r->sharpness_first != 0, r->sharpness_first);
    put_or_empty(file, r->sharpness_last != 0, r->sharpness_last);
    put_or_empty(file, r->sharpness_last != 0 && edge > 0, edge);
    putc(',', file);
    if (r->period) fprintf(file, "%lu", (unsigned long)r->period);
}
static const char setting_columns[] = "setting,net,activation,optimiser,init";
static const char result_columns[] =
    "initial_loss,loss,test_loss,lambda,lambda_low,lambda_high,regime,sharpness_first,sharpness_last,edge_lr,period";

static void write_ranking(const struct cli_selection *s, FILE *file) {
    const struct lyap_schedule *schedule = &s->selection.schedule;
    fprintf(file, "rank,trial,%s,start,lr,steps,%s,accuracy,test_accuracy\n", setting_columns, result_columns);
    for (uint64_t i = 0; i < schedule->trials[schedule->rungs - 1]; i++) {
        const struct lyap_trial_record *r = &s->selection.records[s->selection.ranking[i]];
        fprintf(file, "%llu,%llu", (unsigned long long)i + 1, (unsigned long long)r->trial.number);
        put_setting(s, r->trial.setting, file);
        fprintf(file, ",%llu", (unsigned long long)r->trial.start);
        put(file, r->trial.lr);
        fprintf(file, ",%lu", (unsigned long)r->result.steps);
        put_result(s, &r->trial, &r->result, file);
        put(file, r->result.accuracy);
        put_or_empty(file, s->test.samples > 0, r->result.test_accuracy);
        putc('\n', file);
    }
}

static void write_trials(const struct cli_selection *s, FILE *file) {
    fprintf(file, "rung,steps,trial,setting,start,lr,%s,score,kept\n", result_columns);
    for (size_t i = 0; i < s->selection.count; i++) {
        const struct lyap_trial_record *r = &s->selection.records[i];
        fprintf(file, "%lu,%lu,%llu,%zu,%llu", (unsigned long)r->rung + 1, (unsigned long)r->result.steps,
                (unsigned long long)r->trial.number, r->trial.setting, (unsigned long long)r->trial.start);
        put(file, r->trial.lr);
        put_result(s, &r->trial, &r->result, file);
        put(file, r->score);
        fprintf(file, ",%d\n", r->kept);
    }
}

/* The best of each setting in the last rung that it reached. */
static void write_settings(const struct cli_selection *s, FILE *file) {
    const struct lyap_schedule *schedule = &s->selection.schedule;
    fputs("place,", file);
    fputs(setting_columns, file);
    for (uint32_t r = 0; r < schedule->rungs; r++) fprintf(file, ",trials_%lu", (unsigned long)schedule->steps[r]);
    fputs(",best_trial,best_lr,best_steps,best_loss,best_test_loss\n", file);
    size_t place = 0;
    for (uint64_t i = 0; i < schedule->trials[0]; i++) {
        const struct lyap_trial_record *best = &s->selection.records[s->selection.ranking[i]];
        if (!cli_select_leads(s, i)) continue;
        fprintf(file, "%zu", ++place);
        put_setting(s, best->trial.setting, file);
        size_t counts[LYAP_MOST_RUNGS] = {0};
        for (size_t k = 0; k < s->selection.count; k++)
            counts[s->selection.records[k].rung] += s->selection.records[k].trial.setting == best->trial.setting;
        for (uint32_t r = 0; r < schedule->rungs; r++) fprintf(file, ",%zu", counts[r]);
        fprintf(file, ",%llu", (unsigned long long)best->trial.number);
        put(file, best->trial.lr);
        fprintf(file, ",%lu", (unsigned long)best->result.steps);
        put(file, best->result.loss);
        put_or_empty(file, s->test.samples > 0, best->result.test_loss);
        putc('\n', file);
    }
}

static void write_rates(const struct cli_selection *s, FILE *file) {
    const struct lyap_rate_scan *rates = &s->selection.rates;
    fputs("lr,starts,safe,unstable,loss_q1,loss_median,loss_q3,test_loss_median,lambda_q1,lambda_median,lambda_q3,"
          "edge_lr",
          file);
    for (int r = 0; r < LYAP_REGIME_COUNT; r++) fprintf(file, ",%s", lyap_regime_name((enum lyap_regime)r));
    putc('\n', file);
    for (size_t v = 0; v < rates->values; v++) {
        const struct lyap_rate_row *row = &rates->rows[v];
        char text[32];
        fprintf(file, "%s,%llu,%llu,%llu", lyap_format_real(row->lr, text), (unsigned long long)rates->starts,
                (unsigned long long)row->safe, (unsigned long long)row->unstable);
        for (int i = 0; i < 3; i++) put(file, row->loss[i]);
        put_or_empty(file, s->test.samples > 0, row->test_loss);
        for (int i = 0; i < 3; i++) put_or_empty(file, row->measured > 0, row->exponent[i]);
        put_or_empty(file, row->edge_lr > 0, row->edge_lr);
        for (int r = 0; r < LYAP_REGIME_COUNT; r++) fprintf(file, ",%llu", (unsigned long long)row->regimes[r]);
        putc('\n', file);
    }
}

static void write_thresholds(const struct cli_selection *s, FILE *file) {
    const struct lyap_rate_scan *rates = &s->selection.rates;
    fputs("start,last_safe_lr,first_unstable_lr\n", file);
    for (uint64_t i = 0; i < rates->starts; i++) {
        fprintf(file, "%llu", (unsigned long long)i);
        put_or_empty(file, rates->safe[i] > 0, rates->safe[i]);
        put(file, rates->onset[i]);
        putc('\n', file);
    }
}

static void write_searches(const struct cli_selection *s, FILE *file) {
    fprintf(file, "search,way,trial,setting,start,lr,%s,accuracy,test_accuracy,target_step\n", result_columns);
    for (size_t i = 0; i < (size_t)s->worth.searches * LYAP_WAY_COUNT; i++) {
        const struct lyap_pick *p = &s->worth.picks[i];
        fprintf(file, "%zu,%s,%llu,%zu,%llu", i / LYAP_WAY_COUNT + 1,
                lyap_way_name((enum lyap_way)(i % LYAP_WAY_COUNT)), (unsigned long long)p->trial.number,
                p->trial.setting, (unsigned long long)p->trial.start);
        put(file, p->trial.lr);
        put_result(s, &p->trial, &p->result, file);
        put(file, p->result.accuracy);
        put_or_empty(file, s->test.samples > 0, p->result.test_accuracy);
        put_or_empty(file, p->result.target_step >= 0, (double)p->result.target_step);
        putc('\n', file);
    }
}

static void write_worth(const struct cli_selection *s, FILE *file) {
    fputs(
        "way,against,searches,better,worse,loss_difference,low,high,p_adjusted,steps_difference,steps_low,steps_high\n",
        file);
    for (int i = 0; s->compares && i < LYAP_WORTH_PAIRS; i++) {
        const struct lyap_worth_pair *p = &s->worth.pair[i];
        fprintf(file, "%s,%s,%lu,%llu,%llu", lyap_way_name(p->way), lyap_way_name(p->against),
                (unsigned long)s->worth.searches, (unsigned long long)p->better, (unsigned long long)p->worse);
        put(file, p->median.value);
        put(file, p->median.low);
        put(file, p->median.high);
        put(file, p->p);
        put(file, p->steps.value);
        put(file, p->steps.low);
        put(file, p->steps.high);
        putc('\n', file);
    }
}

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
    fprintf(file, "rungs = %lu\nrates = %zu\nrate-starts = %llu\n", (unsigned long)s->selection.schedule.rungs,
            s->selection.rates.values, (unsigned long long)s->selection.rates.starts);
    cli_put(file, &cli_select_options, "safe", s);
    fprintf(file, "growth = %s\n", lyap_format_real(plan->growth, high));
    fprintf(file, "cost.search = %.0f\ncost.rates = %.0f\ncost.sharpness = %.0f\n", s->selection.schedule.cost,
            s->selection.rates.cost, s->selection.sharpness_cost);
    if (s->compares)
        fprintf(file, "searches = %lu\ntarget = %s\ncost.comparison = %.0f\n", (unsigned long)s->worth.searches,
                lyap_format_real(s->worth.target, low), s->worth.cost);
    fprintf(file, "best.setting = %zu\nbest.start = %llu\nbest.start-lr = %s\n", best->trial.setting,
            (unsigned long long)best->trial.start, lyap_format_real(best->trial.lr, low));
    manifest_estimate(file, "lr.recommended", &s->selection.rates.best);
    if (s->test.samples) manifest_estimate(file, "lr.held-out", &s->selection.rates.best_test);
    manifest_estimate(file, "lr.largest-safe", &s->selection.rates.largest_safe);
    manifest_estimate(file, "lr.first-unstable", &s->selection.rates.first_unstable);
    uint64_t digest = lyap_selection_digest(LYAP_DIGEST_START, &s->selection);
    if (s->compares) digest = lyap_worth_digest(digest, &s->worth);
    cli_results_manifest(&s->results, file);
    fprintf(file, "digest = %016llx\n", (unsigned long long)digest);
}

enum lyap_status cli_select_write(const struct cli_selection *s, enum cli_select_table table, const double *start,
                                  FILE *file, struct lyap_error *error) {
    switch (table) {
    case CLI_SELECT_RANKING:
        write_ranking(s, file);
        break;
    case CLI_SELECT_TRIALS:
        write_trials(s, file);
        break;
    case CLI_SELECT_SETTINGS:
        write_settings(s, file);
        break;
    case CLI_SELECT_RATES:
        write_rates(s, file);
        break;
    case CLI_SELECT_THRESHOLDS:
        write_thresholds(s, file);
        break;
    case CLI_SELECT_SEARCHES:
        write_searches(s, file);
        break;
    case CLI_SELECT_WORTH:
        write_worth(s, file);
        break;
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
    case CLI_SELECT_TABLES:
        break;
    }
    return LYAP_OK;
}
