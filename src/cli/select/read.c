/* The options of `lyapgrad select`: candidates, split and combined. */
#include <stdlib.h>
#include <string.h>

#include "cli/experiment.h"
#include "cli/select/select.h"
#include "base/number.h"
#include "base/text.h"

/* ---- the candidates of one option ---- */

enum { NET, ACTIVATION, OPTIMISER, INIT, KINDS, MOST_CANDIDATES = 64 };
static const char *const options[KINDS] = {"net", "activation", "optimiser", "init"};

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

/* True when every target is 0 or 1; *one_hot when each sample has exactly one of several at 1. */
static bool binary_targets(const struct lyap_dataset *data, bool *one_hot) {
    *one_hot = data->outputs > 1;
    for (size_t i = 0; i < data->samples; i++) {
        size_t ones = 0;
        for (size_t o = 0; o < data->outputs; o++) {
            double y = data->y[i * data->outputs + o];
            if (y != 0 && y != 1) return *one_hot = false;
            ones += y == 1;
        }
        *one_hot = *one_hot && ones == 1;
    }
    return true;
}

/* Loss and output that suit the targets, where none is given. */
static void choose_loss(struct cli_selection *s, struct cli_values *values) {
    bool one_hot, binary = binary_targets(&s->source.train, &one_hot);
    s->loss = cli_text(values, "loss");
    s->output = cli_text(values, "output-activation");
    s->loss_chosen = !s->loss;
    if (!s->loss) {
        bool fits = !s->output || strcmp(s->output, one_hot ? "linear" : "sigmoid") == 0;
        s->loss = fits && one_hot ? "softmax" : fits && binary ? "bce" : "mse";
    }
    if (!s->output) s->output = strcmp(s->loss, "bce") == 0 ? "sigmoid" : "linear";
    cli_set_text(values, "loss", s->loss);
    cli_set_text(values, "output-activation", s->output);
}

static const char *default_text(struct cli_selection *s, int kind, struct lyap_text *words) {
    const struct lyap_dataset *data = &s->source.train;
    if (kind == NET) {
        char text[128];
        snprintf(text, sizeof text, "%zu-8-%zu/%zu-32-%zu", data->inputs, data->outputs, data->inputs, data->outputs);
        lyap_text_add(words, text);
        return NULL;
    }
    return kind == ACTIVATION ? "tanh/relu" : kind == OPTIMISER ? "gd" : "glorot-uniform";
}

/* ---- the settings ---- */

/* A copy of the options for one candidate: what its optimiser has no use for but another's has is left out. */
static void fit_optimiser(struct cli_values *values, const struct list *optimisers) {
    static const char *const numbers[] = {"momentum", "decay", "epsilon"};
    enum lyap_optimiser_kind own, other;
    if (lyap_optimiser_parse(cli_text(values, "optimiser"), &own, NULL)) return; /* complained about later */
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        for (size_t i = 0; i < optimisers->count; i++)
            if (!cli_optimiser_takes(own, numbers[n]) && !lyap_optimiser_parse(optimisers->word[i], &other, NULL) &&
                cli_optimiser_takes(other, numbers[n]))
                cli_set_text(values, numbers[n], NULL);
}

static bool read_setting(struct cli_selection *s, struct cli_values *values, uint64_t seed, size_t i) {
    struct cli_setting *setting = &s->settings[i];
    struct lyap_plan *plan = &s->plans[i];
    setting->shape = cli_text(values, "net");
    setting->activation = cli_text(values, "activation");
    setting->optimiser = cli_text(values, "optimiser");
    setting->init = cli_text(values, "init");
    if (!cli_experiment_network(&setting->net, values)) return false;
    const bool hidden = setting->net.layers > 1;
    snprintf(setting->name, sizeof setting->name, "%.60s%s%.60s, %.16s, %.50s", setting->shape, hidden ? " " : "",
             hidden ? setting->activation : "", setting->optimiser, setting->init);
    lyap_plan_defaults(plan, &setting->net, &s->source.train);
    plan->seed = seed;
    plan->precision = LYAP_FLOAT64;
    if (!cli_experiment_plan(plan, values) || !cli_optimiser_read(&plan->optimiser, values, seed, setting->net.layers))
        return false;
    if (!cli_text(values, "loss-window")) plan->window = false;
    plan->test = s->test.samples ? &s->test : NULL;
    return true;
}

/* A network without hidden layer has no activation to choose: its first is enough. */
static bool without_hidden(const char *shape) {
    const char *dash = strchr(shape, '-');
    return dash && !strchr(dash + 1, '-');
}

static bool read_settings(struct cli_selection *s, const struct cli_values *given, uint64_t seed) {
    struct cli_values values = *given;
    struct lyap_text words = {0};
    struct list lists[KINDS];
    size_t at[KINDS + 1];
    choose_loss(s, &values);
    for (int k = 0; k < KINDS; k++) {
        at[k] = words.length;
        const char *text = cli_text(given, options[k]);
        if (!text) text = default_text(s, k, &words);
        if (text) lyap_text_add(&words, text);
        lyap_text_add_char(&words, '\n'); /* becomes the end of the option's words */
    }
    if (words.failed) {
        lyap_text_free(&words);
        return cli_complain("out of memory for the candidates"), false;
    }
    s->words = words.data;
    for (int k = 0; k < KINDS; k++) {
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
        cli_set_text(&own, "lr", NULL);
        cli_set_text(&own, "epochs", NULL);
        fit_optimiser(&own, &lists[OPTIMISER]);
        if (!read_setting(s, &own, seed, count)) return false;
        count++;
    }
    s->plan.count = count;
    return true;
}

/* ---- numbers ---- */

static bool read_rates(struct lyap_selection_plan *plan, const char *text) {
    char low[64];
    if (!text) return true;
    const char *colon = strchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : strlen(text);
    if (length < sizeof low) {
        memcpy(low, text, length);
        low[length] = '\0';
        if (lyap_number_real(low, &plan->lr_low) == LYAP_NUMBER_OK &&
            lyap_number_real(colon ? colon + 1 : low, &plan->lr_high) == LYAP_NUMBER_OK && plan->lr_low > 0 &&
            plan->lr_high >= plan->lr_low)
            return true;
    }
    cli_complain("--lr: '%.60s' is not allowed; expected LOW:HIGH above 0 and ascending, as in 1e-3:10, or one rate",
                 text);
    return false;
}

static bool read_positive(const struct cli_values *values, const char *name, double most, double *value) {
    if (!cli_text(values, name)) return true;
    if (!cli_real(values, name, value)) return false;
    if (*value > 0 && *value <= most) return true;
    if (most < 2)
        cli_complain("--%s: %g is not allowed; expected a share above 0 and up to 1", name, *value);
    else
        cli_complain("--%s: %g is not allowed; expected a number above 0", name, *value);
    return false;
}

static bool read_numbers(struct cli_selection *s, const struct cli_values *values) {
    struct lyap_selection_plan *plan = &s->plan;
    const char *score = cli_text(values, "score");
    struct lyap_error error;
    uint64_t epochs = plan->epochs, divisor = plan->divisor, rungs = plan->rungs, rates = plan->rate_values,
             starts = plan->rate_starts, searches = plan->searches;
    if (score && lyap_score_parse(score, &plan->score, &error))
        return cli_complain("--score: %s", error.message), false;
    const char *by = cli_text(values, "by");
    plan->held_out = by && strcmp(by, "held-out") == 0;
    if (by && !plan->held_out && strcmp(by, "training") != 0)
        return cli_complain("--by: unknown loss '%.60s'; expected training or held-out", by), false;
    if (!read_rates(plan, cli_text(values, "lr")) ||
        !cli_count(values, "budget", 1, UINT64_C(1) << 53, &plan->budget) ||
        !cli_count(values, "epochs", 2, INT32_MAX, &epochs) || !cli_count(values, "divisor", 2, 16, &divisor) ||
        !cli_count(values, "rungs", 1, LYAP_MOST_RUNGS, &rungs) || !cli_count(values, "rates", 2, 1000, &rates) ||
        !cli_count(values, "rate-starts", 2, 100000, &starts) || !read_positive(values, "safe", 1, &plan->safe_share) ||
        !read_positive(values, "target", 1e308, &plan->target) ||
        !read_positive(values, "growth", 1e308, &plan->growth) || !cli_count(values, "searches", 0, 1000, &searches))
        return false;
    if (searches > 0 && searches < 5) {
        cli_complain("--searches: %llu are too few to tell; expected 5 .. 1000, or 0 for no comparison",
                     (unsigned long long)searches);
        return false;
    }
    plan->epochs = (uint32_t)epochs;
    plan->divisor = (uint32_t)divisor;
    plan->rungs = (uint32_t)rungs;
    plan->rate_values = (uint32_t)rates;
    plan->rate_starts = (uint32_t)starts;
    plan->searches = (uint32_t)searches;
    s->compares = searches > 0;
    return true;
}

bool cli_select_read(struct cli_selection *s, const struct cli_values *values, int *status) {
    uint64_t seed = 1;
    *status = EXIT_BAD_USAGE;
    s->quiet = cli_text(values, "quiet") != NULL;
    s->explain = cli_text(values, "explain") != NULL;
    s->out = "out/select";
    lyap_selection_defaults(&s->plan, NULL, 0);
    if (!cli_path(values, "out", &s->out) || !cli_count(values, "seed", 0, UINT64_MAX, &seed) ||
        !read_numbers(s, values) || !cli_data_read(&s->source, values, seed, status))
        return false;
    s->test = s->source.test;
    if (s->plan.held_out && !s->test.samples) {
        *status = EXIT_BAD_USAGE;
        return cli_complain("--by: held-out, but no data are held out; add --split or --test-data"), false;
    }
    *status = EXIT_BAD_USAGE;
    if (!read_settings(s, values, seed)) return false;
    s->plan.settings = s->plans;
    s->plan.progress = cli_progress;
    s->plan.progress_context = &s->quiet;
    *status = 0;
    return true;
}
