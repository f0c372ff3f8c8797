/* What a report is asked for. */
#ifndef LYAP_REPORT_FRAME_OPTIONS_H
#define LYAP_REPORT_FRAME_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "io/output_set.h"
#include "lyapgrad/progress.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/layout.h"

struct lyap_report_options {
    uint64_t seed; /* default 1 */
    int seeds; /* 2: every section runs with the seed and with the next one, and the verdicts are compared; 1 (also for 0): with the seed alone */
    bool full; /* more starts, finer grids, longer horizons; else at most two minutes in all on a laptop */
    enum lyap_isa isa;
    enum lyap_layout layout;
    int threads;
    double scale;           /* default 1: multiplies the numbers of starts; tests use less */
    lyap_progress progress; /* told in thousandths of the whole; may be NULL */
    void *progress_context;
    struct lyap_text *summary; /* gets one line a verdict; may be NULL */
    /* An open set of the report's directory, which gets the files; then committing it is the caller's. NULL: the report
     * has its own. */
    struct lyap_output_set *outputs;
};

/* Whether runs are shorter, too: under a scale of 1/1000, where a section can show no more than that it runs. */
static inline bool lyap_report_is_brief(const struct lyap_report_options *options) {
    return options->scale < 0.001;
}

#endif
