/* The options of an experiment, read into a plan. */
#include "cli/experiment.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_NAME(constant, name) name
#define NEXT_NAME(constant, name) ", " name
const struct cli_option cli_experiment_options[] = {
    {"net", "SIZES", "units from input to output (2-2-1); '2-1' has no hidden layer"},
    {"activation", "NAME[,NAME...]",
     "of the hidden layers, one for all or one each: " LYAP_ACTIVATION_LIST(FIRST_NAME, NEXT_NAME) " (sigmoid)"},
    {"output-activation", "NAME", "of the output layer (the last of --activation; linear with softmax)"},
    {"loss", "NAME",
     "mse, bce, softmax (mse); bce needs a sigmoid output, softmax a linear one and one target a class"},
    {"lr", "RATE", "learning rate (0.001)"},
    {"epochs", "N", "gradient-descent steps (100; tangent, rescaled: 10000)"},
    {"starts", "N", "starting points (1, or all rows of --weights)"},
    {"neighbours", "N", "perturbed neighbours of each start (24)"},
    {"perturbation", "SIGMA", "standard deviation of every weight of a neighbour (1e-4; rescaled: distance 1e-8)"},
    {"init", "LAW",
     "of the initial weights: uniform:A,B, normal:M,S, or scaled by layer {glorot,he,lecun}-{uniform,normal} "
     "(uniform:0,1)"},
    {"init-bias", "LAW", "of the biases: zero, uniform:A,B, normal:M,S (as the weights; zero with the scaled laws)"},
    {"loss-window", "LOW,HIGH|none", "redraw until the initial loss lies there (0.2,0.4; none with the scaled laws)"},
    {"max-draws", "N", "draws for a start before giving up on the window (1000000)"},
    {"weights", "FILE", "starting points from a file (CSV, .npy), one a row, instead of drawing them"},
    {"save-initial", "FILE", "write the initial weights of parents and neighbours; .npy by that ending, else CSV"},
    {"save-weights", "FILE", "write the parents' last weights, one start a row; .npy by that ending, else CSV"},
    {"evaluate", NULL,
     "loss and accuracy over all training data after the last step (always with held-out data or --batch)"},
    {"precision", "float32|float64", "(float32; tangent, rescaled: float64)"},
    {"escape", "DISTANCE", "a cell ends where its mean distance exceeds this; tangent, rescaled: its loss (1e9)"},
    {"seed", "N", "of starting points and perturbations (1)"},
    {"threads", "N", "(all); the results do not depend on it"},
    {"out", "DIR", "where the tables go, in place of an earlier run's of this command (out/ and the command's name)"},
    {"series", NULL, "also write series.csv: distance and loss of every epoch"},
    {"summary", NULL, "no table of cells: memory and disk stay small for any number of starts"},
    {"quiet", NULL, "print nothing but errors"},
    {NULL, NULL, NULL},
};

bool cli_experiment_network(struct lyap_network *net, const struct cli_values *values) {
    const char *shape = cli_text(values, "net"), *hidden = cli_text(values, "activation"),
               *output = cli_text(values, "output-activation"), *loss = cli_text(values, "loss");
    enum lyap_activation output_kind = LYAP_SIGMOID;
    enum lyap_loss loss_kind = LYAP_MSE;
    struct lyap_error error;
    if (loss && lyap_loss_parse(loss, &loss_kind, &error)) return cli_complain("--loss: %s", error.message), false;
    const char *last = hidden ? strrchr(hidden, ',') : NULL;
    last = last ? last + 1 : hidden;
    if (last && lyap_activation_parse(last, &output_kind, &error))
        return cli_complain("--activation: %s", error.message), false;
    if (loss_kind == LYAP_SOFTMAX) output_kind = LYAP_LINEAR;
    if (output && lyap_activation_parse(output, &output_kind, &error))
        return cli_complain("--output-activation: %s", error.message), false;
    if (lyap_network_init(net, shape ? shape : "2-2-1", LYAP_SIGMOID, output_kind, loss_kind, &error))
        return cli_fail(&error), false;
    if (hidden && lyap_network_activations(net, hidden, &error))
        return cli_complain("--activation: %s", error.message), false;
    return true;
}

static bool read_data(struct cli_experiment *e, const struct cli_values *values, uint64_t seed, int *status) {
    if (!cli_data_read(&e->source, values, seed, status)) return false;
    e->data = e->source.train;
    e->test = e->source.test;
    e->data_text = e->source.text;
    return true;
}

/* "uniform:A,B" or "normal:M,S". False, without a message, for another word. */
static bool is_drawn(const char *text, bool *normal) {
    *normal = strncmp(text, "normal:", 7) == 0;
    return *normal || strncmp(text, "uniform:", 8) == 0;
}

static bool read_init(struct lyap_plan *plan, const char *text) {
    static const char form[] = "uniform:LOW,HIGH, normal:MEAN,SD or {glorot,he,lecun}-{uniform,normal}";
    bool normal;
    if (!text) return true;
    if (is_drawn(text, &normal)) {
        plan->init = normal ? LYAP_INIT_NORMAL : LYAP_INIT_UNIFORM;
        return cli_pair("init", text, strchr(text, ':') + 1, form, &plan->init_a, &plan->init_b);
    }
    for (int kind = LYAP_INIT_NORMAL + 1; kind < LYAP_INIT_COUNT; kind++)
        if (strcmp(text, lyap_init_name((enum lyap_init_kind)kind)) == 0) {
            plan->init = (enum lyap_init_kind)kind;
            plan->window = false;
            return true;
        }
    cli_complain("--init: '%.60s' is malformed; expected %s", text, form);
    return false;
}

static bool read_bias(struct lyap_plan *plan, const char *text) {
    static const char form[] = "zero, uniform:LOW,HIGH or normal:MEAN,SD";
    bool normal;
    if (!text) return true;
    if (is_drawn(text, &normal)) {
        plan->bias = normal ? LYAP_BIAS_NORMAL : LYAP_BIAS_UNIFORM;
        return cli_pair("init-bias", text, strchr(text, ':') + 1, form, &plan->bias_a, &plan->bias_b);
    }
    plan->bias = LYAP_BIAS_ZERO;
    if (strcmp(text, "zero") == 0) return true;
    cli_complain("--init-bias: '%.60s' is malformed; expected %s", text, form);
    return false;
}

static bool read_window(struct lyap_plan *plan, const char *text) {
    if (!text) return true;
    plan->window = strcmp(text, "none") != 0;
    return !plan->window ||
           cli_pair("loss-window", text, text, "LOW,HIGH or none", &plan->window_low, &plan->window_high);
}

/* Starting points from a file; then the options about drawing them have no meaning. */
static bool read_weights(struct cli_experiment *e, const struct cli_values *values, int *status) {
    static const char *const drawing[] = {"init", "init-bias", "loss-window", "max-draws"};
    uint64_t rows;
    struct lyap_error error;
    if (!cli_path(values, "weights", &e->weights_path)) return false;
    if (!e->weights_path) return true;
    for (size_t i = 0; i < sizeof drawing / sizeof *drawing; i++)
        if (cli_text(values, drawing[i])) {
            cli_complain("--%s: starting points come from --weights and are not drawn; leave one of the two out",
                         drawing[i]);
            return false;
        }
    if (lyap_read_weights(e->weights_path, &e->net, &e->weights, &rows, &error)) {
        *status = cli_fail(&error);
        return false;
    }
    if (!cli_text(values, "starts")) e->plan.starts = rows;
    if (e->plan.starts > rows) {
        cli_complain("--starts: %llu, but %.200s has %llu", (unsigned long long)e->plan.starts, e->weights_path,
                     (unsigned long long)rows);
        return false;
    }
    e->plan.weights = e->weights;
    return true;
}

bool cli_experiment_plan(struct lyap_plan *plan, const struct cli_values *values) {
    uint64_t epochs = plan->setting.epochs, neighbours = plan->neighbours, draws = plan->max_draws;
    bool ok = cli_real(values, "lr", &plan->setting.lr) &&
              cli_real(values, "perturbation", &plan->setting.perturbation) &&
              cli_count(values, "epochs", 1, INT32_MAX, &epochs) &&
              cli_count(values, "starts", 1, UINT64_C(1) << 48, &plan->starts) &&
              cli_count(values, "neighbours", 1, 1u << 24, &neighbours) && read_init(plan, cli_text(values, "init")) &&
              read_bias(plan, cli_text(values, "init-bias")) && read_window(plan, cli_text(values, "loss-window")) &&
              cli_count(values, "max-draws", 1, UINT32_MAX, &draws) && cli_precision(values, &plan->precision) &&
              cli_real(values, "escape", &plan->escape) && cli_threads(values, &plan->threads) && cli_isa(&plan->isa);
    plan->setting.epochs = (uint32_t)epochs;
    plan->neighbours = (uint32_t)neighbours;
    plan->max_draws = (uint32_t)draws;
    return ok;
}

bool cli_experiment_read(struct cli_experiment *e, const struct cli_values *values, const char *out, int *status) {
    uint64_t seed = 1;
    memset(e, 0, sizeof *e);
    *status = EXIT_BAD_USAGE;
    e->quiet = cli_text(values, "quiet") != NULL;
    e->summary = cli_text(values, "summary") != NULL;
    e->out = out;
    if (!cli_checkpoint_read(&e->checkpoint, values, e->quiet)) return false;
    e->quiet = e->checkpoint.quiet;
    if (!cli_path(values, "out", &e->out) || !cli_path(values, "save-initial", &e->save_initial) ||
        !cli_path(values, "save-weights", &e->save_weights) || !cli_count(values, "seed", 0, UINT64_MAX, &seed) ||
        !cli_experiment_network(&e->net, values) || !read_data(e, values, seed, status))
        return false;
    lyap_plan_defaults(&e->plan, &e->net, &e->data);
    e->plan.seed = seed;
    e->plan.series = cli_text(values, "series") != NULL;
    e->plan.progress = cli_progress;
    e->plan.progress_context = &e->quiet;
    *status = EXIT_BAD_USAGE;
    if (!cli_experiment_plan(&e->plan, values) || !read_weights(e, values, status) ||
        !cli_optimiser_read(&e->plan.optimiser, values, seed, e->net.layers))
        return false;
    if (e->test.samples) e->plan.test = &e->test;
    e->plan.evaluate = cli_text(values, "evaluate") || e->test.samples || e->plan.optimiser.batch;
    e->plan.last_weights = e->save_weights != NULL;
    if (e->summary && e->plan.series) {
        cli_complain("--summary: leaves out every table of cells, and --series asks for one; leave one of them out");
        return false;
    }
    *status = 0;
    return true;
}

bool cli_experiment_words(struct cli_experiment *e, const struct cli_command *command, int argc, char **argv) {
    e->argv = malloc(((size_t)argc + 2) * sizeof *e->argv);
    if (!e->argv) return cli_complain("out of memory for the command line"), false;
    cli_checkpoint_words(command, argc, argv, e->argv, &e->argc);
    return true;
}

void cli_experiment_results(const struct cli_experiment *e, struct cli_results *r) {
    cli_results_start(r, e->argv[1], e->out);
    cli_results_reads_data(r, &e->source);
    cli_results_reads(r, "--weights", e->weights_path);
    cli_results_keeps(r, &e->checkpoint);
    cli_results_writes(r, "--save-initial", e->save_initial);
    cli_results_writes(r, "--save-weights", e->save_weights);
}

void cli_experiment_free(struct cli_experiment *e) {
    cli_checkpoint_free(&e->checkpoint);
    free(e->argv);
    e->argv = NULL;
    cli_data_free(&e->source);
    memset(&e->data, 0, sizeof e->data);
    memset(&e->test, 0, sizeof e->test);
    free(e->weights);
    e->weights = NULL;
}
