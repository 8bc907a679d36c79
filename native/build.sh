#!/usr/bin/env bash
# Builds the native libraries into native/build. Quiet, and quick where no source changed.
# SQSNET_LIBTORCH=/path/to/torch builds against the libtorch of a Python wheel instead of the system's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

stamp=build/.built
choice="${SQSNET_LIBTORCH:-system}"
changed() {
  [[ ! -f $stamp || $(<"$stamp") != "$choice" || ! -f build/libsqstorch.so ]] ||
    [[ -n $(find . -path ./build -prune -o -type f -newer "$stamp" -print -quit) ]]
}
changed || exit 0

log=build/build.log
mkdir -p build
if ! { cmake -S . -B build -G Ninja -DSQSNET_LIBTORCH="${SQSNET_LIBTORCH:-}" && cmake --build build; } >"$log" 2>&1; then
  cat "$log" >&2
  echo "native/build.sh: the native libraries did not build; the log above is in native/$log" >&2
  exit 1
fi
echo "$choice" >"$stamp"
