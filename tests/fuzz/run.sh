#!/usr/bin/env bash
# Fuzz: tests/fuzz/run.sh --minutes N [--jobs N] [TARGET …]
#
# Runs the fuzzers that are built in build/fuzz, those named or all, so many
# minutes each, as many side by side as there are cores unless --jobs says
# otherwise. They start from the corpus, the regressions and what earlier runs
# kept. The tree is left alone: in build/fuzz/finds/<target> are the inputs
# that reach something new, in build/fuzz/finds/<target>.broken those that
# broke a promise.
# Ends with a table; exits with 1 if there is anything broken.
#
# To take new inputs over into a corpus, by hand and few of them:
#
#     build/fuzz/tests/fuzz/frame_fuzz -merge=1 NEW tests/fuzz/corpus/frame \
#         build/fuzz/finds/frame
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

FUZZERS=build/fuzz/tests/fuzz
FINDS=build/fuzz/finds
BYTES_MAX=4096
SECONDS_PER_INPUT=10

usage() {
    echo "Usage: tests/fuzz/run.sh --minutes N [--jobs N] [TARGET …]" >&2
    printf 'Targets: %s\n' "$(all_targets | tr '\n' ' ')" >&2
    exit 2
}

all_targets() {
    local source
    for source in tests/fuzz/*_fuzz.c; do
        basename "$source" _fuzz.c
    done
}

# The words that the target's inputs are made of.
dictionary_of() {
    case $1 in
    json_read | nats_ack) echo json ;;
    json_write | media) echo msgpack ;;
    summary) echo envelope ;;
    frame | request) echo onebot ;;
    bridge | config | cqcode | envelope | outgoing | ws) echo "$1" ;;
    esac
}

# A statistic that libFuzzer wrote in the end; "?" if it did not come to that.
statistic() {
    sed -n "s/^stat::$2: *//p" "$1" | tail -n 1 | grep . || echo '?'
}

coverage() {
    grep -o 'cov: [0-9]*' "$1" | tail -n 1 | cut -d ' ' -f 2 | grep . ||
        echo '?'
}

count_files() {
    find "$1" -type f | wc -l
}

# Begin to fuzz a target, in the background.
start() {
    local target=$1 seconds=$2 log=$FINDS/$1.log
    local kept=$FINDS/$target broken=$FINDS/$target.broken
    local dictionary folders=("$kept" "tests/fuzz/corpus/$target")
    local options=(-max_total_time="$seconds" -max_len="$BYTES_MAX"
        -timeout="$SECONDS_PER_INPUT" -artifact_prefix="$broken/"
        -print_final_stats=1)
    mkdir -p "$kept" "$broken"
    dictionary=$(dictionary_of "$target")
    if [ -n "$dictionary" ]; then
        options+=(-dict="tests/fuzz/$dictionary.dict")
    fi
    if [ -d "tests/fuzz/regressions/$target" ]; then
        folders+=("tests/fuzz/regressions/$target")
    fi
    echo "==> $target, $seconds s; log: $log" >&2
    "$FUZZERS/${target}_fuzz" "${options[@]}" "${folders[@]}" \
        </dev/null >"$log" 2>&1 &
}

# Wait until one of those that run has ended.
await_one() {
    wait -n || failed=1
    running=$((running - 1))
}

fuzz_all() {
    local target running=0
    trap 'kill $(jobs -p) 2>/dev/null' EXIT
    for target in "$@"; do
        while [ $running -ge "$jobs" ]; do
            await_one
        done
        start "$target" $((minutes * 60))
        running=$((running + 1))
    done
    while [ $running -gt 0 ]; do
        await_one
    done
    trap - EXIT
}

print_faults() {
    local target
    for target in "$@"; do
        grep -E 'does not hold|ERROR: |runtime error' "$FINDS/$target.log" |
            sed "s/^/$target: /" >&2 || true
    done
}

print_table() {
    local target log format='%-12s %12s %8s %9s %6s %7s\n'
    # shellcheck disable=SC2059
    printf "$format" target executions per_s coverage kept broken
    for target in "$@"; do
        log=$FINDS/$target.log
        # shellcheck disable=SC2059
        printf "$format" "$target" \
            "$(statistic "$log" number_of_executed_units)" \
            "$(statistic "$log" average_exec_per_sec)" \
            "$(coverage "$log")" "$(count_files "$FINDS/$target")" \
            "$(count_files "$FINDS/$target.broken")"
    done
}

# Also what an earlier run left: it is not settled until it is a regression.
anything_broken() {
    local target
    for target in "$@"; do
        [ "$(count_files "$FINDS/$target.broken")" = 0 ] || return 0
    done
    return 1
}

is_count() {
    [[ $1 =~ ^[1-9][0-9]*$ ]]
}

parse() {
    minutes='' jobs=$(nproc) targets=()
    while [ $# -gt 0 ]; do
        case $1 in
        --minutes | --jobs)
            is_count "${2:-}" || usage
            printf -v "${1#--}" '%s' "$2"
            shift
            ;;
        *)
            [ -f "tests/fuzz/$1_fuzz.c" ] || usage
            targets+=("$1")
            ;;
        esac
        shift
    done
    is_count "$minutes" || usage
    if [ ${#targets[@]} = 0 ]; then
        mapfile -t targets < <(all_targets)
    fi
}

main() {
    local target minutes jobs targets failed=0
    parse "$@"
    for target in "${targets[@]}"; do
        [ -x "$FUZZERS/${target}_fuzz" ] || {
            echo "$FUZZERS/${target}_fuzz is not built (preset fuzz)" >&2
            exit 2
        }
    done
    fuzz_all "${targets[@]}"
    print_faults "${targets[@]}"
    print_table "${targets[@]}"
    if anything_broken "${targets[@]}"; then
        failed=1
    fi
    exit $failed
}
main "$@"
