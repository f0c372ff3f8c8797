/* From block sums to the curve, its straight part, the slope and the slope's error. */
#include <math.h>
#include <stdlib.h>

#include "exponents/batch_means.h"
#include "series/line_fit.h"

struct lyap_line lyap_line_fit(const double *x, const double *y, size_t n) {
    double mean_x = 0, mean_y = 0, sxx = 0, sxy = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        mean_x += x[i];
        mean_y += y[i];
    }
    mean_x /= (double)n;
    mean_y /= (double)n;
    for (size_t i = 0; i < n; i++) {
        sxx += (x[i] - mean_x) * (x[i] - mean_x);
        sxy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    struct lyap_line line = {.slope = sxy / sxx};
    line.intercept = mean_y - line.slope * mean_x;
    for (size_t i = 0; i < n; i++) {
        double rest = y[i] - mean_y - line.slope * (x[i] - mean_x);
        square += rest * rest;
    }
    line.residual = sqrt(square / (double)n);
    return line;
}

double lyap_jackknife(const double *without, size_t blocks) {
    double mean = 0, square = 0;
    for (size_t b = 0; b < blocks; b++) mean += without[b];
    mean /= (double)blocks;
    for (size_t b = 0; b < blocks; b++) square += (without[b] - mean) * (without[b] - mean);
    return sqrt(square * ((double)(blocks - 1) / (double)blocks));
}

double lyap_series_t95(size_t blocks) {
    return lyap_t975(blocks < 2 ? 1 : blocks - 1);
}

/* What the fit works on. */
struct curve {
    struct lyap_series_job *job;
    const struct lyap_curve_sum *sums; /* [BLOCKS][steps + 1] */
    size_t used[LYAP_SERIES_BLOCKS];   /* blocks that hold reference points */
    size_t blocks;                     /* number of blocks */
    double *x, *y;                     /* [steps + 1], scratch: the usable points of a window */
};

/* Sum over the blocks at step s, without one of them (`skip` >= BLOCKS: with all). Added up anew each time: subtracting
 * the block from the total would cancel. */
static struct lyap_curve_sum total(const struct curve *curve, size_t s, size_t skip) {
    struct lyap_curve_sum all = {0};
    for (size_t b = 0; b < curve->blocks; b++) {
        if (curve->used[b] == skip) continue;
        const struct lyap_curve_sum *sum = &curve->sums[curve->used[b] * (curve->job->steps + 1) + s];
        all.sum += sum->sum;
        all.references += sum->references;
        all.pairs += sum->pairs;
    }
    return all;
}

/* The standard error of the curve at step s, 0 when it cannot be told. */
static double point_error(const struct curve *curve, size_t s) {
    double without[LYAP_SERIES_BLOCKS];
    if (curve->blocks < 4) return 0;
    for (size_t b = 0; b < curve->blocks; b++) {
        struct lyap_curve_sum sum = total(curve, s, curve->used[b]);
        if (sum.references == 0) return 0;
        without[b] = sum.sum / (double)sum.references;
    }
    return lyap_jackknife(without, curve->blocks);
}

static enum lyap_status fill_curve(struct curve *curve, struct lyap_error *error) {
    struct lyap_series_result *result = curve->job->result;
    size_t length = curve->job->steps + 1;
    result->curve = calloc(length, sizeof *result->curve);
    if (!result->curve) return lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for %zu points", length);
    result->points = length;
    for (size_t s = 0; s < length; s++) {
        struct lyap_curve_sum sum = total(curve, s, LYAP_SERIES_BLOCKS);
        struct lyap_series_point *point = &result->curve[s];
        *point = (struct lyap_series_point){.step = s, .references = sum.references, .pairs = sum.pairs};
        if (sum.references == 0) continue;
        point->value = sum.sum / (double)sum.references + lyap_log_scale(curve->job);
        point->error = point_error(curve, s);
    }
    return LYAP_OK;
}

/* Nine in ten of the reference points still have a distance. */
static bool usable(const struct lyap_series_result *result, size_t s) {
    return result->curve[s].references > 0 && 10 * result->curve[s].references >= 9 * result->references;
}

/* The rule in lyapgrad/series.h. Returns false when the curve leaves no room for a window. */
static bool choose_window(const struct curve *curve, const double *saturation) {
    struct lyap_series_result *result = curve->job->result;
    const struct lyap_embedding *e = &curve->job->embedding;
    if (result->used.fit_first != LYAP_SERIES_CHOOSE) return true;
    size_t steps = curve->job->steps, last = 0, first = (e->dimension - 1) * e->delay;
    double start = result->curve[0].value, level = saturation ? *saturation + lyap_log_scale(curve->job) : start;
    double end = start + 0.5 * (level - start);
    while (last < steps && usable(result, last) && usable(result, last + 1) &&
           (!saturation || result->curve[last + 1].value <= end))
        last++;
    if (first > last / 2) first = last / 2;
    result->used.fit_first = (int64_t)first;
    result->used.fit_last = (int64_t)last;
    return last >= first + 2;
}

/* Slope over steps first .. last without one block; false with fewer than two usable points. */
static bool slope(const struct curve *curve, size_t first, size_t last, size_t skip, struct lyap_line *line,
                  size_t *points) {
    size_t n = 0;
    for (size_t s = first; s <= last; s++) {
        struct lyap_curve_sum sum = total(curve, s, skip);
        if (!usable(curve->job->result, s) || sum.references == 0) continue;
        curve->x[n] = (double)s;
        curve->y[n++] = sum.sum / (double)sum.references;
    }
    *points = n;
    if (n < 2) return false;
    *line = lyap_line_fit(curve->x, curve->y, n);
    return true;
}

static void fit_window(const struct curve *curve) {
    struct lyap_series_result *result = curve->job->result;
    size_t first = (size_t)result->used.fit_first, last = (size_t)result->used.fit_last, points, some;
    struct lyap_line line, half;
    double without[LYAP_SERIES_BLOCKS];
    bool fitted = slope(curve, first, last, LYAP_SERIES_BLOCKS, &line, &points);
    result->fit_points = points;
    result->status = LYAP_SERIES_FIT_EMPTY;
    if (!fitted || points < 3) return;
    for (size_t b = 0; b < curve->blocks; b++) {
        if (!slope(curve, first, last, curve->used[b], &half, &some) || some != points) return;
        without[b] = half.slope;
    }
    result->status = LYAP_SERIES_OK;
    result->slope = line.slope;
    result->intercept = line.intercept + lyap_log_scale(curve->job);
    result->residual = line.residual;
    result->error = lyap_jackknife(without, curve->blocks);
    double half_width = lyap_series_t95(curve->blocks) * result->error;
    result->low = line.slope - half_width;
    result->high = line.slope + half_width;
    /* the halves share the middle step, so that even three points have two */
    size_t middle = first + (last - first) / 2;
    result->slope_early = slope(curve, first, middle, LYAP_SERIES_BLOCKS, &half, &some) ? half.slope : line.slope;
    result->slope_late = slope(curve, middle, last, LYAP_SERIES_BLOCKS, &half, &some) ? half.slope : line.slope;
}

enum lyap_status lyap_curve_fit(struct lyap_series_job *job, const struct lyap_curve_sum *sums,
                                const double *saturation, struct lyap_error *error) {
    struct lyap_series_result *result = job->result;
    struct curve curve = {.job = job, .sums = sums};
    for (size_t b = 0; b < LYAP_SERIES_BLOCKS; b++) {
        uint64_t references = 0;
        for (size_t s = 0; s <= job->steps; s++) references += sums[b * (job->steps + 1) + s].references;
        if (references > 0) curve.used[curve.blocks++] = b;
    }
    result->blocks = curve.blocks;
    result->status = LYAP_SERIES_NO_NEIGHBOURS;
    if (curve.blocks == 0) return LYAP_OK;
    enum lyap_status status = fill_curve(&curve, error);
    if (status) return status;
    if (saturation) result->saturation = *saturation + lyap_log_scale(job);
    bool window = choose_window(&curve, saturation);
    if (curve.blocks < 4) return LYAP_OK;
    result->status = LYAP_SERIES_FIT_EMPTY;
    if (!window) return LYAP_OK;
    curve.x = malloc((job->steps + 1) * sizeof *curve.x);
    curve.y = malloc((job->steps + 1) * sizeof *curve.y);
    if (curve.x && curve.y)
        fit_window(&curve);
    else
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for a fit of %zu steps", job->steps);
    free(curve.x);
    free(curve.y);
    return status;
}
