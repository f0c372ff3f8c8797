#!/bin/sh
# Installs what building, testing and drawing need, where it is missing: a C compiler, pkg-config, SLEEF, Check, gnuplot,
# zlib.
set -eu
sudo=''
[ "$(id -u)" -eq 0 ] || sudo='sudo'
cc=${CC:-cc}

have_c() { # have_c HEADER
    # shellcheck disable=SC2086 # nothing, or one flag
    printf '#include <stddef.h>\n#include <%s>\nint main(void) { return 0; }\n' "$1" |
        "$cc" -x c - -fsyntax-only $brew_include > /dev/null 2>&1
}
brew_include=''
if command -v brew > /dev/null 2>&1; then brew_include="-I$(brew --prefix)/include"; fi

missing=''
command -v "$cc" > /dev/null 2>&1 || missing="$missing compiler"
command -v pkg-config > /dev/null 2>&1 || missing="$missing pkg-config"
have_c sleef.h || missing="$missing sleef"
have_c check.h || missing="$missing check"
command -v gnuplot > /dev/null 2>&1 || missing="$missing gnuplot"
have_c zlib.h || missing="$missing zlib"
if [ -z "$missing" ]; then
    echo 'deps: nothing to install'
    exit 0
fi
echo "deps: missing:$missing"

names() { # names COMPILER PKGCONFIG SLEEF CHECK GNUPLOT ZLIB: the packages for what is missing
    for item in $missing; do
        case $item in
            compiler) echo "$1" ;;
            pkg-config) echo "$2" ;;
            sleef) echo "$3" ;;
            check) echo "$4" ;;
            gnuplot) echo "$5" ;;
            zlib) echo "$6" ;;
        esac
    done
}
# shellcheck disable=SC2046 # package names are words
if command -v apt-get > /dev/null 2>&1; then
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $(names 'gcc libc6-dev' pkg-config libsleef-dev check gnuplot-nox zlib1g-dev)
elif command -v dnf > /dev/null 2>&1; then
    $sudo dnf install -y $(names gcc pkgconf-pkg-config sleef-devel check-devel gnuplot zlib-devel)
elif command -v pacman > /dev/null 2>&1; then
    $sudo pacman -S --needed --noconfirm $(names gcc pkgconf sleef check gnuplot zlib)
elif command -v brew > /dev/null 2>&1; then
    # Apple's compiler comes with the command line tools.
    brew install $(names gcc pkg-config sleef check gnuplot zlib)
else
    echo 'deps: no apt-get, dnf, pacman or brew here. Install a C compiler, pkg-config, SLEEF 3.5 or newer (sleef.org),' >&2
    echo 'Check (libcheck.github.io/check), gnuplot (gnuplot.info) and zlib (zlib.net), then run make again.' >&2
    exit 1
fi
