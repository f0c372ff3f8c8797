/* What is made of the sections' work at the end: the documents, the pictures, and the tables of all findings. */
#ifndef LYAP_REPORT_FRAME_FINISH_H
#define LYAP_REPORT_FRAME_FINISH_H

#include "report/frame/state.h"

struct lyap_finish {
    const char *only;                   /* the one section; NULL: all */
    const struct lyap_findings *second; /* of the second seed; NULL: there is none */
    FILE *markdown, *html;              /* of the report's outputs */
};
/* Opens report.md and report.html. */
enum lyap_status lyap_finish_open(struct lyap_finish *finish, struct lyap_report *report, struct lyap_error *error);
/* Writes all files, commits them where the set is the report's own, and tells the whole of the progress. */
enum lyap_status lyap_finish_write(const struct lyap_finish *finish, struct lyap_report *report,
                                   struct lyap_error *error);

#endif
