#include "io/table.h"

#include <stdlib.h>
#include <string.h>

void lyap_table_free(struct lyap_table *table) {
    if (table->names != NULL) {
        for (size_t i = 0; i < table->columns; i++) free(table->names[i]);
    }
    free(table->names);
    free(table->values);
    lyap_word_set_free(&table->words);
    memset(table, 0, sizeof *table);
}
