#include "report/common/rounded.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

double lyap_nine_digits(double value) {
    char text[32];
    if (!isfinite(value)) return value;
    snprintf(text, sizeof text, "%.8e", value);
    return strtod(text, NULL);
}
