/* Whether memory can be had. Where the system promises more than there is, an allocation too large succeeds, and the process
 * is killed when it is used; so sizes that depend on the user's settings are compared with the machine first. */
#ifndef LYAP_BASE_MEMORY_H
#define LYAP_BASE_MEMORY_H

#include <stdbool.h>

/* False for more bytes than the machine has memory, or its control group (a container) allows; true where both are unknown. */
bool lyap_memory_fits(double bytes);

#endif
