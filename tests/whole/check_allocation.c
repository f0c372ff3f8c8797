/* Memory that runs out in trainings: ensembles, spectra, pictures, their long runs, and what is built on them. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#ifdef LYAP_TEST_WRAP
#include "verify/validate.h"
#include "bench/reference/reference.h"
#include "paper/run.h"
#include "results/cells_table.h"
#include "report/report.h"
#include "verify/workload.h"
#include "tests/allocation.h"
#include "lyapgrad/lyapgrad.h"

static struct lyap_dataset held_out;

static enum lyap_status keep_chunk(const struct lyap_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    for (size_t i = 0; i < c->count; i++) *digest = lyap_digest_record(*digest, &c->records[i]);
    if (c->weights) *digest = digest_reals(*digest, c->weights, c->count * c->parameters);
    for (size_t i = 0; c->evaluation && i < c->count; i++)
        *digest = lyap_digest_double(*digest, c->evaluation[i].test_loss);
    return LYAP_OK;
}

static enum lyap_status keep_spectra(const struct lyap_spectrum_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    for (size_t i = 0; i < c->count; i++)
        *digest = lyap_digest_spectrum(*digest, &c->records[i], c->lambda + i * c->exponents, c->exponents);
    return LYAP_OK;
}

static enum lyap_status keep_map(const struct lyap_map_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    *digest = lyap_map_digest(*digest, c);
    return LYAP_OK;
}

/* The ensemble. */
static enum lyap_status run_ensemble(uint64_t *digest, struct lyap_error *error) {
    struct lyap_plan plan = small_plan();
    plan.series = plan.evaluate = plan.last_weights = true;
    plan.test = &held_out;
    return lyap_ensemble_run(&plan, keep_chunk, digest, error);
}

static enum lyap_status run_batches(uint64_t *digest, struct lyap_error *error) {
    struct lyap_plan plan = small_plan();
    plan.starts = 40;
    plan.threads = 2;
    plan.precision = LYAP_FLOAT64;
    lyap_optimiser_defaults(&plan.optimiser, LYAP_ADAM);
    plan.optimiser.batch = 2;
    plan.optimiser.full_state = true;
    return lyap_ensemble_run(&plan, keep_chunk, digest, error);
}

static enum lyap_status run_initial(uint64_t *digest, struct lyap_error *error) {
    double out[3 * 3 * 9];
    struct lyap_plan plan = small_plan();
    enum lyap_status status = lyap_ensemble_initial(&plan, 0, 3, out, error);
    *digest = status ? 0 : digest_reals(*digest, out, 81);
    return status;
}

/* Spectra. */
static struct lyap_spectrum_plan small_spectrum(void) {
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, &net, &corners);
    plan.base.starts = 2;
    plan.base.setting.epochs = 40;
    plan.base.threads = 1;
    return plan;
}

static enum lyap_status run_spectrum(uint64_t *digest, struct lyap_error *error) {
    struct lyap_spectrum_plan plan = small_spectrum();
    plan.exponents = 3;
    plan.history = 4;
    plan.curvature = true;
    plan.base.evaluate = true;
    return lyap_spectrum_run(&plan, keep_spectra, digest, error);
}

static enum lyap_status run_spectrum_threads(uint64_t *digest, struct lyap_error *error) {
    struct lyap_spectrum_plan plan = small_spectrum();
    plan.base.starts = 40;
    plan.base.threads = 2;
    plan.base.precision = LYAP_FLOAT32;
    plan.base.optimiser.batch = 2;
    return lyap_spectrum_run(&plan, keep_spectra, digest, error);
}

static enum lyap_status run_rescaled(uint64_t *digest, struct lyap_error *error) {
    struct lyap_spectrum_plan plan = small_spectrum();
    plan.method = LYAP_RESCALED;
    plan.base.setting.perturbation = 1e-7;
    return lyap_spectrum_run(&plan, keep_spectra, digest, error);
}

static enum lyap_status run_henon(uint64_t *digest, struct lyap_error *error) {
    static const double states[] = {0.1, 0.1, 0.2, 0.1};
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, NULL, NULL);
    plan.system = LYAP_SYSTEM_HENON;
    plan.base.setting.lr = 1.4;
    plan.constants[0] = 0.3;
    plan.constant_count = 1;
    plan.base.starts = 2;
    plan.base.setting.epochs = 60;
    plan.base.threads = 1;
    plan.states = states;
    plan.exponents = 2;
    return lyap_spectrum_run(&plan, keep_spectra, digest, error);
}

static struct lyap_map_plan small_map(void) {
    struct lyap_map_plan map;
    lyap_map_defaults(&map, &net, &corners);
    map.spectrum.base.setting.epochs = 20;
    map.spectrum.base.threads = 1;
    map.width = map.height = 3;
    map.x = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LR, .low = 1, .high = 9};
    map.y = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_DIRECTION, .low = -1, .high = 1};
    return map;
}

static enum lyap_status run_map(uint64_t *digest, struct lyap_error *error) {
    const struct lyap_map_plan map = small_map();
    return lyap_map_run(&map, keep_map, digest, error);
}

static enum lyap_status keep_diagram(const struct lyap_bifurcation_chunk *c, void *context, struct lyap_error *error) {
    uint64_t *digest = context;
    (void)error;
    *digest = lyap_bifurcation_digest(*digest, c);
    return LYAP_OK;
}

static struct lyap_bifurcation_plan small_bifurcation(void) {
    struct lyap_bifurcation_plan plan;
    lyap_bifurcation_defaults(&plan, &net, &corners);
    plan.spectrum.base.setting.epochs = 30;
    plan.spectrum.transient = 26;
    plan.spectrum.base.threads = 1;
    plan.over = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LR, .low = 1, .high = 6};
    plan.values = 3;
    return plan;
}

static enum lyap_status run_bifurcation(uint64_t *digest, struct lyap_error *error) {
    const struct lyap_bifurcation_plan plan = small_bifurcation();
    return lyap_bifurcation_run(&plan, keep_diagram, digest, error);
}

static enum lyap_status run_validate(uint64_t *digest, struct lyap_error *error) {
    struct lyap_validation row;
    enum lyap_status status = lyap_validate(3, LYAP_ISA_SCALAR, 1, &row, error);
    *digest = status ? 0 : row.digest;
    return status;
}

static enum lyap_status run_validate_series(uint64_t *digest, struct lyap_error *error) {
    struct lyap_validation row;
    enum lyap_status status = lyap_validate(lyap_validation_count() - 1, LYAP_ISA_SCALAR, 1, &row, error);
    *digest = status ? 0 : row.digest;
    return status;
}

static enum lyap_status run_workload(uint64_t *digest, struct lyap_error *error) {
    return lyap_workload_digest(LYAP_ISA_SCALAR, LYAP_LAYOUT_AUTO, LYAP_FLOAT32, 1, digest, error);
}

/* The reference. */
static enum lyap_status run_reference(uint64_t *digest, struct lyap_error *error) {
    double w[27], v[18], out[9], distance[5], loss[5], lambda[2], log_det;
    struct lyap_optimiser adam;
    lyap_optimiser_defaults(&adam, LYAP_ADAM);
    adam.batch = 2;
    for (int i = 0; i < 27; i++) w[i] = 0.03 * i;
    for (int i = 0; i < 18; i++) v[i] = i % 10 == 0;
    enum lyap_status status = lyap_reference_run(&(const struct lyap_reference_training){&net, &corners, NULL, 0.1, 5},
                                                 w, 2, distance, loss, error);
    if (!status) status = lyap_reference_hessian(&net, &corners, w, v, out, error);
    if (!status)
        status = lyap_reference_spectrum(&(const struct lyap_reference_training){&net, &corners, NULL, 0.1, 5}, w, v, 2,
                                         lambda, &log_det, error);
    if (!status)
        status = lyap_reference_rescaled(&(const struct lyap_reference_training){&net, &corners, NULL, 0.1, 5}, w, 2,
                                         lambda, error);
    if (!status)
        status = lyap_reference_train(&(const struct lyap_reference_training){&net, &corners, &adam, 0.1, 5}, w, 1,
                                      distance, loss, error);
    for (int i = 9; i < 27; i++) w[i] = 0;
    double tangent[27] = {1};
    if (!status)
        status = lyap_reference_tangent(&(const struct lyap_reference_training){&net, &corners, &adam, 0.1, 5}, w,
                                        tangent, lambda, error);
    *digest = digest_reals(*digest, w, 9);
    return status;
}

/* A long run: its settings, a part of its cells, the rest, and what is handed back. */
enum kept { KEPT_CELLS, KEPT_EXPONENTS, KEPT_MAP, KEPT_DIAGRAM };

static enum lyap_status checkpoint(enum kept kind, uint64_t *digest, struct lyap_error *error) {
    char directory[600], *settings = NULL;
    struct lyap_checkpoint *c = NULL;
    struct lyap_plan plan = small_plan();
    struct lyap_spectrum_plan tangent = small_spectrum();
    const struct lyap_map_plan map = small_map();
    const struct lyap_bifurcation_plan diagram = small_bifurcation();
    const uint64_t cells = kind == KEPT_MAP ? 9 : 3;
    tangent.base.starts = 3;
    plan.series = plan.evaluate = plan.last_weights = true;
    snprintf(directory, sizeof directory, "%s", scratch("out/kept"));
    const struct lyap_experiment experiment =
        kind == KEPT_EXPONENTS ? lyap_spectrum_experiment(&tangent, keep_spectra, digest)
        : kind == KEPT_MAP     ? lyap_map_experiment(&map, keep_map, digest)
        : kind == KEPT_DIAGRAM ? lyap_bifurcation_experiment(&diagram, keep_diagram, digest)
                               : lyap_ensemble_experiment(&plan, keep_chunk, digest);
    enum lyap_status status = lyap_experiment_settings(&experiment, NULL, &settings, error);
    struct lyap_checkpoint_head head = {.settings = settings,
                                        .cells = cells,
                                        .count = cells,
                                        .shard = 1,
                                        .shards = 1,
                                        .parts = 1,
                                        .note = "noted",
                                        .note_size = 5};
    if (!status) status = lyap_checkpoint_open(&c, directory, &head, error);
    uint64_t first, count;
    while (!status && lyap_checkpoint_missing(c, 0, &first, &count)) {
        count = count < cells - 1 ? count : cells - 1;
        status = lyap_checkpoint_run(c, 0, &experiment, first, count, error);
    }
    lyap_checkpoint_close(c);
    c = NULL;
    if (!status) status = lyap_checkpoint_open(&c, directory, NULL, error);
    if (!status) status = lyap_checkpoint_replay(c, 0, &experiment, error);
    lyap_checkpoint_close(c);
    free(settings);
    return status;
}

static enum lyap_status keep_cells(uint64_t *digest, struct lyap_error *error) {
    return checkpoint(KEPT_CELLS, digest, error);
}

static enum lyap_status keep_exponents(uint64_t *digest, struct lyap_error *error) {
    return checkpoint(KEPT_EXPONENTS, digest, error);
}

static enum lyap_status keep_pixels(uint64_t *digest, struct lyap_error *error) {
    return checkpoint(KEPT_MAP, digest, error);
}

static enum lyap_status keep_points(uint64_t *digest, struct lyap_error *error) {
    return checkpoint(KEPT_DIAGRAM, digest, error);
}

/* A selection: learning rates, halving, and the comparison of ways to search. */
static enum lyap_status run_selection(uint64_t *digest, struct lyap_error *error) {
    struct lyap_plan settings = small_plan();
    struct lyap_selection_plan plan;
    struct lyap_selection selection;
    settings.precision = LYAP_FLOAT64;
    settings.window = false;
    lyap_selection_defaults(&plan, &settings, 1);
    plan.lr_low = 0.01;
    plan.lr_high = 3;
    plan.epochs = 32;
    plan.rate_starts = 4;
    plan.rate_values = 3;
    plan.rate_halvings = 1;
    plan.budget = 4000;
    plan.searches = 5;
    enum lyap_status status = lyap_selection_run(&plan, &selection, error);
    if (!status) *digest = lyap_selection_digest(*digest, &selection);
    double start[9];
    if (!status) status = lyap_selection_start(&plan, &selection.records[0].trial, start, error);
    lyap_selection_free(&selection);
    if (status) return status;
    struct lyap_search_comparison comparison;
    status = lyap_selection_compare(&plan, &comparison, error);
    if (!status) *digest = lyap_search_comparison_digest(*digest, &comparison);
    lyap_search_comparison_free(&comparison);
    return status;
}

/* The paper's experiments, and the report. */
static enum lyap_status run_paper(uint64_t *digest, struct lyap_error *error) {
    static struct lyap_paper paper;
    const struct lyap_paper_options options = {.starts = 20, .seed = 1, .threads = 1};
    enum lyap_status status = lyap_paper_run(&paper, &options, error);
    *digest = status ? 0 : paper.digest;
    lyap_paper_free(&paper);
    return status;
}

static const struct lyap_section *const *section;
static enum lyap_status run_report(uint64_t *digest, struct lyap_error *error) {
    const struct lyap_report_options options = {.seed = 1, .scale = 0.001, .threads = 1};
    char directory[600];
    snprintf(directory, sizeof directory, "%s", scratch("out"));
    enum lyap_status status = lyap_report_run(&options, directory, (*section)->id, error);
    const bool armed = inject.armed;
    inject.armed = false; /* the files are the test's own affair */
    *digest = digest_files(directory, "timings.txt");
    inject.armed = armed;
    return status;
}

static const struct subject subjects[] = {
    {"lyap_ensemble_run", run_ensemble, false, false},
    {"lyap_ensemble_run with batches and threads", run_batches, false, false},
    {"lyap_ensemble_initial", run_initial, false, false},
    {"lyap_spectrum_run", run_spectrum, false, false},
    {"lyap_spectrum_run with batches and threads", run_spectrum_threads, false, false},
    {"lyap_spectrum_run, rescaled", run_rescaled, false, false},
    {"lyap_spectrum_run of a known system", run_henon, false, false},
    {"lyap_map_run", run_map, false, false},
    {"lyap_bifurcation_run", run_bifurcation, false, false},
    {"lyap_reference_*", run_reference, false, false},
    {"checkpoint of an ensemble", keep_cells, false, false},
    {"checkpoint of a spectrum", keep_exponents, false, false},
    {"checkpoint of a map", keep_pixels, false, false},
    {"checkpoint of a bifurcation diagram", keep_points, false, false},
};
enum { SUBJECTS = sizeof subjects / sizeof *subjects };

static void set_up(void) {
    make_network();
    ck_assert_int_eq(lyap_dataset_xor(&held_out, NULL), LYAP_OK);
}

static void tear_down(void) {
    lyap_dataset_free(&corners);
    lyap_dataset_free(&held_out);
}

START_TEST(every_allocation_may_fail) {
    refuse_each_allocation(&subjects[_i]);
}
END_TEST

/* Long ones: every place that allocates and that no test above has refused is refused once. */
static void refuse_each_site(const struct subject *s) {
    uint64_t expected;
    ck_assert_msg(run_refusing(s, 0, false, -1, &expected) == LYAP_OK, "%s", s->name);
    const int step = stride() > 1 ? 50 : 1; /* what the strides above left out would take half an hour here */
    for (int site = 0; site < sites->count; site += step)
        if (!sites->refused[site]) expect_failure_or_same(s, 0, false, site, expected);
}

START_TEST(every_place_of_a_long_run_may_fail) {
    static const struct subject runs[] = {{"lyap_validate", run_validate, false, false},
                                          {"lyap_validate of a series", run_validate_series, false, false},
                                          {"lyap_workload_digest", run_workload, false, false},
                                          {"lyap_paper_run", run_paper, false, false},
                                          {"lyap_selection_run", run_selection, false, false}};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) refuse_each_site(&runs[i]);
}
END_TEST

/* The sections themselves take minutes; make check-allocation-report asks for them: ALLOCATION_REPORT=1, or =C3 for one of them. */
START_TEST(every_place_of_a_report_may_fail) {
    section = &lyap_sections[_i];
    const char *asked = getenv("ALLOCATION_REPORT");
    if (asked && strcmp(asked, "1") != 0 && strcmp(asked, (*section)->id) != 0) return;
    const struct subject s = {(*section)->id, run_report, true, true};
    refuse_each_site(&s);
}
END_TEST

int main(void) {
    sites_open();
    Suite *suite = suite_create("allocation");
    TCase *tests = tcase_create("allocation");
    tcase_set_timeout(tests, getenv("ALLOCATION_REPORT") ? 1200 : 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, every_allocation_may_fail, 0, SUBJECTS);
    tcase_add_test(tests, every_place_of_a_long_run_may_fail);
    int sections = 0;
    while (getenv("ALLOCATION_REPORT") && lyap_sections[sections]) sections++;
    tcase_add_loop_test(tests, every_place_of_a_report_may_fail, 0, sections);
    suite_add_tcase(suite, tests);
    int status = run_suite(suite);
    sites_write((const void *)(intptr_t)main);
    return status;
}
#else
#include "tests/support.h"

/* The linker of this system has no --wrap (macOS), which is how the calls of the allocators are reached. */
int main(void) {
    report_skip("skipped", "every_allocation_may_fail", "this linker has no --wrap, so no allocation can be refused");
    return run_suite(suite_create("allocation"));
}
#endif
