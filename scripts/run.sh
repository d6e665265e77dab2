#!/bin/bash
# Starts Weft for `make run`: data in ./data, on 127.0.0.1:8080 (WEFT_DATA and WEFT_LISTEN change that).
# usage: run.sh WEFT_BINARY
set -euo pipefail
cd "$(dirname "$0")/.."
weft="$1"
data="${WEFT_DATA:-./data}"
listen="${WEFT_LISTEN:-127.0.0.1:8080}"

if [ ! -e "$data" ] && [ -z "${WEFT_DATABASE_URL:-}" ] && [ -t 0 ]; then
  echo
  echo 'This is the first start. Shall Weft make a demonstration company with people and a week of'
  printf 'conversation to look around in? (An empty server asks for its first organisation.) [y/N] '
  read -r answer
  case "$answer" in [yY]*) "$weft" demo --data "$data" ;; esac
fi

echo
echo "Open http://$listen in a browser. Ctrl-C stops Weft; its data stays in $data."
echo
exec "$weft" serve --data "$data" --listen "$listen"
