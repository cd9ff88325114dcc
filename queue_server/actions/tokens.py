"""Tokens of programs: given out once, revoked at once."""

from __future__ import annotations

from datetime import datetime

from queue_server.actions.desks import close_counter_of
from queue_server.actions.team import check_name
from queue_server.domain import events
from queue_server.domain.codes import new_token
from queue_server.domain.errors import AlreadyExists, NotFound
from queue_server.store import api_tokens
from queue_server.store.api_tokens import ApiToken
from queue_server.store.database import NO_SITE
from queue_server.store.transaction import Store

# So that whoever finds one in a file knows what it opens.
PREFIX = "aufruf_"


def add(store: Store, name: str, site: str, scope: str, *, now: datetime) -> str:
    """The new token, which is nowhere kept. Raises `AlreadyExists`, `BadRequest`."""
    check_name(name)
    secret = PREFIX + new_token()
    with store.transaction() as tx:
        if api_tokens.named(tx, name) is not None:
            raise AlreadyExists(name=name)
        id = api_tokens.add(tx, name, site, scope, secret, now)
        tx.record(events.TokenChanged(at=now, site=site, program=id, change="added", scope=scope))
    return secret


def revoke(store: Store, name: str, *, now: datetime) -> None:
    """It opens nothing any more, and no counter stays open for it. Raises `NotFound`.

    What it did stays in the journal.
    """
    with store.transaction() as tx:
        token = api_tokens.named(tx, name)
        if token is None:
            raise NotFound(token=name)
        if token.clerk is not None:
            close_counter_of(tx, token.clerk.id, now)
        api_tokens.revoke(tx, token, now)
        tx.record(
            events.TokenChanged(
                at=now, site=token.site, program=token.id, change="revoked", scope=token.scope
            )
        )


def note_use(store: Store, token: ApiToken, *, now: datetime) -> None:
    """For the list of who uses what."""
    with store.transaction(NO_SITE) as tx:
        api_tokens.touch(tx, token, now)
