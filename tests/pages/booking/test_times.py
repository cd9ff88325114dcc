"""Booking, the calendar: days and times, filters, paging, and why a day has nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from queue_server.actions.appointments import book_by_clerk
from queue_server.actions.days import decide_day
from queue_server.domain.hours import Span
from queue_server.store import identities
from tests.office import Office, make_office
from tests.pages.booked_days import berlin, rathaus
from tests.pages.booking_forms import (
    PHONE,
    START,
    online_config,
    times_address,
    with_special_days,
    words_of,
)

Visit = Callable[..., BeautifulSoup]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path, with_special_days(online_config()))


def day_line(page: BeautifulSoup, start: str) -> str:
    """As it is read out: what a strip on a phone shows of it is no word of its own."""
    for short in page.select(".day__short"):
        short.decompose()
    return next(words_of(day) for day in page.select(".day") if words_of(day).startswith(start))


def chosen_day(page: BeautifulSoup) -> str:
    return words_of(page.select_one(".day [aria-current] .place__name"))


def times(page: BeautifulSoup) -> list[str]:
    return [words_of(label) for label in page.select(".times label")]


def quick(page: BeautifulSoup) -> list[str]:
    return [words_of(button) for button in page.select("button[name=start]")]


def fill_day(office: Office, day: str, services: str = "meldewesen") -> None:
    """The phone did not stop ringing: both counters are booked from 00:00 to 24:00."""
    with office.store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, "Lea")
    assert clerk is not None
    for quarter in range(96):
        at = berlin(day, f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")
        if at >= office.clock():
            for _ in range(2):
                book_by_clerk(office.store, rathaus(office), (services,), at, clerk=clerk.id,
                              people_days=0, now=office.clock())  # fmt: skip


def test_the_earliest_time_and_the_next_three_are_one_press_away(
    office: Office, visit: Visit
) -> None:
    page = visit(office.visitor(), times_address())

    assert quick(page) == [
        "Frühester Termin Montag, 8. Juni, 09:00 Uhr",
        "Montag, 8. Juni, 09:15 Uhr", "Montag, 8. Juni, 09:30 Uhr", "Montag, 8. Juni, 09:45 Uhr",
    ]  # fmt: skip
    assert page.select_one("button[name=start]")["value"] == "2026-06-08T09:00:00+02:00"  # type: ignore[index]


def test_what_is_suggested_does_not_overlap(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), times_address(persons=4))

    assert [words[-9:] for words in quick(page)] == [
        "09:00 Uhr", "10:00 Uhr", "11:00 Uhr", "12:00 Uhr",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "first", "headings"),
    [
        ("morning", "Montag, 8. Juni, 09:00 Uhr", ["Vormittag"]),
        ("afternoon", "Montag, 8. Juni, 12:00 Uhr", ["Nachmittag"]),
        ("", "Montag, 8. Juni, 09:00 Uhr", ["Vormittag", "Nachmittag"]),
        ("midnight", "Montag, 8. Juni, 09:00 Uhr", ["Vormittag", "Nachmittag"]),
    ],
)
def test_a_part_of_the_day_can_be_chosen(
    office: Office, visit: Visit, part: str, first: str, headings: list[str]
) -> None:
    page = visit(office.visitor(), times_address(part=part))

    assert quick(page)[0] == f"Frühester Termin {first}"
    assert [words_of(each) for each in page.select(".times__part")] == headings
    is_noon = [time >= "12:00" for time in times(page)]
    assert all(is_noon) == (part == "afternoon") and any(is_noon) == (part != "morning")


def test_the_chosen_part_stays_while_days_are_chosen(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), times_address(part="afternoon"))

    day = page.select("a.day__link")[1]
    following = visit(office.visitor(), str(day["href"]))

    assert chosen_day(following) == "Dienstag, 9. Juni"
    assert words_of(following.select_one(".segment[aria-current]")) == "Nachmittag"
    assert times(following)[0] == "12:00"


def test_every_day_says_how_much_is_free_or_why_nothing(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), times_address())

    assert len(page.select(".day")) == 14
    assert day_line(page, "Dienstag, 9.") == "Dienstag, 9. Juni 96 frei"
    assert day_line(page, "Mittwoch, 10.") == "Mittwoch, 10. Juni geschlossen: Betriebsausflug"
    assert day_line(page, "Donnerstag, 11.") == (
        "Donnerstag, 11. Juni 8 frei Ab 10 Uhr Personalversammlung"
    )
    assert day_line(page, "Sonntag, 14.") == "Sonntag, 14. Juni geschlossen"
    assert len(page.select("a.day__link")) == 11


def test_a_holiday_is_called_by_its_name(office: Office, visit: Visit) -> None:
    office.clock.pass_time(days=110)

    page = visit(office.visitor(), times_address(**{"from": "2026-09-28"}))

    assert day_line(page, "Samstag, 3.") == (
        "Samstag, 3. Oktober geschlossen: Tag der Deutschen Einheit"
    )


def test_what_the_desk_decides_about_a_day_shows_at_once(office: Office, visit: Visit) -> None:
    with office.store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, "Lea")
    assert clerk is not None
    for day, spans in ((9, []), (10, [Span(600, 720)])):
        decide_day(office.store, rathaus(office), office.clock().date().replace(day=day), spans,
                   notice="Wasserschaden", clerk=clerk.id, now=office.clock())  # fmt: skip

    page = visit(office.visitor(), times_address())

    assert day_line(page, "Dienstag, 9.") == "Dienstag, 9. Juni geschlossen: Wasserschaden"
    assert day_line(page, "Mittwoch, 10.") == "Mittwoch, 10. Juni 8 frei Wasserschaden"


def test_a_full_day_says_so(office: Office, visit: Visit) -> None:
    fill_day(office, "2026-06-09")

    page = visit(office.visitor(), times_address())
    assert day_line(page, "Dienstag, 9.") == "Dienstag, 9. Juni nichts frei"

    page = visit(office.visitor(), times_address(day="2026-06-09"))
    assert "An dem Tag, den Sie gewählt haben, ist nichts mehr frei." in words_of(page)
    assert chosen_day(page) == "Montag, 8. Juni"


def test_pages_turn_up_to_the_last_day_that_can_be_booked(office: Office, visit: Visit) -> None:
    visitor, address, seen = office.visitor(), times_address(), []
    while address:
        page = visit(visitor, address)
        seen += [words_of(day) for day in page.select(".place__name")]
        later = page.find("a", string=lambda text: bool(text) and "Spätere" in text)
        address = str(later["href"]) if later else ""  # type: ignore[index]

    assert (seen[0], seen[-1]) == ("Montag, 8. Juni", "Montag, 20. Juli")
    assert len(seen) == len(set(seen)) == 43
    assert "Weiter als bis Montag, 20. Juli geht es noch nicht." in words_of(page)


@pytest.mark.parametrize(
    "query",
    [{"from": "9999-12-31"}, {"from": "0001-01-01"}, {"day": "9999-12-31"}, {"day": "0001-01-01"},
     {"from": "gestern", "day": "1", "part": "x" * 4000}, {"token": "../../etc"}],
)  # fmt: skip
def test_odd_values_in_the_address_do_no_harm(
    office: Office, visit: Visit, query: dict[str, str]
) -> None:
    visit(office.visitor(), times_address(**query))


def test_the_calendar_opens_where_the_first_free_time_is(tmp_path: Path, visit: Visit) -> None:
    """Two weeks of works, and nothing else: nobody should have to turn pages for that."""
    office = make_office(tmp_path, online_config(("step_minutes = 15", "lead_minutes = 20160")))

    page = visit(office.visitor(), times_address())
    assert chosen_day(page) == "Montag, 22. Juni"

    back = page.find("a", string=lambda text: bool(text) and "Frühere" in text)
    before = visit(office.visitor(), str(back["href"]))  # type: ignore[index]
    assert "In diesen zwei Wochen ist nichts frei" in words_of(before)
    onward = before.find("a", string=lambda text: bool(text) and "nächsten freien" in text)
    assert chosen_day(visit(office.visitor(), str(onward["href"]))) == "Montag, 22. Juni"  # type: ignore[index]


def test_when_nothing_is_free_at_all_the_page_says_until_when_and_whom_to_call(
    tmp_path: Path, visit: Visit
) -> None:
    never = ("step_minutes = 15", "horizon_days = 1\nlead_minutes = 20160\nstep_minutes = 15")
    office = make_office(tmp_path, online_config(never))

    said = words_of(visit(office.visitor(), times_address()))

    assert "Bis Dienstag, 9. Juni ist nichts frei" in said and PHONE in said


def test_the_link_of_a_letter_opens_the_calendar_of_the_same_visit(
    office: Office, visit: Visit
) -> None:
    address = "/termin/times?site=rathaus&services=meldewesen&services=kfz&persons=1"

    page = visit(office.visitor(), address)

    assert "Wohnsitz anmelden, Bewohnerparkausweis, etwa 25 Minuten" in words_of(page)


def test_several_concerns_need_consecutive_time(office: Office, visit: Visit) -> None:
    alone = times(visit(office.visitor(), times_address(day="2026-06-11")))
    both = visit(office.visitor(), times_address(services=["meldewesen", "trauung"],
                                                 day="2026-06-11"))  # fmt: skip

    assert (alone[-1], times(both)[-1]) == ("09:45", "09:15")


def test_the_night_of_the_clocks_offers_each_hour_as_often_as_it_strikes(
    tmp_path: Path, visit: Visit
) -> None:
    office = make_office(tmp_path, online_config(("step_minutes = 15", "step_minutes = 60")))
    office.clock.pass_time(days=130)

    autumn = visit(office.visitor(), times_address(day="2026-10-25"))

    values = [str(radio["value"]) for radio in autumn.select(".times input")]
    assert times(autumn)[:5] == ["00:00", "01:00", "02:00", "02:00", "03:00"]
    assert len(set(values)) == len(values) == 25


def test_every_page_of_the_way_is_nobodys_to_index(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), times_address())

    assert page.select_one("meta[name=robots][content=noindex]") is not None
    assert START[:10] in str(page)
