"""Who may sign in, and which screens belong to the office."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.actions import desks, staff
from queue_server.actions.housekeeping import tidy_records
from queue_server.domain.errors import (
    AlreadyExists,
    BadPairingCode,
    BadRequest,
    NotFound,
    PairingCodeExpired,
    WrongPassword,
)
from queue_server.domain.ticket import TicketState
from queue_server.store import counters, identities

PASSWORD = "correct horse battery"


def clerk_of(town, token):
    with town.store.snapshot() as snapshot:
        found = identities.session_of(snapshot, token)
    return found and found.clerk


def device_of(town, token):
    with town.store.snapshot() as snapshot:
        return identities.device_of_token(snapshot, token)


def expect(town, place="eingang", role="kiosk"):
    return staff.expect_device(town.store, role, "rathaus", place, now=town.now)


def pair(town, code):
    return staff.pair_device(town.store, code, now=town.now)


def test_only_the_right_password_of_a_known_name_signs_in(town):
    hashed = staff.hash_password(PASSWORD)
    staff.set_password(town.store, "Aylin", hashed, now=town.now)

    assert staff.check_password(town.store, "Aylin", PASSWORD) == identities.Clerk(
        **{**vars_of(town.clerk("Aylin")), "password_hash": hashed}
    )
    for name, password in [("Aylin", PASSWORD.upper()), ("Nobody", PASSWORD)]:
        with pytest.raises(WrongPassword):
            staff.check_password(town.store, name, password)


def vars_of(clerk):
    return {key: getattr(clerk, key) for key in ("id", "name", "site", "role")}


def test_a_short_password_is_refused_before_it_is_hashed():
    with pytest.raises(BadRequest):
        staff.hash_password("nine char")


def test_a_session_lasts_until_signing_out(town):
    token = staff.sign_in(town.store, town.clerk("Aylin"), now=town.now)
    assert clerk_of(town, token) == town.clerk("Aylin")

    staff.sign_out(town.store, token)

    assert clerk_of(town, token) is None


def test_a_session_ends_fourteen_hours_after_its_last_use(town):
    start, hour = town.now, timedelta(hours=1)
    session = identities.Session(town.clerk("Aylin"), started_at=start, seen_at=start)

    assert not staff.session_ended(session, start + 14 * hour)
    assert staff.session_ended(session, start + 14 * hour + timedelta(seconds=1))


def test_a_session_ends_after_a_working_week_however_much_it_is_used(town):
    start, week = town.now, timedelta(days=6, hours=12)

    def used_until(end):
        return identities.Session(town.clerk("Aylin"), started_at=start, seen_at=end)

    assert not staff.session_ended(used_until(start + week), start + week)
    late = start + week + timedelta(seconds=1)
    assert staff.session_ended(used_until(late), late)


def test_sessions_that_ended_by_age_are_forgotten(town):
    used, unused = (staff.sign_in(town.store, town.clerk("Aylin"), now=town.now) for _ in "12")
    town.pass_time(hours=10)
    desks.still_here(town.store, town.clerk("Aylin"), session=used, now=town.now)
    town.pass_time(hours=4, seconds=1)
    tidy_records(town.store, now=town.now)
    assert clerk_of(town, used) and clerk_of(town, unused) is None

    town.pass_time(days=6)
    desks.still_here(town.store, town.clerk("Aylin"), session=used, now=town.now)
    tidy_records(town.store, now=town.now)

    assert clerk_of(town, used) is None


def test_signing_in_anew_ends_the_session_that_this_browser_had(town):
    first, elsewhere = (staff.sign_in(town.store, town.clerk("Aylin"), now=town.now) for _ in "12")

    second = staff.sign_in(town.store, town.clerk("Bernd"), instead_of=first, now=town.now)

    assert clerk_of(town, first) is None
    assert clerk_of(town, second) == town.clerk("Bernd") and clerk_of(town, elsewhere)


def test_a_new_password_ends_every_session_of_the_clerk(town):
    aylin = staff.sign_in(town.store, town.clerk("Aylin"), now=town.now)
    bernd = staff.sign_in(town.store, town.clerk("Bernd"), now=town.now)

    staff.set_password(town.store, "Aylin", "hash", now=town.now)

    assert clerk_of(town, aylin) is None and clerk_of(town, bernd)


def test_a_removed_clerk_is_out_at_once_and_may_come_back(town):
    token, before = (
        staff.sign_in(town.store, town.clerk("Aylin"), now=town.now),
        town.clerk("Aylin"),
    )

    staff.remove_clerk(town.store, "Aylin", now=town.now)
    assert clerk_of(town, token) is None
    staff.add_clerk(town.store, "Aylin", "nordend", "lead", "hash", now=town.now)

    with town.store.snapshot() as snapshot:
        back = identities.clerk_named(snapshot, "Aylin")
    assert (back.id, back.site, back.role) == (before.id, "nordend", "lead")


def test_a_name_is_taken_once_and_an_unknown_one_is_refused(town):
    with pytest.raises(AlreadyExists):
        town.hire("Aylin")
    for verb in (
        lambda: staff.remove_clerk(town.store, "Nobody", now=town.now),
        lambda: staff.set_password(town.store, "Nobody", "hash", now=town.now),
    ):
        with pytest.raises(NotFound):
            verb()


def test_a_pairing_code_makes_one_device_of_its_role_and_site(town):
    code = expect(town)

    device, token = pair(town, code.lower().replace("-", ""))

    assert (device.role, device.site, device.place) == ("kiosk", "rathaus", "eingang")
    assert device_of(town, token).id == device.id
    with pytest.raises(BadPairingCode):
        pair(town, code)


@pytest.mark.parametrize("code", ["", "nonsense", "K7Q-M4T-XA9"])
def test_a_guessed_pairing_code_makes_no_device(town, code):
    expect(town)

    with pytest.raises(BadPairingCode):
        pair(town, code)


def test_a_pairing_code_is_good_for_seven_days(town):
    soon, late = expect(town), expect(town)
    town.pass_time(days=7)
    assert pair(town, soon)
    town.pass_time(seconds=1)

    with pytest.raises(PairingCodeExpired):
        pair(town, late)


def test_pairing_anew_ends_the_pairing_that_this_browser_had(town):
    (_, first), (_, neighbour) = pair(town, expect(town)), pair(town, expect(town))

    _, second = staff.pair_device(
        town.store, expect(town, "wand", "display"), instead_of=first, now=town.now
    )

    assert device_of(town, first) is None
    assert device_of(town, second).place == "wand" and device_of(town, neighbour)


def test_a_code_that_is_refused_ends_no_pairing(town):
    _, token = pair(town, expect(town))

    with pytest.raises(BadPairingCode):
        staff.pair_device(town.store, "nonsense", instead_of=token, now=town.now)

    assert device_of(town, token)


def test_a_revoked_device_and_its_unused_codes_are_worth_nothing(town):
    _, token = pair(town, expect(town))
    unused, other = expect(town), pair(town, expect(town, "wand", "display"))[1]

    assert staff.revoke_devices(town.store, "eingang", now=town.now) == 2

    assert device_of(town, token) is None and device_of(town, other)
    with pytest.raises(BadPairingCode):
        pair(town, unused)


def test_neither_tokens_nor_codes_can_be_read_from_the_database(town):
    code = expect(town)
    session = staff.sign_in(town.store, town.clerk("Aylin"), now=town.now)
    _, token = pair(town, expect(town))

    with town.store.snapshot() as snapshot:
        kept = [
            tuple(row)
            for table in ("SELECT * FROM sessions", "SELECT * FROM devices")
            for row in snapshot.rows(table)
        ]

    assert not [secret for secret in (code, session, token) if secret in str(kept)]


def test_whoever_is_removed_leaves_no_counter_open_and_the_person_called_waits_again(town):
    who = town.draw()
    town.call_next()
    town.open_counter("Schalter 2", "Bernd")

    staff.remove_clerk(town.store, "Aylin", now=town.now)

    with town.store.snapshot() as snapshot:
        assert [each.clerk_name for each in counters.open_at(snapshot, "rathaus")] == ["Bernd"]
    assert town.ticket(who).state is TicketState.WAITING


def test_a_visit_ends_with_the_clerk_who_is_removed(town):
    who = town.draw()
    town.call_next()
    town.arrive()

    staff.remove_clerk(town.store, "Aylin", now=town.now)

    assert town.ticket(who).state is TicketState.SERVED
    assert "CounterClosed" in town.happened()
