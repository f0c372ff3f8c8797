/* Words and numbers of the text of C3. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/correlation/write.h"

const char *lyap_c3_name(size_t panel) {
    const enum lyap_activation activation = lyap_loss_correlation_activation[panel];
    return activation == LYAP_RELU ? "ReLU" : lyap_activation_name(activation);
}

const char *lyap_c3_percent(double share, char text[32]) {
    lyap_value_text(100 * share, text);
    if (isfinite(share)) snprintf(text + strlen(text), 32 - strlen(text), " %%");
    return text;
}
