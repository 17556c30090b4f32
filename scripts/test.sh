#!/usr/bin/env bash
# Run every test: those on a real lab, and beside them the fast ones, which give way to the lab and are shown first.
# When a fast test fails, the run ends there, without waiting for the lab.
set -euo pipefail
# Each job is a process group of its own, so that it can be interrupted: Ctrl-C is passed on.
set -m
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pytest=(.venv/bin/python -m pytest)
logs=$(mktemp -d)
fast='' lab=''
clean_up() {
  local code=$?
  trap '' INT
  # A signal that can be handled may get lost in a process that has just begun.
  [ -z "$fast" ] || kill -KILL -- "-$fast" 2>/dev/null || true
  # Interrupted, the tests on a real lab take it down.
  [ -z "$lab" ] || kill -INT -- "-$lab" 2>/dev/null || true
  wait
  rm -rf "$logs"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT

# One process, at a low priority: the lab has the other cores, and this one when it needs it.
nice -n 19 "${pytest[@]}" -m 'not lab' </dev/null &
fast=$!
.venv/bin/labctl setup </dev/null >"$logs/setup" 2>&1 || { cat "$logs/setup" >&2; exit 1; }
"${pytest[@]}" tests/integration </dev/null >"$logs/lab" 2>&1 &
lab=$!

wait "$fast" || exit 1
tail --lines +1 --follow --pid "$lab" "$logs/lab" &
shown=$!
code=0
wait "$lab" || code=$?
wait "$shown"
exit "$code"
