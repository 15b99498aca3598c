#!/usr/bin/env bash
# Prints the path of a Chromium that runs: the one that CHROMIUM names, one that is here, or (without --find) a new one.
# The headless shell goes before the others: the same engine without windows, for half of the processor's time.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh

main() {
  if [ -n "${CHROMIUM:-}" ]; then
    runs "$CHROMIUM" || stop "CHROMIUM=$CHROMIUM does not run as a browser: name another or none."
    command -v "$CHROMIUM" && return
  fi
  find_chromium && return
  [ "${1:-}" != --find ] || stop "No Chromium runs here: 'make test' installs one, or name one with CHROMIUM=/path."
  apt_install chromium-headless-shell || apt_install chromium || playwright_install ||
    stop "Browser tests need Chromium: $APT_WHY Install one or name it with CHROMIUM=/path."
  find_chromium || stop "Chromium was installed but does not run: name another with CHROMIUM=/path."
}

find_chromium() {
  local name
  for name in chromium-headless-shell chromium chromium-browser google-chrome "$(playwrights_own)"; do
    if runs "$name"; then command -v "$name" && return; fi
  done
  return 1
}

runs() { # --version tells a browser from Ubuntu's stub, which only recommends a snap
  timeout 30 "$1" --version >/dev/null 2>&1
}

playwright_install() { # Ubuntu has no package with a Chromium in it; its build for tests comes from Playwright
  [ -x .venv/bin/python ] || return 1
  say "downloading Playwright's Chromium"
  timeout 900 .venv/bin/python -m playwright install --with-deps --no-shell chromium >.venv/chromium.log 2>&1
}

playwrights_own() {
  local root=${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}
  find "$root" -path '*/chromium-*/chrome' -type f 2>/dev/null | sort | tail -n 1
}

main "$@"
