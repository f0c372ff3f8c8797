#!/bin/sh
# Cross-builds into the directory given and runs all tests and `lyapgrad verify` under qemu.
set -eu
build=$1
for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
    command -v $tool > /dev/null 2>&1 || { echo "check-arm: $tool is missing: run 'make deps-arm'" >&2; exit 1; }
done
# The loader must be of the same C library build as the libraries: libc6:arm64 has put it at its place in /lib, and the
# cross compiler's copy (QEMU_LD_PREFIX) would loop in fork().
unset QEMU_LD_PREFIX
export CK_TIMEOUT_MULTIPLIER=20 LYAPGRAD_TEST_BRIEF=1
set -- BUILD="$build" CROSS_COMPILE=aarch64-linux-gnu- EXEC_WRAPPER=qemu-aarch64
${MAKE:-make} "$@" check
qemu-aarch64 "$build/lyapgrad" verify
