/* The table of known answers, and measuring one of its rows. */
#include "verify/validate.h"

#include <math.h>
#include <string.h>

#include "lyapgrad/digest.h"
#include "lyapgrad/interval.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/system.h"
#include "verify/validate_series.h"

enum { MOST_STARTS = 64, SUM = -1 };

#define LN_2 0.69314718055994530942
#define LN_3 1.09861228866810969140

/* By hand: a row would take a line for each number. */
/* clang-format off */
static const struct known {
    const char *name;
    enum lyap_system system;
    double parameter;
    double constants[LYAP_SYSTEM_MOST];
    uint32_t constant_count;
    enum lyap_method method;
    double distance; /* of rescaled pairs */
    size_t exponents;
    int which; /* index of an exponent, or SUM of all */
    uint32_t starts, steps, transient, qr_every;
    bool at_rest; /* start at the fixed point 0, so that a growing direction does not carry the state away */
    double expected, tolerance;
    const char *source;
} rows[] = {
    {"logistic r=4", LYAP_SYSTEM_LOGISTIC, 4, {0}, 0, LYAP_TANGENT, 0, 1, 0, 16, 201000, 1000, 10, false, LN_2, 1e-4,
     "ln 2: conjugate to the tent map (Ulam and von Neumann 1947)"},
    {"logistic r=4", LYAP_SYSTEM_LOGISTIC, 4, {0}, 0, LYAP_RESCALED, 1e-9, 1, 0, 16, 201000, 1000, 1, false, LN_2, 1e-3,
     "ln 2: conjugate to the tent map (Ulam and von Neumann 1947)"},
    {"logistic r=3.2", LYAP_SYSTEM_LOGISTIC, 3.2, {0}, 0, LYAP_TANGENT, 0, 1, 0, 16, 3000, 1000, 10, false,
     -0.91629073187415506518, 1e-6, "ln(0.16)/2: period 2, multiplier 4 + 2r - r^2"},
    {"tent mu=1.9", LYAP_SYSTEM_TENT, 1.9, {0}, 0, LYAP_TANGENT, 0, 1, 0, 16, 3000, 1000, 10, false,
     0.64185388617239477600, 1e-12, "ln 1.9: the slope is +-mu everywhere"},
    {"henon a=1.4 b=0.3", LYAP_SYSTEM_HENON, 1.4, {0.3}, 1, LYAP_TANGENT, 0, 1, 0, 64, 4001000, 1000, 10, false,
     0.41922, 5e-5, "Sprott, Chaos and Time-Series Analysis (2003)"},
    {"henon a=1.4 b=0.3", LYAP_SYSTEM_HENON, 1.4, {0.3}, 1, LYAP_RESCALED, 1e-9, 1, 0, 64, 201000, 1000, 1, false,
     0.41922, 1e-3, "Sprott, Chaos and Time-Series Analysis (2003)"},
    {"henon a=1.4 b=0.3", LYAP_SYSTEM_HENON, 1.4, {0.3}, 1, LYAP_TANGENT, 0, 2, SUM, 16, 11000, 1000, 1, false,
     -1.20397280432593599262, 1e-12, "ln 0.3: the Jacobian's determinant is -b"},
    {"standard K=10", LYAP_SYSTEM_STANDARD, 10, {0}, 0, LYAP_TANGENT, 0, 2, 0, 64, 21000, 1000, 1, false,
     1.60943791243410037460, 0.03, "ln(K/2) for large K (Chirikov, Phys. Rep. 52, 263 (1979))"},
    {"standard K=10", LYAP_SYSTEM_STANDARD, 10, {0}, 0, LYAP_TANGENT, 0, 2, SUM, 64, 21000, 1000, 1, false, 0, 1e-12,
     "0: area-preserving"},
    {"lorenz 10 28 8/3", LYAP_SYSTEM_LORENZ, 0.01, {10, 28, 8.0 / 3}, 3, LYAP_TANGENT, 0, 1, 0, 64, 1010000, 10000, 10,
     false, 0.9056, 1e-3, "Sprott, Chaos and Time-Series Analysis (2003)"},
    {"lorenz 10 28 8/3", LYAP_SYSTEM_LORENZ, 0.002, {10, 28, 8.0 / 3}, 3, LYAP_TANGENT, 0, 3, 1, 16, 510000, 10000, 5,
     false, 0, 1e-3, "0: along the flow"},
    {"lorenz 10 28 8/3", LYAP_SYSTEM_LORENZ, 0.002, {10, 28, 8.0 / 3}, 3, LYAP_TANGENT, 0, 3, SUM, 16, 60000, 10000, 1,
     false, -13.6666666666666666667, 1e-6, "-(s + 1 + b): the flow's divergence"},
    {"quadratic lr=0.8", LYAP_SYSTEM_QUADRATIC, 0.8, {0.3, 1.9, 1.2, 2.6}, 4, LYAP_TANGENT, 0, 4, 0, 16, 3000, 1000, 1,
     true, 0.07696104113612832498, 1e-13, "ln|1 - lr h|, h = 2.6"},
    {"quadratic lr=0.8", LYAP_SYSTEM_QUADRATIC, 0.8, {0.3, 1.9, 1.2, 2.6}, 4, LYAP_TANGENT, 0, 4, 1, 16, 3000, 1000, 1,
     true, -0.27443684570176027460, 1e-13, "ln|1 - lr h|, h = 0.3"},
    {"quadratic lr=0.8", LYAP_SYSTEM_QUADRATIC, 0.8, {0.3, 1.9, 1.2, 2.6}, 4, LYAP_TANGENT, 0, 4, 2, 16, 3000, 1000, 1,
     true, -0.65392646740666394000, 1e-13, "ln|1 - lr h|, h = 1.9"},
    {"quadratic lr=0.8", LYAP_SYSTEM_QUADRATIC, 0.8, {0.3, 1.9, 1.2, 2.6}, 4, LYAP_TANGENT, 0, 4, 3, 16, 3000, 1000, 1,
     true, -3.21887582486820074920, 1e-13, "ln|1 - lr h|, h = 1.2"},
    {"double-well lr=0.3", LYAP_SYSTEM_DOUBLE_WELL, 0.3, {0}, 0, LYAP_TANGENT, 0, 1, 0, 16, 3000, 1000, 1, false,
     -0.91629073187415506518, 1e-12, "ln|1 - 2 lr|: the minima +-1"},
    {"double-well lr=1.2", LYAP_SYSTEM_DOUBLE_WELL, 1.2, {0}, 0, LYAP_TANGENT, 0, 1, 0, 16, 3000, 1000, 1, false,
     -0.19283124040599230, 1e-10, "ln|9 - 2(1 + lr)^2|/2: period 2 around a minimum"},
    {"double-well lr=2", LYAP_SYSTEM_DOUBLE_WELL, 2, {0}, 0, LYAP_TANGENT, 0, 1, 0, 16, 201000, 1000, 10, false, LN_3,
     1e-4, "ln 3: conjugate to Chebyshev's T3 by w = sqrt(2) sin x"},
};
/* clang-format on */

enum { LANE_ROWS = sizeof rows / sizeof *rows };

size_t lyap_validation_count(void) {
    return LANE_ROWS + lyap_validate_series_count();
}

/* What the sink gathers: the row's quantity of every start. */
struct gathered {
    const struct known *known;
    double value[MOST_STARTS];
    size_t n;
    bool complete;
    uint64_t digest;
};

static enum lyap_status gather(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct gathered *g = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const struct lyap_exponent *lambda = chunk->lambda + i * chunk->exponents;
        g->digest = lyap_digest_spectrum(g->digest, r, lambda, chunk->exponents);
        if (r->resolved < chunk->exponents || r->outcome != LYAP_COMPLETE) g->complete = false;
        if (g->n < MOST_STARTS) g->value[g->n++] = g->known->which == SUM ? r->sum : lambda[g->known->which].lambda;
    }
    return LYAP_OK;
}

enum lyap_status lyap_validate(size_t index, enum lyap_isa isa, int threads, struct lyap_validation *row,
                               struct lyap_error *error) {
    static const double rest[MOST_STARTS * LYAP_SYSTEM_MOST];
    static const char *const names[] = {"lambda_1", "lambda_2", "lambda_3", "lambda_4"};
    if (index >= lyap_validation_count())
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "row %zu: the table has %zu", index, lyap_validation_count());
    if (index >= LANE_ROWS) return lyap_validate_series(index - LANE_ROWS, threads, row, error);
    const struct known *known = &rows[index];
    struct gathered g = {.known = known, .complete = true, .digest = LYAP_DIGEST_START};
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, NULL, NULL);
    plan.base.isa = isa;
    plan.base.threads = threads;
    plan.base.starts = known->starts;
    plan.base.setting = (struct lyap_setting){
        .lr = known->parameter, .perturbation = known->distance > 0 ? known->distance : 1e-8, .epochs = known->steps};
    plan.method = known->method;
    plan.system = known->system;
    memcpy(plan.constants, known->constants, sizeof plan.constants);
    plan.constant_count = known->constant_count;
    plan.exponents = known->exponents;
    plan.transient = known->transient;
    plan.qr_every = known->qr_every;
    if (known->at_rest) plan.states = rest;
    enum lyap_status status = lyap_spectrum_run(&plan, gather, &g, error);
    if (status) return status;
    double sum = 0;
    for (size_t i = 0; i < g.n; i++) sum += g.value[i];
    double half = lyap_batch_half_width(g.value, g.n);
    *row = (struct lyap_validation){.system = known->name,
                                    .estimator = lyap_method_traits(known->method)->name,
                                    .quantity = known->which == SUM ? "sum" : names[known->which],
                                    .source = known->source,
                                    .measured = sum / (double)g.n,
                                    .expected = known->expected,
                                    .tolerance = known->tolerance,
                                    .digest = g.digest};
    row->low = row->measured - half;
    row->high = row->measured + half;
    row->error = row->measured - row->expected;
    row->pass = g.complete && fabs(row->error) <= row->tolerance;
    return LYAP_OK;
}
