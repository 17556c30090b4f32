#!/usr/bin/env bash
# Make .venv, or bring it up to date: `scripts/venv.sh LOCK...` installs the locks and this checkout (editable).
# Needs Python 3.11 or newer. Installs a missing python3-venv with apt, when this user may. Respects pip's settings.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  printf 'error: %s\n  to do: %s\n' "$1" "$2" >&2
  exit 1
}
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local each
  for each in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if new_enough "$each"; then
      command -v "$each"
      return
    fi
  done
  fail "Python 3.11 or newer is needed; $(python3 --version 2>/dev/null || echo 'no python3') is here" \
    "install one, then type: make PYTHON=/path/to/python3.11 ${MAKECMDGOALS:-up}"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

install_venv_package() {
  local package
  package=$("$1" -c 'import sys; print("python3-venv" if sys.executable == "/usr/bin/python3" else "python%d.%d-venv" % sys.version_info[:2])')
  if ! command -v apt-get >/dev/null || ! as_root true 2>/dev/null; then
    fail "$1 cannot make virtual environments (it has no ensurepip)" "type: sudo apt-get install $package"
  fi
  echo "Installing $package …" >&2
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$package" >/dev/null
}

if ! { [ -x .venv/bin/python ] && new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
  python=$(find_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null || install_venv_package "$python"
  echo "Making .venv with $("$python" --version) …" >&2
  rm -rf .venv
  "$python" -m venv .venv
fi

locks=()
for lock in "$@"; do locks+=(--requirement "requirements/$lock.lock"); done
echo "Installing the locked packages ($*) …" >&2
pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet)
"${pip[@]}" install --require-hashes "${locks[@]}"
# The package had another name in older checkouts: remove it.
if compgen -G '.venv/lib/python*/site-packages/labctl-*.dist-info' >/dev/null; then
  "${pip[@]}" uninstall --yes labctl
fi
"${pip[@]}" install --no-deps --no-build-isolation --editable .
# Every command starts faster when Python finds this checkout compiled; it may have been told not to do that by itself.
.venv/bin/python -m compileall -q labctl faults colleagues ||
  echo 'labctl could not be compiled in this folder: its commands start a little slower.' >&2
