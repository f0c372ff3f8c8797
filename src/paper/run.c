#include "paper/run.h"

#include <stdlib.h>
#include <string.h>

#include "lyapgrad/digest.h"

enum lyap_precision lyap_other_precision(enum lyap_precision precision) {
    return precision == LYAP_FLOAT32 ? LYAP_FLOAT64 : LYAP_FLOAT32;
}

static uint64_t at_most(const struct lyap_paper *paper, uint64_t size) {
    return paper->options.starts < size ? paper->options.starts : size;
}

static enum lyap_status run_scatter(struct lyap_paper *paper, const struct lyap_paper_case *c, int panel,
                                    struct lyap_cells *cells, struct lyap_error *error) {
    struct lyap_plan plan = c->plan;
    uint64_t few = plan.starts = paper->options.starts;
    plan.setting.epochs = LYAP_PAPER_SCATTER_EPOCHS;
    enum lyap_status status = lyap_cells_run(cells, &plan, &paper->digest, error);
    if (!status) status = lyap_scatter_make(&paper->scatter[panel], cells, plan.starts, error);
    if (few >= 10) few /= 10;
    if (!status) status = lyap_scatter_make(&paper->scatter_small[panel], cells, few, error);
    if (status) return status;
    struct lyap_cells other;
    plan.precision = lyap_other_precision(plan.precision);
    status = lyap_cells_run(&other, &plan, &paper->digest, error);
    if (!status) status = lyap_scatter_make(&paper->scatter_other[panel], &other, plan.starts, error);
    lyap_cells_free(&other);
    return status;
}

/* The published numbers of one panel: the per-step ones at lr 0.001 from the run behind the figures against epochs, all
 * others from a run at the published learning rates, of which the first is 0.01. */
static enum lyap_status compare(struct lyap_paper *paper, const struct lyap_paper_case *c, int panel,
                                struct lyap_error *error) {
    struct lyap_setting settings[LYAP_PUBLISHED_RATES];
    struct lyap_plan plan = c->plan;
    struct lyap_cells cells;
    for (int i = 0; i < LYAP_PUBLISHED_RATES; i++) {
        settings[i] = plan.setting;
        settings[i].lr = lyap_paper_rate(lyap_published_rates[i].rate);
    }
    plan.settings = settings;
    plan.values = LYAP_PUBLISHED_RATES;
    uint64_t starts = plan.starts = at_most(paper, LYAP_PAPER_COMPARED_STARTS);
    enum lyap_status status = lyap_cells_run(&cells, &plan, &paper->digest, error);
    for (int i = 0; i < LYAP_PUBLISHED_RATES && !status; i++)
        status = lyap_compare(&paper->compared[i][panel], lyap_published_rates[i].value[panel],
                              cells.points + (size_t)i * starts, starts, false, error);
    for (int i = 0; i < LYAP_PUBLISHED_STEPS && !status; i++) {
        const struct lyap_cells *of = i == 0 ? &paper->epochs[panel].cells : &cells;
        status = lyap_compare(&paper->steps[i][panel], lyap_published_steps[i].value[panel], of->points, of->starts,
                              true, error);
    }
    lyap_cells_free(&cells);
    return status;
}

static enum lyap_status run_panel(struct lyap_paper *paper, int panel, struct lyap_cells *scatter,
                                  struct lyap_error *error) {
    struct lyap_paper_case c;
    enum lyap_status status = lyap_paper_case_init(&c, lyap_paper_activation[panel], &paper->options, error);
    if (!status) status = run_scatter(paper, &c, panel, scatter, error);
    if (!status)
        status = lyap_epochs_run(&paper->epochs[panel], &c.plan, at_most(paper, LYAP_PAPER_EPOCH_STARTS),
                                 &paper->digest, error);
    if (!status)
        status = lyap_rates_run(paper->rates[panel], &c, at_most(paper, LYAP_PAPER_RATE_STARTS), &paper->digest, error);
    if (!status) status = compare(paper, &c, panel, error);
    lyap_paper_case_free(&c);
    return status;
}

static uint64_t count_twins(const struct lyap_cells *a, const struct lyap_cells *b) {
    uint64_t same = 0;
    for (uint64_t s = 0; s < a->starts; s++) {
        const struct lyap_point *p = &a->points[s], *q = &b->points[s];
        same += p->initial_loss == q->initial_loss && p->final_loss == q->final_loss && p->lambda_kw == q->lambda_kw &&
                p->lambda_step == q->lambda_step;
    }
    return same;
}

enum lyap_status lyap_paper_run(struct lyap_paper *paper, const struct lyap_paper_options *options,
                                struct lyap_error *error) {
    struct lyap_cells scatter[LYAP_PANELS] = {0};
    enum lyap_status status = LYAP_OK;
    memset(paper, 0, sizeof *paper);
    paper->options = *options;
    paper->digest = LYAP_DIGEST_START;
    for (int panel = 0; panel < LYAP_PANELS && !status; panel++)
        status = run_panel(paper, panel, &scatter[panel], error);
    if (!status) paper->identical = count_twins(&scatter[0], &scatter[2]);
    for (int panel = 0; panel < LYAP_PANELS; panel++) lyap_cells_free(&scatter[panel]);
    return status;
}

void lyap_paper_free(struct lyap_paper *paper) {
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        lyap_scatter_free(&paper->scatter[panel]);
        lyap_scatter_free(&paper->scatter_small[panel]);
        lyap_scatter_free(&paper->scatter_other[panel]);
        lyap_epochs_free(&paper->epochs[panel]);
    }
}
