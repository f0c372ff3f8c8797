#include "cli/options/words.h"

#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"
#include "cli/message.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/axis.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"

static const char *activation(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i < LYAP_ACTIVATION_COUNT ? lyap_activation_name((enum lyap_activation)i) : NULL;
}

static const char *loss(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i < LYAP_LOSS_COUNT ? lyap_loss_name((enum lyap_loss)i) : NULL;
}

static const char *optimiser(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i < LYAP_OPTIMISER_COUNT ? lyap_optimiser_name((enum lyap_optimiser_kind)i) : NULL;
}

static const char *precision(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i <= LYAP_FLOAT64 ? lyap_precision_name((enum lyap_precision)i) : NULL;
}

static const char *initial_law(int i, char text[CLI_WORD_LENGTH]) {
    if (i >= LYAP_INIT_COUNT) return NULL;
    enum lyap_init_kind kind = (enum lyap_init_kind)i;
    snprintf(text, CLI_WORD_LENGTH, "%s%s", lyap_init_name(kind), lyap_init_is_scaled(kind) ? "" : ":");
    return text;
}

static const char *law_form(int i, char text[CLI_WORD_LENGTH]) {
    if (i == LYAP_INIT_UNIFORM) return "uniform:LOW,HIGH";
    return i == LYAP_INIT_NORMAL ? "normal:MEAN,SD" : initial_law(i, text);
}

static const char *bias_form(int i, char text[CLI_WORD_LENGTH]) {
    if (i == 0) return "zero";
    return i - 1 <= LYAP_INIT_NORMAL ? law_form(i - 1, text) : NULL;
}

static const char *bias_law(int i, char text[CLI_WORD_LENGTH]) {
    if (i == 0) return "zero";
    return i - 1 <= LYAP_INIT_NORMAL ? initial_law(i - 1, text) : NULL;
}

static const char *schedule(int i, char text[CLI_WORD_LENGTH]) {
    static const char *const words[] = {"constant", "cosine", "cosine:", "step:", NULL};
    (void)text;
    return words[i];
}

static const char *schedule_form(int i, char text[CLI_WORD_LENGTH]) {
    static const char *const forms[] = {"constant", "step:EVERY,FACTOR", "cosine", "cosine:FLOOR", NULL};
    (void)text;
    return forms[i];
}

static const char *generator_form(int i, char text[CLI_WORD_LENGTH]) {
    if (i == 0) return "xor";
    const char *name = lyap_generator_name((size_t)i - 1);
    if (!name) return NULL;
    snprintf(text, CLI_WORD_LENGTH, "%s:%s", name, lyap_generator_form((size_t)i - 1));
    return text;
}

static const char *generator(int i, char text[CLI_WORD_LENGTH]) {
    if (i == 0) return "xor";
    const char *name = lyap_generator_name((size_t)i - 1);
    if (!name) return NULL;
    snprintf(text, CLI_WORD_LENGTH, "%s:", name);
    return text;
}

static const char *axis(int i, char text[CLI_WORD_LENGTH]) {
    static const struct lyap_sweep_axis axes[] = {
        {.quantity = LYAP_AXIS_LR},
        {.quantity = LYAP_AXIS_LAYER_LR},
        {.quantity = LYAP_AXIS_LAYER_LR, .layer = 1},
        {.quantity = LYAP_AXIS_INIT_SCALE},
        {.quantity = LYAP_AXIS_MOMENTUM},
        {.quantity = LYAP_AXIS_WEIGHT_DECAY},
        {.quantity = LYAP_AXIS_DIRECTION},
        {.quantity = LYAP_AXIS_DIRECTION, .layer = 1},
    };
    char name[CLI_WORD_LENGTH - 1];
    if ((size_t)i >= sizeof axes / sizeof *axes) return NULL;
    snprintf(text, CLI_WORD_LENGTH, "%s:", lyap_axis_name(&axes[i], name, sizeof name));
    return text;
}

/* In the order of enum lyap_header. */
static const char *header(int i, char text[CLI_WORD_LENGTH]) {
    static const char *const words[] = {"detect", "yes", "no", NULL};
    (void)text;
    return words[i];
}

const struct cli_words cli_activations = {"activation", activation, NULL}, cli_losses = {"loss", loss, NULL},
                       cli_optimisers = {"optimiser", optimiser, NULL}, cli_precisions = {"precision", precision, NULL},
                       cli_initial_laws = {"law", initial_law, law_form}, cli_bias_laws = {"law", bias_law, bias_form},
                       cli_schedules = {"schedule", schedule, schedule_form},
                       cli_generators = {"source", generator, generator_form}, cli_axes = {"quantity", axis, NULL},
                       cli_headers = {"word", header, NULL};

int cli_word_number(const struct cli_words *words, const char *word, size_t length) {
    char text[CLI_WORD_LENGTH];
    const char *known;
    for (int i = 0; (known = words->word(i, text)) != NULL; i++)
        if (strlen(known) == length && memcmp(known, word, length) == 0) return i;
    return -1;
}

/* Names that PyTorch, Keras and the literature have for ours. */
static const char *const other_names[][2] = {
    {"sgd", "gd"},
    {"identity", "linear"},
    {"logistic", "sigmoid"},
    {"swish", "silu"},
    {"sine", "sin"},
    {"leaky_relu", "leaky-relu"},
    {"leakyrelu", "leaky-relu"},
    {"xavier", "glorot-uniform"},
    {"xavier-uniform", "glorot-uniform"},
    {"xavier_uniform", "glorot-uniform"},
    {"xavier-normal", "glorot-normal"},
    {"xavier_normal", "glorot-normal"},
    {"glorot", "glorot-uniform"},
    {"kaiming", "he-uniform"},
    {"kaiming-uniform", "he-uniform"},
    {"kaiming_uniform", "he-uniform"},
    {"kaiming-normal", "he-normal"},
    {"kaiming_normal", "he-normal"},
    {"he", "he-uniform"},
    {"lecun", "lecun-uniform"},
    {"pytorch", "torch"},
    {"cross-entropy", "softmax"},
    {"crossentropy", "softmax"},
    {"float", "float32"},
    {"double", "float64"},
};

const char *cli_word_of(const struct cli_words *words, const char *word, size_t length, char room[CLI_WORD_LENGTH]) {
    char lower[CLI_WORD_LENGTH];
    if (length >= sizeof lower || cli_word_number(words, word, length) >= 0) return NULL;
    for (size_t i = 0; i < length; i++) lower[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] + 32) : word[i];
    lower[length] = '\0';
    const char *name = lower;
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
        if (strcmp(lower, other_names[i][0]) == 0 && cli_word_number(words, lower, length) < 0)
            name = other_names[i][1];
    if (cli_word_number(words, name, strlen(name)) < 0) return NULL;
    return memcpy(room, name, strlen(name) + 1);
}

/* The word without the character that says how it goes on. */
static size_t bare_length(const char *word) {
    const size_t length = strlen(word);
    return length && strchr(":=", word[length - 1]) ? length - 1 : length;
}

void cli_words_join(const struct cli_words *words, char *text, size_t size) {
    char room[CLI_WORD_LENGTH], next_room[CLI_WORD_LENGTH];
    const char *(*const at)(int, char *) = words->form ? words->form : words->word;
    const char *word = at(0, room);
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; word && used < size; i++) {
        const char *next = at(i + 1, next_room);
        bool last = !next, first = i == 0;
        used += (size_t)snprintf(text + used, size - used, "%s%.*s",
                                 first  ? ""
                                 : last ? " or "
                                        : ", ",
                                 (int)(words->form ? strlen(word) : bare_length(word)), word);
        if (next == next_room) next = memcpy(room, next_room, sizeof room);
        word = next;
    }
}

bool cli_words_join_some(const struct cli_words *words, unsigned some, char *text, size_t size) {
    char room[CLI_WORD_LENGTH];
    const char *word;
    bool others = false;
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; (word = words->word(i, room)) != NULL; i++) {
        others = others || !(some >> i & 1);
        if (!(some >> i & 1) || used >= size) continue;
        const bool last = !(some >> i >> 1);
        used += (size_t)snprintf(text + used, size - used, "%s%s", !used ? "" : last ? " or " : ", ", word);
    }
    return others;
}

const char *cli_word_near(const struct cli_words *words, const char *word, size_t length, char text[CLI_WORD_LENGTH]) {
    char copy[CLI_WORD_LENGTH], room[CLI_MOST_WORDS][CLI_WORD_LENGTH];
    const char *known[CLI_MOST_WORDS], *at;
    int count = 0;
    while (count < CLI_MOST_WORDS && (at = words->word(count, text)) != NULL) {
        snprintf(room[count], sizeof room[count], "%.*s", (int)bare_length(at), at);
        known[count] = room[count];
        count++;
    }
    snprintf(copy, sizeof copy, "%.*s", (int)(length < sizeof copy ? length : sizeof copy - 1), word);
    const char *near = lyap_nearest_word(copy, known, (size_t)count);
    if (!near || strcmp(near, copy) == 0) return NULL;
    snprintf(text, CLI_WORD_LENGTH, "%s", near);
    return text;
}

void cli_words_complain(const struct cli_words *words, const char *option, const char *word, size_t length) {
    char text[CLI_WORD_LENGTH], allowed[300];
    const char *near = cli_word_near(words, word, length, text);
    cli_words_join(words, allowed, sizeof allowed);
    cli_complain("--%s: unknown %s '%.*s'; %s%s%sexpected %s", option, words->noun, (int)(length < 60 ? length : 60),
                 word, near ? "did you mean '" : "", near ? near : "", near ? "'? " : "", allowed);
}
