#include "engine/spectrum_worker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/deterministic.h"
#include "lyapgrad/random.h"
#include "engine/plan.h"
#include "base/real.h"

enum { NORM_BYTES = 16 * 1024, MOST_SLICE = 1024, ALL_LANES = (1 << LYAP_BLOCK) - 1 };

static const struct lyap_setting *setting_of(const struct lyap_plan *plan, uint64_t cell) {
    return plan->settings ? &plan->settings[cell / plan->starts] : &plan->setting;
}

static uint32_t round_up(uint32_t value, uint32_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

enum lyap_status lyap_spectrum_prepare(struct lyap_spectrum_run *run, const struct lyap_spectrum_plan *plan,
                                       struct lyap_error *error) {
    memset(run, 0, sizeof *run);
    enum lyap_status status = lyap_spectrum_check(plan, error);
    if (status) return status;
    run->plan = plan;
    run->base = plan->base;
    run->base.neighbours = 1;
    run->base.series = false;
    run->known = plan->system != LYAP_SYSTEM_NETWORK;
    run->dimension = lyap_spectrum_dimension(plan);
    run->vectors = plan->exponents;
    run->epochs = setting_of(&run->base, 0)->epochs;
    run->transient = plan->transient;
    if (!run->known) {
        status = lyap_run_prepare(&run->run, &run->base, error);
        if (status) return status;
    } else {
        run->run.plan = &run->base;
        run->run.kernels = lyap_kernels_get(run->base.isa, run->base.precision);
        run->run.log_kernels = lyap_kernels_get(run->base.isa, LYAP_FLOAT64);
        run->run.real_size = run->base.precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
        run->run.first = run->base.first_cell;
        run->run.cells = lyap_plan_cells(&run->base);
        run->run.updates = lyap_plan_updates(&run->base);
        if (!run->run.kernels || !run->run.log_kernels)
            return lyap_fail(error, LYAP_ERROR_ISA, "instruction set '%s' is not available on this CPU",
                             lyap_isa_name(run->base.isa));
    }
    uint32_t every = lyap_spectrum_qr_every(plan), measured = run->epochs - run->transient;
    /* The same windows, and so the same batches and regime, for every interval of re-orthonormalisation that divides 10. */
    const uint32_t unit = 10 % every == 0 && measured >= 10 * LYAP_VERDICT_BATCHES ? 10 : every;
    run->window = round_up((measured - 1) / LYAP_MOST_POINTS + 1, unit);
    run->windows = (measured - 1) / run->window + 1;
    size_t events = NORM_BYTES / (run->vectors * LYAP_BLOCK * sizeof(double));
    if (events * every > MOST_SLICE) events = MOST_SLICE / every;
    if (!run->known) {
        size_t fit = lyap_pace_slice(&run->base, MOST_SLICE) / every;
        if (events > fit) events = fit;
    }
    run->slice = (uint32_t)(events ? events : 1) * every;
    run->points = plan->history < run->windows ? plan->history : run->windows;
    run->tails = lyap_tails_of(run->transient, run->epochs, run->window, every, plan->until_ci > 0);
    return LYAP_OK;
}

void lyap_spectrum_release(struct lyap_spectrum_run *run) {
    lyap_run_free(&run->run);
}

/* The part of lyap_worker that a known system needs. */
static bool known_worker_new(struct lyap_worker *worker, const struct lyap_spectrum_run *run) {
    worker->run = &run->run;
    struct lyap_block *block = &worker->block;
    block->trajectories = 2;
    block->seed = run->base.seed;
    block->escape = run->base.escape;
    block->weights = lyap_aligned(2 * run->dimension * LYAP_BLOCK, run->run.real_size);
    return block->weights != NULL;
}

/* For steps and, of a network, for products over the whole training set: either may have the longer chunk. */
static size_t workspace_bytes(const struct lyap_spectrum_run *run) {
    const struct lyap_kernels *kernels = run->run.kernels;
    if (run->known) return kernels->tangent_workspace(NULL, run->dimension, run->vectors);
    size_t step = kernels->tangent_workspace(&run->run.shape, run->dimension, run->vectors);
    size_t whole = kernels->tangent_workspace(&run->run.whole, run->dimension, run->vectors);
    return step > whole ? step : whole;
}

enum lyap_status lyap_spectrum_worker_new(struct lyap_spectrum_worker *w, const struct lyap_spectrum_run *run,
                                          struct lyap_error *error) {
    memset(w, 0, sizeof *w);
    w->run = run;
    enum lyap_status status = LYAP_OK;
    if (!run->known) status = lyap_worker_new(&w->worker, &run->run, error);
    if (status) return status;
    bool ok = !run->known || known_worker_new(&w->worker, run);
    const struct lyap_spectrum_plan *plan = run->plan;
    size_t real_size = run->run.real_size, rows = run->vectors * LYAP_BLOCK;
    struct lyap_tangents *t = &w->tangents;
    t->system = plan->system;
    for (size_t i = 0; i < plan->constant_count; i++) t->constants[i] = plan->constants[i];
    t->dimension = t->measured = run->dimension;
    if (!run->known) t->measured = run->run.shape.measured;
    t->vectors = run->vectors;
    t->qr_every = lyap_spectrum_qr_every(plan);
    t->band = plan->band;
    size_t events = run->slice / t->qr_every;
    if (run->dimension <= SIZE_MAX / rows) t->v = lyap_aligned(run->dimension * rows, real_size);
    t->workspace = lyap_aligned(workspace_bytes(run), 1);
    t->norms = lyap_aligned(events * rows, real_size);
    t->measure = lyap_aligned(run->slice, LYAP_BLOCK * real_size);
    t->base = lyap_aligned(LYAP_BLOCK, real_size);
    t->separation = lyap_aligned(LYAP_BLOCK, real_size);
    w->norms64 = lyap_aligned(events * rows, sizeof(double));
    w->growth.product = lyap_aligned(rows, sizeof(double));
    w->growth.sum = lyap_aligned(rows, sizeof(double));
    w->begun = lyap_aligned(rows, sizeof(double));
    w->before = lyap_aligned(rows, sizeof(double));
    w->batch = lyap_aligned(LYAP_MOST_BATCHES * rows, sizeof(double));
    w->exponents = lyap_aligned(run->vectors, sizeof(double));
    ok = ok && t->v && t->workspace && t->norms && t->measure && t->base && t->separation && w->norms64 &&
         w->growth.product && w->growth.sum && w->begun && w->before && w->batch && w->exponents;
    if (!ok)
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory: %zu tangent vectors of %zu components",
                           run->vectors, run->dimension);
    if (!status && plan->curvature)
        status = lyap_lanczos_new(&w->lanczos, run->run.kernels, run->run.shape.parameters, real_size, error);
    if (!status)
        status = lyap_regime_log_new(&w->log, &run->tails, run->known ? run->dimension : run->run.shape.parameters,
                                     real_size, error);
    if (!status && run->orbit) status = lyap_orbit_walk_new(&w->walk, run, error);
    if (!status && !run->known) status = lyap_pace_new(&w->pace, &run->base, run->slice, error);
    if (status) lyap_spectrum_worker_free(w);
    return status;
}

void lyap_spectrum_worker_free(struct lyap_spectrum_worker *w) {
    struct lyap_tangents *t = &w->tangents;
    lyap_worker_free(&w->worker);
    lyap_lanczos_free(&w->lanczos);
    lyap_pace_free(&w->pace);
    lyap_orbit_walk_free(&w->walk);
    lyap_regime_log_free(&w->log);
    free(t->v);
    free(t->workspace);
    free(t->norms);
    free(t->measure);
    free(t->base);
    free(t->separation);
    free(w->norms64);
    free(w->growth.product);
    free(w->growth.sum);
    free(w->begun);
    free(w->before);
    free(w->batch);
    free(w->exponents);
    memset(w, 0, sizeof *w);
}

/* Gives a known system's lanes their states and parameters; lanes beyond the last cell repeat it. */
static void start_known(struct lyap_spectrum_worker *w, uint64_t first, size_t count) {
    const struct lyap_spectrum_run *run = w->run;
    const struct lyap_spectrum_plan *plan = run->plan;
    struct lyap_block *block = &w->worker.block;
    double low, high;
    lyap_system_box(plan->system, &low, &high);
    w->worker.count = count;
    w->worker.reached = 0;
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
        uint64_t cell = first + (lane < count ? lane : count - 1), start = cell % run->base.starts;
        const struct lyap_setting *setting = setting_of(&run->base, cell);
        double drawn[LYAP_SYSTEM_MOST];
        block->start_low[lane] = (uint32_t)start;
        block->start_high[lane] = (uint32_t)(start >> 32);
        block->lr[lane] = setting->lr;
        block->perturbation[lane] = setting->perturbation;
        block->epochs[lane] = setting->epochs;
        lyap_random_uniform(run->base.seed, LYAP_STREAM_INITIAL, start, 0, run->dimension, drawn);
        for (size_t i = 0; i < run->dimension; i++)
            lyap_real_set(block->weights, i * LYAP_BLOCK + lane,
                          plan->states ? plan->states[start * run->dimension + i] : low + (high - low) * drawn[i],
                          run->base.precision);
    }
}

/* Where lengths are over the weights alone, so are the first directions: the buffers of all trajectories are alike. */
static void clear_buffers(struct lyap_spectrum_worker *w) {
    const struct lyap_tangents *t = &w->tangents;
    for (size_t i = 0; t->measured < t->dimension && i < t->vectors * t->dimension; i++)
        for (size_t lane = 0; i % t->dimension >= t->measured && lane < LYAP_BLOCK; lane++)
            lyap_real_set(t->v, i * LYAP_BLOCK + lane, 0, w->run->base.precision);
}

/* Starting points, starting directions, and everything at zero. */
static enum lyap_status start(struct lyap_spectrum_worker *w, uint64_t first, size_t count, lyap_poll poll,
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
    if (run->plan->method == LYAP_RESCALED) kernels->pair_start(block, t);
    for (size_t i = 0; i < run->vectors * LYAP_BLOCK; i++) {
        w->growth.product[i] = 1;
        w->growth.sum[i] = w->begun[i] = w->before[i] = 0;
    }
    for (size_t i = 0; i < LYAP_BLOCK; i++) w->reached[i] = -1;
    for (size_t i = 0; i < LYAP_BLOCK; i++) w->loss[i] = w->peak[i] = w->largest[i] = w->smallest[i] = 0;
    w->batches = w->filled = 0;
    w->per_batch = 1;
    w->finished = 0;
    lyap_regime_log_start(&w->log);
    return LYAP_OK;
}

/* Books the first of a slice's losses that is at or below the target. */
static void note_target(struct lyap_spectrum_worker *w, uint32_t first, uint32_t count) {
    const double target = w->run->plan->target;
    const struct lyap_block *block = &w->worker.block;
    if (!(target > 0) || w->run->known) return;
    for (size_t lane = 0; lane < w->worker.count; lane++)
        for (uint32_t i = 0; i < count && w->reached[lane] < 0 && first + i < block->losses[lane]; i++)
            if (!(w->finished >> lane & 1) &&
                lyap_real_get(w->tangents.measure, (size_t)i * LYAP_BLOCK + lane, w->run->base.precision) <= target)
                w->reached[lane] = (int64_t)first + i;
}

/* Steps first .. first+count-1 in slices; afterwards growth.sum is complete up to there. */
static bool advance(struct lyap_spectrum_worker *w, uint32_t first, uint32_t count, lyap_poll poll, void *context) {
    const struct lyap_spectrum_run *run = w->run;
    struct lyap_block *block = &w->worker.block;
    struct lyap_tangents *t = &w->tangents;
    bool wide = run->base.precision == LYAP_FLOAT64, pairs = run->plan->method == LYAP_RESCALED;
    for (uint32_t done = 0; done < count;) {
        uint32_t now = count - done < run->slice ? count - done : run->slice;
        now = lyap_regime_log_before(&w->log, block, t, first + done, now);
        size_t events = (now - 1) / t->qr_every + 1;
        t->look = done + now == count;
        if (!run->known) lyap_pace_set(&w->pace, block, first + done, now);
        if (pairs)
            run->run.kernels->pair(block, t, first + done, now);
        else
            run->run.kernels->tangent(block, t, first + done, now);
        for (size_t i = 0; !wide && i < events * run->vectors * LYAP_BLOCK; i++)
            w->norms64[i] = (double)((const float *)t->norms)[i];
        run->run.log_kernels->log_norms(wide ? t->norms : w->norms64, events, run->vectors, t->look, &w->growth);
        for (size_t lane = 0; lane < LYAP_BLOCK; lane++)
            if (block->losses[lane] > first + done && !(w->finished >> lane & 1))
                w->loss[lane] =
                    lyap_real_get(t->measure, (size_t)(block->losses[lane] - 1 - first - done) * LYAP_BLOCK + lane,
                                  run->base.precision);
        note_target(w, first + done, now);
        if (!run->known) lyap_regime_log_losses(&w->log, t->measure, first + done, now, run->base.precision);
        if (first + done == 0 && !w->run->known)
            for (size_t lane = 0; lane < LYAP_BLOCK; lane++)
                w->initial[lane] = block->losses[lane] ? lyap_real_get(t->measure, lane, run->base.precision) : 0;
        done += now;
        w->worker.reached = first + done;
        if (poll && !poll(context)) return false;
    }
    return true;
}

/* ln of the growth since step 0. */
static double total(const struct lyap_spectrum_worker *w, size_t k, size_t lane) {
    double sum = w->growth.sum[k * LYAP_BLOCK + lane];
    if (w->run->plan->method == LYAP_RESCALED)
        sum += lyap_log(lyap_real_get(w->tangents.separation, lane, w->run->base.precision));
    return sum;
}

/* A flow's exponents are per unit of time, and its parameter is the step. */
static double per_step(const struct lyap_spectrum_worker *w, size_t lane) {
    double lr = w->worker.block.lr[lane];
    if (w->run->plan->system != LYAP_SYSTEM_LORENZ) return 1;
    return 1 / (w->run->base.precision == LYAP_FLOAT64 ? lr : (double)(float)lr);
}

static uint32_t measured_steps(const struct lyap_spectrum_worker *w, size_t lane) {
    uint32_t steps = w->tangents.steps[lane];
    return steps > w->run->transient ? steps - w->run->transient : 0;
}

static double exponent(const struct lyap_spectrum_worker *w, size_t k, size_t lane) {
    uint32_t steps = measured_steps(w, lane);
    if (steps == 0) return 0;
    return (total(w, k, lane) - w->begun[k * LYAP_BLOCK + lane]) / (double)steps * per_step(w, lane);
}

/* The growth of vector k in the finished batches, in nats. */
static void batch_growth(const struct lyap_spectrum_worker *w, size_t k, size_t lane, double *growth) {
    for (size_t b = 0; b < w->batches; b++) growth[b] = w->batch[(b * w->run->vectors + k) * LYAP_BLOCK + lane];
}

static double half_width(const struct lyap_spectrum_worker *w, size_t k, size_t lane) {
    double mean[LYAP_MOST_BATCHES], steps = (double)w->per_batch * (double)w->run->window;
    batch_growth(w, k, lane, mean);
    for (size_t b = 0; b < w->batches; b++) mean[b] = mean[b] / steps * per_step(w, lane);
    return lyap_batch_half_width(mean, w->batches);
}

/* Books the growth of the window that just ended; pairs of batches become one when there would be too many. */
static void book_window(struct lyap_spectrum_worker *w, bool whole) {
    size_t rows = w->run->vectors * LYAP_BLOCK;
    double *batch = w->batch + w->batches * rows;
    for (size_t i = 0; i < rows; i++) {
        double now = total(w, i / LYAP_BLOCK, i % LYAP_BLOCK);
        if (whole) batch[i] = (w->filled ? batch[i] : 0) + (now - w->before[i]);
        w->before[i] = now;
    }
    if (!whole || ++w->filled < w->per_batch) return;
    w->filled = 0;
    if (++w->batches < LYAP_MOST_BATCHES) return;
    for (size_t b = 0; b < LYAP_MOST_BATCHES / 2; b++)
        for (size_t i = 0; i < rows; i++)
            w->batch[b * rows + i] = w->batch[2 * b * rows + i] + w->batch[(2 * b + 1) * rows + i];
    w->batches /= 2;
    w->per_batch *= 2;
}

/* Regime and period of a cell whose record has all else. */
static void judge(struct lyap_spectrum_worker *w, size_t lane, struct lyap_spectrum_record *r) {
    const struct lyap_spectrum_plan *plan = w->run->plan;
    double growth[LYAP_MOST_BATCHES];
    struct lyap_regime_evidence evidence = {.outcome = r->outcome,
                                            .alive = lyap_spectrum_alive(w, lane),
                                            .ended = r->stop == LYAP_STOP_EVENT,
                                            .steps = r->steps,
                                            .resolved = r->resolved,
                                            .growth = plan->growth,
                                            .peak = r->growth,
                                            .batch = growth,
                                            .batches = r->steps ? w->batches : 0,
                                            .tolerance = plan->tolerance};
    batch_growth(w, 0, lane, growth);
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
    const double time = (double)r->steps / per_step(w, lane); /* the products below are in nats */
    const double least = fmax(1e-3, 1e-6 * fabs(exponent(w, 0, lane)) * time);
    return half_width(w, 0, lane) * time > least ? (uint32_t)w->batches : 0;
}

static void finish(struct lyap_spectrum_worker *w, size_t lane, enum lyap_stop stop,
                   const struct lyap_spectrum_out *out) {
    const struct lyap_spectrum_run *run = w->run;
    const struct lyap_block *block = &w->worker.block;
    struct lyap_spectrum_record *r = &out->records[lane];
    struct lyap_exponent *lambda = out->lambda + lane * run->vectors;
    w->finished |= 1u << lane;
    r->steps = measured_steps(w, lane);
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
        double value = k < r->resolved ? exponent(w, k, lane) : 0;
        double half = k < r->resolved && r->batches ? half_width(w, k, lane) : 0;
        lambda[k] = (struct lyap_exponent){value, value - half, value + half};
        if (k < r->resolved) r->sum += value;
        w->exponents[k] = value;
    }
    r->dimension = r->resolved ? lyap_kaplan_yorke(w->exponents, r->resolved, run->dimension) : -1;
}

/* Evaluates the parents of the lanes that end now. */
static void evaluate(struct lyap_spectrum_worker *w, uint32_t ending, const struct lyap_spectrum_out *out) {
    struct lyap_evaluation all[LYAP_BLOCK];
    if (!out->evaluation || !ending) return;
    lyap_worker_evaluate(&w->worker, all);
    for (size_t lane = 0; lane < w->worker.count; lane++)
        if (ending >> lane & 1) out->evaluation[lane] = all[lane];
}

static void write_point(struct lyap_spectrum_worker *w, uint32_t epoch, const struct lyap_spectrum_out *out) {
    size_t points = w->run->points, vectors = w->run->vectors;
    for (size_t lane = 0; lane < w->worker.count; lane++) {
        if ((w->finished | w->worker.block.frozen) >> lane & 1) continue;
        size_t at = lane * points + out->used[lane]++;
        out->history[at] =
            (struct lyap_history){epoch, w->run->known ? 0 : w->loss[lane], w->largest[lane], w->smallest[lane]};
        for (size_t k = 0; k < vectors; k++) out->running[at * vectors + k] = exponent(w, k, lane);
    }
}

/* The curvature of `lanes`. The others keep theirs: when a cell is looked at must not depend on those beside it. */
static void look_at_curvature(struct lyap_spectrum_worker *w, uint32_t lanes) {
    double largest[LYAP_BLOCK], smallest[LYAP_BLOCK];
    if (!w->run->plan->curvature) return;
    lyap_curvature(&w->lanczos, &w->worker.block, &w->tangents, largest, smallest);
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
        if (!(lanes >> lane & 1)) continue;
        w->largest[lane] = largest[lane];
        w->smallest[lane] = smallest[lane];
    }
}

/* The end of a measured window: batches, history, and the cells that are done. */
static void end_window(struct lyap_spectrum_worker *w, uint32_t index, uint32_t epoch, bool whole,
                       const struct lyap_spectrum_out *out) {
    const struct lyap_spectrum_run *run = w->run;
    bool last = index + 1 == run->windows;
    /* Point j of m lies at the end of window ceil((j + 1) windows / m) - 1. */
    bool point = run->points &&
                 (uint64_t)(index + 1) * run->points / run->windows > (uint64_t)index * run->points / run->windows;
    const uint32_t before = w->finished;
    for (size_t lane = 0; lane < w->worker.count; lane++) /* before the batches know of the window */
        if ((w->worker.block.frozen & ~w->finished) >> lane & 1) finish(w, lane, LYAP_STOP_EVENT, out);
    book_window(w, whole);
    lyap_regime_log_window(&w->log, epoch, run->base.precision);
    uint32_t narrow = 0;
    for (size_t lane = 0; lane < w->worker.count; lane++)
        if (lyap_regime_log_ready(&w->log, index) && w->batches >= LYAP_MOST_BATCHES / 2 && w->filled == 0 &&
            !(w->finished >> lane & 1) && 2 * half_width(w, 0, lane) <= run->plan->until_ci)
            narrow |= 1u << lane;
    if (point || last || narrow) look_at_curvature(w, point || last ? ALL_LANES : narrow);
    if (point) write_point(w, epoch, out);
    for (size_t lane = 0; lane < w->worker.count; lane++) {
        if (w->finished >> lane & 1) continue;
        if (narrow >> lane & 1)
            finish(w, lane, LYAP_STOP_CI, out);
        else if (last)
            finish(w, lane, LYAP_STOP_STEPS, out);
    }
    evaluate(w, w->finished & ~before, out);
}

static void note_peak(struct lyap_spectrum_worker *w) {
    for (size_t lane = 0; lane < w->worker.count; lane++) {
        double now = total(w, 0, lane);
        if (!(w->finished >> lane & 1) && now > w->peak[lane]) w->peak[lane] = now;
    }
}

enum lyap_status lyap_spectrum_block(struct lyap_spectrum_worker *w, uint64_t first, size_t count,
                                     const struct lyap_spectrum_out *out, lyap_poll poll, void *context) {
    const struct lyap_spectrum_run *run = w->run;
    enum lyap_status status = start(w, first, count, poll, context);
    if (status) return status;
    const uint32_t all = count == LYAP_BLOCK ? 0xFFFFu : (1u << count) - 1;
    if (!run->last_alone) look_at_curvature(w, ALL_LANES);
    for (size_t lane = 0; lane < count; lane++) {
        out->records[lane].sharpness_first = w->largest[lane];
        out->records[lane].smallest_first = w->smallest[lane];
    }
    for (uint32_t t = 0; t < run->transient;) {
        uint32_t left = run->transient - t, steps = left < run->window ? left : run->window;
        if (!advance(w, t, steps, poll, context)) return LYAP_ERROR_INTERRUPTED;
        t += steps;
        note_peak(w);
        lyap_regime_log_look(&w->log, t, run->base.precision);
    }
    if (run->orbit && !lyap_orbit_record(w, out->orbit, poll, context)) return LYAP_ERROR_INTERRUPTED;
    for (size_t i = 0; i < run->vectors * LYAP_BLOCK; i++)
        w->begun[i] = w->before[i] = total(w, i / LYAP_BLOCK, i % LYAP_BLOCK);
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) w->tangents.resolved[lane] = (uint32_t)run->vectors;
    uint32_t t = run->transient;
    for (uint32_t i = 0; i < run->windows && w->finished != all; i++) {
        uint32_t left = run->epochs - t, steps = left < run->window ? left : run->window;
        if (!advance(w, t, steps, poll, context)) return LYAP_ERROR_INTERRUPTED;
        t += steps;
        note_peak(w);
        end_window(w, i, t, steps == run->window, out);
    }
    return LYAP_OK;
}
