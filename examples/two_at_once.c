/* Two runs at the same time, in threads of the caller: the library keeps nothing between calls, and what a run reports does not depend on what
 * runs beside it. */
#include <lyapgrad/lyapgrad.h>
#include <pthread.h>
#include <stdio.h>

struct job {
    double lr, sum;
    enum lyap_status status;
    struct lyap_error error;
};

static enum lyap_status add(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct job *job = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) job->sum += chunk->records[i].lambda_kw;
    return LYAP_OK;
}

static void *run(void *argument) {
    struct job *job = argument;
    struct lyap_network network;
    struct lyap_dataset data;
    struct lyap_plan plan;
    job->status = lyap_dataset_xor(&data, &job->error);
    if (!job->status) job->status = lyap_network_init(&network, "2-2-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, &job->error);
    if (!job->status) {
        lyap_plan_defaults(&plan, &network, &data);
        plan.starts = 100;
        plan.threads = 1;
        plan.setting.lr = job->lr;
        job->status = lyap_ensemble_run(&plan, add, job, &job->error);
    }
    lyap_dataset_free(&data);
    return NULL;
}

int main(void) {
    struct job jobs[2] = {{.lr = 0.01}, {.lr = 1}};
    pthread_t other;
    int failed = pthread_create(&other, NULL, run, &jobs[1]);
    run(&jobs[0]);
    if (failed) run(&jobs[1]);
    if (!failed) pthread_join(other, NULL);
    for (int i = 0; i < 2; i++) {
        if (jobs[i].status) return fprintf(stderr, "%s\n", jobs[i].error.message), 1;
        printf("learning rate %-4g: mean exponent %g nats over 100 starts\n", jobs[i].lr, jobs[i].sum / 100);
    }
    return 0;
}
