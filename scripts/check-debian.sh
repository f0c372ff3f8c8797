#!/bin/sh
# Builds and tests HEAD on a Debian suite: check-debian.sh SUITE DIRECTORY [brief]. DIRECTORY/base is the bootstrapped suite, kept for
# the next run; DIRECTORY/root, fresh in every run, is a copy of it with a clone of HEAD. There `make` alone is installed by hand: the rest,
# the compiler too, must come with `make deps`. brief leaves out `make check`. $MIRROR is the Debian mirror, by default that of this
# machine's own sources.
set -eu
fail() {
    echo "check-debian: $*" >&2
    exit 1
}
suite=${1-} place=${2-} extent=${3-}
case $suite in '' | *[!a-z0-9.-]*) fail "SUITE is '$suite': it names a Debian suite, such as trixie or sid" ;; esac
case $extent in '' | brief) ;; *) fail "DEBIAN_CHECK is '$extent': allowed are brief and nothing" ;; esac

# What mounts and runs there does so in a mount and a process namespace of its own, which end together with it. However this ends,
# no mount and no process is left, and from outside the mounts are never seen, so that `make clean` cannot reach across one.
if [ "${CHECK_DEBIAN_INSIDE-}" != yes ]; then
    if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap > /dev/null 2>&1 || ! command -v unshare > /dev/null 2>&1; then
        fail 'needs root and debootstrap (Debian, Ubuntu: apt-get install debootstrap)'
    fi
    git rev-parse --verify --quiet HEAD > /dev/null || fail 'needs a git clone of the tree: it tests HEAD'
    [ -z "$(git status --porcelain)" ] || echo 'check-debian: warning: uncommitted changes are not in HEAD, and so not tested' >&2
    child=''
    # shellcheck disable=SC2317 # the traps call it
    ended() { # ended STATUS: by a signal
        trap '' INT TERM HUP
        if [ -n "$child" ]; then
            kill -KILL "$child" 2> /dev/null || true
            wait "$child" 2> /dev/null || true
        fi
        exit "$1"
    }
    trap 'ended 130' INT
    trap 'ended 143' TERM
    trap 'ended 129' HUP
    CHECK_DEBIAN_INSIDE=yes setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork --kill-child sh "$0" "$suite" "$place" "$extent" &
    child=$!
    status=0
    wait "$child" || status=$?
    exit "$status"
fi

mkdir -p "$place"
place=$(cd "$place" && pwd -P)
base=$place/base root=$place/root log=$place/log
# Two runs in one directory would take it away from each other. The lock ends with its holder.
exec 9> "$place/lock"
flock -n 9 || fail "another run is at work in $place"
begin=$(date +%s)
# What it runs must hold together by && and return a status: behind || a shell does not stop at errors.
quietly() { # quietly TITLE COMMAND...
    echo "== $suite: $1 ($(($(date +%s) - begin)) s)"
    shift
    "$@" > "$log" 2>&1 || {
        grep -E ':[FE]:|: ended with status|([Ee]rror|warning): |\*\*\* ' "$log" | head -n 30 >&2 || true
        grep -vE '^(Setting up|Unpacking|Preparing|Selecting|.Reading|cc ) ' "$log" | tail -n 20 >&2
        fail "failed on $suite: $* (all of it is in $log)"
    }
}
inside() { # inside COMMAND...: in the suite, in the clone
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} sh -c 'cd /lyapgrad && exec "$@"' sh "$@"
}

# The mirror of this machine's own Debian sources, or nothing: debootstrap has one.
own_mirror() {
    # shellcheck disable=SC2016 # apt's own fields
    apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2> /dev/null | head -n 1 || true
}
discard() { # removes one of our directories, never what is mounted below it
    if grep -qF " $1/" /proc/self/mountinfo; then
        echo "something is mounted below $1: unmount it first"
        return 1
    fi
    rm -rf --one-file-system "$1"
}
bootstrap() {
    mirror=${MIRROR:-$(own_mirror)}
    script=''
    for scripts in /usr/share/debootstrap/scripts /usr/local/share/debootstrap/scripts; do
        # A suite newer than debootstrap is made like sid.
        if [ -e "$scripts/sid" ] && [ ! -e "$scripts/$suite" ]; then script=$scripts/sid; fi
    done
    # shellcheck disable=SC2086 # each is one word or none
    discard "$base.new" && debootstrap --variant=minbase --include=ca-certificates "$suite" "$base.new" $mirror $script &&
        # A mirror may be a few days behind, and sid's lists are valid for a few days.
        echo 'Acquire::Check-Valid-Until "false";' > "$base.new/etc/apt/apt.conf.d/99check-debian" &&
        mv "$base.new" "$base"
}
prepare() {
    discard "$root" && cp -a --one-file-system "$base" "$root" &&
        git clone --quiet --no-hardlinks . "$root/lyapgrad" &&
        [ "$(git rev-parse HEAD)" = "$(git -C "$root/lyapgrad" rev-parse HEAD)" ] &&
        mount -t proc proc "$root/proc" &&
        mount --bind /dev "$root/dev" &&
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" &&
        mount -t tmpfs tmpfs "$root/dev/shm" &&
        inside apt-get update -qq &&
        inside apt-get dist-upgrade -y -qq &&
        inside apt-get install -y -qq --no-install-recommends make
}

[ -d "$base" ] || quietly "debootstrap" bootstrap
quietly "a fresh copy of it with a clone of HEAD, and make" prepare
jobs=-j$(getconf _NPROCESSORS_ONLN)
quietly "make deps reproduce, warnings are errors" inside make "$jobs" WERROR=1 deps reproduce
for figure in LyapunovVsLoss LyapunovVsLoss-1000 DistanceVsEpochs LyapkVsEpochs LossVsEpochs LyapunovVsLearningRate; do
    for ending in csv gp png svg; do
        [ -s "$root/lyapgrad/out/paper/$figure.$ending" ] || fail "make reproduce left no out/paper/$figure.$ending on $suite"
    done
done
quietly "all test programs and the benchmark, warnings are errors" inside make "$jobs" WERROR=1 programs test-programs build/lyapgrad-bench
inside cc --version | head -n 1
inside gnuplot --version
inside make -s info | grep '^SLEEF'
quietly "lyapgrad verify" inside build/lyapgrad verify
cat "$log"
if [ -z "$extent" ]; then
    quietly "make check" inside make "$jobs" WERROR=1 check
    grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1
fi
echo "check-debian: ok on $suite, $(($(date +%s) - begin)) s; what it built is in $root/lyapgrad"
