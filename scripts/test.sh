#!/usr/bin/env bash
# Run every test: the fast ones and, with the word `lint`, `make lint`, while `labctl setup` makes what labs need and the
# tests marked `small` begin on a lab of theirs; then all others on a lab at full load, or on two.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pytest=(.venv/bin/python -m pytest)
logs=$(mktemp -d)
fast= lint= small= labs=

# Each job is a process group of its own, which `stop` reaches as a whole.
set -m
to_all() {
  local job some=1
  for job in $fast $lint $small $labs; do kill "$1" -- "-$job" 2>/dev/null && some=0; done
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

# The set-up, then the tests that need no healthy lab, and little of the CPU. They begin beside the fast tests where those
# can run so that they give way at once; a low priority alone (where there is no chrt) does not do that.
on_a_small_lab() {
  .venv/bin/labctl setup >"$logs/setup" 2>&1 || { : >"$logs/no-setup"; exit 1; }
  : >"$logs/set-up"
  [ "$cores" -ge 2 ] || exit 0
  [ "${#idle[@]}" -gt 0 ] || until [ -e "$logs/passed" ]; do sleep 1; done
  exec "${pytest[@]}" tests/integration -m small "${slowest[@]}"
}

# These tests look at how fast a lab is. Where there are four cores, a file of them goes to whichever of two labs is free;
# on two, two labs at this load leave a slow machine nothing, and both page.
on_labs() {
  until [ -e "$logs/set-up" ] && [ -e "$logs/passed" ]; do
    [ ! -e "$logs/no-setup" ] || exit 1
    sleep 1
  done
  local which=()
  if [ "$cores" -ge 2 ]; then
    # A worker's lab has its number in its name, also where there is one: the small one beside it has not.
    which=(-m 'not small' -n "$((cores < 4 ? 1 : 2))" --dist loadfile --no-loadscope-reorder)
  fi
  exec "${pytest[@]}" tests/integration "${slowest[@]}" ${which[@]+"${which[@]}"}
}

cores=$(getconf _NPROCESSORS_ONLN)
slowest=(--durations=30 --durations-min=5)
idle=()
if chrt --idle 0 true 2>/dev/null; then
  idle=(chrt --idle 0)
fi

: >"$logs/small" # which `follow` may open before the job does
on_a_small_lab </dev/null >>"$logs/small" 2>&1 &
small=$!
: >"$logs/labs"
on_labs </dev/null >>"$logs/labs" 2>&1 &
labs=$!
if [ "${1:-}" = lint ]; then
  ${idle[@]+"${idle[@]}"} nice -n 19 make --no-print-directory lint </dev/null >"$logs/lint" 2>&1 &
  lint=$!
fi
${idle[@]+"${idle[@]}"} "${pytest[@]}" -m 'not lab and not browser' -n auto </dev/null &
fast=$!

# When a fast test fails, or lint finds something, the run ends here: labs are taken down.
wait "$fast"
fast=
: >"$logs/passed"
if [ -n "$lint" ]; then
  wait "$lint" || { cat "$logs/lint" >&2; exit 1; }
  lint=
  cat "$logs/lint"
fi
code=0
follow "$logs/small" "$small"
wait "$small" || code=$?
small=
follow "$logs/labs" "$labs"
wait "$labs" || code=$?
labs=
[ ! -e "$logs/no-setup" ] || cat "$logs/setup" >&2
exit "$code"
