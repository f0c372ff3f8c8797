#include "engine/evaluate.h"
#include "lyapgrad/dataset.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Means of sums over a data set. */
static void means(const struct lyap_worker *worker, size_t lane, size_t samples, const double sum[LYAP_BLOCK],
                  const uint64_t correct[LYAP_BLOCK], double *loss, double *accuracy) {
    const struct lyap_network *net = worker->run->plan->network;
    double terms = (double)samples * (net->loss == LYAP_SOFTMAX ? 1.0 : (double)net->sizes[net->layers]);
    *loss = fabs(sum[lane]) <= DBL_MAX ? sum[lane] / terms : (double)NAN;
    *accuracy = (double)correct[lane] / (double)samples;
}

void lyap_worker_evaluate(struct lyap_worker *worker, struct lyap_evaluation *out) {
    const struct lyap_run *run = worker->run;
    const struct lyap_plan *plan = run->plan;
    double sum[LYAP_BLOCK];
    uint64_t correct[LYAP_BLOCK];
    memset(out, 0, worker->count * sizeof *out);
    run->kernels->evaluate(&worker->block, run->x, run->y, plan->data->samples, run->threshold, sum, correct);
    for (size_t lane = 0; lane < worker->count; lane++)
        means(worker, lane, plan->data->samples, sum, correct, &out[lane].train_loss, &out[lane].train_accuracy);
    if (!plan->test) return;
    run->kernels->evaluate(&worker->block, run->test_x, run->test_y, plan->test->samples, run->threshold, sum, correct);
    for (size_t lane = 0; lane < worker->count; lane++)
        means(worker, lane, plan->test->samples, sum, correct, &out[lane].test_loss, &out[lane].test_accuracy);
}
