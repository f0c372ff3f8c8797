/* Status codes and error reports shared by every function of the library.
 *
 *   struct lyap_network net;
 *   struct lyap_error error = {0};
 *   if (lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, &error))
 *       fprintf(stderr, "%s\n", error.message);
 *
 * The library never prints and never exits. A function that can fail returns a status, LYAP_OK (0) or a reason, and
 * fills the caller's `struct lyap_error` (which may be NULL) with one line that names the input, what is wrong with it
 * and what is allowed. */
#ifndef LYAPGRAD_STATUS_H
#define LYAPGRAD_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

enum lyap_status {
    LYAP_OK = 0,
    LYAP_ERROR_ARGUMENT,   /* a setting is malformed, out of range, or does not fit another setting */
    LYAP_ERROR_FILE,       /* an input file is missing, unreadable or malformed */
    LYAP_ERROR_OUTPUT,     /* an output cannot be created, written or renamed */
    LYAP_ERROR_MEMORY,     /* an allocation failed, or a size overflows */
    LYAP_ERROR_ISA,        /* the requested instruction set is unknown or this CPU lacks it */
    LYAP_ERROR_WINDOW,     /* no start met the initial-loss window within the draw limit */
    LYAP_ERROR_INTERRUPTED /* the caller's progress function asked to stop */
};

struct lyap_error {
    enum lyap_status status;
    char message[480]; /* one line without a newline; empty when status is LYAP_OK */
};

/* Fills `error` (may be NULL) with `status` and the printf-formatted message; returns `status`, so that a function can
 * `return lyap_fail(error, LYAP_ERROR_ARGUMENT, "...", ...)`. A longer message is cut. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
enum lyap_status
lyap_fail(struct lyap_error *error, enum lyap_status status, const char *format, ...);

#ifdef __cplusplus
}
#endif
#endif
