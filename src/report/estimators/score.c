/* L2 and F2: the Henon map, the scores, and how they grow with the parameters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/deterministic.h"
#include "lyapgrad/estimator.h"
#include "lyapgrad/random.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/system.h"
#include "report/common/sample.h"
#include "report/estimators/score.h"
#include "stats/resampling.h"

const char *const lyap_estimator_shape[LYAP_ESTIMATOR_SHAPES] = {"2-2-1", "2-8-1", "2-32-1", "2-16-16-1", "2-32-32-1"};

static const double HENON_A = 1.4, HENON_B = 0.3;

static void henon(double *x) {
    double next = 1 - HENON_A * x[0] * x[0] + x[1];
    x[1] = HENON_B * x[0];
    x[0] = next;
}

/* Distances of 24 neighbours to the parent after each step; returns the number of those that are finite and above 0. */
static size_t henon_distances(const double *start, double perturbation, uint64_t seed, uint64_t cell, size_t steps,
                              double *distance) {
    enum { N = 24 };
    double parent[2] = {start[0], start[1]}, w[2 * N];
    lyap_random_normal(seed, LYAP_STREAM_PERTURBATION, cell, 0, (size_t)2 * N, w);
    for (size_t i = 0; i < (size_t)2 * N; i++) w[i] = start[i % 2] + perturbation * w[i];
    for (size_t t = 0; t < steps; t++) {
        double sum = 0;
        henon(parent);
        for (size_t k = 0; k < N; k++) {
            henon(w + 2 * k);
            double dx = w[2 * k] - parent[0], dy = w[2 * k + 1] - parent[1];
            sum += sqrt(dx * dx + dy * dy);
        }
        distance[t] = sum / N;
        if (!isfinite(distance[t]) || distance[t] <= 0) return t;
    }
    return steps;
}

static enum lyap_status map_tangents(double *out, enum lyap_method method, const double *states, size_t starts,
                                     uint32_t steps, const struct lyap_report_options *options,
                                     struct lyap_error *error) {
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, NULL, NULL);
    plan.system = LYAP_SYSTEM_HENON;
    plan.method = method;
    plan.constants[0] = HENON_B;
    plan.constant_count = 1;
    plan.states = states;
    plan.base.isa = options->isa;
    plan.base.threads = options->threads;
    plan.base.seed = options->seed;
    plan.base.starts = starts;
    plan.base.setting = (struct lyap_setting){.lr = HENON_A, .perturbation = 1e-8, .epochs = steps};
    return lyap_spectrum_run(&plan, lyap_take_lambda, out, error);
}

enum lyap_status lyap_estimators_map(struct lyap_estimator_result *result, uint32_t reference,
                                     const struct lyap_report_options *options, struct lyap_error *error) {
    size_t starts = result->starts, most = lyap_estimator_length[LYAP_ESTIMATOR_LENGTHS - 1];
    double *states = malloc(2 * starts * sizeof *states), *x = malloc(most * sizeof *x);
    enum lyap_status status = LYAP_OK;
    if (!states || !x) {
        free(states);
        free(x);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the map");
    }
    for (size_t i = 0; i < starts && !status; i++) {
        double *s = states + 2 * i;
        lyap_random_uniform(options->seed, LYAP_STREAM_INITIAL, i, 0, 2, s);
        s[0] = 0.2 * s[0] - 0.1;
        s[1] = 0.2 * s[1] - 0.1;
        for (int t = 0; t < 1000; t++) henon(s); /* on the attractor */
    }
    if (!status) status = map_tangents(result->reference, LYAP_TANGENT, states, starts, reference, options, error);
    for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS && !status; l++)
        for (int rescaled = 0; rescaled < 2 && !status; rescaled++)
            status = map_tangents(result->estimate[rescaled ? LYAP_CONTENDER_RESCALED : LYAP_CONTENDER_TANGENT][l],
                                  rescaled ? LYAP_RESCALED : LYAP_TANGENT, states, starts, lyap_estimator_length[l],
                                  options, error);
    for (size_t i = 0; i < starts && !status; i++) {
        for (int small = 0; small < 2; small++) {
            size_t length = henon_distances(states + 2 * i, small ? 1e-8 : 1e-4, options->seed, i, most, x);
            for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS; l++) {
                if (length < lyap_estimator_length[l]) continue;
                result->estimate[small ? LYAP_CONTENDER_HYBRID_SMALL : LYAP_CONTENDER_HYBRID][l][i] =
                    lyap_kantz_wolf(x, lyap_estimator_length[l]).lambda_step;
            }
        }
        double point[2] = {states[2 * i], states[2 * i + 1]};
        for (size_t t = 0; t < most; t++) {
            x[t] = point[0];
            henon(point);
        }
        status = lyap_estimators_series(result, i, x, most, 2, options->threads, error);
    }
    free(states);
    free(x);
    return status;
}

/* difference[s->n] of estimate and reference, relative[m]. */
static enum lyap_status score(struct lyap_estimator_score *s, const double *difference, const double *relative,
                              size_t m, uint64_t seed, struct lyap_error *error) {
    double n = (double)s->n, sum = 0, rest = 0;
    for (size_t i = 0; i < s->n; i++) sum += difference[i];
    s->bias = sum / n;
    for (size_t i = 0; i < s->n; i++) rest += (difference[i] - s->bias) * (difference[i] - s->bias);
    s->spread = sqrt(rest / (n - 1));
    enum lyap_status status =
        lyap_bootstrap(lyap_mean_of, difference, s->n, LYAP_ESTIMATOR_RESAMPLES, seed, &s->mean, error);
    if (!status && m) status = lyap_bootstrap_median(relative, m, LYAP_ESTIMATOR_RESAMPLES, seed, &s->relative, error);
    return lyap_undefined(status, error);
}

enum lyap_status lyap_estimators_score(struct lyap_estimator_result *result, uint64_t seed, struct lyap_error *error) {
    const struct lyap_estimate none = {(double)NAN, (double)NAN, (double)NAN};
    const size_t starts = result->starts;
    double *difference = calloc(2 * starts + 1, sizeof *difference);
    if (!difference) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    double *relative = difference + starts;
    enum lyap_status status = LYAP_OK;
    size_t defined = 0;
    for (size_t i = 0; i < starts; i++)
        if (isfinite(result->reference[i])) difference[defined++] = fabs(result->reference[i]);
    result->size = lyap_middle(difference, defined);
    for (int c = 0; c < LYAP_CONTENDERS && !status; c++)
        for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS && !status; l++) {
            struct lyap_estimator_score *s = &result->score[c][l];
            size_t m = 0;
            *s = (struct lyap_estimator_score){
                .bias = (double)NAN, .spread = (double)NAN, .mean = none, .relative = none};
            for (size_t i = 0; i < starts; i++) {
                double d = result->estimate[c][l][i] - result->reference[i];
                if (!isfinite(d)) continue;
                difference[s->n++] = d;
                if (result->reference[i] != 0) relative[m++] = fabs(d / result->reference[i]);
            }
            if (s->n < 2 || 2 * s->n < starts) continue; /* an estimator that mostly gives nothing has no error */
            status = score(s, difference, relative, m, seed, error);
        }
    free(difference);
    return status;
}

double lyap_estimator_digits(const struct lyap_estimator_result *result, enum lyap_contender contender, size_t length) {
    double relative = result->score[contender][length].relative.value;
    if (!isfinite(relative)) return NAN;
    if (relative < 1e-15) return 15;
    return -lyap_log(relative) / lyap_log(10);
}

size_t lyap_estimator_first_digit(const struct lyap_estimator_result *result, enum lyap_contender contender) {
    for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS; l++)
        if (result->score[contender][l].relative.high <= 0.1) return l;
    return LYAP_ESTIMATOR_LENGTHS;
}

double lyap_estimator_digit_cost(const struct lyap_estimator_result *result, enum lyap_contender contender) {
    const size_t length = lyap_estimator_first_digit(result, contender);
    return length < LYAP_ESTIMATOR_LENGTHS ? lyap_contender_cost(contender, lyap_estimator_length[length]) : INFINITY;
}

struct growing {
    double *sum, *square; /* [starts] */
};

static enum lyap_status add_tangent(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct growing *g = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        double value = chunk->records[i].resolved ? chunk->lambda[i * chunk->exponents].lambda : (double)NAN;
        g->sum[chunk->records[i].cell] += value;
        g->square[chunk->records[i].cell] += value * value;
    }
    return LYAP_OK;
}

static enum lyap_status add_hybrid(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct growing *g = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        double value = chunk->records[i].terms ? chunk->records[i].lambda_step : (double)NAN;
        g->sum[chunk->records[i].cell] += value;
        g->square[chunk->records[i].cell] += value * value;
    }
    return LYAP_OK;
}

/* Root mean square over starts of the standard deviation over seeds; *size the mean |exponent|. */
static double spread_of(const struct growing *g, size_t starts, double *size) {
    double variance = 0, seeds = LYAP_ESTIMATOR_SEEDS;
    size_t n = 0;
    *size = 0;
    for (size_t i = 0; i < starts; i++) {
        double mean = g->sum[i] / seeds, v = (g->square[i] - seeds * mean * mean) / (seeds - 1);
        if (!isfinite(v)) continue;
        variance += v > 0 ? v : 0;
        *size += fabs(mean);
        n++;
    }
    *size = n ? *size / (double)n : (double)NAN;
    return n ? sqrt(variance / (double)n) : (double)NAN;
}

static enum lyap_status scale(struct lyap_estimator_scaling *scaling, const char *shape, size_t starts,
                              const struct lyap_report_options *options, struct lyap_error *error) {
    const struct lyap_subject subject = {shape, shape, LYAP_TANH, LYAP_TANH, LYAP_MSE, "xor", LYAP_INIT_GLOROT_NORMAL,
                                         0,     0,     false,     LYAP_GD,   0,        0.1};
    struct lyap_prepared prepared;
    enum lyap_status status = lyap_prepare(&prepared, &subject, options, error);
    const struct lyap_network *net = &prepared.network;
    size_t parameters = lyap_network_parameters(net);
    scaling->parameters = parameters;
    for (int layer = 0; layer < net->layers && !status; layer++)
        scaling->multiplications += 3.0 * net->sizes[layer] * net->sizes[layer + 1] * (double)prepared.data.samples;
    double *w = NULL, *memory = calloc(4 * starts, sizeof *memory);
    if (!memory) {
        lyap_prepared_free(&prepared);
        return status ? status : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    }
    struct growing tangent = {memory, memory + starts}, hybrid = {memory + 2 * starts, memory + 3 * starts};
    prepared.plan.starts = starts;
    if (!status) status = lyap_plan_starts(&w, &prepared.plan, error);
    prepared.plan.weights = w;
    prepared.plan.neighbours = 24;
    prepared.plan.setting.perturbation = 1e-6;
    prepared.plan.setting.epochs = 100;
    for (uint64_t seed = 0; seed < LYAP_ESTIMATOR_SEEDS && !status; seed++) { /* turns the directions, not the starts */
        struct lyap_spectrum_plan plan;
        prepared.plan.seed = options->seed + seed;
        lyap_spectrum_defaults(&plan, net, &prepared.data);
        plan.base = prepared.plan;
        status = lyap_spectrum_run(&plan, add_tangent, &tangent, error);
        if (!status) status = lyap_ensemble_run(&prepared.plan, add_hybrid, &hybrid, error);
    }
    double size;
    if (!status) scaling->tangent = spread_of(&tangent, starts, &size);
    if (!status) scaling->hybrid = spread_of(&hybrid, starts, &scaling->size);
    free(w);
    free(memory);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_estimators_scale(struct lyap_estimator_scaling *out, size_t starts,
                                       const struct lyap_report_options *options, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t s = 0; s < LYAP_ESTIMATOR_SHAPES && !status; s++)
        status = scale(&out[s], lyap_estimator_shape[s], starts, options, error);
    return status;
}
