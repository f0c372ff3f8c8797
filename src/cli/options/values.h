/* A command's words, taken apart into options and their values, and the values read by the options' types. */
#ifndef LYAP_CLI_OPTIONS_VALUES_H
#define LYAP_CLI_OPTIONS_VALUES_H

#include "cli/command.h"
#include "cli/message.h"
#include "cli/options/option.h"

enum { CLI_MOST_OPTIONS = 128, CLI_OTHER_WORDS = 1000 };

/* What cli_parse leaves as the exit status when --help was among the words: the caller of the command prints it. */
enum { CLI_HELP_ASKED = -1 };

/* The values given for a command's options, in the order of its groups. */
struct cli_values {
    const struct cli_command *command;
    const char *given[CLI_MOST_OPTIONS]; /* NULL when not given, "" for a switch */
    bool by_other[CLI_MOST_OPTIONS];     /* given by its other name, which messages then say */
    char words[CLI_OTHER_WORDS];         /* texts with words spelt anew; a copy of the struct points into the first */
    size_t used;
    /* Set by who runs the command: */
    const struct cli_kept *kept; /* cells from elsewhere; NULL: none */
    int argc;                    /* the command line for the manifest, with program and command */
    char **argv;
};

/* What stands without an option: names[room], of which `count` are there. */
struct cli_operands {
    const char **names;
    int room, count;
};

/* Reads argv[0..argc) against the command's options. Returns false after printing one line, or with CLI_HELP_ASKED; then
 * *status is the exit status. */
bool cli_parse(struct cli_values *values, const struct cli_command *command, int argc, char **argv, int *status);

/* cli_parse for a command that takes operands: at least one, before, between or behind its options. */
bool cli_parse_operands(struct cli_values *values, const struct cli_command *command, int argc, char **argv,
                        struct cli_operands *operands, int *status);

/* The text given for an option; NULL: not given, or the command has no such option. */
const char *cli_text(const struct cli_values *values, const char *name);

/* cli_text, or else the option's default; NULL where the default is not a text that could be given. */
const char *cli_text_or_standard(const struct cli_values *values, const char *name);

/* Sets it, or takes it away with NULL; nothing for an option that the command does not have. */
void cli_set_text(struct cli_values *values, const char *name, const char *text);

/* Reads the command's options of the group into the members that they go to: what was given, or else the default where it
 * is a text; the others are left alone. Prints one line and returns false on bad input. */
bool cli_read(const struct cli_values *values, const struct cli_group *group, void *to);

/* False, after one line, for an option that was given and has no use with choice number `choice` of the words. */
bool cli_choice_fits(const struct cli_values *values, const struct cli_words *with, int choice);

/* Reads a text by the option's type into its member of `to`, for an option outside a group or a part of a value. */
bool cli_read_text(const struct cli_option *option, const char *text, void *to);

/* A whole number up to `most` as digits or, as 1e4, with an exponent; false for any other text. */
bool cli_whole(const char *text, uint64_t most, uint64_t *value);

/* Prints "--NAME: 'TEXT' is not allowed; expected ..." and returns false. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
bool cli_refuse(const char *name, const char *text, const char *format, ...);

/* Prints "--NAME: 'TEXT' is malformed; expected ...", with the forms of the option, and returns false. */
bool cli_refuse_form(const struct cli_option *option, const char *text);

/* Two numbers "A,B": `pair`, the last part of `text`, which is the option's value. */
bool cli_pair(const struct cli_option *option, const char *text, const char *pair, double *a, double *b);

/* Prints the line "name = value" of a manifest: the member of `from` that the group's option `name` goes to. */
void cli_put(FILE *file, const struct cli_group *group, const char *name, const void *from);

/* cli_put for several names, with spaces between. */
void cli_put_each(FILE *file, const struct cli_group *group, const char *names, const void *from);

#endif
