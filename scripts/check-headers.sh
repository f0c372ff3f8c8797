#!/bin/sh
# Every public header alone as C11 and as C++11, with warnings as errors; the examples in their comments as C11; then a C++ program
# that links with the library given and runs. $CC and $CXX are the compilers, the arguments the library and what it is linked with. Without a C++ compiler the C
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

# An example is a block of a comment's lines that are set in, of which one calls a function; "..." stands for the caller's own
# statements, and what the caller has is declared here.
cat > "$work/before" <<'END'
#include <stdio.h>
#include <stdlib.h>

#include "lyapgrad/lyapgrad.h"

extern struct lyap_error error;
extern struct lyap_network net;
extern struct lyap_dataset data;
extern struct lyap_plan plan, settings[4];
extern struct lyap_checkpoint *checkpoint;
extern void *my_context;
extern uint64_t first, count, cells;
extern double x[100];
extern size_t n;
extern enum lyap_isa isa;
extern int threads;
END
examples=0
for header in include/lyapgrad/*.h; do
    name=${header##*/}
    case $name in
        map.h) sink=lyap_map_sink ;;
        bifurcation.h) sink=lyap_bifurcation_sink ;;
        spectrum.h) sink=lyap_spectrum_sink ;;
        *) sink=lyap_sink ;;
    esac
    awk '
        function flush() { if (calls && ends) printf "%s", block; block = ""; calls = ends = 0 }
        /^ \*   / { line = substr($0, 6); block = block line "\n"; calls += line ~ /lyap_[a-z_]+\(/; ends += line ~ /;/; next }
        { flush() }
        END { flush() }' "$header" | sed 's/^ *\.\.\.$//; s/) \.\.\./) { }/' > "$work/lines"
    [ -s "$work/lines" ] || continue
    { cat "$work/before"; printf 'extern %s my_sink;\nvoid example(void);\nvoid example(void) {\n' "$sink"; cat "$work/lines"; echo '}'; } > "$work/example.c"
    # shellcheck disable=SC2086
    $CC -x c -std=c11 $flags -D_POSIX_C_SOURCE=200809L -Wno-unused-variable -Wno-unused-but-set-variable -Wno-empty-body -fsyntax-only \
        "$work/example.c" || { echo "check-headers: the example in the comments of $name does not compile" >&2; exit 1; }
    examples=$((examples + 1))
done
[ "$examples" -ge 12 ] || { echo "check-headers: only $examples examples found in the comments" >&2; exit 1; }
if [ -z "$have_cxx" ]; then
    echo "check-headers: $count headers and $examples examples as C11; no C++ compiler ($CXX), so none as C++"
    exit 0
fi
# shellcheck disable=SC2086
$CXX -std=c++11 $flags -o "$work/program" tests/headers/program.cc "$@"
# shellcheck disable=SC2086 # the wrapper is a command with arguments
${EXEC_WRAPPER-} "$work/program"
echo "check-headers: $count headers as C11 and C++11, $examples examples, a C++ program links and runs"
