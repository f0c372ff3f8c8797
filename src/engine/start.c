#include "engine/start.h"

#include <string.h>

#include "base/real.h"
#include "engine/plan.h"

/* Lanes beyond the last cell repeat it. */
static uint64_t cell_of_lane(uint64_t first, size_t count, size_t lane) {
    return first + (lane < count ? lane : count - 1);
}

static void take_given_weights(struct lyap_worker *worker, uint64_t first) {
    const struct lyap_plan *plan = worker->run->plan;
    const size_t parameters = worker->run->shape.parameters, width = worker->run->kernels->width;
    for (size_t lane = 0; lane < width; lane++) {
        const double *w = plan->weights + cell_of_lane(first, worker->count, lane) % plan->starts * parameters;
        for (size_t p = 0; p < parameters; p++)
            lyap_real_set(worker->block.weights, p * width + lane, w[p], plan->precision);
    }
}

/* Gives each lane what its cell has of its own. */
static void vary_lanes(struct lyap_worker *worker, uint64_t first) {
    const struct lyap_run *run = worker->run;
    const struct lyap_plan *plan = run->plan;
    struct lyap_block *block = &worker->block;
    const size_t parameters = run->shape.parameters, width = run->kernels->width;
    for (size_t i = 0; i < width; i++) {
        struct lyap_lane lane = {
            block->lr[i], block->perturbation[i], plan->optimiser.momentum, plan->optimiser.weight_decay,
            {0},          worker->varied};
        memcpy(lane.layer_rate, plan->optimiser.layer_rate, sizeof lane.layer_rate);
        for (size_t p = 0; worker->varied && p < parameters; p++)
            worker->varied[p] = lyap_real_get(block->weights, p * width + i, plan->precision);
        run->vary->set(run->vary, cell_of_lane(first, worker->count, i), &lane);
        block->lr[i] = lane.lr;
        block->perturbation[i] = lane.perturbation;
        for (size_t p = 0; worker->varied && p < parameters; p++)
            lyap_real_set(block->weights, p * width + i, worker->varied[p], plan->precision);
        for (size_t l = 0; worker->layer_rates && l < (size_t)run->shape.layers; l++)
            lyap_real_set(worker->layer_rates, l * width + i, lane.layer_rate[l], plan->precision);
        if (worker->momenta) lyap_real_set(worker->momenta, i, lane.momentum, plan->precision);
        if (worker->decays) lyap_real_set(worker->decays, i, lane.weight_decay, plan->precision);
    }
}

enum lyap_status lyap_worker_start(struct lyap_worker *worker, uint64_t first, size_t count, lyap_poll poll,
                                   void *context) {
    const struct lyap_run *run = worker->run;
    const struct lyap_plan *plan = run->plan;
    struct lyap_block *block = &worker->block;
    const size_t width = run->kernels->width;
    worker->count = count;
    worker->reached = 0;
    for (size_t lane = 0; lane < width; lane++) {
        uint64_t cell = cell_of_lane(first, count, lane);
        uint64_t start = run->vary && run->vary->start ? run->vary->start[cell] : cell % plan->starts;
        const struct lyap_setting *setting = lyap_plan_setting(plan, cell);
        block->start_low[lane] = (uint32_t)start;
        block->start_high[lane] = (uint32_t)(start >> 32);
        block->lr[lane] = setting->lr;
        block->perturbation[lane] = setting->perturbation;
        block->epochs[lane] = setting->epochs;
        block->draws[lane] = 0;
    }
    if (plan->weights) {
        take_given_weights(worker, first);
    } else {
        block->pending = (1u << width) - 1;
        for (uint32_t drawn = 0; block->pending && drawn < plan->max_draws;) {
            uint32_t left = plan->max_draws - drawn, slice = left < run->draw_slice ? left : run->draw_slice;
            run->kernels->draw_parents(block, drawn, slice);
            drawn += slice;
            if (poll && !poll(context)) return LYAP_ERROR_INTERRUPTED;
        }
        if (block->pending) return LYAP_ERROR_WINDOW;
    }
    if (run->vary) vary_lanes(worker, first);
    if (run->spread) {
        for (size_t p = 0; p < run->shape.parameters; p++)
            lyap_real_set(worker->parent, p, lyap_real_get(block->weights, p * width, plan->precision),
                          plan->precision);
        run->kernels->spread(block, worker->parent);
    } else {
        run->kernels->perturb(block);
    }
    return LYAP_OK;
}
