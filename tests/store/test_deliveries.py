"""The outbox of webhooks: a row once, tried in order, ended once."""

from __future__ import annotations

from datetime import timedelta

from queue_server.store import deliveries
from queue_server.store.deliveries import DELIVERED, Delivery
from tests.town import Town


def add(town: Town, seq: int, hook: str = "a") -> None:
    with town.store.transaction() as tx:
        deliveries.add(tx, hook, "rathaus", seq, "TicketCalled", "{}", town.now)


def due(town: Town, hook: str = "a") -> Delivery | None:
    with town.store.snapshot() as snapshot:
        return deliveries.first_due(snapshot, hook, town.now)


def test_the_same_event_stands_once_in_the_outbox_of_each_webhook(town: Town) -> None:
    for hook in ("a", "a", "b"):
        add(town, 7, hook)

    with town.store.snapshot() as snapshot:
        assert [row["hook"] for row in snapshot.rows("SELECT hook FROM deliveries")] == ["a", "b"]


def test_what_was_put_off_lets_the_next_one_go_first_until_its_time_comes(town: Town) -> None:
    add(town, 1)
    add(town, 2)
    first = due(town)
    assert first is not None
    with town.store.transaction() as tx:
        deliveries.put_off(tx, first, town.now + timedelta(minutes=1), "answered 422")

    second = due(town)
    assert second is not None and second.id != first.id
    town.pass_time(minutes=1)
    again = due(town)
    assert again is not None and (again.id, again.trouble) == (first.id, "answered 422")


def test_what_waits_longer_than_anybody_lets_it_wait_was_put_off_by_a_wrong_clock(
    town: Town,
) -> None:
    add(town, 1)
    first = due(town)
    assert first is not None

    def is_due_when_put_off_until(later: timedelta) -> bool:
        with town.store.transaction() as tx:
            deliveries.put_off(tx, first, town.now + later, "timeout")
        return due(town) is not None

    assert not is_due_when_put_off_until(deliveries.FURTHEST)
    assert is_due_when_put_off_until(deliveries.FURTHEST + timedelta(milliseconds=1))


def test_what_has_ended_stays_so_whoever_comes_late(town: Town) -> None:
    add(town, 1)
    first = due(town)
    assert first is not None
    with town.store.transaction() as tx:
        deliveries.claim(tx, first, town.now)
        deliveries.took(tx, first, town.now)
        deliveries.give_up(tx, first, "timeout", town.now)
        deliveries.put_off(tx, first, town.now, "timeout")
        found = deliveries.get(tx, "rathaus", first.id)
        assert deliveries.get(tx, "nordend", first.id) is None

    assert found is not None and (found.state, found.trouble) == (DELIVERED, "")
    assert found.tries == 1


def test_a_webhook_is_its_senders_alone_until_they_have_ended(town: Town) -> None:
    add(town, 1)
    first, until = due(town), town.now + timedelta(minutes=2)
    assert first is not None

    with town.store.transaction() as tx:
        deliveries.claim(tx, first, until)
        claimed = deliveries.receiver(tx, "a")
        deliveries.free(tx, "a")
        freed = deliveries.receiver(tx, "a")

    assert claimed is not None and claimed.claimed_until == until
    assert freed is not None and freed.claimed_until < town.now
