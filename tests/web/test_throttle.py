"""Token buckets: for each client, for all together, and never for longer than they refill."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from queue_server.domain.errors import SlotTaken, TooManyTries
from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import BookingRules, Site
from queue_server.web.throttle import EVERYBODY, Limit, Limits, Throttle, booking, limits_for

NOW = datetime(2026, 6, 8, 6, 0, tzinfo=UTC)
THREE_AN_HOUR = Limit(3, 3 / 60)
PLENTY = Limit(1000, 1000)
HERE, THERE = "192.0.2.1", "198.51.100.1"


def throttle(client: Limit = THREE_AN_HOUR, total: Limit = PLENTY) -> Throttle:
    return Throttle({"book": Limits(client, total)})


def spend(some: Throttle, client: str = HERE, times: int = 1, now: datetime = NOW) -> None:
    for _ in range(times):
        with some.one("book", client, now):
            pass


def seconds_to_wait(some: Throttle, client: str = HERE, now: datetime = NOW) -> object:
    with pytest.raises(TooManyTries) as refused:
        some.check("book", client, now)
    return refused.value.facts["seconds"]


def test_a_client_waits_until_one_try_is_refilled_others_do_not() -> None:
    some = throttle()
    spend(some, times=3)

    assert seconds_to_wait(some) == 20 * 60
    some.check("book", THERE, NOW)
    some.check("book", HERE, NOW + timedelta(minutes=20))


def test_all_clients_together_wait_too() -> None:
    some = throttle(PLENTY, THREE_AN_HOUR)
    for client in ("a", "b", "c"):
        spend(some, client)

    assert seconds_to_wait(some, "d") == 20 * 60


def test_a_refusal_gives_the_try_back_a_fault_does_not() -> None:
    some = throttle(Limit(1, 1))
    for refusal in (SlotTaken, SlotTaken, ZeroDivisionError):
        with pytest.raises(refusal), some.one("book", HERE, NOW):
            raise refusal

    assert seconds_to_wait(some) == 60


def test_a_limit_of_none_lets_nobody_pass() -> None:
    some = throttle(Limit(0, 0))

    assert seconds_to_wait(some) == 3600


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("not: an address", "not: another", False),
    ],
)
def test_a_household_of_ipv6_is_one_client(first: str, second: str, same: bool) -> None:
    some = throttle(Limit(1, 1))
    spend(some, first)

    if same:
        assert seconds_to_wait(some, second) == 60
    else:
        some.check("book", second, NOW)


def test_every_site_has_the_limits_of_its_own_rules() -> None:
    rules = BookingRules(
        per_client_hour=1, per_hour=2, unproven_per_client_hour=3, unproven_per_hour=4
    )
    site = Site(id="a", name="A", zone=ZoneInfo("Europe/Berlin"), hours=ALWAYS, booking=rules)
    other = replace(site, id="b", booking=BookingRules())

    limits = limits_for([site, other])

    bursts = {name: (each.client.burst, each.total.burst) for name, each in limits.items()}
    assert bursts[booking(site)] == (1, 2)
    assert bursts[booking(site, proven=False)] == (3, 4)
    assert bursts[booking(other)] == (200, 2000)
    assert bursts[booking(other, proven=False)] == (10, 60)


def test_clients_are_forgotten_when_their_tries_are_refilled() -> None:
    some = throttle(Limit(1, 1), Limit(10**6, 10**6))
    for n in range(10_000):
        spend(some, f"client {n}")

    spend(some, "the last", now=NOW + timedelta(minutes=1))

    assert len(some._spent) <= 3, f"{EVERYBODY}, the last, and whoever made the room"
