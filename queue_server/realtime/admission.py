"""How much of the socket hub one client may take, and which packets it may send.

A socket that sends more than our pages ever do is closed. Sockets of one address without a
sign-in are counted, because each costs memory, and handled one message at a time with as long a
pause after each: whatever they send, at most half of the hub is theirs. A waiting room behind one
address is far below all of this.

Engine.IO and Socket.IO know more kinds of packets than our pages send. Binary attachments could be
announced and never come, unknown kinds and broken JSON end in exceptions inside the libraries. So
whatever is not listed here ends the line before the libraries see it.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

MESSAGES_PER_SECOND = 20.0
MESSAGES_AT_ONCE = 40
"""Per socket. A page sends one message in two seconds, and about five when it connects."""

LONGEST_PAUSE_SECONDS = 0.02
MOST_CLIENTS = 10_000
Clock = Callable[[], float]


class TokenBucket:
    """`burst` at once, refilled at `per_second`. Time is monotonic: no clock change fills it."""

    def __init__(self, burst: float, per_second: float, clock: Clock = time.monotonic) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._tokens = burst
        self._at = clock()

    def spend(self, tokens: float = 1) -> bool:
        """Take so many; False when there are not enough, and then none is taken."""
        self._refill()
        enough = self._tokens >= tokens
        if enough:
            self._tokens -= tokens
        return enough

    @property
    def is_full(self) -> bool:
        self._refill()
        return self._tokens >= self._burst

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now


class Lane:
    """One message after the other, and after each a pause as long as it took."""

    def __init__(self, clock: Clock, sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._turn = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._turn:
            began = self._clock()
            try:
                yield
            finally:
                self._sleep(min(self._clock() - began, LONGEST_PAUSE_SECONDS))


class SocketClient:
    """Everybody who counts as one: an address, a sign-in, or a paired device."""

    def __init__(self, openings: TokenBucket, lane: Lane) -> None:
        self.sockets = 0
        self.openings = openings
        self.lane = lane


class SocketSession:
    """One socket: whose it is, and how many messages it may still send."""

    def __init__(self, client: SocketClient, messages: TokenBucket) -> None:
        self.lane = client.lane
        self.messages = messages
        self.client = client


class Admission:
    """All sockets of this process by their session id.

    `sockets_per_address` holds for anonymous sockets, and as many may be opened at once and
    within a minute; 0 is no limit. Who has signed in or is paired has no limit but the one of
    connections.
    """

    def __init__(
        self,
        sockets_per_address: int,
        *,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._most = sockets_per_address
        self._clock = clock
        # Looked up late: a serving process replaces the standard sleep by one that lets others go.
        self._sleep = sleep or (lambda seconds: time.sleep(seconds))
        self._clients: dict[str, SocketClient] = {}
        self._sessions: dict[str, SocketSession] = {}

    def enter(self, session: str, client: str, *, anonymous: bool) -> bool:
        """A socket opens; False when this client has too many, or opens them too fast."""
        found = self._client(client)
        if self._most and anonymous and not self._has_room(found):
            return False
        found.sockets += 1
        messages = TokenBucket(MESSAGES_AT_ONCE, MESSAGES_PER_SECOND, self._clock)
        self._sessions[session] = SocketSession(found, messages)
        return True

    def leave(self, session: str) -> None:
        """A socket has closed; twice is once."""
        if left := self._sessions.pop(session, None):
            left.client.sockets -= 1

    def session(self, session: str) -> SocketSession | None:
        """The open socket with this id."""
        return self._sessions.get(session)

    def _has_room(self, client: SocketClient) -> bool:
        return client.sockets < self._most and client.openings.spend()

    def _client(self, name: str) -> SocketClient:
        if len(self._clients) > MOST_CLIENTS:
            self._forget_quiet()
        if name not in self._clients:
            openings = TokenBucket(self._most, self._most / 60, self._clock)
            self._clients[name] = SocketClient(openings, Lane(self._clock, self._sleep))
        return self._clients[name]

    def _forget_quiet(self) -> None:
        for name, client in list(self._clients.items()):
            if client.sockets == 0 and client.openings.is_full:
                del self._clients[name]


LONGEST_PACKET = 16 * 1024
"""Characters of one packet; our own longest is a token and a language."""
MOST_PACKETS_AT_ONCE = 16
"""Packets in one body of the polling transport, as the client library bundles them."""

SEPARATOR = "\x1e"
CLOSE, PONG, UPGRADE, PROBE = "1", "3", "5", "2probe"
OF_ENGINE_IO = frozenset({CLOSE, PONG, UPGRADE, PROBE})
# Engine.IO's "4" for a message, then kind, namespace and number of the acknowledgement.
MESSAGE = re.compile(r"4([0-3])(?:/[\w-]{0,40},?)?([0-9]{0,10})(?![0-9])", re.ASCII)

FITS: Mapping[str, Callable[[Any], bool]] = {
    "0": lambda connect: connect is None or isinstance(connect, dict),
    "1": lambda disconnect: disconnect is None,
    "2": lambda event: isinstance(event, list) and bool(event) and isinstance(event[0], str),
    "3": lambda acknowledgement: isinstance(acknowledgement, list),
}


def is_acceptable(packet: str) -> bool:
    """Whether this packet may go on to Socket.IO."""
    if packet in OF_ENGINE_IO:
        return True
    head = MESSAGE.match(packet)
    return (
        head is not None
        and len(packet) <= LONGEST_PACKET
        and _is_body_of(head.group(1), packet[head.end() :])
    )


def packets_of(body: str) -> list[str] | None:
    """The packets in a body of the polling transport; None unless all of them are acceptable."""
    packets = body.split(SEPARATOR)
    fits = len(packets) <= MOST_PACKETS_AT_ONCE
    return packets if fits and all(is_acceptable(packet) for packet in packets) else None


def _is_body_of(kind: str, text: str) -> bool:
    try:
        body = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return False
    return FITS[kind](body)
