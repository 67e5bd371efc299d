# Read by ./fix502, ./test and the tools: installs what is missing and builds. Expects `here`, the checkout's folder.
# Whatever it says goes to standard error: standard output belongs to the program.

say() { printf 'fix502: %s\n' "$*" >&2; }

# The packages of these lists that are not installed.
missing_packages() {
  wanted=$(sed 's/#.*//' "$@")
  installed=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' $wanted 2>/dev/null)"
  for package in $wanted; do
    case $installed in *" installed:$package "*) ;; *) printf '%s ' "$package" ;; esac
  done
}

# install_packages LIST...: fails, with one line that says why, where it cannot.
install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    command -v cmake >/dev/null && return 0 # another system, on which somebody has installed their counterparts
    say "this system has no apt: install the counterparts of the Debian packages in" "$@" "and run this again"
    return 1
  fi
  lacking=$(missing_packages "$@")
  [ -n "$lacking" ] || return 0
  as_root=
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "not root and no sudo; as root, run: apt-get install --no-install-recommends $lacking"
      return 1
    fi
    if [ -t 2 ]; then as_root=sudo; else as_root='sudo -n'; fi
  fi
  say "installing $lacking"
  log=$(mktemp)
  forbid_services
  if $as_root apt-get -q update >"$log" 2>&1 </dev/null; then :; fi # an old index may still do
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
    install $lacking >>"$log" 2>&1 </dev/null
  installed=$?
  allow_services
  if [ $installed != 0 ]; then
    say "apt-get could not install them; its last words:"
    tail -n 5 "$log" >&2
  fi
  rm -f "$log"
  return $installed
}

# What the page's tests need from the npm registry, exactly as tests/page/package-lock.json has it. Fails, with one line
# that says why, where it cannot be had.
install_node_packages() {
  pages=$here/tests/page
  cmp -s "$pages/package-lock.json" "$pages/node_modules/.installed" && return 0
  # Debian's Node.js comes without npm, others bring it.
  command -v npm >/dev/null || install_packages "$here/tools/packages/npm.txt" || return 1
  say "installing tests/page/package.json"
  (cd "$pages" && quietly npm ci --ignore-scripts --no-audit --no-fund) || return 1
  cp "$pages/package-lock.json" "$pages/node_modules/.installed"
}

# A server's package starts its service when it is installed, unless this file says no (invoke-rc.d(8)).
forbid_services() {
  forbidden=
  [ -e /usr/sbin/policy-rc.d ] && return
  forbidden=yes
  trap allow_services EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' | $as_root tee /usr/sbin/policy-rc.d >/dev/null && $as_root chmod 755 /usr/sbin/policy-rc.d
}

allow_services() {
  [ -n "$forbidden" ] || return 0
  forbidden=
  $as_root rm -f /usr/sbin/policy-rc.d
  trap - EXIT INT TERM
}

# build ON|OFF [TARGET]: the release preset, with the tests or (on first use) without. One at a time.
build() {
  folder=$here/build/release
  mkdir -p "$folder"
  exec 9>"$here/build/.lock"
  flock 9
  # What changes while the compiler runs makes the stamp old again.
  touch "$folder/.building"
  if [ "$1" = ON ] || [ ! -e "$folder/build.ninja" ]; then
    quietly configure "$1" || return 1
  fi
  announce $2
  if [ -t 2 ]; then
    ninja -C "$folder" $2 >&2 || return 1
  else
    quietly ninja -C "$folder" $2 || return 1
  fi
  mv "$folder/.building" "$folder/.built"
  exec 9>&-
}

configure() {
  (cd "$here" && cmake --preset release -DFIX502_TESTS="$1")
}

announce() {
  if [ ! -x "$folder/fix502" ]; then
    say "building, for once; this takes some minutes"
  elif ! ninja -n -C "$folder" $1 | grep -q 'no work to do'; then
    say "building what has changed"
  fi
}

# Runs it and shows what it said only if it fails.
quietly() {
  said=$(mktemp)
  "$@" >"$said" 2>&1 9>&-
  status=$?
  [ $status = 0 ] || { say "this failed: $*"; tail -n 60 "$said" >&2; }
  rm -f "$said"
  return $status
}
