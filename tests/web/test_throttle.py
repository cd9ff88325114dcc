"""Token buckets: what is spent first, what is given back, and what is never taken from others."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from queue_server.domain.errors import NoCodeInImage, SlotTaken, TooManyTries, UnknownCode
from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import BookingRules, Site
from queue_server.web.limits import Client, Limit, Limits, at, booking, known, limits_for
from queue_server.web.throttle import EVERYBODY, MOST_BUCKETS, Throttle

THREE_AN_HOUR = Limit(3, 3 / 60)
PLENTY = Limit(1000, 1000)
HERE, THERE = at("192.0.2.1"), at("198.51.100.1")


class Seconds:
    """A monotonic clock that a test lets pass."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def throttle(
    seconds: Seconds, client: Limit = THREE_AN_HOUR, total: Limit = PLENTY, quiet: int = 1
) -> Throttle:
    return Throttle({"codes": Limits(client, total, quiet)}, seconds)


def spend(some: Throttle, client: Client = HERE, times: int = 1) -> None:
    for _ in range(times):
        some.spend("codes", client)


def passed(some: Throttle, client: Client, most: int = 50) -> int:
    """How many tries the client has before it is told to wait."""
    for n in range(most):
        try:
            some.spend("codes", client)
        except TooManyTries:
            return n
    return most


def seconds_to_wait(some: Throttle, client: Client = HERE) -> object:
    with pytest.raises(TooManyTries) as refused:
        some.spend("codes", client)
    return refused.value.facts["seconds"]


# -- one client ----------------------------------------------------------------------------------


def test_a_client_waits_until_one_try_is_refilled_others_do_not(seconds: Seconds) -> None:
    some = throttle(seconds)
    spend(some, times=3)

    assert seconds_to_wait(some) == 20 * 60
    spend(some, THERE)
    seconds.passed += 20 * 60
    spend(some, HERE)


def test_a_refusal_gives_the_try_back_a_fault_does_not(seconds: Seconds) -> None:
    some = throttle(seconds, Limit(1, 1))
    for refusal in (SlotTaken, SlotTaken, ZeroDivisionError):
        with pytest.raises(refusal), some.one("codes", HERE):
            raise refusal

    assert seconds_to_wait(some) == 60


def test_only_a_wrong_guess_counts(seconds: Seconds) -> None:
    some = throttle(seconds, Limit(1, 1))
    with some.guess("codes", HERE, UnknownCode):
        pass
    for outcome in (NoCodeInImage, UnknownCode):
        with pytest.raises(outcome), some.guess("codes", HERE, UnknownCode):
            raise outcome

    assert seconds_to_wait(some) == 60


def test_a_guess_is_spent_while_its_outcome_is_still_unknown(seconds: Seconds) -> None:
    some = throttle(seconds, Limit(1, 1))

    with some.guess("codes", HERE, UnknownCode):
        assert seconds_to_wait(some) == 60


def test_a_limit_of_none_lets_nobody_pass(seconds: Seconds) -> None:
    assert seconds_to_wait(throttle(seconds, Limit(0, 0))) == 3600


def test_each_kind_of_try_counts_for_itself(seconds: Seconds) -> None:
    once = Limits(Limit(1, 1), PLENTY)
    some = Throttle({"codes": once, "other": once}, seconds)
    spend(some)

    some.spend("other", HERE)


# -- all clients together ------------------------------------------------------------------------


def test_what_all_have_spent_is_not_taken_from_whoever_spent_nothing(seconds: Seconds) -> None:
    some = throttle(seconds, PLENTY, THREE_AN_HOUR, quiet=2)
    spend(some, HERE, 3)

    assert seconds_to_wait(some) == 20 * 60, "sooner than it is quiet again"
    assert passed(some, THERE) == 2
    assert passed(some, at("203.0.113.7")) == 2


def test_known_clients_are_in_no_total(seconds: Seconds) -> None:
    some = throttle(seconds, PLENTY, THREE_AN_HOUR)
    kiosk = known("device 7")
    spend(some, kiosk, 5)

    assert passed(some, HERE) == 3, "the kiosk has spent nothing of it"
    assert passed(some, kiosk) == 50


# -- networks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("192.0.2.1:50123", "192.0.2.1:50124", True),
        ("192.0.2.1:50123", "192.0.2.2:50123", False),
        ("[2001:db8:1:2::1]:50123", "2001:db8:1:2::9", True),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::9", True),
        ("not: an address", "not: another", False),
    ],
)
def test_a_household_of_ipv6_is_one_client(first: str, second: str, same: bool) -> None:
    assert (at(first).name == at(second).name) is same


def of_one_48(n: int) -> Client:
    """The n-th /64 of one /48, every other one in another /56."""
    return at(f"2001:db8:1:{n:02x}{n:02x}::1")


def test_the_networks_of_one_attacker_count_together(seconds: Seconds) -> None:
    some = throttle(seconds, Limit(10, 4), PLENTY, quiet=2)

    tries = sum(passed(some, of_one_48(n)) for n in range(10))

    assert tries == 4 * 10 + 6 * 2, "as many as of four clients, then each has what is quiet"


def test_a_quiet_household_beside_an_attacker_is_not_locked_out(seconds: Seconds) -> None:
    some = throttle(seconds, Limit(10, 4), THREE_AN_HOUR, quiet=2)
    for n in range(10):
        passed(some, of_one_48(n))

    assert passed(throttle(seconds), of_one_48(11)) == 3
    assert passed(some, at("2001:db8:2::1")) == 2, "elsewhere, whatever the total says"


def test_a_network_has_an_end_however_many_addresses_it_has(seconds: Seconds) -> None:
    some = throttle(seconds, Limit(10, 4), PLENTY, quiet=2)

    tries = sum(passed(some, of_one_48(n)) for n in range(255))

    assert tries == 4 * 4 * 10


# -- memory --------------------------------------------------------------------------------------


def test_memory_is_bounded_and_forgets_no_attacker(seconds: Seconds) -> None:
    some = throttle(seconds, Limit(3, 0.1), Limit(10**6, 1))
    spend(some, HERE, 3)
    for n in range(2 * MOST_BUCKETS):
        spend(some, at(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"))

    assert len(some._buckets) <= MOST_BUCKETS
    assert ("codes", EVERYBODY) in some._buckets
    assert seconds_to_wait(some, HERE)


def test_clients_are_forgotten_when_their_tries_are_refilled(seconds: Seconds) -> None:
    some = throttle(seconds, Limit(1, 1), Limit(10**6, 10**6))
    for n in range(MOST_BUCKETS - 1):
        spend(some, Client(f"client {n}"))
    seconds.passed += 60

    for name in ("the last", "makes room"):
        spend(some, Client(name))

    assert len(some._buckets) <= 3


# -- tries that only become harder ---------------------------------------------------------------


def test_a_noted_try_is_never_refused_and_tells_how_much_too_often(seconds: Seconds) -> None:
    some = throttle(seconds, Limit(10, 1), Limit(20, 1), quiet=1)

    noted = [some.note("codes", HERE) for _ in range(30)]

    assert noted[:10] == [0.0] * 10
    assert noted[20] == pytest.approx(1.0)
    assert some.note("codes", THERE) == 0.0, "whoever is quiet does not suffer from others"


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
