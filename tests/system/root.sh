#!/usr/bin/env bash
# Make the root of a bare Debian: tests/system/root.sh SUITE [PACKAGE …]
#
# Prints the path of a tarball, build/roots/SUITE-….tar, with the essential
# packages, apt and those that are named. It has the sources, keys and proxy that
# this machine's own apt uses, for another suite as well. One that was made in
# the last half day is taken again; two who ask at the same time share one.
# To be run as root, with mmdebstrap installed.
#
# To work in it: tests/system/within.sh. As a container image:
#
#     docker import "$(tests/system/root.sh bookworm)" IMAGE
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

ROOTS=build/roots
FRESH_MINUTES=720

# Where this machine's apt fetches from: address, release and component a line.
own_sources() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' | sort -u
}

# The same for SUITE, with its updates; a suite that never stands still has none.
sources_of() {
    local suite=$1 own address release component
    own=$(. /etc/os-release && echo "$VERSION_CODENAME")
    while read -r address release component; do
        case $release in
        "$own") echo "deb $address $suite $component" ;;
        "$own"-*)
            [ "$suite" = sid ] ||
                echo "deb $address $suite-${release#*-} $component"
            ;;
        esac
    done < <(own_sources)
}

# What this machine's apt has to mind to fetch anything.
apt_options() {
    apt-config dump | grep -E '^Acquire::(https?|Check-|ForceIP|Retries)' || true
    echo 'Acquire::Languages "none";'
    echo 'APT::Install-Recommends "false";'
}

make_root() {
    local suite=$1 tarball=$2 packages
    packages=$(IFS=, && echo "${*:3}")
    apt_options >"$tarball.conf"
    sources_of "$suite" | mmdebstrap --quiet --variant=minbase \
        --format=tar ${packages:+--include="$packages"} \
        --aptopt="$tarball.conf" --dpkgopt=force-unsafe-io \
        --customize-hook='mkdir -p "$1/etc/ssl/certs"' \
        --customize-hook='copy-in /etc/apt/trusted.gpg.d /etc/apt' \
        --customize-hook='copy-in /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs' \
        "$suite" "$tarball.part" - >&2
    rm "$tarball.conf"
    mv "$tarball.part" "$tarball"
}

main() {
    [ $# -ge 1 ] || {
        echo "Usage: tests/system/root.sh SUITE [PACKAGE …]" >&2
        exit 2
    }
    local key tarball
    mkdir -p $ROOTS
    find $ROOTS -name '*.tar*' -mmin +$FRESH_MINUTES -delete
    key=$({ echo "$@" && sources_of "$1"; } | sha256sum | head -c 12)
    tarball=$ROOTS/$1-$key.tar
    exec 9>"$ROOTS/$1-$key.lock"
    flock 9
    [ -f "$tarball" ] || make_root "$1" "$tarball" "${@:2}"
    echo "$PWD/$tarball"
}
main "$@"
