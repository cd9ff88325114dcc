"""What others are told, in which order, how often, and that nothing is lost on the way."""

from __future__ import annotations

import json

import pytest

from queue_server.actions.deliveries import repeat
from queue_server.domain.errors import NotFound
from queue_server.store import journal
from queue_server.webhooks.courier import PAUSES
from tests.receiver import HookReceiver, bad_receiver, is_signed
from tests.town import Town
from tests.webhooks.conftest import SECRET, Hooks

ALLOWED = {"id", "event", "at", "site", "ticket", "appointment", "number", "counter", "outcome"}


def test_a_whole_visit_is_told_signed_and_without_a_person(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    hooks.tell(receiver.url)
    booked = town.booked(at="08:10", name="Erika Mustermann", phone="0431 1234")
    town.check_in(booked)
    town.pass_time(minutes=10)
    town.call_next("Schalter 1")
    town.arrive("Schalter 1")
    town.finish("Schalter 1")

    hooks.round()

    assert receiver.events == [
        *("AppointmentConfirmed", "TicketIssued", "TicketCalled", "VisitFinished")
    ]
    for request in receiver.requests:
        assert is_signed(SECRET, request.signature, request.body)
        assert not is_signed("another", request.signature, request.body)
        assert set(request.told) <= ALLOWED
        assert request.told["appointment"] == str(booked.id)
        for private in ("Erika", "Mustermann", "1234", booked.code, booked.token):
            assert private.encode() not in request.body
    called = receiver.requests[2].told
    assert (called["number"], called["counter"]) == ("M 001", "schalter-1")
    assert called["at"] == "2026-03-02T08:10:00.000+01:00"
    assert receiver.requests[3].told["outcome"] == "done"
    assert hooks.status().waiting == 0 and hooks.status().delivered_at == town.now


def test_only_what_was_asked_for_is_told_and_only_from_now_on(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    town.draw()
    hooks.tell(receiver.url, "TicketCalled")
    town.draw()
    town.call_next("Schalter 1")

    assert (hooks.round(), receiver.events) == (1, ["TicketCalled"])
    assert hooks.round() == 0


def test_what_is_refused_comes_again_with_the_same_id_and_growing_pauses(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    hooks.tell(receiver.url)
    receiver.statuses = [503, 302, 404]
    town.draw()
    for rest in PAUSES[:3]:
        assert hooks.round() == 1
        assert hooks.round() == 0, "it rests"
        assert hooks.status().tried_again_at == town.now + rest
        town.pass_time(seconds=rest.total_seconds())

    hooks.round()

    assert list(PAUSES) == sorted(PAUSES)
    assert len({request.body for request in receiver.requests}) == 1
    assert len(receiver.requests) == 4
    assert (hooks.status().failures, hooks.status().trouble) == (0, "")


def test_while_a_receiver_is_away_the_order_is_kept(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    hooks.tell(receiver.url, "TicketIssued")
    receiver.close()
    for _ in range(3):
        town.draw()
    for rest in PAUSES:
        assert hooks.round() == 1, "only one is tried, the others wait behind it"
        town.pass_time(seconds=rest.total_seconds())
    assert hooks.status().trouble == "unreachable"

    back = HookReceiver(port=receiver.port)
    try:
        assert (hooks.round(), back.numbers) == (3, ["M 001", "M 002", "M 003"])
    finally:
        back.close()


def test_a_message_that_a_receiver_cannot_digest_holds_up_no_other(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    hooks.tell(receiver.url, "TicketIssued")
    receiver.statuses = [422]
    town.draw()
    town.draw()

    hooks.round()

    assert receiver.numbers == ["M 001", "M 002"]
    assert hooks.states() == ["waiting", "delivered"]
    town.pass_time(seconds=PAUSES[0].total_seconds())
    assert (hooks.round(), hooks.states()) == (1, ["delivered", "delivered"])


def test_a_receiver_that_breaks_down_at_one_message_gets_the_next_one(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    hooks.tell(receiver.url, "TicketIssued")
    receiver.statuses = [500] * 4
    town.draw()
    town.draw()
    for rest in PAUSES[:4]:
        hooks.round()
        town.pass_time(seconds=rest.total_seconds())

    hooks.round()

    assert receiver.numbers == ["M 001"] * 4 + ["M 002"]


def test_after_a_day_it_is_given_up_and_can_be_sent_by_hand(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    hook = hooks.tell(receiver.url, "TicketIssued")
    receiver.statuses = [500, 500]
    town.draw()
    hooks.round()
    town.pass_time(hours=25)
    hooks.round()
    assert hooks.states() == ["given_up"] and hooks.status().given_up == 1
    assert hooks.round() == 0

    aylin, clara = town.clerk("Aylin"), town.clerk("Clara")
    with pytest.raises(NotFound):
        repeat(town.store, clara, 1, now=town.now)
    repeat(town.store, aylin, 1, now=town.now)
    repeat(town.store, aylin, 1, now=town.now)

    assert (hooks.round(), hooks.states()) == (1, ["delivered"])
    assert len({request.body for request in receiver.requests}) == 1
    with town.store.snapshot() as snapshot:
        repeated = journal.newest(snapshot, "rathaus", "DeliveryRepeated", 9)
    assert [(each.clerk, each.data()) for each in repeated] == [(aylin.id, {"delivery": 1})]
    assert hook.key not in json.dumps([each.data() for each in repeated])


def test_what_was_committed_before_a_crash_is_told_after_it(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    hooks.tell(receiver.url, "TicketIssued")
    town.draw()  # Committed, and then the power goes: nobody collects.
    hooks.courier.collect(town.now)
    town.draw()  # The first is in the outbox now, this one only in the journal.

    assert (hooks.round(), receiver.numbers) == (2, ["M 001", "M 002"])


def test_a_crash_between_taken_and_noted_sends_the_same_id_again(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    class Crash(Exception):
        pass

    hook = hooks.tell(receiver.url, "TicketIssued")
    town.draw()
    hooks.courier.collect(town.now)
    courier = hooks.courier
    courier._took = lambda *_: (_ for _ in ()).throw(Crash())  # type: ignore[method-assign]
    with pytest.raises(Crash):
        courier.deliver(hook, town.now)

    assert hooks.round() == 0, "whoever sent might still be at it"
    town.pass_time(minutes=1)
    hooks.round()

    first, second = receiver.requests
    assert first.told["id"] == second.told["id"]


def test_of_two_servers_one_sends(town: Town, hooks: Hooks, receiver: HookReceiver) -> None:
    hook = hooks.tell(receiver.url, "TicketIssued")
    town.draw()
    hooks.courier.collect(town.now)
    one, other = hooks.courier, hooks.courier
    claimed = one._claimed(hook, town.now)

    assert claimed is not None
    assert not other.deliver(hook, town.now)


def test_a_hanging_receiver_delays_no_other(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    with bad_receiver() as silent:
        hooks.hangs = silent
        hooks.tell(silent, "TicketIssued")
        hooks.tell(receiver.url, "TicketIssued")
        town.draw()
        hooks.round()

    assert hooks.status(hooks.hooks[0]).trouble == "timeout"
    assert receiver.numbers == ["M 001"]


def test_a_clock_that_was_set_back_keeps_nobody_waiting_for_hours(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    hooks.tell(receiver.url, "TicketIssued")
    town.pass_time(hours=3)
    town.draw()
    receiver.statuses = [503]
    hooks.round()
    town.pass_time(hours=-2.5)
    town.draw()

    assert (hooks.round(), receiver.numbers) == (2, ["M 001", "M 001", "M 002"])


def test_old_messages_and_forgotten_webhooks_leave_nothing(
    town: Town, hooks: Hooks, receiver: HookReceiver
) -> None:
    hook = hooks.tell(receiver.url, "TicketIssued")
    town.draw()
    hooks.round()
    town.pass_time(days=13)
    assert hooks.courier.tidy(town.now) == 0
    town.pass_time(days=2)
    assert hooks.courier.tidy(town.now) == 1

    hooks.hooks = ()
    hooks.courier.tidy(town.now)
    town.draw()
    hooks.hooks = (hook,)

    assert hooks.round() == 0, "it begins anew, from now on"
