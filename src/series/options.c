/* Settings of the series estimators: names, defaults, what is allowed, and what the library chooses. */
#include <math.h>
#include <string.h>

#include "series/job.h"
#include "series/options.h"

static const char *const methods[LYAP_SERIES_METHOD_COUNT] = {"kantz", "rosenstein", "wolf"};

static const char *const statuses[LYAP_SERIES_STATUS_COUNT][2] = {
    {"ok", "an exponent was estimated"},
    {"too_short",
     "too few delay vectors can be followed; use a longer series, or a smaller dimension, delay, number of "
     "steps or Theiler window"},
    {"constant", "all samples are equal: there are no distances to follow"},
    {"repeats", "more than half of the delay vectors have an exact copy: the series is periodic, has converged, or is "
                "coarsely rounded; cut off the repeating part or use unrounded samples"},
    {"no_neighbours",
     "too few delay vectors have neighbours; use a longer series, a larger radius, a smaller dimension "
     "or a smaller Theiler window"},
    {"fit_empty", "the fit window holds fewer than 3 usable steps: no straight part between the start and saturation; "
                  "look at the curve, use more data, or declare a window"},
    {"saturated",
     "pairs reach the size of the whole set within one interval: noise, or too little data for this dimension; "
     "use a longer series, a smaller dimension or a shorter evolution time"},
};

const char *lyap_series_method_name(enum lyap_series_method method) {
    return (unsigned)method < LYAP_SERIES_METHOD_COUNT ? methods[method] : "unknown";
}

enum lyap_status lyap_series_method_parse(const char *text, enum lyap_series_method *method, struct lyap_error *error) {
    for (int i = 0; i < LYAP_SERIES_METHOD_COUNT; i++) {
        if (strcmp(text, methods[i]) == 0) {
            *method = (enum lyap_series_method)i;
            return LYAP_OK;
        }
    }
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "method '%.60s' is unknown; expected kantz, rosenstein or wolf", text);
}

const char *lyap_series_status_name(enum lyap_series_status status) {
    return (unsigned)status < LYAP_SERIES_STATUS_COUNT ? statuses[status][0] : "unknown";
}

const char *lyap_series_status_reason(enum lyap_series_status status) {
    return (unsigned)status < LYAP_SERIES_STATUS_COUNT ? statuses[status][1] : "unknown status";
}

void lyap_series_defaults(struct lyap_series_options *options) {
    *options = (struct lyap_series_options){
        .method = LYAP_SERIES_KANTZ,
        .dimension = 2,
        .delay = 1,
        .theiler = LYAP_SERIES_CHOOSE,
        .steps = LYAP_SERIES_CHOOSE,
        .min_neighbours = 10,
        .references = LYAP_SERIES_CHOOSE,
        .fit_first = LYAP_SERIES_CHOOSE,
        .fit_last = LYAP_SERIES_CHOOSE,
        .evolve = LYAP_SERIES_CHOOSE,
        .angle = 0.3,
    };
}

/* A whole number inside [low, high], or CHOOSE where that is allowed. */
static enum lyap_status check_count(const char *name, int64_t value, int64_t low, int64_t high, bool choose,
                                    struct lyap_error *error) {
    if ((value >= low && value <= high) || (choose && value == LYAP_SERIES_CHOOSE)) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "series: %s %lld is out of range; expected %lld .. %lld", name,
                     (long long)value, (long long)low, (long long)high);
}

static enum lyap_status check_reals(const struct lyap_series_options *o, struct lyap_error *error) {
    const double quarter_turn = 1.5707963267948967; /* pi/2 rounded up: it is allowed itself */
    if (!(o->radius >= 0 && isfinite(o->radius)))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "series: radius %g must be a positive number, or 0 to choose",
                         o->radius);
    if (!(o->min_distance >= 0 && isfinite(o->min_distance)))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "series: minimum distance %g must be a number, at least 0",
                         o->min_distance);
    if (o->radius > 0 && o->min_distance >= o->radius)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "series: minimum distance %g must be under the radius %g",
                         o->min_distance, o->radius);
    if (!(o->angle > 0 && o->angle <= quarter_turn))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "series: angle %g is out of range; expected 0 < angle <= pi/2",
                         o->angle);
    return LYAP_OK;
}

static int64_t steps_of(const struct lyap_series_options *o) {
    if (o->steps != LYAP_SERIES_CHOOSE) return o->steps;
    return o->delay > LYAP_SERIES_MAX_STEPS / 20 ? LYAP_SERIES_MAX_STEPS : 20 * o->delay;
}

static enum lyap_status check_window(const struct lyap_series_options *o, struct lyap_error *error) {
    if (o->fit_first == LYAP_SERIES_CHOOSE && o->fit_last == LYAP_SERIES_CHOOSE) return LYAP_OK;
    if (o->fit_first < 0 || o->fit_last < 2 || o->fit_first > o->fit_last - 2)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "series: fit window %lld:%lld is no window; expected FIRST >= 0 and LAST >= FIRST + 2",
                         (long long)o->fit_first, (long long)o->fit_last);
    if (o->method != LYAP_SERIES_WOLF && o->fit_last > steps_of(o))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "series: fit window %lld:%lld ends after the last step, %lld",
                         (long long)o->fit_first, (long long)o->fit_last, (long long)steps_of(o));
    return LYAP_OK;
}

/* Mean period 2(n-1)/(crossings of the mean), rounded up, at least `least`, at most n/10. */
static int64_t choose_theiler(const double *x, size_t n, uint64_t least) {
    double mean = 0;
    uint64_t crossings = 0;
    int side = 0;
    for (size_t i = 0; i < n; i++) mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        int now = (x[i] > mean) - (x[i] < mean);
        crossings += now != 0 && side != 0 && now != side;
        if (now != 0) side = now;
    }
    uint64_t window = crossings ? (2 * ((uint64_t)n - 1) + crossings - 1) / crossings : n;
    if (window < least) window = least;
    if (window > n / 10) window = n / 10;
    return (int64_t)window;
}

enum lyap_status lyap_series_check(const struct lyap_series_options *o, struct lyap_error *error) {
    enum lyap_status status;
    const int64_t longest = INT64_MAX / 128; /* keeps (m-1) d inside an int64_t */
    if ((unsigned)o->method >= LYAP_SERIES_METHOD_COUNT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "series: method number %d is unknown", (int)o->method);
    if ((status = check_count("dimension", o->dimension, 1, LYAP_SERIES_MAX_DIMENSION, false, error)) ||
        (status = check_count("delay", o->delay, 1, longest, false, error)) ||
        (status = check_count("Theiler window", o->theiler, 0, longest, true, error)) ||
        (status = check_count("number of steps", o->steps, 2, LYAP_SERIES_MAX_STEPS, true, error)) ||
        (status = check_count("least number of neighbours", o->min_neighbours, 1, 10000, false, error)) ||
        (status = check_count("number of reference points", o->references, 20, longest, true, error)) ||
        (status = check_count("evolution time", o->evolve, 1, longest, true, error)) ||
        (status = check_count("number of threads", o->threads, 0, 4096, false, error)) ||
        (status = check_reals(o, error)))
        return status;
    return check_window(o, error);
}

void lyap_series_choose(struct lyap_series_options *o, const double *x, size_t n) {
    o->steps = steps_of(o);
    if (o->evolve == LYAP_SERIES_CHOOSE) o->evolve = o->delay;
    if (o->theiler == LYAP_SERIES_CHOOSE) {
        int64_t span = (o->dimension - 1) * o->delay;
        o->theiler = choose_theiler(x, n, span > 1 ? (uint64_t)span : 1);
    }
}
