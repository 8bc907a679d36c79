#!/usr/bin/env bash
# Packs what a GPU machine without .NET and without a network needs for run.sh: the .NET runtime, the GPU tests and the
# benchmarks, as they were last built (`./sqsnet test --filter None` builds them). About 25 MB.
# Usage: bench/gpu/pack.sh FOLDER
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
folder="$1"
stage="$(mktemp -d)"
trap 'rm -rf "$stage"' EXIT

dotnet="$(dirname "$(readlink -f "$(command -v dotnet)")")"
mkdir -p "$folder" "$stage/dotnet/shared" "$stage/programs"
cp -r "$dotnet/dotnet" "$dotnet/host" "$stage/dotnet/"
cp -r "$dotnet/shared/Microsoft.NETCore.App" "$stage/dotnet/shared/"
for name in SqsNet.Torch.Tests SqsNet.Engine.Tests SqsNet.Benchmarks; do
  cp -r "$root/tests/$name/bin/Release/net10.0" "$stage/programs/$name"
done
# Native libraries of this machine, other languages, other systems.
find "$stage/programs" \( -name 'lib*.so' -o -name '*.pdb' -o -name '*.xml' \) -delete
find "$stage/programs" -mindepth 2 -type d \( -name runtimes -o -name '??' -o -name '??-*' -o -name 'zh-*' \) -exec rm -rf {} +
git -C "$root" describe --always --dirty=+ >"$stage/commit"
tar -C "$stage" -cf - . | xz -T0 -6 >"$folder/programs.tar.xz"
ls -lh "$folder/programs.tar.xz"
