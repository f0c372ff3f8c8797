/* Questions beyond the paper, Q1 to Q4: one section, since together they have one figure and one table. */
#ifndef LYAP_REPORT_QUESTIONS_QUESTIONS_H
#define LYAP_REPORT_QUESTIONS_QUESTIONS_H

#include "report/questions/batches.h"
#include "report/questions/chaos.h"
#include "report/questions/depth.h"
#include "report/questions/rate_rules.h"

struct lyap_questions {
    struct lyap_rate_rules rules;
    struct lyap_batches batches;
    struct lyap_depth depth;
    struct lyap_chaos chaos;
};

/* The data files, src/report/questions/data.c. */
extern const struct lyap_schema *const lyap_questions_tables[];
enum lyap_status lyap_questions_data(struct lyap_report *report, const struct lyap_questions *q,
                                     struct lyap_error *error);

/* The verdicts and effects, src/report/questions/verdicts.c. */
void lyap_questions_judge(struct lyap_report *report, const struct lyap_questions *q);

/* The main text with the table, and the protocols for the appendix; src/report/questions/write.c. */
void lyap_questions_text(struct lyap_document *document, const struct lyap_questions *q);
void lyap_questions_protocol(struct lyap_document *document, const struct lyap_questions *q);

/* The figure, src/report/questions/figure.c. */
void lyap_questions_figure(struct lyap_document *document, const struct lyap_questions *q);

#endif
