/* The processors that this process may run on. */
#ifndef LYAP_BASE_PROCESSORS_H
#define LYAP_BASE_PROCESSORS_H

/* Their number, at least 1. */
int lyap_processors(void);

#endif
