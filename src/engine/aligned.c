#include "engine/aligned.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "simd/kernels.h"

void *lyap_aligned(size_t count, size_t size) {
    if (size && count > (SIZE_MAX - LYAP_ALIGNMENT) / size) return NULL;
    size_t bytes = (count * size + LYAP_ALIGNMENT - 1) / LYAP_ALIGNMENT * LYAP_ALIGNMENT;
    if (!lyap_memory_fits((double)bytes)) return NULL;
    void *memory = aligned_alloc(LYAP_ALIGNMENT, bytes ? bytes : LYAP_ALIGNMENT);
    if (memory) memset(memory, 0, bytes);
    return memory;
}
