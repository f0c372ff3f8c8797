/* The numbers that the paper prints, as one list. paper/published.h has them as tables, by figure. */
#ifndef LYAP_REPORT_COMMON_NUMBERS_H
#define LYAP_REPORT_COMMON_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/network.h"

struct lyap_report_published {
    enum lyap_activation activation;
    double lr, value;
    bool by_step; /* nats per step; else the Kantz-Wolf exponent in nats. Both over 100 epochs */
};

/* Number i; false behind the last. */
bool lyap_report_published_at(size_t i, struct lyap_report_published *number);
size_t lyap_report_published_count(void);

#endif
