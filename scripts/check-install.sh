#!/bin/sh
# make install puts everything in its place, with and without a command that runs here, and make uninstall leaves no file.
# usage: check-install.sh MAKE COMMAND...
set -eu
make=$1
shift
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
fail() {
    echo "check-install: $*" >&2
    exit 1
}
none_left() {
    "$make" -s uninstall DESTDIR="$place" PREFIX=/usr > /dev/null
    left=$(find "$place" ! -type d)
    [ -z "$left" ] || fail "uninstall left $left"
}
share=$place/usr/share

"$make" -s install DESTDIR="$place" PREFIX=/usr > /dev/null
for file in bin/lyapgrad lib/liblyapgrad.a lib/pkgconfig/lyapgrad.pc include/lyapgrad/lyapgrad.h; do
    [ -s "$place/usr/$file" ] || fail "$file is missing"
done
for topic in man:man/man1/lyapgrad.1 bash:bash-completion/completions/lyapgrad zsh:zsh/site-functions/_lyapgrad; do
    "$@" help "${topic%%:*}" | cmp -s - "$share/${topic#*:}" || fail "${topic#*:} is not what 'help ${topic%%:*}' prints"
done
[ "$(find "$share" ! -type d | wc -l)" -eq 3 ] || fail "share has more than three files"
none_left

said=$("$make" -s install DESTDIR="$place" PREFIX=/usr EXEC_WRAPPER=false)
[ "$said" = "$(echo "$said" | grep 'left out: manual page')" ] || fail "a command that does not run: $said"
[ -s "$place/usr/bin/lyapgrad" ] || fail 'a command that does not run is not installed'
[ ! -e "$share/man/man1/lyapgrad.1" ] || fail 'a manual page without a command that runs'
none_left
echo 'check-install: ok'
