#include "cli/tables.h"

#include "cli/estimate.h"
#include "cli/select/select.h"
#include "paper/tables.h"
#include "results/cells_table.h"
#include "results/diagram_table.h"
#include "results/exponents_table.h"
#include "results/map_table.h"
#include "results/series_file.h"

const struct cli_table cli_tables[] = {
    {"run", &lyap_cells_schema},
    {"run", &lyap_series_schema},
    {"run", &lyap_weights_schema},
    {"run", &lyap_exponents_schema},
    {"run", &lyap_history_schema},
    {"run", &cli_estimators_schema},
    {"sweep", &lyap_cells_schema},
    {"sweep", &lyap_series_schema},
    {"sweep", &lyap_weights_schema},
    {"sweep", &lyap_sweep_schema},
    {"spectrum", &lyap_exponents_schema},
    {"spectrum", &lyap_history_schema},
    {"map", &lyap_map_schema},
    {"map", &lyap_boxes_schema},
    {"bifurcation", &lyap_diagram_schema},
    {"bifurcation", &lyap_diagram_exponents_schema},
    {"select", &cli_ranking_schema},
    {"select", &cli_trials_schema},
    {"select", &cli_settings_schema},
    {"select", &cli_rates_schema},
    {"select", &cli_thresholds_schema},
    {"select", &cli_searches_schema},
    {"select", &cli_comparison_schema},
    {"series", &lyap_divergence_schema},
    {"reproduce", &lyap_scatter_schema},
    {"reproduce", &lyap_scatter_small_schema},
    {"reproduce", &lyap_distance_schema},
    {"reproduce", &lyap_step_schema},
    {"reproduce", &lyap_loss_schema},
    {"reproduce", &lyap_learning_rate_schema},
    {NULL, NULL},
};
