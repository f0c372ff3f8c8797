#!/bin/sh
# Style and static analysis of the files given, with each tool that is installed.
set -eu
jobs=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)
have() { command -v "$1" > /dev/null 2>&1 || { echo "lint: $1 not installed, skipped"; return 1; }; }
if have clang-format; then clang-format --dry-run -Werror "$@"; fi
if have shellcheck; then shellcheck scripts/*.sh; fi
if have cppcheck; then
    cppcheck -q -j "$jobs" --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem -Iinclude -Isrc -I. src bench
fi
if have clang-tidy; then
    # The analyser follows the paths of a function until it has this many states; with its default, three times as many, it takes most of the time
    # of all checks.
    find src simd/isa/dispatch.c -name '*.c' | LC_ALL=C sort |
        xargs -P "$jobs" -n 6 sh -c 'clang-tidy -quiet "$@" -- -std=c11 -D_POSIX_C_SOURCE=200809L -Iinclude -iquote src -iquote . \
            -Xclang -analyzer-config -Xclang max-nodes=75000' clang-tidy
fi
echo 'lint: ok'
