/* C3 in practice: the computing half. What is computed is in report/start_choice/rules.h. */
#ifndef LYAP_REPORT_START_CHOICE_START_CHOICE_H
#define LYAP_REPORT_START_CHOICE_START_CHOICE_H

#include "lyapgrad/status.h"
#include "report/common/sample.h"
#include "report/start_choice/compare_rules.h"

struct lyap_start_choice_case {
    struct lyap_subject subject;
    double split;  /* share of the data that trains; the rest is held out */
    size_t starts; /* in the pool */
};
extern const struct lyap_start_choice_case lyap_start_choice_cases[LYAP_START_CHOICE_CASES];

/* Trains and scores the pool's starts, all numbers to eight digits as in the data file. Starts whose loss is no finite number at some mark are left out;
 * pool->starts is what remains. */
enum lyap_status lyap_start_pool_run(struct lyap_start_pool *pool, const struct lyap_start_choice_case *c,
                                     const struct lyap_report_options *options, struct lyap_report *report,
                                     struct lyap_error *error);

struct lyap_start_choice {
    struct lyap_start_pool pool[LYAP_START_CHOICE_CASES];
    struct lyap_start_choice_result result[LYAP_START_CHOICE_CASES];
};

/* The work of the section, and freeing it. */
enum lyap_status lyap_start_choice_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_start_choice_release(void *state);

/* The data files, src/report/start_choice/data.c. */
extern const struct lyap_schema *const lyap_start_choice_tables[];
enum lyap_status lyap_start_choice_data(struct lyap_report *report, const struct lyap_start_choice *state,
                                        struct lyap_error *error);

#endif
