"""How far the journal of every site is, in one query."""

from __future__ import annotations

from queue_server.store.database import Reader

# From site to site and to the end of each: two looks into an index for each of them.
_VERSIONS = """WITH RECURSIVE sites (site) AS (
        SELECT MIN(site) FROM journal
        UNION ALL
        SELECT (SELECT MIN(journal.site) FROM journal WHERE journal.site > sites.site)
        FROM sites WHERE sites.site IS NOT NULL
    )
    SELECT site, (SELECT MAX(seq) FROM journal WHERE journal.site = sites.site) AS seq
    FROM sites WHERE site IS NOT NULL"""


def versions(reader: Reader) -> dict[str, int]:
    """The version of every site that has one, as `journal.version` tells it."""
    return {row["site"]: row["seq"] for row in reader.rows(_VERSIONS)}
