/* The options of `lyapgrad select`: candidates, split and combined. */
#include <stdlib.h>
#include <string.h>

#include "cli/options/defaults.h"
#include "cli/options/estimator.h"
#include "cli/options/network.h"
#include "cli/options/numbers.h"
#include "cli/options/optimiser.h"
#include "cli/options/training.h"
#include "cli/select/select.h"
#include "base/number.h"
#include "base/text.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/selection.h"
#include "lyapgrad/spectrum.h"

/* ---- the candidates of one option ---- */

enum { NET, ACTIVATION, OPTIMISER, INIT, VARIED, MOST_CANDIDATES = 64 };
static const char *const options[VARIED] = {"net", "activation", "optimiser", "init"};

struct list {
    const char *word[MOST_CANDIDATES];
    size_t count;
};

/* Splits `text`, which is changed, at its slashes. */
static bool split(const char *option, char *text, struct list *list) {
    list->count = 0;
    for (char *at = text;;) {
        size_t length = strcspn(at, "/");
        bool last = at[length] == '\0';
        at[length] = '\0';
        if (length == 0) return cli_complain("--%s: a candidate between two '/' is empty", option), false;
        for (size_t i = 0; i < list->count; i++)
            if (strcmp(list->word[i], at) == 0) return cli_complain("--%s: '%.60s' is given twice", option, at), false;
        if (list->count == MOST_CANDIDATES)
            return cli_complain("--%s: more than %d candidates", option, MOST_CANDIDATES), false;
        list->word[list->count++] = at;
        if (last) return true;
        at += length + 1;
    }
}

/* ---- defaults that the data decide ---- */

/* Loss and output that suit the targets, where none is given. */
static void choose_loss(struct cli_selection *s, struct cli_values *values) {
    s->loss_chosen = !cli_text(values, "loss");
    cli_defaults_loss(values, &s->source.train);
    s->loss = cli_text(values, "loss");
    s->output = cli_text(values, "output-activation");
}

/* The candidates as given or by default; the networks' sizes depend on the data. */
static void add_candidates(const struct cli_selection *s, const struct cli_values *given, int which,
                           struct lyap_text *words) {
    const struct lyap_dataset *data = &s->source.train;
    const char *text = which == NET ? cli_text(given, "net") : cli_text_or_standard(given, options[which]);
    char sizes[128];
    snprintf(sizes, sizeof sizes, "%zu-8-%zu/%zu-32-%zu", data->inputs, data->outputs, data->inputs, data->outputs);
    lyap_text_add(words, text ? text : sizes);
    lyap_text_add_char(words, '\n'); /* becomes the end of the option's words */
}

/* ---- the settings ---- */

/* A copy of the options for one candidate: what its optimiser has no use for but another's has is left out. */
static void fit_optimiser(struct cli_values *values, const struct list *optimisers) {
    enum lyap_optimiser_kind own, other;
    if (lyap_optimiser_parse(cli_text(values, "optimiser"), &own, NULL)) return; /* complained about later */
    for (const struct cli_option *o = cli_optimiser_options.options; o->name; o++)
        for (size_t i = 0; i < optimisers->count; i++)
            if (!cli_optimiser_takes(own, o->name) && !lyap_optimiser_parse(optimisers->word[i], &other, NULL) &&
                cli_optimiser_takes(other, o->name))
                cli_set_text(values, o->name, NULL);
}

static bool read_setting(struct cli_selection *s, struct cli_values *values, const struct cli_common *common,
                         size_t i) {
    struct cli_setting *setting = &s->settings[i];
    struct lyap_plan *plan = &s->plans[i];
    setting->shape = cli_text(values, "net");
    setting->activation = cli_text(values, "activation");
    setting->optimiser = cli_text(values, "optimiser");
    setting->init = cli_text(values, "init");
    if (!cli_network_read(&setting->net, values)) return false;
    const bool hidden = setting->net.layers > 1;
    snprintf(setting->name, sizeof setting->name, "%.60s%s%.60s, %.16s, %.50s", setting->shape, hidden ? " " : "",
             hidden ? setting->activation : "", setting->optimiser, setting->init);
    lyap_plan_defaults(plan, &setting->net, &s->source.train);
    if (!cli_plan_read(plan, values, common) ||
        !cli_optimiser_read(&plan->optimiser, values, common->seed, setting->net.layers))
        return false;
    plan->test = s->test.samples ? &s->test : NULL;
    return true;
}

/* A network without hidden layer has no activation to choose: its first is enough. */
static bool without_hidden(const char *shape) {
    const char *dash = strchr(shape, '-');
    return dash && !strchr(dash + 1, '-');
}

static bool read_settings(struct cli_selection *s, const struct cli_values *given, const struct cli_common *common) {
    struct cli_values values = *given;
    struct lyap_text words = {0};
    struct list lists[VARIED];
    size_t at[VARIED + 1];
    choose_loss(s, &values);
    for (int k = 0; k < VARIED; k++) {
        at[k] = words.length;
        add_candidates(s, given, k, &words);
    }
    if (words.failed) {
        lyap_text_free(&words);
        return cli_complain("out of memory for the candidates"), false;
    }
    s->words = words.data;
    for (int k = 0; k < VARIED; k++) {
        s->words[strcspn(s->words + at[k], "\n") + at[k]] = '\0';
        if (!split(options[k], s->words + at[k], &lists[k])) return false;
    }
    size_t most = lists[NET].count * lists[ACTIVATION].count * lists[OPTIMISER].count * lists[INIT].count;
    s->settings = calloc(most, sizeof *s->settings);
    s->plans = calloc(most, sizeof *s->plans);
    if (!s->settings || !s->plans) return cli_complain("out of memory for %zu settings", most), false;
    size_t count = 0;
    for (size_t i = 0; i < most; i++) {
        const size_t n = i / (most / lists[NET].count),
                     a = i / (lists[OPTIMISER].count * lists[INIT].count) % lists[ACTIVATION].count,
                     o = i / lists[INIT].count % lists[OPTIMISER].count, l = i % lists[INIT].count;
        if (a > 0 && without_hidden(lists[NET].word[n])) continue;
        struct cli_values own = values;
        cli_set_text(&own, "net", lists[NET].word[n]);
        cli_set_text(&own, "activation", lists[ACTIVATION].word[a]);
        cli_set_text(&own, "optimiser", lists[OPTIMISER].word[o]);
        cli_set_text(&own, "init", lists[INIT].word[l]);
        fit_optimiser(&own, &lists[OPTIMISER]);
        if (!read_setting(s, &own, common, count)) return false;
        count++;
    }
    s->plan.count = count;
    return true;
}

/* ---- numbers ---- */

static bool read_rates(const struct cli_option *option, const char *text, void *group) {
    struct lyap_selection_plan *plan = &((struct cli_selection *)group)->plan;
    double ends[2];
    const int count = cli_reals(text, ':', 2, ends);
    if (count == 1) ends[1] = ends[0];
    if (count == 0 || !(ends[0] > 0 && ends[1] >= ends[0]))
        return cli_refuse(option->name, text, "LOW:HIGH above 0 and ascending, as in 1e-3:10, or one rate");
    plan->lr_low = ends[0];
    plan->lr_high = ends[1];
    return true;
}

/* 0, or enough for an interval. */
static bool read_searches(const struct cli_option *option, const char *text, void *group) {
    struct cli_selection *s = group;
    uint64_t searches;
    if (!lyap_number_count(text, 1000, &searches) || (searches > 0 && searches < 5))
        return cli_refuse(option->name, text, "a whole number 5 .. 1000, or 0 for no comparison");
    s->plan.searches = (uint32_t)searches;
    s->compares = searches > 0;
    return true;
}

static const char *score(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i < LYAP_SCORE_COUNT ? lyap_score_name((enum lyap_score)i) : NULL;
}

static const char *judge(int i, char text[CLI_WORD_LENGTH]) {
    static const char *const words[] = {"training", "held-out", NULL};
    (void)text;
    return words[i];
}

static const struct cli_words scores = {"score", score, NULL}, judges = {"loss", judge, NULL};

static const struct cli_option own[] = {
    {.name = "lr",
     .also = "learning-rate",
     .value = "LOW:HIGH",
     .type = CLI_FORM,
     .help = "learning rates to choose from, or a single one, above 0",
     .standard = "1e-3:10",
     .read = read_rates},
    {.name = "steps",
     .also = "epochs",
     .value = "N",
     .type = CLI_COUNT,
     .help = "length of a full training: updates of the weights; --epochs is the same",
     .least = 2,
     .most = INT32_MAX,
     .unit = "gradient-descent steps",
     .standard = "500",
     .into = CLI_INTO(struct cli_selection, plan.epochs)},
    {.name = "budget",
     .value = "STEPS",
     .type = CLI_COUNT,
     .help = "work of search and rates together; the sharpness of the search's trials is not charged to it",
     .least = 1,
     .most = UINT64_C(1) << 53,
     .unit = "gradient steps",
     .standard = "1000000",
     .into = CLI_INTO(struct cli_selection, plan.budget)},
    {.name = "score",
     .value = "NAME",
     .type = CLI_WORD,
     .help = "by which the best trials go on",
     .words = &scores,
     .standard = "loss",
     .into = CLI_INTO(struct cli_selection, plan.score)},
    {.name = "by",
     .value = "training|held-out",
     .type = CLI_WORD,
     .help = "the loss that scores and choices go by",
     .words = &judges,
     .standard = "training",
     .into = CLI_INTO(struct cli_selection, plan.held_out)},
    {.name = "searches",
     .value = "N",
     .type = CLI_FORM,
     .help = "repeated searches in all ways that tell what the choice was worth, 5 .. 1000, each at the cost of the "
             "first; 0: none",
     .standard = "0",
     .read = read_searches},
    {.name = "explain",
     .type = CLI_SWITCH,
     .help = "also print why; report.txt always has it",
     .into = CLI_INTO(struct cli_selection, explain),
     .aside = true},
    {.name = "divisor",
     .value = "N",
     .type = CLI_COUNT,
     .help = "one in N trials goes on, to N times as many steps",
     .least = 2,
     .most = 16,
     .standard = "4",
     .into = CLI_INTO(struct cli_selection, plan.divisor)},
    {.name = "rungs",
     .value = "N",
     .type = CLI_COUNT,
     .help = "number of lengths of trials, fewer where the first would have under 8 steps",
     .least = 1,
     .most = LYAP_MOST_RUNGS,
     .standard = "4",
     .into = CLI_INTO(struct cli_selection, plan.rungs)},
    {.name = "rates",
     .value = "N",
     .type = CLI_COUNT,
     .help = "number of learning rates at which the best setting is measured",
     .least = 2,
     .most = 1000,
     .standard = "25",
     .into = CLI_INTO(struct cli_selection, plan.rate_values)},
    {.name = "rate-starts",
     .value = "N",
     .type = CLI_COUNT,
     .help = "number of starts of these measurements",
     .least = 2,
     .most = 100000,
     .absent = "as many as half of the budget pays, 8 .. 64",
     .into = CLI_INTO(struct cli_selection, plan.rate_starts)},
    {.name = "safe",
     .value = "SHARE",
     .type = CLI_REAL,
     .help = "share of the starts that train safely at the largest safe learning rate",
     .range = {0, 1, true, false},
     .standard = "0.95",
     .into = CLI_INTO(struct cli_selection, plan.safe_share)},
    {.name = "target",
     .value = "LOSS",
     .type = CLI_REAL,
     .help = "the loss whose first step the comparison counts",
     .range = CLI_ABOVE(0),
     .absent = "the median of random search",
     .into = CLI_INTO(struct cli_selection, plan.target)},
    {.name = NULL},
};
const struct cli_group cli_select_options = {NULL, own};

static bool read_growth(struct lyap_selection_plan *plan, const struct cli_values *values) {
    struct lyap_spectrum_plan spectrum;
    lyap_spectrum_defaults(&spectrum, NULL, NULL);
    if (!cli_read(values, &cli_estimate_options, &spectrum)) return false;
    plan->growth = spectrum.growth;
    return true;
}

bool cli_select_read(void *context, const struct cli_values *values, int *status) {
    struct cli_selection *s = context;
    struct cli_common common;
    *status = EXIT_BAD_USAGE;
    lyap_selection_defaults(&s->plan, NULL, 0);
    if (!cli_common_read(&common, values) || !cli_read(values, &cli_select_options, s) ||
        !read_growth(&s->plan, values))
        return false;
    s->quiet = common.quiet;
    cli_progress_phase(s->quiet, "reading the data");
    if (!cli_data_read(&s->source, values, common.seed, status)) return false;
    s->out = common.out;
    s->argc = values->argc;
    s->argv = values->argv;
    s->test = s->source.test;
    *status = EXIT_BAD_USAGE;
    if (s->plan.held_out && !s->test.samples)
        return cli_complain("--by: held-out, but no data are held out; add --split or --test-data"), false;
    if (!read_settings(s, values, &common)) return false;
    s->plan.settings = s->plans;
    s->plan.progress = cli_progress;
    s->plan.progress_context = &s->quiet;
    *status = 0;
    return true;
}
