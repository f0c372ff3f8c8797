#if defined(__APPLE__)
#define _DARWIN_C_SOURCE /* _SC_PHYS_PAGES */
#endif

#include "base/memory.h"
#include "base/cgroup.h"

#include <unistd.h>

bool lyap_memory_fits(double bytes) {
#ifdef _SC_PHYS_PAGES
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (pages > 0 && size > 0 && bytes > (double)pages * (double)size) return false;
#endif
    return bytes <= lyap_cgroup().bytes;
}
