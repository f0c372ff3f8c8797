/* Q1: the rules and their trainings. */
#include "report/questions/rate_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/deterministic.h"
#include "lyapgrad/spectrum.h"
#include "stats/log_grid.h"

/* Data and network; half of the samples are held out. */
#define SETS(X)                                                                                                        \
    X("glyphs", "64-12-10", LYAP_RELU, LYAP_LINEAR, LYAP_SOFTMAX, "glyphs:360,0.1", LYAP_INIT_HE_NORMAL)               \
    X("blobs", "8-12-6", LYAP_TANH, LYAP_LINEAR, LYAP_SOFTMAX, "blobs:240,6,8,0.4", LYAP_INIT_GLOROT_NORMAL)           \
    X("moons", "2-12-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "moons:240,0.25", LYAP_INIT_GLOROT_NORMAL)                 \
    X("circles", "2-12-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "circles:240,0.2", LYAP_INIT_GLOROT_NORMAL)

#define SUBJECT(name, shape, hidden, output, loss, data, init)                                                         \
    {name " " shape, shape, hidden, output, loss, data, init, 0, 0, false, LYAP_GD, 0, 0.1},
const struct lyap_subject lyap_rate_subjects[LYAP_RATE_SETS] = {SETS(SUBJECT)};

const char *lyap_rate_set_name(size_t set) {
#define NAME(name, shape, hidden, output, loss, data, init) name,
    static const char *const names[LYAP_RATE_SETS] = {SETS(NAME)};
    return names[set];
}

const char *lyap_rate_rule_name(enum lyap_rate_rule rule) {
    static const char *const names[LYAP_RATE_RULES] = {
        "fixed rate 0.1",         "range test",       "2/sharpness",     "early loss",
        "exponent, largest rate", "exponent, lowest", "best of the grid"};
    return names[rule];
}

/* Half decades from 0.01 to 31.6: the fixed rate is one of them. */
enum { FIXED_AT = 2 };
static void make_grid(double grid[LYAP_RATE_GRID]) {
    lyap_log_grid(0.01, 0.01 * 3162.2776601683795, LYAP_RATE_GRID, grid);
    grid[FIXED_AT] = 0.1;
}

uint32_t lyap_rate_spent(enum lyap_rate_rule rule, uint32_t products) {
    const uint32_t look = LYAP_RATE_GRID * LYAP_RATE_EARLY;
    switch (rule) {
    case LYAP_RATE_RANGE:
        return LYAP_RATE_RANGE_STEPS;
    case LYAP_RATE_SHARPNESS:
        return 2 * products;
    case LYAP_RATE_LOSS:
        return look;
    case LYAP_RATE_LARGEST:
    case LYAP_RATE_LOWEST:
        return 2 * look;
    default:
        return 0;
    }
}

uint32_t lyap_rate_trained(enum lyap_rate_rule rule, uint32_t budget, uint32_t products) {
    const bool kept = rule == LYAP_RATE_LOSS || rule == LYAP_RATE_LARGEST || rule == LYAP_RATE_LOWEST;
    return budget - lyap_rate_spent(rule, products) + (kept ? LYAP_RATE_EARLY : 0);
}

/* ---- the rules ---- */

static size_t lowest(const double *value) {
    size_t best = 0;
    for (size_t g = 1; g < LYAP_RATE_GRID; g++)
        if (value[g] < value[best] || (isnan(value[best]) && !isnan(value[g]))) best = g;
    return best;
}

size_t lyap_rate_choose(enum lyap_rate_rule rule, const double *loss, const double *exponent) {
    if (rule == LYAP_RATE_LOSS) return lowest(loss);
    if (rule == LYAP_RATE_LARGEST)
        for (size_t g = LYAP_RATE_GRID; g-- > 0;)
            if (exponent[g] <= 0) return g;
    return lowest(exponent);
}

double lyap_rate_of_range(const double *rate, const double *loss, size_t n) {
    size_t best = 0;
    for (size_t i = 0; i < n && isfinite(loss[i]); i++)
        if (loss[i] < loss[best]) best = i;
    return best ? rate[best] / 10 : rate[0];
}

double lyap_rate_rounded(double lr) {
    const double eighths = floor(8 * lyap_log(lr) / lyap_log(10) + 0.5);
    return lyap_exp(eighths * (lyap_log(10) / 8));
}

/* ---- what the rules look at ---- */

/* One data set and draw. */
struct setting {
    struct lyap_prepared prepared;
    struct lyap_dataset test;
    double *weights; /* [starts][parameters] */
    size_t starts, parameters;
    double grid[LYAP_RATE_GRID];
    double *loss, *exponent;   /* [starts][grid], after k steps */
    double *sharpness, *range; /* [starts]: of the starting weights; the rate of the range test */
    uint32_t products;
};

struct looking {
    struct setting *s;
    bool curvature;
};

static enum lyap_status take_look(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    const struct looking *l = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const size_t at = (size_t)r->start * LYAP_RATE_GRID + (size_t)r->value;
        if (l->curvature) {
            l->s->sharpness[r->start] = r->sharpness_first;
            continue;
        }
        const bool lost = r->regime == LYAP_DIVERGED;
        const double loss = chunk->evaluation[i].train_loss;
        l->s->loss[at] = lost || !isfinite(loss) ? (double)INFINITY : loss;
        l->s->exponent[at] = !lost && r->resolved ? chunk->lambda[i * chunk->exponents].lambda : (double)NAN;
    }
    return LYAP_OK;
}

/* Losses and exponents of all rates after k steps, and the sharpness of the starts. */
static enum lyap_status look(struct setting *s, struct lyap_error *error) {
    struct lyap_setting settings[LYAP_RATE_GRID];
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, s->prepared.plan.network, s->prepared.plan.data);
    plan.base = s->prepared.plan;
    plan.base.setting.epochs = 1;
    plan.curvature = true;
    enum lyap_status status = lyap_spectrum_run(&plan, take_look, &(struct looking){s, true}, error);
    plan.curvature = false;
    plan.base.evaluate = true;
    plan.base.values = LYAP_RATE_GRID;
    plan.base.settings = settings;
    for (size_t g = 0; g < LYAP_RATE_GRID; g++) {
        settings[g] = plan.base.setting;
        settings[g].lr = s->grid[g];
        settings[g].epochs = LYAP_RATE_EARLY;
    }
    return status ? status : lyap_spectrum_run(&plan, take_look, &(struct looking){s, false}, error);
}

struct stepping {
    double *weights, *loss; /* after and before the step */
};

static enum lyap_status take_step(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct stepping *step = context;
    (void)error;
    memcpy(step->weights + chunk->first_cell * chunk->parameters, chunk->weights,
           chunk->count * chunk->parameters * sizeof(double));
    for (size_t i = 0; i < chunk->count; i++) step->loss[chunk->first_cell + i] = chunk->records[i].initial_loss;
    return LYAP_OK;
}

/* A step of all starts for each rate from 0.001 to 100: the loss before a step is that after the step at the rate before. */
static enum lyap_status test_range(struct setting *s, struct lyap_error *error) {
    enum { N = LYAP_RATE_RANGE_STEPS };
    double rate[N], *loss = malloc(((N + 1) * s->starts + N) * sizeof *loss);
    double *weights = malloc(s->starts * s->parameters * sizeof *weights);
    struct lyap_plan plan = s->prepared.plan;
    enum lyap_status status = LYAP_OK;
    if (!loss || !weights) {
        free(loss);
        free(weights);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", s->starts);
    }
    double *one = loss + (N + 1) * s->starts;
    lyap_log_grid(1e-3, 100, N, rate);
    memcpy(weights, s->weights, s->starts * s->parameters * sizeof *weights);
    plan.weights = weights;
    plan.last_weights = true;
    plan.setting.epochs = 1;
    for (size_t i = 0; i <= N && !status; i++) {
        plan.setting.lr = rate[i < N ? i : N - 1];
        status = lyap_ensemble_run(&plan, take_step, &(struct stepping){weights, loss + i * s->starts}, error);
        for (size_t k = 0; k < s->starts * s->parameters; k++)
            if (!isfinite(weights[k])) weights[k] = 1e150; /* lost: the loss stays no number */
    }
    for (size_t start = 0; start < s->starts && !status; start++) {
        for (size_t i = 0; i < N; i++) one[i] = loss[(i + 1) * s->starts + start];
        s->range[start] = lyap_rate_of_range(rate, one, N);
    }
    free(loss);
    free(weights);
    return status;
}

/* ---- trainings ---- */

struct training {
    struct lyap_rate_outcome *outcome;
    const size_t *start; /* of each cell */
    double chance;       /* the loss of equal probabilities */
};

static struct lyap_rate_outcome outcome_of(const struct lyap_chunk *chunk, size_t i, double chance, uint32_t steps) {
    const struct lyap_evaluation *e = &chunk->evaluation[i];
    const double share = e->test_loss / chance;
    const bool fine = share < 1;
    return (struct lyap_rate_outcome){.lr = chunk->records[i].lr,
                                      .loss = fine ? share : 1,
                                      .accuracy = isfinite(e->test_loss) ? e->test_accuracy : 0,
                                      .steps = steps};
}

static enum lyap_status take_training(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct training *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        struct lyap_rate_outcome *o = &t->outcome[t->start[chunk->first_cell + i]];
        *o = outcome_of(chunk, i, t->chance, o->steps);
    }
    return LYAP_OK;
}

/* Trains every start for outcome[starts].steps at its outcome.lr; those with one rate side by side. */
static enum lyap_status train(const struct setting *s, struct lyap_rate_outcome *outcome, double chance,
                              struct lyap_error *error) {
    double *weights = malloc(s->starts * s->parameters * sizeof *weights);
    size_t *start = malloc(s->starts * sizeof *start);
    bool *done = calloc(s->starts, sizeof *done);
    struct lyap_plan plan = s->prepared.plan;
    enum lyap_status status = LYAP_OK;
    if (!weights || !start || !done) {
        free(weights);
        free(start);
        free(done);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", s->starts);
    }
    plan.weights = weights;
    plan.test = &s->test;
    plan.evaluate = true;
    for (size_t first = 0; first < s->starts && !status; first++) {
        if (done[first]) continue;
        size_t n = 0;
        plan.setting.lr = outcome[first].lr;
        plan.setting.epochs = outcome[first].steps;
        for (size_t i = first; i < s->starts; i++)
            if (outcome[i].lr == plan.setting.lr) {
                memcpy(weights + n * s->parameters, s->weights + i * s->parameters, s->parameters * sizeof *weights);
                start[n++] = i;
                done[i] = true;
            }
        plan.starts = n;
        status = lyap_ensemble_run(&plan, take_training, &(struct training){outcome, start, chance}, error);
    }
    free(weights);
    free(start);
    free(done);
    return status;
}

struct gridding {
    struct lyap_rate_outcome *outcome; /* [grid][starts] */
    double chance;
    uint32_t steps;
};

static enum lyap_status take_grid(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct gridding *g = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++)
        g->outcome[chunk->first_cell + i] = outcome_of(chunk, i, g->chance, g->steps);
    return LYAP_OK;
}

/* All rates of the grid for the whole budget: the fixed one, and the best by the held-out loss. */
static enum lyap_status train_grid(const struct setting *s, struct lyap_rate_outcome *fixed,
                                   struct lyap_rate_outcome *best, uint32_t budget, double chance,
                                   struct lyap_error *error) {
    struct lyap_setting settings[LYAP_RATE_GRID];
    struct lyap_rate_outcome *all = malloc(LYAP_RATE_GRID * s->starts * sizeof *all);
    struct lyap_plan plan = s->prepared.plan;
    if (!all) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", s->starts);
    plan.test = &s->test;
    plan.evaluate = true;
    plan.values = LYAP_RATE_GRID;
    plan.settings = settings;
    for (size_t g = 0; g < LYAP_RATE_GRID; g++) {
        settings[g] = plan.setting;
        settings[g].lr = s->grid[g];
        settings[g].epochs = budget;
    }
    enum lyap_status status = lyap_ensemble_run(&plan, take_grid, &(struct gridding){all, chance, budget}, error);
    for (size_t i = 0; i < s->starts && !status; i++) {
        fixed[i] = all[FIXED_AT * s->starts + i];
        best[i] = all[i];
        for (size_t g = 1; g < LYAP_RATE_GRID; g++)
            if (all[g * s->starts + i].loss < best[i].loss) best[i] = all[g * s->starts + i];
    }
    free(all);
    return status;
}

static double rate_of(const struct setting *s, enum lyap_rate_rule rule, size_t start) {
    const size_t at = start * LYAP_RATE_GRID;
    if (rule == LYAP_RATE_RANGE) return lyap_rate_rounded(s->range[start]);
    if (rule == LYAP_RATE_SHARPNESS) /* a largest eigenvalue that is not positive allows any rate */
        return s->sharpness[start] > 0 ? lyap_rate_rounded(2 / s->sharpness[start]) : s->grid[LYAP_RATE_GRID - 1];
    return s->grid[lyap_rate_choose(rule, s->loss + at, s->exponent + at)];
}

/* ---- a data set ---- */

/* As many as the engine takes. */
static uint32_t products_of(size_t parameters) {
    return parameters < LYAP_RATE_PRODUCTS ? (uint32_t)parameters : LYAP_RATE_PRODUCTS;
}

static enum lyap_status open_setting(struct setting *s, size_t set, size_t draw, size_t starts,
                                     const struct lyap_report_options *given, struct lyap_error *error) {
    struct lyap_report_options options = *given;
    options.seed += draw * 1000003; /* other data and other starts */
    memset(s, 0, sizeof *s);
    make_grid(s->grid);
    s->starts = starts;
    enum lyap_status status = lyap_prepare(&s->prepared, &lyap_rate_subjects[set], &options, error);
    if (!status) status = lyap_dataset_split(&s->prepared.data, &s->test, 0.5, options.seed, error);
    s->parameters = lyap_network_parameters(&s->prepared.network);
    s->products = products_of(s->parameters);
    s->prepared.plan.starts = starts;
    s->prepared.plan.neighbours = 1;
    s->prepared.plan.window = false;
    if (!status) status = lyap_plan_starts(&s->weights, &s->prepared.plan, error);
    s->prepared.plan.weights = s->weights;
    s->loss = malloc((2 * LYAP_RATE_GRID + 2) * starts * sizeof *s->loss);
    if (!s->loss) return status ? status : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    s->exponent = s->loss + LYAP_RATE_GRID * starts;
    s->sharpness = s->exponent + LYAP_RATE_GRID * starts;
    s->range = s->sharpness + starts;
    return status;
}

static void close_setting(struct setting *s) {
    free(s->weights);
    free(s->loss);
    lyap_dataset_free(&s->test);
    lyap_prepared_free(&s->prepared);
}

static enum lyap_status run_setting(struct lyap_rate_rules *q, size_t set, size_t draw,
                                    const struct lyap_report_options *options, struct lyap_report *report,
                                    struct lyap_error *error) {
    struct setting s;
    enum lyap_status status = open_setting(&s, set, draw, q->starts, options, error);
    const int outputs = s.prepared.network.sizes[s.prepared.network.layers];
    const double chance = lyap_log(outputs > 1 ? outputs : 2);
    if (!status) status = look(&s, error);
    if (!status) status = test_range(&s, error);
    lyap_plan_follow(&s.prepared.plan, report, 0.5 / (LYAP_RATE_SETS * LYAP_RATE_DRAWS));
    if (!status)
        status = train_grid(&s, q->outcome + lyap_rate_place(q, set, draw, LYAP_RATE_FIXED),
                            q->outcome + lyap_rate_place(q, set, draw, LYAP_RATE_BEST), q->budget, chance, error);
    s.prepared.plan.progress = NULL;
    for (int rule = LYAP_RATE_RANGE; rule < LYAP_RATE_BEST && !status; rule++) {
        struct lyap_rate_outcome *o = q->outcome + lyap_rate_place(q, set, draw, (enum lyap_rate_rule)rule);
        for (size_t i = 0; i < q->starts; i++)
            o[i] = (struct lyap_rate_outcome){.lr = rate_of(&s, (enum lyap_rate_rule)rule, i),
                                              .steps =
                                                  lyap_rate_trained((enum lyap_rate_rule)rule, q->budget, s.products)};
        status = train(&s, o, chance, error);
    }
    close_setting(&s);
    return status;
}

enum lyap_status lyap_rate_rules_run(struct lyap_rate_rules *q, size_t starts, uint32_t budget,
                                     const struct lyap_report_options *options, struct lyap_report *report,
                                     struct lyap_error *error) {
    memset(q, 0, sizeof *q);
    q->starts = starts;
    q->budget = budget;
    q->outcome = calloc(LYAP_RATE_SETS * LYAP_RATE_DRAWS * LYAP_RATE_RULES * starts, sizeof *q->outcome);
    if (!q->outcome) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    enum lyap_status status = LYAP_OK;
    for (size_t set = 0; set < LYAP_RATE_SETS; set++)
        for (size_t draw = 0; draw < LYAP_RATE_DRAWS && !status; draw++)
            status = run_setting(q, set, draw, options, report, error);
    return status ? status : lyap_rate_rules_judge(q, options->seed, error);
}

void lyap_rate_rules_free(struct lyap_rate_rules *q) {
    free(q->outcome);
    q->outcome = NULL;
}
