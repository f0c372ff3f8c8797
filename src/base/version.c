/* What this build is made of. */
#include "lyapgrad/version.h"

#include <sleef.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *lyap_version(void) {
    return LYAPGRAD_VERSION;
}

const char *lyap_sleef_version(void) {
    return TEXT(SLEEF_VERSION_MAJOR) "." TEXT(SLEEF_VERSION_MINOR) "." TEXT(SLEEF_VERSION_PATCHLEVEL);
}

const char *lyap_compiler(void) {
#if defined(__apple_build_version__)
    return "Apple clang " TEXT(__clang_major__) "." TEXT(__clang_minor__) "." TEXT(__clang_patchlevel__);
#elif defined(__clang__)
    return "clang " TEXT(__clang_major__) "." TEXT(__clang_minor__) "." TEXT(__clang_patchlevel__);
#elif defined(__GNUC__)
    return "gcc " TEXT(__GNUC__) "." TEXT(__GNUC_MINOR__) "." TEXT(__GNUC_PATCHLEVEL__);
#else
    return "unknown compiler";
#endif
}
