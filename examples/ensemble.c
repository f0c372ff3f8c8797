/* The paper's experiment: many starting points, their neighbours, and the exponent of each from the growth of the distance. */
#include <lyapgrad/lyapgrad.h>
#include <stdio.h>

static enum lyap_status show(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    (void)context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        printf("start %2llu: exponent %9.6f nats, loss %.4f to %.4f, %s\n", (unsigned long long)r->start, r->lambda_kw,
               r->initial_loss, r->final_loss, lyap_outcome_name(r->outcome));
    }
    return LYAP_OK;
}

int main(void) {
    struct lyap_network network;
    struct lyap_dataset data;
    struct lyap_plan plan;
    struct lyap_error error;
    enum lyap_status status = lyap_dataset_xor(&data, &error);
    if (!status) status = lyap_network_init(&network, "2-2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, &error);
    if (!status) {
        lyap_plan_defaults(&plan, &network, &data); /* 24 neighbours at N(0, 1e-4), 100 steps */
        plan.starts = 10;
        plan.setting.lr = 1.2;
        status = lyap_ensemble_run(&plan, show, NULL, &error);
    }
    if (status) fprintf(stderr, "%s\n", error.message);
    lyap_dataset_free(&data);
    return status != LYAP_OK;
}
