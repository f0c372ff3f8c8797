/* Data and a starting point of the program's own: the largest exponent of one training from weights that the caller has. */
#include <lyapgrad/lyapgrad.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES = 50 };

static enum lyap_status show(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    (void)context;
    (void)error;
    printf("largest exponent %g nats per step, %s\n", chunk->lambda[0].lambda,
           lyap_regime_name(chunk->records[0].regime));
    return LYAP_OK;
}

int main(void) {
    double x[SAMPLES], y[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
        x[i] = (double)i / SAMPLES - 0.5;
        y[i] = sin(6 * x[i]);
    }
    /* A data set points to the caller's arrays: inputs and targets, a row per sample. */
    const struct lyap_dataset data = {.x = x, .y = y, .samples = SAMPLES, .inputs = 1, .outputs = 1};
    struct lyap_network network;
    struct lyap_spectrum_plan plan;
    struct lyap_error error;
    enum lyap_status status = lyap_network_init(&network, "1-6-1", LYAP_TANH, LYAP_LINEAR, LYAP_MSE, &error);
    if (status) return fprintf(stderr, "%s\n", error.message), 1;
    double *weights =
        calloc(lyap_network_parameters(&network), sizeof *weights); /* layer by layer: weights, then biases */
    if (!weights) return 1;
    for (size_t i = 0; i < lyap_network_parameters(&network); i++) weights[i] = sin(1 + 2.0 * (double)i);
    lyap_spectrum_defaults(&plan, &network, &data);
    plan.exponents = 1;
    plan.base.weights = weights;
    plan.base.setting.lr = 0.2;
    plan.base.setting.epochs = 5000;
    status = lyap_spectrum_run(&plan, show, NULL, &error);
    if (status) fprintf(stderr, "%s\n", error.message);
    free(weights);
    return status != LYAP_OK;
}
