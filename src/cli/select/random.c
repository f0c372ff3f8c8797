/* `select` for `verify --random`: a configuration drawn, and the numbers of its results. */
#include "cli/select/select.h"

#include "cli/task.h"
#include "cli/verify/gather.h"
#include "cli/verify/options.h"
#include "lyapgrad/digest.h"

/* Candidates, separated by slashes, with as many layers each: the layers' rates are for all. */
static void draw_candidates(struct dice *d) {
    unsigned width = dice_range(d, 1, 6), other = dice_range(d, 1, 5), first = dice_pick(d, LYAP_ACTIVATION_COUNT);
    unsigned second = (first + dice_range(d, 1, LYAP_ACTIVATION_COUNT - 1)) % LYAP_ACTIVATION_COUNT;
    bool widths = dice_chance(d, 30), both = dice_chance(d, 30);
    char more[64] = "";
    if (widths) snprintf(more, sizeof more, "/%u-%u-%u", d->inputs, width + other, d->outputs);
    dice_add(d, "net", "%u-%u-%u%s", d->inputs, width, d->outputs, more);
    if (both) snprintf(more, sizeof more, "/%s", lyap_activation_name((enum lyap_activation)second));
    dice_add(d, "activation", "%s%s", lyap_activation_name((enum lyap_activation)first), both ? more : "");
    d->layers = 2;
    if (widths) width += other; /* the costs are those of the larger one */
    d->units = width + d->outputs;
    d->parameters = (d->inputs + 1) * width + (width + 1) * d->outputs;
}

static void draw_select(struct dice *d) {
    unsigned epochs = dice_range(d, 8, 16), rates = dice_range(d, 2, 4), starts = dice_range(d, 2, 4);
    struct dice_real low = dice_real(d, -3, -1), high = dice_real(d, 0, 1);
    draw_candidates(d);
    if (dice_chance(d, 25))
        dice_add(d, "optimiser", "gd/adam");
    else
        dice_optimiser(d);
    dice_start(d);
    dice_add(d, "lr", "%s:%s", low.text, high.text);
    dice_add(d, "steps", "%u", epochs);
    /* The scan of the rates, with its curvatures and the halvings at both ends, takes that much; the search gets the rest. */
    unsigned scan = starts * (rates + 8) * (3 * epochs + 5 * (d->parameters < 48 ? d->parameters : 48));
    dice_add(d, "budget", "%u", scan + epochs * dice_range(d, 80, 300));
    dice_add(d, "rates", "%u", rates);
    dice_add(d, "rate-starts", "%u", starts);
    dice_add(d, "searches", "%s", dice_chance(d, 15) ? "5" : "0");
    dice_add(d, "score", "%s", lyap_score_name((enum lyap_score)dice_pick(d, LYAP_SCORE_COUNT)));
    if (d->split && dice_chance(d, 50)) dice_add(d, "by", "held-out");
    if (dice_chance(d, 40)) dice_add(d, "divisor", "%u", dice_range(d, 2, 4));
    if (dice_chance(d, 40)) dice_add(d, "rungs", "%u", dice_range(d, 1, 3));
    if (dice_chance(d, 20)) dice_add(d, "target", "%s", dice_real(d, -2, -1).text);
    if (dice_chance(d, 30)) dice_add(d, "safe", "0.%u", dice_range(d, 1, 9));
    if (dice_chance(d, 30)) dice_add(d, "growth", "%s", dice_real(d, -2, 1).text);
    if (dice_chance(d, 40)) {
        dice_add(d, "loss", "mse");
        dice_add(d, "output-activation", "%s", dice_activation(d));
    }
    dice_precision(d);
}

const struct cli_draw cli_select_draws[] = {{2, draw_select}, {0, NULL}};

static enum lyap_status put_trial(struct cli_gather *g, const struct lyap_trial_record *r, struct lyap_error *error) {
    enum lyap_status status = cli_put_real(g, "lr", r->trial.lr, error);
    if (!status) status = cli_put_real(g, "loss", r->result.loss, error);
    if (!status) status = cli_put_real(g, "lambda", r->result.exponent.lambda, error);
    if (!status) status = cli_put_real(g, "sharpness_last", r->result.sharpness_last, error);
    if (!status) status = cli_put_count(g, "regime", 0, r->result.regime, error);
    if (!status) status = cli_put_real(g, "score", r->score, error);
    return status ? status : cli_put_count(g, "kept", 0, r->kept, error);
}

enum lyap_status cli_select_gather(void *own, struct cli_gather *g, struct lyap_error *error) {
    struct cli_selection *s = own;
    struct lyap_selection selection = {0};
    struct lyap_search_comparison comparison = {0};
    for (size_t i = 0; i < s->plan.count; i++) cli_gather_set(g, &s->plans[i]);
    s->plan.progress = cli_gather_goes_on;
    enum lyap_status status = lyap_selection_run(&s->plan, &selection, error);
    if (!status) g->results->digest = lyap_selection_digest(LYAP_DIGEST_START, &selection);
    for (size_t i = 0; i < selection.count && !status; i++) {
        g->value = i;
        status = put_trial(g, &selection.records[i], error);
    }
    g->value = 0;
    if (!status) status = cli_put_count(g, "the selection's digest", 0, g->results->digest, error);
    if (!status && s->compares) status = lyap_selection_compare(&s->plan, &comparison, error);
    if (!status && s->compares) {
        g->results->digest = lyap_search_comparison_digest(g->results->digest, &comparison);
        status = cli_put_count(g, "the comparison's digest", 0, g->results->digest, error);
    }
    lyap_selection_free(&selection);
    lyap_search_comparison_free(&comparison);
    return status;
}
