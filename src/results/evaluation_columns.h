/* The columns that every table of cells has behind it with an evaluation (lyapgrad/ensemble.h). */
#ifndef LYAP_RESULTS_EVALUATION_COLUMNS_H
#define LYAP_RESULTS_EVALUATION_COLUMNS_H

#include <stdbool.h>

#include "io/schema.h"
#include "lyapgrad/ensemble.h"

/* Their row; the row of a table that has them begins with it. */
struct lyap_evaluation_row {
    const struct lyap_evaluation *evaluation;
    bool tested; /* there are held-out data */
};

enum { LYAP_EVALUATION_COLUMNS = 4 };
/* train_loss, train_accuracy, test_loss, test_accuracy; the last two are empty without held-out data. */
extern const struct lyap_column lyap_evaluation_columns[LYAP_EVALUATION_COLUMNS];

#endif
