# Shared by the set-up scripts: how they speak, how they stop, how they ask apt for a package.

say() { echo "set-up: $*" >&2; }

stop() { # one clear sentence, then the end
  echo "set-up stopped: $*" >&2
  exit 1
}

apt_install() { # installs packages by apt-get, with sudo when not root; when it fails APT_WHY says why
  local sudo=()
  APT_WHY="there is no apt-get here."
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" != 0 ]; then
    APT_WHY="that needs root, and there is no sudo here."
    command -v sudo >/dev/null || return 1
    sudo=(sudo)
  fi
  say "installing $* with apt-get"
  APT_WHY="'${sudo[*]:+sudo }apt-get install $*' failed."
  { "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get install -y -qq "$@"; } >/dev/null || return 1
  APT_WHY="it is installed now, and that did not help."
}
