"""Who could be next: the heads of the lines and the load before a counter, straight from indexes.

A call costs the same whether ten or ten thousand people wait.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from queue_server.domain.priority import CallingCounter, Load
from queue_server.domain.ticket import Ticket
from queue_server.store.database import Reader, milliseconds, the_row, the_value
from queue_server.store.tickets import from_row

# The filter says the same as `domain.priority.can_be_called`; a property test holds them together.
_SUITABLE = """site = :site AND state = 'waiting' AND (bound_to = :counter
    OR (bound_to IS NULL AND :served LIKE '%,' || service || ',%'))"""
_FREE = "(held_until IS NULL OR held_until <= :now)"


def heads(
    reader: Reader, site: str, counter: CallingCounter, rule: str, now: datetime
) -> list[Ticket]:
    """The heads of the three lines that this counter could call: all that the rule must see."""
    params = _suitable(site, counter) | {"now": milliseconds(now)}
    sql = _HEADS_SINCE if rule == "arrival" else _HEADS_CAME
    held = _HELD_HEADS_SINCE if rule == "arrival" else _HELD_HEADS_CAME
    rows = reader.rows(sql, params) or reader.rows(held, params)
    return [from_row(row) for row in rows]


def _head_of(line: int, order: str, condition: str) -> str:
    return f"""SELECT * FROM (SELECT * FROM tickets WHERE {_SUITABLE} AND rank_class = {line}
        AND {condition} ORDER BY {order}, issued_at, id LIMIT 1) AS line_{line}"""


def _heads_sql(order: str, condition: str) -> str:
    return " UNION ALL ".join(_head_of(line, order, condition) for line in (0, 1, 2))


_HEADS_CAME = _heads_sql("came_at", _FREE)
_HEADS_SINCE = _heads_sql("waits_since", _FREE)
_HELD_HEADS_CAME = _heads_sql("came_at", "held_until > :now")
_HELD_HEADS_SINCE = _heads_sql("waits_since", "held_until > :now")


def load(
    reader: Reader, site: str, counter: CallingCounter, sharing: int, until: int, now: datetime
) -> Load:
    """The planned work that this counter shares with `sharing` open counters, itself included.

    Counting may stop at `until` waiting minutes: from then on the office is busy anyway.
    """
    params = _suitable(site, counter) | {"now": milliseconds(now)}
    serving = the_value(reader, _SERVING_MINUTES, params) or 0
    return Load(
        waiting_minutes=_waiting_minutes(reader, _WAITING_MINUTES, params, until),
        serving_minutes=serving / 60_000,
        counters_open=sharing,
    )


def site_load(reader: Reader, site: str, counters_open: int, until: int, now: datetime) -> Load:
    """The planned work of the whole site; counting may stop at `until` waiting minutes."""
    params = {"site": site, "now": milliseconds(now)}
    serving = the_value(reader, _SERVING_MINUTES_OF_SITE, params) or 0
    return Load(
        waiting_minutes=_waiting_minutes(reader, _WAITING_MINUTES_OF_SITE, params, until),
        serving_minutes=serving / 60_000,
        counters_open=counters_open,
    )


def _waiting_minutes(reader: Reader, sql: str, params: dict[str, Any], until: int) -> int:
    """The minutes of the first people, or of all of them when those come for short visits."""
    some = until // USUALLY_AT_LEAST_MINUTES + 1
    row = the_row(reader, sql, params | {"most": some})
    if row["people"] == some and row["minutes"] < until:
        row = the_row(reader, sql, params | {"most": EVERYBODY})
    minutes: int = row["minutes"]
    return minutes


USUALLY_AT_LEAST_MINUTES = 5
EVERYBODY = 1_000_000_000
_WAITING_MINUTES = f"""SELECT COUNT(*) AS people, COALESCE(SUM(minutes), 0) AS minutes
    FROM (SELECT minutes FROM tickets WHERE {_SUITABLE} LIMIT :most) AS counted"""
_WAITING_MINUTES_OF_SITE = """SELECT COUNT(*) AS people, COALESCE(SUM(minutes), 0) AS minutes
    FROM (SELECT minutes FROM tickets WHERE site = :site AND state = 'waiting' LIMIT :most)
    AS counted"""
_SERVING_MINUTES_OF_SITE = """SELECT COALESCE(SUM(CASE
        WHEN serving_at IS NULL THEN minutes * 60000
        WHEN serving_at + minutes * 60000 > :now THEN serving_at + minutes * 60000 - :now
        ELSE 0 END), 0) AS milliseconds
    FROM tickets WHERE site = :site AND state IN ('called', 'serving')"""
_SERVING_MINUTES = _SERVING_MINUTES_OF_SITE + " AND :served LIKE '%,' || service || ',%'"


def fronts(reader: Reader, site: str, rule: str, most: int, now: datetime) -> list[Ticket]:
    """The first `most` of each line: all that the first `most` calls can come from.

    People in their lock-out stand behind the others of their line.
    """
    sql = _FRONTS_SINCE if rule == "arrival" else _FRONTS_CAME
    rows = reader.rows(sql, {"site": site, "most": most, "now": milliseconds(now)})
    return [from_row(row) for row in rows]


def front_ids(reader: Reader, site: str, rule: str, most: int, now: datetime) -> list[int]:
    """The ids of `fronts`; read from indexes alone, a tenth of the work."""
    sql = _FRONT_IDS_SINCE if rule == "arrival" else _FRONT_IDS_CAME
    rows = reader.rows(sql, {"site": site, "most": most, "now": milliseconds(now)})
    return [row["id"] for row in rows]


def _fronts_sql(columns: str, order: str) -> str:
    held = "FROM tickets WHERE site = :site AND state = 'waiting' AND held_until > :now"
    fronts = (
        f"""SELECT * FROM (SELECT {columns} FROM tickets WHERE site = :site AND state = 'waiting'
            AND rank_class = {line} AND id NOT IN (SELECT id {held})
            ORDER BY {order}, issued_at, id LIMIT :most) AS line_{line}"""
        for line in (0, 1, 2)
    )
    return " UNION ALL ".join((*fronts, f"SELECT {columns} {held}"))


_FRONTS_CAME, _FRONTS_SINCE = _fronts_sql("*", "came_at"), _fronts_sql("*", "waits_since")
_FRONT_IDS_CAME, _FRONT_IDS_SINCE = _fronts_sql("id", "came_at"), _fronts_sql("id", "waits_since")


def recent_contested(
    reader: Reader, site: str, pool: str, since: datetime, most: int
) -> list[bool]:
    """Today's contested calls of interchangeable counters, newest first; True: the guard's."""
    rows = reader.rows(
        """SELECT guard, at FROM calls WHERE site = :site AND pool = :pool AND contested = 1
           ORDER BY id DESC LIMIT :most""",
        {"site": site, "pool": pool, "most": most},
    )
    return [bool(row["guard"]) for row in rows if row["at"] >= milliseconds(since)]


def _suitable(site: str, counter: CallingCounter) -> dict[str, Any]:
    return {"site": site, "counter": counter.id, "served": _listed(counter.services)}


@lru_cache(maxsize=256)
def _listed(services: frozenset[str] | None) -> str:
    """Service ids as `,a,b,`, for the LIKE that both dialects know."""
    return f",{','.join(sorted(services or ()))},"
