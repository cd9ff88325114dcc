#!/bin/sh
# Opens a wall display or a check-in kiosk full screen, and opens it again whenever it ends.
#
#   start-screen.sh wall  https://aufruf.example/display/wartebereich
#   start-screen.sh kiosk https://aufruf.example/kiosk/eingang
#
# For the autostart of a user who may do nothing else. chromium-policies.json belongs into
# /etc/chromium/policies/managed/; without it the flags below still give sound and camera.
set -eu

BROWSER=${BROWSER:-chromium}
PROFILE=${PROFILE:-$HOME/.aufruf-screen}

# Nothing may cover the page: no bars, no questions, no "restore pages?", no pinch or swipe back.
COMMON="--kiosk --user-data-dir=$PROFILE --no-first-run --noerrdialogs
    --disable-session-crashed-bubble --disable-pinch --overscroll-history-navigation=0
    --disable-features=Translate --password-store=basic --lang=de"

# Nobody taps a wall before the first gong, and it must not slow down when nothing moves.
WALL="--autoplay-policy=no-user-gesture-required --disable-background-timer-throttling
    --disable-renderer-backgrounding"

# The camera is granted without a question, and a slip is printed without a dialogue where the kiosk
# has printer = "browser". Gongs of the kiosk follow a touch anyway.
KIOSK="--use-fake-ui-for-media-stream --kiosk-printing --touch-events=enabled"

main() {
    [ $# = 2 ] || usage
    case "$1" in
        wall) flags="$COMMON $WALL" ;;
        kiosk) flags="$COMMON $KIOSK" ;;
        *) usage ;;
    esac
    stay_awake
    until_the_end_of_days "$2"
}

# No screen saver and no standby; on Wayland the desktop's own settings decide.
stay_awake() {
    [ -z "${DISPLAY:-}" ] || ! command -v xset >/dev/null || xset s off -dpms
}

until_the_end_of_days() {
    while true; do
        # shellcheck disable=SC2086 - the flags are many words on purpose
        "$BROWSER" $flags "$1" || true
        sleep 2
    done
}

usage() {
    echo "usage: start-screen.sh wall|kiosk ADDRESS" >&2
    exit 2
}

main "$@"
