"""Socket.IO clients of the office in this process: each a wall, a desk or a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_socketio import SocketIO, SocketIOTestClient

from tests.office import Office

API = "/api/v1"
DRAW = {"services": ["meldewesen"]}


class Line:
    """A socket, opened with the cookies of `client` or with headers of its own."""

    def __init__(
        self,
        office: Office,
        client: FlaskClient,
        headers: dict[str, str] | None = None,
        auth: Any = None,
    ) -> None:
        socketio: SocketIO = office.app.extensions["socketio"]
        self._client = SocketIOTestClient(
            office.app, socketio, flask_test_client=client, headers=headers, auth=auth
        )

    def ask(self, word: str, *body: Any) -> Any:
        """Emit and return the acknowledgement."""
        return self._client.emit(word, *body, callback=True)

    def heard(self, word: str | None = None) -> list[dict[str, Any]]:
        """What was pushed since the last time, of this word or of all."""
        received = self._client.get_received()
        return [m["args"][0] for m in received if word in (None, m["name"])]

    def words(self) -> list[str]:
        return [message["name"] for message in self._client.get_received()]

    def is_up(self) -> bool:
        return bool(self._client.is_connected())

    def close(self) -> None:
        if self.is_up():
            self._client.disconnect()


Dial = Callable[..., Line]


@pytest.fixture
def dial(office: Office) -> Iterator[Dial]:
    """`dial(client)` opens a socket as this client, `dial(client, headers)` with headers."""
    lines: list[Line] = []

    def dial(client: FlaskClient, headers: dict[str, str] | None = None, auth: Any = None) -> Line:
        lines.append(Line(office, client, headers, auth))
        return lines[-1]

    yield dial
    for line in lines:
        line.close()


@pytest.fixture
def wall(office: Office, dial: Dial) -> Line:
    """A wall of Rathaus that watches and has heard nothing yet."""
    line = dial(office.visitor())
    assert "error" not in line.ask("watch_board", {"site": "rathaus"})
    return line


@pytest.fixture
def aylin(office: Office) -> FlaskClient:
    return office.signed_in("Aylin", "schalter-1")
