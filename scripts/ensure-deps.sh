#!/bin/bash
# Installs what is missing on Debian and Ubuntu; does nothing when all is there.
# usage: ensure-deps.sh build|test
set -euo pipefail
cd "$(dirname "$0")/.."
need="${1:-build}"

missing=()
want() { # want PACKAGE COMMAND…: any of the commands will do
  local package="$1" command
  shift
  for command in "$@"; do
    if command -v "$command" > /dev/null; then return; fi
  done
  missing+=("$package")
}

want build-essential cc
if [ "$need" = test ]; then
  want git git
  if ! command -v soffice > /dev/null; then
    missing+=(libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui)
  fi
  want chromium chromium chromium-browser google-chrome
  [ -n "$(fc-list : family 2> /dev/null | grep -i 'noto.*cjk' | head -n 1)" ] || missing+=(fonts-noto-cjk)
  if ! command -v initdb > /dev/null && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null; then
    missing+=(postgresql)
  fi
fi

if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get > /dev/null; then
    echo "Please install: ${missing[*]}" >&2
    exit 1
  fi
  as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
  echo "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

if ! command -v cargo > /dev/null; then
  echo "Rust is missing: https://rustup.rs (version $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml) or newer)" >&2
  exit 1
fi
# Checks the licences of all crates. Unoptimised it is fast enough, and built in a minute.
deny=0.20.2
if [ "$need" = test ] && ! { cargo-deny --version || echo cargo-deny 0; echo cargo-deny 0.18; } 2> /dev/null | sort -VC -r; then
  echo "installing cargo-deny $deny"
  cargo install --quiet --locked --debug --no-default-features --target-dir "${CARGO_TARGET_DIR:-target}/cargo-deny" \
    --version "$deny" cargo-deny
fi
if ! command -v npm > /dev/null || ! node -e 'const [a,b]=process.versions.node.split(".");process.exit(+a>20||+a==20&&+b>=19?0:1)'; then
  echo "Node.js 20.19 or newer is missing: https://nodejs.org" >&2
  exit 1
fi

# The packages of the lock file, once for each version of it.
stamp=web/node_modules/.installed
if [ ! -e "$stamp" ] || ! cmp -s web/package-lock.json "$stamp"; then
  (cd web && npm ci --no-audit --no-fund --loglevel=error)
  cp web/package-lock.json "$stamp"
fi
