"""Tokens of programs: given out once, revoked at once."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.codes import new_token
from queue_server.domain.errors import AlreadyExists, BadRequest, NotFound
from queue_server.store import api_tokens
from queue_server.store.api_tokens import ApiToken
from queue_server.store.transaction import Store

# So that whoever finds one in a file knows what it opens.
PREFIX = "aufruf_"
LONGEST_NAME = 60


def add(store: Store, name: str, site: str, scope: str, *, now: datetime) -> str:
    """The new token, which is nowhere kept. Raises `AlreadyExists`, `BadRequest`."""
    if not (name.strip() and name.isprintable() and len(name) <= LONGEST_NAME):
        raise BadRequest(errors=[("name", "length", f"1 bis {LONGEST_NAME} Zeichen")])
    secret = PREFIX + new_token()
    with store.transaction() as tx:
        if api_tokens.named(tx, name) is not None:
            raise AlreadyExists(name=name)
        api_tokens.add(tx, name, site, scope, secret, now)
    return secret


def revoke(store: Store, name: str, *, now: datetime) -> None:
    """It opens nothing any more; what it did stays in the journal. Raises `NotFound`."""
    with store.transaction() as tx:
        token = api_tokens.named(tx, name)
        if token is None:
            raise NotFound(token=name)
        api_tokens.revoke(tx, token, now)


def note_use(store: Store, token: ApiToken, *, now: datetime) -> None:
    """For the list of who uses what."""
    with store.transaction() as tx:
        api_tokens.touch(tx, token, now)
