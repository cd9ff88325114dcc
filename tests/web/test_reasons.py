"""The reason of a call in words that are true under the rule that made it."""

from __future__ import annotations

import pytest

from queue_server import languages
from queue_server.domain.hours import ALWAYS
from queue_server.domain.priority import Reason
from queue_server.domain.site import PriorityRules
from queue_server.languages import words
from queue_server.queries.my_counter import seat
from queue_server.queries.why import Part, Why
from queue_server.web.reasons import COUNTED, PARTS, SENTENCES, nth, reason_text, why_text
from tests.town import Town, Visitor


def ruled(town: Town, rule: str, **numbers: float) -> None:
    town.change(hours=ALWAYS, priority=PriorityRules(rule=rule, **numbers))
    town.open_counter("Schalter 1")


def arrived(town: Town, at: str, check_in: str) -> Visitor:
    booked = town.booked(at=at)
    town.set_clock(check_in)
    return town.check_in(booked)


def spoken(town: Town, reason: Reason | None) -> str:
    assert reason is not None
    return reason_text(reason, town.site().zone, town.now)


def called(town: Town) -> str:
    """The reason as the call answers it, and as the seat shows it afterwards."""
    call = town.call()
    assert call is not None
    with town.store.snapshot() as snapshot:
        shown = seat(snapshot, town.site(), town.clerk("Aylin").id)
    assert spoken(town, shown.reason) == spoken(town, call.reason)
    return spoken(town, call.reason)


def test_an_appointment_that_is_due(town: Town) -> None:
    ruled(town, "due_first", busy_from_minutes=0)
    town.draw()
    arrived(town, "08:15", "08:10")
    town.set_clock("08:16")

    assert called(town) == "Termin 08:15 Uhr ist fällig"


def test_an_appointment_before_its_time_in_a_strict_house(town: Town) -> None:
    ruled(town, "strict")
    town.draw()
    arrived(town, "08:15", "08:10")

    assert called(town) == "Termin 08:15 Uhr: Termine gehen vor"


def test_somebody_early_when_nobody_else_is_there(town: Town) -> None:
    ruled(town, "due_first")
    arrived(town, "08:15", "08:10")

    assert called(town) == "Termin 08:15 Uhr, schon da"


def test_somebody_without_an_appointment(town: Town) -> None:
    ruled(town, "due_first")
    town.draw()
    town.pass_time(minutes=12)

    assert called(town) == "Wartet 12 min, nach Ankunft"


def test_the_guards_share(town: Town) -> None:
    ruled(town, "due_first", busy_from_minutes=0, guard_every=2)
    town.draw()
    arrived(town, "08:45", "08:40")
    arrived(town, "08:55", "08:46")
    town.set_clock("08:55")
    town.serve_next(minutes=1)

    assert called(town) == "Wartet 56 min: jeder zweite Aufruf geht an Personen ohne Termin"


def test_the_share_is_told_as_it_was_at_the_call(town: Town) -> None:
    ruled(town, "due_first", busy_from_minutes=0, guard_every=2)
    town.draw()
    arrived(town, "08:45", "08:40")
    arrived(town, "08:55", "08:46")
    town.set_clock("08:55")
    town.serve_next(minutes=1)
    town.call()

    town.change(priority=PriorityRules(guard_every=5))

    with town.store.snapshot() as snapshot:
        shown = seat(snapshot, town.site(), town.clerk("Aylin").id)
    assert "jeder zweite Aufruf" in spoken(town, shown.reason)


def test_somebody_who_missed_the_slot_under_every_rule(town: Town) -> None:
    for rule in ("due_first", "strict", "arrival", "accumulating"):
        town.change(hours=ALWAYS, priority=PriorityRules(rule=rule))
        start = town.clock(ahead_minutes=15)
        booked = town.booked(at=start)
        town.pass_time(minutes=40)
        town.check_in(booked)
        town.pass_time(minutes=5)

        assert called(town) == f"Verspätet zum Termin {start} Uhr, wartet 5 min"
        town.arrive()
        town.finish()


def test_a_clerks_own_choice(town: Town) -> None:
    ruled(town, "due_first")
    who = town.draw()

    assert spoken(town, town.call_chosen(who).reason) == "Von Ihnen ausgewählt, wartet 0 min"


def test_large_shares_have_words_too() -> None:
    assert [nth(count) for count in (2, 3, 10, 12)] == ["zweite", "dritte", "zehnte", "12."]


# -- how long, in the words that all pages have for it --------------------------------------

LONG = {"minutes": 90, "every": 3}
WITH_TIME = (
    Why("guard", 2, LONG),
    Why("patient", 1, LONG),
    Why("patient", 2, LONG),
    Why("several", 3, LONG, (Part("sooner", 1), Part("patient", 2))),
    Why("held", facts=LONG),
    Why("postponed", facts=LONG),
)


@pytest.mark.parametrize("language", sorted(languages.ready()))
def test_a_duration_is_said_in_the_one_style_of_all_pages(town: Town, language: str) -> None:
    for why in WITH_TIME:
        text = why_text(why, town.site(), town.now, language)

        assert words.minutes(90, language) in text
        assert text.endswith(".") and ".." not in text and "{" not in text


def test_no_sentence_has_a_unit_of_time_of_its_own() -> None:
    texts = [
        *SENTENCES.values(),
        *PARTS.values(),
        *(one for both in COUNTED.values() for one in both),
    ]

    assert [text for text in texts if "{minutes}" in text or "{time}." in text] == []


def test_more_than_an_hour_is_told_in_hours(town: Town) -> None:
    said = why_text(WITH_TIME[3], town.site(), town.now)

    assert said.replace(words.NO_BREAK, " ") == (
        "3 Personen gehen vor: 1 mit gleicher oder früherer Terminzeit und 2 ohne Termin mit über "
        "1 Std. 30 Min. Wartezeit."
    )
