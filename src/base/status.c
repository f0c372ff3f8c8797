/* Error reports: one printable line, whatever the input that caused them. */
#include "lyapgrad/status.h"

#include <stdarg.h>
#include <stdio.h>

enum lyap_status lyap_fail(struct lyap_error *error, enum lyap_status status, const char *format, ...) {
    if (error == NULL) return status;
    error->status = status;
    error->message[0] = '\0';
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    /* Quoted input may hold newlines or terminal escapes. */
    for (char *c = error->message; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte < 0x20 || byte == 0x7f) *c = '?';
    }
    return status;
}
