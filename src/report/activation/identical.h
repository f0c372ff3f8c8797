/* How often linear and ReLU networks train to the same bits, and why. */
#ifndef LYAP_REPORT_ACTIVATION_IDENTICAL_H
#define LYAP_REPORT_ACTIVATION_IDENTICAL_H

#include "paper/protocol.h"
#include "lyapgrad/status.h"

/* Linear against ReLU on the same starts. */
struct lyap_act_identical {
    double lr;
    uint64_t starts;
    uint64_t same; /* give the same bits: initial and final loss and both exponents */
    uint64_t open; /* no ReLU of parent or neighbours is ever off: every preactivation is > 0 after each update but the
                                   last, for each sample */
    uint64_t same_open, same_shut,
        differ_open; /* both; the same bits although one was off; other bits although none was */
};
enum lyap_status lyap_act_identical_run(struct lyap_act_identical *identical, const struct lyap_paper_options *options,
                                        double lr, uint64_t starts, struct lyap_error *error);

#endif
