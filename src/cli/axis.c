#include "cli/axis.h"

#include <stdlib.h>
#include <string.h>

#include "results/manifest.h"
#include "base/number.h"
#include "io/output_file.h"
#include "lyapgrad/status.h"

/* Takes the words between colons apart; their number, or 0 for too many or a long one. */
static int split(const char *text, char part[5][64]) {
    int count = 0;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ":");
        if (count == 5 || length >= sizeof part[0]) return 0;
        memcpy(part[count], at, length);
        part[count++][length] = '\0';
        at += length;
        if (!*at) return count;
    }
}

bool cli_axis_read(const struct cli_values *values, const char *name, const char *form, struct lyap_sweep_axis *axis,
                   size_t *count) {
    const char *text = cli_text(values, name);
    const int numbers = count ? 4 : 3;
    struct lyap_error error;
    char part[5][64];
    uint64_t many = 1;
    if (!text) {
        cli_complain("--%s: is missing; expected %s", name, form);
        return false;
    }
    int parts = split(text, part);
    if (parts < numbers || parts > numbers + 1 || (parts > numbers && strcmp(part[numbers], "log") != 0) ||
        lyap_number_real(part[1], &axis->low) || lyap_number_real(part[2], &axis->high)) {
        cli_complain("--%s: '%.60s' is malformed; expected %s", name, text, form);
        return false;
    }
    if (count && (!lyap_number_count(part[3], LYAP_AXIS_MOST, &many) || many < 1)) {
        cli_complain("--%s: '%.60s' is not a number of values; expected 1 .. %d, as in %s", name, part[3],
                     LYAP_AXIS_MOST, form);
        return false;
    }
    if (count) *count = (size_t)many;
    axis->logarithmic = parts > numbers;
    if (lyap_axis_parse(axis, part[0], &error)) return cli_complain("--%s: %s", name, error.message), false;
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

void cli_axis_manifest_plan(FILE *file, const struct cli_experiment *e, const struct lyap_plan *plan, bool swept) {
    char text[32];
    struct lyap_plan base = *plan;
    base.settings = &plan->setting; /* the cells' own: no line of a rate that an axis gives */
    lyap_manifest_head(file, e->argc, e->argv);
    lyap_manifest_plan(file, &base, e->data_text, e->weights_path);
    if (!swept) fprintf(file, "lr = %s\n", lyap_format_real(base.setting.lr, text));
    fprintf(file, "epochs = %lu\n", (unsigned long)base.setting.epochs);
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
