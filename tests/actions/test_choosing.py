"""One form, one reservation: choosing again changes what is held, and never holds two times."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.actions.booking import reserve
from queue_server.domain.appointment import AppointmentState
from queue_server.domain.codes import new_token
from queue_server.domain.errors import BadProof, NotBookable, NotFound, SlotTaken
from queue_server.store.request_limits import Proof
from tests.town import MONDAY, moment

RESERVED = AppointmentState.RESERVED
TOKEN = new_token()
A_MOMENT = timedelta(milliseconds=1)


def chosen(town, at="09:30", services=("kfz",), token=TOKEN, **more):
    start = moment(MONDAY, at)
    return reserve(town.store, town.site(), services, start, token=token, now=town.now, **more)


def proof(town, challenge="a"):
    return Proof(challenge * 64, town.now + timedelta(minutes=10))


def test_a_choice_is_held_under_the_token_of_the_form(town):
    held = chosen(town)

    assert (held.token, held.state) == (TOKEN, RESERVED)
    assert town.appointment(held) == held and len(town.held(held)) == len(town.held()) > 0


def test_the_same_choice_twice_is_once_and_spends_its_proof_once(town):
    first = chosen(town, proof=proof(town))
    town.pass_time(minutes=3)

    assert chosen(town, proof=proof(town)) == first
    assert town.happened() == ["AppointmentReserved"]


def test_another_choice_takes_the_place_of_the_first(town):
    first = chosen(town, "09:30")
    before = town.held(first)
    town.pass_time(minutes=3)

    second = chosen(town, "10:30", language="en")

    assert (second.id, second.start_at) == (first.id, moment(MONDAY, "10:30"))
    assert town.appointment(first) == second and second.language == "en"
    assert second.expires_at == first.expires_at + timedelta(minutes=3)
    assert town.held().isdisjoint(before) and town.held() == town.held(second)


def test_another_choice_may_share_a_part_of_the_first(town):
    first = chosen(town, "09:30")

    assert chosen(town, "09:35").id == first.id


def test_a_longer_visit_holds_more(town):
    first = town.held(chosen(town, services=("kfz",)))

    both = chosen(town, services=("kfz", "meldewesen"))

    assert both.services == ("kfz", "meldewesen")
    assert len(town.held(both)) > len(first) and town.held() == town.held(both)


def test_a_new_form_takes_over_what_an_address_names_and_only_its_own_token_opens_it(town):
    first = chosen(town)
    newer = new_token()

    second = chosen(town, "10:30", token=newer, instead=TOKEN)

    assert (second.id, second.token) == (first.id, newer)
    assert town.held() == town.held(second)
    with pytest.raises(NotFound):
        town.fill_in(first)


def test_even_the_same_time_chosen_in_a_new_form_is_closed_to_the_token_of_the_address(town):
    first = chosen(town)

    second = chosen(town, token=new_token(), instead=TOKEN)

    assert (second.id, second.start_at) == (first.id, first.start_at)
    assert second.token != first.token


def test_an_address_that_names_what_was_sent_off_takes_nothing_over(town):
    first = chosen(town)
    town.fill_in(first)
    asked = town.send_off(first)

    second = chosen(town, "10:30", token=new_token(), instead=TOKEN)

    assert second.id != first.id and town.appointment(first) == asked


def test_what_was_typed_already_is_kept_until_the_new_choice_ends(town):
    town.fill_in(chosen(town))
    town.pass_time(minutes=3)

    second = chosen(town, "10:30")

    assert town.person(second).name == "Frau Yilmaz"
    assert town.forgotten_at(second) == second.expires_at


def test_a_refused_choice_leaves_the_first_one_held(town):
    first = chosen(town)
    held = town.held(first)

    with pytest.raises(SlotTaken):
        chosen(town, "09:31", proof=proof(town))
    with pytest.raises(SlotTaken):
        chosen(town, "03:00", proof=proof(town))

    assert town.appointment(first) == first and town.held() == held
    assert chosen(town, "10:30", proof=proof(town)).id == first.id, "the proof was given back"


def test_a_proof_is_good_for_one_choice(town):
    chosen(town, proof=proof(town))

    with pytest.raises(BadProof):
        chosen(town, "10:30", proof=proof(town))


def test_what_is_not_booked_online_is_not_changed_to_either(town):
    first = chosen(town)
    town.change(services=tuple(
        replace(s, bookable=s.id != "meldewesen") for s in town.site().services
    ))  # fmt: skip

    with pytest.raises(NotBookable):
        chosen(town, services=("meldewesen",))
    assert town.appointment(first) == first


def test_an_ended_reservation_is_not_revived(town):
    first = chosen(town)
    town.now = first.expires_at

    second = chosen(town, "10:30")

    assert second.id != first.id and second.token != first.token


def test_until_its_last_moment_a_reservation_can_be_changed(town):
    first = chosen(town)
    town.now = first.expires_at - A_MOMENT

    assert chosen(town, "10:30").id == first.id


def test_what_was_sent_off_is_left_alone(town):
    first = chosen(town)
    town.fill_in(first)
    asked = town.send_off(first)

    second = chosen(town, "10:30")

    assert second.id != first.id and town.appointment(first) == asked


def test_the_token_of_another_site_holds_a_time_of_its_own(town):
    there = reserve(
        town.store, town.site("nordend"), ("meldewesen",), moment(MONDAY, "10:00"), token=TOKEN,
        now=town.now,
    )  # fmt: skip

    here = chosen(town)

    assert here.token != there.token and town.appointment(there) == there
