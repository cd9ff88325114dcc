"""How long a person is remembered, and where nothing of a person ever stands."""

from __future__ import annotations

from datetime import timedelta

from queue_server.domain.site import BookingRules
from tests.citizens import EMAIL
from tests.spared import table_names
from tests.town import MONDAY, moment

TUESDAY = MONDAY + timedelta(days=1)
A_MOMENT = timedelta(milliseconds=1)
A_DAY = timedelta(days=1)


def remembered(town):
    with town.store.snapshot() as snapshot:
        return [row["appointment"] for row in snapshot.rows("SELECT appointment FROM people")]


def test_before_the_form_nobody_is_known(town):
    town.reserve("Kfz")

    assert remembered(town) == []


def test_a_form_that_is_never_sent_off_is_forgotten_with_it(town):
    held = town.reserve("Kfz")
    town.fill_in(held)

    assert town.forgotten_at(held) == held.expires_at


def test_an_unconfirmed_person_is_forgotten_when_the_link_expires(town):
    asked = town.book("Kfz")
    assert town.forgotten_at(asked) == asked.expires_at

    town.now = asked.expires_at - A_MOMENT
    assert (town.tidy_records(), remembered(town)) == (0, [asked.id])

    town.pass_time(milliseconds=1)
    assert (town.tidy_records(), remembered(town)) == (1, [])


def test_whoever_expires_is_forgotten_at_once(town):
    asked = town.book("Kfz")
    town.now = asked.expires_at

    town.expire()

    assert remembered(town) == []


def test_a_confirmed_person_is_kept_as_long_as_the_visit_has_not_ended(town):
    confirmed = town.confirm(town.book("Kfz"))

    town.now = confirmed.end_at + timedelta(minutes=10)

    assert (town.tidy_records(), town.forgotten_at(confirmed)) == (0, None)


def test_correcting_the_form_replaces_what_was_there(town):
    held = town.reserve("Kfz")
    town.fill_in(held, "wrong@example.org", "Wrong")
    town.fill_in(held)

    everything = text_of_every_table(town)
    assert "wrong" not in everything.lower() and EMAIL in everything


def test_name_and_address_stand_in_one_table_and_nowhere_else(town):
    town.change(booking=BookingRules(lead_minutes=0))
    town.book("Kfz", at="11:00", name="Herr Öztürk", email="oeztuerk@example.org")
    asked = town.book("Kfz", at="09:30", name="Frau Yilmaz")
    town.ask_again(asked)
    town.confirm(asked)
    town.move(asked, "10:00")
    town.set_clock("09:55")
    town.check_in(asked)
    town.expire()

    told = text_of_every_table(town, but="people").lower()
    for secret in ("yilmaz", "öztürk", "oeztuerk", "@example"):
        assert secret not in told
    assert asked.code.lower() not in text_of_every_table(town, "appointments").lower()


def test_tokens_keys_and_codes_never_reach_the_journal(town):
    asked = town.book("Kfz")
    town.confirm(asked)
    town.cancel_booking(asked)

    with town.store.snapshot() as snapshot:
        told = str([tuple(row) for row in snapshot.rows("SELECT * FROM journal")])
    for secret in (asked.token, asked.confirmation_key, asked.code):
        assert secret not in told


def test_after_some_days_nobody_is_left(town):
    town.confirm(town.book("Kfz", name="Frau Yilmaz"))
    town.book("Kfz", at="11:00", email="other@example.org")
    town.now = moment(TUESDAY, "09:50")
    town.tidy()
    town.pass_time(days=1)

    assert town.tidy_records() == 1
    assert "example.org" not in text_of_every_table(town)


def text_of_every_table(town, but=""):
    with town.store.snapshot() as snapshot:
        return "\n".join(
            str(tuple(row))
            for name in table_names(snapshot)
            if name != but
            for row in snapshot.rows(f"SELECT * FROM {name}")
        )
