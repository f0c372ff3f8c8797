/* The state of a report that is being made, which sections do not see. */
#ifndef LYAP_REPORT_FRAME_STATE_H
#define LYAP_REPORT_FRAME_STATE_H

#include "figure/document.h"
#include "report/frame/findings.h"
#include "report/frame/options.h"
#include "lyapgrad/status.h"

enum { LYAP_FOLDER = 40 };
/* The directory of the second seed's data files in that of the report: "seed-2". */
void lyap_second_folder(const struct lyap_report_options *options, char folder[LYAP_FOLDER]);

struct lyap_report {
    struct lyap_report_options options;
    const char *directory;
    char folder[LYAP_FOLDER + 1];   /* in the directory, for the data files: "" or "seed-2/" */
    struct lyap_document *document; /* the parts that are written */
    const char *pending;        /* the heading of the section at work in the appendix, until it writes there; NULL */
    struct lyap_document *main; /* where the section at work has its text, */
    struct lyap_document *appendix; /* ... and what is for the appendix */
    struct lyap_findings findings;
    struct lyap_output_set *outputs, own; /* `own` unless the caller has one */
    /* Progress, in weights: of all that there is to do, of what is done, the section at work, and its share that is
     * spoken for. */
    double all, done, weight, used, slot, width;
    bool failed; /* out of memory where there was no status to return */
    struct lyap_text timings;
};

/* The progress function of the sections' plans; its context is the report. */
bool lyap_report_tell(uint64_t done, uint64_t total, void *report);

/* Opens the file <name><ending> of the report; NULL with *error filled. */
FILE *lyap_report_open(struct lyap_report *report, const char *name, const char *ending, struct lyap_error *error);

#endif
