/* The tables that `lyapgrad select` prints and puts into report.txt. */
#ifndef LYAP_CLI_SELECT_SHOWN_H
#define LYAP_CLI_SELECT_SHOWN_H

#include "cli/select/select.h"

/* The best of those that were trained to the end. */
void cli_select_print_ranking(const struct cli_selection *s, FILE *file);
/* The settings, by their best training run. */
void cli_select_print_settings(const struct cli_selection *s, FILE *file);
/* The learning rates of the best setting. */
void cli_select_print_rates(const struct cli_selection *s, FILE *file);

#endif
