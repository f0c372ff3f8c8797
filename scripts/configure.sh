#!/bin/sh
# Finds SLEEF, Check and zlib for $CC and prints make variables. Fails with one line when SLEEF is missing.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compiles() { # compiles FLAGS... < source : a program builds and links
    cat > "$work/t.c"
    "$CC" "$work/t.c" -o "$work/t" "$@" > /dev/null 2>&1
}

sleef_package() {
    if command -v apt-get > /dev/null 2>&1; then echo "apt-get install libsleef-dev"
    elif command -v dnf > /dev/null 2>&1; then echo "dnf install sleef-devel"
    elif command -v pacman > /dev/null 2>&1; then echo "pacman -S sleef"
    elif command -v brew > /dev/null 2>&1; then echo "brew install sleef"
    else echo "install SLEEF 3.5 or newer (https://sleef.org)"; fi
}

sleef_test='#include <sleef.h>
int main(void) { return Sleef_finz_expd1_u10purecfma(0) == 1 ? 0 : 1; }'
sleef_cflags='' sleef_libs='-lsleef' how='-lsleef'
if [ -z "$CROSS" ] && $PKG_CONFIG --exists sleef 2> /dev/null; then
    sleef_cflags=$($PKG_CONFIG --cflags sleef)
    sleef_libs=$($PKG_CONFIG --libs sleef)
    how='pkg-config'
elif command -v brew > /dev/null 2>&1 && [ -d "$(brew --prefix)/include" ]; then
    sleef_cflags="-I$(brew --prefix)/include"
    sleef_libs="-L$(brew --prefix)/lib -lsleef"
    how='Homebrew'
fi
# shellcheck disable=SC2086 # flags are words
if ! echo "$sleef_test" | compiles $sleef_cflags ${CPPFLAGS-} ${LDFLAGS-} $sleef_libs -lm; then
    echo "lyapgrad needs SLEEF's vector mathematics: run 'make deps', or: $(sleef_package)" >&2
    exit 1
fi
# shellcheck disable=SC2086
version=$(printf '#include <sleef.h>\nLYAP SLEEF_VERSION_MAJOR.SLEEF_VERSION_MINOR.SLEEF_VERSION_PATCHLEVEL\n' |
    "$CC" $sleef_cflags -x c -P -E - 2> /dev/null | sed -n 's/^LYAP *//p' | tr -d ' ')

if [ -z "$CROSS" ] && $PKG_CONFIG --exists check 2> /dev/null; then
    check_cflags=$($PKG_CONFIG --cflags check)
    check_libs=$($PKG_CONFIG --libs check)
else
    check_cflags=''
    check_libs='-lcheck -lm'
    for extra in '-lsubunit -lrt -lpthread' '-lrt -lpthread' '-lpthread'; do
        # shellcheck disable=SC2086
        if printf '#include <check.h>\nint main(void) { return suite_create("") == 0; }\n' |
            compiles $sleef_cflags -lcheck $extra -lm; then
            check_libs="-lcheck $extra -lm"
            break
        fi
    done
fi

# Tests alone need Check: its absence is told when they are asked for.
have_check=''
# shellcheck disable=SC2086
if printf '#include <check.h>\nint main(void) { return suite_create("") == 0; }\n' |
    compiles $check_cflags $sleef_cflags ${CPPFLAGS-} ${LDFLAGS-} $check_libs; then
    have_check=yes
fi

# One test refuses allocations, and reaches them through the linker.
wrap=''
for name in malloc calloc realloc aligned_alloc free strdup realpath open_memstream fopen fdopen fclose tmpfile opendir; do
    wrap="$wrap -Wl,--wrap=$name"
done
# shellcheck disable=SC2086
echo 'int main(void) { return 0; }' | compiles $wrap || wrap=''

# gzip-compressed data need zlib; without it they are refused, and all else is as it was.
zlib_test='#include <zlib.h>
int main(void) { return zlibVersion()[0] != ZLIB_VERSION[0]; }'
zlib_libs='' have_zlib=''
found_libs='-lz'
if [ -z "$CROSS" ]; then found_libs=$($PKG_CONFIG --libs zlib 2> /dev/null || echo -lz); fi
# shellcheck disable=SC2086
if echo "$zlib_test" | compiles ${CPPFLAGS-} ${LDFLAGS-} $found_libs; then
    zlib_libs=$found_libs
    have_zlib=yes
fi

# The benchmark's plain loops get what the compiler does best for this CPU, without relaxing its arithmetic.
native_flags='-O3 -ffp-contract=fast'
for flag in -march=native -mcpu=native; do
    if [ -z "$CROSS" ] && echo 'int main(void) { return 0; }' | compiles $flag; then
        native_flags="-O3 $flag -ffp-contract=fast"
        break
    fi
done

# OpenBLAS is a peer of the benchmark alone; without it that has a row less.
openblas_test='#include <cblas.h>
int main(void) { openblas_set_num_threads(1); return openblas_get_corename() == 0; }'
openblas_cflags='' openblas_libs=''
if [ -z "$CROSS" ]; then
    found_cflags=$($PKG_CONFIG --cflags openblas 2> /dev/null || true)
    found_libs=$($PKG_CONFIG --libs openblas 2> /dev/null || echo -lopenblas)
    # shellcheck disable=SC2086
    if echo "$openblas_test" | compiles $found_cflags $found_libs; then
        openblas_cflags="-DBENCH_OPENBLAS_FOUND $found_cflags"
        openblas_libs=$found_libs
    fi
fi

cat << END
SLEEF_CFLAGS := $sleef_cflags
SLEEF_LIBS := $sleef_libs
SLEEF_VERSION := $version
SLEEF_HOW := $how
CHECK_CFLAGS := $check_cflags
CHECK_LIBS := $check_libs
HAVE_CHECK := $have_check
WRAP := $wrap
HAVE_ZLIB := $have_zlib
ZLIB_LIBS := $zlib_libs
NATIVE_FLAGS := $native_flags
OPENBLAS_CFLAGS := $openblas_cflags
OPENBLAS_LIBS := $openblas_libs
END
