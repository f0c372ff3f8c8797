#include "report/common/rounded.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double lyap_rounded(double value, int digits) {
    char text[40];
    if (!isfinite(value)) return value;
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return strtod(text, NULL);
}

const char *lyap_decimals_text(double value, char text[32]) {
    snprintf(text, 32, "-");
    if (!isfinite(value) || fabs(value) > 1e9) return text;
    snprintf(text, 32, "%.2f", value);
    if (strcmp(text, "-0.00") == 0) memmove(text, text + 1, strlen(text));
    return text;
}
