#include "report/frame/front.h"

#include "lyapgrad/version.h"

static void protocol(struct lyap_document *d) {
    lyap_document_heading(d, 2, "What was run");
    lyap_document_paragraph(
        d,
        "Where a section says nothing else: the paper's XOR data (4 samples, inputs 0 and 1, full batch), mean squared "
        "error, a 2-2-1 network with the activation on the hidden and on the output layer, weights and biases uniform "
        "on [0, 1) and redrawn until the initial loss lies in [0.2, 0.4], 24 neighbours that are the parent plus "
        "N(0, 1e-4) on every weight and bias, plain gradient descent, all in lock-step, float32.");
    lyap_document_item(d,
                       "`lambda_kw`, the paper's exponent: the mean over i of ln(d(i)/d(0)) in nats, d(t) the mean "
                       "distance of the neighbours from their parent after update t. A mean of cumulative log ratios: "
                       "it grows with the length of the run and is no rate.");
    lyap_document_item(d, "`lambda_step`: the mean of ln(d(i)/d(i-1)), nats per step.");
    lyap_document_item(d,
                       "Tangent exponent: the growth of a vector under the exact derivative of the map, nats per step, "
                       "with an interval over time by batch means. It knows no perturbation size and no rounding of "
                       "distances.");
    lyap_document_item(
        d, "Regime: by the rules of lyapgrad/regime.h. `chaotic` needs a bounded orbit, growth in every part of "
           "the last two thirds of the measured steps with an interval above 0, no period, and a loss that rises at "
           "some late step. "
           "The others are `diverged`, `unbounded`, `dead` (a gradient of exactly zero), `still`, `periodic`, "
           "`converging` (the interval lies below 0), `transient` (neighbours separated for a time), "
           "`undecided` and `neutral`.");
}

static void reading(struct lyap_document *d, const struct lyap_findings *findings,
                    const struct lyap_report_options *options, const char *only) {
    lyap_document_heading(d, 2, "How to read this");
    lyap_document_paragraph(
        d,
        "A verdict is a rule on numbers of this run and says which. Intervals are 95 %%, by the percentile bootstrap "
        "over starting points unless another is named. The %zu p-values that verdicts argue from are adjusted together "
        "by Holm's method; `tests.csv` has them before and after. Every number in the text comes from the run, and "
        "the data behind each section is in the CSV files beside this report.",
        findings->tests);
    lyap_document_paragraph(
        d, "The rules of some verdicts were settled after looking at runs with seed 1, so another seed is the "
           "fairer test: a verdict that changes with the seed is not to be relied on.");
    char seed[64], scale[48] = "", section[48] = "";
    snprintf(seed, sizeof seed, "--seed %llu%s", (unsigned long long)options->seed, options->full ? " --full" : "");
    if (options->scale != 1) snprintf(scale, sizeof scale, " --scale %.15g", options->scale);
    if (only) snprintf(section, sizeof section, " --section %s", only);
    lyap_document_paragraph(
        d,
        "Made by lyapgrad %s. `lyapgrad reproduce --report %s%s%s` gives the same bytes on any machine; only "
        "`timings.txt` and `manifest.txt` differ.",
        lyap_version(), seed, scale, section);
    if (only)
        lyap_document_paragraph(
            d,
            "This is section %s alone: the p-values are adjusted for its tests only, and are smaller "
            "than in the whole report.",
            only);
    if (options->scale < 1)
        lyap_document_paragraph(
            d,
            "The numbers of starts are %.3g times those of the default run%s: verdicts of so small a "
            "run are not for citing.",
            options->scale, lyap_report_is_brief(options) ? ", and runs are shorter" : "");
}

LYAP_CELL(finding_id, struct lyap_finding, lyap_document_cell(d, "%s", r->id))
LYAP_CELL(finding_claim, struct lyap_finding, lyap_document_cell(d, "%s", r->claim))
LYAP_CELL(finding_verdict, struct lyap_finding, lyap_document_cell(d, "%s", lyap_verdict_name(r->verdict)))
LYAP_CELL(finding_because, struct lyap_finding, lyap_document_cell(d, "%s", r->reason))

static const struct lyap_document_column finding_columns[] = {
    {"", finding_id},
    {"claim", finding_claim},
    {"verdict", finding_verdict},
    {"because", finding_because},
};

void lyap_front_write(struct lyap_document *d, const struct lyap_findings *findings,
                      const struct lyap_report_options *options, const char *only) {
    lyap_document_paragraph(
        d, "T. Mittra, \"Utilizing Lyapunov Exponents in designing deep neural networks\", arXiv 2410.05988 "
           "(2024), measures Lyapunov exponents of gradient descent on network weights and argues from "
           "them about learning rates, activations and starting points. Here its claims are put to the "
           "test with more starting points, in both precisions, and beside exponents in tangent space.");
    lyap_document_heading(d, 2, "Verdicts");
    lyap_document_columns(d, "What each claim comes to", LYAP_COLUMNS(finding_columns));
    for (size_t i = 0; i < findings->findings; i++)
        lyap_document_row(d, LYAP_COLUMNS(finding_columns), &findings->finding[i]);
    lyap_document_table_end(d);
    reading(d, findings, options, only);
    protocol(d);
}

typedef struct lyap_finding finding;
LYAP_COLUMN(id, finding, lyap_word_value(r->id))
LYAP_COLUMN(claim, finding, lyap_quoted_value(r->claim))
LYAP_COLUMN(verdict, finding, lyap_word_value(lyap_verdict_name(r->verdict)))
LYAP_COLUMN(reason, finding, lyap_quoted_value(r->reason))

static const struct lyap_column verdict_columns[] = {
    {"id", NULL, "of the claim", LYAP_COLUMN_WORD, id, NULL},
    {"claim", NULL, "what the paper says", LYAP_COLUMN_WORD, claim, NULL},
    {"verdict", NULL, "holds, holds in part, does not hold or cannot be told", LYAP_COLUMN_WORD, verdict, NULL},
    {"reason", NULL, "the numbers that it follows from", LYAP_COLUMN_WORD, reason, NULL},
};
const struct lyap_schema lyap_verdicts_schema = {"verdicts.csv", "a claim", {LYAP_GROUP(verdict_columns)}};

void lyap_front_verdicts(FILE *file, const struct lyap_findings *findings) {
    lyap_schema_head(file, &lyap_verdicts_schema, NULL);
    for (size_t i = 0; i < findings->findings; i++)
        lyap_schema_row(file, &lyap_verdicts_schema, NULL, &findings->finding[i]);
}

typedef struct lyap_finding_test test;
LYAP_COLUMN(section, test, lyap_word_value(r->section))
LYAP_COLUMN(what, test, lyap_quoted_value(r->what))
LYAP_COLUMN(p, test, r->p >= 0 ? lyap_three_digits(r->p) : lyap_no_value())
LYAP_COLUMN(adjusted, test, r->adjusted >= 0 ? lyap_three_digits(r->adjusted) : lyap_no_value())

static const struct lyap_column test_columns[] = {
    {"section", NULL, "id of the section that argues from it", LYAP_COLUMN_WORD, section, NULL},
    {"test", NULL, "what is tested", LYAP_COLUMN_WORD, what, NULL},
    {"p", NULL, "two-sided p, to three digits", LYAP_COLUMN_REAL, p, NULL},
    {"adjusted", NULL, "that p adjusted by Holm's method over all tests", LYAP_COLUMN_REAL, adjusted, NULL},
};
const struct lyap_schema lyap_tests_schema = {"tests.csv", "a test", {LYAP_GROUP(test_columns)}};

void lyap_front_tests(FILE *file, const struct lyap_findings *findings) {
    lyap_schema_head(file, &lyap_tests_schema, NULL);
    for (size_t i = 0; i < findings->tests; i++) lyap_schema_row(file, &lyap_tests_schema, NULL, &findings->test[i]);
}

void lyap_front_summary(struct lyap_text *text, const struct lyap_findings *findings) {
    for (size_t i = 0; i < findings->findings; i++) {
        const struct lyap_finding *f = &findings->finding[i];
        char head[48];
        snprintf(head, sizeof head, "  %-5s %-15s ", f->id, lyap_verdict_name(f->verdict));
        lyap_text_add(text, head);
        lyap_text_add(text, f->claim);
        lyap_text_add(text, "\n");
    }
}
