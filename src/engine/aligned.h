/* Memory for the kernels. */
#ifndef LYAP_ENGINE_ALIGNED_H
#define LYAP_ENGINE_ALIGNED_H

#include <stddef.h>

/* Aligned memory, zeroed; NULL when count * size overflows or exceeds the machine's memory, or there is none. Free with
 * free(). */
void *lyap_aligned(size_t count, size_t size);

#endif
