#!/usr/bin/env bash
# On a GPU machine with CMake, a compiler and PyTorch, but without .NET and a network: builds the shim against the Python
# wheel's libtorch, runs the GPU tests, then the benchmarks beside PyTorch. pack.sh makes what it needs.
# Usage: bench/gpu/run.sh FOLDER-OF-PACK RESULTS-FOLDER PART...
#   PART  tests | ours:MODEL:ANCHORS:VARIANT:STEPS | peer:MODEL:ANCHORS:VARIANT:STEPS
# Peers that compile do so while the shim is built. When all of them are ready they are timed in turn, then all other parts.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
pack="$1" results="$2"
shift 2
python="${PYTHON:-/opt/torch/.venv/bin/python}"
work=/tmp/sqsnet-gpu
mkdir -p "$results" "$work"
rm -f "$work"/*.ready "$work"/*.json

compiling=()
exec 8>"$work/gpu.lock" && flock 8
for part in "$@"; do
  if [[ $part == peer:*:compile* ]]; then
    IFS=: read -r _ a b c d <<<"$part"
    GPU_LOCK="$work/gpu.lock" GPU_READY="$work/$a.$b.ready" timeout 280 \
      "$python" "$root/bench/gpu/peer.py" "$a" "$b" "$c" "$d" 8>&- >"$work/$a.$b.$c.json" 2>"$results/$a.$c.log" &
    compiling+=("$!:$work/$a.$b.ready")
  fi
done

[[ -d $work/programs ]] || tar -C "$work" -xf "$pack/programs.tar.xz" -J
export SQSNET_LIBTORCH="$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))' 2>/dev/null)"
cmake -S "$root/native" -B "$work/native" -G Ninja -DSQSNET_LIBTORCH="$SQSNET_LIBTORCH" -DSQSNET_IMAGE=OFF >"$results/build.log" 2>&1 &&
  cmake --build "$work/native" --target sqstorch >>"$results/build.log" 2>&1 ||
  { tail -40 "$results/build.log"; exit 1; }

export SQSNET_NATIVE="$work/native" DOTNET_ROOT="$work/dotnet" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
commit="$(<"$work/commit")"

for peer in "${compiling[@]}"; do
  while [[ ! -e ${peer#*:} ]] && kill -0 "${peer%%:*}" 2>/dev/null; do sleep 0.2; done
done
exec 8>&- # they are timed now, one after another
wait

# Each prints one JSON object; they are gathered in one file, one a line, with what ran them.
measure() {
  local out
  if out="$(timeout 150 "$@" 2>"$results/error.log")"; then
    record "$out"
  else
    echo "failed ($?): ${*: -4}: $(tail -n 5 "$results/error.log")"
  fi
}
record() {
  "$python" - "$1" "$commit" >>"$results/gpu.jsonl" <<'PY'
import json, sys, torch
row = json.loads(sys.argv[1])
row |= {"commit": sys.argv[2], "machine": torch.cuda.get_device_name()}
row.setdefault("versions", {}).update(libtorch=torch.__version__, cuda=torch.version.cuda)
print(json.dumps(row))
print(row["name"], round(row.get("ours", row.get("peer")), 2), row["unit"], row["details"], file=sys.stderr)
PY
}
ours() { measure "$work/dotnet/dotnet" "$work/programs/SqsNet.Benchmarks/SqsNet.Benchmarks.dll" gpu "$@"; }
peer() { measure "$python" "$root/bench/gpu/peer.py" "$@"; }

for part in "$@"; do
  case "$part" in
    tests)
      for name in SqsNet.Torch.Tests SqsNet.Engine.Tests; do
        (cd "$work/programs/$name" && timeout 150 "$work/dotnet/dotnet" "$name.dll" -trait Device=GPU -noColor) 2>&1 | tail -n 60
      done
      ;;
    ours:*) IFS=: read -r _ a b c d <<<"$part" && ours "$a" "$b" "$c" "$d" ;;
    peer:*:compile*) ;;
    peer:*) IFS=: read -r _ a b c d <<<"$part" && peer "$a" "$b" "$c" "$d" ;;
    *) echo "unknown part $part" >&2 && exit 2 ;;
  esac
done
for compiled in "$work"/*.compile*.json; do
  [[ -s $compiled ]] && record "$(<"$compiled")"
done
exit 0
