#!/usr/bin/env bash
# Run every test: the fast ones, `labctl setup` and, with the word `lint`, `make lint` side by side; then the tests on
# real labs, two beside each other.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pytest=(.venv/bin/python -m pytest)
logs=$(mktemp -d)
setup= fast= lint= labs=

# Each job is a process group of its own, which `stop` reaches as a whole.
set -m
to_all() {
  local job some=1
  for job in $setup $fast $lint $labs; do kill "$1" -- "-$job" 2>/dev/null && some=0; done
  return "$some"
}
stop() {
  trap - EXIT
  trap '' INT TERM
  # Interrupted, pytest takes its labs down: that takes a while. What was started deaf to SIGINT hears the next.
  local signal seconds
  for signal in INT TERM KILL; do
    to_all "-$signal" || break
    for ((seconds = 0; seconds < 120; seconds++)); do
      to_all -0 || break 2
      sleep 1
    done
  done
  rm -rf "$logs"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Show what a job has written into its log, and what it still writes.
follow() {
  exec 3<"$1"
  while kill -0 "$2" 2>/dev/null; do
    cat <&3
    sleep 1
  done
  cat <&3
}

.venv/bin/labctl setup </dev/null >"$logs/setup" 2>&1 &
setup=$!
if [ "${1:-}" = lint ]; then
  nice -n 19 make --no-print-directory lint </dev/null >"$logs/lint" 2>&1 &
  lint=$!
fi
"${pytest[@]}" -m 'not lab and not browser' -n auto </dev/null &
fast=$!

# When a fast test fails, the run ends here, without waiting for a lab.
wait "$fast"
fast=
wait "$setup" || { cat "$logs/setup" >&2; exit 1; }
setup=

# Two labs side by side, where there are cores for both: a file of tests goes to whichever is free. A lab needs half a
# core, and its tests mostly wait for it.
two=()
if [ "$(getconf _NPROCESSORS_ONLN)" -ge 2 ]; then
  two=(-n 2 --dist loadfile --no-loadscope-reorder)
fi
: >"$logs/labs" # which `follow` may open before the job does
"${pytest[@]}" tests/integration --durations=30 --durations-min=5 ${two[@]+"${two[@]}"} </dev/null >>"$logs/labs" 2>&1 &
labs=$!
# The rest of lint takes what the first tests on labs leave it.
if [ -n "$lint" ]; then
  wait "$lint" || { cat "$logs/lint" >&2; exit 1; }
  lint=
  cat "$logs/lint"
fi
follow "$logs/labs" "$labs"
wait "$labs"
labs=
