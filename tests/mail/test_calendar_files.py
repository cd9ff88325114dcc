"""The attached calendar file: one entry that moves and goes with the appointment, and no secret."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from queue_server.domain.hours import ALWAYS, at_wall_clock
from tests.cast import BERLIN
from tests.mail.conftest import TUESDAY, Mailroom
from tests.mail.letters_of_all_kinds import EMAIL, appointment_of, furnish, letter_of
from tests.mailbox import SENDER, Received
from tests.town import Town

ENTERS, REMOVES = ("booked", "moved", "reminder"), ("cancelled", "cancelled_by_office")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def calendar_in(letter: Received) -> Calendar:
    calendar = Calendar.from_ical(letter.calendar)
    assert isinstance(calendar, Calendar)
    return calendar


def entry(letter: Received) -> Event:
    (event,) = calendar_in(letter).events
    return event


@pytest.mark.parametrize("kind", [*ENTERS, *REMOVES])
def test_the_file_is_a_proper_calendar(town: Town, mailroom: Mailroom, kind: str) -> None:
    letter = letter_of(town, mailroom, kind)

    calendar, event = calendar_in(letter), entry(letter)
    method = "PUBLISH" if kind in ENTERS else "CANCEL"
    assert calendar["METHOD"] == method
    assert event.status == ("CONFIRMED" if kind in ENTERS else "CANCELLED")
    assert event.errors == calendar.errors == []
    assert event["DTSTAMP"].dt == town.now
    assert event["ORGANIZER"] == f"MAILTO:{SENDER}" and "ATTENDEE" not in event
    assert event["CLASS"] == "PRIVATE"
    assert all(len(line) <= 75 for line in letter.calendar.split(b"\r\n"))


@pytest.mark.parametrize("kind", [*ENTERS, *REMOVES])
def test_clients_are_told_the_name_and_the_method(
    town: Town, mailroom: Mailroom, kind: str
) -> None:
    (part,) = letter_of(town, mailroom, kind).message.iter_attachments()

    assert part.get_filename() == "termin.ics"
    assert part.get_content_type() == "text/calendar"
    assert part["Content-Type"].params["method"] == ("PUBLISH" if kind in ENTERS else "CANCEL")
    assert part["Content-Type"].params["charset"] == "utf-8"


def test_the_entry_stands_in_local_time_with_its_zone(town: Town, mailroom: Mailroom) -> None:
    letter = letter_of(town, mailroom, "booked")

    visit, event = appointment_of(town), entry(letter)
    assert b"DTSTART;TZID=Europe/Berlin:20260303T090000" in letter.calendar
    assert (event.start.astimezone(UTC), event.end.astimezone(UTC)) == (
        visit.start_at,
        visit.end_at,
    )
    assert event["SUMMARY"] == "Termin: Rathaus Musterstadt"
    assert event["LOCATION"] == "Rathaus Musterstadt, Marktplatz 1, 24000 Musterstadt"
    assert "- Wohnungsgeberbestätigung" in event["DESCRIPTION"]


def test_an_english_entry_is_english(town: Town, mailroom: Mailroom) -> None:
    event = entry(letter_of(town, mailroom, "booked", "en"))

    assert event["SUMMARY"] == "Appointment: Rathaus Musterstadt"
    assert "Confirmation from the landlord" in event["DESCRIPTION"]


@pytest.mark.parametrize("kind", [*ENTERS, *REMOVES])
def test_calendars_of_other_companies_learn_no_secret(
    town: Town, mailroom: Mailroom, kind: str
) -> None:
    letter = letter_of(town, mailroom, kind)

    visit = appointment_of(town)
    told = letter.calendar.replace(b"\r\n ", b"").decode()
    for secret in (visit.code, visit.code.replace("-", ""), visit.token, EMAIL, "Yılmaz", "http"):
        assert secret not in told


def test_all_letters_speak_of_the_same_entry_and_the_number_only_grows(
    town: Town, mailroom: Mailroom
) -> None:
    furnish(town)
    visit = town.booked("Kfz", email=EMAIL, day=TUESDAY)
    mailroom.collect()
    entries = [entry(mailroom.written())]
    for at in ("09:00", "10:00"):
        town.move(visit, at=at, day=TUESDAY)
        mailroom.collect()
        entries.append(entry(mailroom.written()))
    town.cancel_booking(visit)
    mailroom.collect()
    entries.append(entry(mailroom.written()))

    assert len({str(each["UID"]) for each in entries}) == 1
    assert [each["SEQUENCE"] for each in entries] == [0, 1, 2, 3]


def test_entries_of_two_appointments_are_two(town: Town, mailroom: Mailroom) -> None:
    uids = set()
    for at in ("08:10", "09:00"):
        town.booked("Kfz", email=EMAIL, day=TUESDAY, at=at)
        mailroom.collect()
        uids.add(str(entry(mailroom.written())["UID"]))

    assert len(uids) == 2


def test_whoever_never_confirmed_has_nothing_to_remove(town: Town, mailroom: Mailroom) -> None:
    town.cancel_booking(town.book(email=EMAIL, day=TUESDAY))
    mailroom.collect()

    letter = mailroom.written()

    assert letter.calendar == b"" and "termin.ics" not in letter.text


# -- the nights when the clocks change -----------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "clock", "utc_hour"),
    [
        (SPRING - timedelta(days=1), "10:00", 9),
        (SPRING, "10:00", 8),
        (AUTUMN - timedelta(days=1), "10:00", 8),
        (AUTUMN, "10:00", 9),
    ],
)
def test_the_zone_in_the_file_gives_the_right_moment(
    town: Town, mailroom: Mailroom, day: date, clock: str, utc_hour: int
) -> None:
    """Read by a client that knows no zones of its own, with nothing but the file."""
    letter = letter_about(town, mailroom, at_wall_clock(day, 600, BERLIN))

    zone = calendar_in(letter).timezones[0].to_tz(lookup_tzid=False)
    written = entry(letter).start.replace(tzinfo=None)
    assert f"{written:%H:%M}" == clock
    assert written.replace(tzinfo=zone).astimezone(UTC) == datetime(
        day.year, day.month, day.day, utc_hour, tzinfo=UTC
    )


def test_the_changes_stand_in_the_time_that_ends_with_them(town: Town, mailroom: Mailroom) -> None:
    """RFC 5545, 3.6.5: at 02:00 winter time it becomes summer, at 03:00 summer time winter."""
    told = letter_about(town, mailroom, at_wall_clock(SPRING, 600, BERLIN)).calendar.decode()

    daylight = told.partition("BEGIN:DAYLIGHT")[2].partition("END:DAYLIGHT")[0]
    assert "DTSTART:20260329T020000" in daylight and "TZOFFSETFROM:+0100" in daylight
    standard = told.rpartition("BEGIN:STANDARD")[2].partition("END:STANDARD")[0]
    assert "DTSTART:20261025T030000" in standard and "TZOFFSETFROM:+0200" in standard


@pytest.mark.parametrize("utc_clock", [(0, 30), (1, 30)])
def test_the_hour_that_comes_twice_is_not_mistaken(
    town: Town, mailroom: Mailroom, utc_clock: tuple[int, int]
) -> None:
    """02:30 on the clock both times; calendars would take both for the first."""
    start = datetime(2026, 10, 25, *utc_clock, tzinfo=UTC)

    event = entry(letter_about(town, mailroom, start))

    assert event.start.astimezone(UTC) == start
    assert event.end.astimezone(UTC) > start


def letter_about(town: Town, mailroom: Mailroom, start: datetime) -> Received:
    """About an appointment at this moment, at an office that is always open."""
    furnish(town)
    town.change(hours=ALWAYS, land="")
    town.now = start - timedelta(days=3)
    local = start.astimezone(BERLIN)
    booked = town.booked("Kfz", email=EMAIL, day=local.date(), at=f"{local:%H:%M}")
    with town.store.transaction() as tx:
        # The town speaks of clocks; this moment may be the second one of that name.
        tx.write(
            """UPDATE appointments SET start_at = :start, end_at = :start + 1200000
               WHERE id = :id""",
            {"id": booked.id, "start": int(start.timestamp() * 1000)},
        )
    mailroom.collect()
    return mailroom.written()
