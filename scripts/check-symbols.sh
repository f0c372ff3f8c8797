#!/bin/sh
# Each of the static libraries given defines no global name outside lyap_, and keeps nothing writable; the first of
# them, which is installed, needs no lyap_ name that it does not define. $NM is the lister of symbols.
set -eu
nm=${NM:-nm}
missing=$("$nm" -g "$1" | awk '{ name = $NF; sub(/^_/, "", name) } name !~ /^lyap_/ { next }
    NF == 2 && $1 == "U" { used[name] } NF == 3 { defined[name] } END { for (name in used) if (!(name in defined)) print name }' | sort)
if [ -n "$missing" ]; then
    printf 'check-symbols: %s needs names that it does not define:\n%s\n' "$1" "$missing" >&2
    exit 1
fi
for library; do
    # macOS puts an underscore before every name; compilers add names of their own with two.
    foreign=$("$nm" -g "$library" | awk 'NF == 3 && $2 !~ /^[Uuw]$/ { sub(/^_/, "", $3); print $3 }' | grep -v '^lyap_' |
        grep -vE '^_?_(asan|ubsan|tsan|odr|sanitizer|gcov|llvm)' | sort -u) || true
    if [ -n "$foreign" ]; then
        printf 'check-symbols: %s defines names outside lyap_:\n%s\n' "$library" "$foreign" >&2
        exit 1
    fi
    # Variables that can change: those in .data, .bss and common. Tables with addresses in them are made read-only by the loader
    # (.data.rel.ro).
    state=$("$nm" --format=sysv "$library" 2> /dev/null | tr -d ' ' |
        awk -F '|' '$4 == "OBJECT" && $7 ~ /^\.(data|bss|tdata|tbss)/ && $7 !~ /^\.data\.rel\.ro/ || $7 == "*COM*" { print $1 }' |
        sed 's/\.[0-9]*$//' | sort -u) || true
    if [ -n "$state" ]; then
        printf 'check-symbols: %s has variables that outlive a call:\n%s\n' "$library" "$state" >&2
        exit 1
    fi
    echo "check-symbols: $library: names begin with lyap_, no variable outlives a call"
done
