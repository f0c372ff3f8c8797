#include "paper/protocol.h"

#include <stdlib.h>
#include <string.h>

#include "lyapgrad/initial_law.h"
#include "stats/quantile_select.h"

const enum lyap_activation lyap_paper_activation[LYAP_PANELS] = {LYAP_LINEAR, LYAP_SIGMOID, LYAP_RELU};

enum lyap_status lyap_paper_case_init(struct lyap_paper_case *c, enum lyap_activation activation,
                                      const struct lyap_paper_options *options, struct lyap_error *error) {
    memset(c, 0, sizeof *c);
    enum lyap_status status = lyap_network_init(&c->network, "2-2-1", activation, activation, LYAP_MSE, error);
    if (!status) status = lyap_dataset_xor(&c->data, error);
    if (status) return status;
    struct lyap_plan *plan = &c->plan;
    lyap_plan_defaults(plan, &c->network, &c->data);
    plan->precision = options->precision;
    plan->isa = options->isa;
    plan->layout = options->layout;
    plan->threads = options->threads;
    plan->seed = options->seed;
    plan->progress = options->progress;
    plan->progress_context = options->progress_context;
    /* The defaults are the paper's too; said again, so that this file alone holds the protocol. */
    plan->setting = (struct lyap_setting){.lr = 0.001, .perturbation = 1e-4, .epochs = LYAP_PAPER_EPOCHS};
    plan->neighbours = LYAP_PAPER_NEIGHBOURS;
    plan->init = LYAP_INIT_UNIFORM;
    plan->init_a = 0;
    plan->init_b = 1;
    plan->window = true;
    plan->window_low = 0.2;
    plan->window_high = 0.4;
    plan->escape = 1e9 * (LYAP_PAPER_NEIGHBOURS + 1) / LYAP_PAPER_NEIGHBOURS;
    return LYAP_OK;
}

void lyap_paper_case_free(struct lyap_paper_case *c) {
    lyap_dataset_free(&c->data);
}

struct lyap_point lyap_point_of(const struct lyap_record *r) {
    return (struct lyap_point){.initial_loss = r->initial_loss,
                               .final_loss = r->final_loss,
                               .lambda_kw = r->lambda_kw,
                               .lambda_step = r->lambda_step,
                               .terms = r->terms,
                               .outcome = r->outcome};
}

bool lyap_point_is_zero(const struct lyap_point *point) {
    return point->outcome == LYAP_DEAD && point->terms > 0 && point->lambda_kw == 0;
}

bool lyap_point_counts(const struct lyap_point *point) {
    return point->terms > 0 && !lyap_point_is_zero(point);
}

struct taking {
    struct lyap_cells *cells;
    uint64_t *digest;
};

static enum lyap_status take(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct taking *taking = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        taking->cells->points[r->cell] = lyap_point_of(r);
        *taking->digest = lyap_digest_record(*taking->digest, r);
    }
    return LYAP_OK;
}

enum lyap_status lyap_cells_run(struct lyap_cells *cells, const struct lyap_plan *plan, uint64_t *digest,
                                struct lyap_error *error) {
    memset(cells, 0, sizeof *cells);
    cells->points = calloc(plan->values * (size_t)plan->starts, sizeof *cells->points);
    if (!cells->points)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %llu starts", (unsigned long long)plan->starts);
    cells->values = plan->values;
    cells->starts = plan->starts;
    struct taking taking = {cells, digest};
    return lyap_ensemble_run(plan, take, &taking, error);
}

void lyap_cells_free(struct lyap_cells *cells) {
    free(cells->points);
    memset(cells, 0, sizeof *cells);
}

double lyap_paper_rate(int i) {
    return 0.01 + i * ((20 - 0.01) / LYAP_PAPER_RATES);
}

/* The starts of one rate; `scratch` holds as many values. */
static void summarise_rate(struct lyap_rate *rate, const struct lyap_point *points, double *scratch) {
    rate->one = points[0];
    for (uint64_t s = 0; s < rate->starts; s++) {
        const struct lyap_point *p = &points[s];
        rate->diverged += p->outcome == LYAP_ESCAPED || p->outcome == LYAP_OVERFLOW;
        rate->zero += lyap_point_is_zero(p);
        rate->died += p->outcome == LYAP_DEAD && !lyap_point_is_zero(p);
        if (lyap_point_counts(p)) scratch[rate->counted++] = p->lambda_kw;
    }
    if (rate->counted) lyap_select_quartiles(scratch, (size_t)rate->counted, rate->quartile);
}

enum lyap_status lyap_rates_run(struct lyap_rate rates[LYAP_PAPER_RATES], const struct lyap_paper_case *c,
                                uint64_t starts, uint64_t *digest, struct lyap_error *error) {
    struct lyap_setting settings[LYAP_PAPER_RATES];
    double scratch[LYAP_PAPER_RATE_STARTS];
    struct lyap_cells cells;
    struct lyap_plan plan = c->plan;
    for (int i = 0; i < LYAP_PAPER_RATES; i++) {
        settings[i] = plan.setting;
        settings[i].lr = lyap_paper_rate(i);
    }
    plan.settings = settings;
    plan.values = LYAP_PAPER_RATES;
    plan.starts = starts;
    enum lyap_status status = lyap_cells_run(&cells, &plan, digest, error);
    for (int i = 0; i < LYAP_PAPER_RATES && !status; i++) {
        rates[i] = (struct lyap_rate){.lr = settings[i].lr, .starts = starts};
        summarise_rate(&rates[i], cells.points + (size_t)i * starts, scratch);
    }
    lyap_cells_free(&cells);
    return status;
}
