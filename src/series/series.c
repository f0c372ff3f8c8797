/* Runs a series estimator: settings, embedding, a survey of the neighbourhoods, then the method. */
#include "series/curve.h"
#include "series/options.h"
#include "series/wolf.h"

#include <math.h>
#include <stdlib.h>

#include "lyapgrad/statistics.h"

enum { SURVEY = 1000, WOLF_CANDIDATES = 50, FEWEST = LYAP_SERIES_BLOCKS };

/* Farther than any two vectors of a scaled series, dimension 64 included. */
static const double UNLIMITED = 64;

static bool is_constant(const double *x, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (x[i] != x[0]) return false;
    return true;
}

/* Neighbours that the chosen radius must hold for nine vectors in ten. */
static size_t wanted_neighbours(const struct lyap_series_job *job) {
    size_t wanted = 1;
    if (job->options->radius > 0) return wanted;
    if (job->options->method == LYAP_SERIES_KANTZ) wanted = (size_t)job->options->min_neighbours;
    if (job->options->method == LYAP_SERIES_WOLF) {
        wanted = job->followed / 10 < WOLF_CANDIDATES ? job->followed / 10 : WOLF_CANDIDATES;
    }
    return wanted;
}

static size_t gap(size_t i, size_t j) {
    return i > j ? i - j : j - i;
}

/* Looks at up to 1,000 evenly spread vectors: the number of those with an exact copy, how far their neighbours are
 * in space, and how near in time. Sets the
 * radius unless it is given. */
static enum lyap_status survey(struct lyap_series_job *job, struct lyap_error *error) {
    size_t points = job->followed < SURVEY ? job->followed : SURVEY, wanted = wanted_neighbours(job);
    struct lyap_neighbour *found = malloc(wanted * sizeof *found);
    double *reach = malloc(points * sizeof *reach);
    if (!found || !reach) {
        free(found);
        free(reach);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for %zu neighbours", wanted);
    }
    size_t copies = 0, adjacent = 0;
    for (size_t p = 0; p < points; p++) {
        struct lyap_query query = {.centre = (size_t)((uint64_t)job->followed * p / points),
                                   .theiler = job->theiler,
                                   .norm = job->options->method == LYAP_SERIES_KANTZ ? LYAP_NORM_MAXIMUM
                                                                                     : LYAP_NORM_EUCLIDEAN,
                                   .low = job->min_distance,
                                   .high = UNLIMITED};
        bool copy = false;
        size_t count = lyap_tree_nearest(job->tree, &query, wanted, found, &copy);
        copies += copy;
        if (count > 0) adjacent += gap(query.centre, found[0].index) <= 2 * job->theiler + 10;
        reach[p] = count == wanted ? found[wanted - 1].distance : 2 * UNLIMITED;
    }
    job->result->adjacent = (double)adjacent / (double)points;
    lyap_sort(reach, points);
    double radius = reach[(9 * points + 9) / 10 - 1];
    if (2 * copies > points)
        job->result->status = LYAP_SERIES_REPEATS;
    else if (job->options->radius > 0)
        job->radius = fmin(ldexp(job->options->radius, -job->embedding.exponent), UNLIMITED);
    else if (job->options->method == LYAP_SERIES_ROSENSTEIN)
        job->radius = UNLIMITED;
    else if (radius > UNLIMITED)
        job->result->status = LYAP_SERIES_NO_NEIGHBOURS;
    else
        job->result->used.radius = ldexp(job->radius = radius, job->embedding.exponent);
    free(found);
    free(reach);
    return LYAP_OK;
}

static enum lyap_status estimate(struct lyap_series_job *job, struct lyap_error *error) {
    struct lyap_series_result *result = job->result;
    const struct lyap_embedding *e = &job->embedding;
    bool wolf = result->used.method == LYAP_SERIES_WOLF;
    uint64_t ahead = (uint64_t)(wolf ? result->used.evolve : result->used.steps);
    job->theiler = (size_t)result->used.theiler;
    job->steps = wolf ? 0 : (size_t)result->used.steps;
    job->min_distance = fmin(ldexp(result->used.min_distance, -e->exponent), UNLIMITED);
    job->followed = ahead < e->vectors ? e->vectors - (size_t)ahead : 0;
    if (job->followed < FEWEST || job->followed < (uint64_t)result->used.theiler + 2) {
        result->status = LYAP_SERIES_TOO_SHORT;
        return LYAP_OK;
    }
    job->tree = lyap_tree_new(e, job->followed);
    if (!job->tree)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for %zu vectors of dimension %zu",
                         job->followed, e->dimension);
    result->status = LYAP_SERIES_OK;
    enum lyap_status status = survey(job, error);
    if (!status && result->status == LYAP_SERIES_OK)
        status = wolf ? lyap_wolf_run(job, error) : lyap_curve_run(job, error);
    lyap_tree_free(job->tree);
    return status;
}

enum lyap_status lyap_series_run(const double *x, size_t n, const struct lyap_series_options *options,
                                 struct lyap_series_result *result, struct lyap_error *error) {
    *result = (struct lyap_series_result){.used = *options, .samples = n, .status = LYAP_SERIES_TOO_SHORT};
    struct lyap_series_job job = {.options = options, .result = result};
    struct lyap_embedding *e = &job.embedding;
    enum lyap_status status = lyap_series_check(options, error);
    if (!status) status = lyap_embed(e, x, n, (size_t)options->dimension, (size_t)options->delay, error);
    if (!status) {
        lyap_series_choose(&result->used, e->x, n);
        result->vectors = e->vectors;
        if (n >= 2 && is_constant(x, n))
            result->status = LYAP_SERIES_CONSTANT;
        else
            status = estimate(&job, error);
    }
    lyap_embedding_free(e);
    if (status) lyap_series_free(result);
    return status;
}

void lyap_series_free(struct lyap_series_result *result) {
    free(result->curve);
    *result = (struct lyap_series_result){0};
}
