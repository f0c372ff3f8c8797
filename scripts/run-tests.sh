#!/bin/sh
# Runs the Check programs given, $JOBS at a time (by default one more than there are cores: some wait for a disk, a picture or a signal), the long
# ones first, prefixed by $EXEC_WRAPPER, and closes with the totals over all of them. A test that cannot run says "skipped: TEST: REASON" (tests/skip.h) and, passed by Check, counts as skipped;
# one that leaves something out says "skipped in part: TEST: REASON".
set -u
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs one program: its log, then "passed failed skipped in-part" in a file of its own.
if [ "${1-}" = --one ]; then
    rm -rf "$logs"
    logs=$2 program=$3
    trap - EXIT
    name=$(basename "$program")
    begin=$(date +%s)
    # shellcheck disable=SC2086 # the wrapper is a command with arguments
    ${EXEC_WRAPPER-} "$program" > "$logs/$name.log" 2>&1
    status=$?
    line=$(grep -E '^[0-9]+%: Checks: ' "$logs/$name.log" | tail -n 1)
    checks=$(echo "$line" | sed -n 's/.*Checks: \([0-9]*\),.*/\1/p')
    bad=$(echo "$line" | sed -n 's/.*Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 + \2/p')
    bad=$((${bad:-0}))
    if [ -z "$checks" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
        echo "$program: ended with status $status" >> "$logs/$name.log"
        checks=$((${checks:-0} + 1)) bad=$((bad + 1))
    fi
    skipped=$(grep -c '^skipped: ' "$logs/$name.log")
    part=$(grep '^skipped in part: ' "$logs/$name.log" | sort -u | wc -l)
    [ "$checks" -ge $((bad + skipped)) ] || checks=$((bad + skipped)) # a program without tests says why it has none
    echo "$name: $(($(date +%s) - begin)) s" >> "$logs/$name.log"
    until mkdir "$logs/printing" 2> /dev/null; do sleep 0.1; done # one at a time, or their lines would mix
    cat "$logs/$name.log"
    rmdir "$logs/printing"
    echo "$((checks - bad - skipped)) $bad $skipped $((part))" > "$logs/$name.total"
    exit 0
fi

# Thousands of small files are written and flushed: in memory a flush costs nothing, where there is room for them and programs may lie there.
memory=/dev/shm
if [ -z "${TMPDIR-}" ] && [ -d $memory ] && [ "$(df -Pk $memory | awk 'END { print $4 }')" -gt 1000000 ]; then
    probe=$(mktemp $memory/lyapgrad-probe-XXXXXX 2> /dev/null) &&
        printf '#!/bin/sh\n' > "$probe" && chmod +x "$probe" && "$probe" 2> /dev/null && export TMPDIR=$memory
    rm -f "$probe"
fi

# Longest first, so that none is left to run alone at the end.
long='tables report_further regime optimiser examples allocation_commands bench cli_failure cli_checkpoint spread cli_progress ensemble report_verdicts
    series cli_commands gnuplot cli_select verify reproduce cli_overwriting matrix corpus tangent spectrum allocation cli_checkpoint_refused checkpoint'
in_order() {
    for program in "$@"; do echo "${program##*/check_} $program"; done |
        awk -v long="$(echo "$long" | tr '\n' ' ')" '
            BEGIN { n = split(long, names, " "); for (i = 1; i <= n; i++) place[names[i]] = i }
            { print ($1 in place ? place[$1] : n + 1), $2 }' | sort -n | cut -d ' ' -f 2-
}
jobs=${JOBS:-$(($(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1) + 1))}
[ $# -gt 0 ] && in_order "$@" | xargs -P "$jobs" -n 1 sh "$0" --one "$logs"
cat "$logs"/*.total 2> /dev/null | awk -v programs=$# '
    { passed += $1; failed += $2; skipped += $3; part += $4 }
    END {
        if (NR < programs) failed += programs - NR
        if (part) print part " reasons to leave out a part of a test, at \"skipped in part\" above"
        print passed + 0 " passed, " failed + 0 " failed, " skipped + 0 " skipped"
        exit !(passed > 0 && failed == 0)
    }'
