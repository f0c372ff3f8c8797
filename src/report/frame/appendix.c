/* The frame's part of the appendix: the steps, how to read the numbers, what was run. */
#include <stdio.h>
#include <string.h>

#include "lyapgrad/version.h"
#include "report/frame/front.h"

static void write_protocol(struct lyap_document *d) {
    lyap_document_heading(d, 3, "What was run");
    lyap_document_paragraph(
        d,
        "Where a section says nothing else: the paper's XOR data (4 samples, inputs 0 and 1, full batch), mean squared "
        "error, a 2-2-1 network with the activation on the hidden and on the output layer, weights and biases uniform "
        "on [0, 1) and redrawn until the initial loss lies in [0.2, 0.4], 24 neighbours that are the parent plus "
        "N(0, 1e-4) on every weight and bias, plain gradient descent with all networks in lock-step, float32.");
    lyap_document_item(d,
                       "`lambda_kw`, the paper's exponent: the mean over i of ln(d(i)/d(0)) in nats, where d(t) is the "
                       "mean distance of the neighbours from their parent after update t. It is a mean of cumulative "
                       "log ratios: it grows with the length of the run and is not a rate.");
    lyap_document_item(d, "`lambda_step`: the mean of ln(d(i)/d(i-1)), nats per step.");
    lyap_document_item(d,
                       "Tangent exponent: the growth of a tangent vector under the exact derivative of the map, nats "
                       "per step (Benettin et al. 1980), with an interval over time by batch means. It depends on no "
                       "perturbation size and on no rounding of distances.");
    lyap_document_item(
        d, "Regime: by the rules of lyapgrad/regime.h. `chaotic` needs a bounded orbit, growth in every part of "
           "the last two thirds of the measured steps with an interval above 0, no period, and a loss that rises at "
           "some late step. "
           "The others are `diverged`, `unbounded`, `dead` (a gradient of exactly zero), `still`, `periodic`, "
           "`converging` (the interval lies below 0), `transient` (neighbours separated for a time), "
           "`undecided` and `neutral`.");
}

/* "C1 (3 of 4 defined), C2 (2)". */
static void add_families(struct lyap_text *text, const struct lyap_findings *f) {
    for (size_t i = 0; i < f->tests; i++) {
        size_t all = 0, defined = 0;
        bool first = true;
        for (size_t k = 0; k < f->tests; k++) {
            if (strcmp(f->test[k].family, f->test[i].family) != 0) continue;
            first = first && k >= i;
            all++;
            defined += f->test[k].p >= 0;
        }
        if (!first) continue;
        char count[64];
        snprintf(count, sizeof count, defined == all ? " (%zu)" : " (%zu of %zu defined)", defined, all);
        if (text->length) lyap_text_add(text, ", ");
        lyap_text_add(text, f->test[i].family);
        lyap_text_add(text, count);
    }
}

static void write_tests(struct lyap_document *d, const struct lyap_findings *f) {
    struct lyap_text families = {0};
    add_families(&families, f);
    if (f->tests > 0)
        lyap_document_paragraph(
            d,
            "The tests were named in advance, in one family for each claim that they decide; Holm's method (Holm 1979) "
            "adjusts the p-values within a family. Families and the numbers of their tests: %s. An undefined test is "
            "not counted. A permutation or bootstrap test cannot give a p below 1/(resamples + 1); a p at that floor "
            "is an upper bound, and is printed with \"<=\". `tests.csv` has each p before and after the adjustment, "
            "and its number of resamples.",
            lyap_text_of(&families));
    if (families.failed) lyap_document_fail(d);
    lyap_text_free(&families);
}

static void write_command(struct lyap_document *d, const struct lyap_front *front) {
    const struct lyap_report_options *o = front->options;
    char seed[64], scale[48] = "", section[48] = "";
    snprintf(seed, sizeof seed, "--seed %llu --seeds %d%s", (unsigned long long)o->seed, front->second ? 2 : 1,
             o->full ? " --full" : "");
    if (o->scale != 1) snprintf(scale, sizeof scale, " --scale %.15g", o->scale);
    if (front->only) snprintf(section, sizeof section, " --section %s", front->only);
    lyap_document_paragraph(
        d,
        "Made by lyapgrad %s. `lyapgrad reproduce --report %s%s%s` gives the same bytes on any machine; only "
        "`timings.txt` and `manifest.txt` differ.",
        lyap_version(), seed, scale, section);
}

static void write_reading(struct lyap_document *d, const struct lyap_front *front) {
    lyap_document_heading(d, 3, "How to read the numbers");
    lyap_document_paragraph(
        d, "Each verdict follows from a stated threshold on an effect size and its interval, not from a p-value alone. "
           "Intervals are 95 %%, by the percentile bootstrap over starting points (Efron 1979) unless another method "
           "is named; intervals of shares are Wilson's (1927). Every number in the text comes from the run. The data "
           "behind each section is in the CSV files beside this report, from which each p-value and interval can be "
           "recomputed; `lyapgrad help FILE.csv` explains the columns of a file.");
    write_tests(d, front->own);
    if (front->second)
        lyap_document_paragraph(
            d,
            "Some thresholds were settled after looking at runs with seed 1. The second seed (%llu) is therefore the "
            "fairer test, and a verdict on which the seeds differ should not be relied on. `verdicts.csv`, `tests.csv` "
            "and `effects.csv` have the results of both seeds side by side; the data files of the second are in "
            "`seed-%llu/`.",
            (unsigned long long)front->second->seed, (unsigned long long)front->second->seed);
    write_command(d, front);
}

void lyap_front_appendix(struct lyap_document *d, const struct lyap_front *front) {
    lyap_document_heading(d, 2, "Appendix");
    bool steps = false;
    for (size_t i = 0; i < front->own->findings && !steps; i++) steps = !lyap_is_paper_claim(front->own->finding[i].id);
    if (steps) {
        lyap_document_heading(d, 3, "Steps towards the verdicts, and further questions");
        lyap_front_findings(d, front, "What each step comes to", false);
    }
    write_reading(d, front);
    write_protocol(d);
}
