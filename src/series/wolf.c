/* Wolf's method with a fixed evolution time: A. Wolf, J. B. Swift, H. L. Swinney, J. A. Vastano, "Determining Lyapunov
 * exponents from a time series", Physica D 16, 285 (1985), sections 5 and 6. */
#include <math.h>
#include <stdlib.h>

#include "math/deterministic.h"
#include "series/line_fit.h"
#include "series/saturation.h"
#include "series/wolf.h"

/* One interval of Wolf's method. */
struct stretch {
    uint64_t start, end; /* on the fiducial trajectory */
    double log_ratio;
};

static const size_t NONE = SIZE_MAX;

struct fiducial {
    const struct lyap_series_job *job;
    size_t evolve;
    double cosine;               /* of the largest turn */
    double saturated;            /* log distance that is no longer a small one */
    uint64_t lost;               /* intervals that ended there */
    struct lyap_index_list list; /* scratch */
};

/* X(j) - X(i), divided by its largest component, so that its square neither vanishes nor overflows. */
static void direction(const struct lyap_embedding *e, size_t i, size_t j, double *v) {
    double largest = 0;
    for (size_t k = 0; k < e->dimension; k++) {
        v[k] = lyap_coordinate(e, j, k) - lyap_coordinate(e, i, k);
        largest = fmax(largest, fabs(v[k]));
    }
    for (size_t k = 0; k < e->dimension; k++) v[k] /= largest;
}

/* |cos| of the angle between two such directions: to first order a separation and its opposite grow alike. */
static double cosine(const double *u, const double *v, size_t dimension) {
    double uv = 0, uu = 0, vv = 0;
    for (size_t k = 0; k < dimension; k++) {
        uv += u[k] * v[k];
        uu += u[k] * u[k];
        vv += v[k] * v[k];
    }
    return fabs(uv) / sqrt(uu * vv);
}

static struct lyap_query query_at(const struct fiducial *f, size_t t) {
    return (struct lyap_query){t, f->job->theiler, LYAP_NORM_EUCLIDEAN, f->job->min_distance, f->job->radius};
}

static size_t nearest(const struct fiducial *f, size_t t) {
    struct lyap_query query = query_at(f, t);
    struct lyap_neighbour neighbour;
    bool copy = false;
    return lyap_tree_nearest(f->job->tree, &query, 1, &neighbour, &copy) ? neighbour.index : NONE;
}

/* The candidate that turns least from X(j) - X(t), the first of equals; NONE if all turn too far. False: no memory. */
static bool replacement(struct fiducial *f, size_t t, size_t j, size_t *found) {
    const struct lyap_embedding *e = &f->job->embedding;
    struct lyap_query query = query_at(f, t);
    double old[LYAP_SERIES_MAX_DIMENSION], new[LYAP_SERIES_MAX_DIMENSION], best = 0;
    *found = NONE;
    if (!lyap_tree_within(f->job->tree, &query, &f->list)) return false;
    direction(e, t, j, old);
    for (size_t c = 0; c < f->list.count; c++) {
        direction(e, t, f->list.items[c], new);
        double value = cosine(old, new, e->dimension);
        if (value >= f->cosine && (*found == NONE || value > best)) {
            best = value;
            *found = f->list.items[c];
        }
    }
    return true;
}

/* The neighbour for the next interval: the present one while it is near, else a replacement, else the present one again,
 * as long as the series goes on behind it. False: no memory. */
static bool next_neighbour(struct fiducial *f, size_t t, double log_distance, size_t *j) {
    struct lyap_series_result *result = f->job->result;
    bool can_stay = *j + f->evolve < f->job->embedding.vectors;
    bool near = log_distance <= lyap_log(f->job->radius);
    bool clear = f->job->min_distance == 0 || log_distance >= lyap_log(f->job->min_distance);
    size_t gap = t > *j ? t - *j : *j - t;
    if (can_stay && near && clear && gap > f->job->theiler) return true;
    size_t found;
    if (!replacement(f, t, *j, &found)) return false;
    if (found != NONE) {
        *j = found;
        result->replaced++;
    } else if (can_stay && clear) {
        result->retained++;
    } else {
        *j = NONE;
    }
    return true;
}

/* Walks the fiducial trajectory and notes every interval that could be measured. */
static enum lyap_status follow(struct fiducial *f, struct stretch *stretches, size_t *count, struct lyap_error *error) {
    const struct lyap_series_job *job = f->job;
    const struct lyap_series_options *options = job->options;
    size_t j = NONE, h = f->evolve, vectors = job->embedding.vectors;
    for (size_t t = 0; t < vectors - h; t += h) {
        if (job->result->candidates++ % 256 == 0 && options->progress &&
            !options->progress(t, vectors, options->progress_context))
            return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
        if (j == NONE) j = nearest(f, t);
        if (j == NONE) continue;
        double before, after;
        if (!lyap_log_distance(&job->embedding, t, j, &before) ||
            !lyap_log_distance(&job->embedding, t + h, j + h, &after)) {
            job->result->merged++;
            j = NONE;
            continue;
        }
        f->lost += after > f->saturated;
        stretches[(*count)++] = (struct stretch){t, t + h, after - before};
        j += h;
        if (t + h < vectors - h && !next_neighbour(f, t + h, after, &j))
            return lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for the neighbours of a point");
    }
    job->result->references = *count;
    return LYAP_OK;
}

/* Growth that ends at the size of the set measures that size, not an exponent. The curve stays, the slope goes. */
static void withdraw(struct lyap_series_result *result) {
    result->status = LYAP_SERIES_SATURATED;
    result->slope = result->error = result->low = result->high = result->intercept = 0;
    result->slope_early = result->slope_late = 0;
}

/* Growth over time of the intervals first .. last-1 without block `skip` of `blocks` (>= blocks: with all). */
static double rate(const struct stretch *s, size_t first, size_t last, size_t skip, size_t blocks) {
    double growth = 0;
    uint64_t time = 0;
    size_t count = last - first;
    for (size_t i = first; i < last; i++) {
        if (skip < blocks && i - first >= count * skip / blocks && i - first < count * (skip + 1) / blocks) continue;
        growth += s[i].log_ratio;
        time += s[i].end - s[i].start;
    }
    return growth / (double)time;
}

static void fit_stretches(struct lyap_series_result *result, const struct stretch *s, size_t first, size_t last) {
    double without[LYAP_SERIES_BLOCKS];
    size_t count = last - first, blocks = count < LYAP_SERIES_BLOCKS ? count : LYAP_SERIES_BLOCKS;
    result->fit_points = count;
    result->blocks = blocks;
    result->status = LYAP_SERIES_FIT_EMPTY;
    if (count < 4) return;
    for (size_t b = 0; b < blocks; b++) without[b] = rate(s, first, last, b, blocks);
    result->status = LYAP_SERIES_OK;
    result->slope = rate(s, first, last, blocks, blocks);
    result->error = lyap_jackknife(without, blocks);
    result->low = result->slope - lyap_series_t95(blocks) * result->error;
    result->high = result->slope + lyap_series_t95(blocks) * result->error;
    result->slope_early = rate(s, first, first + count / 2, 1, 1);
    result->slope_late = rate(s, first + count / 2, last, 1, 1);
    result->intercept = result->curve[first].value - result->slope * (double)s[first].start;
}

static enum lyap_status fit_curve(struct lyap_series_job *job, const struct stretch *stretches, size_t count,
                                  struct lyap_error *error) {
    struct lyap_series_result *result = job->result;
    result->status = LYAP_SERIES_NO_NEIGHBOURS;
    if (count < 4) return LYAP_OK;
    result->curve = calloc(count + 1, sizeof *result->curve);
    if (!result->curve) return lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for %zu intervals", count);
    result->points = count + 1;
    double sum = 0;
    result->curve[0] = (struct lyap_series_point){.step = stretches[0].start};
    for (size_t i = 0; i < count; i++) {
        sum += stretches[i].log_ratio;
        result->curve[i + 1] =
            (struct lyap_series_point){.step = stretches[i].end, .value = sum, .references = i + 1, .pairs = i + 1};
    }
    if (result->used.fit_first == LYAP_SERIES_CHOOSE) {
        result->used.fit_first = (int64_t)stretches[0].start;
        result->used.fit_last = (int64_t)stretches[count - 1].end;
    }
    size_t first = 0, last = count;
    while (first < count && stretches[first].start < (uint64_t)result->used.fit_first) first++;
    while (last > first && stretches[last - 1].end > (uint64_t)result->used.fit_last) last--;
    fit_stretches(result, stretches, first, last);
    return LYAP_OK;
}

enum lyap_status lyap_wolf_run(struct lyap_series_job *job, struct lyap_error *error) {
    struct fiducial f = {.job = job, .evolve = (size_t)job->result->used.evolve};
    f.cosine = lyap_cospi(job->options->angle / 3.14159265358979323846);
    double level = 0;
    bool known = lyap_saturation(job, &level);
    f.saturated = known ? level - 1 : lyap_log(job->radius);
    if (known) job->result->saturation = level + lyap_log_scale(job);
    size_t count = 0, room = job->embedding.vectors / f.evolve + 1;
    struct stretch *stretches = malloc(room * sizeof *stretches);
    if (!stretches) return lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for %zu intervals", room);
    enum lyap_status status = follow(&f, stretches, &count, error);
    if (!status) status = fit_curve(job, stretches, count, error);
    if (!status && job->result->status == LYAP_SERIES_OK && 2 * f.lost > count) withdraw(job->result);
    free(f.list.items);
    free(stretches);
    return status;
}
