/* Words and numbers of the text of C3. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/correlation/verdict.h"
#include "report/correlation/write.h"

const char *lyap_c3_name(size_t panel) {
    const enum lyap_activation activation = lyap_loss_correlation_activation[panel];
    return activation == LYAP_RELU ? "ReLU" : lyap_activation_name(activation);
}

const char *lyap_c3_decimals(double value, char text[32]) {
    snprintf(text, 32, "-");
    if (!isfinite(value) || fabs(value) > 1e9) return text;
    snprintf(text, 32, "%.2f", value);
    if (strcmp(text, "-0.00") == 0) memmove(text, text + 1, strlen(text));
    return text;
}

const char *lyap_c3_percent(double share, char text[32]) {
    lyap_value_text(100 * share, text);
    if (isfinite(share)) snprintf(text + strlen(text), 32 - strlen(text), " %%");
    return text;
}

const char *lyap_c3_explained(const struct lyap_loss_correlation *choice, char text[240]) {
    size_t networks = 0, counts = 0, explained = 0, turned = 0;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        if (!lyap_loss_correlation_distinct(p)) continue;
        const struct lyap_c3_network n = lyap_c3_network_of(choice, p);
        const bool does = n.equal.low > LYAP_C3_COUNTS;
        networks++;
        counts += does;
        explained += does && n.given.high < LYAP_C3_COUNTS;
        turned += does && n.given.high < -LYAP_C3_SIGN;
    }
    if (counts == 0)
        snprintf(text, 240, "At equal initial loss alone it counts in none of the %zu different networks.", networks);
    else
        snprintf(text, 240,
                 "At equal initial loss alone it counts in %zu of the %zu different networks; the first gradient "
                 "explains it in %zu of these, and its sign is the opposite there in %zu.",
                 counts, networks, explained, turned);
    return text;
}
