/* How a long call tells how far it is, and is asked to end. */
#ifndef LYAPGRAD_PROGRESS_H
#define LYAPGRAD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called on the calling thread between chunks and now and then within them, with the updates done and to do: a cell counts
 * its epochs, all of them when it ends early. Returning false ends the run with LYAP_ERROR_INTERRUPTED. */
typedef bool (*lyap_progress)(uint64_t done, uint64_t total, void *context);

#ifdef __cplusplus
}
#endif

#endif
