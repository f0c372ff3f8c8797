#include "cli/axis.h"

#include <stdlib.h>
#include <string.h>

#include "results/manifest.h"
#include "cli/options/span.h"
#include "io/output_file.h"
#include "lyapgrad/status.h"

bool cli_axis_read(const struct cli_option *option, const char *text, void *group) {
    struct cli_axis *to = (struct cli_axis *)(void *)((char *)group + option->into.offset);
    struct cli_span span;
    if (!cli_span_read(option, text, &span)) return false;
    if (lyap_axis_parse(&to->axis, span.name, NULL)) return cli_span_unknown(option, &span);
    to->axis.low = span.low;
    to->axis.high = span.high;
    to->axis.logarithmic = span.logarithmic;
    to->count = span.count;
    return true;
}

bool cli_axis_fits(const struct cli_values *values, const struct lyap_sweep_axis *axis) {
    static const struct {
        const char *option;
        enum lyap_axis_quantity quantity;
    } swept[] = {{"lr", LYAP_AXIS_LR}, {"momentum", LYAP_AXIS_MOMENTUM}, {"weight-decay", LYAP_AXIS_WEIGHT_DECAY}};
    for (size_t i = 0; i < sizeof swept / sizeof *swept; i++)
        if (cli_text(values, swept[i].option) && axis->quantity == swept[i].quantity) {
            cli_complain("--%s: given, and an axis too; leave one of them out", swept[i].option);
            return false;
        }
    return true;
}

bool cli_axis_estimate(struct lyap_spectrum_plan *plan, const struct cli_experiment *e,
                       const struct cli_values *values) {
    if (!cli_estimate_read(plan, e, values)) return false;
    plan->base.evaluate = false;
    plan->base.test = NULL;
    return true;
}

void cli_axis_heading(FILE *file, const struct lyap_network *net) {
    char shape[12 * (LYAP_MAX_LAYERS + 1)];
    fprintf(file, "heading = \"%.60s %s", lyap_network_shape(net, shape, sizeof shape),
            lyap_activation_name(net->activation[0]));
}

void cli_axis_manifest_plan(FILE *file, const struct cli_experiment *e, const struct lyap_plan *plan, bool swept) {
    struct lyap_plan base = *plan;
    base.settings = &plan->setting; /* the cells' own: no line of a rate that an axis gives */
    lyap_manifest_head(file, e->argc, e->argv);
    lyap_manifest_plan(file, &base, e->data_text, e->weights_path);
    cli_put_each(file, &cli_training_options, swept ? "epochs" : "lr epochs", &base);
    cli_data_manifest(file, &e->source);
    cli_optimiser_manifest(file, plan);
}

void cli_axis_numbers(FILE *file, const char *name, const struct lyap_sweep_axis *axis) {
    static const char *const words[] = {"learning rate", "", "scale of the start", "momentum", "weight decay", ""};
    char low[32], high[32];
    fprintf(file, "%s_low = %s\n%s_high = %s\n%s_logarithmic = %d\n%s_name = \"", name,
            lyap_format_real(axis->low, low), name, lyap_format_real(axis->high, high), name, axis->logarithmic, name);
    if (axis->quantity == LYAP_AXIS_LAYER_LR)
        fprintf(file, "learning rate of layer %d\"\n", axis->layer + 1);
    else if (axis->quantity == LYAP_AXIS_DIRECTION)
        fprintf(file, "along random direction %d\"\n", axis->layer + 1);
    else
        fprintf(file, "%s\"\n", words[axis->quantity]);
}
