/* The version of the library and of the SLEEF it was built with. */
#ifndef LYAPGRAD_VERSION_H
#define LYAPGRAD_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

#define LYAPGRAD_VERSION "0.1.0"

/* LYAPGRAD_VERSION of the library that is linked. */
const char *lyap_version(void);

/* "3.5.1": SLEEF's version at build time. Golden digests are kept per SLEEF version. */
const char *lyap_sleef_version(void);

/* "1.2.13": the version of zlib that reads gzip-compressed data; NULL in a library built without it. */
const char *lyap_zlib_version(void);

/* "gcc 12.2.0": what the library was built with. */
const char *lyap_compiler(void);

/* The number of threads of a plan that asks for 0: the first number of the environment variable OMP_NUM_THREADS where that is 1 ..
 * LYAP_MOST_THREADS, else the processors that the process may run on. At least 1. */
enum { LYAP_MOST_THREADS = 4096 };
int lyap_max_threads(void);

#ifdef __cplusplus
}
#endif
#endif
