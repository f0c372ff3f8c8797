#include "report/frame/findings.h"

#include <stdlib.h>
#include <string.h>

#include "lyapgrad/inference.h"

void lyap_findings_free(struct lyap_findings *findings) {
    for (size_t i = 0; i < findings->findings; i++) {
        free(findings->finding[i].id);
        free(findings->finding[i].claim);
        free(findings->finding[i].reason);
    }
    for (size_t i = 0; i < findings->tests; i++) free(findings->test[i].what);
    free(findings->finding);
    free(findings->test);
    memset(findings, 0, sizeof *findings);
}

enum lyap_status lyap_findings_adjust(struct lyap_findings *f, struct lyap_error *error) {
    double *p = calloc(2 * f->tests + 1, sizeof *p);
    size_t n = 0;
    if (!p) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu tests", f->tests);
    for (size_t i = 0; i < f->tests; i++)
        if (f->test[i].p >= 0 && f->test[i].p <= 1) p[n++] = f->test[i].p;
    enum lyap_status status = lyap_holm(p, n, p + f->tests, error);
    for (size_t i = 0, k = 0; i < f->tests && !status; i++)
        if (f->test[i].p >= 0 && f->test[i].p <= 1) f->test[i].adjusted = p[f->tests + k++];
    free(p);
    return status;
}
