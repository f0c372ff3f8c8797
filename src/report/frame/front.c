#include "report/frame/front.h"

#include <stdio.h>
#include <string.h>

const char *lyap_verdict_text(const struct lyap_front *front, const struct lyap_finding *finding,
                              char text[LYAP_VERDICT_TEXT]) {
    const char *own = lyap_verdict_name(finding->verdict);
    const struct lyap_finding *second = lyap_findings_find(front->second, finding->id);
    if (!front->second)
        snprintf(text, LYAP_VERDICT_TEXT, "%s", own);
    else
        snprintf(text, LYAP_VERDICT_TEXT, "%s; seed %llu: %s", own, (unsigned long long)front->second->seed,
                 !second                               ? "none"
                 : second->verdict == finding->verdict ? "the same"
                                                       : lyap_verdict_name(second->verdict));
    return text;
}

/* ---- the table of claims ---- */

struct row {
    const struct lyap_front *front;
    const struct lyap_paper_claim *paper; /* NULL: a step */
    const struct lyap_finding *finding;
};

static void put_claim(struct lyap_document *d, const struct row *r) {
    if (r->paper && r->paper->quoted)
        lyap_document_cell(d, "%s. \"%s\". Tested as: %s", r->finding->id, r->paper->words, r->finding->claim);
    else
        lyap_document_cell(d, "%s. %s", r->finding->id, r->finding->claim);
}
static void put_verdict(struct lyap_document *d, const struct row *r) {
    char text[LYAP_VERDICT_TEXT];
    lyap_document_cell(d, "%s", lyap_verdict_text(r->front, r->finding, text));
}
LYAP_CELL(claim, struct row, put_claim(d, r))
LYAP_CELL(verdict, struct row, put_verdict(d, r))
LYAP_CELL(effect, struct row, lyap_document_cell(d, "%s", *r->finding->effect ? r->finding->effect : "-"))
LYAP_CELL(reason, struct row, lyap_document_cell(d, "%s", r->finding->reason))

static const struct lyap_document_column columns[] = {
    {"claim", claim},
    {"verdict", verdict},
    {"effect", effect},
    {"in one line", reason},
};

static void begin(struct lyap_document *d, const char *caption, bool *begun) {
    if (*begun) return;
    lyap_document_sentences(d);
    lyap_document_columns(d, caption, LYAP_COLUMNS(columns));
    *begun = true;
}

void lyap_front_findings(struct lyap_document *d, const struct lyap_front *front, const char *caption, bool paper) {
    const struct lyap_paper_claim *claim;
    bool begun = false;
    for (size_t i = 0; paper && (claim = lyap_paper_claim(i)) != NULL; i++) {
        const struct lyap_finding *f = lyap_findings_find(front->own, claim->id);
        if (!f) continue;
        begin(d, caption, &begun);
        lyap_document_row(d, LYAP_COLUMNS(columns), &(const struct row){front, claim, f});
    }
    for (size_t i = 0; !paper && i < front->own->findings; i++) {
        const struct lyap_finding *f = &front->own->finding[i];
        if (lyap_is_paper_claim(f->id)) continue;
        begin(d, caption, &begun);
        lyap_document_row(d, LYAP_COLUMNS(columns), &(const struct row){front, NULL, f});
    }
    if (begun) lyap_document_table_end(d);
}

/* ---- the front ---- */

static bool has_paper_claims(const struct lyap_findings *findings) {
    for (size_t i = 0; i < findings->findings; i++)
        if (lyap_is_paper_claim(findings->finding[i].id)) return true;
    return false;
}

static void warn(struct lyap_document *d, const struct lyap_front *front) {
    if (front->only)
        lyap_document_paragraph(d, "This is section %s alone: it has the claims, tests and effects of that section.",
                                front->only);
    if (front->options->scale < 1)
        lyap_document_paragraph(
            d,
            "The numbers of starts are %.3g times those of the default run%s: verdicts of so small a "
            "run are not for citing.",
            front->options->scale, lyap_report_is_brief(front->options) ? ", and runs are shorter" : "");
}

void lyap_front_write(struct lyap_document *d, const struct lyap_front *front) {
    lyap_document_paragraph(
        d, "A replication of T. Mittra, \"Utilizing Lyapunov Exponents in designing deep neural networks\", arXiv "
           "2410.05988 (2024), which measures Lyapunov exponents of gradient descent on the weights of a network.");
    warn(d, front);
    lyap_front_abstract(d, front);
    if (has_paper_claims(front->own)) {
        lyap_document_heading(d, 2, "The paper's claims");
        lyap_front_findings(d, front, "The claims, what they come to here, and the size of the effect that decides",
                            true);
    }
    lyap_front_effects(d, front);
    lyap_document_contents(d);
}

void lyap_front_summary(struct lyap_text *text, const struct lyap_findings *own, const struct lyap_findings *second) {
    bool paper = has_paper_claims(own);
    for (size_t i = 0; i < own->findings; i++) {
        const struct lyap_finding *f = &own->finding[i], *other = lyap_findings_find(second, f->id);
        char head[64], beside[64] = "";
        if (paper && !lyap_is_paper_claim(f->id)) continue;
        if (other && other->verdict != f->verdict)
            snprintf(beside, sizeof beside, "; with seed %llu: %s", (unsigned long long)second->seed,
                     lyap_verdict_name(other->verdict));
        snprintf(head, sizeof head, "  %-5s %-15s ", f->id, lyap_verdict_name(f->verdict));
        lyap_text_add(text, head);
        lyap_text_add(text, f->claim);
        lyap_text_add(text, beside);
        lyap_text_add(text, "\n");
    }
}
