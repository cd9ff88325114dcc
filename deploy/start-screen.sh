#!/bin/sh
# Opens a wall display or a check-in kiosk full screen, and opens it again whenever it ends.
#
#   start-screen.sh wall  https://aufruf.example/display/wartebereich
#   start-screen.sh kiosk https://aufruf.example/kiosk/eingang
#
# For the autostart of a user who may do nothing else, on Debian and Raspberry Pi OS, under X and
# Wayland. chromium-policies.json belongs into /etc/chromium/policies/managed/; without it the flags
# below still give sound and camera. What a screen needs of its own stands before the command:
#
#   ZOOM=1.25             larger in all, for a kiosk whose screen is far away; walls follow their
#                         diagonal_inches and distance_m by themselves
#   ROTATE=left           a screen that stands upright: left, right, inverted (X: xrandr; Wayland:
#                         wlr-randr, which the desktop of Raspberry Pi OS brings)
#   OUTPUT=HDMI-1         which screen to turn, when there are several
#   RESTART_AT=03:30      when the browser begins anew each night; "never" leaves it open
#   WAIT_SECONDS=90       how long a machine that is on before the network waits for the server
#   BROWSER, PROFILE      another command, another folder for cookies (the pairing lies there)
set -eu

BROWSER=${BROWSER:-$(command -v chromium || command -v chromium-browser || echo chromium)}
PROFILE=${PROFILE:-$HOME/.aufruf-screen}
ZOOM=${ZOOM:-1}
ROTATE=${ROTATE:-}
OUTPUT=${OUTPUT:-}
RESTART_AT=${RESTART_AT:-03:30}
WAIT_SECONDS=${WAIT_SECONDS:-90}

# Nothing may cover the page: no bars, no questions, no "restore pages?", no pinch or swipe back.
COMMON="--kiosk --user-data-dir=$PROFILE --no-first-run --noerrdialogs
    --disable-session-crashed-bubble --disable-pinch --overscroll-history-navigation=0
    --disable-features=Translate --password-store=basic --lang=de
    --ozone-platform-hint=auto --force-device-scale-factor=$ZOOM"

# Nobody taps a wall before the first gong, and it must not slow down when nothing moves.
WALL="--autoplay-policy=no-user-gesture-required --disable-background-timer-throttling
    --disable-renderer-backgrounding"

# The camera is granted without a question, and a slip is printed without a dialogue where the kiosk
# has printer = "browser". What is read aloud begins by a key of the visitor, and the gong of an
# error has none.
KIOSK="--use-fake-ui-for-media-stream --kiosk-printing --touch-events=enabled
    --autoplay-policy=no-user-gesture-required"

main() {
    [ $# = 2 ] || usage
    case "$1" in
        wall) flags="$COMMON $WALL" ;;
        kiosk) flags="$COMMON $KIOSK" ;;
        *) usage ;;
    esac
    stay_awake
    turn_screen
    wait_for_server "$2"
    until_the_end_of_days "$2"
}

# No screen saver and no standby; on Wayland the desktop's own settings decide.
stay_awake() {
    [ -z "${DISPLAY:-}" ] || ! command -v xset >/dev/null || xset s off -dpms || true
}

turn_screen() {
    [ -n "$ROTATE" ] || return 0
    if [ -n "${WAYLAND_DISPLAY:-}" ] && command -v wlr-randr >/dev/null; then
        wlr-randr --output "${OUTPUT:-$(first_of wlr-randr)}" --transform "$(degrees)"
    elif command -v xrandr >/dev/null; then
        xrandr --output "${OUTPUT:-$(first_of xrandr)}" --rotate "$ROTATE"
    else
        false
    fi || echo "The screen could not be turned; turn it in the settings of the desktop." >&2
}

# Both begin a screen's paragraph with its name, and indent the rest; xrandr says who is connected.
first_of() {
    "$1" | sed -n -e '/^Screen/d' -e '/disconnected/d' -e 's/^\([^ ]\{1,\}\) .*/\1/p' | head -n 1
}

degrees() {
    case "$ROTATE" in
        left) echo 270 ;;
        right) echo 90 ;;
        inverted) echo 180 ;;
        *) echo normal ;;
    esac
}

# A page that could not be loaded is a page of the browser, which speaks of errors to visitors. A
# kiosk that was open before shows the page that it has kept, so nobody waits for ever.
wait_for_server() {
    command -v curl >/dev/null || return 0
    left=$WAIT_SECONDS
    until [ "$left" -le 0 ] || curl --silent --fail --insecure --max-time 4 \
        --output /dev/null "$(origin_of "$1")/healthz"; do
        sleep 2
        left=$((left - 2))
    done
}

origin_of() {
    echo "$1" | sed 's#^\([a-z]*://[^/]*\).*#\1#'
}

until_the_end_of_days() {
    while true; do
        # Browsers that stay open for weeks grow; at night nobody sees one begin anew.
        # The flags are many words on purpose.
        # shellcheck disable=SC2086
        timeout "$(seconds_until "$RESTART_AT")" "$BROWSER" $flags "$1" || true
        sleep 2
    done
}

seconds_until() {
    if [ "$1" = never ]; then
        echo infinity
        return
    fi
    now=$(date +%s)
    at=$(date --date "$1" +%s)
    [ "$at" -gt "$now" ] || at=$(date --date "tomorrow $1" +%s)
    echo $((at - now))
}

usage() {
    echo "usage: start-screen.sh wall|kiosk ADDRESS" >&2
    exit 2
}

main "$@"
