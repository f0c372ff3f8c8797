#!/bin/sh
# Debian and Ubuntu on x86: installs what `make check-arm` needs, a cross compiler, an emulator and the ARM64 libraries.
set -eu
sudo=''
[ "$(id -u)" -eq 0 ] || sudo='sudo'
if command -v aarch64-linux-gnu-gcc > /dev/null 2>&1 && command -v qemu-aarch64 > /dev/null 2>&1 &&
    [ -e /usr/lib/aarch64-linux-gnu/libsleef.so ] && [ -e /usr/lib/aarch64-linux-gnu/libcheck.a ]; then
    echo 'deps-arm: nothing to install'
    exit 0
fi
if ! command -v dpkg > /dev/null 2>&1; then
    echo 'deps-arm: knows Debian and Ubuntu only; elsewhere install gcc-aarch64-linux-gnu, qemu-user, and SLEEF and Check for ARM64' >&2
    exit 1
fi
$sudo dpkg --add-architecture arm64
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user libsleef-dev:arm64 check:arm64 zlib1g-dev:arm64
