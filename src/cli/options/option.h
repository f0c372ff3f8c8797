/* The description of an option, written once: reading and its messages, help, manual, completion, the manifest and the
 * spelling suggestions are made from it. An option stands in the group of its concept (data.c, network.c, ...); a command
 * lists the groups that it takes, and what is different there. */
#ifndef LYAP_CLI_OPTIONS_OPTION_H
#define LYAP_CLI_OPTIONS_OPTION_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options/words.h"

enum cli_type {
    CLI_SWITCH,    /* no value; sets a bool */
    CLI_COUNT,     /* a whole number least .. most */
    CLI_REAL,      /* a finite number in a range */
    CLI_WORD,      /* one of the words; its number goes to an enum */
    CLI_FILE,      /* the name of a file, not empty */
    CLI_DIRECTORY, /* the name of a directory, not empty */
    CLI_FORM       /* another form, with a function that reads it, or text for the command itself */
};

/* The numbers that CLI_REAL allows; all zero: every finite number. */
struct cli_range {
    double low, high;
    bool above, below; /* the ends themselves are not allowed */
};
#define CLI_ABOVE(low)                                                                                                 \
    { (low), (double)INFINITY, true, false }
#define CLI_AT_LEAST(low)                                                                                              \
    { (low), (double)INFINITY, false, false }
#define CLI_FROM_TO(low, high)                                                                                         \
    { (low), (high), false, false }
#define CLI_BETWEEN(low, high)                                                                                         \
    { (low), (high), true, true }

/* Where a value goes: a member of the struct that the group fills. */
struct cli_place {
    size_t offset, size; /* size 0: nowhere; the command asks for the text */
    enum { CLI_TO_WHOLE, CLI_TO_BOOL, CLI_TO_REAL, CLI_TO_TEXT } as;
};
#define CLI_PLACED_AS(value)                                                                                           \
    _Generic((value), bool : CLI_TO_BOOL, double : CLI_TO_REAL, const char * : CLI_TO_TEXT, default : CLI_TO_WHOLE)
#define CLI_INTO(type, member)                                                                                         \
    { offsetof(type, member), sizeof(((type *)0)->member), CLI_PLACED_AS(((type *)0)->member) }

/* For `absent`: cli_parse refuses a command line without the option. */
#define CLI_REQUIRED "required"

struct cli_option {
    const char *name;  /* without dashes; NULL ends a table */
    const char *also;  /* another name that is taken for it; may be NULL */
    const char *value; /* what the value is called in the help; NULL for a switch */
    const char *help;  /* what it is, without what the other members say */
    enum cli_type type;
    char list;  /* what stands between several words: a comma, a slash, or 0 for one word */
    bool file;  /* of CLI_FORM: a file's name will do, too */
    bool aside; /* no part in the results: where files go, how fast, what is printed */

    uint64_t least, most;          /* of CLI_COUNT */
    const char *limit;             /* in words, where the most depends on other settings, which the command checks */
    struct cli_range range;        /* of CLI_REAL */
    const char *unit;              /* of a number: "steps" */
    const struct cli_words *words; /* of CLI_WORD; of CLI_FORM those that a shell offers */

    const char *standard; /* the default as the text that would be given: it is read when the option is absent */
    const char *
        absent; /* in words: what is done without the option, or with `standard`, where that is not the default; CLI_REQUIRED
                             where it must be given */
    const char *example; /* of CLI_FORM: a value, for messages; may be NULL */

    struct cli_place into;
    /* Reads the text of CLI_FORM into the group's struct; prints one line and returns false on bad input. */
    bool (*read)(const struct cli_option *option, const char *text, void *group);

    /* Where not every choice of another option, named as the noun of these words, has a use for this one: the words of those choices, and a
     * bit for each that has. */
    const struct cli_words *with;
    unsigned choices;
};

struct cli_group {
    const char *title; /* of a group that commands share; NULL: one command's own */
    const struct cli_option *options;
};

/* What one command says of a shared option in place of its description; what is NULL or 0 stays. */
struct cli_change {
    const char *name; /* NULL ends a list */
    const char *help, *value, *standard, *absent;
    char list;
};

/* A group as a command takes it. */
struct cli_use {
    const struct cli_group *group;    /* NULL ends a command's list */
    const char *only, *without;       /* names with spaces between: these alone, or all but these */
    const struct cli_change *changes; /* NULL: none */
};

/* Goes over a command's options. Begin with {.use = uses}; each call gives the next option as the command has it, without choices where
 * the command has not the option that makes them, and false behind the last. */
struct cli_walk {
    const struct cli_use *use;
    size_t index;
    struct cli_option option;
    bool changed;              /* the command says something else of it than the group */
    const struct cli_use *all; /* its own: where `use` began */
};
bool cli_walk_next(struct cli_walk *walk);

/* Whether a word, `length` long and without dashes, names the option. */
bool cli_is_option(const struct cli_option *option, const char *name, size_t length);

/* The position of the option of that name, `length` long, among a command's; -1: it has none. *option receives it. */
int cli_find_option(const struct cli_use *uses, const char *name, size_t length, struct cli_option *option);

/* The option that a word "--name" or "--name=VALUE" is for the command; false for any other word. */
bool cli_option_of(const struct cli_use *uses, const char *word, struct cli_option *option);

enum { CLI_SENTENCE = 1000, CLI_ALLOWED = 500 };

/* What the option allows: "a whole number 1 .. 24", "a number above 0", "linear, sigmoid or tanh". Returns `text`. */
const char *cli_allowed(const struct cli_option *option, char text[CLI_ALLOWED]);

/* The option's sentence in help, manual and completion: what it is, what it allows, the default, and with which choices it has a use. Returns `text`. */
const char *cli_sentence(const struct cli_option *option, char text[CLI_SENTENCE]);

#endif
