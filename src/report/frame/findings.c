#include "report/frame/findings.h"

#include <stdbool.h>
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
