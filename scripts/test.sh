#!/bin/bash
# What `make test` and CI run. Stops at the first failure; the last line says how it ended.
# usage: test.sh [check|unit|browser]
set -euo pipefail
cd "$(dirname "$0")/.."
part="${1:-all}"
started=$SECONDS
stage=start

finish() {
  local code=$?
  if [ $code = 0 ]; then
    echo "make test: passed in $((SECONDS - started)) s"
  else
    echo "make test: FAILED at: $stage (after $((SECONDS - started)) s)"
  fi
}
trap finish EXIT

step() { # step NAME COMMAND…
  stage="$1"
  shift
  local from=$SECONDS
  echo "── $stage"
  "$@"
  echo "   $stage: $((SECONDS - from)) s"
}

web() { (cd web && npm run --silent "$@"); }

checks() {
  step 'Rust format' cargo fmt --all --check
  step 'web format' web format:check
  step 'web types' web check
  step 'web lints' web lint
  step 'rules' cargo xtask tidy
  step 'licences' cargo-deny check licenses bans sources
  step 'clippy' cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
}

build() {
  step 'web build' web build
  step 'web size' web budget
  # Binaries and tests in one build, with the same features.
  step 'build' cargo build --workspace --bins --locked --quiet
}

units() {
  step 'generated files' cargo xtask openapi --check
  step 'web tests' web test
  step 'tests on both databases' "$CARGO_TARGET_DIR/debug/with-postgres" cargo test --workspace --locked --quiet
}

browsers() {
  WEFT_BIN="$CARGO_TARGET_DIR/debug/weft" step 'browser tests' web test:live
}

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"
step 'what is needed' scripts/ensure-deps.sh test
case "$part" in
  all)
    checks
    build
    units
    browsers
    ;;
  check) checks ;;
  unit)
    build
    units
    ;;
  browser)
    build
    browsers
    ;;
  *)
    echo "unknown part: $part" >&2
    exit 2
    ;;
esac
