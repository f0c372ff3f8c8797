/* The words that options take, from the functions and lists that read them. */
#include "cli/words.h"

#include <string.h>

#include "cli/estimate.h"
#include "cli/help.h"
#include "data/dataset.h"
#include "model/initial_law.h"
#include "report/report.h"
#include "lyapgrad/selection.h"
#include "lyapgrad/series.h"

/* Each writes word i to `word`, or returns false behind the last. */

static bool put(char *word, const char *text) {
    if (text) snprintf(word, CLI_WORD, "%s", text);
    return text != NULL;
}

static bool activation(int i, char *word) {
    return i < LYAP_ACTIVATION_COUNT && put(word, lyap_activation_name((enum lyap_activation)i));
}

static bool loss(int i, char *word) {
    return i < LYAP_LOSS_COUNT && put(word, lyap_loss_name((enum lyap_loss)i));
}

static bool optimiser(int i, char *word) {
    return i < LYAP_OPTIMISER_COUNT && put(word, lyap_optimiser_name((enum lyap_optimiser_kind)i));
}

static bool method(int i, char *word) {
    return i < LYAP_SERIES_METHOD_COUNT && put(word, lyap_series_method_name((enum lyap_series_method)i));
}

static bool estimator(int i, char *word) {
    return i < CLI_ESTIMATORS && put(word, cli_estimator_names[i]);
}

static bool init(int i, char *word) {
    if (i >= LYAP_INIT_COUNT) return false;
    enum lyap_init_kind kind = (enum lyap_init_kind)i;
    snprintf(word, CLI_WORD, "%s%s", lyap_init_name(kind), lyap_init_is_scaled(kind) ? "" : ":");
    return true;
}

static bool init_bias(int i, char *word) {
    if (i == 0) return put(word, "zero");
    return i - 1 <= LYAP_INIT_NORMAL && init(i - 1, word);
}

static bool schedule(int i, char *word) {
    static const char *const words[] = {"constant", "cosine", "cosine:", "step:", NULL};
    return put(word, words[i]);
}

static bool source(int i, char *word) {
    if (i == 0) return put(word, "xor");
    const char *name = lyap_generator_name((size_t)i - 1);
    if (name) snprintf(word, CLI_WORD, "%s:", name);
    return name != NULL;
}

static bool score(int i, char *word) {
    return i < LYAP_SCORE_COUNT && put(word, lyap_score_name((enum lyap_score)i));
}

static bool section(int i, char *word) {
    return lyap_sections[i] && put(word, lyap_sections[i]->id);
}

static bool show(int i, char *word) {
    return put(word, cli_map_shows[i]);
}

static bool shown_orbit(int i, char *word) {
    return put(word, cli_bifurcation_shows[i]);
}

static bool swept(int i, char *word) {
    if (!cli_sweep_quantities[i]) return false;
    snprintf(word, CLI_WORD, "%s=", cli_sweep_quantities[i]);
    return true;
}

static bool axis(int i, char *word) {
    static const struct lyap_map_axis axes[] = {
        {.quantity = LYAP_MAP_LR},
        {.quantity = LYAP_MAP_LAYER_LR},
        {.quantity = LYAP_MAP_LAYER_LR, .layer = 1},
        {.quantity = LYAP_MAP_INIT_SCALE},
        {.quantity = LYAP_MAP_MOMENTUM},
        {.quantity = LYAP_MAP_WEIGHT_DECAY},
        {.quantity = LYAP_MAP_DIRECTION},
        {.quantity = LYAP_MAP_DIRECTION, .layer = 1},
    };
    char name[CLI_WORD - 1];
    if ((size_t)i >= sizeof axes / sizeof *axes) return false;
    snprintf(word, CLI_WORD, "%s:", lyap_map_axis_name(&axes[i], name, sizeof name));
    return true;
}

/* An option has the same words in every command, but where one is named. */
static const struct {
    const char *option;
    const struct cli_command *command;
    bool (*word)(int i, char *word);
} known[] = {
    {"activation", NULL, activation},
    {"output-activation", NULL, activation},
    {"loss", NULL, loss},
    {"optimiser", NULL, optimiser},
    {"method", NULL, method},
    {"estimator", NULL, estimator},
    {"init", NULL, init},
    {"init-bias", NULL, init_bias},
    {"schedule", NULL, schedule},
    {"data", NULL, source},
    {"section", NULL, section},
    {"score", NULL, score},
    {"show", &cli_map, show},
    {"show", &cli_bifurcation, shown_orbit},
    {"over", &cli_bifurcation, axis},
    {"over", &cli_sweep, swept},
    {"x", &cli_map, axis},
    {"y", &cli_map, axis},
};

static bool is_name_of(const char *part, size_t length, const char *name) {
    return strlen(name) == length && memcmp(part, name, length) == 0;
}

void cli_choices(const struct cli_command *command, const struct cli_option *option, struct cli_choice *choice) {
    static const char small[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    memset(choice, 0, sizeof *choice);
    if (!option->value) return;
    for (const char *part = option->value; *part;) {
        size_t length = strcspn(part, "|");
        choice->file = choice->file || is_name_of(part, length, "FILE") || is_name_of(part, length, "SOURCE");
        choice->directory = choice->directory || is_name_of(part, length, "DIR");
        if (strspn(part, small) == length && choice->count < CLI_MAX_WORDS)
            snprintf(choice->word[choice->count++], CLI_WORD, "%.*s", (int)length, part);
        part += length + (part[length] == '|');
    }
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        if (strcmp(known[k].option, option->name) != 0 || (known[k].command && known[k].command != command)) continue;
        choice->list = strchr(option->value, '/') ? '/' : strchr(option->value, ',') ? ',' : '\0';
        for (int i = 0; choice->count < CLI_MAX_WORDS && known[k].word(i, choice->word[choice->count]); i++)
            choice->count++;
    }
}

void cli_operands(const struct cli_command *command, struct cli_choice *choice) {
    memset(choice, 0, sizeof *choice);
    choice->file = command == &cli_series;
    choice->directory = command == &cli_merge;
    if (command != &cli_help) return;
    for (const struct cli_command *const *c = cli_commands; *c; c++) put(choice->word[choice->count++], (*c)->name);
    for (const struct cli_topic *t = cli_topics; t->name; t++) put(choice->word[choice->count++], t->name);
}
