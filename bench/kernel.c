#include "kernel.h"

#include <stdlib.h>
#include <string.h>

const struct bench_kernel *const bench_kernels[] = {&bench_uniform,
                                                    &bench_normal,
                                                    &bench_activation,
                                                    &bench_forward,
                                                    &bench_backward,
                                                    &bench_gradient,
                                                    &bench_distance,
                                                    &bench_start,
                                                    &bench_step,
                                                    &bench_tangent,
                                                    &bench_spectrum,
                                                    &bench_trajectory,
                                                    &bench_paper,
                                                    &bench_matrix,
                                                    &bench_matrix_forward,
                                                    &bench_matrix_backward,
                                                    &bench_matrix_gradient,
                                                    &bench_large_step,
                                                    NULL};

size_t bench_real_size(const struct bench_case *the_case) {
    return the_case->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
}

double bench_real_at(const struct bench_work *work, const void *array, size_t index) {
    return work->the_case->precision == LYAP_FLOAT64 ? ((const double *)array)[index]
                                                     : (double)((const float *)array)[index];
}

enum lyap_status bench_work_open(struct bench_work *work, const struct bench_case *the_case, enum lyap_isa isa,
                                 struct lyap_error *error) {
    memset(work, 0, sizeof *work);
    work->the_case = the_case;
    lyap_plan_defaults(&work->plan, &the_case->net, the_case->data);
    work->plan.precision = the_case->precision;
    work->plan.isa = isa;
    work->plan.layout = LYAP_LAYOUT_BLOCK;
    work->plan.starts = LYAP_BLOCK;
    work->plan.neighbours = the_case->neighbours;
    work->plan.setting.epochs = the_case->epochs;
    if (lyap_network_parameters(&the_case->net) != 9) { /* the paper's starts are for the paper's network */
        work->plan.window = false;
        work->plan.init = LYAP_INIT_NORMAL;
        work->plan.init_a = 0;
        work->plan.init_b = 0.5;
    }
    enum lyap_status status = lyap_run_prepare(&work->run, &work->plan, error);
    if (status) return status;
    work->run.slice = the_case->epochs;
    status = lyap_worker_new(&work->worker, &work->run, error);
    if (!status) status = lyap_worker_start(&work->worker, 0, LYAP_BLOCK, NULL, NULL);
    if (status == LYAP_ERROR_WINDOW) return lyap_fail(error, status, "no start met the loss window");
    if (status) return status;
    work->weight_bytes =
        work->worker.block.trajectories * work->run.shape.parameters * LYAP_BLOCK * work->run.real_size;
    work->initial = lyap_aligned(work->weight_bytes, 1);
    if (!work->initial || (the_case->kernel->open && !the_case->kernel->open(work)))
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    memcpy(work->initial, work->worker.block.weights, work->weight_bytes);
    return LYAP_OK;
}

void bench_work_close(struct bench_work *work) {
    if (work->the_case && work->the_case->kernel->close) work->the_case->kernel->close(work);
    lyap_worker_free(&work->worker);
    free(work->initial);
    free(work->in);
    free(work->out);
    lyap_run_free(&work->run);
    memset(work, 0, sizeof *work);
}
