/* Running a drawn configuration to every number that a user can get of it, each with a name. What a command with cells does for that is its
 * task's `gather`, which uses the functions below. */
#ifndef LYAP_CLI_VERIFY_GATHER_H
#define LYAP_CLI_VERIFY_GATHER_H

#include "cli/verify/case.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/experiment.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/layout.h"
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

/* How it runs. What is left out must not change what is there. */
enum cli_verify_part { CLI_VERIFY_WHOLE, CLI_VERIFY_FEWER, CLI_VERIFY_SHARD };
struct cli_verify_way {
    enum lyap_isa isa;
    enum lyap_layout layout;
    int threads;
    enum cli_verify_part part;
};

struct cli_gather {
    struct cli_verify_results *results;
    const struct cli_verify_case *drawn;
    const struct cli_verify_way *way;
    const char *column;    /* of `run --estimator all`: the exponents alone, by that name; NULL: all numbers */
    uint64_t value, start; /* of the cell whose numbers are put */
};

/* Put numbers of the cell at hand; LYAP_ERROR_MEMORY. */
enum lyap_status cli_put_count(struct cli_gather *to, const char *field, size_t index, uint64_t count,
                               struct lyap_error *error);
enum lyap_status cli_put_real(struct cli_gather *to, const char *field, double value, struct lyap_error *error);
/* n numbers that lie `stride` apart. */
enum lyap_status cli_put_reals(struct cli_gather *to, const char *field, const double *values, size_t n, size_t stride,
                               struct lyap_error *error);

/* Sinks whose context is a struct cli_gather: all numbers of a chunk, and their digest. */
enum lyap_status cli_gather_cells(const struct lyap_chunk *chunk, void *context, struct lyap_error *error);
enum lyap_status cli_gather_spectra(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error);

/* Instruction set, layout, threads and number of starts as the way has them; progress that ends with a signal. */
void cli_gather_set(const struct cli_gather *to, struct lyap_plan *base);

/* Runs the cells that the way has of the experiment, whose plan cli_gather_set has set. */
enum lyap_status cli_gather_run(struct cli_gather *to, const struct lyap_experiment *experiment,
                                struct lyap_error *error);

/* Both, with the sinks above. */
enum lyap_status cli_gather_ensemble(struct cli_gather *to, const struct lyap_plan *plan, struct lyap_error *error);
enum lyap_status cli_gather_spectrum(struct cli_gather *to, const struct lyap_spectrum_plan *plan,
                                     struct lyap_error *error);

/* For lyap_plan.progress: ends a run after a signal, and draws nothing. */
bool cli_gather_goes_on(uint64_t done, uint64_t total, void *context);

/* The cells first .. first+count-1 that are part `shard` of `shards`, as --shard has it. */
void cli_verify_shard(int shard, int shards, uint64_t cells, uint64_t *first, uint64_t *count);

#endif
