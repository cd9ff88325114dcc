"""Messages to a holder's phone with the page closed (web push); 404 while they are switched off."""

from __future__ import annotations

import re
from typing import Annotated

from flask import Response
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from queue_server.actions import ticket_holder
from queue_server.api.blueprint import LANGUAGE, Asked, Body, answer, endpoint, nothing
from queue_server.domain.errors import NotFound
from queue_server.push.endpoint import LONGEST, endpoint_of
from queue_server.push.keys import decoded
from queue_server.queries.to_tell import is_soon
from queue_server.store import tickets
from queue_server.store.subscriptions import PushAddress
from queue_server.web.identity import client
from queue_server.web.models import PushKeyOut

POINT_BYTES, SECRET_BYTES = 65, 16
UNCOMPRESSED = b"\x04"


def _bytes_of(text: str) -> bytes:
    """What base64url stands for, with or without padding; empty when it is none."""
    found = re.fullmatch(r"([\w-]*)={0,2}", text, re.A)
    # One letter alone is no byte.
    return decoded(found[1]) if found and len(found[1]) % 4 != 1 else b""


def _a_point(text: str) -> str:
    found = _bytes_of(text)
    if len(found) != POINT_BYTES or not found.startswith(UNCOMPRESSED):
        raise PydanticCustomError("format", "not a point of P-256")
    return text.rstrip("=")


def _a_secret(text: str) -> str:
    if len(_bytes_of(text)) != SECRET_BYTES:
        raise PydanticCustomError("format", "not sixteen bytes")
    return text.rstrip("=")


class PushKeys(Body):
    """The browser's public key and shared secret, base64url."""

    p256dh: Annotated[str, Field(max_length=100), AfterValidator(_a_point)]
    auth: Annotated[str, Field(max_length=40), AfterValidator(_a_secret)]


class PushSubscription(Body):
    """A PushSubscription as browsers write it; `language` is that of the messages."""

    endpoint: str = Field(min_length=1, max_length=LONGEST)
    expirationTime: float | int | None = None
    keys: PushKeys
    language: str = Field(default="", pattern=rf"^$|{LANGUAGE}", max_length=35)


def _must_be_on(asked: Asked) -> None:
    if not asked.context.settings.push.enabled:
        raise NotFound()


@endpoint(
    "GET",
    "/push-key",
    who="all",
    answers={200: PushKeyOut},
    refusals=("not_found",),
    gate=_must_be_on,
)
def push_key(asked: Asked) -> Response:
    """The key that browsers subscribe with (applicationServerKey)."""
    return answer(PushKeyOut(key=asked.context.push_key))


@endpoint(
    "PUT",
    "/tickets/<token>/push",
    who="holder",
    body=PushSubscription,
    answers={204: None},
    refusals=("move_refused", "too_many_tries"),
    gate=_must_be_on,
)
def subscribe(asked: Asked, body: PushSubscription, token: str) -> Response:
    """Tell this phone when the ticket is called, again, and when it is soon; twice is once."""
    with asked.context.throttle.one("push", client()):
        endpoint_of(body.endpoint, is_local_allowed=asked.context.settings.push.local_endpoints)
        with asked.store.snapshot() as snapshot:
            ticket = tickets.by_token(snapshot, token)
            soon = is_soon(snapshot, asked.context.site(ticket.site), ticket, asked.now)
        to = PushAddress(body.endpoint, body.keys.p256dh, body.keys.auth)
        ticket_holder.subscribe(asked.store, token, to, body.language, is_soon=soon)
    return nothing()


@endpoint("DELETE", "/tickets/<token>/push", who="holder", answers={204: None}, gate=_must_be_on)
def unsubscribe(asked: Asked, token: str) -> Response:
    """Tell nobody of this ticket any more; twice is once."""
    ticket_holder.unsubscribe(asked.store, token)
    return nothing()
