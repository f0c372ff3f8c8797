/* All experiments of the paper in one struct. */
#ifndef LYAP_PAPER_RUN_H
#define LYAP_PAPER_RUN_H

#include "paper/published.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

struct lyap_paper {
    struct lyap_paper_options options;
    struct lyap_scatter scatter[LYAP_PANELS];
    struct lyap_scatter
        scatter_small[LYAP_PANELS]; /* the first starts/10 of the same starts, the published picture's size */
    struct lyap_scatter scatter_other[LYAP_PANELS]; /* the same starts in the other precision: is it rounding? */
    uint64_t identical; /* starts of the scatter that give the same bits for linear and ReLU */
    struct lyap_epochs epochs[LYAP_PANELS];
    struct lyap_rate rates[LYAP_PANELS][LYAP_PAPER_RATES];
    struct lyap_comparison steps[LYAP_PUBLISHED_STEPS][LYAP_PANELS];
    struct lyap_comparison compared[LYAP_PUBLISHED_RATES][LYAP_PANELS];
    uint64_t digest; /* of every record of every run */
};

enum lyap_precision lyap_other_precision(enum lyap_precision precision);

/* Runs everything. Errors as for lyap_ensemble_run; free in either case. */
enum lyap_status lyap_paper_run(struct lyap_paper *paper, const struct lyap_paper_options *options,
                                struct lyap_error *error);
void lyap_paper_free(struct lyap_paper *paper);

#endif
