"""The calling rule at run time: the office decides it, and the journal knows which one held.

Every call reads the rule in force in its own transaction, so a decision counts from the very next
call at every desk, whichever process serves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from annotated_types import Ge, Le
from pydantic import ValidationError

from queue_server.domain import events
from queue_server.domain.errors import BadRequest
from queue_server.domain.site import PriorityRules, Site
from queue_server.settings.schema_site import PriorityTable
from queue_server.store import decisions, journal
from queue_server.store.decisions import rules_in_force
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store, Transaction

# Who set a rule: `by` of the event.
CONFIG, OFFICE = "config", "office"


def _limits() -> Mapping[str, tuple[Any, Any]]:
    found: dict[str, tuple[Any, Any]] = {}
    for name, field in PriorityTable.model_fields.items():
        low = next((each.ge for each in field.metadata if isinstance(each, Ge)), None)
        high = next((each.le for each in field.metadata if isinstance(each, Le)), None)
        if low is not None and high is not None:
            found[name] = (low, high)
    return found


# The lowest and highest number of each field, as config.toml allows them.
LIMITS: Mapping[str, tuple[Any, Any]] = _limits()


def decide(store: Store, site: Site, rules: PriorityRules, clerk: Clerk, *, now: datetime) -> bool:
    """The office's rule holds from the next call on; False when it was decided so already.

    Raises `BadRequest` for what config.toml would not take either.
    """
    _check(rules)
    with store.transaction(site.id) as tx:
        if decisions.decided_rules(tx, site.id) == rules:
            return False
        decisions.put_rules(tx, site.id, rules)
        _record(tx, site, rules, OFFICE, clerk.id, now)
        return True


def as_configured(store: Store, site: Site, clerk: Clerk, *, now: datetime) -> bool:
    """config.toml's rule holds again; False when nothing else was decided."""
    with store.transaction(site.id) as tx:
        if not decisions.drop_rules(tx, site.id):
            return False
        _record(tx, site, site.priority, CONFIG, clerk.id, now)
        return True


def note(store: Store, site: Site, *, now: datetime) -> bool:
    """At a start: record the rule in force unless the journal knows it. Returns whether it did.

    Several processes may start at once; one of them writes.
    """
    with store.transaction(site.id) as tx:
        rules = rules_in_force(tx, site)
        known = journal.newest(tx, site.id, events.RulesSet.__name__, 1)
        if known and rules_in(known[0]) == rules:
            return False
        by = OFFICE if decisions.decided_rules(tx, site.id) else CONFIG
        _record(tx, site, rules, by, None, now)
        return True


def rules_in(event: events.Event) -> PriorityRules:
    """The rule that a `RulesSet` tells of."""
    assert isinstance(event, events.RulesSet)
    return PriorityRules(**{name: getattr(event, name) for name in asdict(PriorityRules())})


def _check(rules: PriorityRules) -> None:
    try:
        PriorityTable(**asdict(rules))
    except ValidationError as wrong:
        names = dict.fromkeys(str(item["loc"][0]) for item in wrong.errors())
        raise BadRequest(errors=[_problem(name) for name in names]) from None


def _problem(name: str) -> tuple[str, str, str]:
    if name not in LIMITS:
        return name, "unknown", ""
    low, high = LIMITS[name]
    return name, "range", f"{low}..{high}"


def _record(
    tx: Transaction, site: Site, rules: PriorityRules, by: str, clerk: int | None, now: datetime
) -> None:
    tx.record(events.RulesSet(at=now, site=site.id, clerk=clerk, by=by, **asdict(rules)))
