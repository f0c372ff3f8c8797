/* Going over a command's options, and what they say in words. */
#include "cli/options/option.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- a command's options ---- */

/* True where `names`, separated by spaces, have the name. */
static bool lists(const char *names, const char *name) {
    const size_t length = strlen(name);
    for (const char *at = names; at && (at = strstr(at, name)) != NULL; at += length)
        if ((at == names || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) return true;
    return false;
}

static bool is_name(const char *known, const char *name, size_t length) {
    return known && strlen(known) == length && memcmp(known, name, length) == 0;
}

bool cli_is_option(const struct cli_option *option, const char *name, size_t length) {
    return is_name(option->name, name, length) || is_name(option->also, name, length);
}

static bool change(struct cli_option *option, const struct cli_change *changes) {
    for (const struct cli_change *c = changes; c && c->name; c++) {
        if (!cli_is_option(option, c->name, strlen(c->name))) continue;
        if (c->help) option->help = c->help;
        if (c->value) option->value = c->value;
        if (c->list) option->list = c->list;
        if (c->standard || c->absent) {
            option->standard = c->standard;
            option->absent = c->absent;
        }
        return true;
    }
    return false;
}

static bool takes(const struct cli_use *use, const char *name) {
    return !(use->only && !lists(use->only, name)) && !lists(use->without, name);
}

/* Whether there is an option of that name. */
static bool has_option(const struct cli_use *uses, const char *name) {
    for (const struct cli_use *use = uses; use->group; use++)
        for (const struct cli_option *o = use->group->options; o->name; o++)
            if (strcmp(o->name, name) == 0 && takes(use, name)) return true;
    return false;
}

bool cli_walk_next(struct cli_walk *walk) {
    if (!walk->all) walk->all = walk->use;
    for (; walk->use->group; walk->use++, walk->index = 0)
        while (walk->use->group->options[walk->index].name) {
            walk->option = walk->use->group->options[walk->index++];
            if (!takes(walk->use, walk->option.name)) continue;
            walk->changed = change(&walk->option, walk->use->changes);
            if (walk->option.with && !has_option(walk->all, walk->option.with->noun))
                walk->option.with = NULL, walk->option.choices = 0;
            return true;
        }
    return false;
}

int cli_find_option(const struct cli_use *uses, const char *name, size_t length, struct cli_option *option) {
    struct cli_walk walk = {.use = uses};
    for (int position = 0; cli_walk_next(&walk); position++) {
        if (!cli_is_option(&walk.option, name, length)) continue;
        *option = walk.option;
        return position;
    }
    return -1;
}

bool cli_option_of(const struct cli_use *uses, const char *word, struct cli_option *option) {
    return strncmp(word, "--", 2) == 0 && cli_find_option(uses, word + 2, strcspn(word + 2, "="), option) >= 0;
}

/* ---- in words ---- */

struct line {
    char *text;
    size_t size, used;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
add(struct line *line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line->text + line->used, line->size - line->used, format, arguments);
    va_end(arguments);
    if (length > 0) line->used += (size_t)length;
    if (line->used >= line->size) line->used = line->size - 1;
}

static void add_range(struct line *line, const struct cli_range *r) {
    if (r->low == 0 && r->high == 0) return;
    if (!isfinite(r->high))
        add(line, "%s %g", r->above ? "above" : "at least", r->low);
    else if (!r->above && !r->below)
        add(line, "%g .. %g", r->low, r->high);
    else
        add(line, "%s %g and %s %g", r->above ? "above" : "at least", r->low, r->below ? "below" : "at most", r->high);
}

/* Large limits as powers of two: the 20 digits of a seed's tell nobody anything. */
static void add_limit(struct line *line, uint64_t limit) {
    for (int bits = 20; bits <= 64; bits++) {
        const uint64_t power = bits < 64 ? UINT64_C(1) << bits : 0;
        if (limit != power && limit != power - 1) continue;
        if (limit > 0 && limit >= 1u << 20) {
            add(line, limit == power ? "2^%d" : "2^%d-1", bits);
            return;
        }
    }
    add(line, "%llu", (unsigned long long)limit);
}

static void add_unit(struct line *line, const struct cli_option *o) {
    if (o->unit) add(line, " %s", o->unit);
}

const char *cli_allowed(const struct cli_option *o, char text[CLI_ALLOWED]) {
    struct line line = {.text = text, .size = CLI_ALLOWED};
    text[0] = '\0';
    switch (o->type) {
    case CLI_COUNT:
        add(&line, "a whole number %llu .. ", (unsigned long long)o->least);
        if (o->limit)
            add(&line, "%s", o->limit);
        else
            add(&line, "%llu", (unsigned long long)o->most);
        add_unit(&line, o);
        break;
    case CLI_REAL:
        add(&line, "a number%s",
            o->range.low == 0 && o->range.high == 0                          ? " such as 0.001 or 1e-3"
            : o->range.above || (isfinite(o->range.high) && !o->range.below) ? " "
                                                                             : " of ");
        add_range(&line, &o->range);
        add_unit(&line, o);
        break;
    case CLI_WORD:
        cli_words_join(o->words, text, CLI_ALLOWED);
        break;
    case CLI_FILE:
        add(&line, "the name of a file");
        break;
    case CLI_DIRECTORY:
        add(&line, "the name of a directory");
        break;
    default:
        if (o->words && o->words->form)
            cli_words_join(o->words, text, CLI_ALLOWED);
        else
            add(&line, "%s", o->value ? o->value : "no value");
    }
    return text;
}

/* True where the option's value is its words with '|' between, as in float32|float64. */
static bool names_words(const struct cli_option *o) {
    char room[CLI_WORD_LENGTH];
    const char *(*const at)(int, char *) = o->words->form ? o->words->form : o->words->word;
    const char *word, *value = o->value;
    for (int i = 0; (word = at(i, room)) != NULL; i++) {
        const size_t length = strlen(word);
        if (i > 0 && *value++ != '|') return false;
        if (strncmp(value, word, length) != 0) return false;
        value += length;
    }
    return *value == '\0';
}

/* The range or the words, as far as they say more than the option's value does. */
static void add_allowed(struct line *line, const struct cli_option *o) {
    const bool bounded = o->range.low != 0 || o->range.high != 0;
    char words[CLI_ALLOWED];
    if (o->type == CLI_COUNT) {
        add_limit(line, o->least);
        add(line, " .. ");
        if (o->limit)
            add(line, "%s", o->limit);
        else
            add_limit(line, o->most);
        add_unit(line, o);
    } else if (o->type == CLI_REAL && bounded) {
        add_range(line, &o->range);
        add_unit(line, o);
    } else if (o->type == CLI_REAL && o->unit) {
        add(line, "in %s", o->unit);
    } else if ((o->type == CLI_WORD || o->list || (o->words && o->words->form)) && !names_words(o)) {
        cli_words_join(o->words, words, sizeof words);
        add(line, "%s", words);
    }
}

const char *cli_sentence(const struct cli_option *o, char text[CLI_SENTENCE]) {
    struct line line = {.text = text, .size = CLI_SENTENCE};
    char choices[CLI_ALLOWED];
    text[0] = '\0';
    add(&line, "%s (", o->help);
    const size_t begin = line.used;
    add_allowed(&line, o);
    const char *separator = line.used > begin ? "; " : "";
    if (o->absent && strcmp(o->absent, CLI_REQUIRED) == 0)
        add(&line, "%srequired", separator);
    else if (o->standard || o->absent)
        add(&line, "%sdefault: %s%s%s", separator, o->standard ? o->standard : o->absent,
            o->standard && o->absent ? "; " : "", o->standard && o->absent ? o->absent : "");
    if (line.used > begin)
        add(&line, ")");
    else
        text[line.used = begin - 2] = '\0';
    if (o->with && cli_words_join_some(o->with, o->choices, choices, sizeof choices))
        add(&line, "; with --%s %s", o->with->noun, choices);
    return text;
}
