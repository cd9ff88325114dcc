"""Who signs in and which device shows what: nobody else's session, site or pairing."""

from __future__ import annotations

from datetime import timedelta

from queue_server.store import identities

A_MOMENT = timedelta(milliseconds=1)


def change(town, action, *args):
    with town.store.transaction() as tx:
        return action(tx, *args)


def read(town, look, *args):
    with town.store.snapshot() as snapshot:
        return look(snapshot, *args)


def signed_in(town, token):
    found = read(town, identities.session_of, token)
    return found and found.clerk.name


def sign_in(town, name, token):
    change(town, identities.start_session, token, town.clerk(name).id, town.now)


def paired(town, place="wand", site="rathaus", role="display"):
    code = f"code of {place}"
    change(town, identities.expect_device, role, site, place, code, town.now)
    return pair(town, code, f"token of {place}")


def pair(town, code, token):
    """The device that the code makes of who brings this token; None when nobody waits for it."""
    expected = read(town, identities.device_of_code, code)
    return expected and change(town, identities.pair_device, expected.id, token, town.now)


# -- clerks ------------------------------------------------------------------------------------


def test_signing_out_ends_one_session_and_a_new_password_ends_all_of_that_clerk(town):
    for name, token in (("Aylin", "desk"), ("Aylin", "phone"), ("Bernd", "other")):
        sign_in(town, name, token)

    change(town, identities.end_session, "desk")
    assert [signed_in(town, t) for t in ("desk", "phone", "other")] == [None, "Aylin", "Bernd"]

    change(town, identities.set_password, town.clerk("Aylin").id, "new hash")
    assert [signed_in(town, t) for t in ("phone", "other")] == [None, "Bernd"]
    assert read(town, identities.clerk_named, "Bernd").password_hash != "new hash"


def test_somebody_who_was_removed_is_nobody_and_keeps_the_name_in_figures(town):
    sign_in(town, "Aylin", "desk")

    change(town, identities.remove_clerk, town.clerk("Aylin").id, town.now)

    assert read(town, identities.clerk_named, "Aylin") is None
    assert signed_in(town, "desk") is None
    assert read(town, identities.clerk_named, "Bernd") is not None
    assert set(read(town, identities.clerk_names, "rathaus").values()) == {"Aylin", "Bernd"}


def test_a_session_that_began_while_its_clerk_was_removed_is_none(town):
    leaving = town.clerk("Aylin")
    change(town, identities.remove_clerk, leaving.id, town.now)
    change(town, identities.start_session, "desk", leaving.id, town.now)
    sign_in(town, "Bernd", "other desk")

    assert signed_in(town, "desk") is None
    ever = town.now - timedelta(days=1)
    assert read(town, identities.sessions_since, ever, ever) == {identities.hashed("other desk")}


def test_whoever_comes_back_has_the_new_rights_and_the_old_id(town):
    before = town.clerk("Aylin")
    sign_in(town, "Aylin", "desk")
    change(town, identities.remove_clerk, before.id, town.now)

    id = change(town, identities.save_clerk, "Aylin", "nordend", "lead", "hash", town.now)

    back = read(town, identities.clerk_named, "Aylin")
    assert (back.id, id) == (before.id, before.id)
    assert (back.site, back.role, back.password_hash) == ("nordend", "lead", "hash")
    assert signed_in(town, "desk") is None


def test_a_session_is_seen_by_itself_and_forgotten_once_nobody_used_it_since(town):
    began, long_ago = town.now, town.now - timedelta(days=30)
    sign_in(town, "Aylin", "desk")
    sign_in(town, "Aylin", "phone")
    later = town.now + timedelta(hours=1)
    change(town, identities.touch_session, "desk", later)

    change(town, identities.forget_sessions, began, long_ago)
    assert signed_in(town, "phone") == "Aylin"
    change(town, identities.forget_sessions, began + A_MOMENT, long_ago)

    assert signed_in(town, "phone") is None
    assert read(town, identities.session_of, "desk").seen_at == later


def test_a_session_that_began_too_long_ago_is_forgotten_however_much_it_is_used(town):
    sign_in(town, "Aylin", "desk")
    began, never = town.now, town.now - timedelta(days=30)

    change(town, identities.forget_sessions, never, began)
    assert signed_in(town, "desk") == "Aylin"
    change(town, identities.forget_sessions, never, began + A_MOMENT)

    assert signed_in(town, "desk") is None


def test_sessions_that_go_on_are_those_in_use_begun_not_too_long_ago_of_clerks_who_are_here(town):
    for name, token in (("Aylin", "desk"), ("Aylin", "phone"), ("Bernd", "gone")):
        sign_in(town, name, token)
    began, later = town.now, town.now + timedelta(hours=1)
    change(town, identities.touch_session, "desk", later)
    change(town, identities.remove_clerk, town.clerk("Bernd").id, town.now)

    both = {identities.hashed("desk"), identities.hashed("phone")}
    assert read(town, identities.sessions_since, began, began) == both
    assert read(town, identities.sessions_since, later, began) == {identities.hashed("desk")}
    assert read(town, identities.sessions_since, began, began + A_MOMENT) == set()


# -- devices -----------------------------------------------------------------------------------


def test_a_pairing_code_is_used_up_by_the_first_device(town):
    assert paired(town).place == "wand"

    assert pair(town, "code of wand", "thief") is None
    assert read(town, identities.device_of_token, "thief") is None


def test_revoking_a_place_ends_its_devices_and_open_codes_and_no_others(town):
    paired(town, "eingang", role="kiosk")
    wall = paired(town)
    change(town, identities.expect_device, "display", "rathaus", "wand", "spare", town.now)

    assert change(town, identities.revoke_devices, "wand", town.now) == 2
    assert change(town, identities.revoke_devices, "wand", town.now) == 0

    assert read(town, identities.device_of_token, "token of wand") is None
    assert pair(town, "spare", "late") is None
    assert read(town, identities.device_of_token, "token of eingang").place == "eingang"
    assert wall.id not in {device.id for device in read(town, identities.devices)}


def test_a_site_lists_its_own_devices_and_without_one_all_are_listed(town):
    here, there = paired(town), paired(town, "nordend-wand", "nordend")

    assert [each.id for each in read(town, identities.devices, "rathaus")] == [here.id]
    assert {each.id for each in read(town, identities.devices)} == {here.id, there.id}


def test_a_sign_of_life_is_one_devices_and_keeps_the_sound_that_was_reported(town):
    wall, other = paired(town), paired(town, "nordend-wand", "nordend")
    later = town.now + timedelta(minutes=1)

    change(town, identities.report_device, wall.id, "blocked", town.now)
    change(town, identities.report_device, wall.id, None, later)

    seen = read(town, identities.device_of_token, "token of wand")
    assert (seen.sound, seen.seen_at) == ("blocked", later)
    assert read(town, identities.device_of_token, "token of nordend-wand") == other


def test_the_first_clerk_is_noticed(town):
    assert read(town, identities.has_clerks)
    with town.store.transaction() as tx:
        tx.write("DELETE FROM clerks")

    assert not read(town, identities.has_clerks)
