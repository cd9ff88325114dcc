"""How many people are called before somebody: the same words on the page and in messages."""

from __future__ import annotations

from queue_server.languages import marked, marked_plural

AHEAD = (
    marked("Sie sind als Nächstes dran"),
    *marked_plural("{count} Person vor Ihnen", "{count} Personen vor Ihnen"),
)
