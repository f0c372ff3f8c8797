#!/bin/sh
# Every source file of the library that calls an allocator has had an allocation refused by one of the programs given, check_allocation
# and its sisters. What runs them is $EXEC_WRAPPER, and with ALLOCATION_REPORT set the report's files count too.
set -eu
list=$(mktemp)
trap 'rm -f "$list" "$list.lines" "$list.files"' EXIT
: > "$list.lines"
for program; do
    : > "$list"
    # shellcheck disable=SC2086 # the wrapper is a command with arguments
    LYAPGRAD_ALLOCATION_SITES=$list ${EXEC_WRAPPER-} "$program" > "$list.files" 2>&1 || { cat "$list.files" >&2; exit 1; }
    [ -s "$list" ] || { echo 'check-allocation-sites: this linker has no --wrap, so nothing was refused'; exit 0; }
    # Return addresses come as distances from main; the call is before them.
    main=$(printf '%d' "0x$(${NM:-nm} "$program" | awk '$3 == "main" { print $1 }')")
    awk -v main="$main" '$2 { printf "0x%x\n", main + $1 - 1 }' "$list" | ${ADDR2LINE:-addr2line} -e "$program" >> "$list.lines"
done
sed 's/:.*//; s|.*/src/|src/|' "$list.lines" | sort -u > "$list.files"
missing=''
for source in src/*/*.c src/*/*/*.c; do
    case $source in
        src/cli/*) continue ;;
        src/report/frame/*) ;;
        src/report/*/*) [ -n "${ALLOCATION_REPORT-}" ] || continue ;;
        src/base/number.c) continue ;; # allocates in a locale with another decimal point alone
        src/stats/quantile_sketch.c) continue ;; # its one function ends in the call, whose place is then that of its caller, the test
    esac
    grep -qE '\b(malloc|calloc|realloc|aligned_alloc|strdup|open_memstream|realpath)\(' "$source" || continue
    grep -qxF "$source" "$list.files" || missing="$missing $source"
done
if [ -n "$missing" ]; then
    echo "check-allocation-sites: no allocation was refused in:$missing" >&2
    exit 1
fi
echo "check-allocation-sites: allocations refused in $(grep -cE . "$list.files") source files, none left out"
