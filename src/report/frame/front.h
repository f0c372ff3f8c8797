/* What the frame writes around the sections' texts: the abstract, the table of the paper's claims, the figure of all effects; in the appendix the
 * steps, how to read the numbers, what was run; and the references. */
#ifndef LYAP_REPORT_FRAME_FRONT_H
#define LYAP_REPORT_FRAME_FRONT_H

#include "figure/document.h"
#include "report/frame/findings.h"
#include "report/frame/options.h"

struct lyap_front {
    const struct lyap_findings *own, *second; /* `second`: with the second seed; NULL: there is none */
    const struct lyap_report_options *options;
    const char *only; /* the one section; NULL: all */
};
/* Before the parts, with the place of the contents at its end. */
void lyap_front_write(struct lyap_document *document, const struct lyap_front *front);

void lyap_front_abstract(struct lyap_document *document, const struct lyap_front *front);
void lyap_front_effects(struct lyap_document *document, const struct lyap_front *front);

/* The beginning of the appendix, with its heading. */
void lyap_front_appendix(struct lyap_document *document, const struct lyap_front *front);
void lyap_front_references(struct lyap_document *document, const struct lyap_front *front);

/* One line for each claim of the paper; for each verdict where there is none on a claim of the paper. */
void lyap_front_summary(struct lyap_text *text, const struct lyap_findings *own, const struct lyap_findings *second);

/* "holds in part; seed 2: does not hold" or, where the second seed agrees, "holds in part; seed 2: the same". */
enum { LYAP_VERDICT_TEXT = 96 };
const char *lyap_verdict_text(const struct lyap_front *front, const struct lyap_finding *finding,
                              char text[LYAP_VERDICT_TEXT]);

/* The findings with an id of the paper's claims, or the others, as a table of sentences; nothing where there are none. */
void lyap_front_findings(struct lyap_document *document, const struct lyap_front *front, const char *caption,
                         bool paper);

#endif
