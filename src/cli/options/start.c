#include "cli/options/start.h"

#include <string.h>

#include "lyapgrad/initial_law.h"
#include "lyapgrad/ensemble.h"

/* "uniform:A,B" or "normal:M,S". False, without a message, for another word. */
static bool is_drawn(const char *text, bool *normal) {
    *normal = strncmp(text, "normal:", 7) == 0;
    return *normal || strncmp(text, "uniform:", 8) == 0;
}

static bool read_init(const struct cli_option *option, const char *text, void *group) {
    struct lyap_plan *plan = group;
    bool normal;
    if (is_drawn(text, &normal)) {
        plan->init = normal ? LYAP_INIT_NORMAL : LYAP_INIT_UNIFORM;
        return cli_pair(option, text, strchr(text, ':') + 1, &plan->init_a, &plan->init_b);
    }
    const int kind = cli_word_number(&cli_initial_laws, text, strlen(text));
    if (kind < 0 || !lyap_init_is_scaled((enum lyap_init_kind)kind)) return cli_refuse_form(option, text);
    plan->init = (enum lyap_init_kind)kind;
    plan->window = false;
    return true;
}

static bool read_bias(const struct cli_option *option, const char *text, void *group) {
    struct lyap_plan *plan = group;
    bool normal;
    if (is_drawn(text, &normal)) {
        plan->bias = normal ? LYAP_BIAS_NORMAL : LYAP_BIAS_UNIFORM;
        return cli_pair(option, text, strchr(text, ':') + 1, &plan->bias_a, &plan->bias_b);
    }
    plan->bias = LYAP_BIAS_ZERO;
    return strcmp(text, "zero") == 0 || cli_refuse_form(option, text);
}

static bool read_window(const struct cli_option *option, const char *text, void *group) {
    struct lyap_plan *plan = group;
    plan->window = strcmp(text, "none") != 0;
    return !plan->window || cli_pair(option, text, text, &plan->window_low, &plan->window_high);
}

static const char *no_window(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i == 0 ? "none" : NULL;
}
static const char *window_form(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i == 0 ? "LOW,HIGH" : i == 1 ? "none" : NULL;
}
static const struct cli_words window_words = {"window", no_window, window_form};

static const struct cli_option options[] = {
    {.name = "init",
     .value = "LAW",
     .type = CLI_FORM,
     .help = "law of the initial weights; glorot, he, lecun and torch scale by layer",
     .words = &cli_initial_laws,
     .standard = "uniform:0,1",
     .absent = "for data other than xor and parity glorot-uniform",
     .read = read_init},
    {.name = "init-bias",
     .value = "LAW",
     .type = CLI_FORM,
     .help = "law of the initial biases",
     .words = &cli_bias_laws,
     .absent = "that of the weights; zero with glorot, he and lecun",
     .read = read_bias},
    {.name = "loss-window",
     .value = "LOW,HIGH|none",
     .type = CLI_FORM,
     .help = "redraw a start until its initial loss lies there",
     .words = &window_words,
     .absent = "0.2,0.4 for xor and parity with uniform or normal, else none",
     .read = read_window},
    {.name = "max-draws",
     .value = "N",
     .type = CLI_COUNT,
     .help = "draws of a start before giving up on --loss-window",
     .least = 1,
     .most = UINT32_MAX,
     .standard = "1000000",
     .into = CLI_INTO(struct lyap_plan, max_draws)},
    {.name = "weights",
     .value = "FILE",
     .type = CLI_FILE,
     .help = "file of starting points (CSV, .npy), one per row",
     .absent = "they are drawn"},
    {.name = NULL},
};
const struct cli_group cli_start_options = {"Starting points", options};

bool cli_start_fits(const struct cli_values *values) {
    static const char *const drawing[] = {"init", "init-bias", "loss-window", "max-draws"};
    if (!cli_text(values, "weights")) return true;
    for (size_t i = 0; i < sizeof drawing / sizeof *drawing; i++)
        if (cli_text(values, drawing[i])) {
            cli_complain("--%s: starting points come from --weights and are not drawn; leave one of the two out",
                         drawing[i]);
            return false;
        }
    return true;
}
