"""What the doorkeeper replaces in the libraries is still where it replaces it."""

from __future__ import annotations

import inspect

import engineio
from engineio import async_drivers  # noqa: F401
from engineio.socket import Socket

from queue_server.realtime.engine import GuardedEngine
from tests.office import Office


def test_every_method_that_is_replaced_exists_and_takes_the_same(office: Office) -> None:
    for name in ("handle_request", "disconnect", "send_packet", "_trigger_event", "_unauthorized"):
        theirs = inspect.signature(getattr(engineio.Server, name)).parameters
        ours = inspect.signature(getattr(GuardedEngine, name)).parameters
        if name != "_trigger_event":
            assert list(ours) == list(theirs), name


def test_the_office_is_served_by_the_guarded_engine(office: Office) -> None:
    engine = office.app.extensions["socketio"].server.eio

    assert type(engine) is GuardedEngine
    assert engine.async_handlers is False


def test_the_library_asks_the_driver_for_wait_send_and_close() -> None:
    handler = inspect.getsource(Socket._websocket_handler)

    assert "ws.wait()" in handler and "ws.send(" in handler and "ws.close()" in handler
    assert "_async['websocket']" in inspect.getsource(Socket._upgrade_websocket)
