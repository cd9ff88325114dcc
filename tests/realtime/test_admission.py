"""How much of the hub one client may take, with a clock that is a value."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from queue_server.realtime.admission import (
    LONGEST_PAUSE_SECONDS,
    MESSAGES_AT_ONCE,
    MESSAGES_PER_SECOND,
    MOST_CLIENTS,
    Admission,
    TokenBucket,
)
from queue_server.web.limits import at

MOST = 3


@dataclass
class Time:
    """Monotonic seconds; sleeping lets them pass."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def admission(time: Time) -> Admission:
    return Admission(MOST, clock=time, sleep=time.sleep)


def enter(admission: Admission, *sessions: str, anonymous: bool = True) -> list[bool]:
    return [admission.enter(one, "203.0.113.7", anonymous=anonymous) for one in sessions]


def test_an_address_may_keep_so_many_sockets_and_no_more(admission: Admission) -> None:
    assert enter(admission, "a", "b", "c", "d") == [True, True, True, False]
    assert admission.enter("e", "203.0.113.8", anonymous=True)


def test_a_closed_socket_makes_room_once_the_minute_has_refilled(
    admission: Admission, time: Time
) -> None:
    enter(admission, "a", "b", "c")
    admission.leave("a")
    admission.leave("a")

    assert enter(admission, "d") == [False]
    time.now += 60 / MOST
    assert enter(admission, "d", "e") == [True, False]


def test_who_is_known_has_no_limit_and_zero_is_none(admission: Admission, time: Time) -> None:
    assert all(enter(admission, *"abcdefgh", anonymous=False))
    assert all(enter(Admission(0, clock=time), *"abcdefgh"))


def test_a_socket_may_send_a_burst_and_then_twenty_a_second(
    admission: Admission, time: Time
) -> None:
    enter(admission, "a")
    session = admission.session("a")
    assert session is not None

    burst = sum(session.messages.spend() for _ in range(1000))
    time.now += 1
    later = sum(session.messages.spend() for _ in range(1000))

    assert (burst, later) == (MESSAGES_AT_ONCE, MESSAGES_PER_SECOND)


def test_a_refused_amount_takes_nothing(time: Time) -> None:
    bucket = TokenBucket(5, 1, time)

    assert not bucket.spend(6)
    assert bucket.spend(5)


def test_an_address_pauses_as_long_as_its_message_took(admission: Admission, time: Time) -> None:
    enter(admission, "a")
    session = admission.session("a")
    assert session is not None

    for seconds in (0.004, 5.0):
        with session.lane.turn():
            time.now += seconds

    assert time.slept == pytest.approx([0.004, LONGEST_PAUSE_SECONDS])


def test_clients_that_are_gone_are_forgotten_and_busy_ones_are_not(
    admission: Admission, time: Time
) -> None:
    enter(admission, "a", "b", "c")
    for number in range(MOST_CLIENTS + 1):
        admission.enter(f"s{number}", f"client {number}", anonymous=True)
        admission.leave(f"s{number}")
    time.now += 3600
    admission.enter("last", "another", anonymous=True)

    assert len(admission._clients) == 2
    assert enter(admission, "d") == [False]


def test_a_household_of_ipv6_addresses_is_one_client() -> None:
    assert at("2001:db8:1:2:aaaa::1").name == at("2001:db8:1:2::7").name
    assert at("2001:db8:1:2::1").name != at("2001:db8:1:3::1").name
    assert at("::ffff:192.0.2.1").name == at("192.0.2.1").name == "192.0.2.1"
    assert at("local").name == "local"
