#!/bin/sh
# Prints lyapgrad.pc for PREFIX and the libraries given.
set -eu
version=$(sed -n 's/^#define LYAPGRAD_VERSION "\(.*\)"/\1/p' include/lyapgrad/version.h)
cat << END
prefix=$1
libdir=\${prefix}/lib
includedir=\${prefix}/include

Name: lyapgrad
Description: Lyapunov exponents of gradient descent on neural-network weights
Version: $version
Cflags: -I\${includedir}
Libs: -L\${libdir} -llyapgrad $2
END
