"""A draw that was refused is noted, so that the office learns how many got no number."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from queue_server.domain.errors import StorageFailed
from queue_server.domain.events import TicketRefused
from queue_server.store.refused_draws import is_noted
from queue_server.store.transaction import Store

# A finger that taps again and again is one person, and whoever holds a kiosk's token must not fill
# a journal that never shrinks: one kiosk or program writes at most this often about one service.
# Counted in the journal itself, so that neither a second server nor a restart starts counting from
# zero.
ONE_WITHIN = timedelta(minutes=1)


def note_refusal(store: Store, refused: TicketRefused) -> None:
    """Keep it, unless one like it was kept a moment ago. Never raises `StorageFailed`.

    An action of its own: what was refused has been rolled back.
    """
    # Whom no number was given has heard why; that nobody can write it down changes nothing.
    with suppress(StorageFailed):
        with store.snapshot() as snapshot:
            # A flood holds up nobody else's writing.
            if is_noted(snapshot, refused, ONE_WITHIN):
                return
        with store.transaction(refused.site) as tx:
            if not is_noted(tx, refused, ONE_WITHIN):
                tx.record(refused)
