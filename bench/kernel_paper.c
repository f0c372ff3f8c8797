/* The computation of the paper's five figures with the published settings (arXiv 2410.05988): three activations; 10,000
 * starts of 5 epochs with quantiles and regression, one start of 100 epochs, and one at each of 50 learning rates. */
#include <math.h>
#include <stdlib.h>

#include "../src/paper.h"
#include "kernel.h"

enum { STARTS = 10000 };

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

static enum lyap_status run_panel(struct figures *f, const struct lyap_paper_case *c) {
    struct lyap_plan plan = c->plan;
    struct lyap_cells cells = {0};
    struct lyap_scatter scatter = {0};
    plan.starts = STARTS;
    plan.setting.epochs = LYAP_PAPER_SCATTER_EPOCHS;
    enum lyap_status status = lyap_cells_run(&cells, &plan, &f->digest, NULL);
    if (!status) status = lyap_scatter_make(&scatter, &cells, STARTS, NULL);
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
    f->digest = LYAP_DIGEST_START;
    f->failed = false;
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        struct lyap_paper_options options = {
            .starts = STARTS, .seed = 1, .precision = work->the_case->precision, .isa = work->plan.isa, .threads = 1};
        struct lyap_paper_case c;
        if (lyap_paper_case_init(&c, lyap_paper_activation[panel], &options, NULL) || run_panel(f, &c))
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
};
