"""The head of office looks after staff and devices, within their own rights and their own site."""

from __future__ import annotations

import pytest

from queue_server.actions import staff, team
from queue_server.domain import events
from queue_server.domain.errors import AlreadyExists, BadRequest, NotAllowed, NotFound
from queue_server.store import counters, identities, journal, site_clerks
from queue_server.store.identities import Clerk

HASHED = "ein Hash"


def with_role(town, role) -> Clerk:
    id = staff.add_clerk(town.store, f"Chefin {role}", "rathaus", role, HASHED, now=town.now)
    with town.store.snapshot() as snapshot:
        return site_clerks.clerk_of(snapshot, "rathaus", id)


def hire(town, by, name="Dilan", role="clerk"):
    return team.hire(town.store, town.site("rathaus"), name, role, HASHED, by=by, now=town.now)


def give_role(town, by, id, role):
    team.give_role(town.store, town.site("rathaus"), id, role, by=by, now=town.now)


def dismiss(town, by, id):
    team.dismiss(town.store, town.site("rathaus"), id, by=by, now=town.now)


def role_of(town, id):
    with town.store.snapshot() as snapshot:
        found = site_clerks.clerk_of(snapshot, "rathaus", id)
    return found and found.role


def recorded(town, kind):
    with town.store.snapshot() as snapshot:
        return journal.newest(snapshot, "rathaus", kind.__name__, 20)


def test_every_step_is_in_the_journal_with_who_and_about_whom_and_no_name(town):
    lead = with_role(town, "lead")
    id = hire(town, lead)
    give_role(town, lead, id, "lead")
    team.give_password(town.store, town.site("rathaus"), id, "neu", by=lead, now=town.now)
    dismiss(town, lead, id)

    told = recorded(town, events.StaffChanged)

    assert [each.change for each in told] == ["removed", "password", "role", "added"]
    assert {(each.clerk, each.about) for each in told} == {(lead.id, id)}
    assert all("Dilan" not in str(each.data()) for each in told)


def test_a_role_that_is_given_twice_is_recorded_once(town):
    lead = with_role(town, "lead")
    id = hire(town, lead)

    give_role(town, lead, id, "lead")
    give_role(town, lead, id, "lead")

    assert role_of(town, id) == "lead"
    assert len(recorded(town, events.StaffChanged)) == 2


def test_nobody_gives_or_takes_rights_that_they_do_not_have(town):
    lead, admin = with_role(town, "lead"), with_role(town, "admin")

    for attempt in (
        lambda: hire(town, lead, role="admin"),
        lambda: give_role(town, lead, town.clerk("Aylin").id, "admin"),
        lambda: give_role(town, lead, admin.id, "clerk"),
        lambda: dismiss(town, lead, admin.id),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    give_role(town, admin, lead.id, "admin")
    assert role_of(town, lead.id) == "admin"


def test_nobody_ends_their_own_rights(town):
    admin = with_role(town, "admin")

    for attempt in (
        lambda: dismiss(town, admin, admin.id),
        lambda: give_role(town, admin, admin.id, "clerk"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_the_other_site_s_clerks_and_devices_are_none(town):
    admin = with_role(town, "admin")

    with pytest.raises(NotFound):
        dismiss(town, admin, town.clerk("Clara").id)
    with pytest.raises(NotFound):
        team.expect_device(town.store, town.site("rathaus"), "nordend-wand", by=admin, now=town.now)


@pytest.mark.parametrize(("name", "role"), [("", "clerk"), ("x" * 61, "clerk"), ("Dilan", "king")])
def test_a_name_or_a_role_that_is_none_is_refused(town, name, role):
    with pytest.raises(BadRequest):
        hire(town, with_role(town, "lead"), name, role)


def test_a_name_belongs_to_one_person_in_all_sites(town):
    with pytest.raises(AlreadyExists):
        hire(town, with_role(town, "lead"), "Clara")


def test_whoever_goes_leaves_no_counter_open(town):
    lead = with_role(town, "lead")
    town.open_counter("Schalter 1", "Aylin")
    token = staff.sign_in(town.store, town.clerk("Aylin"), now=town.now)

    aylin = town.clerk("Aylin").id
    dismiss(town, lead, aylin)
    dismiss(town, lead, aylin)

    with town.store.snapshot() as snapshot:
        assert counters.open_at(snapshot, "rathaus") == []
        assert identities.session_of(snapshot, token) is None


def test_a_device_gets_a_code_and_loses_its_place(town):
    lead, site = with_role(town, "lead"), town.site("rathaus")
    place = site.displays[0].id
    code = team.expect_device(town.store, site, place, by=lead, now=town.now)
    _, token = staff.pair_device(town.store, code, now=town.now)

    team.revoke_device(town.store, site, place, by=lead, now=town.now)
    team.revoke_device(town.store, site, place, by=lead, now=town.now)

    with town.store.snapshot() as snapshot:
        assert identities.device_of_token(snapshot, token) is None
    assert [each.change for each in recorded(town, events.DeviceChanged)] == ["revoked", "expected"]
