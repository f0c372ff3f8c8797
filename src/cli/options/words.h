/* The words that options take: names of the library's lists, each said once. */
#ifndef LYAP_CLI_OPTIONS_WORDS_H
#define LYAP_CLI_OPTIONS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { CLI_WORD_LENGTH = 64, CLI_MOST_WORDS = 32 };

/* A list of words. One that ends with ':' or '=' goes on: what follows is the user's own. */
struct cli_words {
    const char *noun; /* what a word is, for messages: "activation" */
    /* Word i, which may be made in `text`; NULL behind the last. */
    const char *(*word)(int i, char text[CLI_WORD_LENGTH]);
    /* Form i, for messages and help: a word with what follows it, as in "uniform:LOW,HIGH"; NULL: the words themselves. */
    const char *(*form)(int i, char text[CLI_WORD_LENGTH]);
};

/* The number of the word in the list; -1: it is none. */
int cli_word_number(const struct cli_words *words, const char *word, size_t length);

/* The word of the list that another spelling stands for, in `room`: in capitals, or a name that other programs have, such as sgd, xavier or
 * swish. NULL for a word of the list, and for one that is none. */
const char *cli_word_of(const struct cli_words *words, const char *word, size_t length, char room[CLI_WORD_LENGTH]);

/* "a, b or c" into text[size], with the forms where there are any; cut where it is too long. */
void cli_words_join(const struct cli_words *words, char *text, size_t size);

/* "a, b or c": the words that have their bit in `some`, without forms. False where all words have. */
bool cli_words_join_some(const struct cli_words *words, unsigned some, char *text, size_t size);

/* The word of the list that was meant by one that is not in it, without what a word goes on with, in `text`; NULL: none is near. */
const char *cli_word_near(const struct cli_words *words, const char *word, size_t length, char text[CLI_WORD_LENGTH]);

/* Prints what is wrong with a word for --option: "unknown NOUN 'word'", the nearest, and all that are allowed. */
void cli_words_complain(const struct cli_words *words, const char *option, const char *word, size_t length);

extern const struct cli_words cli_activations, cli_losses, cli_optimisers, cli_precisions, cli_initial_laws,
    cli_bias_laws, cli_schedules, cli_generators, cli_axes, cli_headers;

#endif
