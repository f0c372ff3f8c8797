/* lyapgrad-bench: verifies each kernel on each instruction set and precision, then times it; --help says how. */
#define _XOPEN_SOURCE 600 /* unsetenv */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "blas.h"
#include "compare.h"
#include "files.h"
#include "peers.h"
#include "scaling.h"
#include "single_suite.h"
#include "timer.h"

/* A measurement with more spread is called noisy. */
#define NOISY 0.1

static const struct bench_effort careful = {.repetitions = 31, .seconds = 1e-3},
                                 quick = {.repetitions = 9, .seconds = 5e-4};

/* These make an OpenBLAS take old kernels where someone has set them; it reads them before main. */
static void without_blas_settings(char **argv) {
    if (!bench_blas_available() || (!getenv("OPENBLAS_CORETYPE") && !getenv("OPENBLAS_L2_SIZE"))) return;
    unsetenv("OPENBLAS_CORETYPE");
    unsetenv("OPENBLAS_L2_SIZE");
    execv(argv[0], argv);
}

static void warn_of_noise(void) {
    int measured, noisy = bench_noisy(NOISY, &measured);
    if (noisy * 10 > measured)
        printf(
            "# WARNING: noisy machine: %d of %d measurements spread by more than %.0f %%; trust the best times only\n",
            noisy, measured, 100 * NOISY);
}

/* The curves' processes and threads must not inherit the pinning. */
static enum lyap_status run_scaling(const struct bench_suite *suite, struct bench_curve curves[BENCH_CURVES],
                                    struct lyap_error *error) {
    const struct bench_options *options = suite->options;
    bench_unpin();
    return bench_scaling(curves,
                         options->scale  ? 1e7
                         : options->fast ? 1e5
                                         : 1e6,
                         suite->machine->cpus, options->fast, error);
}

/* A run with a selection is about what is selected: no curves, and peers only when steps are among it. */
static enum lyap_status run(struct bench_suite *suite, bool *scaled, struct bench_curve curves[BENCH_CURVES],
                            struct lyap_error *error) {
    const struct bench_options *o = suite->options;
    enum lyap_status status = LYAP_OK;
    bool selected = o->kernels.count || o->isas.count || o->nets.count || o->activations.count || o->precisions.count;
    bench_machine_write(suite->machine, stdout, "# ");
    if (o->starts) return bench_single_run(suite, error);
    if (!o->scale) {
        printf("# ns an item (draw, value, network, attempt, network-step), best and median; %% of the bound that "
               "`limit` sets\n");
        bench_row_print(stdout, NULL);
        status = bench_suite_limits(suite, error);
        if (!status) status = bench_suite_run(suite, error);
        bool steps = bench_chosen(&o->kernels, "step") && bench_chosen(&o->nets, "2-2-1");
        if (!status && o->peers && steps) status = bench_peers_run(suite, error);
    }
    *scaled = o->scale || !selected;
    if (!status && *scaled) status = run_scaling(suite, curves, error);
    return status;
}

int main(int argc, char **argv) {
    struct bench_options options;
    struct bench_machine machine;
    struct bench_rows before = {0};
    static struct bench_curve curves[BENCH_CURVES];
    struct lyap_error error = {0};
    if (bench_options_parse(&options, argc, argv, &error)) {
        fprintf(stderr, "lyapgrad-bench: %s\n", error.message);
        return 2;
    }
    if (options.help) return fputs(bench_help, stdout) < 0;
    if (bench_files_check(&options, &error)) {
        fprintf(stderr, "lyapgrad-bench: %s\n", error.message);
        return error.status == LYAP_ERROR_ARGUMENT ? 2 : 1;
    }
    without_blas_settings(argv);
    if (options.compare && bench_rows_read(&before, options.compare, &error)) {
        fprintf(stderr, "lyapgrad-bench: --compare: %s\n", error.message);
        bench_rows_free(&before);
        return 2;
    }
    bool scaled = false;
    int slower = 0;
    bench_machine_find(&machine);
    if (options.starts) { /* runs that start threads of their own */
        bench_unpin();
        machine.pinned = false;
    }
    struct bench_suite suite = {
        .options = &options, .table = stdout, .machine = &machine, .effort = options.fast ? quick : careful};
    enum lyap_status status = run(&suite, &scaled, curves, &error);
    if (!status) status = bench_files_write(&suite, scaled ? curves : NULL, &error);
    if (status) {
        fprintf(stderr, "lyapgrad-bench: %s\n", error.message);
    } else {
        bench_files_draw(&suite, scaled);
        if (suite.rows.count) printf("# %s/bench.csv, bench.json, limits.csv, report.md\n", options.out);
        if (suite.single.count) printf("# %s/single.csv, bench.json, report.md\n", options.out);
        warn_of_noise();
        if (options.compare) slower = bench_compare(stdout, &before, &suite.rows);
    }
    bool failed = status || suite.mismatches || slower;
    bench_rows_free(&before);
    bench_suite_free(&suite);
    return failed ? 1 : 0;
}
