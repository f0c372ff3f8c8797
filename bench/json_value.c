#include "json_value.h"

#include <math.h>

void bench_number(FILE *file, double value, const char *unknown) {
    char text[32];
    snprintf(text, sizeof text, "%.6g", value);
    for (char *c = text; *c; c++)
        if (*c == ',') *c = '.'; /* another locale's point */
    fputs(isfinite(value) ? text : unknown, file);
}

void bench_json_text(FILE *file, const char *text) {
    fputc('"', file);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(file, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            fprintf(file, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            fputc(*c, file);
    }
    fputc('"', file);
}
