/* The recommendation in words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/select/select.h"
#include "cli/select/shown.h"
#include "stats/defined.h"
#include "lyapgrad/edge.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/statistics.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/selection.h"
#include "lyapgrad/status.h"

/* An end of a rate's interval, or on which side of the range it lies. */
static void put_end(FILE *file, double rate) {
    if (rate > 0 && isfinite(rate))
        fprintf(file, "%.3g", rate);
    else
        fputs(rate > 0 ? "above the range" : "below the range", file);
}

static void put_interval(FILE *file, const struct lyap_estimate *e) {
    fputs("(95 %: ", file);
    put_end(file, e->low);
    fputs(" .. ", file);
    put_end(file, e->high);
    fputs(")", file);
}

static void print_recommended(const struct cli_selection *s, FILE *file) {
    const struct lyap_rate_scan *rates = &s->selection.rates;
    const struct lyap_trial_record *best = cli_select_best(s);
    const double high = s->plan.lr_high, percent = 100 * s->plan.safe_share;
    double ratio = rates->values > 1 ? exp(log(high / s->plan.lr_low) / (double)(rates->values - 1)) : 1;
    if (!isfinite(best->result.loss)) {
        fprintf(
            file,
            "\nNothing to recommend: every full training diverged at learning rates %.3g .. %.3g; give lower ones\n",
            s->plan.lr_low, high);
        return;
    }
    fprintf(file, "\nRecommended\n  setting         %s\n", s->settings[rates->setting].name);
    fprintf(file, "  learning rate   %.3g ", rates->best.value);
    put_interval(file, &rates->best);
    fprintf(file, ", of %zu rates %.3g times apart over %llu starts\n", rates->values, ratio,
            (unsigned long long)rates->starts);
    if (!rates->best_safe)
        fprintf(file,
                "                  NOT SAFE: at no rate %.3g %% of the starts train safely; this one has the lowest "
                "median loss\n",
                percent);
    if (s->test.samples && !s->plan.held_out) {
        fprintf(file, "  held-out loss   is lowest at %.3g ", rates->best_test.value);
        put_interval(file, &rates->best_test);
        fputs("\n", file);
    }
    fputs("  largest safe    ", file);
    if (rates->largest_safe.value >= high)
        fprintf(file, "at least %.3g, the end of the range", high);
    else if (rates->largest_safe.value > 0)
        fprintf(file, "%.3g", rates->largest_safe.value);
    else
        fprintf(file, "under %.3g, the start of the range", s->plan.lr_low);
    fputs(" ", file);
    put_interval(file, &rates->largest_safe);
    fprintf(file, ": up to there %.3g %% of the starts train safely\n", percent);
    fputs("  instability     ", file);
    if (isfinite(rates->first_unstable.value))
        fprintf(file, "begins at %.3g ", rates->first_unstable.value), put_interval(file, &rates->first_unstable);
    else
        fprintf(file, "does not begin up to %.3g in the median start", high);
    if (!isfinite(rates->first_unstable.value) && isfinite(rates->first_unstable.low))
        fprintf(file, " (95 %%: from %.3g on)", rates->first_unstable.low);
    fputs(": chaos, divergence, no fall of the loss, or a sharpness beyond the edge at the end\n", file);
    fprintf(file, "  best start      %llu at learning rate %.3g: loss %.3g after %lu steps",
            (unsigned long long)best->trial.start, best->trial.lr, best->result.loss,
            (unsigned long)best->result.steps);
    if (s->test.samples) fprintf(file, ", held out %.3g", best->result.test_loss);
    fprintf(file, " (%s)\n", cli_select_names[CLI_SELECT_ARRAY]);
}

/* ---- why ---- */

/* The loss that choices go by. */
static double loss_of(const struct cli_selection *s, const struct lyap_trial_record *r) {
    return s->plan.held_out ? r->result.test_loss : r->result.loss;
}

/* What is told of a rung besides its trials. */
struct rung_facts {
    double rank;          /* where the score tells of the final loss (tells) */
    double sharpness;     /* where some trials have one at the end (curved) */
    size_t edges, beyond; /* of them with an edge of stability, and beyond it at their learning rate */
    bool tells, curved;
};

/* Spearman's correlation of a rung's score with the final loss, over the trials that came to the end; scratch[2 * count of those]. */
static enum lyap_status find_rank(const struct cli_selection *s, uint32_t rung, double *scratch,
                                  struct rung_facts *facts, struct lyap_error *error) {
    const struct lyap_selection *selection = &s->selection;
    const uint64_t count = selection->halving.trials[selection->halving.rungs - 1];
    double *score = scratch, *loss = score + count;
    size_t n = 0, at = 0, last = selection->count - (size_t)count;
    while (at < selection->count && selection->records[at].rung < rung) at++;
    for (; last < selection->count; last++) { /* the trials of every rung ascend */
        while (selection->records[at].trial.number < selection->records[last].trial.number) at++;
        if (!isfinite(loss_of(s, &selection->records[last]))) continue;
        score[n] = selection->records[at].score;
        loss[n++] = loss_of(s, &selection->records[last]);
    }
    enum lyap_status status = LYAP_OK;
    facts->tells = n >= 5 && lyap_defined(lyap_spearman(score, loss, n, &facts->rank, error), &status, error);
    return status;
}

/* Median sharpness at the end of a rung's trials that have it; scratch[trials]. */
static void find_sharpness(const struct cli_selection *s, uint32_t rung, double *scratch, struct rung_facts *facts) {
    const struct lyap_selection *selection = &s->selection;
    size_t n = 0;
    for (size_t i = 0; i < selection->count; i++) {
        const struct lyap_trial_record *r = &selection->records[i];
        const struct lyap_plan *setting = &s->plans[r->trial.setting];
        if (r->rung != rung || r->result.sharpness_last == 0) continue;
        scratch[n++] = r->result.sharpness_last;
        const bool known = lyap_edge_known(&setting->optimiser, setting->network->layers);
        const double edge = lyap_trial_edge(setting, &r->result);
        facts->edges += known;
        facts->beyond += edge > 0 && r->trial.lr > edge;
    }
    facts->curved = n > 0;
    if (n == 0) return;
    lyap_sort(scratch, n);
    facts->sharpness = lyap_quantile(scratch, n, 0.5);
}

static enum lyap_status find_facts(const struct cli_selection *s, struct rung_facts facts[LYAP_MOST_RUNGS],
                                   struct lyap_error *error) {
    const struct lyap_halving *halving = &s->selection.halving;
    double *scratch = malloc((2 * s->selection.count + 1) * sizeof *scratch);
    if (!scratch) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the report");
    enum lyap_status status = LYAP_OK;
    memset(facts, 0, LYAP_MOST_RUNGS * sizeof *facts);
    for (uint32_t r = 0; r < halving->rungs && !status; r++) {
        if (r + 1 < halving->rungs) status = find_rank(s, r, scratch, &facts[r], error);
        find_sharpness(s, r, scratch, &facts[r]);
    }
    free(scratch);
    return status;
}

static void print_rungs(const struct cli_selection *s, const struct rung_facts *facts, FILE *file) {
    const struct lyap_selection *selection = &s->selection;
    const struct lyap_halving *halving = &selection->halving;
    fprintf(file, "\nWhy: the search, by %s, of the %s loss\n", lyap_score_name(s->plan.score),
            s->plan.held_out ? "held-out" : "training");
    for (uint32_t r = 0; r < halving->rungs; r++) {
        size_t diverged = 0;
        double worst = -INFINITY;
        for (size_t i = 0; i < selection->count; i++)
            if (selection->records[i].rung == r) {
                diverged += selection->records[i].result.regime == LYAP_DIVERGED;
                if (selection->records[i].kept && selection->records[i].score > worst)
                    worst = selection->records[i].score;
            }
        fprintf(file, "  %6lu steps: %llu trials, %zu diverged", (unsigned long)halving->steps[r],
                (unsigned long long)halving->trials[r], diverged);
        if (r + 1 < halving->rungs) {
            fprintf(file, "; the best %llu go on, with a score up to %.3g", (unsigned long long)halving->trials[r + 1],
                    worst);
            if (facts[r].tells)
                fprintf(file, "; score and final loss of the last: rank correlation %.2f", facts[r].rank);
        } else {
            fputs("; the lowest loss is chosen", file);
        }
        if (facts[r].curved) {
            fprintf(file, "\n                median sharpness %.3g", facts[r].sharpness);
            if (facts[r].edges)
                fprintf(file, "; %zu of %zu beyond the edge of stability at their rate", facts[r].beyond,
                        facts[r].edges);
        }
        fputs("\n", file);
    }
}

/* ---- the comparison of ways to search ---- */

static const struct lyap_search_pair *find_pair(const struct lyap_search_comparison *comparison, enum lyap_way way,
                                                enum lyap_way against) {
    for (int i = 0; i < LYAP_SEARCH_PAIRS; i++)
        if (comparison->pair[i].way == way && comparison->pair[i].against == against) return &comparison->pair[i];
    return NULL;
}

/* A difference counts when the test finds it and its interval is on one side. */
static const char *verdict(const struct lyap_search_pair *p) {
    if (p->p < 0.05 && p->median.high < 0) return "better";
    if (p->p < 0.05 && p->median.low > 0) return "worse";
    return "no difference that so many searches can tell";
}

static void print_pair(const struct cli_selection *s, const struct lyap_search_pair *p, FILE *file) {
    fprintf(file, "  %s against %s: %s; lower loss in %llu, higher in %llu of %lu searches, ", lyap_way_name(p->way),
            lyap_way_name(p->against), verdict(p), (unsigned long long)p->better, (unsigned long long)p->worse,
            (unsigned long)s->comparison.searches);
    if (isnan(p->median.value))
        fputs("a choice diverged", file);
    else
        fprintf(file, "median difference %.2g (95 %%: %.2g .. %.2g), adjusted p %.2g", p->median.value, p->median.low,
                p->median.high, p->p);
    fprintf(file, "; steps to the target %+.0f (%+.0f .. %+.0f)\n", p->steps.value, p->steps.low, p->steps.high);
}

static void print_exponent_verdict(const struct cli_selection *s, FILE *file) {
    const struct lyap_search_pair *alone = find_pair(&s->comparison, LYAP_WAY_EXPONENT, LYAP_WAY_LOSS),
                                  *both = find_pair(&s->comparison, LYAP_WAY_COMBINED, LYAP_WAY_LOSS);
    const bool helps = strcmp(verdict(alone), "better") == 0, both_help = strcmp(verdict(both), "better") == 0;
    const bool hurts = strcmp(verdict(alone), "worse") == 0, both_hurt = strcmp(verdict(both), "worse") == 0;
    if (helps || both_help)
        fprintf(file, "  The exponent helps here: halving by %s finds lower losses than halving by the loss alone%s.\n",
                helps ? "exponent" : "combined",
                (helps ? both_hurt : hurts) ? ", though by the other it does not" : "");
    else if (hurts && both_hurt)
        fputs("  The exponent does not help here, it costs: halving by the loss alone finds lower losses.\n", file);
    else
        fputs("  The exponent does not help here, as far as these searches tell: use the loss.\n", file);
}

static void print_worth(const struct cli_selection *s, FILE *file) {
    const struct lyap_search_comparison *w = &s->comparison;
    fprintf(file, "\nWorth: %lu searches in each way at equal cost, %s after %lu steps; target %.3g\n",
            (unsigned long)w->searches, w->held_out ? "held-out loss" : "training loss", (unsigned long)s->plan.epochs,
            w->target);
    for (int i = 0; i < LYAP_WAY_COUNT; i++) {
        fprintf(file, "  %-9s %6llu trials, loss %.3g ", lyap_way_name((enum lyap_way)i),
                (unsigned long long)w->halving[i].trials[0], w->loss[i].value);
        if (isfinite(w->loss[i].value)) fprintf(file, "(95 %%: %.3g .. %.3g)", w->loss[i].low, w->loss[i].high);
        fputs("\n", file);
    }
    for (int i = 0; i < LYAP_SEARCH_PAIRS; i++) print_pair(s, &w->pair[i], file);
    print_exponent_verdict(s, file);
}

enum lyap_status cli_select_print(const struct cli_selection *s, bool explain, FILE *file, struct lyap_error *error) {
    const struct lyap_selection_plan *plan = &s->plan;
    struct rung_facts facts[LYAP_MOST_RUNGS] = {{0}};
    enum lyap_status status = explain ? find_facts(s, facts, error) : LYAP_OK;
    if (status) return status;
    fprintf(file, "%zu %s, learning rates %.3g .. %.3g, trainings of %lu steps, loss %s%s, %s\n", plan->count,
            plan->count == 1 ? "setting" : "settings", plan->lr_low, plan->lr_high, (unsigned long)plan->epochs,
            s->loss, s->loss_chosen ? " (from the targets)" : "", lyap_precision_name(s->plans->precision));
    fprintf(file, "cost in gradient steps: search %.3g, rates %.3g", s->selection.halving.cost,
            s->selection.rates.cost);
    if (s->compares) fprintf(file, "; comparison %.3g", s->comparison.cost);
    fprintf(file, "; on top, the sharpness of the search's trials %.3g\n", s->selection.sharpness_cost);
    print_recommended(s, file);
    cli_select_print_ranking(s, file);
    if (explain) {
        print_rungs(s, facts, file);
        cli_select_print_settings(s, file);
        cli_select_print_rates(s, file);
    }
    if (s->compares) print_worth(s, file);
    return LYAP_OK;
}
