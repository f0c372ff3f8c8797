#include "cli/scores.h"

#include <math.h>

#include "cli/quartiles.h"
#include "results/evaluation_columns.h"

enum lyap_status cli_scores_add(struct cli_scores *scores, const struct lyap_evaluation *e, struct lyap_error *error) {
    const double value[4] = {e->train_loss, e->train_accuracy, e->test_loss, e->test_accuracy};
    enum lyap_status status = LYAP_OK;
    for (int i = 0; i < 4 && !status; i++)
        if (isfinite(value[i])) status = lyap_quantiles_add(&scores->score[i], value[i], error);
    return status;
}

void cli_scores_print(struct cli_scores *scores) {
    bool tested = lyap_quantiles_at(&scores->score[2], 1) > 0 || lyap_quantiles_at(&scores->score[3], 1) > 0;
    for (size_t i = 0; i < (tested ? 4 : 2); i++) cli_quartiles_row(&lyap_evaluation_columns[i], 0, &scores->score[i]);
}

void cli_scores_free(struct cli_scores *scores) {
    for (int i = 0; i < 4; i++) lyap_quantiles_free(&scores->score[i]);
}
