#!/bin/sh
# Every public header alone as C11 and as C++11, with warnings as errors; then a C++ program that links with the library given
# and runs. $CC and $CXX are the compilers, the arguments the library and what it is linked with. Without a C++ compiler the C
# part alone.
set -eu
flags='-Wall -Wextra -Wpedantic -Werror -Iinclude'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
have_cxx=''
if command -v "${CXX%% *}" > /dev/null 2>&1; then have_cxx=yes; fi
count=0
for header in include/lyapgrad/*.h; do
    name=lyapgrad/${header##*/}
    # Twice: the guard holds.
    printf '#include "%s"\n#include "%s"\nint main(void) { return 0; }\n' "$name" "$name" > "$work/alone.c"
    # shellcheck disable=SC2086 # flags are words
    $CC -x c -std=c11 $flags -fsyntax-only "$work/alone.c" || { echo "check-headers: $name is no C11 by itself" >&2; exit 1; }
    # shellcheck disable=SC2086
    [ -z "$have_cxx" ] || $CXX -x c++ -std=c++11 $flags -fsyntax-only "$work/alone.c" ||
        { echo "check-headers: $name is no C++11 by itself" >&2; exit 1; }
    count=$((count + 1))
done
if [ -z "$have_cxx" ]; then
    echo "check-headers: $count headers as C11; no C++ compiler ($CXX), so none as C++"
    exit 0
fi
# shellcheck disable=SC2086
$CXX -std=c++11 $flags -o "$work/program" tests/headers/program.cc "$@"
# shellcheck disable=SC2086 # the wrapper is a command with arguments
${EXEC_WRAPPER-} "$work/program"
echo "check-headers: $count headers as C11 and C++11, a C++ program links and runs"
