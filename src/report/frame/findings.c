#include "report/frame/findings.h"

#include <stdlib.h>
#include <string.h>

#include "lyapgrad/inference.h"

void lyap_findings_free(struct lyap_findings *findings) {
    for (size_t i = 0; i < findings->findings; i++) {
        free(findings->finding[i].id);
        free(findings->finding[i].claim);
        free(findings->finding[i].effect);
        free(findings->finding[i].reason);
    }
    for (size_t i = 0; i < findings->tests; i++) {
        free(findings->test[i].family);
        free(findings->test[i].what);
    }
    for (size_t i = 0; i < findings->effects; i++) {
        free(findings->effect[i].claim);
        free(findings->effect[i].what);
    }
    for (size_t i = 0; i < findings->sentences; i++) {
        free(findings->sentence[i].id);
        free(findings->sentence[i].text);
    }
    for (size_t i = 0; i < findings->references; i++) free(findings->reference[i]);
    free(findings->reference);
    free(findings->sentence);
    free(findings->effect);
    free(findings->finding);
    free(findings->test);
    memset(findings, 0, sizeof *findings);
}

static bool in(const struct lyap_finding_test *test, const char *family) {
    return strcmp(test->family, family) == 0 && test->p >= 0 && test->p <= 1;
}

/* The family of test number `first`. `p` has room for twice as many numbers as there are tests. */
static enum lyap_status adjust_family(struct lyap_findings *f, size_t first, double *p, struct lyap_error *error) {
    const char *family = f->test[first].family;
    size_t n = 0;
    for (size_t i = first; i < f->tests; i++)
        if (in(&f->test[i], family)) p[n++] = f->test[i].p;
    enum lyap_status status = lyap_holm(p, n, p + f->tests, error);
    for (size_t i = first, k = 0; i < f->tests && !status; i++)
        if (in(&f->test[i], family)) f->test[i].adjusted = p[f->tests + k++];
    return status;
}

enum lyap_status lyap_findings_adjust(struct lyap_findings *f, struct lyap_error *error) {
    double *p = calloc(2 * f->tests + 1, sizeof *p);
    if (!p) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu tests", f->tests);
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < f->tests && !status; i++) {
        bool first = true;
        for (size_t k = 0; k < i && first; k++) first = strcmp(f->test[k].family, f->test[i].family) != 0;
        if (first) status = adjust_family(f, i, p, error);
    }
    free(p);
    return status;
}

bool lyap_finding_at_floor(const struct lyap_finding_test *test) {
    return test->resamples && test->p <= (1 + 1e-9) / (test->resamples + 1.0);
}

const struct lyap_finding *lyap_findings_find(const struct lyap_findings *findings, const char *id) {
    for (size_t i = 0; findings && i < findings->findings; i++)
        if (strcmp(findings->finding[i].id, id) == 0) return &findings->finding[i];
    return NULL;
}

static bool same_test(const struct lyap_finding_test *a, const struct lyap_finding_test *b) {
    return strcmp(a->section, b->section) == 0 && strcmp(a->family, b->family) == 0 && strcmp(a->what, b->what) == 0;
}

const struct lyap_finding_test *lyap_findings_same_test(const struct lyap_findings *f, size_t i,
                                                        const struct lyap_findings *second) {
    size_t before = 0;
    for (size_t k = 0; k < i; k++) before += same_test(&f->test[k], &f->test[i]);
    for (size_t k = 0; second && k < second->tests; k++)
        if (same_test(&second->test[k], &f->test[i]) && before-- == 0) return &second->test[k];
    return NULL;
}

static bool same_effect(const struct lyap_finding_effect *a, const struct lyap_finding_effect *b) {
    return strcmp(a->claim, b->claim) == 0 && strcmp(a->what, b->what) == 0;
}

const struct lyap_finding_effect *lyap_findings_same_effect(const struct lyap_findings *f, size_t i,
                                                            const struct lyap_findings *second) {
    size_t before = 0;
    for (size_t k = 0; k < i; k++) before += same_effect(&f->effect[k], &f->effect[i]);
    for (size_t k = 0; second && k < second->effects; k++)
        if (same_effect(&second->effect[k], &f->effect[i]) && before-- == 0) return &second->effect[k];
    return NULL;
}

/* C1 to C3: T. Mittra, arXiv 2410.05988 (2024), abstract. The limits are told in our words. */
static const struct lyap_paper_claim paper_claims[] = {
    {"C1", "variations in the learning rate can induce chaotic changes in model weights", true},
    {"C2", "activation functions with more negative Lyapunov exponents exhibit better convergence properties", true},
    {"C3", "Lyapunov exponents can be utilized to select effective initial model weights for deep neural networks",
     true},
    {"L1", "its results may not carry over to other architectures and data", false},
    {"L2", "its hybrid estimator may be more complex than the established ones", false},
};

const struct lyap_paper_claim *lyap_paper_claim(size_t i) {
    return i < sizeof paper_claims / sizeof *paper_claims ? &paper_claims[i] : NULL;
}

bool lyap_is_paper_claim(const char *id) {
    const struct lyap_paper_claim *claim;
    for (size_t i = 0; (claim = lyap_paper_claim(i)) != NULL; i++)
        if (strcmp(claim->id, id) == 0) return true;
    return false;
}
