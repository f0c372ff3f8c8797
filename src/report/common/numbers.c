#include "report/common/numbers.h"

#include "paper/published.h"

size_t lyap_report_published_count(void) {
    return (LYAP_PUBLISHED_STEPS + LYAP_PUBLISHED_RATES) * LYAP_PANELS;
}

bool lyap_report_published_at(size_t i, struct lyap_report_published *number) {
    size_t row = i / LYAP_PANELS, panel = i % LYAP_PANELS;
    if (i >= lyap_report_published_count()) return false;
    number->activation = lyap_paper_activation[panel];
    number->by_step = row < LYAP_PUBLISHED_STEPS;
    if (number->by_step) {
        number->lr = lyap_published_steps[row].lr;
        number->value = lyap_published_steps[row].value[panel];
    } else {
        const struct lyap_published_rate *rate = &lyap_published_rates[row - LYAP_PUBLISHED_STEPS];
        number->lr = lyap_paper_rate(rate->rate);
        number->value = rate->value[panel];
    }
    return true;
}
