#include "results/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "lyapgrad/version.h"
#include "io/keys.h"
#include "io/output_file.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/dataset.h"

/* Single quotes around whatever is not plainly harmless to a shell; a line break becomes a question mark, so that the
 * manifest stays one line a key. */
static void put_quoted(FILE *file, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+./,:@%";
    if (*word && word[strspn(word, plain)] == '\0') {
        fputs(word, file);
        return;
    }
    putc('\'', file);
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", file);
        else
            putc((unsigned char)*word < 0x20 || *word == 0x7f ? '?' : *word, file);
    }
    putc('\'', file);
}

void lyap_manifest_words(FILE *file, const char *key, const char *words) {
    fprintf(file, "%s = ", key);
    for (; *words; words++) putc((unsigned char)*words < 0x20 || *words == 0x7f ? '?' : *words, file);
    putc('\n', file);
}

void lyap_manifest_head(FILE *file, int argc, char *const *argv) {
    fprintf(file, "version = %s\ncompiler = %s\nsleef = %s\ncommand =", lyap_version(), lyap_compiler(),
            lyap_sleef_version());
    for (int i = 0; i < argc; i++) {
        putc(' ', file);
        put_quoted(file, argv[i]);
    }
    putc('\n', file);
}

static void put_network(FILE *file, const struct lyap_network *net) {
    char shape[12 * (LYAP_MAX_LAYERS + 1)];
    lyap_key_word(file, "net", lyap_network_shape(net, shape, sizeof shape));
    lyap_key_count(file, "parameters", lyap_network_parameters(net));
    bool alike = true;
    for (int l = 1; l < net->layers - 1; l++) alike = alike && net->activation[l] == net->activation[0];
    for (int l = 0; l < (alike && net->layers > 1 ? 1 : net->layers - 1); l++)
        fprintf(file, "%s%s", l ? "," : "activation = ", lyap_activation_name(net->activation[l]));
    if (net->layers > 1) putc('\n', file);
    lyap_key_word(file, "output-activation", lyap_activation_name(net->activation[net->layers - 1]));
    lyap_key_word(file, "loss", lyap_loss_name(net->loss));
}

static void put_starts(FILE *file, const struct lyap_plan *plan, const char *weights) {
    char a[32], b[32];
    if (plan->starts) lyap_key_count(file, "starts", plan->starts);
    if (plan->weights) {
        lyap_manifest_words(file, "weights", weights);
        return;
    }
    fprintf(file, "init = %s", lyap_init_name(plan->init));
    if (!lyap_init_is_scaled(plan->init))
        fprintf(file, ":%s,%s", lyap_format_real(plan->init_a, a), lyap_format_real(plan->init_b, b));
    putc('\n', file);
    if (plan->bias == LYAP_BIAS_ZERO) fputs("init-bias = zero\n", file);
    if (plan->bias > LYAP_BIAS_ZERO)
        fprintf(file, "init-bias = %s:%s,%s\n", plan->bias == LYAP_BIAS_UNIFORM ? "uniform" : "normal",
                lyap_format_real(plan->bias_a, a), lyap_format_real(plan->bias_b, b));
    if (plan->window)
        fprintf(file, "loss-window = %s,%s\n", lyap_format_real(plan->window_low, a),
                lyap_format_real(plan->window_high, b));
    else
        fputs("loss-window = none\n", file);
    lyap_key_count(file, "max-draws", plan->max_draws);
}

void lyap_manifest_plan(FILE *file, const struct lyap_plan *plan, const char *data, const char *weights) {
    put_network(file, plan->network);
    lyap_manifest_words(file, "data", data);
    lyap_key_count(file, "samples", plan->data->samples);
    if (!plan->settings) {
        lyap_key_real(file, "lr", plan->setting.lr);
        lyap_key_real(file, "perturbation", plan->setting.perturbation);
        lyap_key_count(file, "epochs", plan->setting.epochs);
    }
    if (plan->neighbours) lyap_key_count(file, "neighbours", plan->neighbours);
    put_starts(file, plan, weights);
    lyap_key_word(file, "precision", lyap_precision_name(plan->precision));
    lyap_key_real(file, "escape", plan->escape);
    lyap_key_count(file, "seed", plan->seed);
    lyap_key_word(file, "isa", lyap_isa_name(plan->isa));
    lyap_key_count(file, "threads", (uint64_t)(plan->threads ? plan->threads : lyap_max_threads()));
}
