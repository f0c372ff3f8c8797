#include "engine/growth.h"

#include "engine/method.h"

/* ln of the growth since step 0. */
double lyap_growth_total(const struct lyap_spectrum_worker *w, size_t k, size_t lane) {
    const struct lyap_method_steps *method = lyap_method_steps(w->run->plan->method);
    return w->growth.sum[k * w->run->run.kernels->width + lane] +
           method->pending(&w->tangents, lane, w->run->base.precision);
}

/* A flow's exponents are per unit of time, and its parameter is the step. */
double lyap_growth_per_step(const struct lyap_spectrum_worker *w, size_t lane) {
    double lr = w->worker.block.lr[lane];
    if (w->run->plan->system != LYAP_SYSTEM_LORENZ) return 1;
    return 1 / (w->run->base.precision == LYAP_FLOAT64 ? lr : (double)(float)lr);
}

uint32_t lyap_growth_steps(const struct lyap_spectrum_worker *w, size_t lane) {
    uint32_t steps = w->tangents.steps[lane];
    return steps > w->run->transient ? steps - w->run->transient : 0;
}

double lyap_growth_exponent(const struct lyap_spectrum_worker *w, size_t k, size_t lane) {
    uint32_t steps = lyap_growth_steps(w, lane);
    if (steps == 0) return 0;
    return (lyap_growth_total(w, k, lane) - w->begun[k * w->run->run.kernels->width + lane]) / (double)steps *
           lyap_growth_per_step(w, lane);
}

/* The growth of vector k in the finished batches, in nats. */
void lyap_growth_batches(const struct lyap_spectrum_worker *w, size_t k, size_t lane, double *growth) {
    const size_t width = w->run->run.kernels->width;
    for (size_t b = 0; b < w->batches; b++) growth[b] = w->batch[(b * w->run->vectors + k) * width + lane];
}

double lyap_growth_half_width(const struct lyap_spectrum_worker *w, size_t k, size_t lane) {
    double mean[LYAP_MOST_BATCHES], steps = (double)w->per_batch * (double)w->run->window;
    lyap_growth_batches(w, k, lane, mean);
    for (size_t b = 0; b < w->batches; b++) mean[b] = mean[b] / steps * lyap_growth_per_step(w, lane);
    return lyap_batch_half_width(mean, w->batches);
}

/* Records the growth of the window that just ended; pairs of batches become one when there would be too many. */
void lyap_growth_window(struct lyap_spectrum_worker *w, bool whole) {
    const size_t width = w->run->run.kernels->width, rows = w->run->vectors * width;
    double *batch = w->batch + w->batches * rows;
    for (size_t i = 0; i < rows; i++) {
        double now = lyap_growth_total(w, i / width, i % width);
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
