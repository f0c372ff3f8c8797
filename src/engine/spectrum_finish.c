#include "engine/spectrum_finish.h"

#include <math.h>

#include "base/real.h"
#include "engine/alive.h"
#include "engine/evaluate.h"
#include "engine/growth.h"
#include "lyapgrad/interval.h"
#include "lyapgrad/kaplan_yorke.h"

/* Whether a derivative of the lane's loss, the gradient's or one along a tangent, is not zero: at the last step, or with mini-batches over
 * the whole training set. */
static bool is_alive(struct lyap_spectrum_worker *w, size_t lane) {
    const struct lyap_spectrum_run *run = w->run;
    struct lyap_worker *worker = &w->worker;
    const uint32_t bit = 1u << lane;
    if (worker->block.alive & bit) return true;
    if (run->known || !run->base.optimiser.batch || worker->block.outcome[lane] != LYAP_COMPLETE) return false;
    const bool pairs = lyap_method_traits(run->plan->method)->pair;
    if (lyap_worker_alive(worker, bit, pairs ? 2 : 1)) return true;
    const size_t width = run->run.kernels->width, row = run->dimension * width * run->run.real_size;
    for (size_t k = 0; !pairs && k < run->vectors; k++) {
        run->run.kernels->hessian(&worker->block, &w->tangents, (const char *)w->tangents.v + k * row, worker->probe);
        for (size_t p = 0; p < run->run.shape.parameters; p++)
            if (lyap_real_get(worker->probe, p * width + lane, run->base.precision) != 0) return true;
    }
    return false;
}

/* Regime and period of a cell whose record has all else. */
static void judge(struct lyap_spectrum_worker *w, size_t lane, struct lyap_spectrum_record *r) {
    const struct lyap_spectrum_plan *plan = w->run->plan;
    double growth[LYAP_MOST_BATCHES];
    struct lyap_regime_evidence evidence = {.outcome = r->outcome,
                                            .alive = is_alive(w, lane),
                                            .ended = r->stop == LYAP_STOP_EVENT,
                                            .steps = r->steps,
                                            .resolved = r->resolved,
                                            .growth = plan->growth,
                                            .peak = r->growth,
                                            .batch = growth,
                                            .batches = r->steps ? w->batches : 0,
                                            .tolerance = plan->tolerance};
    lyap_growth_batches(w, 0, lane, growth);
    struct lyap_regime_verdict verdict =
        lyap_regime_log_judge(&w->log, lane, &evidence, !w->run->known, w->run->base.precision);
    r->regime = verdict.regime;
    r->period = verdict.period;
}

/* How many batches stand behind an interval: none where nothing fluctuates. */
static uint32_t interval_batches(const struct lyap_spectrum_worker *w, size_t lane,
                                 const struct lyap_spectrum_record *r) {
    if (!r->resolved || w->batches < LYAP_FEWEST_BATCHES || r->regime == LYAP_STILL || r->regime == LYAP_PERIODIC ||
        r->regime == LYAP_DEAD_REGIME)
        return 0;
    const double time = (double)r->steps / lyap_growth_per_step(w, lane); /* the products below are in nats */
    const double least = fmax(1e-3, 1e-6 * fabs(lyap_growth_exponent(w, 0, lane)) * time);
    return lyap_growth_half_width(w, 0, lane) * time > least ? (uint32_t)w->batches : 0;
}

void lyap_spectrum_finish(struct lyap_spectrum_worker *w, size_t lane, enum lyap_stop stop,
                          const struct lyap_spectrum_out *out) {
    const struct lyap_spectrum_run *run = w->run;
    const struct lyap_block *block = &w->worker.block;
    struct lyap_spectrum_record *r = &out->records[lane];
    struct lyap_exponent *lambda = out->lambda + lane * run->vectors;
    w->finished |= 1u << lane;
    r->steps = lyap_growth_steps(w, lane);
    r->resolved = r->steps ? w->tangents.resolved[lane] : 0;
    r->initial_loss = run->known ? 0 : w->initial[lane];
    r->final_loss = run->known ? 0 : w->loss[lane];
    r->outcome = block->outcome[lane];
    r->event_epoch = block->event_epoch[lane];
    r->target_epoch = w->reached[lane];
    r->stop = stop;
    r->growth = w->peak[lane];
    bool diverged = r->outcome == LYAP_ESCAPED || r->outcome == LYAP_OVERFLOW;
    r->sharpness_last = diverged ? 0 : w->largest[lane];
    r->smallest_last = diverged ? 0 : w->smallest[lane];
    judge(w, lane, r);
    r->batches = interval_batches(w, lane, r);
    for (size_t k = 0; k < run->vectors; k++) {
        double value = k < r->resolved ? lyap_growth_exponent(w, k, lane) : 0;
        double half = k < r->resolved && r->batches ? lyap_growth_half_width(w, k, lane) : 0;
        lambda[k] = (struct lyap_exponent){value, value - half, value + half};
        if (k < r->resolved) r->sum += value;
        w->exponents[k] = value;
    }
    r->dimension = r->resolved ? lyap_kaplan_yorke(w->exponents, r->resolved, run->dimension) : -1;
}

/* Evaluates the parents of the lanes that end now. */
void lyap_spectrum_evaluate(struct lyap_spectrum_worker *w, uint32_t ending, const struct lyap_spectrum_out *out) {
    struct lyap_evaluation all[LYAP_BLOCK];
    if (!out->evaluation || !ending) return;
    lyap_worker_evaluate(&w->worker, all);
    for (size_t lane = 0; lane < w->worker.count; lane++)
        if (ending >> lane & 1) out->evaluation[lane] = all[lane];
}
