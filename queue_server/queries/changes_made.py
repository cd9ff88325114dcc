"""What an office has changed about itself, from the journal."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from queue_server.store import journal
from queue_server.store.database import Reader


def changes_made(
    reader: Reader, site: str, kinds: journal.Kinds, *, before: int = journal.END, most: int
) -> Sequence[journal.Numbered]:
    """The site's last `most` events of these kinds with a smaller seq than `before`, newest first.

    Stops of numbers that the forecast set by itself are no change that anybody made.
    """
    found = (_of_kind(reader, site, kind.__name__, before, most) for kind in kinds)
    newest = heapq.merge(*found, key=lambda each: -each[0])
    return [each for each, _ in zip(newest, range(most), strict=False)]


def _of_kind(
    reader: Reader, site: str, name: str, before: int, most: int
) -> list[journal.Numbered]:
    # The sign before seq keeps the reader off the index of the whole journal: of most kinds there
    # are a handful among a million.
    rows = reader.rows(
        """SELECT * FROM journal
           WHERE site = :site AND name = :name AND seq < :before
             AND (clerk IS NOT NULL OR name <> 'TicketStopSet')
           ORDER BY +seq DESC LIMIT :most""",
        {"site": site, "name": name, "before": before, "most": most},
    )
    return [(row["seq"], journal.event_of(row)) for row in rows]
