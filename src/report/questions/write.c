/* Q: text, table and protocols. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/questions/counts.h"
#include "report/questions/questions.h"

/* ---- table of Q1 ---- */

struct rule_row {
    const struct lyap_rate_rules *q;
    enum lyap_rate_rule rule;
};
static void first_cell(struct lyap_document *d, const struct rule_row *r) {
    if (r->rule == LYAP_RATE_BEST)
        lyap_document_cell(d, "-");
    else
        lyap_document_cell(d, "%.0f", 100 * r->q->first[r->rule]);
}
LYAP_CELL(rule_name, struct rule_row, lyap_document_cell(d, "%s", lyap_rate_rule_name(r->rule)))
LYAP_CELL(rule_spent, struct rule_row,
          lyap_document_cell(d, "%u", (unsigned)lyap_rate_spent(r->rule, LYAP_RATE_PRODUCTS)))
LYAP_CELL(rule_glyphs, struct rule_row, lyap_document_cell(d, "%.3f", r->q->mean[0][r->rule]))
LYAP_CELL(rule_blobs, struct rule_row, lyap_document_cell(d, "%.3f", r->q->mean[1][r->rule]))
LYAP_CELL(rule_moons, struct rule_row, lyap_document_cell(d, "%.3f", r->q->mean[2][r->rule]))
LYAP_CELL(rule_circles, struct rule_row, lyap_document_cell(d, "%.3f", r->q->mean[3][r->rule]))
LYAP_CELL(rule_accuracy, struct rule_row, lyap_document_cell(d, "%.3f", r->q->accuracy[r->rule]))
LYAP_CELL(rule_excess, struct rule_row, lyap_estimate_cell(d, &r->q->excess[r->rule]))
LYAP_CELL(rule_first, struct rule_row, first_cell(d, r))

static const struct lyap_document_column rule_columns[] = {
    {"rule", rule_name},         {"steps spent", rule_spent},
    {"glyphs", rule_glyphs},     {"blobs", rule_blobs},
    {"moons", rule_moons},       {"circles", rule_circles},
    {"accuracy", rule_accuracy}, {"above the best rate", rule_excess},
    {"best in %", rule_first},
};

static void table(struct lyap_document *d, const struct lyap_rate_rules *q) {
    char caption[240];
    snprintf(caption, sizeof caption,
             "Q1. Rules for the learning rate with %u gradient steps for choice and training together: mean held-out "
             "loss over that of equal probabilities, accuracy, and the share of resamples in which a rule is the best",
             (unsigned)q->budget);
    lyap_document_columns(d, caption, LYAP_COLUMNS(rule_columns));
    for (int rule = 0; rule < LYAP_RATE_RULES; rule++)
        lyap_document_row(d, LYAP_COLUMNS(rule_columns), &(const struct rule_row){q, (enum lyap_rate_rule)rule});
    lyap_document_table_end(d);
}

/* ---- main text ---- */

static void rates_text(struct lyap_document *d, const struct lyap_rate_rules *q) {
    char best[64], exponent[64], behind[64];
    lyap_document_paragraph(
        d,
        "Q1. Which rule chooses the learning rate best when each pays in gradient steps for what it looks at? They "
        "were compared on %d generated data sets with held-out samples, %d draws of each and %zu starts per draw. "
        "Losses are "
        "held-out losses, as shares of the loss of equal probabilities. The rule with the lowest mean loss is \"%s\": "
        "its loss is %s above that of the best rate of a grid, which no rule knows. The exponent's rule takes the "
        "largest "
        "rate whose tangent exponent over %d steps is not positive. Its mean loss is %s above that of the best rate, "
        "and "
        "%s above that of the best rule. The hybrid's %d gradient steps per step and rate would exceed the budget.",
        LYAP_RATE_SETS, LYAP_RATE_DRAWS, q->starts, lyap_rate_rule_name(q->best),
        lyap_estimate_text(&q->excess[q->best], best), LYAP_RATE_EARLY,
        lyap_estimate_text(&q->excess[LYAP_RATE_LARGEST], exponent), lyap_estimate_text(&q->behind[q->best], behind),
        24 + 1);
}

static void batches_text(struct lyap_document *d, const struct lyap_batches *q) {
    const struct lyap_batch_agreement * xor = &q->agree[0][LYAP_BATCH_JUDGED], *blobs = &q->agree[1][LYAP_BATCH_JUDGED];
    char a[64], b[64], c[64], e[64];
    lyap_document_paragraph(
        d,
        "Q2. Does the exponent survive batch noise? With batches of %u of %u samples, the mean rank correlation with "
        "the exponents of the full batch over the learning rates of one start is %s (noisy XOR) and %s (blobs). Over "
        "the starts at one learning rate it is %s and %s. For comparison, the exponents of two random tangents with "
        "the full batch have a rank correlation over the starts of %.2f and %.2f.",
        (unsigned)lyap_batch_size[LYAP_BATCH_JUDGED], (unsigned)lyap_batch_size[0], lyap_estimate_text(&xor->rates, a),
        lyap_estimate_text(&blobs->rates, b), lyap_estimate_text(&xor->starts, c),
        lyap_estimate_text(&blobs->starts, e), q->repeat[0][0].starts.value, q->repeat[1][0].starts.value);
}

static void depth_text(struct lyap_document *d, const struct lyap_depth *q) {
    const struct lyap_depth_counts n = lyap_depth_count(q);
    char least[32], most[32], ten[320];
    const double top = lyap_depth_multiple[LYAP_DEPTH_RATES - 1];
    if (n.reached)
        snprintf(
            ten, sizeof ten,
            "The number of networks in which more than half of the starts grow by ten nats at some rate is %zu, and "
            "the median of that rate is %s to %s times 2/sharpness. In the other %zu fewer do so up to %g times.",
            n.reached, lyap_value_text(n.least, least), lyap_value_text(n.most, most), LYAP_DEPTH_CASES - n.reached,
            top);
    else
        snprintf(ten, sizeof ten, "In no network do more than half of the starts grow by ten nats up to %g times.",
                 top);
    lyap_document_paragraph(
        d,
        "Q3. Depth and width, one to four hidden layers of 8 or 64 units with Glorot's or He's initial law: the "
        "exponent "
        "over %u steps turns positive far below the edge of stability in %zu of %d networks (the whole 95 %% interval "
        "of the median onset lies below half of 2/sharpness of the initial weights; \"surely\" has this meaning "
        "everywhere). Such an exponent is growth over a finite time and no sign of chaos. %s At half of 2/sharpness "
        "the correlation of exponent and final loss "
        "at equal initial loss is surely positive in %zu of %d networks and surely negative in %zu.",
        (unsigned)q->sizes.steps, n.early, LYAP_DEPTH_CASES, ten, n.agree, LYAP_DEPTH_CASES, n.oppose);
}

static void chaos_text(struct lyap_document *d, const struct lyap_chaos *q) {
    const struct lyap_chaos_counts n = lyap_chaos_count(q);
    char chaos[300], cooled[300];
    if (n.told == 0) {
        lyap_document_paragraph(
            d, "Q4. Does chaos raise or lower the final loss? Too few starts of this run are chaotic.");
        return;
    }
    lyap_chaos_list(q, false, chaos, sizeof chaos);
    lyap_chaos_list(q, true, cooled, sizeof cooled);
    lyap_document_paragraph(
        d,
        "Q4. Where chaos is real (tanh networks at high learning rates), does it raise or lower the final loss? "
        "Compared with the same starts at a low rate, chaos to the end is surely higher, by more than %g, in %zu of "
        "the "
        "%zu cases with at least %d chaotic starts, and surely lower in %zu (median differences: %s). A chaotic half "
        "followed by the low rate is surely lower than the low rate alone in %zu, surely higher in %zu, and surely "
        "the same to %g in %zu (%s).",
        LYAP_CHAOS_MATTERS, n.chaos_higher, n.told, LYAP_CHAOS_LEAST, n.chaos_lower, chaos, n.cooled_lower,
        n.cooled_higher, LYAP_CHAOS_MATTERS, n.cooled_same, cooled);
}

void lyap_questions_text(struct lyap_document *d, const struct lyap_questions *q) {
    rates_text(d, &q->rules);
    batches_text(d, &q->batches);
    depth_text(d, &q->depth);
    chaos_text(d, &q->chaos);
    lyap_questions_figure(d, q);
    table(d, &q->rules);
}

/* ---- protocols ---- */

static void rates_protocol(struct lyap_document *d, const struct lyap_rate_rules *q) {
    lyap_document_paragraph(
        d,
        "Q1. Data: 360 glyphs (noise 0.1), 240 samples of six blobs in eight dimensions, of moons and of circles; half "
        "is held out. Networks: 64-12-10 ReLU (He), 8-12-6 tanh, 2-12-1 tanh (Glorot), cross-entropy, biases 0, full "
        "batch, float64. Each rule has %u gradient steps per start. A step with a tangent and a Hessian-vector product "
        "cost two, and the sharpness %d products (fewer than %d parameters: one each). Early loss and exponents look "
        "at "
        "%d rates, half decades from 0.01 to 31.6, for %d steps each; the chosen training goes on. The range test "
        "raises the rate from 0.001 to 100 in %d steps and takes a tenth of the rate with the lowest loss (Smith "
        "2017). "
        "\"Exponent, lowest\" is the score of `lyapgrad select`. A loss above that of equal probabilities, as of a "
        "diverged training, counts as 1.",
        (unsigned)q->budget, LYAP_RATE_PRODUCTS, LYAP_RATE_PRODUCTS, LYAP_RATE_GRID, LYAP_RATE_EARLY,
        LYAP_RATE_RANGE_STEPS);
    lyap_document_paragraph(
        d,
        "Intervals: percentile bootstrap of the %d starts of all draws with %d resamples; a resampled start is taken "
        "in "
        "all data sets together, because networks of one shape share their starts. They describe other starts on these "
        "draws, not other data. All trainings: `questions_rates.csv`.",
        (int)(LYAP_RATE_DRAWS * q->starts), LYAP_RATE_RESAMPLES);
}

void lyap_questions_protocol(struct lyap_document *d, const struct lyap_questions *q) {
    rates_protocol(d, &q->rules);
    lyap_document_paragraph(
        d,
        "Q2. Noisy XOR (2-8-1 tanh) and six blobs (8-12-6 tanh), 64 samples, Glorot's law, %zu starts, %u steps with a "
        "tangent, learning rates 0.03 to 10. Rank agreement over starts is the mean over the learning rates, that over "
        "rates the mean over the starts; bootstrap over the starts, %d resamples. Each batch size has two orders of "
        "the "
        "samples. All exponents: `questions_batches.csv`.",
        q->batches.starts, (unsigned)q->batches.steps, LYAP_BATCH_RESAMPLES);
    lyap_document_paragraph(
        d,
        "Q3. XOR, whose four samples are no random draw, sigmoid output and binary cross-entropy. Exponents of %zu "
        "starts over %u steps "
        "with a tangent, at %d multiples of the median start's 2/sharpness; onsets are interpolated in the logarithm "
        "of "
        "the rate and divided by 2/sharpness of the start's own initial weights. The correlation has %zu starts. "
        "Bootstrap over the starts, %d resamples. Files: `questions_depth.csv`, `questions_depth_starts.csv`.",
        q->depth.sizes.starts, (unsigned)q->depth.sizes.steps, LYAP_DEPTH_RATES, q->depth.sizes.more,
        LYAP_DEPTH_RESAMPLES);
    const struct lyap_chaos_result *r = q->chaos.result;
    lyap_document_paragraph(
        d,
        "Q4. %zu starts per case at %d learning rates from 2 to 16 times the low rate (%g; blobs %g), %u steps, "
        "regimes "
        "over the second half by the rules of lyapgrad/regime.h. Compared are the starts that are chaotic at some "
        "rate, "
        "of which the lowest is taken, and neither chaotic nor lost at the low rate: %zu (XOR), %zu (teacher), %zu "
        "(moons) and %zu (blobs). Median over these starts; bootstrap, %d resamples. The networks are those of C1e and "
        "one of L1. All pairs: `questions_chaos.csv`.",
        q->chaos.starts, LYAP_CHAOS_RATES, lyap_chaos_subjects[0].lr, lyap_chaos_subjects[3].lr,
        (unsigned)q->chaos.steps, r[0].chaotic, r[1].chaotic, r[2].chaotic, r[3].chaotic, LYAP_CHAOS_RESAMPLES);
}
