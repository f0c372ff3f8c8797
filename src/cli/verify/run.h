/* A drawn configuration as plans, run to everything that a user can get of it. */
#ifndef LYAP_CLI_VERIFY_RUN_H
#define LYAP_CLI_VERIFY_RUN_H

#include "cli/plans.h"
#include "cli/select/select.h"
#include "cli/verify/case.h"
#include "lyapgrad/bifurcation.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/map.h"
#include "lyapgrad/spectrum.h"

/* One number of the results. */
struct cli_verify_value {
    const char *field;
    bool real;             /* the bits are those of a double */
    uint32_t value, start; /* of the cell: cell = value * starts + start */
    uint32_t index;        /* epoch, exponent, weight, ... within the field */
    uint64_t bits;
};

struct cli_verify_results {
    struct cli_verify_value *values; /* [count] in cell order, owned */
    size_t count, room;
    enum lyap_status status; /* LYAP_OK, or what ended the run, with its message */
    char message[512];
    uint64_t digest; /* as in the command's manifest, over whole runs; 0 for a command that has none there */
};
void cli_verify_results_free(struct cli_verify_results *results);

/* How it runs. What is left out must not change what is there. */
enum cli_verify_part { CLI_VERIFY_WHOLE, CLI_VERIFY_FEWER, CLI_VERIFY_SHARD };
struct cli_verify_way {
    enum lyap_isa isa;
    int threads;
    enum cli_verify_part part;
};

/* The plans of a configuration. */
struct cli_verify_plan {
    const struct cli_verify_case *drawn;
    struct cli_values values;
    struct cli_experiment experiment;
    enum cli_estimator estimator;
    struct lyap_spectrum_plan spectrum;
    struct cli_sweep sweep;
    struct lyap_map_plan map;
    struct lyap_bifurcation_plan bifurcation;
    size_t which[CLI_MOST_SHOWN];
    struct cli_selection selection;
};

/* Reads the words of a configuration as its command does; prints one line and returns false where they will not do. The
 * plan must not move, and the case must outlive it. Free with cli_verify_plan_free in either case. */
bool cli_verify_plan_read(struct cli_verify_plan *plan, const struct cli_verify_case *drawn);
void cli_verify_plan_free(struct cli_verify_plan *plan);

/* Runs it in one way. A start that no draw finds is a result. False, with the message in the results, for what else ends a run:
 * a setting that is refused, memory, or a signal. Free the results in either case. */
bool cli_verify_run(struct cli_verify_plan *plan, const struct cli_verify_way *way, struct cli_verify_results *results);

/* The cells first .. first+count-1 that are part `shard` of `shards`, as --shard has it. */
void cli_verify_shard(int shard, int shards, uint64_t cells, uint64_t *first, uint64_t *count);

#endif
