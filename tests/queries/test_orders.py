"""The calling order is computed once for all screens, and never shown when it has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain.priority import Choice
from queue_server.domain.site import Site
from queue_server.queries.orders import FRESH, CallingOrders, calling_order_of
from tests.town import Town


@pytest.fixture
def orders() -> CallingOrders:
    return CallingOrders()


def asked(town: Town, orders: CallingOrders, site: Site | None = None, **most: int) -> Sequence:
    with town.store.snapshot() as snapshot:
        return orders.of(snapshot, site or town.site("rathaus"), town.now, **most)


def alone(town: Town) -> list[Choice]:
    with town.store.snapshot() as snapshot:
        return calling_order_of(snapshot, town.site("rathaus"), town.now)


def is_kept(before: Sequence[Choice], after: Sequence[Choice]) -> bool:
    """Choices that were computed again are equal, but not the same."""
    return len(before) == len(after) > 0 and all(a is b for a, b in zip(before, after, strict=True))


def test_desks_phones_and_later_walls_share_one_order(town: Town, orders: CallingOrders) -> None:
    for _ in range(4):
        town.draw()

    desks, phones, walls = asked(town, orders), asked(town, orders), asked(town, orders, most=2)

    assert is_kept(desks, phones) and is_kept(desks[:2], walls)


def test_a_few_for_the_walls_are_not_taken_for_everybody(town: Town, orders: CallingOrders) -> None:
    for _ in range(4):
        town.draw()

    assert [len(asked(town, orders, most=most)) for most in (2, 3, 1000, 2)] == [2, 3, 4, 2]


def test_a_short_queue_is_whole_however_few_were_asked_for(
    town: Town, orders: CallingOrders
) -> None:
    town.draw()

    assert is_kept(asked(town, orders, most=6), asked(town, orders))


def test_whatever_happens_the_shared_order_is_the_order(town: Town, orders: CallingOrders) -> None:
    booked = town.booked("Meldewesen", at="08:10")
    first, second = town.draw(), town.draw()
    town.open_counter("Schalter 1")
    for step in (
        lambda: town.draw("Kfz"),
        lambda: town.prefer(second),
        lambda: town.check_in(booked),
        lambda: town.pass_time(minutes=11),
        lambda: town.call_next(),
        lambda: town.no_show(),
        lambda: town.resume(second),
        lambda: town.pass_time(minutes=3),
        lambda: town.call_next(),
        lambda: town.park(),
        lambda: town.cancel(first),
        lambda: town.close_counter("Schalter 1"),
    ):
        asked(town, orders)
        step()
        assert list(asked(town, orders)) == alone(town)
    assert alone(town), "somebody still waits"


def test_time_alone_makes_it_anew_also_when_the_clock_is_set_back(
    town: Town, orders: CallingOrders
) -> None:
    town.draw()
    first = asked(town, orders)

    town.now += FRESH - timedelta(milliseconds=1)
    assert is_kept(first, asked(town, orders))
    town.now += timedelta(milliseconds=1)
    second = asked(town, orders)
    town.now -= timedelta(hours=1)

    assert not is_kept(first, second) and not is_kept(second, asked(town, orders))


def test_other_settings_make_it_anew(town: Town, orders: CallingOrders) -> None:
    town.draw()
    site = town.site("rathaus")

    changed = replace(site, name="Neues Rathaus")

    assert not is_kept(asked(town, orders, site), asked(town, orders, changed))


def test_each_site_has_its_own(town: Town, orders: CallingOrders) -> None:
    here, there = town.draw(), town.draw(site="nordend")

    found = [asked(town, orders, town.site(site)) for site in ("rathaus", "nordend", "rathaus")]

    assert [[choice.ticket.id for choice in one] for one in found] == [[here.id], [there.id],
                                                                       [here.id]]  # fmt: skip
