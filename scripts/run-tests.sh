#!/bin/sh
# Runs the Check programs given, prefixed by $EXEC_WRAPPER, and closes with the totals over all of them.
set -u
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for program in "$@"; do
    # shellcheck disable=SC2086 # the wrapper is a command with arguments
    ${EXEC_WRAPPER-} "$program" > "$log" 2>&1
    status=$?
    cat "$log"
    line=$(grep -E '^[0-9]+%: Checks: ' "$log" | tail -n 1)
    checks=$(echo "$line" | sed -n 's/.*Checks: \([0-9]*\),.*/\1/p')
    bad=$(echo "$line" | sed -n 's/.*Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 + \2/p')
    bad=$((${bad:-0}))
    if [ -z "$checks" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
        echo "$program: ended with status $status"
        checks=$((${checks:-0} + 1)) bad=$((bad + 1))
    fi
    passed=$((passed + checks - bad)) failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
