#include "cli/options/defaults.h"

#include <stdio.h>
#include <string.h>

enum { HIDDEN = 8 };

/* True when every target is 0 or 1; *one_hot when each sample has exactly one of several at 1. */
static bool binary_targets(const struct lyap_dataset *data, bool *one_hot) {
    *one_hot = data->outputs > 1;
    for (size_t i = 0; i < data->samples; i++) {
        size_t ones = 0;
        for (size_t o = 0; o < data->outputs; o++) {
            double y = data->y[i * data->outputs + o];
            if (y != 0 && y != 1) return *one_hot = false;
            ones += y == 1;
        }
        *one_hot = *one_hot && ones == 1;
    }
    return true;
}

void cli_defaults_loss(struct cli_values *values, const struct lyap_dataset *data) {
    bool one_hot;
    const bool binary = binary_targets(data, &one_hot);
    const char *loss = cli_text(values, "loss"), *output = cli_text(values, "output-activation");
    if (!loss) {
        const bool fits = !output || strcmp(output, one_hot ? "linear" : "sigmoid") == 0;
        loss = fits && one_hot ? "softmax" : fits && binary ? "bce" : "mse";
        cli_set_text(values, "loss", loss);
    }
    if (!output) cli_set_text(values, "output-activation", strcmp(loss, "bce") == 0 ? "sigmoid" : "linear");
}

/* The data of the paper, for which the standards of the options are made. */
static bool is_papers(const struct cli_data *data) {
    return strcmp(data->text, "xor") == 0 || strncmp(data->text, "parity:", 7) == 0;
}

/* A network of inputs and outputs alone, whose one activation is that of the output. */
static bool without_hidden(const char *shape) {
    const char *dash = shape ? strchr(shape, '-') : NULL;
    return dash && !strchr(dash + 1, '-');
}

void cli_defaults_set(struct cli_defaults *defaults, struct cli_values *values, const struct cli_data *data) {
    static const char *const names[] = {"net", "activation", "output-activation", "loss", "init", "loss-window"};
    enum { NAMES = sizeof names / sizeof *names };
    const bool drawn = !cli_text(values, "weights");
    bool absent[NAMES];
    size_t used = 0;
    defaults->said[0] = '\0';
    if (is_papers(data)) {
        snprintf(defaults->net, sizeof defaults->net, "%zu-2-%zu", data->train.inputs, data->train.outputs);
        if (!cli_text(values, "net") && (data->train.inputs != 2 || data->train.outputs != 1)) {
            cli_set_text(values, "net", defaults->net);
            snprintf(defaults->said, sizeof defaults->said, "--net %s", defaults->net);
        }
        return;
    }
    for (int i = 0; i < NAMES; i++) absent[i] = !cli_text(values, names[i]);
    snprintf(defaults->net, sizeof defaults->net, "%zu-%d-%zu", data->train.inputs, HIDDEN, data->train.outputs);
    if (absent[0]) cli_set_text(values, "net", defaults->net);
    if (absent[1]) cli_set_text(values, "activation", "tanh");
    if (!absent[1] && absent[2] && without_hidden(cli_text(values, "net")))
        cli_set_text(values, "output-activation", cli_text(values, "activation"));
    cli_defaults_loss(values, &data->train);
    if (absent[4] && drawn) cli_set_text(values, "init", "glorot-uniform");
    if (absent[5] && drawn) cli_set_text(values, "loss-window", "none");
    for (int i = 0; i < NAMES; i++) {
        const char *text = cli_text(values, names[i]);
        if (absent[i] && text && used < sizeof defaults->said)
            used += (size_t)snprintf(defaults->said + used, sizeof defaults->said - used, "%s--%s %s", used ? " " : "",
                                     names[i], text);
    }
}
