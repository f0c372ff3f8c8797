#include "cli/message.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/console.h"
#include "cli/progress.h"

int cli_complain(const char *format, ...) {
    struct lyap_error line; /* makes one printable line, whatever was quoted */
    char text[sizeof line.message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    lyap_fail(&line, LYAP_ERROR_ARGUMENT, "%s", text);
    cli_progress_end();
    fprintf(stderr, "lyapgrad: %s\n", line.message);
    return EXIT_BAD_USAGE;
}

void cli_warn(const char *format, ...) {
    struct lyap_error line; /* as above */
    char text[sizeof line.message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    lyap_fail(&line, LYAP_ERROR_ARGUMENT, "%s", text);
    cli_progress_end();
    fprintf(stderr, "lyapgrad: warning: %s\n", line.message);
}

int cli_fail(const struct lyap_error *error) {
    cli_progress_end();
    fprintf(stderr, "lyapgrad: %s\n", error->message);
    switch (error->status) {
    case LYAP_ERROR_INTERRUPTED:
        return cli_signal_status();
    case LYAP_ERROR_ARGUMENT:
    case LYAP_ERROR_FILE:
    case LYAP_ERROR_ISA:
        return EXIT_BAD_USAGE;
    default:
        return EXIT_BAD_RUN;
    }
}
