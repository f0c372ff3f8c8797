/* Verdicts, tests and effects, as the sections hand them in, and those of a second seed beside them. */
#ifndef LYAP_REPORT_FRAME_FINDINGS_H
#define LYAP_REPORT_FRAME_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"
#include "report/frame/verdict.h"

struct lyap_finding {
    char *id, *claim, *effect, *reason; /* owned */
    enum lyap_verdict verdict;
};
struct lyap_finding_test {
    const char *section; /* its id */
    char *family, *what; /* owned */
    double p, adjusted;  /* NaN: undefined */
    uint32_t resamples;  /* 0: none */
};
struct lyap_finding_effect {
    char *claim, *what; /* owned */
    double value, low, high;
};
struct lyap_finding_sentence {
    char *id, *text; /* owned */
};
struct lyap_findings {
    uint64_t seed;
    size_t findings, tests, effects, sentences, references;
    struct lyap_finding *finding;           /* [findings], owned */
    struct lyap_finding_test *test;         /* [tests], owned */
    struct lyap_finding_effect *effect;     /* [effects], owned */
    struct lyap_finding_sentence *sentence; /* [sentences], owned */
    char **reference;                       /* [references], owned */
    const char *section;                    /* that is at work */
};
void lyap_findings_free(struct lyap_findings *findings);

/* Holm's adjustment in each family over the tests whose p is defined. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_findings_adjust(struct lyap_findings *findings, struct lyap_error *error);

/* Whether p is the least that the test's resamples allow, 1/(resamples + 1). */
bool lyap_finding_at_floor(const struct lyap_finding_test *test);

/* The verdict of that id; NULL for none, also in no findings (NULL). */
const struct lyap_finding *lyap_findings_find(const struct lyap_findings *findings, const char *id);

/* What stands in `second` for test or effect number i: the one of the same section or claim and the same words, the k-th for the k-th. NULL for
 * none, also where there is no second seed (NULL). */
const struct lyap_finding_test *lyap_findings_same_test(const struct lyap_findings *f, size_t i,
                                                        const struct lyap_findings *second);
const struct lyap_finding_effect *lyap_findings_same_effect(const struct lyap_findings *f, size_t i,
                                                            const struct lyap_findings *second);

/* The claims of the paper in their order, "C1" .. "L2"; behind the last NULL. */
struct lyap_paper_claim {
    const char *id;
    const char *words; /* of the paper's abstract; a paraphrase, as a clause, where it is not quoted */
    bool quoted;
};
const struct lyap_paper_claim *lyap_paper_claim(size_t i);
bool lyap_is_paper_claim(const char *id);

#endif
