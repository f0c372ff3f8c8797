#!/bin/sh
# Cross-builds into the directory given and runs the tests that depend on the machine and `lyapgrad verify` under qemu, the fixed work and some random
# configurations. Where a native build lies beside the directory, its digest of these configurations must be the same.
set -eu
build=$1
for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
    command -v $tool > /dev/null 2>&1 || { echo "check-arm: $tool is missing: run 'make deps-arm'" >&2; exit 1; }
done
# The loader must be of the same C library build as the libraries: libc6:arm64 has put it at its place in /lib, and the
# cross compiler's copy (QEMU_LD_PREFIX) would loop in fork().
unset QEMU_LD_PREFIX
export CK_TIMEOUT_MULTIPLIER=20 LYAPGRAD_TEST_BRIEF=1
# The scalar kernels are the same source as natively, where they have the full optimisation.
${MAKE:-make} BUILD="$build" CROSS_COMPILE=aarch64-linux-gnu- EXEC_WRAPPER=qemu-aarch64 QUICK_KERNELS=scalar check-machine
qemu-aarch64 "$build/lyapgrad" verify

configurations='--random 60 --seed 1'
native=$(dirname "$build")/lyapgrad
sleef() { sed -n 's/.*(SLEEF \([^,]*\),.*/\1/p'; }
# shellcheck disable=SC2086 # two options
there=$(qemu-aarch64 "$build/lyapgrad" verify $configurations) || { echo "$there"; exit 1; }
echo "$there"
if [ -x "$native" ] && [ "$("$native" --version | sleef)" = "$(qemu-aarch64 "$build/lyapgrad" --version | sleef)" ]; then
    # shellcheck disable=SC2086
    here=$("$native" verify $configurations) || { echo "$here"; exit 1; }
    [ "$(echo "$here" | grep '^digest ')" = "$(echo "$there" | grep '^digest ')" ] ||
        { echo "check-arm: other bits than $native has:"; echo "$here"; exit 1; }
    echo "check-arm: $native has the same digest"
fi
