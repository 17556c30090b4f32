#!/usr/bin/env bash
# Run every test: `labctl setup`, then the tests on real labs, three labs beside each other. The fast tests and, with the
# word `lint`, `make lint` run beside all that, on what it leaves of the CPU.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pytest=(.venv/bin/python -m pytest)
logs=$(mktemp -d)
fast= lint= labs=

# Each job is a process group of its own, which `stop` reaches as a whole.
set -m
to_all() {
  local job some=1
  for job in $fast $lint $labs; do kill "$1" -- "-$job" 2>/dev/null && some=0; done
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

# Work of this kind gives way at once: a lab beside it does not notice. A low priority alone, where there is no chrt, does
# not do that: the labs then wait for the fast tests.
idle=()
if chrt --idle 0 true 2>/dev/null; then
  idle=(chrt --idle 0)
else
  : >"$logs/wait"
fi

# A lab needs half a core or less, and its tests mostly wait for it: a file of tests goes to whichever lab is free.
on_labs() {
  local beside=()
  .venv/bin/labctl setup >"$logs/setup" 2>&1 || { : >"$logs/no-setup"; exit 1; }
  while [ -e "$logs/wait" ]; do sleep 1; done
  if [ "$(getconf _NPROCESSORS_ONLN)" -ge 2 ]; then
    beside=(-n 3 --dist loadfile --no-loadscope-reorder)
  fi
  exec "${pytest[@]}" tests/integration --durations=30 --durations-min=5 ${beside[@]+"${beside[@]}"}
}

: >"$logs/labs" # which `follow` may open before the job does
on_labs </dev/null >>"$logs/labs" 2>&1 &
labs=$!
if [ "${1:-}" = lint ]; then
  ${idle[@]+"${idle[@]}"} nice -n 19 make --no-print-directory lint </dev/null >"$logs/lint" 2>&1 &
  lint=$!
fi
${idle[@]+"${idle[@]}"} "${pytest[@]}" -m 'not lab and not browser' -n auto </dev/null &
fast=$!

# What fails first in this order ends the run: the labs are then taken down.
wait "$fast"
fast=
rm -f "$logs/wait"
if [ -n "$lint" ]; then
  wait "$lint" || { cat "$logs/lint" >&2; exit 1; }
  lint=
  cat "$logs/lint"
fi
follow "$logs/labs" "$labs"
wait "$labs" || { code=$?; [ ! -e "$logs/no-setup" ] || cat "$logs/setup" >&2; exit "$code"; }
labs=
