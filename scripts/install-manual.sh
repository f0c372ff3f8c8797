#!/bin/sh
# Installs what the command prints about itself: install-manual.sh SHARE COMMAND..., where COMMAND begins with the wrapper
# that runs it, if there is one. A command that cannot run here (cross-compiled) is no error.
set -eu
share=$1
shift
if ! "$@" --version > /dev/null 2>&1; then
    echo "install: lyapgrad does not run here (EXEC_WRAPPER names what runs it); left out: manual page, completion for bash and zsh"
    exit 0
fi
temporary=
trap 'rm -f "$temporary"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
install_topic() { # TOPIC FILE COMMAND...
    topic=$1 file=$2
    shift 2
    mkdir -p "$(dirname "$file")"
    temporary=$file.tmp
    "$@" help "$topic" > "$temporary"
    mv "$temporary" "$file"
}
install_topic man "$share/man/man1/lyapgrad.1" "$@"
install_topic bash "$share/bash-completion/completions/lyapgrad" "$@"
install_topic zsh "$share/zsh/site-functions/_lyapgrad" "$@"
