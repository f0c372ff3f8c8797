/* The processors that this process may run on. */
#ifndef LYAP_BASE_PROCESSORS_H
#define LYAP_BASE_PROCESSORS_H

/* Their number, at least 1: those of its affinity, as far as the quota of its control group (a container's) goes. */
int lyap_processors(void);

#endif
