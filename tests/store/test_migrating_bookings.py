"""A database that held appointments before citizens could book loses none of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlite_utils

from queue_server.domain.appointment import AppointmentState
from queue_server.domain.errors import SlotTaken
from queue_server.store import appointments, marks, people, tickets
from queue_server.store.database import milliseconds
from queue_server.store.migrations import migrations
from tests.town import MONDAY, Town, moment

pytestmark = pytest.mark.sqlite

BEFORE_CITIZENS = "005_citizens_book"
COLUMNS = "site, state, services, persons, start_at, end_at, code, token, language, booked_at"


class OldHouse:
    """A database file as the version before left it; holds are one row a step."""

    def __init__(self, path):
        self.path = path
        self.database = sqlite_utils.Database(path)
        migrations.apply(self.database, stop_before=BEFORE_CITIZENS)
        self.booked = 0

    def book(self, counter, at, minutes, *, step=5, state="confirmed", day=MONDAY):
        """An appointment with its holds; returns its id."""
        self.booked += 1
        start = moment(day, at)
        end = start + timedelta(minutes=minutes)
        values = ("rathaus", state, json.dumps(["kfz"]), 1, milliseconds(start), milliseconds(end),
                  f"CODE-{self.booked}", f"token-{self.booked}", "de", 0)  # fmt: skip
        self.run(f"INSERT INTO appointments ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", values)
        while start < end and state not in ("cancelled", "expired"):
            hold = (counter, milliseconds(start), "rathaus", self.booked)
            self.run("INSERT INTO slot_holds VALUES (?,?,?,?)", hold)
            start += timedelta(minutes=step)
        return self.booked

    def run(self, sql, values=()):
        self.database.conn.execute(sql, values)

    def happened(self, name, appointment):
        self.run(
            "INSERT INTO journal (at, site, name, appointment, data) VALUES (0, 'rathaus', ?,?,?)",
            (name, appointment, json.dumps({"services": ["kfz"], "persons": 1, "start_at": 0})),
        )

    def migrated(self):
        self.database.conn.commit()
        self.database.close()
        return Town(self.path)


@pytest.fixture
def old(tmp_path):
    return OldHouse(tmp_path / "old.db")


def test_every_hold_becomes_the_cells_of_the_same_visit_at_the_same_counter(old):
    short, long = old.book("schalter-1", "09:00", 10), old.book("schalter-3", "09:00", 35)
    other_day = old.book("schalter-1", "09:00", 10, day=MONDAY + timedelta(days=30))

    town = old.migrated()

    with town.store.snapshot() as snapshot:
        rows = snapshot.rows("SELECT * FROM cells ORDER BY appointment, start_at")
    held = {}
    for row in rows:
        held.setdefault((row["appointment"], row["counter"], row["site"]), []).append(row)
    assert {key: len(cells) for key, cells in held.items()} == {
        (short, "schalter-1", "rathaus"): 2,
        (long, "schalter-3", "rathaus"): 7,
        (other_day, "schalter-1", "rathaus"): 2,
    }
    assert all(row["free_at"] is None for row in rows)
    town.store.close()


@pytest.mark.parametrize(
    ("at", "minutes", "step", "cells"),
    [
        ("09:00", 10, 10, {"09:00", "09:05"}),
        ("09:00", 10, 15, {"09:00", "09:05"}),
        ("09:00", 30, 30, {"09:00", "09:05", "09:10", "09:15", "09:20", "09:25"}),
        ("09:07", 14, 7, {"09:05", "09:10", "09:15", "09:20"}),
        ("09:01", 1, 1, {"09:00"}),
    ],
)
def test_whatever_the_steps_were_the_cells_are_those_of_the_visit(old, at, minutes, step, cells):
    booked = old.book("schalter-1", at, minutes, step=step)

    town = old.migrated()

    with town.store.snapshot() as snapshot:
        assert appointments.get(snapshot, "rathaus", booked).end_at == moment(
            MONDAY, at
        ) + timedelta(minutes=minutes)
    assert town.held() == {("schalter-1", clock) for clock in cells}
    town.store.close()


def test_two_visits_that_met_inside_of_a_cell_do_not_stop_the_migration(old):
    first = old.book("schalter-1", "09:00", 7, step=7)
    second = old.book("schalter-1", "09:07", 7, step=7)

    town = old.migrated()

    with town.store.snapshot() as snapshot:
        assert appointments.get(snapshot, "rathaus", first)
        assert appointments.get(snapshot, "rathaus", second)
    assert {clock for _, clock in town.held()} == {"09:00", "09:05", "09:10"}
    town.store.close()


def test_after_the_migration_nobody_is_booked_twice_and_a_cancelled_time_is_free(old):
    old.book("schalter-1", "09:00", 20)
    old.book("schalter-1", "10:00", 20, state="cancelled")

    town = old.migrated()

    with pytest.raises(SlotTaken):
        town.booked("Kfz", at="09:10")
    assert town.booked("Kfz", at="10:00")
    town.store.close()


def test_old_appointments_are_whole_and_are_moved_and_cancelled_like_new_ones(old):
    one, other = old.book("schalter-1", "09:00", 20), old.book("schalter-1", "10:00", 20)
    old.run(
        "INSERT INTO people VALUES (?, 'Frau Yilmaz', 'y@example.org', '', 4000000000000)", (one,)
    )

    town = old.migrated()

    with town.store.snapshot() as snapshot:
        found = appointments.get(snapshot, "rathaus", one)
        assert people.of(snapshot, one).name == "Frau Yilmaz"
        assert people.open_bookings(snapshot, "rathaus", "Y@example.org", town.now) == 1
    assert (found.state, found.expires_at) == (AppointmentState.CONFIRMED, None)
    assert (found.confirmation_key, found.sequence) == ("", 0)
    assert town.move(found, "11:00", clerk="Aylin").sequence == 1
    with town.store.snapshot() as snapshot:
        town.cancel_booking(appointments.get(snapshot, "rathaus", other))
    assert {clock for _, clock in town.held()} == {"11:00", "11:05", "11:10", "11:15"}
    town.store.close()


def test_nobody_is_written_to_about_what_happened_before_there_were_letters(old):
    for _ in range(3):
        old.happened("AppointmentBooked", old.book("schalter-1", f"{9 + old.booked:02d}:00", 10))

    town = old.migrated()

    with town.store.snapshot() as snapshot:
        assert marks.get(snapshot, "letters_made_up_to") == "3"
    assert town.happened() == ["AppointmentBooked"] * 3
    town.store.close()


def test_a_house_without_a_past_begins_its_letters_at_nothing(town):
    with town.store.snapshot() as snapshot:
        assert marks.get(snapshot, "letters_made_up_to") == "0"


def test_old_tickets_miss_no_documents(old):
    old.run(
        """INSERT INTO tickets (site, day, letter, count, number, kind, state, services, service,
               persons, minutes, language, token, issued_at, rank_class, came_at, waits_since,
               changed_at)
           VALUES ('rathaus', '2026-03-02', 'K', 1, 'K 001', 'walk_in', 'waiting', '["kfz"]', 'kfz',
               1, 20, 'de', 'token', 0, 2, 0, 0, 0)"""
    )

    town = old.migrated()

    with town.store.snapshot() as snapshot:
        (ticket,) = tickets.alive(snapshot, "rathaus")
    assert ticket.missing == ()
    town.store.close()


def test_who_was_known_before_is_kept_for_the_days_that_were_promised(old):
    three_days_after = milliseconds(moment(MONDAY, "09:20") + timedelta(days=3))
    ids = [old.book("schalter-1", "09:00", 20), old.book("schalter-1", "10:00", 20)]
    for id, delete_after in zip(ids, (three_days_after, 0), strict=True):
        old.run("INSERT INTO people VALUES (?, 'Frau Yilmaz', '', '', ?)", (id, delete_after))

    town = old.migrated()

    with town.store.snapshot() as snapshot:
        rows = snapshot.rows("SELECT appointment, keep_days FROM people ORDER BY appointment")
    assert [(row["appointment"], row["keep_days"]) for row in rows] == [(ids[0], 3), (ids[1], 0)]
    town.store.close()
