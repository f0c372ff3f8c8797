#include "engine/spectrum_run.h"

#include <string.h>

#include "engine/plan.h"
#include "engine/spectrum_plan.h"
#include "engine/step_inputs.h"

enum { NORM_BYTES = 16 * 1024, MOST_SLICE = 1024 };

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
    run->epochs = lyap_plan_setting(&run->base, 0)->epochs;
    run->transient = plan->transient;
    if (run->known)
        status = lyap_run_kernels(&run->run, &run->base, LYAP_BLOCK, error);
    else
        status = lyap_run_prepare_tangents(&run->run, &run->base, run->vectors, error);
    if (status) return status;
    uint32_t every = lyap_spectrum_qr_every(plan), measured = run->epochs - run->transient;
    /* Windows, batches and regime do not depend on the interval of re-orthonormalisation, as long as it divides 10. */
    const uint32_t unit = 10 % every == 0 && measured >= 10 * LYAP_VERDICT_BATCHES ? 10 : every;
    run->window = round_up((measured - 1) / LYAP_MOST_POINTS + 1, unit);
    run->windows = (measured - 1) / run->window + 1;
    size_t events = NORM_BYTES / (run->vectors * run->run.kernels->width * sizeof(double));
    if (events * every > MOST_SLICE) events = MOST_SLICE / every;
    if (!run->known) {
        size_t fit = lyap_step_inputs_slice(&run->base, MOST_SLICE) / every;
        if (events > fit) events = fit;
    }
    run->slice = (uint32_t)(events ? events : 1) * every;
    if (!run->known) { /* a tangent takes about two gradients */
        const double passes = 1 + 2 * (double)run->vectors;
        const uint32_t most = lyap_run_slice(&run->run, run->run.shape.samples, passes, run->slice);
        run->slice = most < every ? most : most / every * every;
    }
    run->points = plan->history < run->windows ? plan->history : run->windows;
    run->tails = lyap_tails_of(run->transient, run->epochs, run->window, every, plan->until_ci > 0);
    return LYAP_OK;
}

void lyap_spectrum_release(struct lyap_spectrum_run *run) {
    lyap_run_free(&run->run);
}
