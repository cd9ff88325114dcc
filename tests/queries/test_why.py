"""Why not me yet? What the sentence says is what the desks do."""

from __future__ import annotations

from tests.queries.asking_why import arrived, ruled, said, why
from tests.town import Town

ALWAYS_BUSY, NEVER_BUSY = 0, 480

# -- nobody can call -----------------------------------------------------------------------


def test_without_an_open_counter_it_says_so(town: Town) -> None:
    who = town.draw("Meldewesen")

    assert said(town, who) == (
        "Zurzeit ist kein Schalter geöffnet; sobald einer öffnet, geht es weiter."
    )


def test_open_counters_for_other_things_do_not_help(town: Town) -> None:
    town.open_counter("Schalter 2")
    who = town.draw("Meldewesen")

    assert said(town, who) == ("Gerade bearbeitet keiner der geöffneten Schalter Ihr Anliegen.")


def test_whoever_was_handed_to_a_counter_waits_for_that_one(town: Town) -> None:
    town.open_counter("Schalter 2")
    town.draw("Ausweise")
    town.call_next("Schalter 2")
    who = town.draw("Ausweise")
    town.call_next("Schalter 1")
    town.arrive("Schalter 1")
    town.transfer("Schalter 1", to="Schalter 2")
    later = town.draw("Ausweise")

    assert said(town, who) == ("Nur Schalter 2 ruft Sie auf, und dort ist gerade noch jemand.")
    assert said(town, later) == (
        "Sie sind als Nächstes dran, und ein passender Schalter ist schon frei."
    )
    town.arrive("Schalter 2")
    town.finish("Schalter 2")
    assert said(town, who) == "Sie sind als Nächstes dran, und Schalter 2 ist schon frei."


def test_whoever_is_handed_on_stands_behind_those_that_the_counter_calls_first(town: Town) -> None:
    town.open_counter("Schalter 2")
    first = town.draw("Ausweise")
    town.pass_time(minutes=1)
    who = town.draw("Meldewesen")
    town.call_chosen(who, "Schalter 1")
    town.arrive("Schalter 1")
    town.transfer("Schalter 1", to="Schalter 2")

    assert said(town, who) == (
        "Nur Schalter 2 ruft Sie auf, und dort ist noch 1 Person vor Ihnen dran."
    )
    assert town.call_next("Schalter 2") == first


# -- set aside ------------------------------------------------------------------------------


def test_the_parked_and_the_missed_are_told_where_to_go_and_the_called_nothing(town: Town) -> None:
    who = town.draw()
    town.call_next()
    assert why(town, who) is None

    town.park()
    assert said(town, who).startswith("Ihre Nummer ist zurückgestellt")
    town.resume(who)
    town.call_next()
    town.no_show()
    assert said(town, who).startswith("Sie wurden aufgerufen, aber nicht angetroffen")


def test_after_a_missed_call_others_go_first_for_a_moment(town: Town) -> None:
    who = town.draw()
    town.call_next()
    town.no_show()
    town.draw()
    town.resume(who)

    assert said(town, who) == (
        "Nach Ihrem verpassten Aufruf gehen noch höchstens 1 Minute lang andere vor."
    )
    town.call_next()
    assert said(town, who).startswith("Sie sind als Nächstes dran")


# -- who goes first -------------------------------------------------------------------------


def test_the_first_in_line_is_next_as_soon_as_a_counter_is_free(town: Town) -> None:
    town.draw()
    town.call_next()
    who = town.draw()

    assert said(town, who) == (
        "Sie sind als Nächstes dran, sobald ein passender Schalter frei wird."
    )


def test_those_who_came_earlier_are_counted_and_other_concerns_are_not(town: Town) -> None:
    town.open_counter("Schalter 1", services=["Meldewesen"])
    town.draw("Kfz")
    people = [town.draw("Meldewesen") for _ in range(3)]

    assert said(town, people[2]) == "2 Personen sind früher gekommen als Sie."
    assert said(town, people[1]) == "1 Person ist früher gekommen als Sie."


def test_when_it_is_busy_appointments_that_are_due_go_first(town: Town) -> None:
    ruled(town, busy_from_minutes=ALWAYS_BUSY)
    town.open_counter("Schalter 1")
    who = town.draw()
    arrived(town, "08:30", check_in="08:20")
    town.set_clock("08:31")

    assert said(town, who) == "Es ist viel los, deshalb geht 1 Person vor, deren Termin jetzt ist."


def test_when_it_is_quiet_the_clock_decides(town: Town) -> None:
    ruled(town, busy_from_minutes=NEVER_BUSY)
    town.open_counter("Schalter 1")
    arrived(town, "08:30", check_in="08:20")
    town.set_clock("08:31")
    who = town.draw()

    assert said(town, who) == (
        "Es geht nach der Uhrzeit von Ankunft oder Termin, und 1 Person ist vor Ihnen dran."
    )


def test_somebody_early_learns_that_others_go_first_until_then(town: Town) -> None:
    ruled(town)
    town.open_counter("Schalter 1")
    town.draw()
    who = arrived(town, "08:30", check_in="08:10")

    assert said(town, who) == (
        "Ihr Termin ist erst um 08:30 Uhr: Bis dahin gehen andere vor, zurzeit 1 Person."
    )


def test_somebody_late_counts_like_a_walk_in_who_came_at_the_slot(town: Town) -> None:
    ruled(town)
    town.open_counter("Schalter 1")
    town.draw()
    who = arrived(town, "08:30", check_in="08:55")

    assert said(town, who) == (
        "Sie kamen nach Ihrer Terminzeit und zählen wie jemand, der um 08:30 Uhr ohne Termin kam: "
        "1 Person ist vor Ihnen dran."
    )


def test_somebody_late_under_the_order_of_arrival_just_waits_less_long(town: Town) -> None:
    ruled(town, "arrival")
    town.open_counter("Schalter 1")
    booked = town.booked(at="08:30")
    town.set_clock("08:40")
    town.draw()
    town.set_clock("08:55")

    assert said(town, town.check_in(booked)) == "1 Person wartet schon länger als Sie."


def test_the_guard_is_explained_to_those_whom_it_helps(town: Town) -> None:
    ruled(town, busy_from_minutes=ALWAYS_BUSY)
    town.open_counter("Schalter 1")
    who = town.draw()
    arrived(town, "08:45", check_in="08:44")
    town.set_clock("08:46")

    assert said(town, who) == (
        "Sie warten länger als 45 Minuten: Spätestens jeder dritte Aufruf gilt jetzt Personen ohne "
        "Termin, und 1 Person ist noch vor Ihnen dran."
    )


def test_several_kinds_of_people_are_told_apart(town: Town) -> None:
    ruled(town, busy_from_minutes=ALWAYS_BUSY)
    town.open_counter("Schalter 1")
    town.draw()
    arrived(town, "08:30", check_in="08:20")
    who = town.draw()
    town.prefer(town.draw())
    town.set_clock("08:31")

    assert said(town, who) == (
        "3 Personen gehen vor: 1 mit Vorrang, 1 mit fälligem Termin und 1 mit früherer Ankunft."
    )


def test_a_strict_house_says_that_appointments_go_first(town: Town) -> None:
    ruled(town, "strict")
    town.open_counter("Schalter 1")
    who = town.draw()
    arrived(town, "08:30", check_in="08:20")

    assert said(town, who) == "Wer einen Termin hat, geht hier vor: zurzeit 1 Person."


def test_weighed_minutes_are_explained(town: Town) -> None:
    ruled(town, "accumulating", ratio=1.5)
    town.open_counter("Schalter 1")
    booked = town.booked(at="08:30")
    town.set_clock("08:29")
    who = town.draw()
    town.check_in(booked)
    town.set_clock("08:59")

    assert said(town, who) == (
        "Eine Minute mit Termin zählt so viel wie 1,5 ohne: Deshalb geht 1 Person vor."
    )
