#!/usr/bin/env bash
# Run every test: first the fast tests, while `labctl setup` runs beside them; then the tests on real labs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pytest=(.venv/bin/python -m pytest)
log=$(mktemp)
setup=
clean_up() {
  [ -z "$setup" ] || kill "$setup" 2>/dev/null || true
  rm -f "$log"
}
trap clean_up EXIT

.venv/bin/labctl setup >"$log" 2>&1 &
setup=$!
# When a fast test fails, the run ends here, without waiting for a lab.
"${pytest[@]}" -m 'not lab' -n auto
wait "$setup" || { cat "$log" >&2; exit 1; }
setup=
# Two labs side by side, where there are cores for both: a file of tests goes to whichever is free. Two labs on two cores
# wait for each other as long as they gain.
two=()
if [ "$(getconf _NPROCESSORS_ONLN)" -ge 4 ]; then
  two=(-n 2 --dist loadfile --no-loadscope-reorder)
fi
"${pytest[@]}" tests/integration ${two[@]+"${two[@]}"}
