#!/usr/bin/env bash
# Print where a browser for the tests is, after installing Debian's Chromium where there is none and this user may.
# Without one, say why on standard error, and fail.
set -euo pipefail

found() {
  local each
  for each in chromium chromium-browser google-chrome; do
    command -v "$each" && return
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

none() {
  printf 'no browser is here, and %s; to do: install chromium\n' "$1" >&2
  exit 1
}

found && exit
# Elsewhere, a package of this name brings a browser that runs only where its own system does.
{ command -v apt-get && grep -qx 'ID=debian' /etc/os-release; } >/dev/null || none "only Debian's can be installed"
as_root true 2>/dev/null || none 'only root may install one'
said=$({ as_root apt-get update -qq &&
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } 2>&1) ||
  none "apt can't install one (${said##*$'\n'})"
found || none 'apt has installed none'
