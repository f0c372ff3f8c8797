#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "blas.h"
#include "lyapgrad/random.h"

enum {
    NEIGHBOURS = 24,
    LARGE_NEIGHBOURS = 1,
    EPOCHS = 40,
    LARGE_REPETITIONS = 11,
    PAPER_EPOCHS = 5,
    GENERATED_SAMPLES = 32
};

enum lyap_status bench_suite_limits(struct bench_suite *suite, struct lyap_error *error) {
    for (int i = 0; i < LYAP_ISA_COUNT; i++)
        for (int p = 0; p < 2; p++) {
            enum lyap_isa isa = (enum lyap_isa)i;
            enum lyap_precision precision = (enum lyap_precision)p;
            if (!lyap_isa_available(isa) || !bench_chosen(&suite->options->isas, lyap_isa_name(isa)) ||
                !bench_chosen(&suite->options->precisions, lyap_precision_name(precision)))
                continue;
            if (!bench_limits_measure(&suite->limits[i][p], lyap_kernels_get(isa, precision), suite->machine,
                                      suite->effort))
                return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the bandwidth measurement");
            suite->limits_known[i][p] = true;
        }
    return LYAP_OK;
}

void bench_suite_free(struct bench_suite *suite) {
    bench_rows_free(&suite->rows);
    bench_single_rows_free(&suite->single);
}

/* A case on all instruction sets and with its baselines. */
struct bench_entry {
    struct bench_work *works[LYAP_ISA_COUNT]; /* the scalar path first, also where it is not timed */
    int count;
    struct bench_other others[BENCH_OPENBLAS + 1];
    int other_count;
    double residual;
};

static void entry_close(struct bench_entry *entry) {
    for (int i = 0; i < entry->count; i++) {
        bench_work_close(entry->works[i]);
        free(entry->works[i]);
    }
    for (int i = 0; i < entry->other_count; i++) bench_other_close(&entry->others[i]);
}

static enum lyap_status entry_open(struct bench_entry *entry, struct bench_suite *suite, const struct bench_case *c,
                                   struct lyap_error *error) {
    memset(entry, 0, sizeof *entry);
    for (int i = 0; i < LYAP_ISA_COUNT; i++) {
        enum lyap_isa isa = (enum lyap_isa)i;
        bool wanted = isa == LYAP_ISA_SCALAR || bench_chosen(&suite->options->isas, lyap_isa_name(isa));
        if (!wanted || !lyap_isa_available(isa)) continue;
        struct bench_work *work = lyap_aligned(1, sizeof *work);
        if (!work) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
        entry->works[entry->count++] = work;
        enum lyap_status status = bench_work_open(work, c, isa, error);
        if (status) return status;
    }
    return LYAP_OK;
}

static void refuse(struct bench_suite *suite, const struct bench_case *c, const char *isa, const char *why) {
    char shape[64];
    fprintf(stderr, "lyapgrad-bench: %s %s %s %s on %s: %s: not timed\n", c->kernel->name,
            c->kernel->networks ? lyap_network_shape(&c->net, shape, sizeof shape) : "",
            c->kernel->activations ? lyap_activation_name(c->net.activation[0]) : "", lyap_precision_name(c->precision),
            isa, why);
    suite->mismatches++;
}

/* True if the bits of all instruction sets agree, and the residual is within the tolerance. */
static bool verify(struct bench_entry *entry, struct bench_suite *suite, const struct bench_case *c) {
    const void *expected[BENCH_MOST_PARTS];
    size_t bytes[BENCH_MOST_PARTS];
    for (int i = 0; i < entry->count; i++) c->kernel->run(entry->works[i]);
    int parts = c->kernel->result(entry->works[0], expected, bytes);
    double tolerance = c->kernel->tolerance[c->precision];
    entry->residual = c->kernel->residual(entry->works[0]);
    bool ok = entry->residual <= tolerance;
    if (!ok) {
        char why[96];
        snprintf(why, sizeof why, "off %s by %.1e (allowed %.1e)", c->kernel->residual_of, entry->residual, tolerance);
        refuse(suite, c, "scalar", why);
    }
    for (int i = 1; i < entry->count; i++) {
        const void *found[BENCH_MOST_PARTS];
        size_t sizes[BENCH_MOST_PARTS];
        bool same = c->kernel->result(entry->works[i], found, sizes) == parts;
        for (int p = 0; p < parts && same; p++)
            same = sizes[p] == bytes[p] && memcmp(found[p], expected[p], bytes[p]) == 0;
        if (!same) refuse(suite, c, lyap_isa_name(entry->works[i]->plan.isa), "other bits than the scalar path");
        ok = ok && same;
    }
    return ok;
}

static struct bench_row *new_row(struct bench_suite *suite, const struct bench_case *c, const char *isa,
                                 const struct bench_subject *subject) {
    struct bench_row *row = bench_rows_add(&suite->rows);
    if (!row) return NULL;
    const struct bench_kernel *kernel = c->kernel;
    snprintf(row->kernel, sizeof row->kernel, "%s", kernel->name);
    snprintf(row->item, sizeof row->item, "%s", kernel->item);
    snprintf(row->isa, sizeof row->isa, "%s", isa);
    snprintf(row->precision, sizeof row->precision, "%s", lyap_precision_name(c->precision));
    if (kernel->networks) lyap_network_shape(&c->net, row->net, sizeof row->net);
    if (kernel->activations)
        snprintf(row->activation, sizeof row->activation, "%s", lyap_activation_name(c->net.activation[0]));
    double items = kernel->items(c);
    row->best = subject->best / items * 1e9;
    row->median = subject->median / items * 1e9;
    row->spread = subject->spread;
    row->cycles = subject->cycles / items;
    if (kernel->count) {
        struct bench_count count = kernel->count(c);
        row->gflops = bench_count_flops(&count) / row->best;
        row->intensity = bench_count_flops(&count) / count.bytes;
    }
    return row;
}

static bool add_rows(struct bench_entry *entry, struct bench_suite *suite, const struct bench_case *c,
                     const struct bench_subject *subjects, int ours) {
    size_t first = suite->rows.count;
    for (int i = 0; i < ours; i++) {
        enum lyap_isa isa = entry->works[i]->plan.isa;
        struct bench_row *row = new_row(suite, c, lyap_isa_name(isa), &subjects[i]);
        if (!row) return false;
        row->residual = entry->residual;
        row->tolerance = c->kernel->tolerance[c->precision];
        if (suite->limits_known[isa][c->precision] && c->kernel->count) {
            const char *limit = "";
            struct bench_count count = c->kernel->count(c);
            row->bound = bench_limits_bound(&suite->limits[isa][c->precision], &count, c->kernel->working_set(c),
                                            suite->machine, &limit);
            snprintf(row->limit, sizeof row->limit, "%s", limit);
        }
    }
    for (int i = 0; i < entry->other_count; i++) {
        const struct bench_other *other = &entry->others[i];
        struct bench_row *row = new_row(suite, c, bench_baseline_names[other->which], &subjects[ours + i]);
        if (!row) return false;
        row->residual = bench_other_residual(other);
        row->tolerance = c->kernel->tolerance[c->precision];
        if (other->which == BENCH_OPENBLAS)
            snprintf(row->note, sizeof row->note, "one thread; kernels for %s%s", bench_blas_core(),
                     other->stacked ? "; first layer stacked" : "");
    }
    bench_rows_relate(&suite->rows);
    for (size_t i = first; i < suite->rows.count && suite->table; i++)
        bench_row_print(suite->table, &suite->rows.rows[i]);
    if (suite->table) fflush(suite->table);
    return true;
}

static void open_others(struct bench_entry *entry, struct bench_suite *suite, const struct bench_case *c,
                        enum bench_baseline first) {
    for (int b = (int)first; b <= BENCH_OPENBLAS; b++) {
        struct bench_other *other = &entry->others[entry->other_count];
        if (!bench_other_open(other, (enum bench_baseline)b, entry->works[0])) continue;
        bench_other_run(other);
        if (bench_other_residual(other) <= c->kernel->tolerance[c->precision]) {
            entry->other_count++;
            continue;
        }
        refuse(suite, c, bench_baseline_names[b], "too far from the scalar path");
        bench_other_close(other);
    }
}

static enum lyap_status run_case(struct bench_suite *suite, const struct bench_case *c, struct lyap_error *error) {
    struct bench_entry entry;
    struct bench_subject subjects[BENCH_MOST_SUBJECTS];
    enum lyap_status status = entry_open(&entry, suite, c, error);
    if (!status && verify(&entry, suite, c)) {
        int ours = entry.count, n = 0;
        if (c->kernel == &bench_step) open_others(&entry, suite, c, BENCH_PLAIN);
        if (c->kernel == &bench_large_step) open_others(&entry, suite, c, BENCH_OPENBLAS);
        for (int i = 0; i < ours; i++)
            subjects[n++] = (struct bench_subject){.run = c->kernel->run, .context = entry.works[i]};
        for (int i = 0; i < entry.other_count; i++)
            subjects[n++] = (struct bench_subject){.run = bench_other_run, .context = &entry.others[i]};
        struct bench_effort effort = suite->effort;
        if (c->kernel->slow) effort.repetitions = effort.repetitions < 3 ? effort.repetitions : 3;
        if (c->kernel->shape && effort.repetitions > LARGE_REPETITIONS) effort.repetitions = LARGE_REPETITIONS;
        bench_measure(subjects, n, effort);
        if (!add_rows(&entry, suite, c, subjects, ours)) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    }
    entry_close(&entry);
    return status;
}

/* Uniform inputs and targets in [0, 1): data for any shape. */
static enum lyap_status generated(struct lyap_dataset *data, const struct lyap_network *net, size_t samples,
                                  struct lyap_error *error) {
    data->samples = samples;
    data->inputs = (size_t)net->sizes[0];
    data->outputs = (size_t)net->sizes[net->layers];
    data->x = malloc(data->samples * data->inputs * sizeof *data->x);
    data->y = malloc(data->samples * data->outputs * sizeof *data->y);
    if (!data->x || !data->y) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the data");
    lyap_random_uniform(1, LYAP_STREAM_DATA, 0, 0, data->samples * data->inputs, data->x);
    lyap_random_uniform(1, LYAP_STREAM_DATA, 1, 0, data->samples * data->outputs, data->y);
    return LYAP_OK;
}

/* One kernel on one shape, for the activations and precisions chosen. */
static enum lyap_status run_shape(struct bench_suite *suite, const struct bench_kernel *kernel, const char *shape,
                                  struct lyap_error *error) {
    struct bench_case c = {
        .kernel = kernel, .neighbours = NEIGHBOURS, .epochs = EPOCHS, .starts = suite->options->paper_starts};
    struct lyap_dataset data = {0};
    enum lyap_status status = lyap_network_init(&c.net, shape, LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, error);
    if (status) return status;
    bool paper = strcmp(shape, "2-2-1") == 0, xor = c.net.sizes[0] == 2 && c.net.sizes[c.net.layers] == 1;
    size_t samples = kernel->samples ? kernel->samples : GENERATED_SAMPLES;
    if (suite->options->samples) samples = suite->options->samples;
    status = xor? lyap_dataset_xor(&data, error) : generated(&data, &c.net, samples, error);
    c.data = &data;
    if (kernel->shape) c.neighbours = LARGE_NEIGHBOURS;
    if (kernel == &bench_trajectory) c.epochs = PAPER_EPOCHS;
    double work = (double)lyap_network_parameters(&c.net) * (double)data.samples;
    if (work > 2000 && c.epochs > 8) c.epochs = work > 20000 ? 2 : 8;
    for (int p = 0; p < 2 && !status; p++)
        for (int a = 0; a < BENCH_ACTIVATIONS && !status; a++) {
            enum lyap_activation activation = (enum lyap_activation)a;
            c.precision = (enum lyap_precision)p;
            if (!bench_chosen(&suite->options->precisions, lyap_precision_name(c.precision))) continue;
            if (!kernel->activations && a > 0) continue;
            if (kernel->activations && !bench_chosen(&suite->options->activations, lyap_activation_name(activation)))
                continue;
            if (kernel == &bench_activation && activation == LYAP_LINEAR) continue;
            /* Beyond the paper's network one call and one cheap activation stand for the others, unless asked. */
            bool asked = suite->options->activations.count > 0;
            if (kernel->activations && !paper && !asked && activation != LYAP_TANH && activation != LYAP_RELU) continue;
            if (kernel->shape && kernel->activations && !asked && activation != LYAP_TANH) continue;
            for (int l = 0; l < c.net.layers; l++) c.net.activation[l] = activation;
            status = run_case(suite, &c, error);
        }
    lyap_dataset_free(&data);
    return status;
}

enum lyap_status bench_suite_run(struct bench_suite *suite, struct lyap_error *error) {
    static const struct bench_choice usual = {.count = 3, .names = {"2-2-1", "2-8-4-1", "16-32-8"}};
    static const struct bench_choice few = {.count = 2, .names = {"2-2-1", "2-8-4-1"}};
    const struct bench_choice *nets = suite->options->nets.count ? &suite->options->nets
                                      : suite->options->fast     ? &few
                                                                 : &usual;
    enum lyap_status status = LYAP_OK;
    for (int k = 0; bench_kernels[k] && !status; k++) {
        const struct bench_kernel *kernel = bench_kernels[k];
        if (!bench_chosen(&suite->options->kernels, kernel->name)) continue;
        /* Shapes of their own: not where other nets are asked for, nor in a hurry. */
        if (kernel->shape && !suite->options->kernels.count && (suite->options->nets.count || suite->options->fast))
            continue;
        bool components = kernel->networks && kernel != &bench_step;
        for (int n = 0; n < (kernel->networks && !kernel->shape ? nets->count : 1) && !status; n++) {
            /* The parts of a step are shown for the first shape alone, unless they are what is asked for. */
            if (n > 0 && components && !suite->options->kernels.count && !suite->options->nets.count) break;
            const char *shape = kernel->shape ? kernel->shape : kernel->networks ? nets->names[n] : "2-2-1";
            status = run_shape(suite, kernel, shape, error);
        }
    }
    return status;
}
