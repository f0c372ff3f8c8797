#include "results/evaluation_columns.h"

LYAP_COLUMN(train_loss, struct lyap_evaluation_row, lyap_real_value(r->evaluation->train_loss))
LYAP_COLUMN(train_accuracy, struct lyap_evaluation_row, lyap_any_value(r->evaluation->train_accuracy))
LYAP_COLUMN(test_loss, struct lyap_evaluation_row,
            r->tested ? lyap_real_value(r->evaluation->test_loss) : lyap_no_value())
LYAP_COLUMN(test_accuracy, struct lyap_evaluation_row, lyap_value_if(r->tested, r->evaluation->test_accuracy))

const struct lyap_column lyap_evaluation_columns[LYAP_EVALUATION_COLUMNS] = {
    {"train_loss", NULL, "loss over all training data after the last step", LYAP_COLUMN_REAL, train_loss, NULL},
    {"train_accuracy", NULL, "share of the training samples that are classified as they should", LYAP_COLUMN_REAL,
     train_accuracy, NULL},
    {"test_loss", NULL, "loss over the held-out data after the last step", LYAP_COLUMN_REAL, test_loss, NULL},
    {"test_accuracy", NULL, "share of the held-out samples that are classified as they should", LYAP_COLUMN_REAL,
     test_accuracy, NULL},
};
