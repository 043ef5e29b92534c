#!/usr/bin/env bash
# Fuzzes one target, or each in turn: fuzz/run.sh [TARGET|all] [SECONDS]. Needs cargo-fuzz.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The sanitizer flags of cargo-fuzz are unstable; with this the stable compiler accepts them, so that
# what is fuzzed is built by the same compiler as what is shipped.
export RUSTC_BOOTSTRAP=1

targets="${1:-all}"
if [ "$targets" = all ]; then
  targets="$(cargo fuzz list)"
fi
for target in $targets; do
  echo "== $target"
  cargo fuzz run "$target" -- -max_total_time="${2:-120}" -max_len=4096 -timeout=20
done
