#include "cli/options/values.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/number.h"
#include "io/output_file.h"
#include "results/manifest.h"

/* ---- words to options ---- */

static void complain_unknown(const struct cli_command *command, const char *word, size_t length) {
    const char *known[CLI_MOST_OPTIONS];
    size_t count = 0;
    char name[40];
    struct cli_walk walk = {.use = command->options};
    snprintf(name, sizeof name, "%.*s", (int)(length < 39 ? length : 39), word);
    while (cli_walk_next(&walk)) known[count++] = walk.option.name;
    const char *near = lyap_nearest_word(name, known, count);
    if (near)
        cli_complain("unknown option '--%s'; did you mean '--%s'? 'lyapgrad %s --help' lists them", name, near,
                     command->name);
    else
        cli_complain("unknown option '--%s'; 'lyapgrad %s --help' lists them", name, command->name);
}

/* The text with words that have another spelling (cli_word_of) replaced: the same text where there are none, or for a file's name. */
static const char *spelt(struct cli_values *values, const struct cli_option *o, const char *text) {
    char *to = values->words + values->used, *end = values->words + sizeof values->words, room[CLI_WORD_LENGTH];
    bool other = false;
    if (!o->words || o->file || (o->type != CLI_WORD && o->type != CLI_FORM)) return text;
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",/");
        const char *word = cli_word_of(o->words, at, length, room);
        const size_t size = word ? strlen(word) : length;
        if ((size_t)(end - to) < size + 1) return text; /* too long for what any option takes */
        for (size_t i = 0; i < size; i++) *to++ = (word ? word : at)[i];
        other = other || word;
        at += length;
        *to++ = *at;
        if (!*at) break;
    }
    if (!other) return text;
    text = values->words + values->used;
    values->used = (size_t)(to - values->words);
    return text;
}

/* Takes the option words[0] with its value; returns the number of words taken, 0 after a message. */
static int take_option(struct cli_values *values, int words, char **word) {
    const char *name = word[0] + 2, *equals = strchr(name, '=');
    const size_t length = equals ? (size_t)(equals - name) : strlen(name);
    struct cli_option option;
    const int position = cli_find_option(values->command->options, name, length, &option);
    const bool apart = position >= 0 && option.value && !equals;
    if (position < 0)
        complain_unknown(values->command, name, length);
    else if (values->given[position])
        cli_complain("--%s: given twice", option.name);
    else if (!option.value && equals)
        cli_complain("--%s: is a switch and takes no value", option.name);
    else if (apart && words < 2)
        cli_complain("--%s: needs a value, %s", option.name, option.value);
    else {
        values->by_other[position] = strlen(option.name) != length || strncmp(option.name, name, length) != 0;
        values->given[position] = !option.value ? "" : spelt(values, &option, equals ? equals + 1 : word[1]);
        return apart ? 2 : 1;
    }
    return 0;
}

static bool take_words(struct cli_values *values, int argc, char **argv, struct cli_operands *operands, int *status) {
    for (int i = 0, taken; i < argc; i += taken) {
        const bool is_option = strncmp(argv[i], "--", 2) == 0;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            *status = CLI_HELP_ASKED;
            return false;
        }
        taken = 1;
        if (!is_option && operands && operands->count < operands->room) {
            operands->names[operands->count++] = argv[i];
        } else if (!is_option) {
            cli_complain("unexpected argument '%.60s'; options begin with '--', 'lyapgrad %s --help' lists them",
                         argv[i], values->command->name);
            return false;
        } else if ((taken = take_option(values, argc - i, argv + i)) == 0) {
            return false;
        }
    }
    return true;
}

/* ", as in --NAME EXAMPLE", or nothing; `text` has room. */
static const char *as_in(const struct cli_option *o, char text[CLI_ALLOWED]) {
    text[0] = '\0';
    if (o->example) snprintf(text, CLI_ALLOWED, ", as in --%s %s", o->name, o->example);
    return text;
}

static bool has_required(const struct cli_values *values) {
    char allowed[CLI_ALLOWED], example[CLI_ALLOWED];
    struct cli_walk walk = {.use = values->command->options};
    for (int position = 0; cli_walk_next(&walk); position++) {
        const struct cli_option *o = &walk.option;
        if (values->given[position] || !o->absent || strcmp(o->absent, CLI_REQUIRED) != 0) continue;
        cli_complain("--%s: is missing; expected %s%s", o->name, cli_allowed(o, allowed), as_in(o, example));
        return false;
    }
    return true;
}

bool cli_parse_operands(struct cli_values *values, const struct cli_command *command, int argc, char **argv,
                        struct cli_operands *operands, int *status) {
    memset(values, 0, sizeof *values);
    values->command = command;
    *status = EXIT_BAD_USAGE;
    if (!take_words(values, argc, argv, operands, status)) return false;
    bool named = !operands || operands->count > 0;
    for (int i = 0; operands && i < operands->count; i++) named = named && *operands->names[i];
    if (!named) {
        cli_complain("%s is missing; expected %s, as in: %s", command->operand_form, command->operand_help,
                     command->example);
        return false;
    }
    if (!has_required(values)) return false;
    *status = 0;
    return true;
}

bool cli_parse(struct cli_values *values, const struct cli_command *command, int argc, char **argv, int *status) {
    return cli_parse_operands(values, command, argc, argv, NULL, status);
}

const char *cli_text(const struct cli_values *values, const char *name) {
    struct cli_option option;
    int position = cli_find_option(values->command->options, name, strlen(name), &option);
    return position < 0 ? NULL : values->given[position];
}

const char *cli_text_or_standard(const struct cli_values *values, const char *name) {
    struct cli_option option;
    int position = cli_find_option(values->command->options, name, strlen(name), &option);
    if (position < 0) return NULL;
    return values->given[position] ? values->given[position] : option.standard;
}

void cli_set_text(struct cli_values *values, const char *name, const char *text) {
    struct cli_option option;
    int position = cli_find_option(values->command->options, name, strlen(name), &option);
    if (position >= 0) values->given[position] = text;
}

/* ---- values by their types ---- */

bool cli_refuse(const char *name, const char *text, const char *format, ...) {
    char expected[CLI_ALLOWED];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected, sizeof expected, format, arguments);
    va_end(arguments);
    cli_complain("--%s: '%.60s' is not allowed; expected %s", name, text, expected);
    return false;
}

static bool refuse(const struct cli_option *o, const char *text) {
    char allowed[CLI_ALLOWED];
    return cli_refuse(o->name, text, "%s", cli_allowed(o, allowed));
}

static void put_whole(const struct cli_place *place, uint64_t value, void *to) {
    const uint8_t byte = (uint8_t)value;
    const uint16_t half = (uint16_t)value;
    const uint32_t word = (uint32_t)value;
    const void *from = place->size == 1   ? (const void *)&byte
                       : place->size == 2 ? (const void *)&half
                       : place->size == 4 ? (const void *)&word
                                          : (const void *)&value;
    if (place->size) memcpy((char *)to + place->offset, from, place->size);
}

bool cli_whole(const char *text, uint64_t most, uint64_t *value) {
    double real;
    if (lyap_number_count(text, most, value)) return true;
    if (!strpbrk(text, "eE") || lyap_number_real(text, &real) || !(real >= 0 && real <= 0x1p53 && real == floor(real)))
        return false;
    *value = (uint64_t)real;
    return *value <= most;
}

static bool read_count(const struct cli_option *o, const char *text, void *to) {
    uint64_t value;
    if (!cli_whole(text, o->most, &value) || value < o->least) return refuse(o, text);
    put_whole(&o->into, value, to);
    return true;
}

static bool within(const struct cli_range *r, double value) {
    if (r->low == 0 && r->high == 0) return true;
    return (r->above ? value > r->low : value >= r->low) && (r->below ? value < r->high : value <= r->high);
}

static bool read_real(const struct cli_option *o, const char *text, void *to) {
    double value;
    enum lyap_number found = lyap_number_real(text, &value);
    if (found == LYAP_NUMBER_TOO_LARGE) {
        cli_complain("--%s: %.60s is too large for a number", o->name, text);
        return false;
    }
    if (found != LYAP_NUMBER_OK || !within(&o->range, value)) return refuse(o, text);
    if (o->into.size) memcpy((char *)to + o->into.offset, &value, sizeof value);
    return true;
}

static bool read_word(const struct cli_option *o, const char *text, void *to) {
    int number = cli_word_number(o->words, text, strlen(text));
    if (number < 0) return cli_words_complain(o->words, o->name, text, strlen(text)), false;
    put_whole(&o->into, (uint64_t)number, to);
    return true;
}

bool cli_read_text(const struct cli_option *o, const char *text, void *to) {
    char allowed[CLI_ALLOWED];
    if (o->type == CLI_FORM && o->read) return o->read(o, text, to);
    if ((o->type == CLI_FILE || o->type == CLI_DIRECTORY) && !*text) {
        cli_complain("--%s: the name is empty; expected %s", o->name, cli_allowed(o, allowed));
        return false;
    }
    switch (o->type) {
    case CLI_SWITCH:
        if (o->into.size) *(bool *)((char *)to + o->into.offset) = true;
        return true;
    case CLI_COUNT:
        return read_count(o, text, to);
    case CLI_REAL:
        return read_real(o, text, to);
    case CLI_WORD:
        return read_word(o, text, to);
    default:
        if (o->into.size) memcpy((char *)to + o->into.offset, &text, sizeof text);
        return true;
    }
}

bool cli_read(const struct cli_values *values, const struct cli_group *group, void *to) {
    struct cli_walk walk = {.use = values->command->options};
    for (int position = 0; cli_walk_next(&walk); position++) {
        const char *text = values->given[position] ? values->given[position] : walk.option.standard;
        if (values->by_other[position]) walk.option.name = walk.option.also;
        if (walk.use->group == group && text && !cli_read_text(&walk.option, text, to)) return false;
    }
    return true;
}

bool cli_choice_fits(const struct cli_values *values, const struct cli_words *with, int choice) {
    struct cli_walk walk = {.use = values->command->options};
    char fitting[CLI_ALLOWED], own[CLI_WORD_LENGTH];
    for (int position = 0; cli_walk_next(&walk); position++) {
        if (walk.option.with != with || !values->given[position] || walk.option.choices >> choice & 1) continue;
        cli_words_join_some(with, walk.option.choices, fitting, sizeof fitting);
        cli_complain("--%s: has no meaning for the %s %s; it belongs to: %s", walk.option.name, with->noun,
                     with->word(choice, own), fitting);
        return false;
    }
    return true;
}

bool cli_refuse_form(const struct cli_option *o, const char *text) {
    char allowed[CLI_ALLOWED], example[CLI_ALLOWED], room[CLI_WORD_LENGTH];
    const char *near = o->words ? cli_word_near(o->words, text, strcspn(text, ":=,"), room) : NULL;
    cli_complain("--%s: '%.60s' is malformed; %s%s%sexpected %s%s", o->name, text, near ? "did you mean '" : "",
                 near ? near : "", near ? "'? " : "", cli_allowed(o, allowed), as_in(o, example));
    return false;
}

bool cli_pair(const struct cli_option *o, const char *text, const char *pair, double *a, double *b) {
    const struct cli_option number = {.name = o->name, .type = CLI_REAL, .into = {0, sizeof(double), CLI_TO_REAL}};
    char first[64];
    const char *comma = strchr(pair, ',');
    size_t length = comma ? (size_t)(comma - pair) : 0;
    if (!comma || length >= sizeof first || strchr(comma + 1, ',')) return cli_refuse_form(o, text);
    memcpy(first, pair, length);
    first[length] = '\0';
    return cli_read_text(&number, first, a) && cli_read_text(&number, comma + 1, b);
}

/* ---- values to a manifest ---- */

static uint64_t whole_of(const struct cli_place *place, const void *from) {
    uint8_t byte;
    uint16_t half;
    uint32_t word;
    uint64_t value = 0;
    const char *at = (const char *)from + place->offset;
    switch (place->size) {
    case 1:
        return memcpy(&byte, at, sizeof byte), byte;
    case 2:
        return memcpy(&half, at, sizeof half), half;
    case 4:
        return memcpy(&word, at, sizeof word), word;
    default:
        return memcpy(&value, at, sizeof value), value;
    }
}

void cli_put(FILE *file, const struct cli_group *group, const char *name, const void *from) {
    const struct cli_option *o = group->options;
    char text[CLI_WORD_LENGTH];
    const char *words;
    double real;
    while (o->name && !cli_is_option(o, name, strlen(name))) o++;
    if (!o->name) return;
    const void *at = (const char *)from + o->into.offset;
    if (o->type == CLI_WORD) {
        fprintf(file, "%s = %s\n", name, o->words->word((int)whole_of(&o->into, from), text));
    } else if (o->into.as == CLI_TO_TEXT) {
        memcpy(&words, at, sizeof words);
        lyap_manifest_words(file, name, words);
    } else if (o->into.as == CLI_TO_REAL) {
        memcpy(&real, at, sizeof real);
        fprintf(file, "%s = %s\n", name, lyap_format_real(real, text));
    } else if (o->into.as == CLI_TO_BOOL) {
        fprintf(file, "%s = %s\n", name, *(const bool *)at ? "yes" : "no");
    } else {
        fprintf(file, "%s = %llu\n", name, (unsigned long long)whole_of(&o->into, from));
    }
}

void cli_put_each(FILE *file, const struct cli_group *group, const char *names, const void *from) {
    char name[CLI_WORD_LENGTH];
    for (const char *at = names; *at; at += strspn(at, " ")) {
        const size_t length = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        cli_put(file, group, name, from);
        at += length;
    }
}
