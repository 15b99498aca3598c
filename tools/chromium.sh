#!/usr/bin/env bash
# Prints the path of a Chromium that runs: the one that CHROMIUM names, one on the PATH, or (without --find) a new one from apt-get.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh

main() {
  if [ -n "${CHROMIUM:-}" ]; then
    runs "$CHROMIUM" || stop "CHROMIUM=$CHROMIUM does not run as a browser: name another or none."
    command -v "$CHROMIUM" && return
  fi
  find_chromium && return
  [ "${1:-}" != --find ] || stop "No Chromium runs here: make test installs one, or name one with CHROMIUM=/path."
  apt_install chromium || stop "Browser tests need Chromium: $APT_WHY Install one or name it with CHROMIUM=/path."
  find_chromium || stop "Chromium was installed but does not run: name another with CHROMIUM=/path."
}

find_chromium() {
  local name
  for name in chromium chromium-browser google-chrome; do
    if runs "$name"; then command -v "$name" && return; fi
  done
  return 1
}

runs() { # --version tells a browser from Ubuntu's stub, which only recommends a snap
  timeout 30 "$1" --version >/dev/null 2>&1
}

main "$@"
