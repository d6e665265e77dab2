#!/bin/bash
# The long tests. CYCLES: how many times the crash loop kills the server on each database.
# usage: deep.sh [chaos]
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"
export WEFT_CRASH_CYCLES="${CYCLES:-200}"

scripts/ensure-deps.sh test
(cd web && npm run --silent build)
cargo build --workspace --bins --locked --quiet
only=()
if [ "${1:-}" = chaos ]; then only=(crash); fi
"$CARGO_TARGET_DIR/debug/with-postgres" \
  cargo test --package weft-server --test it --locked -- --nocapture --include-ignored "${only[@]}"
echo 'make deep: passed'
