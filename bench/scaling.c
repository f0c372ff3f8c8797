#include "scaling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/statistics.h"
#include "lyapgrad/status.h"
#include "timer.h"

double bench_exponent(const double *x, const double *y, int n) {
    int from = n - (n + 1) / 2;
    if (n - from < 3) from = n - 3;
    if (from < 0) return NAN;
    double lx[BENCH_MOST_POINTS], ly[BENCH_MOST_POINTS];
    int count = 0;
    for (int i = from; i < n && count < BENCH_MOST_POINTS; i++, count++) {
        lx[count] = log(x[i]);
        ly[count] = log(y[i]);
    }
    struct lyap_regression fit;
    return lyap_regress(lx, ly, (size_t)count, &fit, NULL) ? NAN : fit.slope;
}

/* One experiment. */
struct point {
    char shape[32];
    size_t samples; /* 0: XOR */
    uint64_t starts;
    uint32_t neighbours, epochs;
    int threads, repetitions;
    size_t vectors; /* of a spectrum; 0: an ensemble */
};

struct found {
    double seconds, megabytes;
};

static enum lyap_status ignore(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    (void)chunk, (void)context, (void)error;
    return LYAP_OK;
}

static enum lyap_status ignore_spectra(const struct lyap_spectrum_chunk *chunk, void *context,
                                       struct lyap_error *error) {
    (void)chunk, (void)context, (void)error;
    return LYAP_OK;
}

static enum lyap_status run_spectrum(const struct point *point, const struct lyap_plan *base,
                                     struct lyap_error *error) {
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, base->network, base->data);
    plan.base = *base;
    plan.exponents = point->vectors;
    return lyap_spectrum_run(&plan, ignore_spectra, NULL, error);
}

static enum lyap_status run_point(const struct point *point, double *seconds, struct lyap_error *error) {
    struct lyap_network net;
    struct lyap_dataset data = {0};
    struct lyap_plan plan;
    enum lyap_status status = lyap_network_init(&net, point->shape, LYAP_RELU, LYAP_RELU, LYAP_MSE, error);
    if (!status)
        status = point->samples ? lyap_dataset_xor_noisy(&data, 2, point->samples, 0.1, 1, error)
                                : lyap_dataset_xor(&data, error);
    if (status) return status;
    lyap_plan_defaults(&plan, &net, &data);
    status = lyap_isa_select(getenv("LYAPGRAD_ISA"), &plan.isa, error);
    plan.starts = point->starts;
    plan.neighbours = point->neighbours;
    plan.setting.epochs = point->epochs;
    plan.threads = point->threads;
    plan.window = strcmp(point->shape, "2-2-1") == 0 && !point->samples;
    for (int r = 0; r < point->repetitions && !status; r++) {
        double start = bench_seconds();
        status = point->vectors ? run_spectrum(point, &plan, error) : lyap_ensemble_run(&plan, ignore, NULL, error);
        double took = bench_seconds() - start;
        if (r == 0 || took < *seconds) *seconds = took;
    }
    lyap_dataset_free(&data);
    return status;
}

/* Peak memory of this process in MB. */
static double peak_megabytes(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) return NAN;
#if defined(__APPLE__)
    return (double)usage.ru_maxrss / 1e6; /* bytes there */
#else
    return (double)usage.ru_maxrss * 1024 / 1e6;
#endif
}

/* Runs the point in a child process. */
static enum lyap_status in_child(const struct point *point, struct found *found, struct lyap_error *error) {
    int ends[2];
    fflush(stdout);
    if (pipe(ends) != 0) return lyap_fail(error, LYAP_ERROR_MEMORY, "no pipe for a scaling run");
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "no process for a scaling run");
    }
    if (child == 0) {
        struct found mine = {0};
        struct lyap_error why = {0};
        close(ends[0]);
        enum lyap_status status = run_point(point, &mine.seconds, &why);
        mine.megabytes = peak_megabytes();
        if (status) fprintf(stderr, "lyapgrad-bench: %s\n", why.message);
        bool told = write(ends[1], &mine, sizeof mine) == (ssize_t)sizeof mine;
        _exit(status || !told);
    }
    int state = 0;
    close(ends[1]);
    bool heard = read(ends[0], found, sizeof *found) == (ssize_t)sizeof *found;
    close(ends[0]);
    while (waitpid(child, &state, 0) < 0) {
    }
    if (heard && WIFEXITED(state) && WEXITSTATUS(state) == 0) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_MEMORY, "a scaling run of %s with %llu starts failed", point->shape,
                     (unsigned long long)point->starts);
}

/* Sets what varies along a curve to x. */
static void vary(int curve, double x, struct point *point) {
    switch (curve) {
    case 0:
        point->starts = (uint64_t)x;
        point->repetitions = x < 1e5 ? 3 : 1;
        break;
    case 1:
        point->neighbours = (uint32_t)x;
        break;
    case 2:
        snprintf(point->shape, sizeof point->shape, "2-%d-1", (int)x);
        break;
    case 3:
        point->samples = (size_t)x;
        break;
    case 5:
        point->vectors = (size_t)x;
        break;
    default:
        point->threads = (int)x;
        break;
    }
}

enum lyap_status bench_scaling(struct bench_curve curves[BENCH_CURVES], double most_cells, int cpus, bool fast,
                               struct lyap_error *error) {
    static const struct {
        const char *name, *what;
        double first, factor, last;
        struct point point;
    } plans[BENCH_CURVES] = {
        {"cells", "2-2-1 ReLU, 24 neighbours, 5 epochs", 1, 10, 0, {"2-2-1", 0, 0, 24, 5, 1, 3, 0}},
        {"neighbours", "2-2-1 ReLU, 1,600 cells, 20 epochs", 1, 4, 4096, {"2-2-1", 0, 1600, 0, 20, 1, 3, 0}},
        {"parameters",
         "2-W-1 ReLU (4 W + 1), 64 cells, 4 neighbours, 20 epochs",
         2,
         4,
         8192,
         {"", 0, 64, 4, 20, 1, 3, 0}},
        {"samples", "2-8-1 ReLU, 64 cells, 4 neighbours, 5 epochs", 4, 4, 65536, {"2-8-1", 0, 64, 4, 5, 1, 3, 0}},
        {"threads",
         "2-2-1 ReLU, 8,192 cells, 24 neighbours, 50 epochs",
         1,
         2,
         0,
         {"2-2-1", 0, 8192, 24, 50, 0, 150, 0}},
        {"tangents",
         "2-8-1 ReLU (33 parameters), 256 cells, 100 epochs",
         1,
         2,
         32,
         {"2-8-1", 0, 256, 24, 100, 1, 3, 1}},
    };
    printf("# scaling: float32, the fastest instruction set, one thread but where it says otherwise\n");
    printf("%-11s %10s %12s %10s\n", "# curve", "x", "seconds", "peak MB");
    for (int c = 0; c < BENCH_CURVES; c++) {
        struct bench_curve *curve = &curves[c];
        *curve = (struct bench_curve){.name = plans[c].name, .what = plans[c].what};
        double last = c == 0 ? most_cells : c == 4 ? cpus : plans[c].last;
        if (fast && c > 0 && c < 4) last /= 16;
        for (double x = plans[c].first; x <= last && curve->count < BENCH_MOST_POINTS; x *= plans[c].factor) {
            struct point point = plans[c].point;
            struct found found = {0};
            vary(c, x, &point);
            enum lyap_status status = in_child(&point, &found, error);
            if (status) return status;
            int i = curve->count++;
            curve->x[i] = c == 2 ? 4 * x + 1 : x;
            curve->seconds[i] = found.seconds;
            curve->megabytes[i] = found.megabytes;
            printf("%-11s %10.0f %12.6f %10.1f\n", curve->name, curve->x[i], found.seconds, found.megabytes);
            fflush(stdout);
        }
        curve->exponent = bench_exponent(curve->x, curve->seconds, curve->count);
        if (isfinite(curve->exponent)) printf("# %s: time ~ x^%.3f\n", curve->name, curve->exponent);
    }
    return LYAP_OK;
}

void bench_scaling_csv(FILE *file, const struct bench_curve curves[BENCH_CURVES]) {
    fputs("curve,x,seconds,megabytes,exponent\n", file);
    for (int c = 0; c < BENCH_CURVES; c++)
        for (int i = 0; i < curves[c].count; i++) {
            fprintf(file, "%s,%.0f,%.6g,%.4g,", curves[c].name, curves[c].x[i], curves[c].seconds[i],
                    curves[c].megabytes[i]);
            if (isfinite(curves[c].exponent)) fprintf(file, "%.3f", curves[c].exponent);
            fputc('\n', file);
        }
}
