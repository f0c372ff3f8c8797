/* The tour: commands that run as printed. */
#ifndef LYAP_CLI_HELP_EXAMPLES_H
#define LYAP_CLI_HELP_EXAMPLES_H

/* A line that ends with a backslash goes on in the next. */
struct cli_example {
    const char *title;
    const char *shows; /* one line */
    const char *lines; /* each ends with '\n' */
};
extern const struct cli_example cli_examples[]; /* ends with a title of NULL */

#endif
