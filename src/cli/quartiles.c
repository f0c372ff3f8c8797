#include "cli/quartiles.h"

void cli_quartiles_head(void) {
    printf("  %-14s %13s %13s %13s\n", "", "25 %", "median", "75 %");
}

void cli_quartiles_row(const struct lyap_column *column, size_t number, struct lyap_quantiles *values) {
    char name[64];
    if (values->n == 0 && !values->sketch) return;
    printf("  %-14s", lyap_column_name(column, number, name, sizeof name));
    for (int i = 1; i <= 3; i++) printf(" %13.6g", lyap_quantiles_at(values, 0.25 * i));
    printf("%s%s\n", column->unit ? "  " : "", column->unit ? column->unit : "");
}
