#include "cli/options/network.h"
#include "lyapgrad/status.h"

#include <string.h>

/* The options as given or by default; the numbers of their words. */
struct choice {
    const char *shape, *hidden;
    int output, loss;
};

/* Names joined by commas. How many there may be depends on the network. */
static bool read_activations(const struct cli_option *option, const char *text, void *group) {
    struct choice *choice = group;
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",");
        if (cli_word_number(option->words, at, length) < 0)
            return cli_words_complain(option->words, option->name, at, length), false;
        at += length;
        if (!*at) break;
    }
    choice->hidden = text;
    return true;
}

static const struct cli_option options[] = {
    {.name = "net",
     .value = "SIZES",
     .type = CLI_FORM,
     .help = "units from input to output, joined by '-'; '2-1' has no hidden layer",
     .standard = "2-2-1",
     .absent = "the data's inputs and targets with 2 units between for parity, with 8 for other data",
     .into = CLI_INTO(struct choice, shape)},
    {.name = "activation",
     .value = "NAME[,NAME...]",
     .type = CLI_FORM,
     .help = "activation of the hidden layers, one for all or one each",
     .words = &cli_activations,
     .list = ',',
     .standard = "sigmoid",
     .absent = "for data other than xor and parity tanh",
     .read = read_activations},
    {.name = "output-activation",
     .value = "NAME",
     .type = CLI_WORD,
     .help = "activation of the output layer",
     .words = &cli_activations,
     .absent =
         "for xor and parity, and without hidden layer, the last of --activation; else, and with softmax, linear, with "
         "bce sigmoid",
     .into = CLI_INTO(struct choice, output)},
    {.name = "loss",
     .value = "NAME",
     .type = CLI_WORD,
     .help = "loss function; bce needs a sigmoid output, softmax a linear one and one target per class",
     .words = &cli_losses,
     .standard = "mse",
     .absent = "for data other than xor and parity by the targets: one 1 in several: softmax; 0 and 1: bce; else mse",
     .into = CLI_INTO(struct choice, loss)},
    {.name = NULL},
};
const struct cli_group cli_network_options = {"Networks", options};

bool cli_network_read(struct lyap_network *net, const struct cli_values *values) {
    struct choice choice = {.output = -1};
    struct lyap_error error;
    if (!cli_read(values, &cli_network_options, &choice)) return false;
    if (lyap_network_init(net, choice.shape, LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, &error)) /* the sizes alone */
        return cli_complain("--net: %s", error.message), false;
    const char *hidden = choice.hidden, *last = strrchr(hidden, ',');
    last = last ? last + 1 : hidden;
    if (choice.output < 0)
        choice.output =
            choice.loss == LYAP_SOFTMAX ? LYAP_LINEAR : cli_word_number(&cli_activations, last, strlen(last));
    if (lyap_network_init(net, choice.shape, LYAP_SIGMOID, (enum lyap_activation)choice.output,
                          (enum lyap_loss)choice.loss, &error))
        return cli_fail(&error), false;
    if (cli_text(values, "activation") && lyap_network_activations(net, hidden, &error))
        return cli_complain("--activation: %s", error.message), false;
    return true;
}
