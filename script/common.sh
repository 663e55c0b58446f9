# What the scripts beside this file share. Sourced, never run.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# To link and to run Switchboard: the terminal, Markdown, the store, and the hashes of keys.
libraries=(libncurses-dev libmd4c-dev libsqlite3-dev libssl-dev)

# What the program uses where it is there: a sandbox, the Python in it, and what draws pictures.
tools=(bubblewrap python3 chafa)

# How releases are built. The program has Swift's libraries in it: it starts in a third of the time,
# takes less memory, and runs where there is no Swift.
release=(-c release --static-swift-stdlib)

# All that scripts say goes to standard error: standard output belongs to the program.
say() { printf '%s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

duration() {
    if [ "$1" -ge 60 ]; then printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); else printf '%d s' "$1"; fi
}

# phase NAME COMMAND…: runs the command under a headline and says how long it took.
phase() {
    local start=$SECONDS
    current_phase=$1
    say "== $1"
    "${@:2}"
    say "== $1: $(duration $((SECONDS - start)))"
}

# Any changed variable makes SwiftPM evaluate every manifest anew, and some manifests and tests
# read variables: so Swift runs in one fixed environment, whoever calls it. What reaches
# mirrors, proxies and certificates passes through.
fixed_environment() {
    local name kept=(LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC TERM=xterm-256color
        SWIFT_BACKTRACE=interactive=no,color=no)
    for name in HOME PATH USER LOGNAME TMPDIR XDG_CACHE_HOME LD_LIBRARY_PATH SSH_AUTH_SOCK \
        SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE GIT_SSL_CAINFO GIT_SSH_COMMAND \
        GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM http_proxy https_proxy no_proxy \
        HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY; do
        if [ -n "${!name:-}" ]; then kept+=("$name=${!name}"); fi
    done
    env -i "${kept[@]}" "$@"
}

need_swift() {
    local version
    command -v swift >/dev/null || fail "Switchboard is built with Swift 6.3, and no swift is in \
PATH. Get it from https://www.swift.org/install/linux/ and start this again."
    version=$(fixed_environment swift --version 2>&1 | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p')
    case $version in
    '' | [0-5].* | 6.[01] | 6.[01].*)
        fail "Switchboard is built with Swift 6.3; $(command -v swift) is ${version:-unknown}. \
Get a newer one from https://www.swift.org/install/linux/ and start this again."
        ;;
    esac
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# need_packages NAME…: installs what is missing of these Debian packages, saying what.
need_packages() {
    local log name as_root=() missing=()
    if ! command -v apt-get >/dev/null; then
        say "No apt-get here: make sure that you have what Debian calls $*."
        return 0
    fi
    for name; do is_installed "$name" || missing+=("$name"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "Missing: ${missing[*]}. \
Install them as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing with apt-get: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq >&2 || say "apt-get update failed; trying with the lists at hand."
    log=$(mktemp)
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$log" 2>&1 ||
        { cat "$log" >&2; fail "apt-get could not install ${missing[*]}."; }
    rm -f "$log"
}
