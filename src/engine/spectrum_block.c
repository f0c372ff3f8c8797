#include "engine/spectrum_block.h"

#include "base/real.h"
#include "engine/growth.h"
#include "engine/method.h"
#include "engine/spectrum_finish.h"
#include "engine/spectrum_start.h"

/* Records the first of a slice's losses that is at or below the target. */
static void note_target(struct lyap_spectrum_worker *w, uint32_t first, uint32_t count) {
    const double target = w->run->plan->target;
    const struct lyap_block *block = &w->worker.block;
    const size_t width = w->run->run.kernels->width;
    if (!(target > 0) || w->run->known) return;
    for (size_t lane = 0; lane < w->worker.count; lane++)
        for (uint32_t i = 0; i < count && w->reached[lane] < 0 && first + i < block->losses[lane]; i++)
            if (!(w->finished >> lane & 1) &&
                lyap_real_get(w->tangents.measure, (size_t)i * width + lane, w->run->base.precision) <= target)
                w->reached[lane] = (int64_t)first + i;
}

/* Steps first .. first+count-1 in slices; afterwards growth.sum is complete up to there. */
static bool advance(struct lyap_spectrum_worker *w, uint32_t first, uint32_t count, lyap_poll poll, void *context) {
    const struct lyap_spectrum_run *run = w->run;
    struct lyap_block *block = &w->worker.block;
    struct lyap_tangents *t = &w->tangents;
    const size_t width = run->run.kernels->width;
    const bool wide = run->base.precision == LYAP_FLOAT64;
    const struct lyap_method_steps *method = lyap_method_steps(run->plan->method);
    t->since = 0;
    for (uint32_t done = 0; done < count;) {
        const uint32_t most = count - done < run->slice ? count - done : run->slice;
        const uint32_t now = lyap_regime_log_before(&w->log, block, t, first + done, most);
        const uint32_t since = t->since + now, over = since % t->qr_every;
        t->look = done + now == count;
        /* A tail, which begins with an interval, and the end of the stretch are no ends within one. */
        t->unfinished = over > 0 && now == most && !t->look;
        const size_t events = since / t->qr_every + (over > 0 && !t->unfinished);
        if (!run->known) lyap_step_inputs_set(&w->inputs, block, first + done, now);
        method->step(run->run.kernels, block, t, first + done, now);
        for (size_t i = 0; !wide && i < events * run->vectors * width; i++)
            w->norms64[i] = (double)((const float *)t->norms)[i];
        run->run.log_kernels->log_norms(wide ? t->norms : w->norms64, events, run->vectors, t->look, &w->growth);
        for (size_t lane = 0; lane < width; lane++)
            if (block->losses[lane] > first + done && !(w->finished >> lane & 1))
                w->loss[lane] = lyap_real_get(
                    t->measure, (size_t)(block->losses[lane] - 1 - first - done) * width + lane, run->base.precision);
        note_target(w, first + done, now);
        if (!run->known) lyap_regime_log_losses(&w->log, t->measure, first + done, now, run->base.precision);
        if (first + done == 0 && !w->run->known)
            for (size_t lane = 0; lane < width; lane++)
                w->initial[lane] = block->losses[lane] ? lyap_real_get(t->measure, lane, run->base.precision) : 0;
        t->since = t->unfinished ? over : 0;
        done += now;
        w->worker.reached = first + done;
        if (poll && !poll(context)) return false;
    }
    t->unfinished = false;
    return true;
}

static void write_point(struct lyap_spectrum_worker *w, uint32_t epoch, const struct lyap_spectrum_out *out) {
    size_t points = w->run->points, vectors = w->run->vectors;
    for (size_t lane = 0; lane < w->worker.count; lane++) {
        if ((w->finished | w->worker.block.frozen) >> lane & 1) continue;
        size_t at = lane * points + out->used[lane]++;
        out->history[at] =
            (struct lyap_history){epoch, w->run->known ? 0 : w->loss[lane], w->largest[lane], w->smallest[lane]};
        for (size_t k = 0; k < vectors; k++) out->running[at * vectors + k] = lyap_growth_exponent(w, k, lane);
    }
}

static uint32_t all_lanes(const struct lyap_spectrum_worker *w) {
    return (1u << w->run->run.kernels->width) - 1;
}

/* The curvature of `lanes`. The others keep theirs: when a cell is looked at must not depend on those beside it. */
static bool look_at_curvature(struct lyap_spectrum_worker *w, uint32_t lanes, lyap_poll poll, void *context) {
    double largest[LYAP_BLOCK], smallest[LYAP_BLOCK];
    if (!w->run->plan->curvature) return true;
    if (!lyap_curvature(&w->lanczos, &w->worker.block, &w->tangents, largest, smallest, poll, context)) return false;
    for (size_t lane = 0; lane < w->run->run.kernels->width; lane++) {
        if (!(lanes >> lane & 1)) continue;
        w->largest[lane] = largest[lane];
        w->smallest[lane] = smallest[lane];
    }
    return true;
}

/* The end of a measured window: batches, history, and the cells that are done. */
static bool end_window(struct lyap_spectrum_worker *w, uint32_t index, uint32_t epoch, bool whole,
                       const struct lyap_spectrum_out *out, lyap_poll poll, void *context) {
    const struct lyap_spectrum_run *run = w->run;
    bool last = index + 1 == run->windows;
    /* Point j of m lies at the end of window ceil((j + 1) windows / m) - 1. */
    bool point = run->points &&
                 (uint64_t)(index + 1) * run->points / run->windows > (uint64_t)index * run->points / run->windows;
    const uint32_t before = w->finished;
    for (size_t lane = 0; lane < w->worker.count; lane++) /* before the batches know of the window */
        if ((w->worker.block.frozen & ~w->finished) >> lane & 1) lyap_spectrum_finish(w, lane, LYAP_STOP_EVENT, out);
    lyap_growth_window(w, whole);
    lyap_regime_log_window(&w->log, epoch, run->base.precision);
    uint32_t narrow = 0;
    for (size_t lane = 0; lane < w->worker.count; lane++)
        if (lyap_regime_log_ready(&w->log, index) && w->batches >= LYAP_MOST_BATCHES / 2 && w->filled == 0 &&
            !(w->finished >> lane & 1) && 2 * lyap_growth_half_width(w, 0, lane) <= run->plan->until_ci)
            narrow |= 1u << lane;
    if (point || last || narrow)
        if (!look_at_curvature(w, point || last ? all_lanes(w) : narrow, poll, context)) return false;
    if (point) write_point(w, epoch, out);
    for (size_t lane = 0; lane < w->worker.count; lane++) {
        if (w->finished >> lane & 1) continue;
        if (narrow >> lane & 1)
            lyap_spectrum_finish(w, lane, LYAP_STOP_CI, out);
        else if (last)
            lyap_spectrum_finish(w, lane, LYAP_STOP_STEPS, out);
    }
    lyap_spectrum_evaluate(w, w->finished & ~before, out);
    return true;
}

static void note_peak(struct lyap_spectrum_worker *w) {
    for (size_t lane = 0; lane < w->worker.count; lane++) {
        double now = lyap_growth_total(w, 0, lane);
        if (!(w->finished >> lane & 1) && now > w->peak[lane]) w->peak[lane] = now;
    }
}

enum lyap_status lyap_spectrum_block(struct lyap_spectrum_worker *w, uint64_t first, size_t count,
                                     const struct lyap_spectrum_out *out, lyap_poll poll, void *context) {
    const struct lyap_spectrum_run *run = w->run;
    enum lyap_status status = lyap_spectrum_start(w, first, count, poll, context);
    if (status) return status;
    const size_t width = run->run.kernels->width;
    const uint32_t all = (1u << count) - 1;
    if (!run->last_alone && !look_at_curvature(w, all_lanes(w), poll, context)) return LYAP_ERROR_INTERRUPTED;
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
    const struct lyap_orbit_begin begin = {&w->worker.block, &w->tangents, count, run->transient};
    if (run->orbit && !lyap_orbit_record(&w->walk, &begin, out->orbit, poll, context)) return LYAP_ERROR_INTERRUPTED;
    for (size_t i = 0; i < run->vectors * width; i++)
        w->begun[i] = w->before[i] = lyap_growth_total(w, i / width, i % width);
    for (size_t lane = 0; lane < width; lane++) w->tangents.resolved[lane] = (uint32_t)run->vectors;
    uint32_t t = run->transient;
    for (uint32_t i = 0; i < run->windows && w->finished != all; i++) {
        uint32_t left = run->epochs - t, steps = left < run->window ? left : run->window;
        if (!advance(w, t, steps, poll, context)) return LYAP_ERROR_INTERRUPTED;
        t += steps;
        note_peak(w);
        if (!end_window(w, i, t, steps == run->window, out, poll, context)) return LYAP_ERROR_INTERRUPTED;
    }
    return LYAP_OK;
}
