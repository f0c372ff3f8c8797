/* The kernels of one network on one instruction set and precision; the Makefile compiles this file as it does kernels.c, with the scalar
 * vocabulary. */
typedef int lyap_one_is_empty;
