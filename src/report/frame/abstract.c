/* The abstract: a sentence for each of the paper's claims, one for its limits, one on what to use instead. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "report/frame/front.h"

static const struct {
    const char *id, *words;
} subjects[] = {
    {"C1", "that the learning rate can make the dynamics of the weights chaotic"},
    {"C2", "that activations with a lower exponent converge better"},
    {"C3", "that the exponent selects good initial weights"},
};

static const char *const phrases[] = {"holds", "holds in part", "does not hold", "cannot be decided by this run"};

/* "; with seed 2 the claim holds" where the second seed disagrees. */
static void add_disagreement(struct lyap_text *text, const struct lyap_front *front, const char *id, const char *name) {
    const struct lyap_finding *own = lyap_findings_find(front->own, id),
                              *second = lyap_findings_find(front->second, id);
    char words[96];
    if (!own || !second || second->verdict == own->verdict) return;
    snprintf(words, sizeof words, "; with seed %llu %s %s", (unsigned long long)front->second->seed, name,
             phrases[second->verdict]);
    lyap_text_add(text, words);
}

/* Words without the point at their end. */
static void add_clause(struct lyap_text *text, const char *words) {
    size_t length = strlen(words);
    while (length > 0 && words[length - 1] == '.') length--;
    for (size_t k = 0; k < length; k++) lyap_text_add_char(text, words[k]);
}

/* What the sections hand in for an id, as one sentence without its point: a further one follows a semicolon. False: nothing. */
static bool add_sentences(struct lyap_text *text, const struct lyap_front *front, const char *id) {
    bool any = false;
    for (size_t i = 0; i < front->own->sentences; i++) {
        const char *words = front->own->sentence[i].text;
        if (strcmp(front->own->sentence[i].id, id) != 0 || !*words) continue;
        if (any) {
            const bool word = isupper((unsigned char)words[0]) && islower((unsigned char)words[1]);
            lyap_text_add(text, "; ");
            lyap_text_add_char(text, word ? (char)tolower((unsigned char)*words) : *words);
            words++;
        }
        add_clause(text, words);
        any = true;
    }
    return any;
}

static const char *decides(const struct lyap_finding *f) {
    return *f->effect && strcmp(f->effect, "-") != 0 ? f->effect : f->reason;
}

/* "holds (r = 0.5)". */
static void add_verdict(struct lyap_text *text, const struct lyap_finding *f) {
    lyap_text_add(text, phrases[f->verdict]);
    lyap_text_add(text, " (");
    add_clause(text, decides(f));
    lyap_text_add_char(text, ')');
}

static void add_claim(struct lyap_text *text, const struct lyap_front *front, size_t i) {
    const struct lyap_finding *f = lyap_findings_find(front->own, subjects[i].id);
    if (!f) return;
    if (!add_sentences(text, front, f->id)) {
        lyap_text_add(text, "The claim ");
        lyap_text_add(text, subjects[i].words);
        lyap_text_add_char(text, ' ');
        add_verdict(text, f);
    }
    add_disagreement(text, front, f->id, "the claim");
    lyap_text_add(text, ". ");
}

static void add_limit(struct lyap_text *text, const struct lyap_finding *f, const char *which) {
    const struct lyap_paper_claim *claim = lyap_paper_claim(0);
    for (size_t i = 0; claim && strcmp(claim->id, f->id) != 0; i++) claim = lyap_paper_claim(i);
    if (!claim) return;
    lyap_text_add(text, which);
    lyap_text_add(text, ", that ");
    lyap_text_add(text, claim->words);
    lyap_text_add(text, ", ");
    add_verdict(text, f);
}

static void add_limits(struct lyap_text *text, const struct lyap_front *front) {
    const struct lyap_finding *first = lyap_findings_find(front->own, "L1"),
                              *second = lyap_findings_find(front->own, "L2");
    if (!first && !second) return;
    if (!add_sentences(text, front, "limits")) {
        lyap_text_add(text, "Of the limits that the paper admits, ");
        if (first) add_limit(text, first, "the first");
        if (first && second) lyap_text_add(text, "; ");
        if (second) add_limit(text, second, "the second");
    }
    add_disagreement(text, front, "L1", "the first limit");
    add_disagreement(text, front, "L2", "the second limit");
    lyap_text_add(text, ". ");
}

/* How far the seeds agree on the claims of the paper and on the steps. */
static void write_agreement(struct lyap_document *d, const struct lyap_front *front) {
    size_t claims = 0, claims_same = 0, steps = 0, steps_same = 0;
    char differ[200] = "";
    if (front->own->findings == 0) return;
    if (!front->second) {
        lyap_document_paragraph(d, "One seed was run (%llu), so the verdicts are not confirmed by other starts.",
                                (unsigned long long)front->own->seed);
        return;
    }
    for (size_t i = 0; i < front->own->findings; i++) {
        const struct lyap_finding *f = &front->own->finding[i], *s = lyap_findings_find(front->second, f->id);
        bool paper = lyap_is_paper_claim(f->id), same = s && s->verdict == f->verdict;
        if (!same && strlen(differ) < sizeof differ - 12)
            snprintf(differ + strlen(differ), 12, "%s%.8s", *differ ? ", " : "", f->id);
        claims += paper;
        claims_same += paper && same;
        steps += !paper;
        steps_same += !paper && same;
    }
    char on_claims[64] = "", on_steps[80] = "";
    if (claims) snprintf(on_claims, sizeof on_claims, "%zu of %zu claims of the paper", claims_same, claims);
    if (steps)
        snprintf(on_steps, sizeof on_steps, "%s%zu of %zu steps and further questions", claims ? ", and on " : "",
                 steps_same, steps);
    lyap_document_paragraph(d,
                            "Everything was run with seed %llu and again with seed %llu, which draws other starts; the "
                            "numbers in the text are those of seed %llu. The verdicts agree on %s%s%s%s%s.",
                            (unsigned long long)front->own->seed, (unsigned long long)front->second->seed,
                            (unsigned long long)front->own->seed, on_claims, on_steps,
                            *differ ? "; they differ on " : "", differ,
                            *differ ? ", which is not to be relied on" : "");
}

void lyap_front_abstract(struct lyap_document *d, const struct lyap_front *front) {
    struct lyap_text text = {0};
    lyap_document_heading(d, 2, "Abstract");
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) add_claim(&text, front, i);
    add_limits(&text, front);
    if (add_sentences(&text, front, "instead")) lyap_text_add_char(&text, '.');
    if (text.length > 0 && text.data[text.length - 1] == ' ') text.data[--text.length] = '\0';
    if (text.length > 0)
        lyap_document_paragraph(d, "%s", lyap_text_of(&text));
    else
        lyap_document_paragraph(d, "The sections of this report give no verdict on a claim of the paper.");
    write_agreement(d, front);
    if (text.failed) lyap_document_fail(d);
    lyap_text_free(&text);
}
