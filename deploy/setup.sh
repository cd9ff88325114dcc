#!/bin/sh
# Sets up what Aufruf needs, and says what it does. The Makefile calls it:
#   setup.sh runtime | dev | browser | lock
set -eu
cd "$(dirname "$0")/.."

VENV=.venv
LOCK=deploy/requirements.txt
DEV_LOCK=deploy/requirements-dev.txt
POSTGRES_LOCK=deploy/requirements-postgres.txt

# Stands in the virtual environment while packages are written into it.
UNFINISHED=$VENV/.unfinished

main() {
    case "${1:-}" in
        runtime) make_venv && install "$LOCK" && offer_voice && offer_joined_letters ;;
        dev) make_venv && install "$DEV_LOCK" ;;
        browser) make_browser_ready && offer_shell && make_voice_ready && offer_faults && make_postgres_ready ;;
        lock) write_locks ;;
        *) stop "usage: setup.sh runtime | dev | browser | lock" 2 ;;
    esac
}

make_venv() {
    check_python
    # A copied or moved folder leaves a venv whose pip points elsewhere, and an interrupted
    # installation leaves half a package: build it anew.
    [ ! -e "$UNFINISHED" ] && "$VENV/bin/python" -m pip --version >/dev/null 2>&1 && return
    check_venv
    say "Making the virtual environment $VENV"
    python3 -m venv --clear "$VENV"
}

check_venv() {
    # Debian ships venv without pip; the missing half is the package python3-venv.
    python3 -c 'import ensurepip, venv' 2>/dev/null ||
        from_debian "Python cannot make virtual environments yet" python3-venv
}

check_python() {
    command -v python3 >/dev/null ||
        stop "Aufruf needs Python 3.11 or newer: please install the package python3."
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "Aufruf needs Python 3.11 or newer, and $(python3 --version) is installed."
}

install() {
    say "Installing the packages of $1 (this takes a minute the first time)"
    touch "$UNFINISHED"
    # The lock is complete, so pip has nothing to choose: what it names, with these hashes, or nothing.
    pip_in "$VENV" install -qq --no-deps --require-hashes -r "$1" &&
        pip_in "$VENV" install -qq --no-deps --no-build-isolation \
            --config-settings editable_mode=compat --editable . ||
        stop "The packages could not be installed; the reason stands above. Run the same command again."
    # The account that serves often may not write here, and would compile everything at every start.
    "$VENV/bin/python" -m compileall -q queue_server display kiosk >/dev/null ||
        say "The program could not be compiled ahead, so it starts more slowly."
    rm "$UNFINISHED"
}

make_browser_ready() {
    # Playwright brings a Node that needs libatomic, which a small Debian does not have.
    [ -x /usr/bin/chromium ] && "$VENV/bin/python" -m playwright --version >/dev/null 2>&1 ||
        from_debian "The browser tests need Chromium" chromium libatomic1 fonts-dejavu-core
}

# The same engine without windows, in which the browser tests take half the time.
offer_shell() {
    if [ -x /usr/bin/chromium-headless-shell ] || ! may_install; then return; fi
    say "The browser tests take half the time in chromium-headless-shell: installing it with apt-get"
    install_from_debian chromium-headless-shell ||
        say "It could not be installed, and Chromium itself does as well."
}

make_voice_ready() {
    command -v espeak-ng >/dev/null || from_debian "The tests of spoken calls need espeak-ng" espeak-ng
}

# Disks that forget, networks that lose: what tests/faults hurts the product with. Where they can't
# be had those tests are left out, which the head of the report says.
offer_faults() {
    if command -v fusermount3 >/dev/null && command -v ip >/dev/null; then return; fi
    if may_install; then
        say "The tests of bad disks and networks need fuse3 and iproute2: installing them with apt-get"
        if install_from_debian fuse3 iproute2; then return; fi
    fi
    say "The tests of bad disks and networks are left out, until somebody installs fuse3 and iproute2."
}

# Its programs alone: the tests start a server of their own in a temporary folder. Debian would
# also make and start one for the system, unless it is told not to before the second step.
make_postgres_ready() {
    if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then return; fi
    from_debian "The tests on PostgreSQL need its programs" postgresql-common
    forgo_cluster /etc/postgresql-common/createcluster.conf
    from_debian "The tests on PostgreSQL need its programs" postgresql
}

forgo_cluster() {
    if [ -e "$1" ]; then as_root sed -i 's/^#\? *create_main_cluster.*/create_main_cluster = false/' "$1"; fi
}

# Without a voice the office works, too, so nobody is asked for a password and nothing fails.
offer_voice() {
    if command -v espeak-ng >/dev/null; then return; fi
    if may_install; then
        say "Calls are spoken by espeak-ng: installing it with apt-get"
        if install_from_debian espeak-ng; then return; fi
    fi
    say "Calls are not spoken and the gong rings alone, until somebody installs the package espeak-ng."
}

# Arabic and Persian letters are joined on paper by Pillow, which looks for this library.
offer_joined_letters() {
    if can_join_letters; then return; fi
    if may_install; then
        say "Arabic and Persian slips need libfribidi0: installing it with apt-get"
        if install_from_debian libfribidi0 && can_join_letters; then return; fi
    fi
    say "Arabic and Persian slips are printed in German, until somebody installs the package libfribidi0."
}

can_join_letters() {
    "$VENV/bin/python" -c '
import sys
from queue_server.printing import can_shape
sys.exit(not can_shape())'
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

# uv, because its locks are universal: one file whose pins and hashes hold for every Python from 3.11
# on, where pip-tools locks for the Python that runs it. uv does not read pip's configuration; behind
# an index of your own set UV_DEFAULT_INDEX. pip itself is left out: every environment brings its own.
write_locks() {
    check_python
    check_venv
    say "Choosing the newest allowed packages for Python 3.11 and newer"
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    python3 -m venv "$fresh"
    pip_in "$fresh" install -qq uv
    lock_into "$LOCK" --upgrade
    # The tests run with the very versions that offices install.
    lock_into "$DEV_LOCK" --upgrade --extra dev --constraints "$LOCK"
    lock_into "$POSTGRES_LOCK" --upgrade --extra postgres --constraints "$LOCK"
    say "Wrote $LOCK, $DEV_LOCK and $POSTGRES_LOCK"
}

lock_into() {
    file=$1
    shift
    "$fresh/bin/uv" --quiet --no-config pip compile pyproject.toml --output-file "$file" \
        --universal --python-version 3.11 --generate-hashes --no-emit-package pip \
        --annotation-style line --custom-compile-command "make lock" "$@" >/dev/null
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
    install_from_debian "$@" || stop "$why, and apt-get could not install it: please install $*."
}

install_from_debian() {
    as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
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
