"""What happened at a site becomes letters: each event of which somebody is to be told by mail."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.errors import NotFound
from queue_server.domain.event import Event
from queue_server.mail.letter_rules import kind_for, was_told
from queue_server.store import appointments, journal, letters, people
from queue_server.store.transaction import Transaction


def collect(tx: Transaction, site: str, now: datetime) -> int:
    """Make letters of the site's news. What was written there is read in the order of its seq."""
    newest = journal.version(tx, site)
    news = letters.news(tx, site, letters.made_up_to(tx, site))
    made = sum(_make(tx, seq, event, now) for seq, event in news)
    letters.note_made(tx, site, newest)
    return made


def _make(tx: Transaction, seq: int, event: Event, now: datetime) -> bool:
    """Put the letter of this event into the outbox, if somebody is to have one."""
    kind, id = kind_for(event), event.appointment
    if kind is None or id is None or not people.of(tx, id).email:
        return False
    try:
        about = appointments.get(tx, event.site, id)
    except NotFound:
        return False
    return was_told(tx, about) and letters.make(tx, event.site, id, kind, seq, now)
