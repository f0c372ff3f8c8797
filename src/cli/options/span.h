/* The grammar of --over, --x and --y: the name of a quantity, the ends of its range, and where the option asks for it the number of its
 * values. The option's words are the quantities:
 *   NAME:FROM:TO[:COUNT][:log]
 *   NAME=[log:]START:STOP:COUNT     where the words end with '=', too: the form of the paper, without STOP */
#ifndef LYAP_CLI_OPTIONS_SPAN_H
#define LYAP_CLI_OPTIONS_SPAN_H

#include "cli/options/option.h"

enum { CLI_SPAN_WORD = 64 };

struct cli_span {
    char name[16];
    char end[2][CLI_SPAN_WORD]; /* as given */
    double low, high;           /* the numbers that these are */
    size_t count;               /* values; 0 where the option has no number of them */
    bool logarithmic;
    bool open; /* of the form with '=' */
};

/* Takes the text apart; with a COUNT 1 .. option->most, where that is not 0. The name is not looked up: cli_span_unknown is for one that is
 * none. Prints one line and returns false on bad input. */
bool cli_span_read(const struct cli_option *option, const char *text, struct cli_span *span);

/* Prints that the option has no such quantity, the nearest and all that it has; returns false. */
bool cli_span_unknown(const struct cli_option *option, const struct cli_span *span);

#endif
