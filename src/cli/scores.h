/* Losses and accuracies after training, over many cells, for the terminal's summary. */
#ifndef LYAP_CLI_SCORES_H
#define LYAP_CLI_SCORES_H

#include "results/tally.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/status.h"

struct cli_scores {
    struct lyap_quantiles score[4]; /* train_loss, train_accuracy, test_loss, test_accuracy */
};

/* Adds one cell; LYAP_ERROR_MEMORY. */
enum lyap_status cli_scores_add(struct cli_scores *scores, const struct lyap_evaluation *evaluation,
                                struct lyap_error *error);

/* Prints quartiles, one row per score; nothing where nothing was added. */
void cli_scores_print(struct cli_scores *scores);

void cli_scores_free(struct cli_scores *scores);

#endif
