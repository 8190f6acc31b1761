#!/usr/bin/env bash
# What becomes of the service, from start to purge: run by tests/system/package.sh
# in the machine that it has booted, as root.
set -Eeuo pipefail
trap 'echo "failed at line $LINENO: $BASH_COMMAND"; journalctl -qb -u onebus -n 40 || true' ERR

SETTINGS=/etc/onebus/onebus.json
DROP_IN=/run/systemd/system/onebus.service.d

say() {
    echo "- $*"
}

# await COMMAND…: until it succeeds.
await() {
    local i
    for ((i = 0; i < 200; i++)); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    "$@"
}

# The shell overlooks a `!` that fails.
not() {
    if "$@"; then
        return 1
    fi
}

property() {
    systemctl show --value -p "$1" onebus
}

is() {
    [ "$(property "$1")" = "$2" ]
}

# is_said SINCE PART: in the service's log.
is_said() {
    journalctl -qb -u onebus -o cat --since "@$1" | grep -F "$2" >/dev/null
}

# The first line of the answer to an opening of a WebSocket.
open_link() {
    exec 3<>/dev/tcp/127.0.0.1/3001
    printf '%s\r\n' 'GET /onebot/v11/ws HTTP/1.1' 'Host: 127.0.0.1' \
        'Connection: Upgrade' 'Upgrade: websocket' 'Sec-WebSocket-Version: 13' \
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' "$@" '' >&3
    timeout 10 head -n 1 <&3
    exec 3<&-
}

drop_in() {
    mkdir -p $DROP_IN
    printf '%s\n' '[Service]' "${@:2}" >"$DROP_IN/$1.conf"
    systemctl daemon-reload
}

starts_with_the_machine() {
    say "it starts with the machine, as its own user"
    await systemctl is-active onebus
    is NRestarts 0
    [ "$(stat -c %U "/proc/$(property MainPID)")" = onebus ]
    await eval 'property StatusText | grep "QQ online on 0 of 1 accounts"'
    onebus call bridge.ping >/dev/null
    [ "$(stat -c '%U %a' /var/lib/onebus)" = "onebus 700" ]
    [ "$(stat -c '%U' /var/lib/onebus/journal.db)" = onebus ]
    [ "$(stat -c '%U:%G %a' $SETTINGS)" = "root:onebus 640" ]
    [ "$(open_link)" = $'HTTP/1.1 101 Switching Protocols\r' ]
    # Nothing that it wanted to do was forbidden.
    not is_said 0 '"level":"warn"'
    not is_said 0 '"level":"error"'
    # NNG's threads, for throughput.
    chrt -a -p "$(property MainPID)" | grep SCHED_BATCH >/dev/null
}

reloads() {
    local pid since
    say "it reads its settings again when asked to"
    pid=$(property MainPID)
    since=$(date +%s)
    sed -i 's/"groupPolicy": "allowlist"/"groupPolicy": "open"/' $SETTINGS
    systemctl reload onebus
    await is_said "$since" "default.groupPolicy"
    is MainPID "$pid"
    await systemctl is-active onebus
}

takes_a_credential() {
    say "it takes a secret from systemd"
    install -d -m 0700 /etc/credstore
    (umask 077 && echo open-sesame >/etc/credstore/napcat)
    drop_in credential LoadCredential=napcat:/etc/credstore/napcat \
        Environment=ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKENFILE=%d/napcat
    systemctl restart onebus
    [[ $(open_link) == HTTP/1.?" 401 "* ]]
    [[ $(open_link 'Authorization: Bearer open-sesame') == HTTP/1.?" 101 "* ]]
}

is_found_when_it_hangs() {
    local pid
    say "when it hangs it is ended and started again"
    drop_in watchdog WatchdogSec=1s
    systemctl restart onebus
    pid=$(property MainPID)
    sleep 3 # of signs of life
    is MainPID "$pid"
    kill -STOP "$pid"
    await is NRestarts 1
    await systemctl is-active onebus
    rm -r $DROP_IN
    systemctl daemon-reload
}

comes_back() {
    say "when it is killed it comes back"
    systemctl restart onebus
    kill -KILL "$(property MainPID)"
    await is NRestarts 1
    await systemctl is-active onebus
}

ends_with_wrong_settings() {
    say "with wrong settings it ends, and is not tried again and again"
    cp -p $SETTINGS /tmp/settings
    sed -i 's/"wsPort"/"wsPrt"/' $SETTINGS
    not systemctl restart onebus 2>/dev/null
    await is ActiveState failed
    is ExecMainStatus 78
    is NRestarts 0
    cp -p /tmp/settings $SETTINGS
    systemctl start onebus
}

is_upgraded() {
    local pid epoch
    say "an upgrade starts it anew, with its settings and its journal"
    pid=$(property MainPID)
    epoch=$(onebus call bridge.ping | grep -o '"epoch":"[^"]*"')
    dpkg --install /onebus.deb >/dev/null
    await systemctl is-active onebus
    not is MainPID "$pid"
    grep -q '"groupPolicy": "open"' $SETTINGS
    [ "$(stat -c '%U:%G %a' $SETTINGS)" = "root:onebus 640" ]
    onebus call bridge.ping | grep -F "$epoch" >/dev/null
}

stays_disabled() {
    say "who has disabled it finds it disabled after an upgrade"
    systemctl -q disable --now onebus
    dpkg --install /onebus.deb >/dev/null
    not systemctl -q is-enabled onebus
    is ActiveState inactive
    systemctl -q enable --now onebus
}

is_removed() {
    say "removal ends it and keeps settings and state"
    dpkg --remove onebus >/dev/null
    is ActiveState inactive # and not failed
    [ -f $SETTINGS ]
    [ -f /var/lib/onebus/journal.db ]
    not [ -e /usr/bin/onebus ]
    not grep -qsx onebus /proc/[0-9]*/comm
}

is_purged() {
    local left
    say "purge leaves nothing"
    dpkg --purge onebus >/dev/null
    systemctl daemon-reload
    left=$(find / -xdev -name '*onebus*' -not -path '/proc/*' -not -path '/sys/*' \
        -not -path /onebus.deb)
    [ -z "$left" ] || {
        echo "$left"
        false
    }
    not grep onebus /etc/passwd /etc/group /etc/shadow
}

starts_with_the_machine
reloads
takes_a_credential
is_found_when_it_hangs
comes_back
ends_with_wrong_settings
is_upgraded
stays_disabled
is_removed
is_purged
say "all is well"
