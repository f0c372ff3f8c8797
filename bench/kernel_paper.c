/* The computation of the paper's five figures with the published settings (arXiv 2410.05988): three activations; 10,000
 * starts of 5 epochs with quantiles and regression, one start of 100 epochs, and one at each of 50 learning rates. */
#include <math.h>
#include <stdlib.h>

#include "paper/protocol.h"
#include "kernel.h"
#include "lyapgrad/digest.h"

struct figures {
    uint64_t digest; /* of all records */
    bool failed;
    struct lyap_epochs epochs;
    struct lyap_rate rates[LYAP_PAPER_RATES];
};

static bool open_figures(struct bench_work *work) {
    work->more = calloc(1, sizeof(struct figures));
    return work->more != NULL;
}
static void close_figures(struct bench_work *work) {
    free(work->more);
}

static enum lyap_status run_panel(struct figures *f, const struct lyap_paper_case *c, uint64_t starts) {
    struct lyap_plan plan = c->plan;
    struct lyap_cells cells = {0};
    struct lyap_scatter scatter = {0};
    plan.starts = starts;
    plan.setting.epochs = LYAP_PAPER_SCATTER_EPOCHS;
    enum lyap_status status = lyap_cells_run(&cells, &plan, &f->digest, NULL);
    if (!status) status = lyap_scatter_make(&scatter, &cells, starts, NULL);
    lyap_scatter_free(&scatter);
    lyap_cells_free(&cells);
    if (!status) {
        status = lyap_epochs_run(&f->epochs, &c->plan, 1, &f->digest, NULL);
        lyap_epochs_free(&f->epochs);
    }
    return status ? status : lyap_rates_run(f->rates, c, 1, &f->digest, NULL);
}

static void run_figures(void *context) {
    struct bench_work *work = context;
    struct figures *f = work->more;
    const uint64_t starts = work->the_case->starts;
    f->digest = LYAP_DIGEST_START;
    f->failed = false;
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        struct lyap_paper_options options = {
            .starts = starts, .seed = 1, .precision = work->the_case->precision, .isa = work->plan.isa, .threads = 1};
        struct lyap_paper_case c;
        if (lyap_paper_case_init(&c, lyap_paper_activation[panel], &options, NULL) || run_panel(f, &c, starts))
            f->failed = true;
        lyap_paper_case_free(&c);
    }
}

/* The trajectories behind it are compared with the reference by the kernel `trajectory`. */
static double figures_residual(struct bench_work *work) {
    return ((const struct figures *)work->more)->failed ? INFINITY : 0;
}
static int figures_part(struct bench_work *work, const void *part[BENCH_MOST_PARTS], size_t bytes[BENCH_MOST_PARTS]) {
    part[0] = &((const struct figures *)work->more)->digest;
    bytes[0] = sizeof(uint64_t);
    return 1;
}
/* A cell: one attempt at a start, the neighbours' draws, and `epochs` steps of all its networks. */
static struct bench_count cell_count(const struct lyap_paper_case *c, double epochs, size_t real_size) {
    double parameters = (double)lyap_network_parameters(&c->network), n = c->plan.neighbours;
    double terms = (double)(c->data.samples * c->data.outputs);
    struct bench_count count = bench_count_forward(&c->network, c->data.samples, real_size);
    count.add += terms;
    count.fma += terms + parameters + n * parameters;
    count = bench_count_add(count, parameters, bench_count_draw(0, real_size));
    count = bench_count_add(count, n * parameters, bench_count_draw(1, real_size));
    return bench_count_add(count, epochs * (1 + n),
                           bench_count_step(&c->network, c->data.samples, c->plan.neighbours, real_size));
}

/* The five figures with one attempt a start (the loss window takes more), and without the sorting, the regressions and the
 * logarithms. Of the learning rates the epochs up to a divergence count. */
static struct bench_count figures_count(const struct bench_case *the_case) {
    struct lyap_paper_options options = {
        .starts = the_case->starts, .seed = 1, .precision = the_case->precision, .isa = LYAP_ISA_SCALAR, .threads = 1};
    struct lyap_rate rates[LYAP_PAPER_RATES];
    struct bench_count count = {0};
    size_t real_size = bench_real_size(the_case);
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        struct lyap_paper_case c;
        uint64_t digest = LYAP_DIGEST_START;
        double epochs = 0;
        if (!lyap_paper_case_init(&c, lyap_paper_activation[panel], &options, NULL) &&
            !lyap_rates_run(rates, &c, 1, &digest, NULL)) {
            for (int i = 0; i < LYAP_PAPER_RATES; i++) epochs += rates[i].one.terms + 1.0;
            count =
                bench_count_add(count, (double)the_case->starts, cell_count(&c, LYAP_PAPER_SCATTER_EPOCHS, real_size));
            count = bench_count_add(count, 1, cell_count(&c, LYAP_PAPER_EPOCHS, real_size));
            count = bench_count_add(count, LYAP_PAPER_RATES, cell_count(&c, epochs / LYAP_PAPER_RATES, real_size));
        }
        lyap_paper_case_free(&c);
    }
    return count;
}

/* A block of cells and its neighbours. */
static double figures_set(const struct bench_case *the_case) {
    return LYAP_BLOCK * (1.0 + LYAP_PAPER_NEIGHBOURS) * 9 * (double)bench_real_size(the_case);
}

static double one(const struct bench_case *the_case) {
    (void)the_case;
    return 1;
}

const struct bench_kernel bench_paper = {
    .name = "paper",
    .item = "five-figures",
    .slow = true,
    .residual_of = "the scalar path's digest",
    .open = open_figures,
    .close = close_figures,
    .run = run_figures,
    .residual = figures_residual,
    .result = figures_part,
    .items = one,
    .count = figures_count,
    .working_set = figures_set,
};
