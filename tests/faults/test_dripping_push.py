"""A push service that drips through its handshake keeps a thread for as long as any other."""

from __future__ import annotations

import time

import pytest

from queue_server.push.endpoint import endpoint_of
from queue_server.push.sending import Outcome, PushFailed, PushMessage, send
from tests.phone import Phone

PATIENCE_SECONDS = 1.0


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_message_is_given_back_when_neither_handshake_nor_answer_ends(
    dripping: int, scheme: str
) -> None:
    url = f"{scheme}://127.0.0.1:{dripping}/send"
    endpoint, to = endpoint_of(url, is_local_allowed=True), Phone().at(url)
    began = time.monotonic()

    with pytest.raises(PushFailed) as failed:
        send(
            endpoint, to, PushMessage(b"{}", 60), {},
            is_local_allowed=True, timeout_seconds=PATIENCE_SECONDS,
        )  # fmt: skip

    assert time.monotonic() - began < 20 * PATIENCE_SECONDS
    assert failed.value.outcome is Outcome.LATER
