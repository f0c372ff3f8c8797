#include "cli/select/shown.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/selection.h"

/* The row of every table here; each uses what it needs. */
struct row {
    const struct cli_selection *s;
    uint64_t place;                         /* in the table, from 0 */
    const struct lyap_trial_record *record; /* a training run */
    const struct lyap_rate_row *rate;       /* a learning rate */
};

/* A column: its head, with the blanks that bring it over its cells, and the cell. */
struct column {
    const char *head;
    void (*cell)(const struct row *r, FILE *file);
    bool held_out; /* with held-out data alone */
};

static bool has(const struct cli_selection *s, const struct column *column) {
    return !column->held_out || s->test.samples > 0;
}

static void put_heads(const struct cli_selection *s, const struct column *columns, size_t n, FILE *file) {
    for (size_t c = 0; c < n; c++)
        if (has(s, &columns[c])) fputs(columns[c].head, file);
    putc('\n', file);
}

static void put_row(const struct row *r, const struct column *columns, size_t n, FILE *file) {
    for (size_t c = 0; c < n; c++)
        if (has(r->s, &columns[c])) columns[c].cell(r, file);
    putc('\n', file);
}

/* ---- training runs ---- */

static void rank(const struct row *r, FILE *file) {
    fprintf(file, "  %4llu", (unsigned long long)r->place + 1);
}
static void lr(const struct row *r, FILE *file) {
    fprintf(file, "  %8.3g", r->record->trial.lr);
}
static void loss(const struct row *r, FILE *file) {
    fprintf(file, "  %9.3g", r->record->result.loss);
}
static void test_loss(const struct row *r, FILE *file) {
    fprintf(file, "  %9.3g", r->record->result.test_loss);
}
static void lambda(const struct row *r, FILE *file) {
    if (r->record->result.defined)
        fprintf(file, "  %8.2g", r->record->result.exponent.lambda);
    else
        fprintf(file, "  %8s", "");
}
static void sharpness(const struct row *r, FILE *file) {
    if (r->record->result.sharpness_last != 0)
        fprintf(file, "  %9.3g", r->record->result.sharpness_last);
    else
        fprintf(file, "  %9s", "");
}
static void regime(const struct row *r, FILE *file) {
    fprintf(file, "  %-12s", lyap_regime_name(r->record->result.regime));
}
static void setting(const struct row *r, FILE *file) {
    fprintf(file, "  %s", r->s->settings[r->record->trial.setting].name);
}

static const struct column ranking[] = {
    {"  rank", rank, false},           {"        lr", lr, false},     {"       loss", loss, false},
    {"   held out", test_loss, true},  {"    lambda", lambda, false}, {"  sharpness", sharpness, false},
    {"  regime      ", regime, false}, {"  setting", setting, false},
};
enum { RANKING = sizeof ranking / sizeof *ranking, MOST_SHOWN = 5 };

void cli_select_print_ranking(const struct cli_selection *s, FILE *file) {
    const struct lyap_halving *halving = &s->selection.halving;
    uint64_t count = halving->trials[halving->rungs - 1];
    fprintf(file, "\nThe best of %llu trained to the end\n", (unsigned long long)count);
    put_heads(s, ranking, RANKING, file);
    for (uint64_t i = 0; i < count && i < MOST_SHOWN; i++) {
        const struct row row = {.s = s, .place = i, .record = &s->selection.records[s->selection.ranking[i]]};
        put_row(&row, ranking, RANKING, file);
    }
}

/* ---- settings ---- */

static void steps(const struct row *r, FILE *file) {
    fprintf(file, "  %7lu", (unsigned long)r->record->result.steps);
}
/* Runs of the setting in the rung of its best. */
static void runs(const struct row *r, FILE *file) {
    const struct lyap_selection *selection = &r->s->selection;
    size_t count = 0;
    for (size_t k = 0; k < selection->count; k++)
        count += selection->records[k].rung == r->record->rung &&
                 selection->records[k].trial.setting == r->record->trial.setting;
    fprintf(file, "  %6zu", count);
}
static void best_loss(const struct row *r, FILE *file) {
    fprintf(file, "  %10.3g", r->record->result.loss);
}

static const struct column settings[] = {
    {"    steps", steps, false}, {"  trials", runs, false},         {"   best loss", best_loss, false},
    {"        lr", lr, false},   {"  sharpness", sharpness, false}, {"  setting", setting, false},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

void cli_select_print_settings(const struct cli_selection *s, FILE *file) {
    fputs("\nWhy: the settings, by their best trial\n", file);
    put_heads(s, settings, SETTINGS, file);
    for (uint64_t i = 0; i < s->selection.halving.trials[0]; i++) {
        const struct row row = {.s = s, .place = i, .record = &s->selection.records[s->selection.ranking[i]]};
        if (cli_select_leads(s, i)) put_row(&row, settings, SETTINGS, file);
    }
}

/* ---- learning rates ---- */

static void rate_lr(const struct row *r, FILE *file) {
    fprintf(file, "  %8.3g", r->rate->lr);
}
static double percent(const struct row *r, uint64_t count) {
    return 100 * (double)count / (double)r->s->selection.rates.starts;
}
static void safe(const struct row *r, FILE *file) {
    fprintf(file, "  %4.0f %%", percent(r, r->rate->safe));
}
static void unstable(const struct row *r, FILE *file) {
    fprintf(file, "    %4.0f %%", percent(r, r->rate->unstable));
}
static void median_loss(const struct row *r, FILE *file) {
    fprintf(file, "  %11.3g", r->rate->loss[1]);
}
static void median_test_loss(const struct row *r, FILE *file) {
    fprintf(file, "  %9.3g", r->rate->test_loss);
}
static void median_lambda(const struct row *r, FILE *file) {
    if (r->rate->measured)
        fprintf(file, "  %8.2g", r->rate->exponent[1]);
    else
        fprintf(file, "  %8s", "");
}
/* With a mark at the recommended rate. */
static void edge(const struct row *r, FILE *file) {
    if (r->rate->edge_lr > 0) fprintf(file, "  %12.3g", r->rate->edge_lr);
    if (r->rate->lr == r->s->selection.rates.best.value) fputs("  <", file);
}

static const struct column rates[] = {
    {"        lr", rate_lr, false},          {"    safe", safe, false},
    {"  unstable", unstable, false},         {"  median loss", median_loss, false},
    {"   held out", median_test_loss, true}, {"    lambda", median_lambda, false},
    {"  stable up to", edge, false},
};
enum { RATES = sizeof rates / sizeof *rates };

void cli_select_print_rates(const struct cli_selection *s, FILE *file) {
    const struct lyap_rate_scan *scan = &s->selection.rates;
    fprintf(file,
            "\nWhy: the learning rates of %s\n  safe: bounded, not chaotic, not dead, the loss fell; lambda: median "
            "largest exponent over the second half\n",
            s->settings[scan->setting].name);
    put_heads(s, rates, RATES, file);
    for (size_t v = 0; v < scan->values; v++) {
        const struct row row = {.s = s, .place = v, .rate = &scan->rows[v]};
        put_row(&row, rates, RATES, file);
    }
}
