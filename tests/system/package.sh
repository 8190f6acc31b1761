#!/usr/bin/env bash
# Try a Debian package: tests/system/package.sh PACKAGE.deb
#
# In a bare Debian of this machine's own suite: apt installs it with what it
# depends on, and then systemd is booted there, with a network of its own that
# leads nowhere, and tests/system/package_inside.sh lives through what becomes of
# a service: start, reload, hang, wrong settings, upgrade, removal, purge. To be
# run as root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

BOOT_SECONDS=240

install_package() {
    tests/system/within.sh "$root" sh -euc '
        apt-get update -qq
        apt-get install -qq -y ./onebus.deb systemd-sysv libpam-systemd- \
            >/var/log/install.log 2>&1 || { cat /var/log/install.log; exit 1; }
        onebus version | grep libnats
        onebus check
        systemd-analyze verify --man=no onebus.service
        systemctl is-enabled onebus
        systemd-analyze security --offline=true --threshold=15 onebus.service |
            tail -n 1'
}

# What is said there is told here line by line.
boot() {
    local unit=$root/etc/systemd/system/try.service
    cp tests/system/package_inside.sh "$root/try.sh"
    cat >"$unit" <<'END'
[Unit]
SuccessAction=exit
FailureAction=exit
[Service]
Type=oneshot
ExecStart=/bin/bash /try.sh
StandardOutput=file:/try.log
StandardError=inherit
[Install]
WantedBy=multi-user.target
END
    tests/system/within.sh "$root" systemctl -q enable try.service
    # cgroups as systemd is used to by now, whatever this machine has.
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout --foreground $BOOT_SECONDS \
        systemd-nspawn --quiet --register=no --keep-unit --private-network \
        --machine="onebus-package-$$" --directory="$root" --boot \
        </dev/null >"$root/boot.log" 2>&1
}

main() {
    [ $# = 1 ] || {
        echo "Usage: tests/system/package.sh PACKAGE.deb" >&2
        exit 2
    }
    local failed=0 suite
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    root=$(mktemp -d "$PWD/build/package.XXXXXX")
    trap 'rm -rf --one-file-system "$root"' EXIT
    tar -C "$root" -xpf "$(tests/system/root.sh "$suite")"
    cp "$1" "$root/onebus.deb"
    install_package
    boot || failed=1
    cat "$root/try.log" || tail -n 20 "$root/boot.log"
    return $failed
}
main "$@"
