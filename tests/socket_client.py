"""Clients of Socket.IO that hear messages one after the other, in the order in which they came."""

from __future__ import annotations

from typing import Any

import engineio
import socketio

from tests.office import ANSWER_SECONDS


class _InOrder(engineio.Client):  # type: ignore[misc]
    def _trigger_event(self, event: str, *given: Any, **more: Any) -> Any:
        # The library starts a thread for each message, and of two the second may be first.
        return super()._trigger_event(event, *given, **{**more, "run_async": False})


class SocketClient(socketio.Client):  # type: ignore[misc]
    """As patient as whoever asks over HTTP; five seconds, as usual, are few on a busy machine."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"reconnection": False, "request_timeout": ANSWER_SECONDS, **more})

    def _engineio_client_class(self) -> type[engineio.Client]:
        return _InOrder


class SimpleSocketClient(socketio.SimpleClient):  # type: ignore[misc]
    """The same, for tests that wait for one message after the other."""

    client_class = SocketClient
