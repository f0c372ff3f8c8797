/* How the networks of a run lie in the processor's vectors.
 *
 *   enum lyap_layout layout;
 *   if (lyap_layout_select(getenv("LYAPGRAD_LAYOUT"), &layout, &error)) ...   // NULL or "" leaves the choice to the run
 *
 * Every choice gives the same bits; speed and memory differ. */
#ifndef LYAPGRAD_LAYOUT_H
#define LYAPGRAD_LAYOUT_H

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lyap_layout {
    LYAP_LAYOUT_AUTO,  /* what is expected to be faster, by the network's shape, the number of cells and of threads */
    LYAP_LAYOUT_BLOCK, /* sixteen cells side by side, a lane of the vectors each; known systems always are */
    LYAP_LAYOUT_ONE, /* one network at a time, whose units fill the vectors; several threads share steps that are long enough */
    LYAP_LAYOUT_SHARED, /* the same, and all threads share every step, however short: to compare results, not for speed */
    LYAP_LAYOUT_COUNT
};

/* "auto", "block", "one", "shared"; "unknown" for a value outside the enum. */
const char *lyap_layout_name(enum lyap_layout layout);

/* Chooses a layout.
 *   name     "auto", "block", "one" or "shared"; NULL or "" for LYAP_LAYOUT_AUTO
 *   layout   receives the choice
 * Returns LYAP_ERROR_ARGUMENT, with the names in the message, for another name. */
enum lyap_status lyap_layout_select(const char *name, enum lyap_layout *layout, struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
