"""How many calls a wall can show so that the last chair can still read them.

EN 301 549, 5.1.4: seen from the stated distance, a capital H covers at least 0.7 degrees. The
shares below are those of `static/calls.css`; a browser test measures that they keep their word.
"""

from __future__ import annotations

from math import ceil, floor, hypot, pi

from queue_server.domain.site import Display

CAPITAL_DEGREES = 0.7
MM_PER_INCH = 25.4
WIDE, HIGH = 16, 9
# Share of the screen's height that the calls have; the rest is head and foot of the page.
CALLS_SHARE = 0.8
# Height of a row in capitals; more where a line says which of several sites calls.
ROW_CAPITALS = 1.55
ROW_CAPITALS_OF_SEVERAL = 1.9
# Height of the large call in rows, and its least share of the calls.
LARGE_ROWS = 1.5
LARGE_LEAST = 0.26
# More would be a wall of numbers in which nobody finds his own.
MOST_ROWS = 8


def rows_of(display: Display, *, upright: bool = False) -> int:
    """Calls in sight at once, the large one included; as configured, or what the distance allows.

    `upright` is a screen in portrait.
    """
    if display.rows is not None:
        return display.rows
    needed = row_mm(display)
    height = CALLS_SHARE * screen_height_mm(display.diagonal_inches, upright=upright)
    fitting = (rows for rows in range(MOST_ROWS, 1, -1) if height * row_share(rows) >= needed)
    return next(fitting, 1)


def row_mm(display: Display) -> float:
    """The smallest height of a row, in millimetres, in which the last chair can read a number."""
    row = ROW_CAPITALS_OF_SEVERAL if len(display.sites) > 1 else ROW_CAPITALS
    return row * capital_mm(display.distance_m)


def too_small(display: Display) -> str:
    """What is wrong with a screen on which the last chair can't read two calls; empty if nothing.

    Two counters may call at the same moment, so a wall needs room for two.
    """
    share = CALLS_SHARE * row_share(2)
    height = share * screen_height_mm(display.diagonal_inches)
    if height >= row_mm(display):
        return ""
    inches = ceil(display.diagonal_inches * row_mm(display) / height)
    meters = floor(10 * display.distance_m * height / row_mm(display)) / 10
    capital = capital_mm(display.distance_m)
    return (
        f"{display.diagonal_inches:g} inches are too small for {display.distance_m:g} m: seen from "
        f"there, capitals need {capital:.0f} mm (EN 301 549, 5.1.4: 0.7 degrees), and two calls "
        f"would have {capital * height / row_mm(display):.0f} mm. Take {inches} inches, or put the "
        f"last chair {meters:g} m away."
    )


def row_share(rows: int) -> float:
    """The share of the calls' height that each row below the large one has; `rows` >= 2."""
    small = rows - 1
    large = max(LARGE_LEAST, LARGE_ROWS / (LARGE_ROWS + small))
    return (1 - large) / small


def capital_mm(distance_m: float) -> float:
    """The smallest height of a capital, in millimetres, at this viewing distance in metres."""
    return CAPITAL_DEGREES * pi * distance_m * 1000 / 180


def screen_height_mm(diagonal_inches: float, *, upright: bool = False) -> float:
    """The height of a 16:9 screen with this diagonal, in millimetres."""
    side = WIDE if upright else HIGH
    return diagonal_inches * MM_PER_INCH * side / hypot(WIDE, HIGH)
