"""The calling rule that the office decided at run time, if any."""

from __future__ import annotations

from dataclasses import asdict

from queue_server.domain.site import PriorityRules
from queue_server.store.database import Reader, Transaction

_FIELDS = ("rule", "busy_from_minutes", "guard_after_minutes", "guard_every", "ratio")


def decided(reader: Reader, site: str) -> PriorityRules | None:
    """The office's rule for a site; None while config.toml's holds."""
    row = reader.row("SELECT * FROM rules WHERE site = :site", {"site": site})
    return PriorityRules(**{name: row[name] for name in _FIELDS}) if row else None


def put(tx: Transaction, site: str, rules: PriorityRules) -> None:
    """Decide; the newest decision counts."""
    tx.write(
        """INSERT INTO rules (site, rule, busy_from_minutes, guard_after_minutes, guard_every,
               ratio)
           VALUES (:site, :rule, :busy_from_minutes, :guard_after_minutes, :guard_every, :ratio)
           ON CONFLICT (site) DO UPDATE SET rule = excluded.rule,
               busy_from_minutes = excluded.busy_from_minutes,
               guard_after_minutes = excluded.guard_after_minutes,
               guard_every = excluded.guard_every, ratio = excluded.ratio""",
        {"site": site, **asdict(rules)},
    )


def drop(tx: Transaction, site: str) -> int:
    """config.toml's rule holds again; returns how many decisions were dropped."""
    return tx.write("DELETE FROM rules WHERE site = :site", {"site": site})
