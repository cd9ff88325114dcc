"""What the doorkeeper replaces in the libraries is still where it replaces it."""

from __future__ import annotations

import inspect

import engineio
from engineio import async_drivers  # noqa: F401
from engineio.socket import Socket

from queue_server.realtime.engine import GuardedEngine
from queue_server.realtime.pings import USUAL
from tests.office import Office

REPLACED = (
    *("handle_request", "disconnect", "send_packet", "start_background_task"),
    *("_trigger_event", "_unauthorized"),
)


def test_every_method_that_is_replaced_exists_and_takes_the_same(office: Office) -> None:
    for name in REPLACED:
        theirs = inspect.signature(getattr(engineio.Server, name)).parameters
        ours = inspect.signature(getattr(GuardedEngine, name)).parameters
        if name not in ("_trigger_event", "start_background_task"):
            assert list(ours) == list(theirs), name


def test_the_office_is_served_by_the_guarded_engine(office: Office) -> None:
    engine = office.app.extensions["socketio"].server.eio

    assert type(engine) is GuardedEngine
    assert engine.async_handlers is False


def test_the_library_starts_a_task_to_ask_for_a_sign_of_life_after_a_sleep() -> None:
    assert f"start_background_task(self.{USUAL})" in inspect.getsource(Socket.schedule_ping)
    assert "self.server.sleep(self.server.ping_interval)" in inspect.getsource(
        getattr(Socket, USUAL)
    )


def test_the_library_asks_the_driver_for_wait_send_and_close() -> None:
    handler = inspect.getsource(Socket._websocket_handler)

    assert "ws.wait()" in handler and "ws.send(" in handler and "ws.close()" in handler
    assert "_async['websocket']" in inspect.getsource(Socket._upgrade_websocket)
