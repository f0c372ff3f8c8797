/* What `lyapgrad help` prints besides the options of a command. */
#ifndef LYAP_CLI_HELP_H
#define LYAP_CLI_HELP_H

#include "cli/cli.h"

struct cli_topic {
    const char *name;
    const char *summary;
    void (*print)(void); /* to standard output */
};
extern const struct cli_topic cli_topics[]; /* ends with a name of NULL */

/* The tour: commands that run as printed. A line that ends with a backslash goes on in the next. */
struct cli_example {
    const char *title;
    const char *shows; /* one line */
    const char *lines; /* each ends with '\n' */
};
extern const struct cli_example cli_examples[]; /* ends with a title of NULL */

void cli_print_examples(void);
void cli_print_man(void);
void cli_print_bash(void);
void cli_print_zsh(void);

#endif
