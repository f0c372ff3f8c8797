#include "engine/spectrum_start.h"

#include "base/real.h"
#include "engine/method.h"
#include "engine/plan.h"
#include "engine/start.h"
#include "lyapgrad/random.h"

/* Gives a known system's lanes their states and parameters; lanes beyond the last cell repeat it. */
static void start_known(struct lyap_spectrum_worker *w, uint64_t first, size_t count) {
    const struct lyap_spectrum_run *run = w->run;
    const struct lyap_spectrum_plan *plan = run->plan;
    struct lyap_block *block = &w->worker.block;
    const size_t width = run->run.kernels->width;
    double low, high;
    lyap_system_box(plan->system, &low, &high);
    w->worker.count = count;
    w->worker.reached = 0;
    for (size_t lane = 0; lane < width; lane++) {
        uint64_t cell = first + (lane < count ? lane : count - 1), start = cell % run->base.starts;
        const struct lyap_setting *setting = lyap_plan_setting(&run->base, cell);
        double drawn[LYAP_SYSTEM_MOST];
        block->start_low[lane] = (uint32_t)start;
        block->start_high[lane] = (uint32_t)(start >> 32);
        block->lr[lane] = setting->lr;
        block->perturbation[lane] = setting->perturbation;
        block->epochs[lane] = setting->epochs;
        lyap_random_uniform(run->base.seed, LYAP_STREAM_INITIAL, start, 0, run->dimension, drawn);
        for (size_t i = 0; i < run->dimension; i++)
            lyap_real_set(block->weights, i * width + lane,
                          plan->states ? plan->states[start * run->dimension + i] : low + (high - low) * drawn[i],
                          run->base.precision);
    }
}

/* Where lengths are over the weights alone, so are the first directions: the buffers of all trajectories are alike. */
static void clear_buffers(struct lyap_spectrum_worker *w) {
    const struct lyap_tangents *t = &w->tangents;
    const size_t width = w->run->run.kernels->width;
    for (size_t i = 0; t->measured < t->dimension && i < t->vectors * t->dimension; i++)
        for (size_t lane = 0; i % t->dimension >= t->measured && lane < width; lane++)
            lyap_real_set(t->v, i * width + lane, 0, w->run->base.precision);
}

/* Starting points, starting directions, and everything at zero. */
enum lyap_status lyap_spectrum_start(struct lyap_spectrum_worker *w, uint64_t first, size_t count, lyap_poll poll,
                                     void *context) {
    const struct lyap_spectrum_run *run = w->run;
    const struct lyap_kernels *kernels = run->run.kernels;
    struct lyap_block *block = &w->worker.block;
    struct lyap_tangents *t = &w->tangents;
    enum lyap_status status = LYAP_OK;
    if (run->known)
        start_known(w, first, count);
    else
        status = lyap_worker_start(&w->worker, first, count, poll, context);
    if (status) return status;
    const struct lyap_draws draws = {true,
                                     run->base.seed,
                                     LYAP_STREAM_PERTURBATION,
                                     block->start_low,
                                     block->start_high,
                                     0,
                                     run->vectors * run->dimension};
    kernels->draw(&draws, t->v);
    clear_buffers(w);
    kernels->tangent_start(block, t);
    lyap_method_steps(run->plan->method)->start(kernels, block, t);
    for (size_t i = 0; i < run->vectors * kernels->width; i++) {
        w->growth.product[i] = 1;
        w->growth.sum[i] = w->begun[i] = w->before[i] = 0;
    }
    for (size_t i = 0; i < kernels->width; i++) w->reached[i] = -1;
    for (size_t i = 0; i < kernels->width; i++) w->loss[i] = w->peak[i] = w->largest[i] = w->smallest[i] = 0;
    w->batches = w->filled = 0;
    w->per_batch = 1;
    w->finished = 0;
    lyap_regime_log_start(&w->log);
    return LYAP_OK;
}
