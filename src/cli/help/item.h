/* A line of the help: an option, operand, column or file, and beside it what is said of it. */
#ifndef LYAP_CLI_HELP_ITEM_H
#define LYAP_CLI_HELP_ITEM_H

/* To standard output; the sentence is wrapped. */
void cli_print_item(const char *head, const char *sentence);

/* The same with a narrow column for the names of commands and topics. */
void cli_print_short(const char *head, const char *sentence);

/* Plain words, and a command line with its options, in lines of at most 79 characters. */
void cli_print_words(const char *text);
void cli_print_command(const char *line);

#endif
