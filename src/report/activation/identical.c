/* C2: linear and ReLU networks give the same numbers while no ReLU is off. Both are trained from the same starts; every weight of the
 * ReLU networks, parents and neighbours, is looked at before each update. */
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/digest.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/network.h"
#include "report/activation/identical.h"
#include "report/common/cells.h"

/* Whether all preactivations of a 2-2-1 ReLU network are positive for every sample. */
static bool all_positive(const struct lyap_dataset *data, const double w[9]) {
    for (size_t s = 0; s < data->samples; s++) {
        const double *x = data->x + s * data->inputs;
        double out = w[8];
        for (int j = 0; j < 2; j++) {
            double z = w[4 + j] + x[0] * w[j] + x[1] * w[2 + j];
            if (!(z > 0)) return false;
            out += z * w[6 + j];
        }
        if (!(out > 0)) return false;
    }
    return true;
}

struct looking {
    const struct lyap_dataset *data;
    uint64_t networks;   /* parents and neighbours, one start of the run each */
    unsigned char *open; /* [networks] */
};

static enum lyap_status look(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct looking *looking = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        uint64_t network = (chunk->first_cell + i) % looking->networks;
        looking->open[network] =
            looking->open[network] && all_positive(looking->data, chunk->weights + i * chunk->parameters);
    }
    return LYAP_OK;
}

/* open[networks]: from weights[networks][9], before each of the updates. */
static enum lyap_status find_open(const struct lyap_plan *given, const double *weights, uint64_t networks,
                                  unsigned char *open, struct lyap_error *error) {
    struct lyap_plan plan = *given;
    struct looking looking = {given->data, networks, open};
    struct lyap_setting settings[LYAP_PAPER_EPOCHS];
    for (uint64_t k = 0; k < networks; k++) open[k] = all_positive(given->data, weights + 9 * k);
    for (uint32_t t = 1; t < given->setting.epochs; t++) {
        settings[t - 1] = given->setting;
        settings[t - 1].epochs = t;
    }
    plan.settings = settings;
    plan.values = given->setting.epochs - 1;
    plan.starts = networks;
    plan.weights = weights;
    plan.neighbours = 1;
    plan.last_weights = true;
    plan.progress = NULL;
    return lyap_ensemble_run(&plan, look, &looking, error);
}

static bool same(const struct lyap_point *a, const struct lyap_point *b) {
    return a->initial_loss == b->initial_loss && a->final_loss == b->final_loss && a->lambda_kw == b->lambda_kw &&
           a->lambda_step == b->lambda_step && a->terms == b->terms;
}

enum lyap_status lyap_act_identical_run(struct lyap_act_identical *identical, const struct lyap_paper_options *options,
                                        double lr, uint64_t starts, struct lyap_error *error) {
    struct lyap_paper_case linear, relu = {0};
    struct lyap_cells a = {0}, b = {0};
    double *weights = NULL;
    unsigned char *open = NULL;
    uint64_t digest = LYAP_DIGEST_START;
    *identical = (struct lyap_act_identical){.lr = lr, .starts = starts};
    enum lyap_status status = lyap_paper_case_init(&linear, LYAP_LINEAR, options, error);
    if (!status) status = lyap_paper_case_init(&relu, LYAP_RELU, options, error);
    linear.plan.starts = relu.plan.starts = starts;
    linear.plan.setting.lr = relu.plan.setting.lr = lr;
    size_t each = 1 + relu.plan.neighbours, networks = each * (size_t)starts;
    if (!status) status = lyap_cells_run(&a, &linear.plan, &digest, error);
    if (!status) status = lyap_cells_run(&b, &relu.plan, &digest, error);
    if (!status) {
        weights = lyap_report_room(networks * 9, sizeof *weights, error);
        open = lyap_report_room(networks, 1, error);
        if (!weights || !open) status = LYAP_ERROR_MEMORY;
    }
    if (!status) status = lyap_ensemble_initial(&relu.plan, 0, (size_t)starts, weights, error);
    if (!status) status = find_open(&relu.plan, weights, networks, open, error);
    for (size_t s = 0; s < starts && !status; s++) {
        bool equal = same(&a.points[s], &b.points[s]), all = true;
        for (size_t k = 0; k < each; k++) all = all && open[s * each + k];
        identical->same += equal;
        identical->open += all;
        identical->same_open += equal && all;
        identical->same_shut += equal && !all;
        identical->differ_open += !equal && all;
    }
    free(weights);
    free(open);
    lyap_cells_free(&a);
    lyap_cells_free(&b);
    lyap_paper_case_free(&linear);
    lyap_paper_case_free(&relu);
    return status;
}
