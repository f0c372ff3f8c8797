/* No state between calls: two threads of the host program run two different ensembles at once, or spectra, or series, and each gets the
 * bits of a run alone. */
#include <pthread.h>

#include "results/series_file.h"
#include "lyapgrad/lyapgrad.h"
#include "tests/support.h"

enum { TIMES = 6 };

enum kind { ENSEMBLE, SPECTRUM, SERIES, KINDS };

/* One kind of run, the same for its thread as for a run alone. */
struct job {
    uint64_t seed;
    enum lyap_activation activation;
    enum lyap_precision precision;
    int threads; /* the library's own */
    enum kind kind;
    enum lyap_layout layout;
    uint64_t digest[TIMES];
    enum lyap_status status;
};

static enum lyap_status keep_chunk(const struct lyap_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    for (size_t i = 0; i < c->count; i++) *digest = lyap_digest_record(*digest, &c->records[i]);
    return LYAP_OK;
}

static enum lyap_status keep_spectra(const struct lyap_spectrum_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    for (size_t i = 0; i < c->count; i++)
        *digest = lyap_digest_spectrum(*digest, &c->records[i], c->lambda + i * c->exponents, c->exponents);
    return LYAP_OK;
}

static void set_up(struct lyap_plan *plan, const struct job *job) {
    plan->seed = job->seed;
    plan->precision = job->precision;
    plan->threads = job->threads;
    plan->layout = job->layout;
    plan->starts =
        job->layout == LYAP_LAYOUT_SHARED ? 3 : 40; /* threads of the library's own share the steps of a few */
    plan->setting.lr = 0.5;
    plan->setting.epochs = 40;
    plan->isa = LYAP_ISA_SCALAR;
}

/* The logistic map from a start of the job's own. */
static enum lyap_status run_series(const struct job *job, uint64_t *digest) {
    double x[400], value = 0.1 + 0.1 * (double)job->seed;
    struct lyap_series_options options;
    struct lyap_series_result result;
    for (size_t i = 0; i < 400; i++) x[i] = value = 4 * value * (1 - value);
    lyap_series_defaults(&options);
    options.threads = job->threads;
    enum lyap_status status = lyap_series_run(x, 400, &options, &result, NULL);
    *digest = lyap_series_digest(&result);
    lyap_series_free(&result);
    return status;
}

static enum lyap_status run_once(const struct job *job, uint64_t *digest) {
    if (job->kind == SERIES) return run_series(job, digest);
    struct lyap_network net;
    struct lyap_dataset data;
    enum lyap_status status = lyap_dataset_moons(&data, 12, 0.1, job->seed, NULL);
    if (!status) status = lyap_network_init(&net, "2-3-1", job->activation, LYAP_SIGMOID, LYAP_MSE, NULL);
    *digest = LYAP_DIGEST_START;
    if (!status && job->kind == SPECTRUM) {
        struct lyap_spectrum_plan plan;
        lyap_spectrum_defaults(&plan, &net, &data);
        set_up(&plan.base, job);
        plan.exponents = 3;
        status = lyap_spectrum_run(&plan, keep_spectra, digest, NULL);
    } else if (!status) {
        struct lyap_plan plan;
        lyap_plan_defaults(&plan, &net, &data);
        set_up(&plan, job);
        status = lyap_ensemble_run(&plan, keep_chunk, digest, NULL);
    }
    lyap_dataset_free(&data);
    return status;
}

static void *run_job(void *context) {
    struct job *job = context;
    for (int i = 0; i < TIMES; i++) {
        enum lyap_status status = run_once(job, &job->digest[i]);
        if (status) job->status = status;
    }
    return NULL;
}

START_TEST(two_host_threads_get_the_bits_of_a_run_alone) {
    struct job jobs[2] = {{.seed = 1, .activation = LYAP_TANH, .precision = LYAP_FLOAT32},
                          {.seed = 2, .activation = LYAP_RELU, .precision = LYAP_FLOAT64}};
    uint64_t alone[2];
    pthread_t running[2];
    for (int j = 0; j < 2; j++) {
        jobs[j].kind = (enum kind)(_i % KINDS);
        jobs[j].threads = 1 + _i / KINDS % 2;
        jobs[j].layout = _i < 2 * KINDS ? LYAP_LAYOUT_BLOCK : LYAP_LAYOUT_SHARED;
        ck_assert_int_eq(run_once(&jobs[j], &alone[j]), LYAP_OK);
    }
    ck_assert_uint_ne(alone[0], alone[1]);
    for (int j = 0; j < 2; j++) ck_assert_int_eq(pthread_create(&running[j], NULL, run_job, &jobs[j]), 0);
    for (int j = 0; j < 2; j++) ck_assert_int_eq(pthread_join(running[j], NULL), 0);
    for (int j = 0; j < 2; j++) {
        ck_assert_int_eq(jobs[j].status, LYAP_OK);
        for (int i = 0; i < TIMES; i++) ck_assert_uint_eq(jobs[j].digest[i], alone[j]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("threads");
    TCase *tests = tcase_create("threads");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, two_host_threads_get_the_bits_of_a_run_alone, 0, 4 * KINDS);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
