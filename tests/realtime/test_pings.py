"""Clients are asked for a sign of life again and again, and whoever leaves is forgotten at once."""

from __future__ import annotations

import gc
import weakref

import engineio
import pytest
from engineio.packet import PING, PONG, Packet
from engineio.socket import Socket

from queue_server.realtime.admission import Admission
from queue_server.realtime.engine import GuardedEngine
from queue_server.realtime.pings import Pings

SOON_SECONDS, AT_LAST_SECONDS, LONG_SECONDS = 0.01, 20, 3600


@pytest.fixture
def engine() -> GuardedEngine:
    engine = engineio.Server(async_mode="threading", ping_interval=SOON_SECONDS)
    engine.__class__ = GuardedEngine
    engine.lines, engine.admission, engine.pings = {}, Admission(0), Pings(engine)
    return engine


def joined(engine: GuardedEngine, session: str) -> Socket:
    """As the engine does it with whoever opens a socket."""
    socket = engine.sockets[session] = Socket(engine, session)
    engine.admission.enter(session, "somebody", anonymous=False)
    socket.schedule_ping()
    return socket


def was_asked(socket: Socket) -> bool:
    return socket.queue.get(timeout=AT_LAST_SECONDS).packet_type == PING


def test_whoever_answers_is_asked_again(engine: GuardedEngine) -> None:
    one, other = joined(engine, "one"), joined(engine, "other")

    for _ in range(3):
        assert was_asked(one) and was_asked(other)
        one.receive(Packet(PONG))
        other.receive(Packet(PONG))


def test_whoever_does_not_answer_is_not_asked_again(engine: GuardedEngine) -> None:
    silent, other = joined(engine, "silent"), joined(engine, "other")
    for _ in range(3):
        assert was_asked(other)
        other.receive(Packet(PONG))

    assert was_asked(silent) and silent.queue.empty()
    assert silent.last_ping, "so that the library sees for how long it has been silent"


def test_one_who_cannot_be_asked_keeps_nobody_else_from_it(
    engine: GuardedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.sockets["broken"] = object()
    engine.pings.expect("broken")

    assert was_asked(joined(engine, "other"))
    assert "not asked" in caplog.text


def test_whoever_leaves_is_forgotten_before_being_asked(engine: GuardedEngine) -> None:
    engine.ping_interval = LONG_SECONDS
    heard = []
    engine.on("disconnect", lambda session, reason: heard.append(session in engine.sockets))
    socket = joined(engine, "one")
    left = weakref.ref(socket)

    socket.close(wait=False, abort=True)
    del socket
    gc.collect()

    assert heard == [True], "who hears of it still finds the session"
    assert "one" not in engine.sockets and left() is None
