#!/usr/bin/env bash
# Every test: the fast ones while what the lab needs is set up beside them, then those on a real lab.
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
# A mistake ends the run here: whoever made it need not wait for a lab.
"${pytest[@]}" -m 'not lab' -n auto
wait "$setup" || { cat "$log" >&2; exit 1; }
setup=
"${pytest[@]}" -m lab
