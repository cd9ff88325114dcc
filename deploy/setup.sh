#!/bin/sh
# Sets up what Aufruf needs, and says what it does. The Makefile calls it:
#   setup.sh runtime | dev | browser | lock
set -eu
cd "$(dirname "$0")/.."

VENV=.venv
LOCK=deploy/requirements.txt
DEV_LOCK=deploy/requirements-dev.txt

main() {
    case "${1:-}" in
        runtime) make_venv "$VENV" && install "$LOCK" ;;
        dev) make_venv "$VENV" && install "$DEV_LOCK" ;;
        browser) make_browser_ready ;;
        lock) write_locks ;;
        *) stop "usage: setup.sh runtime | dev | browser | lock" 2 ;;
    esac
}

make_venv() {
    check_python
    # A copied or moved folder leaves a venv whose pip points elsewhere: build it anew.
    "$1/bin/python" -m pip --version >/dev/null 2>&1 && return
    # Debian ships venv without pip; the missing half is the package python3-venv.
    python3 -c 'import ensurepip, venv' 2>/dev/null ||
        from_debian "Python cannot make virtual environments yet" python3-venv
    say "Making the virtual environment $1"
    python3 -m venv --clear "$1"
}

check_python() {
    command -v python3 >/dev/null ||
        stop "Aufruf needs Python 3.11 or newer: please install the package python3."
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "Aufruf needs Python 3.11 or newer, and $(python3 --version) is installed."
}

install() {
    say "Installing the packages of $1 (this takes a minute the first time)"
    pip_in "$VENV" install -qq -r "$1"
    pip_in "$VENV" install -qq --no-deps --no-build-isolation \
        --config-settings editable_mode=compat --editable .
}

make_browser_ready() {
    # Playwright brings a Node that needs libatomic, which a small Debian does not have.
    [ -x /usr/bin/chromium ] && "$VENV/bin/python" -m playwright --version >/dev/null 2>&1 ||
        from_debian "The browser tests need Chromium" chromium libatomic1 fonts-dejavu-core
}

write_locks() {
    # Debian's own Python is the oldest that must work: a newer one may choose packages it refuses.
    PATH=/usr/bin:$PATH
    say "Choosing packages for $(python3 --version)"
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    make_venv "$fresh"
    pip_in "$fresh" install -qq --upgrade 'setuptools>=77'
    freeze_with . >"$LOCK.new"
    { echo "-r requirements.txt"; freeze_with '.[dev]' | grep -vxFf "$LOCK.new"; } >"$DEV_LOCK.new"
    mv "$LOCK.new" "$LOCK"
    mv "$DEV_LOCK.new" "$DEV_LOCK"
    say "Wrote $LOCK and $DEV_LOCK"
}

freeze_with() {
    pip_in "$fresh" install -qq --no-build-isolation --editable "$1" >&2
    pip_in "$fresh" uninstall -qq --yes aufruf >&2
    pip_in "$fresh" freeze --all | grep -v '^pip=='
}

pip_in() {
    venv=$1
    shift
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore "$venv/bin/python" -m pip "$@"
}

from_debian() {
    why=$1
    shift
    command -v apt-get >/dev/null ||
        stop "$why. There is no apt-get here: please install $* (or what your system calls it)."
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        stop "$why, and there is neither root nor sudo: please let an administrator install $*."
    say "$why: installing $* with apt-get"
    as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        stop "$why, and apt-get could not install it: please install $*."
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

say() {
    echo "▸ $*" >&2
}

stop() {
    echo "$1" >&2
    exit "${2:-1}"
}

main "$@"
