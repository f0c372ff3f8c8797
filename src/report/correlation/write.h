/* C3: what goes to the appendix. */
#ifndef LYAP_REPORT_CORRELATION_WRITE_H
#define LYAP_REPORT_CORRELATION_WRITE_H

#include "report/correlation/correlation.h"
#include "report/frame/report.h"

/* "linear", "sigmoid", "tanh", "ReLU". */
const char *lyap_c3_name(size_t panel);
/* A share in percent with three significant digits; "-" where it is no finite number. */
const char *lyap_c3_percent(double share, char text[32]);
void lyap_c3_appendix(struct lyap_report *report, const struct lyap_loss_correlation *choice);

#endif
