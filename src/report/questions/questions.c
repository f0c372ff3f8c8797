/* Q: the section. */
#include "report/questions/questions.h"

#include <math.h>
#include <stdlib.h>

#include "report/frame/section.h"

static enum lyap_status compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_questions *q = calloc(1, sizeof *q);
    if (!q) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = q;
    const uint64_t more = options->full ? 4 : 1;
    const uint32_t budget = options->scale < 1 ? LYAP_RATE_LEAST_BUDGET : 400, half = lyap_report_steps(report, 1200);
    enum lyap_status status = lyap_rate_rules_run(&q->rules, (size_t)lyap_report_starts(report, 12 * more, 2), budget,
                                                  options, report, error);
    if (!status)
        status = lyap_batches_run(&q->batches, (size_t)lyap_report_starts(report, 48 * more, 4),
                                  lyap_report_steps(report, 200), options, report, error);
    if (!status)
        status =
            lyap_depth_run(&q->depth,
                           &(const struct lyap_depth_sizes){(size_t)lyap_report_starts(report, 16 * more, 2),
                                                            (size_t)lyap_report_starts(report, 128 * more, 8),
                                                            lyap_report_steps(report, options->scale < 1 ? 20 : 100)},
                           options, report, error);
    if (!status)
        status = lyap_chaos_run(&q->chaos, (size_t)lyap_report_starts(report, 64 * more, 4),
                                2 * (half > 40 ? half : 40), options, report, error);
    return status;
}

static void release(void *state) {
    struct lyap_questions *q = state;
    if (!q) return;
    lyap_rate_rules_free(&q->rules);
    lyap_batches_free(&q->batches);
    lyap_depth_free(&q->depth);
    lyap_chaos_free(&q->chaos);
    free(q);
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_questions *q = state;
    enum lyap_status status = lyap_questions_data(report, q, error);
    if (status) return status;
    lyap_questions_text(lyap_report_document(report), q);
    lyap_questions_protocol(lyap_report_appendix(report), q);
    lyap_questions_judge(report, q);
    return LYAP_OK;
}

static const char *const figures[] = {"questions", NULL};

const struct lyap_section lyap_section_questions = {
    .id = "Q",
    .title = "Q1 to Q4. Learning rates, mini-batches, depth and width, chaos and the final loss",
    .part = LYAP_PART_QUESTIONS,
    .weight = 10,
    .compute = compute,
    .write = write,
    .release = release,
    .tables = lyap_questions_tables,
    .figures = figures,
};
