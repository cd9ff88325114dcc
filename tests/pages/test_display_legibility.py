"""How many calls fit on a wall so that the last chair can read them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from display.legibility import capital_mm, rows_of, screen_height_mm, too_small
from display.place import breakable, place_of
from queue_server.domain.site import Display


@pytest.mark.parametrize(("distance_m", "needed_mm"), [(3, 37), (5, 61), (8, 98), (10, 122)])
def test_a_capital_covers_seven_tenths_of_a_degree(distance_m: float, needed_mm: int) -> None:
    assert round(capital_mm(distance_m)) == needed_mm


@pytest.mark.parametrize(("inches", "height_mm"), [(43, 535), (55, 685), (65, 809)])
def test_the_height_of_a_screen_follows_from_its_diagonal(inches: float, height_mm: int) -> None:
    assert round(screen_height_mm(inches)) == height_mm


@pytest.mark.parametrize(
    ("inches", "distance_m", "rows"), [(43, 3, 6), (43, 5, 4), (55, 7, 3), (65, 5, 6), (43, 8, 2)]
)
def test_the_distance_decides_how_many_calls_a_wall_shows(
    inches: float, distance_m: float, rows: int
) -> None:
    assert rows_of(Display("wand", diagonal_inches=inches, distance_m=distance_m)) == rows


def test_a_larger_screen_never_shows_fewer_calls_and_a_farther_chair_never_more() -> None:
    for inches in range(20, 120, 5):
        near_to_far = [
            rows_of(Display("wand", diagonal_inches=inches, distance_m=meters))
            for meters in range(1, 30)
        ]
        larger = rows_of(Display("wand", diagonal_inches=inches + 5, distance_m=5))
        assert near_to_far == sorted(near_to_far, reverse=True)
        assert larger >= near_to_far[4]
        assert min(near_to_far) >= 1


def test_a_screen_in_portrait_has_room_for_more() -> None:
    wall = Display("wand", diagonal_inches=55, distance_m=7)
    assert rows_of(wall, upright=True) > rows_of(wall)


def test_a_configured_number_of_rows_is_taken_at_its_word() -> None:
    assert rows_of(Display("wand", diagonal_inches=20, distance_m=30, rows=9)) == 9


@pytest.mark.parametrize(
    ("counter", "word", "sign", "fit"),
    [
        ("Schalter 3", "Schalter", "3", "full"),
        ("Zimmer im Anbau 104a", "Zimmer im Anbau", "104a", "half"),
        ("Zimmer 204 a", "Zimmer", "204 a", "half"),
        ("2. Obergeschoss", "", "2. Obergeschoss", "lines"),
        ("Standesamt", "", "Standesamt", "third"),
        ("Trauzimmer im Erdgeschoss", "", "Trauzimmer im Erdgeschoss", "lines"),
        ("7", "", "7", "full"),
    ],
)
def test_a_counter_is_a_small_word_and_a_large_sign(
    counter: str, word: str, sign: str, fit: str
) -> None:
    place = place_of(counter)
    assert (place.word, place.sign, place.fit) == (word, sign, fit)


def test_only_the_longest_words_of_a_place_may_break() -> None:
    assert breakable("Trauzimmer im Erdgeschoss") == "Trauzimmer im Erdgeschoss"
    assert breakable("Verwarngeldsachbearbeitung Nord").replace("\u00ad", "-") == (
        "Ver-warn-geld-sach-be-ar-bei-tung Nord"
    )


def test_a_wall_of_two_sites_has_a_line_more_in_each_row() -> None:
    one = Display("wand", diagonal_inches=43, distance_m=5)
    two = Display("wand", diagonal_inches=43, distance_m=5, sites=("rathaus", "nordend"))
    assert rows_of(two) < rows_of(one)


def test_a_screen_that_is_too_small_for_its_room_is_named_with_what_would_do() -> None:
    wall = Display("wand", diagonal_inches=32, distance_m=10)

    why = too_small(wall)

    assert why.startswith("32 inches are too small for 10 m: seen from there, capitals need 122 mm")
    inches = int(why.split("Take ")[1].split()[0])
    meters = float(why.split("chair ")[1].split()[0])
    assert too_small(replace(wall, diagonal_inches=inches)) == ""
    assert too_small(replace(wall, diagonal_inches=inches - 1)) != ""
    assert too_small(replace(wall, distance_m=meters)) == ""
    assert too_small(replace(wall, distance_m=meters + 0.1)) != ""


def test_the_screen_of_a_usual_room_is_not_too_small() -> None:
    assert too_small(Display("wand")) == ""
