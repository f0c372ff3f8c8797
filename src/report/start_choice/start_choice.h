/* C3 in practice: the computing half. What is computed is in report/start_choice/rules.h. */
#ifndef LYAP_REPORT_START_CHOICE_START_CHOICE_H
#define LYAP_REPORT_START_CHOICE_START_CHOICE_H

#include "report/common/sample.h"
#include "report/start_choice/compare_rules.h"
#include "lyapgrad/status.h"

struct lyap_start_choice_case {
    struct lyap_subject subject;
    size_t pool;     /* starts */
    uint32_t budget; /* B */
};
extern const struct lyap_start_choice_case lyap_start_choice_cases[LYAP_START_CHOICE_CASES];

enum lyap_status lyap_start_pool_run(struct lyap_start_pool *pool, struct lyap_start_choice_result *result,
                                     const struct lyap_start_choice_case *c, const struct lyap_report_options *options,
                                     struct lyap_report *report, struct lyap_error *error);
enum lyap_status lyap_start_pool_new(struct lyap_start_pool *pool, size_t starts, uint32_t budget,
                                     struct lyap_error *error);
void lyap_start_pool_free(struct lyap_start_pool *pool);

struct lyap_start_choice {
    struct lyap_start_choice_result result[LYAP_START_CHOICE_CASES];
    size_t chance_test[LYAP_START_CHOICE_CASES][LYAP_RULES]; /* uncharged against a random start */
    size_t paid_test[LYAP_START_CHOICE_CASES][LYAP_RULES];   /* charged */
    size_t rival_test[LYAP_START_CHOICE_CASES][LYAP_RULES];  /* charged, against the loss after k */
};

/* The work of the section, and freeing it. */
enum lyap_status lyap_start_choice_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_start_choice_release(void *state);

/* The data files, src/report/start_choice/data.c. */
extern const struct lyap_schema *const lyap_start_choice_tables[];
enum lyap_status lyap_start_choice_data(struct lyap_report *report, const struct lyap_start_choice *state,
                                        struct lyap_error *error);

#endif
