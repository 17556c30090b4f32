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
# Two labs side by side, where there are cores for them: a file of tests goes to whichever is free.
cores=$(getconf _NPROCESSORS_ONLN)
"${pytest[@]}" tests/integration -n "$((cores < 2 ? 1 : 2))" --dist loadfile --no-loadscope-reorder
