/* Exponents in tangent space, and the verdict on each training: is it chaotic? */
#include <lyapgrad/lyapgrad.h>
#include <stdio.h>

static enum lyap_status show(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    (void)context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const struct lyap_exponent *lambda = chunk->lambda + i * chunk->exponents;
        printf("start %llu: %-10s", (unsigned long long)r->start, lyap_regime_name(r->regime));
        for (size_t k = 0; k < r->resolved; k++) printf(" %9.5f", lambda[k].lambda);
        printf("  nats per step\n");
    }
    return LYAP_OK;
}

int main(void) {
    struct lyap_network network;
    struct lyap_dataset data;
    struct lyap_spectrum_plan plan;
    struct lyap_error error;
    enum lyap_status status = lyap_dataset_xor(&data, &error);
    if (!status) status = lyap_network_init(&network, "2-2-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, &error);
    if (!status) {
        lyap_spectrum_defaults(&plan, &network, &data);
        plan.exponents = 3;
        plan.transient = 1000;
        plan.base.starts = 8;
        plan.base.init = LYAP_INIT_NORMAL;
        plan.base.init_b = 2;
        plan.base.window = false;
        plan.base.setting.lr = 5;
        plan.base.setting.epochs = 6000;
        status = lyap_spectrum_run(&plan, show, NULL, &error);
    }
    if (status) fprintf(stderr, "%s\n", error.message);
    lyap_dataset_free(&data);
    return status != LYAP_OK;
}
