#!/usr/bin/env bash
# Run a command in a root: tests/system/within.sh [--bind FROM:TO] … ROOT
# COMMAND [ARGUMENT …]
#
# ROOT is the folder of an unpacked tarball of tests/system/root.sh. The command
# has processes and mounts of its own, and this machine's network: when it ends,
# all that it has started ends, and nothing stays mounted. --bind puts a folder of
# this machine there, to be read. To be run as root.
set -euo pipefail

usage() {
    echo "Usage: tests/system/within.sh [--bind FROM:TO] … ROOT COMMAND …" >&2
    exit 2
}

# In the namespaces: what a root needs to be lived in.
furnish() {
    local root=$1 bind
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    for bind in "${binds[@]}"; do
        mkdir -p "$root${bind#*:}"
        mount --bind "${bind%%:*}" "$root${bind#*:}"
        mount -o remount,bind,ro "$root${bind#*:}"
    done
}

parse() {
    while [ "${1:-}" = --bind ]; do
        [ -d "${2%%:*}" ] || usage
        binds+=("$2")
        shift 2
    done
    [ $# -ge 2 ] || usage
    root=$1
    command=("${@:2}")
}

binds=()
if [ "${1:-}" = --inside ]; then
    parse "${@:2}"
    furnish "$root"
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        chroot "$root" "${command[@]}"
fi
parse "$@"
exec unshare --mount --pid --fork --kill-child "${BASH_SOURCE[0]}" --inside "$@"
