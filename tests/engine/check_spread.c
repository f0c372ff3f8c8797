/* Few cells: their trajectories lie side by side in the lanes. The hypothesis is always that nobody can tell. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/worker.h"
#include "tests/check.h"
#include "tests/collect.h"
#include "tests/collect_spectrum.h"
#include "tests/support.h"
#include "lyapgrad/dataset.h"

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_plan plan;

static void use(const char *shape, enum lyap_activation activation, uint32_t neighbours, uint64_t starts) {
    bool paper = strcmp(shape, "2-2-1") == 0;
    if (paper)
        ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    else
        ck_assert_int_eq(lyap_dataset_xor_noisy(&data, 3, 29, 0.3, 5, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, shape, activation, activation, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    ck_assert_int_eq(lyap_isa_select(NULL, &plan.isa, NULL), LYAP_OK);
    plan.layout = LYAP_LAYOUT_BLOCK;
    plan.window = paper;
    plan.neighbours = neighbours;
    plan.starts = starts;
    plan.series = plan.evaluate = plan.last_weights = true;
    plan.setting = (struct lyap_setting){.lr = 0.1, .perturbation = 1e-3, .epochs = 37};
}

static bool is_spread(void) {
    struct lyap_run run;
    ck_assert_int_eq(lyap_run_prepare(&run, &plan, NULL), LYAP_OK);
    lyap_run_spread(&run);
    lyap_run_free(&run);
    return run.spread;
}

/* The starts up to number `s` alone against the same among many. */
static void compare(const struct collected *many, size_t s) {
    size_t n = lyap_network_parameters(&net);
    uint64_t starts = plan.starts;
    plan.starts = s + 1;
    ck_assert(is_spread());
    struct collected few = run_plan(&plan);
    for (size_t c = 0; c <= s; c++) {
        const struct lyap_record *a = &few.records[c], *b = &many->records[c];
        ck_assert_msg(same_record(a, b), "start %zu of %zu", c, s + 1);
        ck_assert_mem_eq(few.distance + c * few.stride, many->distance + c * many->stride, a->length * sizeof(double));
        ck_assert_mem_eq(few.loss + c * few.stride, many->loss + c * many->stride, a->losses * sizeof(double));
        if (a->outcome == LYAP_OVERFLOW) continue; /* weights that are no numbers */
        ck_assert_mem_eq(few.weights + c * n, many->weights + c * n, n * sizeof(double));
        ck_assert_mem_eq(&few.evaluation[c], &many->evaluation[c], sizeof few.evaluation[c]);
    }
    collected_free(&few);
    plan.starts = starts;
}

static const uint32_t counts[] = {3, 15, 16, 24, 33, 7};

/* Learning rates that converge, escape, overflow, die and merge. */
START_TEST(a_cell_alone_has_the_bits_of_a_cell_in_a_block) {
    static const double rates[] = {0.001, 0.3, 1.1, 19, 1e5, 1e-30};
    static const enum lyap_activation activations[] = {LYAP_LINEAR, LYAP_SIGMOID, LYAP_TANH, LYAP_RELU, LYAP_GELU};
    for (int i = 0; i < 60; i += (int)work(1, 7)) { /* seven steps meet all rates and both shapes */
        const char *shape = i % 2 ? "3-5-4-1" : "2-2-1";
        use(shape, activations[_i], counts[i / 2 % 6], LYAP_BLOCK);
        plan.precision = (enum lyap_precision)(i / 10 % 2);
        plan.setting.lr = rates[i % 6];
        if (i % 6 == 5) plan.setting.perturbation = 1e-30; /* neighbours merge with the parent at once */
        ck_assert(!is_spread());
        struct collected many = run_plan(&plan);
        compare(&many, 0);
        collected_free(&many);
        lyap_dataset_free(&data);
    }
}
END_TEST

START_TEST(spread_cells_of_every_optimiser_have_the_same_bits_on_every_isa_and_number_of_threads) {
    for (int variant = 0; variant < 4; variant++) {
        use("3-6-1", LYAP_SILU, counts[variant + 1], LYAP_BLOCK);
        lyap_optimiser_defaults(&plan.optimiser, (enum lyap_optimiser_kind)_i);
        plan.optimiser.full_state = variant % 2;
        if (variant > 1) plan.optimiser.batch = 8;
        plan.precision = (enum lyap_precision)(variant / 2 % 2);
        plan.setting.lr = 0.02;
        ck_assert(!is_spread());
        struct collected many = run_plan(&plan);
        for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
            if (!HAS_ISA(isa)) continue;
            plan.isa = (enum lyap_isa)isa;
            for (plan.threads = first_threads(isa); plan.threads <= last_threads(isa, 2); plan.threads++)
                compare(&many, 1);
        }
        collected_free(&many);
        lyap_dataset_free(&data);
    }
}
END_TEST

START_TEST(a_large_network_with_fifteen_neighbours_takes_one_sixteenth_of_the_memory) {
    use("3-200-40-1", LYAP_TANH, 15, 1);
    struct lyap_run run;
    ck_assert_int_eq(lyap_run_prepare(&run, &plan, NULL), LYAP_OK);
    double together = lyap_worker_bytes(&run);
    lyap_run_spread(&run);
    ck_assert(run.spread && run.block_cells == 1);
    double state = 16.0 * 16 * (double)lyap_network_parameters(&net) * sizeof(float);
    ck_assert_double_eq(together - lyap_worker_bytes(&run), state * 14 / 16); /* room for a draw beside the parent */
    lyap_run_free(&run);
    lyap_dataset_free(&data);
}
END_TEST

struct seen {
    uint64_t last, total;
    int between;
};

static bool look(uint64_t done, uint64_t total, void *context) {
    struct seen *seen = context;
    ck_assert(done >= seen->last && done <= total);
    seen->between += done > 0 && done < total;
    seen->last = done;
    seen->total = total;
    return true;
}

START_TEST(progress_within_a_cell_is_counted_in_updates) {
    for (int spectrum = 0; spectrum < 2; spectrum++) {
        struct seen seen = {0, 0, 0};
        use("3-5-1", LYAP_TANH, 15, 3);
        plan.series = false;
        plan.setting.epochs = work(40000, 8000);
        plan.threads = 1;
        plan.progress = look;
        plan.progress_context = &seen;
        if (spectrum) {
            struct lyap_spectrum_plan tangent;
            lyap_spectrum_defaults(&tangent, &net, &data);
            tangent.base = plan;
            struct spectra s = run_spectra(&tangent);
            spectra_free(&s);
        } else {
            struct collected all = run_plan(&plan);
            collected_free(&all);
        }
        ck_assert_uint_eq(seen.total, 3 * plan.setting.epochs);
        ck_assert_uint_eq(seen.last, seen.total);
        ck_assert_int_gt(seen.between, 20);
        lyap_dataset_free(&data);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("spread");
    TCase *tc = tcase_create("spread");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, a_cell_alone_has_the_bits_of_a_cell_in_a_block, 0, 5);
    tcase_add_loop_test(tc, spread_cells_of_every_optimiser_have_the_same_bits_on_every_isa_and_number_of_threads, 0,
                        LYAP_OPTIMISER_COUNT);
    tcase_add_test(tc, progress_within_a_cell_is_counted_in_updates);
    tcase_add_test(tc, a_large_network_with_fifteen_neighbours_takes_one_sixteenth_of_the_memory);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
