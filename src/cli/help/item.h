/* A line of the help: an option, operand, column or file, and beside it what is said of it. */
#ifndef LYAP_CLI_HELP_ITEM_H
#define LYAP_CLI_HELP_ITEM_H

/* To standard output; the sentence is wrapped. */
void cli_print_item(const char *head, const char *sentence);

#endif
