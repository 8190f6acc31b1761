#!/usr/bin/env bash
# Build for another Debian: tests/system/next.sh SUITE COMPILER … -- PACKAGE …
#
# In a root of that suite with those packages: each compiler builds without a
# warning, and what it has built passes the unit tests; and so it is where there is
# no libnats. To be run as root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# build COMPILER OPTION…: what is built lies in the root, and goes with it.
build() {
    CC=$1 cmake -S /source -B "/build/$1" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
        -DONEBUS_WERROR=ON "${@:2}" >"/build/$1.log"
    cmake --build "/build/$1" >>"/build/$1.log" || {
        grep -B 1 -A 12 -m 5 'error:' "/build/$1.log"
        return 1
    }
    "/build/$1/bridge/onebus" version
}

test_unit() {
    "/build/$1/tests/onebus_unit_tests" >"/build/$1.unit.log" 2>&1 || {
        cat "/build/$1.unit.log"
        return 1
    }
    tail -n 8 "/build/$1.unit.log"
}

if [ "${1:-}" = --inside ]; then
    for compiler in "${@:2}"; do
        echo "==> $compiler: $("$compiler" --version | head -n 1)"
        build "$compiler"
        test_unit "$compiler"
    done
    echo "==> $compiler: without NATS"
    build "$compiler" -DONEBUS_NATS=OFF
    test_unit "$compiler"
    exit
fi

main() {
    local suite=$1 compilers=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        compilers+=("$1")
        shift
    done
    [ ${#compilers[@]} -gt 0 ] && [ $# -gt 1 ] || {
        echo "Usage: tests/system/next.sh SUITE COMPILER … -- PACKAGE …" >&2
        exit 2
    }
    root=$(mktemp -d "$PWD/build/next.XXXXXX")
    trap 'rm -rf --one-file-system "$root"' EXIT
    tar -C "$root" -xpf "$(tests/system/root.sh "$suite" "${@:2}")"
    mkdir "$root/build"
    tests/system/within.sh --bind "$PWD:/source" "$root" \
        /source/tests/system/next.sh --inside "${compilers[@]}"
}
main "$@"
